// SPDX-License-Identifier: Apache-2.0
// What a document means: members, duty, steps, what depends on what.
import type { JSX } from 'preact';
import { A } from '../../router';
import { docs, targetName, userName, type Doc, type Section } from '../../store/store';
import { Initials } from '../../ui/parts';
import { str } from './kinds';

export function About({ section, d }: { section: Section; d: Doc }): JSX.Element {
	const b = d.body;
	const steps = (b['steps'] ?? []) as { page: (string | { to: string; who?: string })[]; wait?: string }[];
	const serviced = [...(docs('services')?.values() ?? [])].filter(
		(s) => s.body[section === 'teams' ? 'team' : 'policy'] === d.id,
	);
	return (
		<section class="panel" aria-label="About">
			<header class="panel-head">
				<h2>What it says</h2>
			</header>
			<div class="pad">
				{b['description'] !== undefined && <p>{str(b['description'])}</p>}
				{section === 'policies' && (
					<>
						<ol class="steps-list">
							{steps.map((s, i) => (
								<li>
									<b>{i + 1}</b> page{' '}
									{s.page
										.map((t) =>
											typeof t === 'string'
												? targetName(t)
												: `${targetName(t.to)}${t.who ? ` (${t.who})` : ''}`,
										)
										.join(' and ')}
									, <span class="muted">wait {s.wait ?? '5m'}</span>
								</li>
							))}
						</ol>
						<p class="muted">
							{Number(b['repeat'] ?? 0) > 0
								? `Then ${b['repeat']} more round${b['repeat'] === 1 ? '' : 's'}, then`
								: 'Then'}{' '}
							the organisation’s catch-all.
						</p>
						<p>
							Used by{' '}
							{serviced.length ? (
								serviced.map((s, i) => (
									<>
										{i > 0 && ', '}
										<A href={`/config/services/${s.id}`}>{s.name}</A>
									</>
								))
							) : (
								<span class="warn">no service</span>
							)}
							.
						</p>
					</>
				)}
				{section === 'teams' && (
					<>
						<ul>
							{Object.entries((b['members'] ?? {}) as Record<string, string>).map(([u, r]) => (
								<li class="person">
									<Initials id={u} name={userName(u)} />
									<A href={`/config/users/${u}`}>{userName(u)}</A> <small>{r}</small>
								</li>
							))}
						</ul>
						<p>
							Services:{' '}
							{serviced.length
								? serviced.map((s, i) => (
										<>
											{i > 0 && ', '}
											<A href={`/config/services/${s.id}`}>{s.name}</A>
										</>
									))
								: 'none'}
							.
						</p>
					</>
				)}
				{section === 'users' && (
					<>
						<p>
							{str(b['email'])} · {str(b['role'] ?? 'member')}
							{b['zone'] !== undefined && ` · ${str(b['zone'])}`}
						</p>
						<h3>Contacts</h3>
						<ul>
							{Object.entries(
								(b['contacts'] ?? {}) as Record<string, { type: string; address?: string }>,
							).map(([n, c]) => (
								<li>
									<b>{n}</b>{' '}
									<span class="muted">
										{c.type} {c.address}
									</span>
								</li>
							))}
							{Object.keys((b['contacts'] ?? {}) as object).length === 0 && (
								<li class="warn">None: nobody can page this person.</li>
							)}
						</ul>
						<h3>How they are paged</h3>
						{(['high', 'low'] as const).map((u) => (
							<p>
								{u}:{' '}
								{(
									(b['paging'] as Record<string, { contact: string; after?: string }[]> | undefined)?.[u] ??
									[]
								)
									.map((s) => `${s.contact}${s.after ? ` after ${s.after}` : ' at once'}`)
									.join(', ') || <span class="muted">every contact at once</span>}
							</p>
						))}
					</>
				)}
				{section === 'services' && (
					<>
						<p>
							Team{' '}
							{b['team'] ? (
								<A href={`/config/teams/${b['team']}`}>{targetName(`team/${str(b['team'])}`)}</A>
							) : (
								<span class="warn">none</span>
							)}
							, policy{' '}
							{b['policy'] ? (
								<A href={`/config/policies/${b['policy']}`}>{targetName(`policy/${str(b['policy'])}`)}</A>
							) : (
								<span class="warn">none: only the catch-all is paged</span>
							)}
							.
						</p>
						<Depends id={d.id} />
						{Object.entries((b['links'] ?? {}) as Record<string, string>)
							.filter(([, v]) => /^https?:/.test(v))
							.map(([n, v]) => (
								<p>
									<a href={v} rel="noreferrer noopener" target="_blank">
										{n} ↗
									</a>
								</p>
							))}
					</>
				)}
				{section === 'schedules' && (
					<p>
						<A href={`/schedules/${d.id}`}>See it as a calendar</A>
					</p>
				)}
				{section === 'integrations' && (
					<p>
						Type {str(b['type'] ?? 'native')}
						{b['service'] !== undefined && (
							<>
								, for{' '}
								<A href={`/config/services/${b['service']}`}>{targetName(`service/${str(b['service'])}`)}</A>
							</>
						)}
						.
					</p>
				)}
				{(section === 'rulesets' ||
					section === 'overrides' ||
					section === 'channels' ||
					section === 'windows') && <p class="muted">See the document.</p>}
			</div>
		</section>
	);
}

export function Depends({ id }: { id: string }): JSX.Element {
	const all = [...(docs('services')?.values() ?? [])];
	const up = (docs('services')?.get(id)?.body['depends_on'] ?? []) as string[];
	const down = all.filter((s) => ((s.body['depends_on'] ?? []) as string[]).includes(id)).map((s) => s.id);
	const links = (l: string[]): JSX.Element => (
		<>
			{l.length
				? l.map((x, i) => (
						<>
							{i > 0 && ', '}
							<A href={`/config/services/${x}`}>{docs('services')?.get(x)?.name ?? x}</A>
						</>
					))
				: 'nothing'}
		</>
	);
	return (
		<p>
			Depends on {links(up)}; needed by {links(down)}.
		</p>
	);
}
