// SPDX-License-Identifier: Apache-2.0
// The time as a list: what a phone shows instead of lanes.
import type { JSX } from 'preact';
import { clockIn, day } from '../../ui/time';
import { hours, names } from './lanes';
import { Free } from './month';
import { verbOf, type Drawn } from './week';

export function Agenda({ c, view, may, leads, acts }: Drawn): JSX.Element {
	const z = view.zone;
	return (
		<ul class="agenda">
			{c.final.map((s) => {
				const a = Math.max(view.from, Date.parse(s.from)),
					b = Math.min(view.to, Date.parse(s.to));
				const act = verbOf(s, may, leads, acts);
				return (
					<li>
						<span class="when num">
							{day(a, z)} {clockIn(a, z)}
							<br />
							to {day(b, z)} {clockIn(b, z)}
							<Free c={c} span={{ from: a, to: b }} />
						</span>
						{s.users.length ? <b>{names(s)}</b> : <span class="nobody">NOBODY {hours(a, b)}</span>}
						{act && (
							<button class="push" onClick={act.run}>
								{s.users.length ? 'Swap…' : 'Fill'}
							</button>
						)}
					</li>
				);
			})}
		</ul>
	);
}
