// SPDX-License-Identifier: Apache-2.0
// What must hold for a rule: a group of conditions and of further groups, as deep as the server takes them.
import { createContext } from 'preact';
import { useContext, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { parseExact } from '../../../api/exact';
import {
	dropOf,
	formFor,
	formOf,
	levels,
	LEVELS,
	matcher,
	matcherText,
	pointerOf,
	relocated,
	rootForm,
	rowAt,
	ROWS,
	rowsOf,
	stepOf,
	type Condition,
	type Form,
	type How,
	type Path,
	type Place,
} from './condition';
import { described, Faults, useFaults, type Described } from './faults';
import { follow, Items, type Moving } from './lists';

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
					set(/^[[{]/.test(s) ? parseExact(s) : s);
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

/** The whole tree of a rule: its rows go from one group to another. */
interface Tree {
	can: (row: Path, by: 1 | -1) => boolean;
	step: (row: Path, by: 1 | -1) => void;
	grab: (row: Path | null) => void;
	held: (group: Path) => boolean;
	drop: (group: Path, i: number) => void;
}
const Trees = createContext<Tree | null>(null);

const numberOf = (path: Path): string => path.map((i) => i + 1).join('.');
const pathOf = (number: string): Path => (number ? number.split('.').map((n) => Number(n) - 1) : []);

/** How the rows of one group of it move. */
function useMoving(group: Path): Moving {
	const tree = useContext(Trees)!;
	return {
		can: (i, by) => tree.can([...group, i], by),
		step: (i, by) => tree.step([...group, i], by),
		grab: (i) => tree.grab(i === null ? null : [...group, i]),
		held: () => tree.held(group),
		drop: (i) => tree.drop(group, i),
	};
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
	const moving = useMoving(pathOf(number));
	const [over, aim] = useState(false);
	const mine = useFaults(
		at,
		rows.map((_, i) => rowAt(at, f, i)),
	);
	return (
		<div class="f-group" role="group" aria-label={root ? 'Conditions' : `Group ${number}`} data-at={at}>
			<div
				class={over ? 'f-group-head over' : 'f-group-head'}
				onDragLeave={() => aim(false)}
				onDragOver={(e) => {
					if (!moving.held()) return;
					e.preventDefault();
					e.stopPropagation();
					aim(true);
				}}
				onDrop={(e) => {
					if (!moving.held()) return;
					e.preventDefault();
					e.stopPropagation();
					aim(false);
					moving.drop(0);
				}}
			>
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
				moving={moving}
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
	const [said, say] = useState('');
	const drag = useRef<Path | null>(null);
	const move = (from: Path, place: Place | null): void => {
		if (!place) return;
		const to = [...place.into, place.at],
			next = relocated(c, from, place);
		if (numberOf(to) === numberOf(from)) return;
		const one = rowsOf(c, from.slice(0, -1))[from.at(-1)!];
		const name = `${formOf(one) ? 'group' : 'condition'} ${numberOf(from)}`;
		if (next === null) return say(`${name} does not fit there`);
		follow(pointerOf(c, from, at), pointerOf(next, to, at), () => set(next));
		say(`${name} is now ${numberOf(to)} of ${rowsOf(next, place.into).length}`);
	};
	const tree: Tree = {
		can: (row, by) => row.length > 1 || rowsOf(c, [])[row[0]! + by] !== undefined,
		step: (row, by) => move(row, stepOf(c, row, by)),
		grab: (row) => {
			drag.current = row;
		},
		held: (group) => drag.current !== null && dropOf(drag.current, group, 0) !== null,
		drop: (group, i) => {
			const from = drag.current;
			if (!from) return;
			const place = dropOf(from, group, i);
			// Behind the last of its own group there is one less before it.
			const room =
				place && rowsOf(c, group).length - (numberOf(from.slice(0, -1)) === numberOf(group) ? 1 : 0);
			move(from, place && { ...place, at: Math.min(place.at, room!) });
		},
	};
	return (
		<Trees.Provider value={tree}>
			<Group c={c} set={set} at={at} level={1} number="" />
			<span class="sr" role="status">
				{said}
			</span>
		</Trees.Provider>
	);
}
