// SPDX-License-Identifier: Apache-2.0
// The second factor: set up with a browser's session, asked for at every door, once for each code, slow for
// who guesses, removable for who lost it, and demanded by the organisation.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Mailbox, ORG, Tocsin, cli, folder, steppedClock, totp } from './lib.mjs';

const PASSWORD = 'correct horse battery';
const none = { authorization: '', 'sec-fetch-site': 'same-origin' };
let t, box;

before(async () => {
	box = await Mailbox.start();
	t = await Tocsin.start(ORG, { args: ['--smtp', box.url, '--mail-from', 'tocsin@house.example', '--proxies', '127.0.0.1'] });
	for (const user of ['ada', 'bo', 'owner']) t.must(['user', 'password', ...t.offline, user], { input: `${PASSWORD}\n` });
});
after(async () => {
	await t?.stop();
	await box?.stop();
});

const cookieOf = (r) => ({ ...none, cookie: r.headers.get('set-cookie').split(';')[0] });
const knock = (user, more = {}, headers = {}) =>
	t.post('/api/v1/sign-in', { email: `${user}@house.example`, password: PASSWORD, ...more }, { ...none, ...headers });
const byLink = async (s, user) =>
	cookieOf(await s.post(new URL(s.must(['user', 'link', user, ...s.offline, '--url', s.url]).trim()).pathname, '', none));
const form = (path, fields, headers = {}) =>
	t.post(path, new URLSearchParams(fields).toString(), { ...none, 'content-type': 'application/x-www-form-urlencoded', ...headers });
const path = (user, more = '') => `/api/v1/users/${user}/second-factor${more}`;
const audit = async (type) => (await t.get('/api/v1/audit?limit=500')).json.items.filter((e) => e.type === type);

/** {secret, codes, as}: a second factor that counts; the step of its first code is spent. */
async function enrol(user) {
	const as = cookieOf(await knock(user));
	const made = await t.post(path(user), undefined, as);
	assert.equal(made.status, 201, made.text);
	const confirmed = await t.post(path(user, '/confirm'), { code: await totp(made.json.secret, -1) }, as);
	assert.equal(confirmed.status, 201, confirmed.text);
	return { ...made.json, codes: confirmed.json.codes, as };
}

let ada;
test('it is set up with a first code, and only by its person with a browser', async () => {
	const as = cookieOf(await knock('ada'));
	assert.deepEqual((await t.get(path('ada'), as)).json, { on: false, required: false, recovery_left: 0 });
	assert.equal((await t.post(path('bo'), undefined, as)).status, 403);
	assert.match((await t.post(path('owner'))).json.detail, /signed in with a browser/, 'not by a token');
	const made = await t.post(path('ada'), undefined, as);
	assert.match(made.json.uri, /^otpauth:\/\/totp\/Tocsin%20[^:]+:ada%40house\.example\?secret=[A-Z2-7]{32}&issuer=Tocsin/);
	assert.match(made.json.svg, /^<svg .*<\/svg>$/);
	const wrong = await t.post(path('ada', '/confirm'), { code: '12345x' }, as);
	assert.equal(wrong.status, 403);
	assert.equal(wrong.json.field, '/code');
	assert.equal((await knock('ada')).status, 200, 'until then it counts for nothing');
	ada = await enrol('ada');
	assert.equal(new Set(ada.codes).size, 10);
	const state = (await t.get(path('ada'), ada.as)).json;
	assert.ok(state.on && state.since && state.recovery_left === 10);
	assert.equal((await t.get('/api/v1/me', as)).status, 401, 'sessions without it have ended');
	assert.equal((await t.post(path('ada'), undefined, ada.as)).status, 409);
	await box.mail('A second factor was set up for you');
});

test('a program sends the code with the password; each works once, a step early or late too', async () => {
	const missing = await knock('ada');
	assert.equal(missing.status, 401);
	assert.equal(missing.json.field, '/code');
	assert.equal(missing.headers.get('set-cookie'), null);
	const now = await totp(ada.secret);
	assert.equal((await knock('ada', { code: now })).status, 200);
	const again = await knock('ada', { code: now });
	assert.equal(again.status, 401);
	assert.match(again.json.detail, /used already/);
	assert.equal(again.headers.get('set-cookie'), null);
	await box.mail('A code of yours was sent a second time');
	assert.equal((await knock('ada', { code: await totp(ada.secret, 3) })).status, 401, 'three steps ahead');
	const next = await knock('ada', { code: await totp(ada.secret, 1) });
	assert.equal(next.status, 200, 'one step ahead');
	assert.equal((await t.get('/api/v1/me', cookieOf(next))).json.id, 'ada');
	assert.equal((await knock('ada', { password: 'wrong one here', code: await totp(ada.secret, 1) })).json.field, undefined, 'of the code nothing is said');
});

test('on the plain page the code comes after the password', async () => {
	const r = await form('/sign-in', { email: 'ada@house.example', password: PASSWORD, next: '/plain/oncall' });
	assert.equal(r.status, 303);
	assert.equal(r.headers.get('location'), '/second-factor?next=/plain/oncall');
	const half = cookieOf(r);
	assert.match(r.headers.get('set-cookie'), /Max-Age=600/);
	assert.equal((await t.get('/api/v1/me', half)).status, 401, 'the password alone opens nothing');
	assert.equal((await t.get('/plain', half)).headers.get('location'), '/sign-in?next=/plain');
	const page = await t.get('/second-factor?next=/plain/oncall', half);
	assert.match(page.text, /autocomplete="one-time-code"/);
	assert.doesNotMatch(page.text, /<script/);
	const whole = '/incidents?state=open&team=x%20y';
	const there = (await form('/sign-in', { email: 'ada@house.example', password: PASSWORD, next: whole })).headers.get('location');
	assert.match((await t.get(there, half)).text, /name="next" value="\/incidents\?state=open&amp;team=x%20y"/);
	assert.equal((await t.get('/plain/incidents/a%26b', half)).headers.get('location'), '/sign-in?next=/plain/incidents/a%2526b');
	assert.match((await t.get('/second-factor?next=//evil.example', half)).text, /name="next" value="\/"/);
	const wrong = await form('/second-factor', { code: '000000x' }, half);
	assert.equal(wrong.status, 403);
	assert.match(wrong.text, /role="alert"/);
	const evil = await form('/second-factor', { code: ada.codes[0] }, { ...half, 'sec-fetch-site': 'cross-site' });
	assert.equal(evil.status, 403);
	const right = await form('/second-factor', { code: ada.codes[0], next: '/plain/oncall' }, half);
	assert.equal(right.status, 303);
	assert.equal(right.headers.get('location'), '/plain/oncall');
	assert.equal((await t.get('/api/v1/me', cookieOf(right))).json.id, 'ada');
	assert.notEqual(cookieOf(right).cookie, half.cookie);
	assert.equal((await form('/second-factor', { code: ada.codes[1] }, half)).headers.get('location'), '/sign-in', 'what waited is over');
	assert.equal((await form('/second-factor', { code: ada.codes[1] })).headers.get('location'), '/sign-in');
});

test('a recovery code works once; new ones end the old', async () => {
	await box.mail('A recovery code of yours was used');
	assert.equal((await knock('ada', { code: ada.codes[0] })).status, 401);
	assert.equal((await knock('ada', { code: ada.codes[1].toUpperCase().replace('-', ' ') })).status, 200);
	assert.equal((await t.get(path('ada'), ada.as)).json.recovery_left, 8);
	const fresh = await t.post(path('ada', '/recovery-codes'), undefined, ada.as);
	assert.equal(fresh.status, 201);
	assert.equal((await knock('ada', { code: ada.codes[2] })).status, 401);
	assert.equal((await knock('ada', { code: fresh.json.codes[2] })).status, 200);
	ada.codes = fresh.json.codes;
});

test('a link made over the API stands for the password alone, one made on the machine for both', async () => {
	const there = new URL((await t.post('/api/v1/users/ada/sign-in-link')).json.url).pathname;
	const half = await t.post(there, '', none);
	assert.equal(half.headers.get('location'), '/second-factor?next=/');
	assert.equal((await t.get('/api/v1/me', cookieOf(half))).status, 401);
	const here = new URL(t.must(['user', 'link', 'ada', ...t.offline, '--url', t.url]).trim()).pathname;
	const whole = await t.post(here, '', none);
	assert.equal(whole.headers.get('location'), '/');
	assert.equal((await t.get('/api/v1/me', cookieOf(whole))).json.id, 'ada');
});

test('a token goes on without a code', async () => {
	const token = t.must(['token', 'create', ...t.offline, '--user', 'ada', '--name', 'x']).trim();
	const as = { authorization: `Bearer ${token}` };
	assert.equal((await t.get('/api/v1/me', as)).json.id, 'ada');
	assert.equal((await t.call('DELETE', path('ada'), undefined, as)).status, 403, 'but takes nobody\'s factor from them');
});

test('the command line asks for the code after the password', async () => {
	const home = { HOME: t.dir, XDG_CONFIG_HOME: `${t.dir}/config` };
	const input = (...lines) => ({ env: home, input: lines.join('\n') + '\n' });
	const without = cli(['login', t.url], input('ada@house.example', PASSWORD));
	assert.notEqual(without.code, 0);
	assert.match(without.err, /second factor is needed/);
	const r = cli(['login', t.url], input('ada@house.example', PASSWORD, ada.codes[3]));
	assert.equal(r.code, 0, r.err);
	assert.match(cli(['user', 'factor', 'ada', '--url', t.url], { env: home }).out, /ada has a second factor since .*recovery codes left: \d/);
	assert.match(t.must(['user', 'factor', 'bo', ...t.offline]), /bo has no second factor/);
});

test('wrong codes make the account wait, and the address', async () => {
	const from = (address) => ({ 'x-forwarded-for': address });
	const guess = async (address, words) => {
		for (let i = 0; i < 40; i++) {
			const r = await knock('ada', { code: `00000${i}x` }, from(address));
			assert.equal(r.status, 401);
			if (words.test(r.json.detail)) return;
		}
		assert.fail(`never: ${words}`);
	};
	await guess('192.0.2.31', /too many wrong codes; wait \d+ s/);
	await guess('192.0.2.30', /from your address/);
	assert.ok((await audit('auth.refused')).some((e) => e.data.why === 'wrong code'));
});

test('an administrator takes it from who lost it, and they hear of it', async () => {
	assert.equal((await t.call('DELETE', path('ada'))).status, 204);
	assert.match((await box.mail('Your second factor was removed')).text, /By: owner\./);
	assert.equal((await t.call('DELETE', path('ada'))).status, 404);
	assert.equal((await knock('ada')).status, 200);
	assert.equal((await audit('auth.factor-removed')).length, 1);
	const boss = { name: 'Boss', email: 'boss@house.example', role: 'admin' };
	assert.equal((await t.call('PUT', '/api/v1/users/boss', boss)).status, 201);
	const as = { authorization: `Bearer ${(await t.post('/api/v1/tokens', { name: 'b', user: 'boss' })).json.secret}` };
	assert.equal((await t.call('DELETE', path('owner'), undefined, as)).status, 403, 'an owner\'s is for owners');
	assert.equal((await t.get(path('owner'), as)).status, 403);
});

test('who has to have one is led to it and can do nothing else', async () => {
	const bo = cookieOf(await knock('bo'));
	const org = (await t.get('/api/v1/organisation')).json.document;
	const demand = async (who) => assert.ok([200, 204].includes((await t.call('PUT', '/api/v1/organisation', { ...org, second_factor: who })).status));
	await demand('admins');
	assert.equal((await t.get('/api/v1/me', bo)).status, 200, 'a member is no administrator');
	const owner = cookieOf(await knock('owner'));
	assert.equal((await t.get('/api/v1/me', owner)).status, 403);
	await demand('everybody');
	const shut = await t.get('/api/v1/incidents', bo);
	assert.equal(shut.status, 403, 'a session that was there already too');
	assert.equal(shut.json.field, '/second_factor');
	assert.equal((await t.post('/api/v1/tokens', { name: 'way out' }, bo)).status, 403);
	assert.equal((await t.get('/', bo)).headers.get('location'), '/second-factor');
	assert.equal((await t.get('/api/v1/me')).status, 200, 'tokens go on');
	const offer = await t.get('/second-factor', bo);
	assert.match(offer.text, /Your organisation asks for a second factor/);
	assert.doesNotMatch(offer.text, /href="\/plain"/);
	const page = await form('/second-factor/begin', {}, bo);
	const secret = page.text.match(/<pre>([A-Z2-7]{32})<\/pre>/)[1];
	assert.match(page.text, /<svg /);
	const wrong = await form('/second-factor/confirm', { code: '1' }, bo);
	assert.equal(wrong.status, 403);
	assert.ok(wrong.text.includes(secret), 'the same secret again');
	const codes = await form('/second-factor/confirm', { code: await totp(secret) }, bo);
	assert.equal(codes.text.match(/<pre>([^<]+)<\/pre>/)[1].trim().split('\n').length, 10);
	assert.equal((await t.get('/api/v1/me', bo)).json.id, 'bo');
	assert.equal((await t.get('/second-factor', bo)).headers.get('location'), '/me');
	assert.equal((await t.get('/api/v1/me', owner)).status, 403);
	await demand('nobody');
	assert.equal((await t.get('/api/v1/me', owner)).status, 200);
});

test('the plain pages set up nothing for a token', async () => {
	const made = await t.post('/api/v1/tokens', { name: 'reads', user: 'ada', scopes: 'read' });
	const as = { authorization: `Bearer ${made.json.secret}` };
	const own = cookieOf(await knock('ada'));
	const begun = (await t.post(path('ada'), undefined, own)).json.secret;
	for (const [where, code] of [['begin', ''], ['confirm', '1'], ['confirm', await totp(begun)]]) {
		const r = await form(`/second-factor/${where}`, { code }, as);
		assert.equal(r.status, 403, where);
		assert.match(r.text, /signed in with a browser/, where);
		assert.ok(!r.text.includes(begun), 'nor is shown what a browser began');
	}
	assert.equal((await t.get(path('ada'), own)).json.on, false);
});

test('the page that answers by a signed link asks for nothing', async () => {
	const org = (await t.get('/api/v1/organisation')).json.document;
	await t.call('PUT', '/api/v1/organisation', { ...org, second_factor: 'everybody' });
	await t.post('/api/v1/incidents', { title: 'The tap drips', target: 'user/ada' });
	const link = (await box.mail('The tap drips')).text.match(/https?:\/\/\S+\/a\/\S+/)?.[0];
	assert.ok(link, 'the mail has a link');
	const r = await t.get(new URL(link).pathname, { authorization: '' });
	assert.equal(r.status, 200);
	await t.call('PUT', '/api/v1/organisation', { ...org, second_factor: 'nobody' });
});

test('no secret, code or hash is in the audit or in a mail', async () => {
	const text = (await t.get('/api/v1/audit?limit=500')).text + box.mails().map((m) => m.text).join();
	for (const secret of [ada.secret, ...ada.codes]) assert.ok(!text.includes(secret));
	assert.ok(t.must(['verify', ...t.offline]).includes('every hash fits'));
});

test('guesses at one\'s present password count for the address too', async () => {
	const as = { ...await byLink(t, 'bo'), 'x-forwarded-for': '192.0.2.40' };
	for (let i = 0; i < 40; i++) {
		const r = await t.call('PUT', '/api/v1/users/bo/password', { password: PASSWORD, current: `wrong one ${i}` }, as);
		assert.equal(r.status, 403);
		if (/from your address/.test(r.json.detail)) return;
	}
	assert.fail('never by the address');
});

/** A server, and what moves its clock so many seconds on. */
async function clocked() {
	const dir = folder(), { set, ...clock } = steppedClock(dir);
	const s = await Tocsin.start(ORG, clock);
	const stop = async () => {
		await s.stop();
		rmSync(dir, { recursive: true });
	};
	return { s, on: set, stop };
}

test('what a borrowed browser must not do takes proof when the last one is ten minutes old', async () => {
	const { s, on, stop } = await clocked();
	s.must(['user', 'password', ...s.offline, 'owner'], { input: `${PASSWORD}\n` });
	const as = cookieOf(await s.post('/api/v1/sign-in', { email: 'owner@house.example', password: PASSWORD }, none));
	assert.equal((await s.post('/api/v1/tokens', { name: 'soon' }, as)).status, 201);
	on(601);
	for (const [method, where, body] of [['POST', '/api/v1/tokens', { name: 'late' }], ['POST', '/api/v1/users/bo/sign-in-link'],
		['PUT', '/api/v1/users/bo/password', { password: PASSWORD }], ['DELETE', '/api/v1/sessions'], ['POST', path('owner')]]) {
		const r = await s.call(method, where, body, as);
		assert.equal(r.status, 403, where);
		assert.equal(r.json.field, '/proof', where);
	}
	assert.equal((await s.get('/api/v1/incidents', as)).status, 200, 'all else goes on');
	assert.equal((await s.post('/api/v1/sessions/proof', { password: 'wrong one here' }, as)).status, 403);
	assert.equal((await s.post('/api/v1/sessions/proof', { password: PASSWORD }, as)).status, 204);
	assert.equal((await s.post('/api/v1/tokens', { name: 'late' }, as)).status, 201);
	assert.equal((await s.post('/api/v1/tokens', { name: 'by a token' })).status, 201, 'a token is proof of itself');
	await stop();
});

test('the plain page says that the sign-in is too old to set one up', async () => {
	const { s, on, stop } = await clocked();
	s.must(['user', 'password', ...s.offline, 'owner'], { input: `${PASSWORD}\n` });
	const as = cookieOf(await s.post('/api/v1/sign-in', { email: 'owner@house.example', password: PASSWORD }, none));
	const begin = () => s.post('/second-factor/begin', '', { ...as, 'content-type': 'application/x-www-form-urlencoded' });
	on(601);
	for (const who of ['nobody', 'everybody']) {
		const org = (await s.get('/api/v1/organisation')).json.document;
		assert.equal((await s.call('PUT', '/api/v1/organisation', { ...org, second_factor: who })).status, 200);
		const r = await begin();
		assert.equal(r.status, 403, who);
		assert.match(r.text, /role="alert">Sign out and in again first/, who);
		assert.match(r.text, /action="\/sign-out"/, who);
	}
	await stop();
});

test('a first password of one\'s own takes proof too, where there is a factor to prove it by', async () => {
	const { s, on, stop } = await clocked();
	const set = (user, as) => s.call('PUT', `/api/v1/users/${user}/password`, { password: PASSWORD }, as);
	const as = await byLink(s, 'owner'), bo = await byLink(s, 'bo');
	const { secret } = (await s.post(path('owner'), undefined, as)).json;
	assert.equal((await s.post(path('owner', '/confirm'), { code: await totp(secret) }, as)).status, 201);
	on(601);
	const r = await set('owner', as);
	assert.equal(r.status, 403);
	assert.equal(r.json.field, '/proof');
	assert.equal((await set('bo', bo)).status, 204, 'who has neither has nothing to show');
	assert.equal((await s.post('/api/v1/sessions/proof', { code: await totp(secret, 20) }, as)).status, 204);
	assert.equal((await set('owner', as)).status, 204);
	await stop();
});
