// SPDX-License-Identifier: Apache-2.0
// A time zone by name, offered from what the browser knows; the server has the last word.
import type { JSX } from 'preact';
import { ownZone } from '../../ui/time';
import { Field } from '../contacts/contacts';

const names: string[] = (Intl as { supportedValuesOf?: (k: string) => string[] }).supportedValuesOf?.(
	'timeZone',
) ?? [ownZone];

export function Zone({
	label,
	value,
	set,
	fault,
	placeholder,
}: {
	label: string;
	value: string;
	set: (v: string) => void;
	fault?: string | undefined;
	placeholder?: string;
}): JSX.Element {
	return (
		<Field label={label} fault={fault}>
			<input
				list="zone-names"
				value={value}
				placeholder={placeholder ?? ownZone}
				autocomplete="off"
				spellcheck={false}
				aria-invalid={!!fault}
				onInput={(e) => set(e.currentTarget.value)}
			/>
			<datalist id="zone-names">
				{names.map((n) => (
					<option value={n} />
				))}
			</datalist>
		</Field>
	);
}
