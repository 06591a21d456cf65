// SPDX-License-Identifier: Apache-2.0
// Whether a pointer is on the rows. What a browser says of entering and leaving is not only about the pointer: it
// sends both while a mouse lies still, when something under it is put away, comes over it or is drawn anew. So what
// counts is a pointer that really moves, or presses: on the rows it holds them, anywhere else it lets them go, and so
// does leaving the window, `Esc`, and lying still for a while. A finger aims at what it touches, it holds nothing.
import { hold, pane, reasons, frozen } from './hold';

/** A pointer that was left lying there is nobody who aims: after a while the board goes on. */
const IDLE = 15_000;
let idle: ReturnType<typeof setTimeout> | undefined;
let x = -1,
	y = -1;

export function letGo(): void {
	clearTimeout(idle);
	reasons.pointer = false;
	hold();
}

function stillHere(): void {
	clearTimeout(idle);
	idle = setTimeout(letGo, IDLE);
	// It may have lain there before the first row came.
	if (reasons.pointer && frozen.peek()) return;
	reasons.pointer = true;
	hold();
}

/** The pill is over the rows, and goes when they are let go: who aims at it is still on them. */
function onRows(e: PointerEvent): boolean {
	const at = e.target as Element;
	return !!pane.el?.contains(at) || !!at.closest?.('.pill');
}

function seen(e: PointerEvent): void {
	const moved = e.clientX !== x || e.clientY !== y;
	if (e.pointerType === 'touch' || (e.type === 'pointermove' && !moved)) return;
	x = e.clientX;
	y = e.clientY;
	if (onRows(e)) stillHere();
	else if (reasons.pointer) letGo();
}

/** Until the board is left. */
export function watchPointer(): () => void {
	const page = document.documentElement;
	const to = new AbortController();
	const how = { signal: to.signal, passive: true, capture: true };
	document.addEventListener('pointermove', seen, how);
	document.addEventListener('pointerdown', seen, how);
	page.addEventListener('mouseleave', letGo, { signal: to.signal });
	return () => {
		to.abort();
		letGo();
	};
}
