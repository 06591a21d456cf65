// SPDX-License-Identifier: Apache-2.0
// Asking others to take a shift, whole or in part, for one of theirs in return or for nothing.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { get, type Shift } from '../../api/http';
import { me, userName } from '../../store/store';
import { Dialog, useLoad } from '../../ui/parts';
import { Confirm, Fault } from '../../ui/howlong';
import { toast } from '../../ui/toast';
import { After, spanWords } from './after';
import { endSwap, iso, makeOverride, offerSwap, type Body, type Made, type Swap } from './api';
import { fromLocal, FromTo, toLocal } from './fields';
import { useCandidates, Who } from './who';

const AHEAD = 90 * 864e5;

/** Shifts of somebody that could be given in return. */
function useShiftsOf(schedule: string, user: string | null): Shift[] {
	const data = useLoad(
		() =>
			user
				? get<{ items: Shift[] }>(`/schedules/${schedule}/shifts?to=${iso(Date.now() + AHEAD)}`)
				: Promise.resolve({ items: [] }),
		[schedule, user],
	);
	return (data.value?.items ?? []).filter(
		(s) => Date.parse(s.from) > Date.now() && s.users.some((u) => u.id === user),
	);
}

export interface Asked {
	schedule: string;
	/** Whose duty: mine, or of whom a manager asks for. */
	user: string;
	from: number;
	to: number;
}

export function AskSwap({
	asked,
	zone,
	onClose,
}: {
	asked: Asked;
	zone: string;
	onClose: (done: boolean) => void;
}): JSX.Element {
	const start = Math.max(asked.from, Date.now());
	const [from, setFrom] = useState(toLocal(zone, start));
	const [to, setTo] = useState(toLocal(zone, asked.to));
	const [who, pick] = useState<string | null>(null);
	const [back, take] = useState('');
	const [note, say] = useState('');
	const [error, fail] = useState('');
	// Untouched edges are the shift's own: to the second, and inside an hour that the clock shows twice.
	const a = from === toLocal(zone, start) ? start : fromLocal(zone, from);
	const b = to === toLocal(zone, asked.to) ? asked.to : fromLocal(zone, to);
	const list = useCandidates(asked.schedule, a, b);
	const theirs = useShiftsOf(asked.schedule, who);
	const mine = asked.user === me.value?.id;
	const send = (): void => {
		const body: Body = { from: iso(a), to: iso(b), user: asked.user };
		const given = theirs[Number(back)];
		if (who) body['offered_to'] = who;
		if (who && back !== '' && given) {
			body['return_from'] = given.from;
			body['return_to'] = given.to;
		}
		if (note) body['note'] = note;
		offerSwap(asked.schedule, body).then(
			(s) => {
				toast({
					text: `${who ? userName(who) + ' is' : 'All are'} asked for ${spanWords(s.from, s.to, zone)}`,
					undo: { text: 'Withdraw', run: () => void endSwap(s, 'withdraw') },
				});
				onClose(true);
			},
			(e: Error) => fail(e.message),
		);
	};
	return (
		<Dialog
			title={mine ? 'Ask for a swap' : `Ask for ${userName(asked.user)}`}
			onClose={() => onClose(false)}
		>
			<form
				onSubmit={(e) => {
					e.preventDefault();
					send();
				}}
			>
				<FromTo zone={zone} from={from} to={to} onFrom={setFrom} onTo={setTo} />
				<label class={`cand ${who === null ? 'at' : ''}`}>
					<input type="radio" name="whom" checked={who === null} onChange={() => pick(null)} />
					<span>
						<b>All who share this schedule</b> <small class="muted">the first who takes it has it</small>
					</span>
				</label>
				<Who list={list} value={who ?? ''} without={asked.user} legend="Or one person" onPick={pick} />
				{who && (
					<label>
						In return
						<select value={back} onChange={(e) => take(e.currentTarget.value)}>
							<option value="">nothing</option>
							{theirs.map((s, i) => (
								<option value={String(i)}>{spanWords(s.from, s.to, zone)}</option>
							))}
						</select>
					</label>
				)}
				<label>
					Why
					<input value={note} placeholder="a wedding" onInput={(e) => say(e.currentTarget.value)} />
				</label>
				<p class="muted">Until somebody takes it, it stays {mine ? 'yours' : 'theirs'}.</p>
				<Confirm verb="Ask" error={error} off={!(b > a)} onCancel={() => onClose(false)} />
			</form>
		</Dialog>
	);
}

/** All of it or a part: what is left stays on offer. */
export function TakeSwap({
	swap,
	zone,
	onClose,
}: {
	swap: Swap;
	zone: string;
	onClose: (done: boolean) => void;
}): JSX.Element {
	const first = Date.parse(swap.from),
		last = Date.parse(swap.to);
	const [from, setFrom] = useState(toLocal(zone, first));
	const [to, setTo] = useState(toLocal(zone, last));
	const [error, fail] = useState('');
	const a = from === toLocal(zone, first) ? first : fromLocal(zone, from);
	const b = to === toLocal(zone, last) ? last : fromLocal(zone, to);
	const part = a !== first || b !== last;
	const who = me.value?.id ?? '';
	const plan = useLoad<Made | null>(
		() =>
			b > a
				? makeOverride(swap.schedule, { from: a, to: b, who, replace: swap.user }, true)
				: Promise.resolve(null),
		[a, b],
	);
	return (
		<Dialog title={`Take ${userName(swap.user)}’s shift`} onClose={() => onClose(false)}>
			<form
				onSubmit={(e) => {
					e.preventDefault();
					endSwap(swap, 'accept', part ? { from: iso(a), to: iso(b) } : {}).then(
						(s) => {
							toast({ text: `You have ${spanWords(s.from, s.to, zone)}; ${userName(swap.user)} is told` });
							onClose(true);
						},
						(x: Error) => fail(x.message),
					);
				}}
			>
				{swap.note && <p>“{swap.note}”</p>}
				{swap.return_from && swap.return_to ? (
					<p>
						{spanWords(first, last, zone)}. In return {userName(swap.user)} takes your{' '}
						<b>{spanWords(swap.return_from, swap.return_to, zone)}</b>. All of it or nothing.
					</p>
				) : (
					<FromTo zone={zone} from={from} to={to} onFrom={setFrom} onTo={setTo} />
				)}
				{plan.value && <After list={plan.value.differences ?? []} left={plan.value.gaps_left} zone={zone} />}
				{part && <p class="muted">What is left stays on offer.</p>}
				<Fault text={plan.error?.message} />
				<Confirm
					verb={part ? 'Take this part' : 'Take it'}
					error={error}
					off={!plan.value}
					onCancel={() => onClose(false)}
				/>
			</form>
		</Dialog>
	);
}
