// SPDX-License-Identifier: Apache-2.0
// The verbs that ask something first.
import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { run, type Verb } from '../../outbox';
import { Declare, Merge, NoteDialog, Reassign, Snooze } from '../acts';
import { clear, subject } from './pick';

export const dialog = signal<{
	what: 'snooze' | 'reassign' | 'merge' | 'note' | 'declare';
	ids: number[];
} | null>(null);
export function open(what: 'snooze' | 'reassign' | 'merge' | 'note' | 'declare', which = subject()): void {
	if (what === 'declare' || which.length) dialog.value = { what, ids: which };
}

export function DialogFor({
	what,
	ids: which,
	onClose,
}: {
	what: string;
	ids: number[];
	onClose: () => void;
}): JSX.Element | null {
	const done = (verb: Verb, body: Record<string, unknown>): void => {
		onClose();
		clear();
		void run(which, verb, body);
	};
	if (what === 'snooze')
		return <Snooze n={which.length} onClose={onClose} onDone={(until) => done('snooze', { until })} />;
	if (what === 'reassign')
		return <Reassign n={which.length} onClose={onClose} onDone={(target) => done('reassign', { target })} />;
	if (what === 'merge')
		return (
			<Merge
				ids={which}
				onClose={onClose}
				onDone={(into) => {
					onClose();
					clear();
					void run(
						which.filter((i) => i !== into),
						'merge',
						{ into },
					);
				}}
			/>
		);
	if (what === 'note')
		return <NoteDialog n={which.length} onClose={onClose} onDone={(note) => done('note', { note })} />;
	return <Declare onClose={onClose} />;
}
