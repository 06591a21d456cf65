// SPDX-License-Identifier: Apache-2.0
// A form for any kind of document, from its field table: each field by the control that fits it, what the
// server refuses beside the field that it is about.
import { useContext, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { Fault } from '../../../api/http';
import { Dates, Members, Turn, Turns, TurnSet, Windows } from './duty';
import {
	elementOf,
	escape,
	FaultsOf,
	isFirst,
	replaced,
	singular,
	widgetOf,
	words,
	type Control,
	type Field,
	type KindInfo,
} from './fields';
import { Items, Named } from './lists';
import { caseFields, freshCase, Switched } from './cases';
import { Faults, under, useFaults } from './faults';
import { Rules } from './rules';
import {
	Choice,
	Json,
	LongText,
	Reference,
	Secret,
	Span,
	Suggestions,
	Target,
	Text,
	TextOrNone,
	Tri,
	UserOrNull,
	WallClock,
	Whole,
	Yes,
	Zone,
} from './simple';

type Body = Record<string, unknown>;

function List(c: Control & { fresh?: () => unknown }): JSX.Element {
	const of = elementOf(c.f);
	return (
		<Items<unknown>
			items={Array.isArray(c.v) ? c.v : []}
			set={(l) => c.set(l.length || c.f.required ? l : undefined)}
			at={c.at}
			noun={singular(c.f.name)}
			numbered={of.type === 'object'}
			fresh={c.fresh ?? (() => (of.type === 'object' ? freshOf(of.fields ?? []) : ''))}
			render={(v, set, at, i) =>
				of.type === 'ref' ? (
					<Reference f={of} v={v} set={set} at={at} label={`${words(singular(c.f.name))} ${i + 1}`} />
				) : (
					<Control f={of} v={v} set={set} at={at} label={`${words(singular(c.f.name))} ${i + 1}`} />
				)
			}
		/>
	);
}

/** What a new item of a list begins with, so that the first look is not all faults. */
function freshOf(fields: Field[]): Body {
	return Object.fromEntries(
		fields.filter((f) => f.required && /s$/.test(widgetOf(f))).map((f) => [f.name, ['']]),
	);
}

function Map(c: Control): JSX.Element {
	const of = elementOf(c.f);
	return (
		<Named<unknown>
			value={(c.v ?? {}) as Body}
			set={(m) => c.set(Object.keys(m).length ? m : undefined)}
			at={c.at}
			noun={singular(c.f.name)}
			fresh={of.type === 'object' ? {} : ''}
			render={(v, set, k) => (
				<Control
					f={{ ...of, name: k || of.name }}
					v={v}
					set={(x) => set(x ?? '')}
					at={`${c.at}/${escape(k)}`}
					label={`Value of ${k || singular(c.f.name)}`}
				/>
			)}
		/>
	);
}

function Targets(c: Control): JSX.Element {
	return (
		<Items<unknown>
			items={Array.isArray(c.v) ? c.v : []}
			set={c.set}
			at={c.at}
			noun="target"
			fresh={() => ''}
			render={(v, set, at) => (
				<Target f={{ ...c.f, required: true }} v={v} set={(x) => set(x ?? '')} at={at} />
			)}
		/>
	);
}

function Inner({ f, v, set, at }: Control): JSX.Element {
	const body = (v ?? {}) as Body;
	const fields = f.fields ?? [];
	const unknown = useFaults(
		at,
		fields.map((x) => `${at}/${x.name}`),
	).filter((x) => x.pointer !== at);
	return (
		<div class="f-inner">
			<Faults list={unknown} at={at} />
			<Parts
				where={at.replace(/\/\d+/g, '')}
				fields={fields}
				body={body}
				set={(b) => set(Object.keys(b).length ? b : undefined)}
				at={at}
			/>
		</div>
	);
}

const controls: Record<string, (c: Control) => JSX.Element> = {
	string: Text,
	slug: Text,
	email: (c) => <Text {...c} more={{ type: 'email' }} />,
	url: (c) => <Text {...c} more={{ type: 'url', placeholder: 'https://…' }} />,
	text: LongText,
	int: Whole,
	real: Whole,
	bool: Yes,
	tri: Tri,
	enum: Choice,
	duration: Span,
	span: Span,
	time: Text,
	ref: (c) => <Reference {...c} />,
	zone: Zone,
	target: Target,
	targets: Targets,
	'wall-clock': WallClock,
	edge: WallClock,
	'user-or-null': UserOrNull,
	secret: Secret,
	turn: (c) => <Turn {...c} />,
	turns: Turns,
	'turn-set': TurnSet,
	windows: Windows,
	dates: Dates,
	members: Members,
	rules: Rules,
	cases: (c) => <List {...c} f={{ ...c.f, fields: caseFields }} fresh={freshCase} />,
	fields: (c) => <Switched {...c} Of={Inner} />,
	'text-or-none': TextOrNone,
	list: List,
	map: Map,
	object: Inner,
	json: Json,
};
const grouped = new Set([
	'list',
	'map',
	'object',
	'targets',
	'turns',
	'turn',
	'windows',
	'dates',
	'members',
	'rules',
	'cases',
	'fields',
]);

function Control(c: Control): JSX.Element {
	const Of = controls[widgetOf(c.f)] ?? Json;
	return <Of {...c} />;
}

/** How far below a control with fields inside something begins that is said there. */
const inside: Record<string, number> = { object: 0, fields: 0, rules: 0, cases: 1 };
const depth = (pointer: string): number => pointer.split('/').length;

function Row(c: Control): JSX.Element {
	const faults = useContext(FaultsOf);
	const widget = widgetOf(c.f);
	const group = grouped.has(widget);
	// What is about something inside is said there; a control without fields inside says it itself.
	const from = inside[widget] ?? (c.f.fields && (widget === 'list' || widget === 'map') ? 1 : Infinity);
	const deeper = (f: Fault): boolean => depth(f.pointer) > depth(c.at) + from;
	const mine = faults.filter((f) => under(f.pointer, c.at) && !deeper(f));
	const help = widget !== 'bool' && c.f.help;
	const note = (
		<>
			{help && <span class="f-help">{help}</span>}
			<Faults list={mine} at={c.at} />
		</>
	);
	if (group)
		return (
			<fieldset class={`f-row group ${mine.length ? 'has-fault' : ''}`} data-at={c.at}>
				<legend>
					{words(c.f.name)}
					{c.f.required && <span class="must"> needed</span>}
				</legend>
				{note}
				<Control {...c} />
			</fieldset>
		);
	return (
		<div class={`f-row ${mine.length ? 'has-fault' : ''}`} data-at={c.at}>
			{widget === 'bool' ? (
				<span class="f-name">{words(c.f.name)}</span>
			) : (
				<label class="f-name" for={c.at}>
					{words(c.f.name)}
					{c.f.required && <span class="must"> needed</span>}
				</label>
			)}
			<Control {...c} />
			{note}
		</div>
	);
}

function Fields({
	fields,
	body,
	set,
	at,
}: {
	fields: Field[];
	body: Body;
	set: (b: Body) => void;
	at: string;
}): JSX.Element {
	return (
		<>
			{fields
				.filter((f) => !f.output)
				.map((f) => (
					<Row
						key={f.name}
						f={f}
						v={body[f.name]}
						at={`${at}/${f.name}`}
						set={(v) => set(replaced(body, f.name, v))}
					/>
				))}
		</>
	);
}

/** The fields that people ask for first, and behind a fold those that are empty and rarely needed. */
function Parts({
	where,
	fields,
	body,
	set,
	at,
}: {
	where: string;
	fields: Field[];
	body: Body;
	set: (b: Body) => void;
	at: string;
}): JSX.Element {
	const faults = useContext(FaultsOf);
	// Settled once: a field that gets a value must not jump away from under the fingers.
	const [names] = useState(() => fields.filter((f) => isFirst(where, f, body)).map((f) => f.name));
	const near = fields.filter((f) => names.includes(f.name));
	const far = fields.filter((f) => !names.includes(f.name) && !f.output);
	const wrong = faults.some((x) => far.some((f) => under(x.pointer, `${at}/${f.name}`)));
	return (
		<>
			<Fields fields={near} body={body} set={set} at={at} />
			{far.length > 0 && (
				<details class="f-more" open={wrong}>
					<summary>
						{at === '' ? 'More settings' : 'More'}{' '}
						<small>{far.map((f) => words(f.name).toLowerCase()).join(', ')}</small>
					</summary>
					<Fields fields={far} body={body} set={set} at={at} />
				</details>
			)}
		</>
	);
}

export function Form({
	kind,
	body,
	set,
	faults,
}: {
	kind: KindInfo;
	body: Body;
	set: (b: Body) => void;
	faults: Fault[];
}): JSX.Element {
	return (
		<FaultsOf.Provider value={faults}>
			<div class="form">
				<Parts where={kind.section} fields={kind.fields} body={body} set={set} at="" />
				<Suggestions />
			</div>
		</FaultsOf.Provider>
	);
}

/** The control that a fault is about: its own, or the nearest that holds it. */
export function reveal(pointer: string): void {
	for (let at = pointer; at; at = at.slice(0, at.lastIndexOf('/'))) {
		const el =
			document.getElementById(at) ??
			document.querySelector<HTMLElement>(`[id^="${at}/"]:is(input, select, textarea)`) ??
			document.querySelector<HTMLElement>(
				`[data-at="${CSS.escape(at)}"] :is(input, select, textarea, button)`,
			);
		if (!el) continue;
		el.closest('details')?.setAttribute('open', '');
		el.focus();
		el.scrollIntoView({ block: 'center' });
		return;
	}
}
