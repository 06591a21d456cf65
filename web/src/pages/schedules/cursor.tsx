// SPDX-License-Identifier: Apache-2.0
// The lane by keyboard: a cell of time that the arrows move and Shift and the arrows extend. N makes an override
// of it, Enter opens what is under it (or fills the gap there), Delete removes the override there.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { type Calendar } from '../../api/http';
import { clockIn, day } from '../../ui/time';
import { STEP } from './drag';
import type { Item } from './items';
import { addDays, names, place, type Span } from './lanes';
import type { LaneActs } from './overrides';
import type { View } from './view';

const HOUR = 36e5;

/** Where it begins: now, or where the view does. */
const first = (view: View): Span => {
	const now = Math.floor(Date.now() / HOUR) * HOUR;
	const from = now >= view.from && now < view.to ? now : view.from;
	return { from, to: from + HOUR };
};

function moved(s: Span, view: View, e: KeyboardEvent): Span | null {
	const length = s.to - s.from;
	const step = { ArrowLeft: -HOUR, ArrowRight: HOUR }[e.key];
	if (e.shiftKey && step) return { from: s.from, to: Math.max(s.from + STEP, s.to + Math.sign(step) * STEP) };
	let from: number;
	if (step) from = s.from + step;
	else if (e.key === 'ArrowUp' || e.key === 'ArrowDown')
		from = addDays(view.zone, s.from, e.key === 'ArrowUp' ? -1 : 1);
	else if (e.key === 'Home') from = view.from;
	else if (e.key === 'End') from = view.to - length;
	else return null;
	from = Math.min(Math.max(from, view.from), view.to - length);
	return { from, to: from + length };
}

export function Cursor({
	c,
	items,
	view,
	acts,
}: {
	c: Calendar;
	items: Item[];
	view: View;
	acts: LaneActs;
}): JSX.Element {
	const [cell, set] = useState<Span>(() => first(view));
	const [on, focus] = useState(false);
	const ref = useRef<HTMLButtonElement>(null);
	useEffect(() => set(first(view)), [view.from, view.to]);
	const under = items.find(
		(i) => (i.kind === 'override' || i.kind === 'swap') && i.from < cell.to && i.to > cell.from,
	);
	const there = items.filter((i) => i.from < cell.to && i.to > cell.from);
	const duty = c.final.find((s) => Date.parse(s.from) <= cell.from && Date.parse(s.to) > cell.from);
	const gap = duty && duty.users.length === 0;
	const z = view.zone;
	const words =
		`${day(cell.from, z)} ${clockIn(cell.from, z)} to ${clockIn(cell.to, z)}: ` +
		`${gap ? 'nobody is on call' : duty ? names(duty) : ''}${there.map((i) => `, ${i.text}`).join('')}`;
	const open = (): void => {
		if (under?.kind === 'swap') acts.swap(under.id);
		else if (under) acts.edit({ id: under.id, from: under.from, to: under.to });
		else if (gap && duty) acts.edit({ from: Date.parse(duty.from), to: Date.parse(duty.to) });
		else acts.edit(cell);
	};
	const onKeyDown = (e: KeyboardEvent): void => {
		if (e.altKey || e.ctrlKey || e.metaKey) return;
		const next = moved(cell, view, e);
		if (next) set(next);
		else if (e.key === 'n') acts.edit(cell);
		else if ((e.key === 'Delete' || e.key === 'Backspace') && under?.kind === 'override')
			acts.remove(under.id);
		else return;
		e.preventDefault();
		e.stopPropagation();
	};
	return (
		<>
			<button
				ref={ref}
				class={`cursor ${on ? 'on' : ''}`}
				style={place(view, cell.from, cell.to)}
				aria-label={`Cell ${words}`}
				aria-keyshortcuts="N Enter Delete"
				onFocus={() => focus(true)}
				onBlur={() => focus(false)}
				onClick={open}
				onKeyDown={onKeyDown}
			/>
			<span class="sr" role="status">
				{on ? words : ''}
			</span>
		</>
	);
}
