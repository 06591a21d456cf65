// SPDX-License-Identifier: Apache-2.0
// Cases that do not hold under a checked draft: saving it anyway takes a tick.
import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { Draft } from '../form/draft';
import { ask, bodyOf, type Case } from './tried';

/** Asked when a draft has been checked; null: not known yet. Nobody is kept from saving because it cannot be asked. */
export function useFailing(d: Draft, on: boolean): Case[] | null {
	const [said, say] = useState<{ of: string; cases: Case[] } | null>(null);
	const print = on && d.ready ? d.checked!.print : '';
	useEffect(() => {
		if (!print) return;
		let live = true;
		bodyOf(d)
			.then((b) => ask(b, d.id, { last: 0 }))
			.then(
				(r) => live && say({ of: print, cases: r.cases.filter((c) => !c.passed) }),
				() => live && say({ of: print, cases: [] }),
			);
		return () => {
			live = false;
		};
	}, [print]);
	if (!print) return [];
	return said?.of === print ? said.cases : null;
}

export function Waive({
	cases,
	on,
	set,
}: {
	cases: Case[];
	on: boolean;
	set: (on: boolean) => void;
}): JSX.Element | null {
	if (cases.length === 0) return null;
	return (
		<div class="note bad" role="alert">
			<b>{cases.length === 1 ? 'A case does not hold' : `${cases.length} cases do not hold`}</b>:{' '}
			{cases.map((c) => `“${c.name}”`).join(', ')}.
			<label class="check">
				<input type="checkbox" checked={on} onChange={(e) => set(e.currentTarget.checked)} />
				save although a case fails
			</label>
		</div>
	);
}
