// SPDX-License-Identifier: Apache-2.0
// The verbs that ask something first.
import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { run, type Verb } from '../../outbox';
import { rows } from '../../store/store';
import { Declare, Merge, NoteDialog, Reassign, Snooze } from '../acts';
import { ResolveDialog, stillFires } from '../resolve';
import { clear, doIt, subject } from './pick';

type Asks = 'snooze' | 'reassign' | 'merge' | 'note' | 'declare' | 'resolve';
export const dialog = signal<{ what: Asks; ids: number[] } | null>(null);
export function open(what: Asks, which = subject()): void {
	if (what === 'declare' || which.length) dialog.value = { what, ids: which };
}
/** Asks first when alerts of one of them still fire. */
export function resolve(which = subject()): void {
	if (which.some((id) => stillFires(rows.get(id)?.peek()))) open('resolve', which);
	else void doIt('resolve', which);
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
	if (what === 'resolve')
		return (
			<ResolveDialog
				rows={which.flatMap((id) => rows.get(id)?.peek() ?? [])}
				onClose={() => {
					onClose();
					clear();
				}}
			/>
		);
	if (what === 'note')
		return <NoteDialog n={which.length} onClose={onClose} onDone={(note) => done('note', { note })} />;
	return <Declare onClose={onClose} />;
}
