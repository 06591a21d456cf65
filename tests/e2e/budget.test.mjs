// SPDX-License-Identifier: Apache-2.0
// Budgets of size, contrast of the tokens, types that fit the API, and the pure parts of the UI.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { module } from './lib.mjs';

const size = (path) => gzipSync(readFileSync(join('web/dist', path)), { level: 9 }).length;
const kib = (n) => n * 1024;

test('the size of what is sent', () => {
	const html = readFileSync('web/dist/index.html', 'utf8');
	const main = /src="\/(assets\/main-[^"]+)"/.exec(html)[1];
	const css = /href="\/(assets\/main-[^"]+\.css)"/.exec(html)[1];
	const scripts = readdirSync('web/dist/assets').filter((f) => f.endsWith('.js')).map((f) => `assets/${f}`);
	// What the first page loads: main and what it imports by name.
	const first = new Set([main, ...scripts.filter((f) => /theme|stream\.worker/.test(f))]);
	for (const f of first)
		for (const m of readFileSync(join('web/dist', f), 'utf8').matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g)) first.add(`assets/${m[1]}`);
	const sum = (list) => [...list].reduce((n, f) => n + size(f), 0);
	const report = `first view ${sum(first)}, all ${sum(scripts)}, css ${size(css)}`;
	assert.ok(sum(first) <= kib(45), report);
	assert.ok(sum(scripts) <= kib(150), report);
	assert.ok(size(css) <= kib(10), report);
	for (const f of readdirSync('web/dist/assets')) if (f.endsWith('.css') && `assets/${f}` !== css) assert.ok(size(`assets/${f}`) <= kib(5), `${f} ${size(`assets/${f}`)}`);
	for (const f of scripts) if (!first.has(f)) assert.ok(size(f) <= kib(15), `${f} ${size(f)}`);
	assert.ok(size('door.js') <= kib(4), `door.js ${size('door.js')}`);
	assert.deepEqual(Object.keys(JSON.parse(readFileSync('web/package.json')).dependencies).sort(), ['@preact/signals', 'preact']);
});

function luminance(hex) {
	const c = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
	return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2];
}
function contrast(a, b) {
	const [hi, lo] = [luminance(a), luminance(b)].sort((x, y) => y - x);
	return (hi + 0.05) / (lo + 0.05);
}

test('every colour of text keeps its contrast in both themes, and both dark themes are one', () => {
	const css = readFileSync('web/src/tokens.css', 'utf8');
	const tokens = (rule) => {
		const from = css.indexOf(rule);
		assert.ok(from >= 0, rule);
		return Object.fromEntries([...css.slice(from, css.indexOf('}', from)).matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map((m) => [m[1], m[2]]));
	};
	const light = tokens(':root {');
	const system = tokens(":root:not([data-theme='light'])");
	const chosen = tokens(":root[data-theme='dark']");
	assert.deepEqual(system, chosen);
	for (const [name, t] of [['light', light], ['dark', chosen]]) {
		for (const fg of ['ink', 'muted', 'accent', 'triggered', 'acknowledged', 'mitigated', 'resolved', 'snoozed'])
			for (const bg of ['page', 'panel', 'raised'])
				assert.ok(contrast(t[fg], t[bg]) >= 4.5, `${name}: ${fg} on ${bg} ${contrast(t[fg], t[bg])}`);
		for (const n of [1, 2, 3, 4]) assert.ok(contrast(t[`on-sev${n}`], t[`sev${n}`]) >= 4.5, `${name}: severity ${n}`);
		for (let n = 0; n < 8; n++) assert.ok(contrast(t['on-tint'], t[`tint${n}`]) >= 4.5, `${name}: tint ${n}`);
		assert.ok(contrast(t['on-gap'], t.gap) >= 4.5 && contrast(t.on, t.accent) >= 4.5, name);
		assert.ok(contrast(t.edge, t.panel) >= 3, `${name}: the edge of a field`);
	}
});

test('the types of the UI are those of the API', () => {
	const types = spawnSync(process.execPath, ['web/types.mjs', '--check'], { encoding: 'utf8' });
	assert.equal(types.status, 0, types.stderr);
});

const incident = (id, revision, more = {}) => ({ id, revision, state: 'triggered', title: `t${id}`, severity: 'critical', urgency: 'high', mode: 'standard', dedup_key: `k${id}`, policy_revision: 1, opened_at: '', triggered_at: '', alerts: 1, open_alerts: 1, updated_at: '', ...more });

test('what is known is the same in whatever order it was heard', async () => {
	const { apply } = await module('src/store/reduce.ts');
	let seed = 7;
	const random = (n) => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed % n; };
	for (let round = 0; round < 50; round++) {
		const changes = Array.from({ length: 30 }, () => { const id = 1 + random(5), revision = 1 + random(6); return { kind: 'seen', items: [incident(id, revision, { title: `${id}.${revision}` })], waits: [] }; });
		const play = (list) => { const rows = new Map(); for (const c of list) for (const [k, v] of apply(rows, c)) rows.set(k, v); return JSON.stringify([...rows].sort(([a], [b]) => a - b)); };
		const shuffled = [...changes];
		for (let i = shuffled.length - 1; i > 0; i--) { const j = random(i + 1); [shuffled[i], shuffled[j]] = [shuffled[j], shuffled[i]]; }
		assert.equal(play(shuffled), play(changes));
	}
});

test('an own click shows, is replaced by the answer, and goes back when refused', async () => {
	const { apply } = await module('src/store/reduce.ts');
	const rows = new Map([[1, incident(1, 4)]]);
	const step = (c) => { for (const [k, v] of apply(rows, c)) rows.set(k, v); return rows.get(1); };
	assert.equal(step({ kind: 'pending', id: 1, verb: 'acknowledge', patch: { state: 'acknowledged', acked_by: 'user/a' } }).state, 'acknowledged');
	assert.equal(step({ kind: 'seen', items: [incident(1, 4)], waits: null }).pending, 'acknowledge', 'an old look does not take it back');
	assert.equal(step({ kind: 'unsent', id: 1 }).unsent, true);
	assert.equal(step({ kind: 'settled', id: 1, back: { state: 'triggered', acked_by: undefined } }).state, 'triggered');
	step({ kind: 'pending', id: 1, verb: 'acknowledge', patch: { state: 'acknowledged' } });
	const done = step({ kind: 'settled', id: 1, item: incident(1, 5, { state: 'acknowledged', acked_by: 'user/a' }) });
	assert.deepEqual([done.state, done.pending, done.revision], ['acknowledged', undefined, 5]);
});

test('filters: one of a field, all of the fields, without, words', async () => {
	const { compile } = await module('src/store/filter.ts');
	const a = incident(1, 1, { title: 'Disk full', severity: 'critical', team: 'shop', service: 'web' });
	const s = incident(2, 1, { title: 'Mail late', severity: 'warning', state: 'acknowledged', snoozed_until: 'x', acked_by: 'user/bo' });
	for (const [text, want] of [['', [1, 1]], ['sev:critical', [1, 0]], ['sev:critical sev:warning', [1, 1]], ['sev:critical team:mail', [0, 0]], ['-state:snoozed', [1, 0]], ['disk', [1, 0]],
		['"mail late"', [0, 1]], ['#2', [0, 1]], ['by:bo', [0, 1]], ['team:none', [0, 1]], ['service:w*', [1, 0]], ['unknown:x', [0, 0]], ['SEV:WARNING late', [0, 1]]])
		assert.deepEqual([a, s].map((r) => Number(compile(text)(r))), want, text);
});

test('the strength of a password, by what a guesser has to find', async () => {
	const { judge, guesses } = await module('src/password/strength.ts');
	const own = ['ada', 'Ada King-Lovelace', 'countess@ockham.example'];
	const table = {
		none: [''],
		short: ['correct', 'Tr0ub4dor&3', '日本語の長い文'],
		long: ['two words '.repeat(13)],
		weak: ['password1234', 'Passw0rd2026!', 'p4$$w0rdp4$$w0rd', 'aaaaaaaaaaaa', 'abcabcabcabcabc', '123456789012', 'qwertyuiopasdfghjkl',
			'zaq1zaq1zaq1', 'Welcome-2026!!', 'iloveyou12345', 'King-Lovelace1999', 'Countess.Ockham', 'tocsin-oncall-1', 'ääääääääääää'],
		fair: ['correct horse', 'a long password', 'password monkey dragon 1', 'xkqjvbzmwprt'],
		good: ['the first of them', 'Tr0ub4dor&3xyz', 'correct horse battery', 'kX9#mQ2$vL7p', '日本語の長い文です、はい'],
		strong: ['correct horse battery staple', 'kX9#mQ2$vL7pTz', 'Am Abend gehen wir über die Brücke ins Dorf'],
	};
	for (const [level, texts] of Object.entries(table)) for (const text of texts) assert.equal(judge(text, own), level, `${text} ${JSON.stringify(guesses(text, own))}`);
	assert.equal(judge('King-Lovelace1999'), 'good', 'a name counts as little only where it is one');
});
