// SPDX-License-Identifier: Apache-2.0
// Who is on call now, who comes next, my own shifts, and taking over: an override, from now until a time.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { call, get, key, type Duty, type List, type Shift } from '../api/http';
import { A } from '../router';
import { duty, loadDuty } from '../shell';
import { docs, may, me, myTeams, targetName } from '../store/store';
import { Copy, Dialog, Initials, useLoad } from '../ui/parts';
import { Icon } from '../ui/icons';
import { toast } from '../ui/toast';
import { instant, now, ownZone, parseSpan, reading, span, when, zoneName } from '../ui/time';

interface Line extends Duty {
	next: Shift | null;
	shifts: Shift[];
}
const DAYS = 60;

async function load(): Promise<Line[]> {
	const list = (await get<List<Duty>>('/oncall')).items;
	duty.value = list;
	const to = new Date(Date.now() + DAYS * 864e5).toISOString();
	return Promise.all(
		list.map(async (d) => {
			const shifts = (await get<List<Shift>>(`/schedules/${d.schedule}/shifts?to=${to}`)).items;
			const next = d.until ? shifts.find((s) => Date.parse(s.from) >= Date.parse(d.until!)) : undefined;
			return { ...d, shifts, next: next ?? null };
		}),
	);
}

/** A contact at all is the least that makes somebody reachable. */
function Reachable({ ids }: { ids: string[] }): JSX.Element {
	const bad = ids.filter(
		(id) => Object.keys((docs('users')?.get(id)?.body['contacts'] ?? {}) as object).length === 0,
	);
	if (ids.length === 0) return <span class="muted">–</span>;
	if (bad.length)
		return (
			<A href={`/config/users/${bad[0]}`} class="warn">
				! no contact
			</A>
		);
	const types = new Set(
		ids.flatMap((id) =>
			Object.values((docs('users')?.get(id)?.body['contacts'] ?? {}) as Record<string, { type: string }>).map(
				(c) => c.type,
			),
		),
	);
	return (
		<span class="resolved">
			✓ <span class="muted">{[...types].join(', ')}</span>
		</span>
	);
}

function People({ users, big }: { users: Shift['users']; big?: boolean }): JSX.Element {
	if (users.length === 0) return <span class="nobody">NOBODY</span>;
	return (
		<>
			{users.slice(0, 2).map((u) => (
				<span class="person">
					<Initials id={u.id} name={u.name ?? u.id} />
					<A href={`/config/users/${u.id}`}>{big ? <b>{u.name ?? u.id}</b> : (u.name ?? u.id)}</A>
				</span>
			))}
			{users.length > 2 && <span class="muted"> +{users.length - 2}</span>}
		</>
	);
}

export interface Difference {
	from: string;
	to: string;
	before: Shift['users'];
	after: Shift['users'];
}
export interface Made {
	id: string;
	differences: Difference[];
	gaps_left: { from: string; to: string }[];
}

/** Whoever shares the work of a schedule may, for themselves or another. With `dry` only said. */
export async function makeOverride(
	schedule: string,
	from: number,
	to: number,
	who: string | null,
	dry = false,
): Promise<Made> {
	const body: Record<string, unknown> = {
		from: new Date(from).toISOString(),
		to: new Date(to).toISOString(),
		dry_run: dry,
	};
	if (who) body['with'] = who;
	else body['nobody'] = true;
	return (
		await call<Made>('POST', `/schedules/${schedule}/overrides`, {
			body,
			headers: dry ? {} : { 'Idempotency-Key': key() },
		})
	).value;
}
export async function dropOverride(id: string): Promise<void> {
	await call('DELETE', `/overrides/${id}`);
}

function Take({ line, onClose }: { line: Duty; onClose: (done: boolean) => void }): JSX.Element {
	const [text, set] = useState('');
	const [error, fail] = useState('');
	const [who, setWho] = useState(me.value?.id ?? '');
	const ms = parseSpan(text);
	const take = (to: number): void => {
		makeOverride(line.schedule, Date.now(), to, who).then(
			({ id }) => {
				toast({
					text: `${who === me.value?.id ? 'You have' : targetName('user/' + who) + ' has'} ${line.name} until ${when(to)}`,
					undo: { text: 'Undo', run: () => void dropOverride(id).then(loadDuty) },
				});
				void loadDuty();
				onClose(true);
			},
			(e: Error) => fail(e.message),
		);
	};
	return (
		<Dialog title={`Take ${line.name}`} onClose={() => onClose(false)}>
			<p class="muted">
				From now on, over what the schedule says:{' '}
				{line.users.length
					? `${line.users.map((u) => u.name ?? u.id).join(', ')} will not be paged meanwhile.`
					: 'at present nobody is on call.'}
			</p>
			<label>
				Who
				<select value={who} onChange={(e) => setWho(e.currentTarget.value)}>
					{[...(docs('users')?.values() ?? [])].map((u) => (
						<option value={u.id}>
							{u.name}
							{u.id === me.value?.id ? ' (you)' : ''}
						</option>
					))}
				</select>
			</label>
			<div class="choices">
				<button onClick={() => take(Date.now() + 36e5)}>1 hour</button>
				<button onClick={() => take(Date.now() + 4 * 36e5)}>4 hours</button>
				<button
					onClick={() => {
						const r = new Date(reading(ownZone, Date.now()) + 864e5);
						take(instant(ownZone, r.getUTCFullYear(), r.getUTCMonth() + 1, r.getUTCDate(), 9));
					}}
				>
					Tomorrow 09:00
				</button>
				{line.until && (
					<button onClick={() => take(Date.parse(line.until!))}>End of shift, {when(line.until)}</button>
				)}
			</div>
			<form
				onSubmit={(e) => {
					e.preventDefault();
					if (ms > 0) take(Date.now() + ms);
				}}
			>
				<label>
					Or for how long
					<input value={text} placeholder="2h30m" onInput={(e) => set(e.currentTarget.value)} />
				</label>
				{error && (
					<p class="note bad" role="alert">
						{error}
					</p>
				)}
				<div class="actions">
					<span class="muted">{ms > 0 && `until ${when(Date.now() + ms)}`}</span>
					<button class="main" disabled={!(ms > 0)}>
						Take
					</button>
				</div>
			</form>
		</Dialog>
	);
}

function Mine({ lines }: { lines: Line[] }): JSX.Element {
	const id = me.value?.id ?? '';
	const list = lines
		.flatMap((l) => l.shifts.filter((s) => s.users.some((u) => u.id === id)).map((s) => ({ l, s })))
		.sort((a, b) => (a.s.from < b.s.from ? -1 : 1))
		.slice(0, 6);
	const at = list.filter((x) => Date.parse(x.s.from) <= now.value);
	return (
		<section class="panel" aria-label="My shifts">
			<header class="panel-head">
				<h2>My shifts</h2>
				{at.length > 0 ? (
					<span class="resolved">● on call now</span>
				) : (
					<span class="muted">○ not on call now</span>
				)}
			</header>
			{list.length === 0 ? (
				<p class="muted pad">None in the next {DAYS} days.</p>
			) : (
				<table>
					<tbody>
						{list.map(({ l, s }) => (
							<tr>
								<th scope="row">
									<A href={`/schedules/${l.schedule}?at=${s.from.slice(0, 10)}`}>{l.name}</A>
								</th>
								<td class="num">
									{Date.parse(s.from) <= now.value ? 'now' : when(s.from)} → {when(s.to)}
								</td>
								<td class="muted right">
									{span(Date.parse(s.to) - Math.max(now.value, Date.parse(s.from)))}
									{Date.parse(s.from) <= now.value ? ' left' : ''}
								</td>
							</tr>
						))}
					</tbody>
				</table>
			)}
		</section>
	);
}

export default function OnCall(_: { id: string; sub: string }): JSX.Element {
	const data = useLoad(load, []);
	const [taking, take] = useState<Duty | null>(null);
	const [text, set] = useState('');
	const lines = (data.value ?? []).filter((l) =>
		`${l.name} ${l.team ?? ''} ${targetName(`team/${l.team}`)} ${l.users.map((u) => u.name).join(' ')} ${services(l.schedule).join(' ')}`
			.toLowerCase()
			.includes(text.toLowerCase()),
	);
	const sorted = [...lines].sort(
		(a, b) =>
			Number(myTeams.value.has(b.team ?? '')) - Number(myTeams.value.has(a.team ?? '')) ||
			(a.team ?? '').localeCompare(b.team ?? ''),
	);
	const gaps = (data.value ?? []).filter((l) => l.users.length === 0).length;
	const asText = sorted
		.map(
			(l) =>
				`${l.name}: ${l.users.map((u) => u.name ?? u.id).join(', ') || 'NOBODY'}${l.until ? ` until ${when(l.until)}` : ''}`,
		)
		.join('\n');
	return (
		<div class="page">
			<div class="page-inner">
				<header>
					<h1>On call now</h1>
					{gaps > 0 && <span class="nobody">{gaps} without anybody</span>}
					<span class="zone muted push">{zoneName()}</span>
					{data.value && <Copy text={asText} label="Copy as text" />}
				</header>
				<div class="filter page-filter">
					<Icon name="search" />
					<input
						type="search"
						aria-label="Filter by team, person or service"
						placeholder="Whom do I call for… (team, person, service)"
						value={text}
						onInput={(e) => set(e.currentTarget.value)}
					/>
				</div>
				{data.error && (
					<p class="note bad">
						{data.error.message} <button onClick={data.again}>Try again</button>
					</p>
				)}
				<div class="panel scroll">
					<table class="oncall-table">
						<thead>
							<tr>
								<th>Schedule</th>
								<th>On call</th>
								<th>Next change</th>
								<th>Reachable</th>
								<th>
									<span class="sr">Actions</span>
								</th>
							</tr>
						</thead>
						<tbody>
							{sorted.map((l) => (
								<tr>
									<th scope="row">
										<A href={`/schedules/${l.schedule}`}>{l.name}</A>{' '}
										<small>{l.team ? targetName(`team/${l.team}`) : ''}</small>
									</th>
									<td>
										<People users={l.users} big />{' '}
										{l.until && <span class="muted num">until {when(l.until)}</span>}
									</td>
									<td class="num">
										{l.next ? (
											<>
												{when(l.next.from)} →{' '}
												{l.next.users.length ? (
													l.next.users.map((u) => u.name ?? u.id).join(', ')
												) : (
													<span class="nobody">NOBODY</span>
												)}
											</>
										) : (
											<span class="muted">standing, no hand-off</span>
										)}
									</td>
									<td>
										<Reachable ids={l.users.map((u) => u.id)} />
									</td>
									<td class="right">
										{may('member') &&
											(l.users.length === 0 ? (
												<button class="main" onClick={() => take(l)}>
													Cover it
												</button>
											) : (
												<button title={`Take ${l.name}`} onClick={() => take(l)}>
													Take…
												</button>
											))}
									</td>
								</tr>
							))}
							{data.value && sorted.length === 0 && (
								<tr>
									<td colSpan={5} class="muted">
										{text ? 'Nothing matches.' : 'There is no schedule yet.'}{' '}
										{may('admin') && !text && <A href="/config/schedules/new">Make one</A>}
									</td>
								</tr>
							)}
						</tbody>
					</table>
				</div>
				{data.value && <Mine lines={data.value} />}
				{taking && (
					<Take
						line={taking}
						onClose={(done) => {
							take(null);
							if (done) data.again();
						}}
					/>
				)}
			</div>
		</div>
	);
}

/** Services whose policy pages the schedule: what people ask by. */
function services(schedule: string): string[] {
	const policies = [...(docs('policies')?.values() ?? [])]
		.filter((p) => JSON.stringify(p.body['steps'] ?? []).includes(`schedule/${schedule}"`))
		.map((p) => p.id);
	return [...(docs('services')?.values() ?? [])]
		.filter((s) => policies.includes(String(s.body['policy'])))
		.map((s) => `${s.name} ${s.id}`);
}
