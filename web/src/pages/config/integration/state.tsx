// SPDX-License-Identifier: Apache-2.0
// Whether integrations hear anything: one request for a whole list of them, and a line for each.
import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { get, type List } from '../../../api/http';
import type { Heard } from '../../../api/types';
import { onEvents } from '../../../store/store';
import { Time, useLoad } from '../../../ui/parts';
import { ago, when } from '../../../ui/time';

const AGAIN = 15_000; // what is refused, or only counts on, writes no event
const AT_MOST = 1_000; // in a storm

/** Counts what an integration, or any (null), has done since; and time, because not everything that comes is an
 * event. Of undefined it counts nothing. */
export function useTicks(id: string | null | undefined): number {
	const [tick, bump] = useState(0);
	useEffect(() => {
		if (id === undefined) return;
		let next = 0;
		let later: ReturnType<typeof setTimeout> | undefined;
		const more = (): void => {
			const wait = next - Date.now();
			if (wait > 0) {
				later ??= setTimeout(() => {
					later = undefined;
					more();
				}, wait);
				return;
			}
			next = Date.now() + AT_MOST;
			bump((n) => n + 1);
		};
		const timer = setInterval(more, AGAIN);
		const stop = onEvents((l) => {
			if (l.some((e) => e.actor_kind === 'integration' && (id === null || e.actor === id))) more();
		});
		return () => {
			clearInterval(timer);
			clearTimeout(later);
			stop();
		};
	}, [id]);
	return tick;
}

/** What all integrations heard, by their ids; nothing is asked for where it is not wanted. */
export function useHeard(wanted: boolean): Map<string, Heard> | undefined {
	const tick = useTicks(wanted ? null : undefined);
	return useLoad(
		async () =>
			wanted
				? new Map((await get<List<Heard>>('/heard')).items.map((h) => [h.integration, h] as const))
				: undefined,
		[wanted, wanted && tick],
	).value;
}

/** Nothing yet, all well, silent for long, or its newest was refused; brief in a list, where the head of the column
 * says what it is. */
export function Health({
	last,
	refused,
	silent,
	brief,
}: {
	last: string | undefined;
	refused: string | undefined;
	silent?: string | undefined;
	brief?: boolean;
}): JSX.Element {
	if (refused && (!last || refused > last)) return <span class="health warn">! refused {ago(refused)}</span>;
	if (silent)
		return (
			<span class="health wait-dot">
				○ silent since <Time at={silent}>{when(silent)}</Time>
			</span>
		);
	return last ? (
		<span class="health live-dot">
			● {!brief && 'last signal '}
			{ago(last)}
		</span>
	) : (
		<span class="health wait-dot">○ {brief ? 'none yet' : 'waiting for the first signal…'}</span>
	);
}

export function State({ h }: { h: Heard | undefined }): JSX.Element {
	if (!h) return <span class="muted">…</span>;
	const newest = h.refused_at && (!h.last_at || h.refused_at > h.last_at);
	return (
		<>
			<Health last={h.last_at} refused={h.refused_at} silent={h.silent_since} brief />
			{newest && <small class="why-refused">{h.refused_reason}</small>}
		</>
	);
}

/** A count, drawn as absence when it is none. */
export const Count = ({ n }: { n: number | undefined }): JSX.Element =>
	n === undefined ? (
		<span class="muted">…</span>
	) : n === 0 ? (
		<span class="muted">none</span>
	) : (
		<>{n.toLocaleString()}</>
	);
