// SPDX-License-Identifier: Apache-2.0
// Every message that was sent, and what the provider said.
import type { JSX } from 'preact';
import { all } from '../../api/http';
import type { Page } from '../../api/types';
import { A, go, query, search, withQuery } from '../../router';
import { docs, targetName, userName } from '../../store/store';
import { Tabs, Time, useLoad } from '../../ui/parts';
import { when } from '../../ui/time';
import { Frame } from './frame';

const STEP = 200;

export function Messages(): JSX.Element {
	void search.value;
	const state = query('state'),
		user = query('user'),
		most = Number(query('n') || STEP);
	const data = useLoad(
		() => all<Page>(`/pages?state=${state}&user=${encodeURIComponent(user)}`, most),
		[state, user, most],
	);
	return (
		<Frame
			at="messages"
			extra={
				<>
					<Tabs
						label="State"
						tabs={[
							['', 'All'],
							['failed', 'Failed'],
							['queued', 'Waiting'],
							['sent', 'Sent'],
							['delivered', 'Delivered'],
						]}
						at={state}
						onPick={(s) => go(withQuery({ state: s }), true)}
					/>
					<select
						aria-label="Person"
						class="narrow"
						value={user}
						onChange={(e) => go(withQuery({ user: e.currentTarget.value }), true)}
					>
						<option value="">everybody</option>
						{[...(docs('users')?.values() ?? [])].map((u) => (
							<option value={u.id}>{u.name}</option>
						))}
					</select>
				</>
			}
		>
			<div class="panel scroll" tabIndex={0} role="region" aria-label="Messages">
				<table>
					<thead>
						<tr>
							<th>When</th>
							<th>Who</th>
							<th>By</th>
							<th>State</th>
							<th>Incident</th>
							<th>Why, and what the provider said</th>
						</tr>
					</thead>
					<tbody>
						{(data.value ?? []).map((p) => (
							<tr>
								<td>
									<Time at={p.created_at}>{when(p.created_at)}</Time>
								</td>
								<td>{p.user ? userName(p.user) : '–'}</td>
								<td>
									{p.contact} <small>{p.type}</small>
								</td>
								<td>
									<span class={`pstate ${p.state}`}>{p.state}</span>
									{p.attempts > 1 && <small> {p.attempts} tries</small>}
								</td>
								<td>{p.incident ? <A href={`/incidents/${p.incident}`}>#{p.incident}</A> : '–'}</td>
								<td>
									<small>
										{targetName(p.because)}
										{p.receipt && ` · ${p.receipt}`}
									</small>
									{p.error && <small class="warn"> {p.error}</small>}
								</td>
							</tr>
						))}
						{data.value?.length === 0 && (
							<tr>
								<td colSpan={6} class="muted">
									Nothing.
								</td>
							</tr>
						)}
					</tbody>
				</table>
			</div>
			{data.value && data.value.length >= most && (
				<button onClick={() => go(withQuery({ n: String(most + STEP) }), true)}>Show {STEP} more</button>
			)}
		</Frame>
	);
}
