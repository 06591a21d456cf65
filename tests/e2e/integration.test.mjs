// SPDX-License-Identifier: Apache-2.0
// The page of an integration: whether it hears anything, what came and how it was understood, what was dropped and
// why, where a test signal would go without anything being sent, and snippets that can be copied on plain HTTP.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Browser, Tocsin, accessible, clean } from './lib.mjs';
import { story } from './story.mjs';

let t, b, page;
const region = (name) => page.getByRole('region', { name, exact: true });
const alerts = (body) => fetch(`${t.url}/in/demo-prometheus-key/api/v2/alerts`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

before(async () => {
	t = await story(Tocsin, readFileSync('examples/demo/org.yaml', 'utf8'));
	b = await Browser.start();
	page = await b.signIn(t, 'owner', '/config/integrations');
});
after(async () => {
	await b?.stop();
	await t?.stop();
});

test('the list says which integrations hear something', async () => {
	const row = (name) => page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
	await row('By hand').getByText(/● (just now|.* ago)/).waitFor();
	await row('Prometheus').getByText('○ none yet').waitFor();
	assert.equal((await alerts({ not: 'a list' })).status, 400);
	await page.reload();
	await row('Prometheus').getByText(/! refused/).waitFor();
	await accessible(page, 'integrations with their state');
	assert.equal((await alerts([{ labels: { alertname: 'DiskFull', instance: 'db-3', severity: 'critical' } }])).status, 200);
	await row('Prometheus').getByText('● just now').waitFor();
	clean(page);
});

test('what came, as it was sent and as it was understood, and what was dropped', async () => {
	await page.goto(t.url + '/config/integrations/prometheus');
	await region('Set up').getByText('● last signal').waitFor();
	const last = region('Last signals');
	await last.getByText('1 in the last hour').waitFor();
	await last.getByText('opened an incident').waitFor();
	await last.getByRole('button', { name: 'What it said' }).press('Enter');
	assert.match(await last.locator('pre').textContent(), /"severity": "critical"/);
	await last.getByRole('button', { name: 'Raw' }).click();
	await last.locator('pre', { hasText: '"alertname": "DiskFull"' }).waitFor();
	assert.doesNotMatch(await last.locator('pre').textContent(), /dedup_key/);
	await region('Rejected').locator('li', { hasText: '400' }).getByText('{"not":"a list"}').waitFor();
	await accessible(page, 'what came by an integration');
	clean(page);
});

test('a test signal shows its way and whom it would page, and nothing is kept', async () => {
	await page.goto(t.url + '/config/integrations/demo');
	const kept = async () => (await Promise.all(['signals', 'pages', 'incidents'].map((x) => t.get(`/api/v1/${x}?limit=1`)))).map((a) => a.json.items[0]?.id);
	const before = await kept();
	const box = region('Test signal');
	await box.getByLabel('The test signal as JSON').fill('{"severity":"critical","summary":"try","labels":{"app":"checkout"}}');
	await box.getByRole('button', { name: 'Show its way' }).click();
	await box.getByText('Step 1', { exact: true }).waitFor();
	assert.match(await box.locator('.why').textContent(), /checkout-alerts.*saw “checkout”.*goes to Checkout/s);
	assert.match(await box.locator('.sim').textContent(), /Step 1.*nobody is left to page/s);
	await accessible(page, 'the way of a test signal');
	await box.getByLabel('The test signal as JSON').fill('{"severity":"no such"}');
	assert.equal(await box.locator('.why').count(), 0, 'an old answer does not stand beside a new question');
	page.allowed.push(/422/);
	await box.getByRole('button', { name: 'Show its way' }).click();
	await box.getByRole('alert').waitFor();
	await box.getByRole('button', { name: 'Take the last signal' }).click();
	assert.match(await box.getByLabel('The test signal as JSON').inputValue(), /Card checkout 5xx/);
	assert.deepEqual(await kept(), before, 'nothing was kept, nobody was paged');
	clean(page);
});

test('a snippet is copied where there is no clipboard', async () => {
	await page.addInitScript(() => {
		Object.defineProperty(navigator, 'clipboard', { value: undefined });
		document.addEventListener('copy', () => { window.copied = document.activeElement.value; });
	});
	await page.goto(t.url + '/config/integrations/demo');
	await region('Set up').getByRole('button', { name: 'Copy' }).first().click();
	await region('Set up').getByText('Copied').waitFor();
	assert.match(await page.evaluate(() => window.copied), /^curl .*Bearer KEY/);
	assert.equal(await page.evaluate(() => document.activeElement.tagName), 'BUTTON', 'the focus is where it was');
	clean(page);
});
