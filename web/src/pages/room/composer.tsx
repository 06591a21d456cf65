// SPDX-License-Identifier: Apache-2.0
// Where notes are written: who will be told stands under it before it is sent, and a note may be of an earlier
// moment.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { addKeys } from '../../keys';
import { act } from '../../outbox';
import { docs, me, userName, type Doc } from '../../store/store';
import { takesFocus } from '../../ui/parts';
import { serverNow, when, zoneName } from '../../ui/time';
import { toast } from '../../ui/toast';
import { fromLocal, toLocal } from '../duty/fields';
import { candidates, toldBy, typed, type Told } from './mentions';

const names = (ids: string[]): string =>
	ids
		.map(userName)
		.join(', ')
		.replace(/, ([^,]*)$/, ' and $1');
const handles = (ids: string[]): string => ids.map((i) => `@${i}`).join(', ');

/** What sending it will do to others, in words; empty when nothing. */
function telling(t: Told): string[] {
	const one = (list: string[], word: string, words: string): string => (list.length === 1 ? word : words);
	return [
		...(t.people.length
			? [`${names(t.people)} ${one(t.people, 'gets', 'get')} a notice. It wakes nobody.`]
			: []),
		...(t.unreached.length
			? [`${names(t.unreached)} ${one(t.unreached, 'has', 'have')} no contact: no notice.`]
			: []),
		...(t.beyond.length ? [`A note tells ten people: not ${names(t.beyond)}.`] : []),
		...(t.unknown.length ? [`Nobody is called ${handles(t.unknown)}.`] : []),
	];
}

/** The @ids that fit what is typed; the keys are those of the field. */
function Ids({ list, at, onPick }: { list: Doc[]; at: number; onPick: (id: string) => void }): JSX.Element {
	return (
		<ul class="ids" role="listbox" id="ids" aria-label="People">
			{list.map((u, i) => (
				<li
					role="option"
					id={`id-${u.id}`}
					key={u.id}
					aria-selected={i === at}
					onPointerDown={(e) => {
						e.preventDefault();
						onPick(u.id);
					}}
				>
					<b>@{u.id}</b> {u.name}
				</li>
			))}
		</ul>
	);
}

/** When it happened, by the viewer's clock. */
function Earlier({
	value,
	bad,
	onChange,
	onClose,
}: {
	value: string;
	bad: boolean;
	onChange: (v: string) => void;
	onClose: () => void;
}): JSX.Element {
	return (
		<div class="earlier">
			<label>
				Happened at (clock of {zoneName()})
				<input
					type="datetime-local"
					ref={takesFocus}
					max={toLocal(zoneName(), serverNow())}
					value={value}
					aria-invalid={bad}
					aria-describedby="earlier-bad"
					onInput={(e) => onChange(e.currentTarget.value)}
				/>
			</label>
			<button type="button" onClick={onClose}>
				It is of now
			</button>
			<span id="earlier-bad" class="warn">
				{bad && 'That is no moment of the past.'}
			</span>
		</div>
	);
}

/** A draft survives a reload; it goes when it has been written down. */
export function Composer({ id }: { id: number }): JSX.Element {
	const place = `draft.${id}`;
	const [text, set] = useState(sessionStorage.getItem(place) ?? '');
	const [caret, move] = useState(-1);
	const [picked, pick] = useState<number | null>(null);
	const [shut, shutFor] = useState<string | null>(null);
	const [earlier, setEarlier] = useState<string | null>(null);
	const [busy, sending] = useState(false);
	const ref = useRef<HTMLTextAreaElement>(null);
	const users = docs('users') ?? new Map<string, Doc>();
	const part = caret < 0 ? null : typed(text, caret);
	const list = part === null || part === shut ? [] : candidates(part, users, me.value?.id);
	const exact = part !== null && users.has(part);
	const offered = list.length > 0 && !(exact && list.length === 1);
	// Who has typed a whole id and presses Enter means to send.
	const at = Math.min(picked ?? (exact ? -1 : 0), list.length - 1);
	const happened = earlier === null ? undefined : fromLocal(zoneName(), earlier);
	const bad = happened !== undefined && !(happened <= serverNow());
	const told = toldBy(text, users, me.value?.id);
	// What is still being typed is not wrong yet.
	if (offered) told.unknown = told.unknown.filter((u) => u !== part);
	const words = telling(told);
	const keep = (t: string, to: number): void => {
		set(t);
		move(to);
		pick(null);
		if (typed(t, to) !== shut) shutFor(null);
		if (t) sessionStorage.setItem(place, t);
		else sessionStorage.removeItem(place);
	};
	useLayoutEffect(
		() => addKeys([{ keys: 'm', text: 'Write a note', group: 'Incident', run: () => ref.current?.focus() }]),
		[],
	);
	const take = (name: string): void => {
		const from = caret - part!.length;
		const rest = text.slice(caret).replace(/^ ?/, ' ');
		keep(text.slice(0, from) + name + rest, from + name.length + 1);
		requestAnimationFrame(() =>
			ref.current?.setSelectionRange(from + name.length + 1, from + name.length + 1),
		);
	};
	const send = async (): Promise<void> => {
		if (!text.trim() || busy || bad) return;
		sending(true);
		const body: Record<string, unknown> = { note: text.trim() };
		if (happened !== undefined) body['at'] = new Date(happened).toISOString();
		const [o] = await act([id], 'note', body);
		sending(false);
		if (o?.what !== 'done') return toast({ text: o?.why ?? 'It was not written down', bad: true });
		if (happened !== undefined) toast({ text: `Written down at ${when(happened)}` });
		keep('', 0);
		setEarlier(null);
	};
	/** True when the list of people takes the key. */
	const choose = (key: string): boolean => {
		if (!offered) return false;
		if (key === 'ArrowDown') pick((at + 1) % list.length);
		else if (key === 'ArrowUp') pick((Math.max(at, 0) + list.length - 1) % list.length);
		else if (key === 'Escape') shutFor(part);
		else if ((key === 'Enter' || key === 'Tab') && at >= 0) take(list[at]!.id);
		else return false;
		return true;
	};
	const key = (e: KeyboardEvent): void => {
		if (!e.shiftKey && choose(e.key)) e.preventDefault();
		else if (e.key === 'Enter' && !e.shiftKey) {
			e.preventDefault();
			void send();
		} else if (e.key === 'Escape') ref.current?.blur();
	};
	return (
		<form
			class="composer"
			onSubmit={(e) => {
				e.preventDefault();
				void send();
			}}
		>
			{earlier !== null && (
				<Earlier value={earlier} bad={bad} onChange={setEarlier} onClose={() => setEarlier(null)} />
			)}
			<div class="write">
				{offered && <Ids list={list} at={at} onPick={take} />}
				<textarea
					ref={ref}
					rows={1}
					aria-label="A note for the timeline"
					aria-describedby="telling"
					aria-autocomplete="list"
					aria-controls={offered ? 'ids' : undefined}
					aria-activedescendant={offered && at >= 0 ? `id-${list[at]!.id}` : undefined}
					placeholder="What did you see, what do you do? (m)"
					value={text}
					onInput={(e) => keep(e.currentTarget.value, e.currentTarget.selectionStart)}
					onSelect={(e) => move(e.currentTarget.selectionStart)}
					onBlur={() => move(-1)}
					onKeyDown={key}
				/>
				{earlier === null && (
					<button
						type="button"
						title="A note of something that happened earlier"
						onClick={() => setEarlier(toLocal(zoneName(), serverNow()))}
					>
						Earlier…
					</button>
				)}
				<button class="main" disabled={!text.trim() || busy || bad}>
					{busy ? 'Sending…' : 'Note'}
				</button>
			</div>
			<p class="telling muted" id="telling" role="status">
				{words.map((w) => (
					<span class={/^Nobody|no contact|^A note/.test(w) ? 'warn' : ''}>{w} </span>
				))}
				{offered && (
					<span class="sr">
						{list.length === 1 ? 'One person fits' : `${list.length} people fit`}; arrows choose, Enter takes.
					</span>
				)}
			</p>
		</form>
	);
}
