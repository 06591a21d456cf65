// SPDX-License-Identifier: Apache-2.0
// Whether what was pasted works: waits for the next signal of an integration and says what became of it.
import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { get, type List } from '../../../api/http';
import type { Rejected, SignalRow } from '../../../api/types';
import { A } from '../../../router';
import { became } from './signals';

const EVERY = 2_000; // a signal that only counts on writes no event

interface Newest {
	signal: SignalRow | undefined;
	refused: Rejected | undefined;
}

async function newest(id: string): Promise<Newest> {
	const [s, r] = await Promise.all([
		get<List<SignalRow>>(`/signals?integration=${id}&limit=1`),
		get<List<Rejected>>(`/integrations/${id}/rejected?limit=1`),
	]);
	return { signal: s.items[0], refused: r.items[0] };
}

/** What came since, asked for as long as somebody waits. */
function useNext(id: string, since: Newest | null): Newest | null {
	const [seen, see] = useState<Newest | null>(null);
	useEffect(() => {
		see(null);
		if (!since) return;
		let stopped = false;
		let timer: ReturnType<typeof setTimeout> | undefined;
		const look = (): void => {
			newest(id)
				.then((n) => {
					const s = n.signal?.id === since.signal?.id ? undefined : n.signal;
					const r = n.refused?.id === since.refused?.id ? undefined : n.refused;
					if (s || r) {
						stopped = true;
						see({ signal: s, refused: r });
					}
				})
				.catch(() => {})
				.finally(() => {
					if (!stopped) timer = setTimeout(look, EVERY);
				});
		};
		look();
		return () => {
			stopped = true;
			clearTimeout(timer);
		};
	}, [id, since]);
	return seen;
}

export function WaitForSignal({ id }: { id: string }): JSX.Element {
	const [since, from] = useState<Newest | null>(null);
	const [error, fail] = useState('');
	const seen = useNext(id, since);
	const waiting = since !== null && seen === null;
	const begin = (): void => {
		fail('');
		newest(id).then(from, (e: Error) => fail(e.message));
	};
	const s = seen?.signal;
	return (
		<div class="wait-signal">
			<p class="row-acts">
				{waiting ? (
					<button onClick={() => from(null)}>Stop waiting</button>
				) : (
					<button onClick={begin}>{seen ? 'Wait for another' : 'Wait for a signal'}</button>
				)}
			</p>
			<p role="status">
				{waiting && <span class="wait-dot">○ waiting: send something now…</span>}
				{s && (
					<>
						<span class="live-dot">✓ it came</span>: <code>{s.dedup_key}</code>{' '}
						{s.incident ? (
							<A href={`/incidents/${s.incident}`}>{became[s.outcome] ?? s.outcome}</A>
						) : (
							(became[s.outcome] ?? s.outcome)
						)}
					</>
				)}
				{seen?.refused && (
					<span class="warn">
						! it came and was refused: {seen.refused.status} {seen.refused.reason}
					</span>
				)}
			</p>
			{error && (
				<p class="f-fault" role="alert">
					{error}
				</p>
			)}
		</div>
	);
}
