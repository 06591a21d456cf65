// SPDX-License-Identifier: Apache-2.0
// What stands beside an integration: how to set its sender up, its key, where a signal would go, what came last, what was refused.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { KeyMade } from '../../../api/types';
import { query } from '../../../router';
import { may, type Doc } from '../../../store/store';
import { Copy, Tabs } from '../../../ui/parts';
import { str } from '../kinds';
import { Keys } from './keys';
import { COUNTED, LastRejected, LastSignals, useRejected, useSignals } from './signals';
import { snippets } from './snippets';
import { Health, useHeard, useTicks } from './state';
import { TestSignal } from './trial';
import { WaitForSignal } from './wait';

/** One sender at a time; with the key in it as long as it is known here. */
function Snippets({ type, known }: { type: string; known: string }): JSX.Element {
	const all = snippets(type, known || 'KEY');
	const [at, pick] = useState(all[0]!.name);
	const one = all.find((s) => s.name === at) ?? all[0]!;
	return (
		<>
			<Tabs label="Sender" tabs={all.map((s) => [s.name, s.name])} at={one.name} onPick={pick} />
			<p class="muted">{one.where}</p>
			<pre tabIndex={0}>{one.text}</pre>
			<Copy text={one.text} />
			<p class="muted">
				{known
					? 'The key stands in it: it is shown only now.'
					: 'KEY is the integration’s secret; it is shown once, when it is made, and never again.'}
			</p>
		</>
	);
}

export function IntegrationSide({ d }: { d: Doc }): JSX.Element {
	const [made, make] = useState<KeyMade | null>(null);
	const page = useSignals(d.id, COUNTED).value;
	const signals = page?.items;
	const longAgo = page?.items.length === 0 && !!page.looked_back_to;
	const heard = useHeard(longAgo); // which knows, as far as the page did not look
	const last = signals?.[0]?.at ?? heard?.get(d.id)?.last_at;
	const rejected = useRejected(d.id, useTicks(d.id)).value?.items;
	return (
		<>
			<section class="panel" aria-label="Set up">
				<header class="panel-head">
					<h2>Set up</h2>
					<span role="status">
						{page && (!longAgo || heard) && <Health last={last} refused={rejected?.[0]?.at} />}
					</span>
				</header>
				<div class="pad">
					<Snippets type={str(d.body['type'] ?? 'native')} known={made?.key ?? query('key')} />
					<WaitForSignal id={d.id} />
				</div>
			</section>
			{may('member') && <Keys d={d} made={made} onMade={make} />}
			{may('member') && <TestSignal id={d.id} last={signals?.[0]} />}
			<LastSignals id={d.id} page={page} />
			<LastRejected list={rejected} />
		</>
	);
}
