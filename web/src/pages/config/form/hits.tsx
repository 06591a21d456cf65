// SPDX-License-Identifier: Apache-2.0
// How often each rule of a set was taken lately, as the server counts it.
import { createContext } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { get, type List } from '../../../api/http';
import type { RuleHits } from '../../../api/types';
import { ago, minutes } from '../../../ui/time';

const AGAIN = 60_000;

export const HitsOf = createContext<Map<string, RuleHits> | null>(null);

/** By the id of the rule; null until they are here, and for a set that is not saved yet. */
export function useHits(set: string): Map<string, RuleHits> | null {
	const [hits, keep] = useState<Map<string, RuleHits> | null>(null);
	useEffect(() => {
		if (!set) return;
		const ask = (): void => {
			get<List<RuleHits>>(`/rules/hits?set=${encodeURIComponent(set)}`).then(
				(l) => keep(new Map(l.items.map((r) => [r.rule, r]))),
				() => {},
			);
		};
		ask();
		const timer = setInterval(ask, AGAIN);
		return () => clearInterval(timer);
	}, [set]);
	return hits;
}

/** "412 in 7 days, last 3 min ago"; a rule that took none is drawn as absence. */
export function Taken({ h }: { h: RuleHits | undefined }): JSX.Element | null {
	void minutes.value;
	if (!h) return null;
	if (h.week === 0)
		return <span class="f-hits none">○ never in 7 days{h.last_at && `, last ${ago(h.last_at)}`}</span>;
	return (
		<span class="f-hits">
			{h.week.toLocaleString()} in 7 days{h.last_at && `, last ${ago(h.last_at)}`}
		</span>
	);
}
