// SPDX-License-Identifier: Apache-2.0
// Acting on incidents: shown at once, sent with the revision that was seen and one idempotency key, tried
// again for two minutes when the server is away, and never shown as done while it is not.
import { signal } from '@preact/signals';
import { call, Failure, key } from './api/http';
import type { Incident } from './api/types';
import { change, me, refresh, rows, userName } from './store/store';
import type { Row } from './store/reduce';
import { toast } from './ui/toast';

export type Verb =
	'acknowledge' | 'resolve' | 'snooze' | 'escalate' | 'reassign' | 'reroute' | 'note' | 'merge';
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

/** Why there is nothing to do, or null. */
function pointless(r: Row | undefined, verb: Verb): string | null {
	if (!r) return null;
	if (r.state === 'resolved' && verb !== 'note') return 'it is resolved already';
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
					detail:
						news.state === 'resolved'
							? `${userName(news.resolved_by)} has resolved it meanwhile`
							: `${userName(news.acked_by)} was first`,
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

/** Several at once, six at a time. */
export async function act(ids: number[], verb: Verb, body: Record<string, unknown> = {}): Promise<Outcome[]> {
	const out: Outcome[] = [];
	const todo = [...ids];
	await Promise.all(
		Array.from({ length: Math.min(6, ids.length) }, async () => {
			for (let id = todo.shift(); id !== undefined; id = todo.shift()) out.push(await one(id, verb, body));
		}),
	);
	return out.sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
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
	if (verb === 'acknowledge' || verb === 'snooze')
		return { text: 'Undo: page again', run: () => void run(ids, 'reroute') };
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

/** Ending is the one verb that the server cannot take back: it waits some seconds for an undo. Leaving the
 * page sends it. */
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
		for (const id of todo) change({ kind: 'pending', id, verb: 'resolve', patch: {} });
		let open = true;
		const clear = (): void => {
			for (const id of todo) change({ kind: 'settled', id });
		};
		const leave = (): void => {
			if (!open) return;
			open = false;
			for (const id of todo)
				void call('POST', `/incidents/${id}/resolve`, {
					body,
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
