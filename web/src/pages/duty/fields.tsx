// SPDX-License-Identifier: Apache-2.0
// From and to, as the wall clock of a zone reads.
import type { JSX } from 'preact';
import { instant, wall } from '../../ui/time';

export const toLocal = (zone: string, t: number): string => wall(zone, t).replace(' ', 'T');

export const fromLocal = (zone: string, text: string): number => {
	const m = /^(\d+)-(\d+)-(\d+)T(\d+):(\d+)/.exec(text);
	return m ? instant(zone, Number(m[1]), Number(m[2]), Number(m[3]), Number(m[4]), Number(m[5])) : NaN;
};

export const hours = (a: number, b: number): string => `${Math.round((b - a) / 36e4) / 10} h`;

/** Values are those of datetime-local inputs. */
export function FromTo({
	zone,
	from,
	to,
	onFrom,
	onTo,
}: {
	zone: string;
	from: string;
	to: string;
	onFrom: (v: string) => void;
	onTo: (v: string) => void;
}): JSX.Element {
	const a = fromLocal(zone, from),
		b = fromLocal(zone, to);
	return (
		<>
			<div class="two">
				<label>
					From
					<input type="datetime-local" required value={from} onInput={(e) => onFrom(e.currentTarget.value)} />
				</label>
				<label>
					To
					<input
						type="datetime-local"
						required
						value={to}
						aria-invalid={!(b > a)}
						onInput={(e) => onTo(e.currentTarget.value)}
					/>
				</label>
			</div>
			<p class="muted">
				Clock of {zone}
				{b > a ? `, ${hours(a, b)}` : ': it ends before it begins'}.
			</p>
		</>
	);
}
