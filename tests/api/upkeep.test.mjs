// SPDX-License-Identifier: Apache-2.0
// What an operator does: copies, archives, checks, and the watchdog.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { ORG, Tocsin, cli, folder, program, until } from './lib.mjs';

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
	await t.signal({ action: 'trigger', dedup_key: key, severity: 'critical', summary: key });
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
	const old = [await resolved('old-1'), await resolved('old-2')];
	await t.signal({ action: 'trigger', dedup_key: 'open', severity: 'critical', summary: 'still open' });
	const open = await t.incident('open');
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
	assert.match(systemd.text(), /STOPPING=1/);
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
