// SPDX-License-Identifier: Apache-2.0
// The cluster of examples/cluster loses the machine of its primary in the middle of a storm.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Hook, Proxy, Tocsin, cli, folder, sleep, until } from '../api/lib.mjs';
import { all, checkTwice, everyPage, pagedBy } from '../api/storm.mjs';

const PORT = Number(process.env.CLUSTER_PORT ?? 15400);
const root = folder();
chmodSync(root, 0o711); // the servers are another user
const dir = join(root, 'cluster');
const env = { ...process.env, CLUSTER_DIR: dir, CLUSTER_PORT: String(PORT),
	CLUSTER_ORG: join(root, 'org.yaml'), CLUSTER_SERVE: '--log=warn' };

function cluster(...args) {
	return new Promise((resolve, reject) => {
		const child = spawn('examples/cluster/cluster', args, { env });
		let out = '', err = '';
		child.stdout.on('data', (d) => { out += d; });
		child.stderr.on('data', (d) => { err += d; });
		child.on('close', (code) => (code === 0 ? resolve(out) : reject(new Error(`cluster ${args}: ${err}${out}`))));
	});
}

after(async () => {
	await cluster('stop');
	rmSync(root, { recursive: true, force: true });
});

/** Tells, until it is taken, as a monitor does; notes what was taken and what was refused. */
class Storm {
	constructor(t) {
		Object.assign(this, { t, accepted: new Map(), refused: 0, n: 0, blows: true });
	}

	async one(key) {
		while (this.blows) {
			const r = await this.t.signal({ dedup_key: key, severity: 'critical', summary: key })
				.catch(() => ({ status: 0 }));
			if (r.status === 202) return this.accepted.set(key, r.json.results[0].incident);
			assert.ok(r.status === 0 || r.status === 503, `answered ${r.status}: ${r.text}`);
			this.refused++;
			await sleep(50);
		}
		return null;
	}

	async blow() {
		while (this.blows) {
			await this.one(`storm-${this.n++}`);
			await sleep(20);
		}
	}
}

test('the primary is lost in a storm', { timeout: 400_000 }, async () => {
	const hook = await Hook.start('hook-secret');
	writeFileSync(env.CLUSTER_ORG, pagedBy(hook));
	const said = await cluster('start');
	const offline = ['--db', said.match(/^db=(.*)$/m)[1], '--key-file', said.match(/^key=(.*)$/m)[1]];
	const made = cli(['token', 'create', ...offline, '--user', 'owner', '--name', 'tests']);
	assert.equal(made.code, 0, made.err);
	const proxy = await Proxy.start([PORT + 41, PORT + 42]);
	const t = Object.assign(new Tocsin(), { url: proxy.url, token: made.out.trim() });

	const storm = new Storm(t);
	const gusts = Array.from({ length: 6 }, () => storm.blow());
	await until('some signals', () => storm.accepted.size >= 100);
	const lost = (await cluster('fail')).trim();
	const begun = Date.now(), before = storm.accepted.size;
	await until('signals are taken again', () => storm.accepted.size >= before + 100, 180_000);
	const away = (Date.now() - begun) / 1000;
	storm.blows = false;
	await Promise.all(gusts);

	const incidents = await all(t, '/api/v1/incidents');
	const there = new Map(incidents.map((i) => [i.dedup_key, i.id]));
	assert.equal(there.size, incidents.length, 'one incident a key');
	for (const [key, id] of storm.accepted)
		assert.equal(there.get(key), id, `${key} was answered and is gone`);
	await everyPage(incidents, hook, 180_000);
	checkTwice(hook.got);
	const verified = cli(['verify', ...offline]);
	assert.match(verified.out, /every hash fits/, verified.err);
	console.error(`# ${lost} was lost: ${storm.accepted.size} signals taken, ${storm.refused} tries refused, `
		+ `${hook.got.length} pages sent, 100 more signals taken within ${away.toFixed(1)} s`);

	// The lost machine comes back as what it is now: a standby, whatever it believed to be.
	await cluster('return', lost);
	await until(`${lost} follows`, () => fetch(`http://127.0.0.1:${PORT + 20 + Number(lost.slice(2))}/replica`)
		.then((r) => r.status === 200, () => false), 120_000);
	await proxy.stop();
	await hook.stop();
});
