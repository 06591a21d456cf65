// SPDX-License-Identifier: Apache-2.0
// Rows never move under a pointer, a selection or a reader: while there is one, the board is held as it was,
// and what is new waits behind a pill. pointer.ts says when there is a pointer.
import { computed, signal } from '@preact/signals';
import type { Line } from '../../store/reduce';
import { docs } from '../../store/store';
import { liveLines } from './rows';

/** What is on the screen while somebody reads it; null: whatever is true now. */
export const frozen = signal<Line[] | null>(null);
export const screen = computed<Line[]>(() => frozen.value ?? liveLines.value);
/** Of what is held: looked through anew only when it is another. */
const held = computed<Set<number> | null>(() => {
	if (!frozen.value) return null;
	const there = new Set<number>();
	for (const l of frozen.value) if ('id' in l) there.add(l.id);
	return there;
});
export const fresh = computed<number>(() => {
	if (!held.value) return 0;
	let n = 0;
	for (const l of liveLines.value) if ('id' in l && !held.value.has(l.id)) n++;
	return n;
});

export const reasons = { pointer: false, scrolled: false, keyboard: false };
export const selected = signal<Set<number>>(new Set());
export const cursor = signal<number | null>(null); // id
/** Whether the one at the cursor is looked into. */
export const peeking = signal(false);

/** What scrolls, while it is shown. */
export const pane: { el: HTMLDivElement | null } = { el: null };

/** Held while there is a reason to; a board without rows has nothing that could jump, and one that does not know yet
 * what is mine is not in its order yet. */
export function hold(): void {
	const wanted = reasons.pointer || reasons.scrolled || reasons.keyboard || selected.peek().size > 0;
	if (!wanted) frozen.value = null;
	else if (!frozen.peek()) {
		const list = liveLines.peek();
		if (list.length && docs('teams')) frozen.value = list;
	}
}
export function showNew(): void {
	reasons.scrolled = false;
	frozen.value = null;
	pane.el?.scrollTo({ top: 0 });
	if (reasons.pointer || reasons.keyboard || selected.peek().size) frozen.value = liveLines.peek();
}
