// SPDX-License-Identifier: Apache-2.0
// Scenarios run by the server: what holds, what does not and where, what happened; within limits, and with no
// way to its files.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ORG, Tocsin } from './lib.mjs';

let t;
const run = (text, headers) => t.call('POST', '/api/v1/scenarios/run', { text }, headers);
const holds = `use present
at 2026-03-02 10:00
signal native disk critical "disk full"
expect page ada mail disk
advance 5m
expect page bo mail disk
bo acks disk
quiet 1h
`;

before(async () => { t = await Tocsin.start(ORG); });
after(async () => { await t?.stop(); });

test('on the configuration in force: it holds, and what happened is told', async () => {
	const r = await run(holds);
	assert.equal(r.status, 200, r.text);
	assert.deepEqual(r.json.faults, []);
	assert.equal(r.json.passed, true);
	assert.deepEqual(r.json.pages.map((p) => [p.who, p.contact, p.expected]), [['ada', 'mail', true], ['bo', 'mail', true]]);
	assert.equal(Date.parse(r.json.pages[1].at) - Date.parse(r.json.pages[0].at), 300_000);
	assert.ok(r.json.events.some((e) => e.type === 'incident.acknowledged' && e.actor === 'bo'), JSON.stringify(r.json.events.map((e) => e.type)));
	assert.equal((await t.get('/api/v1/incidents')).json.items.length, 0, 'nothing of it is on record');
});

test('what does not hold is told with its line, and so are faults of documents', async () => {
	const no = (await run(holds.replace('expect page bo', 'expect page owner'))).json;
	assert.equal(no.passed, false);
	assert.deepEqual([no.faults[0].line, no.faults[0].text], [6, 'expect page owner mail disk']);
	assert.equal(no.pages[1].expected, false);
	const documents = (await run('apply\n  teams:\n    x: { memberz: {} }\n')).json;
	assert.equal(documents.passed, false);
	assert.ok(documents.faults.some((f) => f.line === 3 && /memberz/.test(f.message)), JSON.stringify(documents.faults));
	assert.match((await run('sing a song\n')).json.faults[0].message, /no statement/);
});

test('documents of its own instead of those in force', async () => {
	const r = (await run('apply\n  users:\n    zoe: { contacts: { mail: { type: email, address: z@x.example } } }\n  policies:\n    p: { steps: [{ page: [user/zoe] }] }\n  services:\n    s: { policy: p }\n  integrations:\n    in: { type: native, service: s }\nat 2026-03-02 10:00\nsignal in k critical\nexpect page zoe mail k\n')).json;
	assert.deepEqual(r.faults, []);
	assert.equal(r.passed, true);
});

test('no file of the server can be named', async () => {
	const r = (await run(`use ${t.dir}/org.yaml\n`)).json;
	assert.equal(r.passed, false);
	assert.match(r.faults[0].message, /here is no file/);
});

test('nothing can hold the server: size, statements, time, happenings', async () => {
	assert.equal((await run('#'.repeat(70_000))).status, 422);
	assert.match((await run('advance 1s\n'.repeat(301))).text, /300 statements/);
	assert.match((await run(holds.replace('quiet 1h', 'quiet 61d'))).json.faults[0].message, /more than 60 days/);
	const restless = 'apply\n  users:\n    z: { contacts: { m: { type: email, address: z@x.example } } }\n  policies:\n    p: { steps: [{ page: [user/z], wait: 1s }], repeat: 100 }\n  services:\n    s: { policy: p }\n  integrations:\n    in: { type: native, service: s }\nat 2026-03-02 10:00\n'
		+ Array.from({ length: 100 }, (_, i) => `signal in k${i} critical\nexpect page z m\n`).join('');
	const busy = (await run(restless + 'advance 1d\n')).json;
	assert.equal(busy.passed, false);
	assert.match((await run('fault commit lost\n')).json.faults[0].message, /command line/);
	assert.equal((await t.get('/healthz')).status, 200);
});

test('a stakeholder may not', async () => {
	await t.post('/api/v1/config', { users: { looker: { name: 'Looker', role: 'stakeholder' } } });
	const token = t.must(['token', 'create', ...t.offline, '--user', 'looker', '--name', 'x']).trim();
	assert.equal((await run(holds, { authorization: `Bearer ${token}` })).status, 403);
});
