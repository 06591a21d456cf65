// SPDX-License-Identifier: Apache-2.0
// The way to a first acknowledged page: a list that watches itself. Each line is ticked by what is true.
import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { get, type List } from '../api/http';
import type { Incident, SignalRow } from '../api/types';
import { A } from '../router';
import { docs, me, onEvents } from '../store/store';
import { useLoad } from '../ui/parts';
import { TestPage } from './me';

export default function Start(_: { id: string; sub: string }): JSX.Element {
	const [tick, bump] = useState(0);
	useEffect(
		() =>
			onEvents((l) => {
				if (l.some((e) => /opened|acknowledged|alert|signal/.test(e.type))) bump((n) => n + 1);
			}),
		[],
	);
	const signals = useLoad(() => get<List<SignalRow>>('/signals?limit=1'), [tick]);
	const incidents = useLoad(() => get<List<Incident>>('/incidents?limit=50'), [tick]);
	const mine = docs('users')?.get(me.value?.id ?? '');
	const contacts = Object.keys((mine?.body['contacts'] ?? {}) as object).length;
	const schedules = docs('schedules')?.size ?? 0,
		policies = docs('policies')?.size ?? 0,
		teams = docs('teams')?.size ?? 0;
	const services = [...(docs('services')?.values() ?? [])].filter((s) => s.body['policy']).length;
	const integrations = [...(docs('integrations')?.values() ?? [])];
	const tested = (incidents.value?.items ?? []).some((i) => i.acked_by === `user/${me.value?.id}`);
	const steps: [boolean, string, JSX.Element][] = [
		[true, 'The organisation and its zone', <A href="/config/organisation">See or change it</A>],
		[
			contacts > 0,
			'A way to reach you',
			contacts ? (
				<>
					{contacts} contact{contacts === 1 ? '' : 's'}. <A href="/me">See them</A>
				</>
			) : (
				<A href={`/config/users/${me.value?.id}/edit`}>Add a contact</A>
			),
		],
		[
			teams > 0,
			'A team',
			teams ? <A href="/config/teams">{teams} there</A> : <A href="/config/teams/new">Make one</A>,
		],
		[
			schedules > 0,
			'A schedule: who is on call when',
			schedules ? <A href="/schedules">{schedules} there</A> : <A href="/config/schedules/new">Make one</A>,
		],
		[
			policies > 0,
			'An escalation policy: whom then',
			policies ? (
				<A href="/config/policies">{policies} there</A>
			) : (
				<A href="/config/policies/new">Make one</A>
			),
		],
		[
			services > 0,
			'A service with that policy',
			services ? (
				<A href="/config/services">{services} there</A>
			) : (
				<A href="/config/services/new">Make one</A>
			),
		],
		[
			(signals.value?.items.length ?? 0) > 0,
			'The first signal',
			signals.value?.items.length ? (
				<>It came in.</>
			) : integrations.length ? (
				<>
					<span role="status">◌ Waiting for the first signal…</span>{' '}
					<A href={`/config/integrations/${integrations[0]!.id}`}>How to send one</A>
				</>
			) : (
				<A href="/config/integrations/new">Make an integration</A>
			),
		],
		[
			tested,
			'A page that you acknowledged',
			tested ? (
				<>Done: it works from end to end.</>
			) : (
				<>
					<TestPage /> <span class="muted">It asks you alone; acknowledge it from your phone.</span>
				</>
			),
		],
	];
	const done = steps.filter(([ok]) => ok).length;
	return (
		<div class="page">
			<div class="page-inner">
				<header>
					<h1>Getting started</h1>
					<span class="muted">
						{done} of {steps.length} done
					</span>
				</header>
				<ol class="panel checklist">
					{steps.map(([ok, text, what]) => (
						<li class={ok ? 'done' : ''}>
							<span class="tick" aria-hidden="true">
								{ok ? '✓' : ''}
							</span>
							<div>
								<b>{text}</b> <span class="sr">{ok ? 'done' : 'to do'}</span>
								<div class="muted">{what}</div>
							</div>
						</li>
					))}
				</ol>
			</div>
		</div>
	);
}
