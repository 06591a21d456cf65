// SPDX-License-Identifier: Apache-2.0
// What depends on what as a picture, with the state of open incidents; the same as a table.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { A, go } from '../../../router';
import { docs, rows, version, type Doc } from '../../../store/store';
import { glyph, shown, type Shown } from '../../../ui/parts';
import { cores, place, reach, type Node } from './layout';

const W = 152,
	H = 52,
	GAP_X = 56,
	GAP_Y = 20,
	EDGE = 12;
const weight: Shown[] = ['triggered', 'acknowledged', 'mitigated', 'snoozed'];

/** The worst open incident of each service. */
function states(): Map<string, Shown> {
	version.value; // follows every change of the board
	const out = new Map<string, Shown>();
	for (const s of rows.values()) {
		const r = s.value;
		if (!r.service || r.state === 'resolved') continue;
		const now = shown(r),
			had = out.get(r.service);
		if (!had || weight.indexOf(now) < weight.indexOf(had)) out.set(r.service, now);
	}
	return out;
}

const wordOf = (s: Shown | undefined): JSX.Element =>
	s ? (
		<span class={`state ${s}`}>
			<span aria-hidden="true">{glyph[s]}</span> {s}
		</span>
	) : (
		<span class="muted">quiet</span>
	);

/** From the right side of the first to the left side of the last, through the middle of those between. */
function line(stops: Node[], x: (n: number) => number, y: (n: number) => number): string {
	let out = '';
	stops.slice(1).forEach((to, i) => {
		const from = stops[i]!,
			last = i === stops.length - 2;
		const x1 = x(from.x) + W,
			y1 = y(from.y) + H / 2,
			x2 = x(to.x) - (last ? 2 : 0),
			y2 = y(to.y) + H / 2;
		const half = (x2 - x1) / 2;
		out += `${i === 0 ? `M${x1} ${y1}` : ''}C${x1 + half} ${y1} ${x2 - half} ${y2} ${x2} ${y2}`;
		if (!last) out += `H${x(to.x) + W}`;
	});
	return out;
}

function Picture({
	list,
	edges,
	at,
	state,
}: {
	list: Doc[];
	edges: [string, string][];
	at: string | undefined;
	state: Map<string, Shown>;
}): JSX.Element {
	const p = place(
		list.map((d) => d.id),
		edges,
	);
	const x = (n: number): number => EDGE + n * (W + GAP_X);
	const y = (n: number): number => EDGE + n * (H + GAP_Y);
	const name = new Map(list.map((d) => [d.id, d.name]));
	const cut = (t: string): string => (t.length > 20 ? t.slice(0, 19) + '…' : t);
	const width = x(p.columns) - GAP_X + EDGE,
		height = y(p.rows) - GAP_Y + EDGE;
	return (
		<div class="scroll map" tabIndex={0} role="group" aria-label="What depends on what">
			<svg width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
				<defs>
					<marker
						id="arrow"
						viewBox="0 0 8 8"
						refX="7"
						refY="4"
						markerWidth="7"
						markerHeight="7"
						orient="auto"
					>
						<path d="M0 0 8 4 0 8z" class="tip" />
					</marker>
				</defs>
				{p.edges.map(({ from, to, via }) => (
					<path
						class={state.has(from) && state.has(to) ? 'edge hot' : 'edge'}
						d={line([p.nodes.get(from)!, ...via, p.nodes.get(to)!], x, y)}
						marker-end="url(#arrow)"
					/>
				))}
				{[...p.nodes.values()].map((n) => {
					const s = state.get(n.id);
					return (
						<a
							href={`/config/services/${n.id}`}
							class={`node ${s ?? ''} ${n.id === at ? 'here' : ''}`}
							aria-label={`${name.get(n.id)}, ${s ?? 'quiet'}`}
							onClick={(e) => {
								if (e.metaKey || e.ctrlKey || e.shiftKey) return;
								e.preventDefault();
								go(`/config/services/${n.id}`);
							}}
						>
							<title>{name.get(n.id)}</title>
							<rect x={x(n.x)} y={y(n.y)} width={W} height={H} rx="8" />
							<text x={x(n.x) + 12} y={y(n.y) + 22} class="name">
								{cut(name.get(n.id)!)}
							</text>
							<text x={x(n.x) + 12} y={y(n.y) + 40} class="word">
								{s ? `${glyph[s]} ${s}` : 'quiet'}
							</text>
						</a>
					);
				})}
			</svg>
		</div>
	);
}

function Twin({
	list,
	edges,
	state,
}: {
	list: Doc[];
	edges: [string, string][];
	state: Map<string, Shown>;
}): JSX.Element {
	const names = (ids: string[]): JSX.Element => (
		<>
			{ids.length
				? ids.map((id, i) => (
						<>
							{i > 0 && ', '}
							<A href={`/config/services/${id}`}>{docs('services')?.get(id)?.name ?? id}</A>
						</>
					))
				: '–'}
		</>
	);
	return (
		<div class="scroll">
			<table>
				<thead>
					<tr>
						<th>Service</th>
						<th>State</th>
						<th>Depends on</th>
						<th>Needed by</th>
					</tr>
				</thead>
				<tbody>
					{list.map((d) => (
						<tr>
							<th scope="row">
								<A href={`/config/services/${d.id}`}>{d.name}</A>
							</th>
							<td>{wordOf(state.get(d.id))}</td>
							<td>{names(edges.filter(([a]) => a === d.id).map(([, b]) => b))}</td>
							<td>{names(edges.filter(([, b]) => b === d.id).map(([a]) => a))}</td>
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}

/** All services, or those around one: what it depends on and what depends on it. */
export function Dependencies({ at }: { at?: string }): JSX.Element | null {
	const [table, show] = useState(false);
	const all = [...(docs('services')?.values() ?? [])].sort((a, b) => a.name.localeCompare(b.name));
	const edges = all.flatMap((d) =>
		((d.body['depends_on'] ?? []) as string[]).map((x): [string, string] => [d.id, x]),
	);
	const around = at ? new Set([at, ...reach(at, edges), ...reach(at, edges, true)]) : null;
	const list = all.filter((d) => !around || around.has(d.id));
	const state = states();
	if (list.length < 2) return null;
	const below = at ? [at, ...reach(at, edges)] : list.map((d) => d.id);
	const core = cores(below, edges, new Set(state.keys()));
	return (
		<section class="panel" aria-label="Dependencies">
			<header class="panel-head">
				<h2>What depends on what</h2>
				<button class="small" aria-pressed={table} onClick={() => show(!table)}>
					{table ? 'View as picture' : 'View as table'}
				</button>
			</header>
			{core.length > 0 && (
				<p class="pad core">
					Likely core issue:{' '}
					{core.map((id, i) => (
						<>
							{i > 0 && ', '}
							<A href={`/config/services/${id}`}>{docs('services')?.get(id)?.name ?? id}</A>{' '}
							{wordOf(state.get(id))}
						</>
					))}
					<small> in trouble, while nothing that it depends on is</small>
				</p>
			)}
			{table ? (
				<Twin list={list} edges={edges} state={state} />
			) : (
				<Picture list={list} edges={edges} at={at} state={state} />
			)}
		</section>
	);
}
