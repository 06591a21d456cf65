// SPDX-License-Identifier: Apache-2.0
// One table of keys: pages add theirs while they are shown. Single keys work outside fields only and can be
// turned off; Ctrl-K always works.
import { signal } from '@preact/signals';
import { keysOn } from './store/prefs';

export interface Binding {
	keys: string;
	text: string;
	group: string;
	run: () => void;
	hidden?: boolean;
}
export const bindings = signal<Binding[][]>([]);

/** From a layout effect: who sees a page presses at once, and an effect comes after the page was painted. */
export function addKeys(list: Binding[]): () => void {
	bindings.value = [...bindings.peek(), list];
	return () => {
		bindings.value = bindings.peek().filter((l) => l !== list);
	};
}

let prefix = '';
let timer: ReturnType<typeof setTimeout> | undefined;

function inField(e: KeyboardEvent): boolean {
	const t = e.target as HTMLElement;
	return (
		t.isContentEditable ||
		(['INPUT', 'TEXTAREA', 'SELECT'].includes(t.tagName) &&
			!(t instanceof HTMLInputElement && ['checkbox', 'radio', 'button'].includes(t.type)))
	);
}

export function onKey(e: KeyboardEvent): void {
	if (e.defaultPrevented || e.altKey) return;
	const mod = e.ctrlKey || e.metaKey;
	const name =
		(mod ? 'mod-' : '') +
		(e.shiftKey && e.key.length === 1 && /[a-z]/i.test(e.key) ? 'Shift-' + e.key.toLowerCase() : e.key);
	if (!mod && (inField(e) || !keysOn.peek() || document.querySelector('dialog[open]'))) return;
	if (
		!mod &&
		['Enter', ' '].includes(e.key) &&
		(e.target as HTMLElement).closest('button, a, summary, select, input')
	)
		return;
	const wanted = prefix ? `${prefix} ${name}` : name;
	const all = bindings.peek().flat().reverse();
	const hit = all.find((b) => b.keys === wanted);
	clearTimeout(timer);
	const was = prefix;
	prefix = '';
	if (hit) {
		e.preventDefault();
		hit.run();
	} else if (!was && all.some((b) => b.keys.startsWith(name + ' '))) {
		prefix = name;
		timer = setTimeout(() => {
			prefix = '';
		}, 1500);
	}
}
