// SPDX-License-Identifier: Apache-2.0
// Maintenance windows: signals are recorded, nobody is paged, it is said why, and what is open at the end is paged.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ORG, Tocsin, until } from './lib.mjs';

let t;
before(async () => { t = await Tocsin.start(ORG); });
after(async () => { await t?.stop(); });

const at = (ms) => new Date(Date.now() + ms).toISOString();
const put = (id, doc, token) => t.call('PUT', `/api/v1/windows/${id}`, doc, token ? { authorization: `Bearer ${token}` } : {});
const pages = async (n) => (await t.get(`/api/v1/incidents/${n}/pages`)).json.items;
const says = async (n, type) => (await t.get(`/api/v1/incidents/${n}/timeline`)).json.items.find((e) => e.type === type);
const fire = async (key, by = 'native-key') => {
	const r = await t.signal({ dedup_key: key, severity: 'critical', summary: key }, by);
	assert.equal(r.status, 202, r.text);
	return r.json.results[0].incident;
};

test('what comes is recorded and nobody is paged; it says until when and why', async () => {
	assert.equal((await put('move', { name: 'Move', services: ['web'], from: at(-60_000), to: at(3_600_000), reason: 'the racks move' })).status, 201);
	const n = await fire('held');
	const inc = (await t.get(`/api/v1/incidents/${n}`)).json;
	assert.equal(inc.state, 'triggered');
	assert.ok(Date.parse(inc.muted_until) > Date.now());
	assert.deepEqual(await pages(n), []);
	const e = await says(n, 'incident.muted');
	assert.equal(e.reason, 'maintenance');
	assert.match(e.sentence, /Nobody is paged until .*Move: the racks move/);
	assert.equal((await t.get('/api/v1/board')).json.items.find((i) => i.id === n).muted_until, inc.muted_until);
});

test('a crash forgets nothing: at its end what is open is paged', async () => {
	const n = await fire('soon');
	await put('move', { services: ['web'], from: at(-60_000), to: at(2500), reason: 'nearly' });
	await t.kill();
	await t.up();
	await until('it is paged', async () => (await pages(n)).length > 0);
	assert.ok(await says(n, 'incident.unmuted'));
	assert.equal((await t.get(`/api/v1/incidents/${n}`)).json.muted_until, undefined);
});

test('by integration; removed by hand it ends at once; acknowledged meanwhile it stays quiet', async () => {
	await put('by-way', { integrations: ['native'], from: at(-60_000), to: at(3_600_000), reason: 'x' });
	const [a, b] = [await fire('a'), await fire('b')];
	assert.equal((await t.post(`/api/v1/incidents/${a}/acknowledge`, {})).status, 200);
	assert.equal((await t.call('DELETE', '/api/v1/windows/by-way')).status, 204);
	await until('b is paged', async () => (await pages(b)).length > 0);
	assert.deepEqual(await pages(a), []);
	assert.equal((await t.get(`/api/v1/incidents/${a}`)).json.muted_until, undefined);
});

test('the preview knows it: for a signal, not for what is opened by hand; a policy says it of its services', async () => {
	const to = at(3_600_000);
	await put('seen', { name: 'Seen', services: ['web'], from: at(-60_000), to, reason: 'the racks move' });
	const preview = async (query = '') => (await t.get(`/api/v1/services/web/preview${query}`)).json;
	const p = await preview();
	assert.deepEqual(p.muted, { window: 'seen', name: 'Seen', why: 'the racks move', until: p.muted.until });
	assert.equal(Date.parse(p.muted.until), Date.parse(to));
	assert.equal(p.pages[0].at, p.muted.until);
	const hand = await preview('?by=hand');
	assert.equal(hand.muted, undefined);
	assert.ok(hand.pages[0].at < p.pages[0].at);
	assert.equal((await t.get('/api/v1/services/web/preview?by=foot')).status, 400);
	const policy = p.policy;
	const { findings } = (await t.post(`/api/v1/policies/${policy}/check`, {})).json;
	assert.match(findings.map((f) => f.finding).join(), /service\/web is in maintenance then \(window\/seen\)/);
	assert.equal((await t.call('DELETE', '/api/v1/windows/seen')).status, 204);
	assert.equal((await preview()).muted, undefined);
});

test('who may, and what cannot be', async () => {
	const token = (u) => t.must(['token', 'create', ...t.offline, '--user', u, '--name', 'x']).trim();
	const doc = { services: ['web'], from: at(0), to: at(1000), reason: 'x' };
	assert.equal((await put('mine', doc, token('ada'))).status, 201, 'who manages the team of the service');
	assert.equal((await put('mine', { ...doc, reason: 'y' }, token('bo'))).status, 403);
	await t.post('/api/v1/config', { services: { theirs: { name: 'Theirs' } } });
	assert.equal((await put('mine', { ...doc, services: ['web', 'theirs'] }, token('ada'))).status, 403, 'not what is another\'s');
	assert.ok([400, 422].includes((await put('none', { from: at(0), to: at(1000), reason: 'x' })).status), 'none');
	assert.ok([400, 422].includes((await put('back', { ...doc, to: at(-3_600_000) })).status), 'back');
	assert.ok([400, 422].includes((await put('why', { services: ['web'], from: at(0), to: at(1000) })).status), 'why');
	assert.ok([400, 422].includes((await put('where', { ...doc, services: ['nowhere'] })).status), 'where');
	assert.match((await t.call('DELETE', '/api/v1/services/web')).text, /still named by/);
});
