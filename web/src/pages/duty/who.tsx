// SPDX-License-Identifier: Apache-2.0
// Whom to choose: the server's candidates with its reasons, the best first; behind them everybody else.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { docs, userName } from '../../store/store';
import { Initials, useLoad } from '../../ui/parts';
import { candidates, type Candidate } from './api';

const SHOWN = 4;

/** Those for a time; none while the time is not one. */
export function useCandidates(schedule: string, from: number, to: number): Candidate[] {
	const data = useLoad(
		() => (to > from ? candidates(schedule, from, to) : Promise.resolve([])),
		[schedule, from, to],
	);
	return data.value ?? [];
}

function Line({
	c,
	name,
	at,
	onPick,
}: {
	c: Candidate;
	name: string;
	at: boolean;
	onPick: (id: string) => void;
}): JSX.Element {
	return (
		<label class={`cand ${at ? 'at' : ''}`}>
			<input type="radio" name={name} value={c.id} checked={at} onChange={() => onPick(c.id)} />
			<Initials id={c.id} name={c.name ?? c.id} />
			<span>
				<b>{c.name ?? c.id}</b> <small class={c.free ? 'muted' : 'warn'}>{c.reasons.join(' · ')}</small>
			</span>
		</label>
	);
}

/** `value` null is nobody, '' not yet chosen. */
export function Who({
	list,
	value,
	without,
	nobody,
	legend = 'Who',
	onPick,
}: {
	list: Candidate[];
	value: string | null;
	without?: string;
	nobody?: boolean;
	legend?: string;
	onPick: (id: string | null) => void;
}): JSX.Element {
	const [all, showAll] = useState(false);
	const fit = list.filter((c) => c.id !== without);
	const near = all ? fit : fit.filter((c, i) => i < SHOWN || c.id === value);
	const others = [...(docs('users')?.values() ?? [])].filter(
		(u) => u.id !== without && !fit.some((c) => c.id === u.id) && u.body['role'] !== 'stakeholder',
	);
	const far = value !== null && value !== '' && !fit.some((c) => c.id === value);
	return (
		<fieldset class="who">
			<legend>{legend}</legend>
			{near.map((c) => (
				<Line c={c} name={legend} at={c.id === value} onPick={onPick} />
			))}
			{nobody && (
				<label class={`cand ${value === null ? 'at' : ''}`}>
					<input type="radio" name={legend} checked={value === null} onChange={() => onPick(null)} />
					<span class="nobody">NOBODY</span>
				</label>
			)}
			{near.length < fit.length && (
				<button type="button" class="plain link" onClick={() => showAll(true)}>
					{fit.length - near.length} more
				</button>
			)}
			{others.length > 0 && (
				<label class="elsewhere">
					<span class="sr">Somebody who is not of this schedule</span>
					<select value={far ? value! : ''} onChange={(e) => onPick(e.currentTarget.value)}>
						<option value="">somebody else…</option>
						{others.map((u) => (
							<option value={u.id}>{userName(u.id)}</option>
						))}
					</select>
				</label>
			)}
		</fieldset>
	);
}
