// SPDX-License-Identifier: Apache-2.0
// A browser that was left open: the server asks once more who it is, and what was begun is then done.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { ORG, folder, steppedClock } from '../api/lib.mjs';
import { Browser, Tocsin, accessible, clean, phone, until } from './lib.mjs';

const PASSWORD = 'a long enough one';
const dir = folder(), { set, ...clock } = steppedClock(dir);
let t, b, page;
const dialog = () => page.getByRole('dialog', { name: 'Is it you?' });
const tokens = async () => (await t.get('/api/v1/tokens')).json.items.filter((x) => x.user === 'ada').map((x) => x.name);
const make = async (name) => {
	await page.getByLabel('What the token is for').fill(name);
	await page.getByRole('button', { name: 'Make a token' }).click();
};

before(async () => {
	t = await Tocsin.start(ORG, clock);
	t.must(['user', 'password', ...t.offline, 'ada'], { input: `${PASSWORD}\n` });
	b = await Browser.start();
	page = await b.signIn(t, 'ada', '/me');
	page.allowed.push(/status of 403/); // which the browser reports by itself
});
after(async () => {
	await b?.stop();
	await t?.stop();
	rmSync(dir, { recursive: true });
});

test('within ten minutes of the sign-in nobody asks', async () => {
	await make('at once');
	await page.getByText('Shown only now').waitFor();
	assert.equal(await dialog().count(), 0);
	assert.deepEqual(await tokens(), ['at once']);
});

test('later it is asked; who goes away has done nothing', async () => {
	set(700);
	await make('a thief');
	await dialog().waitFor();
	await accessible(page, 'asked once more');
	await page.setViewportSize(phone);
	await accessible(page, 'asked once more on a phone', ['light']);
	await page.setViewportSize({ width: 1280, height: 800 });
	await page.keyboard.press('Escape');
	await until('it is closed', async () => (await dialog().count()) === 0);
	assert.deepEqual(await tokens(), ['at once']);
	assert.equal(await page.getByLabel('What the token is for').inputValue(), 'a thief', 'what was written stays');
});

test('a wrong password is said there; the right one does what was begun, by keys alone', async () => {
	await make('late');
	await dialog().waitFor();
	await until('the field has the focus', () => dialog().getByLabel('Your password', { exact: true }).evaluate((e) => e === document.activeElement));
	await page.keyboard.type('not the one');
	await page.keyboard.press('Enter');
	await dialog().getByRole('alert').waitFor();
	await dialog().getByLabel('Your password', { exact: true }).fill(PASSWORD);
	await page.keyboard.press('Enter');
	await until('it is closed', async () => (await dialog().count()) === 0);
	await until('the token is there', async () => (await tokens()).includes('late'));
	await make('and another');
	await until('not asked again', async () => (await tokens()).includes('and another'));
	clean(page);
});
