// SPDX-License-Identifier: Apache-2.0
// Times as people read them. The zone is the viewer's or UTC, and its name stands in every header.
import { signal } from '@preact/signals';
import { utc } from '../store/prefs';

export const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
export function zoneName(): string {
	return utc.value ? 'UTC' : ownZone;
}

/** How far the server's clock is ahead of this device's. Its answers tell it to the second, so that less than
 * three is no difference. Countdowns and ages count by the server's: it is the one that pages. */
let ahead = 0;
export function hearClock(date: string | null): void {
	const d = date === null ? NaN : Date.parse(date) - Date.now();
	if (!Number.isNaN(d)) ahead = Math.abs(d) < 3000 ? 0 : d;
}
export const serverNow = (): number => Date.now() + ahead;

/** Goes on once a second; whoever shows a countdown or an age reads it. */
export const now = signal(serverNow());
setInterval(() => {
	now.value = serverNow();
}, 1000);

const cache = new Map<string, Intl.DateTimeFormat>();
function format(options: Intl.DateTimeFormatOptions, zone = zoneName()): Intl.DateTimeFormat {
	const id = zone + JSON.stringify(options);
	let f = cache.get(id);
	if (!f) cache.set(id, (f = new Intl.DateTimeFormat('en-GB', { timeZone: zone, ...options })));
	return f;
}

export const clock = (t: string | number): string =>
	format({ hour: '2-digit', minute: '2-digit' }).format(new Date(t));
export const clockSeconds = (t: string | number): string =>
	format({ hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(new Date(t));
export const day = (t: string | number, zone?: string): string =>
	format({ weekday: 'short', day: 'numeric', month: 'short' }, zone).format(new Date(t));
export const dayKey = (t: string | number, zone?: string): string =>
	format({ year: 'numeric', month: '2-digit', day: '2-digit' }, zone)
		.format(new Date(t))
		.split('/')
		.reverse()
		.join('-');
export const full = (t: string | number, zone?: string): string =>
	format(
		{
			weekday: 'short',
			day: 'numeric',
			month: 'short',
			year: 'numeric',
			hour: '2-digit',
			minute: '2-digit',
			second: '2-digit',
			timeZoneName: 'short',
		},
		zone,
	).format(new Date(t));
export const clockIn = (t: string | number, zone: string): string =>
	format({ hour: '2-digit', minute: '2-digit' }, zone).format(new Date(t));

/** "14:03", or with its day when that is another one. */
export function when(t: string | number): string {
	return dayKey(t) === dayKey(Date.now()) ? clock(t) : `${day(t)} ${clock(t)}`;
}

/** Where there is little room: the clock alone as long as it can mean but one day. */
export const until = (t: string): string =>
	Math.abs(Date.parse(t) - now.peek()) < 12 * 36e5 ? clock(t) : when(t);

/** "3 min", "2 h 5 min", "4 d" */
export function span(ms: number): string {
	const s = Math.max(0, Math.round(ms / 1000));
	if (s < 60) return `${s} s`;
	const m = Math.floor(s / 60);
	if (m < 60) return `${m} min`;
	const h = Math.floor(m / 60);
	if (h < 48) return m % 60 && h < 10 ? `${h} h ${m % 60} min` : `${h} h`;
	return `${Math.floor(h / 24)} d`;
}
/** "4:18", "1:02:00" */
export function countdown(ms: number): string {
	const s = Math.max(0, Math.ceil(ms / 1000));
	const two = (n: number): string => String(n).padStart(2, '0');
	return s >= 3600
		? `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`
		: `${Math.floor(s / 60)}:${two(s % 60)}`;
}
/** To the second it is not news: coarse, so that rows are not drawn each second. */
export const minutes = signal(Math.floor(serverNow() / 60000));
setInterval(() => {
	minutes.value = Math.floor(serverNow() / 60000);
}, 5000);
export function age(t: string): string {
	void minutes.value;
	const ms = serverNow() - Date.parse(t);
	return ms < 60_000 ? 'now' : span(ms);
}
/** "3 min ago", or that it was just now. */
export const ago = (t: string): string => (age(t) === 'now' ? 'just now' : `${age(t)} ago`);
/** "for 3 min", or since just now. */
export const lasting = (t: string): string => (age(t) === 'now' ? 'since just now' : `for ${age(t)}`);
/** How long something took; less than a second is no number. */
export const took = (ms: number): string => (ms < 1000 ? 'less than a second' : span(ms));

/** "5m", "1h30m", "90" (minutes) -> ms; NaN when it is none. */
export function parseSpan(text: string): number {
	const t = text.trim();
	if (/^\d+$/.test(t)) return Number(t) * 60_000;
	if (!/^(\d+[smhdw])+$/.test(t)) return NaN;
	const unit: Record<string, number> = { s: 1e3, m: 6e4, h: 36e5, d: 864e5, w: 6048e5 };
	return [...t.matchAll(/(\d+)([smhdw])/g)].reduce((sum, m) => sum + Number(m[1]) * unit[m[2]!]!, 0);
}

/** The instant at which a zone's clock reads y-m-d h:mi. Two steps reach it, also next to a change of the clock. */
export function instant(zone: string, y: number, m: number, d: number, h = 0, mi = 0): number {
	const want = Date.UTC(y, m - 1, d, h, mi);
	let t = want;
	for (let i = 0; i < 2; i++) t += want - reading(zone, t);
	return t;
}
/** What the zone's clock reads at t, as if it were UTC. */
export function reading(zone: string, t: number): number {
	const p: Record<string, number> = {};
	for (const part of format(
		{
			year: 'numeric',
			month: '2-digit',
			day: '2-digit',
			hour: '2-digit',
			minute: '2-digit',
			second: '2-digit',
		},
		zone,
	).formatToParts(t))
		p[part.type] = Number(part.value);
	return Date.UTC(p['year']!, p['month']! - 1, p['day']!, p['hour']! % 24, p['minute']!, p['second']!);
}
/** "2026-03-02 10:00": as documents write wall clocks. */
export function wall(zone: string, t: number): string {
	return new Date(reading(zone, t)).toISOString().slice(0, 16).replace('T', ' ');
}
