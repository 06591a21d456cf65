// SPDX-License-Identifier: Apache-2.0
// A real browser against the real server: signs people in, watches that nothing goes wrong unseen (errors
// on the console, refusals by the content policy, requests to elsewhere), and asks axe.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Tocsin, until } from '../api/lib.mjs';

const need = createRequire(resolve('web/package.json'));
const { chromium } = need('playwright-core');
const axeSource = readFileSync(need.resolve('axe-core/axe.min.js'), 'utf8');
export const DEADLINE = Number(process.env.E2E_DEADLINE ?? 60_000);

export { Tocsin, until };

/** A module of the UI that needs no browser, bundled alone and imported here. */
export async function module(path) {
	const dir = mkdtempSync(join(tmpdir(), 'tocsin-unit-'));
	const { build } = need('esbuild');
	await build({ entryPoints: [path], bundle: true, format: 'esm', outfile: join(dir, 'm.mjs'), logLevel: 'error', absWorkingDir: resolve('web') });
	const m = await import(join(dir, 'm.mjs'));
	rmSync(dir, { recursive: true });
	return m;
}

/** An incident that its page moved on while somebody pressed: the UI looks again by itself, the browser reports it. */
const RACED = /status of 412 .*\/incidents\/\d+\//;
/** A page that was left before its manifest had come; that it is one is tested in pages.test.mjs. */
const CUT = /^Manifest: Line: 1, column: 1, Syntax error/;

export class Browser {
	/** Without the service worker but where it is looked at: between it and the page a request may pass page.route() by. */
	static async start(serviceWorkers = 'block') {
		const b = new Browser();
		b.dir = mkdtempSync(join(tmpdir(), 'tocsin-e2e-'));
		b.context = await chromium.launchPersistentContext(b.dir, {
			executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
			headless: true,
			args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
				'--disable-component-update', '--disable-sync', '--disable-dev-shm-usage', '--font-render-hinting=none'],
			viewport: { width: 1280, height: 800 },
			locale: 'en-GB', timezoneId: 'Europe/Berlin', colorScheme: 'light', reducedMotion: 'reduce', serviceWorkers,
		});
		b.context.setDefaultTimeout(DEADLINE);
		return b;
	}

	/** A page of somebody who is signed in; what goes wrong in it is kept in page.faults. */
	async page(t, path = '/') {
		const page = await this.context.newPage();
		page.faults = [];
		page.allowed = [];
		page.on('console', (m) => {
			if (m.type() === 'error' && ![RACED, CUT, ...page.allowed].some((a) => a.test(m.text() + m.location().url))) page.faults.push(`${m.text()} ${m.location().url}`);
		});
		page.on('pageerror', (e) => page.faults.push(String(e.stack ?? e)));
		page.on('request', (r) => { if (!r.url().startsWith(t.url) && !r.url().startsWith('data:')) page.faults.push(`asked elsewhere: ${r.url()}`); });
		await page.goto(t.url + path);
		return page;
	}

	/** By a one-time link, pressing its button as a person does. */
	async signIn(t, user, path = '/') {
		const link = t.must(['user', 'link', user, ...t.offline, '--url', t.url]).trim();
		await this.context.clearCookies();
		const page = await this.page(t, new URL(link).pathname);
		await page.getByRole('button', { name: 'Sign in' }).click();
		await page.waitForURL(t.url + '/');
		if (path !== '/') await page.goto(t.url + path);
		return page;
	}

	async stop() {
		await this.context.close();
		rmSync(this.dir, { recursive: true, force: true });
	}
}

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** No violation in light and in dark. */
export async function accessible(page, what, schemes = ['light', 'dark']) {
	for (const scheme of schemes) {
		await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
		await page.evaluate(axeSource);
		const found = await page.evaluate((only) => window.axe.run(document, { runOnly: only, resultTypes: ['violations'] })
			.then((r) => r.violations.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.target} ${n.any[0]?.message ?? ''}`).slice(0, 3).join(' | ')}`)), tags);
		assert.deepEqual(found, [], `${what}, ${scheme}`);
	}
	await page.emulateMedia({ colorScheme: 'light' });
}

/** Nothing went wrong that nobody saw. */
export function clean(page) { assert.deepEqual(page.faults, []); }

/** The pointer away from everything that waits for it. */
export const away = (page) => page.mouse.move(100, 500);

export const phone = { width: 390, height: 844 };
export const desktop = { width: 1280, height: 800 };
