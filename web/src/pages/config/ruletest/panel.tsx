// SPDX-License-Identifier: Apache-2.0
// Rules tried while they are written: on the newest signals of the record, on one that is pasted, and on the
// cases that the rule set keeps.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { parseExact } from '../../../api/exact';
import { call, type List } from '../../../api/http';
import type { SignalRow } from '../../../api/types';
import { toast } from '../../../ui/toast';
import type { Draft } from '../form/draft';
import { Taken, useHits } from '../form/hits';
import { original } from './original';
import { ask, bodyOf, useTried, type Case, type Judged, type Result, type Tried } from './tried';
import { Outcome, Why } from './why';

function Line({ t, draft, id }: { t: Tried; draft: Draft | null; id: string }): JSX.Element {
	const [why, show] = useState<Judged | null>(null);
	const explain = async (): Promise<void> => {
		if (why) return show(null);
		try {
			const r = await ask(await bodyOf(draft), id, { signal: t.signal, trace: true });
			show(r.items[0]!.after);
		} catch (e) {
			toast({ text: (e as Error).message });
		}
	};
	const keep = async (): Promise<void> => {
		const at = `/signals?cursor=${t.signal! + 1}&limit=1`;
		const row = (await call<List<SignalRow>>('GET', at, { parse: parseExact })).value.items[0]!;
		const cases = (draft!.body['cases'] ?? []) as unknown[];
		draft!.setBody({
			...draft!.body,
			cases: [
				...cases,
				{
					name: t.summary,
					signal: original(row),
					expect: { service: t.after.service, urgency: t.after.urgency },
				},
			],
		});
		toast({ text: 'Kept as a case of this rule set; save it with the rules.' });
	};
	return (
		<li>
			<p>
				<b>{t.summary}</b> {t.differs && <span class="tag">changes</span>}
			</p>
			{t.differs && (
				<p>
					<span class="muted">now</span> <Outcome j={t.before} />
				</p>
			)}
			<p>
				{t.differs && <span class="muted">then</span>} <Outcome j={t.after} />{' '}
				<small>{t.after.rules.length ? `by ${t.after.rules.join(', ')}` : 'by no rule'}</small>
			</p>
			{t.signal !== undefined && (
				<p class="row-acts">
					<button type="button" class="small" aria-expanded={why !== null} onClick={() => void explain()}>
						Why
					</button>
					{draft?.view === 'form' && (
						<button
							type="button"
							class="small"
							onClick={() => void keep().catch((e: Error) => toast({ text: e.message }))}
						>
							Keep this as a case
						</button>
					)}
				</p>
			)}
			{(why ?? (t.after.trace && t.after)) && <Why j={why ?? t.after} />}
		</li>
	);
}

function Cases({ cases }: { cases: Case[] }): JSX.Element | null {
	if (cases.length === 0) return null;
	const bad = cases.filter((c) => !c.passed);
	return (
		<div class="pad case-list" role="status">
			<h3>
				Cases: <span class="resolved">✓ {cases.length - bad.length}</span>{' '}
				{bad.length > 0 && <span class="warn">✗ {bad.length}</span>}
			</h3>
			<ul>
				{bad.map((c) => (
					<li>
						<span class="warn">✗</span> <b>{c.name}</b> <small>{c.set}</small> {c.error}
						{(c.faults ?? []).map((f) => (
							<div class="muted">
								{f.field}: expected “{f.expected ?? 'none'}”, but it is “{f.seen ?? 'none'}”
							</div>
						))}
					</li>
				))}
			</ul>
		</div>
	);
}

function Hits({ r, set }: { r: Result; set: string }): JSX.Element {
	const mine = r.rules.filter((x) => x.set === set);
	const taken = useHits(set);
	return (
		<table class="hits">
			<thead>
				<tr>
					<th>Rule</th>
					<th>In 7 days</th>
					<th class="right">Now</th>
					<th class="right">Draft</th>
				</tr>
			</thead>
			<tbody>
				{mine.map((x) => (
					<tr>
						<th scope="row">{x.rule}</th>
						<td>
							<Taken h={taken?.get(x.rule)} />
						</td>
						<td class="right num">{x.before}</td>
						<td class="right num">{x.after === 0 ? <span class="warn">never</span> : x.after}</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}

const SHOWN = 20;

export function RuleTest({ id, draft }: { id: string; draft: Draft | null }): JSX.Element {
	const [on, pick] = useState('200');
	const [text, write] = useState(
		'{\n "severity": "critical",\n "summary": "Disk 91 %",\n "labels": { "env": "prod" }\n}',
	);
	const [every, all] = useState(false);
	let given: unknown,
		wrong = '';
	try {
		given = parseExact(text);
	} catch (e) {
		wrong = (e as Error).message;
	}
	const what = on === 'given' ? (wrong ? null : { signals: given, trace: true }) : { last: Number(on) };
	const { value: r, problem } = useTried(draft, id, what);
	const list = (r?.items ?? []).filter((t) => every || t.differs || on === 'given');
	return (
		<section class="panel" aria-label="Try it">
			<header class="panel-head">
				<h2>Try it</h2>
				<select aria-label="On what" value={on} onChange={(e) => pick(e.currentTarget.value)}>
					<option value="50">on the last 50 signals</option>
					<option value="200">on the last 200 signals</option>
					<option value="500">on the last 500 signals</option>
					<option value="given">on a signal of mine</option>
				</select>
			</header>
			{on === 'given' && (
				<div class="pad">
					<textarea
						class="boxed"
						rows={6}
						aria-label="The signal as JSON"
						aria-invalid={wrong !== ''}
						value={text}
						onInput={(e) => write(e.currentTarget.value)}
					/>
					{wrong && <p class="f-fault">{wrong}</p>}
				</div>
			)}
			{problem && <p class="pad warn">Not yet: {problem}</p>}
			{r && on !== 'given' && (
				<>
					<p class="pad" role="status">
						{r.signals === 0 ? (
							'No signal has come yet.'
						) : draft ? (
							<>
								<b>
									{r.changed} of {r.signals}
								</b>{' '}
								would go another way.
							</>
						) : (
							<>Each of the last {r.signals} signals as today’s rules would take it.</>
						)}{' '}
						<label class="check">
							<input type="checkbox" checked={every} onChange={(e) => all(e.currentTarget.checked)} />
							show those too that stay
						</label>
					</p>
					<Hits r={r} set={id} />
				</>
			)}
			{r && <Cases cases={r.cases} />}
			<ul class="pad tried">
				{list.slice(0, SHOWN).map((t) => (
					<Line key={t.signal ?? 'given'} t={t} draft={draft} id={id} />
				))}
				{list.length > SHOWN && <li class="muted">and {list.length - SHOWN} more</li>}
			</ul>
		</section>
	);
}
