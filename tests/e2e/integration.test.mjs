// SPDX-License-Identifier: Apache-2.0
// The page of an integration: whether it hears anything, what came and how it was understood, what was dropped and
// why, where a test signal would go without anything being sent, and snippets that can be copied on plain HTTP.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Browser, Tocsin, accessible, clean, until } from './lib.mjs';
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
	await row('Prometheus').getByText('an array of alerts was expected').waitFor();
	assert.match(await row('By hand').textContent(), /just now|ago/);
	await accessible(page, 'integrations with their state');
	assert.equal((await alerts([{ labels: { alertname: 'DiskFull', instance: 'db-3', severity: 'critical' } }])).status, 200);
	await row('Prometheus').getByText('● just now').waitFor();
	clean(page);
});

test('the list asks once for all of them, also when something comes', async () => {
	const asked = [];
	page.on('request', (r) => { if (/\/api\/v1\/(heard|signals|integrations\/.*rejected|rejected)/.test(r.url())) asked.push(new URL(r.url()).pathname); });
	await page.reload();
	const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'Prometheus', exact: true }) });
	await row.getByText('● just now').waitFor();
	assert.deepEqual([...new Set(asked)], ['/api/v1/heard']);
	const before = Number((await row.locator('td').nth(1).textContent()).trim());
	assert.equal((await alerts([{ labels: { alertname: 'Second', severity: 'info' } }])).status, 200);
	await page.waitForFunction((n) => [...document.querySelectorAll('tr')].some((r) => r.textContent.includes('Prometheus') && Number(r.cells[2].textContent) === n), before + 1);
	assert.deepEqual([...new Set(asked)], ['/api/v1/heard']);
	clean(page);
});

test('what came, as it was sent and as it was understood, and what was dropped', async () => {
	await page.goto(t.url + '/config/integrations/prometheus');
	await region('Set up').getByText('● last signal').waitFor();
	const last = region('Last signals');
	await last.getByText('2 in the last hour').waitFor();
	const first = last.getByRole('listitem').filter({ hasText: 'opened an incident' });
	await first.getByRole('button', { name: 'What it said' }).press('Enter');
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
	const kept = async () => (await Promise.all(['signals', 'incidents'].map((x) => t.get(`/api/v1/${x}?limit=1`)))).map((a) => a.json.items[0]?.id);
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
	await until('the last signal is there', async () => /Card checkout 5xx/.test(await box.getByLabel('The test signal as JSON').inputValue()));
	assert.deepEqual(await kept(), before, 'nothing was kept: nobody can have been paged');
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

test('what to paste for each sender, and whether it works: it waits for the signal', async () => {
	await page.goto(t.url + '/config/integrations/prometheus');
	const box = region('Set up');
	for (const [name, words] of [['Prometheus', /path_prefix: \/in\/KEY\n/], ['Alertmanager', /webhook_configs:\n +- url: http:\/\/[^\n]*\/in\/KEY\n/],
		['Grafana', /type: prometheus-alertmanager\n +settings:\n +url: http/], ['VictoriaMetrics', /-notifier\.url=/], ['By hand', /amtool/]]) {
		await box.getByRole('button', { name, exact: true }).press('Enter');
		await box.locator('pre').filter({ hasText: words }).waitFor();
	}
	await box.getByRole('button', { name: 'Wait for a signal' }).press('Enter');
	await box.getByText('waiting: send something now').waitFor();
	await accessible(page, 'waiting for a signal');
	assert.equal((await alerts([{ labels: { alertname: 'Third', severity: 'info' } }])).status, 200);
	await box.getByText('✓ it came').waitFor();
	await box.getByRole('button', { name: 'Wait for another' }).click();
	await box.getByText('waiting: send something now').waitFor();
	assert.equal((await alerts({ no: 'list' })).status, 400);
	await box.getByText('! it came and was refused: 400').waitFor();
	clean(page);
});

test('whoever was silent for long: how far back was looked, and a look further', async () => {
	assert.equal((await alerts([{ labels: { alertname: 'Last', severity: 'info' } }])).status, 200);
	await t.noise(50_000, 'demo-key');
	await page.goto(t.url + '/config/integrations/prometheus');
	const last = region('Last signals');
	await last.getByText(/^None since .* What is older was not looked at\.$/).waitFor();
	await region('Set up').getByText('● last signal').waitFor();
	await accessible(page, 'an integration that was silent for long');
	await last.getByRole('button', { name: 'Look further back' }).press('Enter');
	await last.getByRole('listitem').filter({ hasText: 'opened an incident' }).waitFor();
	assert.equal(await last.getByText('was not looked at').count(), 0, 'nothing is older');
	const found = await last.getByRole('listitem').count();
	assert.equal((await alerts([{ labels: { alertname: 'Anew', severity: 'info' } }])).status, 200);
	await until('it stands before what was found', async () => (await last.getByRole('listitem').count()) === found + 1);
	clean(page);
});

test('a new key: shown once, both valid, the old one ended by hand', async () => {
	await page.goto(t.url + '/config/integrations/prometheus');
	const box = region('Key');
	await box.getByRole('button', { name: 'Replace the key…' }).press('Enter');
	const ask = page.getByRole('dialog', { name: 'A new key for Prometheus' });
	await ask.getByLabel('How long the old key stays valid').selectOption('1w');
	await accessible(page, 'asking for a new key');
	await ask.getByRole('button', { name: 'Make a new key' }).press('Enter');
	await box.getByText('The new key, shown only now').waitFor();
	const key = (await box.locator('code').textContent()).trim();
	await region('Set up').locator('pre', { hasText: `path_prefix: /in/${key}` }).waitFor();
	await box.getByText('no sender has used it since').waitFor();
	const send = (k) => fetch(`${t.url}/in/${k}/api/v2/alerts`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify([{ labels: { alertname: 'Keyed', severity: 'info' } }]) });
	assert.equal((await send(key)).status, 200);
	assert.equal((await send('demo-prometheus-key')).status, 200);
	await box.getByText('a sender last used it just now').waitFor();
	await accessible(page, 'an old key');
	await page.reload();
	await box.getByText('The old key is valid until').waitFor();
	assert.ok(!(await page.content()).includes(key), 'shown once');
	await box.getByRole('button', { name: 'End the old key now' }).press('Enter');
	await box.getByRole('button', { name: 'Replace the key…' }).waitFor();
	assert.equal((await send('demo-prometheus-key')).status, 404);
	assert.equal((await send(key)).status, 200);
	clean(page);
});
