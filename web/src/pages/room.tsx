// SPDX-License-Identifier: Apache-2.0
// One incident: what happened, who is asked now and who next, what came in and what rules made of it, and
// the verbs. The timeline is the record itself; what happens meanwhile is added below without moving a reader.
import { signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { all, get, type Escalation, type List } from '../api/http';
import type { Alert, Event, Incident, Page } from '../api/types';
import { addKeys } from '../keys';
import { act, run, type Verb } from '../outbox';
import { A, go, query, withQuery } from '../router';
import { docs, me, may, onEvents, onReturn, refresh, row, rows, targetName, userName } from '../store/store';
import type { Row } from '../store/reduce';
import { Copy, Empty, Menu, Severity, State, Tabs, Time, useLoad } from '../ui/parts';
import { Icon } from '../ui/icons';
import { age, clockSeconds, countdown, day, dayKey, now, span, when, zoneName } from '../ui/time';
import { DialogFor } from './board';

// ---- the timeline ----

const kinds: Record<string, string> = {
	'incident.opened': 'state', 'incident.reopened': 'state', 'incident.rose': 'state', 'incident.acknowledged': 'state',
	'incident.acknowledged-too': 'state', 'incident.resolved': 'state', 'incident.snoozed': 'state', 'incident.woke': 'state',
	'incident.ack-timeout': 'state', 'incident.noted': 'note', 'policy.exhausted': 'paging',
};
function kind(e: Event): 'state' | 'note' | 'paging' | 'alert' {
	const k = kinds[e.type];
	if (k) return k as 'state' | 'note' | 'paging';
	if (/^(page|step|policy)\./.test(e.type)) return 'paging';
	if (/^(alert|signal)\./.test(e.type)) return 'alert';
	return 'state';
}
const marks: Record<string, [string, string]> = {
	'incident.opened': ['▲', 'triggered'], 'incident.reopened': ['▲', 'triggered'], 'incident.rose': ['▲', 'triggered'], 'incident.woke': ['▲', 'triggered'],
	'incident.ack-timeout': ['▲', 'triggered'], 'incident.rerouted': ['▲', 'triggered'], 'incident.acknowledged': ['◆', 'acknowledged'], 'incident.acknowledged-too': ['◆', 'acknowledged'],
	'incident.resolved': ['✓', 'resolved'], 'incident.snoozed': ['☾', 'snoozed'], 'page.failed': ['✕', 'triggered'], 'page.withheld': ['–', 'muted'], 'policy.exhausted': ['!', 'triggered'],
};
const byKind: Record<string, string> = { paging: '☎', alert: '●', note: '✎', state: '·' };

/** The server's sentence, with ids made names. */
function sentence(e: Event): string {
	let s = e.sentence;
	if (e.actor && e.actor_kind === 'user') s = s.replace(`user ${e.actor}`, userName(e.actor)).replace(`user/${e.actor}`, userName(e.actor)).replace(new RegExp(`^${e.actor}\\b`), userName(e.actor));
	if (e.user) s = s.replace(new RegExp(`(Paging|Paged|to|Not paged:|rings:) ${e.user}\\b`), `$1 ${userName(e.user)}`);
	return s.replace(/\b(schedule|team|policy|user)\/([a-z0-9-]+)/g, (m) => targetName(m));
}

function Entry({ e }: { e: Event }): JSX.Element {
	const k = kind(e);
	const [mark, cls] = marks[e.type] ?? [byKind[k]!, k];
	const note = k === 'note' ? String((e.data as { text?: string } | undefined)?.text ?? e.sentence) : null;
	return <li class={`entry k-${k}`} id={`e${e.seq}`}><Time at={e.at}><a href={`#e${e.seq}`}>{clockSeconds(e.at)}</a></Time>
		<span class={`mark ${cls === 'note' ? '' : cls}`} aria-hidden="true">{mark}</span>
		{note !== null ? <div class="said"><b>{userName(e.actor)}</b><p>{note}</p></div> : <span>{sentence(e)}</span>}</li>;
}

/** Many of a kind in a row are one line, as long as nobody asks. */
function runs(events: Event[]): (Event | Event[])[] {
	const out: (Event | Event[])[] = [];
	for (const e of events) {
		const last = out[out.length - 1];
		const many = e.type === 'alert.repeated' || e.type === 'page.withheld';
		if (many && Array.isArray(last) && last[0]!.type === e.type) last.push(e);
		else out.push(many ? [e] : e);
	}
	return out.flatMap((x) => (Array.isArray(x) && x.length < 4 ? x : [x]));
}

function Many({ list }: { list: Event[] }): JSX.Element {
	const [open, set] = useState(false);
	if (open) return <>{list.map((e) => <Entry e={e} key={e.seq} />)}</>;
	const first = list[0]!, last = list[list.length - 1]!;
	return <li class="entry k-alert"><Time at={first.at}>{clockSeconds(first.at)}</Time><span class="mark alert" aria-hidden="true">{byKind[kind(first)]}</span>
		<span>{list.length} × {first.type === 'alert.repeated' ? 'fired again' : 'not paged'} in {span(Date.parse(last.at) - Date.parse(first.at))} <button class="plain link" onClick={() => set(true)}>show</button></span></li>;
}

function Timeline({ id, resolved }: { id: number; resolved: boolean }): JSX.Element {
	const [events, set] = useState<Event[] | null>(null);
	const [error, fail] = useState('');
	const [said, say] = useState('');
	const filter = query('show') || 'all';
	const end = useRef<HTMLDivElement>(null);
	const add = (list: Event[]): void => set((had) => {
		const known = new Set((had ?? []).map((e) => e.seq));
		const news = list.filter((e) => !known.has(e.seq));
		return news.length ? [...(had ?? []), ...news].sort((a, b) => a.seq - b.seq) : had ?? [];
	});
	const load = (): void => { all<Event>(`/incidents/${id}/timeline`, 1000).then((l) => { add(l); fail(''); }, (e: Error) => fail(e.message)); };
	useEffect(() => {
		load();
		const back = onReturn(load);
		const off = onEvents((list) => {
			const mine = list.filter((e) => e.incident === id);
			if (mine.length === 0) return;
			const el = end.current?.closest('.timeline');
			const low = !el || el.scrollHeight - el.scrollTop - el.clientHeight < 80;
			add(mine);
			// A storm is summed up; only what people do and what fails is spoken.
			const loud = mine.filter((e) => kind(e) === 'state' || kind(e) === 'note' || e.type === 'page.failed');
			if (loud.length) say(loud.length > 3 ? `${loud.length} new events` : loud.map(sentence).join('. '));
			if (low) requestAnimationFrame(() => el?.scrollTo({ top: el.scrollHeight }));
		});
		return () => { back(); off(); };
	}, [id]);
	useEffect(() => {
		const el = end.current?.closest('.timeline');
		if (events && location.hash.startsWith('#e')) document.getElementById(location.hash.slice(1))?.scrollIntoView({ block: 'center' });
		else if (events && !resolved) el?.scrollTo({ top: el.scrollHeight });
	}, [events === null]);
	const list = (events ?? []).filter((e) => filter === 'all' || kind(e) === filter);
	let last = '';
	return <section class="panel timeline-panel" aria-label="Timeline">
		<header class="panel-head"><h2>Timeline</h2><Tabs label="What to show" at={filter} tabs={[['all', 'All'], ['note', 'Notes'], ['paging', 'Paging'], ['alert', 'Alerts'], ['state', 'Changes']]} onPick={(f) => go(withQuery({ show: f === 'all' ? '' : f }), true)} /><span class="zone muted">{zoneName()}</span></header>
		<div class="timeline" tabIndex={0} role="group" aria-label="Events, oldest first">
			{error && <p class="note bad">{error} <button onClick={load}>Try again</button></p>}
			{events === null && !error ? <p class="muted pad">…</p> : <ol>{runs(list).map((x) => {
				const e = Array.isArray(x) ? x[0]! : x;
				const d = dayKey(e.at);
				const head = d !== last;
				last = d;
				return <>{head && <li class="daybreak" key={d}>{day(e.at)}</li>}{Array.isArray(x) ? <Many list={x} key={e.seq} /> : <Entry e={e} key={e.seq} />}</>;
			})}{events && list.length === 0 && <li class="muted pad">Nothing of this kind yet.</li>}</ol>}
			<div ref={end} />
		</div>
		<div class="sr" role="log" aria-live="polite">{said}</div>
		{may('member') && <Composer id={id} />}
	</section>;
}

/** A draft survives a reload; it goes when it has been written down. */
function Composer({ id }: { id: number }): JSX.Element {
	const at = `draft.${id}`;
	const [text, set] = useState(sessionStorage.getItem(at) ?? '');
	const [busy, sending] = useState(false);
	const ref = useRef<HTMLTextAreaElement>(null);
	const keep = (t: string): void => { set(t); if (t) sessionStorage.setItem(at, t); else sessionStorage.removeItem(at); };
	useEffect(() => addKeys([{ keys: 'm', text: 'Write a note', group: 'Incident', run: () => ref.current?.focus() }]), []);
	const send = async (): Promise<void> => {
		if (!text.trim() || busy) return;
		sending(true);
		const [o] = await act([id], 'note', { note: text.trim() });
		sending(false);
		if (o?.what === 'done') keep('');
	};
	return <form class="composer" onSubmit={(e) => { e.preventDefault(); void send(); }}>
		<textarea ref={ref} rows={1} aria-label="A note for the timeline" placeholder="What did you see, what do you do? (m)" value={text} onInput={(e) => keep(e.currentTarget.value)}
			onKeyDown={(e) => { if (e.key === 'Enter' && !e.shiftKey) { e.preventDefault(); void send(); } if (e.key === 'Escape') e.currentTarget.blur(); }} />
		<button class="main" disabled={!text.trim() || busy}>{busy ? 'Sending…' : 'Note'}</button></form>;
}

// ---- who is asked ----

const pageWords: Record<string, string> = { queued: 'queued', sending: 'sending', sent: 'sent', delivered: 'delivered', read: 'read', failed: 'failed', cancelled: 'not needed', bundled: 'in a bundle' };

function Paging({ r, tick }: { r: Row; tick: number }): JSX.Element {
	const esc = useLoad(() => get<Escalation>(`/incidents/${r.id}/escalation`), [r.id, r.revision, tick]);
	const pages = useLoad(() => get<List<Page>>(`/incidents/${r.id}/pages?limit=100`), [r.id, r.revision, tick]);
	const e = esc.value;
	const left = e?.ends_at ? Date.parse(e.ends_at) - now.value : 0;
	const names = (list: Escalation['now']): JSX.Element => <>{(list ?? []).map((x) => <li><b>{x.users.length ? x.users.map(userName).join(', ') : /^(policy|channel)/.test(x.target) ? `${x.target.startsWith('policy') ? 'the policy' : 'the channel'} ${targetName(x.target)}` : <span class="nobody">NOBODY</span>}</b>
		<small>{x.users.length === 1 && x.target === `user/${x.users[0]}` ? 'by name' : /^(policy|channel)/.test(x.target) ? '' : targetName(x.target)}</small></li>)}</>;
	return <section class="panel" aria-label="Who is paged"><header class="panel-head"><h2>Who is paged</h2>{r.policy && <A href={`/config/policies/${r.policy}`}>{targetName(`policy/${r.policy}`)}</A>}</header>
		<div class="pad">
			{r.state === 'triggered' && e?.waiting && <>
				<h3>{e.step ? `Step ${e.step}${e.steps ? ` of ${e.steps}` : ''}${(e.round ?? 1) > 1 ? `, round ${e.round}` : ''}` : 'Before step 1'}</h3><ul class="who">{names(e.now)}</ul>
				<h3>{e.last ? 'Then the catch-all' : 'Next'}{left > 0 && <> in <span class="num big-count">{countdown(left)}</span></>}</h3><ul class="who">{names(e.next)}{(e.next ?? []).length === 0 && <li class="muted">nobody</li>}</ul></>}
			{r.state === 'triggered' && e && !e.waiting && <p class={r.exhausted_at ? 'note bad' : 'muted'}>{r.exhausted_at ? 'Nobody is left to page. The catch-all was told.' : 'No step waits.'}</p>}
			{r.state === 'acknowledged' && <p>{r.snoozed_until ? <>Snoozed by <b>{userName(r.acked_by)}</b> until {when(r.snoozed_until)}, then paged anew.</> : <><b>{userName(r.acked_by)}</b> has it{r.acked_at && <>, for {age(r.acked_at)}</>}. Nobody else is paged.</>}</p>}
			{r.state === 'resolved' && <p>Ended by <b>{userName(r.resolved_by)}</b>{r.resolved_at && <> {when(r.resolved_at)}, after {span(Date.parse(r.resolved_at) - Date.parse(r.opened_at))}</>}.</p>}
			{(pages.value?.items.length ?? 0) > 0 && <><h3>Pages</h3><ul class="pages">{pages.value!.items.map((p) => <li>
				<span><b>{userName(p.user)}</b> <small>{p.contact}, {p.type}</small></span>
				<span class={`pstate ${p.state}`}>{pageWords[p.state]}{p.sent_at ? ` ${clockSeconds(p.sent_at)}` : p.next_at && p.state === 'queued' ? `, next try in ${countdown(Date.parse(p.next_at) - now.value)}` : ''}</span>
				{p.error && <small class="warn">{p.error}{p.attempts > 1 ? ` (${p.attempts} tries)` : ''}</small>}{p.possibly_twice && <small class="warn">possibly sent twice</small>}</li>)}</ul></>}
			{pages.value && pages.value.items.length === 0 && <p class="muted">No page was sent.</p>}
		</div></section>;
}

// ---- what came in ----

function AlertBox({ a, changes }: { a: Alert; changes: Event[] }): JSX.Element {
	const [raw, set] = useState(false);
	const signal = (a.signal ?? {}) as Record<string, unknown>;
	const labels = Object.entries((signal['labels'] ?? {}) as Record<string, unknown>);
	const links = Object.entries((signal['links'] ?? {}) as Record<string, string>);
	const json = JSON.stringify(signal, null, 2);
	return <article class="alert-box"><header><span class={a.state === 'open' ? 'triggered' : 'resolved'}>{a.state === 'open' ? '▲ open' : '✓ recovered'}</span> <Severity of={a.severity} /> <b>{a.summary}</b></header>
		<p class="muted"><code>{a.dedup_key}</code> · {a.count} signal{a.count === 1 ? '' : 's'} · last <Time at={a.last_at}>{when(a.last_at)}</Time>{a.integration && <> · by <A href={`/config/integrations/${a.integration}`}>{targetName(`integration/${a.integration}`)}</A></>}</p>
		{labels.length > 0 && <dl class="labels">{labels.map(([k, v]) => <div><dt>{k}</dt><dd>{String(v)}</dd></div>)}</dl>}
		{typeof signal['details'] === 'string' && signal['details'] && <pre>{signal['details']}</pre>}
		{links.length > 0 && <p class="links">{links.filter(([, v]) => /^https?:/.test(String(v))).map(([k, v]) => <a href={v} rel="noreferrer noopener" target="_blank">{k} ↗</a>)}</p>}
		{changes.length > 0 && <div class="rules"><h3>What the rules changed</h3><table><thead><tr><th>rule</th><th>field</th><th>before</th><th>after</th></tr></thead><tbody>{changes.map((e) => {
			const d = (e.data ?? {}) as Record<string, unknown>;
			return <tr><td>{String(d['rule'] ?? '')}</td><td>{String(d['field'] ?? '')}</td><td>{String(d['before'] ?? '–')}</td><td>{String(d['after'] ?? '–')}</td></tr>;
		})}</tbody></table></div>}
		<p><button class="small" aria-expanded={raw} onClick={() => set(!raw)}>{raw ? 'Hide' : 'Show'} the signal</button> {raw && <Copy text={json} />}</p>
		{raw && <pre tabIndex={0}>{json}</pre>}</article>;
}

function Alerts({ id, tick, revision }: { id: number; tick: number; revision: number }): JSX.Element {
	const alerts = useLoad(() => get<List<Alert>>(`/incidents/${id}/alerts?limit=50`), [id, tick, revision]);
	const changes = useLoad(() => all<Event>(`/incidents/${id}/timeline`, 500).then((l) => l.filter((e) => e.type === 'signal.changed')), [id]);
	const list = alerts.value?.items;
	return <section class="panel" aria-label="Alerts"><header class="panel-head"><h2>Alerts {list && list.length > 0 && <span class="n">{list.length}{alerts.value!.next ? '+' : ''}</span>}</h2></header>
		<div class="pad">{list?.length === 0 && <p class="muted">None: it was opened by hand.</p>}
			{list?.map((a) => <AlertBox a={a} key={a.id} changes={latest((changes.value ?? []).filter((e) => !e.dedup_key || e.dedup_key === a.dedup_key))} />)}</div></section>;
}
/** Each rule and field once, as it was last. */
function latest(list: Event[]): Event[] {
	const seen = new Map<string, Event>();
	for (const e of list) { const d = e.data as Record<string, unknown>; const k = `${d?.['rule']} ${d?.['field']}`; if (!seen.has(k)) seen.set(k, e); }
	return [...seen.values()];
}

function Similar({ r }: { r: Row }): JSX.Element | null {
	const same = useLoad(() => get<List<Incident>>(`/incidents?dedup_key=${encodeURIComponent(r.dedup_key)}&limit=6`), [r.id]);
	const service = useLoad(() => (r.service ? get<List<Incident>>(`/incidents?service=${r.service}&limit=8`) : Promise.resolve({ items: [] })), [r.id]);
	const keyed = (same.value?.items ?? []).filter((i) => i.id !== r.id);
	const others = (service.value?.items ?? []).filter((i) => i.id !== r.id && !keyed.some((k) => k.id === i.id)).slice(0, 4);
	if (keyed.length + others.length === 0) return null;
	const line = (i: Incident, why: string): JSX.Element => <li><A href={`/incidents/${i.id}`}>#{i.id} {i.title}</A><small>{why} · {i.state === 'resolved' ? `ended by ${userName(i.resolved_by)} after ${span(Date.parse(i.resolved_at!) - Date.parse(i.opened_at))}` : i.state}, {age(i.opened_at)} ago</small></li>;
	return <section class="panel" aria-label="Similar incidents"><header class="panel-head"><h2>Similar</h2></header><ul class="similar pad">{keyed.map((i) => line(i, 'same key'))}{others.map((i) => line(i, 'same service'))}</ul></section>;
}

function Facts({ r }: { r: Row }): JSX.Element {
	const links = Object.entries((docs('services')?.get(r.service ?? '')?.body['links'] ?? {}) as Record<string, string>);
	return <dl class="facts">
		<div><dt>Service</dt><dd>{r.service ? <A href={`/config/services/${r.service}`}>{targetName(`service/${r.service}`)}</A> : <span class="warn">none: unrouted</span>}</dd></div>
		<div><dt>Team</dt><dd>{r.team ? <A href={`/config/teams/${r.team}`}>{targetName(`team/${r.team}`)}</A> : '–'}</dd></div>
		<div><dt>Urgency</dt><dd>{r.urgency}</dd></div>
		<div><dt>Since</dt><dd><Time at={r.opened_at}>{when(r.opened_at)}</Time> · {age(r.opened_at)}</dd></div>
		{links.filter(([, v]) => /^https?:/.test(v)).map(([k, v]) => <div><dt>{k}</dt><dd><a href={v} rel="noreferrer noopener" target="_blank">open ↗</a></dd></div>)}
		{r.merged_into && <div><dt>Merged into</dt><dd><A href={`/incidents/${r.merged_into}`}>#{r.merged_into}</A></dd></div>}</dl>;
}

// ---- the room ----

const dialog = signal<string | null>(null);

function Verbs({ r }: { r: Row }): JSX.Element | null {
	if (!may('member')) return null;
	const id = r.id;
	const mineToo = r.state === 'acknowledged' && r.acked_by !== `user/${me.value?.id}`;
	const b = (text: string, k: string, f: () => void, cls = ''): JSX.Element => <button class={cls} onClick={f} disabled={!!r.pending && r.pending !== 'note'}>{text} <kbd>{k}</kbd></button>;
	if (r.state === 'resolved') return <div class="verbs"><button onClick={() => { dialog.value = 'note'; }}>Note</button></div>;
	return <div class="verbs">
		{r.state === 'triggered' && b(r.unsent ? 'Not acknowledged yet…' : r.pending ? 'Saving…' : 'Acknowledge', 'a', () => void run([id], 'acknowledge'), 'main big')}
		{mineToo && b("I'm on it too", 'a', () => void run([id], 'acknowledge'))}
		{b('Resolve', 'r', () => void run([id], 'resolve'), r.state === 'acknowledged' ? 'main' : '')}
		{b('Snooze', 's', () => { dialog.value = 'snooze'; })}
		{b('Escalate', 'e', () => void run([id], 'escalate'))}
		{b('Hand to…', 'p', () => { dialog.value = 'reassign'; })}
		<Menu label="More" choices={[{ text: 'Merge into…', run: () => { dialog.value = 'merge'; } },
			{ text: 'Page again from step 1', hint: 'by today’s policy', run: () => void run([id], 'reroute') },
			{ text: 'Copy the address', run: () => void navigator.clipboard?.writeText(location.href) },
			{ text: 'Plain page', run: () => location.assign(`/plain/incidents/${id}`) }]}><Icon name="more" /></Menu></div>;
}

function roomKeys(id: number): () => void {
	const verb = (v: Verb) => () => void run([id], v);
	const g = 'Incident';
	const step = (by: number): void => {
		const list = [...rows.values()].map((s) => s.peek()).filter((x) => x.state !== 'resolved').map((x) => x.id).sort((a, b) => b - a);
		const next = list[list.indexOf(id) + by];
		if (next !== undefined) go(`/incidents/${next}`);
	};
	return addKeys([
		{ keys: 'a', text: 'Acknowledge', group: g, run: verb('acknowledge') }, { keys: 'r', text: 'Resolve', group: g, run: verb('resolve') },
		{ keys: 'e', text: 'Escalate', group: g, run: verb('escalate') }, { keys: 's', text: 'Snooze', group: g, run: () => { dialog.value = 'snooze'; } },
		{ keys: 'p', text: 'Hand to somebody', group: g, run: () => { dialog.value = 'reassign'; } },
		{ keys: ']', text: 'Next open incident', group: g, run: () => step(1) }, { keys: '[', text: 'Open incident before', group: g, run: () => step(-1) },
		{ keys: 'u', text: 'Back to the board', group: g, run: () => go('/incidents') },
	]);
}

export default function Room({ id: text }: { id: string; sub: string }): JSX.Element {
	const id = Number(text);
	const r = row(id);
	const [error, fail] = useState<string | null>(null);
	const [tick, bump] = useState(0);
	useEffect(() => {
		dialog.value = null;
		refresh(id).catch((e: Error) => fail(e.message));
		const end = roomKeys(id);
		let timer: ReturnType<typeof setTimeout> | undefined;
		const off = onEvents((list) => {
			if (!list.some((e) => e.incident === id)) return;
			timer ??= setTimeout(() => { timer = undefined; bump((n) => n + 1); }, 250);
		});
		const back = onReturn(() => { void refresh(id).catch(() => undefined); bump((n) => n + 1); });
		return () => { end(); off(); back(); clearTimeout(timer); };
	}, [id]);
	if (!r) return <div class="page"><h1>Incident #{text}</h1>{error ? <Empty title="It is not there."><p class="muted">{error}</p><p><A href="/incidents">To the board</A></p></Empty> : <p class="muted">…</p>}</div>;
	return <div class="room">
		<header class="room-head">
			<p class="crumbs"><A href="/incidents"><Icon name="left" /> Incidents</A><span class="num">#{r.id}</span> <State of={r} pending={r.pending} /> <Severity of={r.severity} />{r.mode !== 'standard' && <span class="tag">{r.mode.toUpperCase()}</span>}{r.exhausted_at && r.state === 'triggered' && <span class="tag warn">nobody left to page</span>}</p>
			<h1>{r.title}</h1>
			<Facts r={r} />
			<Verbs r={r} />
		</header>
		<div class="room-body">
			<Timeline id={id} resolved={r.state === 'resolved'} />
			<div class="side"><Paging r={r} tick={tick} /><Alerts id={id} tick={tick} revision={r.alerts} /><Similar r={r} /></div>
		</div>
		{dialog.value && <DialogFor what={dialog.value} ids={[id]} onClose={() => { dialog.value = null; }} />}
	</div>;
}
