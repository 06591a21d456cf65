// SPDX-License-Identifier: Apache-2.0
// A line a schedule: who is on call by it, who is paged after them, who comes next, and what people call it by.
import { get, type Duty, type List, type Person, type Shift } from '../../api/http';
import { duty } from '../../shell';
import { docs, myTeams, targetName, userName } from '../../store/store';
import { when } from '../../ui/time';
import { iso } from '../duty/api';

export interface Line extends Duty {
	next: Shift | null;
	shifts: Shift[];
}
export const DAYS = 60;

export async function load(): Promise<Line[]> {
	const list = (await get<List<Duty>>('/oncall')).items;
	duty.value = list;
	const to = iso(Date.now() + DAYS * 864e5);
	return Promise.all(
		list.map(async (d) => {
			const shifts = (await get<List<Shift>>(`/schedules/${d.schedule}/shifts?to=${to}`)).items;
			const next = d.until ? shifts.find((s) => Date.parse(s.from) >= Date.parse(d.until!)) : undefined;
			return { ...d, shifts, next: next ?? null };
		}),
	);
}

/** Policies that page the schedule in a step, and services that use one of these: what people ask by. */
export function policiesOf(schedule: string): string[] {
	return [...(docs('policies')?.values() ?? [])]
		.filter((p) => JSON.stringify(p.body['steps'] ?? []).includes(`schedule/${schedule}"`))
		.map((p) => p.id);
}
export function servicesOf(schedule: string): { id: string; name: string }[] {
	const policies = policiesOf(schedule);
	return [...(docs('services')?.values() ?? [])].filter((s) => policies.includes(String(s.body['policy'])));
}

type Target = string | { to: string; who?: string };
interface Step {
	page?: Target[];
}

/** Who is paged when those on call do not answer: the second step of the policy that begins with them. */
export function secondary(line: Line, lines: Line[]): { people: Person[]; words: string[] } {
	for (const p of docs('policies')?.values() ?? []) {
		const steps = (p.body['steps'] ?? []) as Step[];
		if (!JSON.stringify(steps[0]?.page ?? []).includes(`schedule/${line.schedule}"`)) continue;
		const people: Person[] = [],
			words: string[] = [];
		for (const t of steps[1]?.page ?? []) {
			const to = typeof t === 'string' ? t : t.to;
			const other = lines.find((l) => to === `schedule/${l.schedule}`);
			if (other)
				people.push(...((typeof t !== 'string' && t.who === 'next' ? other.next?.users : other.users) ?? []));
			else if (to.startsWith('user/')) people.push({ id: to.slice(5), name: userName(to) });
			else words.push(targetName(to));
		}
		return { people, words };
	}
	return { people: [], words: [] };
}

const noise = new Set([
	'who',
	'whom',
	'do',
	'does',
	'i',
	'we',
	'call',
	'for',
	'is',
	'on',
	'the',
	'to',
	'page',
]);

/** "who do I call for checkout?": all of its words that say something. */
export function matches(line: Line, question: string): boolean {
	const said = question
		.toLowerCase()
		.split(/[^\p{L}\p{N}-]+/u)
		.filter((w) => w && !noise.has(w));
	const known = [
		line.name,
		line.schedule,
		line.team ?? '',
		targetName(`team/${line.team}`),
		...line.users.map((u) => `${u.name} ${u.id}`),
		...servicesOf(line.schedule).map((s) => `${s.name} ${s.id}`),
	]
		.join(' ')
		.toLowerCase();
	return said.every((w) => known.includes(w));
}

export function sorted(lines: Line[]): Line[] {
	const team = (l: Line): string => targetName(`team/${l.team ?? ''}`);
	return [...lines].sort(
		(a, b) =>
			Number(myTeams.value.has(b.team ?? '')) - Number(myTeams.value.has(a.team ?? '')) ||
			team(a).localeCompare(team(b)) ||
			a.name.localeCompare(b.name),
	);
}

export function asText(lines: Line[]): string {
	return lines
		.map((l) => {
			const then = secondary(l, lines);
			const names = then.people.map((u) => u.name ?? u.id).concat(then.words);
			return (
				`${l.name}: ${l.users.map((u) => u.name ?? u.id).join(', ') || 'NOBODY'}` +
				(l.until ? ` until ${when(l.until)}` : '') +
				(names.length ? `, then ${names.join(', ')}` : '')
			);
		})
		.join('\n');
}
