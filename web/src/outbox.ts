// SPDX-License-Identifier: Apache-2.0
// Acting on incidents: shown at once, sent with the revision that was seen and one idempotency key, tried
// again for two minutes when the server is away, and never shown as done while it is not.
import { batch, signal } from '@preact/signals';
import { call, Failure, key } from './api/http';
import type { Incident } from './api/types';
import { change, me, refresh, rows, userName } from './store/store';
import type { Row } from './store/reduce';
import { toast } from './ui/toast';

type Back = 'unacknowledge' | 'unsnooze' | 'unmitigate' | 'reopen' | 'unmerge';
export type Verb =
	| 'acknowledge'
	| 'resolve'
	| 'snooze'
	| 'escalate'
	| 'reassign'
	| 'reroute'
	| 'note'
	| 'merge'
	| 'join'
	| 'decline'
	| 'watch'
	| 'unwatch'
	| 'mitigate'
	| Back;
export interface Outcome {
	id: number;
	what: 'done' | 'skipped' | 'failed';
	why?: string;
}

const past: Record<Verb, string> = {
	acknowledge: 'Acknowledged',
	resolve: 'Resolved',
	snooze: 'Snoozed',
	escalate: 'Escalated',
	reassign: 'Reassigned',
	reroute: 'Paging again for',
	note: 'Noted on',
	merge: 'Merged',
	join: 'You are on',
	decline: 'Calling goes on without you for',
	watch: 'You watch',
	unwatch: 'You no longer watch',
	mitigate: 'Mitigated',
	unacknowledge: 'Given back',
	unsnooze: 'Awake:',
	unmitigate: 'Not mitigated:',
	reopen: 'Reopened',
	unmerge: 'Apart again:',
};
const PATIENCE = 120_000;
/** Actions that the server has not answered yet. */
export const waiting = signal(0);

function patch(verb: Verb, body: Record<string, unknown>): Partial<Incident> | null {
	const who = `user/${me.peek()?.id}`;
	if (verb === 'acknowledge') return { state: 'acknowledged', acked_by: who, snoozed_until: undefined };
	if (verb === 'resolve') return { state: 'resolved', resolved_by: who };
	if (verb === 'snooze')
		return { state: 'acknowledged', acked_by: who, snoozed_until: body['until'] as string | undefined };
	return null;
}

const onResolved = new Set<Verb>(['note', 'watch', 'unwatch', 'reopen', 'unmerge']);
const back: Partial<Record<Verb, Back>> = {
	acknowledge: 'unacknowledge',
	snooze: 'unsnooze',
	mitigate: 'unmitigate',
	merge: 'unmerge',
};

/** Why there is nothing to do, or null. */
function pointless(r: Row | undefined, verb: Verb): string | null {
	if (!r) return null;
	if (r.state === 'resolved' && !onResolved.has(verb)) return 'it is resolved already';
	if (
		verb === 'acknowledge' &&
		r.state === 'acknowledged' &&
		!r.snoozed_until &&
		r.acked_by === `user/${me.peek()?.id}`
	)
		return 'you have it already';
	return null;
}

async function send(
	id: number,
	verb: Verb,
	body: Record<string, unknown>,
	revision: number | undefined,
): Promise<Incident> {
	const idem = key();
	const end = Date.now() + PATIENCE;
	for (let pause = 500; ; pause = Math.min(pause * 2, 5000)) {
		try {
			const headers: Record<string, string> = { 'Idempotency-Key': idem };
			if (revision !== undefined) headers['If-Match'] = `"${revision}"`;
			return (await call<Incident>('POST', `/incidents/${id}/${verb}`, { body, headers })).value;
		} catch (e) {
			if (!(e instanceof Failure) || !e.passing || Date.now() > end) throw e;
			change({ kind: 'unsent', id });
			await new Promise((r) => setTimeout(r, pause));
		}
	}
}

/** The revision has moved: if what the person saw still holds, it is tried with the new one. */
async function sendSeen(
	id: number,
	verb: Verb,
	body: Record<string, unknown>,
	seen: Row | undefined,
): Promise<Incident> {
	let revision = seen?.revision;
	for (let i = 0; ; i++)
		try {
			return await send(id, verb, body, verb === 'note' ? undefined : revision);
		} catch (e) {
			if (!(e instanceof Failure) || e.status !== 412 || i === 5) throw e;
			const news = (await call<Incident>('GET', `/incidents/${id}`)).value;
			if (seen && (news.state !== seen.state || news.acked_by !== seen.acked_by))
				throw new Failure(412, {
					detail: firstWas(news),
				});
			revision = news.revision;
		}
}

async function one(id: number, verb: Verb, body: Record<string, unknown>): Promise<Outcome> {
	const seen = rows.get(id)?.peek();
	const why = pointless(seen, verb);
	if (why) return { id, what: 'skipped', why };
	const p = patch(verb, body);
	if (p) change({ kind: 'pending', id, verb, patch: p });
	waiting.value++;
	try {
		const item = await sendSeen(id, verb, body, seen);
		change({ kind: 'settled', id, item });
		return { id, what: 'done' };
	} catch (e) {
		const back: Partial<Incident> | undefined =
			seen && p
				? {
						state: seen.state,
						acked_by: seen.acked_by,
						resolved_by: seen.resolved_by,
						snoozed_until: seen.snoozed_until,
					}
				: undefined;
		change(back ? { kind: 'settled', id, back } : { kind: 'settled', id });
		void refresh(id).catch(() => undefined);
		const f = e as Failure;
		return { id, what: f.status === 409 || f.status === 412 ? 'skipped' : 'failed', why: f.message };
	} finally {
		waiting.value--;
	}
}

/** Fewer than this go one by one: each then has an answer, and a retry, of its own. */
const MANY = 6;
/** What the server does to many in one request. */
const inOne = new Set<Verb>(['acknowledge', 'resolve', 'snooze', 'escalate', 'reassign', 'reroute', 'note']);
const AT_ONCE = 100;

interface Bulk {
	items: {
		id: number;
		outcome: 'done' | 'unchanged' | 'skipped';
		why?: string;
		moved?: boolean;
		incident?: Incident;
	}[];
}

async function sendMany(
	items: { id: number; revision?: number }[],
	verb: Verb,
	body: Record<string, unknown>,
): Promise<Bulk> {
	const headers = { 'Idempotency-Key': key() };
	const end = Date.now() + PATIENCE;
	for (let pause = 500; ; pause = Math.min(pause * 2, 5000))
		try {
			return (await call<Bulk>('POST', '/incidents/bulk', { body: { verb, items, ...body }, headers })).value;
		} catch (e) {
			if (!(e instanceof Failure) || !e.passing || Date.now() > end) throw e;
			batch(() => {
				for (const { id } of items) change({ kind: 'unsent', id });
			});
			await new Promise((r) => setTimeout(r, pause));
		}
}

function firstWas(i: Incident): string {
	return i.state === 'resolved'
		? `${userName(i.resolved_by)} has resolved it meanwhile`
		: `${userName(i.acked_by)} was first`;
}

/** One request a hundred. What only moved on, and is still what the person saw, is asked once more. */
async function many(ids: number[], verb: Verb, body: Record<string, unknown>, tries = 3): Promise<Outcome[]> {
	const seen = new Map(ids.map((id) => [id, rows.get(id)?.peek()]));
	const p = patch(verb, body);
	if (p)
		batch(() => {
			for (const id of ids) change({ kind: 'pending', id, verb, patch: p });
		});
	const back = (id: number): Outcome | null => {
		const r = seen.get(id);
		change(
			r && p
				? {
						kind: 'settled',
						id,
						back: {
							state: r.state,
							acked_by: r.acked_by,
							resolved_by: r.resolved_by,
							snoozed_until: r.snoozed_until,
						},
					}
				: { kind: 'settled', id },
		);
		return null;
	};
	waiting.value++;
	try {
		const answer = await sendMany(
			ids.map((id) => {
				const revision = verb === 'note' ? undefined : seen.get(id)?.revision;
				return revision === undefined ? { id } : { id, revision };
			}),
			verb,
			body,
		);
		const out: Outcome[] = [];
		const again: number[] = [];
		batch(() => {
			for (const o of answer.items) {
				const was = seen.get(o.id),
					is = o.incident;
				if (o.outcome === 'skipped') back(o.id);
				if (is) change({ kind: 'settled', id: o.id, item: is });
				if (o.outcome !== 'skipped') out.push({ id: o.id, what: 'done' });
				else if (o.moved && is && was && is.state === was.state && is.acked_by === was.acked_by && tries > 1)
					again.push(o.id);
				else out.push({ id: o.id, what: 'skipped', why: o.moved && is ? firstWas(is) : (o.why ?? '') });
			}
		});
		if (again.length) out.push(...(await many(again, verb, body, tries - 1)));
		return out;
	} catch (e) {
		batch(() => ids.forEach(back));
		return ids.map((id) => ({ id, what: 'failed', why: (e as Failure).message }));
	} finally {
		waiting.value--;
	}
}

/** A few one by one, at once; many in hundreds, one after the other. */
export async function act(ids: number[], verb: Verb, body: Record<string, unknown> = {}): Promise<Outcome[]> {
	const out: Outcome[] = [];
	if (ids.length < MANY || !inOne.has(verb)) {
		const todo = [...ids];
		await Promise.all(
			Array.from({ length: Math.min(MANY, ids.length) }, async () => {
				for (let id = todo.shift(); id !== undefined; id = todo.shift()) out.push(await one(id, verb, body));
			}),
		);
	} else {
		const todo: number[] = [];
		for (const id of ids) {
			const why = pointless(rows.get(id)?.peek(), verb);
			if (why) out.push({ id, what: 'skipped', why });
			else todo.push(id);
		}
		for (let i = 0; i < todo.length; i += AT_ONCE)
			out.push(...(await many(todo.slice(i, i + AT_ONCE), verb, body)));
	}
	const place = new Map(ids.map((id, i) => [id, i]));
	return out.sort((a, b) => place.get(a.id)! - place.get(b.id)!);
}

function tell(verb: Verb, ids: number[], outcomes: Outcome[]): void {
	const done = outcomes.filter((o) => o.what === 'done').map((o) => o.id);
	const rest = outcomes.filter((o) => o.what !== 'done');
	const name = ids.length === 1 ? `#${ids[0]}` : `${done.length}`;
	if (done.length) {
		const undo = undoOf(verb, done);
		toast({
			text: `${past[verb]} ${name}${rest.length ? `, ${rest.length} skipped` : ''}`,
			...(undo ? { undo } : {}),
			details: rest.map((o) => `#${o.id}: ${o.why}`),
		});
	} else if (rest.length)
		toast({
			text: rest.length === 1 ? `#${rest[0]!.id}: ${rest[0]!.why}` : `Nothing done, ${rest.length} skipped`,
			bad: true,
			details: rest.length > 1 ? rest.map((o) => `#${o.id}: ${o.why}`) : [],
		});
}

function undoOf(verb: Verb, ids: number[]): { text: string; run: () => void } | null {
	const verbBack = back[verb];
	if (verbBack) return { text: 'Undo', run: () => void run(ids, verbBack) };
	return null;
}

/** Acts and tells what came of it. */
export async function run(ids: number[], verb: Verb, body: Record<string, unknown> = {}): Promise<Outcome[]> {
	if (verb === 'resolve') return resolveSoon(ids, body);
	const outcomes = await act(ids, verb, body);
	tell(verb, ids, outcomes);
	return outcomes;
}

const GRACE = 6000;

/** An end closes alerts, which reopening does not open again: it waits some seconds for an undo. Leaving the page
 * sends it. */
function resolveSoon(ids: number[], body: Record<string, unknown>): Promise<Outcome[]> {
	const skipped: Outcome[] = [];
	const todo = ids.filter((id) => {
		const why = pointless(rows.get(id)?.peek(), 'resolve');
		if (why) skipped.push({ id, what: 'skipped', why });
		return !why;
	});
	if (todo.length === 0) {
		tell('resolve', ids, skipped);
		return Promise.resolve(skipped);
	}
	return new Promise((resolve) => {
		const seen = new Map(todo.map((id) => [id, rows.get(id)?.peek()]));
		batch(() => {
			for (const id of todo) change({ kind: 'pending', id, verb: 'resolve', patch: {} });
		});
		let open = true;
		const clear = (): void =>
			batch(() => {
				for (const id of todo) change({ kind: 'settled', id });
			});
		const leave = (): void => {
			if (!open) return;
			open = false;
			for (let i = 0; i < todo.length; i += AT_ONCE)
				void call('POST', '/incidents/bulk', {
					body: { verb: 'resolve', items: todo.slice(i, i + AT_ONCE).map((id) => ({ id })), ...body },
					keepalive: true,
					headers: { 'Idempotency-Key': key() },
				}).catch(() => undefined);
		};
		addEventListener('pagehide', leave, { once: true });
		const send = (): void => {
			if (!open) return;
			open = false;
			clear();
			void act(todo, 'resolve', body).then((o) => {
				for (const x of o) if (x.what === 'done') seen.delete(x.id);
				if (seen.size || skipped.length || todo.length > 1) tell('resolve', ids, [...o, ...skipped]);
				resolve([...o, ...skipped]);
			});
		};
		toast({
			text: `Resolving ${todo.length === 1 ? `#${todo[0]}` : `${todo.length} incidents`}`,
			life: GRACE,
			ended: send,
			undo: {
				text: 'Undo',
				run: () => {
					open = false;
					clear();
					resolve([]);
				},
			},
		});
	});
}
