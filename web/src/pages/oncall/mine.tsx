// SPDX-License-Identifier: Apache-2.0
// My own shifts, and how to be rid of one: hand it over, ask for a swap, say that I am away.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { type Shift } from '../../api/http';
import { A } from '../../router';
import { may, me } from '../../store/store';
import { now, ownZone, span, when } from '../../ui/time';
import { Away } from '../duty/away';
import { Feeds } from '../duty/feeds';
import { AskSwap } from '../duty/swap';
import { HandOver } from '../duty/take';
import { DAYS, type Line } from './lines';

const SHOWN = 6;

function Row({
	line,
	shift,
	onHand,
	onSwap,
}: {
	line: Line;
	shift: Shift;
	onHand: () => void;
	onSwap: () => void;
}): JSX.Element {
	const on = Date.parse(shift.from) <= now.value;
	return (
		<tr>
			<th scope="row">
				<A href={`/schedules/${line.schedule}?at=${shift.from.slice(0, 10)}`}>{line.name}</A>
			</th>
			<td class="num">
				{on ? 'now' : when(shift.from)} → {when(shift.to)}
			</td>
			<td class="muted right">
				{span(Date.parse(shift.to) - Math.max(now.value, Date.parse(shift.from)))}
				{on ? ' left' : ''}
			</td>
			<td class="right acts">
				{may('member') && on && <button onClick={onHand}>Hand over…</button>}
				{may('member') && <button onClick={onSwap}>Swap…</button>}
			</td>
		</tr>
	);
}

export function Mine({ lines, onDone }: { lines: Line[]; onDone: () => void }): JSX.Element {
	const id = me.value?.id ?? '';
	const [hand, handOver] = useState<Line | null>(null);
	const [swap, ask] = useState<{ line: Line; shift: Shift } | null>(null);
	const [open, show] = useState<'away' | 'feeds' | null>(null);
	const list = lines
		.flatMap((line) =>
			line.shifts.filter((s) => s.users.some((u) => u.id === id)).map((shift) => ({ line, shift })),
		)
		.sort((a, b) => (a.shift.from < b.shift.from ? -1 : 1));
	const on = list.some((x) => Date.parse(x.shift.from) <= now.value);
	const done = (changed: boolean): void => {
		handOver(null);
		ask(null);
		show(null);
		if (changed) onDone();
	};
	return (
		<section class="panel" aria-label="My shifts">
			<header class="panel-head">
				<h2>My shifts</h2>
				{on ? <span class="resolved">● on call now</span> : <span class="muted">○ not on call now</span>}
				<span class="push" />
				<span class="acts">
					{may('member') && <button onClick={() => show('away')}>I am away…</button>}
					<button onClick={() => show('feeds')}>Calendar feed…</button>
				</span>
			</header>
			{list.length === 0 ? (
				<p class="muted pad">None in the next {DAYS} days.</p>
			) : (
				<table>
					<tbody>
						{list.slice(0, SHOWN).map((x) => (
							<Row {...x} onHand={() => handOver(x.line)} onSwap={() => ask(x)} />
						))}
					</tbody>
				</table>
			)}
			{hand && <HandOver line={hand} onClose={done} />}
			{swap && (
				<AskSwap
					asked={{
						schedule: swap.line.schedule,
						user: id,
						from: Date.parse(swap.shift.from),
						to: Date.parse(swap.shift.to),
					}}
					zone={ownZone}
					onClose={done}
				/>
			)}
			{open === 'away' && <Away onClose={done} />}
			{open === 'feeds' && (
				<Feeds subject={`user/${id}`} title="My shifts in my calendar" onClose={() => done(false)} />
			)}
		</section>
	);
}
