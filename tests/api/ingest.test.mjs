// SPDX-License-Identifier: Apache-2.0
// Every way in for signals: the exact answers that senders expect, and what is refused.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { ORG, Tocsin } from './lib.mjs';

let t;
before(async () => { t = await Tocsin.start(ORG); });
after(() => t.stop());

const none = { authorization: '' };
const json = { ...none, 'content-type': 'application/json' };
const victorops = (body, path = 'vo-key/web-key') =>
	t.post(`/integrations/generic/20131114/alert/${path}`, body, json);
const alerts = (body) => t.post('/in/prom-key/api/v2/alerts', body, json);

test('native: one or many, each with what became of it', async () => {
	const one = await t.signal({ dedup_key: 'n1', severity: 'critical', summary: 'x' });
	assert.equal(one.status, 202);
	const many = await t.signal([{ dedup_key: 'n1', severity: 'error', summary: 'x' },
		{ dedup_key: 'n2', severity: 'info', summary: 'y' }, { dedup_key: 'n1', action: 'resolve' }]);
	assert.deepEqual(many.json.results.map((r) => r.outcome), ['duplicate', 'kept', 'closed']);
	assert.equal(many.json.results[0].incident, one.json.results[0].incident);
});

test('native: what is refused is told with its place, and kept', async () => {
	const r = await t.signal([{ dedup_key: 'ok', severity: 'critical', summary: 's' },
		{ dedup_key: 'x', severty: 'critical', summary: 's' }]);
	assert.equal(r.status, 422);
	assert.ok(r.json.errors.some((e) => e.pointer === '/1/severty'), r.text);
	assert.equal((await t.get('/api/v1/incidents?dedup_key=ok')).json.items.length, 0, 'refused whole');
	assert.equal((await t.signal('{"dedup_key"')).status, 400);
	assert.equal((await t.signal('[' .repeat(40) + ']'.repeat(40))).status, 413);
	assert.equal((await t.signal(Array.from({ length: 1001 }, (_, i) =>
		({ dedup_key: `${i}`, severity: 'info' })))).status, 413);
	const kept = (await t.get('/api/v1/integrations/native/rejected')).json.items;
	assert.equal(kept.length, 4);
	assert.equal(kept[3].status, 422);
	assert.match(kept[3].sample, /severty/);
	assert.match(kept[3].reason, /severty/);
});

test('every way in has the same limits', async () => {
	const many = (one) => JSON.stringify(Array(1001).fill(one));
	const deep = (n) => '['.repeat(n) + ']'.repeat(n);
	const native = { authorization: 'Bearer native-key' };
	const rows = [
		['/api/v1/signals', native, many({ dedup_key: 'x', severity: 'info' })],
		['/in/prom-key/api/v2/alerts', none, many({ labels: { a: 'b' } })],
		['/in/prom-key', none, `{"alerts":${many({ labels: { a: 'b' } })}}`],
		['/integrations/generic/20131114/alert/vo-key/web-key', none, null], // one signal a request
	];
	for (const [path, headers, body] of rows) {
		const post = (text) => t.post(path, text, { ...headers, 'content-type': 'application/json' });
		if (body) assert.equal((await post(body)).status, 413, `${path}: 1,001 signals`);
		assert.equal((await post(deep(33))).status, 413, `${path}: depth 33`);
		const shallow = (await post(deep(32))).status; // wrong, but not too deep
		assert.ok(shallow === 400 || shallow === 422, `${path}: depth 32: ${shallow}`);
		// Refused by its head: a sender that is still writing may find the connection closed instead.
		const big = await post(`"${'x'.repeat(1024 * 1024)}"`).catch((e) => ({ status: e.code }));
		assert.ok([413, 'EPIPE', 'ECONNRESET'].includes(big.status), `${path}: above 1 MiB: ${big.status}`);
	}
});

test('a wrong key learns nothing', async () => {
	assert.equal((await t.signal({ dedup_key: 'x' }, 'wrong')).status, 401);
	assert.equal((await t.post('/in/wrong', {}, none)).status, 404);
	assert.equal((await t.post('/in/wrong/api/v2/alerts', [], none)).status, 404);
	assert.equal((await victorops({ message_type: 'INFO' }, 'wrong/x')).status, 404);
});

test('VictorOps: its fields, message types, states and answers', async () => {
	const open = await victorops({ message_type: 'CRITICAL', entity_id: 'vo/1',
		entity_display_name: 'Disk is full', state_message: 'df says so', monitoring_tool: 'nagios' });
	assert.equal(open.status, 200);
	assert.deepEqual(open.json, { result: 'success', entity_id: 'vo/1' });
	const inc = await t.incident('vo/1', (i) => i.state === 'triggered');
	assert.equal(inc.title, 'Disk is full');
	assert.equal(inc.service, 'web');
	assert.deepEqual((await victorops({ message_type: 'acknowledgement', entity_id: 'vo/1',
		ack_author: 'night shift' })).json, { result: 'success', entity_id: 'vo/1' });
	await t.incident('vo/1', (i) => i.state === 'acknowledged');
	await victorops({ message_type: 'recovery', entity_id: 'vo/1' });
	await t.incident('vo/1', (i) => i.state === 'resolved');
});

test('VictorOps: without an entity_id one is made; without a message_type it is refused', async () => {
	const made = await victorops({ message_type: 'WARNING', state_message: 'x' });
	assert.equal(made.json.result, 'success');
	assert.ok(made.json.entity_id.length > 8);
	const bad = await victorops({ entity_id: 'x' });
	assert.equal(bad.status, 400);
	assert.equal(bad.json.result, 'failure');
	assert.match(bad.json.message, /message_type/);
	const unrouted = await victorops({ message_type: 'CRITICAL', entity_id: 'vo/lost' }, 'vo-key/nowhere');
	assert.equal(unrouted.json.result, 'success');
	assert.equal((await t.incident('vo/lost')).unrouted, true);
	const form = await t.post('/integrations/generic/20131114/alert/vo-key/web-key',
		'{"message_type":"INFO","entity_id":"form"}',
		{ ...none, 'content-type': 'application/x-www-form-urlencoded' });
	assert.equal(form.json.result, 'success');
});

test('Alertmanager API v2: fire, expire, resolve', async () => {
	const labels = { alertname: 'HighLoad', instance: 'web1', severity: 'critical' };
	assert.equal((await alerts([{ labels, annotations: { summary: 'Load is high' } }])).status, 200);
	const list = (await t.get('/in/prom-key/api/v2/alerts', none)).json;
	const shown = list.find((a) => a.labels.alertname === 'HighLoad');
	assert.equal(shown.status.state, 'active');
	assert.equal(shown.labels.instance, 'web1');
	assert.match(shown.fingerprint, /^[0-9a-f]{16}$/);
	const inc = (await t.get('/api/v1/incidents?state=open&service=web')).json.items
		.find((i) => i.title.includes('Load is high'));
	assert.equal(inc.severity, 'critical');
	await alerts([{ labels, endsAt: new Date(Date.now() - 1000).toISOString() }]);
	await t.incident(inc.dedup_key, (i) => i.state === 'resolved');
});

test('Alertmanager API v2: the good part of a batch is taken', async () => {
	const r = await alerts([{ labels: { alertname: 'Good', severity: 'warning' } }, { labels: {} }]);
	assert.equal(r.status, 400);
	assert.ok((await t.get('/in/prom-key/api/v2/alerts', none)).json
		.some((a) => a.labels.alertname === 'Good'));
	assert.equal((await alerts('nonsense')).status, 400);
	assert.equal((await alerts([{ labels: { alertname: 'Ends' }, endsAt: '2020-13-01' }])).status, 400);
});

test('amtool talks to it', () => {
	const amtool = (...args) => spawnSync('amtool', [`--alertmanager.url=${t.url}/in/prom-key`, ...args],
		{ encoding: 'utf8' });
	const add = amtool('alert', 'add', 'FromAmtool', 'severity=warning', '--annotation=summary=by hand');
	assert.equal(add.status, 0, add.stderr);
	const query = amtool('alert', 'query', '-o', 'json');
	assert.equal(query.status, 0, query.stderr);
	assert.ok(JSON.parse(query.stdout).some((a) => a.labels.alertname === 'FromAmtool'));
});

test('the webhook of an Alertmanager, version 4', async () => {
	const body = (status) => ({ version: '4', status, groupKey: 'g', receiver: 'r', groupLabels: {},
		commonLabels: {}, commonAnnotations: {}, externalURL: 'http://am.example',
		alerts: [{ status, labels: { alertname: 'Hook', severity: 'error' },
			annotations: { summary: 'By webhook' }, startsAt: '2026-01-01T00:00:00Z',
			endsAt: '0001-01-01T00:00:00Z', generatorURL: 'http://prom.example', fingerprint: 'abc' }] });
	assert.equal((await t.post('/in/prom-key', body('firing'), json)).status, 200);
	const inc = (await t.get('/api/v1/incidents?state=open')).json.items
		.find((i) => i.title.includes('By webhook'));
	assert.ok(inc);
	assert.equal((await t.post('/in/prom-key', body('resolved'), json)).status, 200);
	await t.incident(inc.dedup_key, (i) => i.state === 'resolved');
});
