// SPDX-License-Identifier: Apache-2.0
// Rules tried out: drafts on signals of the record as they came, on given ones, and on the cases of rule sets.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { ORG, Tocsin } from './lib.mjs';

let t;
const rules = (list, more = {}) => ({ rulesets: { main: { rules: list, ...more } } });
const tried = async (body) => (await t.post('/api/v1/rules/test', body)).json;
const draft = [
	{ id: 'staging', when: ['labels.env=~"staging|test"'], set: { urgency: 'low', 'labels.quiet': 'yes' } },
	{ id: 'orders', when: [{ any: ['labels.app="orders"', { not: 'severity!="critical"' }] }, 'summary~"*slow*"'], set: { severity: 'warning', dedup_key: 'orders/${labels.app}' }, stop: true },
	{ id: 'rest', set: { summary: '${summary}!' } },
];

before(async () => {
	t = await Tocsin.start(ORG);
	await t.post('/api/v1/config', rules([{ id: 'env', when: ['labels.env="staging"'], set: { urgency: 'low', severity: 'warning', 'labels.env': 'test', 'labels.by': 'rule' } }]));
	for (const s of [{ dedup_key: 'a', severity: 'critical', summary: 'a is slow', labels: { env: 'staging', app: 'orders' } },
		{ dedup_key: 'b', severity: 'error', summary: 'b', labels: { env: 'prod' } },
		{ dedup_key: 'c', severity: 'critical', summary: 'c is slow' }]) assert.equal((await t.signal(s)).status < 300, true);
});
after(async () => { await t?.stop(); });

test('a stored signal is tried as it came, not as rules made it', async () => {
	const a = (await tried({ last: 10 })).items.find((i) => i.before.dedup_key === 'a');
	assert.equal(a.differs, false);
	assert.deepEqual(a.before.rules, ['env']);
	assert.equal(a.before.severity, 'warning');
	const kept = (await t.get(`/api/v1/signals?dedup_key=a`)).json.items[0].signal;
	assert.equal(kept.labels.env, 'test');
	assert.deepEqual(kept.changed.map((c) => [c.field, c.before]), [['urgency', undefined], ['severity', 'critical'], ['labels.env', 'staging'], ['labels.by', undefined]]);
});

test('what a draft changes, and how often each rule is taken', async () => {
	const r = await tried({ last: 10, documents: rules(draft) });
	assert.equal(r.signals, 3);
	assert.equal(r.changed, 3);
	const by = Object.fromEntries(r.items.map((i) => [i.dedup_key, i]));
	assert.deepEqual(by.a.after.rules, ['staging', 'orders']);
	assert.equal(by.a.after.dedup_key, 'orders/orders');
	assert.equal(by.a.after.urgency, 'low');
	assert.deepEqual(by.b.after.rules, ['rest']);
	assert.equal(by.b.after.summary, 'b!');
	assert.deepEqual(by.c.after.rules, ['orders']);
	assert.deepEqual(r.rules.map((x) => [x.rule, x.before, x.after]), [['staging', 0, 1], ['orders', 0, 2], ['rest', 0, 1]]);
	assert.equal((await t.get('/api/v1/rulesets/main')).json.document.rules.length, 1, 'nothing was saved');
});

test('why: every condition with what it saw', async () => {
	const id = (await t.get('/api/v1/signals?dedup_key=c')).json.items[0].id;
	const [c] = (await tried({ signal: id, trace: true, documents: rules(draft) })).items;
	const [staging, orders] = c.after.trace;
	assert.equal(c.after.trace.length, 2, 'what stops is the last');
	assert.deepEqual([staging.rule, staging.holds, staging.changes], ['staging', false, []]);
	const one = (x) => (x.op === 'all' && x.parts.length === 1 ? x.parts[0] : x);
	assert.deepEqual(one(staging.when), { holds: false, op: '=~', field: 'labels.env', value: 'staging|test', seen: '' });
	assert.deepEqual(orders.when.parts.map((p) => [p.op, p.holds]), [['any', true], ['~', true]]);
	assert.deepEqual(orders.when.parts[0].parts[1].parts[0], { holds: false, op: '!=', field: 'severity', value: 'critical', seen: 'critical' });
	assert.equal(orders.changes[0].after, 'warning');
	assert.equal(orders.stop, true);
	assert.equal((await t.post('/api/v1/rules/test', { signal: 999999 })).status, 404);
	assert.equal((await t.post('/api/v1/rules/test', { last: 501 })).status, 422);
});

test('on a pasted signal; one that cannot be read is refused with its place', async () => {
	const r = await tried({ signals: { summary: 'x', severity: 'critical', labels: { env: 'staging' } }, documents: rules(draft) });
	assert.deepEqual(r.items[0].after.rules, ['staging', 'rest']);
	const bad = await t.post('/api/v1/rules/test', { signals: { summary: 'x', severity: 'bad' } });
	assert.equal(bad.status, 422);
	assert.match(bad.text, /severity/);
	const broken = await t.post('/api/v1/rules/test', { documents: rules([{ id: 'x', when: ['labels.a=~"("'] }]) });
	assert.equal(broken.status, 422);
	assert.match(broken.json.errors[0].pointer, /rulesets\/main\/rules\/0\/when/);
});

const cases = [{ name: 'staging is quiet', signal: { summary: 's', severity: 'critical', labels: { env: 'staging' } }, expect: { urgency: 'low', service: null } },
	{ name: 'the rest is loud', signal: { summary: 's', severity: 'critical' }, expect: { urgency: 'high', summary: 's!' } }];

test('cases are kept with the rules, tried with them, and for all in CI', async () => {
	const r = await tried({ documents: rules(draft, { cases }) });
	assert.deepEqual(r.cases.map((c) => [c.set, c.name, c.passed]), [['main', 'staging is quiet', true], ['main', 'the rest is loud', true]]);
	const worse = await tried({ documents: rules([draft[0]], { cases }) });
	assert.deepEqual(worse.cases[1].faults, [{ field: 'summary', expected: 's!', seen: 's' }]);
	writeFileSync(`${t.dir}/rules.yaml`, JSON.stringify(rules(draft, { cases })));
	assert.match(t.cli(['rules', 'test', '-f', `${t.dir}/rules.yaml`]).out, /3 of 3 signals change[^]*orders\t0\t2[^]*2 passed, 0 failed/);
	writeFileSync(`${t.dir}/rules.yaml`, JSON.stringify(rules([draft[0]], { cases })));
	const no = t.cli(['rules', 'test', '--last', '0', '-f', `${t.dir}/rules.yaml`]);
	assert.equal(no.code, 7);
	assert.match(no.out, /main: the rest is loud: does not hold\n {2}summary: expected "s!", but it is "s"\n1 passed, 1 failed/);
	assert.equal((await t.post('/api/v1/config', rules(draft, { cases }))).status, 200);
	assert.deepEqual((await t.get('/api/v1/rulesets/main')).json.document.cases, cases);
	const refused = await t.post('/api/v1/config', rules(draft, { cases: [{ name: 'x', signal: {}, expect: { colour: 'red' } }] }));
	assert.equal(refused.status, 422);
	assert.match(refused.json.errors[0].pointer, /cases\/0\/expect/);
});
