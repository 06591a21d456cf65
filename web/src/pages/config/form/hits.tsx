// SPDX-License-Identifier: Apache-2.0
// How often each rule of a set was taken lately, as the server counts it.
import { useEffect } from 'preact/hooks';
import type { JSX } from 'preact';
import { get, type List } from '../../../api/http';
import type { RuleHits } from '../../../api/types';
import { useLoad } from '../../../ui/parts';
import { ago } from '../../../ui/time';

const AGAIN = 60_000;

/** By the id of the rule; null until they are here, and for a set that is not saved yet. */
export function useHits(set: string): Map<string, RuleHits> | null {
	const hits = useLoad(async () => {
		if (!set) return null;
		const l = await get<List<RuleHits>>(`/rules/hits?set=${encodeURIComponent(set)}`);
		return { set, of: new Map(l.items.map((r) => [r.rule, r])) };
	}, [set]);
	useEffect(() => {
		if (!set) return;
		const timer = setInterval(hits.again, AGAIN);
		return () => clearInterval(timer);
	}, [set]);
	return hits.value?.set === set ? hits.value.of : null;
}

/** "412 in 7 days, last 3 min ago"; a rule that took none is drawn as absence. */
export function Taken({ h }: { h: RuleHits | undefined }): JSX.Element | null {
	if (!h) return null;
	if (h.week === 0)
		return <span class="f-hits none">○ never in 7 days{h.last_at && `, last ${ago(h.last_at)}`}</span>;
	return (
		<span class="f-hits">
			{h.week.toLocaleString()} in 7 days{h.last_at && `, last ${ago(h.last_at)}`}
		</span>
	);
}
