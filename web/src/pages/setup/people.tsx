// SPDX-License-Identifier: Apache-2.0
// Who takes turns: picked from those who are here, or added by name and address. The order is that of the turns.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { docs } from '../../store/store';
import { Initials } from '../../ui/parts';
import { slugOf, type Body } from '../contacts/api';
import { Field } from '../contacts/contacts';

export type Fresh = Record<string, Body>;
export const fresh = (name: string, email: string): Body => ({
	name,
	email,
	contacts: { mail: { type: 'email', address: email } },
});

export function People({
	label,
	ids,
	set,
	made,
	make,
}: {
	label: string;
	ids: string[];
	set: (ids: string[]) => void;
	made: Fresh;
	make: (id: string, body: Body) => void;
}): JSX.Element {
	const users = docs('users');
	const [adding, add] = useState(false);
	const [name, setName] = useState('');
	const [email, setEmail] = useState('');
	const nameOf = (id: string): string => String(made[id]?.['name'] ?? users?.get(id)?.name ?? id);
	const others = [...(users?.values() ?? [])].filter(
		(u) => !ids.includes(u.id) && u.body['role'] !== 'stakeholder',
	);
	const madeToo = Object.keys(made).filter((id) => !ids.includes(id) && !users?.has(id));
	const put = (): void => {
		if (!name.trim() || !/.@./.test(email)) return;
		const id = slugOf(name, (x) => !!users?.has(x) || x in made, 'person');
		make(id, fresh(name.trim(), email.trim()));
		set([...ids, id]);
		setName('');
		setEmail('');
		add(false);
	};
	const onEnter = (e: KeyboardEvent): void => {
		if (e.key !== 'Enter') return;
		e.preventDefault();
		put();
	};
	return (
		<div role="group" aria-label={label}>
			<ol class="people-picked">
				{ids.map((id, i) => (
					<li key={id}>
						<Initials id={id} name={nameOf(id)} />
						<span>
							{nameOf(id)} {made[id] && !users?.has(id) && <span class="tag">new</span>}
						</span>
						<button
							type="button"
							class="small"
							disabled={i === 0}
							aria-label={`${nameOf(id)} earlier`}
							onClick={() => set([...ids.slice(0, i - 1), id, ids[i - 1]!, ...ids.slice(i + 1)])}
						>
							↑
						</button>
						<button
							type="button"
							class="small bad"
							aria-label={`Without ${nameOf(id)}`}
							onClick={() => set(ids.filter((x) => x !== id))}
						>
							✕
						</button>
					</li>
				))}
			</ol>
			{adding ? (
				<div class="two">
					<Field label="Name of somebody new">
						<input value={name} onInput={(e) => setName(e.currentTarget.value)} onKeyDown={onEnter} />
					</Field>
					<Field label="E-mail of somebody new">
						<input
							type="email"
							value={email}
							onInput={(e) => setEmail(e.currentTarget.value)}
							onKeyDown={onEnter}
						/>
					</Field>
					<div class="choices">
						<button type="button" onClick={put}>
							Add to the turns
						</button>
						<button type="button" onClick={() => add(false)}>
							Cancel
						</button>
					</div>
				</div>
			) : (
				<div class="choices">
					{(others.length > 0 || madeToo.length > 0) && (
						<select
							aria-label={`Add to: ${label}`}
							style="width:auto"
							value=""
							onChange={(e) => {
								if (e.currentTarget.value) set([...ids, e.currentTarget.value]);
								e.currentTarget.value = '';
							}}
						>
							<option value="">Add somebody…</option>
							{others.map((u) => (
								<option value={u.id}>{u.name}</option>
							))}
							{madeToo.map((id) => (
								<option value={id}>{nameOf(id)}</option>
							))}
						</select>
					)}
					<button type="button" aria-label={`Somebody new for: ${label}`} onClick={() => add(true)}>
						Somebody new…
					</button>
				</div>
			)}
		</div>
	);
}
