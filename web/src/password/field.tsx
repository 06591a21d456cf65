// SPDX-License-Identifier: Apache-2.0
// A password in a form. What comes beside and below the field is the same as on the pages of the door.
import { useEffect, useRef } from 'preact/hooks';
import type { JSX } from 'preact';
import { canShow } from './show';

export interface PasswordProps {
	label: string;
	/** "present password": the button shows it */
	what: string;
	autocomplete: 'current-password' | 'new-password';
	value: string;
	set: (value: string) => void;
	required?: boolean;
	autoFocus?: boolean;
	/** More around the field, once it is there. */
	also?: (box: HTMLElement) => void;
}

export function Password({ label, what, set, also, ...field }: PasswordProps): JSX.Element {
	const box = useRef<HTMLDivElement>(null);
	useEffect(() => {
		canShow(box.current!);
		also?.(box.current!);
	}, []);
	return (
		<div class="secret" ref={box} data-what={what}>
			<label>
				{label}
				<input type="password" {...field} onInput={(e) => set(e.currentTarget.value)} />
			</label>
		</div>
	);
}
