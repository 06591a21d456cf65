// SPDX-License-Identifier: Apache-2.0
// Shifts as bars along a time, by the clock that is looked at.
import type { ComponentChildren, JSX } from 'preact';
import { type Shift } from '../../api/http';
import { me } from '../../store/store';
import { tint } from '../../ui/parts';
import { clockIn, day, dayKey, instant, now, reading } from '../../ui/time';
import { spanWords } from '../duty/after';
import { hours } from '../duty/fields';

export const DAY = 864e5;

export interface Span {
	from: number;
	to: number;
}

/** The Monday (or day) that the view begins with, as an instant of the zone. */
export function begin(zone: string, at: string, week: boolean): number {
	const r = new Date(at ? Date.parse(at + 'T12:00:00Z') : reading(zone, Date.now()));
	const back = week ? (r.getUTCDay() + 6) % 7 : 0;
	return instant(zone, r.getUTCFullYear(), r.getUTCMonth() + 1, r.getUTCDate() - back);
}

export function addDays(zone: string, t: number, n: number): number {
	const r = new Date(reading(zone, t));
	return instant(
		zone,
		r.getUTCFullYear(),
		r.getUTCMonth() + 1,
		r.getUTCDate() + n,
		r.getUTCHours(),
		r.getUTCMinutes(),
	);
}

export const names = (s: { users: Shift['users'] }): string => s.users.map((u) => u.name ?? u.id).join(' + ');

/** "Sun 28 Mar (23 h)": a day of another length says so. */
export function dayName(zone: string, d: number): string {
	const length = addDays(zone, d, 1) - d;
	return day(d, zone) + (length !== DAY ? ` (${hours(0, length)})` : '');
}

export function place(view: Span, a: number, b: number): Record<string, string> {
	const whole = view.to - view.from;
	const from = Math.max(a, view.from),
		to = Math.min(b, view.to);
	return {
		left: `${((from - view.from) / whole) * 100}%`,
		width: `calc(${((to - from) / whole) * 100}% - 1px)`,
	};
}

export function Bar({
	shift,
	view,
	zone,
	kind,
	verb,
	onClick,
}: {
	shift: Shift;
	view: Span;
	zone: string;
	kind: 'final' | 'layer';
	/** What a click does, for who cannot see. */
	verb?: string;
	onClick?: (() => void) | undefined;
}): JSX.Element | null {
	const a = Math.max(Date.parse(shift.from), view.from),
		b = Math.min(Date.parse(shift.to), view.to);
	if (b <= a) return null;
	const gap = shift.users.length === 0;
	if (gap && kind === 'layer') return null;
	const text = gap ? `NOBODY ${hours(a, b)}` : names(shift);
	const label = `${text}${gap ? ', gap' : ''}: ${day(a, zone)} ${clockIn(a, zone)} to ${day(b, zone)} ${clockIn(b, zone)}${onClick && verb ? `; ${verb}` : ''}`;
	const mine = shift.users.some((u) => u.id === me.value?.id);
	const cls = `bar ${gap ? 'gap' : 'tint' + tint(shift.users[0]!.id)}${mine ? ' me' : ''}`;
	const style = place(view, a, b);
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

export function Lines({ view, days }: { view: Span; days: number[] }): JSX.Element {
	const at = now.value;
	return (
		<>
			{days.slice(1).map((d) => (
				<span class="grid-line" style={{ left: place(view, d, d)['left']! }} />
			))}
			{at > view.from && at < view.to && (
				<span class="now-line" style={{ left: place(view, at, at)['left']! }} />
			)}
		</>
	);
}

export function Lane({
	children,
	view,
	cls,
	days,
	label,
}: {
	children: ComponentChildren;
	view: Span;
	cls?: string;
	days: number[];
	label: string;
}): JSX.Element {
	return (
		<div class={`lane ${cls ?? ''}`} role="group" aria-label={label}>
			<Lines view={view} days={days} />
			{children}
		</div>
	);
}

/** The days, and what another clock reads when each begins. */
export function DayHeads({
	days,
	zone,
	also,
	brief,
}: {
	days: number[];
	zone: string;
	also?: string;
	/** Without the month, where there is little room. */
	brief?: boolean;
}): JSX.Element {
	return (
		<div class="days">
			{days.map((d) => (
				<span class={dayKey(d, zone) === dayKey(now.value, zone) ? 'today' : ''}>
					{brief ? day(d, zone).replace(/,? \w+$/, '') : dayName(zone, d)}
					{also && (
						<small>
							{clockIn(d, zone)} = {clockIn(d, also)}
							{dayKey(d, also) !== dayKey(d, zone) ? ` ${day(d, also).slice(0, 3)}` : ''}
						</small>
					)}
				</span>
			))}
		</div>
	);
}

export { hours, spanWords };
