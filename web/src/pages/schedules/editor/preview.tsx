// SPDX-License-Identifier: Apache-2.0
// What the form would make of the coming weeks: computed by the server from the whole configuration, as it pages.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { call, Failure, type Fault, type Shift } from '../../../api/http';
import { day } from '../../../ui/time';
import { After } from '../../duty/after';
import { iso, type Difference } from '../../duty/api';
import { addDays, Bar, begin, DayHeads, Lane } from '../lanes';
import type { Body } from './model';

const WAIT = 350; // ms after the last key
const WEEKS = 4;

export interface Plan {
	/** The text of the body that it is the plan of. */
	of: string;
	shifts: Shift[];
	differences: Difference[];
}

/** Asks while one types; an answer that comes late is not shown. */
export function usePlan(
	id: string,
	body: Body,
	zone: string,
): { plan: Plan | null; faults: Fault[]; error: string } {
	const [plan, set] = useState<Plan | null>(null);
	const [bad, fail] = useState<{ faults: Fault[]; error: string }>({ faults: [], error: '' });
	const live = useRef(0);
	const of = JSON.stringify(body);
	useEffect(() => {
		const mine = ++live.current;
		const from = begin(zone, '', true);
		const span = `from=${iso(from)}&to=${iso(addDays(zone, from, 7 * WEEKS))}`;
		const timer = setTimeout(() => {
			call<Plan>('POST', `/schedules/${id || 'new'}/preview?${span}`, {
				body: { schedules: { [id || 'new']: body } },
			}).then(
				(a) => {
					if (mine !== live.current) return;
					set({ ...a.value, of });
					fail({ faults: [], error: '' });
				},
				(e: Failure) => {
					if (mine === live.current) fail({ faults: e.problem?.errors ?? [], error: e.message });
				},
			);
		}, WAIT);
		return () => clearTimeout(timer);
	}, [of, id, zone]);
	return { plan, ...bad };
}

export function Preview({ plan, zone }: { plan: Plan; zone: string }): JSX.Element {
	const first = begin(zone, '', true);
	const weeks = Array.from({ length: WEEKS }, (_, i) => addDays(zone, first, 7 * i));
	return (
		<section class="panel" aria-label="Preview">
			<header class="panel-head">
				<h2>After saving</h2>
				<span class="muted">the next {WEEKS} weeks</span>
			</header>
			<div class="preview">
				{weeks.map((from, i) => {
					const view = { from, to: addDays(zone, from, 7) };
					const days = Array.from({ length: 7 }, (_, d) => addDays(zone, from, d));
					return (
						<>
							{i === 0 && <DayHeads days={days} zone={zone} brief />}
							<Lane view={view} days={days} label={`Week of ${day(from, zone)}`}>
								{plan.shifts.map((s) => (
									<Bar shift={s} view={view} zone={zone} kind="final" />
								))}
							</Lane>
						</>
					);
				})}
			</div>
			<div class="pad">
				<After list={plan.differences} zone={zone} />
			</div>
		</section>
	);
}
