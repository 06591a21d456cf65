// SPDX-License-Identifier: Apache-2.0
// The lane of overrides, swaps, absences and holidays. What the pointer can do there the keys can: on a bar Alt and the
// arrows move it, with Shift they change its end; Enter goes on to the form, Delete removes it.
import { useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { type Calendar } from '../../api/http';
import { tint } from '../../ui/parts';
import { clockIn, day } from '../../ui/time';
import { mayBeAway, type Swap } from '../duty/api';
import { Cursor } from './cursor';
import { STEP, useDrag } from './drag';
import { itemsOf, type Item } from './items';
import { Lines, hours, place, type Span } from './lanes';
import type { View } from './view';

export interface Draft extends Span {
	/** An override that there is already. */
	id?: string;
}
export interface LaneActs {
	/** The form, for a new one or for a changed one. */
	edit: (d: Draft) => void;
	remove: (id: string) => void;
	swap: (id: string) => void;
	/** Whoever is away: what it says, and its end. */
	away: (id: string) => void;
}

const ROW = 2; // rem

function what(i: Item): string {
	return i.kind === 'swap' ? 'open swap' : i.kind;
}

/** What it says, or its form with where it was moved to. */
function openItem(acts: LaneActs, i: Item, s: Span = i): void {
	if (i.kind === 'swap') acts.swap(i.id);
	else if (i.kind === 'absence') acts.away(i.id);
	else acts.edit({ id: i.id, from: s.from, to: s.to });
}

function ItemBar({
	i,
	view,
	row,
	may,
	acts,
}: {
	i: Item;
	view: View;
	row: Record<string, string>;
	may: boolean;
	acts: LaneActs;
}): JSX.Element {
	const [ghost, set] = useState<Span | null>(null);
	const s = ghost ?? i;
	const z = view.zone;
	const label = `${i.text}: ${what(i)}, ${day(s.from, z)} ${clockIn(s.from, z)} to ${day(s.to, z)} ${clockIn(s.to, z)}${i.more ? `; ${i.more}` : ''}${ghost ? ', not saved; Enter goes on' : ''}`;
	const pick = (): void => {
		openItem(acts, i, s);
		set(null);
	};
	const cls = `bar over ${i.kind}${i.dull ? ' dull' : ''}${ghost ? ' draft' : ''}${i.user ? ` tint${tint(i.user)}` : ''}`;
	const style = { ...place(view, s.from, s.to), ...row };
	if (i.kind === 'holiday' || (i.kind === 'absence' && !mayBeAway(i.user)))
		return (
			<span class={cls} style={style} title={label} role="img" aria-label={label}>
				{i.text}
			</span>
		);
	const onKeyDown = (e: KeyboardEvent): void => {
		const by = e.key === 'ArrowLeft' ? -STEP : e.key === 'ArrowRight' ? STEP : 0;
		if (e.altKey && by && i.moves && may)
			// The next key may come before this one is drawn.
			set((now) => {
				const { from, to } = now ?? i;
				return e.shiftKey ? { from, to: Math.max(to + by, from + STEP) } : { from: from + by, to: to + by };
			});
		else if (e.key === 'Escape' && ghost) set(null);
		else if ((e.key === 'Delete' || e.key === 'Backspace') && i.kind === 'override' && may) acts.remove(i.id);
		else return;
		e.preventDefault();
		e.stopPropagation();
	};
	return (
		<button
			class={cls}
			style={style}
			title={label}
			aria-label={label}
			data-item={`${i.kind} ${i.id}`}
			// The pointer's click is the drag's to tell from a move; this one comes of a key.
			onClick={(e) => {
				if (e.detail === 0) pick();
			}}
			onKeyDown={onKeyDown}
		>
			{i.text}
		</button>
	);
}

export function OverrideLane({
	c,
	view,
	swaps,
	may,
	acts,
}: {
	c: Calendar;
	view: View;
	swaps: Swap[];
	may: boolean;
	acts: LaneActs;
}): JSX.Element {
	const ref = useRef<HTMLDivElement>(null);
	const { items, rows } = itemsOf(c, swaps, view);
	const { drag, handlers } = useDrag(ref, view, {
		draw: acts.edit,
		change: (i, s) => acts.edit({ id: i.id, ...s }),
		pick: (i) => openItem(acts, i),
	});
	const row = (n: number): Record<string, string> =>
		rows === 1 ? {} : { top: `${0.375 + n * ROW}rem`, bottom: 'auto', height: `${ROW - 0.25}rem` };
	return (
		<div
			ref={ref}
			class={`lane drag ${rows > 1 ? 'rows' : ''}`}
			role="group"
			aria-label="Overrides"
			style={rows > 1 ? { height: `${rows * ROW + 0.5}rem` } : {}}
			{...handlers(items, may)}
		>
			<Lines view={view} days={view.days} />
			{items.map((i) => (
				<ItemBar
					key={`${i.kind} ${i.id} ${i.moves ? '' : i.from}`}
					i={i}
					view={view}
					row={row(i.row)}
					may={may}
					acts={acts}
				/>
			))}
			{drag && (!drag.item || drag.moved) && (
				<span class="bar draft" style={{ ...place(view, drag.from, drag.to), ...row(drag.item?.row ?? 0) }}>
					{hours(drag.from, drag.to)}
				</span>
			)}
			{items.length === 0 && !drag && (
				<span class="bar hint muted">{may ? 'Drag here for an override, or press N' : 'none'}</span>
			)}
			{may && <Cursor c={c} items={items} view={view} acts={acts} />}
		</div>
	);
}
