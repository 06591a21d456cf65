// SPDX-License-Identifier: Apache-2.0
// The kinds as their tables describe them, documents from one way of writing into the other, and one document
// taken back to how it was.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ORG, Tocsin } from './lib.mjs';

let t;
before(async () => { t = await Tocsin.start(ORG); });
after(async () => { await t?.stop(); });

const yaml = { 'content-type': 'application/yaml' };

test('every kind says its fields in the order of its table', async () => {
	const items = (await t.get('/api/v1/kinds')).json.items;
	assert.deepEqual(items.map((k) => k.section).sort(), ['absences', 'channels', 'holidays', 'integrations', 'organisation', 'overrides',
		'policies', 'rulesets', 'schedules', 'services', 'teams', 'users', 'windows']);
	const policy = items.find((k) => k.kind === 'policy');
	assert.deepEqual(policy.fields.map((f) => f.name), ['name', 'description', 'labels', 'team', 'delay', 'steps', 'repeat', 'ack_timeout']);
	const steps = policy.fields.find((f) => f.name === 'steps');
	assert.equal(steps.type, 'list');
	assert.deepEqual(steps.fields.map((f) => [f.name, f.type, f.required ?? false]),
		[['page', 'custom', true], ['wait', 'duration', false], ['acks', 'int', false], ['round_robin', 'bool', false]]);
	assert.equal(steps.fields[0].schema.items.format, 'target');
	assert.equal(steps.fields[1].default, '5m');
	const service = items.find((k) => k.kind === 'service');
	assert.equal(service.fields.find((f) => f.name === 'policy').ref, 'policy');
	assert.deepEqual(service.fields.find((f) => f.name === 'urgency').values, ['by-severity', 'high', 'low']);
});

test('every field of a form is of a kind that is known', async () => {
	const known = new Set(['string', 'text', 'slug', 'email', 'url', 'ref', 'int', 'bool', 'duration', 'time', 'enum', 'object', 'list', 'map', 'json']);
	const formats = new Set(['target', 'zone', 'wall-clock', 'edge', 'span', 'turns', 'windows', 'turn-set', 'turn', 'user-or-null', 'dates', 'members', 'rules', 'cases', 'secret']);
	const look = (fields, where) => {
		for (const f of fields) {
			if (f.type === 'custom') assert.ok(f.schema.enum || formats.has(f.schema.format) || formats.has(f.schema.items?.format)
				|| ['boolean', 'string'].includes(f.schema.type), `${where}.${f.name}: ${JSON.stringify(f.schema)}`);
			else assert.ok(known.has(f.type), `${where}.${f.name}`);
			if (f.fields) look(f.fields, `${where}.${f.name}`);
		}
	};
	for (const k of (await t.get('/api/v1/kinds')).json.items) look(k.fields, k.kind);
});

test('YAML becomes JSON and JSON the same YAML again; what cannot be read is told by its line', async () => {
	const text = 'teams:\n  core:\n    name: "12"\n    members: {bo: manager}\n';
	const json = await t.call('POST', '/api/v1/config/convert', text, yaml);
	assert.deepEqual(json.json, { teams: { core: { name: '12', members: { bo: 'manager' } } } });
	assert.equal((await t.post('/api/v1/config/convert', json.json)).text, text);
	const bad = await t.call('POST', '/api/v1/config/convert', 'teams:\n  core: [\n', yaml);
	assert.equal(bad.status, 400);
	assert.ok(bad.json.errors[0].line >= 2);
});

test('one document goes back, the others stay; only from what was seen', async () => {
	const was = (await t.get('/api/v1/policies/core')).json;
	await t.call('PUT', '/api/v1/policies/core', { ...was.document, repeat: 3 });
	const team = (await t.get('/api/v1/teams/core')).json;
	await t.call('PUT', '/api/v1/teams/core', { ...team.document, description: 'stays' });
	const now = (await t.get('/api/v1/policies/core')).json;

	const stale = await t.call('POST', '/api/v1/policies/core/rollback', { revision: was.revision }, { 'if-match': `"${was.revision}"` });
	assert.equal(stale.status, 412);
	const dry = await t.call('POST', '/api/v1/policies/core/rollback', { revision: was.revision, dry_run: true }, { 'if-match': `"${now.revision}"` });
	assert.deepEqual(dry.json.changes.map((c) => `${c.verb} ${c.kind}/${c.id}`), ['change policy/core']);
	assert.equal((await t.get('/api/v1/policies/core')).json.document.repeat, 3, 'a dry run changes nothing');
	const done = await t.call('POST', '/api/v1/policies/core/rollback', { revision: was.revision }, { 'if-match': `"${now.revision}"` });
	assert.equal(done.status, 200);
	assert.deepEqual((await t.get('/api/v1/policies/core')).json.document, was.document);
	assert.equal((await t.get('/api/v1/teams/core')).json.document.description, 'stays');
	const log = (await t.get('/api/v1/config/revisions')).json.items[0];
	assert.match(log.message, /policy\/core back to revision 1/);

	assert.equal((await t.post('/api/v1/policies/core/rollback', { revision: 999 })).status, 404);
	assert.equal((await t.post('/api/v1/policies/nothing/rollback', { revision: 1 })).status, 404);
});

test('to before it was there: it goes, unless somebody names it', async () => {
	await t.call('PUT', '/api/v1/policies/late', { steps: [{ page: ['user/bo'] }] });
	const made = (await t.get('/api/v1/policies/late')).json.revision;
	assert.equal((await t.post('/api/v1/policies/late/rollback', { revision: made - 1 })).status, 200);
	assert.equal((await t.get('/api/v1/policies/late')).status, 404);
	const named = await t.post('/api/v1/policies/core/rollback', { revision: 0 });
	assert.equal(named.status, 422);
	assert.match(named.text, /service\/web/);
});

test('by the command line too, with a dry run first', async () => {
	const was = (await t.get('/api/v1/policies/core')).json;
	await t.call('PUT', '/api/v1/policies/core', { ...was.document, repeat: 7 });
	assert.match(t.must(['config', 'rollback', String(was.revision), 'policy/core', '--dry-run', '--url', t.url, '--token', t.token]), /policy\/core/);
	assert.equal((await t.get('/api/v1/policies/core')).json.document.repeat, 7);
	t.must(['config', 'rollback', String(was.revision), 'policy/core', '--url', t.url, '--token', t.token]);
	assert.deepEqual((await t.get('/api/v1/policies/core')).json.document, was.document);
});

test('who may not change it may not take it back', async () => {
	const token = t.must(['token', 'create', ...t.offline, '--user', 'bo', '--name', 'bo']).trim();
	const was = (await t.get('/api/v1/policies/core')).json;
	await t.call('PUT', '/api/v1/policies/core', { ...was.document, repeat: 5 });
	const no = await t.call('POST', '/api/v1/policies/core/rollback', { revision: was.revision }, { authorization: `Bearer ${token}` });
	assert.equal(no.status, 403);
	assert.equal((await t.get('/api/v1/policies/core')).json.document.repeat, 5);
});
