// SPDX-License-Identifier: Apache-2.0
// What would be different, in the words of the server: asked before it can be saved.
import type { JSX } from 'preact';
import { type Person } from '../../api/http';
import { clockIn, day, dayKey } from '../../ui/time';
import type { Difference, Left } from './api';

const SHOWN = 8;

export function spanWords(from: string | number, to: string | number, zone: string): string {
	const same = dayKey(from, zone) === dayKey(Date.parse(iso(to)) - 1, zone);
	return `${day(from, zone)} ${clockIn(from, zone)}–${same ? '' : day(to, zone) + ' '}${clockIn(to, zone)}`;
}
const iso = (t: string | number): string => new Date(t).toISOString();

export function Names({ users }: { users: Person[] }): JSX.Element {
	return users.length ? (
		<b>{users.map((u) => u.name ?? u.id).join(' + ')}</b>
	) : (
		<span class="nobody">NOBODY</span>
	);
}

export function After({
	list,
	left = [],
	zone,
}: {
	list: Difference[];
	left?: Left[];
	zone: string;
}): JSX.Element {
	return (
		<div class="note after" aria-live="polite">
			<b>After saving</b>
			{list.length === 0 ? (
				<p>Nothing would be different.</p>
			) : (
				<ul>
					{list.slice(0, SHOWN).map((d) => (
						<li>
							{spanWords(d.from, d.to, zone)}: <Names users={d.before} /> → <Names users={d.after} />
						</li>
					))}
				</ul>
			)}
			{list.length > SHOWN && <p class="muted">and {list.length - SHOWN} more times.</p>}
			{list.length > 0 && <p>Nothing else changes.</p>}
			{left.length > 0 && (
				<p class="warn">
					It leaves {left.length} gap{left.length === 1 ? '' : 's'}.
				</p>
			)}
		</div>
	);
}
