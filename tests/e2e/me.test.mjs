// SPDX-License-Identifier: Apache-2.0
// My own page: how I am paged by form, what somebody else saved meanwhile, calendar addresses, ready for on call.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Hook, ORG } from '../api/lib.mjs';
import { Browser, Tocsin, accessible, clean, phone, until } from './lib.mjs';

let t, b, page, hook;
const doc = async () => (await t.get('/api/v1/users/ada')).json.document;
before(async () => {
	hook = await Hook.start(null);
	t = await Tocsin.start(ORG.replace('contacts: { mail: { type: email, address: ada@house.example } }',
		`contacts: { mail: { type: email, address: ada@house.example }, hook: { type: webhook, address: "${hook.url}/ada" } }`), { args: ['--allow-private'] });
	b = await Browser.start();
	page = await b.signIn(t, 'ada', '/me');
});
after(async () => {
	await b?.stop();
	await t?.stop();
	await hook?.stop();
});

test('steps for urgent and other pages, in an order', async () => {
	const high = page.getByRole('group', { name: 'Urgent: wake me' });
	await high.getByRole('button', { name: 'Add a step' }).click();
	await high.getByRole('button', { name: 'Add a step' }).click();
	const first = await page.getByLabel('Contact of step 1, high').inputValue();
	await page.getByLabel('Minutes before step 2, high').fill('3');
	await page.getByRole('button', { name: 'Move step 2 up, high' }).click();
	assert.notEqual(await page.getByLabel('Contact of step 1, high').inputValue(), first, 'the times stay, the contacts change places');
	await accessible(page, 'steps being changed');
	await page.getByRole('button', { name: 'Save how I am paged' }).click();
	await page.getByText('you are paged so from now on').waitFor();
	const { high: saved } = (await doc()).paging;
	assert.equal(saved.length, 2);
	assert.equal(saved[1].contact, first);
	assert.equal(saved[1].after, '3m');
	await page.getByRole('button', { name: 'Remove step 1, high' }).click();
	await page.getByRole('button', { name: 'As it was' }).click();
	await page.getByLabel('Contact of step 2, high').waitFor();
	clean(page);
});

test('what somebody else changed meanwhile stays', async () => {
	await page.getByLabel('Time zone of your messages').fill('Europe/Vienna');
	const now = await doc();
	assert.equal((await t.call('PUT', '/api/v1/users/ada', { ...now, description: 'by the owner' })).status, 200);
	await page.getByRole('button', { name: 'Save my profile' }).click();
	await until('it is saved', async () => (await doc()).zone === 'Europe/Vienna');
	assert.equal((await doc()).description, 'by the owner');
	page.allowed.push(/422/);
	await page.getByLabel('Time zone of your messages').fill('Europe/Vien');
	await page.getByRole('button', { name: 'Save my profile' }).click();
	await page.getByRole('region', { name: 'Profile' }).getByRole('alert').waitFor();
	await page.getByRole('region', { name: 'Profile' }).getByRole('button', { name: 'As it was' }).click();
});

test('a contact that is removed leaves no step behind; all are tested at once', async () => {
	await page.getByRole('button', { name: 'Test all now' }).click();
	await page.locator('.contacts > li', { hasText: 'hook' }).getByText('✓ sent').waitFor();
	await page.locator('.contacts > li', { hasText: 'mail' }).getByText(/failed: no mail server/).waitFor();
	await page.getByRole('button', { name: 'Remove mail' }).click();
	await until('it is gone', async () => !('mail' in (await doc()).contacts));
	assert.deepEqual((await doc()).paging.high.map((s) => s.contact), ['hook']);
	clean(page);
});

test('ready for on call counts what is true; a calendar address is made here', async () => {
	const ready = page.getByRole('region', { name: 'Ready for on call' });
	await ready.getByText('2 of 5').waitFor(); // steps, zone
	await page.getByRole('button', { name: 'Calendar addresses…' }).click();
	await page.getByRole('button', { name: 'Make a calendar address' }).click();
	await page.getByText(/\/calendar\/\w+\.ics/).waitFor();
	await page.keyboard.press('Escape');
	await page.reload();
	await ready.getByText('3 of 5').waitFor();
	await page.setViewportSize(phone);
	assert.ok(await page.evaluate(() => document.querySelector('.split.even').children[1].getBoundingClientRect().left < 60), 'one column on a phone');
	clean(page);
});
