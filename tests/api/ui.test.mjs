// SPDX-License-Identifier: Apache-2.0
// What the web UI reads: the board and what was touched since, who is asked next, a schedule's layers, documents
// as YAML; and the way in, with and without a built UI.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Mailbox, ORG, Tocsin, until } from './lib.mjs';

let t, box;
const yaml = { 'content-type': 'application/yaml' };
before(async () => {
	box = await Mailbox.start();
	t = await Tocsin.start(ORG, { args: ['--smtp', box.url, '--mail-from', 'tocsin@house.example'] });
});
after(async () => {
	await t?.stop();
	await box?.stop();
});

test('the board is a first look with its place, then what was touched since', async () => {
	const none = (await t.get('/api/v1/board')).json;
	assert.deepEqual([none.items, none.waits, none.nexts], [[], [], []]);
	await t.signal({ dedup_key: 'a', severity: 'critical', summary: 'A' });
	const { id } = await t.incident('a');
	const first = (await t.get(`/api/v1/board?after=${none.seq}`)).json;
	assert.deepEqual(first.items.map((i) => i.id), [id]);
	assert.ok(first.seq > none.seq && first.more === false);
	await until('the mail is out', async () =>
		(await t.get(`/api/v1/incidents/${id}/pages`)).json.items[0]?.state === 'sent');
	const now = await until('the place stands still', async () => {
		const one = (await t.get('/api/v1/board')).json, two = (await t.get(`/api/v1/board?after=${one.seq}`)).json;
		return one.seq === two.seq ? one : null;
	});
	assert.equal(now.items[0].id, id);
	assert.equal(now.waits[0].incident, id);
	assert.ok(Date.parse(now.waits[0].ends_at) > Date.now());
	assert.deepEqual((await t.get(`/api/v1/board?after=${now.seq}`)).json, { seq: now.seq, more: false, items: [], waits: [], nexts: [] });
	await t.post(`/api/v1/incidents/${id}/acknowledge`, {});
	const acked = (await t.get(`/api/v1/board?after=${now.seq}`)).json;
	assert.deepEqual([acked.items.map((i) => i.state), acked.waits], [['acknowledged'], []]);
	assert.equal((await t.get('/api/v1/board?after=-1')).status, 400);
	assert.equal((await t.get('/api/v1/board', { authorization: '' })).status, 401);
});

test('a long stretch of the log comes in pieces that miss nothing', async () => {
	let { seq } = (await t.get('/api/v1/board')).json;
	await t.signal(Array.from({ length: 100 }, (_, i) => ({ dedup_key: `many-${i}`, severity: 'critical', summary: 'Many' })));
	await t.incident('many-99');
	const seen = new Set();
	for (let more = true; more;) {
		const part = (await t.get(`/api/v1/board?after=${seq}`)).json;
		part.items.forEach((i) => seen.add(i.dedup_key));
		({ seq, more } = part);
	}
	assert.equal([...seen].filter((k) => k.startsWith('many-')).length, 100);
});

test('whom the step asks and who is next', async () => {
	await t.signal({ dedup_key: 'next', severity: 'critical', summary: 'Next' });
	const { id } = await t.incident('next');
	const e = (await t.get(`/api/v1/incidents/${id}/escalation`)).json;
	assert.deepEqual([e.waiting, e.policy, e.step, e.steps, e.last], [true, 'core', 1, 2, false]);
	assert.deepEqual([e.now, e.next], [[{ target: 'user/ada', users: ['ada'] }], [{ target: 'user/bo', users: ['bo'] }]]);
	await t.post(`/api/v1/incidents/${id}/escalate`, {});
	const last = (await t.get(`/api/v1/incidents/${id}/escalation`)).json;
	assert.deepEqual([last.step, last.last, last.next], [2, true, [{ target: 'user/owner', users: ['owner'] }]]);
	await t.post(`/api/v1/incidents/${id}/resolve`, {});
	assert.equal((await t.get(`/api/v1/incidents/${id}/escalation`)).json.waiting, false);
	assert.equal((await t.get('/api/v1/incidents/999999/escalation')).status, 404);
});

// A world for looking ahead: who comes next is asked of the board.
const AHEAD = ORG.replace('schedules:', `schedules:
  empty: { team: core, layers: [] }
  soon: { team: core, layers: [{ name: short, members: [ada, bo], start: 2026-01-05 00:00, every: 1m }] }`).replace('policies:', `policies:
  gap: { team: core, steps: [{ page: [user/ada], wait: 5m }, { page: [schedule/empty], wait: 5m }, { page: [user/bo], wait: 5m }] }
  again: { team: core, repeat: 1, steps: [{ page: [user/ada], wait: 5m }] }
  later: { team: core, delay: 9m, steps: [{ page: [schedule/soon], wait: 5m }] }
  nested: { team: core, steps: [{ page: [user/ada], wait: 5m }, { page: [policy/core], wait: 5m }] }
  renewed: { team: core, ack_timeout: 30m, steps: [{ page: [user/ada], wait: 5m }] }`);

test('what happens next is looked up by the policy, for the instant at which the wait ends', async () => {
	const w = await Tocsin.start(AHEAD, { args: ['--smtp', box.url, '--mail-from', 'tocsin@house.example'] });
	try {
		const ahead = async (policy) => {
			const { id } = (await w.post('/api/v1/incidents', { title: policy, policy })).json;
			return async () => {
				const b = (await w.get('/api/v1/board')).json, wait = b.waits.find((x) => x.incident === id);
				return { id, wait, then: b.nexts[wait?.then] };
			};
		};
		const people = (then) => then.whom.map((x) => [x.target, ...x.users]);
		const gap = (await (await ahead('gap'))()).then;
		assert.deepEqual([gap.what, gap.step, gap.passed, people(gap), gap.reaches], ['step', 3, [2], [['user/bo', 'bo']], true]);
		const again = (await (await ahead('again'))()).then;
		assert.deepEqual([again.what, again.step, again.round, people(again)], ['round', 1, 2, [['user/ada', 'ada']]]);
		const nested = (await (await ahead('nested'))()).then;
		assert.deepEqual([nested.step, people(nested)], [2, [['policy/core', 'ada']]]);

		// A schedule that changes each minute: it is who is on call then, not now.
		const later = await (await ahead('later'))();
		const then = (await w.get(`/api/v1/schedules/soon/oncall?at=${later.wait.ends_at}`)).json;
		assert.deepEqual([later.wait.step, later.then.step, later.then.whom[0].users], [0, 1, (then.items?.[0] ?? then).users.map((u) => u.id)]);

		const last = await ahead('core');
		await w.post(`/api/v1/incidents/${(await last()).id}/escalate`, {});
		const end = (await last()).then;
		assert.deepEqual([end.what, end.step, people(end)], ['catch_all', undefined, [['user/owner', 'owner']]]);

		// Nobody is left when the catch-all cannot be reached either; then it says so before it happens.
		const owner = (await w.get('/api/v1/users/owner')).json.document;
		await w.call('PUT', '/api/v1/users/owner', { ...owner, contacts: {} });
		assert.equal((await last()).then.reaches, false);

		const snoozed = await ahead('core');
		await w.post(`/api/v1/incidents/${(await snoozed()).id}/snooze`, { until: new Date(Date.now() + 3600_000).toISOString() });
		const asleep = await snoozed();
		assert.deepEqual([asleep.wait.why, asleep.then.step, people(asleep.then)], ['snooze', 1, [['user/ada', 'ada']]]);
		const renewed = await ahead('renewed');
		await w.post(`/api/v1/incidents/${(await renewed()).id}/acknowledge`, {});
		const held = await renewed();
		assert.deepEqual([held.wait.why, people(held.then)], ['ack', [['user/ada', 'ada']]]);

		// Those that stand alike share one outlook.
		await w.signal(Array.from({ length: 60 }, (_, i) => ({ dedup_key: `alike-${i}`, severity: 'critical', summary: 'Alike' })));
		await w.incident('alike-59');
		const many = (await w.get('/api/v1/board')).json;
		const alike = new Set(many.waits.filter((x) => x.policy === 'core' && x.step === 1 && x.why === 'step').map((x) => x.then));
		assert.ok(many.waits.length > 60 && many.nexts.length < 15 && alike.size === 1, `${many.nexts.length} for ${many.waits.length}`);
	} finally {
		await w.stop();
	}
});

test('the board comes in pages of which each has its waits', async () => {
	const all = (await t.get('/api/v1/board')).json, seen = [], waits = [];
	for (let before = ''; before !== undefined;) {
		const part = (await t.get(`/api/v1/board?limit=30${before && `&before=${before}`}`)).json;
		assert.ok(part.items.length <= 30);
		const ids = part.items.map((i) => i.id);
		assert.ok(part.waits.every((x) => ids.includes(x.incident)));
		seen.push(...ids);
		waits.push(...part.waits.map((x) => x.incident));
		before = part.next;
	}
	assert.ok(seen.length > 60);
	assert.deepEqual(seen, all.items.map((i) => i.id));
	assert.deepEqual(waits.sort((a, b) => a - b), all.waits.map((x) => x.incident));
	assert.equal((await t.get('/api/v1/board?limit=2001')).status, 400);
	assert.equal((await t.get('/api/v1/board?before=0')).status, 400);
});

test('views are kept for whoever signs in, and for nobody else', async () => {
	const of = (user) => ({ authorization: `Bearer ${t.must(['token', 'create', ...t.offline, '--user', user, '--name', 'views']).trim()}` });
	const ada = of('ada'), guest = of('guest');
	const name = encodeURIComponent('Only / mine ☾');
	assert.deepEqual((await t.get('/api/v1/me/views', ada)).json.items, []);
	const saved = await t.call('PUT', `/api/v1/me/views/${name}`, { q: 'team:core' }, ada);
	assert.deepEqual([saved.status, saved.json.name, saved.json.q], [200, 'Only / mine ☾', 'team:core']);
	await t.call('PUT', `/api/v1/me/views/${name}`, { q: 'team:core sev:critical' }, ada);
	const listed = (await t.get('/api/v1/me/views', ada)).json.items;
	assert.deepEqual(listed.map((v) => v.q), ['team:core sev:critical']);
	assert.ok(Date.parse(listed[0].saved_at) > Date.now() - 60_000);

	// Also for those who may only look, and each their own.
	assert.equal((await t.call('PUT', `/api/v1/me/views/${name}`, { q: 'is:unrouted' }, guest)).status, 200);
	assert.equal((await t.get('/api/v1/me/views', ada)).json.items[0].q, 'team:core sev:critical');
	assert.equal((await t.call('DELETE', `/api/v1/me/views/${name}`, undefined, guest)).status, 204);
	assert.equal((await t.call('DELETE', `/api/v1/me/views/${name}`, undefined, guest)).status, 404);
	assert.equal((await t.get('/api/v1/me/views', ada)).json.items.length, 1);

	for (const [path, body, status, what] of [['x', {}, 400, 'no filter'], ['x', { q: '' }, 422, 'an empty one'], ['x', { q: 'a'.repeat(501) }, 422, 'too long'], ['n'.repeat(61), { q: 'a' }, 400, 'a long name'], ['x', { q: 'a', user: 'bo' }, 422, 'of somebody else']])
		assert.equal((await t.call('PUT', `/api/v1/me/views/${path}`, body, ada)).status, status, what);
	for (let i = 0; i < 49; i++) assert.equal((await t.call('PUT', `/api/v1/me/views/v${i}`, { q: 'a' }, ada)).status, 200);
	assert.equal((await t.call('PUT', '/api/v1/me/views/one-more', { q: 'a' }, ada)).status, 413);
	assert.equal((await t.call('PUT', '/api/v1/me/views/v1', { q: 'b' }, ada)).status, 200, 'one that is there takes no room');
	const pages = (await t.get('/api/v1/me/views?limit=20', ada)).json;
	assert.ok(pages.items.length === 20 && pages.next);
	assert.equal((await t.get('/api/v1/me/views', { authorization: '' })).status, 401);
});

test('a schedule with each layer, its overrides and what comes of them', async () => {
	await t.call('PUT', '/api/v1/overrides/o1', { schedule: 'core', from: '2027-03-03 06:00', to: '2027-03-03 12:00', with: 'owner' });
	const c = (await t.get('/api/v1/schedules/core/calendar?from=2027-03-01T00:00:00Z&to=2027-03-08T00:00:00Z')).json;
	assert.equal(c.zone, 'Europe/Berlin');
	assert.deepEqual(c.overrides, [{ id: 'o1', from: '2027-03-03T05:00:00Z', to: '2027-03-03T11:00:00Z', with: 'owner' }]);
	const shifts = (await t.get('/api/v1/schedules/core/shifts?from=2027-03-01T00:00:00Z&to=2027-03-08T00:00:00Z')).json;
	assert.deepEqual(c.final, shifts.items, 'one truth');
	assert.ok(c.final.some((s) => s.users[0]?.id === 'owner') && !c.layers[0].shifts.some((s) => s.users[0]?.id === 'owner'));
	assert.equal((await t.get('/api/v1/schedules/core/calendar?from=2027-03-01T00:00:00Z&to=2027-01-01T00:00:00Z')).status, 400);
	const far = (await t.get('/api/v1/schedules/core/calendar?from=2027-06-01T00:00:00Z&to=2027-06-08T00:00:00Z')).json;
	assert.deepEqual(far.overrides, []);
});

test('a document as YAML, and back', async () => {
	const text = await t.get('/api/v1/policies/core?format=yaml');
	assert.match(text.headers.get('content-type'), /yaml/);
	assert.match(text.text, /^policies:\n {2}core:\n/);
	assert.equal((await t.get('/api/v1/integrations/native?format=yaml')).text.includes('native-key'), false, 'no secret');
	assert.equal((await t.get('/api/v1/policies/none?format=yaml')).status, 404);
	const put = (body, headers = {}) => t.call('PUT', '/api/v1/policies/core', body, { ...yaml, ...headers });
	assert.equal((await put(text.text, { 'if-match': text.headers.get('etag') })).status, 200);
	const wrong = await put('policies:\n  core:\n    team: core\n    steps: [{ page: [user/adda] }]\n');
	assert.equal(wrong.status, 422);
	assert.equal(wrong.json.errors[0].line, 4);
	for (const other of ['policies:\n  else: { team: core }\n', 'teams:\n  core: { name: X }\n', 'policies: {}\n', 'policies:\n  core: { team: core }\n  two: { team: core }\n'])
		assert.equal((await put(other)).status, 400, other);
	assert.equal((await put(text.text.replace('5m', '6m'), { 'if-match': '"999"' })).status, 412);
	assert.equal((await t.get('/api/v1/policies/core')).json.document.steps.length, 2);
});

test('pages without JavaScript, and an address that waits for who signs in', async () => {
	const cookie = async (email) => (await t.call('POST', '/api/v1/sign-in', { email, password: 'a long password' }, { authorization: '' })).headers.get('set-cookie').split(';')[0];
	await t.call('PUT', '/api/v1/users/ada/password', { password: 'a long password' });
	const ada = { authorization: '', cookie: await cookie('ada@house.example') };
	const { id } = await t.incident('a');
	assert.match((await t.get('/plain', ada)).text, /Open incidents/);
	assert.match((await t.get(`/plain/incidents/${id}`, ada)).text, /Timeline/);
	assert.match((await t.get('/plain/oncall', ada)).text, /On call now/);
	const away = await t.get(`/incidents/${id}`, { authorization: '' });
	assert.deepEqual([away.status, away.headers.get('location')], [303, `/sign-in?next=/incidents/${id}`]);
	const sign = (next) => t.call('POST', '/sign-in', `email=ada%40house.example&password=a+long+password&next=${encodeURIComponent(next)}`, { authorization: '', 'content-type': 'application/x-www-form-urlencoded' });
	assert.equal((await sign('/incidents/1')).headers.get('location'), '/incidents/1');
	for (const bad of ['//evil.example', 'https://evil.example', '/\\evil.example'])
		assert.equal((await sign(bad)).headers.get('location'), '/', bad);
});

test('without the built UI the program says so, and from a folder it is served', async () => {
	const dir = `${t.dir}/assets`;
	mkdirSync(`${dir}/assets`, { recursive: true });
	await t.server.stop();
	t.args.push('--assets', dir);
	await t.up();
	assert.match((await t.get('/')).text, /was not built/);
	assert.equal((await t.get('/incidents/1')).headers.get('location'), '/plain/incidents/1');
	assert.equal((await t.get('/assets/x.js')).status, 404);
	writeFileSync(`${dir}/index.html`, '<!doctype html><title>mine</title>');
	writeFileSync(`${dir}/assets/x.js`, '1');
	writeFileSync(`${t.dir}/secret.js`, 'no');
	assert.match((await t.get('/oncall')).text, /mine/);
	const js = await t.get('/assets/x.js', { authorization: '' });
	assert.deepEqual([js.text, js.headers.get('cache-control')], ['1', 'no-cache']);
	assert.equal((await t.get('/assets/..%2F..%2Fsecret.js', { authorization: '' })).status, 404);
});

test('when alerts first fired, for those that are asked about: in twelfths, and of many the newest', async () => {
	const histograms = async (ids) => (await t.get(`/api/v1/board/histograms?ids=${ids}`)).json;
	await t.signal({ dedup_key: 'bars', severity: 'critical', summary: 'Bars' });
	const { id } = await t.incident('bars');
	const one = (await histograms(id)).items[0];
	assert.deepEqual([one.incident, one.alerts, one.counts.length, one.counts.reduce((a, b) => a + b)], [id, 1, 12, 1]);
	assert.equal(one.counts[0], 1, 'the first is where it begins');
	assert.ok(Date.parse(one.from) <= Date.parse(one.to) && Date.parse(one.to) - Date.now() < 5000);

	// Of an incident that others were joined to, all of them.
	const join = async (from, n) => {
		await t.signal(Array.from({ length: n }, (_, i) => ({ dedup_key: `bar-${from + i}`, severity: 'warning', summary: 'Bar' })));
		for (let i = 0; i < n; i++) assert.equal((await t.post(`/api/v1/incidents/${(await t.incident(`bar-${from + i}`)).id}/merge`, { into: id })).status, 200);
	};
	await join(0, 3);
	const more = (await histograms(id)).items[0];
	assert.equal(more.alerts, 4);
	assert.equal(more.counts.reduce((a, b) => a + b), 4);
	assert.equal(more.from, one.from);
	await join(3, 501);
	assert.equal((await t.incident('bars')).alerts, 505);
	const long = (await histograms(id)).items[0];
	assert.equal(long.alerts, 500);
	assert.ok(long.from > one.from, 'of many the oldest are left out');

	await t.post(`/api/v1/incidents/${id}/resolve`, {});
	const { resolved_at } = await t.incident('bars');
	assert.equal((await histograms(id)).items[0].to, resolved_at);

	// Nothing is made up of what has no alerts, or is not there; the order is that of the question.
	const hand = (await t.post('/api/v1/incidents', { title: 'By hand', service: 'web' })).json.id;
	assert.deepEqual((await histograms(`${hand},999999,${id},1`)).items.map((h) => h.incident), [id, 1]);
	assert.deepEqual(await histograms(''), { items: [] });
	for (const bad of ['x', '1,,2', '1;2', Array.from({ length: 101 }, (_, i) => i + 1).join()])
		assert.equal((await t.get(`/api/v1/board/histograms?ids=${bad}`)).status, 400, bad);
	assert.equal((await t.get('/api/v1/board/histograms?ids=1', { authorization: '' })).status, 401);
});
