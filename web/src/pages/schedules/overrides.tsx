// SPDX-License-Identifier: Apache-2.0
// Overrides: made by drag or by keys, shown with what they change before they are saved.
import { useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { type Calendar } from '../../api/http';
import { A } from '../../router';
import { docs, may, me, userName } from '../../store/store';
import { Dialog, tint, useLoad } from '../../ui/parts';
import { toast } from '../../ui/toast';
import { clockIn, day, full, instant, wall } from '../../ui/time';
import { dropOverride, makeOverride, type Made } from '../duty/api';
import { Span, names, hours } from './lanes';

const covers = (o: Calendar['overrides'][number]): string =>
	`${o.with ? userName(o.with) : 'nobody'}${o.replace ? ` for ${userName(o.replace)}` : ''}`;

export interface Draft {
	from: number;
	to: number;
}

const STEP = 30 * 60_000;

/** Dragging on the lane draws a new override; the form has the same fields. */
export function OverrideLane({
	c,
	view,
	days,
	onDraft,
	onPick,
}: {
	c: Calendar;
	view: Span;
	days: number[];
	onDraft: (d: Draft) => void;
	onPick: (id: string) => void;
}): JSX.Element {
	const ref = useRef<HTMLDivElement>(null);
	const [drag, set] = useState<Draft | null>(null);
	const first = useRef(0);
	const at = (e: PointerEvent): number => {
		const r = ref.current!.getBoundingClientRect();
		return Math.round((view.from + ((e.clientX - r.left) / r.width) * (view.to - view.from)) / STEP) * STEP;
	};
	const place = (a: number, b: number): Record<string, string> => ({
		left: `${((Math.max(a, view.from) - view.from) / (view.to - view.from)) * 100}%`,
		width: `calc(${((Math.min(b, view.to) - Math.max(a, view.from)) / (view.to - view.from)) * 100}% - 1px)`,
	});
	return (
		<div
			ref={ref}
			class="lane drag"
			role="group"
			aria-label="Overrides"
			onPointerDown={(e) => {
				if (
					e.button !== 0 ||
					e.pointerType === 'touch' ||
					(e.target as HTMLElement).closest('button') ||
					!may('member')
				)
					return;
				first.current = at(e);
				ref.current!.setPointerCapture(e.pointerId);
				set({ from: first.current, to: first.current });
			}}
			onPointerMove={(e) => {
				if (drag) {
					const t = at(e);
					set({ from: Math.min(t, first.current), to: Math.max(t, first.current) });
				}
			}}
			onPointerUp={() => {
				if (drag) {
					const d = drag.to > drag.from ? drag : { from: drag.from, to: drag.from + 4 * 36e5 };
					set(null);
					onDraft(d);
				}
			}}
			onPointerCancel={() => set(null)}
		>
			{days.slice(1).map((d) => (
				<span class="grid-line" style={{ left: `${((d - view.from) / (view.to - view.from)) * 100}%` }} />
			))}
			{c.overrides.map((o) => (
				<button
					class={`bar over tint${tint(o.with ?? '')}`}
					style={place(Date.parse(o.from), Date.parse(o.to))}
					onClick={() => onPick(o.id)}
					aria-label={`${covers(o)}: override, ${day(o.from, c.zone)} ${clockIn(o.from, c.zone)} to ${day(o.to, c.zone)} ${clockIn(o.to, c.zone)}`}
				>
					{covers(o)}
				</button>
			))}
			{drag && (
				<span class="bar draft" style={place(drag.from, drag.to)}>
					{hours(drag.from, drag.to)}
				</span>
			)}
			{c.overrides.length === 0 && !drag && (
				<span class="bar hint muted">{may('member') ? 'Drag here for an override, or press N' : 'none'}</span>
			)}
		</div>
	);
}

const toLocal = (zone: string, t: number): string => wall(zone, t).replace(' ', 'T');

const fromLocal = (zone: string, text: string): number => {
	const m = /^(\d+)-(\d+)-(\d+)T(\d+):(\d+)/.exec(text);
	return m ? instant(zone, Number(m[1]), Number(m[2]), Number(m[3]), Number(m[4]), Number(m[5])) : NaN;
};

export function OverrideForm({
	c,
	schedule,
	draft,
	onClose,
}: {
	c: Calendar;
	schedule: string;
	draft: Draft;
	onClose: (done: boolean) => void;
}): JSX.Element {
	const [from, setFrom] = useState(toLocal(c.zone, draft.from));
	const [to, setTo] = useState(toLocal(c.zone, draft.to));
	const [who, setWho] = useState(me.value?.id ?? '');
	const [error, fail] = useState('');
	const [busy, sending] = useState(false);
	const a = fromLocal(c.zone, from),
		b = fromLocal(c.zone, to);
	const ok = b > a;
	// What changes for whom is asked of the server before it can be saved.
	const plan = useLoad<Made | null>(
		() => (ok ? makeOverride(schedule, { from: a, to: b, who: who || null }, true) : Promise.resolve(null)),
		[a, b, who],
	);
	const at = (t: string): string => `${day(t, c.zone)} ${clockIn(t, c.zone)}`;
	const members = new Set(c.layers.flatMap((l) => l.shifts.flatMap((s) => s.users.map((u) => u.id))));
	const people = [...(docs('users')?.values() ?? [])].sort(
		(x, y) => Number(members.has(y.id)) - Number(members.has(x.id)) || x.name.localeCompare(y.name),
	);
	return (
		<Dialog title="New override" onClose={() => onClose(false)}>
			<form
				onSubmit={(e) => {
					e.preventDefault();
					sending(true);
					makeOverride(schedule, { from: a, to: b, who: who || null }).then(
						({ id }) => {
							toast({
								text: `${who ? userName(who) : 'Nobody'} is on call ${day(a, c.zone)} ${clockIn(a, c.zone)} to ${clockIn(b, c.zone)}`,
								undo: {
									text: 'Undo',
									run: () => void dropOverride(id).catch((x: Error) => toast({ text: x.message, bad: true })),
								},
							});
							onClose(true);
						},
						(x: Error) => {
							sending(false);
							fail(x.message);
						},
					);
				}}
			>
				<label>
					Who
					<select value={who} onChange={(e) => setWho(e.currentTarget.value)}>
						{people.map((u) => (
							<option value={u.id}>
								{u.name}
								{members.has(u.id) ? '' : ' (not of this schedule)'}
							</option>
						))}
						<option value="">nobody</option>
					</select>
				</label>
				<div class="two">
					<label>
						From
						<input
							type="datetime-local"
							required
							value={from}
							onInput={(e) => setFrom(e.currentTarget.value)}
						/>
					</label>
					<label>
						To
						<input
							type="datetime-local"
							required
							value={to}
							aria-invalid={!ok}
							onInput={(e) => setTo(e.currentTarget.value)}
						/>
					</label>
				</div>
				<p class="muted">
					Clock of {c.zone}
					{ok && `, ${hours(a, b)}`}.
				</p>
				{plan.value && (
					<div class="note">
						<b>After saving</b>
						{(plan.value.differences ?? []).length === 0 ? (
							<p>Nothing would be different.</p>
						) : (
							<ul>
								{(plan.value.differences ?? []).slice(0, 8).map((d) => (
									<li>
										{at(d.from)} – {at(d.to)}:{' '}
										{d.before.length ? names({ ...d, users: d.before }) : <span class="nobody">NOBODY</span>}{' '}
										→{' '}
										<b>
											{d.after.length ? names({ ...d, users: d.after }) : <span class="nobody">NOBODY</span>}
										</b>
									</li>
								))}
							</ul>
						)}
						{plan.value.gaps_left.length > 0 && (
							<p class="warn">
								It leaves {plan.value.gaps_left.length} gap{plan.value.gaps_left.length === 1 ? '' : 's'}.
							</p>
						)}
						{(plan.value.differences ?? []).length > 0 && 'Nothing else changes.'}
					</div>
				)}
				{plan.error && (
					<p class="note bad" role="alert">
						{plan.error.message}
					</p>
				)}
				{error && (
					<p class="note bad" role="alert">
						{error}
					</p>
				)}
				<div class="actions">
					<button type="button" onClick={() => onClose(false)}>
						Cancel
					</button>
					<button class="main" disabled={!ok || busy || !plan.value || !!plan.error}>
						Save
					</button>
				</div>
			</form>
		</Dialog>
	);
}

export function OverrideInfo({
	c,
	id,
	onClose,
}: {
	c: Calendar;
	id: string;
	onClose: (done: boolean) => void;
}): JSX.Element | null {
	const o = c.overrides.find((x) => x.id === id);
	const [error, fail] = useState('');
	if (!o) return null;
	return (
		<Dialog title="Override" onClose={() => onClose(false)}>
			<dl class="facts">
				<div>
					<dt>Who</dt>
					<dd>
						{userName(o.with)}
						{o.replace && ` instead of ${userName(o.replace)}`}
					</dd>
				</div>
				<div>
					<dt>From</dt>
					<dd>{full(o.from, c.zone)}</dd>
				</div>
				<div>
					<dt>To</dt>
					<dd>{full(o.to, c.zone)}</dd>
				</div>
			</dl>
			{error && (
				<p class="note bad" role="alert">
					{error}
				</p>
			)}
			<div class="actions">
				<A href={`/config/overrides/${id}`}>As a document</A>
				{may('member') && (
					<button
						class="bad"
						onClick={() =>
							dropOverride(id).then(
								() => {
									toast({ text: 'The override is gone' });
									onClose(true);
								},
								(x: Error) => fail(x.message),
							)
						}
					>
						Remove it
					</button>
				)}
			</div>
		</Dialog>
	);
}
