// SPDX-License-Identifier: Apache-2.0
// How being on call lies on people: person by week, the numbers in the cells. Nights are told to the person and
// to administrators only; the server leaves them out.
import type { JSX } from 'preact';
import { get } from '../../api/http';
import { A, go, query, search, withQuery } from '../../router';
import { Tabs, useLoad } from '../../ui/parts';
import { day } from '../../ui/time';
import { asked, Asked, Frame, Waiting } from './frame';

interface Cell {
	hours: number;
	pages: number;
	night_pages?: number;
	woke?: number;
}
interface Line extends Cell {
	name: string;
	user?: string;
	team?: string;
	share?: number;
	weeks: Cell[];
}
interface Report {
	weeks: string[];
	hours_by: 'history' | 'today';
	people: Line[];
	teams: Line[];
	hidden: number;
}

const kinds: [keyof Cell, string, string][] = [
	['hours', 'Hours', 'Hours on call'],
	['pages', 'Pages', 'Pages'],
	['night_pages', 'Night pages', 'Pages between 22 and 6'],
	['woke', 'Broken nights', 'Nights with a page'],
];

function Heat({
	r,
	what,
	lines,
	title,
	link,
}: {
	r: Report;
	what: keyof Cell;
	lines: Line[];
	title: string;
	link: (l: Line) => string;
}): JSX.Element {
	const most = Math.max(1, ...lines.flatMap((l) => l.weeks.map((w) => w[what] ?? 0)));
	const shade = (n: number): number => (n === 0 ? 0 : Math.min(4, 1 + Math.floor((n / most) * 3.99)));
	const shown = (n: number | undefined): string =>
		n === undefined ? '' : n === 0 ? '' : String(Math.round(n));
	return (
		<section class="panel">
			<header class="panel-head">
				<h2>{title}</h2>
			</header>
			<div class="pad scroll" tabIndex={0} role="region" aria-label={title}>
				<table class="heat load">
					<thead>
						<tr>
							<td></td>
							{r.weeks.map((w) => (
								<th scope="col">
									<span class="sr">Week of </span>
									{day(w).replace(/^\w+ /, '')}
								</th>
							))}
							<th scope="col">Sum</th>
							{lines.some((l) => l.share !== undefined) && <th scope="col">Share</th>}
						</tr>
					</thead>
					<tbody>
						{lines.map((l) => (
							<tr>
								<th scope="row">
									<A href={link(l)}>{l.name}</A>
								</th>
								{l.weeks.map((w) =>
									w[what] === undefined ? (
										<td class="untold" title="Told to the person and to administrators">
											<span class="sr">not told</span>
										</td>
									) : (
										<td class={`h${shade(w[what]!)}`}>{shown(w[what]) || <span class="sr">0</span>}</td>
									),
								)}
								<td class="sum">{l[what] === undefined ? '–' : Math.round(l[what]!)}</td>
								{l.share !== undefined && <td class="sum">{Math.round(l.share)} %</td>}
							</tr>
						))}
					</tbody>
				</table>
			</div>
		</section>
	);
}

export function Load(): JSX.Element {
	void search.value;
	const q = asked();
	const data = useLoad(() => get<Report>(`/reports/load?${q}`), [q]);
	const what = (query('show') || 'hours') as keyof Cell;
	const r = data.value;
	const shares = (r?.people ?? []).map((p) => p.share ?? 0);
	const spread = shares.length > 1 ? Math.round(Math.max(...shares) - Math.min(...shares)) : null;
	return (
		<Frame at="load" extra={<Asked report="load" />}>
			<div class="figures">
				<Tabs
					label="What the cells show"
					tabs={kinds.map(([k, n]) => [k, n])}
					at={what}
					onPick={(k) => go(withQuery({ show: k === 'hours' ? '' : k }), true)}
				/>
			</div>
			{!r ? (
				<Waiting error={data.error} />
			) : (
				<>
					{r.people.length > 0 && (
						<Heat
							r={r}
							what={what}
							lines={r.people}
							title={`${kinds.find(([k]) => k === what)![2]} by person and week`}
							link={(l) => `/config/users/${l.user}`}
						/>
					)}
					{r.people.length === 0 && (
						<p class="note">
							{r.hidden
								? 'Only colleagues of a team see each other’s load.'
								: 'Nobody was on call in this time.'}
						</p>
					)}
					{r.teams.length > 0 && (
						<Heat
							r={r}
							what={what}
							lines={r.teams}
							title="By team: all that its people bear"
							link={(l) => `/config/teams/${l.team}`}
						/>
					)}
					<p class="muted">
						{spread !== null &&
							`The largest and the smallest share of the hours are ${spread} points apart. `}
						Weeks begin on Monday.{' '}
						{r.hours_by === 'history'
							? 'Hours are by the schedules as they were then.'
							: 'Schedules have changed often in this time: hours are by the schedules as they are now.'}{' '}
						{r.hidden > 0 &&
							`${r.hidden === 1 ? 'One person' : `${r.hidden} people`} of other teams only in the sums of teams. `}
						Nights are told to the person and to administrators; of a team when it has three people or more.
					</p>
				</>
			)}
		</Frame>
	);
}
