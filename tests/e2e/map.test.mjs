// SPDX-License-Identifier: Apache-2.0
// What depends on what: the picture and its table say the same, by keyboard too; the likely core issue; and how
// the places are found.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { Browser, Tocsin, clean } from './lib.mjs';
import { story } from './story.mjs';

const need = createRequire(resolve('web/package.json'));
const source = need('esbuild').transformSync(readFileSync('web/src/pages/config/map/layout.ts', 'utf8'), { loader: 'ts', format: 'esm' }).code;
const { place, reach, cores } = await import(`data:text/javascript,${encodeURIComponent(source)}`);

test('everything stands left of what it depends on, and no line runs behind a service', () => {
	const edges = [['web', 'pay'], ['web', 'db'], ['pay', 'db'], ['pay', 'bank'], ['search', 'db'], ['db', 'disk'], ['gone', 'db'], ['web', 'web']];
	const p = place(['disk', 'db', 'web', 'pay', 'bank', 'search'], edges);
	assert.equal(p.edges.length, 6, 'what is not there has no line');
	for (const e of p.edges) {
		const stops = [p.nodes.get(e.from), ...e.via, p.nodes.get(e.to)];
		stops.slice(1).forEach((s, i) => assert.equal(s.x, stops[i].x + 1, `${e.from} to ${e.to} goes column by column`));
		for (const v of e.via) for (const n of p.nodes.values()) assert.ok(n.x !== v.x || Math.abs(n.y - v.y) >= 1, `${e.from} to ${e.to} is behind ${n.id}`);
	}
	const at = [...p.nodes.values()].map((n) => `${n.x}/${n.y}`);
	assert.equal(new Set(at).size, at.length, 'no two in one place');
	assert.deepEqual(place([], []).rows, 0);
	assert.equal(place(['a', 'b'], [['a', 'b'], ['b', 'a']]).nodes.size, 2, 'a circle ends');
});

test('what is in trouble while nothing that it depends on is', () => {
	const edges = [['web', 'pay'], ['pay', 'db'], ['search', 'db']];
	assert.deepEqual(cores(['web', 'pay', 'db', 'search'], edges, new Set(['web', 'db'])), ['db']);
	assert.deepEqual(cores(['web', 'pay', 'db', 'search'], edges, new Set(['web', 'search'])), ['web', 'search']);
	assert.deepEqual([...reach('db', edges, true)].sort(), ['pay', 'search', 'web']);
});

let t, b, page;
before(async () => {
	t = await story(Tocsin, readFileSync('examples/demo/org.yaml', 'utf8'));
	b = await Browser.start();
	page = await b.signIn(t, 'owner', '/config/services');
});
after(async () => {
	await b?.stop();
	await t?.stop();
});

test('the picture shows states in words, its table says the same, a node is opened by keyboard', async () => {
	const map = page.getByRole('region', { name: 'Dependencies' });
	await map.getByRole('link', { name: 'Cluster, triggered' }).waitFor();
	assert.equal(await map.locator('.node').count(), 3);
	assert.match(await map.textContent(), /Likely core issue: Cluster/);
	await map.getByRole('button', { name: 'View as table' }).click();
	assert.match(await map.getByRole('row', { name: /^Website/ }).textContent(), /triggered.*Checkout, Cluster/);
	await map.getByRole('button', { name: 'View as picture' }).click();
	await map.getByRole('link', { name: 'Checkout, triggered' }).focus();
	await page.keyboard.press('Enter');
	await page.waitForURL(/\/config\/services\/checkout$/);
	clean(page);
});

test('when it recovers the picture says so by itself', async () => {
	await page.goto(t.url + '/config/services/cluster');
	const map = page.getByRole('region', { name: 'Dependencies' });
	await map.getByRole('link', { name: 'Website, triggered' }).waitFor();
	const open = (await t.get('/api/v1/incidents?state=open&service=checkout')).json.items;
	assert.ok(open.length > 0);
	for (const i of open) await t.post(`/api/v1/incidents/${i.id}/resolve`, {});
	await map.getByRole('link', { name: 'Checkout, quiet' }).waitFor();
	clean(page);
});
