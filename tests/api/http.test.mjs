// SPDX-License-Identifier: Apache-2.0
// The server's edges: framing, limits, TLS, health.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { request } from 'node:https';
import { after, before, test } from 'node:test';
import { ORG, Tocsin, folder, raw } from './lib.mjs';

let t;
before(async () => { t = await Tocsin.start(ORG); });
after(() => t.stop());

const status = (text) => Number(text.match(/^HTTP\/1\.1 (\d+)/)?.[1]);

test('what two programs could read in two ways is refused, and the connection closed', async () => {
	const rows = [
		'POST /in/prom-key HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
		'POST /in/prom-key HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}',
		'POST /in/prom-key HTTP/1.1\r\nHost: x\r\nContent-Length: +2\r\n\r\n{}',
		'GET /healthz HTTP/1.1\r\n\r\n',
		'GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
	];
	for (const row of rows) {
		const got = await raw(t.port, `${row}GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n`);
		assert.equal(status(got), 400, row);
		for (const [, code] of got.matchAll(/^HTTP\/1\.1 (\d+)/mg)) assert.equal(code, '400', row);
	}
});

test('limits', async () => {
	const none = { authorization: '' };
	assert.equal(status(await raw(t.port,
		'POST /in/prom-key HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n')), 413);
	assert.equal((await t.post('/in/prom-key', ' '.repeat(1024 * 1024), none)).status, 400);
	const chunk = `${(65536).toString(16)}\r\n${' '.repeat(65536)}\r\n`;
	const chunked = await raw(t.port, 'POST /in/prom-key HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n'
		+ chunk.repeat(20));
	assert.ok(status(chunked) !== 200, 'an endless body is cut off');
	const header = await raw(t.port, `GET /healthz HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20000)}\r\n\r\n`);
	assert.ok(status(header) !== 200);
	assert.equal((await t.get(`/api/v1/incidents?${'a=b&'.repeat(100)}`)).status, 413);
	assert.equal((await t.get('/api/v1/incidents/%zz')).status, 404);
	assert.equal((await t.get('/healthz')).status, 200, 'and it is well');
});

test('unknown addresses and methods', async () => {
	assert.equal((await t.get('/nowhere')).status, 404);
	const r = await t.call('DELETE', '/api/v1/incidents');
	assert.equal(r.status, 405);
	assert.equal(r.headers.get('allow'), 'GET, POST');
	const head = await fetch(`${t.url}/healthz`, { method: 'HEAD' });
	assert.equal(head.status, 200);
	assert.equal(await head.text(), '');
});

test('headers that keep browsers honest', async () => {
	const r = await fetch(`${t.url}/sign-in`);
	assert.equal(r.headers.get('x-content-type-options'), 'nosniff');
	assert.match(r.headers.get('content-security-policy'), /default-src 'none'.*frame-ancestors 'none'/);
	assert.equal(r.headers.get('referrer-policy'), 'no-referrer');
	assert.equal(r.headers.get('cache-control'), 'no-store');
});

test('health and metrics', async () => {
	assert.equal((await t.get('/healthz')).text, 'ok\n');
	assert.equal((await t.get('/readyz')).text, 'ready\n');
	const r = spawnSync('promtool', ['check', 'metrics'],
		{ input: (await t.get('/metrics')).text, encoding: 'utf8' });
	assert.equal(r.status, 0, r.stderr);
});

test('keys never reach the log', async () => {
	await t.post('/in/prom-key', {}, { authorization: '' });
	assert.ok(!t.server.text().includes('prom-key'));
});

test('TLS of its own', async () => {
	const dir = folder();
	const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj',
		'/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', `${dir}/key`, '-out', `${dir}/cert`]);
	assert.equal(made.status, 0);
	const s = await Tocsin.start(ORG, { args: ['--tls-cert', `${dir}/cert`, '--tls-key', `${dir}/key`] });
	const { readFileSync } = await import('node:fs');
	const got = await new Promise((resolve, reject) => {
		request({ host: '127.0.0.1', port: s.port, path: '/healthz', ca: readFileSync(`${dir}/cert`) },
			(r) => resolve(r)).on('error', reject).end();
	});
	assert.equal(got.statusCode, 200);
	assert.match(got.headers['strict-transport-security'], /max-age/);
	got.destroy();
	for (const [version, ok] of [['-tls1_2', true], ['-tls1_1', false]]) {
		const r = spawnSync('openssl', ['s_client', version, '-cipher', 'DEFAULT@SECLEVEL=0', '-connect',
			`127.0.0.1:${s.port}`], { input: '', encoding: 'utf8' });
		assert.equal(/Cipher\s+(is|:)\s+(?!\(NONE\)|0000)/.test(r.stdout), ok, version + r.stdout + r.stderr);
	}
	await s.stop();
});
