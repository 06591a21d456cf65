// SPDX-License-Identifier: Apache-2.0
// What stands beside an integration: how to set its sender up, what came last, what was refused.
import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { get, type List } from '../../api/http';
import type { Rejected, SignalRow } from '../../api/types';
import { A } from '../../router';
import { onEvents, type Doc } from '../../store/store';
import { Copy, Time, useLoad } from '../../ui/parts';
import { age, when } from '../../ui/time';
import { str } from './kinds';

const origin = location.origin;

/** What to paste where, for a sender of this type. */
export function snippets(type: string, key = 'KEY'): [string, string][] {
	if (type === 'alertmanager')
		return [
			[
				'prometheus.yml: Prometheus sends straight here',
				`alerting:\n  alertmanagers:\n    - scheme: ${location.protocol.slice(0, -1)}\n      path_prefix: /in/${key}\n      static_configs:\n        - targets: ['${location.host}']`,
			],
			[
				'alertmanager.yml: as a receiver',
				`receivers:\n  - name: tocsin\n    webhook_configs:\n      - url: ${origin}/in/${key}`,
			],
			[
				'amtool',
				`amtool --alertmanager.url ${origin}/in/${key} alert add DiskFull instance=db-3 severity=critical`,
			],
		];
	if (type === 'victorops')
		return [
			[
				'The old REST endpoint',
				`curl -d '{"message_type":"CRITICAL","entity_id":"db-3/disk","state_message":"Disk 91 %"}' \\\n  ${origin}/integrations/generic/20131114/alert/${key}/ROUTING_KEY`,
			],
		];
	return [
		[
			'curl',
			`curl -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' \\\n  -d '{"action":"trigger","dedup_key":"db-3/disk","severity":"critical","summary":"Disk 91 %"}' \\\n  ${origin}/api/v1/signals`,
		],
		['Command line', `tocsin signal --url ${origin} --key ${key} db-3/disk critical "Disk 91 %"`],
	];
}

/** Counts what an integration has done since. */
function useTicks(id: string): number {
	const [tick, bump] = useState(0);
	useEffect(
		() =>
			onEvents((l) => {
				if (l.some((e) => e.actor_kind === 'integration' && e.actor === id)) bump((n) => n + 1);
			}),
		[id],
	);
	return tick;
}

/** The last signals of an integration, followed. */
export function useSignals(id: string): ReturnType<typeof useLoad<List<SignalRow>>> {
	const tick = useTicks(id);
	return useLoad(() => get<List<SignalRow>>(`/signals?integration=${id}&limit=20`), [id, tick]);
}

export function IntegrationSide({ d }: { d: Doc }): JSX.Element {
	const tick = useTicks(d.id);
	const signals = useSignals(d.id);
	const rejected = useLoad(
		() => get<List<Rejected>>(`/integrations/${d.id}/rejected?limit=10`),
		[d.id, tick],
	);
	const last = signals.value?.items[0];
	return (
		<>
			<section class="panel" aria-label="Set up">
				<header class="panel-head">
					<h2>Set up</h2>
					<span role="status">
						{last ? (
							<span class="live-dot">
								● last signal {age(last.at) === 'now' ? 'just now' : `${age(last.at)} ago`}
							</span>
						) : (
							<span class="wait-dot">◌ waiting for the first signal…</span>
						)}
					</span>
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
			<section class="panel" aria-label="Last signals">
				<header class="panel-head">
					<h2>Last signals</h2>
				</header>
				{signals.value?.items.length ? (
					<div class="scroll">
						<table>
							<thead>
								<tr>
									<th>When</th>
									<th>Key</th>
									<th>What became of it</th>
								</tr>
							</thead>
							<tbody>
								{signals.value.items.map((s) => (
									<tr>
										<td>
											<Time at={s.at}>{when(s.at)}</Time>
										</td>
										<td>
											<code>{s.dedup_key}</code>
										</td>
										<td>{s.incident ? <A href={`/incidents/${s.incident}`}>{s.outcome}</A> : s.outcome}</td>
									</tr>
								))}
							</tbody>
						</table>
					</div>
				) : (
					<p class="muted pad">None yet.</p>
				)}
			</section>
			<section class="panel" aria-label="Rejected">
				<header class="panel-head">
					<h2>Last rejected</h2>
				</header>
				{rejected.value?.items.length ? (
					<ul class="pad faults">
						{rejected.value.items.map((r) => (
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
		</>
	);
}
