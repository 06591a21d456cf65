// SPDX-License-Identifier: Apache-2.0
// The button beside a password that shows what is typed. It is put in by script: without one there is none.
const eye = 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4z';
const strokes = [eye, 'M2.5 2.5l11 11'];

function icon(): SVGElement {
	const make = (name: string): SVGElement =>
		document.createElementNS('http://www.w3.org/2000/svg', name) as SVGElement;
	const svg = make('svg');
	const as = { class: 'icon', viewBox: '0 0 16 16', width: '16', height: '16', 'aria-hidden': 'true' };
	for (const [name, value] of Object.entries(as)) svg.setAttribute(name, value);
	for (const d of strokes) svg.appendChild(make('path')).setAttribute('d', d);
	return svg;
}

/** box: .secret, which holds the label with its field; data-what says what is shown. */
export function canShow(box: HTMLElement): void {
	const field = box.querySelector('input')!;
	const button = document.createElement('button');
	const show = (on: boolean): void => {
		field.type = on ? 'text' : 'password';
		button.setAttribute('aria-pressed', String(on));
	};
	button.type = 'button';
	button.title = `Show ${box.dataset['what'] ?? 'password'}`;
	button.setAttribute('aria-label', button.title);
	button.append(icon());
	show(false);
	button.onclick = (): void => show(field.type === 'password');
	// What is sent is a password again: no browser keeps it among the words of other fields.
	field.form?.addEventListener('submit', () => show(false));
	field.spellcheck = false;
	field.autocapitalize = 'none';
	box.querySelector('label')!.after(button);
}
