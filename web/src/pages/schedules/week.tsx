// SPDX-License-Identifier: Apache-2.0
// Layers in order of precedence, the lane of overrides, and who is on call in the end.
import type { JSX } from 'preact';
import { type Calendar, type Shift } from '../../api/http';
import { me } from '../../store/store';
import type { Swap } from '../duty/api';
import { Bar, DayHeads, Lane } from './lanes';
import { OverrideLane, type LaneActs } from './overrides';
import type { View } from './view';

export interface ShiftActs extends LaneActs {
	/** Ask others to take it. */
	ask: (user: string, s: Shift) => void;
}

/** A calendar in whatever shape, and what may be done in it. */
export interface Drawn {
	c: Calendar;
	view: View;
	may: boolean;
	leads: boolean;
	acts: ShiftActs;
}

/** What a click on a final shift does: a gap is filled, my own or (for a manager) anybody's is offered. */
export function verbOf(
	s: Shift,
	may: boolean,
	leads: boolean,
	acts: ShiftActs,
): { verb: string; run: () => void } | null {
	if (!may || Date.parse(s.to) <= Date.now()) return null;
	if (s.users.length === 0)
		return {
			verb: 'fill it',
			run: () => acts.edit({ from: Math.max(Date.parse(s.from), Date.now()), to: Date.parse(s.to) }),
		};
	const who = s.users.find((u) => u.id === me.value?.id) ?? (leads ? s.users[0] : undefined);
	return who ? { verb: 'ask for a swap', run: () => acts.ask(who.id, s) } : null;
}

export function Week({ c, view, swaps, may, leads, acts }: Drawn & { swaps: Swap[] }): JSX.Element {
	const { zone, days } = view;
	return (
		<div class="scroll wide-only" tabIndex={0} role="region" aria-label="Calendar">
			<div class="cal">
				<span class="lane-name muted">&nbsp;</span>
				<DayHeads days={days} zone={zone} also={view.also} />
				{c.layers.map((l, i) => (
					<>
						<span class="lane-name">
							{l.name ?? `Layer ${i + 1}`}
							{i > 0 && <small class="muted">wins over the above</small>}
						</span>
						<Lane view={view} days={days} label={`Layer ${l.name ?? i + 1}`}>
							{l.shifts.map((s) => (
								<Bar shift={s} view={view} zone={zone} kind="layer" />
							))}
						</Lane>
					</>
				))}
				<span class="lane-name">
					Overrides
					<small class="muted">win over all layers</small>
				</span>
				<OverrideLane c={c} view={view} swaps={swaps} may={may} acts={acts} />
				<span class="lane-name">Final</span>
				<Lane view={view} days={days} cls="final" label="Who is on call in the end">
					{c.final.map((s) => {
						const act = verbOf(s, may, leads, acts);
						return <Bar shift={s} view={view} zone={zone} kind="final" verb={act?.verb} onClick={act?.run} />;
					})}
				</Lane>
			</div>
		</div>
	);
}
