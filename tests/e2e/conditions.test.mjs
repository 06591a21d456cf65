// SPDX-License-Identifier: Apache-2.0
// Conditions within each other and the fields of a kept case, in the form of a rule set: made by hand and by keys,
// refused at their rows, and whatever a document says given back as it was. What a form makes of a condition is
// compared by the server's own reading of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ORG } from '../api/lib.mjs';
import { Browser, Tocsin, accessible, clean, module, phone, until } from './lib.mjs';

let t, b, page, of;
before(async () => {
	t = await Tocsin.start(ORG);
	b = await Browser.start();
	page = await b.signIn(t, 'owner');
	page.allowed = [/422/];
	of = await module('src/pages/config/form/condition.ts');
});
after(async () => {
	await b?.stop();
	await t?.stop();
});

const put = async (doc) => {
	const r = await t.call('PUT', '/api/v1/rulesets/main', doc);
	assert.ok(r.status < 300, r.text);
};
const saved = async () => (await t.get('/api/v1/rulesets/main')).json.document;
const open = async () => {
	await page.goto(t.url + '/config/rulesets/main/edit');
	await page.locator('[id="/rules:add"]').waitFor();
};
const at = (id) => page.locator(`[id="${id}"]`);
const row = (pointer) => page.locator(`[data-at="${pointer}"]`);
const field = (pointer, name) => row(pointer).getByLabel(name, { exact: true });
const focused = () => page.evaluate(() => document.activeElement?.id);
const check = () => page.getByRole('button', { name: 'Check what changes' }).click();
const accepted = () => page.getByText('the server accepts it').waitFor();
const save = async (tick) => {
	await check();
	await accepted();
	if (tick) await page.getByLabel('save although a case fails').check();
	await page.locator('header button.main:enabled').click();
	await page.waitForURL(/\/config\/rulesets\/main$/);
};

// ---- what needs no browser: drawn at random, judged by the server ----

let seed = 11;
const random = (n) => { seed = (seed * 1103515245 + 12345) % 2147483648; return Math.floor(seed / 65536) % n; };
const pick = (list) => list[random(list.length)];
const fields = ['severity', 'summary', 'labels.app', 'labels.kube-pod', 'labels."a b"', 'raw.alerts.0.host', 'urgency'];
const values = ['critical', 'a b', '', 'say \\"hi\\"', 'back\\\\slash', 'line\\nend', '\\d+|x', 'é', '\\u00e9', 'a=~b', '{x}', '[', 'two  spaces', '\\\\'];
const bare = ['critical', 'a\\nb', '\\d+', 'a\\\\b', 'x\\u0041', 'web-*', 'a\\', 'two words'];
const matcherOf = () => {
	const quoted = ['=', '!=', '~'].map((s) => `${pick(fields)}${s}"${pick(values)}"`);
	const unquoted = ['=', '!=', '~'].map((s) => `${pick(fields)} ${s} ${pick(bare)}`);
	return pick([...quoted, ...unquoted, `${pick(fields)}=~"${pick(['a|b', '\\d+', '^x$', 'a\\\\.b'])}"`, `${pick(fields)} !~ ${pick(['a|b', '\\d+'])}`,
		`${pick(fields)} ${pick(['>', '>=', '<', '<=', '=='])} ${pick(['90', '-1.5', '1e3', '"7"'])}`]);
};
const groups = [(l) => l, (l) => ({ all: l }), (l) => ({ any: l }), (l) => ({ not: { any: l } }), (l) => ({ not: { all: l } }), (l) => ({ not: l }), (l) => ({ not: l[0] ?? 'severity="info"' })];
const treeOf = (depth) => (depth === 0 || random(3) === 0 ? matcherOf() : pick(groups)(Array.from({ length: random(4) }, () => treeOf(depth - 1))));

const signal = { summary: 'a b', severity: 'critical', labels: { app: 'line\nend', 'a b': '95' }, raw: { alerts: [{ host: 'x' }] } };
/** How the server reads them: each a rule of its own. */
async function read(conditions) {
	const documents = { rulesets: { main: { rules: conditions.map((when, i) => ({ id: `r${i}`, when })) } } };
	const r = await t.post('/api/v1/rules/test', { documents, signals: signal, trace: true });
	assert.equal(r.status, 200, r.text);
	return r.json.items[0].after.trace.map((x) => x.when);
}
/** Taken apart and written anew as the form does it, every matcher by its parts. */
const anew = (c, matchers, root = false) => {
	const f = root ? of.rootForm(c) : of.formOf(c);
	if (f) return f.write(f.rows(c).map((x) => anew(x, matchers)));
	const m = matchers && of.matcher(c);
	return m ? of.matcherText(...m) : c;
};

test('a tree that is taken apart and written anew is the same, and means the same when its matchers are too', async () => {
	const trees = Array.from({ length: 300 }, () => treeOf(5));
	for (const c of trees) assert.deepEqual(anew(c, false, true), c);
	for (const c of [undefined, [], 'x', { any: [] }, { not: [] }, { not: {} }, { any: 3 }, { any: [], all: [] }, null, 7, { not: null }, [null, { some: [] }]]) assert.deepEqual(anew(c, false, true), c);
	const [was, is] = [await read(trees), await read(trees.map((c) => anew(c, true, true)))];
	trees.forEach((c, i) => assert.deepEqual(is[i], was[i], JSON.stringify([c, anew(c, true, true)])));
});

test('all, any, none, not all: a group means what was picked, whatever form it had', async () => {
	const row = () => pick(['severity="critical"', 'severity="info"', { not: 'summary="a b"' }, ['summary="a b"']]);
	const given = Array.from({ length: 60 }, () => ({ c: pick(groups)([row(), row()].slice(random(2))), how: pick(['all', 'any', 'none', 'some']), root: random(2) === 0 }));
	const rows = given.map((g) => of.formOf(g.c).rows(g.c));
	const parts = await read(rows.map((l) => ({ any: l })));
	const whole = await read(given.map((g, i) => of.formFor(g.how, g.root).write(rows[i])));
	given.forEach((g, i) => {
		const n = parts[i].parts.filter((p) => p.holds).length, all = rows[i].length;
		assert.equal(whole[i].holds, { all: n === all, any: n > 0, none: n === 0, some: n < all }[g.how], JSON.stringify([g, rows[i]]));
		assert.equal(of.rootForm(of.formFor(g.how, g.root).write(rows[i])).how, g.how);
	});
});

test('a row that goes step by step comes by every place, loses nobody, and comes back', () => {
	const leaves = (c, root = true) => { const f = root ? of.rootForm(c) : of.formOf(c); return f ? f.rows(c).flatMap((x) => leaves(x, false)) : [c]; };
	const paths = (c, path = []) => of.rowsOf(c, path).flatMap((_, i) => [[...path, i], ...paths(c, [...path, i])]);
	/** With all groups in one form, so that only their rows are compared. */
	const form = (c, root = true) => { const f = root ? of.rootForm(c) : of.formOf(c); return f ? { [f.how]: f.rows(c).map((x) => form(x, false)) } : c; };
	let [stepped, entered, left] = [0, 0, 0];
	for (let n = 0; n < 300; n++) {
		let leaf = 0;
		const tree = JSON.parse(JSON.stringify(pick(groups.slice(0, 3))([treeOf(3), treeOf(3), treeOf(2)])), (_, v) => (typeof v === 'string' ? `labels.n="${leaf++}"` : v));
		for (const from of paths(tree)) for (const by of [-1, 1]) {
			const place = of.stepOf(tree, from, by);
			if (!place) { assert.equal(from.length, 1); continue; }
			const next = of.relocated(tree, from, place), to = [...place.into, place.at];
			assert.ok(next !== null);
			assert.deepEqual(leaves(next).sort(), leaves(tree).sort());
			assert.ok(of.levels(next) <= of.LEVELS);
			stepped++;
			entered += to.length > from.length;
			left += to.length < from.length;
			const back = of.stepOf(next, to, -by);
			assert.deepEqual(form(of.relocated(next, to, back)), form(tree), JSON.stringify([tree, from, by, next]));
		}
	}
	assert.ok(stepped > 1000 && entered > 100 && left > 100, `${stepped} ${entered} ${left}`);
	// What would be too deep is passed by; nothing is dropped into itself.
	let deep = { any: [{ any: ['a="1"'] }, { any: ['b="1"'] }] };
	for (let n = 0; n < 12; n++) deep = { any: [deep] };
	const inner = Array.from({ length: 13 }, () => 0);
	assert.equal(of.levels([deep]), of.LEVELS);
	assert.deepEqual(of.stepOf([deep], [...inner, 0], 1), { into: inner, at: 1 });
	assert.deepEqual(of.stepOf([deep], [...inner, 0, 0], 1), { into: inner, at: 1 });
	assert.equal(of.dropOf([1], [1, 0], 0), null);
	assert.deepEqual(of.dropOf([0], [2, 1], 3), { into: [1, 1], at: 3 });
	assert.equal(of.relocated([{ any: Array.from({ length: 100 }, () => 'a="1"') }, 'b="1"'], [1], { into: [0], at: 0 }), null);
});

test('levels are counted as the server counts them', async () => {
	let [fit, refused] = [0, 0];
	for (let i = 0; i < 40; i++) {
		let c = 'severity="critical"';
		for (let n = 7 + random(9); n > 0; n--) c = pick(groups)([c]);
		if (of.levels(c) < 14 || of.levels(c) > 19) continue;
		const r = await t.call('PUT', '/api/v1/rulesets/main?dry_run=1', { rules: [{ id: 'x', when: c }] });
		if (/nested too deeply/.test(r.text)) continue;
		assert.equal(/too deep/.test(r.text), of.levels(c) > of.LEVELS, `${of.levels(c)} ${r.text}`);
		if (of.levels(c) > of.LEVELS) refused++;
		else fit++;
	}
	assert.ok(fit > 3 && refused > 3, `${fit} ${refused}`);
});

// ---- the form ----

test('groups within groups are made, picked, moved and taken away; the keys go along', async () => {
	await put({ rules: [{ id: 'one', when: ['labels.app="shop"'], set: { urgency: 'low' } }] });
	await open();
	await at('/rules/0/when:add-group').click();
	await until('the group has the focus', async () => (await focused()) === '/rules/0/when/1');
	await field('/rules/0/when/1/any/0', 'Value').fill('error');
	await at('/rules/0/when/1/any:add').press('Enter');
	await until('the new condition has the focus', async () => (await focused()) === '/rules/0/when/1/any/1');
	await page.keyboard.press('Control+A');
	await page.keyboard.type('labels.value');
	await page.keyboard.press('Tab');
	await page.keyboard.type('is over');
	await page.keyboard.press('Tab');
	await page.keyboard.press('Control+A');
	await page.keyboard.type('90');
	await page.keyboard.press('Alt+ArrowUp');
	await page.getByText('condition 2.2 is now 2.1 of 2').waitFor({ state: 'attached' });
	await until('the focus is in the group still', async () => (await page.evaluate(() => document.activeElement?.value)) === '90');
	await at('/rules/0/when/1/any:add-group').click();
	await page.getByLabel('How many must hold in group 2.3').selectOption('none of these');
	await field('/rules/0/when/1/any/2/not/any/0', 'Field').fill('labels.env');
	await field('/rules/0/when/1/any/2/not/any/0', 'Value').fill('live');
	await page.getByRole('button', { name: 'Move group 2.3 up' }).click();
	await page.getByRole('button', { name: 'Remove condition 2.3' }).click();
	await until('the focus is near', async () => (await focused()) === '/rules/0/when/1/any:add');
	await accessible(page, 'conditions within each other');
	await save();
	assert.deepEqual((await saved()).rules[0].when, ['labels.app="shop"', { any: ['labels.value > 90', { not: { any: ['labels.env="live"'] } }] }]);
	clean(page);
});

test('rows go from one group to another: past the end out of it, onto it into it; by keys, by buttons, by dragging', async () => {
	const [a, x, y, z] = ['labels.a="1"', 'labels.x="1"', 'labels.y="1"', 'labels.z="1"'];
	await put({ rules: [{ id: 'one', when: [a, { any: [x, y] }, { not: { any: [z] } }], set: { urgency: 'low' } }] });
	await open();
	const order = () => page.evaluate(() => [...document.querySelectorAll('.f-rule .f-matcher input[list]')].map((e) => `${'>'.repeat(e.closest('[data-at]').dataset.at.split(/any/).length - 1)}${e.value.slice(7)}`).join(' '));
	const is = (want) => until(want, async () => (await order()) === want);
	/** Pressed once the focus has come along: a person sees it. */
	const press = async (key, want) => {
		await until('the focus goes along', () => page.evaluate(() => document.activeElement.closest('.f-matcher')?.querySelector('input').value === 'labels.a'));
		await page.keyboard.press(key);
		await is(want);
	};
	const said = (text) => page.getByText(text, { exact: true }).waitFor({ state: 'attached' });
	await is('a >x >y >z');

	// By keys, with the focus in it all the way down and up again.
	await at('/rules/0/when/0:value').focus();
	const focus = (id) => until(`the focus in ${id}`, async () => (await focused()) === id);
	await page.keyboard.press('Alt+ArrowUp');
	await is('a >x >y >z');
	await page.keyboard.press('Alt+ArrowDown');
	await said('condition 1 is now 1.1 of 3');
	await focus('/rules/0/when/0/any/0:value');
	await is('>a >x >y >z');
	for (const want of ['>x >a >y >z', '>x >y >a >z', '>x >y a >z', '>x >y >a >z', '>x >y >z >a', '>x >y >z a']) await press('Alt+ArrowDown', want);
	await said('condition 2.2 is now 3 of 3');
	await focus('/rules/0/when/2:value');
	await press('Alt+ArrowDown', '>x >y >z a');
	for (const want of ['>x >y >z >a', '>x >y >a >z', '>x >y a >z', '>x >y >a >z']) await press('Alt+ArrowUp', want);
	await focus('/rules/0/when/0/any/2:value');

	// Keys that repeat faster than anything is drawn: the focus is there before the next is heard.
	const repeated = (key) => page.evaluate(async (key) => {
		const draw = window.requestAnimationFrame;
		window.requestAnimationFrame = () => 0;
		for (let i = 0; i < 3; i++) {
			document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, altKey: true, bubbles: true }));
			await new Promise((done) => setTimeout(done));
		}
		window.requestAnimationFrame = draw;
	}, key);
	await repeated('ArrowDown');
	await is('>x >y >z >a');
	await repeated('ArrowUp');
	await is('>x >y >a >z');
	await focus('/rules/0/when/0/any/2:value');

	// By a button, which a finger can press; it keeps the focus, and its place in the page is where the row is.
	await page.getByRole('button', { name: 'Move condition 1.3 down' }).click();
	await is('>x >y a >z');
	await focus('/rules/0/when/1:down');
	await page.getByRole('button', { name: 'Move condition 1.1 up' }).click();
	await is('x >y a >z');
	await focus('/rules/0/when/0:down');

	// By the mouse: onto a row of another group, onto the head of one, behind its last. A group goes with all that is in it.
	const handle = (pointer) => page.locator('li', { has: row(pointer) }).last().locator('> .handle');
	const drag = (pointer, target) => handle(pointer).dragTo(target, { targetPosition: { x: 8, y: 8 } });
	await drag('/rules/0/when/0', row('/rules/0/when/1/any/0'));
	await is('>x >y a >z');
	await drag('/rules/0/when/1', row('/rules/0/when/2/not/any/0').locator('xpath=ancestor::div[contains(@class,"f-group")][1]').locator('> .f-group-head'));
	await is('>x >y >a >z');
	await drag('/rules/0/when/1/not/any/1', at('/rules/0/when/0/any:add').locator('xpath=..'));
	await is('>x >y >z >a');
	await drag('/rules/0/when/1', row('/rules/0/when/0/any/1'));
	await is('>x >>a >y >z');
	await accessible(page, 'rows that were moved', ['light']);
	await save();
	assert.deepEqual((await saved()).rules[0].when, [{ any: [x, { not: { any: [a] } }, y, z] }]);
	clean(page);
});

test('what the server refuses stands at its row, which gets the focus', async () => {
	await put({ rules: [{ id: 'one', when: ['labels.app="shop"', { any: ['severity="error"', { not: 'severity="info"' }] }], set: { urgency: 'low' } }] });
	await open();
	await field('/rules/0/when/1/any/1/not', 'Field').fill('severty');
	await page.getByLabel('Value of urgency').fill('loud');
	await check();
	await row('/rules/0/when/1/any/1/not').getByText('did you mean "severity"?').waitFor();
	await until('the row has the focus', async () => (await focused()) === '/rules/0/when/1/any/1/not');
	assert.equal(await at('/rules/0/when/1/any/1/not').getAttribute('aria-invalid'), 'true');
	assert.equal(await page.locator('.f-fault').count(), 2, 'each at its own place and nowhere else');
	await page.locator('.f-pair .f-fault', { hasText: 'expected one of high, low' }).waitFor();
	await accessible(page, 'a condition that is refused', ['light']);
	page.once('dialog', (d) => d.accept());
	clean(page);
});

const shapes = [undefined, 'severity="critical"', ['severity="critical"'], { any: ['severity="critical"', ['summary="x"', { all: ['urgency="low"'] }]] }, { not: 'labels.app="x"' },
	{ not: ['severity="info"', 'summary~"*x*"'] }, { all: [{ not: { not: 'labels.value > 90' } }, { not: { all: ['source!="y"', { any: [] }] } }] }, [], 'labels."kube app"=~"a\\\\.b|c"', ['labels.kube-app/x="y"']];
const kept = [
	{ name: 'fields', signal: { summary: 'x', severity: 'critical', labels: { app: 'shop', 'a/b': '' }, raw: { n: [1, { deep: null }], big: 1e21 }, links: { run: 'https://x.example/' } }, expect: { service: null, urgency: 'low', summary: 'x' } },
	{ name: 'more than fields', signal: { summary: 'two\nlines', severity: 'dire', extra: [true], labels: { n: 5 } }, expect: {} },
	{ name: 'nothing', signal: {}, expect: { dedup_key: null, severity: 'nonsense', service: 'gone' } },
];

test('whatever a rule set says comes back as it was, also when each part was changed and changed back', async () => {
	await put({ rules: shapes.map((when, i) => ({ id: `r${i}`, ...(when !== undefined && { when }), ...(i % 2 && { set: { 'labels.n': 7, summary: '' }, annotate: { run: 'https://x' }, stop: true }) })), cases: kept });
	const was = await saved();
	await open();
	for (const group of ['Conditions', 'Signal', 'Expect']) assert.ok(await page.getByRole('group', { name: group }).count() >= 2, group);
	const inputs = page.locator('.f-rule input:not([type=checkbox]):not(.f-key), .f-fields input');
	const n = await inputs.count();
	assert.ok(n > 50, `${n} fields`);
	await page.evaluate(() => {
		const type = (el, v) => {
			Object.getOwnPropertyDescriptor(Object.getPrototypeOf(el), 'value').set.call(el, v);
			el.dispatchEvent(new InputEvent('input', { bubbles: true }));
		};
		const all = () => [...document.querySelectorAll('.f-rule input:not([type=checkbox]):not(.f-key):not([list=settable]), .f-fields input:not(.f-key)')];
		window.turn = async (i, more) => {
			const el = all()[i];
			const had = el.value;
			if (had === '' || /^\d+$/.test(had)) return; // what is empty is taken out, a number becomes a text
			type(el, had + more);
			await new Promise(requestAnimationFrame);
			type(all()[i], had);
			await new Promise(requestAnimationFrame);
		};
		window.all = () => all().length;
	});
	const many = await page.evaluate(() => window.all());
	for (let i = 0; i < many; i++) await page.evaluate((k) => window.turn(k, 'x'), i);
	await check();
	await accepted();
	assert.equal(await page.locator('.diff').count(), 0, 'it is as it was');
	await page.getByRole('button', { name: 'YAML' }).click();
	await page.getByRole('button', { name: 'Form', exact: true }).click();
	await at('/name').fill('Main');
	await save(true);
	assert.deepEqual(await saved(), { ...was, name: 'Main' });
	clean(page);
});

test('as deep as the server takes them and no deeper; on a phone nothing is wider than it', async () => {
	let deep = 'labels.deep="yes"';
	for (let i = 0; i < 14; i++) deep = { any: [deep] };
	await put({ rules: [{ id: 'deep', when: [deep] }, { id: 'flat' }] });
	await page.setViewportSize(phone);
	await open();
	const pointer = '/rules/0/when/0' + '/any/0'.repeat(14);
	await page.getByRole('region', { name: 'Try it' }).locator('.hits tr', { hasText: 'deep' }).waitFor();
	assert.ok(await at(pointer.slice(0, -2) + ':add-group').isDisabled());
	assert.ok(await at(pointer.slice(0, -8) + ':add-group').isEnabled());
	assert.ok(await at(pointer.slice(0, -6)).locator('option', { hasText: 'none of these' }).isDisabled());
	await field(pointer, 'Value').fill('no');
	assert.ok((await field(pointer, 'Value').boundingBox()).width > 60);
	assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
	await accessible(page, 'deep conditions on a phone', ['light']);
	await save();
	assert.match(JSON.stringify((await saved()).rules[0].when), /labels\.deep=\\"no\\"/);
	await page.setViewportSize({ width: 1280, height: 800 });
	clean(page);
});

test('a case by its fields, and as JSON where one likes or must', async () => {
	await put({ rules: [{ id: 'quiet', when: ['labels.env="test"'], set: { urgency: 'low' } }] });
	await open();
	await page.getByText('More settings').click();
	await at('/cases:add').click();
	await at('/cases/0/name').fill('test wakes nobody');
	await at('/cases/0/signal/summary').fill('disk full');
	await row('/cases/0/signal/labels').getByRole('button', { name: 'Add label' }).click();
	await page.getByLabel('Name of label 1').fill('env');
	await page.getByLabel('Value of env').fill('test');
	await at('/cases/0/expect/service').selectOption('none');
	await at('/cases/0/expect/urgency').selectOption('low');
	await at('/cases/0/expect/dedup_key').selectOption('the text');
	await page.getByLabel('Dedup key, its text').fill('/disk full');
	await page.getByRole('region', { name: 'Try it' }).getByText('✓ 1').waitFor();
	await accessible(page, 'the fields of a case');
	const ways = page.getByRole('group', { name: 'How signal is written' });
	await ways.getByRole('button', { name: 'JSON' }).click();
	const json = page.getByLabel('Signal as JSON');
	assert.deepEqual(JSON.parse(await json.inputValue()), { severity: 'critical', summary: 'disk full', labels: { env: 'test' } });
	await json.fill('{"summary":"disk full","labels":{"env":"test","n":5}}');
	await json.blur();
	await row('/cases/0/signal').getByText('There is more in it than the fields can show.').waitFor();
	assert.equal(await ways.count(), 0);
	await json.fill('{"summary":"disk full","severity":"error","labels":{"env":"test"},"source":"host-7"}');
	await json.blur();
	await ways.getByRole('button', { name: 'Fields' }).click();
	await until('its fields are there', async () => (await at('/cases/0/signal/severity').inputValue()) === 'error');
	await at('/cases/0/expect/dedup_key').selectOption('–');
	await save();
	assert.deepEqual((await saved()).cases, [{ name: 'test wakes nobody', signal: { summary: 'disk full', severity: 'error', labels: { env: 'test' }, source: 'host-7' }, expect: { urgency: 'low', service: null } }]);
	clean(page);
});

test('whole numbers keep their digits, however long: in the form, in its JSON, and kept from a signal', async () => {
	const long = ['9007199254740993', '-9223372036854775808', '9223372036854775807'];
	const doc = (name) => `{"name": "${name}", "rules": [], "cases": [{"name": "long", "signal": {"summary": "x", "raw": {"n": ${long[0]}, "in": [${long[1]}, {"deep": ${long[2]}}], "short": 12}}, "expect": {}}]}`;
	const text = async () => JSON.stringify((await t.get('/api/v1/rulesets/main')).text);
	const kept = async () => { for (const n of long) assert.ok((await text()).includes(n), n); };
	assert.ok((await t.call('PUT', '/api/v1/rulesets/main', doc('Long'))).status < 300);
	await kept();
	await open();
	await at('/name').fill('Longer');
	const raw = page.locator('[id="/cases/0/signal/raw"]');
	for (const n of long) assert.ok((await raw.inputValue()).includes(n), n);
	await raw.fill((await raw.inputValue()).replace('12', '18446744073709551615'));
	await raw.blur();
	await raw.fill((await raw.inputValue()).replace('18446744073709551615', '13'));
	await raw.blur();
	await save();
	await kept();
	assert.match(await text(), /Longer.*short.*13/);

	// A field that is one whole number says what was typed.
	await open();
	await at('/order').fill('9007199254740993');
	await check();
	await row('/order').locator('.f-fault').waitFor();
	assert.equal(await at('/order').inputValue(), '9007199254740993');

	// A browser that cannot keep them says so and takes the text.
	const old = await b.context.newPage();
	await old.addInitScript(() => { delete JSON.rawJSON; delete JSON.isRawJSON; });
	await old.goto(t.url + '/config/rulesets/main/edit');
	await old.getByText('This browser cannot keep the digits of 9007199254740993 in a form.').waitFor();
	await old.close();
	page.once('dialog', (d) => d.accept());
	clean(page);
});
