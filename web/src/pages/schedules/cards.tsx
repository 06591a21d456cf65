// SPDX-License-Identifier: Apache-2.0
// Below the calendar: gaps with a way to fill them, how the work is shared, who uses the schedule.
import type { JSX } from 'preact';
import { type Calendar } from '../../api/http';
import { docs, userName } from '../../store/store';
import { A } from '../../router';
import { useLoad } from '../../ui/parts';
import { mayBeAway, quality } from '../duty/api';
import { spanWords } from './lanes';
import { UsedBy } from './all';
import type { View } from './view';
import { verbOf, type ShiftActs } from './week';
import { covers, whyNot } from './words';

const SHOWN = 5;
const AHEAD = 90; // days

function Gaps({
	c,
	view,
	may,
	acts,
}: {
	c: Calendar;
	view: View;
	may: boolean;
	acts: ShiftActs;
}): JSX.Element {
	const gaps = c.final.filter((s) => s.users.length === 0);
	return (
		<div class="card">
			<b>Gaps</b>
			{gaps.length === 0 ? (
				<span class="resolved">✓ none in this view</span>
			) : (
				<ul>
					{gaps.slice(0, SHOWN).map((g) => {
						const act = verbOf(g, may, false, acts);
						return (
							<li>
								{spanWords(g.from, g.to, view.zone)}{' '}
								{act && (
									<button class="plain link" onClick={act.run}>
										Fill
									</button>
								)}
							</li>
						);
					})}
					{gaps.length > SHOWN && <li class="muted">and {gaps.length - SHOWN} more</li>}
				</ul>
			)}
		</div>
	);
}

/** What stands in the lane, as a list: a phone has no lane, and here is room for why one changes nothing. */
function Exceptions({
	c,
	view,
	may,
	acts,
}: {
	c: Calendar;
	view: View;
	may: boolean;
	acts: ShiftActs;
}): JSX.Element | null {
	const list = c.overrides.length + c.absences.length;
	if (list === 0) return null;
	return (
		<div class="card">
			<b>Overrides and absences</b>
			<ul class="spaced">
				{c.overrides.slice(0, SHOWN).map((o) => (
					<li>
						{spanWords(o.from, o.to, view.zone)}: {covers(o)}{' '}
						{may && (
							<button
								class="plain link"
								aria-label={`Change ${covers(o)}, ${spanWords(o.from, o.to, view.zone)}`}
								onClick={() => acts.edit({ id: o.id, from: Date.parse(o.from), to: Date.parse(o.to) })}
							>
								Change
							</button>
						)}
						{o.no_effect && <small class="muted block">No effect: {whyNot(o, view.zone)}.</small>}
					</li>
				))}
				{c.absences.slice(0, SHOWN).map((a) => (
					<li>
						{spanWords(a.from, a.to, view.zone)}: {userName(a.user)} is away{' '}
						{mayBeAway(a.user) && (
							<button
								class="plain link"
								aria-label={`Change: ${userName(a.user)} is away`}
								onClick={() => acts.away(a.id)}
							>
								Change
							</button>
						)}
					</li>
				))}
				{list > 2 * SHOWN && <li class="muted">and more in the calendar</li>}
			</ul>
		</div>
	);
}

/** The server's figures, of the days ahead by the configuration of now. */
function Fairness({ id, stamp }: { id: string; stamp: unknown }): JSX.Element {
	const today = Math.floor(Date.now() / 864e5) * 864e5;
	const q = useLoad(() => quality(id, today, today + AHEAD * 864e5), [id, stamp]);
	const most = Math.max(1, ...(q.value?.load ?? []).map((l) => l.share));
	return (
		<div class="card fair">
			<b>Next {AHEAD} days</b>
			{q.value && (
				<>
					<ul>
						{[...q.value.load]
							.sort((a, b) => b.share - a.share)
							.map((l) => (
								<li>
									<span>{userName(l.user)}</span>
									<span class="meter" aria-hidden="true">
										<i style={{ width: `${(l.share / most) * 100}%` }} />
									</span>
									<span class="muted num">
										{Math.round(l.share)} % · {Math.round(l.hours)} h, nights {Math.round(l.night_hours)}
									</span>
								</li>
							))}
					</ul>
					<small class="muted">
						Fairness: hours {q.value.fairness.hours} %, nights {q.value.fairness.nights} %, weekends{' '}
						{q.value.fairness.weekends} %; covered {Math.floor(q.value.covered * 10) / 10} %
					</small>
					{q.value.findings.length > 0 && (
						<details>
							<summary class="warn">
								{q.value.findings.length} thing{q.value.findings.length === 1 ? '' : 's'} to look at
							</summary>
							<ul>
								{q.value.findings.slice(0, 12).map((f) => (
									<li>{f}</li>
								))}
							</ul>
						</details>
					)}
				</>
			)}
			{q.error && <span class="warn">{q.error.message}</span>}
		</div>
	);
}

export function Cards({
	id,
	c,
	view,
	may,
	acts,
}: {
	id: string;
	c: Calendar;
	view: View;
	may: boolean;
	acts: ShiftActs;
}): JSX.Element {
	const doc = docs('schedules')?.get(id);
	return (
		<div class="cards">
			<Gaps c={c} view={view} may={may} acts={acts} />
			<Exceptions c={c} view={view} may={may} acts={acts} />
			<Fairness id={id} stamp={c} />
			<div class="card">
				<b>Used by</b>
				<UsedBy id={id} />
				{doc && (
					<p>
						<A href={`/config/schedules/${id}`}>History and text</A>
					</p>
				)}
			</div>
		</div>
	);
}
