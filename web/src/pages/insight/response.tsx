// SPDX-License-Identifier: Apache-2.0
// How long until a person had it, and until it was over: always the distribution and n, beside the time before.
import type { JSX } from 'preact';
import { get } from '../../api/http';
import { A, go, query, search, withQuery } from '../../router';
import { targetName } from '../../store/store';
import { Tabs, useLoad } from '../../ui/parts';
import { zoneName } from '../../ui/time';
import { Histogram, rangeOf, secs, type Spread } from './charts';
import { asked, Asked, Frame, Waiting } from './frame';

interface Group {
	key: string;
	incidents: number;
	exhausted: number;
	unanswered: number;
	ack: Spread;
	resolve: Spread;
}
interface Report extends Group {
	left_out: { drills: number; merged: number; acknowledged_by_machine: number };
	before: Group;
	by_severity: Group[];
	by_team: Group[];
	by_hour: Group[];
}

/** "12 % faster than the time before" */
function Change({
	now,
	before,
}: {
	now: number | undefined;
	before: number | undefined;
}): JSX.Element | null {
	if (!now || !before) return null;
	const d = Math.round((100 * (now - before)) / before);
	if (d === 0) return <small>as before</small>;
	return (
		<small class={d > 0 ? 'warn' : ''}>
			{Math.abs(d)} % {d > 0 ? 'slower' : 'faster'} than before
		</small>
	);
}

function Figures({ of, before }: { of: Spread; before: Spread }): JSX.Element {
	if (of.n < 10)
		return (
			<p class="muted">
				n = {of.n}
				{of.n > 0 && `, mean ${secs(of.mean)}`}: too few for percentiles; each is a dot.
			</p>
		);
	return (
		<div class="figures">
			<div class="figure">
				<small>half under</small>
				<b>{secs(of.p50)}</b>
				<Change now={of.p50} before={before.p50} />
			</div>
			<div class="figure">
				<small>nine of ten under</small>
				<b>{secs(of.p90)}</b>
				<Change now={of.p90} before={before.p90} />
			</div>
			<div class="figure">
				<small>mean</small>
				<b>{secs(of.mean)}</b>
			</div>
			<div class="figure">
				<small>longest</small>
				<b>{secs(of.longest)}</b>
			</div>
			<div class="figure">
				<small>n</small>
				<b>{of.n}</b>
				<small>{before.n} before</small>
			</div>
		</div>
	);
}

/** The bar that was chosen stands in the address. */
function Measure({ name, title, r }: { name: 'ack' | 'resolve'; title: string; r: Report }): JSX.Element {
	void search.value;
	const at = query(name) === '' ? null : Number(query(name));
	const bucket = at === null ? undefined : r[name].buckets[at];
	return (
		<section class="panel">
			<header class="panel-head">
				<h2>{title}</h2>
			</header>
			<div class="pad">
				<Figures of={r[name]} before={r.before[name]} />
				<Histogram
					of={r[name]}
					label={title}
					picked={at}
					onPick={(i) => go(withQuery({ [name]: i === null ? '' : String(i) }), true)}
				/>
				{bucket && (
					<div class="bucket" role="region" aria-live="polite" aria-label={`Incidents of ${rangeOf(bucket)}`}>
						<h3>
							{rangeOf(bucket)}: {bucket.n}
							{bucket.n > bucket.newest.length && ` (the newest ${bucket.newest.length})`}
						</h3>
						<ul>
							{bucket.newest.map((i) => (
								<li>
									<A href={`/incidents/${i.id}`}>
										<span class="num">#{i.id}</span> {i.title}
									</A>{' '}
									<span class="muted num">{secs(i.after)}</span>
								</li>
							))}
						</ul>
					</div>
				)}
			</div>
		</section>
	);
}

const kinds = { severity: 'By severity', team: 'By team', hour: 'By hour' } as const;
type By = keyof typeof kinds;

function Groups({ r }: { r: Report }): JSX.Element {
	void search.value;
	const by = (query('by') || 'severity') as By;
	const list = r[`by_${by}`] ?? [];
	const name = (g: Group): string =>
		by === 'team' ? (g.key ? targetName(`team/${g.key}`) : 'no team') : by === 'hour' ? `${g.key}:00` : g.key;
	return (
		<section class="panel scroll" tabIndex={0} role="region" aria-label={kinds[by]}>
			<header class="panel-head">
				<h2>Compared</h2>
				<Tabs
					label="Compared by"
					tabs={Object.entries(kinds)}
					at={by}
					onPick={(b) => go(withQuery({ by: b === 'severity' ? '' : b }), true)}
				/>
			</header>
			<table>
				<thead>
					<tr>
						<th scope="col">
							{by === 'hour' ? `Opened at (${zoneName()})` : by === 'team' ? 'Team' : 'Severity'}
						</th>
						<th class="right">Incidents</th>
						<th class="right">Answered</th>
						<th class="right">Half under</th>
						<th class="right">9 of 10 under</th>
						<th class="right">Over, half under</th>
						<th class="right">Nobody left</th>
					</tr>
				</thead>
				<tbody>
					{list.map((g) => (
						<tr>
							<th scope="row">{name(g)}</th>
							<td class="num right">{g.incidents}</td>
							<td class="num right">{g.ack.n}</td>
							<td class="num right">{g.ack.n < 10 ? <span class="muted">too few</span> : secs(g.ack.p50)}</td>
							<td class="num right">{g.ack.n < 10 ? <span class="muted">too few</span> : secs(g.ack.p90)}</td>
							<td class="num right">
								{g.resolve.n < 10 ? <span class="muted">too few</span> : secs(g.resolve.p50)}
							</td>
							<td class={`num right${g.exhausted ? ' warn' : ''}`}>{g.exhausted}</td>
						</tr>
					))}
					{list.length === 0 && (
						<tr>
							<td colSpan={7} class="muted">
								Nothing happened in this time.
							</td>
						</tr>
					)}
				</tbody>
			</table>
		</section>
	);
}

export function Response(): JSX.Element {
	const q = asked();
	const data = useLoad(() => get<Report>(`/reports/response?${q}`), [q]);
	const r = data.value;
	return (
		<Frame at="response" extra={<Asked report="response" />}>
			{!r ? (
				<Waiting error={data.error} />
			) : (
				<>
					<div class="figures">
						<div class="figure">
							<small>incidents</small>
							<b>{r.incidents}</b>
							<small>{r.before.incidents} before</small>
						</div>
						<div class="figure">
							<small>answered by a person</small>
							<b>{r.ack.n}</b>
						</div>
						<div class="figure">
							<small>nobody was left to page</small>
							<b class={r.exhausted ? 'warn' : ''}>{r.exhausted}</b>
							{r.exhausted > 0 && <small>{r.unanswered} never answered</small>}
						</div>
					</div>
					<Measure name="ack" title="Until a person had it" r={r} />
					<Measure name="resolve" title="Until it was over" r={r} />
					<Groups r={r} />
					<p class="muted">
						Left out: {r.left_out.drills} drills and tests, {r.left_out.merged} merged into others.{' '}
						{r.left_out.acknowledged_by_machine} were acknowledged by machines only, which is no answer.
					</p>
				</>
			)}
		</Frame>
	);
}
