// SPDX-License-Identifier: Apache-2.0
// A schedule's document as its form has it, and back. What the form has no field for goes through untouched.
export type Body = Record<string, unknown>;

export interface Turn {
	key: number;
	/** On call together; none is an empty turn. */
	users: string[];
	/** Wall clocks; '' is no limit. */
	from: string;
	until: string;
}
export interface Window {
	key: number;
	/** From Monday on. */
	days: boolean[];
	from: string;
	to: string;
}
export interface Layer {
	key: number;
	name: string;
	turns: Turn[];
	n: string;
	unit: string;
	start: string;
	end: string;
	windows: Window[];
	/** Weekdays that count as turns; all or none given: every day. */
	count: boolean[];
	zone: string;
	except: string[];
	during: string[];
	/** {user, at}, as it was or as it is set now. */
	set: { user: string; at: string } | null;
}
export interface Model {
	name: string;
	team: string;
	zone: string;
	layers: Layer[];
	notice: boolean;
	note: string;
	rest: Body;
	handoff: Body;
}

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
export const units: [string, string][] = [
	['m', 'minutes'],
	['h', 'hours'],
	['d', 'days'],
	['w', 'weeks'],
	['mo', 'months'],
];

let keys = 0;
const fresh = (): number => ++keys;
const text = (v: unknown): string => (typeof v === 'string' ? v : '');
const list = (v: unknown): unknown[] => (Array.isArray(v) ? v : v === undefined || v === null ? [] : [v]);

// ---- reading ----

const all = (): boolean[] => weekdays.map(() => true);

/** "daily", "mon-fri", "sat,sun", "fri-mon". */
export function readDays(words: string): boolean[] {
	if (!words || words === 'daily') return all();
	const out = weekdays.map(() => false);
	for (const part of words.split(',')) {
		const [a, b] = part
			.trim()
			.split('-')
			.map((d) => weekdays.indexOf(d));
		if (a === undefined || a < 0) continue;
		const last = b === undefined || b < 0 ? a : b;
		for (let d = a; ; d = (d + 1) % 7) {
			out[d] = true;
			if (d === last) break;
		}
	}
	return out;
}

function readWindow(v: unknown): Window {
	const m = /^(\S+)\s+(\d\d:\d\d)-(\d\d:\d\d)$/.exec(text(v));
	return { key: fresh(), days: readDays(m?.[1] ?? 'daily'), from: m?.[2] ?? '00:00', to: m?.[3] ?? '24:00' };
}

function readTurn(v: unknown): Turn {
	const stay = typeof v === 'object' && v !== null && !Array.isArray(v) ? (v as Body) : null;
	return {
		key: fresh(),
		users: list(stay ? stay['who'] : v).map(String),
		from: text(stay?.['from']).replace(' ', 'T'),
		until: text(stay?.['until']).replace(' ', 'T'),
	};
}

const optional = (v: unknown): string => text(v).replace(' ', 'T');

function readLayer(v: Body): Layer {
	const every = /^(\d+)(mo|[mhdw])$/.exec(text(v['every']));
	const set = v['set'] as { user: string; at: string } | undefined;
	return {
		key: fresh(),
		name: text(v['name']),
		turns: list(v['members']).length || v['members'] ? (v['members'] as unknown[]).map(readTurn) : [],
		n: every?.[1] ?? '1',
		unit: every?.[2] ?? 'w',
		start: optional(v['start']),
		end: optional(v['end']),
		windows: list(v['only']).map(readWindow),
		count: v['count'] ? readDays(text(v['count'])) : all(),
		zone: text(v['zone']),
		except: list(v['except']).map(String),
		during: list(v['during']).map(String),
		set: set ?? null,
	};
}

export function read(body: Body): Model {
	const { name, team, zone, layers, handoff, ...rest } = body;
	const h = (handoff ?? {}) as Body;
	return {
		name: text(name),
		team: text(team),
		zone: text(zone),
		layers: (list(layers) as Body[]).map(readLayer),
		notice: h['notice'] === true,
		note: text(h['note']),
		rest,
		handoff: h,
	};
}

// ---- writing ----

export function writeDays(days: boolean[]): string {
	return days.every(Boolean) ? 'daily' : weekdays.filter((_, i) => days[i]).join(',');
}

const wall = (local: string): string => local.replace('T', ' ');

function writeTurn(t: Turn): unknown {
	const who = t.users.length > 1 ? t.users : (t.users[0] ?? null);
	if (!t.from && !t.until) return who;
	const out: Body = { who };
	if (t.from) out['from'] = wall(t.from);
	if (t.until) out['until'] = wall(t.until);
	return out;
}

function writeLayer(l: Layer): Body {
	const out: Body = {
		members: l.turns.map(writeTurn),
		start: wall(l.start),
		every: `${l.n}${l.unit}`,
	};
	if (l.name) out['name'] = l.name;
	if (l.end) out['end'] = wall(l.end);
	if (l.windows.length) out['only'] = l.windows.map((w) => `${writeDays(w.days)} ${w.from}-${w.to}`);
	if (l.unit === 'd' && !l.count.every(Boolean)) out['count'] = writeDays(l.count);
	if (l.zone) out['zone'] = l.zone;
	if (l.except.length) out['except'] = l.except;
	if (l.during.length) out['during'] = l.during;
	if (l.set) out['set'] = l.set;
	return out;
}

export function write(m: Model): Body {
	const handoff: Body = { ...m.handoff };
	if (m.notice) handoff['notice'] = true;
	else delete handoff['notice'];
	if (m.note) handoff['note'] = m.note;
	else delete handoff['note'];
	const out: Body = { ...m.rest, layers: m.layers.map(writeLayer) };
	if (m.name) out['name'] = m.name;
	if (m.team) out['team'] = m.team;
	if (m.zone) out['zone'] = m.zone;
	if (Object.keys(handoff).length) out['handoff'] = handoff;
	return out;
}

// ---- new ones ----

/** The Monday of this week, 09:00. */
export function monday(): string {
	const d = new Date();
	d.setDate(d.getDate() - ((d.getDay() + 6) % 7));
	return `${d.getFullYear()}-${String(d.getMonth() + 1).padStart(2, '0')}-${String(d.getDate()).padStart(2, '0')}T09:00`;
}
export const newLayer = (n: number): Layer => ({
	...readLayer({ members: [], every: '1w' }),
	name: n === 0 ? 'week' : `layer ${n + 1}`,
	start: monday(),
});
export const newTurn = (user: string | null): Turn => readTurn(user);
export const newWindow = (): Window => readWindow('mon-fri 09:00-17:00');

/** An item one place up or down. */
export function moved<V>(items: V[], at: number, by: number): V[] {
	const to = at + by;
	if (to < 0 || to >= items.length) return items;
	const out = [...items];
	out.splice(to, 0, ...out.splice(at, 1));
	return out;
}

/** A name as an id: "Payments, weekly" is payments-weekly. */
export const slug = (name: string): string =>
	name
		.toLowerCase()
		.normalize('NFKD')
		.replace(/[^a-z0-9]+/g, '-')
		.replace(/^-+|-+$/g, '')
		.slice(0, 60);

/** The first handoff moved to another weekday: the first such day from then on. */
export function onWeekday(start: string, day: number): string {
	const t = Date.parse(start + ':00Z');
	if (Number.isNaN(t)) return start;
	const now = (new Date(t).getUTCDay() + 6) % 7;
	return new Date(t + ((day - now + 7) % 7) * 864e5).toISOString().slice(0, 16);
}
