// SPDX-License-Identifier: Apache-2.0
// The way from an empty server to a page that was acknowledged. Each step is ticked by what is true and not by
// having been clicked, can be skipped, and can be come back to: the address says which one is open.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { get, type List } from '../../api/http';
import type { Document, Incident, SignalRow } from '../../api/types';
import { A, go, query } from '../../router';
import { docs, may, me, onEvents } from '../../store/store';
import { useLoad } from '../../ui/parts';
import { useContacts } from '../contacts/api';
import { Me } from './me';
import { Organisation } from './organisation';
import { Policy } from './policy';
import { Drill } from './drill';
import { Schedule } from './schedule';
import { Service } from './service';

export interface StepProps {
	next: () => void;
}
const steps: { id: string; title: string; Body: (p: StepProps) => JSX.Element }[] = [
	{ id: 'organisation', title: 'Organisation', Body: Organisation },
	{ id: 'me', title: 'How to reach you', Body: Me },
	{ id: 'schedule', title: 'Team and schedule', Body: Schedule },
	{ id: 'policy', title: 'Escalation', Body: Policy },
	{ id: 'service', title: 'Service and first signal', Body: Service },
	{ id: 'test', title: 'A page, acknowledged', Body: Drill },
];

/** What is true, followed as it changes; known when each of it was answered once. */
function useDone(): { done: boolean[]; known: boolean } {
	const [tick, bump] = useState(0);
	useEffect(
		() =>
			onEvents((l) => {
				if (l.some((e) => /opened|acknowledged|alert|signal|config/.test(e.type))) bump((n) => n + 1);
			}),
		[],
	);
	const organisation = useLoad(() => get<Document>('/organisation'), [tick]);
	const signals = useLoad(() => get<List<SignalRow>>('/signals?limit=1'), [tick]);
	const incidents = useLoad(() => get<List<Incident>>('/incidents?limit=50'), [tick]);
	const contacts = useContacts(me.value!.id);
	const known =
		[organisation, signals, incidents].every((a) => a.value || a.error) &&
		!!(contacts.items || contacts.error) &&
		(['teams', 'schedules', 'policies', 'services'] as const).map(docs).every((d) => d !== null);
	const some = (s: 'teams' | 'schedules' | 'policies'): boolean => (docs(s)?.size ?? 0) > 0;
	const served = [...(docs('services')?.values() ?? [])].some((s) => s.body['policy']);
	const done = [
		!!(organisation.value?.document as { zone?: string } | undefined)?.zone,
		!!contacts.items?.some((c) => c.verified_at),
		some('teams') && some('schedules'),
		some('policies'),
		served && (signals.value?.items.length ?? 0) > 0,
		!!incidents.value?.items.some((i) => i.acked_by === `user/${me.value?.id}`),
	];
	return { done, known };
}

export default function Setup(_: { id: string; sub: string }): JSX.Element {
	const { done, known } = useDone();
	const asked = steps.findIndex((s) => s.id === query('step'));
	// Without an address the first that was not done when one came; it does not jump on while somebody works in it.
	const opened = useRef(-1);
	if (opened.current < 0 && known) opened.current = [...done, false].indexOf(false);
	if (asked < 0 && opened.current < 0)
		return (
			<div class="page">
				<div class="page-inner">
					<h1>Setting up</h1>
				</div>
			</div>
		);
	const at = asked >= 0 ? asked : Math.min(opened.current, steps.length - 1);
	const { Body, title, id } = steps[at]!;
	const next = (): void => {
		if (at + 1 === steps.length) go('/incidents');
		else go(`/setup?step=${steps[at + 1]!.id}`);
		document.querySelector<HTMLElement>('.wizard-body h2')?.focus();
	};
	return (
		<div class="page">
			<div class="page-inner">
				<header>
					<h1>Setting up</h1>
					<span class="muted" role="status">
						{done.filter(Boolean).length} of {steps.length} done
					</span>
				</header>
				<div class="wizard">
					<nav aria-label="Steps">
						<ol class="wizard-steps">
							{steps.map((s, i) => (
								<li class={done[i] ? 'done' : ''}>
									<A
										href={`/setup?step=${s.id}`}
										aria-current={i === at ? 'step' : undefined}
										title={s.title}
									>
										<span class="tick" aria-hidden="true">
											{done[i] ? '✓' : i + 1}
										</span>
										<span class="word">{s.title}</span> <span class="sr">{done[i] ? 'done' : 'to do'}</span>
									</A>
								</li>
							))}
						</ol>
					</nav>
					<section class="panel wizard-body" aria-labelledby="step-title">
						<header class="panel-head">
							<h2 id="step-title" tabIndex={-1}>
								{at + 1}. {title}
							</h2>
							{done[at] && <span class="ok">✓ done</span>}
						</header>
						<div class="pad" key={id}>
							{!may('admin') && !['me', 'test'].includes(id) && (
								<p class="note">
									This step takes an administrator: to you it only shows what there is to do.
								</p>
							)}
							<Body next={next} />
							<div class="actions">
								<button class={done[at] ? 'main' : ''} onClick={next}>
									{at + 1 === steps.length ? 'To the incidents' : done[at] ? 'Next' : 'Skip this'}
								</button>
							</div>
						</div>
					</section>
				</div>
			</div>
		</div>
	);
}
