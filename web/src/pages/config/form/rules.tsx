// SPDX-License-Identifier: Apache-2.0
// Rules as people write them: what must hold, what is set then, what is added, whether it ends there.
import type { JSX } from 'preact';
import type { RuleHits } from '../../../api/types';
import { path } from '../../../router';
import { When } from './conditions';
import { FaultsAt } from './faults';
import { escape, isMap, replaced, type Control } from './fields';
import { Taken, useHits } from './hits';
import { Items, Named } from './lists';
import { Json } from './simple';

type Rule = Record<string, unknown>;
const members = ['when', 'set', 'annotate'];
const text = (v: unknown): string => (typeof v === 'object' && v ? JSON.stringify(v) : String(v ?? ''));

/** Names with texts of a rule, each with what is refused of it; as JSON what is something else. */
function Texts({
	f,
	v,
	set,
	at,
	noun,
	name,
	field,
}: Control & {
	noun: string;
	name?: (key: string, put: (key: string) => void, i: number) => JSX.Element;
	field: (key: string) => { label: string; placeholder: string; list?: string };
}): JSX.Element {
	if (v !== undefined && !isMap(v)) return <Json f={f} v={v} set={set} at={at} label={noun} />;
	return (
		<>
			<FaultsAt at={at} but={Object.keys(v ?? {}).map((k) => `${at}/${escape(k)}`)} />
			<Named<unknown>
				value={v ?? {}}
				set={(o) => set(Object.keys(o).length ? o : undefined)}
				at={at}
				noun={noun}
				fresh=""
				{...(name && { name })}
				render={(x, put, k) => {
					const { label, placeholder, list } = field(k);
					return (
						<>
							<input
								id={`${at}/${escape(k)}`}
								aria-label={label}
								placeholder={placeholder}
								list={list}
								value={text(x)}
								onInput={(e) => put(e.currentTarget.value)}
							/>
							<FaultsAt at={`${at}/${escape(k)}`} />
						</>
					);
				}}
			/>
		</>
	);
}

const settable = ['service', 'severity', 'urgency', 'dedup_key', 'summary', 'details', 'labels.'];

function One({
	f,
	v,
	set,
	at,
	taken,
	moves,
}: Control & { v: Rule; taken: RuleHits | undefined; moves: JSX.Element }): JSX.Element {
	const put = (key: string) => (x: unknown) => set(replaced(v, key, x));
	const part = (key: string): Control => ({ f, v: v[key], set: put(key), at: `${at}/${key}` });
	return (
		<div class="f-rule">
			<div class="f-rule-head">
				<label>
					Name
					<input id={`${at}/id`} value={text(v['id'])} onInput={(e) => put('id')(e.currentTarget.value)} />
				</label>
				{moves}
			</div>
			<div class="f-rule-more">
				<label class="check">
					<input
						type="checkbox"
						checked={v['stop'] === true}
						onChange={(e) => put('stop')(e.currentTarget.checked || undefined)}
					/>
					no rule after it
				</label>
				<Taken h={taken} />
			</div>
			<FaultsAt at={at} but={members.map((m) => `${at}/${m}`)} />
			<When c={v['when']} set={put('when')} at={`${at}/when`} />
			<fieldset>
				<legend>Set</legend>
				<Texts
					{...part('set')}
					noun="field"
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
					field={(k) => ({
						label: `Value of ${k || 'the field'}`,
						placeholder: 'a value, or ${labels.app}',
						...((k === 'severity' || k === 'urgency') && { list: `of-${k}` }),
					})}
				/>
			</fieldset>
			<details open={v['annotate'] !== undefined}>
				<summary>Links and notes to add</summary>
				<Texts
					{...part('annotate')}
					noun="annotation"
					field={(k) => ({
						label: `Text of ${k || 'the annotation'}`,
						placeholder: 'https://… or a note',
					})}
				/>
			</details>
		</div>
	);
}

const isRule = (r: unknown): r is Rule => typeof r === 'object' && r !== null && !Array.isArray(r);

export function Rules({ f, v, set, at }: Control): JSX.Element {
	const list: unknown[] = Array.isArray(v) ? v : [];
	const [, , , set_id, edit] = path.value.split('/');
	const hits = useHits(edit === 'edit' ? set_id! : '');
	const free = (): string => {
		let n = list.length + 1;
		while (list.some((r) => isRule(r) && r['id'] === `rule-${n}`)) n++;
		return `rule-${n}`;
	};
	if (v !== undefined && !Array.isArray(v)) return <Json f={f} v={v} set={set} at={at} label="The rules" />;
	return (
		<>
			<Items<unknown>
				items={list}
				set={set}
				at={at}
				noun="rule"
				numbered
				fresh={() => ({ id: free(), when: ['severity="critical"'] })}
				heads={(r) => (isRule(r) ? 'rule' : null)}
				render={(r, put, here, i, moves) =>
					isRule(r) ? (
						<One f={f} v={r} set={put} at={here} taken={hits?.get(String(r['id']))} moves={moves} />
					) : (
						<Json f={f} v={r} set={put} at={here} label={`Rule ${i + 1}`} />
					)
				}
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
