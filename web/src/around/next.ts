// SPDX-License-Identifier: Apache-2.0
// When I am on call next: of the schedules in which I take turns, as the server reckons them.
import { signal } from '@preact/signals';
import { get, type List, type Shift } from '../api/http';
import { docs, me } from '../store/store';

export const next = signal<{ at: string; schedule: string } | null>(null);
const AHEAD = 60 * 864e5;
const AT_MOST = 12; // schedules asked; whoever is in more is on call all the time

/** Documents that may speak of me; they follow the configuration. */
function mine(): string[] {
	const id = `"${me.value?.id}"`;
	return [...(docs('schedules')?.values() ?? [])]
		.filter((d) => JSON.stringify(d.body['layers'] ?? []).includes(id))
		.map((d) => d.id)
		.slice(0, AT_MOST);
}

export async function loadNext(): Promise<void> {
	const now = new Date();
	const span = `from=${now.toISOString()}&to=${new Date(now.getTime() + AHEAD).toISOString()}`;
	const lists = await Promise.all(
		mine().map((s) =>
			get<List<Shift>>(`/schedules/${s}/shifts?${span}`).then(
				(l) => ({ schedule: s, items: l.items }),
				() => ({ schedule: s, items: [] as Shift[] }),
			),
		),
	);
	const coming = lists
		.flatMap((l) =>
			l.items
				.filter((s) => s.users.some((u) => u.id === me.value?.id) && s.from > now.toISOString())
				.map((s) => ({ at: s.from, schedule: l.schedule })),
		)
		.sort((a, b) => (a.at < b.at ? -1 : 1));
	next.value = coming[0] ?? null;
}
