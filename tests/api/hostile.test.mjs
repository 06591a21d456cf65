// SPDX-License-Identifier: Apache-2.0
// Clients that mean harm, or are merely broken: nothing they do reaches further than themselves.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createConnection } from 'node:net';
import { networkInterfaces } from 'node:os';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { ORG, TOCSIN, Tocsin, program, raw, until } from './lib.mjs';

let t;
before(async () => { t = await Tocsin.start(ORG, { args: ['--deadline', '2s'] }); });
after(() => t.stop());

const statuses = (text) => [...text.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map((m) => Number(m[1]));
const metric = async (name) => Number((await t.get('/metrics')).text.match(new RegExp(`^${name} (.*)$`, 'm'))[1]);
// It may go on to say which pages did not go out; there is no mail server here.
const well = async () => assert.match((await t.get('/readyz')).text, /^ready\n/);

test('framing that another program could read in another way', async () => {
	const head = 'POST /in/prom-key HTTP/1.1\r\nHost: x\r\n';
	const rows = [
		`${head}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
		`${head}Transfer-Encoding: identity\r\n\r\n`,
		`${head}Transfer-Encoding: xchunked\r\n\r\n`,
		`${head}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`,
		`${head}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
		`${head}Transfer-Encoding:\r\n chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n`,
		`${head}Content-Length : 2\r\n\r\n{}`,
		`${head}X-A: a\0b\r\nContent-Length: 2\r\n\r\n{}`,
		`${head}X-A: a\x01b\r\nContent-Length: 2\r\n\r\n{}`,
		`${head}X A: a\r\nContent-Length: 2\r\n\r\n{}`,
		`${head}Content-Length: 2, 2\r\n\r\n{}`,
		`${head}Content-Length: 0x2\r\n\r\n{}`,
		'POST /in/prom-key HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
		'GET http://elsewhere/healthz HTTP/1.1\r\nHost: x\r\n\r\n',
		'GET * HTTP/1.1\r\nHost: x\r\n\r\n',
	];
	for (const row of rows) {
		// A second request behind it would be answered 404: it must not be read as one.
		const got = await raw(t.port, `${row}GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n`);
		assert.equal(statuses(got)[0], 400, JSON.stringify(row) + got);
		assert.ok(!statuses(got).includes(404), JSON.stringify(row) + got);
	}
	// An obsolete fold is read as a blank, as RFC 9112 allows.
	const fold = await raw(t.port, 'GET /healthz HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\nConnection: close\r\n\r\n');
	assert.deepEqual(statuses(fold), [200]);
	await well();
});

test('addresses that try to get out', async () => {
	for (const path of ['/../../etc/passwd', '//healthz', '/healthz/', '/healthz%00', '/healthz%2f', '/.%2e/healthz',
		'/./healthz', '/api/v1/../../healthz', '/in/%c0%ae', '/in/%', '/in/', `/${'a/'.repeat(2000)}`]) {
		const got = await raw(t.port, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
		assert.ok([404, 405].includes(statuses(got)[0]), path + got);
	}
	assert.equal(statuses(await raw(t.port, `GET /${'a'.repeat(9000)} HTTP/1.1\r\nHost: x\r\n\r\n`))[0], 414);
});

test('heads and bodies that grow', async () => {
	const bomb = Array.from({ length: 2000 }, (_, i) => `X-${i}: y\r\n`).join('');
	const got = await raw(t.port, `GET /healthz HTTP/1.1\r\nHost: x\r\n${bomb}\r\n`);
	assert.ok(!statuses(got).includes(200));
	const key = { authorization: 'Bearer native-key' };
	const nested = (n) => `${'{"raw":'.repeat(n)}1${'}'.repeat(n)}`;
	const deep = await t.post('/api/v1/signals',
		`{"action":"trigger","dedup_key":"d","summary":"s","raw":${nested(100000)}}`, key);
	assert.equal(deep.status, 413);
	assert.match(deep.json.detail, /nested too deeply/);
	const wide = JSON.stringify({ action: 'trigger', dedup_key: 'w', summary: 's',
		labels: Object.fromEntries(Array.from({ length: 20000 }, (_, i) => [`l${i}`, 'x'])) });
	assert.ok([400, 413, 422].includes((await t.post('/api/v1/signals', wide, key)).status));
	const many = JSON.stringify(Array(1001).fill({ action: 'trigger', dedup_key: 'm', summary: 's' }));
	assert.equal((await t.post('/api/v1/signals', many, key)).status, 413);
	const cookie = `tocsin_session=${'x'.repeat(2000)}`;
	assert.equal((await t.get('/api/v1/me', { cookie, authorization: '' })).status, 401);
	await well();
});

/** Sends pieces with a pause between them until the other side has had enough. */
function drip(pieces, pause) {
	return new Promise((resolve) => {
		let n = 0;
		const s = createConnection(t.port, '127.0.0.1');
		const timer = setInterval(() => s.write(pieces(n++)), pause);
		s.on('data', () => {});
		s.on('error', () => {});
		s.on('close', () => { clearInterval(timer); resolve(n); });
	});
}

test('slow heads and slow bodies have a deadline as a whole', async () => {
	const cut = await metric('tocsin_http_cut_total');
	await Promise.all([
		drip((n) => ['GET /healthz HTTP/1.1\r\n', 'Host: x\r\n'][n] ?? `X-${n}: y\r\n`, 100),
		drip((n) => (n === 0 ? 'POST /in/prom-key HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n' : ' '), 100),
		drip((n) => (n === 0 ? 'POST /in/prom-key HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n' : '1\r\n \r\n'), 100),
		drip(() => '\r\n', 100),
		drip(() => '', 100),
	]);
	assert.ok(await metric('tocsin_http_cut_total') >= cut + 5);
});

test('half-closed and vanished connections', async () => {
	const half = (text) => new Promise((resolve) => {
		let got = '';
		const s = createConnection({ port: t.port, host: '127.0.0.1', allowHalfOpen: true }, () => s.end(text));
		s.on('data', (d) => { got += d; });
		s.on('error', () => {});
		s.on('end', () => { s.destroy(); });
		s.on('close', () => resolve(got));
	});
	assert.deepEqual(statuses(await half('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n')), [200], 'who says no more still hears');
	assert.ok(!statuses(await half('POST /in/prom-key HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n[')).includes(200));
	assert.deepEqual(statuses(await half('GET /heal')), []);
	const reset = Array.from({ length: 50 }, () => new Promise((resolve) => {
		const s = createConnection(t.port, '127.0.0.1', () => {
			s.write('POST /api/v1/signals HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer native-key\r\n'
				+ 'Content-Length: 60\r\n\r\n{"action":"trigger","dedup_key":"gone","summary":"I am off"}');
			s.resetAndDestroy?.() ?? s.destroy();
			resolve();
		});
	}));
	await Promise.all(reset);
	await until('every connection is given back', async () => await metric('tocsin_http_connections') <= 2);
	await well();
});

test('one address cannot take all the places', async (ctx) => {
	const own = Object.values(networkInterfaces()).flat().find((a) => !a.internal && a.family === 'IPv4')?.address;
	if (!own) return ctx.skip('this machine has no address but loopback');
	const s = await Tocsin.start(ORG, { args: ['--listen', `${own}:0`, '--connections-per-address', '5'] });
	const open = [];
	const knock = () => new Promise((resolve) => {
		const c = createConnection(s.port, own);
		let got = '';
		c.on('error', () => {});
		c.on('data', (d) => { got += d; resolve(true); });
		c.on('close', () => resolve(got !== ''));
		c.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
		open.push(c);
	});
	for (let i = 0; i < 5; i++) assert.equal(await knock(), true, `connection ${i} is answered`);
	for (let i = 0; i < 3; i++) assert.equal(await knock(), false, 'one more is closed at once');
	open[0].destroy();
	await until('its place is given back', knock);
	open.forEach((c) => c.destroy());
	await until('they are counted', async () => {
		const asked = await s.get('/metrics').catch(() => null); // refused while the server has not seen the ends
		return Number(asked?.text.match(/^tocsin_http_crowded_total (\d+)$/m)[1]) >= 3;
	});
	await s.stop();
});

test('ten thousand connections', async (ctx) => {
	const limit = Number(spawnSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).stdout) || Infinity;
	if (limit < 10300) return ctx.skip(`ulimit -Hn is ${limit}`);
	if (/asan|tsan/.test(TOCSIN)) return ctx.skip('a matter of limits, not of memory');
	const s = await Tocsin.start(ORG, { args: ['--deadline', '120s'] });
	const rss = () => Number(readFileSync(`/proc/${s.server.child.pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]);
	const before = rss();
	const crowd = await program('tests/fixtures/crowd.py', [String(s.port), '9900'], { ready: /^(.+)\n/ });
	assert.deepEqual(JSON.parse(crowd.match[1]), { opened: 9900, answered: 100 });
	assert.ok(rss() - before < 300 * 1024, `${rss() - before} kB more`);
	assert.match((await s.get('/readyz')).text, /^ready\n/);
	await crowd.stop();
	await until('they are given back', async () =>
		/^tocsin_http_connections [012]$/m.test((await s.get('/metrics')).text));
	await s.stop();
});
