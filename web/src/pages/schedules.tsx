// SPDX-License-Identifier: Apache-2.0
// A schedule as lanes: each layer by itself, the overrides, and below what comes of them. The server says who is
// on call when; here it is only drawn, in the schedule's own zone. An override is made by dragging on its lane or
// by the form (N).
import { useEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { get, type Calendar, type Duty, type Shift } from '../api/http';
import { addKeys } from '../keys';
import { A, go, query, withQuery } from '../router';
import { docs, may, me, onEvents, targetName, userName } from '../store/store';
import { Dialog, Empty, Tabs, tint, useLoad } from '../ui/parts';
import { Icon } from '../ui/icons';
import { toast } from '../ui/toast';
import { clockIn, day, dayKey, full, instant, now, reading, span, wall } from '../ui/time';
import { dropOverride, makeOverride, type Made } from './oncall';

const DAY = 864e5;
interface Span { from: number; to: number }

/** The Monday (or day) that the view begins with, as an instant of the schedule's zone. */
function begin(zone: string, at: string, week: boolean): number {
	const r = new Date(at ? Date.parse(at + 'T12:00:00Z') : reading(zone, Date.now()));
	const back = week ? (r.getUTCDay() + 6) % 7 : 0;
	return instant(zone, r.getUTCFullYear(), r.getUTCMonth() + 1, r.getUTCDate() - back);
}
function addDays(zone: string, t: number, n: number): number {
	const r = new Date(reading(zone, t));
	return instant(zone, r.getUTCFullYear(), r.getUTCMonth() + 1, r.getUTCDate() + n);
}
const names = (s: Shift): string => s.users.map((u) => u.name ?? u.id).join(' + ');
const hours = (a: number, b: number): string => `${Math.round((b - a) / 36e4) / 10} h`;

// ---- lanes ----

function Bar({ shift, view, zone, kind, onClick }: { shift: Shift; view: Span; zone: string; kind: 'final' | 'layer'; onClick?: (() => void) | undefined }): JSX.Element | null {
	const a = Math.max(Date.parse(shift.from), view.from), b = Math.min(Date.parse(shift.to), view.to);
	if (b <= a) return null;
	const gap = shift.users.length === 0;
	if (gap && kind === 'layer') return null;
	const text = gap ? `NOBODY ${hours(a, b)}` : names(shift);
	const label = `${text}${gap ? ', gap' : ''}: ${day(a, zone)} ${clockIn(a, zone)} to ${day(b, zone)} ${clockIn(b, zone)}`;
	const mine = shift.users.some((u) => u.id === me.value?.id);
	const style = { left: `${((a - view.from) / (view.to - view.from)) * 100}%`, width: `calc(${((b - a) / (view.to - view.from)) * 100}% - 1px)` };
	const cls = `bar ${gap ? 'gap' : 'tint' + tint(shift.users[0]!.id)}${mine ? ' me' : ''}`;
	return onClick ? <button class={cls} style={style} title={label} aria-label={label} onClick={onClick}>{text}</button> : <span class={cls} style={style} title={label} role="img" aria-label={label}>{text}</span>;
}

function Lane({ children, view, zone, cls, days, label }: { children: JSX.Element | (JSX.Element | null)[]; view: Span; zone: string; cls?: string; days: number[]; label: string }): JSX.Element {
	const at = now.value;
	void zone;
	return <div class={`lane ${cls ?? ''}`} role="group" aria-label={label}>{days.slice(1).map((d) => <span class="grid-line" style={{ left: `${((d - view.from) / (view.to - view.from)) * 100}%` }} />)}
		{at > view.from && at < view.to && <span class="now-line" style={{ left: `${((at - view.from) / (view.to - view.from)) * 100}%` }} />}{children}</div>;
}

const covers = (o: Calendar['overrides'][number]): string => `${o.with ? userName(o.with) : 'nobody'}${o.replace ? ` for ${userName(o.replace)}` : ''}`;

interface Draft { from: number; to: number }
const STEP = 30 * 60_000;

/** Dragging on the lane draws a new override; the form has the same fields. */
function OverrideLane({ c, view, days, onDraft, onPick }: { c: Calendar; view: Span; days: number[]; onDraft: (d: Draft) => void; onPick: (id: string) => void }): JSX.Element {
	const ref = useRef<HTMLDivElement>(null);
	const [drag, set] = useState<Draft | null>(null);
	const first = useRef(0);
	const at = (e: PointerEvent): number => {
		const r = ref.current!.getBoundingClientRect();
		return Math.round((view.from + ((e.clientX - r.left) / r.width) * (view.to - view.from)) / STEP) * STEP;
	};
	const place = (a: number, b: number): Record<string, string> => ({ left: `${((Math.max(a, view.from) - view.from) / (view.to - view.from)) * 100}%`, width: `calc(${((Math.min(b, view.to) - Math.max(a, view.from)) / (view.to - view.from)) * 100}% - 1px)` });
	return <div ref={ref} class="lane drag" role="group" aria-label="Overrides"
		onPointerDown={(e) => {
			if (e.button !== 0 || e.pointerType === 'touch' || (e.target as HTMLElement).closest('button') || !may('member')) return;
			first.current = at(e);
			ref.current!.setPointerCapture(e.pointerId);
			set({ from: first.current, to: first.current });
		}}
		onPointerMove={(e) => { if (drag) { const t = at(e); set({ from: Math.min(t, first.current), to: Math.max(t, first.current) }); } }}
		onPointerUp={() => { if (drag) { const d = drag.to > drag.from ? drag : { from: drag.from, to: drag.from + 4 * 36e5 }; set(null); onDraft(d); } }}
		onPointerCancel={() => set(null)}>
		{days.slice(1).map((d) => <span class="grid-line" style={{ left: `${((d - view.from) / (view.to - view.from)) * 100}%` }} />)}
		{c.overrides.map((o) => <button class={`bar over tint${tint(o.with ?? '')}`} style={place(Date.parse(o.from), Date.parse(o.to))} onClick={() => onPick(o.id)}
			aria-label={`${covers(o)}: override, ${day(o.from, c.zone)} ${clockIn(o.from, c.zone)} to ${day(o.to, c.zone)} ${clockIn(o.to, c.zone)}`}>{covers(o)}</button>)}
		{drag && <span class="bar draft" style={place(drag.from, drag.to)}>{hours(drag.from, drag.to)}</span>}
		{c.overrides.length === 0 && !drag && <span class="bar hint muted">{may('member') ? 'Drag here for an override, or press N' : 'none'}</span>}
	</div>;
}

const toLocal = (zone: string, t: number): string => wall(zone, t).replace(' ', 'T');
const fromLocal = (zone: string, text: string): number => {
	const m = /^(\d+)-(\d+)-(\d+)T(\d+):(\d+)/.exec(text);
	return m ? instant(zone, Number(m[1]), Number(m[2]), Number(m[3]), Number(m[4]), Number(m[5])) : NaN;
};

function OverrideForm({ c, schedule, draft, onClose }: { c: Calendar; schedule: string; draft: Draft; onClose: (done: boolean) => void }): JSX.Element {
	const [from, setFrom] = useState(toLocal(c.zone, draft.from));
	const [to, setTo] = useState(toLocal(c.zone, draft.to));
	const [who, setWho] = useState(me.value?.id ?? '');
	const [error, fail] = useState('');
	const [busy, sending] = useState(false);
	const a = fromLocal(c.zone, from), b = fromLocal(c.zone, to);
	const ok = b > a;
	// What changes for whom is asked of the server before it can be saved.
	const plan = useLoad<Made | null>(() => (ok ? makeOverride(schedule, a, b, who || null, true) : Promise.resolve(null)), [a, b, who]);
	const at = (t: string): string => `${day(t, c.zone)} ${clockIn(t, c.zone)}`;
	const members = new Set(c.layers.flatMap((l) => l.shifts.flatMap((s) => s.users.map((u) => u.id))));
	const people = [...(docs('users')?.values() ?? [])].sort((x, y) => Number(members.has(y.id)) - Number(members.has(x.id)) || x.name.localeCompare(y.name));
	return <Dialog title="New override" onClose={() => onClose(false)}>
		<form onSubmit={(e) => {
			e.preventDefault();
			sending(true);
			makeOverride(schedule, a, b, who || null).then(({ id }) => {
				toast({ text: `${who ? userName(who) : 'Nobody'} is on call ${day(a, c.zone)} ${clockIn(a, c.zone)} to ${clockIn(b, c.zone)}`, undo: { text: 'Undo', run: () => void dropOverride(id).catch((x: Error) => toast({ text: x.message, bad: true })) } });
				onClose(true);
			}, (x: Error) => { sending(false); fail(x.message); });
		}}>
			<label>Who<select value={who} onChange={(e) => setWho(e.currentTarget.value)}>{people.map((u) => <option value={u.id}>{u.name}{members.has(u.id) ? '' : ' (not of this schedule)'}</option>)}<option value="">nobody</option></select></label>
			<div class="two"><label>From<input type="datetime-local" required value={from} onInput={(e) => setFrom(e.currentTarget.value)} /></label>
				<label>To<input type="datetime-local" required value={to} aria-invalid={!ok} onInput={(e) => setTo(e.currentTarget.value)} /></label></div>
			<p class="muted">Clock of {c.zone}{ok && `, ${hours(a, b)}`}.</p>
			{plan.value && <div class="note"><b>After saving</b>{plan.value.differences.length === 0 ? <p>Nothing would be different.</p> : <ul>{plan.value.differences.slice(0, 8).map((d) => <li>{at(d.from)} – {at(d.to)}: {d.before.length ? names({ ...d, users: d.before }) : <span class="nobody">NOBODY</span>} → <b>{d.after.length ? names({ ...d, users: d.after }) : <span class="nobody">NOBODY</span>}</b></li>)}</ul>}
				{plan.value.gaps_left.length > 0 && <p class="warn">It leaves {plan.value.gaps_left.length} gap{plan.value.gaps_left.length === 1 ? '' : 's'}.</p>}{plan.value.differences.length > 0 && 'Nothing else changes.'}</div>}
			{plan.error && <p class="note bad" role="alert">{plan.error.message}</p>}
			{error && <p class="note bad" role="alert">{error}</p>}
			<div class="actions"><button type="button" onClick={() => onClose(false)}>Cancel</button><button class="main" disabled={!ok || busy || !plan.value || !!plan.error}>Save</button></div>
		</form>
	</Dialog>;
}

function OverrideInfo({ c, id, onClose }: { c: Calendar; id: string; onClose: (done: boolean) => void }): JSX.Element | null {
	const o = c.overrides.find((x) => x.id === id);
	const [error, fail] = useState('');
	if (!o) return null;
	return <Dialog title="Override" onClose={() => onClose(false)}>
		<dl class="facts"><div><dt>Who</dt><dd>{userName(o.with)}{o.replace && ` instead of ${userName(o.replace)}`}</dd></div><div><dt>From</dt><dd>{full(o.from, c.zone)}</dd></div><div><dt>To</dt><dd>{full(o.to, c.zone)}</dd></div></dl>
		{error && <p class="note bad" role="alert">{error}</p>}
		<div class="actions"><A href={`/config/overrides/${id}`}>As a document</A>{may('member') && <button class="bad" onClick={() => dropOverride(id).then(() => { toast({ text: 'The override is gone' }); onClose(true); }, (x: Error) => fail(x.message))}>Remove it</button>}</div></Dialog>;
}

// ---- one schedule ----

/** What lies behind us is drawn as it was then, whatever has changed since. */
async function read(id: string, from: number, to: number): Promise<Calendar> {
	const span = `from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`;
	const [c, was] = await Promise.all([get<Calendar>(`/schedules/${id}/calendar?${span}`), get<{ items: Shift[] }>(`/schedules/${id}/shifts?${span}`).catch(() => null)]);
	return was ? { ...c, final: was.items } : c;
}

function One({ id }: { id: string }): JSX.Element {
	const spanDays = ({ '1w': 7, '2w': 14, '4w': 28 } as Record<string, number>)[query('span')] ?? 7;
	const at = query('at');
	const first = useLoad(() => get<Calendar>(`/schedules/${id}/calendar`), [id]);
	const zone = first.value?.zone ?? 'UTC';
	const from = begin(zone, at, true), to = addDays(zone, from, spanDays);
	const data = useLoad(() => (first.value ? read(id, from, to) : Promise.resolve(undefined)), [id, from, to, first.value?.zone]);
	const [draft, edit] = useState<Draft | null>(null);
	const [picked, pick] = useState<string | null>(null);
	const move = (n: number): void => go(withQuery({ at: n === 0 ? '' : dayKey(addDays(zone, from, n), zone) }), true);
	const fresh = (): Draft => { const t = Math.ceil(Math.max(Date.now(), from) / 36e5) * 36e5; return { from: t, to: t + 4 * 36e5 }; };
	useEffect(() => addKeys([
		{ keys: 'n', text: 'New override', group: 'Schedule', run: () => { if (may('member')) edit(fresh()); } },
		{ keys: 'ArrowRight', text: 'Later', group: 'Schedule', run: () => move(spanDays) }, { keys: 'ArrowLeft', text: 'Earlier', group: 'Schedule', run: () => move(-spanDays) },
		{ keys: '0', text: 'Today', group: 'Schedule', run: () => move(0) },
	]), [id, from, spanDays]);
	useEffect(() => onEvents((l) => { if (l.some((e) => e.type === 'config.changed')) data.again(); }), []);
	const doc = docs('schedules')?.get(id);
	if (first.error) return <Empty title="There is no such schedule."><p><A href="/schedules">All schedules</A></p></Empty>;
	const c = data.value;
	const days = Array.from({ length: spanDays }, (_, i) => addDays(zone, from, i));
	const view = { from, to };
	const gaps = (c?.final ?? []).filter((s) => s.users.length === 0);
	const current = c?.final.find((s) => Date.parse(s.from) <= now.value && Date.parse(s.to) > now.value);
	const share = new Map<string, number>();
	for (const s of c?.final ?? []) for (const u of s.users) share.set(u.name ?? u.id, (share.get(u.name ?? u.id) ?? 0) + Date.parse(s.to) - Date.parse(s.from));
	const whole = [...share.values()].reduce((x, y) => x + y, 0);
	return <>
		<p class="crumbs"><A href="/schedules"><Icon name="left" /> Schedules</A></p>
		<header><h1>{doc?.name ?? id}</h1>{doc && <A href={`/config/schedules/${id}`}>Edit the layers</A>}
			<span class="push" /><Tabs label="How much" tabs={[['1w', '1 week'], ['2w', '2 weeks'], ['4w', '4 weeks']]} at={query('span') || '1w'} onPick={(s) => go(withQuery({ span: s === '1w' ? '' : s }), true)} />
			<span class="person"><button class="plain" aria-label="Earlier" onClick={() => move(-spanDays)}><Icon name="left" /></button><button onClick={() => move(0)}>Today</button><button class="plain" aria-label="Later" onClick={() => move(spanDays)}><Icon name="right" /></button></span>
			{may('member') && <button class="main" onClick={() => edit(fresh())}><Icon name="plus" /> Override</button>}</header>
		<div class="panel"><header class="panel-head"><h2>{day(from, zone)} – {day(to - 1, zone)}</h2>
			{current && <span>Now: <b>{current.users.length ? names(current) : <span class="nobody">NOBODY</span>}</b></span>}
			{gaps.length > 0 && <span class="nobody">{gaps.length} gap{gaps.length === 1 ? '' : 's'}, {span(gaps.reduce((s, g) => s + Date.parse(g.to) - Date.parse(g.from), 0))}</span>}<span class="zone muted">clock of {zone}</span></header>
			{c ? <><div class="scroll wide-only" tabIndex={0} role="region" aria-label="Calendar"><div class="cal">
				<span class="lane-name muted">&nbsp;</span><div class="days">{days.map((d) => <span class={dayKey(d, zone) === dayKey(now.value, zone) ? 'today' : ''}>{day(d, zone)}{addDays(zone, d, 1) - d !== DAY && ` (${hours(d, addDays(zone, d, 1))})`}</span>)}</div>
				{c.layers.map((l, i) => <><span class="lane-name">{l.name ?? `Layer ${i + 1}`}{i > 0 && <small class="muted">wins over the above</small>}</span>
					<Lane view={view} zone={zone} days={days} label={`Layer ${l.name ?? i + 1}`}>{l.shifts.map((s) => <Bar shift={s} view={view} zone={zone} kind="layer" />)}</Lane></>)}
				<span class="lane-name">Overrides</span><OverrideLane c={c} view={view} days={days} onDraft={edit} onPick={pick} />
				<span class="lane-name">Final</span><Lane view={view} zone={zone} days={days} cls="final" label="Who is on call in the end">{c.final.map((s) => <Bar shift={s} view={view} zone={zone} kind="final" onClick={s.users.length === 0 && may('member') ? () => edit({ from: Math.max(Date.parse(s.from), from), to: Math.min(Date.parse(s.to), to) }) : undefined} />)}</Lane>
			</div></div>
			<ul class="agenda">{c.final.map((s) => <li><span class="when num">{day(Math.max(from, Date.parse(s.from)), zone)} {clockIn(Math.max(from, Date.parse(s.from)), zone)}<br />to {day(Math.min(to, Date.parse(s.to)), zone)} {clockIn(Math.min(to, Date.parse(s.to)), zone)}</span>{s.users.length ? <b>{names(s)}</b> : <><span class="nobody">NOBODY {hours(Date.parse(s.from), Date.parse(s.to))}</span>{may('member') && <button onClick={() => edit({ from: Date.parse(s.from), to: Date.parse(s.to) })}>Fill</button>}</>}</li>)}</ul></>
				: <p class="muted pad">{data.error?.message ?? '…'}</p>}</div>
		{c && <div class="cards">
			<div class="card"><b>Gaps</b>{gaps.length === 0 ? <span class="resolved">✓ none in this view</span> : <ul>{gaps.slice(0, 5).map((g) => <li>{day(g.from, zone)} {clockIn(g.from, zone)}–{clockIn(g.to, zone)} {may('member') && <button class="plain link" onClick={() => edit({ from: Date.parse(g.from), to: Date.parse(g.to) })}>Fill</button>}</li>)}</ul>}</div>
			<div class="card"><b>Hours in this view</b><ul>{[...share].sort((x, y) => y[1] - x[1]).map(([n, ms]) => <li>{n} <span class="muted num">{Math.round(ms / 36e5)} h, {Math.round((ms / whole) * 100)} %</span></li>)}</ul></div>
			<div class="card"><b>Used by</b><UsedBy id={id} /></div></div>}
		{draft && c && <OverrideForm c={c} schedule={id} draft={draft} onClose={(done) => { edit(null); if (done) data.again(); }} />}
		{picked && c && <OverrideInfo c={c} id={picked} onClose={(done) => { pick(null); if (done) data.again(); }} />}
	</>;
}

function UsedBy({ id }: { id: string }): JSX.Element {
	const list = [...(docs('policies')?.values() ?? [])].filter((p) => JSON.stringify(p.body).includes(`schedule/${id}"`));
	return list.length ? <ul>{list.map((p) => <li><A href={`/config/policies/${p.id}`}>{p.name}</A> <small>policy</small></li>)}</ul> : <span class="warn">No policy pages it.</span>;
}

// ---- all of them, one lane each ----

function All(): JSX.Element {
	const list = [...(docs('schedules')?.values() ?? [])];
	const at = query('at');
	const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
	const from = begin(zone, at, true), to = addDays(zone, from, 7);
	const data = useLoad(() => Promise.all(list.map((d) => get<Calendar>(`/schedules/${d.id}/calendar?from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`).then((c) => ({ d, c })))), [list.map((d) => d.id + d.revision).join(), from]);
	const duty = useLoad(() => get<{ items: Duty[] }>('/oncall'), []);
	const days = Array.from({ length: 7 }, (_, i) => addDays(zone, from, i));
	const move = (n: number): void => go(withQuery({ at: n === 0 ? '' : dayKey(addDays(zone, from, n), zone) }), true);
	return <><header><h1>Schedules</h1><span class="push" /><span class="person"><button class="plain" aria-label="Earlier" onClick={() => move(-7)}><Icon name="left" /></button><button onClick={() => move(0)}>This week</button><button class="plain" aria-label="Later" onClick={() => move(7)}><Icon name="right" /></button></span>
		{may('member') && <A class="button" href="/config/schedules/new">New schedule</A>}</header>
		{docs('schedules') && list.length === 0 ? <Empty title="No schedule yet."><p class="muted">A schedule says who is on call when.</p></Empty> :
		<div class="panel"><header class="panel-head"><h2>{day(from, zone)} – {day(to - 1, zone)}</h2><span class="zone muted">{zone}</span></header>
			<div class="scroll wide-only" tabIndex={0} role="region" aria-label="All schedules"><div class="cal"><span class="lane-name">&nbsp;</span><div class="days">{days.map((d) => <span class={dayKey(d, zone) === dayKey(now.value, zone) ? 'today' : ''}>{day(d, zone)}</span>)}</div>
				{(data.value ?? []).map(({ d, c }) => <><span class="lane-name"><A href={`/schedules/${d.id}`}>{d.name}</A><small class="muted">{targetName(`team/${String(d.body['team'] ?? '')}`)}</small></span>
					<Lane view={{ from, to }} zone={zone} days={days} label={d.name} cls="final">{c.final.map((s) => <Bar shift={s} view={{ from, to }} zone={zone} kind="final" />)}</Lane></>)}</div></div>
			<ul class="agenda">{list.map((d) => { const who = duty.value?.items.find((x) => x.schedule === d.id); return <li><A href={`/schedules/${d.id}`}>{d.name}</A><span>{who?.users.length ? who.users.map((u) => u.name).join(', ') : <span class="nobody">NOBODY</span>}</span></li>; })}</ul></div>}</>;
}

export default function Schedules({ id }: { id: string; sub: string }): JSX.Element {
	return <div class="page">{id ? <One id={id} /> : <All />}</div>;
}
