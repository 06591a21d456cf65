// SPDX-License-Identifier: Apache-2.0
// How I am paged: steps of a contact and the minutes after which it is used, for each urgency.
import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { docs, me } from '../../store/store';
import { Fault } from '../../ui/howlong';
import { toast } from '../../ui/toast';
import { parseSpan } from '../../ui/time';
import { changeUser, contactsOf, stepsOf, wordsOf, type Step } from './api';

interface Line {
	contact: string;
	minutes: string;
}
const lines = (steps: Step[]): Line[] =>
	steps.map((s) => ({ contact: s.contact, minutes: String(s.after ? parseSpan(s.after) / 60_000 : 0) }));
const steps = (list: Line[]): Step[] =>
	list.map((l) =>
		Number(l.minutes) > 0 ? { contact: l.contact, after: `${l.minutes}m` } : { contact: l.contact },
	);

const titles = { high: 'Urgent: wake me', low: 'Not urgent: it can wait' } as const;

function Steps({
	urgency,
	list,
	set,
	contacts,
}: {
	urgency: 'high' | 'low';
	list: Line[];
	set: (l: Line[]) => void;
	contacts: string[];
}): JSX.Element {
	const put = (i: number, l: Line): void => set(list.map((x, k) => (k === i ? l : x)));
	const swap = (i: number, k: number): void => {
		const next = [...list];
		// The times stay where they are; who is used at them changes.
		next[i] = { contact: list[k]!.contact, minutes: list[i]!.minutes };
		next[k] = { contact: list[i]!.contact, minutes: list[k]!.minutes };
		set(next);
	};
	return (
		<fieldset class="steps">
			<legend>{titles[urgency]}</legend>
			{list.length === 0 && <p class="muted">No steps: every contact at once.</p>}
			<ol>
				{list.map((l, i) => (
					<li>
						<span class="muted">{i + 1}.</span>
						<select
							aria-label={`Contact of step ${i + 1}, ${urgency}`}
							value={l.contact}
							onChange={(e) => put(i, { ...l, contact: e.currentTarget.value })}
						>
							{contacts.map((c) => (
								<option>{c}</option>
							))}
						</select>
						<span class="muted">after</span>
						<input
							type="number"
							min="0"
							max="10080"
							inputMode="numeric"
							aria-label={`Minutes before step ${i + 1}, ${urgency}`}
							value={l.minutes}
							onInput={(e) => put(i, { ...l, minutes: e.currentTarget.value })}
						/>
						<span class="muted">min</span>
						<span class="acts">
							<button
								type="button"
								class="small"
								disabled={i === 0}
								aria-label={`Move step ${i + 1} up, ${urgency}`}
								onClick={() => swap(i, i - 1)}
							>
								↑
							</button>
							<button
								type="button"
								class="small bad"
								aria-label={`Remove step ${i + 1}, ${urgency}`}
								onClick={() => set(list.filter((_, k) => k !== i))}
							>
								✕
							</button>
						</span>
					</li>
				))}
			</ol>
			<button
				type="button"
				class="small"
				disabled={contacts.length === 0}
				onClick={() => {
					const last = list[list.length - 1];
					const next = contacts.find((c) => !list.some((l) => l.contact === c)) ?? contacts[0]!;
					set([...list, { contact: next, minutes: last ? String(Number(last.minutes) + 2) : '0' }]);
				}}
			>
				Add a step
			</button>
		</fieldset>
	);
}

export function Paging(): JSX.Element {
	const body = docs('users')?.get(me.value!.id)?.body;
	const [draft, set] = useState<{ high: Line[]; low: Line[] } | null>(null);
	const [error, fail] = useState('');
	const saved = { high: lines(stepsOf(body, 'high')), low: lines(stepsOf(body, 'low')) };
	const at = draft ?? saved;
	useEffect(() => {
		if (!draft) return;
		const warn = (e: BeforeUnloadEvent): void => e.preventDefault();
		addEventListener('beforeunload', warn);
		return () => removeEventListener('beforeunload', warn);
	}, [draft !== null]);
	return (
		<form
			data-dirty={draft ? '' : undefined}
			onSubmit={(e) => {
				e.preventDefault();
				changeUser(me.value!.id, (b) => ({
					...b,
					paging: { high: steps(at.high), low: steps(at.low) },
				})).then(
					() => {
						set(null);
						fail('');
						toast({ text: 'Saved: you are paged so from now on.' });
					},
					(x: Error) => fail(wordsOf(x)),
				);
			}}
		>
			{(['high', 'low'] as const).map((u) => (
				<Steps
					urgency={u}
					list={at[u]}
					contacts={Object.keys(contactsOf(body))}
					set={(l) => set({ ...at, [u]: l })}
				/>
			))}
			<Fault text={error} />
			{draft && (
				<div class="actions">
					<button type="button" onClick={() => set(null)}>
						As it was
					</button>
					<button class="main">Save how I am paged</button>
				</div>
			)}
		</form>
	);
}
