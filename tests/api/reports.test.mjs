// SPDX-License-Identifier: Apache-2.0
// The reports against the plainest recomputation: from every event and every page, one by one.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { Mailbox, ORG, Tocsin, until } from './lib.mjs';

let t, box, ada, bo;
const close = (a, b) => assert.ok(Math.abs(a - b) < 0.0021, `${a} is not ${b}`);

before(async () => {
	box = await Mailbox.start();
	t = await Tocsin.start(ORG.replace('catch_all: user/owner', 'catch_all: user/owner, bundle_after: 0'), { args: ['--smtp', box.url, '--mail-from', 'tocsin@house.example'] });
	const token = (u) => ({ authorization: `Bearer ${t.must(['token', 'create', ...t.offline, '--user', u, '--name', u]).trim()}` });
	[ada, bo] = ['ada', 'bo'].map(token);
	await story();
});
after(async () => { await t?.stop(); await box?.stop(); });

/** Fourteen real ones, some answered, some by a machine; a drill; a merged one. */
async function story() {
	const act = (id, verb, body = {}, who = ada) => t.post(`/api/v1/incidents/${id}/${verb}`, body, who);
	for (let i = 0; i < 14; i++) {
		await t.signal({ dedup_key: `disk/db-${i}`, severity: i % 2 ? 'error' : 'critical', summary: i ? `Disk ${i}` : '=HYPERLINK("x")' });
		const { id } = await t.incident(`disk/db-${i}`);
		await until('it was paged', async () => (await t.get(`/api/v1/incidents/${id}/pages`)).json.items.some((p) => p.sent_at));
		if (i < 11) await act(id, i === 3 ? 'snooze' : 'acknowledge', i === 3 ? { for: '1h' } : {}, i % 3 ? ada : bo);
		if (i === 11) await t.signal({ dedup_key: 'disk/db-11', action: 'acknowledge' });
		if (i === 5) await act(id, 'reroute');
		if (i === 5) await act(id, 'acknowledge', {}, bo);
		if (i < 6) await act(id, 'resolve');
		if (i >= 12) await t.signal({ dedup_key: `disk/db-${i}`, action: 'resolve' });
	}
	for (let i = 0; i < 4; i++) {
		await t.signal({ dedup_key: `flap-${i}`, severity: 'critical', summary: 'Flaps' });
		const { id } = await t.incident(`flap-${i}`);
		await until('it was paged', async () => (await t.get(`/api/v1/incidents/${id}/pages`)).json.items.some((p) => p.sent_at));
		await t.signal({ dedup_key: `flap-${i}`, action: 'resolve' });
	}
	const drill = (await t.post('/api/v1/incidents', { title: 'A drill', mode: 'drill', service: 'web' })).json.id;
	await act(drill, 'acknowledge');
	await t.signal({ dedup_key: 'twin', severity: 'critical', summary: 'The same again' });
	await act((await t.incident('twin')).id, 'merge', { into: (await t.incident('disk/db-7')).id });
}

async function everything(path) {
	const items = [];
	for (let next = ''; next !== undefined;) {
		const { json } = await t.get(`${path}?limit=500${next && `&cursor=${next}`}`);
		items.push(...json.items);
		next = json.next;
	}
	return items;
}
const seconds = (from, to) => (Date.parse(to) - Date.parse(from)) / 1000;

/** All that the log says of each incident, oldest first. */
async function told() {
	const events = (await everything('/api/v1/events')).sort((a, b) => a.seq - b.seq);
	const by = new Map((await everything('/api/v1/incidents')).map((i) => [i.id, { ...i, events: [] }]));
	for (const e of events) by.get(e.incident)?.events.push(e);
	return [...by.values()].filter((i) => i.mode === 'standard' && !i.merged_into);
}

test('response: n, ranks, mean, groups and what is left out, as the log tells them', async () => {
	const incidents = await told();
	const acks = [], ends = [], severities = new Map();
	for (const i of incidents) {
		const took = i.events.find((e) => e.actor_kind === 'user' && ['incident.acknowledged', 'incident.snoozed'].includes(e.type));
		const opened = i.events.find((e) => e.type === 'incident.opened').at;
		if (took) acks.push(seconds(opened, took.at));
		if (i.resolved_at) ends.push(seconds(opened, i.resolved_at));
		severities.set(i.severity, (severities.get(i.severity) ?? 0) + 1);
	}
	for (const l of [acks, ends]) l.sort((a, b) => a - b);
	const r = (await t.get('/api/v1/reports/response')).json;
	assert.equal(r.zone, 'Europe/Berlin');
	assert.equal(r.incidents, 18);
	assert.deepEqual(r.left_out, { drills: 1, merged: 1, acknowledged_by_machine: 1 });
	for (const [have, want] of [[r.ack, acks], [r.resolve, ends]]) {
		assert.equal(have.n, want.length);
		close(have.p50, want[Math.ceil(want.length * 0.5) - 1]);
		close(have.p90, want[Math.ceil(want.length * 0.9) - 1]);
		close(have.mean, want.reduce((a, b) => a + b) / want.length);
		close(have.longest, want.at(-1));
		for (const b of have.buckets) assert.equal(b.n, want.filter((v) => v >= b.from && v < (b.under ?? Infinity)).length);
		assert.ok(have.buckets[0].newest.every((i) => incidents.some((x) => x.id === i.id)));
	}
	assert.equal(r.ack.n, 11);
	assert.deepEqual(Object.fromEntries(r.by_severity.map((g) => [g.key, g.incidents])), Object.fromEntries([...severities].sort()));
	assert.equal(r.by_hour.reduce((n, g) => n + g.incidents, 0), 18);
	assert.equal(r.before.incidents, 0);
});

test('under ten values: dots, and no percentile', async () => {
	const r = (await t.get('/api/v1/reports/response')).json;
	const few = r.by_severity.find((g) => g.ack.n < 10);
	assert.equal(few.ack.p50, undefined);
	assert.ok(few.ack.mean > 0);
	const earlier = (await t.get('/api/v1/reports/response?to=2020-01-01T00:00:00Z')).json;
	assert.deepEqual(earlier.ack.dots, []);
	assert.equal(earlier.ack.mean, undefined);
});

test('noise: one line a signature, with what came of it', async () => {
	const incidents = await told();
	const pages = await everything('/api/v1/pages');
	const hour = (at) => Number(new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', hour: '2-digit', hour12: false }).format(new Date(at))) % 24;
	const { items } = (await t.get('/api/v1/reports/noise')).json;
	for (const [signature, match] of [['disk/db-*', /^disk/], ['flap-*', /^flap/]]) {
		const mine = incidents.filter((i) => match.test(i.dedup_key));
		const line = items.find((l) => l.signature === signature);
		const byPerson = (i) => i.events.some((e) => e.actor_kind === 'user' && e.type.startsWith('incident.') && e.type !== 'incident.opened');
		const sent = pages.filter((p) => p.sent_at && mine.some((i) => i.id === p.incident));
		assert.equal(line.incidents, mine.length);
		assert.equal(line.acted, mine.filter(byPerson).length);
		assert.equal(line.self_cleared, mine.filter((i) => !byPerson(i) && i.resolved_at).length);
		assert.equal(line.pages, sent.length);
		assert.equal(line.asleep, sent.filter((p) => hour(p.sent_at) >= 22 || hour(p.sent_at) < 6).length);
	}
	assert.match(items.find((l) => l.signature === 'flap-*').advice, /for the record only/);
	assert.equal(items.find((l) => l.signature === 'disk/db-*').advice, undefined);
	assert.equal(items[0].signature, 'disk/db-*');
});

test('load: pages and hours of a person by week; nights are told to the person and to administrators', async () => {
	const whole = (await t.get('/api/v1/reports/load')).json;
	const sent = (await everything('/api/v1/pages')).filter((p) => p.sent_at && p.mode === 'standard');
	for (const p of whole.people) {
		const count = sent.filter((x) => x.user === p.user).length;
		assert.equal(p.pages, count, p.user);
		assert.equal(p.weeks.reduce((n, w) => n + w.pages, 0), count);
		assert.equal(p.weeks.length, whole.weeks.length);
		assert.equal(typeof p.night_pages, 'number');
		assert.ok(p.woke <= p.night_pages);
	}
	assert.ok(whole.people.some((p) => p.pages > 0));
	assert.equal(whole.hours_by, 'history');
	const team = whole.teams.find((x) => x.team === 'core');
	assert.equal(team.pages, whole.people.filter((p) => ['ada', 'bo'].includes(p.user)).reduce((n, p) => n + p.pages, 0));

	const own = (await t.get('/api/v1/reports/load', ada)).json;
	assert.equal(typeof own.people.find((p) => p.user === 'ada').night_pages, 'number');
	assert.equal(own.people.find((p) => p.user === 'bo')?.night_pages, undefined);
	assert.equal(own.teams[0].night_pages, undefined, 'two people hide nobody');
	const guest = { authorization: `Bearer ${t.must(['token', 'create', ...t.offline, '--user', 'guest', '--name', 'g']).trim()}` };
	const seen = (await t.get('/api/v1/reports/load', guest)).json;
	assert.deepEqual(seen.people, []);
	assert.equal(seen.hidden, whole.people.length);
	assert.equal(seen.teams[0].pages, team.pages);
});

test('hours on call are those of the schedule, by its past', async () => {
	const from = '2026-02-02T00:00:00+01:00', to = '2026-03-02T00:00:00+01:00';
	// As if it had been so all the time: before the first revision today's configuration counts.
	const r = (await t.get(`/api/v1/reports/load?from=${encodeURIComponent(from)}&to=${encodeURIComponent(to)}`)).json;
	assert.equal(r.weeks.length, 4);
	const of = (u) => r.people.find((p) => p.user === u).weeks.map((w) => w.hours);
	// A week each, from Monday 09:00: nine hours of each Monday are still the other's.
	assert.deepEqual(of('ada').map((h, i) => h + of('bo')[i]), [168, 168, 168, 168]);
	assert.deepEqual([...new Set(of('ada'))].sort((a, b) => a - b), [9, 159]);
	const dst = (await t.get('/api/v1/reports/load?from=2026-03-25T00:00:00Z&to=2026-03-29T22:00:00Z')).json;
	assert.equal(dst.people.reduce((n, p) => n + p.hours, 0), 167, 'a week with a day of 23 hours');
});

test('CSV: a line each, quoted, and no formula', async () => {
	const rs = await t.get('/api/v1/reports/response?format=csv');
	assert.match(rs.headers.get('content-type'), /^text\/csv/);
	assert.match(rs.headers.get('content-disposition'), /filename="response.csv"/);
	const lines = rs.text.trimEnd().split('\r\n');
	assert.equal(lines.length, 19);
	assert.ok(rs.text.includes(`"'=HYPERLINK(""x"")"`));
	assert.equal((await t.get('/api/v1/reports/noise?format=csv')).text.split('\r\n')[0].split(',')[0], 'signature');
	assert.match((await t.get('/api/v1/reports/load?format=csv')).text, /^user,week,hours,pages,night_pages,woke\r\n/);
});

test('what cannot be asked is said', async () => {
	for (const [q, field] of [['from=2020-01-01T00:00:00Z', 'to'], ['zone=Mars/Base', 'zone'], ['team=nobody', 'team'], ['format=xml', 'format'], ['from=yesterday', 'from']]) {
		const rs = await t.get(`/api/v1/reports/response?${q}`);
		assert.equal(rs.status, 400, q);
		assert.match(JSON.stringify(rs.json), new RegExp(field), q);
	}
});

test('the command line prints the same', async () => {
	const table = t.cli(['report', 'response']);
	assert.equal(table.code, 0, table.err);
	assert.match(table.out, /^all\t18\t11\t/m);
	assert.match(t.cli(['report', 'noise']).out, /^flap-\*\tweb\t4\t4\t0\t4\t/m);
	assert.match(t.cli(['report', 'load']).out, /^ada\t/m);
	assert.equal(JSON.parse(t.cli(['report', 'response', '--json']).out).incidents, 18);
	assert.match(t.cli(['report', 'response', '--csv']).out, /^incident,title,/);
	assert.equal(t.cli(['report', 'response', '--from', 'nonsense']).code, 1);
});

test('the audit log by actor and by what it is about, and whether its chain is whole', async () => {
	const all = (await t.get('/api/v1/audit?limit=500')).json.items;
	const tokens = (await t.get('/api/v1/audit?type=token.')).json.items;
	assert.deepEqual(tokens.map((e) => e.seq), all.filter((e) => e.type.startsWith('token.')).map((e) => e.seq));
	assert.ok(tokens.length > 0 && tokens.length < all.length);
	assert.deepEqual((await t.get('/api/v1/audit?actor=nobody')).json.items, []);
	const v = (await t.get('/api/v1/audit/verify')).json;
	assert.deepEqual([v.whole, v.cut, v.events], [true, false, all.length]);
	assert.equal(v.head, all[0].hash);
	assert.equal((await t.get('/api/v1/audit/verify', ada)).status, 403);
});

test('a changed line of the audit log shows', { skip: process.env.TOCSIN_TEST_PG !== undefined }, async () => {
	const first = (await t.get('/api/v1/audit?limit=500')).json.items.at(-1).seq;
	const r = spawnSync('python3', ['-c', `import sqlite3; c = sqlite3.connect(${JSON.stringify(`${t.dir}/tocsin.db`)});`
		+ `c.execute("UPDATE event SET actor = 'mallory' WHERE seq = ${first}"); c.commit()`]);
	assert.equal(r.status, 0);
	const v = (await t.get('/api/v1/audit/verify')).json;
	assert.deepEqual([v.whole, v.broken_at], [false, first]);
});

test('what any integration sent in vain, in one list', async () => {
	await t.post('/api/v1/signals', '{"summary": 5', { authorization: 'Bearer native-key' });
	const { items } = (await t.get('/api/v1/rejected')).json;
	assert.equal(items[0].integration, 'native');
	assert.equal(items[0].status, 400);
});
