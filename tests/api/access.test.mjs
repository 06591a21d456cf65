// SPDX-License-Identifier: Apache-2.0
// Who may come in, and who may do what.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Mailbox, ORG, Tocsin, cli, freePort, until } from './lib.mjs';

let t;
const tokens = {};

before(async () => {
	t = await Tocsin.start(ORG);
	for (const user of ['ada', 'bo', 'guest'])
		tokens[user] = t.must(['token', 'create', ...t.offline, '--user', user, '--name', 'x']).trim();
});
after(() => t.stop());

/** The first waits are of a second or two, which a busy machine may take for one guess: they grow until
 * one is long enough to be met by what is right. */
async function keepsWaiting(wrong, right, words) {
	await until(`a wrong one has to wait long: ${words}`, async () => Number(/wait (\d+) s/.exec((await wrong()).json.detail)?.[1]) >= 4);
	assert.match((await right()).json.detail, words, 'the right one waits too');
}

const as = (user) => ({ authorization: `Bearer ${tokens[user]}` });

test('nobody comes in without a token', async () => {
	const r = await t.get('/api/v1/incidents', { authorization: '' });
	assert.equal(r.status, 401);
	assert.equal(r.headers.get('content-type'), 'application/problem+json');
	assert.equal(r.json.status, 401);
	assert.equal((await t.get('/api/v1/me', { authorization: 'Bearer toc_wrong' })).status, 401);
});

test('every route asks for a role', async () => {
	const rows = [
		['GET', '/api/v1/incidents', 'guest', 200],
		['POST', '/api/v1/incidents', 'guest', 403],
		['GET', '/api/v1/audit', 'bo', 403],
		['GET', '/api/v1/audit', null, 200],
		['PUT', '/api/v1/organisation', 'ada', 403],
		['POST', '/api/v1/users/ada/sign-in-link', 'bo', 403],
	];
	for (const [method, path, user, status] of rows) {
		const r = await t.call(method, path, method === 'GET' ? undefined : '{}', user ? as(user) : {});
		assert.equal(r.status, status, `${method} ${path} as ${user}: ${r.text}`);
	}
});

test('a manager changes what belongs to the team, a member does not', async () => {
	const service = { name: 'Shop', team: 'core', policy: 'core' };
	assert.equal((await t.call('PUT', '/api/v1/services/shop', service, as('bo'))).status, 403);
	assert.equal((await t.call('PUT', '/api/v1/services/shop', service, as('ada'))).status, 201);
	assert.equal((await t.call('PUT', '/api/v1/services/shop', { name: 'Mine' }, as('ada'))).status, 403);
	assert.equal((await t.call('DELETE', '/api/v1/services/shop', undefined, as('ada'))).status, 204);
	assert.equal((await t.call('PUT', '/api/v1/teams/other', { members: { ada: 'manager' } },
		as('ada'))).status, 403);
});

test('people change their own contacts and not their role', async () => {
	const bo = { name: 'Bo', email: 'bo@house.example',
		contacts: { mail: { type: 'email', address: 'bo@elsewhere.example' } } };
	assert.equal((await t.call('PUT', '/api/v1/users/bo', bo, as('bo'))).status, 200);
	assert.equal((await t.call('PUT', '/api/v1/users/bo', { ...bo, role: 'owner' }, as('bo'))).status, 403);
	assert.equal((await t.call('PUT', '/api/v1/users/ada', bo, as('bo'))).status, 403);
});

test('a token has scopes, an end, and can be revoked', async () => {
	const made = await t.post('/api/v1/tokens', { name: 'reader', scopes: 'read' });
	assert.equal(made.status, 201);
	const reader = { authorization: `Bearer ${made.json.secret}` };
	assert.equal((await t.get('/api/v1/me', reader)).json.scopes, 'read');
	const r = await t.post('/api/v1/incidents', { title: 'x', service: 'web' }, reader);
	assert.equal(r.status, 403);
	assert.match(r.json.detail, /scopes lack "respond"/);
	assert.equal((await t.call('DELETE', `/api/v1/tokens/${made.json.token.id}`)).status, 204);
	assert.equal((await t.get('/api/v1/me', reader)).status, 401);
	assert.equal((await t.post('/api/v1/tokens', { name: 'x', expires_at: '2020-01-01T00:00:00Z' })).status, 422);
	const list = await t.get('/api/v1/tokens');
	assert.ok(!list.text.includes('toc_'), 'no secret is ever shown again');
});

test('a token cannot make one that may do more', async () => {
	const reader = (await t.post('/api/v1/tokens', { name: 'r', scopes: 'read' })).json.secret;
	const more = await t.post('/api/v1/tokens', { name: 'm' }, { authorization: `Bearer ${reader}` });
	assert.equal(more.json.token.scopes, 'read');
	const other = await t.post('/api/v1/tokens', { name: 'o', scopes: 'admin' },
		{ authorization: `Bearer ${reader}` });
	assert.equal(other.status, 403, 'none of the scopes it has');
	assert.equal((await t.post('/api/v1/tokens', { name: 'n', scopes: ' ' })).status, 422);
});

test('a password opens a session, which another site cannot use', async () => {
	assert.equal((await t.call('PUT', '/api/v1/users/owner/password', { password: 'short' })).status, 422);
	assert.equal((await t.call('PUT', '/api/v1/users/owner/password',
		{ password: 'correct horse battery' })).status, 204);
	const none = { authorization: '' };
	const wrong = await t.post('/api/v1/sign-in', { email: 'owner@house.example', password: 'wrong one here' }, none);
	assert.equal(wrong.status, 401);
	const unknown = await t.post('/api/v1/sign-in', { email: 'who@house.example', password: 'wrong one here' }, none);
	assert.equal(unknown.json.detail, wrong.json.detail, 'an unknown address looks the same');
	const r = await t.post('/api/v1/sign-in',
		{ email: 'owner@house.example', password: 'correct horse battery' }, none);
	assert.equal(r.status, 200);
	const set = r.headers.get('set-cookie');
	assert.match(set, /HttpOnly; SameSite=Lax/);
	const cookie = { cookie: set.split(';')[0], authorization: '' };
	assert.equal((await t.get('/api/v1/me', cookie)).json.id, 'owner');
	const incident = { title: 'by cookie', service: 'web' };
	const evil = await t.post('/api/v1/incidents', incident,
		{ ...cookie, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' });
	assert.equal(evil.status, 403);
	assert.equal((await t.post('/api/v1/incidents', incident,
		{ ...cookie, 'sec-fetch-site': 'same-origin' })).status, 201);
	assert.equal((await t.post('/api/v1/sign-out', '', { ...cookie, 'sec-fetch-site': 'same-origin' })).status, 204);
	assert.equal((await t.get('/api/v1/me', cookie)).status, 401);
});

test('guessing passwords takes longer and longer', async () => {
	t.must(['user', 'password', ...t.offline, 'ada'], { input: 'correct horse battery\n' });
	const guess = (password) => t.post('/api/v1/sign-in', { email: 'ada@house.example', password },
		{ authorization: '' });
	await keepsWaiting(() => guess('wrong password'), () => guess('correct horse battery'), /wait \d+ s/);
});

test('a sign-in link works once, by a button and not by a look', async () => {
	const made = await t.post('/api/v1/users/bo/sign-in-link');
	const path = new URL(made.json.url).pathname;
	const none = { authorization: '', 'sec-fetch-site': 'same-origin' };
	assert.equal((await t.get(path, none)).status, 200);
	assert.equal((await t.get(path, none)).status, 200);
	const r = await t.post(path, '', none);
	assert.equal(r.status, 303);
	const cookie = { cookie: r.headers.get('set-cookie').split(';')[0], authorization: '' };
	assert.match((await t.get('/plain', cookie)).text, /Open incidents/);
	assert.equal((await t.post(path, '', none)).status, 403);
});

test('pages send visitors to the door', async () => {
	const r = await t.get('/', { authorization: '' });
	assert.equal(r.status, 303);
	assert.equal(r.headers.get('location'), '/sign-in');
});

test('what was done stands in the audit, without secrets', async () => {
	const r = await t.get('/api/v1/audit?limit=500');
	for (const type of ['token.made', 'token.revoked', 'auth.signed-in', 'auth.signed-out', 'auth.refused',
		'auth.password', 'auth.link', 'config.changed'])
		assert.ok(r.json.items.some((e) => e.type === type), type);
	assert.ok(!r.text.includes('battery'));
	assert.equal(t.must(['verify', ...t.offline]).includes('every hash fits'), true);
});

test('nobody becomes an owner by way of an owner\'s password or token', async () => {
	const boss = { name: 'Boss', email: 'boss@house.example', role: 'admin' };
	assert.equal((await t.call('PUT', '/api/v1/users/boss', boss)).status, 201);
	const admin = { authorization: `Bearer ${(await t.post('/api/v1/tokens', { name: 'b', user: 'boss' })).json.secret}` };
	const rows = [
		['PUT', '/api/v1/users/owner/password', { password: 'correct horse battery' }],
		['POST', '/api/v1/tokens', { name: 'x', user: 'owner' }],
		['POST', '/api/v1/users/owner/sign-in-link', undefined],
	];
	for (const [method, path, body] of rows) {
		const r = await t.call(method, path, body, admin);
		assert.equal(r.status, 403, path);
		assert.match(r.json.detail, /only an owner/, path);
	}
	assert.equal((await t.call('PUT', '/api/v1/users/guest/password',
		{ password: 'correct horse battery' }, admin)).status, 204);
});

test('a token without the scope admin is no administrator\'s', async () => {
	const scoped = async (scopes) => ({ authorization:
		`Bearer ${(await t.post('/api/v1/tokens', { name: scopes, scopes })).json.secret}` });
	const reader = await scoped('read');
	const manager = await scoped('read manage');
	assert.equal((await t.post('/api/v1/tokens', { name: 'x', user: 'ada' }, reader)).status, 403);
	assert.equal((await t.get('/api/v1/tokens?user=ada', reader)).status, 403);
	const sets = (user, who) => t.call('PUT', `/api/v1/users/${user}/password`,
		{ password: 'correct horse battery', current: 'correct horse battery' }, who);
	assert.equal((await sets('ada', reader)).status, 403);
	assert.equal((await sets('owner', manager)).status, 403, 'a password opens more than this token may');
	const promote = { name: 'Guest', email: 'guest@house.example', role: 'admin' };
	assert.equal((await t.call('PUT', '/api/v1/users/guest', promote, manager)).status, 403);
	assert.equal((await t.get('/api/v1/me', manager)).json.role, 'owner');
});

test('one\'s own password takes the present one', async () => {
	const set = (password, current) => t.call('PUT', '/api/v1/users/bo/password', { password, current }, as('bo'));
	assert.equal((await set('the first of them')).status, 204);
	assert.equal((await set('the second of them')).status, 403);
	assert.equal((await set('the second of them', 'a wrong guess')).status, 403);
	assert.equal((await set('the second of them', 'the first of them')).status, 204);
	await keepsWaiting(() => set('the third of them', 'a guess'), () => set('the third of them', 'the second of them'), /wait \d+ s/);
});

const none = { authorization: '' };
const browser = (agent) => ({ ...none, 'user-agent': agent, 'sec-fetch-site': 'same-origin' });

/** A new session of somebody, as the header that it needs. */
async function signIn(user, agent) {
	const link = await t.post(`/api/v1/users/${user}/sign-in-link`);
	const r = await t.post(new URL(link.json.url).pathname, '', browser(agent));
	return { ...browser(agent), cookie: r.headers.get('set-cookie').split(';')[0] };
}

test('one sees where one is signed in, and ends what one does not know', async () => {
	const [desk, phone, lost] = [await signIn('ada', 'Desk'), await signIn('ada', 'Phone'), await signIn('ada', 'Lost')];
	const list = async (who, query = '') => (await t.get(`/api/v1/sessions${query}`, who)).json.items;
	const mine = await list(desk);
	assert.deepEqual(mine.map((s) => [s.agent, s.current, s.address]),
		[['Desk', true, '127.0.0.1'], ['Phone', false, '127.0.0.1'], ['Lost', false, '127.0.0.1']]);
	for (const s of mine) assert.ok(!desk.cookie.includes(s.id), 'what is shown opens nothing');
	const id = mine.find((s) => s.agent === 'Lost').id;
	assert.equal((await t.call('DELETE', `/api/v1/sessions/${id}`, undefined, as('bo'))).status, 404, 'another\'s is none of one\'s own');
	assert.equal((await t.get('/api/v1/sessions?user=ada', as('bo'))).status, 403);
	assert.equal((await t.call('DELETE', '/api/v1/sessions?user=ada', undefined, as('bo'))).status, 403);
	assert.equal((await list({}, '?user=ada')).length, 3, 'an owner sees them');
	assert.equal((await t.call('DELETE', `/api/v1/sessions/${id}`, undefined, phone)).status, 204);
	assert.equal((await t.get('/api/v1/me', lost)).status, 401);
	assert.equal((await t.get('/api/v1/me', desk)).status, 200);
	assert.equal((await t.call('DELETE', '/api/v1/sessions', undefined, desk)).status, 204);
	assert.equal((await t.get('/api/v1/me', phone)).status, 401);
	assert.equal((await t.get('/api/v1/me', desk)).status, 200, 'the one that asks goes on');
	const types = (await t.get('/api/v1/audit?limit=50')).json.items.map((e) => e.type);
	assert.ok(types.includes('auth.session-ended') && types.includes('auth.sessions-ended'));
});

test('guessing at many accounts from one address makes the address wait', async () => {
	const s = await Tocsin.start(ORG, { args: ['--proxies', '127.0.0.1'] });
	const knock = (from, password = 'wrong one here') => s.post('/api/v1/sign-in',
		{ email: 'nobody@house.example', password }, { ...none, 'x-forwarded-for': from });
	for (let i = 0; i < 20; i++) await knock(`198.51.100.${i}, 192.0.2.7`); // what the client itself wrote is not believed
	await until('the address waits', async () => /from your address; wait \d+ s/.test((await knock('192.0.2.7')).json.detail));
	assert.doesNotMatch((await knock('192.0.2.8')).json.detail, /wait/);
	assert.doesNotMatch((await knock('')).json.detail, /wait/, 'the proxy itself is nobody');
	const said = (await s.get('/api/v1/audit?limit=50')).json.items.filter((e) => e.type === 'auth.guessing');
	assert.deepEqual(said.map((e) => e.data.address), ['192.0.2.7']);
	await s.stop();
});

test('without a proxy that is named, nobody says where they come from', async () => {
	for (let i = 0; i < 22; i++)
		await t.post('/api/v1/sign-in', { email: 'nobody@house.example', password: 'wrong one here' }, { ...none, 'x-forwarded-for': '192.0.2.9' });
	assert.ok(!(await t.get('/api/v1/audit?limit=500')).text.includes('192.0.2.9'));
});

test('the cookie of https is for one host alone', async () => {
	const port = await freePort();
	const s = await Tocsin.start(ORG, { args: ['--listen', `127.0.0.1:${port}`, '--base-url', `https://tocsin.example:${port}`] });
	s.url = `http://127.0.0.1:${port}`; // the proxy with TLS before it is not there
	s.must(['user', 'password', ...s.offline, 'owner'], { input: 'correct horse battery\n' });
	const r = await s.post('/api/v1/sign-in', { email: 'owner@house.example', password: 'correct horse battery' }, none);
	assert.match(r.headers.get('set-cookie'), /^__Host-tocsin_session=[0-9a-f]{48}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=1209600; Secure$/);
	const cookie = r.headers.get('set-cookie').split(';')[0];
	assert.equal((await s.get('/api/v1/me', { ...none, cookie })).json.id, 'owner');
	assert.equal((await s.get('/api/v1/me', { ...none, cookie: cookie.replace('__Host-', '') })).status, 401);
	await s.stop();
});

test('who signs in from a place that was not theirs hears of it, but not at the first', async () => {
	const box = await Mailbox.start();
	const s = await Tocsin.start(ORG, { args: ['--proxies', '127.0.0.1', '--smtp', box.url, '--mail-from', 'tocsin@house.example'] });
	const password = 'a long enough one';
	s.must(['user', 'password', ...s.offline, 'bo'], { input: `${password}\n` });
	const knock = async (from, agent) => assert.equal((await s.post('/api/v1/sign-in', { email: 'bo@house.example', password },
		{ ...none, 'x-forwarded-for': from, 'user-agent': agent })).status, 200);
	await knock('192.0.2.7', 'Fox/12.1');
	await knock('192.0.2.80', 'Fox/13.0');
	await knock('198.51.100.7', 'Fox/13.0');
	const mail = await box.mail('A sign-in from a new place');
	assert.match(mail.text, /from 198\.51\.100\.7, .* with Fox\/13\.0\./);
	const said = (await s.get('/api/v1/audit?limit=50')).json.items.filter((e) => e.type === 'auth.new-place');
	assert.deepEqual(said.map((e) => [e.user, e.data.address]), [['bo', '198.51.100.7']]);
	assert.equal(box.mails().length, 1);
	await s.stop();
	await box.stop();
});

test('options of the door', () => {
	for (const [args, words] of [
		[['--session-idle', '1m'], /--session-idle takes a span from 5m/], [['--session-span', 'x'], /--session-span takes/],
		[['--proxies', '10.0.0.0/8'], /--proxies takes addresses/], [['--connections-per-address', '0'], /from 1 to/],
	]) {
		const r = cli(['serve', ...t.offline, '--listen', '127.0.0.1:0', ...args]);
		assert.equal(r.code, 2, r.err);
		assert.match(r.err, words);
	}
});

test('who is given another way in hears of it where they could be reached before', async () => {
	const box = await Mailbox.start();
	const s = await Tocsin.start(ORG, { args: ['--smtp', box.url, '--mail-from', 'tocsin@house.example'] });
	assert.equal((await s.call('PUT', '/api/v1/users/bo/password', { password: 'the first of them' })).status, 204);
	const password = await box.mail('Your password was set');
	assert.match(password.text, /By: owner\./);
	assert.match(password.raw, /^To: .*bo@house\.example/m);
	await s.post('/api/v1/tokens', { name: 'a robot', user: 'ada', scopes: 'read' });
	assert.match((await box.mail('A token that acts as you')).text, /"a robot" and may read\./);
	await s.post('/api/v1/users/ada/sign-in-link');
	await box.mail('A sign-in link for you');
	const bo = { name: 'Bo', email: 'bo@house.example', contacts: { mail: { type: 'email', address: 'thief@elsewhere.example' } } };
	assert.equal((await s.call('PUT', '/api/v1/users/bo', bo)).status, 200);
	assert.match((await box.mail('Your addresses were changed')).raw, /^To: .*bo@house\.example/m, 'not to the thief');
	await s.call('PUT', '/api/v1/users/bo', { ...bo, name: 'Bob' });
	const told = (await s.get('/api/v1/audit?limit=100')).json.items.filter((e) => e.type === 'notice.queued');
	assert.equal(told.length, 4, 'a name is no address');
	for (const m of box.mails()) assert.ok(!m.text.includes('the first of them'));
	await s.stop();
	await box.stop();
});

test('what guessers try first is no password', async () => {
	const set = (password) => t.call('PUT', '/api/v1/users/ada/password', { password });
	for (const weak of ['password1234', 'qwertyuiop123', 'ada@house.example', 'eleven char'])
		assert.equal((await set(weak)).status, 422, weak);
	assert.equal((await set(`${'a long sentence '.repeat(8)}x`)).status, 422, '129 characters');
	assert.match((await set('aaaaaaaaaaaaaa')).json.detail, /first that are guessed/);
	assert.equal((await set('kühle Nächte im März 🌙')).status, 204, 'any character will do');
});
