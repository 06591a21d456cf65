// SPDX-License-Identifier: Apache-2.0
// My name and zone.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { docs, me } from '../../store/store';
import { Fault } from '../../ui/howlong';
import { toast } from '../../ui/toast';
import { Zone } from '../setup/zone';
import { changeUser, faultAt, wordsOf } from './api';
import { Field } from './contacts';

export function Profile(): JSX.Element {
	const body = docs('users')?.get(me.value!.id)?.body;
	const [draft, set] = useState<{ name: string; zone: string } | null>(null);
	const [error, fail] = useState<Error | null>(null);
	const at = draft ?? { name: String(body?.['name'] ?? ''), zone: String(body?.['zone'] ?? '') };
	return (
		<form
			data-dirty={draft ? '' : undefined}
			onSubmit={(e) => {
				e.preventDefault();
				changeUser(me.value!.id, (b) => ({ ...b, name: at.name, zone: at.zone || undefined })).then(
					() => {
						me.value = { ...me.value!, name: at.name };
						set(null);
						fail(null);
						toast({ text: 'Saved.' });
					},
					(x: Error) => fail(x),
				);
			}}
		>
			<div class="two">
				<Field label="Name" fault={faultAt(error, 'name')}>
					<input
						required
						autocomplete="name"
						value={at.name}
						onInput={(e) => set({ ...at, name: e.currentTarget.value })}
					/>
				</Field>
				<Zone
					label="Time zone of your messages"
					value={at.zone}
					placeholder="the organisation’s"
					set={(zone) => set({ ...at, zone })}
					fault={faultAt(error, 'zone')}
				/>
			</div>
			{error && !faultAt(error, 'name', 'zone') && <Fault text={wordsOf(error)} />}
			{draft && (
				<div class="actions">
					<button type="button" onClick={() => set(null)}>
						As it was
					</button>
					<button class="main">Save my profile</button>
				</div>
			)}
		</form>
	);
}
