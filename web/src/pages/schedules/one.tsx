// SPDX-License-Identifier: Apache-2.0
// One schedule over days: layers, overrides, who is really on call, gaps.
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { get, type Calendar, type Shift } from '../../api/http';
import { addKeys } from '../../keys';
import { A, go, withQuery } from '../../router';
import { docs, may as mayAs, onEvents, onReturn } from '../../store/store';
import { Dialog, Empty, Menu, useLoad } from '../../ui/parts';
import { Icon } from '../../ui/icons';
import { day, dayKey, now, span } from '../../ui/time';
import { iso, leads as mayLead, mayBeAwayOf, shares, type Swap } from '../duty/api';
import { Away, AwayThen } from '../duty/away';
import { Feeds } from '../duty/feeds';
import { Import } from '../duty/import';
import { Several } from '../duty/several';
import { AskSwap, TakeSwap, type Asked } from '../duty/swap';
import { SwapLine, Swaps, useSwaps } from '../duty/swaps';
import { Agenda } from './agenda';
import { Cards } from './cards';
import { OverrideForm, removeOverride } from './form';
import { addDays, names } from './lanes';
import { Dots, Month } from './month';
import type { Draft } from './overrides';
import { Clocks, Tools } from './tools';
import { read, viewOf, type View } from './view';
import { Week, type ShiftActs } from './week';

const HOUR = 36e5;
const AROUND = 31 * 24 * HOUR;

function Head({ c, view, own }: { c: Calendar | undefined; view: View; own: string }): JSX.Element {
	const gaps = (c?.final ?? []).filter((s) => s.users.length === 0);
	const current = c?.final.find((s) => Date.parse(s.from) <= now.value && Date.parse(s.to) > now.value);
	return (
		<header class="panel-head">
			<h2>
				{day(view.from, view.zone)} – {day(view.to - 1, view.zone)}
			</h2>
			{current && (
				<span>
					Now: <b>{current.users.length ? names(current) : <span class="nobody">NOBODY</span>}</b>
				</span>
			)}
			{gaps.length > 0 && (
				<span class="nobody">
					{gaps.length} gap{gaps.length === 1 ? '' : 's'},{' '}
					{span(gaps.reduce((s, g) => s + Date.parse(g.to) - Date.parse(g.from), 0))}
				</span>
			)}
			<Clocks view={view} own={own} />
		</header>
	);
}

type Open =
	| { kind: 'draft'; draft: Draft }
	| { kind: 'ask'; asked: Asked }
	| { kind: 'swap'; swap: Swap }
	| { kind: 'take'; swap: Swap }
	| { kind: 'feeds' }
	| { kind: 'away' }
	| { kind: 'several' }
	| { kind: 'absence'; absence: Calendar['absences'][number] }
	| { kind: 'import' };

function Opened({
	open,
	c,
	id,
	zone,
	show,
	onDone,
}: {
	open: Open;
	c: Calendar;
	id: string;
	zone: string;
	show: (o: Open | null) => void;
	onDone: () => void;
}): JSX.Element {
	const close = (done: boolean): void => {
		show(null);
		if (done) onDone();
	};
	switch (open.kind) {
		case 'draft':
			return <OverrideForm c={c} schedule={id} draft={open.draft} zone={zone} onClose={close} />;
		case 'ask':
			return <AskSwap asked={open.asked} zone={zone} onClose={close} />;
		case 'take':
			return <TakeSwap swap={open.swap} zone={zone} onClose={close} />;
		case 'feeds':
			return (
				<Feeds subject={`schedule/${id}`} title="This schedule in my calendar" onClose={() => close(false)} />
			);
		case 'several':
			return <Several schedule={id} zone={zone} onClose={close} />;
		case 'away':
			return <Away schedule={id} onClose={close} />;
		case 'absence':
			return <AwayThen absence={open.absence} zone={zone} onClose={close} />;
		case 'import':
			return <Import schedule={id} zone={zone} onClose={close} />;
		case 'swap':
			return (
				<Dialog title="Open swap" onClose={() => close(false)}>
					<ul class="swaps">
						<SwapLine
							s={open.swap}
							zone={zone}
							onTake={() => show({ kind: 'take', swap: open.swap })}
							onDone={() => close(true)}
						/>
					</ul>
				</Dialog>
			);
	}
}

/** The shift as it is, where the view has cut it. */
async function whole(id: string, user: string, s: Shift): Promise<{ from: number; to: number }> {
	const cut = { from: Math.max(Date.parse(s.from), Date.now()), to: Date.parse(s.to) };
	const span = `from=${iso(Math.max(Date.now(), cut.from - AROUND))}&to=${iso(cut.to + AROUND)}`;
	const list = await get<{ items: Shift[] }>(`/schedules/${id}/shifts?${span}`).catch(() => null);
	const found = list?.items.find(
		(x) => Date.parse(x.from) <= cut.from && Date.parse(x.to) >= cut.to && x.users.some((u) => u.id === user),
	);
	return found ? { from: Date.parse(found.from), to: Date.parse(found.to) } : cut;
}

export function One({ id }: { id: string }): JSX.Element {
	const first = useLoad(() => get<Calendar>(`/schedules/${id}/calendar`), [id]);
	const own = first.value?.zone ?? 'UTC';
	const view = viewOf(own);
	const data = useLoad(
		() => (first.value ? read(id, view.from, view.to) : Promise.resolve(undefined)),
		[id, view.from, view.to, first.value?.zone],
	);
	const swaps = useSwaps(id);
	const [open, show] = useState<Open | null>(null);
	const doc = docs('schedules')?.get(id);
	void docs('overrides');
	const may = shares(id),
		leads = mayLead(id);
	const edit = (draft: Draft): void => show({ kind: 'draft', draft });
	const fresh = (): void => {
		const t = Math.ceil(Math.max(Date.now(), view.from) / HOUR) * HOUR;
		edit({ from: t, to: t + 4 * HOUR });
	};
	/** To the view after this one, the one before, or now. */
	const move = (n: number): void => {
		const to = view.month
			? n > 0
				? view.to
				: addDays(view.zone, view.from, -1)
			: addDays(view.zone, view.from, n * view.days.length);
		go(withQuery({ at: n === 0 ? '' : dayKey(to, view.zone) }), true);
	};
	useLayoutEffect(
		() =>
			addKeys([
				{ keys: 'n', text: 'New override', group: 'Schedule', run: () => may && fresh() },
				{ keys: 'ArrowRight', text: 'Later', group: 'Schedule', run: () => move(1) },
				{ keys: 'ArrowLeft', text: 'Earlier', group: 'Schedule', run: () => move(-1) },
				{ keys: '0', text: 'Today', group: 'Schedule', run: () => move(0) },
				{ keys: 'e', text: 'Edit the layers', group: 'Schedule', run: () => go(`/schedules/${id}/edit`) },
			]),
		[id, view.from, view.to, view.zone, may],
	);
	useEffect(() => {
		const off = onEvents((l) => {
			if (l.some((e) => e.type === 'config.changed')) data.again();
		});
		const back = onReturn(data.again);
		return () => {
			off();
			back();
		};
	}, []);
	if (first.error)
		return (
			<Empty title="There is no such schedule.">
				<p>
					<A href="/schedules">All schedules</A>
				</p>
			</Empty>
		);
	const c = data.value;
	const done = (): void => {
		data.again();
		swaps.again();
	};
	const acts: ShiftActs = {
		edit,
		remove: (o) => void removeOverride(o, done),
		away: (a) => {
			const absence = c?.absences.find((x) => x.id === a);
			if (absence) show({ kind: 'absence', absence });
		},
		swap: (s) => {
			const swap = swaps.list.find((x) => String(x.id) === s);
			if (swap) show({ kind: 'swap', swap });
		},
		ask: (user, s: Shift) =>
			void whole(id, user, s).then((x) => show({ kind: 'ask', asked: { schedule: id, user, ...x } })),
	};
	const drawn = { view, may, leads, acts };
	return (
		<>
			<p class="crumbs">
				<A href="/schedules">
					<Icon name="left" /> Schedules
				</A>
			</p>
			<header>
				<h1>{doc?.name ?? id}</h1>
				{doc && mayAs('member') && <A href={`/schedules/${id}/edit`}>Edit the layers</A>}
				<span class="push" />
				<Tools move={move} />
				<Menu
					label="More of this schedule"
					choices={[
						{ text: 'Calendar feed…', run: () => show({ kind: 'feeds' }) },
						...(mayBeAwayOf(id).length
							? [{ text: 'Somebody is away…', run: () => show({ kind: 'away' }) }]
							: []),
						...(may ? [{ text: 'Several overrides…', run: () => show({ kind: 'several' }) }] : []),
						...(may ? [{ text: 'Import a calendar…', run: () => show({ kind: 'import' }) }] : []),
					]}
				>
					<Icon name="more" />
				</Menu>
				{may && (
					<button class="main" onClick={fresh}>
						<Icon name="plus" /> Override
					</button>
				)}
			</header>
			<div class="panel">
				<Head c={c} view={view} own={own} />
				{c ? (
					<>
						{view.month ? (
							<>
								<Month c={c} {...drawn} />
								<Dots c={c} view={view} onPick={(at) => go(withQuery({ at, span: '' }))} />
							</>
						) : (
							<Week c={c} swaps={swaps.list} {...drawn} />
						)}
						<Agenda c={c} {...drawn} />
					</>
				) : (
					<p class="muted pad">{data.error?.message ?? '…'}</p>
				)}
			</div>
			<Swaps list={swaps.list} zone={view.zone} onDone={done} />
			{c && <Cards id={id} c={c} view={view} may={may} acts={acts} />}
			{c && open && <Opened open={open} c={c} id={id} zone={view.zone} show={show} onDone={done} />}
		</>
	);
}
