// SPDX-License-Identifier: Apache-2.0
// The keys of the board.
import { addKeys } from '../../keys';
import { go } from '../../router';
import { open, resolve } from './dialogs';
import { cursor, peeking, reasons, showNew } from './hold';
import { clear, doIt, move, toggle } from './pick';
import { letGo } from './pointer';
import { phone } from './scroll';

export function boardKeys(): ReturnType<typeof addKeys> {
	const g = 'Board';
	return addKeys([
		{ keys: 'j', text: 'Next row', group: g, run: () => move(1) },
		{ keys: 'k', text: 'Row before', group: g, run: () => move(-1) },
		{ keys: 'ArrowDown', text: 'Next row', group: g, hidden: true, run: () => move(1) },
		{ keys: 'ArrowUp', text: 'Row before', group: g, hidden: true, run: () => move(-1) },
		{
			keys: 'Enter',
			text: 'Open',
			group: g,
			run: () => {
				if (cursor.peek() !== null) go(`/incidents/${cursor.peek()}`);
			},
		},
		{
			keys: ' ',
			text: 'Look into it, without leaving',
			group: g,
			run: () => {
				if (cursor.peek() === null) move(0);
				peeking.value = !peeking.peek() && !phone.peek() && cursor.peek() !== null;
			},
		},
		{
			keys: 'x',
			text: 'Select',
			group: g,
			run: () => {
				if (cursor.peek() !== null) toggle(cursor.peek()!);
			},
		},
		{
			keys: 'Shift-x',
			text: 'Select from the last one to here',
			group: g,
			run: () => {
				if (cursor.peek() !== null) toggle(cursor.peek()!, true);
			},
		},
		{ keys: 'a', text: 'Acknowledge', group: g, run: () => void doIt('acknowledge') },
		{ keys: 'r', text: 'Resolve', group: g, run: () => resolve() },
		{ keys: 's', text: 'Snooze', group: g, run: () => open('snooze') },
		{ keys: 'e', text: 'Escalate', group: g, run: () => void doIt('escalate') },
		{ keys: 'p', text: 'Hand to somebody', group: g, run: () => open('reassign') },
		{ keys: 'm', text: 'Note', group: g, run: () => open('note') },
		{ keys: 'c', text: 'Open an incident by hand', group: g, run: () => open('declare') },
		{ keys: '.', text: 'Show what is new', group: g, run: showNew },
		{
			keys: 'Escape',
			text: 'Clear selection and cursor',
			group: g,
			run: () => {
				if (peeking.peek()) peeking.value = false;
				else {
					cursor.value = null;
					reasons.keyboard = false;
					clear();
					letGo();
				}
			},
		},
	]);
}
