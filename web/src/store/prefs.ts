// SPDX-License-Identifier: Apache-2.0
// What somebody chose on this device: theme, zone of times, single keys, density, sound.
import { effect, signal, type Signal } from '@preact/signals';

function kept<V>(name: string, fallback: V): Signal<V> {
	const at = 'tocsin.' + name;
	let value = fallback;
	try {
		value = JSON.parse(localStorage.getItem(at) ?? 'null') ?? fallback;
	} catch {
		/* another version's */
	}
	const s = signal<V>(value);
	effect(() => localStorage.setItem(at, JSON.stringify(s.value)));
	return s;
}

export type Theme = 'system' | 'light' | 'dark';
const stored = localStorage.getItem('tocsin.theme');
export const theme = signal<Theme>(stored === 'light' || stored === 'dark' ? stored : 'system');
effect(() => {
	// The script in the head reads the bare word before anything is drawn.
	localStorage.setItem('tocsin.theme', theme.value);
	if (theme.value === 'system') delete document.documentElement.dataset['theme'];
	else document.documentElement.dataset['theme'] = theme.value;
});

export const utc = kept('utc', false);
export const keysOn = kept('keys', true);
export const railSmall = kept('rail', false);
export const notify = kept('notify', false);
