// SPDX-License-Identifier: Apache-2.0
// The views of the board that somebody keeps. They are on the server, so that they are there wherever one signs in;
// those that an earlier version kept on this device are moved there at the first chance.
import { signal } from '@preact/signals';
import { all, call } from '../api/http';
import type { View as Saved } from '../api/types';
import { refused } from '../ui/toast';

export type View = Pick<Saved, 'name' | 'q'>;
const DEVICE = 'tocsin.views';

function onDevice(): View[] {
	try {
		const list: unknown = JSON.parse(localStorage.getItem(DEVICE) ?? '[]');
		return Array.isArray(list) ? (list as View[]) : [];
	} catch {
		return []; /* another version's */
	}
}
export const views = signal<View[]>(onDevice());
let asked = false;

const put = (v: View): Promise<unknown> =>
	call('PUT', `/me/views/${encodeURIComponent(v.name)}`, { body: { q: v.q } });

/** What is on the server wins over what has its name here. What could not be moved stays for the next time. */
export async function askViews(): Promise<void> {
	if (asked) return;
	asked = true;
	try {
		const there: View[] = await all<Saved>('/me/views');
		const known = new Set(there.map((v) => v.name));
		const here = onDevice().filter((v) => v.name && v.q && !known.has(v.name));
		views.value = [...there, ...here];
		for (const v of here) await put(v);
		localStorage.removeItem(DEVICE);
	} catch {
		asked = false;
	}
}

/** Shown at once, and taken back when the server does not take it. */
async function changed(next: View[], send: () => Promise<unknown>): Promise<void> {
	const before = views.peek();
	views.value = next;
	try {
		await send();
	} catch (e) {
		views.value = before;
		refused(e as Error);
	}
}
export const keepView = (v: View): Promise<void> =>
	changed([...views.peek().filter((x) => x.name !== v.name), v], () => put(v));
export const dropView = (v: View): Promise<void> =>
	changed(
		views.peek().filter((x) => x !== v),
		() => call('DELETE', `/me/views/${encodeURIComponent(v.name)}`),
	);
