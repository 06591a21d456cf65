// SPDX-License-Identifier: Apache-2.0
// The meter under a new password, and its words: said aloud when they change, not with every letter.
import { judge, verdicts, type Level } from './strength';

let made = 0;

/** Below the field: what the server has said of it, or of it in general, until something is typed. */
function wordsIn(box: HTMLElement): HTMLElement {
	const there = box.querySelector('p');
	if (there) return there;
	const p = document.createElement('p');
	p.id = `strength-${++made}`;
	box.append(p);
	return p;
}

function say(words: HTMLElement, level: Level): void {
	const { word, says } = verdicts[level];
	const b = document.createElement('b');
	b.textContent = word;
	words.className = 'muted';
	words.setAttribute('role', 'status');
	words.replaceChildren(b, says);
}

/** own: the names that belong to the person, as they are now. */
export function measures(box: HTMLElement, own: () => string[]): void {
	const field = box.querySelector('input')!;
	const meter = document.createElement('meter');
	const words = wordsIn(box);
	let before: Level | null = null;
	Object.assign(meter, { min: 0, low: 2, high: 3, max: 4, optimum: 4 });
	meter.setAttribute('aria-label', 'Strength');
	const look = (): void => {
		const level = judge(field.value, own());
		if (level === before) return;
		before = level;
		meter.value = verdicts[level].value;
		say(words, level);
	};
	words.before(meter);
	field.setAttribute('aria-describedby', words.id);
	field.form?.addEventListener('input', look);
	if (words.getAttribute('role') !== 'alert') look();
}
