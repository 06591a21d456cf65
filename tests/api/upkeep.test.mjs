// SPDX-License-Identifier: Apache-2.0
// What an operator does: copies, archives, checks, and the watchdog.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { ORG, Tocsin, cli, folder, program, sickDisk, until } from './lib.mjs';

const PG = process.env.TOCSIN_TEST_PG;
let t, dir;
before(async () => {
	dir = folder();
	t = await Tocsin.start(ORG);
});
after(async () => {
	await t.stop();
	rmSync(dir, { recursive: true, force: true });
});

async function resolved(key) {
	for (let i = 0; i < 2; i++) await t.signal({ action: 'trigger', dedup_key: key, severity: 'critical', summary: key });
	const { id } = await t.incident(key);
	assert.equal((await t.post(`/api/v1/incidents/${id}/resolve`, {})).status, 200);
	await until('nothing is under way', async () =>
		(await t.get(`/api/v1/incidents/${id}/pages`)).json.items.every((p) => p.ended_at || p.state === 'sent'));
	return id;
}

test('a backup under load becomes a database that verifies', { skip: PG && 'SQLite only' }, async () => {
	await t.signal({ action: 'trigger', dedup_key: 'kept', severity: 'critical', summary: 'kept' });
	let going = true;
	const load = (async () => {
		for (let i = 0; going; i++) await t.signal({ action: 'trigger', dedup_key: `l${i}`, severity: 'critical', summary: 'x' });
	})();
	assert.equal(cli(['backup', `${dir}/b.db`, ...t.offline]).code, 0);
	going = false;
	await load;
	assert.equal(cli(['backup', `${dir}/b.db`, ...t.offline]).code, 4, 'a good backup is never replaced');
	const to = ['--db', `sqlite:${dir}/new.db`, '--key-file', `${t.dir}/key`];
	const r = cli(['restore', `${dir}/b.db`, ...to]);
	assert.equal(r.code, 0, r.err);
	assert.match(r.out, /every hash fits/);
	assert.equal(cli(['restore', `${dir}/b.db`, ...to]).code, 4, 'nor is a database');
	assert.equal(cli(['restore', `${dir}/none.db`, '--db', `sqlite:${dir}/x.db`]).code, 3);
	assert.equal(cli(['restore', `${dir}/b.db`, '--db', 'postgres://x/y']).code, 2);
	const again = new Tocsin();
	Object.assign(again, { offline: to, args: [], env: {}, token: t.token });
	await again.up();
	assert.equal((await again.incident('kept')).state, 'triggered', 'and it serves');
	await again.server.stop();
	// One changed letter shows.
	spawnSync('python3', ['-c', `import sqlite3; d = sqlite3.connect('${dir}/new.db')
d.execute("UPDATE event SET data = replace(data, 'kept', 'kepT') WHERE type = 'incident.opened'"); d.commit()`]);
	const broken = cli(['verify', ...to]);
	assert.equal(broken.code, 7);
	assert.match(broken.out, /does not fit its hash/);
});

const answer = async (path) => (await t.get(path)).json;

test('the server sends a copy of itself that verifies', { skip: PG && 'SQLite only' }, async () => {
	await t.signal({ action: 'trigger', dedup_key: 'sent', severity: 'critical', summary: 'sent' });
	let going = true;
	const load = (async () => {
		for (let i = 0; going; i++) await t.signal({ action: 'trigger', dedup_key: `m${i}`, severity: 'critical', summary: 'x' });
	})();
	const made = t.cli(['backup', `${dir}/sent.db`]);
	going = false;
	await load;
	assert.equal(made.code, 0, made.err);
	assert.equal(t.cli(['backup', `${dir}/sent.db`]).code, 4, 'a good backup is never replaced');
	const left = readdirSync(t.dir).filter((n) => n.includes('download'));
	assert.deepEqual(left, [], 'nothing is left beside the database');
	const to = ['--db', `sqlite:${dir}/sent-new.db`, '--key-file', `${t.dir}/key`];
	const r = cli(['restore', `${dir}/sent.db`, ...to]);
	assert.equal(r.code, 0, r.err);
	assert.match(r.out, /every hash fits/);
	const again = new Tocsin();
	Object.assign(again, { offline: to, args: [], env: {}, token: t.token });
	await again.up();
	assert.equal((await again.incident('sent')).state, 'triggered');
	const taken = (await again.get('/api/v1/audit')).json.items.filter((e) => e.type === 'record.copied');
	assert.equal(taken.length, 1, 'who took it is on record, in the copy too');
	await again.server.stop();
	const bare = await fetch(`${t.url}/api/v1/backup`, { method: 'POST', headers: { authorization: `Bearer ${t.token}` } });
	assert.match(bare.headers.get('content-disposition'), /^attachment; filename="tocsin-[\dT:-]+Z\.db"$/);
	assert.equal(Buffer.from(await bare.arrayBuffer()).subarray(0, 15).toString(), 'SQLite format 3');
});

test('a copy that breaks off is no file', { skip: PG && 'SQLite only' }, async () => {
	const half = createServer((_, res) => {
		res.writeHead(200, { 'content-length': 100_000 });
		res.write('SQLite format 3');
		setImmediate(() => res.destroy());
	});
	await new Promise((r) => half.listen(0, '127.0.0.1', r));
	const child = spawn(process.env.TOCSIN, ['backup', `${dir}/half.db`, '--url', `http://127.0.0.1:${half.address().port}`]);
	const [code] = await once(child, 'exit');
	half.close();
	assert.equal(code, 6);
	assert.deepEqual(readdirSync(dir).filter((n) => n.startsWith('half')), []);
});

test('the server says whether its record is whole', async () => {
	const id = await resolved('proved');
	const whole = await answer('/api/v1/verify');
	assert.equal(whole.whole, true);
	assert.equal(whole.fault, undefined);
	assert.ok(whole.events > 3 && whole.incidents >= 1 && whole.newest >= whole.events, JSON.stringify(whole));
	assert.match(whole.head, /^[0-9a-f]{64}$/);
	assert.match(t.cli(['verify']).out, /^\d+ events of \d+ incidents: every hash fits/);
	const narrow = (await t.post('/api/v1/tokens', { name: 'reads', scopes: 'read' })).json.secret;
	for (const [method, path] of [['GET', '/api/v1/verify'], ['POST', '/api/v1/backup']])
		assert.equal((await t.call(method, path, undefined, { authorization: `Bearer ${narrow}` })).status, 403, path);
	if (PG) {
		const r = await t.post('/api/v1/backup', {});
		assert.equal(r.status, 409);
		assert.match(r.json.detail, /pg_dump/);
		return;
	}
	// One changed letter shows, with its place; the server goes on.
	const change = (from, to) => spawnSync('python3', ['-c', `import sqlite3; d = sqlite3.connect('${t.dir}/tocsin.db', timeout=30)
d.execute("UPDATE event SET data = replace(data, '${from}', '${to}') WHERE type = 'incident.opened' AND incident_id = ${id}"); d.commit()`]);
	assert.equal(change('proved', 'proveD').status, 0);
	const broken = await answer('/api/v1/verify');
	assert.equal(broken.whole, false);
	assert.equal(broken.fault.incident, id);
	assert.ok(broken.fault.event > 0);
	const said = t.cli(['verify']);
	assert.equal(said.code, 7);
	assert.match(said.out, new RegExp(`event ${broken.fault.event} of incident #${id}: .*hash`));
	assert.equal(change('proveD', 'proved').status, 0);
	assert.equal((await answer('/api/v1/verify')).whole, true);
});

test('one verification at a time', async () => {
	await until('one is refused', async () => {
		const all = await Promise.all(Array.from({ length: 4 }, () => t.get('/api/v1/verify')));
		assert.ok(all.some((r) => r.status === 200), 'one of them goes on');
		const refused = all.filter((r) => r.status !== 200);
		for (const r of refused) assert.match(`${r.status} ${r.text}`, /^409 .*one goes at a time/);
		return refused.length;
	});
	assert.equal((await t.get('/api/v1/verify')).status, 200, 'a later one is let in');
});

test('pg_dump and pg_restore keep what verifies', { skip: !PG && 'PostgreSQL only' }, async () => {
	await resolved('dumped');
	const schema = new URL(t.db.url).searchParams.get('options').split('=')[1];
	const dump = spawnSync('pg_dump', ['--schema', schema, t.db.url.replace(/[?&]options=[^&]*/, '')], { encoding: 'utf8', maxBuffer: 1 << 28 });
	assert.equal(dump.status, 0, dump.stderr);
	const other = `${schema}_restored`;
	const load = spawnSync('psql', [PG, '-qv', 'ON_ERROR_STOP=1'],
		{ input: dump.stdout.replaceAll(schema, other), encoding: 'utf8' });
	assert.equal(load.status, 0, load.stderr);
	const r = cli(['verify', '--db', t.db.url.replace(schema, other), '--key-file', `${t.dir}/key`]);
	spawnSync('psql', [PG, '-qc', `SET client_min_messages = warning; DROP SCHEMA ${other} CASCADE`]);
	assert.equal(r.code, 0, r.err);
	assert.match(r.out, /every hash fits/);
	assert.equal(cli(['backup', `${dir}/pg.db`, ...t.offline]).code, 1);
});

test('the archive takes what is old, and the chain still proves the rest', async () => {
	const old = [await resolved('old-1')];
	await t.signal({ action: 'trigger', dedup_key: 'open', severity: 'critical', summary: 'still open' });
	const open = await t.incident('open'); // between those that go
	old.push(await resolved('old-2'));
	const kept = async (key) => (await t.get(`/api/v1/signals?dedup_key=${key}`)).json.items.length;
	const run = (...args) => cli(['archive', `${dir}/archive`, ...t.offline, ...args]);

	assert.match(run().out, /^0 incidents/, 'for ever, unless somebody says otherwise');
	assert.match(run('--older-than', '1d').out, /^0 incidents/);
	const dry = run('--older-than', '0s', '--dry-run');
	assert.match(dry.out, /^\d+ incidents with \d+ events would go/);
	assert.ok((await t.get(`/api/v1/incidents/${old[0]}/timeline`)).json.items.length > 0, 'a dry run changes nothing');

	const org = (await t.get('/api/v1/organisation')).json.document;
	assert.equal((await t.call('PUT', '/api/v1/organisation', { ...org, keep: '1s' })).status, 200);
	const end = Date.now() + 2500;
	await until('they are old enough', () => Date.now() > end);
	const r = run();
	assert.equal(r.code, 0, r.err);
	assert.ok(Number(r.out.match(/^(\d+) incidents/)[1]) >= 2, r.out);
	for (const id of old) {
		assert.deepEqual((await t.get(`/api/v1/incidents/${id}/timeline`)).json.items, []);
		assert.equal((await t.get(`/api/v1/incidents/${id}`)).json.state, 'resolved', 'the incident itself stays');
	}
	assert.ok((await t.get(`/api/v1/incidents/${open.id}/timeline`)).json.items.length > 0);
	assert.deepEqual([await kept('old-1'), await kept('old-2'), await kept('open')], [1, 2, 1], 'what an alert names stays, and the newest of all');
	assert.match(run().out, /^0 incidents/, 'once is enough');

	// The server goes on, also with what was archived, and no number is given twice.
	assert.equal((await t.post(`/api/v1/incidents/${open.id}/note`, { note: 'after' })).status, 200);
	await resolved('young');
	await t.signal({ action: 'trigger', dedup_key: 'old-1', severity: 'critical', summary: 'again' });
	const verify = (...args) => cli(['verify', ...t.offline, ...args]);
	const whole = verify('--archive', `${dir}/archive`);
	assert.equal(whole.code, 0, whole.out + whole.err);
	assert.match(whole.out, /incidents are archived; [1-9]\d* of their events in files were checked/);

	const file = `${dir}/archive/${readdirSync(`${dir}/archive`).find((n) => n.endsWith('.jsonl'))}`;
	const text = readFileSync(file, 'utf8');
	const lines = text.trim().split('\n').map((l) => JSON.parse(l));
	for (const kind of ['incident', 'event', 'signal', 'page']) assert.ok(lines.some((l) => l[kind]), kind);
	for (const id of old) assert.equal(lines.filter((l) => l.signal?.incident === id).length, 2, 'both signals');
	assert.ok(!lines.some((l) => l.signal?.incident === open.id), 'what is open stays');
	const last = lines.findLastIndex?.((l) => l.event) ?? lines.map((l) => Boolean(l.event)).lastIndexOf(true);
	const without = text.trim().split('\n').filter((_, i) => i !== last).join('\n');
	for (const changed of [text.replace(/("event".*?)old-1/, '$1old-X'), without, '']) {
		writeFileSync(file, changed);
		assert.equal(verify('--archive', `${dir}/archive`).code, 7, 'a changed file shows');
	}
	writeFileSync(file, text);
	assert.equal(verify('--archive', `${dir}/archive`).code, 0);
	assert.ok((await t.get('/api/v1/audit')).json.items.some((e) => e.type === 'record.archived'));
});

test('the watchdog hears from a server that is well', async () => {
	const path = `${dir}/notify`;
	const systemd = await program('tests/fixtures/notify.py', [path], { ready: /listening/ });
	const s = await Tocsin.start(ORG, { env: { NOTIFY_SOCKET: path, WATCHDOG_USEC: '600000' } });
	await until('three beats', () => systemd.text().match(/WATCHDOG=1/g)?.length >= 3);
	assert.match(systemd.text(), /READY=1[^]*WATCHDOG=1/);
	await s.stop();
	await until('it is told of the end', () => /STOPPING=1/.test(systemd.text()));
	await systemd.stop('SIGKILL');
});

test('the watchdog hears no more when only the writer hangs', { skip: PG && 'SQLite only' }, async () => {
	const disk = sickDisk(dir), path = `${dir}/notify-hang`;
	const systemd = await program('tests/fixtures/notify.py', [path], { ready: /listening/ });
	const beats = () => systemd.text().match(/WATCHDOG=1/g)?.length ?? 0;
	let marks = 0;
	/** How many there were until now: those that are still on their way come before a mark of our own. */
	const beatsByNow = async () => {
		const mark = `MARK=${marks++}.`;
		spawnSync('python3', ['-c', 'import socket, sys; socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(sys.argv[2].encode(), sys.argv[1])', path, mark]);
		await until('the mark', () => systemd.text().includes(mark));
		return beats();
	};
	const s = await Tocsin.start(ORG, { args: ['--stuck-after', '2s'], wrap: disk.wrap,
		env: { NOTIFY_SOCKET: path, WATCHDOG_USEC: '400000', ...disk.env } });
	await until('it is well', async () => beats() >= 3 && (await s.get('/readyz')).status === 200);
	disk.is('hangs');
	const waiting = s.signal({ dedup_key: 'hangs', severity: 'critical', summary: 'x' });
	const saysSo = () => s.server.text().match(/where=watchdog text="the writer does not come round"/g)?.length ?? 0;
	await until('the log says it', saysSo);
	const heard = await beatsByNow(), said = saysSo();
	await until('it is asked for again and again', () => saysSo() >= said + 5);
	assert.equal(await beatsByNow(), heard, 'and systemd is told nothing');
	const ready = await s.get('/readyz');
	assert.equal(ready.status, 503);
	assert.match(ready.text, /^the writer does not come round/);
	assert.equal((await s.get('/healthz')).status, 200, 'all else goes on');
	disk.is('well');
	assert.equal((await waiting).status, 202);
	await until('it is well again', async () => beats() > heard && (await s.get('/readyz')).status === 200);
	await s.stop();
	await systemd.stop('SIGKILL');
});

test('the rules that watch Tocsin hold, and speak of figures that are there', async () => {
	for (const args of [['check', 'rules', 'packaging/tocsin.rules.yml'], ['test', 'rules', 'packaging/tocsin.rules.test.yml']]) {
		const r = spawnSync('promtool', args, { encoding: 'utf8' });
		assert.equal(r.status, 0, r.stdout + r.stderr);
	}
	const metrics = (await t.get('/metrics')).text;
	const rules = readFileSync('packaging/tocsin.rules.yml', 'utf8');
	const docs = readFileSync('docs/operations.md', 'utf8');
	for (const name of new Set(rules.match(/tocsin_[a-z_]+/g)))
		assert.match(metrics, new RegExp(`^${name}[ {]`, 'm'), name);
	for (const [, name] of metrics.matchAll(/^# TYPE (\S+)/gm))
		assert.ok(docs.includes(`\`${name}\``), `${name} is not in docs/operations.md`);
});
