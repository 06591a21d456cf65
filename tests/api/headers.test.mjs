// SPDX-License-Identifier: Apache-2.0
// Every address there is, with and without somebody signed in: whatever the answer, it has the
// headers that keep browsers honest, and none that tell too much. The addresses are those of the
// tables of routes and of the API's description, so that a new one is looked at too.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { ORG, Tocsin, freePort } from './lib.mjs';

let t;
before(async () => {
	const port = await freePort(); // as behind a proxy that speaks TLS
	t = await Tocsin.start(ORG, { args: ['--listen', `127.0.0.1:${port}`, '--base-url', `https://tocsin.example:${port}`] });
});
after(() => t.stop());

function routes() {
	const found = new Map();
	for (const file of readdirSync('src/api').filter((n) => n.endsWith('.c'))) {
		const text = readFileSync(`src/api/${file}`, 'utf8');
		for (const [, method, path] of text.matchAll(/\{\s*"(GET|POST|PUT|PATCH|DELETE)",\s*"(\/[^"]*)"/g))
			found.set(`${method} ${path}`, [method, path]);
		for (const [, path] of text.matchAll(/^\t(?:PAGE|FILE_AT)\("(\/[^"]*)"\)/gm)) found.set(`GET ${path}`, ['GET', path]);
	}
	return [...found.values()];
}

/** Head of the answer and the first of its body: some answers never end. */
function ask(method, path, headers) {
	return new Promise((resolve, reject) => {
		const rq = request({ host: '127.0.0.1', port: t.port, method, path, headers, timeout: 60_000 }, (rs) => {
			const parts = [];
			const done = () => { rs.destroy(); resolve({ status: rs.statusCode, headers: rs.headers, body: Buffer.concat(parts) }); };
			rs.on('data', (d) => { parts.push(d); if (/event-stream/.test(rs.headers['content-type'])) done(); });
			rs.on('end', done);
		});
		rq.on('timeout', () => rq.destroy(new Error(`${method} ${path}: no answer`)));
		rq.on('error', reject);
		rq.end();
	});
}

function look(what, { status, headers, body }) {
	assert.ok(status < 500 || status === 503, `${what}: ${status} ${body}`);
	assert.equal(headers['x-content-type-options'], 'nosniff', what);
	assert.equal(headers['referrer-policy'], 'no-referrer', what);
	assert.equal(headers['cross-origin-resource-policy'], 'same-origin', what);
	assert.match(headers['strict-transport-security'], /^max-age=\d{8}/, what);
	assert.match(headers['content-security-policy'], /^default-src 'none'/, what);
	assert.doesNotMatch(headers['content-security-policy'], /unsafe|\*/, what);
	assert.ok(headers['cache-control'], what);
	assert.ok(headers['x-request-id'], what);
	assert.equal(headers['access-control-allow-origin'], undefined, what);
	assert.equal(headers.server, undefined, what);
	assert.equal(headers['x-powered-by'], undefined, what);
	const type = headers['content-type'];
	assert.equal(type !== undefined, body.length > 0, `${what}: ${status} has the type ${type} and ${body.length} bytes`);
	if (/^text\/(?!event-stream)/.test(type ?? '')) assert.match(type, /charset=utf-8/, what);
	if (/^text\/html/.test(type ?? ''))
		assert.match(headers['content-security-policy'], /frame-ancestors 'none'/, what);
	if (headers['cache-control'] !== 'no-store')
		assert.match(what, / \/(assets\/|sw\.js|manifest|icon|style\.css|calendar\/)|^\S+ GET \/(\w+|$)/, `${what} is cached`);
}

test('every route answers with the headers', async () => {
	const described = Object.entries(JSON.parse((await ask('GET', '/api/v1/openapi.json', {})).body).paths)
		.flatMap(([path, methods]) => Object.keys(methods).filter((k) => k !== 'parameters').map((m) => [m.toUpperCase(), path]));
	const all = [...new Map([...routes(), ...described].map((r) => [r.join(' '), r])).values()];
	assert.ok(all.length > 120, `${all.length} routes`);
	for (const [method, path] of all) {
		const at = path.replace(/\{[^}]*\}/g, 'none-such');
		const who = { authorization: `Bearer ${t.token}`, 'content-type': 'application/json' };
		look(`nobody: ${method} ${at}`, await ask(method, at, {}));
		look(`owner: ${method} ${at}`, await ask(method, at, who));
	}
	for (const at of ['/none-such', '/api/v1/none-such', '//', '/%00'])
		look(`nobody: GET ${at}`, await ask('GET', at, {}));
	look('nobody: PATCH /healthz', await ask('PATCH', '/healthz', {}));
});

test('who is not signed in is led to the door, in no format at all', async () => {
	for (const at of ['/', '/incidents', '/plain']) {
		const got = await ask('GET', at, {});
		assert.equal(got.status, 303);
		assert.match(got.headers.location, /^\/sign-in/);
		assert.equal(got.headers['content-type'], undefined);
		assert.equal(got.body.length, 0);
	}
});
