// SPDX-License-Identifier: Apache-2.0
// Why a signal went where it went: every condition with what it saw.
import type { JSX } from 'preact';
import { A } from '../../../router';
import { targetName } from '../../../store/store';
import type { Judged, Looked, RuleTrace } from './tried';

const mark = (holds: boolean): JSX.Element => (
	<span class={holds ? 'resolved' : 'warn'}>
		<span aria-hidden="true">{holds ? '✓' : '✗'}</span>
		<span class="sr">{holds ? 'holds' : 'does not hold'}</span>
	</span>
);

function Condition({ c }: { c: Looked }): JSX.Element {
	if (!c.parts)
		return (
			<li>
				{mark(c.holds)}{' '}
				<code>
					{c.field} {c.op} “{c.value}”
				</code>{' '}
				<span class="muted">saw {c.seen ? <code>“{c.seen}”</code> : 'nothing'}</span>
			</li>
		);
	return (
		<li>
			{mark(c.holds)} {c.op === 'not' ? 'not' : `${c.op} of`}
			<ul class="why-parts">
				{c.parts.map((p) => (
					<Condition c={p} />
				))}
			</ul>
		</li>
	);
}

function Rule({ r, n }: { r: RuleTrace; n: number }): JSX.Element {
	const list = r.when?.op === 'all' ? (r.when.parts ?? []) : r.when ? [r.when] : [];
	return (
		<li class={r.holds ? 'taken' : ''}>
			<b>
				{n} {r.rule}
			</b>{' '}
			{mark(r.holds)}
			<ul class="why-parts">
				{list.map((c) => (
					<Condition c={c} />
				))}
				{r.changes.map((c) => (
					<li>
						→ <code>{c.field}</code> {c.before !== null && <del>{c.before}</del>} <b>{c.after}</b>
					</li>
				))}
				{r.stop && <li class="muted">no rule after it is looked at</li>}
			</ul>
		</li>
	);
}

export function Outcome({ j }: { j: Judged }): JSX.Element {
	return (
		<>
			{j.service ? (
				<A href={`/config/services/${j.service}`}>{targetName(`service/${j.service}`)}</A>
			) : (
				<span class="nobody">UNROUTED</span>
			)}{' '}
			<small>
				{j.urgency}, {j.severity}
				{j.policy && `, ${targetName(`policy/${j.policy}`)}`}
			</small>
		</>
	);
}

export function Why({ j }: { j: Judged }): JSX.Element {
	return (
		<div class="why">
			<ol>
				{(j.trace ?? []).map((r, i) => (
					<Rule r={r} n={i + 1} />
				))}
			</ol>
			<p>
				So it goes to <Outcome j={j} />
				{j.unrouted && <span class="muted">: {j.unrouted}</span>}
				{j.broken && <span class="warn"> {j.broken}</span>}
			</p>
		</div>
	);
}
