// SPDX-License-Identifier: Apache-2.0
// All sections at a glance, and the documents of one as a table.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { A } from '../../router';
import type { Heard } from '../../api/types';
import { docs, may, targetName, userName, type Doc, type Section } from '../../store/store';
import { Empty, Initials } from '../../ui/parts';
import { Icon } from '../../ui/icons';
import { Count, State, useHeard } from './integration/state';
import { Kind, kinds, str } from './kinds';

// ---- overview ----

export function Overview(): JSX.Element {
	return (
		<div class="page">
			<div class="page-inner">
				<header>
					<h1>Configuration</h1>
					<span class="push" />
					<A href="/history">History and roll back</A>
					<A href="/config/organisation">Organisation</A>
				</header>
				<div class="cards">
					{(Object.entries(kinds) as [Section, Kind][]).map(([s, k]) => {
						const n = docs(s)?.size;
						return (
							<A class="card" href={`/config/${s}`}>
								<b>
									{k.name} <span class="n">{n ?? ''}</span>
								</b>
								<span class="muted">{k.what}</span>
							</A>
						);
					})}
					<A class="card" href="/config/scenarios">
						<b>Scenarios</b>
						<span class="muted">Try what would happen, on a clock of its own</span>
					</A>
				</div>
			</div>
		</div>
	);
}

const mutes = (d: Doc): string =>
	[
		...((d.body['services'] ?? []) as string[]).map((x) => targetName(`service/${x}`)),
		...((d.body['integrations'] ?? []) as string[]).map((x) => targetName(`integration/${x}`)),
	].join(', ');

function columns(
	s: Section,
	heard: Map<string, Heard> | undefined,
): [string, (d: Doc) => JSX.Element | string][] {
	const ref = (section: Section, id: unknown): JSX.Element | string =>
		id ? <A href={`/config/${section}/${id}`}>{docs(section)?.get(String(id))?.name ?? String(id)}</A> : '';
	const team: [string, (d: Doc) => JSX.Element | string] = [
		'Team',
		(d) => (d.body['team'] ? ref('teams', d.body['team']) : <span class="muted">–</span>),
	];
	if (s === 'services')
		return [
			team,
			[
				'Policy',
				(d) =>
					d.body['policy'] ? (
						ref('policies', d.body['policy'])
					) : (
						<span class="warn">none: only the catch-all</span>
					),
			],
			[
				'Depends on',
				(d) =>
					((d.body['depends_on'] as string[] | undefined) ?? [])
						.map((x) => docs('services')?.get(x)?.name ?? x)
						.join(', '),
			],
		];
	if (s === 'users')
		return [
			['Role', (d) => str(d.body['role'] ?? 'member')],
			['E-mail', (d) => str(d.body['email'])],
			[
				'Contacts',
				(d) => {
					const n = Object.values((d.body['contacts'] ?? {}) as Record<string, { type: string }>);
					return n.length ? n.map((c) => c.type).join(', ') : <span class="warn">none</span>;
				},
			],
		];
	if (s === 'teams')
		return [
			[
				'Members',
				(d) =>
					Object.keys((d.body['members'] ?? {}) as object)
						.map(userName)
						.join(', '),
			],
		];
	if (s === 'policies')
		return [
			team,
			[
				'Steps',
				(d) =>
					((d.body['steps'] ?? []) as { page: unknown[] }[])
						.map((x) =>
							x.page
								.map((t) => (typeof t === 'string' ? targetName(t) : targetName((t as { to: string }).to)))
								.join(' + '),
						)
						.join(' → '),
			],
			[
				'Used by',
				(d) => {
					const n = [...(docs('services')?.values() ?? [])].filter((x) => x.body['policy'] === d.id).length;
					return n ? `${n} service${n === 1 ? '' : 's'}` : <span class="muted">no service</span>;
				},
			],
		];
	if (s === 'integrations')
		return [
			['Last signal', (d) => <State h={heard?.get(d.id)} />],
			['24 hours', (d) => <Count n={heard?.get(d.id)?.day} />],
			['7 days', (d) => <Count n={heard?.get(d.id)?.week} />],
			['Type', (d) => str(d.body['type'] ?? 'native')],
			team,
			['Service', (d) => ref('services', d.body['service'])],
		];
	if (s === 'windows')
		return [
			['For', (d) => mutes(d)],
			['From', (d) => str(d.body['from'])],
			['To', (d) => str(d.body['to'])],
			['Why', (d) => str(d.body['reason'])],
		];
	if (s === 'overrides')
		return [
			['Schedule', (d) => targetName(`schedule/${str(d.body['schedule'])}`)],
			['From', (d) => str(d.body['from'])],
			['To', (d) => str(d.body['to'])],
			['With', (d) => userName(str(d.body['with']) || undefined)],
		];
	if (s === 'schedules')
		return [
			team,
			['Layers', (d) => ((d.body['layers'] ?? []) as { name?: string }[]).map((l) => l.name).join(', ')],
		];
	return [team];
}

export function ListPage({ section, above }: { section: Section; above?: JSX.Element | null }): JSX.Element {
	const k = kinds[section]!;
	const all = docs(section);
	const [text, set] = useState('');
	const list = [...(all?.values() ?? [])]
		.filter((d) => `${d.name} ${d.id}`.toLowerCase().includes(text.toLowerCase()))
		.sort((a, b) => a.name.localeCompare(b.name));
	const cols = columns(section, useHeard(section === 'integrations'));
	return (
		<div class="page">
			<div class="page-inner">
				<p class="crumbs">
					<A href="/config">
						<Icon name="left" /> Configuration
					</A>
				</p>
				<header>
					<h1>{k.name}</h1>
					<span class="muted">{k.what}</span>
					<span class="push" />
					{may('member') && (
						<A class="button" href={`/config/${section}/new`}>
							<Icon name="plus" /> New {k.one}
						</A>
					)}
				</header>
				{(all?.size ?? 0) > 8 && (
					<div class="filter page-filter">
						<Icon name="search" />
						<input
							type="search"
							aria-label="Filter"
							value={text}
							onInput={(e) => set(e.currentTarget.value)}
						/>
					</div>
				)}
				{above}
				{all && all.size === 0 ? (
					<Empty title={`No ${k.one} yet.`}>
						<p class="muted">{k.what}.</p>
					</Empty>
				) : (
					<div class="panel scroll">
						<table class="cards">
							<thead>
								<tr>
									<th>Name</th>
									{cols.map(([n]) => (
										<th>{n}</th>
									))}
								</tr>
							</thead>
							<tbody>
								{list.map((d) => (
									<tr>
										<th scope="row">
											<A href={`/config/${section}/${d.id}`}>
												{section === 'users' ? (
													<span class="person">
														<Initials id={d.id} name={d.name} />
														{d.name}
													</span>
												) : (
													d.name
												)}
											</A>
											{d.name !== d.id && (
												<>
													{' '}
													<small>{d.id}</small>
												</>
											)}
											{d.source && <span class="tag">by {d.source}</span>}
										</th>
										{cols.map(([n, f]) => (
											<td data-label={n}>{f(d)}</td>
										))}
									</tr>
								))}
							</tbody>
						</table>
					</div>
				)}
			</div>
		</div>
	);
}
