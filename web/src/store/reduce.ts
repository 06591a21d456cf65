// SPDX-License-Identifier: Apache-2.0
// The one way in which what is known of incidents changes: a first look, what the log has touched, an
// own click, an answer. Pure: the same set of changes gives the same result in any order, because of
// two states of one incident the higher revision wins.
import type { Incident } from '../api/types';
import type { Then, Wait } from '../api/http';

export interface Row extends Incident {
	wait?: Wait;
	/** Whom it pages when that wait is over. */
	then?: Then;
	/** The verb of an own click that the server has not answered yet. */
	pending?: string;
	/** It could not be sent and is tried again. */
	unsent?: boolean;
}
export type Rows = Map<number, Row>;
export type Change =
	| { kind: 'seen'; items: Incident[]; waits: Wait[] | null; nexts?: Then[] }
	| { kind: 'pending'; id: number; verb: string; patch: Partial<Incident> }
	| { kind: 'unsent'; id: number }
	| { kind: 'settled'; id: number; item?: Incident; back?: Partial<Incident> };

/** The rows that are new or other than before, by id. `rows` is left alone. */
export function apply(rows: Rows, change: Change): Rows {
	const out: Rows = new Map();
	if (change.kind === 'seen') {
		const waits = change.waits && new Map(change.waits.map((w) => [w.incident, w]));
		for (const item of change.items) {
			const had = rows.get(item.id);
			if (had && had.revision > item.revision) continue;
			const row: Row = { ...item };
			const wait = waits ? waits.get(item.id) : had?.wait;
			const then = waits ? change.nexts?.[wait?.then ?? -1] : had?.then;
			if (wait && (wait.why === 'step') === (item.state === 'triggered')) Object.assign(row, { wait, then });
			if (had?.pending && had.revision === item.revision)
				Object.assign(row, pick(had), { pending: had.pending, unsent: had.unsent });
			out.set(item.id, row);
		}
		return out;
	}
	const had = rows.get(change.id);
	if (change.kind === 'settled' && change.item)
		return apply(had ? new Map([[change.id, without(had)]]) : rows, {
			kind: 'seen',
			items: [change.item],
			waits: null,
		});
	if (!had) return out;
	if (change.kind === 'pending') out.set(change.id, { ...had, ...change.patch, pending: change.verb });
	else if (change.kind === 'unsent') out.set(change.id, { ...had, unsent: true });
	else out.set(change.id, { ...without(had), ...change.back });
	return out;
}

/** What an own click may have put on a row before its answer. */
function pick(row: Row): Partial<Row> {
	return { state: row.state, acked_by: row.acked_by, snoozed_until: row.snoozed_until };
}

function without(row: Row): Row {
	const { pending: _p, unsent: _u, ...rest } = row;
	return rest;
}

export type Group = 'you' | 'triggered' | 'acknowledged' | 'snoozed' | 'resolved';
export const groups: Group[] = ['you', 'triggered', 'acknowledged', 'snoozed', 'resolved'];
export function group(row: Row, mine: (r: Row) => boolean): Group {
	if (row.state === 'resolved') return 'resolved';
	if (row.snoozed_until) return 'snoozed';
	if (row.state === 'acknowledged') return 'acknowledged';
	return mine(row) ? 'you' : 'triggered';
}

export type Line = { head: Group; n: number } | { id: number };

const severities = ['critical', 'error', 'warning', 'info'];
const rank: Record<string, number> = { critical: 0, error: 1, warning: 2, info: 3 };
const newest = (a: Row, b: Row): number => b.id - a.id;

/** The board as lines: a head for each group that has something, in it the worst first, then the newest. They come
 * almost in that order, so that parting them by severity and sorting each part costs little. */
export function lines(rows: Row[], mine: (r: Row) => boolean): Line[] {
	const part = (): Row[][] => severities.map(() => []);
	const by: Record<Group, Row[][]> = {
		you: part(),
		triggered: part(),
		acknowledged: part(),
		snoozed: part(),
		resolved: part(),
	};
	for (const row of rows) {
		const g = group(row, mine);
		by[g][g === 'resolved' ? 0 : (rank[row.severity] ?? 3)]!.push(row);
	}
	const out: Line[] = [];
	for (const g of groups) {
		const n = by[g].reduce((sum, list) => sum + list.length, 0);
		if (n) out.push({ head: g, n });
		for (const list of by[g]) for (const row of list.sort(newest)) out.push({ id: row.id });
	}
	return out;
}
