// SPDX-License-Identifier: Apache-2.0
// Who is on call: taking over, drawing an override with the mouse and with the keyboard, filling a gap.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ORG } from '../api/lib.mjs';
import { Browser, Tocsin, clean, until } from './lib.mjs';

let t, b, page;
const duty = async (schedule, at = '') => (await t.get(`/api/v1/schedules/${schedule}/oncall${at && `?at=${at}`}`)).json.users.map((u) => u.id);

before(async () => {
	t = await Tocsin.start(`${ORG.replace('schedules:\n', `schedules:
  gap: { name: Office hours, team: core, layers: [{ name: day, members: [bo], start: 2026-01-05 00:00, every: 1d, only: 'mon-fri 09:00-17:00' }] }
  empty: { name: Nobody yet, team: core, layers: [] }
`)}`);
	b = await Browser.start();
	page = await b.signIn(t, 'ada', '/oncall');
});
after(async () => {
	await b?.stop();
	await t?.stop();
});

test('a schedule with nobody stands out and can be covered at once, and that undone', async () => {
	const line = page.getByRole('row', { name: /Nobody yet/ });
	await line.getByText('NOBODY').first().waitFor();
	await line.getByRole('button', { name: 'Cover it' }).click();
	await page.getByRole('button', { name: '1 hour' }).click();
	await until('ada is on call', async () => (await duty('empty')).join() === 'ada');
	await line.getByText('Ada').waitFor();
	await page.getByText('on call now').first().waitFor();
	await page.getByRole('button', { name: /Undo/ }).click();
	await until('nobody again', async () => (await duty('empty')).length === 0);
	clean(page);
});

test('the search answers "whom do I call for web?"', async () => {
	await page.getByRole('searchbox', { name: /Filter by team/ }).fill('bo');
	await until('one or two rows', async () => (await page.locator('.oncall-table tbody tr').count()) <= 2);
	clean(page);
});

test('an override is drawn with the mouse', async () => {
	await page.goto(`${t.url}/schedules/core?at=2027-03-01`);
	const lane = page.getByRole('group', { name: 'Overrides' });
	await lane.waitFor();
	const box = await lane.boundingBox();
	const x = (day, hour) => box.x + (box.width * (day + hour / 24)) / 7;
	await page.mouse.move(x(2, 6), box.y + 20);
	await page.mouse.down();
	await page.mouse.move(x(2, 12), box.y + 22, { steps: 4 });
	await page.mouse.up();
	const form = page.getByRole('dialog', { name: 'New override' });
	await form.getByRole('radio', { name: /^Bo/ }).check();
	await form.getByText('After saving').waitFor();
	assert.match(await form.getByLabel('From').inputValue(), /^2027-03-03T0(5:30|6:00|6:30)$/);
	await form.getByLabel('From').fill('2027-03-03T06:00');
	await form.getByLabel('To', { exact: true }).fill('2027-03-03T12:00');
	await form.getByRole('button', { name: 'Save' }).click();
	await page.getByRole('button', { name: /^Bo: override, Wed,? 3 Mar/ }).waitFor();
	assert.deepEqual(await duty('core', '2027-03-03T05:00:00Z'), ['bo']);
	clean(page);
});

test('the same by keyboard, and its removal', async () => {
	await page.keyboard.press('n');
	const form = page.getByRole('dialog', { name: 'New override' });
	await form.getByRole('radio', { name: /^Bo/ }).check();
	await form.getByLabel('From').fill('2027-03-05T20:00');
	await form.getByLabel('To', { exact: true }).fill('2027-03-06T08:00');
	await form.locator('button.main:enabled').waitFor();
	await form.getByLabel('To', { exact: true }).press('Enter');
	const bar = page.getByRole('button', { name: /^Bo: override, Fri,? 5 Mar/ });
	await bar.focus();
	await page.keyboard.press('Enter');
	await page.getByRole('button', { name: 'Remove it' }).click();
	await until('it is gone', async () => (await bar.count()) === 0);
	clean(page);
});

test('a gap is drawn and filled from where it is shown', async () => {
	await page.goto(`${t.url}/schedules/gap?at=2027-03-01`);
	const gap = page.getByRole('button', { name: /NOBODY .*gap/ }).first();
	await gap.waitFor();
	const before = await page.getByRole('button', { name: /NOBODY .*gap/ }).count();
	await gap.click();
	await page.getByRole('dialog', { name: 'New override' }).getByRole('button', { name: 'Save' }).click();
	await until('one gap less', async () => (await page.getByRole('button', { name: /NOBODY .*gap/ }).count()) === before - 1);
	clean(page);
});

test('days of 23 and 25 hours are named, and are what the server says', async () => {
	await page.goto(`${t.url}/schedules/core?at=2027-03-22`);
	await page.getByText(/Sun,? 28 Mar \(23 h\)/).waitFor();
	await page.goto(`${t.url}/schedules/core?at=2027-10-25`);
	await page.getByText(/Sun,? 31 Oct \(25 h\)/).waitFor();
	clean(page);
});
