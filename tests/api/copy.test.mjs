// SPDX-License-Identifier: Apache-2.0
// tocsin db copy: a whole installation moves to another database, and on from there.
import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import { test } from 'node:test';
import { Hook, PG, Tocsin, cli, scratchDatabase, until } from './lib.mjs';
import { pagedBy } from './storm.mjs';

test('a copy is whole, and a server goes on with it', { timeout: 240_000 }, async () => {
	const hook = await Hook.start('hook-secret');
	const t = await Tocsin.start(pagedBy(hook), { args: ['--allow-private'] });
	for (let i = 0; i < 30; i++)
		await t.signal({ dedup_key: `k${i}`, severity: i % 3 ? 'critical' : 'info', summary: `“${i}” \\ ' ü` });
	const one = await t.incident('k1');
	await t.post(`/api/v1/incidents/${one.id}/acknowledge`, {});
	await until('the pages', async () => (await t.get('/api/v1/pages?limit=500')).json.items
		.every((p) => ['sent', 'cancelled', 'bundled'].includes(p.state)));
	const incidents = (await t.get('/api/v1/incidents?limit=500')).text;
	assert.equal(await t.server.stop(), 0);

	// To a SQLite file, and from there to a new database of the engine that the suite runs on.
	const middle = `sqlite:${t.dir}/middle.db`, far = PG ? scratchDatabase(t.dir) : { url: `sqlite:${t.dir}/far.db`, drop() {} };
	const first = cli(['db', 'copy', '--from', t.db.url, '--to', middle]);
	assert.equal(first.code, 0, first.err);
	const second = cli(['db', 'copy', '--from', middle, '--to', far.url]);
	assert.equal(second.code, 0, second.err);
	assert.equal(second.out, first.out, 'the same rows and the same hashes');
	assert.match(first.out, /\d+ +event +[0-9a-f]{16}/);

	const again = cli(['db', 'copy', '--from', middle, '--to', far.url]);
	assert.equal(again.code, 4, 'what is not empty is not written over');
	assert.match(again.err, /is not empty: its table \w+ has \d+ rows/);
	assert.equal(cli(['db', 'copy', '--from', `sqlite:${t.dir}/none.db`, '--to', far.url]).code, 6);
	assert.ok(!existsSync(`${t.dir}/none.db`), 'reading makes nothing');

	const offline = ['--db', far.url, '--key-file', `${t.dir}/key`];
	assert.match(t.must(['verify', ...offline]), /every hash fits/);
	const moved = Object.assign(new Tocsin(), { ...t, offline });
	await moved.up();
	assert.equal((await moved.get('/api/v1/incidents?limit=500')).text, incidents);
	const r = await moved.signal({ dedup_key: 'k1', severity: 'critical', summary: 'again' });
	assert.equal(r.json.results[0].incident, one.id, 'it counts on the open alert');
	const fresh = await moved.signal({ dedup_key: 'new', severity: 'critical', summary: 'new' });
	assert.equal(fresh.status, 202, fresh.text);
	await until('its page, with the secret that was copied', () =>
		hook.got.find((p) => p.body.incident?.id === fresh.json.results[0].incident));
	assert.equal(await moved.server.stop(), 0);
	far.drop();
	t.db.drop();
	rmSync(t.dir, { recursive: true, force: true });
	await hook.stop();
});
