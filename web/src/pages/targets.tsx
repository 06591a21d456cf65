// SPDX-License-Identifier: Apache-2.0
// Whom to call: people, schedules, teams and policies by a part of their name; Enter takes the first.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { docs, type Section } from '../store/store';

const kinds: [Section, string, string][] = [
	['users', 'user', 'person'],
	['schedules', 'schedule', 'who is on call'],
	['teams', 'team', 'everybody of the team'],
	['policies', 'policy', 'policy'],
];
const SHOWN = 12;

export function PickTarget({
	label,
	without,
	only,
	onPick,
}: {
	label: string;
	/** A section that makes no sense here. */
	without?: Section;
	/** The one section that does. */
	only?: Section;
	onPick: (target: string, name: string) => void;
}): JSX.Element {
	const [text, set] = useState('');
	const list = kinds
		.filter(([section]) => section !== without && (!only || section === only))
		.flatMap(([section, kind, hint]) =>
			[...(docs(section)?.values() ?? [])].map((d) => ({ target: `${kind}/${d.id}`, name: d.name, hint })),
		)
		.filter((x) => `${x.name} ${x.target}`.toLowerCase().includes(text.toLowerCase()));
	return (
		<>
			<label>
				{label}
				<input
					value={text}
					autofocus
					placeholder="name"
					onInput={(e) => set(e.currentTarget.value)}
					onKeyDown={(e) => {
						if (e.key === 'Enter' && list[0]) onPick(list[0].target, list[0].name);
					}}
				/>
			</label>
			<ul class="picklist">
				{list.slice(0, SHOWN).map((x) => (
					<li key={x.target}>
						<button onClick={() => onPick(x.target, x.name)}>
							<span>{x.name}</span>
							<small>{x.hint}</small>
						</button>
					</li>
				))}
			</ul>
		</>
	);
}
