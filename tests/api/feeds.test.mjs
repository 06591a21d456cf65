// SPDX-License-Identifier: Apache-2.0
// Calendars to subscribe to: what stands in them, and who may open them.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Tocsin, until } from './lib.mjs';

const DAY = 86400_000;
const clock = (t) => new Date(t).toISOString().slice(0, 16).replace('T', ' ');
const midnight = Math.floor(Date.now() / DAY) * DAY;
// By days since ten days ago, ada first: whose day is it, n days from today?
const whose = (n) => (n + 10) % 2 === 0 ? 'Ada' : 'Bo';
const ORG = `
users:
  owner: { name: Owner, role: owner, email: owner@example.com }
  ada: { name: Ada, email: ada@example.com }
  bo: { name: "Bo, the; second" }
  cy: { name: Cy }
teams:
  ops: { members: { ada: manager } }
schedules:
  primary:
    name: Primärbereitschaft für alle Dienste, die in der Nacht wichtig sind und niemals ausfallen
    team: ops
    zone: UTC
    layers: [{ members: [ada, bo], start: "${clock(midnight - 10 * DAY)}", every: 1d }]
  second:
    name: Second
    zone: UTC
    layers: [{ members: [[ada, cy], ada], start: "${clock(midnight - 10 * DAY)}", every: 1d }]
`;

let t;
before(async () => {
	// A calendar begins with today: it must not become another day between an answer and a look at it.
	await until('a day with time left', () => Date.now() % DAY < DAY - 60_000, 90_000);
	t = await Tocsin.start(ORG);
});
after(() => t.stop());

/** The events of a calendar, unfolded, after the form of its lines was checked. */
function events(text) {
	assert.ok(text.endsWith('\r\n'));
	const lines = text.slice(0, -2).split('\r\n');
	for (const line of lines) {
		assert.ok(Buffer.byteLength(line) <= 75, line);
		assert.doesNotMatch(line, /[\n\r]/);
	}
	const out = [];
	let event, depth = [];
	for (const line of text.replace(/\r\n /g, '').trim().split('\r\n')) {
		const [, name, value] = line.match(/^([^:]+):(.*)$/);
		if (name === 'BEGIN') depth.push(value);
		if (name === 'BEGIN' && value === 'VEVENT') out.push(event = { alarms: [] });
		else if (name === 'TRIGGER') event.alarms.push(value);
		else if (depth.at(-1) === 'VEVENT') event[name] = value;
		if (name === 'END') assert.equal(depth.pop(), value);
	}
	assert.deepEqual(depth, []);
	assert.equal(new Set(out.map((e) => e.UID)).size, out.length);
	return out;
}

const time = (text) => Date.parse(text.replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6Z'));
const path = (url) => new URL(url).pathname;
const unescaped = (text) => text.replace(/\\(.)/g, (_, c) => c === 'n' ? '\n' : c);
const made = async (body) => {
	const r = await t.call('POST', '/api/v1/feeds', body);
	assert.equal(r.status, 201, r.text);
	return r.json;
};
const open = (url, headers = {}) => t.call('GET', path(url), undefined, { authorization: '', ...headers });

test('the shifts of a schedule', async () => {
	const { url } = await made({ subject: 'schedule/primary' });
	const r = await open(url);
	assert.equal(r.status, 200);
	assert.equal(r.headers.get('content-type'), 'text/calendar; charset=utf-8');
	const flat = r.text.replace(/\r\n /g, '');
	for (const line of ['VERSION:2.0', 'METHOD:PUBLISH', 'REFRESH-INTERVAL;VALUE=DURATION:PT1H',
		'X-WR-CALNAME:On call: Primärbereitschaft für alle Dienste\\, die in der Nacht wichtig sind und niemals ausfallen'])
		assert.ok(flat.includes(`\r\n${line}\r\n`), line);
	const list = events(r.text);
	assert.ok(list.length > 180 && list.length < 260, String(list.length));
	const today = Math.floor(Date.now() / DAY) * DAY;
	list.forEach((e, i) => {
		assert.equal(time(e.DTSTART), today + i * DAY);
		assert.equal(time(e.DTEND), today + (i + 1) * DAY);
		assert.match(unescaped(e.SUMMARY), new RegExp(`^${whose((today - midnight) / DAY + i)}`));
		assert.deepEqual([e.TRANSP, e.alarms.length], ['TRANSPARENT', 0]);
	});
	assert.ok(list.some((e) => unescaped(e.SUMMARY).startsWith('Bo, the; second (')));
});

test('own shifts of a user, with reminders; people beside do not cut them', async () => {
	const { url, feed } = await made({ subject: 'user/ada', user: 'ada', reminders: ['1h', '1d'] });
	assert.deepEqual(feed.reminders, ['1h', '1d']);
	const list = events((await open(url)).text);
	const second = list.filter((e) => e.SUMMARY === 'On call: Second');
	assert.equal(second.length, 1); // cy comes and goes, ada stays
	const primary = list.filter((e) => e.SUMMARY.startsWith('On call: Prim'));
	assert.ok(primary.every((e) => whose(Math.round((time(e.DTSTART) - midnight) / DAY)) === 'Ada'));
	assert.deepEqual(primary[0].alarms, ['-PT1H', '-P1D']);
	const own = await made({ subject: 'schedule/second', own: true, user: 'cy' });
	const cys = events((await open(own.url)).text);
	assert.ok(cys.length > 80 && cys.every((e) => e.SUMMARY === 'On call: Second'));
	const team = await made({ subject: 'team/ops' });
	assert.ok(events((await open(team.url)).text).every((e) => unescaped(e.SUMMARY).includes('(Primär')));
});

test('what is unchanged is not sent again; a changed shift keeps its UID', async () => {
	const { url } = await made({ subject: 'schedule/primary' });
	const first = await open(url), tag = first.headers.get('etag');
	const again = await open(url, { 'if-none-match': tag });
	assert.deepEqual([again.status, again.text], [304, '']);
	const list = events(first.text), shift = list[3];
	writeFileSync(`${t.dir}/change.yaml`, `overrides:\n  swap: { schedule: primary, from: "${clock(time(shift.DTSTART))}", to: "${clock(time(shift.DTEND))}", with: cy }\n`);
	assert.equal(t.cli(['apply', '-f', `${t.dir}/change.yaml`]).code, 0);
	const then = await open(url, { 'if-none-match': tag });
	assert.equal(then.status, 200);
	const changed = events(then.text).find((e) => e.UID === shift.UID);
	assert.match(changed.SUMMARY, /^Cy /);
	assert.equal(changed.DTSTART, shift.DTSTART);
});

test('an address opens one calendar, until it is rotated or revoked', async () => {
	const url = t.cli(['feed', 'create', 'user/bo', '--user', 'bo', '--remind', '2h']).out.trim();
	assert.match(url, /^http:\S+\/calendar\/[0-9a-f]{48}\.ics$/);
	assert.equal((await open(url)).status, 200);
	const row = JSON.parse(t.cli(['feed', 'list', '--json']).out).find((f) => f.subject === 'user/bo');
	assert.ok(row.used_at);
	const rotated = t.cli(['feed', 'rotate', row.id]).out.trim();
	assert.notEqual(rotated, url);
	assert.equal((await open(url)).status, 404);
	assert.equal((await open(rotated)).status, 200);
	assert.equal(t.cli(['feed', 'revoke', row.id]).code, 0);
	assert.equal((await open(rotated)).status, 404);
	assert.equal(t.cli(['feed', 'revoke', row.id]).code, 3);
	if (!process.env.TOCSIN_TEST_PG) {
		const bytes = readFileSync(`${t.dir}/tocsin.db`, 'latin1')
			+ readFileSync(`${t.dir}/tocsin.db-wal`, 'latin1');
		assert.ok(!bytes.includes(url.match(/[0-9a-f]{48}/)[0])); // a hash only
	}
});

test('who may, and what cannot be', async () => {
	const token = t.must(['token', 'create', ...t.offline, '--user', 'ada', '--name', 'x']).trim();
	const as = { authorization: `Bearer ${token}` };
	const owners = await made({ subject: 'user/ada' });
	const rows = [
		['POST', '/api/v1/feeds', { subject: 'user/bo' }, 201],
		['POST', '/api/v1/feeds', { subject: 'user/bo', user: 'bo' }, 403],
		['POST', '/api/v1/feeds', { subject: 'user/nobody' }, 404],
		['POST', '/api/v1/feeds', { subject: 'policy/x' }, 404],
		['POST', '/api/v1/feeds', { subject: 'user/bo', reminders: ['soon'] }, 422],
		['GET', '/api/v1/feeds?user=bo', undefined, 403],
		['POST', `/api/v1/feeds/${owners.feed.id}/rotate`, undefined, 404],
		['DELETE', `/api/v1/feeds/${owners.feed.id}`, undefined, 404],
	];
	for (const [method, p, body, status] of rows)
		assert.equal((await t.call(method, p, body, as)).status, status, `${method} ${p}`);
	const mine = (await t.call('GET', '/api/v1/feeds', undefined, as)).json.items;
	assert.deepEqual(new Set(mine.map((f) => f.user)), new Set(['ada']));
	assert.equal((await open(`${t.url}/calendar/0123.ics`)).status, 404);
});
