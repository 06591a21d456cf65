// SPDX-License-Identifier: Apache-2.0
// The board: every open incident, grouped by who must do something. Only what is in view is drawn, and rows
// never move under a pointer, a selection or a reader: what is new waits behind a pill.
import { computed, signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { JSX } from 'preact';
import { all, get, type List } from '../api/http';
import type { Incident } from '../api/types';
import { addKeys } from '../keys';
import { run, type Verb } from '../outbox';
import { A, go, query, search, withQuery } from '../router';
import { change, isMine, loaded, may, row, rows, targetName, userName, version } from '../store/store';
import { compile, fieldNames } from '../store/filter';
import { lines, type Group, type Line, type Row } from '../store/reduce';
import { views } from '../store/prefs';
import { Empty, Menu, Severity, State, useLoad } from '../ui/parts';
import { Icon } from '../ui/icons';
import { age, ago, countdown, now, when, zoneName } from '../ui/time';
import { Declare, Merge, NoteDialog, Reassign, Snooze } from './acts';

// ---- which rows, in which order ----

const view = computed(() => {
	void search.value;
	return query('view') || 'active';
});
const text = computed(() => {
	void search.value;
	return query('q');
});
const matches = computed(() => compile(text.value));
const olds = signal<number[]>([]); // resolved ones that were asked for
const shownRows = computed<Row[]>(() => {
	void version.value;
	const test = matches.value,
		mine = view.value === 'mine',
		resolved = view.value === 'all';
	const out: Row[] = [];
	for (const s of rows.values()) {
		const r = s.peek();
		if (r.state === 'resolved' && !resolved && !r.pending) continue;
		if (mine && !isMine(r)) continue;
		if (test(r)) out.push(r);
	}
	return out;
});
const collapsed = signal<Set<Group>>(new Set());
const liveLines = computed<Line[]>(() => fold(lines(shownRows.value, isMine)));

function fold(list: Line[]): Line[] {
	let skip = false;
	return list.filter((l) => {
		if ('head' in l) skip = collapsed.value.has(l.head);
		return 'head' in l || !skip;
	});
}

/** What is on the screen while somebody reads it; null: whatever is true now. */
const frozen = signal<Line[] | null>(null);
const screen = computed<Line[]>(() => frozen.value ?? liveLines.value);
const fresh = computed<number>(() => {
	if (!frozen.value) return 0;
	const there = new Set<number>();
	for (const l of frozen.value) if ('id' in l) there.add(l.id);
	let n = 0;
	for (const l of liveLines.value) if ('id' in l && !there.has(l.id)) n++;
	return n;
});

const reasons = { pointer: false, scrolled: false, keyboard: false };
const selected = signal<Set<number>>(new Set());
const cursor = signal<number | null>(null); // id

/** Held while there is a reason to; a board without rows has nothing that could jump. */
function hold(): void {
	const wanted = reasons.pointer || reasons.scrolled || reasons.keyboard || selected.peek().size > 0;
	if (!wanted) frozen.value = null;
	else if (!frozen.peek()) {
		const list = liveLines.peek();
		if (list.length) frozen.value = list;
	}
}
/** A pointer that was left lying there is nobody who aims: after a while the board goes on. */
const IDLE = 15_000;
let idle: ReturnType<typeof setTimeout> | undefined;
function stillHere(): void {
	clearTimeout(idle);
	idle = setTimeout(() => {
		reasons.pointer = false;
		hold();
	}, IDLE);
	if (!reasons.pointer) {
		reasons.pointer = true;
		hold();
	}
}
function showNew(): void {
	reasons.scrolled = false;
	frozen.value = null;
	box?.scrollTo({ top: 0 });
	if (reasons.pointer || reasons.keyboard || selected.peek().size) frozen.value = liveLines.peek();
}

// ---- selection and cursor ----

function ids(): number[] {
	return screen.peek().flatMap((l) => ('id' in l ? [l.id] : []));
}

function toggle(id: number, range = false): void {
	const next = new Set(selected.peek());
	if (range && cursor.peek() !== null) {
		const list = ids();
		const [a, b] = [list.indexOf(cursor.peek()!), list.indexOf(id)].sort((x, y) => x - y) as [number, number];
		for (const i of list.slice(Math.max(a, 0), b + 1)) next.add(i);
	} else if (!next.delete(id)) next.add(id);
	selected.value = next;
	cursor.value = id;
	hold();
}
function clear(): void {
	selected.value = new Set();
	hold();
}
function move(by: number): void {
	const list = ids();
	if (list.length === 0) return;
	reasons.keyboard = true;
	hold();
	const at = cursor.peek() === null ? -1 : list.indexOf(cursor.peek()!);
	cursor.value = list[Math.max(0, Math.min(list.length - 1, at < 0 ? 0 : at + by))]!;
	reveal();
}
/** What a verb is about: the selection, else the row of the cursor. */
function subject(): number[] {
	if (selected.peek().size) return [...selected.peek()];
	return cursor.peek() === null ? [] : [cursor.peek()!];
}
async function doIt(verb: Verb, which = subject(), body: Record<string, unknown> = {}): Promise<void> {
	if (which.length === 0) return;
	clear();
	await run(which, verb, body);
}

// ---- drawing what is in view ----

const ROW = 44,
	PHONE_ROW = 88,
	HEAD = 36,
	OVER = 6;
let box: HTMLDivElement | null = null;
const top = signal(0);
const height = signal(700);
const phone = signal(matchMedia('(max-width: 760px)').matches);
matchMedia('(max-width: 760px)').addEventListener('change', (e) => {
	phone.value = e.matches;
});

const offsets = computed<number[]>(() => {
	const r = phone.value ? PHONE_ROW : ROW;
	let y = 0;
	const out = [0];
	for (const l of screen.value) out.push((y += 'head' in l ? HEAD : r));
	return out;
});
function find(y: number): number {
	const o = offsets.value;
	let lo = 0,
		hi = o.length - 1;
	while (lo < hi) {
		const m = (lo + hi) >> 1;
		if (o[m + 1]! <= y) lo = m + 1;
		else hi = m;
	}
	return lo;
}
function reveal(): void {
	const i = screen.peek().findIndex((l) => 'id' in l && l.id === cursor.peek());
	if (i < 0 || !box) return;
	const y = offsets.peek()[i]!,
		end = offsets.peek()[i + 1]!;
	if (y < box.scrollTop + HEAD) box.scrollTop = Math.max(0, y - HEAD);
	else if (end > box.scrollTop + box.clientHeight) box.scrollTop = end - box.clientHeight;
}

const groupNames: Record<Group, string> = {
	you: 'Needs you',
	triggered: 'Triggered',
	acknowledged: 'Acknowledged',
	snoozed: 'Snoozed',
	resolved: 'Resolved',
};

function Head({ line, y }: { line: { head: Group; n: number }; y: number }): JSX.Element {
	const shut = collapsed.value.has(line.head);
	return (
		<div class={`head ${line.head}`} role="row" style={{ transform: `translateY(${y}px)` }}>
			<span role="gridcell">
				<button
					class="plain"
					aria-expanded={!shut}
					onClick={() => {
						const next = new Set(collapsed.value);
						if (!next.delete(line.head)) next.add(line.head);
						collapsed.value = next;
						if (frozen.value) frozen.value = liveLines.value;
					}}
				>
					<span aria-hidden="true" class="fold">
						{shut ? '▸' : '▾'}
					</span>{' '}
					{groupNames[line.head]} <span class="n">{line.n}</span>
				</button>
			</span>
		</div>
	);
}

/** What happens next, in words. */
function Next({ r }: { r: Row }): JSX.Element {
	if (r.unsent) return <span class="warn">not sent yet, trying…</span>;
	if (r.pending) return <span class="muted">saving…</span>;
	if (r.state === 'resolved')
		return (
			<span class="muted">
				by {userName(r.resolved_by)}
				{r.resolved_at && `, ${age(r.resolved_at)} ago`}
			</span>
		);
	if (r.snoozed_until) return <span class="muted">until {when(r.snoozed_until)}</span>;
	if (r.state === 'acknowledged')
		return (
			<span>
				{userName(r.acked_by)}
				{r.acked_at && <span class="muted"> {age(r.acked_at)}</span>}
			</span>
		);
	if (r.exhausted_at) return <span class="warn">nobody is left to page</span>;
	if (r.wait)
		return (
			<span>
				{r.wait.targets.map(targetName).slice(0, 2).join(', ') || 'waits'}
				<span class="muted">
					{' '}
					· next in <Count to={r.wait.ends_at} />
				</span>
			</span>
		);
	return <span class="muted">paging</span>;
}
function Count({ to }: { to: string }): JSX.Element {
	return <span class="num">{countdown(Date.parse(to) - now.value)}</span>;
}

const dialog = signal<{ what: 'snooze' | 'reassign' | 'merge' | 'note' | 'declare'; ids: number[] } | null>(
	null,
);
function open(what: 'snooze' | 'reassign' | 'merge' | 'note' | 'declare', which = subject()): void {
	if (what === 'declare' || which.length) dialog.value = { what, ids: which };
}

function RowOf({ id, y, index }: { id: number; y: number; index: number }): JSX.Element | null {
	const r = row(id);
	if (!r) return null;
	const on = selected.value.has(id),
		at = cursor.value === id;
	const label = `#${r.id}, ${r.title}, ${r.severity}, ${r.service ?? 'no service'}`;
	return (
		<div
			role="row"
			id={`row-${id}`}
			aria-rowindex={index + 1}
			aria-selected={on}
			class={`row is-${r.state}${at ? ' at' : ''}${on ? ' on' : ''}${r.pending ? ' pending' : ''}`}
			style={{ transform: `translateY(${y}px)` }}
			onClick={(e) => {
				if (!(e.target as HTMLElement).closest('button,input,label,a')) go(`/incidents/${id}`);
			}}
		>
			<span role="gridcell" class="pick">
				<label>
					<input
						type="checkbox"
						checked={on}
						aria-label={`Select ${label}`}
						onClick={(e) => toggle(id, e.shiftKey)}
					/>
				</label>
			</span>
			<span role="gridcell" class="c-state">
				<State of={r} pending={r.pending} />
			</span>
			<span role="gridcell" class="c-sev">
				<Severity of={r.severity} />
			</span>
			<span role="gridcell" class="c-title">
				<A href={`/incidents/${id}`} tabIndex={-1}>
					<span class="muted num">#{r.id}</span> <strong>{r.title}</strong>
				</A>
				{r.mode !== 'standard' && <span class="tag">{r.mode.toUpperCase()}</span>}
				{r.unrouted && <span class="tag warn">unrouted</span>}
				{r.reopened_at && <span class="tag">reopened</span>}
			</span>
			<span role="gridcell" class="c-service">
				{r.service ? targetName(`service/${r.service}`) : <span class="muted">no service</span>}
			</span>
			<span role="gridcell" class="c-alerts num">
				{r.alerts > 1 ? `${r.alerts} alerts` : ''}
			</span>
			<span role="gridcell" class="c-age num muted">
				{age(r.opened_at)}
			</span>
			<span role="gridcell" class="c-next">
				<Next r={r} />
			</span>
			<span role="gridcell" class="c-act">
				{may('member') && r.state === 'triggered' && (
					<button class="ack" onClick={() => void run([id], 'acknowledge')} disabled={!!r.pending}>
						Ack
					</button>
				)}
				{may('member') && r.state !== 'resolved' && (
					<Menu
						label={`More for #${id}`}
						cls="plain"
						choices={[
							...(r.state === 'triggered'
								? [{ text: 'Acknowledge', key: 'a', run: () => void run([id], 'acknowledge') }]
								: []),
							{ text: 'Resolve', key: 'r', run: () => void run([id], 'resolve') },
							{ text: 'Snooze…', key: 's', run: () => open('snooze', [id]) },
							{ text: 'Escalate', key: 'e', run: () => void run([id], 'escalate') },
							{ text: 'Hand to…', key: 'p', run: () => open('reassign', [id]) },
							{ text: 'Merge into…', run: () => open('merge', [id]) },
							{ text: 'Note…', key: 'm', run: () => open('note', [id]) },
						]}
					>
						<Icon name="more" />
					</Menu>
				)}
			</span>
		</div>
	);
}

function Grid(): JSX.Element {
	const list = screen.value,
		o = offsets.value;
	const first = Math.max(0, find(top.value) - OVER);
	const last = Math.min(list.length, find(top.value + height.value) + OVER + 1);
	// Rows are recycled by slot: scrolling changes texts, it does not make and destroy elements.
	const slots = Math.max(1, Math.ceil(height.value / (phone.value ? PHONE_ROW : ROW)) + 2 * OVER + 3);
	const drawn: JSX.Element[] = [];
	for (let i = first; i < last; i++) {
		const l = list[i]!;
		drawn.push(
			'head' in l ? (
				<Head key={`h${i % slots}`} line={l} y={o[i]!} />
			) : (
				<RowOf key={i % slots} id={l.id} y={o[i]!} index={i} />
			),
		);
	}
	return (
		<div class="grid-inner" style={{ height: `${o[o.length - 1]}px` }}>
			{drawn}
		</div>
	);
}

// ---- around it ----

function Filter(): JSX.Element {
	const ref = useRef<HTMLInputElement>(null);
	useEffect(
		() => addKeys([{ keys: '/', text: 'Filter', group: 'Board', run: () => ref.current?.focus() }]),
		[],
	);
	const set = (q: string): void => {
		frozen.value = null;
		go(withQuery({ q }), true);
		hold();
	};
	return (
		<div class="filter">
			<Icon name="search" />
			<input
				ref={ref}
				type="search"
				aria-label="Filter"
				list="filter-words"
				placeholder="Filter: sev:critical team:shop -state:snoozed words"
				value={text.value}
				onInput={(e) => set(e.currentTarget.value)}
				onKeyDown={(e) => {
					if (e.key === 'Escape') {
						set('');
						e.currentTarget.blur();
					}
					if (e.key === 'Enter') e.currentTarget.blur();
				}}
			/>
			<datalist id="filter-words">
				{fieldNames.map((f) => (
					<option value={`${f}:`} />
				))}
			</datalist>
			{text.value && (
				<button
					class="small"
					onClick={() => {
						const name = prompt('A name for this view', text.value);
						if (name) views.value = [...views.value.filter((v) => v.name !== name), { name, q: text.value }];
					}}
				>
					Save view
				</button>
			)}
		</div>
	);
}

function Views(): JSX.Element {
	const tab = (id: string, name: string): JSX.Element => (
		<A
			href={withQuery({ view: id === 'active' ? '' : id })}
			aria-current={view.value === id ? 'page' : undefined}
		>
			{name}
		</A>
	);
	return (
		<div class="tabs links" role="group" aria-label="Views">
			{tab('mine', 'Mine')}
			{tab('active', 'Active')}
			{tab('all', 'All')}
			{views.value.map((v) => (
				<span class="saved">
					<A
						href={`/incidents?q=${encodeURIComponent(v.q)}`}
						aria-current={text.value === v.q ? 'page' : undefined}
					>
						{v.name}
					</A>
					{text.value === v.q && (
						<button
							class="plain"
							aria-label={`Remove the view ${v.name}`}
							onClick={() => {
								views.value = views.value.filter((x) => x !== v);
							}}
						>
							✕
						</button>
					)}
				</span>
			))}
		</div>
	);
}

function Bulk(): JSX.Element | null {
	const n = selected.value.size;
	if (n === 0) return null;
	const every = shownRows.value.filter((r) => r.state !== 'resolved').length;
	return (
		<div class="bulk" role="region" aria-label="Selected incidents">
			<b>{n} selected</b>
			<button class="main" onClick={() => void doIt('acknowledge')}>
				Acknowledge <kbd>a</kbd>
			</button>
			<button onClick={() => void doIt('resolve')}>
				Resolve <kbd>r</kbd>
			</button>
			<button onClick={() => open('snooze')}>
				Snooze <kbd>s</kbd>
			</button>
			<button onClick={() => void doIt('escalate')}>
				Escalate <kbd>e</kbd>
			</button>
			<button onClick={() => open('merge')}>Merge…</button>
			<button onClick={() => open('note')}>
				Note… <kbd>m</kbd>
			</button>
			{every > n && (
				<button
					class="plain link"
					onClick={() => {
						selected.value = new Set(shownRows.value.filter((r) => r.state !== 'resolved').map((r) => r.id));
					}}
				>
					Select all {every} that match
				</button>
			)}
			<button class="plain" onClick={clear}>
				Clear <kbd>Esc</kbd>
			</button>
		</div>
	);
}

function boardKeys(): ReturnType<typeof addKeys> {
	const g = 'Board';
	return addKeys([
		{ keys: 'j', text: 'Next row', group: g, run: () => move(1) },
		{ keys: 'k', text: 'Row before', group: g, run: () => move(-1) },
		{ keys: 'ArrowDown', text: 'Next row', group: g, hidden: true, run: () => move(1) },
		{ keys: 'ArrowUp', text: 'Row before', group: g, hidden: true, run: () => move(-1) },
		{
			keys: 'Enter',
			text: 'Open',
			group: g,
			run: () => {
				if (cursor.peek() !== null) go(`/incidents/${cursor.peek()}`);
			},
		},
		{
			keys: 'x',
			text: 'Select',
			group: g,
			run: () => {
				if (cursor.peek() !== null) toggle(cursor.peek()!);
			},
		},
		{
			keys: 'Shift-x',
			text: 'Select from the last one to here',
			group: g,
			run: () => {
				if (cursor.peek() !== null) toggle(cursor.peek()!, true);
			},
		},
		{ keys: 'a', text: 'Acknowledge', group: g, run: () => void doIt('acknowledge') },
		{ keys: 'r', text: 'Resolve', group: g, run: () => void doIt('resolve') },
		{ keys: 's', text: 'Snooze', group: g, run: () => open('snooze') },
		{ keys: 'e', text: 'Escalate', group: g, run: () => void doIt('escalate') },
		{ keys: 'p', text: 'Hand to somebody', group: g, run: () => open('reassign') },
		{ keys: 'm', text: 'Note', group: g, run: () => open('note') },
		{ keys: 'c', text: 'Open an incident by hand', group: g, run: () => open('declare') },
		{ keys: '.', text: 'Show what is new', group: g, run: showNew },
		{
			keys: 'Escape',
			text: 'Clear selection and cursor',
			group: g,
			run: () => {
				cursor.value = null;
				reasons.keyboard = false;
				clear();
			},
		},
	]);
}

export function DialogFor({
	what,
	ids: which,
	onClose,
}: {
	what: string;
	ids: number[];
	onClose: () => void;
}): JSX.Element | null {
	const done = (verb: Verb, body: Record<string, unknown>): void => {
		onClose();
		clear();
		void run(which, verb, body);
	};
	if (what === 'snooze')
		return <Snooze n={which.length} onClose={onClose} onDone={(until) => done('snooze', { until })} />;
	if (what === 'reassign')
		return <Reassign n={which.length} onClose={onClose} onDone={(target) => done('reassign', { target })} />;
	if (what === 'merge')
		return (
			<Merge
				ids={which}
				onClose={onClose}
				onDone={(into) => {
					onClose();
					clear();
					void run(
						which.filter((i) => i !== into),
						'merge',
						{ into },
					);
				}}
			/>
		);
	if (what === 'note')
		return <NoteDialog n={which.length} onClose={onClose} onDone={(note) => done('note', { note })} />;
	return <Declare onClose={onClose} />;
}

async function loadOld(): Promise<void> {
	const items = await all<Incident>('/incidents?state=resolved', 500);
	change({ kind: 'seen', items, waits: null });
	olds.value = items.map((i) => i.id);
}

function Quiet(): JSX.Element {
	const last = useLoad(() => get<List<Incident>>('/incidents?state=resolved&limit=1'), []).value?.items[0]
		?.resolved_at;
	if (text.value || view.value === 'mine') {
		const n = [...rows.values()].filter((s) => s.peek().state !== 'resolved').length;
		return (
			<Empty title={view.value === 'mine' && !text.value ? 'Nothing needs you.' : 'Nothing matches.'}>
				<p class="muted">
					{n === 0
						? 'Nothing else is open either.'
						: `${n} other open incident${n === 1 ? '' : 's'} hidden by ${text.value ? 'the filter' : 'this view'}.`}
				</p>
				<p>
					<A href="/incidents">Show all that is open</A>
				</p>
			</Empty>
		);
	}
	return (
		<Empty title="Nothing is open.">
			<p class="muted">{last ? `The last incident ended ${ago(last)} ago.` : 'No incident has ended yet.'}</p>
			<p>
				<button onClick={() => open('declare')}>Open one by hand</button>
			</p>
		</Empty>
	);
}

export function Board(): JSX.Element {
	const ref = useRef<HTMLDivElement>(null);
	useEffect(() => {
		box = ref.current;
		const el = ref.current!;
		const size = new ResizeObserver(() => {
			height.value = el.clientHeight;
		});
		size.observe(el);
		const at = Number(sessionStorage.getItem('board.top') ?? 0);
		if (at) ref.current!.scrollTop = at;
		const end = boardKeys();
		return () => {
			end();
			size.disconnect();
			Object.assign(reasons, { pointer: false, scrolled: false, keyboard: false });
			frozen.value = null;
			box = null;
		};
	}, []);
	useEffect(() => {
		if (view.value === 'all') void loadOld();
	}, [view.value]);
	const list = screen.value;
	return (
		<div class="board">
			<header class="top">
				<h1>Incidents</h1>
				<Views />
				<Filter />
				<span class="zone muted" title="The zone of all times here">
					{zoneName()}
				</span>
				{may('member') && (
					<button class="main" onClick={() => open('declare')}>
						<Icon name="plus" /> <span class="word">Open incident</span>
					</button>
				)}
			</header>
			{fresh.value > 0 && (
				<button class="pill" onClick={showNew} aria-live="polite">
					{fresh.value} new <kbd>.</kbd>
				</button>
			)}
			{/* An empty grid is none: then there is only the word that nothing is open. */}
			<div
				ref={ref}
				class="grid"
				role={list.length ? 'grid' : undefined}
				aria-label={list.length ? 'Incidents' : undefined}
				aria-rowcount={list.length || undefined}
				aria-multiselectable={list.length ? true : undefined}
				tabIndex={0}
				aria-activedescendant={cursor.value !== null && list.length ? `row-${cursor.value}` : undefined}
				onScroll={(e) => {
					top.value = e.currentTarget.scrollTop;
					sessionStorage.setItem('board.top', String(e.currentTarget.scrollTop));
					reasons.scrolled = e.currentTarget.scrollTop > 8;
					hold();
				}}
				onPointerEnter={(e) => {
					if (e.pointerType === 'mouse') stillHere();
				}}
				onPointerMove={(e) => {
					if (e.pointerType === 'mouse') stillHere();
				}}
				onPointerLeave={() => {
					clearTimeout(idle);
					reasons.pointer = false;
					hold();
				}}
				onFocus={(e) => {
					if (
						e.target === e.currentTarget &&
						cursor.value === null &&
						e.currentTarget.matches(':focus-visible')
					)
						move(0);
				}}
			>
				{!loaded.value ? (
					<p class="muted pad">Reading the board…</p>
				) : list.length === 0 ? (
					<Quiet />
				) : (
					<Grid />
				)}
			</div>
			<Bulk />
			{dialog.value && (
				<DialogFor
					what={dialog.value.what}
					ids={dialog.value.ids}
					onClose={() => {
						dialog.value = null;
					}}
				/>
			)}
		</div>
	);
}
