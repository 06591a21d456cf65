// SPDX-License-Identifier: Apache-2.0
// Who is on call, over the API and the command line: looking, changing, previewing, history.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { ORG, Tocsin, until } from './lib.mjs';

const DUTY = `
holidays:
  free: { dates: [{ date: 2030-01-09, name: A free day }] }
schedules:
  desk:
    team: core
    zone: Europe/Berlin
    layers:
      - { name: day, members: [ada, bo], start: 2030-01-07 08:00, every: 1d, count: mon-fri,
          only: "mon-fri 08:00-20:00", except: [free] }
  lone: { zone: UTC, layers: [{ name: one, members: [bo], start: 2020-01-01, every: 1w }] }
`;

let t;
before(async () => {
	t = await Tocsin.start(ORG);
	t.must(['apply', '-f', file('duty.yaml', DUTY)],
		{ env: { TOCSIN_URL: t.url, TOCSIN_TOKEN: t.token } });
});
after(() => t.stop());

function file(name, text) {
	const path = `${t.dir}/${name}`;
	writeFileSync(path, text);
	return path;
}

const ids = (users) => users.map((u) => u.id).join(',');
const at = async (schedule, when) =>
	ids((await t.get(`/api/v1/schedules/${schedule}/oncall?at=${when}`)).json.users);

test('shifts tile the time, gaps are those without anybody', async () => {
	const span = 'from=2030-01-07T00:00:00Z&to=2030-01-12T00:00:00Z';
	const shifts = (await t.get(`/api/v1/schedules/desk/shifts?${span}`)).json.items;
	shifts.forEach((s, i) => { if (i > 0) assert.equal(s.from, shifts[i - 1].to); });
	const gaps = (await t.get(`/api/v1/schedules/desk/gaps?${span}`)).json.items;
	assert.deepEqual(gaps.map((g) => [g.from, g.to]),
		shifts.filter((s) => s.users.length === 0).map((s) => [s.from, s.to]));
	assert.equal(await at('desk', '2030-01-08T07:00:00Z'), 'bo');
	assert.equal(await at('desk', '2030-01-09T08:00:00Z'), '', 'a holiday');
	assert.equal(await at('desk', '2030-01-10T08:00:00Z'), 'ada', 'nobody lost a turn by it');
	const cli = t.cli(['sched', 'gaps', 'desk', '--from', '2030-01-07T00:00:00Z']);
	assert.equal(cli.code, 7);
	assert.match(cli.out, /2030-01-08T19:00:00Z\t2030-01-10T07:00:00Z\tnobody/);
	assert.match(t.cli(['sched', 'gaps', 'lone']).out, /^No gap until/);
	assert.match(t.cli(['sched', 'show', 'desk', '--from', '2030-01-07T00:00:00Z']).out, /\tbo\n/);
	assert.equal((await t.get('/api/v1/schedules/desk/gaps?from=2030-01-07T00:00:00Z&to=2029-01-01T00:00:00Z')).status, 400);
	assert.equal((await t.get('/api/v1/schedules/none/gaps')).status, 404);
});

test('the quality report counts hours and says what passes the limits', async () => {
	const span = 'from=2030-01-07T00:00:00Z&to=2030-01-14T00:00:00Z';
	const q = (await t.get(`/api/v1/schedules/desk/quality?${span}`)).json;
	const load = Object.fromEntries(q.load.map((l) => [l.user, l.hours]));
	assert.deepEqual(load, { ada: 24, bo: 24 });
	assert.equal(q.fairness.hours, 100);
	assert.equal(q.load[0].night_hours, 0);
	assert.ok(q.covered > 28 && q.covered < 29, `${q.covered}`);
	assert.ok(q.double_bookings.some((d) => d.user === 'bo' && d.schedule === 'lone'));
	assert.ok(q.findings.some((f) => f.startsWith('nobody is on call from 2030-01-08T19:00:00Z for 1d12h')), q.findings.join());
	const lone = (await t.get(`/api/v1/schedules/lone/quality?${span}`)).json;
	assert.equal(lone.covered, 100);
	assert.equal(lone.load[0].weekend_hours, 48);
	assert.equal(lone.load[0].night_hours, 56);
	const limits = { ...(await t.get('/api/v1/schedules/lone')).json.document, quality: { stretch: '2d', share: 50 } };
	assert.equal((await t.call('PUT', '/api/v1/schedules/lone', limits)).status, 200);
	const found = (await t.get(`/api/v1/schedules/lone/quality?${span}`)).json.findings.join();
	assert.match(found, /user\/bo is on call for 1w without a break/);
	assert.match(found, /user\/bo has 100 % of all hours/);
	const cli = t.cli(['sched', 'load', 'desk', '--from', '2030-01-07T00:00:00Z', '--to', '2030-01-14T00:00:00Z']);
	assert.equal(cli.code, 7);
	assert.match(cli.out, /ada\t24\.0\t0\.0\t0\.0\t50\.0/);
	assert.match(cli.out, /None of their contacts is verified: ada bo/);
});

test('an override over the API, by wall clock and by instant, and what it changes', async () => {
	const body = { from: '2030-01-07 10:00', to: '2030-01-07 12:00', with: 'bo', dry_run: true };
	const dry = await t.post('/api/v1/schedules/desk/overrides', body);
	assert.equal(dry.status, 200);
	assert.deepEqual(dry.json.differences.map((d) => [d.from, d.to, ids(d.before), ids(d.after)]),
		[['2030-01-07T09:00:00Z', '2030-01-07T11:00:00Z', 'ada', 'bo']]);
	assert.equal(await at('desk', '2030-01-07T10:00:00Z'), 'ada', 'nothing was made');
	const made = await t.post('/api/v1/schedules/desk/overrides', { ...body, dry_run: false });
	assert.equal(made.status, 201);
	assert.equal(await at('desk', '2030-01-07T10:00:00Z'), 'bo');
	assert.equal((await t.call('DELETE', `/api/v1/overrides/${made.json.id}`)).status, 204);
	const nobody = await t.post('/api/v1/schedules/desk/overrides', { from: body.from, to: body.to, replace: 'ada', nobody: true });
	assert.deepEqual(nobody.json.gaps_left, [{ schedule: 'desk', from: '2030-01-07T09:00:00Z', to: '2030-01-07T11:00:00Z' }]);
	await t.call('DELETE', `/api/v1/overrides/${nobody.json.id}`);
	assert.equal((await t.post('/api/v1/schedules/desk/overrides', { ...body, to: body.from })).status, 422);
	assert.equal((await t.post('/api/v1/schedules/desk/overrides', { ...body, with: 'ghost' })).status, 422);
	assert.equal((await t.post('/api/v1/schedules/desk/overrides', { ...body, add: 'ada' })).status, 422);
});

test('take duty from now on; the past is answered by the configuration of then', async () => {
	const then = new Date().toISOString();
	const revision = (await t.get('/api/v1/config/revisions?limit=1')).json.items[0].number;
	const token = t.must(['token', 'create', ...t.offline, '--user', 'ada', '--name', 'x']).trim();
	const denied = t.cli(['sched', 'take', 'lone', '2h'], { token });
	assert.equal(denied.code, 5, 'neither in its team nor in its layers');
	const took = t.cli(['sched', 'take', 'lone', '2h', '--with', 'ada', '-m', 'lunch']);
	assert.equal(took.code, 0, took.err);
	assert.match(took.out, /\tbo\tada\n/);
	assert.match(t.cli(['oncall', 'lone']).out, /Ada/);
	assert.match(t.cli(['oncall', 'lone', '--at', then]).out, /Bo/);
	const override = (await t.get('/api/v1/overrides')).json.items.find((o) => o.document.description === 'lunch');
	const during = new Date().toISOString();
	await until('the next millisecond', () => Date.now() > Date.parse(during));
	await t.call('DELETE', `/api/v1/overrides/${override.id}`);
	assert.match(t.cli(['oncall', 'lone']).out, /Bo/);
	assert.equal(await at('lone', during), 'ada', 'as it was, though the override is gone');
	const to = new Date(Date.now() + 1000).toISOString();
	const shifts = (await t.get(`/api/v1/schedules/lone/shifts?from=${then}&to=${to}`)).json.items;
	assert.deepEqual(shifts.map((s) => ids(s.users)), ['bo', 'ada', 'bo']);
	assert.ok(revision > 0);
});

test('set who is on now', async () => {
	const now = new Date().toISOString();
	const who = await at('core', now);
	const other = who === 'ada' ? 'bo' : 'ada';
	const set = t.cli(['sched', 'set', 'core', other]);
	assert.equal(set.code, 0, set.err);
	assert.match(t.cli(['oncall', 'core', '--json']).out, new RegExp(`"id":\\s*"${other}"`));
	assert.equal(t.cli(['sched', 'set', 'core', 'owner']).code, 1);
	assert.equal(await at('core', now), who);
});

test('somebody is away, and the gap that this leaves is said', async () => {
	const cli = t.cli(['sched', 'away', 'bo', '2030-02-01', '2030-02-03 12:00', '--dry-run']);
	assert.match(cli.out, /Attention: schedule\/lone has nobody from 2030-01-31T23:00:00Z to 2030-02-03T11:00:00Z/);
	const r = await t.post('/api/v1/users/bo/absences', { from: '2030-02-01', to: '2030-02-03 12:00' });
	assert.equal(r.status, 201);
	assert.equal(r.json.gaps_left.filter((g) => g.schedule === 'lone').length, 1);
	assert.equal(await at('lone', '2030-02-02T00:00:00Z'), '');
	const token = t.must(['token', 'create', ...t.offline, '--user', 'bo', '--name', 'y']).trim();
	assert.equal(t.cli(['sched', 'away', 'ada', '2030-02-01', '2030-02-02'], { token }).code, 5);
	assert.equal(t.cli(['sched', 'away', 'bo', '2031-02-01', '2031-02-02'], { token }).code, 0);
	const doc = { user: 'bo', from: '2031-03-01', to: '2031-03-02' };
	const as = { authorization: `Bearer ${token}` };
	assert.equal((await t.call('PUT', '/api/v1/absences/mine', doc, as)).status, 201);
	assert.equal((await t.call('PUT', '/api/v1/absences/mine', { ...doc, user: 'ada' }, as)).status, 403);
});

test('a preview shows the timeline and the differences, and keeps nothing', async () => {
	const changed = file('changed.yaml', `
schedules:
  desk:
    team: core
    zone: Europe/Berlin
    layers: [{ name: day, members: [bo, ada], start: 2030-01-07 08:00, every: 1d }]
`);
	const args = ['--from', '2030-01-07T00:00:00Z', '--to', '2030-01-08T00:00:00Z'];
	const r = t.cli(['sched', 'preview', 'desk', '-f', changed, ...args]);
	assert.equal(r.code, 0, r.err);
	assert.match(r.out, /2030-01-07T07:00:00Z\t2030-01-08T00:00:00Z\tbo\n/);
	assert.match(r.out, /2030-01-07T07:00:00Z\t2030-01-07T19:00:00Z\tada\tbo\n/);
	assert.match(r.out, /2030-01-07T19:00:00Z\t2030-01-08T00:00:00Z\tnobody\tbo\n/);
	assert.equal(await at('desk', '2030-01-07T08:00:00Z'), 'ada');
	const bad = t.cli(['sched', 'preview', 'desk', '-f', file('bad-preview.yaml', 'schedules:\n  desk:\n    layers: [{ name: x, members: [ghost], start: 2030-01-07, every: 1d }]\n')]);
	assert.equal(bad.code, 1);
	assert.match(bad.err, /bad-preview\.yaml:3:/);
});

test('who could take a time: the free ones first, and why', async () => {
	const span = 'from=2030-01-10T07:00:00Z&to=2030-01-10T19:00:00Z'; // ada's day at the desk
	const list = (await t.get(`/api/v1/schedules/desk/candidates?${span}`)).json.items;
	assert.deepEqual(list.map((c) => c.id).sort(), ['ada', 'bo']);
	const ada = list.find((c) => c.id === 'ada'), bo = list.find((c) => c.id === 'bo');
	assert.ok(ada.reasons.includes('on call here then') && !ada.free);
	assert.ok(bo.reasons.includes('on call by lone then') && !bo.free, bo.reasons.join());
	const after = (await t.get('/api/v1/schedules/desk/candidates?from=2030-01-10T19:00:00Z&to=2030-01-10T22:00:00Z')).json.items;
	const tired = after.find((c) => c.id === 'ada');
	assert.equal(tired.stretch_hours, 15);
	assert.ok(tired.reasons.includes('would make 15 h without a break'), tired.reasons.join());
	await t.call('PUT', '/api/v1/absences/gone', { user: 'ada', from: '2030-01-10 12:00', to: '2030-01-11' });
	const away = (await t.get('/api/v1/schedules/desk/candidates?from=2030-01-10T19:00:00Z&to=2030-01-10T22:00:00Z')).json.items;
	assert.ok(away.find((c) => c.id === 'ada').reasons.includes('away then'));
	const seen = (await t.get(`/api/v1/schedules/desk/calendar?${span}`)).json.absences;
	assert.deepEqual(seen, [{ id: 'gone', user: 'ada', from: '2030-01-10T11:00:00Z', to: '2030-01-10T23:00:00Z' }]);
	await t.call('DELETE', '/api/v1/absences/gone');
	assert.equal((await t.get('/api/v1/schedules/none/candidates')).status, 404);
	assert.equal((await t.get('/api/v1/schedules/desk/candidates?from=2030-01-10T07:00:00Z&to=2029-01-01T00:00:00Z')).status, 400);
});

test('an override that changes nothing says so; who shares the work may mend and remove it, others not', async () => {
	const bo = { authorization: `Bearer ${t.must(['token', 'create', ...t.offline, '--user', 'bo', '--name', 'z']).trim()}` };
	const span = 'from=2030-02-04T00:00:00Z&to=2030-02-05T00:00:00Z';
	const body = { from: '2030-02-04 08:00', to: '2030-02-04 12:00', with: 'ada' };
	const first = (await t.post('/api/v1/schedules/desk/overrides', body, bo)).json;
	const second = (await t.post('/api/v1/schedules/desk/overrides', { ...body, with: 'owner' }, bo)).json;
	const seen = async () => (await t.get(`/api/v1/schedules/desk/calendar?${span}`)).json.overrides;
	const [hidden, shown] = await seen();
	assert.deepEqual([hidden.id, hidden.no_effect, hidden.why, shown.id, shown.no_effect], [first.id, true, 'hidden', second.id, undefined]);
	assert.deepEqual(hidden.hidden_by, [{ id: second.id, from: '2030-02-04T07:00:00Z', to: '2030-02-04T11:00:00Z', with: 'owner' }]);
	for (const [id, why, doc] of [['same', 'already', { with: 'owner' }], ['none', 'no_duty', { replace: 'guest', with: 'ada' }]]) {
		await t.call('PUT', `/api/v1/overrides/${id}`, { name: `The ${id}`, schedule: 'desk', from: '2030-02-04 08:00', to: '2030-02-04 12:00', ...doc });
		const o = (await seen()).find((x) => x.id === id);
		assert.deepEqual([o.name, o.no_effect, o.why, o.hidden_by], [`The ${id}`, true, why, undefined]);
		await t.call('DELETE', `/api/v1/overrides/${id}`);
	}
	const guest = { authorization: `Bearer ${t.must(['token', 'create', ...t.offline, '--user', 'guest', '--name', 'z']).trim()}` };
	assert.equal((await t.call('DELETE', `/api/v1/overrides/${second.id}`, undefined, guest)).status, 403);
	const moved = { schedule: 'desk', from: '2030-02-04T08:00:00Z', to: '2030-02-04T12:00:00Z', with: 'ada' };
	assert.equal((await t.call('PUT', `/api/v1/overrides/${second.id}`, moved, bo)).status, 200);
	assert.equal((await t.call('PUT', '/api/v1/overrides/elsewhere', { ...moved, schedule: 'lone' }, bo)).status, 201, 'in its layers');
	const cy = { name: 'Cy', email: 'cy@house.example' };
	await t.call('PUT', '/api/v1/users/cy', cy);
	const stranger = { authorization: `Bearer ${t.must(['token', 'create', ...t.offline, '--user', 'cy', '--name', 'z']).trim()}` };
	assert.equal((await t.call('PUT', `/api/v1/overrides/${second.id}`, { ...moved, schedule: 'lone' }, stranger)).status, 403);
	assert.equal((await t.call('DELETE', `/api/v1/overrides/${second.id}`, undefined, stranger)).status, 403);
	for (const id of [first.id, second.id, 'elsewhere'])
		assert.equal((await t.call('DELETE', `/api/v1/overrides/${id}`, undefined, bo)).status, 204);
	await t.call('DELETE', '/api/v1/users/cy');
});

test('holidays stand in the calendar with the layers that rest on them, by each layer\'s clock', async () => {
	const body = { zone: 'Europe/Berlin', layers: [
		{ name: 'home', members: ['ada'], start: '2030-01-01', every: '1w', except: ['free'] },
		{ name: 'holidays', members: ['bo'], start: '2030-01-01', every: '1w', during: ['free'] },
		{ members: ['ada'], start: '2030-01-01', every: '1w', zone: 'America/New_York', except: ['free'] }] };
	await t.call('PUT', '/api/v1/schedules/days', body);
	const seen = async (span) => (await t.get(`/api/v1/schedules/days/calendar?${span}`)).json.holidays;
	assert.deepEqual(await seen('from=2030-01-01T00:00:00Z&to=2030-02-01T00:00:00Z'), [
		{ list: 'free', name: 'A free day', date: '2030-01-09', from: '2030-01-08T23:00:00Z', to: '2030-01-09T23:00:00Z', rests: ['home'], serves: ['holidays'] },
		{ list: 'free', name: 'A free day', date: '2030-01-09', from: '2030-01-09T05:00:00Z', to: '2030-01-10T05:00:00Z', rests: ['Layer 3'], serves: [] }]);
	assert.equal((await seen('from=2030-01-09T23:00:00Z&to=2030-01-10T05:00:00Z')).length, 1, 'the ends do not count');
	assert.deepEqual(await seen('from=2030-01-10T05:00:00Z&to=2030-02-01T00:00:00Z'), []);
	assert.deepEqual((await t.get('/api/v1/schedules/lone/calendar')).json.holidays, [], 'nobody rests there');
	await t.call('DELETE', '/api/v1/schedules/days');
});

test('a manager says for their people that they are away; a colleague and another team\'s manager do not', async () => {
	const as = (user) => ({ authorization: `Bearer ${t.must(['token', 'create', ...t.offline, '--user', user, '--name', 'm']).trim()}` });
	const [ada, bo] = [as('ada'), as('bo')], span = { from: '2030-03-01', to: '2030-03-03' };
	const made = await t.post('/api/v1/users/bo/absences', span, ada);
	assert.equal(made.status, 201);
	assert.equal((await t.post('/api/v1/users/ada/absences', span, bo)).status, 403);
	await t.call('PUT', '/api/v1/users/cy', { name: 'Cy', email: 'cy@house.example' });
	assert.equal((await t.post('/api/v1/users/cy/absences', span, ada)).status, 403, 'Cy is nobody of hers');
	const cys = { user: 'cy', ...span };
	assert.equal((await t.call('PUT', `/api/v1/absences/${made.json.id}`, cys, ada)).status, 403, 'nor made so');
	await t.call('PUT', '/api/v1/schedules/guests', { team: 'core', layers: [{ members: ['cy'], start: '2030-01-01', every: '1w' }] });
	const two = await t.post('/api/v1/users/cy/absences', span, ada);
	assert.equal(two.status, 201, 'in a layer of her team');
	assert.equal((await t.call('DELETE', `/api/v1/absences/${two.json.id}`, undefined, bo)).status, 403);
	for (const id of [made.json.id, two.json.id])
		assert.equal((await t.call('DELETE', `/api/v1/absences/${id}`, undefined, ada)).status, 204);
	await t.call('DELETE', '/api/v1/schedules/guests');
	await t.call('DELETE', '/api/v1/users/cy');
});

test('a calendar from elsewhere becomes overrides to look at; what is applied is on call', async () => {
	const ics = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:x',
		'BEGIN:VEVENT', 'UID:1', 'DTSTAMP:20300101T000000Z', 'DTSTART:20300304T060000Z', 'DTEND:20300304T090000Z', 'SUMMARY:Bo early', 'END:VEVENT',
		'BEGIN:VEVENT', 'UID:2', 'DTSTAMP:20300101T000000Z', 'DTSTART:20300305T060000Z', 'DTEND:20300305T090000Z', 'SUMMARY:team lunch', 'END:VEVENT',
		'END:VCALENDAR', ''].join('\r\n');
	const ask = (path, body, headers = {}) => t.call('POST', path, body, { 'content-type': 'text/calendar', ...headers });
	const path = '/api/v1/schedules/desk/import?from=2030-03-01T00:00:00Z&to=2030-04-01T00:00:00Z';
	const r = await ask(path, ics);
	assert.equal(r.status, 200, r.text);
	assert.deepEqual(Object.values(r.json.documents.overrides).map((o) => o.with), ['bo']);
	assert.ok(r.json.report.some((l) => l.fate === 'left out' && /lunch/.test(l.what)), r.text);
	assert.equal(await at('desk', '2030-03-04T06:30:00Z'), '', 'nothing is kept');
	assert.deepEqual((await ask(`${path}&whole=false`, ics)).json.documents, r.json.documents);
	assert.notDeepEqual((await ask(`${path}&whole=true`, ics)).json.documents, r.json.documents);
	assert.equal((await t.post('/api/v1/config?source=rota', r.json.documents)).status, 200);
	assert.equal(await at('desk', '2030-03-04T06:30:00Z'), 'bo');
	assert.equal((await ask(path, 'no calendar')).status, 400);
	assert.equal((await ask('/api/v1/schedules/none/import', ics)).status, 404);
	const guest = { authorization: `Bearer ${t.must(['token', 'create', ...t.offline, '--user', 'guest', '--name', 'q']).trim()}` };
	assert.equal((await ask(path, ics, guest)).status, 403);
	// The server may close before all of it is sent: then the answer is a reset.
	const large = await ask(path, 'x'.repeat(1024 * 1024 + 1)).then((x) => x.status, (e) => e.cause?.code ?? e.code);
	assert.ok([413, 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'].includes(large), String(large));
});

test('shifts written down, one a line, become overrides to look at; each line that is not understood has its number', async () => {
	const bo = { authorization: `Bearer ${t.must(['token', 'create', ...t.offline, '--user', 'bo', '--name', 'w']).trim()}`, 'content-type': 'text/plain' };
	const text = ['# the holidays', '2030-12-24 18:00 - 2030-12-25 08:00 ada', '2030-12-25 08:00 – 20:00 Bo + ADA', '',
		'2030-12-26;2030-12-27T06:30;bo@house.example', '2030-12-27\t06:30\t2030-12-27\t09:00\tnobody', 'tomorrow 9 to 5 ada',
		'2030-12-28 09:00 - 08:00 ada', '2030-12-28 09:00 - 10:00 zoe', '2030-12-28 09:00 - 10:00', '2020-12-24 18:00 - 20:00 ada'].join('\r\n');
	const r = await t.call('POST', '/api/v1/schedules/desk/import-shifts', text, bo);
	assert.equal(r.status, 200, r.text);
	const made = Object.values(r.json.documents.overrides).map((o) => [o.from, o.to, o.with ?? o.shifts?.[0].with.join('+') ?? null]);
	assert.deepEqual(made, [
		['2030-12-24T17:00:00Z', '2030-12-25T07:00:00Z', 'ada'], ['2030-12-25T07:00:00Z', '2030-12-25T19:00:00Z', 'bo+ada'],
		['2030-12-25T23:00:00Z', '2030-12-27T05:30:00Z', 'bo'], ['2030-12-27T05:30:00Z', '2030-12-27T08:00:00Z', null]]);
	assert.deepEqual(r.json.report.filter((l) => l.fate === 'left out').map((l) => [l.line, l.why.slice(0, 20)]), [
		[7, 'write it as 2026-12-'], [8, 'it ends before it be'], [9, 'there is no user "zo'], [10, 'it names nobody; wri'], [11, 'that is past']]);
	assert.equal((await t.post('/api/v1/config', r.json.documents, { authorization: bo.authorization })).status, 200);
	assert.equal(await at('desk', '2030-12-25T12:00:00Z'), 'ada,bo');
	const york = await t.call('POST', '/api/v1/schedules/desk/import-shifts?zone=America/New_York', '2030-12-24 18:00 - 20:00 ada', bo);
	const [id] = Object.keys(york.json.documents.overrides);
	assert.ok(!(id in r.json.documents.overrides), 'one that is there is not written over');
	assert.equal(york.json.documents.overrides[id].from, '2030-12-24T23:00:00Z');
	const early = await t.call('POST', '/api/v1/schedules/desk/import-shifts', '2030-12-28 9:00 - 10:30 ada\n2030-12-29 - : ada', bo);
	assert.deepEqual(Object.values(early.json.documents.overrides).map((o) => [o.from, o.to]), [['2030-12-28T08:00:00Z', '2030-12-28T09:30:00Z']], 'an hour of one digit');
	assert.deepEqual(early.json.report.filter((l) => l.fate === 'left out').map((l) => [l.line, l.why.slice(0, 8)]), [[2, 'write it']]);
	assert.equal((await t.call('POST', '/api/v1/schedules/desk/import-shifts?zone=Nowhere', 'x', bo)).status, 400);
	assert.equal((await t.call('POST', '/api/v1/schedules/desk/import-shifts', '\n'.repeat(1500), bo)).status, 413);
	assert.equal((await t.call('POST', '/api/v1/schedules/desk/import-shifts', text, { ...bo, authorization: `Bearer ${t.must(['token', 'create', ...t.offline, '--user', 'guest', '--name', 'w']).trim()}` })).status, 403);
	for (const o of Object.keys(r.json.documents.overrides)) await t.call('DELETE', `/api/v1/overrides/${o}`);
});

test('the export of another product over the API: what the command line says, with places; for administrators', async () => {
	const folder = 'tests/corpus/import/pagerduty.json';
	const whole = readFileSync(folder, 'utf8');
	const read = (files, headers, query = '') => t.call('POST', `/api/v1/import/pagerduty${query}`, { files }, headers);
	const one = await read([{ name: 'pagerduty.json', text: whole }]);
	assert.equal(one.status, 200, one.text);
	const cli = JSON.parse(t.must(['import', 'pagerduty', folder, '--json']));
	assert.deepEqual(one.json.documents, cli.documents);
	assert.deepEqual(one.json.report.map((l) => [l.fate, l.line, l.what, l.why]), cli.report.map((l) => [l.fate, l.line, l.what, l.why]));
	const parts = Object.entries(JSON.parse(whole)).map(([name, v]) => ({ name: `${name}.json`, text: JSON.stringify(v) }));
	const many = await read(parts);
	assert.deepEqual(many.json.documents, cli.documents, 'in several files the same');
	assert.ok(many.json.report.every((l) => !l.file || l.file.endsWith('.json')));
	const bad = await read([{ name: 'users.json', text: '{"users": []}' }, { name: 'teams.json', text: '{\n  "teams": [,]\n}' }]);
	assert.equal(bad.status, 400);
	assert.match(bad.text, /teams\.json.*2/s);
	assert.equal((await read([])).status, 422);
	assert.equal((await read([{ name: 'users.json' }])).status, 422);
	assert.equal((await t.call('POST', '/api/v1/import/nobody', { files: parts })).status, 400);
	const ada = { authorization: `Bearer ${t.must(['token', 'create', ...t.offline, '--user', 'ada', '--name', 'w']).trim()}` };
	assert.equal((await read(parts, ada)).status, 403, 'a manager of a team is no administrator');
});
