// SPDX-License-Identifier: Apache-2.0
// Two servers that both believe themselves primary: a standby was promoted and the old primary came back.
// Who has seen the later timeline takes no other, also after a restart.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { ORG, PG, Tocsin, cli, freePort, until } from './lib.mjs';

const options = { timeout: 300_000, skip: PG ? false : 'needs PostgreSQL: ./dev pg' };
const root = process.getuid() === 0;

class Postgres {
	constructor(dir, name, port) {
		Object.assign(this, { dir, data: `${dir}/${name}`, port, name });
	}

	/** As the user that owns the server: it refuses to run as root. */
	run(command, ...args) {
		const bin = readdirSync('/usr/lib/postgresql').map(Number).sort((a, b) => a - b).pop();
		const path = `/usr/lib/postgresql/${bin}/bin/${command}`;
		const r = root ? spawnSync('runuser', ['-u', 'postgres', '--', path, ...args], { cwd: '/', encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
			: spawnSync(path, args, { cwd: '/', encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
		assert.equal(r.status, 0, `${command} ${args.join(' ')}: ${r.stdout}${r.stderr}`);
		return r.stdout;
	}

	start() {
		this.run('pg_ctl', '-D', this.data, '-l', `${this.dir}/${this.name}.log`, '-w', '-o',
			`-c listen_addresses=127.0.0.1 -c port=${this.port} -c unix_socket_directories=${this.dir} -c fsync=off`, 'start');
	}

	stop() { this.run('pg_ctl', '-D', this.data, '-m', 'immediate', 'stop'); }

	sql(text) {
		return this.run('psql', '-h', this.dir, '-p', String(this.port), '-U', 'tocsin', '-d', 'postgres', '-XAtqc', text).trim();
	}
}

let dir, a, b, t, url;
const signal = (key) => t.signal({ action: 'trigger', dedup_key: key, severity: 'critical', summary: key });
const holds = (server, key) => server.sql(`SELECT count(*) FROM alert WHERE dedup_key = '${key}'`) === '1';

before(async () => {
	if (options.skip) return;
	dir = mkdtempSync('/tmp/tocsin-split.');
	if (root) spawnSync('chown', ['postgres', dir]);
	a = new Postgres(dir, 'a', await freePort());
	b = new Postgres(dir, 'b', await freePort());
	a.run('initdb', '-D', a.data, '-U', 'tocsin', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N');
	a.start();
	url = `postgres://tocsin@127.0.0.1:${a.port},127.0.0.1:${b.port}/postgres`;
	t = await Tocsin.start(ORG, { url });
});
after(async () => {
	if (options.skip) return;
	await t.stop();
	for (const server of [a, b]) server.stop();
	rmSync(dir, { recursive: true, force: true });
});

test('who has seen the later timeline refuses the old primary and takes the other host', options, async () => {
	assert.equal((await signal('on-one')).status, 202);
	a.run('pg_basebackup', '-h', dir, '-p', String(a.port), '-U', 'tocsin', '-D', b.data, '-R', '-X', 'stream', '-c', 'fast');
	b.start();
	a.stop();
	b.sql('SELECT pg_promote()');
	await until('signals are taken by the new primary', async () => (await signal('on-two')).status === 202);
	assert.ok(holds(b, 'on-two'));

	a.start(); // it comes back and believes itself primary: both let themselves be written to
	b.stop();
	await until('the old primary is refused', async () => {
		const r = await signal('lost');
		assert.notEqual(r.status, 202, 'the old primary took a signal');
		return /an old primary at port/.test((await t.get('/readyz')).text);
	});
	b.start();
	await until('it goes on with the new one by itself', async () => (await signal('again')).status === 202);
	assert.ok(holds(b, 'again'));
	for (const key of ['on-two', 'lost', 'again']) assert.ok(!holds(a, key), `${key} is not on the old primary`);
});

test('a restart does not forget', options, async () => {
	const kept = `${t.dir}/key.timelines`;
	assert.match(readFileSync(kept, 'utf8'), /^\d+ 2$/m);
	await t.server.stop('SIGKILL');
	await t.up(); // the old primary is the first host, and would take it
	assert.equal((await signal('later')).status, 202);
	assert.ok(holds(b, 'later') && !holds(a, 'later'));

	await t.server.stop();
	b.stop();
	const refused = cli(['doctor', ...t.offline]);
	assert.notEqual(refused.code, 0);
	assert.match(refused.err, /an old primary at port/, 'alone it is refused too');
	b.start();
	await t.up();
});

test('who has never seen either asks both before it writes', options, async () => {
	await t.server.stop();
	rmSync(`${t.dir}/key.timelines`);
	await t.up();
	assert.equal((await signal('fresh')).status, 202);
	assert.ok(holds(b, 'fresh') && !holds(a, 'fresh'));
});
