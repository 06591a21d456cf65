// SPDX-License-Identifier: Apache-2.0
// A server that was replaced serves another UI. It is said, and loaded when the reader wants that; never over words
// that are not sent yet.
import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { guard } from '../router';
import { onReturn } from '../store/store';

const EVERY = 10 * 60_000;
const newer = signal(false);

async function look(): Promise<void> {
	const own = document.querySelector<HTMLScriptElement>('script[type=module]')?.getAttribute('src');
	if (!own || newer.peek()) return;
	try {
		const rs = await fetch('/incidents', { cache: 'no-store', credentials: 'same-origin' });
		const html = rs.ok && !rs.redirected ? await rs.text() : '';
		// Only a page of the UI says which script it is; a door or an error says nothing.
		if (/src="\/assets\/main-/.test(html) && !html.includes(own)) newer.value = true;
	} catch {
		/* the line says so */
	}
}

/** Whether something was written here that a reload would lose. */
export function dirty(): boolean {
	if (guard.ask || document.querySelector('[data-dirty], dialog[open]')) return true;
	return [...document.querySelectorAll<HTMLTextAreaElement>('textarea')].some((t) => t.value.trim() !== '');
}

export function News(): JSX.Element | null {
	const [busy, held] = useState(true); // until it was looked at: not for one frame over a form
	useEffect(() => {
		const off = onReturn(() => void look());
		const timer = setInterval(() => void look(), EVERY);
		return () => {
			off();
			clearInterval(timer);
		};
	}, []);
	useEffect(() => {
		if (!newer.value) return;
		const check = (): void => held(dirty());
		check();
		const timer = setInterval(check, 500);
		return () => clearInterval(timer);
	}, [newer.value]);
	if (!newer.value || busy) return null;
	return (
		<div class="news" role="status">
			A new version is here.{' '}
			<button class="small" onClick={() => location.reload()}>
				Reload when ready
			</button>
		</div>
	);
}
