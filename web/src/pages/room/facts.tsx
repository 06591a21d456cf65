// SPDX-License-Identifier: Apache-2.0
// Service, team, urgency, links: what is known at a glance.
import type { JSX } from 'preact';
import { A } from '../../router';
import { docs, targetName } from '../../store/store';
import type { Row } from '../../store/reduce';
import { Time } from '../../ui/parts';
import { ago, when } from '../../ui/time';

export function Facts({ r }: { r: Row }): JSX.Element {
	const links = Object.entries(
		(docs('services')?.get(r.service ?? '')?.body['links'] ?? {}) as Record<string, string>,
	);
	return (
		<dl class="facts">
			<div>
				<dt>Service</dt>
				<dd>
					{r.service ? (
						<A href={`/config/services/${r.service}`}>{targetName(`service/${r.service}`)}</A>
					) : (
						<span class="warn">none: unrouted</span>
					)}
				</dd>
			</div>
			<div>
				<dt>Team</dt>
				<dd>{r.team ? <A href={`/config/teams/${r.team}`}>{targetName(`team/${r.team}`)}</A> : '–'}</dd>
			</div>
			<div>
				<dt>Urgency</dt>
				<dd>{r.urgency}</dd>
			</div>
			<div>
				<dt>Since</dt>
				<dd>
					<Time at={r.opened_at}>{when(r.opened_at)}</Time> · {ago(r.opened_at)}
				</dd>
			</div>
			{links
				.filter(([, v]) => /^https?:/.test(v))
				.map(([k, v]) => (
					<div>
						<dt>{k}</dt>
						<dd>
							<a href={v} rel="noreferrer noopener" target="_blank">
								open ↗
							</a>
						</dd>
					</div>
				))}
			{r.merged_into && (
				<div>
					<dt>Merged into</dt>
					<dd>
						<A href={`/incidents/${r.merged_into}`}>#{r.merged_into}</A>
					</dd>
				</div>
			)}
		</dl>
	);
}
