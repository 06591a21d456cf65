// SPDX-License-Identifier: Apache-2.0
// What the pages of insight have in common: their tabs, the time and team that are asked for, the figures
// to take away.
import type { ComponentChildren, JSX } from 'preact';
import { A, go, query, withQuery } from '../../router';
import { docs, may } from '../../store/store';
import { Tabs } from '../../ui/parts';
import { zoneName } from '../../ui/time';

const reports: [string, string][] = [
	['response', 'Response'],
	['noise', 'Noise'],
	['load', 'Load'],
	['messages', 'Messages'],
	['rejected', 'Rejected'],
	['audit', 'Audit'],
];

export function Frame({
	at,
	children,
	extra,
}: {
	at: string;
	children: ComponentChildren;
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
					<span class="zone muted">{zoneName()}</span>
				</header>
				{extra && <div class="asked">{extra}</div>}
				{children}
			</div>
		</div>
	);
}

/** The query of a report. Its end is the server's now: the clock here may be wrong. */
export function asked(): string {
	const days = Number(query('days') || 30);
	const p = new URLSearchParams({ zone: zoneName() });
	if (days !== 30) p.set('from', new Date(Date.now() - days * 864e5).toISOString().slice(0, 16) + ':00Z');
	if (query('team')) p.set('team', query('team'));
	return p.toString();
}

export function Asked({ report }: { report: string }): JSX.Element {
	const team = query('team');
	return (
		<>
			<Tabs
				label="Of the last"
				tabs={[
					['7', '7 days'],
					['30', '30 days'],
					['90', '90 days'],
				]}
				at={query('days') || '30'}
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
			<span class="take">
				<a class="button small" href={`/api/v1/reports/${report}?${asked()}&format=csv`} download>
					CSV
				</a>{' '}
				<a class="button small" href={`/api/v1/reports/${report}?${asked()}`} download={`${report}.json`}>
					JSON
				</a>
			</span>
		</>
	);
}

export function Waiting({ error }: { error: Error | null }): JSX.Element {
	return error ? <p class="note">{error.message}</p> : <p class="muted">Computing…</p>;
}
