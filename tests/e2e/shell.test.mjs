// SPDX-License-Identifier: Apache-2.0
// What stays while pages change: the tab's title and icon, my next duty, verbs in the palette, keys that can be turned
// off, and a new version that waits for the reader.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ORG } from '../api/lib.mjs';
import { Browser, Tocsin, accessible, clean, until } from './lib.mjs';

let t, b, page, assets;
const soon = new Date(Date.now() + 3 * 864e5).toISOString().slice(0, 10);
before(async () => {
	assets = mkdtempSync(join(tmpdir(), 'tocsin-assets-'));
	cpSync('web/dist', assets, { recursive: true });
	t = await Tocsin.start(ORG.replace('policies:', `  later: { name: Later, team: core, layers: [{ name: week, members: [owner], start: ${soon} 09:00, every: 1w }] }\npolicies:`),
		{ args: ['--assets', assets] });
	b = await Browser.start();
	page = await b.signIn(t, 'owner', '/incidents');
});
after(async () => {
	await b?.stop();
	await t?.stop();
	if (assets) rmSync(assets, { recursive: true, force: true });
});

const icon = () => page.locator('link[rel=icon]').getAttribute('href');
const command = async (text) => {
	await page.keyboard.press('Control+k');
	await page.getByRole('combobox', { name: 'Find or do' }).fill(text);
};

test('the rail says when I am on call next', async () => {
	await page.locator('.you', { hasText: /next .*09:00/ }).waitFor();
});

test('the tab counts what nobody has taken', async () => {
	assert.equal(await page.title(), 'Incidents · Tocsin');
	assert.equal(await icon(), '/icon.svg');
	await t.signal({ dedup_key: 'one', severity: 'critical', summary: 'One is down' });
	await until('the title counts', async () => (await page.title()) === '(1) Incidents · Tocsin');
	await until('the icon counts', async () => /^data:image\/svg\+xml/.test(await icon()));
});

test('verbs of the palette: snooze, take', async () => {
	await command('snooze 1 2h');
	await page.getByRole('option', { name: /snooze #1 for 2h/ }).waitFor();
	await page.keyboard.press('Enter');
	const snoozed = await until('it is snoozed', async () => (await t.get('/api/v1/incidents/1')).json.snoozed_until);
	assert.ok(Math.abs(Date.parse(snoozed) - Date.now() - 2 * 36e5) < 10 * 60_000);
	await until('nothing is counted', async () => (await page.title()) === 'Incidents · Tocsin' && (await icon()).endsWith('/icon.svg'));
	await command('take core 2h');
	await page.getByRole('option', { name: /take core for 2h/ }).waitFor();
	await page.keyboard.press('Enter');
	await until('it is mine', async () => (await t.get('/api/v1/oncall')).json.items.find((d) => d.schedule === 'core').users[0]?.id === 'owner');
	await page.locator('.you', { hasText: 'on call until' }).waitFor();
	await command('take nothing 2h');
	await page.getByText('Nothing of that name').waitFor();
	await page.keyboard.press('Escape');
});

test('on another page the heading has the focus, and single keys can be turned off', async () => {
	await page.keyboard.press('g');
	await page.keyboard.press('m');
	await page.getByRole('heading', { level: 1, name: 'Owner' }).waitFor();
	await until('the heading is focused', () => page.evaluate(() => document.activeElement?.tagName === 'H1'));
	assert.equal(await page.title(), 'Me · Tocsin');
	await page.getByLabel(/Single keys/).uncheck();
	await page.getByRole('heading', { level: 1 }).click();
	await page.keyboard.press('g');
	await page.keyboard.press('i');
	await command('ana'); // Ctrl-K works still
	await page.keyboard.press('Escape');
	assert.match(page.url(), /\/me$/);
	await page.getByLabel(/Single keys/).check();
});

test('a new version is said, and not while a form is being filled in', async () => {
	const index = join(assets, 'index.html');
	const html = readFileSync(index, 'utf8');
	const main = /assets\/(main-[^"]+\.js)/.exec(html)[1];
	cpSync(join(assets, 'assets', main), join(assets, 'assets', 'main-LATER.js'));
	writeFileSync(index, html.replace(main, 'main-LATER.js'));
	page.allowed.push(/ERR_|Failed to load|503/);
	await page.getByRole('region', { name: 'Profile' }).getByLabel('Name').fill('Owner of it all');
	await page.evaluate(() => {
		window.stays = true;
		window.newsSeen = 0;
		new MutationObserver(() => { window.newsSeen += document.querySelectorAll('.news').length; }).observe(document.body, { subtree: true, childList: true });
	});
	await t.kill();
	await page.locator('.line.lost').waitFor();
	const asked = page.waitForResponse((r) => r.url().endsWith('/incidents') && r.ok());
	await t.up();
	await page.locator('.line.live').waitFor();
	await asked;
	assert.equal(await page.evaluate(() => window.newsSeen), 0, 'not over what is being written, not for one frame');
	await page.getByRole('button', { name: 'Save my profile' }).click();
	await page.locator('.news').waitFor();
	await accessible(page, 'the news');
	await page.getByRole('button', { name: 'Reload when ready' }).click();
	await until('it is another page', () => page.evaluate(() => !window.stays && !!document.querySelector('script[src*="main-LATER"]')));
	await page.getByRole('heading', { level: 1, name: 'Owner of it all' }).waitFor();
	clean(page);
});
