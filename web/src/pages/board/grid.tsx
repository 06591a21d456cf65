// SPDX-License-Identifier: Apache-2.0
// Only what is in view is drawn.
import type { JSX } from 'preact';
import { screen } from './hold';
import { Head, RowOf } from './row';
import { find, height, offsets, OVER, phone, PHONE_ROW, ROW, top } from './scroll';

export function Grid(): JSX.Element {
	const list = screen.value,
		o = offsets.value;
	const first = Math.max(0, find(top.value) - OVER);
	const last = Math.min(list.length, find(top.value + height.value) + OVER + 1);
	// Rows are recycled by slot: scrolling changes texts, it does not make and destroy elements.
	const slots = Math.max(1, Math.ceil(height.value / (phone.value ? PHONE_ROW : ROW)) + 2 * OVER + 3);
	const drawn: JSX.Element[] = [];
	for (let i = first; i < last; i++) {
		const l = list[i]!;
		drawn.push(
			'head' in l ? (
				<Head key={`h${i % slots}`} line={l} y={o[i]!} />
			) : (
				<RowOf key={i % slots} id={l.id} y={o[i]!} index={i} />
			),
		);
	}
	return (
		<div class="grid-inner" style={{ height: `${o[o.length - 1]}px` }}>
			{drawn}
		</div>
	);
}
