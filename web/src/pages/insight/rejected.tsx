// SPDX-License-Identifier: Apache-2.0
// What integrations sent and were refused: the first place to look when a monitor seems silent.
import type { JSX } from 'preact';
import { all } from '../../api/http';
import type { Rejected as Row } from '../../api/types';
import { A, go, query, search, withQuery } from '../../router';
import { docs, targetName } from '../../store/store';
import { Time, useLoad } from '../../ui/parts';
import { when } from '../../ui/time';
import { Frame } from './frame';

export function Rejected(): JSX.Element {
	void search.value;
	const of = query('integration');
	const data = useLoad(
		() => all<Row>(of ? `/integrations/${encodeURIComponent(of)}/rejected` : '/rejected', 200),
		[of],
	);
	return (
		<Frame
			at="rejected"
			extra={
				<select
					aria-label="Integration"
					class="narrow"
					value={of}
					onChange={(e) => go(withQuery({ integration: e.currentTarget.value }), true)}
				>
					<option value="">all integrations</option>
					{[...(docs('integrations')?.values() ?? [])].map((i) => (
						<option value={i.id}>{i.name}</option>
					))}
				</select>
			}
		>
			<div class="panel scroll" tabIndex={0} role="region" aria-label="Rejected signals">
				<table>
					<thead>
						<tr>
							<th>When</th>
							<th>Integration</th>
							<th>Answer</th>
							<th>Why</th>
							<th>How it began</th>
						</tr>
					</thead>
					<tbody>
						{(data.value ?? []).map((r) => (
							<tr>
								<td>
									<Time at={r.at}>{when(r.at)}</Time>
								</td>
								<td>
									<A href={`/config/integrations/${r.integration}`}>
										{targetName(`integration/${r.integration}`)}
									</A>
								</td>
								<td class="num">{r.status}</td>
								<td>{r.reason}</td>
								<td>
									<code class="sample">{r.sample.slice(0, 200)}</code>
								</td>
							</tr>
						))}
						{data.value?.length === 0 && (
							<tr>
								<td colSpan={5} class="muted">
									Nothing was refused.
								</td>
							</tr>
						)}
					</tbody>
				</table>
			</div>
		</Frame>
	);
}
