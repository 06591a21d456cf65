// SPDX-License-Identifier: Apache-2.0
// A test incident that asks me alone, followed from the first page until I acknowledge it.
import { useEffect, useState } from 'preact/hooks';
import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { call, get, type List } from '../../api/http';
import type { Incident, Page } from '../../api/types';
import { A } from '../../router';
import { onEvents, row } from '../../store/store';
import { State, useLoad } from '../../ui/parts';
import { refused } from '../../ui/toast';
import { fireTest } from '../contacts/api';
import { Progress } from '../contacts/contacts';

const fired = signal<number | null>(null);

function Followed({ id }: { id: number }): JSX.Element {
	const [tick, bump] = useState(0);
	useEffect(
		() =>
			onEvents((l) => {
				if (l.some((e) => e.incident === id)) bump((n) => n + 1);
			}),
		[id],
	);
	const incident = useLoad(() => get<Incident>(`/incidents/${id}`), [id, tick]);
	const pages = useLoad(() => get<List<Page>>(`/incidents/${id}/pages`), [id, tick]);
	const now = row(id) ?? incident.value;
	const answered = now && now.state !== 'triggered';
	return (
		<div class="note" role="status">
			<p>
				<A href={`/incidents/${id}`}>#{id}</A> {now && <State of={now} />}
			</p>
			<ul class="contacts">
				{(pages.value?.items ?? []).map((p) => (
					<li>
						<b>{p.contact}</b> <span class="muted">{p.type}</span>{' '}
						{p.state === 'cancelled' ? (
							<span class="muted">not needed any more</span>
						) : (
							<Progress state={p.state} error={p.error} />
						)}
					</li>
				))}
			</ul>
			{answered ? (
				<p class="ok">✓ Acknowledged: it works from end to end.</p>
			) : (
				<>
					<p>
						Acknowledge it by the link in the message, best from your phone. No message? Look above at how far
						it came.
					</p>
					<button
						onClick={() => void call('POST', `/incidents/${id}/acknowledge`, { body: {} }).catch(refused)}
					>
						Acknowledge it here
					</button>
				</>
			)}
		</div>
	);
}

export function Drill(): JSX.Element {
	const [busy, work] = useState(false);
	return (
		<>
			<p>The proof: a test incident pages you alone, by your own steps. It is in no figure.</p>
			{fired.value !== null && <Followed id={fired.value} />}
			<p class="choices">
				<button
					class={fired.value === null ? 'main' : ''}
					disabled={busy}
					onClick={() => {
						work(true);
						fireTest()
							.then((id) => {
								fired.value = id;
							}, refused)
							.finally(() => work(false));
					}}
				>
					{fired.value === null ? 'Page me now' : 'Once more'}
				</button>
			</p>
		</>
	);
}
