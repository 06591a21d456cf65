// SPDX-License-Identifier: Apache-2.0
// Shifts as bars along a week, in the zone of their schedule.
import type { JSX } from 'preact';
import { type Shift } from '../../api/http';
import { me } from '../../store/store';
import { tint } from '../../ui/parts';
import { clockIn, day, instant, now, reading } from '../../ui/time';

export const DAY = 864e5;

export interface Span {
	from: number;
	to: number;
}

/** The Monday (or day) that the view begins with, as an instant of the schedule's zone. */
export function begin(zone: string, at: string, week: boolean): number {
	const r = new Date(at ? Date.parse(at + 'T12:00:00Z') : reading(zone, Date.now()));
	const back = week ? (r.getUTCDay() + 6) % 7 : 0;
	return instant(zone, r.getUTCFullYear(), r.getUTCMonth() + 1, r.getUTCDate() - back);
}

export function addDays(zone: string, t: number, n: number): number {
	const r = new Date(reading(zone, t));
	return instant(zone, r.getUTCFullYear(), r.getUTCMonth() + 1, r.getUTCDate() + n);
}

export const names = (s: Shift): string => s.users.map((u) => u.name ?? u.id).join(' + ');

export const hours = (a: number, b: number): string => `${Math.round((b - a) / 36e4) / 10} h`;

// ---- lanes ----

export function Bar({
	shift,
	view,
	zone,
	kind,
	onClick,
}: {
	shift: Shift;
	view: Span;
	zone: string;
	kind: 'final' | 'layer';
	onClick?: (() => void) | undefined;
}): JSX.Element | null {
	const a = Math.max(Date.parse(shift.from), view.from),
		b = Math.min(Date.parse(shift.to), view.to);
	if (b <= a) return null;
	const gap = shift.users.length === 0;
	if (gap && kind === 'layer') return null;
	const text = gap ? `NOBODY ${hours(a, b)}` : names(shift);
	const label = `${text}${gap ? ', gap' : ''}: ${day(a, zone)} ${clockIn(a, zone)} to ${day(b, zone)} ${clockIn(b, zone)}`;
	const mine = shift.users.some((u) => u.id === me.value?.id);
	const style = {
		left: `${((a - view.from) / (view.to - view.from)) * 100}%`,
		width: `calc(${((b - a) / (view.to - view.from)) * 100}% - 1px)`,
	};
	const cls = `bar ${gap ? 'gap' : 'tint' + tint(shift.users[0]!.id)}${mine ? ' me' : ''}`;
	return onClick ? (
		<button class={cls} style={style} title={label} aria-label={label} onClick={onClick}>
			{text}
		</button>
	) : (
		<span class={cls} style={style} title={label} role="img" aria-label={label}>
			{text}
		</span>
	);
}

export function Lane({
	children,
	view,
	zone,
	cls,
	days,
	label,
}: {
	children: JSX.Element | (JSX.Element | null)[];
	view: Span;
	zone: string;
	cls?: string;
	days: number[];
	label: string;
}): JSX.Element {
	const at = now.value;
	void zone;
	return (
		<div class={`lane ${cls ?? ''}`} role="group" aria-label={label}>
			{days.slice(1).map((d) => (
				<span class="grid-line" style={{ left: `${((d - view.from) / (view.to - view.from)) * 100}%` }} />
			))}
			{at > view.from && at < view.to && (
				<span class="now-line" style={{ left: `${((at - view.from) / (view.to - view.from)) * 100}%` }} />
			)}
			{children}
		</div>
	);
}
