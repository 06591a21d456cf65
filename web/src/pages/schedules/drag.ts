// SPDX-License-Identifier: Apache-2.0
// Drawing, moving and resizing on a lane with the pointer, in steps of half an hour. What comes of it is a draft:
// it is saved by the form, which says first what it changes.
import { useRef, useState } from 'preact/hooks';
import type { RefObject } from 'preact';
import type { Item } from './items';
import type { Span } from './lanes';

export const STEP = 30 * 60_000;
const FIRST = 4 * 36e5; // of a click without a drag
const EDGE = 8; // px of a bar that resize it
const STILL = 4; // px under which it was a click

type Mode = 'new' | 'move' | 'from' | 'to';
export interface Dragged extends Span {
	mode: Mode;
	item: Item | null;
	moved: boolean;
}

/** Where a drag of so far brings it; never shorter than a step. */
function dragged(d: Dragged, start: Span, grip: number, t: number): Span {
	const by = t - grip;
	if (d.mode === 'move') return { from: start.from + by, to: start.to + by };
	if (d.mode === 'from') return { from: Math.min(start.from + by, start.to - STEP), to: start.to };
	if (d.mode === 'to') return { from: start.from, to: Math.max(start.to + by, start.from + STEP) };
	return { from: Math.min(t, grip), to: Math.max(t, grip) };
}

export interface Handlers {
	onPointerDown: (e: PointerEvent) => void;
	onPointerMove: (e: PointerEvent) => void;
	onPointerUp: () => void;
	onPointerCancel: () => void;
}

export function useDrag(
	ref: RefObject<HTMLDivElement | null>,
	view: Span,
	on: { draw: (s: Span) => void; change: (i: Item, s: Span) => void; pick: (i: Item) => void },
): { drag: Dragged | null; handlers: (items: Item[], may: boolean) => Handlers } {
	const [drag, set] = useState<Dragged | null>(null);
	const start = useRef({ from: 0, to: 0, grip: 0, x: 0 });
	const at = (e: PointerEvent): number => {
		const r = ref.current!.getBoundingClientRect();
		return Math.round((view.from + ((e.clientX - r.left) / r.width) * (view.to - view.from)) / STEP) * STEP;
	};
	const modeOf = (e: PointerEvent, bar: HTMLElement, item: Item): Mode => {
		const r = bar.getBoundingClientRect();
		if (!item.moves || r.width < 3 * EDGE) return 'move';
		return e.clientX - r.left < EDGE ? 'from' : r.right - e.clientX < EDGE ? 'to' : 'move';
	};
	const handlers = (items: Item[], may: boolean): Handlers => ({
		onPointerDown: (e) => {
			if (e.button !== 0 || e.pointerType === 'touch') return;
			const bar = (e.target as HTMLElement).closest<HTMLElement>('[data-item]');
			const item = items.find((i) => `${i.kind} ${i.id}` === bar?.dataset['item']) ?? null;
			if (!item && (!may || bar || (e.target as HTMLElement).closest('button'))) return;
			const t = at(e);
			start.current = { from: item?.from ?? t, to: item?.to ?? t, grip: t, x: e.clientX };
			ref.current!.setPointerCapture(e.pointerId);
			set({
				mode: item && bar ? modeOf(e, bar, item) : 'new',
				item,
				moved: false,
				from: start.current.from,
				to: start.current.to,
			});
		},
		onPointerMove: (e) => {
			if (!drag) return;
			const moved = drag.moved || Math.abs(e.clientX - start.current.x) >= STILL;
			if (drag.item && (!moved || !drag.item.moves || !may)) return;
			set({ ...drag, moved, ...dragged(drag, start.current, start.current.grip, at(e)) });
		},
		onPointerUp: () => {
			if (!drag) return;
			set(null);
			const span = { from: drag.from, to: drag.to };
			if (!drag.item) on.draw(span.to > span.from ? span : { from: span.from, to: span.from + FIRST });
			else if (drag.moved) on.change(drag.item, span);
			else on.pick(drag.item);
		},
		onPointerCancel: () => set(null),
	});
	return { drag, handlers };
}
