// SPDX-License-Identifier: Apache-2.0
// The cursor, the selection, and what a verb is about.
import { run, type Verb } from '../../outbox';
import { cursor, hold, reasons, screen, selected } from './hold';
import { reveal } from './scroll';

function ids(): number[] {
	return screen.peek().flatMap((l) => ('id' in l ? [l.id] : []));
}

export function toggle(id: number, range = false): void {
	const next = new Set(selected.peek());
	if (range && cursor.peek() !== null) {
		const list = ids();
		const [a, b] = [list.indexOf(cursor.peek()!), list.indexOf(id)].sort((x, y) => x - y) as [number, number];
		for (const i of list.slice(Math.max(a, 0), b + 1)) next.add(i);
	} else if (!next.delete(id)) next.add(id);
	selected.value = next;
	cursor.value = id;
	hold();
}
export function clear(): void {
	selected.value = new Set();
	hold();
}
export function move(by: number): void {
	const list = ids();
	if (list.length === 0) return;
	reasons.keyboard = true;
	hold();
	const at = cursor.peek() === null ? -1 : list.indexOf(cursor.peek()!);
	cursor.value = list[Math.max(0, Math.min(list.length - 1, at < 0 ? 0 : at + by))]!;
	reveal();
}
/** What a verb is about: the selection, else the row of the cursor. */
export function subject(): number[] {
	if (selected.peek().size) return [...selected.peek()];
	return cursor.peek() === null ? [] : [cursor.peek()!];
}
export async function doIt(verb: Verb, which = subject(), body: Record<string, unknown> = {}): Promise<void> {
	if (which.length === 0) return;
	clear();
	await run(which, verb, body);
}
