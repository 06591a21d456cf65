// SPDX-License-Identifier: Apache-2.0
// "I am away", or somebody whose duty is mine to plan: the gaps that it leaves are named before it is saved, and each can be given to somebody at once.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { docs, me, reload, targetName, userName } from '../../store/store';
import { Dialog, useLoad } from '../../ui/parts';
import { Confirm, Fault } from '../../ui/howlong';
import { refused, toast } from '../../ui/toast';
import { ownZone } from '../../ui/time';
import { spanWords } from './after';
import { call, type Calendar } from '../../api/http';
import { A } from '../../router';
import { makeOverride, mayBeAwayOf, sayAway, type Left, type Made } from './api';
import { fromLocal, FromTo, toLocal } from './fields';
import { useCandidates } from './who';

const DAY = 864e5;
const SHOWN = 20;
const idOf = (g: Left): string => `${g.schedule} ${g.from}`;

function Gap({
	gap,
	user,
	value,
	onPick,
}: {
	gap: Left;
	user: string;
	value: string;
	onPick: (who: string) => void;
}): JSX.Element {
	const list = useCandidates(gap.schedule, Date.parse(gap.from), Date.parse(gap.to)).filter(
		(c) => c.id !== user,
	);
	return (
		<li>
			<span>
				<b>{targetName(`schedule/${gap.schedule}`)}</b> {spanWords(gap.from, gap.to, ownZone)}
			</span>
			<label>
				<span class="sr">
					Who covers {targetName(`schedule/${gap.schedule}`)} {spanWords(gap.from, gap.to, ownZone)}
				</span>
				<select value={value} onChange={(e) => onPick(e.currentTarget.value)}>
					<option value="">leave it to nobody</option>
					{list.map((c) => (
						<option value={c.id}>
							{c.name}: {c.reasons.join(', ')}
						</option>
					))}
				</select>
			</label>
		</li>
	);
}

export function Away({
	schedule,
	onClose,
}: {
	/** Only its people. */
	schedule?: string;
	onClose: (done: boolean) => void;
}): JSX.Element {
	const people = mayBeAwayOf(schedule);
	const [picked, pick] = useState('');
	const user = picked || (people[0] ?? me.value?.id ?? '');
	const midnight = fromLocal(ownZone, toLocal(ownZone, Date.now() + DAY).slice(0, 10) + 'T00:00');
	const [from, setFrom] = useState(toLocal(ownZone, midnight));
	const [to, setTo] = useState(toLocal(ownZone, midnight + 7 * DAY));
	const [note, say] = useState('');
	const [fill, put] = useState<Record<string, string>>({});
	const [error, fail] = useState('');
	const [busy, sending] = useState(false);
	const a = fromLocal(ownZone, from),
		b = fromLocal(ownZone, to);
	// Nothing is shown or saved by the plan of another person or time.
	const of = `${user} ${a} ${b}`;
	const plan = useLoad<{ of: string; made: Made } | null>(
		async () => (b > a ? { of, made: await sayAway(user, a, b, note, true) } : null),
		[user, a, b],
	);
	const made = plan.value?.of === of ? plan.value.made : undefined;
	const gaps = made?.gaps_left ?? [];
	const save = async (): Promise<void> => {
		sending(true);
		await sayAway(user, a, b, note, false);
		reload('absences');
		const failed: string[] = [];
		let covered = 0;
		// One after another: what two at once would change might be the same.
		for (const g of gaps) {
			const who = fill[idOf(g)];
			if (!who) continue;
			try {
				await makeOverride(g.schedule, { from: Date.parse(g.from), to: Date.parse(g.to), who });
				covered++;
			} catch (e) {
				failed.push(`${targetName(`schedule/${g.schedule}`)}: ${(e as Error).message}`);
			}
		}
		const open = gaps.length - covered;
		toast({
			text: `${userName(user)} is away. ${covered ? `${covered} covered. ` : ''}${open ? `${open} without anybody.` : 'No gap is left.'}`,
			bad: failed.length > 0,
			details: failed,
		});
		onClose(true);
	};
	return (
		<Dialog
			title={user === me.value?.id ? 'I am away' : `${userName(user)} is away`}
			wide
			onClose={() => onClose(false)}
		>
			<form
				onSubmit={(e) => {
					e.preventDefault();
					save().catch((x: Error) => {
						sending(false);
						fail(x.message);
					});
				}}
			>
				{people.length > 1 && (
					<label>
						Who
						<select
							value={user}
							onChange={(e) => {
								pick(e.currentTarget.value);
								put({});
							}}
						>
							{people.map((u) => (
								<option value={u}>
									{userName(u)}
									{u === me.value?.id ? ' (me)' : ''}
								</option>
							))}
						</select>
					</label>
				)}
				<FromTo zone={ownZone} from={from} to={to} onFrom={setFrom} onTo={setTo} />
				<label>
					Why, for the others
					<input value={note} placeholder="holidays" onInput={(e) => say(e.currentTarget.value)} />
				</label>
				{made && (
					<div class="note">
						{gaps.length === 0 ? (
							<p class="resolved">
								✓ {user === me.value?.id ? 'Your' : 'Their'} turns are passed over, and nothing is left
								without anybody.
							</p>
						) : (
							<>
								<p class="warn">
									{gaps.length === 1 ? 'One time is' : `${gaps.length} times are`} left without anybody:
								</p>
								<ul class="fill">
									{gaps.slice(0, SHOWN).map((g) => (
										<Gap
											key={idOf(g)}
											gap={g}
											user={user}
											value={fill[idOf(g)] ?? ''}
											onPick={(who) => put({ ...fill, [idOf(g)]: who })}
										/>
									))}
								</ul>
								{gaps.length > SHOWN && (
									<p class="muted">and {gaps.length - SHOWN} more; the schedule shows them.</p>
								)}
							</>
						)}
					</div>
				)}
				<Fault text={plan.error?.message} />
				<Confirm
					verb="Save"
					error={error}
					off={!made || !!plan.error || busy}
					onCancel={() => onClose(false)}
				/>
			</form>
		</Dialog>
	);
}

/** What an absence says, and its end; it can be had back. */
export function AwayThen({
	absence: { id, user, from, to },
	zone,
	onClose,
}: {
	absence: Calendar['absences'][number];
	zone: string;
	onClose: (done: boolean) => void;
}): JSX.Element {
	const doc = docs('absences')?.get(id);
	const [error, fail] = useState('');
	const remove = (): void => {
		const back = (): void =>
			void call('PUT', `/absences/${id}`, { body: doc!.body }).then(() => reload('absences'), refused);
		call('DELETE', `/absences/${id}`).then(
			() => {
				reload('absences');
				toast({ text: `${userName(user)} is not away then`, undo: { text: 'Undo', run: back } });
				onClose(true);
			},
			(e: Error) => fail(e.message),
		);
	};
	return (
		<Dialog title={`${userName(user)} is away`} onClose={() => onClose(false)}>
			<p>{spanWords(from, to, zone)}</p>
			{typeof doc?.body['description'] === 'string' && <p class="muted">“{doc.body['description']}”</p>}
			<Fault text={error} />
			<div class="actions">
				<button class="bad" disabled={!doc} onClick={remove}>
					Remove it
				</button>
				<A href={`/config/absences/${id}`}>As a document</A>
			</div>
		</Dialog>
	);
}
