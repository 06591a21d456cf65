// SPDX-License-Identifier: Apache-2.0
// A policy walked in thought, as it is and as a draft, and what is wrong with it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ORG, Tocsin } from './lib.mjs';

let t;
const check = async (body, id = 'core') => (await t.post(`/api/v1/policies/${id}/check`, body)).json;
const said = (r) => r.findings.map((f) => `${f.pointer} ${f.finding}`).join('\n');

before(async () => {
	t = await Tocsin.start(ORG);
	const mail = (more = {}) => ({ contacts: { mail: { type: 'email', address: 'x@x.example' } }, ...more });
	const done = await t.post('/api/v1/config', {
		users: { silent: { name: 'Silent' }, slow: mail({ paging: { high: [{ contact: 'mail' }, { contact: 'mail', after: '6m' }] } }), board: mail({ role: 'stakeholder' }) },
		schedules: { office: { layers: [{ members: ['slow'], start: '2026-01-05 00:00', every: '1d', only: ['mon-fri 09:00-17:00'] }] } },
	});
	assert.equal(done.status, 200, done.text);
});
after(async () => { await t?.stop(); });

test('the policy as it is, the same pages as for its service', async () => {
	const at = '2026-03-07T03:00:00Z';
	const r = await check({ at });
	const p = (await t.get(`/api/v1/services/web/preview?at=${at}`)).json;
	assert.deepEqual(r.pages, p.pages);
	assert.equal(r.exhausted_at, p.exhausted_at);
	assert.equal((await t.post('/api/v1/policies/nothing/check', {})).status, 404);
});

test('a draft is walked and nothing is saved; one that does not compile is refused with its places', async () => {
	const r = await check({ document: { steps: [{ page: ['user/bo'], wait: '7m' }, { page: ['user/ada'] }] }, at: '2026-03-07T03:00:00Z' }, 'fresh');
	assert.deepEqual(r.pages.filter((p) => !p.catch_all && p.user).map((p) => [p.user, p.at]), [['bo', '2026-03-07T03:00:00Z'], ['ada', '2026-03-07T03:07:00Z']]);
	assert.equal((await t.get('/api/v1/policies/fresh')).status, 404);
	const bad = await t.post('/api/v1/policies/core/check', { document: { steps: [{ page: ['user/adda'] }] } });
	assert.equal(bad.status, 422);
	assert.equal(bad.json.errors[0].pointer, '/steps/0/page/0');
});

const step = (...page) => ({ page, wait: '5m' });
for (const [what, steps, wanted, more] of [
	['no contact', [step('user/silent')], /\/steps\/0\/page\/0 user\/silent has no contact for high urgency/],
	['no verified contact', [step('user/bo')], /user\/bo has no verified contact/],
	['a stakeholder', [step('user/board')], /user\/board is a stakeholder, who cannot answer/],
	['an own step after the next has begun', [step('user/slow'), step('user/bo')], /user\/slow is called by mail after 6m, when the next step has begun: this one waits 5m/],
	['the same person twice running', [step('user/ada'), step('user/ada')], /\/steps\/1 it pages nobody but whom the step before has paged: user\/ada/],
	['nobody now', [step('schedule/office')], /\/steps\/0\/page\/0 schedule\/office has nobody then, for 2d5h/],
	['deaf for days', [{ page: ['user/ada'], wait: '12h' }], /\/repeat unanswered it goes on for 2d before the catch-all/, { repeat: 3 }],
	['no step at all', [], /\/steps it has no step/],
])
	test(`found: ${what}`, async () => {
		assert.match(said(await check({ document: { steps, ...more }, at: '2026-03-07T03:00:00Z' })), wanted);
	});

test('nobody within the week', async () => {
	assert.match(said(await check({ document: { steps: [step('schedule/office')] }, at: '2026-03-06T10:00:00Z' })), /schedule\/office has nobody from 2026-03-06T16:00:00Z for 2d16h, within seven days/);
});

test('what is well is not found: no late own step in the last step, no pair of different people', async () => {
	const text = said(await check({ document: { steps: [step('user/ada'), step('user/slow')] }, at: '2026-03-07T03:00:00Z' }));
	assert.doesNotMatch(text, /has begun|nobody but whom|goes on for/);
});

test('by the command line, which ends with 7', async () => {
	const r = t.cli(['policy', 'check', 'core', '--at', '2026-03-07T03:00:00Z']);
	assert.equal(r.code, 7);
	assert.match(r.out, /has no verified contact/);
	assert.equal(JSON.parse(t.cli(['policy', 'check', 'core', '--json']).out).policy, 'core');
});
