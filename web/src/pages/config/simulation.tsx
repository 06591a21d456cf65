// SPDX-License-Identifier: Apache-2.0
// Who would be paged for a service, when, if nobody answered.
import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { call, get, type Preview } from '../../api/http';
import { A } from '../../router';
import { onEvents, targetName, userName } from '../../store/store';
import { useLoad } from '../../ui/parts';
import { clock, dayKey, instant, ownZone, span, when } from '../../ui/time';

// ---- one document ----

const reasonWords: Record<string, string> = {
	'nobody-on-call': 'nobody on call: goes on at once',
	'no-contact': 'has no contact',
	'user-gone': 'has left',
};

export interface Finding {
	pointer: string;
	finding: string;
}
export interface Walked extends Omit<Preview, 'service'> {
	findings?: Finding[];
}

/** What holds paging back, before the pages. */
function Muted({ m }: { m: NonNullable<Walked['muted']> }): JSX.Element {
	return (
		<li>
			<span class="num muted">maintenance</span>
			<span>
				Nobody is paged until <b>{when(m.until)}</b>: {m.why}{' '}
				<small>
					<A href={`/config/windows/${m.window}`}>{m.name ?? m.window}</A>
				</small>
			</span>
		</li>
	);
}

/** The pages in their order, step by step. */
export function Pages({ p }: { p: Walked }): JSX.Element {
	let last = '';
	return (
		<ol class="sim">
			{p.muted && <Muted m={p.muted} />}
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
			{p.exhausted_at && (
				<li>
					<span class="num muted">
						{clock(p.exhausted_at)} <small>+{span(Date.parse(p.exhausted_at) - Date.parse(p.at))}</small>
					</span>
					<span class="warn">nobody is left to page</span>
				</li>
			)}
		</ol>
	);
}

/** "If this came at 03:00 and nobody answered": asked of the engine that pages. */
export function Simulation({
	ask,
	of,
	onFinding,
}: {
	ask: (urgency: string, at: string | null) => Promise<Walked>;
	/** What it is asked about: asked anew when that changes. */
	of: string;
	onFinding?: (pointer: string) => void;
}): JSX.Element {
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
	const sim = useLoad(() => ask(urgency, t ? new Date(t).toISOString() : null), [of, urgency, t, rev]);
	const p = sim.value;
	return (
		<section class="panel" aria-label="Who would be paged">
			<header class="panel-head">
				<h2>If nobody answered</h2>
			</header>
			<div class="pad">
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
			{p?.findings && (
				<ul class="findings" aria-label="What is wrong">
					{p.findings.map((f) => (
						<li>
							<span class="warn" aria-hidden="true">
								!
							</span>{' '}
							{f.finding}{' '}
							{onFinding && f.pointer && (
								<button type="button" class="small" onClick={() => onFinding(f.pointer)}>
									Show
								</button>
							)}
						</li>
					))}
					{p.findings.length === 0 && <li class="resolved">✓ Nothing is wrong with it.</li>}
				</ul>
			)}
			{p && <Pages p={p} />}
		</section>
	);
}

export function OfService({ id }: { id: string }): JSX.Element {
	return (
		<Simulation
			of={id}
			ask={(urgency, at) => get<Walked>(`/services/${id}/preview?urgency=${urgency}${at ? `&at=${at}` : ''}`)}
		/>
	);
}

/** A policy, or a draft of it: with what is wrong with it. */
export function OfPolicy({
	id,
	of,
	draft,
	onFinding,
}: {
	id: string;
	/** The print of the draft. */
	of?: string;
	draft?: () => Promise<Record<string, unknown>>;
	onFinding?: (pointer: string) => void;
}): JSX.Element {
	return (
		<Simulation
			of={of ?? id}
			ask={async (urgency, at) => {
				const document = await draft?.();
				const body = { urgency, ...(at && { at }), ...(document && { document }) };
				return (await call<Walked>('POST', `/policies/${id || 'new-id'}/check`, { body })).value;
			}}
			{...(onFinding && { onFinding })}
		/>
	);
}
