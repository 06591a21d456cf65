// SPDX-License-Identifier: Apache-2.0
// More than can be written: what does not fit is answered 503 with a time to come back, memory stays
// bounded, and what was let in is not lost.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { ORG, TOCSIN, Tocsin, program, until } from './lib.mjs';

const MEMORY = 24; // MiB for requests under way
const REQUESTS = 60; // of about 700 kB, and twice that once read

let t;
before(async () => { t = await Tocsin.start(ORG, { args: ['--memory', `${MEMORY}`] }); });
after(() => t.stop());

const resident = () => Number(readFileSync(`/proc/${t.server.child.pid}/status`, 'utf8')
	.match(/VmRSS:\s+(\d+)/)[1]) / 1024;

const batch = (n) => JSON.stringify(Array.from({ length: 1000 }, (_, i) => ({
	dedup_key: `${n}-${i}`, severity: 'info', summary: 's', details: 'd'.repeat(600) })));

/** Nobody else writes until the returned function is called. */
async function hold() {
	const script = 'import sqlite3, sys\n'
		+ 'c = sqlite3.connect(sys.argv[1], isolation_level=None)\n'
		+ 'c.execute("BEGIN IMMEDIATE")\nprint("held", flush=True)\nsys.stdin.read()\n';
	const holder = await program('python3', ['-c', script, `${t.dir}/tocsin.db`], { ready: /held/ });
	return () => holder.stop();
}

test('overload', { skip: process.env.TOCSIN_TEST_PG && 'the lock is held with SQLite' }, async () => {
	const release = await hold();
	const idle = resident();
	const answers = [];
	const all = Array.from({ length: REQUESTS }, async (_, n) => {
		const r = await t.signal(batch(n));
		answers.push({ n, r });
		return r;
	});
	await until('somebody is sent away', () => answers.length > 0);
	assert.equal((await t.get('/healthz')).status, 200, 'and it still answers');
	await until('all that does not fit is sent away', () => answers.length > REQUESTS / 2);
	const peak = resident();
	await release();
	await Promise.all(all);

	const of = (status) => answers.filter(({ r }) => r.status === status);
	assert.ok(of(503).length > REQUESTS / 2, `${of(503).length} sent away`);
	for (const { r } of of(503)) {
		assert.match(r.headers.get('retry-after'), /^\d+$/);
		assert.equal(r.json.type, 'urn:tocsin:unavailable');
	}
	// How many are let in depends on the machine: a writer that waits for too long sends them away too.
	assert.equal(of(202).length + of(503).length, REQUESTS);
	// What is counted and as much again for what blocks and sockets round up; sanitizers keep more.
	const sanitized = /asan|tsan/.test(TOCSIN);
	assert.ok(sanitized || peak < idle + 3 * MEMORY, `${idle} MiB idle, ${peak} MiB at its height`);

	for (const { n } of of(202)) {
		const again = await t.signal(JSON.stringify([{ dedup_key: `${n}-999`, action: 'resolve' }]));
		assert.equal(again.json.results[0].outcome, 'closed', `${n} was promised and is there`);
	}
	assert.equal((await t.signal(batch('later'))).status, 202);
	const metrics = (await t.get('/metrics')).text;
	assert.match(metrics, /tocsin_overload_total [1-9]/);
});
