// SPDX-License-Identifier: Apache-2.0
// Duty between people: a swap in two browsers, handing over, being away, a page to who is on call, calendar addresses.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ORG } from '../api/lib.mjs';
import { Browser, Tocsin, accessible, clean, until } from './lib.mjs';

let t, b, b2, ada, bo;
const HOUR = 3600_000;
const iso = (ms) => new Date(ms).toISOString();
const duty = async (schedule, at = Date.now()) =>
	(await t.get(`/api/v1/schedules/${schedule}/oncall?at=${iso(at)}`)).json.users.map((u) => u.id).join();

before(async () => {
	t = await Tocsin.start(ORG.replace('schedules:\n', `schedules:
  mine: { name: Adas desk, team: core, zone: UTC, layers: [{ name: one, members: [ada], start: 2026-01-05 00:00, every: 1d }] }
`));
	[b, b2] = [await Browser.start(), await Browser.start()];
	ada = await b.signIn(t, 'ada', '/oncall');
	bo = await b2.signIn(t, 'bo', '/oncall');
});
after(async () => {
	await b?.stop();
	await b2?.stop();
	await t?.stop();
});

test('a swap between two browsers: asked for by one, seen and taken in part by the other', async () => {
	const mine = ada.getByRole('region', { name: 'My shifts' }).getByRole('row', { name: /Adas desk/ });
	await mine.getByRole('button', { name: 'Swap…' }).first().click();
	const ask = ada.getByRole('dialog', { name: 'Ask for a swap' });
	// At noon, when no clock changes.
	const from = new Date(new Date().setUTCHours(12, 0, 0, 0) + 48 * HOUR);
	const local = (ms) => new Date(ms).toLocaleString('sv', { timeZone: 'Europe/Berlin' }).replace(' ', 'T').slice(0, 16);
	await ask.getByLabel('From').fill(local(from.getTime()));
	await ask.getByLabel('To', { exact: true }).fill(local(from.getTime() + 4 * HOUR));
	await ask.getByRole('radio', { name: /^Bo/ }).check();
	await ask.getByLabel('Why').fill('a wedding');
	await accessible(ada, 'asking for a swap', ['light']);
	await ask.getByRole('button', { name: 'Ask', exact: true }).click();
	const line = bo.getByRole('region', { name: 'Open swaps' }).getByRole('listitem').filter({ hasText: 'a wedding' });
	await line.getByText('Ada asks').waitFor();
	await ada.getByText('You ask').waitFor();
	const whole = await line.textContent();
	await line.getByRole('button', { name: 'Take…' }).click();
	const take = bo.getByRole('dialog', { name: 'Take Ada’s shift' });
	await take.getByLabel('To', { exact: true }).fill(local(from.getTime() + 2 * HOUR));
	await take.getByText('What is left stays on offer.').waitFor();
	await take.getByText(/Ada → Bo/).waitFor();
	await accessible(bo, 'taking a swap', ['dark']);
	await take.getByRole('button', { name: 'Take this part' }).click();
	await until('bo has the part', async () => (await duty('mine', from.getTime() + HOUR)) === 'bo');
	assert.equal(await duty('mine', from.getTime() + 3 * HOUR), 'ada');
	await until('what is left is on offer instead', async () => (await line.count()) === 1 && (await line.textContent()) !== whole);
	await bo.getByRole('region', { name: 'Open swaps' }).getByRole('button', { name: 'Decline' }).click();
	await until('nothing is on offer in either', async () =>
		(await bo.getByRole('region', { name: 'Open swaps' }).count()) + (await ada.getByRole('region', { name: 'Open swaps' }).count()) === 0);
	clean(ada);
	clean(bo);
});

test('what I have now is handed over, to whom the server suggests, and that undone', async () => {
	await ada.getByRole('region', { name: 'My shifts' }).getByRole('button', { name: 'Hand over…' }).first().click();
	const form = ada.getByRole('dialog', { name: /^Hand over/ });
	const name = (await form.getByRole('heading').innerText()).replace('Hand over ', '');
	const schedule = name === 'Adas desk' ? 'mine' : 'core';
	await form.getByRole('button', { name: '4 hours' }).click();
	await form.getByText(/Ada → Bo/).waitFor();
	assert.match(await form.getByRole('radio', { name: /^Bo/ }).locator('..').innerText(), /free|on call by/, 'with a reason');
	await form.getByRole('button', { name: 'Hand over now' }).click();
	await until('bo has it', async () => (await duty(schedule)) === 'bo');
	await ada.getByRole('button', { name: /Undo/ }).click();
	await until('ada has it again', async () => (await duty(schedule)) === 'ada');
	clean(ada);
});

test('away: the gap is named before it is saved, and given to somebody at once', async () => {
	await ada.getByRole('button', { name: 'I am away…' }).click();
	const form = ada.getByRole('dialog', { name: 'I am away' });
	await form.getByLabel('From').fill('2027-06-01T00:00');
	await form.getByLabel('To', { exact: true }).fill('2027-06-03T00:00');
	const cover = form.getByLabel(/Who covers Adas desk/);
	await cover.selectOption('bo');
	await accessible(ada, 'being away');
	await form.getByRole('button', { name: 'Save' }).click();
	await until('bo covers it', async () => (await duty('mine', Date.parse('2027-06-01T12:00:00Z'))) === 'bo');
	assert.equal((await t.get('/api/v1/absences')).json.items.length, 1);
	clean(ada);
});

test('away: what was worked out for one person is neither shown nor saved for another', async () => {
	await ada.getByRole('button', { name: 'I am away…' }).click();
	const form = ada.getByRole('dialog', { name: /away$/ }), save = form.getByRole('button', { name: 'Save' });
	await form.getByLabel('From').fill('2027-06-08T00:00');
	await form.getByLabel('To', { exact: true }).fill('2027-06-10T00:00');
	const cover = form.getByLabel(/Who covers Adas desk .*8 Jun/);
	await cover.selectOption('bo');
	let answer;
	const held = new Promise((r) => { answer = r; });
	await ada.route('**/users/bo/absences', async (r) => { await held; await r.continue(); });
	await form.getByRole('combobox', { name: 'Who', exact: true }).selectOption('bo');
	await form.getByRole('heading', { name: 'Bo is away' }).waitFor();
	assert.equal(await cover.count(), 0, 'Ada’s gap is not Bo’s');
	assert.ok(await save.isDisabled(), 'nothing to save before it is known');
	answer();
	await form.getByText('Their turns are passed over').waitFor();
	assert.ok(await save.isEnabled());
	await form.getByRole('combobox', { name: 'Who', exact: true }).selectOption('ada');
	await cover.waitFor();
	assert.equal(await cover.inputValue(), '', 'who covers is picked anew');
	await ada.unroute('**/users/bo/absences');
	await ada.keyboard.press('Escape');
	await until('it is closed', async () => (await form.count()) === 0);
	assert.equal((await t.get('/api/v1/absences')).json.items.length, 1);
	clean(ada);
});

test('whom do I call for web? They are found, and paged from there', async () => {
	await t.call('PUT', '/api/v1/policies/desk', { team: 'core', steps: [{ page: ['schedule/mine'], wait: '5m' }, { page: ['user/bo'], wait: '5m' }] });
	await t.call('PUT', '/api/v1/services/till', { name: 'Till', team: 'core', policy: 'desk' });
	await bo.goto(`${t.url}/oncall`);
	await bo.getByRole('searchbox').fill('who do I call for the till?');
	const row = bo.getByRole('row', { name: /Adas desk.*for Till/ });
	await row.getByText('for Till').waitFor();
	await until('that row alone', async () => (await bo.locator('.oncall-table tbody tr').count()) === 1);
	assert.match(await row.innerText(), /Ada[\s\S]*Bo/, 'first, then');
	assert.match(bo.url(), /q=who/);
	await row.getByRole('button', { name: 'Page…' }).click();
	const form = bo.getByRole('dialog', { name: 'Page Adas desk' });
	await form.getByText('Ada will be paged').waitFor();
	await form.getByLabel('What happened').fill('The till is stuck');
	await form.getByRole('button', { name: 'Page now' }).click();
	await bo.waitForURL(/\/incidents\/\d+/);
	await bo.getByRole('heading', { name: 'The till is stuck' }).waitFor();
	clean(bo);
});

test('a calendar address is made, shown once, read without signing in, and revoked', async () => {
	await ada.goto(`${t.url}/oncall`);
	await ada.getByRole('button', { name: 'Calendar feed…' }).click();
	const form = ada.getByRole('dialog', { name: 'My shifts in my calendar' });
	await form.getByLabel('Remind me').selectOption('1h');
	await form.getByRole('button', { name: 'Make a calendar address' }).click();
	const url = await form.locator('code').innerText();
	await form.getByRole('button', { name: 'Copy the address' }).click();
	await form.getByText('Copied').waitFor();
	await accessible(ada, 'calendar feeds', ['light']);
	const ics = await t.get(new URL(url).pathname, { authorization: '' });
	assert.match(ics.text, /^BEGIN:VCALENDAR/);
	await form.getByRole('button', { name: 'Revoke' }).click();
	await until('it is gone', async () => (await t.get(new URL(url).pathname, { authorization: '' })).status === 404);
	await ada.keyboard.press('Escape');
	await until('closed', async () => (await form.count()) === 0);
	clean(ada);
});
