// SPDX-License-Identifier: Apache-2.0
// Whom, and whom then: a policy of two steps and further rounds.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { A } from '../../router';
import { docs, reload, targetName } from '../../store/store';
import { Fault } from '../../ui/howlong';
import { toast } from '../../ui/toast';
import { faultAt, saveSet, slugOf, wordsOf } from '../contacts/api';
import { Field } from '../contacts/contacts';
import type { StepProps } from './index';

const waits = ['2m', '5m', '10m', '15m', '30m'];

function Wait({
	label,
	value,
	set,
}: {
	label: string;
	value: string;
	set: (v: string) => void;
}): JSX.Element {
	return (
		<Field label={label}>
			<select value={value} onChange={(e) => set(e.currentTarget.value)}>
				{waits.map((w) => (
					<option value={w}>{w.replace('m', ' minutes')}</option>
				))}
			</select>
		</Field>
	);
}

/** "next:shop" -> {to: schedule/shop, who: next} */
const targetOf = (text: string): unknown =>
	text.startsWith('next:') ? { to: `schedule/${text.slice(5)}`, who: 'next' } : text;

export function Policy({ next }: StepProps): JSX.Element {
	const schedules = [...(docs('schedules')?.values() ?? [])];
	const teams = [...(docs('teams')?.values() ?? [])];
	const users = [...(docs('users')?.values() ?? [])].filter((u) => u.body['role'] !== 'stakeholder');
	const policies = docs('policies');
	const [name, setName] = useState('Standard');
	const [first, setFirst] = useState('');
	const [wait, setWait] = useState('5m');
	const [second, setSecond] = useState('');
	const [wait2, setWait2] = useState('10m');
	const [repeat, setRepeat] = useState(1);
	const [error, fail] = useState<Error | null>(null);
	const schedule = first || (schedules[0] ? `schedule/${schedules[0].id}` : '');
	const sid = schedule.replace('schedule/', '');
	const team = String(schedules.find((s) => s.id === sid)?.body['team'] ?? teams[0]?.id ?? '');
	const then = second || (team ? `team/${team}` : 'none');
	const id = slugOf(name, (x) => !!policies?.has(x), 'policy');
	const steps = [
		{ page: [schedule], wait },
		...(then === 'none' ? [] : [{ page: [targetOf(then)], wait: wait2 }]),
	];
	const total = (parseInt(wait) + (then === 'none' ? 0 : parseInt(wait2))) * (repeat + 1);
	if (policies && schedules.length === 0)
		return (
			<p class="note">
				A policy begins with a schedule, and there is none yet.{' '}
				<A href="/setup?step=schedule">Make one first</A>.
			</p>
		);
	return (
		<form
			onSubmit={(e) => {
				e.preventDefault();
				saveSet(
					{ policies: { [id]: { name, ...(team ? { team } : {}), steps, repeat } } },
					`set-up: policy ${id}`,
				).then(
					() => {
						reload('policies');
						toast({ text: 'The escalation policy is made.' });
						next();
					},
					(x: Error) => fail(x),
				);
			}}
		>
			{(policies?.size ?? 0) > 0 && (
				<p class="note">
					There {policies!.size === 1 ? 'is a policy' : `are ${policies!.size} policies`} already:{' '}
					<A href="/config/policies">see them</A>. Here you make another one.
				</p>
			)}
			<Field label="Name" fault={faultAt(error, 'name')}>
				<input required value={name} onInput={(e) => setName(e.currentTarget.value)} />
			</Field>
			<fieldset class="region">
				<legend>1. First</legend>
				<div class="two">
					<Field label="Page who is on call in">
						<select value={schedule} onChange={(e) => setFirst(e.currentTarget.value)}>
							{schedules.map((s) => (
								<option value={`schedule/${s.id}`}>{s.name}</option>
							))}
						</select>
					</Field>
					<Wait label="and give them" value={wait} set={setWait} />
				</div>
			</fieldset>
			<fieldset class="region">
				<legend>2. If nobody answers</legend>
				<div class="two">
					<Field label="Page then">
						<select value={then} onChange={(e) => setSecond(e.currentTarget.value)}>
							<option value={`next:${sid}`}>who is next in {targetName(schedule)}</option>
							{teams.map((t) => (
								<option value={`team/${t.id}`}>everybody of {t.name}</option>
							))}
							{users.map((u) => (
								<option value={`user/${u.id}`}>{u.name}</option>
							))}
							<option value="none">nobody else</option>
						</select>
					</Field>
					{then !== 'none' && <Wait label="and give them " value={wait2} set={setWait2} />}
				</div>
			</fieldset>
			<Field label="Then begin again">
				<select value={repeat} onChange={(e) => setRepeat(Number(e.currentTarget.value))}>
					<option value={0}>not at all</option>
					<option value={1}>once</option>
					<option value={2}>twice</option>
					<option value={4}>four times</option>
				</select>
			</Field>
			<p class="muted">
				Unanswered for {total} minutes, the incident is exhausted: that is said on it, and the organisation’s
				catch-all is paged.
			</p>
			{error && !faultAt(error, 'name') && <Fault text={wordsOf(error)} />}
			<div class="actions">
				<button class="main" disabled={!schedule}>
					Make the policy
				</button>
			</div>
		</form>
	);
}
