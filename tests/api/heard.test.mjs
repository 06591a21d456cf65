// SPDX-License-Identifier: Apache-2.0
// How much came by each integration and how often each rule was taken: one answer for a whole list, counted beside the
// record, kept over a restart.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ORG, Tocsin, until } from './lib.mjs';

let t;
before(async () => {
	t = await Tocsin.start(ORG);
	await t.post('/api/v1/config', { rulesets: { main: { rules: [
		{ id: 'env', when: ['labels.env="staging"'], set: { urgency: 'low' } },
		{ id: 'all', set: { 'labels.seen': 'yes' } },
		{ id: 'stopped', when: ['severity="error"'], stop: true },
		{ id: 'last', when: ['severity="error"'] }] } } });
});
after(async () => { await t?.stop(); });

const heard = async (id) => (await t.get('/api/v1/heard')).json.items.find((i) => i.integration === id);
const hits = async () => Object.fromEntries((await t.get('/api/v1/rules/hits')).json.items.map((r) => [`${r.set}/${r.rule}`, r]));

test('nothing has come yet', async () => {
	const items = (await t.get('/api/v1/heard')).json.items;
	assert.deepEqual(items.map((i) => i.integration), ['native', 'prom', 'vo'], 'every integration, also a silent one');
	assert.deepEqual(items[0], { integration: 'native', signals: 0, day: 0, week: 0 });
	assert.deepEqual(Object.keys(await hits()), ['main/env', 'main/all', 'main/stopped', 'main/last'], 'in the order of the rules');
	assert.equal((await hits())['main/all'].last_at, undefined);
});

test('what came counts at once, and what was refused is said', async () => {
	const began = Date.now() - 1000;
	await t.signal([{ dedup_key: 'a', severity: 'critical', labels: { env: 'staging' }, summary: 'a' }, { dedup_key: 'b', severity: 'error', summary: 'b' }]);
	await t.signal({ dedup_key: 'a', severity: 'critical', summary: 'a' });
	assert.equal((await t.signal({ severity: 'no such' })).status, 422);
	const n = await heard('native');
	assert.deepEqual([n.signals, n.day, n.week, n.refused_status, n.silent_since], [3, 3, 3, 422, undefined]);
	assert.match(n.refused_reason, /critical, error, warning, info/);
	assert.ok(Date.parse(n.last_at) > began);
	assert.equal((await heard('prom')).signals, 0);
	const h = await hits();
	assert.deepEqual(['env', 'all', 'stopped', 'last'].map((r) => h[`main/${r}`].week), [1, 3, 1, 0], 'stop ends it');
	assert.ok(Date.parse(h['main/env'].last_at) > began);
});

test('it is kept over a restart, and counts on', async () => {
	await t.server.stop();
	await t.up();
	assert.equal((await heard('native')).signals, 3);
	assert.equal((await hits())['main/all'].week, 3);
	await t.signal({ dedup_key: 'c', severity: 'info', summary: 'c' });
	assert.equal((await heard('native')).signals, 4);
	assert.equal((await hits())['main/all'].week, 4);
});

test('it is written every few seconds, so that a kill costs no more than those', async () => {
	await t.signal({ dedup_key: 'd', severity: 'info', summary: 'd' });
	const other = await t.join();
	await until('another process sees it', async () =>
		(await other.get('/api/v1/heard')).json.items.find((i) => i.integration === 'native').signals === 5);
	await t.kill();
	await t.up();
	assert.equal((await heard('native')).signals, 5);
});

test('a filtered page looks through so many signals and says how far back; the cursor goes on', async () => {
	const prom = { authorization: 'Bearer prom-key' };
	assert.equal((await t.post('/in/prom-key/api/v2/alerts', [{ labels: { alertname: 'Old', severity: 'info' } }], prom)).status, 200);
	await t.signal({ dedup_key: 'long ago', severity: 'info', summary: 'old' });
	const near = (await t.get('/api/v1/signals?integration=prom')).json;
	assert.deepEqual([near.items.length, near.next, near.looked_back_to], [1, undefined, undefined], 'all were looked through');
	await t.noise(50_000);
	for (const ask of ['integration=prom', 'dedup_key=long+ago', 'integration=native&dedup_key=long+ago']) {
		const first = (await t.get(`/api/v1/signals?${ask}`)).json;
		assert.equal(first.items.length, 0, ask);
		assert.ok(Math.abs(Date.parse(first.looked_back_to) - Date.now()) < 600_000, first.looked_back_to);
		const second = (await t.get(`/api/v1/signals?${ask}&cursor=${first.next}`)).json;
		assert.deepEqual([second.items.length, second.next, second.looked_back_to], [1, undefined, undefined], ask);
		assert.ok(second.items[0].id < Number(first.next));
	}
	const full = (await t.get('/api/v1/signals?integration=native&limit=2')).json;
	assert.deepEqual([full.items.length, full.next, full.looked_back_to], [2, String(full.items[1].id), undefined]);
	const any = (await t.get('/api/v1/signals?cursor=3')).json;
	assert.deepEqual([any.items.length, any.next], [2, undefined], 'without a filter nothing is looked for');
	assert.deepEqual((await t.get('/api/v1/signals?integration=native&cursor=1')).json, { items: [] });
});
