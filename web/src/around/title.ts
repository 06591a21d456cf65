// SPDX-License-Identifier: Apache-2.0
// What a tab shows while it is not looked at: how many incidents nobody has taken, on which page one is.
import { effect, type ReadonlySignal } from '@preact/signals';
import { path } from '../router';

const names: [RegExp, string][] = [
	[/^\/incidents\/(\d+)/, '#$1'],
	[/^\/(incidents)?$/, 'Incidents'],
	[/^\/oncall/, 'On call'],
	[/^\/schedules/, 'Schedules'],
	[/^\/config/, 'Configuration'],
	[/^\/history/, 'History'],
	[/^\/insight/, 'Insight'],
	[/^\/me/, 'Me'],
	[/^\/setup/, 'Setting up'],
];

export function titleOf(at: string, n: number): string {
	const hit = names.find(([r]) => r.test(at));
	const name = hit ? hit[1].replace('$1', hit[0].exec(at)![1] ?? '') + ' · ' : '';
	return `${n ? `(${n}) ` : ''}${name}Tocsin`;
}

/** A number on a red ground, large enough to be read at 16 px. */
function badge(n: number): string {
	const text = n > 99 ? '99' : String(n);
	return (
		'data:image/svg+xml,' +
		encodeURIComponent(
			`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#c4183c"/><text x="16" y="24" font-family="sans-serif" font-size="${text.length > 1 ? 20 : 24}" font-weight="700" fill="#fff" text-anchor="middle">${text}</text></svg>`,
		)
	);
}

export function showInTab(open: ReadonlySignal<number>): void {
	const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]');
	const plain = icon?.href;
	let shown = 0;
	effect(() => {
		const n = open.value;
		document.title = titleOf(path.value, n);
		if (!icon || !plain || n === shown) return;
		shown = n;
		icon.href = n ? badge(n) : plain;
	});
}
