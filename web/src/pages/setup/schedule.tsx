// SPDX-License-Identifier: Apache-2.0
// A team and its schedule from a template, seen for two weeks as the server reckons it before it is saved.
import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { call, get, type Shift } from '../../api/http';
import type { Document } from '../../api/types';
import { A } from '../../router';
import { docs, me, reload } from '../../store/store';
import { Fault } from '../../ui/howlong';
import { Initials, useLoad } from '../../ui/parts';
import { toast } from '../../ui/toast';
import { clockIn, day, ownZone } from '../../ui/time';
import { faultAt, saveSet, slugOf, wordsOf, type Body, type Documents } from '../contacts/api';
import { Field } from '../contacts/contacts';
import type { StepProps } from './index';
import { People, type Fresh } from './people';
import { days, groupsOf, layersOf, templates, type Group, type Plan, type Template } from './templates';
import { Zone } from './zone';

const WEEKS = 14 * 864e5;
const SHOWN = 16;

function Coming({ list, zone }: { list: Shift[]; zone: string }): JSX.Element {
	const gaps = list.filter((s) => s.users.length === 0);
	return (
		<div aria-live="polite">
			<h3>The next two weeks</h3>
			{gaps.length > 0 && (
				<p class="note bad">
					Nobody is on call {gaps.length === 1 ? 'once' : `${gaps.length} times`}, first from{' '}
					{day(gaps[0]!.from, zone)} {clockIn(gaps[0]!.from, zone)}.
				</p>
			)}
			<ol class="coming">
				{list.slice(0, SHOWN).map((s) => (
					<li>
						<span>
							{day(s.from, zone)} {clockIn(s.from, zone)} to {day(s.to, zone)} {clockIn(s.to, zone)}
						</span>
						{s.users.length ? (
							<span class="person">
								<Initials id={s.users[0]!.id} name={s.users[0]!.name ?? s.users[0]!.id} />
								{s.users.map((u) => u.name ?? u.id).join(' + ')}
							</span>
						) : (
							<span class="nobody">NOBODY</span>
						)}
					</li>
				))}
			</ol>
			{list.length > SHOWN && <p class="muted">and {list.length - SHOWN} more.</p>}
		</div>
	);
}

/** Asked of the server a moment after the last change. */
function usePreview(id: string, set: Documents | null): { list: Shift[]; error: Error | null } {
	const [state, put] = useState<{ list: Shift[]; error: Error | null }>({ list: [], error: null });
	const text = JSON.stringify(set);
	useEffect(() => {
		if (!set) {
			put({ list: [], error: null });
			return;
		}
		const from = Date.now();
		const stop = new AbortController();
		const span = `from=${new Date(from).toISOString()}&to=${new Date(from + WEEKS).toISOString()}`;
		const timer = setTimeout(() => {
			call<{ shifts: Shift[] }>('POST', `/schedules/${id}/preview?${span}`, {
				body: set,
				signal: stop.signal,
			}).then(
				(a) => put({ list: a.value.shifts, error: null }),
				(error: Error) => {
					if (error.name !== 'AbortError') put((s) => ({ ...s, error }));
				},
			);
		}, 300);
		return () => {
			clearTimeout(timer);
			stop.abort();
		};
	}, [text]);
	return state;
}

function documents(
	p: Plan,
	team: string,
	ids: { team: string; schedule: string },
	made: Fresh,
): Documents | null {
	const everybody = [...new Set(p.groups.flatMap((g) => g.people))];
	if (everybody.length === 0) return null;
	const members: Record<string, string> = { [me.value!.id]: 'manager' };
	for (const u of everybody) members[u] ??= 'responder';
	const users = Object.fromEntries(Object.entries(made).filter(([id]) => everybody.includes(id)));
	return {
		...(Object.keys(users).length ? { users } : {}),
		teams: { [ids.team]: { name: team, members } },
		schedules: {
			[ids.schedule]: { name: p.name, team: ids.team, zone: p.zone, layers: layersOf(p, Date.now()) },
		},
	};
}

function Hours({ g, put, sun }: { g: Group; put: (g: Group) => void; sun: boolean }): JSX.Element {
	return (
		<>
			{sun && <Zone label={`Zone of ${g.name}`} value={g.zone} set={(zone) => put({ ...g, zone })} />}
			<div class="two">
				<Field label={`${g.name} from`}>
					<input
						type="time"
						required
						value={g.from}
						onInput={(e) => put({ ...g, from: e.currentTarget.value })}
					/>
				</Field>
				<Field label={`${g.name} until`}>
					<input
						type="time"
						required
						value={g.to}
						onInput={(e) => put({ ...g, to: e.currentTarget.value })}
					/>
				</Field>
			</div>
		</>
	);
}

export function Schedule({ next }: StepProps): JSX.Element {
	const organisation = useLoad(() => get<Document>('/organisation'), []);
	const zone = String((organisation.value?.document as Body | undefined)?.['zone'] ?? ownZone);
	const [team, setTeam] = useState('Operations');
	const [made, make] = useState<Fresh>({});
	const [draft, set] = useState<Plan | null>(null);
	const [error, fail] = useState<Error | null>(null);
	const [busy, work] = useState(false);
	const p: Plan = draft ?? {
		template: 'weekly',
		name: 'First line',
		zone,
		day: 1,
		time: '09:00',
		groups: groupsOf('weekly', zone, [me.value!.id]),
	};
	const teams = docs('teams'),
		schedules = docs('schedules');
	const ids = {
		team: slugOf(team, (x) => !!teams?.has(x), 'team'),
		schedule: slugOf(p.name, (x) => !!schedules?.has(x), 'schedule'),
	};
	const all = documents(p, team, ids, made);
	const preview = usePreview(ids.schedule, all);
	const pick = (template: Template): void =>
		set({ ...p, template, groups: groupsOf(template, p.zone, p.groups[0]!.people) });
	const put = (i: number, g: Group): void => set({ ...p, groups: p.groups.map((x, k) => (k === i ? g : x)) });
	const wrong = error ?? preview.error;
	const simple = p.template === 'weekly' || p.template === 'daily';
	return (
		<form
			data-dirty={draft ? '' : undefined}
			onSubmit={(e) => {
				e.preventDefault();
				if (!all) return;
				work(true);
				saveSet(all, `set-up: team ${ids.team}, schedule ${ids.schedule}`)
					.then(
						() => {
							for (const s of ['users', 'teams', 'schedules'] as const) reload(s);
							toast({ text: 'The team and its schedule are made.' });
							next();
						},
						(x: Error) => fail(x),
					)
					.finally(() => work(false));
			}}
		>
			{(schedules?.size ?? 0) > 0 && (
				<p class="note">
					There {schedules!.size === 1 ? 'is a schedule' : `are ${schedules!.size} schedules`} already:{' '}
					<A href="/schedules">see them</A>. Here you make another one.
				</p>
			)}
			<div class="two">
				<Field label="Team" fault={faultAt(wrong, `teams/${ids.team}/name`)}>
					<input required value={team} onInput={(e) => setTeam(e.currentTarget.value)} />
				</Field>
				<Field label="Schedule" fault={faultAt(wrong, `schedules/${ids.schedule}/name`)}>
					<input required value={p.name} onInput={(e) => set({ ...p, name: e.currentTarget.value })} />
				</Field>
			</div>
			<fieldset class="templates">
				<legend>How the work is shared</legend>
				{templates.map(([id, title, about]) => (
					<label>
						<input type="radio" name="template" checked={p.template === id} onChange={() => pick(id)} />
						<b>{title}</b>
						<small>{about}</small>
					</label>
				))}
			</fieldset>
			<div class="two">
				<Zone
					label="Zone of its clocks"
					value={p.zone}
					set={(z) => set({ ...p, zone: z })}
					fault={faultAt(wrong, 'zone')}
				/>
				{p.template !== 'daily' && (
					<Field label="Turns change on">
						<select value={p.day} onChange={(e) => set({ ...p, day: Number(e.currentTarget.value) })}>
							{days.map((d, i) => (
								<option value={i + 1}>{d}</option>
							))}
						</select>
					</Field>
				)}
				{simple && (
					<Field label="Handoff at">
						<input
							type="time"
							required
							value={p.time}
							onInput={(e) => set({ ...p, time: e.currentTarget.value })}
						/>
					</Field>
				)}
			</div>
			{p.groups.map((g, i) => (
				<fieldset class="region">
					<legend>{simple ? 'Who takes turns, in this order' : g.name}</legend>
					{!simple && <Hours g={g} put={(x) => put(i, x)} sun={p.template === 'sun'} />}
					<People
						label={g.name}
						ids={g.people}
						set={(people) => put(i, { ...g, people })}
						made={made}
						make={(id, body) => make((m) => ({ ...m, [id]: body }))}
					/>
				</fieldset>
			))}
			{preview.list.length > 0 && <Coming list={preview.list} zone={p.zone} />}
			{wrong && <Fault text={wordsOf(wrong)} />}
			<div class="actions">
				<button class="main" disabled={busy || !all || preview.list.length === 0}>
					Make the team and its schedule
				</button>
			</div>
		</form>
	);
}
