// SPDX-License-Identifier: Apache-2.0
// Taking a duty from now on, and handing one's own over: overrides, told before they are made.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { type Duty } from '../../api/http';
import { loadDuty } from '../../shell';
import { docs, me, userName } from '../../store/store';
import { Dialog, useLoad } from '../../ui/parts';
import { Confirm, Fault, HowLong, inMinutes, tomorrowAt } from '../../ui/howlong';
import { refused, toast } from '../../ui/toast';
import { ownZone, when } from '../../ui/time';
import { After } from './after';
import { dropOverride, makeOverride, offerSwap, iso, type Made } from './api';
import { fromLocal, toLocal } from './fields';
import { useCandidates, Who } from './who';

/** Says it, with its undo. */
function told(made: Made, text: string): void {
	toast({
		text,
		undo: {
			text: 'Undo',
			run: () => void dropOverride(made.id).then(loadDuty, refused),
		},
	});
	void loadDuty();
}

const HOUR = 36e5;

export function Take({ line, onClose }: { line: Duty; onClose: (done: boolean) => void }): JSX.Element {
	const [error, fail] = useState('');
	const [who, setWho] = useState(me.value?.id ?? '');
	const [start] = useState(() => Date.now());
	const fit = useCandidates(line.schedule, start, start + 4 * HOUR);
	const rest = [...(docs('users')?.values() ?? [])].filter((u) => !fit.some((c) => c.id === u.id));
	const take = (to: number): void => {
		makeOverride(line.schedule, { from: Date.now(), to, who }).then(
			(made) => {
				told(
					made,
					`${who === me.value?.id ? 'You have' : userName(who) + ' has'} ${line.name} until ${when(to)}`,
				);
				onClose(true);
			},
			(e: Error) => fail(e.message),
		);
	};
	const end = line.until;
	return (
		<Dialog title={`Take ${line.name}`} onClose={() => onClose(false)}>
			<p class="muted">
				From now on, over what the schedule says:{' '}
				{line.users.length
					? `${line.users.map((u) => u.name ?? u.id).join(', ')} will not be paged meanwhile.`
					: 'at present nobody is on call.'}
			</p>
			<label>
				Who
				<select value={who} onChange={(e) => setWho(e.currentTarget.value)}>
					{fit.map((c) => (
						<option value={c.id}>
							{c.id === me.value?.id ? `${c.name} (you)` : c.name}, {c.reasons.join(', ')}
						</option>
					))}
					{rest.map((u) => (
						<option value={u.id}>{u.id === me.value?.id ? `${u.name} (you)` : u.name}</option>
					))}
				</select>
			</label>
			<HowLong
				verb="Take"
				error={error}
				placeholder="2h30m"
				choices={[
					['1 hour', () => inMinutes(60)],
					['4 hours', () => inMinutes(240)],
					['Tomorrow 09:00', () => tomorrowAt(9)],
					...(end ? [[`End of shift, ${when(end)}`, () => Date.parse(end)] as [string, () => number]] : []),
				]}
				onPick={take}
			/>
		</Dialog>
	);
}

/** My duty goes to somebody else, from now until a time; or they are asked whether they take it. */
export function HandOver({ line, onClose }: { line: Duty; onClose: (done: boolean) => void }): JSX.Element {
	const mine = me.value?.id ?? '';
	const [start] = useState(() => Date.now());
	const end = line.until ? Date.parse(line.until) : start + 4 * HOUR;
	const [to, setTo] = useState(end);
	const [who, pick] = useState<string | null>('');
	const [error, fail] = useState('');
	const list = useCandidates(line.schedule, start, to);
	const best = list.find((c) => c.id !== mine)?.id ?? '';
	const next = who || best;
	const cover = { from: start, to, who: next, replace: mine };
	const plan = useLoad<Made | null>(
		() => (next && to > start ? makeOverride(line.schedule, cover, true) : Promise.resolve(null)),
		[next, to],
	);
	const choices: [string, number][] = [
		[`End of shift, ${when(end)}`, end],
		['1 hour', start + HOUR],
		['4 hours', start + 4 * HOUR],
	];
	const send = (): void => {
		makeOverride(line.schedule, { ...cover, from: Date.now() }).then(
			(made) => {
				told(made, `${userName(next)} has ${line.name} until ${when(to)}`);
				onClose(true);
			},
			(e: Error) => fail(e.message),
		);
	};
	const ask = (): void => {
		offerSwap(line.schedule, { from: iso(Date.now()), to: iso(to), offered_to: next }).then(
			() => {
				toast({ text: `${userName(next)} is asked; until they take it, it stays yours` });
				onClose(true);
			},
			(e: Error) => fail(e.message),
		);
	};
	return (
		<Dialog title={`Hand over ${line.name}`} onClose={() => onClose(false)}>
			<form
				onSubmit={(e) => {
					e.preventDefault();
					send();
				}}
			>
				<fieldset class="until">
					<legend>From now until</legend>
					<div class="choices">
						{choices.map(([t, at]) => (
							<button type="button" aria-pressed={to === at} onClick={() => setTo(at)}>
								{t}
							</button>
						))}
					</div>
					<label>
						Or until, by the clock of {ownZone}
						<input
							type="datetime-local"
							value={toLocal(ownZone, to)}
							onInput={(e) => {
								const t = fromLocal(ownZone, e.currentTarget.value);
								if (t) setTo(t);
							}}
						/>
					</label>
				</fieldset>
				<Who list={list} value={next} without={mine} legend="To whom" onPick={pick} />
				{plan.value && (
					<After list={plan.value.differences ?? []} left={plan.value.gaps_left} zone={ownZone} />
				)}
				<Fault text={plan.error?.message} />
				<Confirm verb="Hand over now" error={error} off={!plan.value || !!plan.error}>
					<button type="button" disabled={!next} onClick={ask}>
						Ask them
					</button>
				</Confirm>
			</form>
		</Dialog>
	);
}
