// SPDX-License-Identifier: Apache-2.0
// Who is on call, over the API and the command line: looking, changing, previewing, history.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Hook, ORG, Tocsin, until } from './lib.mjs';

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
	const token = t.must(['token', 'create', ...t.offline, '--user', 'ada', '--name', 'y']).trim();
	assert.equal(t.cli(['sched', 'away', 'bo', '2030-02-01', '2030-02-02'], { token }).code, 5);
	assert.equal(t.cli(['sched', 'away', 'ada', '2031-02-01', '2031-02-02'], { token }).code, 0);
	const doc = { user: 'ada', from: '2031-03-01', to: '2031-03-02' };
	const as = { authorization: `Bearer ${token}` };
	assert.equal((await t.call('PUT', '/api/v1/absences/mine', doc, as)).status, 201);
	assert.equal((await t.call('PUT', '/api/v1/absences/mine', { ...doc, user: 'bo' }, as)).status, 403);
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
	assert.deepEqual(seen, [{ user: 'ada', from: '2030-01-10T11:00:00Z', to: '2030-01-10T23:00:00Z' }]);
	await t.call('DELETE', '/api/v1/absences/gone');
	assert.equal((await t.get('/api/v1/schedules/none/candidates')).status, 404);
	assert.equal((await t.get('/api/v1/schedules/desk/candidates?from=2030-01-10T07:00:00Z&to=2029-01-01T00:00:00Z')).status, 400);
});

test('an override that changes nothing says so; who shares the work may mend and remove it, others not', async () => {
	const bo = { authorization: `Bearer ${t.must(['token', 'create', ...t.offline, '--user', 'bo', '--name', 'z']).trim()}` };
	const span = 'from=2030-02-04T00:00:00Z&to=2030-02-05T00:00:00Z';
	const body = { from: '2030-02-04 08:00', to: '2030-02-04 12:00', with: 'bo' };
	const first = (await t.post('/api/v1/schedules/desk/overrides', body, bo)).json;
	const second = (await t.post('/api/v1/schedules/desk/overrides', { ...body, with: 'ada' }, bo)).json;
	const seen = async () => (await t.get(`/api/v1/schedules/desk/calendar?${span}`)).json.overrides;
	assert.deepEqual((await seen()).map((o) => [o.id, o.no_effect ?? false]), [[first.id, true], [second.id, false]]);
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
