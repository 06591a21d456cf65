// SPDX-License-Identifier: Apache-2.0
// What the pages about duty ask of the server. Who is on call is computed there and nowhere else.
import { computed } from '@preact/signals';
import { call, get, key, type List, type Person } from '../../api/http';
import type { Swap } from '../../api/types';
import { docs, me, may, myTeams } from '../../store/store';

export type { Swap };

export interface Difference {
	from: string;
	to: string;
	before: Person[];
	after: Person[];
}
export interface Left {
	schedule: string;
	from: string;
	to: string;
}
export interface Made {
	id: string;
	differences?: Difference[];
	gaps_left: Left[];
}
export interface Candidate {
	id: string;
	name?: string;
	free: boolean;
	hours: number;
	stretch_hours: number;
	reasons: string[];
}
export interface Quality {
	from: string;
	to: string;
	covered: number;
	load: { user: string; hours: number; night_hours: number; weekend_hours: number; share: number }[];
	fairness: { hours: number; nights: number; weekends: number };
	unreachable: { user: string; why: string }[];
	unverified: string[];
	findings: string[];
}

export const iso = (t: number): string => new Date(t).toISOString();
const span = (from: number, to: number): string => `from=${iso(from)}&to=${iso(to)}`;

// ---- overrides ----

export interface Cover {
	from: number;
	to: number;
	/** null: nobody. */
	who: string | null;
	/** Whose duty; everybody's when absent. */
	replace?: string;
	note?: string;
}

/** Whoever shares the work of a schedule may, for themselves or another. With `dry` only said. */
export async function makeOverride(schedule: string, c: Cover, dry = false): Promise<Made> {
	const body: Record<string, unknown> = { from: iso(c.from), to: iso(c.to), dry_run: dry };
	if (c.who) body['with'] = c.who;
	else body['nobody'] = true;
	if (c.replace) body['replace'] = c.replace;
	if (c.note) body['description'] = c.note;
	const headers: Record<string, string> = dry ? {} : { 'Idempotency-Key': key() };
	return (await call<Made>('POST', `/schedules/${schedule}/overrides`, { body, headers })).value;
}

export type Body = Record<string, unknown>;

/** What would be different on the schedule if the documents were so. */
export async function preview(
	schedule: string,
	sections: Body,
	from: number,
	to: number,
): Promise<Difference[]> {
	const a = await call<{ differences: Difference[] }>(
		'POST',
		`/schedules/${schedule}/preview?${span(from, to)}`,
		{
			body: sections,
		},
	);
	return a.value.differences;
}

/** Made anew when there is no revision to go by. */
export async function putOverride(id: string, body: Body, revision?: number): Promise<void> {
	const headers: Record<string, string> = revision ? { 'If-Match': `"${revision}"` } : {};
	await call('PUT', `/overrides/${id}`, { body, headers });
}
export async function dropOverride(id: string): Promise<void> {
	await call('DELETE', `/overrides/${id}`);
}

// ---- people ----

export async function candidates(schedule: string, from: number, to: number): Promise<Candidate[]> {
	return (await get<List<Candidate>>(`/schedules/${schedule}/candidates?${span(from, to)}`)).items;
}
export async function sayAway(
	user: string,
	from: number,
	to: number,
	note: string,
	dry: boolean,
): Promise<Made> {
	const body: Body = { from: iso(from), to: iso(to), dry_run: dry };
	if (note) body['description'] = note;
	return (await call<Made>('POST', `/users/${user}/absences`, { body })).value;
}
export const quality = (schedule: string, from: number, to: number): Promise<Quality> =>
	get<Quality>(`/schedules/${schedule}/quality?${span(from, to)}`);

// ---- swaps ----

export async function openSwaps(): Promise<Swap[]> {
	return (await get<List<Swap>>('/swaps?limit=500')).items;
}
export async function offerSwap(schedule: string, body: Body): Promise<Swap> {
	return (await call<Swap>('POST', `/schedules/${schedule}/swaps`, { body })).value;
}
export async function endSwap(
	s: Swap,
	verb: 'accept' | 'decline' | 'withdraw',
	body: Body = {},
): Promise<Swap> {
	return (await call<Swap>('POST', `/swaps/${s.id}/${verb}`, { body })).value;
}

// ---- what the server would allow, so that nothing is offered in vain; it decides ----

/** The layers of each schedule as a text in which people are looked for; written once for a whole list of them. */
const layersOf = computed(
	() =>
		new Map([...(docs('schedules') ?? [])].map(([id, d]) => [id, JSON.stringify(d.body['layers'] ?? [])])),
);
const layered = (schedule: string, user: string): boolean =>
	layersOf.value.get(schedule)?.includes(`"${user}"`) ?? false;

/** Members of the schedule's team, people in its layers, administrators. */
export function shares(schedule: string): boolean {
	const body = docs('schedules')?.get(schedule)?.body;
	if (may('admin')) return true;
	if (!may('member') || !body) return false;
	return myTeams.value.has(String(body['team'] ?? '')) || layered(schedule, me.value?.id ?? '');
}

const membersOf = (team: string): Record<string, string> =>
	(docs('teams')?.get(team)?.body['members'] ?? {}) as Record<string, string>;
const manages = (team: string): boolean => membersOf(team)[me.value?.id ?? ''] === 'manager';

/** Managers of its team, administrators. */
export function leads(schedule: string): boolean {
	return may('admin') || manages(String(docs('schedules')?.get(schedule)?.body['team'] ?? ''));
}

/** Of whom I may say that they are away: myself; as a manager those of my teams and in their schedules' layers. */
export function mayBeAway(user: string): boolean {
	if (may('admin') || (user === me.value?.id && may('member'))) return true;
	for (const team of myTeams.value) if (manages(team) && user in membersOf(team)) return true;
	for (const id of docs('schedules')?.keys() ?? []) if (leads(id) && layered(id, user)) return true;
	return false;
}

/** Me first, then the others of a schedule (or of all). */
export function mayBeAwayOf(schedule?: string): string[] {
	const mine = me.value?.id ?? '';
	const team = membersOf(String(docs('schedules')?.get(schedule ?? '')?.body['team'] ?? ''));
	const list = [...(docs('users')?.keys() ?? [])].filter(
		(u) => (!schedule || u in team || layered(schedule, u)) && mayBeAway(u),
	);
	return list.sort((a, b) => Number(b === mine) - Number(a === mine));
}
