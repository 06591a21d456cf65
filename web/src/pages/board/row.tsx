// SPDX-License-Identifier: Apache-2.0
// One line of the board: the head of a group, or an incident.
import type { JSX } from 'preact';
import { run } from '../../outbox';
import { A, go } from '../../router';
import { may, row, targetName } from '../../store/store';
import type { Group } from '../../store/reduce';
import { Menu, Severity, State } from '../../ui/parts';
import { Icon } from '../../ui/icons';
import { age } from '../../ui/time';
import { open, resolve } from './dialogs';
import { cursor, frozen, selected } from './hold';
import { Next } from './next';
import { toggle } from './pick';
import { collapsed, liveLines } from './rows';
import { Spark } from './spark';

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
				{r.alerts > 1 && (
					<span class="c-alerts num muted">
						<Spark r={r} />
						<span>
							{r.alerts}
							<span class="word"> alerts</span>
						</span>
					</span>
				)}
			</span>
			<span role="gridcell" class="c-service">
				{r.service ? targetName(`service/${r.service}`) : <span class="muted">no service</span>}
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
							{ text: 'Resolve', key: 'r', run: () => resolve([id]) },
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
