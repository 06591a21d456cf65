// SPDX-License-Identifier: Apache-2.0
// The description against the OpenAPI 3.1 rules, and every answer against the description.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ORG, Tocsin } from './lib.mjs';
import { check, faults, resolve } from './schema.mjs';

let t, api;
before(async () => {
	t = await Tocsin.start(ORG);
	api = (await t.get('/api/v1/openapi.json')).json;
	await t.signal([{ action: 'trigger', dedup_key: 'a', severity: 'critical', summary: 'A', labels: { x: 'y' } }]);
	await t.signal('{"action": "trigger"}');
	await t.incident('a');
});
after(() => t.stop());

const METHODS = ['get', 'put', 'post', 'delete', 'patch'];
const operations = () => Object.entries(api.paths).flatMap(([path, item]) =>
	Object.entries(item).map(([method, op]) => ({ path, method, op })));
const fill = (path) => path.replace('/incidents/{id}', '/incidents/1').replace('/alerts/{id}', '/alerts/1')
	.replace('/pages/{id}', '/pages/1').replace('/users/{id}', '/users/ada').replace('/integrations/{id}', '/integrations/native')
	.replace('/services/{id}', '/services/web').replace(/{id}/, 'core');

test('it keeps the rules of OpenAPI 3.1', () => {
	assert.deepEqual(Object.keys(api).sort(), ['components', 'info', 'openapi', 'paths', 'security']);
	for (const member of ['title', 'version']) assert.ok(api.info[member]);
	for (const { path, method, op } of operations()) {
		const at = `${method} ${path}`;
		assert.ok(METHODS.includes(method), at);
		assert.ok(op.operationId && op.summary && op.responses && op['x-permission'], at);
		assert.ok(!op.summary.includes('?'), `${at}: the query belongs among the parameters`);
		const names = op.parameters.map((p) => `${p.in} ${p.name}`);
		assert.equal(new Set(names).size, names.length, `${at}: a parameter twice`);
		for (const p of op.parameters) {
			assert.match(p.name, /^[A-Za-z_-]+$/, at);
			assert.equal(p.in === 'path', p.required === true, at);
			check(api, p.schema, at);
		}
		const inPath = [...path.matchAll(/{([a-z_.]+)}/g)].map((m) => `path ${m[1]}`);
		assert.deepEqual(names.filter((n) => n.startsWith('path ')), inPath, at);
		for (const r of Object.values(op.responses)) {
			const answer = r.$ref ? resolve(api, r.$ref) : r;
			assert.ok(answer.description, at);
			for (const c of Object.values(answer.content ?? {})) check(api, c.schema, at);
		}
		if (op.requestBody) check(api, op.requestBody.content['application/json'].schema, at);
	}
	for (const [name, schema] of Object.entries(api.components.schemas)) check(api, schema, name);
});

test('every answer is what is described', async () => {
	const silent = ['/api/v1/stream', '/api/v1/openapi.json', '/healthz', '/readyz', '/metrics'];
	for (const { path, op } of operations().filter((o) => o.method === 'get' && !silent.includes(o.path))) {
		const r = await t.get(fill(path));
		if (r.status === 404 && path.includes('{')) continue;
		assert.equal(r.status, 200, path);
		const schema = op.responses['2XX'].content?.['application/json'].schema;
		if (!schema) continue;
		assert.deepEqual(faults(api, schema, r.json), [], path);
	}
});

test('what is sent is what is described, and so are problems', async () => {
	const of = (path, method) => api.paths[path][method].responses['2XX'].content['application/json'].schema;
	const rows = [
		['post', '/api/v1/signals', [{ action: 'trigger', dedup_key: 'b', summary: 'B' }], { authorization: 'Bearer native-key' }],
		['post', '/api/v1/tokens', { name: 'x' }],
		['post', '/api/v1/incidents', { title: 'by hand', service: 'web' }],
		['post', '/api/v1/users/{id}/sign-in-link', undefined],
		['put', '/api/v1/users/{id}', { name: 'Ada', email: 'ada@house.example' }],
		['post', '/api/v1/config', { teams: { fresh: { name: 'Fresh' } } }],
		['post', '/api/v1/config/rollback', { revision: 1, dry_run: true }],
	];
	for (const [method, path, body, headers] of rows) {
		const r = await t.call(method.toUpperCase(), fill(path), body, headers);
		assert.ok(r.status < 300, `${path}: ${r.text}`);
		assert.deepEqual(faults(api, of(path, method), r.json), [], path);
	}
	const bad = await t.call('PUT', '/api/v1/services/x', { polcy: 'core', urgency: 7 });
	assert.equal(bad.status, 422);
	assert.deepEqual(faults(api, resolve(api, '#/components/schemas/Problem'), bad.json), []);
	assert.deepEqual(bad.json.errors.map((e) => e.pointer).sort(), ['/polcy', '/urgency'], 'pointers into the body sent');
	assert.equal((await t.call('PUT', '/api/v1/overrides/o', {})).status, 422, 'what is missing is no syntax error');
	assert.equal((await t.call('PUT', '/api/v1/overrides/o', '{')).status, 400);
});

test('lists come in pages', async () => {
	for (const path of ['/api/v1/users', '/api/v1/tokens', '/api/v1/events']) {
		const all = (await t.get(`${path}?limit=500`)).json.items;
		const got = [];
		let next = '';
		do {
			const r = (await t.get(`${path}?limit=2${next && `&cursor=${encodeURIComponent(next)}`}`)).json;
			assert.ok(r.items.length <= 2);
			got.push(...r.items);
			next = r.next;
		} while (next);
		assert.ok(got.length >= 2);
		assert.deepEqual(got.slice(-all.length), all, path);
	}
	assert.equal((await t.get('/api/v1/users?cursor=nobody')).status, 400);
});

test('what the client has already is not sent again', async () => {
	const first = await t.get('/api/v1/services/web');
	const again = await t.get('/api/v1/services/web', { 'if-none-match': first.headers.get('etag') });
	assert.equal(again.status, 304);
	assert.equal(again.text, '');
	assert.equal((await t.get('/api/v1/services/web', { 'if-none-match': '"0"' })).status, 200);
});
