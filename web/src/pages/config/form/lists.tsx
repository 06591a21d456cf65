// SPDX-License-Identifier: Apache-2.0
// Several values: lists that are put in order by button, by Alt and arrows, or by dragging; names with values.
import { useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { Icon } from '../../../ui/icons';

export function moved<V>(list: V[], from: number, to: number): V[] {
	const out = [...list];
	out.splice(to, 0, ...out.splice(from, 1));
	return out;
}

/** The focus goes with what was moved: its control has the same name behind another pointer. It is there before the
 * next key is heard, and again when all is drawn. */
export function follow(from: string, to: string, act: () => void): void {
	const id = document.activeElement?.id ?? '';
	const focus = (): void => {
		const el = id.startsWith(from) ? document.getElementById(to + id.slice(from.length)) : null;
		const on = el as HTMLButtonElement | null;
		(on?.disabled ? document.getElementById(`${to}:${id.endsWith(':up') ? 'down' : 'up'}`) : on)?.focus();
	};
	act();
	queueMicrotask(focus);
	requestAnimationFrame(focus);
}

/** How the rows of a list move, where that is not within the list alone. */
export interface Moving {
	can: (i: number, by: 1 | -1) => boolean;
	step: (i: number, by: 1 | -1) => void;
	/** A row is taken by its handle; null: let go. */
	grab: (i: number | null) => void;
	/** Whether one is held that may be dropped here. */
	held: () => boolean;
	/** On row i, or behind the last. */
	drop: (i: number) => void;
}

export function Items<V>({
	items,
	set,
	at,
	noun,
	fresh,
	render,
	numbered,
	heads,
	more = [],
	most = Infinity,
	here = (i) => `${at}/${i}`,
	within = '',
	moving,
}: {
	items: V[];
	set: (items: V[]) => void;
	at: string;
	noun: string;
	fresh: () => V;
	render: (v: V, set: (v: V) => void, at: string, i: number, moves: JSX.Element) => JSX.Element;
	numbered?: boolean;
	/** What an item is called that has a head of its own, where it shows its buttons; null: it has none. */
	heads?: (v: V) => string | null;
	/** What else may be added. */
	more?: { noun: string; fresh: () => V; off?: boolean }[];
	most?: number;
	/** The pointer of an item, where a list of one has no numbers. */
	here?: (i: number) => string;
	/** The number of what the list is in, with a point behind it. */
	within?: string;
	moving?: Moving;
}): JSX.Element {
	const [said, say] = useState('');
	const [drag, grab] = useState<number | null>(null);
	const [over, aim] = useState<number | null>(null);
	const box = useRef<HTMLOListElement>(null);
	const name = (i: number): string => `${heads?.(items[i]!) ?? noun} ${within}${i + 1}`;
	const move = (from: number, to: number): void => {
		if (to < 0 || to >= items.length || from === to) return;
		follow(`${at}/${from}`, `${at}/${to}`, () => set(moved(items, from, to)));
		say(`${name(from)} is now ${within}${to + 1} of ${items.length}`);
	};
	const by: Moving = moving ?? {
		can: (i, way) => i + way >= 0 && i + way < items.length,
		step: (i, way) => move(i, i + way),
		grab: () => undefined,
		held: () => drag !== null,
		drop: (i) => move(drag!, Math.min(i, items.length - 1)),
	};
	const movable = (i: number): boolean => by.can(i, -1) || by.can(i, 1);
	/** What is dropped on row i, or behind the last of them. */
	const dropping = (i: number): Record<'onDragOver' | 'onDrop', (e: DragEvent) => void> => ({
		onDragOver: (e) => {
			if (!by.held()) return;
			e.preventDefault();
			e.stopPropagation();
			aim(i);
		},
		onDrop: (e) => {
			if (!by.held()) return;
			e.preventDefault();
			e.stopPropagation();
			by.drop(i);
			aim(null);
		},
	});
	const remove = (i: number): void => {
		set(items.filter((_, k) => k !== i));
		say(`${name(i)} is removed`);
		requestAnimationFrame(() =>
			box.current?.parentElement?.querySelector<HTMLElement>(':scope > .f-adds > button')?.focus(),
		);
	};
	const add = (one: V): void => {
		set([...items, one]);
		requestAnimationFrame(() =>
			box.current?.lastElementChild
				?.querySelector<HTMLElement>('input:not([type=hidden]), select, textarea')
				?.focus(),
		);
	};
	const moves = (i: number): JSX.Element => (
		<span class="f-moves">
			{movable(i) && (
				<>
					<button
						type="button"
						class="plain"
						id={`${here(i)}:up`}
						disabled={!by.can(i, -1)}
						aria-label={`Move ${name(i)} up`}
						onClick={() => by.step(i, -1)}
					>
						↑
					</button>
					<button
						type="button"
						class="plain"
						id={`${here(i)}:down`}
						disabled={!by.can(i, 1)}
						aria-label={`Move ${name(i)} down`}
						onClick={() => by.step(i, 1)}
					>
						↓
					</button>
				</>
			)}
			<button type="button" class="plain" aria-label={`Remove ${name(i)}`} onClick={() => remove(i)}>
				<Icon name="close" />
			</button>
		</span>
	);
	return (
		<div class="f-items">
			<ol ref={box} class={numbered ? 'numbered' : ''}>
				{items.map((v, i) => (
					<li
						class={drag === i ? 'dragged' : over === i ? 'over' : ''}
						onKeyDown={(e) => {
							if (!e.altKey || (e.key !== 'ArrowUp' && e.key !== 'ArrowDown')) return;
							e.preventDefault();
							e.stopPropagation();
							const way = e.key === 'ArrowUp' ? -1 : 1;
							if (by.can(i, way)) by.step(i, way);
						}}
						onDragLeave={() => aim(null)}
						{...dropping(i)}
					>
						<span
							class="handle"
							draggable={movable(i)}
							aria-hidden="true"
							title="Drag, or Alt and the arrow keys"
							onDragStart={(e) => {
								e.stopPropagation();
								e.dataTransfer!.setData('text/plain', String(i));
								grab(i);
								by.grab(i);
							}}
							onDragEnd={() => {
								grab(null);
								by.grab(null);
							}}
						>
							{numbered ? i + 1 : '⠿'}
						</span>
						<div class="f-item">
							{render(v, (x) => set(items.map((old, k) => (k === i ? x : old))), here(i), i, moves(i))}
						</div>
						{!heads?.(v) && moves(i)}
					</li>
				))}
			</ol>
			<span
				class={over === items.length ? 'f-adds over' : 'f-adds'}
				onDragLeave={() => aim(null)}
				{...dropping(items.length)}
			>
				<button
					type="button"
					class="small"
					id={`${at}:add`}
					disabled={items.length >= most}
					onClick={() => add(fresh())}
				>
					<Icon name="plus" /> Add {noun}
				</button>
				{more.map((m) => (
					<button
						type="button"
						class="small"
						id={`${at}:add-${m.noun}`}
						disabled={m.off || items.length >= most}
						onClick={() => add(m.fresh())}
					>
						<Icon name="plus" /> Add {m.noun}
					</button>
				))}
			</span>
			<span class="sr" role="status">
				{said}
			</span>
		</div>
	);
}

/** Names with values. A name that is being typed may be double or empty for a while, so the rows are kept
 * as they are and only what has a name of its own is said on. */
export function Named<V>({
	value,
	set,
	at,
	noun,
	fresh,
	name,
	render,
}: {
	value: Record<string, V>;
	set: (v: Record<string, V>) => void;
	at: string;
	noun: string;
	fresh: V;
	name?: (key: string, put: (key: string) => void, i: number) => JSX.Element;
	render: (v: V, set: (v: V) => void, key: string) => JSX.Element;
}): JSX.Element {
	const [rows, keep] = useState<[string, V][]>(() => Object.entries(value));
	const own = (list: [string, V][]): Record<string, V> => Object.fromEntries(list.filter(([k]) => k !== ''));
	// Changed from outside (the text, another field): begin with that.
	const now = JSON.stringify(own(rows)) === JSON.stringify(value) ? rows : Object.entries(value);
	const put = (list: [string, V][]): void => {
		keep(list);
		set(own(list));
	};
	const change = (i: number, row: [string, V]): void => put(now.map((r, k) => (k === i ? row : r)));
	return (
		<div class="f-items named">
			<ul>
				{now.map(([k, v], i) => (
					<li>
						<div class="f-item f-pair">
							{name ? (
								name(k, (x) => change(i, [x, v]), i)
							) : (
								<input
									class="f-key"
									aria-label={`Name of ${noun} ${i + 1}`}
									placeholder="name"
									value={k}
									onInput={(e) => change(i, [e.currentTarget.value, v])}
								/>
							)}
							{render(v, (x) => change(i, [k, x]), k)}
						</div>
						<span class="f-moves">
							<button
								type="button"
								class="plain"
								aria-label={`Remove ${noun} ${k || i + 1}`}
								onClick={() => put(now.filter((_, x) => x !== i))}
							>
								<Icon name="close" />
							</button>
						</span>
					</li>
				))}
			</ul>
			<button type="button" class="small" id={`${at}:add`} onClick={() => put([...now, ['', fresh]])}>
				<Icon name="plus" /> Add {noun}
			</button>
		</div>
	);
}
