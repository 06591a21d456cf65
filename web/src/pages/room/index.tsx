// SPDX-License-Identifier: Apache-2.0
// The room of one incident: its verbs, timeline, people and alerts.
import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { get } from '../../api/http';
import type { Room as RoomOf } from '../../api/types';
import { addKeys } from '../../keys';
import { run, type Verb } from '../../outbox';
import { A, go } from '../../router';
import { me, may, onEvents, onReturn, refresh, row, rows } from '../../store/store';
import type { Row } from '../../store/reduce';
import { Empty, Menu, Severity, State, useLoad } from '../../ui/parts';
import { Icon } from '../../ui/icons';
import { DialogFor } from '../board/dialogs';
import { Timeline } from './timeline';
import { Paging } from './paging';
import { Alerts, Similar } from './alerts';
import { BriefBox } from './brief';
import { Facts } from './facts';
import { People } from './people';
import { ResolveDialog, stillFires } from './resolve';

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
					{ text: 'Watch', hint: 'notices of what changes', run: () => void run([id], 'watch') },
					{
						text: 'Merge into…',
						run: () => {
							dialog.value = 'merge';
						},
					},
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

export default function Room({ id: text }: { id: string; sub: string }): JSX.Element {
	const id = Number(text);
	const r = row(id);
	const [error, fail] = useState<string | null>(null);
	const [tick, bump] = useState(0);
	const room = useLoad(() => get<RoomOf>(`/incidents/${id}/room`), [id, tick]);
	useEffect(() => {
		dialog.value = null;
		refresh(id).catch((e: Error) => fail(e.message));
		const end = roomKeys(id);
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
			end();
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
		<div class="room">
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
				<Facts r={r} />
				<BriefBox id={id} b={room.value?.brief} onChange={room.again} />
				<Verbs r={r} />
			</header>
			<div class="room-body">
				<Timeline id={id} resolved={r.state === 'resolved'} lines={room.value?.lines} />
				<div class="side">
					<Paging r={r} tick={tick} />
					<People r={r} room={room.value} onChange={room.again} />
					<Alerts id={id} tick={tick} revision={r.alerts} />
					<Similar r={r} />
				</div>
			</div>
			{dialog.value === 'resolve' && (
				<ResolveDialog
					r={r}
					onClose={() => {
						dialog.value = null;
					}}
				/>
			)}
			{dialog.value && dialog.value !== 'resolve' && (
				<DialogFor
					what={dialog.value}
					ids={[id]}
					onClose={() => {
						dialog.value = null;
					}}
				/>
			)}
		</div>
	);
}
