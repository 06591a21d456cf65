// SPDX-License-Identifier: Apache-2.0
// A contact is verified by the code that was sent to it, and only as long as its address stays.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Hook, Tocsin, until } from './lib.mjs';

let t, hook, boss;
const org = (path) => `
organisation: { name: House, zone: UTC, catch_all: user/owner }
users:
  owner: { name: Owner, role: owner, contacts: { hook: { type: webhook, address: "${hook.url}/owner", secret: s } } }
  bo: { name: Bo, contacts: { hook: { type: webhook, address: "${hook.url}/${path}", secret: s },
                              mail: { type: email, address: bo@house.example } } }
schedules:
  one: { zone: UTC, layers: [{ members: [bo], start: 2026-01-05 09:00, every: 1w }] }
`;
before(async () => {
	hook = await Hook.start('s');
	t = await Tocsin.start(org('bo'), { args: ['--allow-private'] });
	boss = { authorization: `Bearer ${t.token}` };
});
after(async () => {
	await t?.stop();
	await hook?.stop();
});

const at = '/api/v1/users/bo/contacts';
const state = async (id = 'hook') => (await t.get(at)).json.items.find((c) => c.id === id);
let seen = 0;
/** The code of the newest message that carried one. */
const code = () => until('a message with a code', () => {
	const texts = hook.got.map((g) => /(\d{6}) is the code/.exec(JSON.stringify(g))?.[1]).filter(Boolean);
	if (texts.length <= seen) return null;
	seen = texts.length;
	return texts.at(-1);
});
const other = (c) => String((Number(c) + 1) % 1000000).padStart(6, '0');

test('a code that came verifies; a wrong one does not, and is kept count of', async () => {
	assert.equal((await state()).verified_at, undefined);
	assert.equal((await t.post(`${at}/hook/verify`, { code: '123456' })).status, 422, 'none was sent');
	const sent = await t.post(`${at}/hook/code`);
	assert.equal(sent.status, 200, sent.text);
	assert.ok(!/\d{6} is/.test(sent.text));
	const right = await code();
	const again = await t.post(`${at}/hook/code`);
	assert.equal(again.status, 409, 'not again at once');
	assert.match(again.json.detail, /wait \d+ s/);
	const wrong = await t.post(`${at}/hook/verify`, { code: other(right) });
	assert.equal(wrong.status, 422);
	assert.match(wrong.json.detail, /4 more tries/);
	assert.equal((await state()).tries_left, 4);
	await until('it was sent', async () => (await state()).last_state === 'sent');
	await t.kill(); // what is known survives
	await t.up();
	const done = await t.post(`${at}/hook/verify`, { code: `${right.slice(0, 3)} ${right.slice(3)}` });
	assert.equal(done.status, 200, done.text);
	assert.ok(done.json.verified_at);
	assert.equal((await t.post(`${at}/hook/verify`, { code: right })).status, 422, 'a code works once');
	const types = (await t.get('/api/v1/audit')).json.items.map((e) => e.type);
	for (const type of ['contact.code', 'contact.refused', 'contact.verified']) assert.ok(types.includes(type), type);
	assert.ok(!(await t.get('/api/v1/audit')).text.includes(right));
});

test('others may not, an administrator may help', async () => {
	const bo = t.must(['token', 'create', ...t.offline, '--user', 'bo', '--name', 'x']).trim();
	const r = await t.post('/api/v1/users/owner/contacts/hook/code', undefined, { authorization: `Bearer ${bo}` });
	assert.equal(r.status, 403);
	assert.equal((await t.post(`${at}/nothing/code`, undefined, boss)).status, 404);
	assert.equal(t.cli(['contact', 'list'], { token: bo }).out.split('\n')[0].split('\t')[0], 'hook');
});

test('warnings name whom nobody knows to be reachable', async () => {
	const doctor = async () => (await t.get('/api/v1/doctor')).json.items.map((i) => `${i.about}: ${i.finding}`).join('\n');
	assert.match(await doctor(), /user\/owner: has no verified contact/);
	assert.doesNotMatch(await doctor(), /user\/bo: has no verified/);
	assert.deepEqual((await t.get('/api/v1/schedules/one/quality')).json.unverified, []);
});

test('another address is unverified again, and a new code is needed', async () => {
	assert.equal(t.cli(['apply', '-f', '-'], { input: org('moved') }).code, 0);
	assert.equal((await state()).verified_at, undefined);
	assert.deepEqual((await t.get('/api/v1/schedules/one/quality')).json.unverified, ['bo']);
	assert.equal(t.cli(['apply', '-f', '-'], { input: org('bo') }).code, 0);
	assert.ok((await state()).verified_at, 'nothing was proved of the other');
});

test('five wrong codes are enough', async () => {
	assert.equal((await t.post('/api/v1/users/owner/contacts/hook/code')).status, 200);
	const right = await code();
	for (let i = 0; i < 5; i++)
		assert.equal((await t.post('/api/v1/users/owner/contacts/hook/verify', { code: other(right) })).status, 422);
	const late = await t.post('/api/v1/users/owner/contacts/hook/verify', { code: right });
	assert.equal(late.status, 422);
	assert.match(late.json.detail, /too many wrong codes/);
});

test('a page that is answered by its link verifies too, and an unverified contact is paged', async () => {
	const made = await t.post('/api/v1/incidents', { title: 'Answer me', mode: 'test', target: 'user/owner' });
	assert.equal(made.status, 201, made.text);
	const link = await until('the page', () => hook.got.map((g) => /\/a\/[\w-]+/.exec(JSON.stringify(g))?.[0]).find(Boolean));
	await t.post(link, '', { authorization: '', 'content-type': 'application/x-www-form-urlencoded' });
	assert.ok((await t.get('/api/v1/users/owner/contacts')).json.items[0].verified_at);
});

test('a test goes out without a code, and how far it came is told', async () => {
	const sent = t.cli(['contact', 'test', 'hook', '--user', 'bo']);
	assert.equal(sent.code, 0, sent.err);
	const s = await until('sent', async () => {
		const c = await state();
		return c.last === 'test' && c.last_state === 'sent' ? c : null;
	});
	assert.ok(s.last_sent_at);
});
