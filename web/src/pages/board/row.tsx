// SPDX-License-Identifier: Apache-2.0
// One line of the board: the head of a group, or an incident.
import type { JSX } from 'preact';
import { run } from '../../outbox';
import { A, go } from '../../router';
import { may, row, targetName, userName } from '../../store/store';
import type { Group, Row } from '../../store/reduce';
import { Menu, Severity, State } from '../../ui/parts';
import { Icon } from '../../ui/icons';
import { age, ago, countdown, now, when } from '../../ui/time';
import { open } from './dialogs';
import { cursor, frozen, selected } from './hold';
import { toggle } from './pick';
import { collapsed, liveLines } from './rows';

const groupNames: Record<Group, string> = {
	you: 'Needs you',
	triggered: 'Triggered',
	acknowledged: 'Acknowledged',
	snoozed: 'Snoozed',
	resolved: 'Resolved',
};

export function Head({ line, y }: { line: { head: Group; n: number }; y: number }): JSX.Element {
	const shut = collapsed.value.has(line.head);
	return (
		<div class={`head ${line.head}`} role="row" style={{ transform: `translateY(${y}px)` }}>
			<span role="gridcell">
				<button
					class="plain"
					aria-expanded={!shut}
					onClick={() => {
						const next = new Set(collapsed.value);
						if (!next.delete(line.head)) next.add(line.head);
						collapsed.value = next;
						if (frozen.value) frozen.value = liveLines.value;
					}}
				>
					<span aria-hidden="true" class="fold">
						{shut ? '▸' : '▾'}
					</span>{' '}
					{groupNames[line.head]} <span class="n">{line.n}</span>
				</button>
			</span>
		</div>
	);
}

/** What happens next, in words. */
function Next({ r }: { r: Row }): JSX.Element {
	if (r.unsent) return <span class="warn">not sent yet, trying…</span>;
	if (r.pending) return <span class="muted">saving…</span>;
	if (r.state === 'resolved')
		return (
			<span class="muted">
				by {userName(r.resolved_by)}
				{r.resolved_at && `, ${ago(r.resolved_at)}`}
			</span>
		);
	if (r.snoozed_until) return <span class="muted">until {when(r.snoozed_until)}</span>;
	if (r.state === 'acknowledged')
		return (
			<span>
				{userName(r.acked_by)}
				{r.acked_at && <span class="muted"> {ago(r.acked_at)}</span>}
				{r.commander && r.acked_by !== `user/${r.commander}` && (
					<span class="muted"> · {userName(r.commander)} commands</span>
				)}
			</span>
		);
	if (r.muted_until)
		return <span class="muted">maintenance: nobody is paged until {when(r.muted_until)}</span>;
	if (r.exhausted_at) return <span class="warn">nobody is left to page</span>;
	if (r.wait)
		return (
			<span>
				{r.wait.targets.map(targetName).slice(0, 2).join(', ') || 'waits'}
				<span class="muted">
					{' '}
					· next in <Count to={r.wait.ends_at} />
				</span>
			</span>
		);
	return <span class="muted">paging</span>;
}
function Count({ to }: { to: string }): JSX.Element {
	return <span class="num">{countdown(Date.parse(to) - now.value)}</span>;
}

export function RowOf({ id, y, index }: { id: number; y: number; index: number }): JSX.Element | null {
	const r = row(id);
	if (!r) return null;
	const on = selected.value.has(id),
		at = cursor.value === id;
	const label = `#${r.id}, ${r.title}, ${r.severity}, ${r.service ?? 'no service'}`;
	return (
		<div
			role="row"
			id={`row-${id}`}
			aria-rowindex={index + 1}
			aria-selected={on}
			class={`row is-${r.state}${at ? ' at' : ''}${on ? ' on' : ''}${r.pending ? ' pending' : ''}`}
			style={{ transform: `translateY(${y}px)` }}
			onClick={(e) => {
				if (!(e.target as HTMLElement).closest('button,input,label,a')) go(`/incidents/${id}`);
			}}
		>
			<span role="gridcell" class="pick">
				<label>
					<input
						type="checkbox"
						checked={on}
						aria-label={`Select ${label}`}
						onClick={(e) => toggle(id, e.shiftKey)}
					/>
				</label>
			</span>
			<span role="gridcell" class="c-state">
				<State of={r} pending={r.pending} />
			</span>
			<span role="gridcell" class="c-sev">
				<Severity of={r.severity} />
			</span>
			<span role="gridcell" class="c-title">
				<A href={`/incidents/${id}`} tabIndex={-1}>
					<span class="muted num">#{r.id}</span> <strong>{r.title}</strong>
				</A>
				{r.mode !== 'standard' && <span class="tag">{r.mode.toUpperCase()}</span>}
				{r.unrouted && <span class="tag warn">unrouted</span>}
				{r.reopened_at && <span class="tag">reopened</span>}
			</span>
			<span role="gridcell" class="c-service">
				{r.service ? targetName(`service/${r.service}`) : <span class="muted">no service</span>}
			</span>
			<span role="gridcell" class="c-alerts num">
				{r.alerts > 1 ? `${r.alerts} alerts` : ''}
			</span>
			<span role="gridcell" class="c-age num muted">
				{age(r.opened_at)}
			</span>
			<span role="gridcell" class="c-next">
				<Next r={r} />
			</span>
			<span role="gridcell" class="c-act">
				{may('member') && r.state === 'triggered' && (
					<button class="ack" onClick={() => void run([id], 'acknowledge')} disabled={!!r.pending}>
						Ack
					</button>
				)}
				{may('member') && r.state !== 'resolved' && (
					<Menu
						label={`More for #${id}`}
						cls="plain"
						choices={[
							...(r.state === 'triggered'
								? [{ text: 'Acknowledge', key: 'a', run: () => void run([id], 'acknowledge') }]
								: []),
							{ text: 'Resolve', key: 'r', run: () => void run([id], 'resolve') },
							{ text: 'Snooze…', key: 's', run: () => open('snooze', [id]) },
							{ text: 'Escalate', key: 'e', run: () => void run([id], 'escalate') },
							{ text: 'Hand to…', key: 'p', run: () => open('reassign', [id]) },
							{ text: 'Merge into…', run: () => open('merge', [id]) },
							{ text: 'Note…', key: 'm', run: () => open('note', [id]) },
						]}
					>
						<Icon name="more" />
					</Menu>
				)}
			</span>
		</div>
	);
}
