// SPDX-License-Identifier: Apache-2.0
import './style.css';
import { render } from 'preact';
import { Shell } from './shell';
import { askEarly, connect, me, start } from './store/store';
import { onKey } from './keys';
import { Failure } from './api/http';

/** Who I am comes first; without an answer the shell says so and goes on trying. */
async function begin(): Promise<void> {
	const root = document.getElementById('app')!;
	askEarly();
	for (;;)
		try {
			await start();
			break;
		} catch (e) {
			if (e instanceof Failure && e.status === 401) return;
			root.textContent = 'The server cannot be reached. Trying again…';
			await new Promise((r) => setTimeout(r, 2000));
		}
	root.textContent = '';
	connect();
	render(<Shell />, root);
	addEventListener('keydown', onKey);
	if (me.value && 'serviceWorker' in navigator && isSecureContext)
		void navigator.serviceWorker.register('/sw.js').catch(() => undefined);
}
void begin();
