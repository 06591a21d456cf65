// SPDX-License-Identifier: Apache-2.0
// Swaps between people, and what is told about handoffs.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Mailbox, ORG, Tocsin, until } from './lib.mjs';

let t, mail, tokens;
const HOUR = 3600_000;
const iso = (ms) => new Date(Math.floor(ms / 1000) * 1000).toISOString().replace('.000', '');

before(async () => {
	mail = await Mailbox.start();
	t = await Tocsin.start(ORG, { args: ['--smtp', mail.url, '--mail-from', 'tocsin@house.example'] });
	tokens = Object.fromEntries(['ada', 'bo'].map((u) =>
		[u, t.must(['token', 'create', ...t.offline, '--user', u, '--name', 'x']).trim()]));
	await t.call('PUT', '/api/v1/schedules/week', { team: 'core', zone: 'UTC',
		layers: [{ name: 'one', members: ['ada'], start: '2020-01-01', every: '1w' }] });
});
after(async () => { await t.stop(); await mail.stop(); });

const as = (user) => ({ authorization: `Bearer ${tokens[user]}` });
const ids = (users) => users.map((u) => u.id).join(',');
const at = async (when, schedule = 'week') =>
	ids((await t.get(`/api/v1/schedules/${schedule}/oncall?at=${iso(when)}`)).json.users);
const offer = (user, body) => t.post('/api/v1/schedules/week/swaps', body, as(user));

test('a swap is offered to one, who declines or accepts a part; the rest stays on offer', async () => {
	const from = Date.now() + 24 * HOUR;
	const body = { from: iso(from), to: iso(from + 6 * HOUR), offered_to: 'bo', note: 'a wedding' };
	const one = await offer('ada', body);
	assert.equal(one.status, 201, one.text);
	assert.equal(one.json.state, 'offered');
	await mail.mail('a wedding');
	assert.equal((await t.post(`/api/v1/swaps/${one.json.id}/accept`, {}, as('ada'))).status, 403, 'her own');
	const no = await t.post(`/api/v1/swaps/${one.json.id}/decline`, {}, as('bo'));
	assert.equal(no.json.state, 'declined');
	assert.equal((await t.post(`/api/v1/swaps/${one.json.id}/accept`, {}, as('bo'))).status, 409);
	await mail.mail('Your swap was declined');

	const two = (await offer('ada', body)).json;
	const part = { from: iso(from + HOUR), to: iso(from + 3 * HOUR) };
	const yes = await t.post(`/api/v1/swaps/${two.id}/accept`, part, as('bo'));
	assert.equal(yes.status, 200, yes.text);
	assert.deepEqual([yes.json.state, yes.json.taken_by, yes.json.from, yes.json.to],
		['accepted', 'bo', part.from, part.to]);
	const whose = await Promise.all([0, 1, 2.9, 3].map((h) => at(from + h * HOUR)));
	assert.deepEqual(whose, ['ada', 'bo', 'bo', 'ada']);
	const list = (await t.get('/api/v1/schedules/week/swaps')).json.items;
	const rests = list.filter((s) => s.rest_of === two.id);
	assert.deepEqual(rests.map((s) => [s.state, s.from, s.to]).sort(), [
		['offered', body.from, part.from], ['offered', part.to, body.to]].sort());
	await mail.mail('bo takes your shift');
	const back = await t.post(`/api/v1/swaps/${rests[0].id}/withdraw`, {}, as('ada'));
	assert.equal(back.json.state, 'withdrawn');
	assert.match(t.cli(['sched', 'swaps', 'week']).out, /accepted\tada\tbo\t/);
});

test('an open swap says when those asked hear of it again, to programs and to people; an outage loses no reminder', async () => {
	const today = new Date().setUTCHours(0, 0, 0, 0);
	const day = (n, hour) => new Date(today + (n * 24 + hour) * HOUR);
	const from = day(10, 12), text = (d) => iso(d.getTime());
	const made = (await offer('ada', { from: text(from), to: iso(from.getTime() + HOUR), offered_to: 'bo' })).json;
	assert.equal(made.remind_at, text(day(3, 12)));
	assert.equal(made.reminded_at, undefined);
	const night = (await offer('ada', { from: text(day(10, 3)), to: text(day(10, 4)) })).json;
	assert.equal(night.remind_at, text(day(2, 20)), 'on the evening before');
	const soon = (await offer('ada', { from: iso(Date.now() + 2 * HOUR), to: iso(Date.now() + 3 * HOUR) })).json;
	assert.equal(soon.remind_at, undefined, 'that has just been read');
	await t.kill();
	await t.up();
	assert.equal((await t.get(`/api/v1/swaps/${made.id}`)).json.remind_at, made.remind_at);
	assert.match(t.cli(['sched', 'swaps', 'week']).out, new RegExp(`^${made.id}\toffered\tada\tbo\t[^\t]*\t[^\t]*\t\t\t${made.remind_at}$`, 'm'));
	for (const s of [made, night, soon]) {
		const end = (await t.post(`/api/v1/swaps/${s.id}/withdraw`, {}, as('ada'))).json;
		assert.deepEqual([end.state, end.remind_at], ['withdrawn', undefined]);
	}
});

test('a swap is offered to all by the command line, and taken whole', async () => {
	const from = Date.now() + 72 * HOUR;
	const r = t.cli(['sched', 'swap', 'offer', 'week', iso(from), iso(from + HOUR), '--json'], { token: tokens.ada });
	assert.equal(r.code, 0, r.err);
	const swap = JSON.parse(r.out);
	assert.equal((await t.post(`/api/v1/swaps/${swap.id}/decline`, {}, as('bo'))).status, 409);
	const took = t.cli(['sched', 'swap', 'accept', String(swap.id)], { token: tokens.bo });
	assert.equal(took.code, 0, took.err);
	assert.equal(await at(from), 'bo');
	assert.equal(t.cli(['sched', 'swap', 'accept', String(swap.id)], { token: tokens.bo }).code, 4);
	assert.equal(t.cli(['sched', 'swap', 'dance', '1']).code, 2);
});

test('what cannot be offered is refused; something in return is given both ways', async () => {
	const from = Date.now() + 200 * HOUR;
	const span = { from: iso(from), to: iso(from + HOUR) };
	assert.equal((await offer('bo', span)).status, 422, 'he has no duty then');
	assert.equal((await offer('bo', { ...span, user: 'ada' })).status, 403);
	assert.equal((await offer('ada', { ...span, offered_to: 'ada' })).status, 422);
	assert.equal((await offer('ada', { from: iso(Date.now() - 2 * HOUR), to: iso(Date.now() - HOUR) })).status, 422);
	const own = { from: iso(from + 10 * HOUR), to: iso(from + 12 * HOUR) };
	await t.post('/api/v1/schedules/week/overrides', { ...own, with: 'bo' });
	const swap = await offer('ada', { ...span, offered_to: 'bo', return_from: own.from, return_to: own.to });
	assert.equal(swap.status, 201, swap.text);
	assert.equal((await t.post(`/api/v1/swaps/${swap.json.id}/accept`, { to: iso(from + HOUR / 2) }, as('bo'))).status, 422);
	assert.equal((await t.post(`/api/v1/swaps/${swap.json.id}/accept`, {}, as('bo'))).status, 200);
	assert.deepEqual([await at(from), await at(from + 11 * HOUR)], ['bo', 'ada']);
});

test('an offer expires', async () => {
	const from = Date.now() + 300 * HOUR;
	const swap = (await offer('ada', { from: iso(from), to: iso(from + HOUR), expires: iso(Date.now() + 4000) })).json;
	await until('it expires', async () => (await t.get(`/api/v1/swaps/${swap.id}`)).json.state === 'expired');
	assert.equal((await t.post(`/api/v1/swaps/${swap.id}/accept`, {}, as('bo'))).status, 409);
	assert.equal(await at(from), 'ada');
});

test('who comes on and who goes off is told, with the notes of the shift before', async () => {
	assert.equal(t.cli(['sched', 'note', 'week', 'The lift is broken'], { token: tokens.ada }).code, 0);
	const bo = (await t.get('/api/v1/users/bo')).json.document;
	await t.call('PUT', '/api/v1/users/bo', { ...bo, handoff: { lead: '1h' } });
	assert.equal((await t.call('PUT', '/api/v1/users/bo', { ...bo, handoff: { contact: 'none' } })).status, 422);
	const doc = (await t.get('/api/v1/schedules/week')).json.document;
	const told = { ...doc, handoff: { notice: true, note: 'The handbook is at home.example.' } };
	assert.equal((await t.call('PUT', '/api/v1/schedules/week', told)).status, 200);
	const over = await t.post('/api/v1/schedules/week/overrides',
		{ from: iso(Date.now() + HOUR / 2), to: iso(Date.now() + HOUR), with: 'bo', description: 'soon' });
	const on = await mail.mail('You go on call for week');
	assert.match(on.text, /Before you: Ada/);
	assert.match(on.text, /The lift is broken/);
	assert.match(on.text, /The handbook is at home\.example/);
	assert.ok(!on.text.includes('Acknowledge'), 'a notice asks for no answer');
	await t.call('DELETE', `/api/v1/overrides/${over.json.id}`);
	await t.post('/api/v1/schedules/week/overrides', { from: iso(Date.now() - 1000), to: iso(Date.now() + HOUR), with: 'bo' });
	const off = await mail.mail('You go off call for week');
	assert.match(off.text, /After you: Bo/);
	const notes = (await t.get('/api/v1/schedules/week/notes')).json.items;
	assert.deepEqual(notes.map((n) => [n.author, n.text]), [['ada', 'The lift is broken']]);
});

test('a manager of the team asks for another; all that is on offer is one list', async () => {
	await t.call('PUT', '/api/v1/schedules/bos', { team: 'core', zone: 'UTC',
		layers: [{ name: 'one', members: ['bo'], start: '2020-01-01', every: '1w' }] });
	const from = Date.now() + 240 * HOUR;
	const body = { user: 'bo', from: iso(from), to: iso(from + HOUR) };
	const made = await t.post('/api/v1/schedules/bos/swaps', body, as('ada'));
	assert.equal(made.status, 201, made.text);
	assert.equal(made.json.user, 'bo');
	assert.equal((await offer('bo', { ...body, user: 'ada' })).status, 403, 'bo manages nobody');
	assert.equal((await t.post(`/api/v1/swaps/${made.json.id}/accept`, {}, as('ada'))).status, 200, 'asked for, not hers');
	const again = (await t.post('/api/v1/schedules/bos/swaps', { user: 'bo', from: iso(from + HOUR), to: iso(from + 2 * HOUR) }, as('ada'))).json;
	const open = (await t.get('/api/v1/swaps', as('bo'))).json.items;
	assert.ok(open.every((s) => s.state === 'offered') && open.some((s) => s.id === again.id));
	assert.equal((await t.post(`/api/v1/swaps/${again.id}/withdraw`, {}, as('ada'))).json.state, 'withdrawn');
	assert.ok(!(await t.get('/api/v1/swaps')).json.items.some((s) => s.id === again.id));
});
