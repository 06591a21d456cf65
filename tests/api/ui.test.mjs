// SPDX-License-Identifier: Apache-2.0
// What the web UI reads: the board and what was touched since, who is asked next, a schedule's layers, documents
// as YAML; and the way in, with and without a built UI.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Mailbox, ORG, Tocsin, until } from './lib.mjs';

let t, box;
const yaml = { 'content-type': 'application/yaml' };
before(async () => {
	box = await Mailbox.start();
	t = await Tocsin.start(ORG, { args: ['--smtp', box.url, '--mail-from', 'tocsin@house.example'] });
});
after(async () => {
	await t?.stop();
	await box?.stop();
});

test('the board is a first look with its place, then what was touched since', async () => {
	const none = (await t.get('/api/v1/board')).json;
	assert.deepEqual([none.items, none.waits], [[], []]);
	await t.signal({ dedup_key: 'a', severity: 'critical', summary: 'A' });
	const { id } = await t.incident('a');
	const first = (await t.get(`/api/v1/board?after=${none.seq}`)).json;
	assert.deepEqual(first.items.map((i) => i.id), [id]);
	assert.ok(first.seq > none.seq && first.more === false);
	await until('the mail is out', async () =>
		(await t.get(`/api/v1/incidents/${id}/pages`)).json.items[0]?.state === 'sent');
	const now = await until('the place stands still', async () => {
		const one = (await t.get('/api/v1/board')).json, two = (await t.get(`/api/v1/board?after=${one.seq}`)).json;
		return one.seq === two.seq ? one : null;
	});
	assert.equal(now.items[0].id, id);
	assert.equal(now.waits[0].incident, id);
	assert.ok(Date.parse(now.waits[0].ends_at) > Date.now());
	assert.deepEqual((await t.get(`/api/v1/board?after=${now.seq}`)).json, { seq: now.seq, more: false, items: [], waits: [] });
	await t.post(`/api/v1/incidents/${id}/acknowledge`, {});
	const acked = (await t.get(`/api/v1/board?after=${now.seq}`)).json;
	assert.deepEqual([acked.items.map((i) => i.state), acked.waits], [['acknowledged'], []]);
	assert.equal((await t.get('/api/v1/board?after=-1')).status, 400);
	assert.equal((await t.get('/api/v1/board', { authorization: '' })).status, 401);
});

test('a long stretch of the log comes in pieces that miss nothing', async () => {
	let { seq } = (await t.get('/api/v1/board')).json;
	await t.signal(Array.from({ length: 100 }, (_, i) => ({ dedup_key: `many-${i}`, severity: 'critical', summary: 'Many' })));
	await t.incident('many-99');
	const seen = new Set();
	for (let more = true; more;) {
		const part = (await t.get(`/api/v1/board?after=${seq}`)).json;
		part.items.forEach((i) => seen.add(i.dedup_key));
		({ seq, more } = part);
	}
	assert.equal([...seen].filter((k) => k.startsWith('many-')).length, 100);
});

test('whom the step asks and who is next', async () => {
	await t.signal({ dedup_key: 'next', severity: 'critical', summary: 'Next' });
	const { id } = await t.incident('next');
	const e = (await t.get(`/api/v1/incidents/${id}/escalation`)).json;
	assert.deepEqual([e.waiting, e.policy, e.step, e.steps, e.last], [true, 'core', 1, 2, false]);
	assert.deepEqual([e.now, e.next], [[{ target: 'user/ada', users: ['ada'] }], [{ target: 'user/bo', users: ['bo'] }]]);
	await t.post(`/api/v1/incidents/${id}/escalate`, {});
	const last = (await t.get(`/api/v1/incidents/${id}/escalation`)).json;
	assert.deepEqual([last.step, last.last, last.next], [2, true, [{ target: 'user/owner', users: ['owner'] }]]);
	await t.post(`/api/v1/incidents/${id}/resolve`, {});
	assert.equal((await t.get(`/api/v1/incidents/${id}/escalation`)).json.waiting, false);
	assert.equal((await t.get('/api/v1/incidents/999999/escalation')).status, 404);
});

test('a schedule with each layer, its overrides and what comes of them', async () => {
	await t.call('PUT', '/api/v1/overrides/o1', { schedule: 'core', from: '2027-03-03 06:00', to: '2027-03-03 12:00', with: 'owner' });
	const c = (await t.get('/api/v1/schedules/core/calendar?from=2027-03-01T00:00:00Z&to=2027-03-08T00:00:00Z')).json;
	assert.equal(c.zone, 'Europe/Berlin');
	assert.deepEqual(c.overrides, [{ id: 'o1', from: '2027-03-03T05:00:00Z', to: '2027-03-03T11:00:00Z', with: 'owner' }]);
	const shifts = (await t.get('/api/v1/schedules/core/shifts?from=2027-03-01T00:00:00Z&to=2027-03-08T00:00:00Z')).json;
	assert.deepEqual(c.final, shifts.items, 'one truth');
	assert.ok(c.final.some((s) => s.users[0]?.id === 'owner') && !c.layers[0].shifts.some((s) => s.users[0]?.id === 'owner'));
	assert.equal((await t.get('/api/v1/schedules/core/calendar?from=2027-03-01T00:00:00Z&to=2027-01-01T00:00:00Z')).status, 400);
	const far = (await t.get('/api/v1/schedules/core/calendar?from=2027-06-01T00:00:00Z&to=2027-06-08T00:00:00Z')).json;
	assert.deepEqual(far.overrides, []);
});

test('a document as YAML, and back', async () => {
	const text = await t.get('/api/v1/policies/core?format=yaml');
	assert.match(text.headers.get('content-type'), /yaml/);
	assert.match(text.text, /^policies:\n {2}core:\n/);
	assert.equal((await t.get('/api/v1/integrations/native?format=yaml')).text.includes('native-key'), false, 'no secret');
	assert.equal((await t.get('/api/v1/policies/none?format=yaml')).status, 404);
	const put = (body, headers = {}) => t.call('PUT', '/api/v1/policies/core', body, { ...yaml, ...headers });
	assert.equal((await put(text.text, { 'if-match': text.headers.get('etag') })).status, 200);
	const wrong = await put('policies:\n  core:\n    team: core\n    steps: [{ page: [user/adda] }]\n');
	assert.equal(wrong.status, 422);
	assert.equal(wrong.json.errors[0].line, 4);
	for (const other of ['policies:\n  else: { team: core }\n', 'teams:\n  core: { name: X }\n', 'policies: {}\n', 'policies:\n  core: { team: core }\n  two: { team: core }\n'])
		assert.equal((await put(other)).status, 400, other);
	assert.equal((await put(text.text.replace('5m', '6m'), { 'if-match': '"999"' })).status, 412);
	assert.equal((await t.get('/api/v1/policies/core')).json.document.steps.length, 2);
});

test('pages without JavaScript, and an address that waits for who signs in', async () => {
	const cookie = async (email) => (await t.call('POST', '/api/v1/sign-in', { email, password: 'a long password' }, { authorization: '' })).headers.get('set-cookie').split(';')[0];
	await t.call('PUT', '/api/v1/users/ada/password', { password: 'a long password' });
	const ada = { authorization: '', cookie: await cookie('ada@house.example') };
	const { id } = await t.incident('a');
	assert.match((await t.get('/plain', ada)).text, /Open incidents/);
	assert.match((await t.get(`/plain/incidents/${id}`, ada)).text, /Timeline/);
	assert.match((await t.get('/plain/oncall', ada)).text, /On call now/);
	const away = await t.get(`/incidents/${id}`, { authorization: '' });
	assert.deepEqual([away.status, away.headers.get('location')], [303, `/sign-in?next=/incidents/${id}`]);
	const sign = (next) => t.call('POST', '/sign-in', `email=ada%40house.example&password=a+long+password&next=${encodeURIComponent(next)}`, { authorization: '', 'content-type': 'application/x-www-form-urlencoded' });
	assert.equal((await sign('/incidents/1')).headers.get('location'), '/incidents/1');
	for (const bad of ['//evil.example', 'https://evil.example', '/\\evil.example'])
		assert.equal((await sign(bad)).headers.get('location'), '/', bad);
});

test('without the built UI the program says so, and from a folder it is served', async () => {
	const dir = `${t.dir}/assets`;
	mkdirSync(`${dir}/assets`, { recursive: true });
	await t.server.stop();
	t.args.push('--assets', dir);
	await t.up();
	assert.match((await t.get('/')).text, /was not built/);
	assert.equal((await t.get('/incidents/1')).headers.get('location'), '/plain/incidents/1');
	assert.equal((await t.get('/assets/x.js')).status, 404);
	writeFileSync(`${dir}/index.html`, '<!doctype html><title>mine</title>');
	writeFileSync(`${dir}/assets/x.js`, '1');
	writeFileSync(`${t.dir}/secret.js`, 'no');
	assert.match((await t.get('/oncall')).text, /mine/);
	const js = await t.get('/assets/x.js', { authorization: '' });
	assert.deepEqual([js.text, js.headers.get('cache-control')], ['1', 'no-cache']);
	assert.equal((await t.get('/assets/..%2F..%2Fsecret.js', { authorization: '' })).status, 404);
});
