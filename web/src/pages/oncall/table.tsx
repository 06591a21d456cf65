// SPDX-License-Identifier: Apache-2.0
// The table: who is called for what, and how to reach, to relieve or to cover them.
import type { JSX } from 'preact';
import { type Duty, type Shift } from '../../api/http';
import { A } from '../../router';
import { docs, may, targetName } from '../../store/store';
import { Initials } from '../../ui/parts';
import { when } from '../../ui/time';
import { shares } from '../duty/api';
import { secondary, servicesOf, type Line } from './lines';

/** A contact at all is the least that makes somebody reachable. */
function Reachable({ ids }: { ids: string[] }): JSX.Element {
	const contacts = (id: string): { type: string }[] =>
		Object.values((docs('users')?.get(id)?.body['contacts'] ?? {}) as Record<string, { type: string }>);
	const bad = ids.find((id) => contacts(id).length === 0);
	if (ids.length === 0) return <span class="muted">–</span>;
	if (bad)
		return (
			<A href={`/config/users/${bad}`} class="warn">
				! no contact
			</A>
		);
	return (
		<span class="resolved">
			✓{' '}
			<span class="muted">
				{[...new Set(ids.flatMap((id) => contacts(id).map((c) => c.type)))].join(', ')}
			</span>
		</span>
	);
}

export function People({ users, big }: { users: Shift['users']; big?: boolean }): JSX.Element {
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

function Secondary({ line, lines }: { line: Line; lines: Line[] }): JSX.Element {
	const { people, words } = secondary(line, lines);
	if (people.length + words.length === 0) return <span class="muted">–</span>;
	return (
		<>
			{people.length > 0 && <People users={people} />}
			{people.length > 0 && words.length > 0 && ', '}
			{words.join(', ')}
		</>
	);
}

function Next({ line }: { line: Line }): JSX.Element {
	if (!line.next) return <span class="muted">standing, no hand-off</span>;
	return (
		<>
			{when(line.next.from)} →{' '}
			{line.next.users.length ? (
				line.next.users.map((u) => u.name ?? u.id).join(', ')
			) : (
				<span class="nobody">NOBODY</span>
			)}
		</>
	);
}

export interface Acts {
	page: (d: Duty) => void;
	take: (d: Duty) => void;
}

function Row({
	line,
	lines,
	asked,
	acts,
}: {
	line: Line;
	lines: Line[];
	asked: string;
	acts: Acts;
}): JSX.Element {
	const by = asked ? servicesOf(line.schedule) : [];
	return (
		<tr>
			<th scope="row">
				<A href={`/schedules/${line.schedule}`}>{line.name}</A>{' '}
				<small>{line.team ? targetName(`team/${line.team}`) : ''}</small>
				{by.length > 0 && <small class="muted"> for {by.map((s) => s.name).join(', ')}</small>}
			</th>
			<td>
				<People users={line.users} big />{' '}
				{line.until && <span class="muted num">until {when(line.until)}</span>}
			</td>
			<td>
				<span class="narrow-only muted">then </span>
				<Secondary line={line} lines={lines} />
			</td>
			<td class="num">
				<Next line={line} />
			</td>
			<td>
				<Reachable ids={line.users.map((u) => u.id)} />
			</td>
			<td class="right acts">
				{may('member') && (
					<button title={`Page ${line.name}`} onClick={() => acts.page(line)}>
						Page…
					</button>
				)}
				{shares(line.schedule) &&
					(line.users.length === 0 ? (
						<button class="main" onClick={() => acts.take(line)}>
							Cover it
						</button>
					) : (
						<button title={`Take ${line.name}`} onClick={() => acts.take(line)}>
							Take…
						</button>
					))}
			</td>
		</tr>
	);
}

export function Table({
	lines,
	all,
	asked,
	acts,
	loaded,
}: {
	lines: Line[];
	all: Line[];
	asked: string;
	acts: Acts;
	loaded: boolean;
}): JSX.Element {
	return (
		<div class="panel scroll">
			<table class="oncall-table">
				<thead>
					<tr>
						<th>Schedule</th>
						<th>On call</th>
						<th>Secondary</th>
						<th>Next change</th>
						<th>Reachable</th>
						<th>
							<span class="sr">Actions</span>
						</th>
					</tr>
				</thead>
				<tbody>
					{lines.map((l) => (
						<Row key={l.schedule} line={l} lines={all} asked={asked} acts={acts} />
					))}
					{loaded && lines.length === 0 && (
						<tr>
							<td colSpan={6} class="muted">
								{asked ? 'Nothing matches.' : 'There is no schedule yet.'}{' '}
								{may('admin') && !asked && <A href="/schedules/new">Make one</A>}
							</td>
						</tr>
					)}
				</tbody>
			</table>
		</div>
	);
}
