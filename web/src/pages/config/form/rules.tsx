// SPDX-License-Identifier: Apache-2.0
// Rules as people write them: what must hold, what is set then, what is added, whether it ends there.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { RuleHits } from '../../../api/types';
import { path } from '../../../router';
import { Taken, useHits } from './hits';
import { Items, Named } from './lists';
import { Json } from './simple';
import { replaced, type Control } from './fields';

export type Condition = string | { any: Condition[] } | { all: Condition[] } | { not: Condition };
export interface Rule {
	id: string;
	when?: Condition | Condition[];
	set?: Record<string, unknown>;
	annotate?: Record<string, string>;
	stop?: boolean;
}

/** The name of the field, the sign, and the value of a matcher; null when it is more than that. */
export function matcher(text: string): [string, string, string] | null {
	const m = /^\s*([\w.-]+|[\w.]+"[^"]*")\s*(=~|!~|!=|==|>=|<=|=|~|>|<)\s*(.*?)\s*$/.exec(text);
	if (!m) return null;
	const q = /^"((?:[^"\\]|\\.)*)"$/.exec(m[3]!);
	// A quoted value shows without its quotes, its escapes as they were written.
	return [m[1]!, m[2]!, q ? q[1]! : m[3]!];
}
export function matcherText(field: string, sign: string, value: string): string {
	if (/^(>|<|>=|<=|==)$/.test(sign)) return `${field} ${sign} ${value}`;
	const inner = value.replace(/\\$|\\.|"/g, (x) => (x === '"' ? '\\"' : x === '\\' ? '\\\\' : x));
	return `${field}${sign}"${inner}"`;
}

const signs: [string, string][] = [
	['=', 'is'],
	['!=', 'is not'],
	['=~', 'matches'],
	['!~', 'does not match'],
	['~', 'is like'],
	['>', 'is over'],
	['>=', 'is at least'],
	['<', 'is under'],
	['<=', 'is at most'],
	['==', 'equals, as a number'],
];

function Matcher({ c, set, at }: { c: Condition; set: (c: Condition) => void; at: string }): JSX.Element {
	const m = typeof c === 'string' ? matcher(c) : null;
	// A half-typed value must not jump: the three parts are the truth while somebody writes in them.
	const [parts, keep] = useState(m);
	const now = parts && typeof c === 'string' && matcherText(...parts) === c ? parts : m;
	if (!now)
		return (
			<textarea
				id={at}
				class="boxed"
				rows={2}
				aria-label="Condition"
				value={typeof c === 'string' ? c : JSON.stringify(c)}
				onChange={(e) => {
					const s = e.currentTarget.value.trim();
					try {
						set(/^[[{]/.test(s) ? JSON.parse(s) : s);
					} catch {
						set(s);
					}
				}}
			/>
		);
	const put = (p: [string, string, string]): void => {
		keep(p);
		set(matcherText(...p));
	};
	return (
		<span class="f-matcher">
			<input
				id={at}
				aria-label="Field"
				list="signal-fields"
				value={now[0]}
				onInput={(e) => put([e.currentTarget.value, now[1], now[2]])}
			/>
			<select
				aria-label="Comparison"
				value={now[1]}
				onChange={(e) => put([now[0], e.currentTarget.value, now[2]])}
			>
				{signs.map(([s, w]) => (
					<option value={s}>{w}</option>
				))}
			</select>
			<input
				aria-label="Value"
				value={now[2]}
				onInput={(e) => put([now[0], now[1], e.currentTarget.value])}
			/>
		</span>
	);
}

const settable = ['service', 'severity', 'urgency', 'dedup_key', 'summary', 'details', 'labels.'];

function One({
	r,
	set,
	at,
	taken,
}: {
	r: Rule;
	set: (r: Rule) => void;
	at: string;
	taken: RuleHits | undefined;
}): JSX.Element {
	const put = (key: keyof Rule, v: unknown): void =>
		set(replaced(r as unknown as Record<string, unknown>, key, v) as unknown as Rule);
	const when = r.when === undefined ? [] : Array.isArray(r.when) ? r.when : [r.when];
	const some = (o: Record<string, unknown>): unknown => (Object.keys(o).length ? o : undefined);
	return (
		<div class="f-rule">
			<div class="f-rule-head">
				<label>
					Name
					<input id={`${at}/id`} value={r.id} onInput={(e) => put('id', e.currentTarget.value)} />
				</label>
				<label class="check">
					<input
						type="checkbox"
						checked={r.stop === true}
						onChange={(e) => put('stop', e.currentTarget.checked || undefined)}
					/>
					no rule after it
				</label>
				<Taken h={taken} />
			</div>
			<fieldset>
				<legend>
					When all of these hold{when.length === 0 && <span class="muted"> (none: always)</span>}
				</legend>
				<Items<Condition>
					items={when}
					set={(l) => put('when', l.length ? l : undefined)}
					at={`${at}/when`}
					noun="condition"
					fresh={() => 'severity="critical"'}
					render={(c, x, here) => <Matcher c={c} set={x} at={here} />}
				/>
			</fieldset>
			<fieldset>
				<legend>Set</legend>
				<Named<unknown>
					value={r.set ?? {}}
					set={(o) => put('set', some(o))}
					at={`${at}/set`}
					noun="field"
					fresh=""
					name={(k, x, i) => (
						<input
							class="f-key"
							aria-label={`Field to set ${i + 1}`}
							list="settable"
							placeholder="service"
							value={k}
							onInput={(e) => x(e.currentTarget.value)}
						/>
					)}
					render={(v, x, k) => (
						<input
							id={`${at}/set/${k}`}
							aria-label={`Value of ${k || 'the field'}`}
							placeholder="a value, or ${labels.app}"
							list={k === 'severity' || k === 'urgency' ? `of-${k}` : undefined}
							value={String(v ?? '')}
							onInput={(e) => x(e.currentTarget.value)}
						/>
					)}
				/>
			</fieldset>
			<details open={r.annotate !== undefined}>
				<summary>Links and notes to add</summary>
				<Named<string>
					value={r.annotate ?? {}}
					set={(o) => put('annotate', some(o))}
					at={`${at}/annotate`}
					noun="annotation"
					fresh=""
					render={(v, x, k) => (
						<input
							aria-label={`Text of ${k || 'the annotation'}`}
							placeholder="https://… or a note"
							value={String(v ?? '')}
							onInput={(e) => x(e.currentTarget.value)}
						/>
					)}
				/>
			</details>
		</div>
	);
}

interface Kept {
	name?: string;
	signal?: unknown;
	expect?: unknown;
}

/** Tests that are kept with the rules: a signal, and what must become of it. */
export function Cases({ f, v, set, at }: Control): JSX.Element {
	return (
		<Items<Kept>
			items={(Array.isArray(v) ? v : []) as Kept[]}
			set={(l) => set(l.length ? l : undefined)}
			at={at}
			noun="case"
			numbered
			fresh={() => ({ name: '', signal: { severity: 'critical', summary: '' }, expect: { urgency: 'high' } })}
			render={(c, put, here) => (
				<>
					<label>
						Name
						<input
							id={`${here}/name`}
							value={c.name ?? ''}
							onInput={(e) => put({ ...c, name: e.currentTarget.value })}
						/>
					</label>
					<label>
						The signal
						<Json f={f} v={c.signal} set={(signal) => put({ ...c, signal })} at={`${here}/signal`} />
					</label>
					<label>
						What must become of it
						<Json f={f} v={c.expect} set={(expect) => put({ ...c, expect })} at={`${here}/expect`} />
					</label>
				</>
			)}
		/>
	);
}

export function Rules({ v, set, at }: Control): JSX.Element {
	const list = (Array.isArray(v) ? v : []) as Rule[];
	const [, , , set_id, edit] = path.value.split('/');
	const hits = useHits(edit === 'edit' ? set_id! : '');
	const free = (): string => {
		let n = list.length + 1;
		while (list.some((r) => r.id === `rule-${n}`)) n++;
		return `rule-${n}`;
	};
	return (
		<>
			<Items<Rule>
				items={list}
				set={set}
				at={at}
				noun="rule"
				numbered
				fresh={() => ({ id: free(), when: ['severity="critical"'] })}
				render={(r, put, here) => <One r={r} set={put} at={here} taken={hits?.get(r.id)} />}
			/>
			<datalist id="signal-fields">
				{[
					'severity',
					'summary',
					'details',
					'service',
					'routing_key',
					'source',
					'dedup_key',
					'action',
					'urgency',
					'labels.',
					'raw.',
				].map((x) => (
					<option value={x} />
				))}
			</datalist>
			<datalist id="settable">
				{settable.map((x) => (
					<option value={x} />
				))}
			</datalist>
			<datalist id="of-severity">
				{['critical', 'error', 'warning', 'info'].map((x) => (
					<option value={x} />
				))}
			</datalist>
			<datalist id="of-urgency">
				{['high', 'low'].map((x) => (
					<option value={x} />
				))}
			</datalist>
		</>
	);
}
