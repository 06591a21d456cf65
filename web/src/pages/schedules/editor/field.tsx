// SPDX-License-Identifier: Apache-2.0
// A field with what the server says about it beside it, found by its pointer.
import type { ComponentChildren, JSX } from 'preact';
import type { Fault } from '../../../api/http';

/** Words of faults at a pointer or inside it: "layers/0/every". */
export function said(faults: Fault[], pointer: string): string {
	return faults
		.filter((f) => {
			const p = f.pointer.replace(/^\/(schedules\/[^/]+\/)?/, '');
			return p === pointer || p.startsWith(pointer + '/');
		})
		.map((f) => f.detail)
		.join('; ');
}

export function Field({
	label,
	faults,
	pointer,
	children,
}: {
	label: string;
	faults: Fault[];
	pointer: string;
	children: ComponentChildren;
}): JSX.Element {
	const words = said(faults, pointer);
	return (
		<label class={words ? 'faulty' : ''} data-pointer={pointer}>
			{label}
			{children}
			{words && (
				<small class="bad-words" role="alert">
					{words}
				</small>
			)}
		</label>
	);
}

/** Seven switches. */
export function Weekdays({
	label,
	days,
	onChange,
}: {
	label: string;
	days: boolean[];
	onChange: (days: boolean[]) => void;
}): JSX.Element {
	return (
		<span class="weekdays" role="group" aria-label={label}>
			{['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].map((d, i) => (
				<button
					type="button"
					aria-pressed={days[i] ? 'true' : 'false'}
					onClick={() => onChange(days.map((on, k) => (k === i ? !on : on)))}
				>
					{d}
				</button>
			))}
		</span>
	);
}
