// SPDX-License-Identifier: Apache-2.0
// Configuration: documents by section, each with what it means (members, simulation, set-up, history) and as
// YAML. Saving asks the server first what would change; its refusals stand beside their lines.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { call, Failure, get, type Fault, type List, type Preview } from '../api/http';
import type { Rejected, Revision, SignalRow } from '../api/types';
import { addKeys } from '../keys';
import { A, go, guard, path, query } from '../router';
import { docs, may, me, onEvents, reload, targetName, userName, type Doc, type Section } from '../store/store';
import { Copy, Dialog, Empty, Initials, Time, useLoad } from '../ui/parts';
import { Diff, pretty } from '../ui/diff';
import { Icon } from '../ui/icons';
import { toast } from '../ui/toast';
import { age, clock, dayKey, instant, ownZone, span, when } from '../ui/time';

interface Kind { name: string; one: string; what: string; template: (id: string) => string }
const kinds: Partial<Record<Section, Kind>> = {
	services: { name: 'Services', one: 'service', what: 'What breaks, whose it is, by which policy people are paged', template: (id) => `services:\n  ${id}:\n    name: \n    team: \n    policy: \n    routing_keys: []\n` },
	teams: { name: 'Teams', one: 'team', what: 'Who works together; managers may change what is the team’s', template: (id) => `teams:\n  ${id}:\n    name: \n    members:\n      someone: manager\n` },
	users: { name: 'People', one: 'user', what: 'Addresses and how each wants to be paged', template: (id) => `users:\n  ${id}:\n    name: \n    email: \n    contacts:\n      mail: { type: email, address:  }\n    paging:\n      high: [{ contact: mail }]\n      low: [{ contact: mail }]\n` },
	policies: { name: 'Escalation policies', one: 'policy', what: 'Whom to page, how long to wait, whom then', template: (id) => `policies:\n  ${id}:\n    name: \n    team: \n    steps:\n      - { page: [schedule/], wait: 5m }\n      - { page: [team/], wait: 10m }\n    repeat: 1\n` },
	schedules: { name: 'Schedules', one: 'schedule', what: 'Who is on call when, in layers', template: (id) => `schedules:\n  ${id}:\n    name: \n    team: \n    layers:\n      - name: week\n        members: []\n        start: ${dayKey(Date.now())} 09:00\n        every: 1w\n` },
	overrides: { name: 'Overrides', one: 'override', what: 'Exceptions from schedules', template: (id) => `overrides:\n  ${id}:\n    schedule: \n    from: ${dayKey(Date.now())} 09:00\n    to: ${dayKey(Date.now() + 864e5)} 09:00\n    with: ${me.value?.id ?? ''}\n` },
	absences: { name: 'Absences', one: 'absence', what: 'When somebody takes no turns', template: (id) => `absences:\n  ${id}:\n    user: ${me.value?.id ?? ''}\n    from: ${dayKey(Date.now() + 864e5)} 09:00\n    to: ${dayKey(Date.now() + 8 * 864e5)} 09:00\n` },
	holidays: { name: 'Holidays', one: 'holiday', what: 'Days that layers may leave out or cover', template: (id) => `holidays:\n  ${id}:\n    name: \n    dates: [${dayKey(Date.now() + 30 * 864e5)}]\n` },
	integrations: { name: 'Integrations', one: 'integration', what: 'Where signals come in', template: (id) => `integrations:\n  ${id}:\n    name: \n    type: alertmanager\n    team: \n    service: \n` },
	rulesets: { name: 'Rules', one: 'ruleset', what: 'What is done with a signal before it opens anything', template: (id) => `rulesets:\n  ${id}:\n    team: \n    rules:\n      - id: first\n        when: ['labels.env="staging"']\n        set: { urgency: low }\n` },
	channels: { name: 'Channels', one: 'channel', what: 'Rooms and hooks that steps can page', template: (id) => `channels:\n  ${id}:\n    name: \n` },
};

// ---- overview ----

function Overview(): JSX.Element {
	return <div class="page"><div class="page-inner"><header><h1>Configuration</h1><span class="push" /><A href="/history">History and roll back</A><A href="/config/organisation">Organisation</A></header>
		<div class="cards">{(Object.entries(kinds) as [Section, Kind][]).map(([s, k]) => { const n = docs(s)?.size; return <A class="card" href={`/config/${s}`}><b>{k.name} <span class="n">{n ?? ''}</span></b><span class="muted">{k.what}</span></A>; })}</div></div></div>;
}

// ---- lists ----

const str = (v: unknown): string => (v === undefined || v === null ? '' : String(v));
function columns(s: Section): [string, (d: Doc) => JSX.Element | string][] {
	const ref = (section: Section, id: unknown): JSX.Element | string => (id ? <A href={`/config/${section}/${id}`}>{docs(section)?.get(String(id))?.name ?? String(id)}</A> : '');
	const team: [string, (d: Doc) => JSX.Element | string] = ['Team', (d) => (d.body['team'] ? ref('teams', d.body['team']) : <span class="muted">–</span>)];
	if (s === 'services') return [team, ['Policy', (d) => (d.body['policy'] ? ref('policies', d.body['policy']) : <span class="warn">none: only the catch-all</span>)], ['Depends on', (d) => ((d.body['depends_on'] as string[] | undefined) ?? []).map((x) => docs('services')?.get(x)?.name ?? x).join(', ')]];
	if (s === 'users') return [['Role', (d) => str(d.body['role'] ?? 'member')], ['E-mail', (d) => str(d.body['email'])], ['Contacts', (d) => { const n = Object.values((d.body['contacts'] ?? {}) as Record<string, { type: string }>); return n.length ? n.map((c) => c.type).join(', ') : <span class="warn">none</span>; }]];
	if (s === 'teams') return [['Members', (d) => Object.keys((d.body['members'] ?? {}) as object).map(userName).join(', ')]];
	if (s === 'policies') return [team, ['Steps', (d) => ((d.body['steps'] ?? []) as { page: unknown[] }[]).map((x) => x.page.map((t) => (typeof t === 'string' ? targetName(t) : targetName((t as { to: string }).to))).join(' + ')).join(' → ')], ['Used by', (d) => { const n = [...(docs('services')?.values() ?? [])].filter((x) => x.body['policy'] === d.id).length; return n ? `${n} service${n === 1 ? '' : 's'}` : <span class="muted">no service</span>; }]];
	if (s === 'integrations') return [['Type', (d) => str(d.body['type'] ?? 'native')], team, ['Service', (d) => ref('services', d.body['service'])]];
	if (s === 'overrides') return [['Schedule', (d) => targetName(`schedule/${str(d.body['schedule'])}`)], ['From', (d) => str(d.body['from'])], ['To', (d) => str(d.body['to'])], ['With', (d) => userName(str(d.body['with']) || undefined)]];
	if (s === 'schedules') return [team, ['Layers', (d) => ((d.body['layers'] ?? []) as { name?: string }[]).map((l) => l.name).join(', ')]];
	return [team];
}

function ListPage({ section }: { section: Section }): JSX.Element {
	const k = kinds[section]!;
	const all = docs(section);
	const [text, set] = useState('');
	const list = [...(all?.values() ?? [])].filter((d) => `${d.name} ${d.id}`.toLowerCase().includes(text.toLowerCase())).sort((a, b) => a.name.localeCompare(b.name));
	const cols = columns(section);
	return <div class="page"><div class="page-inner"><p class="crumbs"><A href="/config"><Icon name="left" /> Configuration</A></p>
		<header><h1>{k.name}</h1><span class="muted">{k.what}</span><span class="push" />{may('member') && <A class="button" href={`/config/${section}/new`}><Icon name="plus" /> New {k.one}</A>}</header>
		{(all?.size ?? 0) > 8 && <div class="filter page-filter"><Icon name="search" /><input type="search" aria-label="Filter" value={text} onInput={(e) => set(e.currentTarget.value)} /></div>}
		{all && all.size === 0 ? <Empty title={`No ${k.one} yet.`}><p class="muted">{k.what}.</p></Empty> :
			<div class="panel scroll"><table><thead><tr><th>Name</th>{cols.map(([n]) => <th>{n}</th>)}</tr></thead><tbody>{list.map((d) => <tr><th scope="row"><A href={`/config/${section}/${d.id}`}>{section === 'users' ? <span class="person"><Initials id={d.id} name={d.name} />{d.name}</span> : d.name}</A>{d.name !== d.id && <> <small>{d.id}</small></>}{d.source && <span class="tag">by {d.source}</span>}</th>{cols.map(([, f]) => <td>{f(d)}</td>)}</tr>)}</tbody></table></div>}
	</div></div>;
}

// ---- one document ----

const reasonWords: Record<string, string> = { 'nobody-on-call': 'nobody on call: goes on at once', 'no-contact': 'has no contact', 'user-gone': 'has left' };

/** "If this came at 03:00 and nobody answered": asked of the engine that pages. */
export function Simulation({ service, services }: { service?: string; services?: Doc[] }): JSX.Element {
	const [picked, pick] = useState(service ?? services?.[0]?.id ?? '');
	const [urgency, setUrgency] = useState('high');
	const [at, setAt] = useState('');
	const m = /^(\d+)-(\d+)-(\d+)T(\d+):(\d+)/.exec(at);
	const t = m ? instant(ownZone, Number(m[1]), Number(m[2]), Number(m[3]), Number(m[4]), Number(m[5])) : null;
	const [rev, bump] = useState(0);
	useEffect(() => onEvents((l) => { if (l.some((e) => e.type === 'config.changed')) bump((n) => n + 1); }), []);
	const sim = useLoad(() => (picked ? get<Preview>(`/services/${picked}/preview?urgency=${urgency}${t ? `&at=${new Date(t).toISOString()}` : ''}`) : Promise.reject(new Error('No service uses it, so nothing would be paged by it.'))), [picked, urgency, t, rev]);
	const p = sim.value;
	let last = '';
	return <section class="panel" aria-label="Who would be paged"><header class="panel-head"><h2>If nobody answered</h2></header><div class="pad">
		{services && services.length > 1 && <label>For<select value={picked} onChange={(e) => pick(e.currentTarget.value)}>{services.map((s) => <option value={s.id}>{s.name}</option>)}</select></label>}
		<div class="two"><label>Came at<input type="datetime-local" value={at} onInput={(e) => setAt(e.currentTarget.value)} /></label><label>Urgency<select value={urgency} onChange={(e) => setUrgency(e.currentTarget.value)}><option value="high">high</option><option value="low">low</option></select></label></div>
		<p><button class="small" onClick={() => { const d = new Date(Date.now() + 864e5); setAt(`${dayKey(d.getTime(), ownZone)}T03:00`); }}>Tonight at 03:00</button> {at && <button class="small" onClick={() => setAt('')}>Now</button>}</p></div>
		{sim.error && <p class="pad muted">{sim.error.message}</p>}
		{p && <ol class="sim">{p.pages.map((x) => {
			const head = x.catch_all ? 'The catch-all' : `Step ${x.step}${(x.round ?? 1) > 1 ? `, round ${x.round}` : ''}`;
			const fresh = head !== last;
			last = head;
			return <>{fresh && <li class="step"><span>{head}</span></li>}<li><span class="num muted" title={when(x.at)}>{dayKey(x.at) !== dayKey(p.at) ? when(x.at) : clock(x.at)} <small>+{span(Date.parse(x.at) - Date.parse(p.at))}</small></span>
				<span>{x.user ? <><b>{userName(x.user)}</b> {x.contact && <span class="muted">by {x.contact}</span>}</> : x.reason ? <span class="nobody">NOBODY</span> : <b>{targetName(x.because)}</b>} <small>{x.because !== `user/${x.user}` && targetName(x.because)}</small>{x.reason && <span class="warn"> {reasonWords[x.reason] ?? x.reason}</span>}</span></li></>;
		})}<li><span class="num muted">{clock(p.exhausted_at)} <small>+{span(Date.parse(p.exhausted_at) - Date.parse(p.at))}</small></span><span class="warn">nobody is left to page</span></li></ol>}</section>;
}

const origin = location.origin;
function snippets(d: Doc): [string, string][] {
	const type = str(d.body['type'] ?? 'native'), key = 'KEY';
	if (type === 'alertmanager') return [['prometheus.yml: Prometheus sends straight here', `alerting:\n  alertmanagers:\n    - scheme: ${location.protocol.slice(0, -1)}\n      path_prefix: /in/${key}\n      static_configs:\n        - targets: ['${location.host}']`], ['alertmanager.yml: as a receiver', `receivers:\n  - name: tocsin\n    webhook_configs:\n      - url: ${origin}/in/${key}`], ['amtool', `amtool --alertmanager.url ${origin}/in/${key} alert add DiskFull instance=db-3 severity=critical`]];
	if (type === 'victorops') return [['The old REST endpoint', `curl -d '{"message_type":"CRITICAL","entity_id":"db-3/disk","state_message":"Disk 91 %"}' \\\n  ${origin}/integrations/generic/20131114/alert/${key}/ROUTING_KEY`]];
	return [['curl', `curl -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' \\\n  -d '{"action":"trigger","dedup_key":"db-3/disk","severity":"critical","summary":"Disk 91 %"}' \\\n  ${origin}/api/v1/signals`], ['Command line', `tocsin signal --url ${origin} --key ${key} db-3/disk critical "Disk 91 %"`]];
}

function IntegrationSide({ d }: { d: Doc }): JSX.Element {
	const [tick, bump] = useState(0);
	useEffect(() => onEvents((l) => { if (l.some((e) => e.actor_kind === 'integration' && e.actor === d.id)) bump((n) => n + 1); }), [d.id]);
	const signals = useLoad(() => get<List<SignalRow>>(`/signals?integration=${d.id}&limit=20`), [d.id, tick]);
	const rejected = useLoad(() => get<List<Rejected>>(`/integrations/${d.id}/rejected?limit=10`), [d.id, tick]);
	const last = signals.value?.items[0];
	return <>
		<section class="panel" aria-label="Set up"><header class="panel-head"><h2>Set up</h2><span role="status">{last ? <span class="live-dot">● last signal {age(last.at) === 'now' ? 'just now' : `${age(last.at)} ago`}</span> : <span class="wait-dot">◌ waiting for the first signal…</span>}</span></header>
			<div class="pad">{snippets(d).map(([n, text]) => <><h3>{n}</h3><pre tabIndex={0}>{text}</pre><Copy text={text} /></>)}<p class="muted">KEY is the integration’s secret; it is shown once, when it is made, and never again.</p></div></section>
		<section class="panel" aria-label="Last signals"><header class="panel-head"><h2>Last signals</h2></header>{signals.value?.items.length ? <div class="scroll"><table><thead><tr><th>When</th><th>Key</th><th>What became of it</th></tr></thead><tbody>{signals.value.items.map((s) => <tr><td><Time at={s.at}>{when(s.at)}</Time></td><td><code>{s.dedup_key}</code></td><td>{s.incident ? <A href={`/incidents/${s.incident}`}>{s.outcome}</A> : s.outcome}</td></tr>)}</tbody></table></div> : <p class="muted pad">None yet.</p>}</section>
		<section class="panel" aria-label="Rejected"><header class="panel-head"><h2>Last rejected</h2></header>{rejected.value?.items.length ? <ul class="pad faults">{rejected.value.items.map((r) => <li><Time at={r.at}>{when(r.at)}</Time> <b>{r.status}</b> {r.reason}<pre tabIndex={0}>{r.sample}</pre></li>)}</ul> : <p class="muted pad">Nothing was refused.</p>}</section></>;
}

function History({ kind, id }: { kind: string; id: string }): JSX.Element {
	const revs = useLoad(() => get<List<Revision>>('/config/revisions?limit=200'), [kind, id]);
	const list = (revs.value?.items ?? []).filter((r) => (r.changes as { kind: string; id: string }[]).some((c) => c.kind === kind && c.id === id));
	const [open, show] = useState<number | null>(null);
	return <section class="panel" aria-label="History"><header class="panel-head"><h2>History</h2><A href="/history">All changes</A></header><ul class="pad">{list.slice(0, 20).map((r) => <li><button class="plain link" aria-expanded={open === r.number} onClick={() => show(open === r.number ? null : r.number)}>r{r.number}</button> <Time at={r.at}>{when(r.at)}</Time> <small>{userName(r.author)}{r.via ? `, ${r.via}` : ''} {r.message}</small>{open === r.number && <RevisionDiff n={r.number} only={`${kind}/${id}`} />}</li>)}{revs.value && list.length === 0 && <li class="muted">Not changed in the last 200 revisions.</li>}</ul></section>;
}

export function RevisionDiff({ n, only }: { n: number; only?: string }): JSX.Element {
	const d = useLoad(() => get<{ changes: { kind: string; id: string; verb: string; before?: unknown; after?: unknown }[] }>(`/config/diff?from=${n - 1}&to=${n}`), [n]);
	return <>{d.error && <p class="note bad">{d.error.message}</p>}{(d.value?.changes ?? []).filter((c) => !only || `${c.kind}/${c.id}` === only).map((c) => <Change c={c} />)}</>;
}
export function Change({ c }: { c: { kind: string; id: string; verb: string; before?: unknown; after?: unknown } }): JSX.Element {
	return <div><h3>{c.verb} {c.kind}/{c.id}</h3><Diff before={c.before ? pretty(c.before) : []} after={c.after ? pretty(c.after) : []} /></div>;
}

function About({ section, d }: { section: Section; d: Doc }): JSX.Element {
	const b = d.body;
	const steps = (b['steps'] ?? []) as { page: (string | { to: string; who?: string })[]; wait?: string }[];
	const serviced = [...(docs('services')?.values() ?? [])].filter((s) => s.body[section === 'teams' ? 'team' : 'policy'] === d.id);
	return <section class="panel" aria-label="About"><header class="panel-head"><h2>What it says</h2></header><div class="pad">
		{b['description'] !== undefined && <p>{str(b['description'])}</p>}
		{section === 'policies' && <><ol class="steps-list">{steps.map((s, i) => <li><b>{i + 1}</b> page {s.page.map((t) => (typeof t === 'string' ? targetName(t) : `${targetName(t.to)}${t.who ? ` (${t.who})` : ''}`)).join(' and ')}, <span class="muted">wait {s.wait ?? '5m'}</span></li>)}</ol>
			<p class="muted">{Number(b['repeat'] ?? 0) > 0 ? `Then ${b['repeat']} more round${b['repeat'] === 1 ? '' : 's'}, then` : 'Then'} the organisation’s catch-all.</p><p>Used by {serviced.length ? serviced.map((s, i) => <>{i > 0 && ', '}<A href={`/config/services/${s.id}`}>{s.name}</A></>) : <span class="warn">no service</span>}.</p></>}
		{section === 'teams' && <><ul>{Object.entries((b['members'] ?? {}) as Record<string, string>).map(([u, r]) => <li class="person"><Initials id={u} name={userName(u)} /><A href={`/config/users/${u}`}>{userName(u)}</A> <small>{r}</small></li>)}</ul><p>Services: {serviced.length ? serviced.map((s, i) => <>{i > 0 && ', '}<A href={`/config/services/${s.id}`}>{s.name}</A></>) : 'none'}.</p></>}
		{section === 'users' && <><p>{str(b['email'])} · {str(b['role'] ?? 'member')}{b['zone'] !== undefined && ` · ${str(b['zone'])}`}</p><h3>Contacts</h3><ul>{Object.entries((b['contacts'] ?? {}) as Record<string, { type: string; address?: string }>).map(([n, c]) => <li><b>{n}</b> <span class="muted">{c.type} {c.address}</span></li>)}{Object.keys((b['contacts'] ?? {}) as object).length === 0 && <li class="warn">None: nobody can page this person.</li>}</ul>
			<h3>How they are paged</h3>{(['high', 'low'] as const).map((u) => <p>{u}: {((b['paging'] as Record<string, { contact: string; after?: string }[]> | undefined)?.[u] ?? []).map((s) => `${s.contact}${s.after ? ` after ${s.after}` : ' at once'}`).join(', ') || <span class="muted">every contact at once</span>}</p>)}</>}
		{section === 'services' && <><p>Team {b['team'] ? <A href={`/config/teams/${b['team']}`}>{targetName(`team/${str(b['team'])}`)}</A> : <span class="warn">none</span>}, policy {b['policy'] ? <A href={`/config/policies/${b['policy']}`}>{targetName(`policy/${str(b['policy'])}`)}</A> : <span class="warn">none: only the catch-all is paged</span>}.</p><Depends id={d.id} />{Object.entries((b['links'] ?? {}) as Record<string, string>).filter(([, v]) => /^https?:/.test(v)).map(([n, v]) => <p><a href={v} rel="noreferrer noopener" target="_blank">{n} ↗</a></p>)}</>}
		{section === 'schedules' && <p><A href={`/schedules/${d.id}`}>See it as a calendar</A></p>}
		{section === 'integrations' && <p>Type {str(b['type'] ?? 'native')}{b['service'] !== undefined && <>, for <A href={`/config/services/${b['service']}`}>{targetName(`service/${str(b['service'])}`)}</A></>}.</p>}
		{(section === 'rulesets' || section === 'overrides' || section === 'channels') && <p class="muted">See the document.</p>}
	</div></section>;
}

function Depends({ id }: { id: string }): JSX.Element {
	const all = [...(docs('services')?.values() ?? [])];
	const up = ((docs('services')?.get(id)?.body['depends_on'] ?? []) as string[]);
	const down = all.filter((s) => ((s.body['depends_on'] ?? []) as string[]).includes(id)).map((s) => s.id);
	const links = (l: string[]): JSX.Element => <>{l.length ? l.map((x, i) => <>{i > 0 && ', '}<A href={`/config/services/${x}`}>{docs('services')?.get(x)?.name ?? x}</A></>) : 'nothing'}</>;
	return <p>Depends on {links(up)}; needed by {links(down)}.</p>;
}

function DocPage({ section, id }: { section: Section; id: string }): JSX.Element {
	const k = kinds[section]!;
	const d = docs(section)?.get(id);
	const yaml = useLoad(() => call<string>('GET', `/${section}/${id}?format=yaml`), [section, id, d?.revision]);
	const [asking, ask] = useState(false);
	useEffect(() => addKeys([{ keys: 'e', text: 'Edit', group: 'Document', run: () => go(`/config/${section}/${id}/edit`) }]), [section, id]);
	if (docs(section) && !d) return <div class="page"><h1>There is no {k.one} {id}</h1><p><A href={`/config/${section}`}>{k.name}</A></p></div>;
	if (!d) return <div class="page"><h1>{id}</h1></div>;
	const sims = section === 'policies' ? [...(docs('services')?.values() ?? [])].filter((s) => s.body['policy'] === id) : [];
	return <div class="page"><div class="page-inner"><p class="crumbs"><A href="/config">Configuration</A> / <A href={`/config/${section}`}>{k.name}</A></p>
		<header><h1>{d.name}</h1><small>{k.one}/{d.id}</small>{d.source && <span class="tag">came by apply “{d.source}”</span>}<span class="push" />
			{may('member') && <><button class="main" onClick={() => go(`/config/${section}/${id}/edit`)}>Edit <kbd>e</kbd></button><button class="bad" onClick={() => ask(true)}>Remove…</button></>}</header>
		{query('key') && <p class="note">The key of this integration, shown only now: <code>{query('key')}</code> <Copy text={query('key')} /></p>}
		<div class="split"><div><About section={section} d={d} />{section === 'services' && <Simulation service={id} key={id} />}{section === 'policies' && <Simulation services={sims} key={id + sims.length} />}{section === 'integrations' && <IntegrationSide d={d} key={id} />}
			<section class="panel" aria-label="As YAML"><header class="panel-head"><h2>YAML</h2>{yaml.value && <Copy text={yaml.value.value} />}</header><div class="pad"><pre tabIndex={0}>{yaml.value?.value ?? '…'}</pre></div></section></div>
			<History kind={k.one} id={id} key={id + d.revision} /></div>
		{asking && <Remove section={section} d={d} onClose={() => ask(false)} />}
	</div></div>;
}

function Remove({ section, d, onClose }: { section: Section; d: Doc; onClose: () => void }): JSX.Element {
	const [error, fail] = useState('');
	return <Dialog title={`Remove ${d.name}?`} onClose={onClose}><p>Nothing that is named elsewhere can be removed; the server says so. History keeps it, and it can be rolled back.</p>{error && <p class="note bad" role="alert">{error}</p>}
		<div class="actions"><button onClick={onClose}>Keep it</button><button class="bad" onClick={() => call('DELETE', `/${section}/${d.id}`, { headers: { 'If-Match': `"${d.revision}"` } }).then(() => { toast({ text: `${d.name} is removed` }); reload(section); go(`/config/${section}`); }, (e: Error) => fail(e.message))}>Remove</button></div></Dialog>;
}

// ---- the editor ----

function Editor({ section, id, fresh }: { section: Section | 'organisation'; id: string; fresh: boolean }): JSX.Element {
	const at = section === 'organisation' ? '/organisation' : `/${section}/${id}`;
	const [text, set] = useState('');
	const [base, keep] = useState<{ text: string; etag: string | null } | null>(null);
	const [faults, found] = useState<Fault[]>([]);
	const [error, fail] = useState('');
	const [checked, check] = useState<string | null>(null);
	const [why, say] = useState('');
	const area = useRef<HTMLTextAreaElement>(null);
	const gutter = useRef<HTMLDivElement>(null);
	const dirty = base !== null && text !== base.text;
	const back = section === 'organisation' ? '/config' : fresh ? `/config/${section}` : `/config/${section}/${id}`;
	useEffect(() => {
		if (fresh && section !== 'organisation') { const t = kinds[section]!.template('new-id'); keep({ text: '', etag: null }); set(t); return; }
		call<string>('GET', at + '?format=yaml').then((a) => { keep({ text: a.value, etag: a.etag }); set((had) => had || a.value); }, (e: Error) => fail(e.message));
	}, [at]);
	useEffect(() => {
		guard.ask = () => !dirty || confirm('Leave without saving?');
		const warn = (e: BeforeUnloadEvent): void => { if (dirty) e.preventDefault(); };
		addEventListener('beforeunload', warn);
		return () => { guard.ask = null; removeEventListener('beforeunload', warn); };
	}, [dirty]);
	/** Where it goes: for a new one the id stands in the text. */
	const target = (): string => { if (!fresh) return at; const m = /^\w+:\s*\n\s+([a-z0-9][a-z0-9-]*):/m.exec(text); return `/${section}/${m?.[1] ?? 'new-id'}`; };
	const send = async (dry: boolean): Promise<void> => {
		found([]); fail('');
		const headers: Record<string, string> = fresh ? { 'If-None-Match': '*' } : base?.etag ? { 'If-Match': base.etag } : {};
		try {
			const a = await call<unknown>('PUT', `${target()}?message=${encodeURIComponent(why)}${dry ? '&dry_run=1' : ''}`, { yaml: text, headers });
			if (dry) { check(text); return; }
			guard.ask = null;
			toast({ text: 'Saved' });
			if (section !== 'organisation') reload(section);
			const key = a.headers.get('tocsin-key');
			go(fresh ? `/config${target()}${key ? `?key=${encodeURIComponent(key)}` : ''}` : back, true);
		} catch (e) {
			const f = e as Failure;
			check(null);
			found(f.problem.errors ?? []);
			fail(f.status === 412 ? `${f.message} — somebody saved meanwhile. Copy your text and load the page again.` : f.message);
			const first = f.problem.errors?.[0]?.line;
			if (first && area.current) {
				const pos = text.split('\n').slice(0, first - 1).join('\n').length + (first > 1 ? 1 : 0);
				area.current.focus();
				area.current.setSelectionRange(pos, pos);
			}
		}
	};
	const bad = new Map(faults.filter((f) => f.line).map((f) => [f.line!, f.detail]));
	const ready = checked === text;
	const rows = text.split('\n').length;
	return <div class="page"><div class="page-inner"><p class="crumbs"><A href={back}><Icon name="left" /> {section === 'organisation' ? 'Configuration' : fresh ? kinds[section]!.name : id}</A></p>
		<header><h1>{fresh && section !== 'organisation' ? `New ${kinds[section]!.one}` : `Edit ${id || 'the organisation'}`}</h1><span class="push" />
			<button onClick={() => void send(true)} disabled={!text.trim()}>Check what changes</button><button class="main" disabled={!ready} title={ready ? '' : 'Check first'} onClick={() => void send(false)}>Save</button></header>
		{error && <div class="note bad" role="alert"><b>{error}</b>{faults.length > 0 && <ul class="faults">{faults.map((f) => <li>{f.line ? `line ${f.line}: ` : ''}{f.detail} <code>{f.pointer}</code></li>)}</ul>}</div>}
		<div class="split"><section class="panel" aria-label="Text"><div class="editor"><div class="gutter" aria-hidden="true" ref={gutter}>{Array.from({ length: rows }, (_, i) => <div>{bad.has(i + 1) ? <span class="bad" title={bad.get(i + 1)}>{i + 1}</span> : i + 1}</div>)}</div>
			<textarea ref={area} class="code" spellcheck={false} rows={Math.max(16, rows + 1)} aria-label="The document as YAML" value={text} aria-invalid={faults.length > 0} onInput={(e) => set(e.currentTarget.value)}
				onKeyDown={(e) => { if ((e.ctrlKey || e.metaKey) && e.key === 'Enter') { e.preventDefault(); void send(!ready); } }} /></div></section>
			<div><section class="panel" aria-label="What changes"><header class="panel-head"><h2>What changes</h2>{ready && <span class="resolved">✓ the server accepts it</span>}</header>{base && text !== base.text ? <div class="scroll pad-y"><Diff before={base.text.split('\n')} after={text.split('\n')} /></div> : <p class="muted pad">Nothing yet.</p>}</section>
				<label>Why, for the history<input value={why} onInput={(e) => say(e.currentTarget.value)} /></label>
				<p class="muted">Checking and saving ask the server: it compiles the whole configuration and names every fault by its line. <kbd>Ctrl</kbd> <kbd>Enter</kbd> checks, then saves. Secrets read “(kept)” and stay as they are.</p></div></div>
	</div></div>;
}

export default function Config({ id, sub }: { id: string; sub: string }): JSX.Element {
	const edit = path.value.split('/')[4] === 'edit';
	if (!id) return <Overview />;
	if (id === 'organisation') return <Editor section="organisation" id="" fresh={false} />;
	if (!(id in kinds)) return <div class="page"><h1>There is no such section</h1><p><A href="/config">Configuration</A></p></div>;
	const section = id as Section;
	if (!sub) return <ListPage section={section} key={section} />;
	if (sub === 'new') return <Editor section={section} id="" fresh key={section} />;
	return edit ? <Editor section={section} id={sub} fresh={false} key={section + sub} /> : <DocPage section={section} id={sub} key={section + sub} />;
}
