// SPDX-License-Identifier: Apache-2.0
// My own: contacts and how I am paged, a test of it, this device's choices, tokens, signing out.
import { useState } from 'preact/hooks';
import type { ComponentChildren, JSX } from 'preact';
import { call, get, type List } from '../api/http';
import type { Feed, Token } from '../api/types';
import { Password } from '../password/field';
import { measures } from '../password/meter';
import { go } from '../router';
import { keysOn, notify, theme, utc, type Theme } from '../store/prefs';
import { docs, me } from '../store/store';
import { Copy, Tabs, useLoad } from '../ui/parts';
import { refused, toast } from '../ui/toast';
import { fireTest, stepsOf, useContacts } from './contacts/api';
import { Contacts } from './contacts/contacts';
import { Factor } from './contacts/factor';
import { Paging } from './contacts/paging';
import { Profile } from './contacts/profile';
import { Proof, proven } from './contacts/proof';
import { Feeds } from './duty/feeds';
import { Sessions } from './sessions';
import { ownZone, when } from '../ui/time';

function TestPage(): JSX.Element {
	const [busy, sending] = useState(false);
	return (
		<button
			disabled={busy}
			onClick={() => {
				sending(true);
				fireTest().then(
					(id) => go(`/incidents/${id}`),
					(e: Error) => {
						sending(false);
						refused(e);
					},
				);
			}}
		>
			Send me a test page
		</button>
	);
}

/** Ticked by what is true. */
function Ready(): JSX.Element {
	const { items } = useContacts(me.value!.id);
	const body = docs('users')?.get(me.value!.id)?.body;
	const feeds = useLoad(() => get<List<Feed>>(`/feeds?user=${me.value?.id}`), []);
	const verified = (items ?? []).filter((c) => c.verified_at).length;
	const list: [boolean, string][] = [
		[verified > 0, 'a verified contact'],
		[verified > 1, 'a second verified contact, for when the first fails'],
		[stepsOf(body, 'high').length > 0 || (items?.length ?? 0) === 1, 'steps for urgent pages'],
		[!!body?.['zone'], 'your time zone'],
		[(feeds.value?.items.length ?? 0) > 0, 'your shifts in your calendar'],
	];
	const done = list.filter(([ok]) => ok).length;
	return (
		<section class="panel" aria-labelledby="ready">
			<header class="panel-head">
				<h2 id="ready">Ready for on call</h2>
				<span class={done === list.length ? 'ok' : 'muted'}>
					{done} of {list.length}
				</span>
			</header>
			<ul class="pad ready">
				{list.map(([ok, text]) => (
					<li class={ok ? 'ok' : ''}>
						<span aria-hidden="true">{ok ? '✓' : '○'}</span> {text}
						<span class="sr">{ok ? ', done' : ', to do'}</span>
					</li>
				))}
			</ul>
		</section>
	);
}

function Section({
	id,
	title,
	children,
}: {
	id: string;
	title: string;
	children: ComponentChildren;
}): JSX.Element {
	return (
		<section class="panel" aria-labelledby={id}>
			<header class="panel-head">
				<h2 id={id}>{title}</h2>
			</header>
			<div class="pad">{children}</div>
		</section>
	);
}

function Calendar(): JSX.Element {
	const [open, set] = useState(false);
	return (
		<Section id="calendar" title="My shifts in my calendar">
			<p class="muted">An address that your calendar program subscribes to; it keeps itself up to date.</p>
			<button onClick={() => set(true)}>Calendar addresses…</button>
			{open && (
				<Feeds subject={`user/${me.value!.id}`} title="My shifts as a calendar" onClose={() => set(false)} />
			)}
		</Section>
	);
}

function Device(): JSX.Element {
	const can = typeof Notification !== 'undefined' && isSecureContext;
	return (
		<section class="panel">
			<header class="panel-head">
				<h2>On this device</h2>
			</header>
			<div class="pad">
				<h3>Theme</h3>
				<Tabs
					label="Theme"
					tabs={[
						['system', 'As the system'],
						['light', 'Light'],
						['dark', 'Dark'],
					]}
					at={theme.value}
					onPick={(t) => {
						theme.value = t as Theme;
					}}
				/>
				<h3>Times</h3>
				<Tabs
					label="Times"
					tabs={[
						['here', ownZone.replace(/_/g, ' ')],
						['utc', 'UTC'],
					]}
					at={utc.value ? 'utc' : 'here'}
					onPick={(t) => {
						utc.value = t === 'utc';
					}}
				/>
				<label class="check">
					<input
						type="checkbox"
						checked={keysOn.value}
						onChange={(e) => {
							keysOn.value = e.currentTarget.checked;
						}}
					/>{' '}
					Single keys (j, k, a…); <kbd>?</kbd> lists them
				</label>
				<label class="check">
					<input
						type="checkbox"
						checked={notify.value}
						disabled={!can}
						onChange={(e) => {
							const on = e.currentTarget.checked;
							if (!on) {
								notify.value = false;
								return;
							}
							void Notification.requestPermission().then((p) => {
								notify.value = p === 'granted';
								if (p !== 'granted')
									toast({ text: 'The browser does not allow notifications here.', bad: true });
							});
						}}
					/>{' '}
					Notify me of pages while a tab is open {!can && <span class="muted">(needs HTTPS)</span>}
				</label>
				<p class="muted">An extra, never the only way: a closed tab notifies nobody.</p>
			</div>
		</section>
	);
}

function Tokens(): JSX.Element {
	const list = useLoad(() => get<List<Token>>('/tokens'), []);
	const [name, set] = useState('');
	const [secret, show] = useState('');
	return (
		<section class="panel">
			<header class="panel-head">
				<h2>Tokens for programs</h2>
			</header>
			<div class="pad">
				{secret && (
					<p class="note">
						Shown only now: <code>{secret}</code> <Copy text={secret} />
					</p>
				)}
				<form
					class="inline"
					onSubmit={(e) => {
						e.preventDefault();
						proven(() => call<{ secret: string }>('POST', '/tokens', { body: { name } })).then((a) => {
							show(a.value.secret);
							set('');
							list.again();
						}, refused);
					}}
				>
					<input
						aria-label="What the token is for"
						placeholder="what it is for"
						required
						value={name}
						onInput={(e) => set(e.currentTarget.value)}
					/>
					<button>Make a token</button>
				</form>
				<table>
					<tbody>
						{(list.value?.items ?? [])
							.filter((t) => t.user === me.value?.id)
							.map((t) => (
								<tr>
									<th scope="row">{t.name}</th>
									<td class="muted">{t.used_at ? `used ${when(t.used_at)}` : 'never used'}</td>
									<td class="right">
										<button
											class="small bad"
											onClick={() => void call('DELETE', `/tokens/${t.id}`).then(list.again, refused)}
										>
											Revoke
										</button>
									</td>
								</tr>
							))}
					</tbody>
				</table>
			</div>
		</section>
	);
}

function OwnPassword(): JSX.Element {
	const m = me.value!;
	const [now, setNow] = useState('');
	const [next, setNext] = useState('');
	const [error, fail] = useState('');
	return (
		<section class="panel">
			<header class="panel-head">
				<h2>Password</h2>
			</header>
			<form
				class="pad"
				onSubmit={(e) => {
					e.preventDefault();
					call('PUT', `/users/${m.id}/password`, {
						body: now ? { password: next, current: now } : { password: next },
					}).then(
						() => location.assign('/sign-in'),
						(x: Error) => fail(x.message),
					);
				}}
			>
				<input
					type="email"
					class="sr"
					tabIndex={-1}
					aria-hidden="true"
					autocomplete="username"
					value={m.email ?? ''}
					readOnly
				/>
				<div class="two">
					<Password
						label="Present one, if you have one"
						what="present password"
						autocomplete="current-password"
						value={now}
						set={setNow}
					/>
					<Password
						label="New one"
						what="new password"
						autocomplete="new-password"
						required
						value={next}
						set={setNext}
						also={(box) => measures(box, () => [m.id, m.name ?? '', m.email ?? ''])}
					/>
				</div>
				{error && (
					<p class="note bad" role="alert">
						{error}
					</p>
				)}
				<button>Set it and sign in again</button>
			</form>
		</section>
	);
}

export default function MePage(_: { id: string; sub: string }): JSX.Element {
	const m = me.value!;
	return (
		<div class="page">
			<div class="page-inner">
				<Proof />
				<header>
					<h1>{m.name ?? m.id}</h1>
					<span class="muted">
						{m.email} · {m.role} · {m.organisation}
					</span>
					<span class="push" />
					<form method="post" action="/sign-out">
						<button>Sign out</button>
					</form>
				</header>
				<div class="split even">
					<div>
						<Section id="contacts" title="My contacts">
							<Contacts />
						</Section>
						<Section id="paging" title="How I am paged">
							<Paging />
							<TestPage />
						</Section>
						<Section id="profile" title="Profile">
							<Profile />
						</Section>
						<Tokens />
						<Sessions />
					</div>
					<div>
						<Ready />
						<Calendar />
						<Device />
						<OwnPassword />
						<Section id="factor" title="Second factor">
							<Factor />
						</Section>
					</div>
				</div>
			</div>
		</div>
	);
}
