// SPDX-License-Identifier: Apache-2.0
// What pages people for nothing, worst first.
import type { JSX } from 'preact';
import { get, type List } from '../../api/http';
import { A } from '../../router';
import { targetName } from '../../store/store';
import { useLoad } from '../../ui/parts';
import { asked, Asked, Frame, Waiting } from './frame';

interface Line {
	signature: string;
	service?: string;
	key: string;
	title: string;
	newest: number;
	incidents: number;
	acted: number;
	self_cleared: number;
	pages: number;
	asleep: number;
	advice?: string;
}

const percent = (part: number, of: number): string => (of ? `${Math.round((100 * part) / of)} %` : '–');

/** The board can look for a key, or for how it begins. */
function boardOf(l: Line): string {
	const cut = l.signature.indexOf('*');
	const key = cut < 0 ? l.key : l.key.slice(0, cut) + '*';
	return `/incidents?view=all&q=${encodeURIComponent(`key:${key}`)}`;
}

export function Noise(): JSX.Element {
	const q = asked();
	const data = useLoad(() => get<List<Line>>(`/reports/noise?${q}`), [q]);
	const list = data.value?.items;
	const most = Math.max(1, ...(list ?? []).map((l) => l.pages));
	return (
		<Frame at="noise" extra={<Asked report="noise" />}>
			{!list ? (
				<Waiting error={data.error} />
			) : (
				<section class="panel scroll" tabIndex={0} role="region" aria-label="Noise">
					<table class="noise cards">
						<thead>
							<tr>
								<th scope="col">Signature</th>
								<th class="right">Incidents</th>
								<th class="right">Pages</th>
								<th class="right">Acted on</th>
								<th class="right">Self-cleared</th>
								<th class="right">Asleep</th>
								<th scope="col">What to do</th>
							</tr>
						</thead>
						<tbody>
							{list.map((l) => (
								<tr>
									<th scope="row">
										<A href={boardOf(l)}>
											<code>{l.signature}</code>
										</A>
										<small>
											{l.service ? targetName(`service/${l.service}`) : 'no service'} · last{' '}
											<A href={`/incidents/${l.newest}`}>
												#{l.newest} {l.title}
											</A>
										</small>
									</th>
									<td class="num right" data-label="Incidents">
										{l.incidents}
									</td>
									<td class="num right pages" data-label="Pages">
										<svg class="spark" viewBox="0 0 40 8" width="40" height="8" aria-hidden="true">
											<rect width={(40 * l.pages) / most} height="8" rx="2" />
										</svg>{' '}
										{l.pages}
									</td>
									<td class="num right" data-label="Acted on">
										{percent(l.acted, l.incidents)}
									</td>
									<td class="num right" data-label="Self-cleared">
										{percent(l.self_cleared, l.incidents)}
									</td>
									<td class="num right" data-label="Asleep">
										{percent(l.asleep, l.pages)}
									</td>
									<td data-label="What to do">{l.advice ?? <span class="muted">–</span>}</td>
								</tr>
							))}
							{list.length === 0 && (
								<tr>
									<td colSpan={7} class="muted">
										Nothing came in this time.
									</td>
								</tr>
							)}
						</tbody>
					</table>
				</section>
			)}
			<p class="muted">
				Keys that differ only in what counts up are one signature. <em>Acted on</em>: a person did anything at
				all. <em>Asleep</em>: pages between 22 and 6 where the person lives.
			</p>
		</Frame>
	);
}
