// SPDX-License-Identifier: Apache-2.0
// The alerts of an incident, with what rules changed.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { all, get, type List } from '../../api/http';
import type { Alert, Event } from '../../api/types';
import { A } from '../../router';
import { may, targetName } from '../../store/store';
import type { Row } from '../../store/reduce';
import { Copy, Severity, Time, useLoad } from '../../ui/parts';
import { when } from '../../ui/time';

// ---- what came in ----

function AlertBox({ a, changes }: { a: Alert; changes: Event[] }): JSX.Element {
	const [raw, set] = useState(false);
	const signal = (a.signal ?? {}) as Record<string, unknown>;
	const labels = Object.entries((signal['labels'] ?? {}) as Record<string, unknown>);
	const links = Object.entries((signal['links'] ?? {}) as Record<string, string>);
	const json = JSON.stringify(signal, null, 2);
	return (
		<article class="alert-box">
			<header>
				<span class={a.state === 'open' ? 'triggered' : 'resolved'}>
					{a.state === 'open' ? '▲ open' : '✓ recovered'}
				</span>{' '}
				<Severity of={a.severity} /> <b>{a.summary}</b>
			</header>
			<p class="muted">
				<code>{a.dedup_key}</code> · {a.count} signal{a.count === 1 ? '' : 's'} · last{' '}
				<Time at={a.last_at}>{when(a.last_at)}</Time>
				{a.integration && (
					<>
						{' '}
						· by{' '}
						<A href={`/config/integrations/${a.integration}`}>{targetName(`integration/${a.integration}`)}</A>
					</>
				)}
			</p>
			{labels.length > 0 && (
				<dl class="labels">
					{labels.map(([k, v]) => (
						<div>
							<dt>{k}</dt>
							<dd>{String(v)}</dd>
						</div>
					))}
				</dl>
			)}
			{typeof signal['details'] === 'string' && signal['details'] && <pre>{signal['details']}</pre>}
			{links.length > 0 && (
				<p class="links">
					{links
						.filter(([, v]) => /^https?:/.test(String(v)))
						.map(([k, v]) => (
							<a href={v} rel="noreferrer noopener" target="_blank">
								{k} ↗
							</a>
						))}
				</p>
			)}
			{changes.length > 0 && (
				<div class="rules">
					<h3>What the rules changed</h3>
					<table>
						<thead>
							<tr>
								<th>rule</th>
								<th>field</th>
								<th>before</th>
								<th>after</th>
							</tr>
						</thead>
						<tbody>
							{changes.map((e) => {
								const d = (e.data ?? {}) as Record<string, unknown>;
								return (
									<tr>
										<td>{String(d['rule'] ?? '')}</td>
										<td>{String(d['field'] ?? '')}</td>
										<td>{String(d['before'] ?? '–')}</td>
										<td>{String(d['after'] ?? '–')}</td>
									</tr>
								);
							})}
						</tbody>
					</table>
				</div>
			)}
			<p>
				<button class="small" aria-expanded={raw} onClick={() => set(!raw)}>
					{raw ? 'Hide' : 'Show'} the signal
				</button>{' '}
				{raw && <Copy text={json} />}
			</p>
			{raw && <pre tabIndex={0}>{json}</pre>}
		</article>
	);
}

export function Alerts({ r, tick, onSplit }: { r: Row; tick: number; onSplit: () => void }): JSX.Element {
	const id = r.id;
	const alerts = useLoad(() => get<List<Alert>>(`/incidents/${id}/alerts?limit=50`), [id, tick, r.alerts]);
	const changes = useLoad(
		() =>
			all<Event>(`/incidents/${id}/timeline`, 500).then((l) => l.filter((e) => e.type === 'signal.changed')),
		[id],
	);
	const list = alerts.value?.items;
	return (
		<section class="panel" aria-label="Alerts">
			<header class="panel-head">
				<h2>
					Alerts{' '}
					{list && list.length > 0 && (
						<span class="n">
							{list.length}
							{alerts.value!.next ? '+' : ''}
						</span>
					)}
				</h2>
				{may('member') && r.state !== 'resolved' && r.alerts > 1 && (
					<button class="small" onClick={onSplit}>
						Split off…
					</button>
				)}
			</header>
			<div class="pad">
				{list?.length === 0 && <p class="muted">None: it was opened by hand.</p>}
				{list?.map((a) => (
					<AlertBox
						a={a}
						key={a.id}
						changes={latest((changes.value ?? []).filter((e) => !e.dedup_key || e.dedup_key === a.dedup_key))}
					/>
				))}
			</div>
		</section>
	);
}

/** Each rule and field once, as it was last. */
function latest(list: Event[]): Event[] {
	const seen = new Map<string, Event>();
	for (const e of list) {
		const d = e.data as Record<string, unknown>;
		const k = `${d?.['rule']} ${d?.['field']}`;
		if (!seen.has(k)) seen.set(k, e);
	}
	return [...seen.values()];
}
