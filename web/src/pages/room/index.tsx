// SPDX-License-Identifier: Apache-2.0
// The room of one incident: its verbs, timeline, people and alerts.
import { signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { get } from '../../api/http';
import type { Room as RoomOf } from '../../api/types';
import { addKeys } from '../../keys';
import { run, type Verb } from '../../outbox';
import { A, go, hash, search } from '../../router';
import { me, may, onEvents, onReturn, refresh, row, rows } from '../../store/store';
import type { Row } from '../../store/reduce';
import { Empty, Menu, Severity, State, useLoad } from '../../ui/parts';
import { Icon } from '../../ui/icons';
import { DialogFor } from '../board/dialogs';
import { Timeline } from './timeline';
import { Paging } from './paging';
import { Alerts } from './alerts';
import { Similar } from './similar';
import { BriefBox } from './brief';
import { Facts } from './facts';
import { People } from './people';
import { ResolveDialog, stillFires } from '../resolve';
import { SplitDialog } from './split';

// ---- the room ----

const dialog = signal<string | null>(null);

function resolve(id: number): void {
	if (stillFires(rows.get(id)?.peek())) dialog.value = 'resolve';
	else void run([id], 'resolve');
}

function Verbs({ r }: { r: Row }): JSX.Element | null {
	if (!may('member')) return null;
	const id = r.id;
	const mineToo = r.state === 'acknowledged' && r.acked_by !== `user/${me.value?.id}`;
	const b = (text: string, k: string, f: () => void, cls = ''): JSX.Element => (
		<button class={cls} onClick={f} disabled={!!r.pending && r.pending !== 'note'}>
			{text} <kbd>{k}</kbd>
		</button>
	);
	if (r.state === 'resolved')
		return (
			<div class="verbs">
				<button
					onClick={() => {
						dialog.value = 'note';
					}}
				>
					Note
				</button>
				<button onClick={() => void run([id], r.merged_into ? 'unmerge' : 'reopen')}>
					{r.merged_into ? 'Take the merge back' : 'Reopen'}
				</button>
			</div>
		);
	return (
		<div class="verbs">
			{r.state === 'triggered' &&
				b(
					r.unsent ? 'Not acknowledged yet…' : r.pending ? 'Saving…' : 'Acknowledge',
					'a',
					() => void run([id], 'acknowledge'),
					'main big',
				)}
			{mineToo && b("I'm on it", 'a', () => void run([id], 'join'))}
			{b('Resolve', 'r', () => resolve(id), r.state === 'acknowledged' ? 'main' : '')}
			{b('Snooze', 's', () => {
				dialog.value = 'snooze';
			})}
			{b('Escalate', 'e', () => void run([id], 'escalate'))}
			{b('Hand to…', 'p', () => {
				dialog.value = 'reassign';
			})}
			<Menu
				label="More"
				choices={[
					...(r.state === 'triggered'
						? [
								{
									text: 'I cannot take it',
									hint: 'stops my pages, who is next is paged',
									run: () => void run([id], 'decline'),
								},
							]
						: [
								{
									text: r.mitigated_at ? 'Not mitigated after all' : 'Mitigated',
									run: () => void run([id], r.mitigated_at ? 'unmitigate' : 'mitigate'),
								},
								...(r.snoozed_until
									? [{ text: 'End the snooze', run: () => void run([id], 'unsnooze') }]
									: []),
								{
									text: 'Give it back',
									hint: 'pages go on where they stopped',
									run: () => void run([id], 'unacknowledge'),
								},
							]),
					{
						text: 'Merge into…',
						run: () => {
							dialog.value = 'merge';
						},
					},
					...(r.alerts > 1
						? [
								{
									text: 'Split off…',
									hint: 'alerts get an incident of their own',
									run: () => {
										dialog.value = 'split';
									},
								},
							]
						: []),
					{ text: 'Page again from step 1', hint: 'by today’s policy', run: () => void run([id], 'reroute') },
					{ text: 'Copy the address', run: () => void navigator.clipboard?.writeText(location.href) },
					{ text: 'Plain page', run: () => location.assign(`/plain/incidents/${id}`) },
				]}
			>
				<Icon name="more" />
			</Menu>
		</div>
	);
}

function RoomDialog({ what, r }: { what: string; r: Row }): JSX.Element {
	const close = (): void => {
		dialog.value = null;
	};
	if (what === 'resolve') return <ResolveDialog rows={[r]} onClose={close} />;
	if (what === 'split') return <SplitDialog r={r} onClose={close} />;
	return <DialogFor what={what} ids={[r.id]} onClose={close} />;
}

function roomKeys(id: number): () => void {
	const verb = (v: Verb) => () => void run([id], v);
	const g = 'Incident';
	const step = (by: number): void => {
		const list = [...rows.values()]
			.map((s) => s.peek())
			.filter((x) => x.state !== 'resolved')
			.map((x) => x.id)
			.sort((a, b) => b - a);
		const next = list[list.indexOf(id) + by];
		if (next !== undefined) go(`/incidents/${next}`);
	};
	return addKeys([
		{ keys: 'a', text: 'Acknowledge', group: g, run: verb('acknowledge') },
		{ keys: 'r', text: 'Resolve', group: g, run: () => resolve(id) },
		{ keys: 'e', text: 'Escalate', group: g, run: verb('escalate') },
		{
			keys: 's',
			text: 'Snooze',
			group: g,
			run: () => {
				dialog.value = 'snooze';
			},
		},
		{
			keys: 'p',
			text: 'Hand to somebody',
			group: g,
			run: () => {
				dialog.value = 'reassign';
			},
		},
		{ keys: ']', text: 'Next open incident', group: g, run: () => step(1) },
		{ keys: '[', text: 'Open incident before', group: g, run: () => step(-1) },
		{ keys: 'u', text: 'Back to the board', group: g, run: () => go('/incidents') },
	]);
}

// ---- its parts: one at a time on a phone, all beside each other elsewhere ----

const parts: [string, string][] = [
	['now', 'Now'],
	['timeline', 'Timeline'],
	['alerts', 'Alerts'],
	['people', 'People'],
	['similar', 'Similar'],
];

/** A line of the timeline in the address is there to be seen. */
function partOf(sub: string): string {
	if (parts.some(([p]) => p === sub)) return sub;
	return hash.value.startsWith('#e') ? 'timeline' : 'now';
}

/** Links that take each other's place: Back leaves the room. */
function Parts({ id, at, counts }: { id: number; at: string; counts: Record<string, number> }): JSX.Element {
	return (
		<nav class="parts tabs" aria-label="Parts of the room">
			{parts.map(([part, name]) => {
				const href = `/incidents/${id}${part === 'now' ? '' : `/${part}`}${search.value}`;
				return (
					<A key={part} href={href} replace aria-current={part === at ? 'page' : undefined}>
						{name} {counts[part] ? <span class="n">{counts[part]}</span> : null}
					</A>
				);
			})}
		</nav>
	);
}

/** What the address names comes into sight: alone on a phone, from its beginning; elsewhere in its column. */
function useInSight(at: string, there: boolean): { current: HTMLDivElement | null } {
	const box = useRef<HTMLDivElement>(null);
	useEffect(() => {
		if (!box.current) return;
		if (matchMedia('(max-width: 760px)').matches) box.current.scrollTo(0, 0);
		else if (at !== 'now' && at !== 'timeline')
			box.current.querySelector(`[data-part='${at}'] > section`)?.scrollIntoView({ block: 'start' });
	}, [at, there]);
	return box;
}

export default function Room({ id: text, sub }: { id: string; sub: string }): JSX.Element {
	const id = Number(text);
	const at = partOf(sub);
	const r = row(id);
	const [error, fail] = useState<string | null>(null);
	const [tick, bump] = useState(0);
	const room = useLoad(() => get<RoomOf>(`/incidents/${id}/room`), [id, tick]);
	const box = useInSight(at, !!r && !!room.value);
	useLayoutEffect(() => roomKeys(id), [id]);
	useEffect(() => {
		dialog.value = null;
		refresh(id).catch((e: Error) => fail(e.message));
		let timer: ReturnType<typeof setTimeout> | undefined;
		const off = onEvents((list) => {
			if (!list.some((e) => e.incident === id)) return;
			timer ??= setTimeout(() => {
				timer = undefined;
				bump((n) => n + 1);
			}, 250);
		});
		const back = onReturn(() => {
			void refresh(id).catch(() => undefined);
			bump((n) => n + 1);
		});
		return () => {
			off();
			back();
			clearTimeout(timer);
		};
	}, [id]);
	if (!r)
		return (
			<div class="page">
				<h1>Incident #{text}</h1>
				{error ? (
					<Empty title="It is not there.">
						<p class="muted">{error}</p>
						<p>
							<A href="/incidents">To the board</A>
						</p>
					</Empty>
				) : (
					<p class="muted">…</p>
				)}
			</div>
		);
	return (
		<div class={`room at-${at}`} ref={box}>
			<header class="room-head">
				<p class="crumbs">
					<A href="/incidents">
						<Icon name="left" /> Incidents
					</A>
					<span class="num">#{r.id}</span> <State of={r} pending={r.pending} /> <Severity of={r.severity} />
					{r.mitigated_at && r.snoozed_until && <span class="tag">mitigated</span>}
					{r.mode !== 'standard' && <span class="tag">{r.mode.toUpperCase()}</span>}
					{r.exhausted_at && r.state === 'triggered' && <span class="tag warn">nobody left to page</span>}
				</p>
				<h1>{r.title}</h1>
			</header>
			<Parts id={id} at={at} counts={{ alerts: r.alerts, people: room.value?.people.length ?? 0 }} />
			<div class="room-more">
				<div data-part="now">
					<Facts r={r} />
					<BriefBox id={id} b={room.value?.brief} onChange={room.again} />
				</div>
				<Verbs r={r} />
			</div>
			<div class="room-body">
				<Timeline
					id={id}
					resolved={r.state === 'resolved'}
					lines={room.value?.lines}
					seen={at === 'timeline'}
				/>
				<div class="side">
					<div data-part="now">
						<Paging r={r} tick={tick} />
					</div>
					<div data-part="people">
						<People r={r} room={room.value} onChange={room.again} />
					</div>
					<div data-part="alerts">
						<Alerts
							r={r}
							tick={tick}
							onSplit={() => {
								dialog.value = 'split';
							}}
						/>
					</div>
					<div data-part="similar">
						<Similar r={r} />
					</div>
				</div>
			</div>
			{dialog.value && <RoomDialog what={dialog.value} r={r} />}
		</div>
	);
}
