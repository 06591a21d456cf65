// SPDX-License-Identifier: Apache-2.0
// The parts of a room, one at a time on a phone; and incidents like it, with what may be behind it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ORG } from '../api/lib.mjs';
import { Browser, Tocsin, accessible, clean, desktop, phone, until } from './lib.mjs';

let t, b, page, id, line;
const part = (name) => page.getByRole('navigation', { name: 'Parts of the room' }).getByRole('link', { name });
const region = (name) => page.getByRole('region', { name });

before(async () => {
	t = await Tocsin.start(ORG.replace('services:', 'services:\n  db: { name: Database, team: core, policy: core }').replace('name: Web, team', 'name: Web, depends_on: [db], team'));
	b = await Browser.start();
	const shop = { dedup_key: 'shop', severity: 'critical', summary: 'The shop answers 5xx' };
	await t.signal(shop);
	const first = (await t.incident('shop')).id;
	await t.post(`/api/v1/incidents/${first}/brief`, { theory: 'A slow index' });
	await t.post(`/api/v1/incidents/${first}/resolve`, { note: 'Built the *index* anew' });
	await until('it is over', async () => (await t.get(`/api/v1/incidents/${first}`)).json.state === 'resolved');
	await t.post('/api/v1/incidents', { title: 'The database swaps', service: 'db' });
	id = (await t.post('/api/v1/incidents', { title: 'The shop is slow', service: 'web' })).json.id;
	for (let i = 0; i < 30; i++) await t.post(`/api/v1/incidents/${id}/note`, { note: `word ${i}` });
	line = (await t.get(`/api/v1/incidents/${id}/timeline?limit=30`)).json.items.at(-1);
	page = await b.signIn(t, 'ada', `/incidents/${id}`);
	await page.getByRole('heading', { level: 1, name: 'The shop is slow' }).waitFor();
});
after(async () => {
	await b?.stop();
	await t?.stop();
});

test('on a desk all parts stand beside each other, and an address leads to one', async () => {
	for (const name of ['Timeline', 'Who is paged', 'People', 'Alerts', 'Similar incidents']) assert.ok(await region(name).isVisible(), name);
	assert.ok(await part('Now').isHidden());
	await page.setViewportSize({ ...desktop, height: 500 });
	await page.goto(`${t.url}/incidents/${id}/similar`);
	await region('Similar incidents').getByText('Possible cause').waitFor();
	await until('it is in sight', () => region('Similar incidents').evaluate((e) => e.getBoundingClientRect().top < 450));
	await page.setViewportSize(desktop);
	clean(page);
});

test('the end of the timeline stays in sight when the brief comes after it', async () => {
	await t.post(`/api/v1/incidents/${id}/brief`, { status: 'It swaps', impact: 'Slow pages', theory: 'Memory', next_step: 'Look' });
	let go;
	const held = new Promise((r) => { go = r; });
	await page.route('**/room', async (r) => { await held; await r.continue(); });
	await page.goto(`${t.url}/incidents/${id}`);
	const last = page.locator('.timeline .entry').last();
	const seen = () => last.evaluate((e) => e.getBoundingClientRect().bottom <= e.closest('.timeline').getBoundingClientRect().bottom + 1);
	await until('the end is in sight', seen);
	go();
	await region('Brief').getByText('It swaps').waitFor();
	await until('and still is', seen);
	await page.unroute('**/room');
	clean(page);
});

test('what may be behind it, what was like it, how that ended and what was said', async () => {
	const similar = region('Similar incidents');
	await similar.getByRole('link', { name: /The database swaps/ }).waitFor();
	await similar.getByText('it depends on Database').waitFor();
	const before = similar.getByRole('listitem').filter({ hasText: 'The shop answers 5xx' });
	await before.getByText(/same service · ended by \w+ after .*(just now| ago)/).waitFor();
	await before.getByRole('button', { name: /What was said/ }).press('Enter');
	await before.getByText('A slow index').waitFor();
	assert.equal(await before.locator('em').textContent(), 'index');
	await accessible(page, 'what was said of another');
	clean(page);
});

test('on a phone one part at a time, each with its address, the verbs always there', async () => {
	await page.setViewportSize(phone);
	await page.goto(`${t.url}/incidents`);
	await page.goto(`${t.url}/incidents/${id}`);
	await region('Who is paged').waitFor();
	await region('Brief').waitFor();
	assert.ok(await region('Timeline').isHidden());
	await accessible(page, 'a room on a phone', ['light']);
	await part('Timeline').press('Enter');
	await page.waitForURL(`${t.url}/incidents/${id}/timeline`);
	await region('Timeline').waitFor();
	assert.ok(await region('Brief').isHidden());
	// The newest line and the field are in sight, above the verbs.
	const verbs = await page.locator('.verbs').boundingBox();
	await until('the newest line is in sight', async () => {
		const last = await page.locator('.said', { hasText: 'word 29' }).boundingBox();
		return last && last.y > 0 && last.y + last.height <= verbs.y;
	});
	const field = await page.getByRole('textbox', { name: 'A note for the timeline' }).boundingBox();
	assert.ok(field.y + field.height <= verbs.y, 'the field is not under the verbs');
	await accessible(page, 'the timeline on a phone');
	for (const [name, shown] of [['Alerts', 'Alerts'], ['People', 'People'], ['Similar', 'Similar incidents']]) {
		await part(name).click();
		await region(shown).waitFor();
		assert.equal(await part(name).getAttribute('aria-current'), 'page');
		assert.ok(await region('Timeline').isHidden());
		const ack = await page.getByRole('button', { name: /^Acknowledge/ }).boundingBox();
		assert.ok(ack.height >= 44 && ack.y > phone.height / 2, `${name}: the verb is within reach of a thumb`);
	}
	await accessible(page, 'people on a phone', ['dark']);
	assert.match(page.url(), /similar$/);
	await page.goBack();
	await page.waitForURL(`${t.url}/incidents`);
	clean(page);
});

test('an address with a line shows the timeline at that line, also on a phone', async () => {
	await page.goto(`${t.url}/incidents/${id}#e${line.seq}`);
	await until('the line is in sight', async () => {
		const at = await page.locator(`#e${line.seq}`).boundingBox();
		return at && at.y > 0 && at.y < phone.height;
	});
	assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
	await part('Now').click();
	await region('Who is paged').waitFor();
	assert.ok(await region('Timeline').isHidden(), 'the line is left with its address');
	await page.evaluate((seq) => { location.hash = `e${seq}`; }, line.seq);
	await until('also from within the room', () => region('Timeline').isVisible());
	clean(page);
});
