// SPDX-License-Identifier: Apache-2.0
// The organisation's own record: who changed what, signed in, made tokens; and whether it is whole.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { all, get } from '../../api/http';
import type { Event } from '../../api/types';
import { go, query, search, withQuery } from '../../router';
import { docs, may, userName } from '../../store/store';
import { Empty, Time, useLoad } from '../../ui/parts';
import { when } from '../../ui/time';
import { Frame } from './frame';

interface Verified {
	whole: boolean;
	events: number;
	broken_at?: number;
	cut: boolean;
	head: string;
}

function Chain(): JSX.Element {
	const [said, say] = useState<JSX.Element | null>(null);
	const ask = async (): Promise<void> => {
		say(<span class="muted">Walking the chain…</span>);
		try {
			const v = await get<Verified>('/audit/verify');
			say(
				v.whole ? (
					<span>
						<span class="state resolved">✓ whole</span> {v.events} events, the last is{' '}
						<code>{v.head.slice(0, 12)}</code>
					</span>
				) : (
					<span class="warn">
						{v.broken_at
							? `Event ${v.broken_at} was changed, or one before it`
							: 'The last events are missing'}
					</span>
				),
			);
		} catch (e) {
			say(<span class="warn">{(e as Error).message}</span>);
		}
	};
	return (
		<div class="chain">
			<button onClick={() => void ask()}>Verify the chain</button>
			<span role="status">{said}</span>
		</div>
	);
}

const abouts: [string, string][] = [
	['', 'everything'],
	['config.', 'configuration'],
	['session.', 'sign-ins'],
	['token.', 'tokens'],
	['feed.', 'calendars'],
];

export function Audit(): JSX.Element {
	void search.value;
	const [text, set] = useState('');
	const actor = query('actor'),
		type = query('type');
	const data = useLoad(
		() =>
			may('admin')
				? all<Event>(`/audit?actor=${encodeURIComponent(actor)}&type=${type}`, 500)
				: Promise.resolve([]),
		[actor, type],
	);
	if (!may('admin'))
		return (
			<Frame at="audit">
				<Empty title="Only administrators may read this." />
			</Frame>
		);
	const list = (data.value ?? []).filter((e) =>
		`${e.sentence} ${e.actor} ${e.via} ${e.type}`.toLowerCase().includes(text.toLowerCase()),
	);
	return (
		<Frame
			at="audit"
			extra={
				<>
					<select
						aria-label="Who"
						class="narrow"
						value={actor}
						onChange={(e) => go(withQuery({ actor: e.currentTarget.value }), true)}
					>
						<option value="">everybody</option>
						{[...(docs('users')?.values() ?? [])].map((u) => (
							<option value={u.id}>{u.name}</option>
						))}
					</select>
					<select
						aria-label="About"
						class="narrow"
						value={type}
						onChange={(e) => go(withQuery({ type: e.currentTarget.value }), true)}
					>
						{abouts.map(([id, n]) => (
							<option value={id}>{n}</option>
						))}
					</select>
					<input
						class="narrow"
						type="search"
						aria-label="Words"
						placeholder="words"
						value={text}
						onInput={(e) => set(e.currentTarget.value)}
					/>
				</>
			}
		>
			<Chain />
			<div class="panel scroll" tabIndex={0} role="region" aria-label="Audit">
				<table class="log">
					<thead>
						<tr>
							<th>When</th>
							<th>Who</th>
							<th>What</th>
						</tr>
					</thead>
					<tbody>
						{list.slice(0, 300).map((e) => (
							<tr>
								<td>
									<Time at={e.at}>{when(e.at)}</Time>
								</td>
								<td>
									{e.actor ? userName(e.actor) : 'Tocsin'} <small>{e.via}</small>
								</td>
								<td>{e.sentence}</td>
							</tr>
						))}
						{data.value && list.length === 0 && (
							<tr>
								<td colSpan={3} class="muted">
									Nothing like that.
								</td>
							</tr>
						)}
					</tbody>
				</table>
			</div>
		</Frame>
	);
}
