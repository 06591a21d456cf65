// SPDX-License-Identifier: Apache-2.0
// Scenarios run in place: what holds as a picture and as a table, what does not at its line.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ORG } from '../api/lib.mjs';
import { Browser, Tocsin, accessible, clean, phone, until } from './lib.mjs';

let t, b, page;
const text = () => page.getByRole('textbox', { name: 'The scenario' });
/** By a press or by keys; what is shown then is of this run and not of the one before. */
const run = async (how) => {
	await page.locator('button.main:enabled', { hasText: 'Run' }).waitFor();
	await Promise.all([page.waitForResponse((r) => r.url().endsWith('/scenarios/run')), how()]);
	await page.locator('button.main:enabled', { hasText: 'Run' }).waitFor();
};
const happened = () => page.getByRole('region', { name: 'What happened' });

before(async () => {
	t = await Tocsin.start(ORG);
	b = await Browser.start();
	page = await b.signIn(t, 'owner', '/config');
});
after(async () => {
	await b?.stop();
	await t?.stop();
});

test('every example that needs nothing of one’s own holds', async () => {
	await page.getByRole('link', { name: /Scenarios/ }).click();
	for (const name of ['The next step, then somebody answers', 'Nobody answers']) {
		await page.getByLabel('Begin with an example').selectOption(name);
		await run(() => page.getByRole('button', { name: /^Run/ }).click());
		await page.getByText('It holds.').waitFor();
	}
	clean(page);
});

test('on the configuration in force, by keyboard, as a picture and as a table', async () => {
	await text().fill('use present\nat 2026-03-02 10:00\nsignal native disk critical\nexpect page ada mail disk\nadvance 5m\nexpect page bo mail disk\nbo acks disk\nadvance 10m\nrecover native disk\n');
	await run(() => text().press('Control+Enter'));
	await page.getByText('It holds.').waitFor();
	await happened().getByText('+15 min').waitFor();
	assert.equal(await happened().locator('.sent').count(), 2);
	assert.deepEqual(await happened().locator('.mark').allTextContents(), ['▲', '◆', '✓']);
	await accessible(page, 'a scenario that holds');
	await happened().getByRole('button', { name: 'View as table' }).click();
	assert.match(await happened().textContent(), /disk.*acknowledged/s);
	await page.setViewportSize(phone);
	assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 390));
	await accessible(page, 'a scenario on a phone', ['dark']);
	await page.setViewportSize({ width: 1280, height: 800 });
	clean(page);
});

test('what does not hold is shown at its line, which is gone to; a reload loses nothing', async () => {
	await text().fill((await text().inputValue()).replace('expect page bo', 'expect page owner'));
	await run(() => text().press('Control+Enter'));
	await page.getByText('It does not hold.').waitFor();
	assert.equal(await page.locator('.gutter .bad').textContent(), '6');
	await page.getByRole('button', { name: 'line 6' }).click();
	assert.equal(await text().evaluate((e) => e.value.slice(e.selectionStart, e.selectionEnd)), 'expect page owner mail disk');
	await happened().getByRole('button', { name: 'View as picture' }).click();
	await happened().getByText('mail, unexpected').waitFor();
	await page.reload();
	await until('the text is there', async () => /expect page owner/.test(await text().inputValue()));
	clean(page);
});
