// SPDX-License-Identifier: Apache-2.0
// All schedules with who is on now, and what uses one.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { get, type Calendar, type Duty } from '../../api/http';
import { A, go, query, withQuery } from '../../router';
import { docs, may, targetName } from '../../store/store';
import { Empty, useLoad } from '../../ui/parts';
import { Icon } from '../../ui/icons';
import { day, dayKey } from '../../ui/time';
import { Vendor } from '../duty/vendor';
import { begin, addDays, Bar, DayHeads, Lane } from './lanes';

export function UsedBy({ id }: { id: string }): JSX.Element {
	const list = [...(docs('policies')?.values() ?? [])].filter((p) =>
		JSON.stringify(p.body).includes(`schedule/${id}"`),
	);
	return list.length ? (
		<ul>
			{list.map((p) => (
				<li>
					<A href={`/config/policies/${p.id}`}>{p.name}</A> <small>policy</small>
				</li>
			))}
		</ul>
	) : (
		<span class="warn">No policy pages it.</span>
	);
}

// ---- all of them, one lane each ----

export function All(): JSX.Element {
	const list = [...(docs('schedules')?.values() ?? [])];
	const at = query('at');
	const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
	const from = begin(zone, at, true),
		to = addDays(zone, from, 7);
	const data = useLoad(
		() =>
			Promise.all(
				list.map((d) =>
					get<Calendar>(
						`/schedules/${d.id}/calendar?from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`,
					).then((c) => ({ d, c })),
				),
			),
		[list.map((d) => d.id + d.revision).join(), from],
	);
	const duty = useLoad(() => get<{ items: Duty[] }>('/oncall'), []);
	const [importing, show] = useState(false);
	const days = Array.from({ length: 7 }, (_, i) => addDays(zone, from, i));
	const move = (n: number): void =>
		go(withQuery({ at: n === 0 ? '' : dayKey(addDays(zone, from, n), zone) }), true);
	return (
		<>
			<header>
				<h1>Schedules</h1>
				<span class="push" />
				<span class="person">
					<button class="plain" aria-label="Earlier" onClick={() => move(-7)}>
						<Icon name="left" />
					</button>
					<button onClick={() => move(0)}>This week</button>
					<button class="plain" aria-label="Later" onClick={() => move(7)}>
						<Icon name="right" />
					</button>
				</span>
				{may('admin') && <button onClick={() => show(true)}>Import…</button>}
				{may('member') && (
					<A class="button" href="/schedules/new">
						New schedule
					</A>
				)}
			</header>
			{docs('schedules') && list.length === 0 ? (
				<Empty title="No schedule yet.">
					<p class="muted">A schedule says who is on call when.</p>
				</Empty>
			) : (
				<div class="panel">
					<header class="panel-head">
						<h2>
							{day(from, zone)} – {day(to - 1, zone)}
						</h2>
						<span class="zone muted">{zone}</span>
					</header>
					<div class="scroll wide-only" tabIndex={0} role="region" aria-label="All schedules">
						<div class="cal">
							<span class="lane-name">&nbsp;</span>
							<DayHeads days={days} zone={zone} />
							{(data.value ?? []).map(({ d, c }) => (
								<>
									<span class="lane-name">
										<A href={`/schedules/${d.id}`}>{d.name}</A>
										<small class="muted">{targetName(`team/${String(d.body['team'] ?? '')}`)}</small>
									</span>
									<Lane view={{ from, to }} days={days} label={d.name} cls="final">
										{c.final.map((s) => (
											<Bar shift={s} view={{ from, to }} zone={zone} kind="final" />
										))}
									</Lane>
								</>
							))}
						</div>
					</div>
					<ul class="agenda">
						{list.map((d) => {
							const who = duty.value?.items.find((x) => x.schedule === d.id);
							return (
								<li>
									<A href={`/schedules/${d.id}`}>{d.name}</A>
									<span>
										{who?.users.length ? (
											who.users.map((u) => u.name).join(', ')
										) : (
											<span class="nobody">NOBODY</span>
										)}
									</span>
								</li>
							);
						})}
					</ul>
				</div>
			)}
			{importing && <Vendor onClose={() => show(false)} />}
		</>
	);
}
