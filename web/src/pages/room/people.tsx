// SPDX-License-Identifier: Apache-2.0
// Who is there and who does what; more people are asked in from here.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { call } from '../../api/http';
import type { Room } from '../../api/types';
import { run } from '../../outbox';
import { may, me, userName } from '../../store/store';
import type { Row } from '../../store/reduce';
import { Icon } from '../../ui/icons';
import { Dialog, Initials, Menu } from '../../ui/parts';
import { refused, toast } from '../../ui/toast';
import { PickTarget } from '../targets';

const roles: [Room['roles'][number]['role'], string][] = [
	['commander', 'Commander'],
	['ops-lead', 'Ops lead'],
	['scribe', 'Scribe'],
	['customer-liaison', 'Customer liaison'],
	['internal-liaison', 'Internal liaison'],
];
const words = { asked: 'asked to help', joined: 'is on it', declined: 'cannot', watching: 'watches' };

function AddPeople({ id, onClose }: { id: number; onClose: () => void }): JSX.Element {
	const add = (target: string, name: string): void => {
		onClose();
		call('POST', `/incidents/${id}/add`, { body: { target } }).then(
			(a) =>
				toast({
					text:
						a.headers.get('tocsin-changed') === 'false'
							? `${name}: on it already`
							: `Paging ${name} in addition`,
				}),
			refused,
		);
	};
	return (
		<Dialog title="Add people" onClose={onClose}>
			<PickTarget label="Who is to help" without="policies" onPick={add} />
			<p class="muted">
				They are paged now, beside the policy, until they are on it or say that they cannot.
			</p>
		</Dialog>
	);
}

/** Somebody else gets a role; they have a notice of it. */
function GiveRole({
	name,
	onPick,
	onClose,
}: {
	name: string;
	onPick: (user: string) => void;
	onClose: () => void;
}): JSX.Element {
	return (
		<Dialog title={`${name}: give it to…`} onClose={onClose}>
			<PickTarget label="Who" only="users" onPick={(target) => onPick(target.replace('user/', ''))} />
			<p class="muted">They get a notice, not a page.</p>
		</Dialog>
	);
}

type Change = (what: { user?: string; nobody?: boolean }) => void;

function RoleOf({
	name,
	who,
	change,
}: {
	name: string;
	who: string | undefined;
	change: Change;
}): JSX.Element {
	const [giving, give] = useState(false);
	const mine = who !== undefined && who === me.value?.id;
	const take = mine ? 'Give up' : who ? 'Take over' : 'Take';
	return (
		<li>
			<span class="muted">{name}</span>
			<b>{who ? userName(who) : <span class="muted">nobody</span>}</b>
			{may('member') && (
				<span class="change">
					<button
						class="small"
						aria-label={`${take} ${name}`}
						onClick={() => change(mine ? { nobody: true } : {})}
					>
						{take}
					</button>
					<Menu
						label={`More for ${name}`}
						cls="small"
						choices={[
							{ text: 'Give to…', hint: 'they get a notice', run: () => give(true) },
							...(who && !mine
								? [
										{
											text: `Take it from ${userName(who)}`,
											hint: 'nobody has it then',
											run: () => change({ nobody: true }),
										},
									]
								: []),
						]}
					>
						<Icon name="more" />
					</Menu>
				</span>
			)}
			{giving && (
				<GiveRole
					name={name}
					onClose={() => give(false)}
					onPick={(user) => {
						give(false);
						change({ user });
					}}
				/>
			)}
		</li>
	);
}

/** Whoever has no part in it may have its news; to take part ends the watching. */
function Watching({ id, people }: { id: number; people: Room['people'] }): JSX.Element | null {
	const mine = people.find((p) => p.user === me.value?.id)?.state;
	if (mine === 'asked' || mine === 'joined') return null;
	const on = mine === 'watching';
	return (
		<button
			class="small"
			aria-pressed={on}
			title={on ? undefined : 'A notice when it has news, is mitigated or ends'}
			onClick={() => void run([id], on ? 'unwatch' : 'watch')}
		>
			{on ? 'Stop watching' : 'Watch'}
		</button>
	);
}

export function People({
	r,
	room,
	onChange,
}: {
	r: Row;
	room: Room | undefined;
	onChange: () => void;
}): JSX.Element {
	const [adding, add] = useState(false);
	const grave = r.severity === 'critical' || r.severity === 'error';
	const holder = (role: string): string | undefined => room?.roles.find((x) => x.role === role)?.user;
	/** On condition that who had it when we looked still has it. */
	const change = (role: string, what: { user?: string; nobody?: boolean }): void => {
		call('POST', `/incidents/${r.id}/role`, { body: { role, seen: holder(role) ?? '', ...what } }).then(
			onChange,
			(e: Error) => {
				refused(e);
				onChange();
			},
		);
	};
	return (
		<section class="panel people" aria-label="People">
			<header class="panel-head">
				<h2>People</h2>
				<span class="change">
					{room && <Watching id={r.id} people={room.people} />}
					{may('member') && r.state !== 'resolved' && (
						<button class="small" onClick={() => add(true)}>
							Add people
						</button>
					)}
				</span>
			</header>
			<div class="pad">
				<ul class="roles">
					{roles
						.filter(([role]) => grave || holder(role))
						.map(([role, name]) => (
							<RoleOf key={role} name={name} who={holder(role)} change={(what) => change(role, what)} />
						))}
				</ul>
				<ul class="there">
					{room?.people.map((p) => (
						<li key={p.user}>
							<Initials id={p.user} name={userName(p.user)} /> {userName(p.user)}{' '}
							<small>{words[p.state]}</small>
						</li>
					))}
				</ul>
			</div>
			{adding && <AddPeople id={r.id} onClose={() => add(false)} />}
		</section>
	);
}
