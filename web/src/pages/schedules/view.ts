// SPDX-License-Identifier: Apache-2.0
// What is looked at: which days, by whose clock. All of it stands in the address, days as local dates.
import { get, type Calendar, type Shift } from '../../api/http';
import { query } from '../../router';
import { ownZone, reading, instant } from '../../ui/time';
import { iso } from '../duty/api';
import { addDays, begin, type Span } from './lanes';

export const spans: [string, string][] = [
	['1w', 'Week'],
	['2w', '2 weeks'],
	['4w', '4 weeks'],
	['month', 'Month'],
];

export interface View extends Span {
	zone: string;
	/** Of everybody who looks at another clock beside it; '' is none. */
	also: string;
	days: number[];
	month: boolean;
}

function monthOf(zone: string, at: string): { from: number; count: number } {
	const r = new Date(at ? Date.parse(at + 'T12:00:00Z') : reading(zone, Date.now()));
	const y = r.getUTCFullYear(),
		m = r.getUTCMonth() + 1;
	return { from: instant(zone, y, m, 1), count: new Date(Date.UTC(y, m, 0)).getUTCDate() };
}

/** `zone` is the schedule's; ?tz= looks by another clock. */
export function viewOf(own: string): View {
	const zone = known(query('tz')) ? query('tz') : own;
	const span = query('span') || '1w';
	const at = query('at');
	let from: number, count: number;
	if (span === 'month') ({ from, count } = monthOf(zone, at));
	else {
		from = begin(zone, at, true);
		count = ({ '2w': 14, '4w': 28 } as Record<string, number>)[span] ?? 7;
	}
	const days = Array.from({ length: count }, (_, i) => addDays(zone, from, i));
	return {
		zone,
		also: known(query('also')) && query('also') !== zone ? query('also') : '',
		from,
		to: addDays(zone, from, count),
		days,
		month: span === 'month',
	};
}

function known(zone: string): boolean {
	if (!zone) return false;
	try {
		new Intl.DateTimeFormat('en-GB', { timeZone: zone });
		return true;
	} catch {
		return false;
	}
}

/** Clocks worth choosing: the schedule's, mine, those of people, UTC. */
export function clocks(own: string, others: string[]): string[] {
	return [...new Set([own, ownZone, ...others, 'UTC'])].filter(known);
}

/** What lies behind us is drawn as it was then, whatever has changed since. */
export async function read(id: string, from: number, to: number): Promise<Calendar> {
	const span = `from=${iso(from)}&to=${iso(to)}`;
	const [c, was] = await Promise.all([
		get<Calendar>(`/schedules/${id}/calendar?${span}`),
		get<{ items: Shift[] }>(`/schedules/${id}/shifts?${span}`).catch(() => null),
	]);
	return was ? { ...c, final: was.items } : c;
}
