// SPDX-License-Identifier: Apache-2.0
// The server goes and comes back; many tabs share one stream.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ORG } from '../api/lib.mjs';
import { Browser, Tocsin, until } from './lib.mjs';

let t, b;
before(async () => {
	t = await Tocsin.start(ORG);
	b = await Browser.start();
});
after(async () => {
	await b?.stop();
	await t?.stop();
});

test('an acknowledgement during an outage is kept, never shown as done, and sent; the truth comes by itself', async () => {
	await t.signal({ dedup_key: 'out', severity: 'critical', summary: 'While it was away' });
	await t.signal({ dedup_key: 'out-2', severity: 'critical', summary: 'Resolved meanwhile' });
	const page = await b.signIn(t, 'ada');
	page.allowed.push(/./);
	const row = page.locator('[role=row].row', { hasText: 'While it was away' });
	await row.waitFor();
	await t.kill();
	await page.getByText(/Offline since/).waitFor();
	await row.getByRole('button', { name: 'Ack' }).click();
	await row.getByText('not sent yet').waitFor();
	await t.up();
	await t.incident('out', (i) => i.acked_by === 'user/ada');
	await until('sent', async () => !(await row.getByText('not sent yet').count()));
	await row.getByText('acknowledged').waitFor();
	await t.post(`/api/v1/incidents/${(await t.incident('out-2')).id}/resolve`, {});
	await until('the other one goes by itself', async () => (await page.locator('[role=row].row', { hasText: 'Resolved meanwhile' }).count()) === 0);
	await until('live again', async () => (await page.getByText(/Offline since/).count()) === 0);
	const lines = (await t.get(`/api/v1/incidents/${(await t.incident('out')).id}/timeline`)).json.items;
	assert.equal(lines.filter((e) => /acknowledged/.test(e.type)).length, 1, 'once, however often it was tried');
	await page.close();
});

test('ten tabs on one stream, all live', async () => {
	const tabs = [];
	for (let i = 0; i < 10; i++) tabs.push(await b.page(t, '/'));
	await Promise.all(tabs.map((p) => p.getByText('live', { exact: true }).waitFor()));
	await until('one stream for all', async () => /tocsin_stream_clients 1\n/.test((await t.get('/metrics')).text));
	await t.signal({ dedup_key: 'tabs', severity: 'critical', summary: 'For every tab' });
	await Promise.all(tabs.map((p) => p.getByText('For every tab').first().waitFor({ state: 'attached' })));
	await tabs[0].close();
	await t.signal({ dedup_key: 'tabs-2', severity: 'critical', summary: 'After the first was closed' });
	await tabs[9].getByText('After the first was closed').first().waitFor({ state: 'attached' });
});

test('the app opens without its server, says so, and goes on when it is there', async () => {
	const own = await Browser.start('allow');
	try {
		const page = await own.signIn(t, 'ada');
		page.allowed.push(/./);
		await until('its files are kept', () => page.evaluate(() => navigator.serviceWorker.controller !== null));
		// The first page came before the worker; this one it keeps.
		await page.reload();
		await page.getByText('live', { exact: true }).waitFor();
		await t.kill();
		await page.reload();
		await page.getByText(/cannot be reached/).waitFor();
		await t.up();
		await page.getByText('live', { exact: true }).waitFor();
	} finally {
		await own.stop();
	}
});
