// SPDX-License-Identifier: Apache-2.0
// Own icons on a 16 px grid; always beside a word or with a name on the button.
import type { JSX } from 'preact';

const shapes: Record<string, string> = {
	incidents: 'M8 1.8 15 14H1zM8 6v4M8 11.6v.9',
	oncall: 'M8 1.5a4 4 0 0 1 4 4V9l1.5 2.5h-11L4 9V5.5a4 4 0 0 1 4-4zM6.5 13.5a1.6 1.6 0 0 0 3 0',
	schedules: 'M2 3.5h12V14H2zM2 6.5h12M5 1.5v3M11 1.5v3',
	config: 'M2 4h7M12 4h2M2 8h2M7 8h7M2 12h6M11 12h3M9 2.5v3M4.5 6.5v3M8.5 10.5v3',
	insight: 'M2 14h12M4 14V9M8 14V3M12 14V6.5',
	me: 'M8 8.2a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2.5 14.2c.6-3 2.800-4 5.500-4s4.900 1 5.500 4',
	more: 'M3 8h.01M8 8h.01M13 8h.01',
	close: 'M3.500 3.500l9 9M12.500 3.500l-9 9',
	search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.600 10.600 14.500 14.500',
	left: 'M10 3 5 8l5 5',
	right: 'M6 3l5 5-5 5',
	history: 'M2 8a6 6 0 1 0 2-4.500M2 2v3h3M8 5v3.500l2.500 1.500',
	start: 'M3 8.500 6.500 12 13 4',
	plus: 'M8 3v10M3 8h10',
	page: 'M3 3h10v7H7l-4 3.500z',
	sun: 'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1v2M8 13v2M1 8h2M13 8h2M3 3l1.400 1.400M11.600 11.600 13 13M13 3l-1.400 1.400M4.400 11.600 3 13',
};
export function Icon({ name }: { name: string }): JSX.Element {
	return (
		<svg class={'icon i-' + name} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
			<path d={shapes[name] ?? shapes['more']!} />
		</svg>
	);
}
