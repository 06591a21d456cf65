// SPDX-License-Identifier: Apache-2.0
// Which rows the board has, in which order.
import { computed, signal } from '@preact/signals';
import { query, search } from '../../router';
import { compile } from '../../store/filter';
import { mineIs, rows, version } from '../../store/store';
import { lines, type Group, type Line, type Row } from '../../store/reduce';

export const view = computed(() => {
	void search.value;
	return query('view') || 'active';
});
export const text = computed(() => {
	void search.value;
	return query('q');
});
const matches = computed(() => compile(text.value));
export const olds = signal<number[]>([]); // resolved ones that were asked for
export const shownRows = computed<Row[]>(() => {
	void version.value;
	const test = matches.value,
		mine = view.value === 'mine' ? mineIs.value : null,
		resolved = view.value === 'all';
	const out: Row[] = [];
	for (const s of rows.values()) {
		const r = s.peek();
		if (r.state === 'resolved' && !resolved && !r.pending) continue;
		if (mine && !mine(r)) continue;
		if (test(r)) out.push(r);
	}
	return out;
});
export const collapsed = signal<Set<Group>>(new Set());
export const liveLines = computed<Line[]>(() => fold(lines(shownRows.value, mineIs.value)));

function fold(list: Line[]): Line[] {
	let skip = false;
	return list.filter((l) => {
		if ('head' in l) skip = collapsed.value.has(l.head);
		return 'head' in l || !skip;
	});
}
