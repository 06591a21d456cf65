// SPDX-License-Identifier: Apache-2.0
// Rules tried while they are written: what changes on real signals, why, on a pasted one, kept as a case.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Browser, Tocsin, accessible, clean, until } from './lib.mjs';
import { story } from './story.mjs';

let t, b, page;
before(async () => {
	t = await story(Tocsin, readFileSync('examples/demo/org.yaml', 'utf8'));
	b = await Browser.start();
	page = await b.signIn(t, 'owner', '/config/rulesets/main/edit');
	page.allowed = [/422/];
});
after(async () => {
	await b?.stop();
	await t?.stop();
});
const panel = () => page.getByRole('region', { name: 'Try it' });

test('a draft is tried on the signals of the record, live', async () => {
	await panel().getByText('would go another way').waitFor();
	assert.match(await panel().textContent(), /0 of \d+ would go another way/);
	await page.locator('.f-rule').first().getByLabel('Value', { exact: true }).fill('cash-desk');
	await panel().getByText(/[1-9]\d* of \d+ would go another way/).waitFor();
	const line = panel().locator('.tried > li', { hasText: 'Card checkout 5xx' }).first();
	assert.match(await line.textContent(), /now Checkout.*then Website/s);
	await panel().locator('.hits tr', { hasText: 'checkout-alerts' }).getByText('never').waitFor();
	assert.equal((await t.get('/api/v1/rulesets/main')).json.document.rules[0].when[0], 'labels.app="checkout"', 'nothing is saved');
});

test('beside each rule: how often it was taken in 7 days', async () => {
	await page.locator('.f-rule').first().locator('.f-hits').getByText(/^[1-9]\d* in 7 days, last (just now|.* ago)$/).waitFor();
	await panel().locator('.hits tr', { hasText: 'checkout-alerts' }).getByText(/[1-9]\d* in 7 days/).waitFor();
	const hits = (await t.get('/api/v1/rules/hits?set=main')).json.items;
	const texts = await page.locator('.f-rule .f-hits').allTextContents();
	assert.equal(texts.length, hits.length);
	texts.forEach((text, i) => assert.match(text, hits[i].week ? new RegExp(`^${hits[i].week} in 7 days`) : /^○ never in 7 days$/));
});

test('why: the conditions with what they saw', async () => {
	const line = panel().locator('.tried > li', { hasText: 'Card checkout 5xx' }).first();
	await line.getByRole('button', { name: 'Why' }).click();
	await line.locator('.why').waitFor();
	assert.match(await line.locator('.why').textContent(), /1 checkout-alerts.*labels\.app = “cash-desk”.*saw “checkout”.*2 staging-is-quiet/s);
	await accessible(page, 'rules being tried');
	clean(page);
});

test('on a signal of mine, which shows its own trace', async () => {
	await panel().getByLabel('On what').selectOption('given');
	await panel().getByLabel('The signal as JSON').fill('{"summary":"till","severity":"critical","labels":{"app":"cash-desk","env":"test"}}');
	await panel().getByText(/by checkout-alerts, staging-is-quiet/).waitFor();
	await panel().getByLabel('The signal as JSON').fill('{"summary"');
	await panel().locator('.f-fault').waitFor();
	clean(page);
});

test('a signal is kept as a case, which is saved with the rules and then guards them', async () => {
	await page.locator('.f-rule').first().getByLabel('Value', { exact: true }).fill('checkout');
	await panel().getByLabel('On what').selectOption('200');
	await panel().getByLabel('show those too that stay').check();
	const line = panel().locator('.tried > li', { hasText: 'Card checkout 5xx' }).first();
	await line.getByRole('button', { name: 'Keep this as a case' }).click();
	await panel().getByText('✓ 1').waitFor();
	await page.locator('.f-rule').first().getByLabel('Value of service').fill('website');
	await panel().getByText('✗ 1').waitFor();
	await panel().getByText('service: expected “checkout”, but it is').waitFor();
	await page.locator('.f-rule').first().getByLabel('Value of service').fill('checkout');
	await panel().getByText('✓ 1').waitFor();
	await page.getByRole('button', { name: 'Check what changes' }).click();
	await page.getByText('the server accepts it').waitFor();
	await page.getByRole('button', { name: 'Save' }).click();
	await page.waitForURL(/\/config\/rulesets\/main$/);
	const [kept] = (await t.get('/api/v1/rulesets/main')).json.document.cases;
	assert.deepEqual(kept.expect, { service: 'checkout', urgency: 'high' });
	assert.equal(kept.signal.service, undefined, 'as it came, before rules');
	assert.equal(kept.signal.labels.app, 'checkout');
	assert.match(t.cli(['rules', 'test', '--last', '0']).out, /1 passed, 0 failed/);
	clean(page);
});

test('a draft under which a case fails is saved only with a tick', async () => {
	await page.goto(t.url + '/config/rulesets/main/edit');
	const save = page.getByRole('button', { name: 'Save' });
	const tick = page.getByLabel('save although a case fails');
	const check = () => page.getByRole('button', { name: 'Check what changes' }).click();
	await page.locator('.f-rule').first().getByLabel('Value of service').fill('website');
	await check();
	await page.getByRole('alert').filter({ hasText: 'Card checkout 5xx' }).waitFor();
	assert.ok(await save.isDisabled());
	await accessible(page, 'a draft under which a case fails');
	await page.keyboard.press('Control+Enter');
	await tick.check();
	assert.ok(await save.isEnabled());
	await page.locator('.f-rule').first().getByLabel('Value of service').fill('cluster');
	await check();
	await tick.waitFor();
	assert.equal(await tick.isChecked(), false, 'the tick was for another draft');
	assert.equal((await t.get('/api/v1/rulesets/main')).json.document.rules[0].set.service, 'checkout', 'nothing is saved');
	await tick.press('Space');
	await save.click();
	await page.waitForURL(/\/config\/rulesets\/main$/);
	assert.equal((await t.get('/api/v1/rulesets/main')).json.document.rules[0].set.service, 'cluster');
	clean(page);
});

test('how often a rule was taken is never that of another set: not of an answer that is late, not of the one before', async () => {
	const own = await b.context.newPage();
	const asked = new Map();
	const answer = (r, set, week) => r.fulfill({ json: { items: [{ set, rule: 'first', signals: week, day: 0, week }] } });
	await own.route('**/rules/hits?set=*', (r) => {
		const set = new URL(r.request().url()).searchParams.get('set');
		asked.set(set, r);
		if (set === 'quick') void answer(r, set, 7);
	});
	await own.goto(t.url + '/config/rulesets/new');
	// The set is one of which the id is being written: the panel stays, what it shows is another's.
	const id = own.locator('[id="/id"]');
	const taken = own.getByRole('region', { name: 'Try it' }).locator('.hits tr', { hasText: 'first' }).locator('td').first();
	await own.locator('[id="/team"]').selectOption('platform');
	await id.fill('slow');
	await until('slow is asked', () => asked.has('slow'));
	await id.fill('quick');
	await taken.getByText('7 in 7 days').waitFor();
	const late = own.waitForResponse(/set=slow/);
	await answer(asked.get('slow'), 'slow', 99);
	await (await late).finished();
	await own.evaluate(() => new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r))));
	assert.equal(await taken.textContent(), '7 in 7 days');
	await id.fill('third');
	await until('third is asked', () => asked.has('third'));
	await taken.waitFor();
	assert.equal(await taken.textContent(), '', 'nothing is known of it yet');
	await answer(asked.get('third'), 'third', 3);
	await taken.getByText('3 in 7 days').waitFor();
	own.once('dialog', (d) => d.accept());
	await own.close();
});
