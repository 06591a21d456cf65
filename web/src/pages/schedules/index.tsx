// SPDX-License-Identifier: Apache-2.0
// One schedule over days: layers, overrides, who is really on call, gaps.
import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { get, type Calendar, type Shift } from '../../api/http';
import { addKeys } from '../../keys';
import { A, go, query, withQuery } from '../../router';
import { docs, may, onEvents } from '../../store/store';
import { Empty, Tabs, useLoad } from '../../ui/parts';
import { Icon } from '../../ui/icons';
import { clockIn, day, dayKey, now, span } from '../../ui/time';
import { DAY, begin, addDays, names, hours, Bar, Lane } from './lanes';
import { Draft, OverrideLane, OverrideForm, OverrideInfo } from './overrides';
import { UsedBy, All } from './all';

// ---- one schedule ----

/** What lies behind us is drawn as it was then, whatever has changed since. */
async function read(id: string, from: number, to: number): Promise<Calendar> {
	const span = `from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`;
	const [c, was] = await Promise.all([
		get<Calendar>(`/schedules/${id}/calendar?${span}`),
		get<{ items: Shift[] }>(`/schedules/${id}/shifts?${span}`).catch(() => null),
	]);
	return was ? { ...c, final: was.items } : c;
}

function One({ id }: { id: string }): JSX.Element {
	const spanDays = ({ '1w': 7, '2w': 14, '4w': 28 } as Record<string, number>)[query('span')] ?? 7;
	const at = query('at');
	const first = useLoad(() => get<Calendar>(`/schedules/${id}/calendar`), [id]);
	const zone = first.value?.zone ?? 'UTC';
	const from = begin(zone, at, true),
		to = addDays(zone, from, spanDays);
	const data = useLoad(
		() => (first.value ? read(id, from, to) : Promise.resolve(undefined)),
		[id, from, to, first.value?.zone],
	);
	const [draft, edit] = useState<Draft | null>(null);
	const [picked, pick] = useState<string | null>(null);
	const move = (n: number): void =>
		go(withQuery({ at: n === 0 ? '' : dayKey(addDays(zone, from, n), zone) }), true);
	const fresh = (): Draft => {
		const t = Math.ceil(Math.max(Date.now(), from) / 36e5) * 36e5;
		return { from: t, to: t + 4 * 36e5 };
	};
	useEffect(
		() =>
			addKeys([
				{
					keys: 'n',
					text: 'New override',
					group: 'Schedule',
					run: () => {
						if (may('member')) edit(fresh());
					},
				},
				{ keys: 'ArrowRight', text: 'Later', group: 'Schedule', run: () => move(spanDays) },
				{ keys: 'ArrowLeft', text: 'Earlier', group: 'Schedule', run: () => move(-spanDays) },
				{ keys: '0', text: 'Today', group: 'Schedule', run: () => move(0) },
			]),
		[id, from, spanDays],
	);
	useEffect(
		() =>
			onEvents((l) => {
				if (l.some((e) => e.type === 'config.changed')) data.again();
			}),
		[],
	);
	const doc = docs('schedules')?.get(id);
	if (first.error)
		return (
			<Empty title="There is no such schedule.">
				<p>
					<A href="/schedules">All schedules</A>
				</p>
			</Empty>
		);
	const c = data.value;
	const days = Array.from({ length: spanDays }, (_, i) => addDays(zone, from, i));
	const view = { from, to };
	const gaps = (c?.final ?? []).filter((s) => s.users.length === 0);
	const current = c?.final.find((s) => Date.parse(s.from) <= now.value && Date.parse(s.to) > now.value);
	const share = new Map<string, number>();
	for (const s of c?.final ?? [])
		for (const u of s.users)
			share.set(u.name ?? u.id, (share.get(u.name ?? u.id) ?? 0) + Date.parse(s.to) - Date.parse(s.from));
	const whole = [...share.values()].reduce((x, y) => x + y, 0);
	return (
		<>
			<p class="crumbs">
				<A href="/schedules">
					<Icon name="left" /> Schedules
				</A>
			</p>
			<header>
				<h1>{doc?.name ?? id}</h1>
				{doc && <A href={`/config/schedules/${id}`}>Edit the layers</A>}
				<span class="push" />
				<Tabs
					label="How much"
					tabs={[
						['1w', '1 week'],
						['2w', '2 weeks'],
						['4w', '4 weeks'],
					]}
					at={query('span') || '1w'}
					onPick={(s) => go(withQuery({ span: s === '1w' ? '' : s }), true)}
				/>
				<span class="person">
					<button class="plain" aria-label="Earlier" onClick={() => move(-spanDays)}>
						<Icon name="left" />
					</button>
					<button onClick={() => move(0)}>Today</button>
					<button class="plain" aria-label="Later" onClick={() => move(spanDays)}>
						<Icon name="right" />
					</button>
				</span>
				{may('member') && (
					<button class="main" onClick={() => edit(fresh())}>
						<Icon name="plus" /> Override
					</button>
				)}
			</header>
			<div class="panel">
				<header class="panel-head">
					<h2>
						{day(from, zone)} – {day(to - 1, zone)}
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
					<span class="zone muted">clock of {zone}</span>
				</header>
				{c ? (
					<>
						<div class="scroll wide-only" tabIndex={0} role="region" aria-label="Calendar">
							<div class="cal">
								<span class="lane-name muted">&nbsp;</span>
								<div class="days">
									{days.map((d) => (
										<span class={dayKey(d, zone) === dayKey(now.value, zone) ? 'today' : ''}>
											{day(d, zone)}
											{addDays(zone, d, 1) - d !== DAY && ` (${hours(d, addDays(zone, d, 1))})`}
										</span>
									))}
								</div>
								{c.layers.map((l, i) => (
									<>
										<span class="lane-name">
											{l.name ?? `Layer ${i + 1}`}
											{i > 0 && <small class="muted">wins over the above</small>}
										</span>
										<Lane view={view} zone={zone} days={days} label={`Layer ${l.name ?? i + 1}`}>
											{l.shifts.map((s) => (
												<Bar shift={s} view={view} zone={zone} kind="layer" />
											))}
										</Lane>
									</>
								))}
								<span class="lane-name">Overrides</span>
								<OverrideLane c={c} view={view} days={days} onDraft={edit} onPick={pick} />
								<span class="lane-name">Final</span>
								<Lane view={view} zone={zone} days={days} cls="final" label="Who is on call in the end">
									{c.final.map((s) => (
										<Bar
											shift={s}
											view={view}
											zone={zone}
											kind="final"
											onClick={
												s.users.length === 0 && may('member')
													? () =>
															edit({
																from: Math.max(Date.parse(s.from), from),
																to: Math.min(Date.parse(s.to), to),
															})
													: undefined
											}
										/>
									))}
								</Lane>
							</div>
						</div>
						<ul class="agenda">
							{c.final.map((s) => (
								<li>
									<span class="when num">
										{day(Math.max(from, Date.parse(s.from)), zone)}{' '}
										{clockIn(Math.max(from, Date.parse(s.from)), zone)}
										<br />
										to {day(Math.min(to, Date.parse(s.to)), zone)}{' '}
										{clockIn(Math.min(to, Date.parse(s.to)), zone)}
									</span>
									{s.users.length ? (
										<b>{names(s)}</b>
									) : (
										<>
											<span class="nobody">NOBODY {hours(Date.parse(s.from), Date.parse(s.to))}</span>
											{may('member') && (
												<button onClick={() => edit({ from: Date.parse(s.from), to: Date.parse(s.to) })}>
													Fill
												</button>
											)}
										</>
									)}
								</li>
							))}
						</ul>
					</>
				) : (
					<p class="muted pad">{data.error?.message ?? '…'}</p>
				)}
			</div>
			{c && (
				<div class="cards">
					<div class="card">
						<b>Gaps</b>
						{gaps.length === 0 ? (
							<span class="resolved">✓ none in this view</span>
						) : (
							<ul>
								{gaps.slice(0, 5).map((g) => (
									<li>
										{day(g.from, zone)} {clockIn(g.from, zone)}–{clockIn(g.to, zone)}{' '}
										{may('member') && (
											<button
												class="plain link"
												onClick={() => edit({ from: Date.parse(g.from), to: Date.parse(g.to) })}
											>
												Fill
											</button>
										)}
									</li>
								))}
							</ul>
						)}
					</div>
					<div class="card">
						<b>Hours in this view</b>
						<ul>
							{[...share]
								.sort((x, y) => y[1] - x[1])
								.map(([n, ms]) => (
									<li>
										{n}{' '}
										<span class="muted num">
											{Math.round(ms / 36e5)} h, {Math.round((ms / whole) * 100)} %
										</span>
									</li>
								))}
						</ul>
					</div>
					<div class="card">
						<b>Used by</b>
						<UsedBy id={id} />
					</div>
				</div>
			)}
			{draft && c && (
				<OverrideForm
					c={c}
					schedule={id}
					draft={draft}
					onClose={(done) => {
						edit(null);
						if (done) data.again();
					}}
				/>
			)}
			{picked && c && (
				<OverrideInfo
					c={c}
					id={picked}
					onClose={(done) => {
						pick(null);
						if (done) data.again();
					}}
				/>
			)}
		</>
	);
}

export default function Schedules({ id }: { id: string; sub: string }): JSX.Element {
	return <div class="page">{id ? <One id={id} /> : <All />}</div>;
}
