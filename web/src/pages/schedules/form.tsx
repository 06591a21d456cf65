// SPDX-License-Identifier: Apache-2.0
// The form of an override, new or there already: who, from, to; and what it changes, asked of the server before it
// can be saved. A changed one is saved only on the revision that was read.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { type Calendar } from '../../api/http';
import { A } from '../../router';
import { docs, reload, userName } from '../../store/store';
import { Dialog, useLoad } from '../../ui/parts';
import { Confirm, Fault } from '../../ui/howlong';
import { refused, toast } from '../../ui/toast';
import { After } from '../duty/after';
import {
	dropOverride,
	iso,
	makeOverride,
	offerSwap,
	preview,
	putOverride,
	type Body,
	type Difference,
	type Left,
} from '../duty/api';
import { fromLocal, FromTo, toLocal } from '../duty/fields';
import { useCandidates, Who } from '../duty/who';
import type { Draft } from './overrides';
import { spanWords } from './lanes';
import { whyNot } from './words';

/** Gone, and to be had back under the same name. */
export async function removeOverride(id: string, done: () => void): Promise<void> {
	const was = docs('overrides')?.get(id);
	try {
		await dropOverride(id);
	} catch (e) {
		refused(e as Error);
		return;
	}
	reload('overrides');
	toast({
		text: 'The override is gone',
		undo: was ? { text: 'Undo', run: () => void putOverride(id, was.body).then(done, refused) } : undefined,
	});
	done();
}

interface Plan {
	/** What it is the plan of: nothing is saved by an older one. */
	of: string;
	differences: Difference[];
	left: Left[];
}

function changed(body: Body, a: number, b: number, who: string | null): Body {
	const out: Body = { ...body, from: iso(a), to: iso(b) };
	if ('add' in out) out['add'] = who;
	else out['with'] = who;
	return out;
}

export function OverrideForm({
	c,
	schedule,
	draft,
	zone,
	onClose,
}: {
	c: Calendar;
	schedule: string;
	draft: Draft;
	zone: string;
	onClose: (done: boolean) => void;
}): JSX.Element {
	const doc = draft.id ? docs('overrides')?.get(draft.id) : undefined;
	const [base] = useState(doc);
	const there = c.overrides.find((o) => o.id === draft.id);
	const [from, setFrom] = useState(toLocal(zone, draft.from));
	const [to, setTo] = useState(toLocal(zone, draft.to));
	const [picked, pick] = useState<string | null>(draft.id ? (there?.with ?? null) : '');
	const [error, fail] = useState('');
	const [busy, sending] = useState(false);
	// Untouched edges stay as they are: to the second, and inside an hour that the clock shows twice.
	const a = from === toLocal(zone, draft.from) ? draft.from : fromLocal(zone, from);
	const b = to === toLocal(zone, draft.to) ? draft.to : fromLocal(zone, to);
	const ok = b > a;
	const list = useCandidates(schedule, a, b);
	const who = picked === '' ? (list[0]?.id ?? '') : picked;
	const whole = !!base && 'shifts' in base.body;
	const body = base && !whole ? changed(base.body, a, b, who) : null;
	const wanted = `${a} ${b} ${who}`;
	const untouched =
		!!there && a === Date.parse(there.from) && b === Date.parse(there.to) && who === (there.with ?? null);
	const plan = useLoad<Plan | null>(async () => {
		if (!ok || who === '' || whole) return null;
		if (draft.id && !body) return null;
		if (draft.id) {
			const old = there ? [Date.parse(there.from), Date.parse(there.to)] : [a, b];
			const all = await preview(
				schedule,
				{ overrides: { [draft.id]: body } },
				Math.min(a, old[0]!),
				Math.max(b, old[1]!),
			);
			return { of: wanted, differences: all, left: [] };
		}
		const made = await makeOverride(schedule, { from: a, to: b, who }, true);
		return { of: wanted, differences: made.differences ?? [], left: made.gaps_left };
	}, [a, b, who]);
	const saved = (id: string): void => {
		reload('overrides');
		toast({
			text: `${who ? userName(who) : 'Nobody'} is on call ${spanWords(a, b, zone)}`,
			undo: {
				text: 'Undo',
				run: () => void (base ? putOverride(id, base.body) : dropOverride(id)).catch(refused),
			},
		});
		onClose(true);
	};
	const refused = (x: Error): void => {
		sending(false);
		fail(x.message);
	};
	const save = (): void => {
		sending(true);
		if (draft.id && body) putOverride(draft.id, body, base!.revision).then(() => saved(draft.id!), refused);
		else makeOverride(schedule, { from: a, to: b, who }).then((m) => saved(m.id), refused);
	};
	/** Whoever has all of the time is who it can be asked for. */
	const holder = c.final.find((s) => Date.parse(s.from) <= a && Date.parse(s.to) >= b)?.users[0]?.id;
	const ask = (): void => {
		offerSwap(schedule, { user: holder, from: iso(a), to: iso(b), offered_to: who }).then(() => {
			toast({ text: `${userName(who!)} is asked` });
			onClose(true);
		}, refused);
	};
	return (
		<Dialog title={draft.id ? 'Override' : 'New override'} onClose={() => onClose(false)}>
			<form
				onSubmit={(e) => {
					e.preventDefault();
					save();
				}}
			>
				{whole ? (
					<p class="note">
						This is a temporary schedule: all that there is from {spanWords(draft.from, draft.to, zone)}. Its
						shifts are changed in <A href={`/config/overrides/${draft.id}`}>its document</A>.
					</p>
				) : (
					<>
						<Who list={list} value={who} nobody onPick={pick} />
						{there?.replace && <p>instead of {userName(there.replace)}</p>}
						<FromTo zone={zone} from={from} to={to} onFrom={setFrom} onTo={setTo} />
					</>
				)}
				{there?.no_effect && <p class="note">It changes nothing at present: {whyNot(there, zone)}.</p>}
				{plan.value && <After list={plan.value.differences} left={plan.value.left} zone={zone} />}
				<Fault text={plan.error?.message} />
				<Confirm
					verb="Save"
					error={error}
					off={!ok || busy || plan.value?.of !== wanted || !!plan.error || untouched}
				>
					{draft.id && (
						<button
							type="button"
							class="bad"
							onClick={() => {
								onClose(false);
								void removeOverride(draft.id!, () => onClose(true));
							}}
						>
							Remove it
						</button>
					)}
					{!draft.id && holder && who && who !== holder && (
						<button type="button" onClick={ask}>
							Ask them
						</button>
					)}
					{draft.id && <A href={`/config/overrides/${draft.id}`}>As a document</A>}
				</Confirm>
			</form>
		</Dialog>
	);
}
