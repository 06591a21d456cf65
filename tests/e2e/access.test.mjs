// SPDX-License-Identifier: Apache-2.0
// What axe does not see: forced colours, reduced motion, wider text, 400 % zoom, paper, a storm read aloud,
// and pages worked by the keyboard alone.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Browser, Tocsin, clean, desktop, until } from './lib.mjs';
import { story } from './story.mjs';

let t, b, page, places;
before(async () => {
	t = await story(Tocsin, readFileSync('examples/demo/org.yaml', 'utf8'));
	b = await Browser.start();
	page = await b.signIn(t, 'owner');
	places = [['/incidents', '.row'], [`/incidents/${t.roomId}/timeline`, '.entry'], ['/oncall', 'table'], ['/schedules/platform-day', '.card'], ['/config/services/checkout', '.sim li'],
		['/insight/response', '.figure'], ['/insight/noise', 'td'], ['/insight/load', '.heat'], ['/me', '.panel']];
});
after(async () => {
	await b?.stop();
	await t?.stop();
});
const visit = async ([path, ready]) => {
	await page.goto(t.url + path);
	await page.locator(ready).first().waitFor({ state: 'attached' });
};

test('forced colours: what a colour says is said by a word or a line too', async () => {
	await page.emulateMedia({ forcedColors: 'active' });
	for (const place of places) {
		await visit(place);
		const mute = await page.evaluate(() => [...document.querySelectorAll('.state, .sev, .pstate')].filter((e) => !/[a-z]{3}/i.test(e.textContent)).length);
		assert.equal(mute, 0, `${place[0]}: a state without its word`);
	}
	await visit(places[0]);
	await page.keyboard.press('j');
	await page.locator('.row.at').waitFor();
	const [row] = await page.locator('.row.at').evaluateAll((l) => l.map((e) => getComputedStyle(e).outlineStyle));
	assert.notEqual(row, 'none', 'the cursor is a line');
	await page.getByRole('button', { name: 'Ack' }).first().focus();
	await page.keyboard.press('Shift+Tab');
	assert.notEqual(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), 'none', 'the focus is a line');
	await page.emulateMedia({ forcedColors: 'none' });
	clean(page);
});

test('reduced motion: nothing moves', async () => {
	await page.emulateMedia({ reducedMotion: 'reduce' });
	for (const place of places) {
		await visit(place);
		const moving = await page.evaluate(() => [...document.querySelectorAll('*')].filter((e) => {
			const s = getComputedStyle(e);
			return s.transitionDuration.split(',').some((d) => parseFloat(d) > 0) || (s.animationName !== 'none' && parseFloat(s.animationDuration) > 0);
		}).map((e) => e.outerHTML.slice(0, 80)));
		assert.deepEqual(moving, [], place[0]);
	}
	clean(page);
});

/** What is cut off without an ellipsis, or makes the page wider. */
const cut = () => page.evaluate(() => {
	const wide = document.documentElement.scrollWidth > innerWidth ? [`the page is ${document.documentElement.scrollWidth} wide`] : [];
	return wide.concat([...document.querySelectorAll('button, h1, h2, th, label, .figure b, .tag')].filter((e) => {
		const s = getComputedStyle(e);
		if (e.closest('.sr, [aria-hidden=true], .skip') || s.textOverflow === 'ellipsis' || e.clientWidth <= 1) return false;
		return ['hidden', 'clip'].includes(s.overflowY) && e.scrollHeight > e.clientHeight + 2;
	}).map((e) => e.outerHTML.slice(0, 80)));
});

test('text set wider (WCAG 1.4.12) is not cut off', async () => {
	for (const place of places) {
		await visit(place);
		await page.evaluate(() => {
			const s = new CSSStyleSheet();
			s.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }');
			document.adoptedStyleSheets = [s];
		});
		assert.deepEqual(await cut(), [], place[0]);
	}
	clean(page);
});

test('at 400 % zoom everything is in one column, and what is fixed leaves room to read', async () => {
	await page.setViewportSize({ width: 320, height: 256 });
	for (const place of places) {
		await visit(place);
		assert.deepEqual(await cut(), [], place[0]);
		const room = await page.evaluate(() => (document.querySelector('.grid, .page') ?? document.body).clientHeight);
		assert.ok(room >= 100, `${place[0]}: ${room} px are left to read in`);
	}
	await page.setViewportSize(desktop);
	clean(page);
});

/** The text of a document of Chromium's is compressed; how many pages there are is not. */
const pagesOf = (pdf) => (pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g) ?? []).length;

test('on paper: a room and the figures, without rail and buttons, in the order of reading', async () => {
	for (const [place, order] of [[places[1], ['Card checkout 5xx above 8 %', 'Looks like the deploy', 'Starting a roll back']], [places[5], ['Insight', 'Until a person had it', 'Until it was over']]]) {
		await visit(place);
		if (place === places[1]) await page.getByText('Looks like the deploy').first().waitFor();
		const n = pagesOf(await page.pdf({ format: 'A4', tagged: true, outline: true }));
		assert.ok(n >= 1 && n <= 6, `${place[0]}: ${n} pages`);
		await page.emulateMedia({ media: 'print' });
		assert.equal(await page.locator('nav.rail').isVisible(), false);
		const text = await page.evaluate(() => document.querySelector('main').innerText);
		for (const words of order) assert.ok(text.includes(words), `${place[0]}: ${words}`);
		assert.ok(text.indexOf(order[0]) < Math.max(...order.slice(1).map((w) => text.indexOf(w))), 'the heading first');
		await page.emulateMedia({ media: 'screen' });
	}
	clean(page);
});

test('a storm in the room is summed up for who listens', async () => {
	await visit(places[1]);
	await page.evaluate(() => {
		window.spoken = 0;
		new MutationObserver((l) => { window.spoken += l.filter((m) => m.addedNodes.length || m.type === 'characterData').length; })
			.observe(document.querySelector('[role=log]'), { childList: true, subtree: true, characterData: true });
	});
	const { alerts } = await t.incident('pay/errors');
	// Twenty at once, so that how long it takes makes no more announcements of them.
	const twenty = Array(20).fill({ dedup_key: 'pay/errors', severity: 'critical', summary: 'Card checkout 5xx above 8 %', labels: { app: 'checkout' } });
	for (let i = 0; i < 10; i++) assert.equal((await t.signal(twenty, 'demo-key')).status, 202);
	await t.post(`/api/v1/incidents/${t.roomId}/note`, { note: 'The last word' });
	await page.locator('.said p', { hasText: 'The last word' }).waitFor();
	const spoken = await page.evaluate(() => window.spoken);
	assert.ok(spoken <= 40, `${spoken} announcements of 200 signals on ${alerts} alerts`);
	clean(page);
});

test('every cell of the board has something to say', async () => {
	await visit(places[0]);
	const grid = page.getByRole('grid', { name: 'Incidents' });
	assert.ok(Number(await grid.getAttribute('aria-rowcount')) > 3);
	const mute = await page.locator('.row').evaluateAll((l) => l.flatMap((r) => {
		const names = [...r.querySelectorAll('[role=gridcell]')].map((c) => c.textContent.trim() || c.querySelector('[aria-label]')?.getAttribute('aria-label') || '');
		return [!r.getAttribute('aria-rowindex') && 'no index', !names[0] && 'no name of its box', !names[1] && 'no state', !names[3] && 'no title'].filter(Boolean);
	}));
	assert.deepEqual(mute, []);
});

test('by keyboard alone: insight, then a document as YAML', async () => {
	await page.keyboard.press('g');
	await page.keyboard.press('r');
	await page.waitForURL(/\/insight/);
	const tabTo = async (name) => {
		for (let i = 0; i < 60; i++) {
			await page.keyboard.press('Tab');
			if (await page.evaluate((n) => document.activeElement.textContent.trim() === n, name)) return;
		}
		assert.fail(`Tab never came to ${name}`);
	};
	await tabTo('Noise');
	await page.keyboard.press('Enter');
	await page.waitForURL(/\/insight\/noise$/);
	await page.goto(`${t.url}/config/policies/shop/edit?as=yaml`);
	const field = page.locator('textarea').first();
	await field.focus();
	await page.keyboard.press('Control+End');
	await page.keyboard.type('\nname: Shop, by keyboard\n');
	assert.ok((await field.inputValue()).includes('by keyboard'));
	await until('Tab leaves the text', async () => {
		await page.keyboard.press('Escape');
		await page.keyboard.press('Tab');
		return page.evaluate(() => document.activeElement.tagName !== 'TEXTAREA');
	});
});
