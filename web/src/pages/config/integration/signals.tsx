// SPDX-License-Identifier: Apache-2.0
// What came by an integration: how often, the last of it as it was sent and as it was understood, what was refused.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { get, type List } from '../../../api/http';
import type { Rejected, SignalRow } from '../../../api/types';
import { A } from '../../../router';
import { Tabs, Time, useLoad } from '../../../ui/parts';
import { now, serverNow, when } from '../../../ui/time';
import { useTicks } from './state';

const LISTED = 20;
export const COUNTED = 200; // the most that one answer holds: a rate over it is said as "more than"

/** The last signals of an integration, followed. */
export function useSignals(id: string, limit = LISTED): ReturnType<typeof useLoad<List<SignalRow>>> {
	const tick = useTicks(id);
	return useLoad(() => get<List<SignalRow>>(`/signals?integration=${id}&limit=${limit}`), [id, tick]);
}

export const useRejected = (id: string, tick: number): ReturnType<typeof useLoad<List<Rejected>>> =>
	useLoad(() => get<List<Rejected>>(`/integrations/${id}/rejected?limit=${LISTED}`), [id, tick]);

/** How many of the signals came in the time before now; with a + when there may be more. */
export function within(signals: SignalRow[], ms: number, at = serverNow()): string {
	const n = signals.filter((s) => at - Date.parse(s.at) < ms).length;
	return `${n}${n >= COUNTED ? '+' : ''}`;
}

export function Rate({ signals }: { signals: SignalRow[] }): JSX.Element {
	const at = now.value;
	return (
		<p class="pad muted" aria-label="Rate">
			{within(signals, 60_000, at)} in the last minute, {within(signals, 3_600_000, at)} in the last hour.
		</p>
	);
}

/** Why a signal that was understood opens nothing of its own. */
export const became: Record<string, string> = {
	opened: 'opened an incident',
	kept: 'kept: its severity wakes nobody',
	duplicate: 'counted on the open alert',
	rose: 'raised the severity of the open alert',
	reopened: 'opened its incident again',
	acknowledged: 'acknowledged by the sender',
	closed: 'ended the alert',
	nothing: 'dropped: nothing was open under this key',
};

const quiet = new Set(['raw', 'changed']);

function One({ s }: { s: SignalRow }): JSX.Element {
	const [open, show] = useState(false);
	const [view, pick] = useState('parsed');
	const body = (s.signal ?? {}) as Record<string, unknown>;
	const parsed = Object.fromEntries(Object.entries(body).filter(([k]) => !quiet.has(k)));
	return (
		<li>
			<p>
				<Time at={s.at}>{when(s.at)}</Time> <code>{s.dedup_key}</code>{' '}
				{s.incident ? (
					<A href={`/incidents/${s.incident}`}>{became[s.outcome] ?? s.outcome}</A>
				) : (
					<span class="muted">{became[s.outcome] ?? s.outcome}</span>
				)}{' '}
				<button class="small" aria-expanded={open} onClick={() => show(!open)}>
					What it said<span class="sr"> ({s.dedup_key})</span>
				</button>
			</p>
			{open && (
				<>
					<Tabs
						label="How it is shown"
						tabs={[
							['parsed', 'Parsed'],
							['raw', 'Raw'],
						]}
						at={view}
						onPick={pick}
					/>
					{view === 'raw' && body['raw'] === undefined ? (
						<p class="muted">The sender spoke the native form: what it sent is what was parsed.</p>
					) : (
						<pre tabIndex={0}>{JSON.stringify(view === 'raw' ? body['raw'] : parsed, null, 2)}</pre>
					)}
				</>
			)}
		</li>
	);
}

export function LastSignals({ list }: { list: SignalRow[] | undefined }): JSX.Element {
	return (
		<section class="panel" aria-label="Last signals">
			<header class="panel-head">
				<h2>Last signals</h2>
			</header>
			{list && <Rate signals={list} />}
			{list?.length ? (
				<ul class="pad tried">
					{list.slice(0, LISTED).map((s) => (
						<One key={s.id} s={s} />
					))}
				</ul>
			) : (
				<p class="muted pad">None yet.</p>
			)}
		</section>
	);
}

export function LastRejected({ list }: { list: Rejected[] | undefined }): JSX.Element {
	return (
		<section class="panel" aria-label="Rejected">
			<header class="panel-head">
				<h2>Dropped, and why</h2>
			</header>
			{list?.length ? (
				<ul class="pad faults">
					{list.map((r) => (
						<li>
							<Time at={r.at}>{when(r.at)}</Time> <b>{r.status}</b> {r.reason}
							<pre tabIndex={0}>{r.sample}</pre>
						</li>
					))}
				</ul>
			) : (
				<p class="muted pad">Nothing was refused.</p>
			)}
		</section>
	);
}
