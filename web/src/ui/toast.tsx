// SPDX-License-Identifier: Apache-2.0
// What came of an action, with its undo. Read out politely; stays while the pointer or focus is on it.
import { signal } from '@preact/signals';
import type { JSX } from 'preact';

export interface Toast {
	text: string;
	bad?: boolean;
	details?: string[];
	life?: number;
	undo?: { text: string; run: () => void };
	/** Runs when it goes without an undo. */
	ended?: () => void;
}
interface Shown extends Toast {
	id: number;
	until: number;
}
export const toasts = signal<Shown[]>([]);
let next = 1;
let held = false;

export function toast(t: Toast): void {
	toasts.value = [
		...toasts.peek().slice(-2),
		{ ...t, id: next++, until: Date.now() + (t.life ?? (t.undo ? 10_000 : 6000)) },
	];
	// One that is pushed out by newer ones has ended too.
	for (const old of toasts.peek().slice(0, -3)) old.ended?.();
}

/** What the server said no to. */
export const refused = (e: Error): void => toast({ text: e.message, bad: true });

function drop(t: Shown, undone = false): void {
	toasts.value = toasts.peek().filter((x) => x.id !== t.id);
	if (!undone) t.ended?.();
}

setInterval(() => {
	if (held) {
		for (const t of toasts.peek()) t.until += 250;
		return;
	}
	for (const t of toasts.peek()) if (Date.now() > t.until) drop(t);
}, 250);

/** `z`: the newest undo that is still offered. */
export function undoLast(): boolean {
	const t = [...toasts.peek()].reverse().find((x) => x.undo);
	if (!t) return false;
	drop(t, true);
	t.undo!.run();
	return true;
}

export function Toasts(): JSX.Element {
	return (
		<div
			class="toasts"
			role="status"
			aria-live="polite"
			onPointerEnter={() => {
				held = true;
			}}
			onPointerLeave={() => {
				held = false;
			}}
			onFocusIn={() => {
				held = true;
			}}
			onFocusOut={() => {
				held = false;
			}}
		>
			{toasts.value.map((t) => (
				<div class={'toast' + (t.bad ? ' bad' : '')} key={t.id}>
					<div>
						<span>{t.text}</span>
						{t.details && t.details.length > 0 && (
							<details>
								<summary>Why</summary>
								<ul>
									{t.details.slice(0, 50).map((d) => (
										<li>{d}</li>
									))}
								</ul>
							</details>
						)}
					</div>
					{t.undo && (
						<button
							onClick={() => {
								drop(t, true);
								t.undo!.run();
							}}
						>
							{t.undo.text} <kbd>z</kbd>
						</button>
					)}
					<button class="plain" aria-label="Close this message" onClick={() => drop(t)}>
						✕
					</button>
				</div>
			))}
		</div>
	);
}
