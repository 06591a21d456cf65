// SPDX-License-Identifier: Apache-2.0
// Configuration over the API and the command line: whole or not at all, with a history.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { ORG, Tocsin } from './lib.mjs';

let t;
before(async () => { t = await Tocsin.start(ORG); });
after(() => t.stop());

const file = (name, text) => {
	const path = `${t.dir}/${name}`;
	writeFileSync(path, text);
	return path;
};

test('documents: make, read, change on condition, remove', async () => {
	const team = { name: 'New', members: { bo: 'responder' } };
	const made = await t.call('PUT', '/api/v1/teams/fresh', team);
	assert.equal(made.status, 201);
	const etag = made.headers.get('etag');
	assert.deepEqual((await t.get('/api/v1/teams/fresh')).json.document, team);
	assert.equal((await t.call('PUT', '/api/v1/teams/fresh', team, { 'if-none-match': '*' })).status, 412);
	assert.equal((await t.call('PUT', '/api/v1/teams/fresh', { name: 'Newer' }, { 'if-match': etag })).status, 200);
	assert.equal((await t.call('PUT', '/api/v1/teams/fresh', team, { 'if-match': etag })).status, 412);
	assert.equal((await t.call('DELETE', '/api/v1/teams/fresh')).status, 204);
	assert.equal((await t.get('/api/v1/teams/fresh')).status, 404);
	assert.equal((await t.call('DELETE', '/api/v1/teams/core')).status, 422, 'still named by others');
	assert.equal((await t.call('PUT', '/api/v1/teams/Not-A-Slug', team)).status, 400);
});

test('secrets are never shown', async () => {
	const r = await t.get('/api/v1/integrations/native');
	assert.equal(r.json.document.key, '(kept)');
	for (const path of ['/api/v1/config', '/api/v1/config?format=yaml', '/api/v1/config/diff?from=0'])
		assert.ok(!(await t.get(path)).text.includes('native-key'), path);
	const kept = await t.call('PUT', '/api/v1/integrations/native', r.json.document);
	assert.equal(kept.status, 200);
	assert.equal((await t.signal({ dedup_key: 'k', severity: 'info', summary: 's' })).status, 202);
});

test('a key is revoked by disabling its integration', async () => {
	const doc = { type: 'native', team: 'core', key: 'soon-gone-key' };
	assert.equal((await t.call('PUT', '/api/v1/integrations/gone', doc)).status, 201);
	const send = () => t.signal({ dedup_key: 'g', severity: 'info', summary: 's' }, 'soon-gone-key');
	assert.equal((await send()).status, 202);
	assert.equal((await t.call('PUT', '/api/v1/integrations/gone', { ...doc, disabled: true })).status, 200);
	assert.equal((await send()).status, 401);
	const made = await t.call('PUT', '/api/v1/integrations/made', { type: 'native', team: 'core' });
	assert.match(made.headers.get('tocsin-key'), /^[0-9a-f]{32}$/, 'a key is made, and shown once');
});

test('export and apply are inverse', async () => {
	const yaml = t.cli(['export']).out;
	const r = t.cli(['apply', '-f', file('export.yaml', yaml)]);
	assert.match(r.out, /Nothing to do/);
	const json = t.cli(['export', '--json']).out;
	assert.match(t.cli(['apply', '-f', file('export.json', json)]).out, /Nothing to do/);
	assert.match(t.must(['apply', ...t.offline, '-f', `${t.dir}/export.yaml`]), /Nothing to do/);
});

test('faults are located in the file, by server and without one', async () => {
	const bad = file('bad.yaml', 'teams:\n  x:\n    name: X\nservices:\n  y:\n    team: x\n    polic: z\n  w:\n    policy: none\n');
	for (const args of [['apply', '-f', bad], ['apply', ...t.offline, '-f', bad]]) {
		const r = t.cli(args);
		assert.equal(r.code, 1);
		assert.match(r.err, /bad\.yaml:7:\d+: \/services\/y\/polic: .*policy/);
		assert.match(r.err, /bad\.yaml:9:\d+: \/services\/w\/policy: there is no policy\/none/);
	}
	assert.equal((await t.get('/api/v1/teams/x')).status, 404, 'nothing was changed');
});

test('a folder is one set; the same id twice names both places', async () => {
	mkdirSync(`${t.dir}/set`);
	file('set/a.yaml', 'teams: { twin: { name: A } }\n');
	file('set/b.yaml', 'teams: { twin: { name: B } }\n');
	const r = t.cli(['apply', '-f', `${t.dir}/set`]);
	assert.equal(r.code, 1);
	assert.match(r.err, /b\.yaml:1:/);
	assert.match(r.err, /a\.yaml/);
});

test('prune removes what the same source brought, and nothing else', async () => {
	const one = file('one.yaml', 'teams: { p1: { name: P1 }, p2: { name: P2 } }\n');
	const two = file('two.yaml', 'teams: { p1: { name: P1 } }\n');
	assert.equal(t.cli(['apply', '-f', one, '--source', 'git']).code, 0);
	const dry = t.cli(['apply', '-f', two, '--source', 'git', '--prune', '--dry-run']);
	assert.match(dry.out, /- team\/p2\nWould make 1 change/);
	assert.equal((await t.get('/api/v1/teams/p2')).status, 200);
	assert.equal(t.cli(['apply', '-f', two, '--source', 'git', '--prune']).code, 0);
	assert.equal((await t.get('/api/v1/teams/p2')).status, 404);
	assert.equal((await t.get('/api/v1/teams/core')).status, 200);
	assert.equal((await t.get('/api/v1/teams/p1')).json.source, 'git');
	assert.equal(t.cli(['apply', '-f', two, '--prune']).code, 2);
});

test('history, diff and rollback', async () => {
	const before = (await t.get('/api/v1/config/revisions?limit=1')).json.items[0].number;
	const apply = t.cli(['apply', '-f', file('h.yaml', 'teams: { hist: { name: H } }\n'), '-m', 'why not']);
	assert.equal(apply.code, 0);
	const log = (await t.get('/api/v1/config/revisions?limit=1')).json.items[0];
	assert.equal(log.message, 'why not');
	assert.equal(log.author, 'user/owner');
	assert.match(t.cli(['config', 'log']).out, /why not/);
	assert.match(t.cli(['config', 'diff']).out, /add team\/hist\n {2}\+ name: H/);
	assert.match(t.cli(['config', 'rollback', String(before), '--dry-run']).out, /- team\/hist/);
	assert.equal(t.cli(['config', 'rollback', String(before)]).code, 0);
	assert.equal((await t.get('/api/v1/teams/hist')).status, 404);
	assert.equal(t.cli(['config', 'rollback', '100000']).code === 0, false);
});

test('two changes at once both land', async () => {
	const put = (n) => t.call('PUT', `/api/v1/teams/race-${n}`, { name: `${n}` });
	const all = await Promise.all(Array.from({ length: 8 }, (_, n) => put(n)));
	assert.deepEqual(all.map((r) => r.status), Array(8).fill(201));
	assert.equal((await t.get('/api/v1/teams')).json.items.filter((i) => i.id.startsWith('race-')).length, 8);
});

test('the description describes every route', async () => {
	const api = (await t.get('/api/v1/openapi.json')).json;
	assert.equal(api.openapi, '3.1.0');
	const refs = JSON.stringify(api).match(/#\/components\/[a-z]+\/[A-Za-z]+/g);
	for (const ref of new Set(refs)) {
		const [, , kind, name] = ref.split('/');
		assert.ok(api.components[kind][name], ref);
	}
	const ids = Object.values(api.paths).flatMap((p) => Object.values(p).map((o) => o.operationId));
	assert.equal(new Set(ids).size, ids.length);
	for (const path of ['/api/v1/incidents/{id}/acknowledge', '/api/v1/users/{id}', '/api/v1/stream'])
		assert.ok(api.paths[path], path);
	for (const path of Object.keys(api.paths).filter((p) => !p.includes('{') && api.paths[p].get
		&& !p.endsWith('/stream')))
		assert.equal((await t.get(path)).status, 200, path);
});
