// SPDX-License-Identifier: Apache-2.0
// A story that was played and kept is an installation that has lived: served, it has its past and goes on.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { ORG, Tocsin, cli, folder } from './lib.mjs';

const dir = folder();
after(() => rmSync(dir, { recursive: true, force: true }));

function story(name, text) {
	writeFileSync(`${dir}/org.yaml`, ORG);
	writeFileSync(`${dir}/${name}.scn`, `use org.yaml\nat 2026-03-02 10:00 UTC\n${text}`);
	return cli(['scenario', `${dir}/${name}.scn`, '--keep', `${dir}/${name}.db`]);
}

test('what was played is there, pages that nobody expected too, and life goes on', async () => {
	const played = story('a', 'signal native disk critical "The disk is full"\nadvance 3m\nada acks disk\nadvance 1h\nada resolves disk\n');
	assert.deepEqual([played.code, played.out], [0, '1 passed, 0 failed\n'], played.err);
	const t = await Tocsin.kept(`${dir}/a.db`);
	const old = await t.incident('disk');
	assert.deepEqual([old.state, old.opened_at.slice(0, 19), old.acked_by], ['resolved', '2026-03-02T10:00:00', 'user/ada']);
	const pages = (await t.get(`/api/v1/incidents/${old.id}/pages`)).json.items;
	assert.ok(pages.length > 0 && pages.every((p) => p.sent_at.startsWith('2026-03-02T10:0')), JSON.stringify(pages));
	assert.equal((await t.signal({ dedup_key: 'disk', severity: 'critical', summary: 'Again' })).status, 202, 'secrets open with the key beside it');
	await t.incident('disk', (i) => i.state === 'triggered' && i.id !== old.id);
	await t.stop();
	assert.match(cli(['verify', '--db', `sqlite:${dir}/a.db`]).out, /every hash fits/);
});

test('a story that does not hold is not kept, and nothing is written over', () => {
	const wrong = story('b', 'signal native disk critical\nexpect page bo mail\n');
	assert.equal(wrong.code, 1);
	assert.match(wrong.out, /b\.scn:4: expect page bo mail/);
	assert.equal(existsSync(`${dir}/b.db`), false);
	writeFileSync(`${dir}/c.db`, 'mine');
	const there = story('c', 'quiet 1m\n');
	assert.deepEqual([there.code, there.out], [4, '']);
	assert.match(there.err, /c\.db is there already/);
	assert.equal(cli(['scenario', `${dir}/a.scn`, `${dir}/b.scn`, '--keep', `${dir}/d.db`]).code, 2, 'one story, one database');
});

test('the past of the demo, on any day', () => {
	for (const day of ['2026-04-02', '2026-11-28']) {
		writeFileSync(`${dir}/past-${day}.scn`, execFileSync('examples/demo/past', [day]));
		const r = cli(['scenario', `${dir}/past-${day}.scn`, '--keep', `${dir}/past-${day}.db`]);
		assert.equal(r.code, 0, r.out + r.err);
	}
});
