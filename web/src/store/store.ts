// SPDX-License-Identifier: Apache-2.0
// What the UI knows: rows of incidents (one signal each, so that one change draws one row), documents of
// configuration, who I am, and how the line to the server is.
import { batch, computed, signal, type Signal } from '@preact/signals';
import { call, get, type Answer, type Board, type List, type Me } from '../api/http';
import type { Document, Event, Incident } from '../api/types';
import { Stream, type Said } from '../stream';
import { apply, type Change, type Row } from './reduce';

declare const WORKER_URL: string;

// ---- incidents ----

export const rows = new Map<number, Signal<Row>>();
/** Counts whatever may change which rows there are and in which order. */
export const version = signal(0);
export const loaded = signal(false);
export const problem = signal<string | null>(null);
let seq = 0;

function plain(ids: Iterable<number>): Map<number, Row> {
	const out = new Map<number, Row>();
	for (const id of ids) {
		const had = rows.get(id);
		if (had) out.set(id, had.peek());
	}
	return out;
}

/** A row is drawn at once. What it means for the others, thousands to be put in order, comes when that was
 * painted; a hidden tab has no frames. */
let told = false;
function tellSoon(): void {
	if (told) return;
	told = true;
	const tell = (): void => {
		told = false;
		version.value++;
	};
	if (document.hidden) setTimeout(tell);
	else requestAnimationFrame(() => setTimeout(tell));
}

function take(c: Change): boolean {
	const ids = c.kind === 'seen' ? c.items.map((i) => i.id) : [c.id];
	const news = apply(plain(ids), c);
	batch(() => {
		for (const [id, row] of news) {
			const had = rows.get(id);
			if (had) had.value = row;
			else rows.set(id, signal(row));
		}
	});
	return news.size > 0;
}

export function change(c: Change): void {
	if (take(c)) tellSoon();
}

/** Who asks for one that is not known yet is told when it comes. */
export function row(id: number): Row | undefined {
	const s = rows.get(id);
	if (!s) void version.value;
	return s?.value;
}

/** What there is to see first, then the rest in large pieces. Asked for while the page itself is still loading. */
const FIRST = 100,
	REST = 1000,
	SHOWN_EVERY = 500;
const firstLook = (): Promise<Answer<Board>> => call<Board>('GET', `/board?limit=${FIRST}`);
let early: Promise<Answer<Board>> | null = null;
export function askEarly(): void {
	early = firstLook();
	early.catch(() => undefined);
}

async function lookAround(): Promise<void> {
	const asked = early?.catch(firstLook) ?? firstLook();
	early = null;
	let board = (await asked).value;
	const before = new Set([...rows.keys()].filter((id) => rows.get(id)!.peek().state !== 'resolved'));
	seq = board.seq;
	for (let shownAt = 0; ;) {
		take({ kind: 'seen', ...board });
		for (const i of board.items) before.delete(i.id);
		if (board.next === undefined || performance.now() - shownAt > SHOWN_EVERY) {
			shownAt = performance.now();
			version.value++;
			loaded.value = true;
		}
		if (board.next === undefined) break;
		board = await get<Board>(`/board?limit=${REST}&before=${board.next}`);
	}
	// What was open and is no longer: resolved while nobody told us.
	for (const id of [...before].slice(0, 50)) void refresh(id);
	for (const id of [...before].slice(50)) rows.delete(id);
	if (before.size > 50) version.value++;
}

export async function refresh(id: number): Promise<Row | undefined> {
	const item = await get<Incident>(`/incidents/${id}`);
	change({ kind: 'seen', items: [item], waits: null });
	return row(id);
}

const FAR = 5000;
let asking = false,
	again = false,
	/** Other people may come next than was said. */
	stale = false;

/** Reads what the log has touched since our place in it. One question at a time. */
async function catchUp(to?: number): Promise<void> {
	if (asking) {
		again = true;
		return;
	}
	asking = true;
	try {
		if (!loaded.peek() || stale || (to !== undefined && to - seq > FAR)) {
			stale = false;
			await lookAround();
		} else
			for (;;) {
				const b = (await call<Board>('GET', `/board?after=${seq}`)).value;
				// The log is shorter than what was known of it: another database, brought back from a copy.
				if (b.seq < seq) {
					rows.clear();
					await lookAround();
					break;
				}
				change({ kind: 'seen', ...b });
				seq = b.seq;
				if (!b.more) break;
			}
		problem.value = null;
	} catch (e) {
		problem.value = (e as Error).message;
	}
	asking = false;
	if (again) {
		again = false;
		setTimeout(() => void catchUp(), 150);
	}
}

// ---- the line ----

export type Line = 'connecting' | 'live' | 'lost';
export const line = signal<Line>('connecting');
export const lostAt = signal<number | null>(null);
const listeners = new Set<(events: Event[]) => void>();

export function onEvents(f: (events: Event[]) => void): () => void {
	listeners.add(f);
	return () => listeners.delete(f);
}
const returns = new Set<() => void>();
/** Called whenever the line is back: what was heard before may be old. */
export function onReturn(f: () => void): () => void {
	returns.add(f);
	return () => returns.delete(f);
}

let retry: ReturnType<typeof setInterval> | undefined;

function hear(said: Said): void {
	if (said.type === 'out') location.assign('/sign-in');
	else if (said.type === 'open') {
		const back = line.peek() === 'lost';
		line.value = 'live';
		lostAt.value = null;
		void catchUp();
		if (back) for (const f of returns) f();
	} else if (said.type === 'lost') {
		if (line.peek() === 'live' || lostAt.peek() === null) lostAt.value = Date.now();
		if (line.peek() !== 'connecting' || loaded.peek()) line.value = 'lost';
	} else {
		const events = said.events as Event[];
		const changed = events.some((e) => e.type === 'config.changed');
		stale ||= changed;
		void catchUp(events[events.length - 1]!.seq);
		if (changed) for (const s of sections.values()) void s.load();
		for (const f of listeners) f(events);
	}
}

export function connect(): void {
	let hurry: () => void;
	if ('SharedWorker' in window) {
		const worker = new SharedWorker(WORKER_URL, { name: 'tocsin' });
		worker.port.onmessage = (m: MessageEvent) => hear(m.data as Said);
		worker.port.start();
		hurry = () => worker.port.postMessage('hurry');
		addEventListener('pagehide', () => worker.port.postMessage('bye'));
		addEventListener('pageshow', (e) => {
			if (e.persisted) location.reload();
		});
	} else {
		let stream: Stream | null = new Stream(hear);
		hurry = () => stream?.hurry();
		document.addEventListener('visibilitychange', () => {
			if (document.hidden) {
				stream?.close();
				stream = null;
			} else stream ??= new Stream(hear);
		});
	}
	addEventListener('online', () => hurry());
	document.addEventListener('visibilitychange', () => {
		if (!document.hidden) hurry();
	});
	void catchUp();
	// A stream that a proxy swallows must not leave the board old.
	retry ??= setInterval(() => {
		if (line.peek() !== 'live') void catchUp();
	}, 10_000);
}

// ---- documents ----

export interface Doc extends Document {
	name: string;
	body: Record<string, unknown>;
}
export type Section =
	| 'users'
	| 'teams'
	| 'services'
	| 'schedules'
	| 'overrides'
	| 'policies'
	| 'integrations'
	| 'rulesets'
	| 'channels'
	| 'holidays'
	| 'absences'
	| 'windows';

class Documents {
	readonly items = signal<Map<string, Doc> | null>(null);
	private asked = false;
	constructor(private readonly section: Section) {}
	async load(): Promise<void> {
		this.asked = true;
		try {
			const list = await get<List<Document>>('/' + this.section);
			this.items.value = new Map(
				list.items.map((d) => {
					const body = d.document as Record<string, unknown>;
					return [d.id, { ...d, body, name: String(body['name'] ?? d.id) }];
				}),
			);
		} catch {
			this.asked = false;
		}
	}
	ask(): void {
		if (!this.asked) void this.load();
	}
}
const sections = new Map<Section, Documents>();

/** The documents of a section; null until they are here. Reading them in a component follows them. */
export function docs(section: Section): Map<string, Doc> | null {
	let s = sections.get(section);
	if (!s) sections.set(section, (s = new Documents(section)));
	s.ask();
	return s.items.value;
}
export function reload(section: Section): void {
	void sections.get(section)?.load();
}

/** "user/alice" or "alice" -> "Alice Amsel". */
export function userName(ref: string | undefined): string {
	if (!ref) return 'nobody';
	const id = ref.replace(/^user\//, '');
	if (ref.includes('/') && !ref.startsWith('user/')) return targetName(ref);
	return docs('users')?.get(id)?.name ?? id;
}
export const sectionOf: Record<string, Section> = {
	user: 'users',
	team: 'teams',
	schedule: 'schedules',
	policy: 'policies',
	service: 'services',
	channel: 'channels',
	integration: 'integrations',
	holiday: 'holidays',
	override: 'overrides',
	absence: 'absences',
	ruleset: 'rulesets',
	window: 'windows',
};
/** "schedule/shop" -> "Shop, weekly". */
export function targetName(ref: string): string {
	const [kind, id] = ref.replace(/ \(.*/, '').split('/') as [string, string | undefined];
	const section = sectionOf[kind];
	if (!section || !id) return ref;
	return docs(section)?.get(id)?.name ?? id;
}

// ---- me ----

export const me = signal<Me | null>(null);
export const myTeams = computed<Set<string>>(() => {
	const id = me.value?.id;
	const out = new Set<string>();
	if (id)
		for (const [t, d] of docs('teams') ?? []) if (id in ((d.body['members'] ?? {}) as object)) out.add(t);
	return out;
});
/** Whether a row is mine, asked of thousands. */
export const mineIs = computed<(r: Row) => boolean>(() => {
	const teams = myTeams.value,
		myself = `user/${me.value?.id}`;
	return (r) => (r.team !== undefined && teams.has(r.team)) || r.acked_by === myself;
});
export const isMine = (r: Row): boolean => mineIs.value(r);
const ranks = ['none', 'stakeholder', 'member', 'admin', 'owner'];
export function may(role: 'stakeholder' | 'member' | 'admin' | 'owner'): boolean {
	return ranks.indexOf(me.value?.role ?? 'none') >= ranks.indexOf(role);
}

export async function start(): Promise<void> {
	me.value = await get<Me>('/me');
}
