// SPDX-License-Identifier: Apache-2.0
// What came by an integration: how often, the last of it as it was sent and as it was understood, what was refused.
import { useEffect, useRef, useState } from 'preact/hooks';
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
export function within(page: List<SignalRow>, ms: number, at = serverNow()): string {
	const since = (t: string): boolean => at - Date.parse(t) < ms;
	const n = page.items.filter((s) => since(s.at)).length;
	return `${n}${n >= COUNTED || (page.looked_back_to && since(page.looked_back_to)) ? '+' : ''}`;
}

export function Rate({ page }: { page: List<SignalRow> }): JSX.Element {
	const at = now.value;
	return (
		<p class="pad muted" aria-label="Rate">
			{within(page, 60_000, at)} in the last minute, {within(page, 3_600_000, at)} in the last hour.
		</p>
	);
}

interface Older {
	seen: List<SignalRow>; // all that was found so far, and how far back that is
	looking: boolean;
	error: string;
	further: () => void;
}

/** A page ends where the server has looked through enough. By hand it goes on from there, until something is found or
 * nothing is older; what was found stays, while the page follows what comes. */
function useOlder(id: string, page: List<SignalRow>): Older {
	const [older, keep] = useState<List<SignalRow> | null>(null);
	const [looking, look] = useState(false);
	const [error, fail] = useState('');
	const gone = useRef(false);
	useEffect(() => () => void (gone.current = true), []);
	const ids = new Set(page.items.map((s) => s.id));
	const items = [...page.items, ...(older?.items ?? []).filter((s) => !ids.has(s.id))];
	const seen = { ...(older ?? page), items };
	const further = async (): Promise<void> => {
		let at = seen;
		look(true);
		fail('');
		try {
			do {
				const more = await get<List<SignalRow>>(
					`/signals?integration=${id}&limit=${LISTED}&cursor=${at.next}`,
				);
				at = { ...more, items: [...at.items, ...more.items] };
				keep(at);
			} while (at.items.length === items.length && at.next && !gone.current);
		} catch (e) {
			fail((e as Error).message);
		}
		look(false);
	};
	return { seen, looking, error, further: () => void further() };
}

/** Says that older signals were not looked at, and looks. */
function Further({ older }: { older: Older }): JSX.Element | null {
	const { seen, looking, error, further } = older;
	if (!seen.looked_back_to) return null;
	return (
		<div class="pad">
			<p class="muted" role="status">
				{looking ? 'Looking: nothing' : seen.items.length ? 'No others' : 'None'} since{' '}
				<Time at={seen.looked_back_to}>{when(seen.looked_back_to)}</Time>. What is older was not looked at.
			</p>
			<button class="small" aria-disabled={looking} onClick={() => !looking && further()}>
				Look further back
			</button>
			{error && (
				<p class="f-fault" role="alert">
					{error}
				</p>
			)}
		</div>
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

function Listed({ id, page }: { id: string; page: List<SignalRow> }): JSX.Element {
	const older = useOlder(id, page);
	const { items, looked_back_to } = older.seen;
	return (
		<>
			{(page.items.length > 0 || !page.looked_back_to) && <Rate page={page} />}
			{items.length > 0 && (
				<ul class="pad tried">
					{items.slice(0, LISTED + items.length - page.items.length).map((s) => (
						<One key={s.id} s={s} />
					))}
				</ul>
			)}
			{items.length < LISTED && <Further older={older} />}
			{!items.length && !looked_back_to && <p class="muted pad">None yet.</p>}
		</>
	);
}

export function LastSignals({ id, page }: { id: string; page: List<SignalRow> | undefined }): JSX.Element {
	return (
		<section class="panel" aria-label="Last signals">
			<header class="panel-head">
				<h2>Last signals</h2>
			</header>
			{page && <Listed key={id} id={id} page={page} />}
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
