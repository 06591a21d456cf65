// SPDX-License-Identifier: Apache-2.0
// What stands in the one lane of overrides, swaps, absences and holidays, and in which row of it: nothing hides another.
import type { Calendar } from '../../api/http';
import { docs, me, userName } from '../../store/store';
import type { Swap } from '../duty/api';
import type { Span } from './lanes';
import type { View } from './view';
import { covers, holidayWords, whyNot } from './words';

export interface Item extends Span {
	kind: 'override' | 'swap' | 'absence' | 'holiday';
	id: string;
	text: string;
	/** More of it, for who hovers or listens. */
	more: string;
	user: string;
	row: number;
	dull: boolean;
	/** A drag or a key can move it: not what a temporary schedule or another configuration says. */
	moves: boolean;
}

const movable = (id: string): boolean => {
	const body = docs('overrides')?.get(id)?.body;
	return !!body && !('shifts' in body);
};

export function itemsOf(c: Calendar, swaps: Swap[], view: View): { items: Item[]; rows: number } {
	const list: Item[] = c.overrides.map((o) => ({
		kind: 'override',
		id: o.id,
		from: Date.parse(o.from),
		to: Date.parse(o.to),
		text: covers(o) + (o.no_effect ? ' (no effect)' : ''),
		more: whyNot(o, view.zone),
		user: o.with ?? '',
		row: 0,
		dull: !!o.no_effect,
		moves: movable(o.id),
	}));
	for (const s of swaps)
		list.push({
			kind: 'swap',
			id: String(s.id),
			from: Date.parse(s.from),
			to: Date.parse(s.to),
			text: `⇄ ${s.user === me.value?.id ? 'you ask' : userName(s.user) + ' asks'} ${s.offered_to ? userName(s.offered_to) : 'all'}`,
			more: '',
			user: s.user,
			row: 0,
			dull: false,
			moves: false,
		});
	for (const a of c.absences)
		list.push({
			kind: 'absence',
			id: a.id,
			from: Date.parse(a.from),
			to: Date.parse(a.to),
			text: `${userName(a.user)} is away`,
			more: '',
			user: a.user,
			row: 0,
			dull: true,
			moves: false,
		});
	for (const h of c.holidays)
		list.push({
			kind: 'holiday',
			id: `${h.list} ${h.from}`,
			from: Date.parse(h.from),
			to: Date.parse(h.to),
			text: h.name,
			more: holidayWords(h),
			user: '',
			row: 0,
			dull: false,
			moves: false,
		});
	const items = list.filter((i) => i.to > view.from && i.from < view.to).sort((a, b) => a.from - b.from);
	const ends: number[] = [];
	for (const i of items) {
		let row = ends.findIndex((end) => end <= i.from);
		if (row < 0) row = ends.length;
		ends[row] = i.to;
		i.row = row;
	}
	return { items, rows: Math.max(1, ends.length) };
}
