// SPDX-License-Identifier: Apache-2.0
// One layer: its people, how long a turn is and when it hands over, when it counts at all.
import type { JSX } from 'preact';
import type { Fault } from '../../../api/http';
import { docs, userName } from '../../../store/store';
import { wall } from '../../../ui/time';
import { Field, said, Weekdays } from './field';
import { newWindow, onWeekday, units, type Layer, type Window } from './model';
import { People } from './people';

const long = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const weekdayOf = (start: string): number => (new Date(start + ':00Z').getUTCDay() + 6) % 7;

/** The rotation in words, as the clock of the schedule reads. */
export function rotationWords(l: Layer): string {
	const unit = units.find(([u]) => u === l.unit)![1];
	const every = l.n === '1' ? unit.replace(/s$/, '') : `${l.n} ${unit}`;
	const time = l.start.slice(11);
	if (!time) return `every ${every}`;
	if (l.unit === 'w') return `every ${every}, ${long[weekdayOf(l.start)]}s at ${time}`;
	if (l.unit === 'd') return `every ${every} at ${time}`;
	if (l.unit === 'mo') return `every ${every}, on the ${Number(l.start.slice(8, 10))}. at ${time}`;
	return `every ${every} from ${time}`;
}

type Set = (change: Partial<Layer>) => void;
interface Part {
	l: Layer;
	set: Set;
	faults: Fault[];
	at: string;
}

function Rotation({ l, set, faults, at }: Part): JSX.Element {
	return (
		<div class="fields">
			<Field label="A turn lasts" faults={faults} pointer={`${at}/every`}>
				<span class="pair">
					<input
						type="number"
						min="1"
						max="9000"
						required
						aria-label="How many"
						value={l.n}
						onInput={(e) => set({ n: e.currentTarget.value })}
					/>
					<select aria-label="Of what" value={l.unit} onChange={(e) => set({ unit: e.currentTarget.value })}>
						{units.map(([u, words]) => (
							<option value={u}>{words}</option>
						))}
					</select>
				</span>
			</Field>
			{l.unit === 'w' && (
				<label>
					Hands over on
					<select
						value={String(weekdayOf(l.start))}
						onChange={(e) => set({ start: onWeekday(l.start, Number(e.currentTarget.value)) })}
					>
						{long.map((d, i) => (
							<option value={String(i)}>{d}</option>
						))}
					</select>
				</label>
			)}
			{['d', 'w', 'mo'].includes(l.unit) && (
				<label>
					at
					<input
						type="time"
						required
						value={l.start.slice(11)}
						onInput={(e) => set({ start: `${l.start.slice(0, 10)}T${e.currentTarget.value}` })}
					/>
				</label>
			)}
			<Field label="First handoff" faults={faults} pointer={`${at}/start`}>
				<input
					type="datetime-local"
					required
					value={l.start}
					onInput={(e) => set({ start: e.currentTarget.value })}
				/>
			</Field>
		</div>
	);
}

function Windows({ l, set, faults, at }: Part): JSX.Element {
	const change = (w: Window): void => set({ windows: l.windows.map((x) => (x.key === w.key ? w : x)) });
	const words = said(faults, `${at}/only`);
	return (
		<fieldset class="windows">
			<legend>Only during</legend>
			{l.windows.length === 0 && <p class="muted">Always.</p>}
			{l.windows.map((w, i) => (
				<div class="window">
					<Weekdays
						label={`Days of window ${i + 1}`}
						days={w.days}
						onChange={(days) => change({ ...w, days })}
					/>
					<input
						aria-label={`Window ${i + 1} from`}
						value={w.from}
						pattern="[0-2]\d:[0-5]\d"
						size={5}
						onInput={(e) => change({ ...w, from: e.currentTarget.value })}
					/>
					<span>to</span>
					<input
						aria-label={`Window ${i + 1} to`}
						value={w.to}
						pattern="[0-2]\d:[0-5]\d"
						size={5}
						onInput={(e) => change({ ...w, to: e.currentTarget.value })}
					/>
					<button
						type="button"
						class="plain"
						aria-label={`Remove window ${i + 1}`}
						onClick={() => set({ windows: l.windows.filter((x) => x.key !== w.key) })}
					>
						×
					</button>
				</div>
			))}
			<button type="button" onClick={() => set({ windows: [...l.windows, newWindow()] })}>
				Add a window of the week
			</button>
			{words && (
				<small class="bad-words" role="alert">
					{words}
				</small>
			)}
		</fieldset>
	);
}

function Holidays({
	label,
	ids,
	onChange,
}: {
	label: string;
	ids: string[];
	onChange: (ids: string[]) => void;
}): JSX.Element {
	return (
		<fieldset>
			<legend>{label}</legend>
			{[...(docs('holidays')?.values() ?? [])].map((h) => (
				<label class="check">
					<input
						type="checkbox"
						checked={ids.includes(h.id)}
						onChange={(e) =>
							onChange(e.currentTarget.checked ? [...ids, h.id] : ids.filter((x) => x !== h.id))
						}
					/>{' '}
					{h.name}
				</label>
			))}
		</fieldset>
	);
}

function More({ l, set, faults, at, zone }: Part & { zone: string }): JSX.Element {
	const holidays = (docs('holidays')?.size ?? 0) > 0;
	const people = [...new Set(l.turns.flatMap((t) => t.users))];
	return (
		<details
			open={!!(l.end || l.zone || l.set || l.except.length || l.during.length || !l.count.every(Boolean))}
		>
			<summary>More</summary>
			{l.unit === 'd' && (
				<p>
					Days that count as turns{' '}
					<Weekdays label="Days that count as turns" days={l.count} onChange={(count) => set({ count })} />
				</p>
			)}
			<div class="fields">
				<Field label="Ends at" faults={faults} pointer={`${at}/end`}>
					<input type="datetime-local" value={l.end} onInput={(e) => set({ end: e.currentTarget.value })} />
				</Field>
				<Field label="Clock of its own" faults={faults} pointer={`${at}/zone`}>
					<input
						list="zones"
						placeholder="as the schedule"
						value={l.zone}
						onInput={(e) => set({ zone: e.currentTarget.value })}
					/>
				</Field>
				<Field label="Whose turn it is" faults={faults} pointer={`${at}/set`}>
					<select
						value={l.set?.user ?? ''}
						onChange={(e) => {
							const user = e.currentTarget.value;
							set({ set: user ? { user, at: wall(l.zone || zone, Date.now()) } : null });
						}}
					>
						<option value="">as the rotation goes</option>
						{people.map((u) => (
							<option value={u}>
								{userName(u)}
								{l.set?.user === u ? ` from ${l.set.at}` : ' from now'}
							</option>
						))}
					</select>
				</Field>
			</div>
			{holidays && (
				<div class="two">
					<Holidays label="Nobody on" ids={l.except} onChange={(except) => set({ except })} />
					<Holidays label="Only on" ids={l.during} onChange={(during) => set({ during })} />
				</div>
			)}
		</details>
	);
}

export function LayerForm({
	l,
	i,
	n,
	zone,
	faults,
	onChange,
	onMove,
	onRemove,
}: {
	l: Layer;
	i: number;
	n: number;
	zone: string;
	faults: Fault[];
	onChange: (l: Layer) => void;
	onMove: (by: number) => void;
	onRemove: () => void;
}): JSX.Element {
	const set: Set = (change) => onChange({ ...l, ...change });
	const at = `layers/${i}`;
	const name = l.name || `Layer ${i + 1}`;
	const part = { l, set, faults, at };
	return (
		<section class="panel layer" aria-label={`Layer ${name}`}>
			<header
				class="panel-head"
				onKeyDown={(e) => {
					const by = e.key === 'ArrowUp' ? -1 : e.key === 'ArrowDown' ? 1 : 0;
					if (!e.altKey || !by) return;
					e.preventDefault();
					onMove(by);
				}}
			>
				<h2>{name}</h2>
				<span class="muted">
					{i === 0 ? (n > 1 ? 'the layers below win over it' : '') : 'wins over the layers above it'}
				</span>
				<span class="push" />
				<span class="person">
					<button
						type="button"
						class="plain"
						aria-label={`${name}: weaker`}
						disabled={i === 0}
						onClick={() => onMove(-1)}
					>
						↑
					</button>
					<button
						type="button"
						class="plain"
						aria-label={`${name}: stronger`}
						disabled={i === n - 1}
						onClick={() => onMove(1)}
					>
						↓
					</button>
					<button type="button" class="plain" aria-label={`Remove layer ${name}`} onClick={onRemove}>
						×
					</button>
				</span>
			</header>
			<div class="pad">
				<Field label="Name" faults={faults} pointer={`${at}/name`}>
					<input value={l.name} onInput={(e) => set({ name: e.currentTarget.value })} />
				</Field>
				<People
					turns={l.turns}
					faults={faults}
					pointer={`${at}/members`}
					onChange={(turns) => set({ turns })}
				/>
				<p class="muted">Hands over {rotationWords(l)}.</p>
				<Rotation {...part} />
				<Windows {...part} />
				<More {...part} zone={zone} />
			</div>
		</section>
	);
}
