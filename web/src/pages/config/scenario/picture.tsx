// SPDX-License-Identifier: Apache-2.0
// What happened in a scenario: a lane for each incident and each person, the instants side by side.
import type { JSX } from 'preact';
import type { Trial } from '../../../api/types';
import { clock, dayKey, span, when } from '../../../ui/time';

type State = 'triggered' | 'acknowledged' | 'snoozed' | 'resolved';
const becomes: Record<string, State> = {
	'incident.opened': 'triggered',
	'incident.reopened': 'triggered',
	'incident.woke': 'triggered',
	'incident.acknowledged': 'acknowledged',
	'incident.snoozed': 'snoozed',
	'incident.resolved': 'resolved',
};
const marks: Record<State, string> = { triggered: '▲', acknowledged: '◆', snoozed: '☾', resolved: '✓' };

const COLUMN = 84,
	LANE = 36,
	HEAD = 150,
	TOP = 40;

interface Change {
	x: number;
	state: State;
	by: string | undefined;
}

export function Picture({ t }: { t: Trial }): JSX.Element {
	const telling = t.events.filter((e) => becomes[e.type] && e.incident !== undefined);
	const instants = [...new Set([...t.pages, ...telling].map((e) => e.at))].sort().slice(0, 60);
	const column = new Map(instants.map((at, i) => [at, i]));
	const x = (i: number): number => HEAD + i * COLUMN + 16;
	const incidents = new Map<number, { name: string; changes: Change[] }>();
	for (const e of telling) {
		const i = column.get(e.at);
		if (i === undefined) continue;
		const one = incidents.get(e.incident!) ?? { name: e.dedup_key ?? `#${e.incident}`, changes: [] };
		if (e.dedup_key) one.name = e.dedup_key;
		one.changes.push({ x: i, state: becomes[e.type]!, by: e.actor });
		incidents.set(e.incident!, one);
	}
	const people = [...new Set(t.pages.map((p) => p.who))];
	const lanes = incidents.size + people.length;
	const width = x(instants.length) + 24,
		height = TOP + lanes * LANE + 8;
	const y = (lane: number): number => TOP + lane * LANE + LANE / 2;
	const cut = (s: string): string => (s.length > 18 ? s.slice(0, 17) + '…' : s);
	const first = instants[0];
	return (
		<div class="scroll trial" tabIndex={0} role="group" aria-label="What happened, as a picture">
			<svg
				width={width}
				height={height}
				role="img"
				aria-label={`${t.pages.length} pages, ${incidents.size} incidents; the table says the same`}
			>
				{instants.map((at, i) => (
					<g>
						<line class="tick" x1={x(i)} x2={x(i)} y1={TOP - 6} y2={height - 8} />
						<text x={x(i)} y={14}>
							{clock(at)}
						</text>
						<text class="plus" x={x(i)} y={28}>
							{i === 0 || dayKey(at) !== dayKey(instants[i - 1]!)
								? when(at).replace(clock(at), '').trim()
								: `+${span(Date.parse(at) - Date.parse(first!))}`}
						</text>
					</g>
				))}
				{[...incidents.values()].map((one, lane) => (
					<g>
						<text class="lane-name" x={8} y={y(lane) + 5}>
							{cut(one.name)}
						</text>
						{one.changes.map((c, i) =>
							c.state === 'resolved' ? null : (
								<rect
									class={`bar ${c.state}`}
									x={x(c.x)}
									y={y(lane) - 5}
									width={Math.max(0, (one.changes[i + 1] ? x(one.changes[i + 1]!.x) : width - 16) - x(c.x))}
									height={10}
								/>
							),
						)}
						{one.changes.map((c) => (
							<text class={`mark ${c.state}`} x={x(c.x)} y={y(lane) + 6}>
								{marks[c.state]}
							</text>
						))}
					</g>
				))}
				{people.map((who, i) => (
					<g>
						<text class="lane-name person" x={8} y={y(incidents.size + i) + 5}>
							{cut(who)}
						</text>
						<line
							class="lane-line"
							x1={HEAD}
							x2={width - 16}
							y1={y(incidents.size + i)}
							y2={y(incidents.size + i)}
						/>
						{t.pages
							.filter((p) => p.who === who && column.has(p.at))
							.map((p) => (
								<g class={p.expected ? 'sent' : 'sent unexpected'}>
									<circle cx={x(column.get(p.at)!)} cy={y(incidents.size + i)} r={7} />
									<text x={x(column.get(p.at)!) + 11} y={y(incidents.size + i) - 5}>
										{p.contact}
										{p.expected ? '' : ', unexpected'}
									</text>
								</g>
							))}
					</g>
				))}
			</svg>
		</div>
	);
}

/** The same as a table, with everything that was said. */
export function Twin({ t }: { t: Trial }): JSX.Element {
	const lines = [
		...t.events.map((e) => ({
			at: e.at,
			what: e.sentence,
			about: e.dedup_key ?? (e.incident ? `#${e.incident}` : ''),
		})),
		...t.pages
			.filter((p) => !p.expected)
			.map((p) => ({
				at: p.at,
				what: `a page to ${p.who} by ${p.contact} that no line expected`,
				about: p.dedup_key,
			})),
	].sort((a, b) => a.at.localeCompare(b.at));
	return (
		<div class="scroll">
			<table>
				<thead>
					<tr>
						<th>When</th>
						<th>About</th>
						<th>What</th>
					</tr>
				</thead>
				<tbody>
					{lines.map((l) => (
						<tr>
							<td class="num">{when(l.at)}</td>
							<td>
								<code>{l.about}</code>
							</td>
							<td>{l.what}</td>
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}
