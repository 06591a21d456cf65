// SPDX-License-Identifier: Apache-2.0
// What stands beside an integration: how to set its sender up, where a signal would go, what came last, what was refused.
import type { JSX } from 'preact';
import { may, type Doc } from '../../../store/store';
import { Copy } from '../../../ui/parts';
import { str } from '../kinds';
import { COUNTED, Health, LastRejected, LastSignals, useRejected, useSignals, useTicks } from './signals';
import { snippets } from './snippets';
import { TestSignal } from './trial';

export function IntegrationSide({ d }: { d: Doc }): JSX.Element {
	const signals = useSignals(d.id, COUNTED).value?.items;
	const rejected = useRejected(d.id, useTicks(d.id)).value?.items;
	return (
		<>
			<section class="panel" aria-label="Set up">
				<header class="panel-head">
					<h2>Set up</h2>
					<span role="status">{signals && <Health last={signals[0]} refused={rejected?.[0]} />}</span>
				</header>
				<div class="pad">
					{snippets(str(d.body['type'] ?? 'native')).map(([n, text]) => (
						<>
							<h3>{n}</h3>
							<pre tabIndex={0}>{text}</pre>
							<Copy text={text} />
						</>
					))}
					<p class="muted">
						KEY is the integration’s secret; it is shown once, when it is made, and never again.
					</p>
				</div>
			</section>
			{may('member') && <TestSignal id={d.id} last={signals?.[0]} />}
			<LastSignals list={signals} />
			<LastRejected list={rejected} />
		</>
	);
}
