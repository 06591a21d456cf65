// SPDX-License-Identifier: Apache-2.0
// Ways to reach me: added, changed and removed by form, shown to work by a code that comes there.
import { useState } from 'preact/hooks';
import type { ComponentChildren, JSX } from 'preact';
import { call } from '../../api/http';
import type { ContactState } from '../../api/types';
import { me } from '../../store/store';
import { Time } from '../../ui/parts';
import { Fault } from '../../ui/howlong';
import { refused } from '../../ui/toast';
import { when } from '../../ui/time';
import { kindTables, loadKinds, valuesOf } from '../config/form/fields';
import { changeUser, contactsOf, faultAt, slugOf, stepsOf, useContacts, wordsOf, type Body } from './api';

const known: Record<string, [string, string, string]> = {
	email: ['E-mail', 'mail', 'you@example.org'],
	webhook: ['Webhook', 'hook', 'https://example.org/page-me'],
	sms: ['Text message', 'sms', '+49 151 2345678'],
	voice: ['Phone call', 'phone', '+49 151 2345678'],
};
export const typeName = (type: string): string => known[type]?.[0] ?? type;

function types(): string[] {
	loadKinds();
	const contacts = kindTables.value?.get('users')?.fields.find((f) => f.name === 'contacts');
	const type = contacts?.fields?.find((f) => f.name === 'type');
	return type ? valuesOf(type) : ['email', 'webhook'];
}

export function Field({
	label,
	fault,
	children,
}: {
	label: string;
	fault?: string | undefined;
	children: ComponentChildren;
}): JSX.Element {
	return (
		<label>
			{label}
			{children}
			{fault && (
				<span class="fault" role="alert">
					{fault}
				</span>
			)}
		</label>
	);
}

function Edit({ is, onDone }: { is?: ContactState; onDone: () => void }): JSX.Element {
	const [type, setType] = useState(is?.type ?? 'email');
	const [address, setAddress] = useState(is?.address ?? me.value?.email ?? '');
	const [error, fail] = useState<Error | null>(null);
	const [busy, work] = useState(false);
	const save = (): void => {
		work(true);
		changeUser(me.value!.id, (b) => {
			const all = contactsOf(b);
			const id = is?.id ?? slugOf(known[type]?.[1] ?? type, (x) => x in all);
			return { ...b, contacts: { ...all, [id]: { ...all[id], type, address: address.trim() } } };
		})
			.then(onDone, (e: Error) => fail(e))
			.finally(() => work(false));
	};
	return (
		<form
			class="contact-form"
			onSubmit={(e) => {
				e.preventDefault();
				save();
			}}
		>
			<Field label="Kind">
				<select value={type} onChange={(e) => setType(e.currentTarget.value)}>
					{types().map((t) => (
						<option value={t}>{typeName(t)}</option>
					))}
				</select>
			</Field>
			<Field label="Address" fault={faultAt(error, 'address')}>
				<input
					required
					value={address}
					inputMode={type === 'email' ? 'email' : undefined}
					placeholder={known[type]?.[2]}
					aria-invalid={!!faultAt(error, 'address')}
					onInput={(e) => setAddress(e.currentTarget.value)}
				/>
			</Field>
			{error && !faultAt(error, 'address') && <Fault text={wordsOf(error)} />}
			<div class="actions">
				<button type="button" onClick={onDone}>
					Cancel
				</button>
				<button class="main" disabled={busy}>
					{is ? 'Save this contact' : 'Add this contact'}
				</button>
			</div>
		</form>
	);
}

const stages = ['queued', 'sending', 'sent', 'delivered', 'read'];

/** queued › sending › sent: as far as it came. */
export function Progress({ state, error }: { state: string; error?: string | undefined }): JSX.Element {
	if (state === 'failed') return <span class="fault">failed{error ? `: ${error}` : ''}</span>;
	const at = stages.indexOf(state);
	return (
		<span class="stages">
			{stages.slice(0, Math.max(3, at + 1)).map((s, i) => (
				<span class={i <= at ? 'done' : ''} aria-hidden={i > at}>
					{i <= at ? '✓ ' : ''}
					{s}
				</span>
			))}
			{error && <span class="fault">{error}</span>}
		</span>
	);
}

function Code({ c, at, onDone }: { c: ContactState; at: string; onDone: () => void }): JSX.Element {
	const [code, set] = useState('');
	const [error, fail] = useState<Error | null>(null);
	return (
		<form
			class="inline code"
			onSubmit={(e) => {
				e.preventDefault();
				call('POST', `${at}/verify`, { body: { code } }).then(onDone, (x: Error) => {
					fail(x);
					onDone();
				});
			}}
		>
			<Field label={`Code sent to ${c.id}`} fault={error?.message}>
				<input
					inputMode="numeric"
					autocomplete="one-time-code"
					placeholder="123456"
					maxLength={9}
					required
					value={code}
					aria-invalid={!!error}
					onInput={(e) => set(e.currentTarget.value)}
				/>
			</Field>
			<button class="main">Verify</button>
		</form>
	);
}

function Row({
	c,
	again,
	ask,
}: {
	c: ContactState;
	again: () => void;
	ask: (path: string) => void;
}): JSX.Element {
	const [editing, edit] = useState(false);
	const id = me.value!.id;
	const at = `/users/${id}/contacts/${c.id}`;
	if (editing)
		return (
			<li>
				<Edit
					is={c}
					onDone={() => {
						edit(false);
						again();
					}}
				/>
			</li>
		);
	return (
		<li>
			<div class="contact">
				<div class="contact-what">
					<b>{c.id}</b> <span class="muted">{typeName(c.type)}</span>
					<div class="wrap">{c.address}</div>
				</div>
				{c.verified_at ? (
					<span class="ok">
						✓ verified <Time at={c.verified_at}>{when(c.verified_at)}</Time>
					</span>
				) : (
					<span class="warn">! not verified</span>
				)}
				<div class="contact-acts">
					{!c.verified_at && (
						<button
							class={c.code_expires_at ? 'small' : 'small main'}
							aria-label={`${c.code_expires_at ? 'Send another code' : 'Send a code'} to ${c.id}`}
							onClick={() => ask(`${at}/code`)}
						>
							{c.code_expires_at ? 'Send another code' : 'Send a code'}
						</button>
					)}
					<button class="small" aria-label={`Test ${c.id}`} onClick={() => ask(`${at}/test`)}>
						Test
					</button>
					<button class="small" aria-label={`Change ${c.id}`} onClick={() => edit(true)}>
						Change
					</button>
					<button
						class="small bad"
						aria-label={`Remove ${c.id}`}
						onClick={() => changeUser(id, (b) => without(b, c.id)).then(again, refused)}
					>
						Remove
					</button>
				</div>
			</div>
			{c.last_state && c.last_at && (
				<p class="muted" role="status">
					{c.last === 'test' ? 'Test' : 'Code'} of {when(c.last_at)}:{' '}
					<Progress state={c.last_state} error={c.last_error} />
				</p>
			)}
			{!c.verified_at && c.code_expires_at && (c.tries_left ?? 0) > 0 && (
				<Code c={c} at={at} onDone={again} />
			)}
			{!c.verified_at && c.code_expires_at && c.tries_left === 0 && (
				<p class="fault">Too many wrong codes: have another one sent.</p>
			)}
		</li>
	);
}

/** No step may name a contact that is gone. */
export function without(b: Body, contact: string): Body {
	const { [contact]: _, ...contacts } = contactsOf(b);
	const steps = (u: 'high' | 'low') => stepsOf(b, u).filter((s) => s.contact !== contact);
	const handoff = b['handoff'] as { contact?: string } | undefined;
	return {
		...b,
		contacts,
		...(b['paging'] ? { paging: { high: steps('high'), low: steps('low') } } : {}),
		...(handoff?.contact === contact ? { handoff: { ...handoff, contact: undefined } } : {}),
	};
}

export function Contacts(): JSX.Element {
	const { items, again } = useContacts(me.value!.id);
	const [adding, add] = useState(false);
	const ask = (path: string): void => {
		call('POST', path).then(again, refused);
	};
	const done = (): void => {
		add(false);
		again();
	};
	return (
		<>
			{items?.length === 0 && <p class="note bad">You have no contact: nobody can page you.</p>}
			<ul class="contacts">
				{(items ?? []).map((c) => (
					<Row key={c.id} c={c} again={again} ask={ask} />
				))}
			</ul>
			{adding ? (
				<Edit onDone={done} />
			) : (
				<p class="choices">
					<button onClick={() => add(true)}>Add a contact</button>
					{(items?.length ?? 0) > 1 && (
						<button
							onClick={() => {
								for (const c of items ?? []) ask(`/users/${me.value!.id}/contacts/${c.id}/test`);
							}}
						>
							Test all now
						</button>
					)}
				</p>
			)}
		</>
	);
}
