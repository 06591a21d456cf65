// SPDX-License-Identifier: Apache-2.0
// Where each line stands, and which are in view.
import { computed, signal } from '@preact/signals';
import { cursor, pane, screen } from './hold';

export const ROW = 44,
	PHONE_ROW = 88,
	HEAD = 36,
	OVER = 6;
export const top = signal(0);
export const height = signal(700);
export const phone = signal(matchMedia('(max-width: 760px)').matches);
matchMedia('(max-width: 760px)').addEventListener('change', (e) => {
	phone.value = e.matches;
});

export const offsets = computed<number[]>(() => {
	const r = phone.value ? PHONE_ROW : ROW;
	let y = 0;
	const out = [0];
	for (const l of screen.value) out.push((y += 'head' in l ? HEAD : r));
	return out;
});
export function find(y: number): number {
	const o = offsets.value;
	let lo = 0,
		hi = o.length - 1;
	while (lo < hi) {
		const m = (lo + hi) >> 1;
		if (o[m + 1]! <= y) lo = m + 1;
		else hi = m;
	}
	return lo;
}
export function reveal(): void {
	const i = screen.peek().findIndex((l) => 'id' in l && l.id === cursor.peek());
	const box = pane.el;
	if (i < 0 || !box) return;
	const y = offsets.peek()[i]!,
		end = offsets.peek()[i + 1]!;
	if (y < box.scrollTop + HEAD) box.scrollTop = Math.max(0, y - HEAD);
	else if (end > box.scrollTop + box.clientHeight) box.scrollTop = end - box.clientHeight;
}
