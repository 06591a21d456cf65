// SPDX-License-Identifier: Apache-2.0
// The first owner of an empty server: once, by whoever can read what the server prints.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Tocsin, until } from './lib.mjs';

let t, code;
before(async () => {
	t = await Tocsin.empty();
	code = (await until('a code', () => /setup code (\S+)/.exec(t.server.text())))[1];
});
after(() => t?.stop());

const none = { authorization: '' };
const form = { 'content-type': 'application/x-www-form-urlencoded', ...none };
const fill = (change) => t.post('/setup', new URLSearchParams({ code, organisation: 'Lantern & Söhne', zone: 'Europe/Berlin',
	name: 'Ana Ito', email: 'ana@lantern.example', password: 'a long enough one', ...change }).toString(), form);

test('an empty server leads to its set-up', async () => {
	assert.equal((await t.get('/sign-in', none)).headers.get('location'), '/setup');
	const page = await t.get('/setup', none);
	assert.equal(page.status, 200);
	assert.match(page.text, /Setup code/);
	assert.ok(!page.text.includes(code));
	assert.match(page.headers.get('content-security-policy'), /script-src 'self'/);
});

test('what is wrong is said at its field, and nothing is kept', async () => {
	const rows = [[{ zone: 'Berlin' }, /did you mean Europe\/Berlin/], [{ email: 'ana' }, /you@example/],
		[{ password: 'short' }, /12 to 128 characters/], [{ name: ' ' }, /This is needed/]];
	for (const [change, words] of rows) {
		const r = await fill(change);
		assert.equal(r.status, 422, r.text);
		assert.match(r.text, words);
		assert.match(r.text, /aria-invalid="true"/);
		assert.ok(r.text.includes('Lantern &amp; Söhne'), 'the rest stays filled in');
		assert.ok(!r.text.includes('a long enough one'));
	}
});

test('a wrong code makes nobody an owner, and many make one wait', async () => {
	const wrong = () => fill({ code: 'AAAA-BBBB-CCCC' });
	for (let i = 0; i < 20; i++) assert.equal((await wrong()).status, 422);
	// The first wait is of a second, which a busy machine may take for one guess.
	await until('one has to wait long', async () => Number(/wait (\d+) s/.exec((await wrong()).text)?.[1]) >= 4);
	const r = await fill({});
	assert.equal(r.status, 403, 'the right one waits too');
	assert.match(r.text, /wait \d+ s/);
});

test('another site cannot do it', async () => {
	const r = await t.post('/setup', `code=${code}`, { ...form, origin: 'https://evil.example' });
	assert.equal(r.status, 403);
});

test('two at once make one owner, who is signed in; then the door is shut', async () => {
	await until('the wait is over', async () => (await t.get('/setup', none)).status === 200
		&& !/wait \d+ s/.test((await fill({ zone: 'nowhere' })).text));
	const got = await Promise.all([fill({ code: code.toLowerCase().replace(/-/g, ' ') }), fill({ name: 'Eve', email: 'eve@x.example' })]);
	assert.deepEqual(got.map((r) => r.status).sort(), [303, 404], got.map((r) => r.text).join());
	const won = got.find((r) => r.status === 303);
	assert.equal(won.headers.get('location'), '/setup');
	const cookie = won.headers.get('set-cookie').split(';')[0];
	const me = await t.get('/api/v1/me', { ...none, cookie });
	assert.equal(me.json.role, 'owner');
	assert.equal((await t.get('/setup', { ...none, cookie })).status, 200);
	assert.equal((await fill({})).status, 404);
	assert.equal((await t.get('/setup', none)).headers.get('location'), '/sign-in?next=/setup');
	const audit = (await t.get('/api/v1/audit', { ...none, cookie })).json.items;
	for (const type of ['setup.refused', 'setup.done', 'auth.signed-in']) assert.ok(audit.some((e) => e.type === type), type);
	await t.kill();
	await t.up();
	assert.ok(!t.server.text().includes('setup code'), 'no code any more');
	assert.equal((await t.get('/api/v1/me', { ...none, cookie })).status, 200);
});
