// SPDX-License-Identifier: Apache-2.0
// The key of an integration: replaced while its senders go on, and the end of the old one.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { call } from '../../../api/http';
import type { KeyMade } from '../../../api/types';
import { reload, type Doc } from '../../../store/store';
import { Confirm } from '../../../ui/howlong';
import { Copy, Dialog, Time } from '../../../ui/parts';
import { ago, now, when } from '../../../ui/time';
import { useHeard } from './state';

const graces: [string, string][] = [
	['1h', 'an hour'],
	['1d', 'a day'],
	['1w', 'a week'],
	['30d', '30 days'],
	['0s', 'not at all: it ends now'],
];

function Replace({
	d,
	onClose,
	onMade,
}: {
	d: Doc;
	onClose: () => void;
	onMade: (k: KeyMade) => void;
}): JSX.Element {
	const [grace, pick] = useState('1d');
	const [error, fail] = useState('');
	const [busy, work] = useState(false);
	const replace = (): void => {
		work(true);
		call<KeyMade>('POST', `/integrations/${d.id}/rotate`, { body: { grace } }).then(
			(a) => {
				reload('integrations');
				onMade(a.value);
				onClose();
			},
			(e: Error) => {
				work(false);
				fail(e.message);
			},
		);
	};
	return (
		<Dialog title={`A new key for ${d.name}`} onClose={onClose}>
			<form
				onSubmit={(e) => {
					e.preventDefault();
					replace();
				}}
			>
				<p>The new key is shown once. Until the old one ends, senders may use either.</p>
				<label>
					How long the old key stays valid
					<select value={grace} onChange={(e) => pick(e.currentTarget.value)}>
						{graces.map(([v, text]) => (
							<option value={v}>{text}</option>
						))}
					</select>
				</label>
				{d.source && (
					<p class="note warn">
						It came by apply “{d.source}”. If its file says the key, change it there too, or the next apply
						brings the old one back.
					</p>
				)}
				<Confirm verb="Make a new key" error={error} off={busy} onCancel={onClose} />
			</form>
		</Dialog>
	);
}

/** Until when the old key is valid, and whether a sender still uses it. */
function OldKey({ d }: { d: Doc }): JSX.Element {
	const [error, fail] = useState('');
	const until = d.body['old_key_until'] as string | undefined;
	const used = useHeard(true)?.get(d.id)?.old_key_at;
	const over = until !== undefined && Date.parse(until) <= now.value;
	const end = (): void => {
		call('DELETE', `/integrations/${d.id}/old-key`).then(
			() => reload('integrations'),
			(e: Error) => fail(e.message),
		);
	};
	return (
		<>
			<p>
				{over
					? 'The old key ended '
					: until
						? 'The old key is valid until '
						: 'The old key is valid until you end it'}
				{until && <Time at={until}>{when(until)}</Time>};{' '}
				{used ? (
					<span class={over ? 'warn' : ''}>a sender last used it {ago(used)}</span>
				) : (
					<span class="muted">no sender has used it since</span>
				)}
				.
			</p>
			<p class="row-acts">
				<button class="bad" onClick={end}>
					{over ? 'Forget the old key' : 'End the old key now'}
				</button>
			</p>
			{error && (
				<p class="f-fault" role="alert">
					{error}
				</p>
			)}
		</>
	);
}

export function Keys({
	d,
	made,
	onMade,
}: {
	d: Doc;
	made: KeyMade | null;
	onMade: (k: KeyMade) => void;
}): JSX.Element {
	const [asking, ask] = useState(false);
	const old = d.body['old_key'] !== undefined;
	return (
		<section class="panel" aria-label="Key">
			<header class="panel-head">
				<h2>Key</h2>
				<span class="push" />
				{!old && <button onClick={() => ask(true)}>Replace the key…</button>}
			</header>
			<div class="pad">
				{made && (
					<p class="note" role="status">
						The new key, shown only now: <code>{made.key}</code> <Copy text={made.key} />
					</p>
				)}
				{old ? (
					<OldKey d={d} />
				) : (
					<p class="muted">
						Whoever has it can send by this integration. A new one can be made while the old one stays valid.
					</p>
				)}
			</div>
			{asking && <Replace d={d} onClose={() => ask(false)} onMade={onMade} />}
		</section>
	);
}
