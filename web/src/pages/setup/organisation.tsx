// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { call, get } from '../../api/http';
import type { Document } from '../../api/types';
import { Fault } from '../../ui/howlong';
import { toast } from '../../ui/toast';
import { useLoad } from '../../ui/parts';
import { Field } from '../contacts/contacts';
import { faultAt, wordsOf, type Body } from '../contacts/api';
import { Zone } from './zone';

export function Organisation(): JSX.Element {
	const doc = useLoad(() => get<Document>('/organisation'), []);
	const body = doc.value?.document as Body | undefined;
	const [name, setName] = useState('');
	const [zone, setZone] = useState('');
	const [error, fail] = useState<Error | null>(null);
	useEffect(() => {
		setName(String(body?.['name'] ?? ''));
		setZone(String(body?.['zone'] ?? ''));
	}, [body]);
	const changed = body !== undefined && (name !== (body['name'] ?? '') || zone !== (body['zone'] ?? ''));
	return (
		<form
			onSubmit={(e) => {
				e.preventDefault();
				call('PUT', '/organisation', { body: { ...body, name, zone } }).then(
					() => {
						fail(null);
						toast({ text: 'Saved.' });
						doc.again();
					},
					(x: Error) => fail(x),
				);
			}}
		>
			<p>Its name stands in every page; its zone is that of all clocks that name none.</p>
			<div class="two">
				<Field label="Name" fault={faultAt(error, 'name')}>
					<input required value={name} onInput={(e) => setName(e.currentTarget.value)} />
				</Field>
				<Zone label="Time zone" value={zone} set={setZone} fault={faultAt(error, 'zone')} />
			</div>
			{error && !faultAt(error, 'name', 'zone') && <Fault text={wordsOf(error)} />}
			{changed && (
				<div class="actions">
					<button class="main">Save</button>
				</div>
			)}
		</form>
	);
}
