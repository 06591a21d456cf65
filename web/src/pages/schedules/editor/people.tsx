// SPDX-License-Identifier: Apache-2.0
// Who takes turns, in their order: buttons and Alt with the arrows reorder, and so does a drag.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { Fault } from '../../../api/http';
import { docs, userName } from '../../../store/store';
import { Initials } from '../../../ui/parts';
import { said } from './field';
import { moved, newTurn, type Turn } from './model';

const nameOf = (t: Turn): string => t.users.map(userName).join(' + ') || 'an empty turn';

function Others({
	label,
	without,
	onPick,
}: {
	label: string;
	without: string[];
	onPick: (id: string) => void;
}): JSX.Element {
	return (
		<select
			aria-label={label}
			value=""
			onChange={(e) => {
				if (e.currentTarget.value) onPick(e.currentTarget.value);
				e.currentTarget.value = '';
			}}
		>
			<option value="">{label}</option>
			{[...(docs('users')?.values() ?? [])]
				.filter((u) => !without.includes(u.id) && u.body['role'] !== 'stakeholder')
				.map((u) => (
					<option value={u.id}>{u.name}</option>
				))}
		</select>
	);
}

interface RowProps {
	t: Turn;
	i: number;
	n: number;
	fault: string;
	onMove: (by: number) => void;
	onChange: (t: Turn) => void;
	onRemove: () => void;
	onDrag: (from: number) => void;
	onDrop: () => void;
}

function Row({ t, i, n, fault, onMove, onChange, onRemove, onDrag, onDrop }: RowProps): JSX.Element {
	const [dates, show] = useState(t.from !== '' || t.until !== '');
	const name = nameOf(t);
	return (
		<li
			class="turn"
			draggable
			onDragStart={() => onDrag(i)}
			onDragOver={(e) => e.preventDefault()}
			onDrop={(e) => {
				e.preventDefault();
				onDrop();
			}}
			onKeyDown={(e) => {
				const by = e.key === 'ArrowUp' ? -1 : e.key === 'ArrowDown' ? 1 : 0;
				if (!e.altKey || !by) return;
				e.preventDefault();
				onMove(by);
			}}
		>
			<span class="muted num">{i + 1}</span>
			{t.users.length > 0 && <Initials id={t.users[0]!} name={userName(t.users[0])} />}
			<b class="grow">{name}</b>
			<Others label="with…" without={t.users} onPick={(id) => onChange({ ...t, users: [...t.users, id] })} />
			<button type="button" class="plain" aria-expanded={dates} onClick={() => show(!dates)}>
				dates
			</button>
			<button
				type="button"
				class="plain"
				aria-label={`${name}: earlier turn`}
				disabled={i === 0}
				onClick={() => onMove(-1)}
			>
				↑
			</button>
			<button
				type="button"
				class="plain"
				aria-label={`${name}: later turn`}
				disabled={i === n - 1}
				onClick={() => onMove(1)}
			>
				↓
			</button>
			<button type="button" class="plain" aria-label={`Remove ${name}`} onClick={onRemove}>
				×
			</button>
			{dates && (
				<div class="two stay">
					<label>
						Joins at
						<input
							type="datetime-local"
							value={t.from}
							onInput={(e) => onChange({ ...t, from: e.currentTarget.value })}
						/>
					</label>
					<label>
						Leaves at
						<input
							type="datetime-local"
							value={t.until}
							onInput={(e) => onChange({ ...t, until: e.currentTarget.value })}
						/>
					</label>
				</div>
			)}
			{fault && (
				<small class="bad-words" role="alert">
					{fault}
				</small>
			)}
		</li>
	);
}

export function People({
	turns,
	faults,
	pointer,
	onChange,
}: {
	turns: Turn[];
	faults: Fault[];
	pointer: string;
	onChange: (turns: Turn[]) => void;
}): JSX.Element {
	const [dragged, drag] = useState(-1);
	const [word, say] = useState('');
	const move = (i: number, by: number): void => {
		const next = moved(turns, i, by);
		if (next === turns) return;
		say(`${nameOf(turns[i]!)} is now ${i + by + 1} of ${turns.length}`);
		onChange(next);
	};
	const own = said(
		faults.filter((f) => f.pointer.endsWith('/members')),
		pointer,
	);
	return (
		<fieldset class="turns">
			<legend>In turn</legend>
			{turns.length === 0 && <p class="warn">Nobody yet: the layer has no effect.</p>}
			<ol>
				{turns.map((t, i) => (
					<Row
						key={t.key}
						t={t}
						i={i}
						n={turns.length}
						fault={said(faults, `${pointer}/${i}`)}
						onMove={(by) => move(i, by)}
						onChange={(x) => onChange(turns.map((y) => (y.key === t.key ? x : y)))}
						onRemove={() => onChange(turns.filter((y) => y.key !== t.key))}
						onDrag={drag}
						onDrop={() => {
							if (dragged >= 0) move(dragged, i - dragged);
							drag(-1);
						}}
					/>
				))}
			</ol>
			<div class="inline">
				<Others label="Add somebody…" without={[]} onPick={(id) => onChange([...turns, newTurn(id)])} />
				<button type="button" onClick={() => onChange([...turns, newTurn(null)])}>
					Add an empty turn
				</button>
			</div>
			{own && (
				<small class="bad-words" role="alert">
					{own}
				</small>
			)}
			<span class="sr" role="status">
				{word}
			</span>
		</fieldset>
	);
}
