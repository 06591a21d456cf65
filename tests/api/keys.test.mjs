// SPDX-License-Identifier: Apache-2.0
// The key of an integration is replaced while its senders go on: both are valid for a while, the old one ends at its
// time or by hand, also over a crash; what files say of keys works as it did.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ORG, Tocsin, until } from './lib.mjs';

let t;
before(async () => { t = await Tocsin.start(ORG); });
after(async () => { await t?.stop(); });

let n = 0;
const send = async (key) => (await t.signal({ dedup_key: `k${n++}`, severity: 'info', summary: 'x' }, key)).status;
const rotate = (id, body = {}) => t.post(`/api/v1/integrations/${id}/rotate`, body);
const end = (id) => t.call('DELETE', `/api/v1/integrations/${id}/old-key`);
const audit = async (type) => (await t.get(`/api/v1/audit?type=${type}`)).json.items;
const heard = async () => (await t.get('/api/v1/heard')).json.items.find((i) => i.integration === 'native');

test('both keys are valid, and which one senders use is said', async () => {
	const r = await rotate('native', { grace: '2h' });
	assert.equal(r.status, 200, r.text);
	assert.ok(Math.abs(Date.parse(r.json.old_key_until) - Date.now() - 7_200_000) < 60_000);
	assert.equal(await send(r.json.key), 202);
	assert.equal((await heard()).old_key_at, undefined);
	assert.equal(await send('native-key'), 202);
	assert.ok((await heard()).old_key_at);
	assert.equal((await t.post(`/in/${r.json.key}`, { dedup_key: 'a', severity: 'info', summary: 'x' }, { authorization: '' })).status, 202);
	const doc = await t.get('/api/v1/integrations/native');
	assert.equal(doc.json.document.key, '(kept)');
	assert.equal(doc.json.document.old_key, '(kept)');
	assert.ok(!doc.text.includes(r.json.key), 'shown once');
	const [told] = await audit('integration.key-replaced');
	assert.match(told.sentence, /owner gave integration native a new key/);
	assert.ok(!JSON.stringify([told, ...(await audit('config'))]).includes(r.json.key));

	assert.equal((await rotate('native')).status, 409, 'a second rotation would cut a sender off');
	await t.kill();
	await t.up();
	assert.equal(await send('native-key'), 202, 'it is data: a crash changes nothing');
	assert.equal(await send(r.json.key), 202);

	assert.equal((await end('native')).status, 204);
	assert.equal(await send('native-key'), 401, 'the old one is refused');
	assert.equal(await send(r.json.key), 202);
	assert.equal((await end('native')).status, 404);
	assert.equal((await audit('integration.old-key-ended')).length, 1);
	assert.equal((await t.get('/api/v1/integrations/native')).json.document.old_key, undefined);
});

test('it ends by itself at its time', async () => {
	const r = await rotate('vo', { grace: '8s' });
	const by = async (key) => (await t.post(`/integrations/generic/20131114/alert/${key}/web-key`, { message_type: 'INFO', entity_id: 'v' }, { authorization: '' })).status;
	assert.equal(await by('vo-key'), 200);
	await until('the old key is refused', async () => (await by('vo-key')) === 404);
	assert.equal(await by(r.json.key), 200);
	assert.equal((await rotate('vo')).status, 200, 'an old key whose time is over is in nobody\'s way');
});

test('files keep working: what says nothing keeps both, null ends the old one, an export is taken back', async () => {
	const { key } = (await rotate('prom', { grace: '1h' })).json;
	const alerts = async (k) => (await t.post(`/in/${k}/api/v2/alerts`, [], { authorization: '' })).status;
	const apply = (doc) => t.post('/api/v1/config', { integrations: { prom: doc } });
	const base = { type: 'alertmanager', team: 'core', service: 'web' };
	assert.equal((await apply({ ...base, name: 'Prom' })).status, 200);
	assert.deepEqual([await alerts(key), await alerts('prom-key')], [200, 200]);
	const all = (await t.get('/api/v1/config')).json;
	assert.deepEqual((await t.post('/api/v1/config', all)).json.changes, [], 'an export changes nothing');
	assert.equal((await apply({ ...base, old_key: null })).status, 200);
	assert.deepEqual([await alerts(key), await alerts('prom-key')], [200, 404]);
	assert.equal((await t.post('/api/v1/config', all)).status, 200, 'an export from before its end is taken too');
	assert.equal(await alerts('prom-key'), 404);
	assert.equal((await apply({ ...base, old_key: 'prom-key', old_key_until: new Date(Date.now() + 3_600_000).toISOString() })).status, 200);
	assert.equal(await alerts('prom-key'), 200, 'a file may name it');
	const twice = await t.post('/api/v1/config', { integrations: { other: { key: 'prom-key' } } });
	assert.equal(twice.status, 422);
	assert.match(twice.text, /integration\/prom has the same key/);
});

test('who may, and what cannot be', async () => {
	const token = t.must(['token', 'create', ...t.offline, '--user', 'bo', '--name', 'x']).trim();
	const manager = t.must(['token', 'create', ...t.offline, '--user', 'ada', '--name', 'x']).trim();
	const as = (tk) => t.post('/api/v1/integrations/native/rotate', {}, { authorization: `Bearer ${tk}` });
	assert.equal((await as(token)).status, 403);
	assert.equal((await as(manager)).status, 200, 'a manager of its team');
	assert.equal((await rotate('nowhere')).status, 404);
	assert.equal((await rotate('native', { grace: '100d' })).status, 422);
	await t.post('/api/v1/config', { integrations: { byname: { key: { env: 'HOME' } } } });
	const r = await rotate('byname');
	assert.equal(r.status, 409);
	assert.match(r.text, /in a variable or a file/);
});

test('on the command line', async () => {
	await end('native');
	const r = t.cli(['integration', 'rotate', 'native', '--grace', '3h']);
	assert.equal(r.code, 0, r.err);
	const key = r.out.trim();
	assert.match(key, /^\S+$/, 'the key alone on a line, for scripts');
	assert.match(r.err, /old key .* until/);
	assert.equal(await send(key), 202);
	assert.equal(t.cli(['integration', 'rotate', 'native']).code, 4);
	const list = t.cli(['integration', 'list']);
	assert.match(list.out, /^native\t/m);
	assert.equal(JSON.parse(t.cli(['integration', 'list', '--json']).out).map((i) => i.integration).includes('native'), true);
	assert.equal(t.cli(['integration', 'end-old-key', 'native']).code, 0);
	assert.equal(t.cli(['integration', 'end-old-key', 'native']).code, 3);
});
