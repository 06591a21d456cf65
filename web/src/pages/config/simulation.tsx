// SPDX-License-Identifier: Apache-2.0
// Who would be paged for a service, when, if nobody answered.
import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { get, type Preview } from '../../api/http';
import { onEvents, targetName, userName, type Doc } from '../../store/store';
import { useLoad } from '../../ui/parts';
import { clock, dayKey, instant, ownZone, span, when } from '../../ui/time';

// ---- one document ----

const reasonWords: Record<string, string> = {
	'nobody-on-call': 'nobody on call: goes on at once',
	'no-contact': 'has no contact',
	'user-gone': 'has left',
};

/** "If this came at 03:00 and nobody answered": asked of the engine that pages. */
export function Simulation({ service, services }: { service?: string; services?: Doc[] }): JSX.Element {
	const [picked, pick] = useState(service ?? services?.[0]?.id ?? '');
	const [urgency, setUrgency] = useState('high');
	const [at, setAt] = useState('');
	const m = /^(\d+)-(\d+)-(\d+)T(\d+):(\d+)/.exec(at);
	const t = m ? instant(ownZone, Number(m[1]), Number(m[2]), Number(m[3]), Number(m[4]), Number(m[5])) : null;
	const [rev, bump] = useState(0);
	useEffect(
		() =>
			onEvents((l) => {
				if (l.some((e) => e.type === 'config.changed')) bump((n) => n + 1);
			}),
		[],
	);
	const sim = useLoad(
		() =>
			picked
				? get<Preview>(
						`/services/${picked}/preview?urgency=${urgency}${t ? `&at=${new Date(t).toISOString()}` : ''}`,
					)
				: Promise.reject(new Error('No service uses it, so nothing would be paged by it.')),
		[picked, urgency, t, rev],
	);
	const p = sim.value;
	let last = '';
	return (
		<section class="panel" aria-label="Who would be paged">
			<header class="panel-head">
				<h2>If nobody answered</h2>
			</header>
			<div class="pad">
				{services && services.length > 1 && (
					<label>
						For
						<select value={picked} onChange={(e) => pick(e.currentTarget.value)}>
							{services.map((s) => (
								<option value={s.id}>{s.name}</option>
							))}
						</select>
					</label>
				)}
				<div class="two">
					<label>
						Came at
						<input type="datetime-local" value={at} onInput={(e) => setAt(e.currentTarget.value)} />
					</label>
					<label>
						Urgency
						<select value={urgency} onChange={(e) => setUrgency(e.currentTarget.value)}>
							<option value="high">high</option>
							<option value="low">low</option>
						</select>
					</label>
				</div>
				<p>
					<button
						class="small"
						onClick={() => {
							const d = new Date(Date.now() + 864e5);
							setAt(`${dayKey(d.getTime(), ownZone)}T03:00`);
						}}
					>
						Tonight at 03:00
					</button>{' '}
					{at && (
						<button class="small" onClick={() => setAt('')}>
							Now
						</button>
					)}
				</p>
			</div>
			{sim.error && <p class="pad muted">{sim.error.message}</p>}
			{p && (
				<ol class="sim">
					{p.pages.map((x) => {
						const head = x.catch_all
							? 'The catch-all'
							: `Step ${x.step}${(x.round ?? 1) > 1 ? `, round ${x.round}` : ''}`;
						const fresh = head !== last;
						last = head;
						return (
							<>
								{fresh && (
									<li class="step">
										<span>{head}</span>
									</li>
								)}
								<li>
									<span class="num muted" title={when(x.at)}>
										{dayKey(x.at) !== dayKey(p.at) ? when(x.at) : clock(x.at)}{' '}
										<small>+{span(Date.parse(x.at) - Date.parse(p.at))}</small>
									</span>
									<span>
										{x.user ? (
											<>
												<b>{userName(x.user)}</b> {x.contact && <span class="muted">by {x.contact}</span>}
											</>
										) : x.reason ? (
											<span class="nobody">NOBODY</span>
										) : (
											<b>{targetName(x.because)}</b>
										)}{' '}
										<small>{x.because !== `user/${x.user}` && targetName(x.because)}</small>
										{x.reason && <span class="warn"> {reasonWords[x.reason] ?? x.reason}</span>}
									</span>
								</li>
							</>
						);
					})}
					<li>
						<span class="num muted">
							{clock(p.exhausted_at)} <small>+{span(Date.parse(p.exhausted_at) - Date.parse(p.at))}</small>
						</span>
						<span class="warn">nobody is left to page</span>
					</li>
				</ol>
			)}
		</section>
	);
}
