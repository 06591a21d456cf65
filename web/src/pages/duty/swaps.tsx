// SPDX-License-Identifier: Apache-2.0
// What is on offer, and what I can do about it: take it, decline, withdraw. Follows the log.
import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { A } from '../../router';
import { docs, me, onEvents, onReturn, targetName, userName } from '../../store/store';
import { useLoad } from '../../ui/parts';
import { refused, toast } from '../../ui/toast';
import { ownZone, when } from '../../ui/time';
import { spanWords } from './after';
import { endSwap, leads, openSwaps, shares, type Swap } from './api';
import { TakeSwap } from './swap';

/** All that is on offer, on one schedule or on all. */
export function useSwaps(schedule?: string): { list: Swap[]; again: () => void } {
	const data = useLoad(openSwaps, []);
	useEffect(() => {
		const off = onEvents((l) => {
			if (l.some((e) => e.type.startsWith('swap.') || e.type === 'config.changed')) data.again();
		});
		const back = onReturn(data.again);
		return () => {
			off();
			back();
		};
	}, []);
	return {
		list: (data.value ?? []).filter((s) => !schedule || s.schedule === schedule),
		again: data.again,
	};
}

const mineFirst = (s: Swap): number => (s.offered_to === me.value?.id ? 0 : s.user === me.value?.id ? 1 : 2);

/** Shown to whom it concerns: who offers, who is asked, who shares the schedule, who leads it. */
function concerns(s: Swap): boolean {
	return mineFirst(s) < 2 || shares(s.schedule) || leads(s.schedule);
}

function can(s: Swap): { take: boolean; decline: boolean; withdraw: boolean } {
	const mine = s.user === me.value?.id,
		asked = s.offered_to === me.value?.id;
	return {
		take: !mine && shares(s.schedule) && (asked || !s.offered_to),
		decline: asked,
		withdraw: mine || leads(s.schedule),
	};
}

/** Whether those who are asked will hear of it again. */
function reminders(s: Swap): string {
	const was = s.reminded_at ? `reminded ${when(s.reminded_at)}` : '';
	const next = s.remind_at ? `reminder ${when(s.remind_at)}` : 'no more reminders';
	const end = `open until ${when(s.expires_at)}`;
	return [was, next, end].filter(Boolean).join(' · ');
}

export function SwapLine({
	s,
	zone,
	named,
	onTake,
	onDone,
}: {
	s: Swap;
	zone: string;
	named?: boolean;
	onTake: () => void;
	onDone: () => void;
}): JSX.Element {
	const may = can(s);
	const who = s.user === me.value?.id ? 'You ask' : `${userName(s.user)} asks`;
	const end = (verb: 'decline' | 'withdraw', text: string): void => {
		endSwap(s, verb).then(() => {
			toast({ text });
			onDone();
		}, refused);
	};
	return (
		<li class="swap-line">
			<span aria-hidden="true">⇄</span>
			<span class="grow">
				<b>{who}</b> {s.offered_to ? (s.offered_to === me.value?.id ? 'you' : userName(s.offered_to)) : 'all'}
				: {spanWords(s.from, s.to, zone)}
				{named && (
					<>
						{' '}
						<A href={`/schedules/${s.schedule}?at=${s.from.slice(0, 10)}`}>
							{targetName(`schedule/${s.schedule}`)}
						</A>
					</>
				)}
				{s.return_from && s.return_to && (
					<small> in return for {spanWords(s.return_from, s.return_to, zone)}</small>
				)}
				{s.note && <small class="muted"> “{s.note}”</small>}
				<small class="muted block">{reminders(s)}</small>
			</span>
			{may.take && (
				<button class="main" onClick={onTake}>
					Take…
				</button>
			)}
			{may.decline && <button onClick={() => end('decline', 'Declined; they are told')}>Decline</button>}
			{may.withdraw && <button onClick={() => end('withdraw', 'Withdrawn')}>Withdraw</button>}
		</li>
	);
}

export function Swaps({
	list,
	zone = ownZone,
	named,
	onDone,
}: {
	list: Swap[];
	zone?: string;
	named?: boolean;
	onDone: () => void;
}): JSX.Element | null {
	const [taking, take] = useState<Swap | null>(null);
	void docs('schedules');
	const shown = list
		.filter(concerns)
		.sort((a, b) => mineFirst(a) - mineFirst(b) || (a.from < b.from ? -1 : 1));
	if (shown.length === 0 && !taking) return null;
	return (
		<section class="panel" aria-label="Open swaps">
			<header class="panel-head">
				<h2>Open swaps</h2>
				<span class="muted num">{shown.length}</span>
			</header>
			<ul class="swaps">
				{shown.map((s) => (
					<SwapLine key={s.id} s={s} zone={zone} named={named} onTake={() => take(s)} onDone={onDone} />
				))}
			</ul>
			{taking && (
				<TakeSwap
					swap={taking}
					zone={zone}
					onClose={(done) => {
						take(null);
						if (done) onDone();
					}}
				/>
			)}
		</section>
	);
}
