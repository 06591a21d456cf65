// SPDX-License-Identifier: Apache-2.0
// Controls of calendars: whose turn it is, windows of the week, dates, members of a team.
import type { JSX } from 'preact';
import { docs } from '../../../store/store';
import { Icon } from '../../../ui/icons';
import { Items, Named } from './lists';
import { Options, Text, WallClock } from './simple';
import { replaced, type Control } from './fields';

function Person({
	id,
	set,
	label,
	at,
}: {
	id: string;
	set: (id: string) => void;
	label: string;
	at?: string;
}): JSX.Element {
	return (
		<select id={at} aria-label={label} value={id} onChange={(e) => set(e.currentTarget.value)}>
			<option value="">choose…</option>
			<Options section="users" at={id} />
		</select>
	);
}

interface Coming {
	who?: string | string[] | null;
	from?: string;
	until?: string;
}
const peopleOf = (v: unknown): string[] => {
	const who = typeof v === 'object' && v !== null && !Array.isArray(v) ? (v as Coming).who : v;
	return who === null || who === undefined ? [] : Array.isArray(who) ? (who as string[]) : [String(who)];
};

/** One person, several at once, or nobody; and from when until when, for one who comes or goes. */
export function Turn({ v, set, at, coming }: Control & { coming?: boolean }): JSX.Element {
	const people = peopleOf(v);
	const o = typeof v === 'object' && v !== null && !Array.isArray(v) ? (v as Coming) : null;
	const put = (list: string[], rest: Coming | null = o): void => {
		const who = list.length === 0 ? null : list.length === 1 ? list[0]! : list;
		set(rest && (rest.from || rest.until) ? { ...rest, who } : who);
	};
	return (
		<span class="f-turn">
			{people.length === 0 && <span class="muted">nobody</span>}
			{people.map((p, i) => (
				<span class="f-one">
					<Person
						id={p}
						at={i === 0 ? at : `${at}:${i}`}
						label={i === 0 ? 'Who' : 'And who'}
						set={(x) => put(people.map((q, k) => (k === i ? x : q)))}
					/>
					<button
						type="button"
						class="plain"
						aria-label={`Without ${docs('users')?.get(p)?.name ?? 'this person'}`}
						onClick={() => put(people.filter((_, k) => k !== i))}
					>
						<Icon name="close" />
					</button>
				</span>
			))}
			<button type="button" class="small" onClick={() => put([...people, ''])}>
				<Icon name="plus" /> {people.length ? 'together with' : 'somebody'}
			</button>
			{coming && o && (
				<span class="f-one">
					from
					<input
						aria-label="From"
						class="short"
						value={o.from ?? ''}
						onInput={(e) => put(people, { ...o, from: e.currentTarget.value })}
					/>
					until
					<input
						aria-label="Until"
						class="short"
						value={o.until ?? ''}
						onInput={(e) => put(people, { ...o, until: e.currentTarget.value })}
					/>
				</span>
			)}
		</span>
	);
}

export function Turns({ f, v, set, at }: Control): JSX.Element {
	return (
		<Items<unknown>
			items={Array.isArray(v) ? v : []}
			set={set}
			at={at}
			noun="turn"
			numbered
			fresh={() => ''}
			render={(x, put, here) => <Turn f={f} v={x} set={put} at={here} coming />}
		/>
	);
}

/** Whose turn it is from a wall clock on. */
export function TurnSet({ f, v, set, at }: Control): JSX.Element {
	const o = (v ?? {}) as { user?: string; at?: string };
	const put = (n: { user?: string; at?: string }): void => set(n.user || n.at ? n : undefined);
	return (
		<span class="f-target">
			<Person id={o.user ?? ''} at={at} label="Whose turn" set={(user) => put({ ...o, user })} />
			<WallClock
				f={{ ...f, name: 'at' }}
				v={o.at}
				at={at + '/at'}
				set={(x) => put(replaced({ ...o }, 'at', x))}
			/>
		</span>
	);
}

const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const windowForm = /^([a-z,-]+) (\d\d:\d\d)-(\d\d:\d\d)$/;

export function daysOf(text: string): string[] | null {
	if (text === 'daily') return days;
	const out = new Set<string>();
	for (const part of text.split(',')) {
		const [a, b] = part.split('-') as [string, string | undefined];
		const i = days.indexOf(a),
			k = b === undefined ? i : days.indexOf(b);
		if (i < 0 || k < 0) return null;
		for (let d = i; ; d = (d + 1) % 7) {
			out.add(days[d]!);
			if (d === k) break;
		}
	}
	return days.filter((d) => out.has(d));
}
/** Runs of three and more as "mon-fri", the rest one by one. */
export function daysText(list: string[]): string {
	if (list.length === 7) return 'daily';
	const out: string[] = [];
	for (let i = 0; i < 7; i++) {
		if (!list.includes(days[i]!)) continue;
		let k = i;
		while (k < 6 && list.includes(days[k + 1]!)) k++;
		out.push(...(k - i > 1 ? [`${days[i]}-${days[k]}`] : days.slice(i, k + 1)));
		i = k;
	}
	return out.join(',');
}

function Window({ f, v, set, at }: Control): JSX.Element {
	const m = windowForm.exec(String(v ?? ''));
	const on = m ? daysOf(m[1]!) : null;
	// What the buttons cannot say (24:00, for one) stays a text.
	if (!m || !on || m[2] === '24:00' || m[3] === '24:00')
		return <Text f={f} v={v} set={set} at={at} more={{ placeholder: 'mon-fri 09:00-17:00' }} />;
	const put = (list: string[], from: string, to: string): void =>
		set(`${daysText(list.length ? list : ['mon'])} ${from}-${to}`);
	return (
		<span class="f-window">
			<span class="f-days" role="group" aria-label="Days">
				{days.map((d, i) => (
					<button
						type="button"
						id={i === 0 ? at : `${at}:${d}`}
						aria-pressed={on.includes(d)}
						aria-label={d}
						onClick={() => put(on.includes(d) ? on.filter((x) => x !== d) : [...on, d], m[2]!, m[3]!)}
					>
						{d.slice(0, 2)}
					</button>
				))}
			</span>
			<span class="f-one">
				<input
					type="time"
					aria-label="From"
					value={m[2]}
					onInput={(e) => e.currentTarget.value && put(on, e.currentTarget.value, m[3]!)}
				/>
				–
				<input
					type="time"
					aria-label="To"
					value={m[3]}
					onInput={(e) => e.currentTarget.value && put(on, m[2]!, e.currentTarget.value)}
				/>
			</span>
		</span>
	);
}

export function Windows({ f, v, set, at }: Control): JSX.Element {
	const list = Array.isArray(v) ? v : v === undefined ? [] : [v];
	return (
		<Items<unknown>
			items={list}
			set={(l) => set(l.length ? l : undefined)}
			at={at}
			noun="window"
			fresh={() => 'mon-fri 09:00-17:00'}
			render={(x, put, here) => <Window f={f} v={x} set={put} at={here} />}
		/>
	);
}

/** Days, each with a name if it has one. */
export function Dates({ v, set, at }: Control): JSX.Element {
	return (
		<Items<unknown>
			items={Array.isArray(v) ? v : []}
			set={set}
			at={at}
			noun="date"
			fresh={() => ''}
			render={(x, put, here, i) => {
				const o = (typeof x === 'object' && x !== null ? x : { date: x }) as { date?: string; name?: string };
				const say = (n: { date?: string; name?: string }): void => put(n.name ? n : (n.date ?? ''));
				return (
					<span class="f-target">
						<input
							type="date"
							id={here}
							aria-label={`Date ${i + 1}`}
							value={o.date ?? ''}
							onInput={(e) => say({ ...o, date: e.currentTarget.value })}
						/>
						<input
							aria-label={`Name of date ${i + 1}`}
							placeholder="its name"
							value={o.name ?? ''}
							onInput={(e) => say({ ...o, name: e.currentTarget.value })}
						/>
					</span>
				);
			}}
		/>
	);
}

export function Members({ v, set, at }: Control): JSX.Element {
	return (
		<Named<string>
			value={(v ?? {}) as Record<string, string>}
			set={(m) => set(m)}
			at={at}
			noun="member"
			fresh="responder"
			name={(k, put, i) => <Person id={k} set={put} label={`Member ${i + 1}`} at={`${at}/${k}`} />}
			render={(role, put, k) => (
				<select
					aria-label={`Role of ${k || 'the member'}`}
					value={role}
					onChange={(e) => put(e.currentTarget.value)}
				>
					<option value="responder">responder</option>
					<option value="manager">manager</option>
				</select>
			)}
		/>
	);
}
