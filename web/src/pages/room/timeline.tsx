// SPDX-License-Identifier: Apache-2.0
// What happened, as sentences; notes are written here.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { all, call } from '../../api/http';
import type { Event, Room } from '../../api/types';
import { addKeys } from '../../keys';
import { act } from '../../outbox';
import { go, query, withQuery } from '../../router';
import { may, onEvents, onReturn, targetName, userName } from '../../store/store';
import { Tabs, Time } from '../../ui/parts';
import { clockSeconds, day, dayKey, span, when, zoneName } from '../../ui/time';
import { toast } from '../../ui/toast';
import { Said } from './said';

// ---- the timeline ----

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
};

function kind(e: Event): 'state' | 'note' | 'paging' | 'alert' {
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

/** When it happened, which may be long before it was written down. */
function moment(e: Event): string {
	return String((e.data as { happened_at?: string } | undefined)?.happened_at ?? e.at);
}

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
function sentence(e: Event): string {
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

type Mark = Room['lines'][number];

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
				}).catch((x: Error) => toast({ text: x.message, bad: true }))
			}
		>
			{on ? '★' : '☆'}
		</button>
	);
}

function Entry({ e, mark: m }: { e: Event; mark: Mark | undefined }): JSX.Element {
	const k = kind(e);
	const [mark, cls] = marks[e.type] ?? [byKind[k]!, k];
	const note =
		k === 'note' ? (m?.text ?? String((e.data as { text?: string } | undefined)?.text ?? e.sentence)) : null;
	return (
		<li class={isRoom(e) ? 'entry' : `entry k-${k}`} id={`e${e.seq}`}>
			<Time at={moment(e)}>
				<a href={`#e${e.seq}`}>{clockSeconds(moment(e))}</a>
			</Time>
			<span class={`mark ${cls === 'note' || cls === 'state' ? '' : cls}`} aria-hidden="true">
				{mark}
			</span>
			{note !== null ? (
				<div class="said">
					<b>{userName(e.actor)}</b>{' '}
					{moment(e) !== e.at && <small class="muted">written down {clockSeconds(e.at)}</small>}{' '}
					{m?.text && <small class="muted">edited</small>}
					<Said text={note} />
				</div>
			) : (
				<span>{sentence(e)}</span>
			)}
			<Star e={e} mark={m} />
		</li>
	);
}

/** Many of a kind in a row are one line, as long as nobody asks. */
function runs(events: Event[]): (Event | Event[])[] {
	const out: (Event | Event[])[] = [];
	for (const e of events) {
		const last = out[out.length - 1];
		const many = e.type === 'alert.repeated' || e.type === 'page.withheld';
		if (many && Array.isArray(last) && last[0]!.type === e.type) last.push(e);
		else out.push(many ? [e] : e);
	}
	return out.flatMap((x) => (Array.isArray(x) && x.length < 4 ? x : [x]));
}

function Many({ list }: { list: Event[] }): JSX.Element {
	const [open, set] = useState(false);
	if (open)
		return (
			<>
				{list.map((e) => (
					<Entry e={e} mark={undefined} key={e.seq} />
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
				{span(Date.parse(last.at) - Date.parse(first.at))}{' '}
				<button class="plain link" onClick={() => set(true)}>
					show
				</button>
			</span>
		</li>
	);
}

export function Timeline({
	id,
	resolved,
	lines,
}: {
	id: number;
	resolved: boolean;
	lines: Mark[] | undefined;
}): JSX.Element {
	const marks = new Map((lines ?? []).map((l) => [l.line, l]));
	const [events, set] = useState<Event[] | null>(null);
	const [error, fail] = useState('');
	const [said, say] = useState('');
	const filter = query('show') || 'all';
	const end = useRef<HTMLDivElement>(null);
	const add = (list: Event[]): void =>
		set((had) => {
			const known = new Set((had ?? []).map((e) => e.seq));
			const news = list.filter((e) => !known.has(e.seq));
			return news.length
				? [...(had ?? []), ...news].sort(
						(a, b) => Date.parse(moment(a)) - Date.parse(moment(b)) || a.seq - b.seq,
					)
				: (had ?? []);
		});
	const load = (): void => {
		all<Event>(`/incidents/${id}/timeline`, 1000).then(
			(l) => {
				add(l);
				fail('');
			},
			(e: Error) => fail(e.message),
		);
	};
	useEffect(() => {
		load();
		const back = onReturn(load);
		const off = onEvents((list) => {
			const mine = list.filter((e) => e.incident === id);
			if (mine.length === 0) return;
			const el = end.current?.closest('.timeline');
			const low = !el || el.scrollHeight - el.scrollTop - el.clientHeight < 80;
			add(mine);
			// A storm is summed up; only what people do and what fails is spoken.
			const loud = mine.filter((e) => kind(e) === 'state' || kind(e) === 'note' || e.type === 'page.failed');
			if (loud.length) say(loud.length > 3 ? `${loud.length} new events` : loud.map(sentence).join('. '));
			if (low) requestAnimationFrame(() => el?.scrollTo({ top: el.scrollHeight }));
		});
		return () => {
			back();
			off();
		};
	}, [id]);
	useEffect(() => {
		const el = end.current?.closest('.timeline');
		if (events && location.hash.startsWith('#e'))
			document.getElementById(location.hash.slice(1))?.scrollIntoView({ block: 'center' });
		else if (events && !resolved) el?.scrollTo({ top: el.scrollHeight });
	}, [events === null]);
	const list = (events ?? []).filter((e) =>
		filter === 'star' ? marks.get(e.seq)?.starred_by : filter === 'all' || kind(e) === filter,
	);
	let last = '';
	return (
		<section class="panel timeline-panel" aria-label="Timeline">
			<header class="panel-head">
				<h2>Timeline</h2>
				<Tabs
					label="What to show"
					at={filter}
					tabs={[
						['all', 'All'],
						['note', 'Notes'],
						['paging', 'Paging'],
						['alert', 'Alerts'],
						['state', 'Changes'],
						['star', '★ Starred'],
					]}
					onPick={(f) => go(withQuery({ show: f === 'all' ? '' : f }), true)}
				/>
				<span class="zone muted">{zoneName()}</span>
			</header>
			<div class="timeline" tabIndex={0} role="group" aria-label="Events, oldest first">
				{error && (
					<p class="note bad">
						{error} <button onClick={load}>Try again</button>
					</p>
				)}
				{events === null && !error ? (
					<p class="muted pad">…</p>
				) : (
					<ol>
						{runs(list).map((x) => {
							const e = Array.isArray(x) ? x[0]! : x;
							const d = dayKey(moment(e));
							const head = d !== last;
							last = d;
							return (
								<>
									{head && (
										<li class="daybreak" key={d}>
											{day(moment(e))}
										</li>
									)}
									{Array.isArray(x) ? (
										<Many list={x} key={e.seq} />
									) : (
										<Entry e={e} mark={marks.get(e.seq)} key={e.seq} />
									)}
								</>
							);
						})}
						{events && list.length === 0 && <li class="muted pad">Nothing of this kind yet.</li>}
					</ol>
				)}
				<div ref={end} />
			</div>
			<div class="sr" role="log" aria-live="polite">
				{said}
			</div>
			{may('member') && <Composer id={id} />}
		</section>
	);
}

/** A draft survives a reload; it goes when it has been written down. */
function Composer({ id }: { id: number }): JSX.Element {
	const at = `draft.${id}`;
	const [text, set] = useState(sessionStorage.getItem(at) ?? '');
	const [busy, sending] = useState(false);
	const ref = useRef<HTMLTextAreaElement>(null);
	const keep = (t: string): void => {
		set(t);
		if (t) sessionStorage.setItem(at, t);
		else sessionStorage.removeItem(at);
	};
	useEffect(
		() => addKeys([{ keys: 'm', text: 'Write a note', group: 'Incident', run: () => ref.current?.focus() }]),
		[],
	);
	const send = async (): Promise<void> => {
		if (!text.trim() || busy) return;
		sending(true);
		const [o] = await act([id], 'note', { note: text.trim() });
		sending(false);
		if (o?.what === 'done') keep('');
	};
	return (
		<form
			class="composer"
			onSubmit={(e) => {
				e.preventDefault();
				void send();
			}}
		>
			<textarea
				ref={ref}
				rows={1}
				aria-label="A note for the timeline"
				placeholder="What did you see, what do you do? (m)"
				value={text}
				onInput={(e) => keep(e.currentTarget.value)}
				onKeyDown={(e) => {
					if (e.key === 'Enter' && !e.shiftKey) {
						e.preventDefault();
						void send();
					}
					if (e.key === 'Escape') e.currentTarget.blur();
				}}
			/>
			<button class="main" disabled={!text.trim() || busy}>
				{busy ? 'Sending…' : 'Note'}
			</button>
		</form>
	);
}
