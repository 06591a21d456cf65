// SPDX-License-Identifier: Apache-2.0
// What must hold for a rule: a group of conditions and of further groups, as deep as the server takes them.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import {
	formFor,
	formOf,
	levels,
	LEVELS,
	matcher,
	matcherText,
	rootForm,
	rowAt,
	ROWS,
	type Condition,
	type Form,
	type How,
} from './condition';
import { described, Faults, useFaults, type Described } from './faults';
import { Items } from './lists';

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
const hows: [How, string, string][] = [
	['all', 'all of these', 'none: always'],
	['any', 'any of these', 'none: never'],
	['none', 'none of these', 'none: always'],
	['some', 'not all of these', 'none: never'],
];
const FRESH = 'severity="critical"';

interface Part {
	c: Condition;
	set: (c: Condition) => void;
	at: string;
}

/** What is no matcher of three parts: as it is written. */
function Written({ c, set, at, ...more }: Part & Described): JSX.Element {
	return (
		<textarea
			{...more}
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
}

function Matcher({ c, set, at, moves }: Part & { moves: JSX.Element }): JSX.Element {
	const mine = useFaults(at);
	const m = typeof c === 'string' ? matcher(c) : null;
	// A half-typed value must not jump: the three parts are the truth while somebody writes in them.
	const [parts, keep] = useState(m);
	const now = parts && matcherText(...parts) === c ? parts : m;
	const put = (p: [string, string, string]): void => {
		keep(p);
		set(matcherText(...p));
	};
	return (
		<div class={mine.length ? 'has-fault' : ''} data-at={at}>
			<span class="f-matcher">
				{now ? (
					<>
						<input
							id={at}
							aria-label="Field"
							list="signal-fields"
							value={now[0]}
							{...described(mine, at)}
							onInput={(e) => put([e.currentTarget.value, now[1], now[2]])}
						/>
						<select
							id={`${at}:sign`}
							aria-label="Comparison"
							value={now[1]}
							onChange={(e) => put([now[0], e.currentTarget.value, now[2]])}
						>
							{signs.map(([s, w]) => (
								<option value={s}>{w}</option>
							))}
						</select>
						<input
							id={`${at}:value`}
							aria-label="Value"
							value={now[2]}
							onInput={(e) => put([now[0], now[1], e.currentTarget.value])}
						/>
					</>
				) : (
					<Written c={c} set={set} at={at} {...described(mine, at)} />
				)}
				{moves}
			</span>
			<Faults list={mine} at={at} />
		</div>
	);
}

/** A group, at so many levels from the rule; its number says where it stands, the rule's own has none. */
function Group({
	c,
	set,
	at,
	level,
	number,
	moves,
}: Part & { level: number; number: string; moves?: JSX.Element }): JSX.Element {
	const root = number === '';
	const f: Form = root ? rootForm(c) : formOf(c)!;
	const rows = f.rows(c)!;
	const fits = (x: Condition): boolean => level - 1 + levels(x) <= LEVELS;
	const below = level + levels(f.write([FRESH])) - 1;
	const put = (form: Form, list: Condition[]): void =>
		set(root && form.how === 'all' && list.length === 0 ? undefined : form.write(list));
	const group = { any: [FRESH] };
	const mine = useFaults(
		at,
		rows.map((_, i) => rowAt(at, f, i)),
	);
	return (
		<div class="f-group" role="group" aria-label={root ? 'Conditions' : `Group ${number}`} data-at={at}>
			<div class="f-group-head">
				{root && <span class="f-when">When</span>}
				<select
					id={root ? `${at}:how` : at}
					aria-label={root ? 'How many must hold' : `How many must hold in group ${number}`}
					value={f.how}
					{...described(mine, at)}
					onChange={(e) => put(formFor(e.currentTarget.value as How, root), rows)}
				>
					{hows.map(([how, text]) => (
						<option value={how} disabled={how !== f.how && !fits(formFor(how, root).write(rows))}>
							{text}
						</option>
					))}
				</select>
				{rows.length === 0 && <span class="muted">{hows.find(([how]) => how === f.how)![2]}</span>}
				{moves}
			</div>
			<Faults list={mine} at={at} />
			<Items<Condition>
				items={rows}
				set={(l) => put(f, l)}
				at={at + f.at}
				here={(i) => rowAt(at, f, i)}
				within={root ? '' : `${number}.`}
				noun="condition"
				fresh={() => FRESH}
				most={fits(f.write([...rows, FRESH])) ? ROWS : 0}
				more={[{ noun: 'group', fresh: () => group, off: !fits(f.write([...rows, group])) }]}
				heads={(x) => (formOf(x) ? 'group' : 'condition')}
				render={(x, to, here, i, buttons) =>
					formOf(x) ? (
						<Group
							c={x}
							set={to}
							at={here}
							level={below}
							number={root ? `${i + 1}` : `${number}.${i + 1}`}
							moves={buttons}
						/>
					) : (
						<Matcher c={x} set={to} at={here} moves={buttons} />
					)
				}
			/>
		</div>
	);
}

export function When({ c, set, at }: Part): JSX.Element {
	return <Group c={c} set={set} at={at} level={1} number="" />;
}
