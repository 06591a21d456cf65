// SPDX-License-Identifier: Apache-2.0
// Who is there and who does what; more people are asked in from here.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { call } from '../../api/http';
import type { Room } from '../../api/types';
import { may, me, userName } from '../../store/store';
import type { Row } from '../../store/reduce';
import { Dialog, Initials } from '../../ui/parts';
import { toast } from '../../ui/toast';
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
			(e: Error) => toast({ text: e.message, bad: true }),
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
	const mine = me.value?.id;
	const grave = r.severity === 'critical' || r.severity === 'error';
	const send = (body: Record<string, unknown>): void => {
		call('POST', `/incidents/${r.id}/role`, { body }).then(onChange, (e: Error) => {
			toast({ text: e.message, bad: true });
			onChange();
		});
	};
	const holder = (role: string): string | undefined => room?.roles.find((x) => x.role === role)?.user;
	return (
		<section class="panel people" aria-label="People">
			<header class="panel-head">
				<h2>People</h2>
				{may('member') && r.state !== 'resolved' && (
					<button class="small" onClick={() => add(true)}>
						Add people
					</button>
				)}
			</header>
			<div class="pad">
				<ul class="roles">
					{roles
						.filter(([role]) => grave || holder(role))
						.map(([role, name]) => {
							const who = holder(role);
							return (
								<li key={role}>
									<span class="muted">{name}</span>
									<b>{who ? userName(who) : <span class="muted">nobody</span>}</b>
									{may('member') && (
										<button
											class="small"
											aria-label={`${who === mine ? 'Give up' : who ? 'Take over' : 'Take'} ${name}`}
											onClick={() => send(who === mine ? { role, nobody: true } : { role, seen: who ?? '' })}
										>
											{who === mine ? 'Give up' : who ? 'Take over' : 'Take'}
										</button>
									)}
								</li>
							);
						})}
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
