// SPDX-License-Identifier: Apache-2.0
// How much, from when, by whose clock.
import type { JSX } from 'preact';
import { go, query, withQuery } from '../../router';
import { docs } from '../../store/store';
import { Tabs } from '../../ui/parts';
import { Icon } from '../../ui/icons';
import { clockIn, now, ownZone } from '../../ui/time';
import { clocks, spans, type View } from './view';

const plain = (zone: string): string => zone.replace(/_/g, ' ');

export function Tools({ move }: { move: (n: number) => void }): JSX.Element {
	return (
		<>
			<Tabs
				label="How much"
				tabs={spans}
				at={query('span') || '1w'}
				onPick={(s) => go(withQuery({ span: s === '1w' ? '' : s }), true)}
			/>
			<span class="person">
				<button class="plain" aria-label="Earlier" onClick={() => move(-1)}>
					<Icon name="left" />
				</button>
				<button onClick={() => move(0)}>Today</button>
				<button class="plain" aria-label="Later" onClick={() => move(1)}>
					<Icon name="right" />
				</button>
			</span>
		</>
	);
}

export function Clocks({ view, own }: { view: View; own: string }): JSX.Element {
	const theirs = [...(docs('users')?.values() ?? [])].map((u) => String(u.body['zone'] ?? ''));
	const list = clocks(own, [view.zone, view.also, ...theirs]);
	return (
		<span class="clocks">
			<label>
				clock of
				<select
					value={view.zone}
					onChange={(e) =>
						go(withQuery({ tz: e.currentTarget.value === own ? '' : e.currentTarget.value }), true)
					}
				>
					{list.map((z) => (
						<option value={z}>
							{plain(z)}
							{z === own ? ' (schedule)' : z === ownZone ? ' (mine)' : ''}
						</option>
					))}
				</select>
			</label>
			<label>
				and
				<select value={view.also} onChange={(e) => go(withQuery({ also: e.currentTarget.value }), true)}>
					<option value="">no other</option>
					{list
						.filter((z) => z !== view.zone)
						.map((z) => (
							<option value={z}>
								{plain(z)}, now {clockIn(now.value, z)}
							</option>
						))}
				</select>
			</label>
		</span>
	);
}
