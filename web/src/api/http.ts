// SPDX-License-Identifier: Apache-2.0
// The API as functions. An answer is the body and its ETag, a refusal a Failure with what the server
// said. Reads are tried again once; writes are repeated only under an idempotency key.
import type * as T from './types';
import { hearClock } from '../ui/time';

export class Failure extends Error {
	constructor(
		readonly status: number,
		readonly problem: Partial<T.Problem> & { errors?: Fault[] },
	) {
		super(
			problem.detail ??
				problem.title ??
				(status === 0 ? 'The server cannot be reached.' : `Answer ${status}`),
		);
	}
	/** Nothing is known to have happened, and it may work in a while. */
	get passing(): boolean {
		return this.status === 0 || this.status === 503 || this.status === 502 || this.status === 504;
	}
}
export interface Fault {
	pointer: string;
	detail: string;
	file?: string;
	line?: number;
	column?: number;
}
export interface Answer<V> {
	value: V;
	etag: string | null;
	headers: Headers;
}
export interface List<V> {
	items: V[];
	next?: string;
	looked_back_to?: string; // what is older was not looked at
}

/** randomUUID is not there on plain HTTP; getRandomValues is. */
export function key(): string {
	return Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, '0')).join(
		'',
	);
}

export interface Call {
	body?: unknown;
	yaml?: string;
	/** Sent as it is, with a content type among the headers. */
	text?: string;
	headers?: Record<string, string>;
	signal?: AbortSignal;
	keepalive?: boolean;
	/** Reads the answer otherwise than JSON.parse does. */
	parse?: (text: string) => unknown;
}

export async function call<V>(method: string, path: string, c: Call = {}): Promise<Answer<V>> {
	const headers: Record<string, string> = { accept: 'application/json', ...c.headers };
	const init: RequestInit = { method, headers, credentials: 'same-origin' };
	if (c.signal) init.signal = c.signal;
	if (c.keepalive) init.keepalive = true;
	if (c.yaml !== undefined) {
		headers['content-type'] = 'application/yaml';
		init.body = c.yaml;
	} else if (c.text !== undefined) {
		init.body = c.text;
	} else if (c.body !== undefined) {
		headers['content-type'] = 'application/json';
		init.body = JSON.stringify(c.body);
	}
	let rs: Response;
	try {
		rs = await fetch('/api/v1' + path, init);
	} catch (e) {
		if ((e as Error).name === 'AbortError') throw e;
		throw new Failure(0, {});
	}
	hearClock(rs.headers.get('date'));
	const text = await rs.text();
	const json = /json/.test(rs.headers.get('content-type') ?? '');
	const value = json && text ? (rs.ok && c.parse ? c.parse(text) : JSON.parse(text)) : text;
	if (rs.status === 401) location.assign('/sign-in?next=' + encodeURIComponent(location.pathname));
	if (rs.status === 403 && value?.field === '/second_factor') location.assign('/second-factor');
	if (!rs.ok) throw new Failure(rs.status, json ? value : {});
	return { value, etag: rs.headers.get('etag'), headers: rs.headers };
}

export async function get<V>(path: string, signal?: AbortSignal): Promise<V> {
	try {
		return (await call<V>('GET', path, signal ? { signal } : {})).value;
	} catch (e) {
		if (!(e instanceof Failure) || !e.passing) throw e;
		await new Promise((r) => setTimeout(r, 400));
		return (await call<V>('GET', path, signal ? { signal } : {})).value;
	}
}

/** All of a list, page by page; `enough` ends it early. */
export async function all<V>(path: string, most = 500): Promise<V[]> {
	const out: V[] = [];
	let cursor = '';
	do {
		const sep = path.includes('?') ? '&' : '?';
		const page = await get<List<V>>(
			`${path}${sep}limit=${Math.min(500, most - out.length)}${cursor && `&cursor=${cursor}`}`,
		);
		out.push(...page.items);
		cursor = page.next ?? '';
	} while (cursor && out.length < most);
	return out;
}

/** What happens next, of which many rows are told with one object. */
export interface Then {
	what: 'step' | 'round' | 'catch_all';
	step?: number;
	round?: number;
	steps: number;
	/** "5m": the policy waits so long before its first step. */
	delay?: string;
	/** By turns: one of the targets. */
	in_turn?: boolean;
	/** Steps before it that would reach nobody. */
	passed?: number[];
	whom: Reached[];
	/** Somebody; false: nobody will hear of it. */
	reaches: boolean;
}
export interface Wait {
	incident: number;
	why: 'step' | 'snooze' | 'ack';
	policy?: string;
	step: number;
	round: number;
	ends_at: string;
	targets: string[];
	/** Which of the nexts. */
	then: number;
}
export interface Board {
	seq: number;
	next?: number;
	more?: boolean;
	items: T.Incident[];
	waits: Wait[];
	nexts: Then[];
}
export interface Person {
	id: string;
	name?: string;
}
export interface Shift {
	from: string;
	to: string;
	users: Person[];
}
export interface Duty {
	schedule: string;
	name: string;
	team?: string;
	at: string;
	until?: string;
	users: Person[];
}
export interface Calendar {
	from: string;
	to: string;
	zone: string;
	final: Shift[];
	layers: { name?: string; shifts: Shift[] }[];
	overrides: Cover[];
	absences: { id: string; user: string; from: string; to: string }[];
	holidays: Holiday[];
}
export interface Cover {
	id: string;
	name?: string;
	from: string;
	to: string;
	replace?: string;
	with?: string;
	adds?: boolean;
	no_effect?: boolean;
	/** Without effect: later ones hide it, whom it replaces has no duty, or it would be so anyway. */
	why?: 'hidden' | 'no_duty' | 'already';
	hidden_by?: Cover[];
}
/** A day of a list that layers name; they rest or serve on it. */
export interface Holiday {
	list: string;
	name: string;
	date: string;
	from: string;
	to: string;
	rests: string[];
	serves: string[];
}
export interface Me {
	id: string;
	name?: string;
	email?: string;
	role: string;
	scopes: string;
	organisation: string;
}
export interface Reached {
	target: string;
	users: string[];
}
export interface Escalation {
	waiting: boolean;
	policy?: string;
	step?: number;
	round?: number;
	steps?: number;
	ends_at?: string;
	last?: boolean;
	now?: Reached[];
	next?: Reached[];
}
export type Preview = T.Preview;
export type Plan = T.Plan;
