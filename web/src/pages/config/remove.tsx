// SPDX-License-Identifier: Apache-2.0
// Taking a document away.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { call } from '../../api/http';
import { go } from '../../router';
import { reload, type Doc, type Section } from '../../store/store';
import { Dialog } from '../../ui/parts';
import { toast } from '../../ui/toast';

export function Remove({
	section,
	d,
	onClose,
}: {
	section: Section;
	d: Doc;
	onClose: () => void;
}): JSX.Element {
	const [error, fail] = useState('');
	return (
		<Dialog title={`Remove ${d.name}?`} onClose={onClose}>
			<p>
				Nothing that is named elsewhere can be removed; the server says so. History keeps it, and it can be
				rolled back.
			</p>
			{error && (
				<p class="note bad" role="alert">
					{error}
				</p>
			)}
			<div class="actions">
				<button onClick={onClose}>Keep it</button>
				<button
					class="bad"
					onClick={() =>
						call('DELETE', `/${section}/${d.id}`, { headers: { 'If-Match': `"${d.revision}"` } }).then(
							() => {
								toast({ text: `${d.name} is removed` });
								reload(section);
								go(`/config/${section}`);
							},
							(e: Error) => fail(e.message),
						)
					}
				>
					Remove
				</button>
			</div>
		</Dialog>
	);
}
