// SPDX-License-Identifier: Apache-2.0
// What happened, in figures: response times as distributions with their n, never a bare mean; the load of pages
// by weekday and hour; every message that was sent; the organisation's own record.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { all } from '../api/http';
import type { Event, Incident, Page } from '../api/types';
import { A, go, query, withQuery } from '../router';
import { docs, may, targetName, userName } from '../store/store';
import { Empty, Tabs, Time, useLoad } from '../ui/parts';
import { ownZone, reading, span, when, zoneName } from '../ui/time';
import { utc } from '../store/prefs';

const reports: [string, string][] = [
	['response', 'Response'],
	['load', 'Load'],
	['messages', 'Messages'],
	['audit', 'Audit'],
];

function Frame({
	at,
	children,
	extra,
}: {
	at: string;
	children: JSX.Element | JSX.Element[];
	extra?: JSX.Element;
}): JSX.Element {
	return (
		<div class="page">
			<div class="page-inner">
				<header>
					<h1>Insight</h1>
					<div class="tabs links" role="group" aria-label="Reports">
						{reports
							.filter(([id]) => id !== 'audit' || may('admin'))
							.map(([id, n]) => (
								<A href={`/insight/${id}`} aria-current={id === at ? 'page' : undefined}>
									{n}
								</A>
							))}
					</div>
					<span class="push" />
					{extra}
					<span class="zone muted">{zoneName()}</span>
				</header>
				{children}
			</div>
		</div>
	);
}

function quantile(sorted: number[], q: number): number {
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))]!;
}

const edges = [1e3, 1e4, 3e4, 6e4, 3e5, 6e5, 18e5, 36e5, 144e5, 864e5];
const names = ['1 s', '10 s', '30 s', '1 m', '5 m', '10 m', '30 m', '1 h', '4 h', '1 d'];

/** On a scale of time that people think in. Under ten values there are dots, and no percentiles. */
function Histogram({ values, label }: { values: number[]; label: string }): JSX.Element {
	const bins = Array.from({ length: edges.length + 1 }, () => 0);
	for (const v of values) {
		let i = edges.findIndex((e) => v < e);
		if (i < 0) i = edges.length;
		bins[i]!++;
	}
	const most = Math.max(1, ...bins);
	const w = 640,
		h = 150,
		step = w / bins.length;
	return (
		<>
			<svg
				class="histo"
				viewBox={`0 0 ${w} ${h}`}
				role="img"
				aria-label={`${label}: ${bins
					.map((n, i) => (n ? `${n} under ${names[i] ?? 'more'}` : ''))
					.filter(Boolean)
					.join(', ')}`}
			>
				<line x1="0" x2={w} y1="125" y2="125" />
				{values.length < 10
					? values.map((v, k) => {
							let i = edges.findIndex((e) => v < e);
							if (i < 0) i = edges.length;
							return (
								<rect
									x={i * step + step / 2 - 4}
									y={
										112 -
										values.slice(0, k).filter((x) => {
											let j = edges.findIndex((e) => x < e);
											if (j < 0) j = edges.length;
											return j === i;
										}).length *
											12
									}
									width="8"
									height="8"
									rx="4"
								/>
							);
						})
					: bins.map((n, i) => (
							<>
								{n > 0 && (
									<>
										<rect
											x={i * step + 3}
											y={125 - (n / most) * 105}
											width={step - 6}
											height={(n / most) * 105}
											rx="3"
										/>
										<text x={i * step + step / 2} y={120 - (n / most) * 105} text-anchor="middle">
											{n}
										</text>
									</>
								)}
							</>
						))}
				{names.map((n, i) => (
					<text x={(i + 1) * step} y="142" text-anchor="middle">
						{n}
					</text>
				))}
			</svg>
			<details>
				<summary class="muted">As a table</summary>
				<table>
					<thead>
						<tr>
							<th>under</th>
							<th>incidents</th>
						</tr>
					</thead>
					<tbody>
						{bins.map((n, i) =>
							n ? (
								<tr>
									<td>{names[i] ?? 'more than a day'}</td>
									<td class="num">{n}</td>
								</tr>
							) : null,
						)}
					</tbody>
				</table>
			</details>
		</>
	);
}

function Figures({ values }: { values: number[] }): JSX.Element {
	const s = [...values].sort((a, b) => a - b);
	if (s.length < 10) return <p class="muted">n = {s.length}: too few for percentiles; each is a dot.</p>;
	return (
		<div class="figures">
			<div class="figure">
				<small>half under</small>
				<b>{span(quantile(s, 0.5))}</b>
			</div>
			<div class="figure">
				<small>nine of ten under</small>
				<b>{span(quantile(s, 0.9))}</b>
			</div>
			<div class="figure">
				<small>longest</small>
				<b>{span(s[s.length - 1]!)}</b>
			</div>
			<div class="figure">
				<small>n</small>
				<b>{s.length}</b>
			</div>
		</div>
	);
}

function Response(): JSX.Element {
	const days = Number(query('days') || 30),
		team = query('team');
	const data = useLoad(() => all<Incident>(`/incidents?team=${team}`, 2000), [team]);
	const since = Date.now() - days * 864e5;
	const list = (data.value ?? []).filter(
		(i) => Date.parse(i.opened_at) >= since && i.mode === 'standard' && !i.merged_into,
	);
	const acks = list
		.filter((i) => i.acked_at && i.acked_by?.startsWith('user/'))
		.map(
			(i) =>
				Date.parse(i.acked_at!) - Date.parse(i.triggered_at < i.acked_at! ? i.triggered_at : i.opened_at),
		)
		.filter((x) => x >= 0);
	const ends = list
		.filter((i) => i.resolved_at)
		.map((i) => Date.parse(i.resolved_at!) - Date.parse(i.opened_at));
	const missed = list.filter((i) => i.exhausted_at).length;
	const noisy = new Map<string, { n: number; acted: number; id: number; title: string }>();
	for (const i of list) {
		const k = i.dedup_key;
		const e = noisy.get(k) ?? { n: 0, acted: 0, id: i.id, title: i.title };
		e.n++;
		if (i.acked_by?.startsWith('user/')) e.acted++;
		noisy.set(k, e);
	}
	return (
		<Frame
			at="response"
			extra={
				<>
					<Tabs
						label="Of the last"
						tabs={[
							['7', '7 days'],
							['30', '30 days'],
							['90', '90 days'],
						]}
						at={String(days)}
						onPick={(d) => go(withQuery({ days: d === '30' ? '' : d }), true)}
					/>
					<select
						aria-label="Team"
						class="narrow"
						value={team}
						onChange={(e) => go(withQuery({ team: e.currentTarget.value }), true)}
					>
						<option value="">all teams</option>
						{[...(docs('teams')?.values() ?? [])].map((t) => (
							<option value={t.id}>{t.name}</option>
						))}
					</select>
				</>
			}
		>
			<div class="figures">
				<div class="figure">
					<small>incidents</small>
					<b>{list.length}</b>
				</div>
				<div class="figure">
					<small>answered by a person</small>
					<b>{acks.length}</b>
				</div>
				<div class="figure">
					<small>nobody was left to page</small>
					<b class={missed ? 'warn' : ''}>{missed}</b>
				</div>
			</div>
			<section class="panel">
				<header class="panel-head">
					<h2>Until somebody acknowledged</h2>
				</header>
				<div class="pad">
					<Figures values={acks} />
					<Histogram values={acks} label="Time until acknowledged" />
				</div>
			</section>
			<section class="panel">
				<header class="panel-head">
					<h2>Until it ended</h2>
				</header>
				<div class="pad">
					<Figures values={ends} />
					<Histogram values={ends} label="Time until resolved" />
				</div>
			</section>
			<section class="panel scroll">
				<header class="panel-head">
					<h2>Noise: what comes back</h2>
				</header>
				<table>
					<thead>
						<tr>
							<th>Key</th>
							<th>Incidents</th>
							<th>Answered by a person</th>
							<th>Last</th>
						</tr>
					</thead>
					<tbody>
						{[...noisy]
							.filter(([, e]) => e.n > 1)
							.sort((a, b) => b[1].n - a[1].n)
							.slice(0, 10)
							.map(([k, e]) => (
								<tr>
									<th scope="row">
										<A href={`/incidents?view=all&q=${encodeURIComponent(`key:${k}`)}`}>
											<code>{k}</code>
										</A>
									</th>
									<td class="num">{e.n}</td>
									<td class="num">{Math.round((e.acted / e.n) * 100)} %</td>
									<td>
										<A href={`/incidents/${e.id}`}>{e.title}</A>
									</td>
								</tr>
							))}
						{![...noisy.values()].some((e) => e.n > 1) && (
							<tr>
								<td colSpan={4} class="muted">
									No key came back in this time.
								</td>
							</tr>
						)}
					</tbody>
				</table>
			</section>
			<p class="muted">
				Of the newest 2,000 incidents; drills, tests and merged ones are left out, and so are acknowledgements
				by machines.
			</p>
		</Frame>
	);
}

function Load(): JSX.Element {
	const data = useLoad(() => all<Page>('/pages', 3000), []);
	const zone = utc.value ? 'UTC' : ownZone;
	const [who, pick] = useState('');
	const list = (data.value ?? []).filter((p) => p.mode === 'standard' && (!who || p.user === who) && p.user);
	const cells = Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => 0));
	const per = new Map<string, { n: number; night: number }>();
	for (const p of list) {
		const r = new Date(reading(zone, Date.parse(p.created_at)));
		cells[(r.getUTCDay() + 6) % 7]![r.getUTCHours()]!++;
		const e = per.get(p.user!) ?? { n: 0, night: 0 };
		e.n++;
		if (r.getUTCHours() < 7 || r.getUTCHours() >= 22) e.night++;
		per.set(p.user!, e);
	}
	const most = Math.max(1, ...cells.flat());
	const shade = (n: number): number => (n === 0 ? 0 : Math.min(4, 1 + Math.floor((n / most) * 3.99)));
	return (
		<Frame
			at="load"
			extra={
				<select aria-label="Person" class="narrow" value={who} onChange={(e) => pick(e.currentTarget.value)}>
					<option value="">everybody</option>
					{[...(docs('users')?.values() ?? [])].map((u) => (
						<option value={u.id}>{u.name}</option>
					))}
				</select>
			}
		>
			<section class="panel">
				<header class="panel-head">
					<h2>Pages by weekday and hour</h2>
					<span class="muted">n = {list.length}</span>
				</header>
				<div class="pad scroll" tabIndex={0} role="region" aria-label="Pages by weekday and hour">
					<table class="heat">
						<thead>
							<tr>
								<td></td>
								{Array.from({ length: 24 }, (_, h) => (
									<th scope="col">{String(h).padStart(2, '0')}</th>
								))}
							</tr>
						</thead>
						<tbody>
							{['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].map((d, i) => (
								<tr>
									<th scope="row">{d}</th>
									{cells[i]!.map((n) => (
										<td class={`h${shade(n)}`}>{n || ''}</td>
									))}
								</tr>
							))}
						</tbody>
					</table>
				</div>
			</section>
			<section class="panel">
				<header class="panel-head">
					<h2>By person</h2>
				</header>
				<table>
					<thead>
						<tr>
							<th>Person</th>
							<th class="right">Pages</th>
							<th class="right">At night, 22–07</th>
							<th class="right">Share</th>
						</tr>
					</thead>
					<tbody>
						{[...per]
							.sort((a, b) => b[1].n - a[1].n)
							.map(([u, e]) => (
								<tr>
									<th scope="row">
										<A href={`/config/users/${u}`}>{userName(u)}</A>
									</th>
									<td class="num right">{e.n}</td>
									<td class="num right">{e.night}</td>
									<td class="num right">{Math.round((e.n / list.length) * 100)} %</td>
								</tr>
							))}
						{per.size === 0 && (
							<tr>
								<td colSpan={4} class="muted">
									Nobody was paged.
								</td>
							</tr>
						)}
					</tbody>
				</table>
			</section>
		</Frame>
	);
}

function Messages(): JSX.Element {
	const state = query('state');
	const data = useLoad(() => all<Page>(`/pages?state=${state}`, 200), [state]);
	return (
		<Frame
			at="messages"
			extra={
				<Tabs
					label="State"
					tabs={[
						['', 'All'],
						['failed', 'Failed'],
						['queued', 'Waiting'],
						['sent', 'Sent'],
						['delivered', 'Delivered'],
					]}
					at={state}
					onPick={(s) => go(withQuery({ state: s }), true)}
				/>
			}
		>
			<div class="panel scroll" tabIndex={0} role="region" aria-label="Messages">
				<table>
					<thead>
						<tr>
							<th>When</th>
							<th>Who</th>
							<th>By</th>
							<th>State</th>
							<th>Incident</th>
							<th>Why, and what the provider said</th>
						</tr>
					</thead>
					<tbody>
						{(data.value ?? []).map((p) => (
							<tr>
								<td>
									<Time at={p.created_at}>{when(p.created_at)}</Time>
								</td>
								<td>{p.user ? userName(p.user) : '–'}</td>
								<td>
									{p.contact} <small>{p.type}</small>
								</td>
								<td>
									<span class={`pstate ${p.state}`}>{p.state}</span>
									{p.attempts > 1 && <small> {p.attempts} tries</small>}
								</td>
								<td>{p.incident ? <A href={`/incidents/${p.incident}`}>#{p.incident}</A> : '–'}</td>
								<td>
									<small>
										{targetName(p.because)}
										{p.receipt && ` · ${p.receipt}`}
									</small>
									{p.error && <small class="warn"> {p.error}</small>}
								</td>
							</tr>
						))}
						{data.value?.length === 0 && (
							<tr>
								<td colSpan={6} class="muted">
									Nothing.
								</td>
							</tr>
						)}
					</tbody>
				</table>
			</div>
		</Frame>
	);
}

function Audit(): JSX.Element {
	const [text, set] = useState('');
	const data = useLoad(() => all<Event>('/audit', 500), []);
	const list = (data.value ?? []).filter((e) =>
		`${e.sentence} ${e.actor} ${e.type}`.toLowerCase().includes(text.toLowerCase()),
	);
	if (!may('admin'))
		return (
			<Frame at="audit">
				<Empty title="Only administrators may read this." />
			</Frame>
		);
	return (
		<Frame
			at="audit"
			extra={
				<input
					class="narrow"
					type="search"
					aria-label="Filter"
					placeholder="who, what"
					value={text}
					onInput={(e) => set(e.currentTarget.value)}
				/>
			}
		>
			<div class="panel scroll" tabIndex={0} role="region" aria-label="Audit">
				<table>
					<thead>
						<tr>
							<th>When</th>
							<th>Who</th>
							<th>What</th>
						</tr>
					</thead>
					<tbody>
						{list.slice(0, 300).map((e) => (
							<tr>
								<td>
									<Time at={e.at}>{when(e.at)}</Time>
								</td>
								<td>
									{e.actor ? userName(e.actor) : 'Tocsin'} <small>{e.via}</small>
								</td>
								<td>{e.sentence}</td>
							</tr>
						))}
					</tbody>
				</table>
			</div>
		</Frame>
	);
}

export default function Insight({ id }: { id: string; sub: string }): JSX.Element {
	if (id === 'load') return <Load />;
	if (id === 'messages') return <Messages />;
	if (id === 'audit') return <Audit />;
	return <Response />;
}
