// SPDX-License-Identifier: Apache-2.0
// A look into the incident at the cursor without leaving the board: what it is, who has it, what happens next,
// what happened last, and its verbs.
import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { get, type Escalation, type List } from '../../api/http';
import type { Event } from '../../api/types';
import { run } from '../../outbox';
import { A } from '../../router';
import { may, onEvents, row, targetName, userName } from '../../store/store';
import type { Row } from '../../store/reduce';
import { Icon } from '../../ui/icons';
import { Severity, State } from '../../ui/parts';
import { age, clock } from '../../ui/time';
import { open, resolve } from './dialogs';
import { peeking } from './hold';
import { Next } from './next';

const EVENTS = 6;
/** Somebody who goes through the rows reads only where they stay. */
const STAY = 120;

interface Known {
	id: number;
	events: Event[];
	esc: Escalation;
}

function useKnown(r: Row): Known | null {
	const [known, set] = useState<Known | null>(null);
	const [tick, bump] = useState(0);
	useEffect(
		() =>
			onEvents((events) => {
				if (events.some((e) => e.incident === r.id)) bump((n) => n + 1);
			}),
		[r.id],
	);
	useEffect(() => {
		const stop = new AbortController();
		const load = async (): Promise<void> => {
			const [events, esc] = await Promise.all([
				get<List<Event>>(`/incidents/${r.id}/timeline?limit=${EVENTS}`, stop.signal),
				get<Escalation>(`/incidents/${r.id}/escalation`, stop.signal),
			]);
			if (!stop.signal.aborted) set({ id: r.id, events: events.items, esc });
		};
		const soon = setTimeout(() => void load().catch(() => undefined), STAY);
		return () => {
			clearTimeout(soon);
			stop.abort();
		};
	}, [r.id, r.revision, tick]);
	return known?.id === r.id ? known : null;
}

function Verbs({ r }: { r: Row }): JSX.Element {
	const b = (text: string, key: string, f: () => void, cls = ''): JSX.Element => (
		<button class={cls} onClick={f} disabled={!!r.pending}>
			{text} <kbd>{key}</kbd>
		</button>
	);
	const ids = [r.id];
	return (
		<div class="verbs">
			{r.state === 'triggered' && b('Acknowledge', 'a', () => void run(ids, 'acknowledge'), 'main')}
			{r.state !== 'resolved' && (
				<>
					{b('Resolve', 'r', () => resolve(ids))}
					{b('Snooze', 's', () => open('snooze', ids))}
					{b('Escalate', 'e', () => void run(ids, 'escalate'))}
				</>
			)}
			{b('Note', 'm', () => open('note', ids))}
		</div>
	);
}

function Who({ r, known }: { r: Row; known: Known | null }): JSX.Element {
	const paged = known?.esc.waiting ? [...new Set((known.esc.now ?? []).flatMap((x) => x.users))] : [];
	return (
		<dl class="facts">
			<div>
				<dt>Service</dt>
				<dd>{r.service ? targetName(`service/${r.service}`) : <span class="warn">none: unrouted</span>}</dd>
			</div>
			<div>
				<dt>Team</dt>
				<dd>{r.team ? targetName(`team/${r.team}`) : '–'}</dd>
			</div>
			<div>
				<dt>Alerts</dt>
				<dd>
					{r.alerts}, {r.open_alerts ? `${r.open_alerts} firing` : 'all recovered'}
				</dd>
			</div>
			<div>
				<dt>Age</dt>
				<dd>{age(r.opened_at)}</dd>
			</div>
			{r.state === 'triggered' && (
				<div>
					<dt>Paged now</dt>
					<dd>
						{paged.map(userName).join(', ') ||
							(known ? r.wait?.step === 0 ? 'nobody yet' : <span class="nobody">NOBODY</span> : '…')}
					</dd>
				</div>
			)}
			<div>
				<dt>{r.state === 'triggered' ? 'Next' : r.state === 'resolved' ? 'Ended' : 'Taken by'}</dt>
				<dd>
					<Next r={r} />
				</dd>
			</div>
		</dl>
	);
}

export function Peek({ id }: { id: number }): JSX.Element | null {
	const r = row(id);
	if (!r) return null;
	return <Shown r={r} />;
}

function Shown({ r }: { r: Row }): JSX.Element {
	const known = useKnown(r);
	return (
		<section class="peek" aria-label={`A look at #${r.id}`}>
			<header>
				<State of={r} pending={r.pending} /> <Severity of={r.severity} />
				<button
					class="plain"
					aria-label="Close"
					onClick={() => {
						peeking.value = false;
					}}
				>
					<Icon name="close" />
				</button>
				{/* Said when the cursor moves on to another. */}
				<h2 aria-live="polite">
					<span class="muted num">#{r.id}</span> {r.title}
				</h2>
			</header>
			<div class="peek-body">
				<Who r={r} known={known} />
				<h3>Last</h3>
				{known ? (
					<ol>
						{known.events.map((e) => (
							<li key={e.seq}>
								<time class="num muted" dateTime={e.at}>
									{clock(e.at)}
								</time>{' '}
								{e.sentence}
							</li>
						))}
					</ol>
				) : (
					<p class="muted">Reading…</p>
				)}
			</div>
			<footer>
				{may('member') && <Verbs r={r} />}
				<A href={`/incidents/${r.id}`}>
					Open the room <kbd>Enter</kbd>
				</A>
			</footer>
		</section>
	);
}
