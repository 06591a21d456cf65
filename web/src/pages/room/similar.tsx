// SPDX-License-Identifier: Apache-2.0
// Incidents like this one: why they are, when it was, how it ended and what was said then. And what may be behind it:
// trouble of something that its service depends on.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { get, type List } from '../../api/http';
import type { Event, Incident, Room } from '../../api/types';
import { A } from '../../router';
import { docs, rows, targetName, userName, version } from '../../store/store';
import type { Row } from '../../store/reduce';
import { State, Time, useLoad } from '../../ui/parts';
import { ago, took, when } from '../../ui/time';
import { isNote } from './note';
import { Said } from './said';

const SHOWN = 5;
/** Of the last of its timeline; its last words are there. */
const LINES = 60;
const WORDS = 3;

function Ended({ i }: { i: Incident }): JSX.Element {
	const at = i.resolved_at!;
	const by = i.resolved_by ?? 'system';
	return (
		<>
			{by.startsWith('user/') ? `ended by ${userName(by)}` : 'recovered by itself'} after{' '}
			{took(Date.parse(at) - Date.parse(i.opened_at))}, <Time at={at}>{when(at)}</Time> ({ago(at)})
		</>
	);
}

/** What was thought of it, and the last that was said. */
function Words({ i }: { i: Incident }): JSX.Element {
	const room = useLoad(() => get<Room>(`/incidents/${i.id}/room`), [i.id]);
	const lines = useLoad(() => get<List<Event>>(`/incidents/${i.id}/timeline?limit=${LINES}`), [i.id]);
	if (room.error ?? lines.error) return <p class="note bad">{(room.error ?? lines.error)!.message}</p>;
	if (!room.value || !lines.value) return <p class="muted">…</p>;
	const marks = new Map(room.value.lines.map((l) => [l.line, l.text]));
	const notes = lines.value.items.filter(isNote).slice(0, WORDS).reverse();
	const { theory } = room.value.brief;
	return (
		<div class="words">
			{theory && (
				<p>
					<b>We thought</b> {theory}
				</p>
			)}
			{notes.map((e) => (
				<div key={e.seq}>
					<b>{userName(e.actor)}</b> <Said text={marks.get(e.seq) ?? String(e.data?.['text'] ?? '')} />
				</div>
			))}
			{!theory && notes.length === 0 && <p class="muted">Nobody wrote anything down.</p>}
		</div>
	);
}

function Line({ i, why }: { i: Incident; why: string }): JSX.Element {
	const [open, set] = useState(false);
	return (
		<li>
			<A href={`/incidents/${i.id}`}>
				#{i.id} {i.title}
			</A>
			<small>
				{why} · {i.state === 'resolved' ? <Ended i={i} /> : <State of={i} />}
			</small>
			<button
				class="plain link small"
				aria-expanded={open}
				aria-label={`What was said of #${i.id}`}
				onClick={() => set(!open)}
			>
				what was said
			</button>
			{open && <Words i={i} />}
		</li>
	);
}

/** Services that this one depends on, near ones first. */
function below(service: string): string[] {
	const found = [service];
	for (const id of found)
		for (const next of (docs('services')?.get(id)?.body['depends_on'] ?? []) as string[])
			if (!found.includes(next)) found.push(next);
	return found.slice(1);
}

/** Open incidents of what its service depends on. */
function causes(r: Row): Row[] {
	void version.value;
	const near = r.service && r.state !== 'resolved' ? below(r.service) : [];
	if (near.length === 0) return [];
	return [...rows.values()]
		.map((s) => s.value)
		.filter((x) => x.state !== 'resolved' && x.id !== r.id && near.includes(x.service ?? ''))
		.sort((a, b) => near.indexOf(a.service!) - near.indexOf(b.service!) || a.id - b.id)
		.slice(0, SHOWN);
}

export function Similar({ r }: { r: Row }): JSX.Element {
	const same = useLoad(
		() => get<List<Incident>>(`/incidents?dedup_key=${encodeURIComponent(r.dedup_key)}&limit=${SHOWN + 1}`),
		[r.id],
	);
	const service = useLoad(
		() =>
			r.service
				? get<List<Incident>>(`/incidents?service=${r.service}&limit=${2 * SHOWN}`)
				: Promise.resolve({ items: [] }),
		[r.id, r.service],
	);
	const keyed = (same.value?.items ?? []).filter((i) => i.id !== r.id).slice(0, SHOWN);
	const behind = causes(r);
	const known = new Set([r.id, ...keyed.map((i) => i.id), ...behind.map((i) => i.id)]);
	const others = (service.value?.items ?? []).filter((i) => !known.has(i.id)).slice(0, SHOWN);
	return (
		<section class="panel" aria-label="Similar incidents">
			<header class="panel-head">
				<h2>Similar</h2>
			</header>
			<div class="pad">
				{behind.length > 0 && (
					<>
						<h3>Possible cause</h3>
						<ul class="similar">
							{behind.map((i) => (
								<Line key={i.id} i={i} why={`it depends on ${targetName(`service/${i.service}`)}`} />
							))}
						</ul>
					</>
				)}
				<ul class="similar">
					{keyed.map((i) => (
						<Line key={i.id} i={i} why="same key" />
					))}
					{others.map((i) => (
						<Line key={i.id} i={i} why="same service" />
					))}
				</ul>
				{same.value && service.value && known.size === 1 && others.length === 0 && (
					<p class="muted">None: the first of its key and service.</p>
				)}
			</div>
		</section>
	);
}
