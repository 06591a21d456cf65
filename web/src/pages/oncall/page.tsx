// SPDX-License-Identifier: Apache-2.0
// Paging who is on call by a schedule, without a service: an incident of its own.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { call, key, type Duty } from '../../api/http';
import type { Incident } from '../../api/types';
import { go } from '../../router';
import { Dialog } from '../../ui/parts';
import { Confirm } from '../../ui/howlong';

export function Page({ line, onClose }: { line: Duty; onClose: () => void }): JSX.Element {
	const [title, set] = useState('');
	const [details, say] = useState('');
	const [error, fail] = useState('');
	const [busy, sending] = useState(false);
	const [once] = useState(key);
	const names = line.users.map((u) => u.name ?? u.id).join(', ');
	return (
		<Dialog title={`Page ${line.name}`} onClose={onClose}>
			<form
				onSubmit={(e) => {
					e.preventDefault();
					sending(true);
					const body: Record<string, string> = {
						title,
						severity: 'critical',
						target: `schedule/${line.schedule}`,
					};
					if (details) body['details'] = details;
					call<Incident>('POST', '/incidents', { body, headers: { 'Idempotency-Key': once } }).then(
						(a) => go(`/incidents/${a.value.id}`),
						(x: Error) => {
							sending(false);
							fail(x.message);
						},
					);
				}}
			>
				<p class="muted">
					{names
						? `${names} will be paged by every means they chose, at once.`
						: 'Nobody is on call by it: the catch-all of the organisation is paged.'}
				</p>
				<label>
					What happened
					<input required autofocus value={title} onInput={(e) => set(e.currentTarget.value)} />
				</label>
				<label>
					What is known
					<textarea rows={3} value={details} onInput={(e) => say(e.currentTarget.value)} />
				</label>
				<Confirm verb="Page now" error={error} off={busy || !title.trim()} onCancel={onClose} />
			</form>
		</Dialog>
	);
}
