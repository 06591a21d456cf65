// SPDX-License-Identifier: Apache-2.0
// Controls for one value: text, number, time, choice, a reference to another document.
import type { JSX } from 'preact';
import { digitsOf, parseExact, whole } from '../../../api/exact';
import { docs, sectionOf, type Section } from '../../../store/store';
import { valuesOf, words, type Control } from './fields';

const text = (v: unknown): string => (v === undefined || v === null ? '' : (digitsOf(v) ?? String(v)));
const orNothing = (s: string): string | undefined => (s === '' ? undefined : s);

export function Text({
	f,
	v,
	set,
	at,
	label,
	more,
}: Control & { more?: JSX.IntrinsicElements['input'] }): JSX.Element {
	return (
		<input
			id={at}
			value={text(v)}
			aria-label={label}
			placeholder={f.default === undefined ? '' : `${text(f.default)} unless said`}
			autocomplete="off"
			{...more}
			onInput={(e) => set(orNothing(e.currentTarget.value))}
		/>
	);
}

export function LongText({ v, set, at }: Control): JSX.Element {
	return <textarea id={at} rows={2} value={text(v)} onInput={(e) => set(orNothing(e.currentTarget.value))} />;
}

export function Whole(c: Control): JSX.Element {
	const n = (s: string): unknown =>
		s === '' ? undefined : Number.isFinite(Number(s)) ? (whole(s) ?? Number(s)) : s;
	return (
		<Text
			{...c}
			set={(s) => c.set(n(text(s)))}
			more={{ inputMode: 'numeric', class: 'short', ...(c.f.min !== undefined && { min: c.f.min }) }}
		/>
	);
}

export function Span(c: Control): JSX.Element {
	return (
		<Text
			{...c}
			more={{
				class: 'short',
				list: 'spans',
				placeholder: c.f.default === undefined ? '5m, 1h30m, 2d' : text(c.f.default),
			}}
		/>
	);
}

export function Yes({ f, v, set, at }: Control): JSX.Element {
	const on = v === undefined ? f.default === true : v === true;
	return (
		<label class="check">
			<input
				id={at}
				type="checkbox"
				checked={on}
				onChange={(e) => {
					const now = e.currentTarget.checked;
					set(now === (f.default === true) ? undefined : now);
				}}
			/>
			{f.help ?? words(f.name)}
		</label>
	);
}

function Select({
	at,
	v,
	set,
	children,
	label,
}: {
	at: string;
	v: string;
	set: (v: string) => void;
	children: JSX.Element | JSX.Element[] | (JSX.Element | JSX.Element[] | false)[];
	label?: string;
}): JSX.Element {
	return (
		<select id={at} value={v} aria-label={label} onChange={(e) => set(e.currentTarget.value)}>
			{children}
		</select>
	);
}

const NONE = '(none)'; // what is said to be absent, not left unsaid

export function Choice({ f, v, set, at }: Control): JSX.Element {
	const free = !f.required || v === undefined;
	const now = v === null ? NONE : text(v);
	const other = now !== '' && now !== NONE && !valuesOf(f).includes(now);
	return (
		<Select at={at} v={now} set={(s) => set(s === NONE ? null : orNothing(s))}>
			{free && <option value="">{f.default === undefined ? '–' : `${text(f.default)} unless said`}</option>}
			{!!f.nullable && <option value={NONE}>none</option>}
			{other && <option value={now}>{now} (no choice)</option>}
			{valuesOf(f).map((x) => (
				<option value={x}>{x}</option>
			))}
		</Select>
	);
}

/** Yes, no, or what the organisation says. */
export function Tri({ v, set, at }: Control): JSX.Element {
	return (
		<Select at={at} v={text(v)} set={(s) => set(s === '' ? undefined : s === 'true')}>
			<option value="">as the organisation says</option>
			<option value="true">yes</option>
			<option value="false">no</option>
		</Select>
	);
}

/** A document of a section, by its name. What is there and unknown stays, and says so. */
export function Options({ section, at }: { section: Section; at: string }): JSX.Element {
	const all = [...(docs(section)?.values() ?? [])].sort((a, b) => a.name.localeCompare(b.name));
	const known = all.some((d) => d.id === at);
	return (
		<>
			{at !== '' && !known && <option value={at}>{at} (not there)</option>}
			{all.map((d) => (
				<option value={d.id}>{d.name === d.id ? d.id : `${d.name} · ${d.id}`}</option>
			))}
		</>
	);
}

export function Reference({ f, v, set, at, label }: Control): JSX.Element {
	const section = sectionOf[f.ref ?? ''] ?? 'users';
	const id = v === null ? '' : text(v).replace(/^[a-z]+\//, '');
	return (
		<Select
			at={at}
			v={v === null ? NONE : id}
			set={(s) => set(s === NONE ? null : orNothing(s))}
			{...(label && { label })}
		>
			<option value="">{f.required ? 'choose…' : '–'}</option>
			{f.nullable ? <option value={NONE}>none</option> : <></>}
			<Options section={section} at={id} />
		</Select>
	);
}

export function UserOrNull({ v, set, at }: Control): JSX.Element {
	const now = v === null ? '(nobody)' : text(v);
	return (
		<Select at={at} v={now} set={(s) => set(s === '(nobody)' ? null : orNothing(s))}>
			<option value="">–</option>
			<option value="(nobody)">nobody</option>
			<Options section="users" at={v === null ? '' : text(v)} />
		</Select>
	);
}

const kinds: [string, Section, string][] = [
	['schedule', 'schedules', 'On call by a schedule'],
	['user', 'users', 'People'],
	['team', 'teams', 'Teams'],
	['policy', 'policies', 'Another policy'],
	['channel', 'channels', 'Channels'],
];

/** Whom a page goes to: one list of everything that can be one, by kind. */
export function Target({ f, v, set, at }: Control): JSX.Element {
	const o = typeof v === 'object' && v !== null ? (v as { to?: string; who?: string }) : null;
	const to = o ? (o.to ?? '') : text(v);
	const who = o?.who ?? 'current';
	const put = (t: string, w: string): void =>
		set(t === '' ? (f.required ? '' : undefined) : w === 'current' ? t : { to: t, who: w });
	const known = kinds.some(([k, s]) => to.startsWith(k + '/') && docs(s)?.has(to.slice(k.length + 1)));
	return (
		<span class="f-target">
			<Select at={at} v={to} set={(t) => put(t, t.startsWith('schedule/') ? who : 'current')} label="Whom">
				<option value="">choose…</option>
				{to !== '' && !known ? <option value={to}>{to} (not there)</option> : <></>}
				{kinds.map(([k, s, name]) => (
					<optgroup label={name}>
						{[...(docs(s)?.values() ?? [])].map((d) => (
							<option value={`${k}/${d.id}`}>{d.name}</option>
						))}
					</optgroup>
				))}
			</Select>
			{to.startsWith('schedule/') && (
				<Select at={at + '/who'} v={who} set={(w) => put(to, w)} label="Who of them">
					<option value="current">who is on call</option>
					<option value="next">who is next</option>
					<option value="all">everybody in it</option>
				</Select>
			)}
		</span>
	);
}

export function Zone(c: Control): JSX.Element {
	return <Text {...c} more={{ list: 'zones', placeholder: 'Europe/Berlin' }} />;
}

const wall = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)(:00)?$/;
/** A wall clock by the browser's own picker; an instant with an offset stays a text. */
export function WallClock({ f, v, set, at }: Control): JSX.Element {
	const m = wall.exec(text(v));
	if (v !== undefined && v !== '' && !m) return <Text f={f} v={v} set={set} at={at} />;
	return (
		<input
			id={at}
			type="datetime-local"
			value={m ? `${m[1]}T${m[2]}` : ''}
			onInput={(e) => set(orNothing(e.currentTarget.value.replace('T', ' ')))}
		/>
	);
}

/** A text, or none; left out it is not asked for. */
export function TextOrNone({ f, v, set, at }: Control): JSX.Element {
	const how = v === undefined ? '' : v === null ? NONE : 'is';
	return (
		<span class="f-target">
			<Select at={at} v={how} set={(h) => set(h === '' ? undefined : h === NONE ? null : '')}>
				<option value="">–</option>
				<option value={NONE}>none</option>
				<option value="is">the text</option>
			</Select>
			{how === 'is' && (
				<input
					aria-label={`${words(f.name)}, its text`}
					value={text(v)}
					onInput={(e) => set(e.currentTarget.value)}
				/>
			)}
		</span>
	);
}

/** A secret is never shown: it is kept as it is, or said anew. */
export function Secret({ f, v, set, at }: Control): JSX.Element {
	const o = typeof v === 'object' && v !== null ? (v as Record<string, string>) : null;
	const how = v === '(kept)' ? 'kept' : o ? (Object.keys(o)[0] ?? 'env') : v === undefined ? '' : 'value';
	const word = o ? text(Object.values(o)[0]) : text(v);
	return (
		<span class="f-target">
			<Select
				at={at}
				v={how}
				label={words(f.name)}
				set={(h) => set(h === '' ? undefined : h === 'kept' ? '(kept)' : h === 'value' ? '' : { [h]: '' })}
			>
				<option value="">{f.name === 'key' ? 'the one it has, or a new one' : 'none'}</option>
				{how === 'kept' ? <option value="kept">kept as it is</option> : <></>}
				<option value="value">a value</option>
				<option value="env">from an environment variable</option>
				<option value="file">from a file</option>
			</Select>
			{how === 'value' && (
				<input
					aria-label={`${words(f.name)}, its value`}
					type="password"
					autocomplete="off"
					value={word}
					onInput={(e) => set(e.currentTarget.value)}
				/>
			)}
			{(how === 'env' || how === 'file') && (
				<input
					aria-label={how === 'env' ? 'Name of the variable' : 'Path of the file'}
					autocomplete="off"
					value={word}
					onInput={(e) => set({ [how]: e.currentTarget.value })}
				/>
			)}
		</span>
	);
}

export function Json({ v, set, at, label }: Control): JSX.Element {
	return (
		<textarea
			id={at}
			class="boxed"
			rows={3}
			aria-label={label}
			value={typeof v === 'string' ? v : v === undefined ? '' : JSON.stringify(v, null, 1)}
			onChange={(e) => {
				const s = e.currentTarget.value.trim();
				try {
					set(s === '' ? undefined : parseExact(s));
				} catch {
					set(s);
				}
			}}
		/>
	);
}

/** Suggestions that several fields share. */
export function Suggestions(): JSX.Element {
	return (
		<>
			<datalist id="spans">
				{['1m', '5m', '10m', '15m', '30m', '1h', '12h', '1d', '1w', '2w', '1mo'].map((s) => (
					<option value={s} />
				))}
			</datalist>
			<datalist id="zones">
				{Intl.supportedValuesOf('timeZone').map((z) => (
					<option value={z} />
				))}
			</datalist>
		</>
	);
}
