// SPDX-License-Identifier: Apache-2.0
// A month: a line a day, as long as the day is; on a phone a grid of dots, a day of which leads to its list.
import type { JSX } from 'preact';
import { type Calendar, type Shift } from '../../api/http';
import { tint } from '../../ui/parts';
import { dayKey, now, reading } from '../../ui/time';
import { Bar, addDays, dayName, type Span } from './lanes';
import { verbOf, type Drawn } from './week';
import type { View } from './view';
import { holidayWords } from './words';

const during =
	(d: Span) =>
	(x: { from: string; to: string }): boolean =>
		Date.parse(x.from) < d.to && Date.parse(x.to) > d.from;
const inDay = (c: Calendar, d: Span): Shift[] => c.final.filter(during(d));

export function Month({ c, view, may, leads, acts }: Drawn): JSX.Element {
	const z = view.zone;
	return (
		<div class="month wide-only" role="list" aria-label="Days of the month">
			{view.days.map((d) => {
				const own = { from: d, to: addDays(z, d, 1) };
				const today = dayKey(d, z) === dayKey(now.value, z);
				return (
					<div
						role="listitem"
						class={`${[0, 6].includes(new Date(reading(z, d)).getUTCDay()) ? 'weekend' : ''}`}
					>
						<span class={`lane-name ${today ? 'today' : ''}`}>
							{dayName(z, d)}
							<Free c={c} span={own} />
						</span>
						<div class="lane">
							{inDay(c, own).map((s) => {
								const act = verbOf(s, may, leads, acts);
								return <Bar shift={s} view={own} zone={z} kind="final" verb={act?.verb} onClick={act?.run} />;
							})}
						</div>
					</div>
				);
			})}
		</div>
	);
}

/** What day it is, where that decides who is on call. */
export function Free({ c, span }: { c: Calendar; span: Span }): JSX.Element | null {
	const list = c.holidays.filter(during(span));
	if (list.length === 0) return null;
	return (
		<small class="free" title={list.map((h) => `${h.name}: ${holidayWords(h)}`).join('\n')}>
			<span class="sr">Holiday: </span>
			{[...new Set(list.map((h) => h.name))].join(', ')}
		</small>
	);
}

/** The month on a phone. */
export function Dots({
	c,
	view,
	onPick,
}: {
	c: Calendar;
	view: View;
	onPick: (key: string) => void;
}): JSX.Element {
	const z = view.zone;
	const lead = (new Date(reading(z, view.from)).getUTCDay() + 6) % 7;
	return (
		<div class="dots" role="group" aria-label="Days of the month, their people as dots">
			{['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'].map((d) => (
				<span class="muted" aria-hidden="true">
					{d}
				</span>
			))}
			{Array.from({ length: lead }, () => (
				<span />
			))}
			{view.days.map((d) => {
				const list = inDay(c, { from: d, to: addDays(z, d, 1) });
				const gap = list.some((s) => s.users.length === 0);
				const people = [...new Map(list.flatMap((s) => s.users.map((u) => [u.id, u]))).values()];
				const words = people.map((u) => u.name ?? u.id).join(', ');
				return (
					<button
						class="plain"
						aria-label={`${dayName(z, d)}: ${words || 'nobody'}${gap && words ? ', with a gap' : ''}`}
						onClick={() => onPick(dayKey(d, z))}
					>
						{Number(dayKey(d, z).slice(8))}
						<span class="dot-row">
							{people.slice(0, 3).map((u) => (
								<i class={`tint${tint(u.id)}`} />
							))}
							{gap && <i class="gap" />}
						</span>
					</button>
				);
			})}
		</div>
	);
}
