// SPDX-License-Identifier: Apache-2.0
// Every address of the UI: no violation that axe knows in light and dark, wide and narrow; nothing wider than a
// 320 px screen; one heading; no error, no request to elsewhere.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Browser, Tocsin, accessible, clean, desktop, phone } from './lib.mjs';
import { story } from './story.mjs';

let t, b, page;
before(async () => {
	t = await story(Tocsin, readFileSync('examples/demo/org.yaml', 'utf8'));
	b = await Browser.start();
	page = await b.signIn(t, 'owner');
});
after(async () => {
	await b?.stop();
	await t?.stop();
});

const addresses = [['/incidents', '.row'], ['/incidents/10', '.entry'], ['/oncall', '.oncall-table a'], ['/schedules', '.lane-name'], ['/schedules/platform-day', '.fair li'], ['/schedules/shop?span=month', '.month'], ['/schedules/platform-day/edit', '.preview .bar'],
	['/config', '.card'], ['/config/services', '.map .node'], ['/config/services/checkout', '.sim li'], ['/config/scenarios', 'textarea'], ['/config/policies/shop', '.sim li'], ['/config/users/chidi', '.panel'],
	['/config/integrations', '.live-dot'], ['/config/integrations/demo', '.tried li'], ['/config/rulesets/main', 'pre'], ['/config/teams/new', '.form .f-row'], ['/config/organisation', '.form .f-row'], ['/config/policies/shop/edit', '.form .f-row'],
	['/config/rulesets/main/edit', '.f-rule'], ['/config/schedules/platform-day/edit', '.f-window'], ['/config/users/chidi/edit', '.form .f-row'], ['/config/policies/shop/edit?as=yaml', 'textarea'], ['/history', 'td'],
	['/insight/response', '.figure'], ['/insight/noise', 'td'], ['/insight/load', '.heat'], ['/insight/rejected', 'td'], ['/insight/messages', 'td'], ['/insight/audit', 'td'], ['/setup', '.wizard'], ['/me', '.panel'],
	['/config/nothing', 'h1'], ['/incidents/99999', '.empty']];

for (const [address, ready] of addresses)
	test(address, async () => {
		page.allowed = [/404/];
		await page.setViewportSize(desktop);
		await page.goto(t.url + address);
		await page.locator(ready).first().waitFor({ state: 'attached' });
		assert.equal(await page.locator('h1').count(), 1, 'one heading of the first level');
		await accessible(page, address);
		await page.setViewportSize(phone);
		await accessible(page, `${address} on a phone`, ['dark']);
		await page.setViewportSize({ width: 320, height: 700 });
		assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 320), 'nothing is wider than 320 px');
		const small = await page.evaluate(() => [...document.querySelectorAll('button')].filter((e) => {
			const r = e.getBoundingClientRect();
			return r.width > 0 && (r.width < 24 || r.height < 24) && !e.closest('.lane, p, li, dd, td, summary');
		}).map((e) => e.outerHTML.slice(0, 80)));
		assert.deepEqual(small, [], 'no target under 24 px');
		clean(page);
	});

test('signed out, one is asked to sign in and comes back to where one wanted to go', async () => {
	await b.context.clearCookies();
	const out = await b.page(t, '/incidents/10');
	assert.match(out.url(), /\/sign-in\?next=\/incidents\/10$/);
	await t.call('PUT', '/api/v1/users/chidi/password', { password: 'a long password for chidi' });
	await out.getByLabel('E-mail address').fill('chidi@lantern.example');
	await out.getByLabel('Password', { exact: true }).fill('a long password for chidi');
	await out.getByRole('button', { name: 'Sign in' }).click();
	await out.waitForURL(/\/incidents\/10$/);
	await out.getByRole('heading', { name: 'Card checkout 5xx above 8 %' }).waitFor();
	assert.equal((await t.get('/sign-in?next=//evil.example', { authorization: '' })).text.includes('evil'), false, 'only addresses of this server');
});

test('a session that one does not know is ended on the page', async () => {
	const other = await Browser.start();
	try {
		const there = await other.signIn(t, 'chidi');
		await page.goto(`${t.url}/me`);
		const box = page.getByRole('region', { name: 'Signed in' });
		await box.getByText('This one').waitFor();
		await box.getByRole('row').nth(1).waitFor(); // the list may be of before
		await box.getByRole('button', { name: 'End all others' }).focus();
		await page.keyboard.press('Enter');
		await box.getByRole('button', { name: 'End all others' }).waitFor({ state: 'detached' });
		assert.equal(await box.getByRole('row').count(), 1);
		// Its own next question may lead it there first, and then interrupts this.
		await there.goto(`${t.url}/me`).catch(() => {});
		await there.waitForURL(/\/sign-in/);
	} finally {
		await other.stop();
	}
});

test('the policy of the page allows no inline script, and nothing from elsewhere', async () => {
	const csp = (await t.get('/incidents')).headers.get('content-security-policy');
	assert.match(csp, /default-src 'none'/);
	assert.doesNotMatch(csp, /unsafe|https?:/);
	const html = (await t.get('/incidents')).text;
	assert.doesNotMatch(html, /<script>|<script [^>]*>[^<]/);
});

test('files are kept for ever by their hash, sent packed, and answered by 304', async () => {
	const html = (await t.get('/incidents')).text;
	const main = /src="(\/assets\/main-[^"]+)"/.exec(html)[1];
	const first = await t.get(main, { authorization: '', 'accept-encoding': 'gzip' });
	assert.equal(first.headers.get('content-encoding'), 'gzip');
	assert.match(first.headers.get('cache-control'), /immutable/);
	const again = await t.get(main, { authorization: '', 'if-none-match': first.headers.get('etag') });
	assert.equal(again.status, 304);
	assert.equal((await t.get('/assets/../../etc/passwd')).status, 404);
	const manifest = await t.get('/manifest.webmanifest', { authorization: '' });
	assert.equal(manifest.status, 200);
	assert.ok(JSON.parse(manifest.text).icons.length > 0);
	assert.match((await t.get('/sw.js', { authorization: '' })).headers.get('content-security-policy'), /connect-src 'self'/);
});
