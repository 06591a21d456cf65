// SPDX-License-Identifier: Apache-2.0
// Insight as a person reads it: figures of what really happened, bars that name their incidents, by keyboard
// too; what may be taken away; what is not told.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Mailbox, ORG } from '../api/lib.mjs';
import { Browser, Tocsin, accessible, clean, until } from './lib.mjs';

let t, b, box, page, quick;

before(async () => {
	box = await Mailbox.start();
	t = await Tocsin.start(ORG.replace('catch_all: user/owner', 'catch_all: user/owner, bundle_after: 0'), { args: ['--smtp', box.url, '--mail-from', 'tocsin@house.example'] });
	for (let i = 0; i < 12; i++) {
		await t.signal({ dedup_key: `disk/db-${i}`, severity: 'critical', summary: `Disk ${i}` });
		const { id } = await t.incident(`disk/db-${i}`);
		await t.post(`/api/v1/incidents/${id}/acknowledge`, {});
		if (i < 3) await t.post(`/api/v1/incidents/${id}/resolve`, {});
	}
	for (let i = 0; i < 3; i++) {
		await t.signal({ dedup_key: `flap-${i}`, severity: 'error', summary: 'Flaps' });
		const { id } = await t.incident(`flap-${i}`);
		await until('it was paged', async () => (await t.get(`/api/v1/incidents/${id}/pages`)).json.items.some((p) => p.sent_at));
		await t.signal({ dedup_key: `flap-${i}`, action: 'resolve' });
	}
	await t.post('/api/v1/signals', '{"summary": 5', { authorization: 'Bearer native-key' });
	await until('nothing is under way', async () => (await t.get('/api/v1/pages?limit=500')).json.items.every((p) => !['queued', 'sending'].includes(p.state)));
	// All twelve, unless the machine was busy for seconds.
	quick = (await t.get('/api/v1/reports/response')).json.ack.buckets[0];
	assert.ok(quick.n > 0);
	b = await Browser.start();
	page = await b.signIn(t, 'owner', '/insight/response');
});
after(async () => {
	await b?.stop();
	await t?.stop();
	await box?.stop();
});

test('response: twelve answered are a distribution, three that ended are dots', async () => {
	const had = page.locator('.panel', { hasText: 'Until a person had it' });
	await had.getByText('half under').waitFor();
	assert.match(await had.locator('.figure', { hasText: /^n\d/ }).textContent(), /^n12/);
	const over = page.locator('.panel', { hasText: 'Until it was over' });
	await over.getByText('n = 6').waitFor();
	assert.equal(await over.locator('circle').count(), 6);
	await page.getByText('Left out: 0 drills and tests').waitFor();
	await had.getByText('As a table').click();
	await had.getByRole('row', { name: new RegExp(`under 3 s ${quick.n}`) }).waitFor();
	clean(page);
});

test('a bar names its incidents, by keyboard alone, and is an address', async () => {
	const [newest] = quick.newest, bar = page.getByRole('button', { name: `under 3 s: ${quick.n} incidents` });
	await bar.focus();
	await page.keyboard.press('Enter');
	await page.getByRole('region', { name: 'Incidents of under 3 s' }).waitFor();
	assert.match(page.url(), /\?ack=0$/);
	await page.reload();
	await page.getByRole('link', { name: new RegExp(`Disk ${newest.id - 1}\\b`) }).click();
	await page.waitForURL(new RegExp(`/incidents/${newest.id}$`));
	await page.goBack();
	await bar.focus();
	await page.keyboard.press(' ');
	await page.getByRole('region', { name: 'Incidents of under 3 s' }).waitFor({ state: 'detached' });
	await page.getByRole('button', { name: 'By team' }).click();
	await page.getByRole('row', { name: /Core 15 12/ }).waitFor();
	await accessible(page, 'response times');
	clean(page);
});

test('what it stands on can be taken away as CSV', async () => {
	const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'CSV' }).click()]);
	assert.equal(file.suggestedFilename(), 'response.csv');
	clean(page);
});

test('noise says what to do, and leads to the incidents', async () => {
	await page.getByRole('link', { name: 'Noise' }).click();
	await page.getByRole('row', { name: /flap-\*.*for the record only/ }).waitFor();
	await page.getByRole('link', { name: 'flap-*' }).click();
	await until('three on the board', async () => (await page.locator('.row', { hasText: 'Flaps' }).count()) === 3);
	clean(page);
});

test('load: numbers in the cells; nights are not told to colleagues', async () => {
	await page.goto(`${t.url}/insight/load?show=pages`);
	const owned = page.getByRole('row', { name: /^Ada/ });
	await owned.waitFor();
	const whole = (await t.get('/api/v1/reports/load')).json;
	assert.equal(await owned.locator('.sum').first().textContent(), String(whole.people.find((p) => p.user === 'ada').pages));
	await page.getByRole('button', { name: 'Broken nights' }).click();
	assert.equal(await page.locator('.untold').count(), 0);
	const bo = await b.signIn(t, 'bo', '/insight/load?show=woke');
	await bo.getByRole('row', { name: /^Ada.*not told/ }).waitFor();
	await accessible(bo, 'load, not all told');
	clean(bo);
	await bo.close();
	page = await b.signIn(t, 'owner', '/insight/rejected');
});

test('refused signals, and the audit log with its chain', async () => {
	await page.getByRole('cell', { name: '400' }).waitFor();
	await page.getByRole('link', { name: 'Audit' }).click();
	await page.getByRole('button', { name: 'Verify the chain' }).click();
	await page.getByText('✓ whole').waitFor();
	await page.getByRole('combobox', { name: 'About' }).selectOption('token.');
	await until('tokens alone', async () => (await page.locator('tbody tr').count()) >= 1 && (await page.locator('tbody tr', { hasNotText: /token/i }).count()) === 0);
	clean(page);
});

/** The text of the page as it is printed, as a reader of it would copy it out; A4, as wide as paper. */
async function printed(path, ready) {
	await page.goto(t.url + path);
	await page.locator(ready).first().waitFor();
	await page.evaluate(() => document.fonts.ready);
	const file = join(t.dir, 'page.pdf');
	await page.pdf({ path: file, format: 'A4', margin: { top: '1cm', bottom: '1cm', left: '1cm', right: '1cm' } });
	const r = spawnSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
	assert.equal(r.status, 0, r.stderr);
	return r.stdout;
}

/** Words that are on the screen must be on paper: none is cut off at its edge. */
async function uncut(text, selector) {
	const words = (await page.locator(selector).allInnerTexts()).flatMap((x) => x.split(/\s+/)).filter((w) => /^[\w.%-]{2,}$/.test(w));
	assert.ok(words.length > 5, 'there is something to be read');
	assert.deepEqual([...new Set(words)].filter((w) => !text.includes(w)), [], 'missing on paper');
}

test('on paper: heading, figures and tables of the reports as text, nothing cut and nothing to press', async () => {
	const response = await printed('/insight/response?by=team', '.figure');
	assert.match(response, /Insight/);
	assert.match(response, /Until a person had it/);
	await uncut(response, '.figure, main tbody');
	const noise = await printed('/insight/noise', 'td');
	assert.match(noise, /flap-\*/);
	await uncut(noise, 'main tbody');
	const load = await printed('/insight/load', '.heat');
	await uncut(load, '.heat');
	assert.match(load, /Ada/);
	for (const text of [response, noise, load]) assert.doesNotMatch(text, /Find or do|Ctrl K/, 'no rail');
	clean(page);
});
