// SPDX-License-Identifier: Apache-2.0
// What happened, oldest first; it follows what comes as long as nobody has scrolled up.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { all } from '../../api/http';
import type { Event } from '../../api/types';
import { go, hash, query, withQuery } from '../../router';
import { may, onEvents, onReturn } from '../../store/store';
import { Tabs } from '../../ui/parts';
import { day, dayKey, zoneName } from '../../ui/time';
import { Composer } from './composer';
import { bookOf, Entry, kind, Many, runs, sentence, type Mark } from './entry';
import { moment } from './note';

/** So many pixels from the end still count as the end. */
const NEAR = 80;
const atEnd = (el: HTMLElement): boolean => el.scrollHeight - el.scrollTop - el.clientHeight < NEAR;

/** Whoever reads the end stays there when what stands around it comes and takes of its height. */
function useKeptLow(begin: boolean): { current: HTMLDivElement | null } {
	const box = useRef<HTMLDivElement>(null);
	useEffect(() => {
		const el = box.current!;
		let low = begin;
		const look = (): void => {
			low = atEnd(el);
		};
		const sizes = new ResizeObserver(() => {
			if (low) el.scrollTo({ top: el.scrollHeight });
		});
		el.addEventListener('scroll', look, { passive: true });
		sizes.observe(el);
		return () => {
			el.removeEventListener('scroll', look);
			sizes.disconnect();
		};
	}, []);
	return box;
}

export function Timeline({
	id,
	resolved,
	lines,
	seen,
}: {
	id: number;
	resolved: boolean;
	lines: Mark[] | undefined;
	/** It is the part that the address names: what was hidden could not be scrolled. */
	seen: boolean;
}): JSX.Element {
	const [events, set] = useState<Event[] | null>(null);
	const [error, fail] = useState('');
	const [said, say] = useState('');
	const filter = query('show') || 'all';
	const box = useKeptLow(!resolved && !hash.value);
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
			const el = box.current;
			const low = !el || atEnd(el);
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
		if (events && hash.value.startsWith('#e'))
			document.getElementById(hash.value.slice(1))?.scrollIntoView({ block: 'center' });
		else if (events && !resolved) box.current?.scrollTo({ top: box.current.scrollHeight });
	}, [events === null, seen, hash.value]);
	const book = bookOf(events ?? [], lines ?? []);
	const list = (events ?? []).filter((e) =>
		filter === 'star' ? book.marks.get(e.seq)?.starred_by : filter === 'all' || kind(e) === filter,
	);
	let last = '';
	return (
		<>
			<section class="panel timeline-panel" data-part="timeline" aria-label="Timeline">
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
				<div class="timeline" ref={box} tabIndex={0} role="group" aria-label="Events, oldest first">
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
											<Many list={x} book={book} key={e.seq} />
										) : (
											<Entry e={e} book={book} key={e.seq} />
										)}
									</>
								);
							})}
							{events && list.length === 0 && <li class="muted pad">Nothing of this kind yet.</li>}
						</ol>
					)}
				</div>
				{may('member') && <Composer id={id} />}
			</section>
			{/* Spoken also while another part is shown. */}
			<div class="sr" role="log" aria-live="polite">
				{said}
			</div>
		</>
	);
}
