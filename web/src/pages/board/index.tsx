// SPDX-License-Identifier: Apache-2.0
// The board: every open incident, grouped by who must do something.
import { signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { JSX } from 'preact';
import { all } from '../../api/http';
import type { Incident } from '../../api/types';
import { change, loaded, may } from '../../store/store';
import { Icon } from '../../ui/icons';
import { zoneName } from '../../ui/time';
import { Bulk, Filter, Quiet, Views } from './around';
import { dialog, DialogFor, open } from './dialogs';
import { Grid } from './grid';
import { cursor, fresh, frozen, hold, pane, peeking, reasons, screen, showNew } from './hold';
import { boardKeys } from './keys';
import { move } from './pick';
import { watchPointer } from './pointer';
import { olds, view } from './rows';
import { height, phone, top } from './scroll';

async function loadOld(): Promise<void> {
	const items = await all<Incident>('/incidents?state=resolved', 500);
	change({ kind: 'seen', items, waits: null });
	olds.value = items.map((i) => i.id);
}

/** Comes with the first look into one. */
const Peek = signal<((p: { id: number }) => JSX.Element | null) | null>(null);
function Peeked({ id }: { id: number }): JSX.Element | null {
	useEffect(() => {
		void import('./peek').then((m) => {
			Peek.value = m.Peek;
		});
	}, []);
	return Peek.value && <Peek.value id={id} />;
}

export function Board(): JSX.Element {
	const ref = useRef<HTMLDivElement>(null);
	useLayoutEffect(boardKeys, []);
	useEffect(() => {
		pane.el = ref.current;
		const el = ref.current!;
		const size = new ResizeObserver(() => {
			height.value = el.clientHeight;
		});
		size.observe(el);
		const at = Number(sessionStorage.getItem('board.top') ?? 0);
		if (at) ref.current!.scrollTop = at;
		const end = watchPointer();
		return () => {
			end();
			size.disconnect();
			Object.assign(reasons, { pointer: false, scrolled: false, keyboard: false });
			frozen.value = null;
			peeking.value = false;
			pane.el = null;
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
			{peeking.value && cursor.value !== null && !phone.value && <Peeked id={cursor.value} />}
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
