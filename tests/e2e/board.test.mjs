// SPDX-License-Identifier: Apache-2.0
// The board as a person works on it: keys, filters that are addresses, several at once, a storm.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ORG } from '../api/lib.mjs';
import { Browser, Tocsin, accessible, away, clean, desktop, until } from './lib.mjs';

let t, b, page;
const rows = () => page.locator('.grid [role=row].row');
const row = (title) => page.locator('[role=row].row', { hasText: title });

before(async () => {
	t = await Tocsin.start(ORG);
	b = await Browser.start();
	page = await b.signIn(t, 'ada');
	await page.getByText('Nothing is open.').waitFor();
});
after(async () => {
	await b?.stop();
	await t?.stop();
});

test('an incident appears by itself and is acknowledged with one press', async () => {
	await t.signal({ dedup_key: 'first', severity: 'critical', summary: 'The first of all' });
	await row('The first of all').getByText('triggered').waitFor();
	await row('The first of all').getByRole('button', { name: 'Ack' }).click();
	await row('The first of all').getByText('acknowledged').waitFor();
	await t.incident('first', (i) => i.acked_by === 'user/ada');
	await page.getByText('Acknowledged #1').waitFor();
	await away(page);
	clean(page);
});

test('undo pages again', async () => {
	await page.keyboard.press('z');
	await t.incident('first', (i) => i.state === 'triggered');
	await row('The first of all').getByText('triggered').waitFor();
});

test('keys alone: move, select, acknowledge several, open, come back', async () => {
	for (const n of [1, 2, 3]) await t.signal({ dedup_key: `key-${n}`, severity: 'error', summary: `Key work ${n}` });
	await row('Key work 3').waitFor();
	await page.keyboard.press('j');
	assert.equal(await page.locator('.row.at').count(), 1);
	await page.keyboard.press('j');
	await page.keyboard.press('x');
	await page.keyboard.press('j');
	await page.keyboard.press('x');
	assert.match(await page.getByRole('region', { name: 'Selected incidents' }).textContent(), /2 selected/);
	await page.keyboard.press('a');
	await page.getByText('Acknowledged 2').waitFor();
	await until('two are acknowledged', async () => (await t.get('/api/v1/incidents?state=acknowledged')).json.items.length === 2);
	await page.keyboard.press('Enter');
	await page.waitForURL(/\/incidents\/\d+$/);
	await until('focus moves to the heading', () => page.evaluate(() => document.activeElement.tagName === 'H1'));
	await page.keyboard.press('u');
	await page.waitForURL(/\/incidents$/);
	clean(page);
});

test('the palette and the list of keys by keyboard', async () => {
	await page.keyboard.press('?');
	await page.getByRole('dialog', { name: 'Keys' }).waitFor();
	await page.keyboard.press('Escape');
	await page.keyboard.press('Control+k');
	await page.getByRole('combobox', { name: 'Find or do' }).fill('on call');
	await page.keyboard.press('Enter');
	await page.waitForURL(/\/oncall$/);
	await page.keyboard.press('g');
	await page.keyboard.press('i');
	await page.waitForURL(/\/incidents$/);
	await page.keyboard.press('Control+k');
	await page.getByRole('combobox', { name: 'Find or do' }).fill('ack 1');
	await page.keyboard.press('Enter');
	await t.incident('first', (i) => i.state === 'acknowledged');
	clean(page);
});

test('a filter is an address, and can be kept as a view', async () => {
	await page.keyboard.press('Escape');
	await t.signal({ dedup_key: 'low', severity: 'warning', summary: 'A small thing' });
	await row('A small thing').waitFor();
	await page.keyboard.press('/');
	await page.keyboard.type('sev:warning');
	await until('one row', async () => (await rows().count()) === 1);
	await page.waitForURL(/\?q=sev:warning$/);
	page.once('dialog', (d) => d.accept('Small things'));
	await page.getByRole('button', { name: 'Save view' }).click();
	await page.goto(t.url + '/incidents');
	await row('Key work 1').waitFor();
	await page.getByRole('link', { name: 'Small things' }).click();
	await until('one row again', async () => (await rows().count()) === 1);
	await page.goto(t.url + '/incidents?q=-sev:warning%20key');
	await until('three rows', async () => (await rows().count()) === 3);
	await page.goto(t.url + '/incidents');
	await row('A small thing').waitFor();
	clean(page);
});

test('views are on the server: another browser has them, and what was on the device moves there', async () => {
	// What an earlier version left on this device.
	await page.evaluate(() => localStorage.setItem('tocsin.views', JSON.stringify([{ name: 'Of old', q: 'is:unrouted' }, { name: 'Small things', q: 'other' }])));
	await page.goto(t.url + '/incidents');
	await page.getByRole('link', { name: 'Of old' }).waitFor();
	await until('nothing is left here', () => page.evaluate(() => localStorage.getItem('tocsin.views') === null));
	const other = await Browser.start();
	const there = await other.signIn(t, 'ada', '/incidents');
	await there.getByRole('link', { name: 'Of old' }).waitFor();
	await there.getByRole('link', { name: 'Small things' }).click();
	await there.waitForURL(/q=sev%3Awarning$/);
	await there.getByRole('button', { name: 'Remove the view Small things' }).click();
	await there.getByRole('link', { name: 'Small things' }).waitFor({ state: 'detached' });
	clean(there);
	await other.stop();
	await page.goto(t.url + '/incidents');
	await page.getByRole('link', { name: 'Of old' }).waitFor();
	assert.equal(await page.getByRole('link', { name: 'Small things' }).count(), 0);
	clean(page);
});

test('what cannot be done says why', async () => {
	const a = (await t.incident('key-1')).id;
	await row('Key work 1').getByRole('checkbox').check();
	await row('A small thing').getByRole('checkbox').check();
	await t.post(`/api/v1/incidents/${a}/resolve`, {});
	await row('Key work 1').getByText('resolved').waitFor();
	assert.match(await page.getByRole('region', { name: 'Selected incidents' }).textContent(), /2 selected/);
	await page.getByRole('button', { name: /^Acknowledge a/ }).click();
	await page.getByText(/Acknowledged 1, 1 skipped/).waitFor();
	await page.getByText('Why').last().click();
	await page.getByText(`#${a}: it is resolved already`).waitFor();
	clean(page);
});

test('resolve waits some seconds for an undo', async () => {
	const { id } = await t.incident('low');
	await row('A small thing').getByRole('button', { name: `More for #${id}` }).click();
	await page.getByRole('menuitem', { name: /Resolve/ }).click();
	await page.getByRole('dialog', { name: `Resolve #${id} while it still fires?` }).getByRole('button', { name: 'Resolve anyway' }).click();
	await page.getByText(`Resolving #${id}`).waitFor();
	await page.keyboard.press('z');
	await until('it is left alone', async () => !(await page.getByText(`Resolving #${id}`).count()));
	assert.equal((await t.incident('low')).state, 'acknowledged');
	await row('A small thing').getByRole('button', { name: `More for #${id}` }).click();
	await page.getByRole('menuitem', { name: /Resolve/ }).click();
	await page.getByRole('button', { name: 'Resolve anyway' }).click();
	await t.incident('low', (i) => i.state === 'resolved');
	clean(page);
});

test('many of which some still fire are asked about once; what has recovered can end alone', async () => {
	for (const n of [1, 2, 3]) await t.signal({ dedup_key: `end-${n}`, severity: 'error', summary: `To end ${n}` });
	await away(page);
	for (const n of [1, 2, 3]) await row(`To end ${n}`).waitFor();
	for (const n of [1, 2, 3]) await row(`To end ${n}`).getByRole('checkbox').check();
	await page.keyboard.press('r');
	const ask = page.getByRole('dialog', { name: 'Resolve 3 incidents while 3 still fire?' });
	await ask.getByText(/3 alerts have not recovered/).waitFor();
	await accessible(page, 'resolve many');
	await page.keyboard.press('Escape');
	await ask.waitFor({ state: 'detached' });
	assert.equal((await t.incident('end-1')).state, 'triggered');

	// One opened by hand has no alert that could fire.
	const { id } = (await t.post('/api/v1/incidents', { title: 'To end by hand', service: 'web' })).json;
	await away(page);
	await row('To end by hand').getByRole('checkbox').check();
	for (const n of [1, 2]) await row(`To end ${n}`).getByRole('checkbox').check();
	await page.getByRole('button', { name: /^Resolve r/ }).click();
	await page.getByRole('dialog', { name: /Resolve \d incidents while \d still fire/ }).getByRole('button', { name: 'Only the 1 that recovered' }).click();
	await page.getByText(`Resolving #${id}`).waitFor();
	await until('it has ended', async () => (await t.get(`/api/v1/incidents/${id}`)).json.state === 'resolved');
	assert.equal((await t.incident('end-1')).state, 'triggered');
	clean(page);
});

test('what happens next: who is paged and when, and that nobody is', async () => {
	await away(page);
	const policy = (id, doc) => t.call('PUT', `/api/v1/policies/${id}`, { team: 'core', ...doc });
	await t.call('PUT', '/api/v1/schedules/empty', { team: 'core', layers: [] });
	await policy('later', { delay: '1h', steps: [{ page: ['schedule/empty'] }, { page: ['user/bo', 'user/ada', 'user/owner'] }] });
	await policy('void', { delay: '1h', steps: [{ page: ['schedule/empty'] }] });
	for (const p of ['later', 'void']) await t.post('/api/v1/incidents', { title: `Next of ${p}`, policy: p });
	await row('Next of later').getByText(/pages Bo, you \+1 in (59:\d\d|1:00:00)/).waitFor();
	await row('Next of later').getByText('step 1 has nobody').waitFor();
	await row('Next of void').getByText(/last: Owner in/).waitFor();

	// A configuration that changes it is heard of: rows that nothing happened to say so.
	const owner = (await t.get('/api/v1/users/owner')).json.document;
	await t.call('PUT', '/api/v1/users/owner', { ...owner, contacts: {} });
	await row('Next of void').getByText('NOBODY').waitFor();
	await row('Next of void').getByRole('button', { name: 'Hand to…' }).click();
	await page.getByRole('dialog').waitFor();
	await page.keyboard.press('Escape');
	await t.call('PUT', '/api/v1/users/owner', owner);
	await row('Next of void').getByText(/last: Owner/).waitFor();

	// Mails cannot be sent here: the policy has come to its end, and can begin again.
	await t.incident('end-3', (i) => i.exhausted_at);
	await row('To end 3').getByText('NOBODY left').waitFor();
	const before = (await t.incident('end-3')).revision;
	await row('To end 3').getByRole('button', { name: 'Page again' }).click();
	await t.incident('end-3', (i) => i.revision > before);

	const { id } = (await t.post('/api/v1/incidents', { title: 'To sleep', policy: 'core' })).json;
	await t.post(`/api/v1/incidents/${id}/snooze`, { until: new Date(Date.now() + 7200_000).toISOString() });
	await row('To sleep').getByText(/until \d\d:\d\d.*, then you|until \w+ \d+ \w+ \d\d:\d\d, then you/).waitFor();
	clean(page);
});

test('Space looks into one without leaving; j and k go on, its verbs work, Escape closes', async () => {
	await away(page);
	await page.keyboard.press('Escape');
	await page.keyboard.press('j');
	await page.keyboard.press(' ');
	const peek = page.getByRole('region', { name: /A look at #\d+/ });
	await peek.waitFor();
	const at = () => page.locator('.row.at').getAttribute('id');
	const shown = async () => `row-${/#(\d+)/.exec(await peek.getAttribute('aria-label'))[1]}`;
	assert.equal(await shown(), await at());
	await page.keyboard.press('j');
	await until('it goes along', async () => (await shown()) === (await at()));
	await peek.locator('li').first().waitFor();
	await accessible(page, 'peek');
	assert.match(page.url(), /\/incidents$/);
	await page.keyboard.press('Escape');
	await peek.waitFor({ state: 'detached' });
	assert.equal(await page.locator('.row.at').count(), 1, 'the cursor stays');
	await page.keyboard.press(' ');
	await peek.waitFor();
	await page.keyboard.press(' ');
	await peek.waitFor({ state: 'detached' });

	// What happens to it is told while it is open.
	await page.getByLabel('Filter', { exact: true }).fill('later');
	await page.keyboard.press('Enter');
	await until('one row', async () => (await rows().count()) === 1);
	await page.keyboard.press('j');
	await page.keyboard.press(' ');
	await peek.getByText(/pages Bo, you/).waitFor();
	const { id } = (await t.get('/api/v1/incidents?state=triggered')).json.items.find((i) => i.title === 'Next of later');
	await t.post(`/api/v1/incidents/${id}/note`, { note: 'Seen from afar' });
	await peek.getByText(/Seen from afar/).waitFor();
	await page.keyboard.press('a');
	await peek.locator('.state', { hasText: 'acknowledged' }).waitFor();
	await until('the record agrees', async () => (await t.get(`/api/v1/incidents/${id}`)).json.acked_by === 'user/ada');
	await page.setViewportSize({ width: 390, height: 844 });
	await peek.waitFor({ state: 'detached' });
	await page.setViewportSize(desktop);
	await page.keyboard.press('Escape');
	await page.goto(t.url + '/incidents');
	clean(page);
});

test('rows wait for a pointer that is on them: its movement counts, not what the browser says of leaving', async () => {
	await away(page);
	const pill = page.getByRole('button', { name: /^\d+ new/ });
	const signal = async (n) => {
		await t.signal({ dedup_key: `aside-${n}`, severity: 'critical', summary: `Aside ${n}` });
		await pill.waitFor();
		assert.equal(await row(`Aside ${n}`).count(), 0);
	};
	await row('To end 1').getByRole('button', { name: 'Ack' }).click(); // it goes from under the pointer
	await t.incident('end-1', (i) => i.state === 'acknowledged');
	await page.locator('.grid').evaluate((g) => {
		for (const type of ['pointerout', 'pointerleave', 'mouseleave']) g.dispatchEvent(new PointerEvent(type, { pointerType: 'mouse', bubbles: type === 'pointerout' }));
	});
	await signal(1);
	const { x, y, width, height } = await pill.boundingBox();
	await page.mouse.move(x + width / 2, y + height / 2, { steps: 4 });
	await pill.click();
	await row('Aside 1').waitFor();
	await signal(2);
	await away(page);
	await row('Aside 2').waitFor();
	await row('Aside 2').hover();
	await signal(3);
	await page.keyboard.press('Escape');
	await row('Aside 3').waitFor();
	await row('Aside 2').hover();
	await signal(4);
	await row('Aside 2').click({ position: { x: 500, y: 4 } });
	await page.waitForURL(/\/incidents\/\d+$/);
	await until('the room is there', () => page.evaluate(() => document.activeElement.tagName === 'H1'));
	await page.keyboard.press('u');
	await row('Aside 4').waitFor();
	await row('Aside 2').hover();
	await signal(5);
	await page.evaluate(() => document.documentElement.dispatchEvent(new MouseEvent('mouseleave')));
	await row('Aside 5').waitFor();
	clean(page);
});

test('beside the number of alerts stands when they fired: drawn and in words, for the rows in view, in one question', async () => {
	await away(page);
	await page.keyboard.press('Escape');
	await t.signal(Array.from({ length: 9 }, (_, i) => ({ dedup_key: `joined-${i}`, severity: 'critical', summary: `Joined ${i}` })));
	const ids = [];
	for (let i = 0; i < 9; i++) ids.push((await t.incident(`joined-${i}`)).id);
	const asked = [];
	page.on('request', (r) => { if (r.url().includes('/histograms')) asked.push(r.url()); });
	const into = async (a, b) => assert.equal((await t.post(`/api/v1/incidents/${ids[a]}/merge`, { into: ids[b] })).status, 200);
	for (const i of [2, 3, 4]) await into(i, 0);
	await into(5, 1);
	const spark = (n) => row(`Joined ${n}`).locator('svg.spark');
	// The true answer first.
	await row('Joined 0').getByRole('img', { name: /^Fired over .*; the most at once, [1-4] of 4, / }).waitFor();
	await row('Joined 1').getByRole('img', { name: /of 2, / }).waitFor();
	assert.match(await row('Joined 0').textContent(), /4 alerts/);
	assert.equal(await row('Joined 6').locator('svg.spark').count(), 0, 'one alert is no distribution');
	assert.equal((await row('Joined 0').boundingBox()).height, (await row('Joined 6').boundingBox()).height);

	// Then one of which every bar is known.
	const story = { incident: ids[0], from: '2026-03-02T10:00:00Z', to: '2026-03-02T10:24:00Z', alerts: 500, counts: [1, 0, 0, 0, 14, 0, 0, 7, 0, 0, 0, 2] };
	await page.route('**/board/histograms*', (r) => r.fulfill({ json: { items: [story] } }));
	await page.goto(t.url + '/incidents');
	await row('Joined 0').getByRole('img', { name: 'Fired over 24 min; the most at once, 14 of 500, 8 min after the first' }).waitFor();
	const heights = (await spark(0).locator('path').getAttribute('d')).match(/v\d+/g).map((v) => Number(v.slice(1)));
	assert.deepEqual(heights, [3, 1, 1, 1, 16, 1, 1, 9, 1, 1, 1, 4]);
	await page.unroute('**/board/histograms*');

	// More come, and the bars follow; what scrolls by asks nothing that is known.
	await into(6, 0);
	await row('Joined 0').getByRole('img', { name: /of 5, / }).waitFor();
	const last = new URL(asked.at(-1)).searchParams.get('ids').split(',').map(Number);
	assert.ok(last.includes(ids[0]) && last.every((id) => ids.includes(id)), `only who has several is asked about: ${last}`);
	await accessible(page, 'sparklines');
	await page.emulateMedia({ forcedColors: 'active' });
	const { ink, fill } = await spark(0).evaluate((e) => ({ ink: getComputedStyle(e.closest('.row')).color, fill: getComputedStyle(e).fill }));
	assert.equal(fill, ink, 'in forced colours they have the colour of text');
	await page.emulateMedia({ forcedColors: 'none' });

	// A phone has no room for them, and does not ask.
	await page.setViewportSize({ width: 390, height: 844 });
	assert.equal(await spark(0).isVisible(), false);
	const before = asked.length;
	await page.goto(t.url + '/incidents');
	await row('Joined 0').waitFor();
	await into(7, 0);
	await until('it has heard of it', async () => /6 alerts/.test(await row('Joined 0').textContent()));
	await page.waitForTimeout(600); // twice the time after which it would have asked
	assert.equal(asked.length, before);
	await page.setViewportSize(desktop);
	await page.goto(t.url + '/incidents');
	clean(page);
});

test('a storm of 5,000 while somebody works: rows stay, few elements, everything arrives', async () => {
	await away(page);
	await t.signal({ dedup_key: 'work', severity: 'critical', summary: 'The one I look at' });
	await row('The one I look at').waitFor();
	const mine = row('The one I look at');
	await mine.hover();
	const at = (await mine.boundingBox()).y;
	// A pointer that still moves is somebody's.
	const mouse = { x: 700, y: at + 20 };
	for (let i = 0; i < 50; i++) {
		await page.mouse.move(mouse.x + (i % 3), mouse.y);
		await t.signal(Array.from({ length: 100 }, (_, j) => ({ dedup_key: `storm-${i}-${j}`, severity: 'critical', summary: `Storm ${i} ${j}` })));
	}
	const pill = page.getByRole('button', { name: /\d+ new/ });
	await pill.waitFor();
	assert.equal((await mine.boundingBox()).y, at, 'the row stays under the pointer');
	await mine.getByRole('button', { name: 'Ack' }).click();
	await t.incident('work', (i) => i.state === 'acknowledged');
	await mine.getByText('acknowledged').waitFor();
	await until('all 5,000 are known', async () => /500\d new|5,?0\d\d new/.test(await pill.textContent()) || (await pill.textContent()).includes('5000'));
	await page.keyboard.press('.');
	await until('many rows', async () => Number(await page.getByRole('grid').getAttribute('aria-rowcount')) > 5000);
	assert.ok(await rows().count() <= 64, 'only what is in view is drawn');
	await until('the end is in sight', async () => { // rows that still come move it
		await page.getByRole('grid').evaluate((g) => { g.scrollTop = g.scrollHeight; });
		return row('Key work 2').isVisible();
	});
	assert.ok(await rows().count() <= 64);
	await page.keyboard.press('/');
	await page.keyboard.type('"storm 49 99"');
	await until('the filter finds one', async () => (await rows().count()) === 1);
	clean(page);
});

test('all that match the filter at once: 1,000 are acknowledged, and what was not is told', async () => {
	const gone = (await t.incident('storm-11-7')).id;
	await page.goto(t.url + '/incidents?q=%22storm%201%22');
	await until('all are known', async () => Number(await page.getByRole('grid').getAttribute('aria-rowcount')) > 1000);
	// Somebody ends one, and this tab does not hear of it.
	page.allowed.push(/board\?after/);
	await page.route('**/api/v1/board?after=*', (r) => r.abort());
	await t.post(`/api/v1/incidents/${gone}/resolve`, {});
	await page.keyboard.press('j');
	await page.keyboard.press('x');
	await page.getByRole('button', { name: /Select all 1,?\d\d\d that match/ }).click();
	const asked = new Set(); // a request that a busy server sends back is the same one again
	page.on('request', (r) => { if (r.method() === 'POST') asked.add(r.headers()['idempotency-key']); });
	await page.keyboard.press('a');
	await page.getByText(/Acknowledged 1,?\d\d\d, 1 skipped/).waitFor();
	// Those that moved on meanwhile, as their pages were sent, are asked for again by what they are now: twice at most.
	assert.ok(asked.size >= 11 && asked.size <= 3 * 11, `eleven hundred by the hundred, not by ${asked.size} requests`);
	await page.getByText('Why').last().click();
	await page.getByText(`#${gone}: incident ${gone} is resolved`).waitFor();
	await page.unroute('**/api/v1/board?after=*');
	await until('the record agrees', async () => (await t.incident('storm-12-3')).state === 'acknowledged');
	clean(page);
});

test('the board is accessible, full and empty, wide and narrow', async () => {
	await page.goto(t.url + '/incidents?q=work');
	await row('The one I look at').waitFor();
	await accessible(page, 'board');
	await page.setViewportSize({ width: 390, height: 844 });
	await accessible(page, 'board on a phone');
	await page.setViewportSize(desktop);
	await page.goto(t.url + '/incidents?q=nothing-of-that-kind');
	await page.getByText('Nothing matches.').waitFor();
	await accessible(page, 'empty board');
	clean(page);
});
