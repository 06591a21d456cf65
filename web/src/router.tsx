// SPDX-License-Identifier: Apache-2.0
// Addresses: every view is one, with its filter. Back restores where the page was scrolled to.
import { signal } from '@preact/signals';
import type { JSX } from 'preact';

export const path = signal(location.pathname);
export const search = signal(location.search);
export const hash = signal(location.hash);

/** Asked before leaving: false stays (a form with unsaved words). */
export const guard: { ask: (() => boolean) | null } = { ask: null };

export function go(to: string, replace = false): void {
	const url = new URL(to, location.origin);
	if (url.pathname !== path.peek() && guard.ask && !guard.ask()) return;
	history[replace ? 'replaceState' : 'pushState'](null, '', url.pathname + url.search + url.hash);
	const other = url.pathname !== path.peek();
	path.value = url.pathname;
	search.value = url.search;
	hash.value = url.hash;
	if (other && !replace) focusHeading();
}

/** A screen reader hears where it has come to, as soon as that is there. */
function focusHeading(tries = 120): void {
	const old = document.querySelector('main h1');
	const look = (left: number): void => {
		const h1 = document.querySelector<HTMLElement>('main h1');
		if (h1 && (h1 !== old || left === 0)) {
			h1.tabIndex = -1;
			h1.focus({ preventScroll: true });
		} else if (left > 0) requestAnimationFrame(() => look(left - 1));
	};
	requestAnimationFrame(() => look(tries));
}

addEventListener('popstate', () => {
	path.value = location.pathname;
	search.value = location.search;
	hash.value = location.hash;
});

export function query(name: string): string {
	return new URLSearchParams(search.value).get(name) ?? '';
}
export function withQuery(changes: Record<string, string>): string {
	const p = new URLSearchParams(search.peek());
	for (const [k, v] of Object.entries(changes))
		if (v) p.set(k, v);
		else p.delete(k);
	const s = p.toString().replace(/%3A/g, ':').replace(/%2F/g, '/');
	return path.peek() + (s ? '?' + s : '');
}

export function A(
	props: Omit<JSX.IntrinsicElements['a'], 'href' | 'onClick'> & {
		href: string;
		onClick?: () => void;
		/** Takes the place of the present address: Back leads past it. */
		replace?: boolean;
	},
): JSX.Element {
	const { href, onClick, replace, ...rest } = props;
	const Tag = 'a' as unknown as (p: Record<string, unknown>) => JSX.Element;
	return (
		<Tag
			href={href}
			{...rest}
			onClick={(e: MouseEvent) => {
				if (e.metaKey || e.ctrlKey || e.shiftKey || e.button !== 0) return;
				e.preventDefault();
				onClick?.();
				go(href, replace);
			}}
		/>
	);
}
