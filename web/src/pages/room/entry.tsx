// SPDX-License-Identifier: Apache-2.0
// One line of the timeline: what happened as a sentence, what was said as a note.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { call } from '../../api/http';
import type { Event, Room } from '../../api/types';
import { A } from '../../router';
import { may, targetName, userName } from '../../store/store';
import { Time } from '../../ui/parts';
import { clockSeconds, took, when } from '../../ui/time';
import { refused } from '../../ui/toast';
import { isNote, moment, Note } from './note';

const kinds: Record<string, string> = {
	'incident.opened': 'state',
	'incident.reopened': 'state',
	'incident.rose': 'state',
	'incident.acknowledged': 'state',
	'incident.acknowledged-too': 'state',
	'incident.resolved': 'state',
	'incident.snoozed': 'state',
	'incident.woke': 'state',
	'incident.ack-timeout': 'state',
	'incident.noted': 'note',
	'incident.recalled': 'note',
	'policy.exhausted': 'paging',
	'incident.muted': 'paging',
	'incident.unmuted': 'paging',
};

export function kind(e: Event): 'state' | 'note' | 'paging' | 'alert' {
	const k = kinds[e.type];
	if (k) return k as 'state' | 'note' | 'paging';
	if (/^(page|step|policy)\./.test(e.type)) return 'paging';
	if (/^(alert|signal)\./.test(e.type)) return 'alert';
	return 'state';
}

const marks: Record<string, [string, string]> = {
	'incident.opened': ['▲', 'triggered'],
	'incident.reopened': ['▲', 'triggered'],
	'incident.rose': ['▲', 'triggered'],
	'incident.woke': ['▲', 'triggered'],
	'incident.muted': ['–', 'muted'],
	'incident.unmuted': ['▲', 'triggered'],
	'incident.ack-timeout': ['▲', 'triggered'],
	'incident.rerouted': ['▲', 'triggered'],
	'incident.acknowledged': ['◆', 'acknowledged'],
	'incident.acknowledged-too': ['◆', 'acknowledged'],
	'incident.resolved': ['✓', 'resolved'],
	'incident.snoozed': ['☾', 'snoozed'],
	'page.failed': ['✕', 'triggered'],
	'page.withheld': ['–', 'muted'],
	'policy.exhausted': ['!', 'triggered'],
};

const byKind: Record<string, string> = { paging: '☎', alert: '●', note: '✎', state: '·' };

/** The line that an event tells of, or NaN. */
const lineOf = (e: Event): number => Number((e.data as { line?: string } | undefined)?.line);

const briefWords: Record<string, string> = {
	status: 'now',
	impact: 'impact',
	theory: 'we think',
	next_step: 'next',
	next_by: 'by when',
};

/** What people did in the room is said more quietly than what became of the incident. */
const isRoom = (e: Event): boolean => /^(brief|people|role|line|note)\./.test(e.type);

/** The server's sentence, with ids made names. */
export function sentence(e: Event): string {
	let s = e.sentence;
	if (e.type === 'brief.changed') {
		const d = e.data as { field: string; after: string };
		const after = d.field === 'next_by' && d.after ? when(d.after) : d.after;
		return `${userName(e.actor)} changed the brief, ${briefWords[d.field] ?? d.field}: ${after || 'nothing'}`;
	}
	if (e.user && isRoom(e)) s = s.replace(new RegExp(`\\b${e.user}\\b`), userName(e.user));
	if (e.actor && e.actor_kind === 'user')
		s = s
			.replace(`user ${e.actor}`, userName(e.actor))
			.replace(`user/${e.actor}`, userName(e.actor))
			.replace(new RegExp(`^${e.actor}\\b`), userName(e.actor));
	if (e.user)
		s = s.replace(new RegExp(`(Paging|Paged|to|Not paged:|rings:) ${e.user}\\b`), `$1 ${userName(e.user)}`);
	return s.replace(/\b(schedule|team|policy|user)\/([a-z0-9-]+)/g, (m) => targetName(m));
}

export type Mark = Room['lines'][number];

function Star({ e, mark }: { e: Event; mark: Mark | undefined }): JSX.Element | null {
	if (!may('member') || !e.incident) return null;
	const on = !!mark?.starred_by;
	return (
		<button
			class={on ? 'star on' : 'star'}
			aria-pressed={on}
			aria-label={`Star the line of ${clockSeconds(e.at)}`}
			onClick={() =>
				void call('POST', `/incidents/${e.incident}/${on ? 'unstar' : 'star'}`, {
					body: { line: e.seq },
				}).catch(refused)
			}
		>
			{on ? '★' : '☆'}
		</button>
	);
}

/** "#12" leads there. */
function withNumbers(text: string): (string | JSX.Element)[] {
	return text
		.split(/(?<![\w&/])(#\d+)\b/)
		.map((part) => (/^#\d+$/.test(part) ? <A href={`/incidents/${part.slice(1)}`}>{part}</A> : part));
}

/** What is said of a line, with the line itself to go to. */
function AboutLine({ e, line }: { e: Event; line: Event }): JSX.Element {
	const [before, after = ''] = sentence(e).split(/line \d+/);
	return (
		<span>
			{before}
			{isNote(line) ? 'the note of' : 'the line of'}{' '}
			<a href={`#e${line.seq}`}>{clockSeconds(moment(line))}</a>
			{after}
		</span>
	);
}

/** All that is known of the lines of an incident: what was made of each, and those that tell of others. */
export interface Book {
	marks: Map<number, Mark>;
	lines: Map<number, Event>;
	edits: Map<number, Event[]>;
}

export function bookOf(events: Event[], marks: Mark[]): Book {
	const edits = new Map<number, Event[]>();
	for (const e of events)
		if (e.type === 'note.edited') edits.set(lineOf(e), [...(edits.get(lineOf(e)) ?? []), e]);
	return {
		marks: new Map(marks.map((l) => [l.line, l])),
		lines: new Map(events.map((e) => [e.seq, e])),
		edits,
	};
}

export function Entry({ e, book }: { e: Event; book: Book }): JSX.Element {
	const k = kind(e);
	const m = book.marks.get(e.seq);
	const [mark, cls] = marks[e.type] ?? [byKind[k]!, k];
	const line = book.lines.get(lineOf(e));
	return (
		<li class={isRoom(e) ? 'entry' : `entry k-${k}`} id={`e${e.seq}`}>
			<Time at={moment(e)}>
				<a href={`#e${e.seq}`}>{clockSeconds(moment(e))}</a>
			</Time>
			<span class={`mark ${cls === 'note' || cls === 'state' ? '' : cls}`} aria-hidden="true">
				{mark}
			</span>
			{isNote(e) ? (
				<Note e={e} now={m?.text} edits={book.edits.get(e.seq) ?? []} />
			) : line ? (
				<AboutLine e={e} line={line} />
			) : (
				<span>{withNumbers(sentence(e))}</span>
			)}
			<Star e={e} mark={m} />
		</li>
	);
}

/** Many of a kind in a row are one line, as long as nobody asks. */
export function runs(events: Event[]): (Event | Event[])[] {
	const out: (Event | Event[])[] = [];
	for (const e of events) {
		const last = out[out.length - 1];
		const many = e.type === 'alert.repeated' || e.type === 'page.withheld';
		if (many && Array.isArray(last) && last[0]!.type === e.type) last.push(e);
		else out.push(many ? [e] : e);
	}
	return out.flatMap((x) => (Array.isArray(x) && x.length < 4 ? x : [x]));
}

export function Many({ list, book }: { list: Event[]; book: Book }): JSX.Element {
	const [open, set] = useState(false);
	if (open)
		return (
			<>
				{list.map((e) => (
					<Entry e={e} book={book} key={e.seq} />
				))}
			</>
		);
	const first = list[0]!,
		last = list[list.length - 1]!;
	return (
		<li class="entry k-alert">
			<Time at={first.at}>{clockSeconds(first.at)}</Time>
			<span class="mark alert" aria-hidden="true">
				{byKind[kind(first)]}
			</span>
			<span>
				{list.length} × {first.type === 'alert.repeated' ? 'fired again' : 'not paged'} in{' '}
				{took(Date.parse(last.at) - Date.parse(first.at))}{' '}
				<button class="plain link" onClick={() => set(true)}>
					show
				</button>
			</span>
		</li>
	);
}
