// SPDX-License-Identifier: Apache-2.0
// Notes: whom they tell stands there before they are sent, other words for own ones, and moments of earlier.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Mailbox, ORG } from '../api/lib.mjs';
import { Browser, Tocsin, accessible, clean, phone, until } from './lib.mjs';

let t, b, page, id, box, field, telling;

before(async () => {
	box = await Mailbox.start();
	t = await Tocsin.start(ORG, { args: ['--smtp', box.url, '--mail-from', 'tocsin@house.example'] });
	b = await Browser.start();
	await t.signal({ dedup_key: 'notes', severity: 'critical', summary: 'Payments fail' });
	id = (await t.incident('notes')).id;
	const bo = t.must(['token', 'create', ...t.offline, '--user', 'bo', '--name', 'bo']).trim();
	await t.post(`/api/v1/incidents/${id}/note`, { note: 'of somebody else' }, { authorization: `Bearer ${bo}` });
	page = await b.signIn(t, 'ada', `/incidents/${id}`);
	field = page.getByRole('textbox', { name: 'A note for the timeline' });
	telling = page.locator('#telling');
	await field.waitFor();
});
after(async () => {
	await b?.stop();
	await t?.stop();
	await box?.stop();
});

const entry = (text) => page.locator('.entry', { has: page.locator('.said', { hasText: text }) });

test('an @id is completed by keys, and who will be told stands there before it is sent', async () => {
	await page.keyboard.press('m');
	await page.keyboard.type('look, @');
	const list = page.getByRole('listbox', { name: 'People' });
	await list.getByRole('option', { name: '@bo Bo' }).waitFor();
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('ArrowUp');
	assert.match(await list.locator('[aria-selected=true]').textContent(), /@bo/);
	assert.equal(await field.getAttribute('aria-activedescendant'), 'id-bo');
	await accessible(page, 'people that fit');
	await page.keyboard.press('Enter');
	assert.equal(await field.inputValue(), 'look, @bo ');
	await telling.getByText('Bo gets a notice. It wakes nobody.').waitFor();
	await page.keyboard.type('and @gu');
	await list.getByRole('option', { name: '@guest Guest' }).waitFor();
	await page.keyboard.press('Tab');
	await telling.getByText('Guest has no contact: no notice.').waitFor();
	await page.keyboard.type('@o');
	await list.waitFor();
	await page.keyboard.press('Escape');
	await list.waitFor({ state: 'detached' });
	await page.keyboard.type('x or @zed, me@ada');
	await telling.getByText('Nobody is called @ox, @zed.').waitFor();
	await accessible(page, 'whom a note tells');
	await page.keyboard.press('Enter');
	await entry('look, @bo and @guest @ox or @zed').waitFor();
	assert.deepEqual(await entry('look, @bo').locator('.said p b').allTextContents(), ['@bo', '@guest']);
	await box.mail('ada wrote to you');
	assert.equal((await telling.textContent()).trim(), '');
	clean(page);
});

test('whoever has typed a whole id sends by Enter', async () => {
	await field.fill('thanks @bo');
	await telling.getByText('Bo gets a notice').waitFor();
	await field.press('Enter');
	await entry('thanks @bo').waitFor();
	clean(page);
});

test('an own note gets other words; those before stay to be read', async () => {
	await entry('of somebody else').waitFor();
	assert.equal(await entry('of somebody else').getByRole('button', { name: /^Edit the note/ }).count(), 0);
	await field.fill('it is the disc');
	await field.press('Enter');
	await entry('it is the disc').getByRole('button', { name: /^Edit the note/ }).focus();
	await page.keyboard.press('Enter');
	const words = page.getByRole('textbox', { name: /^The note of/ });
	await until('the focus is in the words', () => words.evaluate((e) => e === document.activeElement));
	await words.fill('it is the disk, @bo');
	await page.getByText('An edit sends no notice.').waitFor();
	await accessible(page, 'a note being edited');
	await page.keyboard.press('Escape');
	await entry('it is the disc').getByRole('button', { name: /^Edit the note/ }).press('Enter');
	await words.fill('it is the disk');
	await page.keyboard.press('Enter');
	const now = entry('it is the disk');
	await now.waitFor();
	assert.equal(await page.getByText('it is the disc').count(), 0);
	await until('the focus is back', () => now.getByRole('button', { name: /^Edit the note/ }).evaluate((e) => e === document.activeElement));
	await now.getByRole('button', { name: 'edited' }).press('Enter');
	await now.getByRole('list', { name: 'What it said before' }).getByText('it is the disc').waitFor();
	await accessible(page, 'the former words');
	const said = page.locator('.entry', { hasText: 'changed the note of' });
	assert.match(await said.textContent(), /Ada changed the note of \d\d:\d\d:\d\d: it is the disk/);
	assert.equal(await said.getByRole('link').last().getAttribute('href'), `#${await now.getAttribute('id')}`);
	clean(page);
});

test('a note of something that happened earlier stands where it happened', async () => {
	await page.getByRole('button', { name: 'Earlier…' }).press('Enter');
	const moment = page.getByLabel('Happened at (clock of Europe/Berlin)');
	await until('the focus is in the moment', () => moment.evaluate((e) => e === document.activeElement));
	await field.fill('the first error of the log');
	await moment.fill('2099-01-01T10:00');
	await page.getByText('That is no moment of the past.').waitFor();
	await accessible(page, 'a moment that is to come');
	assert.ok(await page.getByRole('button', { name: 'Note', exact: true }).isDisabled());
	const before = Date.parse((await t.incident('notes')).opened_at) - 20 * 60_000;
	const wall = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Berlin', dateStyle: 'short', timeStyle: 'short' }).format(before).replace(' ', 'T');
	await moment.fill(wall);
	await field.press('Enter');
	await page.getByText(/^Written down at/).waitFor();
	const told = entry('the first error of the log');
	await told.getByText(/^written down \d/).waitFor();
	assert.equal(await page.locator('.entry').first().getAttribute('id'), await told.getAttribute('id'));
	const event = (await t.get(`/api/v1/incidents/${id}/timeline?limit=1`)).json.items[0];
	assert.equal(event.type, 'incident.recalled');
	assert.equal(Date.parse(event.data.happened_at), Math.floor(before / 60_000) * 60_000);
	assert.equal(await moment.count(), 0);
	clean(page);
});

test('on a phone the field, its people and its moment have room', async () => {
	await page.setViewportSize(phone);
	await page.getByRole('link', { name: 'Timeline' }).click();
	await field.fill('');
	await field.focus();
	await page.keyboard.type('@');
	await page.getByRole('option', { name: '@bo Bo' }).waitFor();
	await accessible(page, 'people that fit on a phone');
	await page.getByRole('option', { name: '@bo Bo' }).click();
	assert.equal(await field.inputValue(), '@bo ');
	assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
	clean(page);
});
