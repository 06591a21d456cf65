// SPDX-License-Identifier: Apache-2.0
// Calendars to subscribe to. The address is a secret and shown once: whoever has it can read this one calendar.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { call, get, type List } from '../../api/http';
import type { Feed, FeedMade } from '../../api/types';
import { me } from '../../store/store';
import { Copy, Dialog, useLoad } from '../../ui/parts';
import { Confirm, Fault } from '../../ui/howlong';
import { refused } from '../../ui/toast';
import { when } from '../../ui/time';

function Address({ url }: { url: string }): JSX.Element {
	return (
		<div class="note">
			<p>
				<b>Shown only now.</b> In your calendar program choose “subscribe” or “add by address”:
			</p>
			<p>
				<code class="wrap">{url}</code> <Copy text={url} label="Copy the address" />
			</p>
		</div>
	);
}

function Line({
	f,
	onDone,
	onUrl,
}: {
	f: Feed;
	onDone: () => void;
	onUrl: (url: string) => void;
}): JSX.Element {
	const what = f.own ? 'only mine' : 'everybody’s';
	return (
		<tr>
			<th scope="row">{f.subject.startsWith('user/') ? 'my shifts' : what}</th>
			<td class="muted">{f.used_at ? `read ${when(f.used_at)}` : 'never read'}</td>
			<td class="right">
				<button
					class="small"
					onClick={() =>
						call<FeedMade>('POST', `/feeds/${f.id}/rotate`, {}).then((a) => {
							onUrl(a.value.url);
							onDone();
						}, refused)
					}
				>
					New address
				</button>{' '}
				<button class="small bad" onClick={() => call('DELETE', `/feeds/${f.id}`).then(onDone, refused)}>
					Revoke
				</button>
			</td>
		</tr>
	);
}

/** `subject` is schedule/ID or user/ID. */
export function Feeds({
	subject,
	title,
	onClose,
}: {
	subject: string;
	title: string;
	onClose: () => void;
}): JSX.Element {
	const mine = subject.startsWith('user/');
	const list = useLoad(() => get<List<Feed>>(`/feeds?user=${me.value?.id}`), []);
	const [own, setOwn] = useState(false);
	const [remind, setRemind] = useState('');
	const [url, show] = useState('');
	const [error, fail] = useState('');
	const here = (list.value?.items ?? []).filter((f) => f.subject === subject);
	return (
		<Dialog title={title} onClose={onClose}>
			{url && <Address url={url} />}
			<form
				onSubmit={(e) => {
					e.preventDefault();
					call<FeedMade>('POST', '/feeds', {
						body: { subject, own, reminders: remind ? [remind] : [] },
					}).then(
						(a) => {
							show(a.value.url);
							fail('');
							list.again();
						},
						(x: Error) => fail(x.message),
					);
				}}
			>
				<p class="muted">
					Google Calendar, Outlook, Apple Calendar or Thunderbird keep it up to date by themselves.
				</p>
				{!mine && (
					<label>
						Which shifts
						<select value={own ? 'own' : 'all'} onChange={(e) => setOwn(e.currentTarget.value === 'own')}>
							<option value="all">everybody’s on this schedule</option>
							<option value="own">only mine on this schedule</option>
						</select>
					</label>
				)}
				<label>
					Remind me before my shifts
					<select value={remind} onChange={(e) => setRemind(e.currentTarget.value)}>
						<option value="">no</option>
						<option value="1h">1 hour before</option>
						<option value="12h">12 hours before</option>
						<option value="1d">a day before</option>
					</select>
				</label>
				<Confirm verb="Make a calendar address" error={error} />
			</form>
			<Fault text={list.error?.message} />
			{here.length > 0 && (
				<table aria-label="My addresses of this calendar">
					<tbody>
						{here.map((f) => (
							<Line f={f} onDone={list.again} onUrl={show} />
						))}
					</tbody>
				</table>
			)}
		</Dialog>
	);
}
