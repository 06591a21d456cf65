// SPDX-License-Identifier: Apache-2.0
// The room of an incident over the API and by words: brief, roles, people, lines, split, taking back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Mailbox, ORG, Tocsin, until } from './lib.mjs';

let t, box, bo;
before(async () => {
	box = await Mailbox.start();
	t = await Tocsin.start(ORG, { args: ['--smtp', box.url] });
	const token = (user) => ({ authorization: `Bearer ${t.must(['token', 'create', ...t.offline, '--user', user, '--name', user]).trim()}` });
	bo = token('bo');
	t.guest = token('guest');
});
after(async () => {
	await t.stop();
	await box.stop();
});

const act = (id, verb, body = {}, headers) => t.post(`/api/v1/incidents/${id}/${verb}`, body, headers);
const room = async (id) => (await t.get(`/api/v1/incidents/${id}/room`)).json;
const lines = async (id, type) => (await t.get(`/api/v1/incidents/${id}/timeline?limit=500`)).json.items.filter((e) => e.type === type);
const open = async (key) => (await t.signal({ dedup_key: key, severity: 'critical', summary: `It is ${key}` })).json.results[0].incident;

test('the brief: fields apart, each change with before and after, by its own revision', async () => {
	const id = await open('brief');
	assert.deepEqual((await room(id)).brief, { status: '', impact: '', theory: '', next_step: '', revision: 0 });
	const by = new Date(Date.now() + 600_000).toISOString();
	assert.equal((await act(id, 'brief', { status: 'rolling back', next_step: 'look at errors', next_by: by, revision: 0 })).status, 200);
	const late = await act(id, 'brief', { status: 'other', revision: 0 }, bo);
	assert.equal(late.status, 409);
	assert.match(late.json.detail, /user\/owner was first/);
	assert.equal((await act(id, 'brief', { impact: 'no cards', revision: 1 }, bo)).status, 200);
	const b = (await room(id)).brief;
	assert.deepEqual([b.status, b.impact, b.next_step, b.revision, b.changed_by], ['rolling back', 'no cards', 'look at errors', 2, 'user/bo']);
	assert.ok(b.next_by);
	assert.equal((await act(id, 'brief', { next_step: 'wait' })).status, 200);
	assert.equal((await room(id)).brief.next_by, undefined, 'another step has its own instant, or none');
	assert.equal((await act(id, 'brief', { next_step: 'wait' })).headers.get('tocsin-changed'), 'false');
	const said = (await lines(id, 'brief.changed')).map((e) => [e.data.field, e.data.before, e.data.after]);
	assert.ok(said.some(([f, x, y]) => f === 'status' && x === '' && y === 'rolling back'));
	assert.ok(said.some(([f, x, y]) => f === 'next_step' && x === 'look at errors' && y === 'wait'));
	assert.equal((await act(id, 'brief', { status: 'x'.repeat(501) })).status, 422);
	assert.equal((await act(id, 'brief', { status: 'no' }, t.guest)).status, 403);
	// It is not what people decide upon: an acknowledgement of what was seen still holds.
	const etag = (await t.get(`/api/v1/incidents/${id}`)).headers.get('etag');
	assert.equal((await act(id, 'brief', { theory: 'a cable' })).status, 200);
	assert.equal((await act(id, 'acknowledge', {}, { 'if-match': etag })).status, 200);
});

test('what is known goes along with the page of who is asked later', async () => {
	const id = await open('asked');
	await act(id, 'brief', { status: 'we are rolling back 8c1f', impact: 'cards are refused' });
	await act(id, 'acknowledge');
	assert.equal((await act(id, 'add', { target: 'user/bo' })).status, 200);
	const mail = await box.mail('rolling back 8c1f');
	assert.match(mail.text ?? String(mail), /cards are refused/);
	assert.deepEqual((await room(id)).people.map((p) => [p.user, p.state]), [['owner', 'joined'], ['bo', 'asked']]);
	assert.equal((await act(id, 'join', {}, bo)).status, 200);
	assert.equal((await room(id)).people.find((p) => p.user === 'bo').state, 'joined');
	assert.equal((await act(id, 'join', {}, bo)).headers.get('tocsin-changed'), 'false');
	assert.equal((await act(id, 'decline', {}, bo)).status, 409);
	assert.equal((await act(id, 'add', { target: 'policy/core' })).status, 422);
});

test('one holder of a role; who looked at an old one is told', async () => {
	const id = await open('roles');
	assert.equal((await act(id, 'role', { role: 'commander', seen: '' })).json.commander, 'owner');
	const late = await act(id, 'role', { role: 'commander', seen: '' }, bo);
	assert.equal(late.status, 409);
	assert.match(late.json.detail, /owner is commander/);
	assert.equal((await act(id, 'role', { role: 'commander', seen: 'owner' }, bo)).json.commander, 'bo');
	assert.equal((await act(id, 'role', { role: 'scribe', user: 'ada' })).status, 200);
	assert.deepEqual((await room(id)).roles.map((r) => [r.role, r.user]), [['commander', 'bo'], ['scribe', 'ada']]);
	assert.equal((await act(id, 'role', { role: 'commander', nobody: true }, bo)).json.commander, undefined);
	assert.equal((await act(id, 'role', { role: 'king' })).status, 422);
	assert.equal((await act(id, 'role', { role: 'scribe', nobody: true, user: 'bo' })).status, 422);
});

test('notes: told, edited by their author, starred, of a moment in the past', async () => {
	const id = await open('said');
	await act(id, 'note', { note: 'look @bo' });
	await until('bo is told', async () => (await t.get('/api/v1/events?type=notice.queued')).json.items.some((e) => e.user === 'bo' && /wrote to you on/.test(e.data.title)));
	await t.post('/api/v1/config', { users: { quiet: { name: 'Quiet' } } });
	await act(id, 'note', { note: 'and @quiet, but not a@bo nor @ada@bo' });
	const of = async (type) => (await t.get(`/api/v1/events?type=${type}`)).json.items;
	const withheld = await of('notice.withheld');
	assert.deepEqual(withheld.map((e) => [e.user, e.reason]), [['quiet', 'no-contact']]);
	assert.match(withheld[0].sentence, /No notice to quiet \(no-contact\): .*wrote to you on/);
	assert.equal((await of('notice.queued')).filter((e) => e.user === 'bo').length, 1, 'a name within a word is none');
	const line = (await lines(id, 'incident.noted')).find((e) => e.data.text === 'look @bo').seq;
	assert.equal((await act(id, 'edit', { line, text: 'mine now' }, bo)).status, 403);
	assert.equal((await act(id, 'edit', { line, text: 'look again' })).status, 200);
	assert.equal((await act(id, 'star', { line }, bo)).status, 200);
	assert.deepEqual((await room(id)).lines, [{ line, text: 'look again', starred_by: 'user/bo' }]);
	assert.equal((await lines(id, 'incident.noted')).find((e) => e.seq === line).data.text, 'look @bo', 'the record is not rewritten');
	assert.equal((await lines(id, 'note.edited'))[0].data.before, 'look @bo');
	assert.equal((await act(id, 'unstar', { line })).status, 200);
	assert.equal((await act(id, 'star', { line: 99999999 })).status, 422);
	const first = (await lines(id, 'incident.opened'))[0].seq;
	assert.equal((await act(id, 'edit', { line: first, text: 'no' })).status, 422);
	const at = new Date(Date.now() - 720_000).toISOString();
	assert.equal((await act(id, 'note', { note: 'the first error', at })).status, 200);
	const told = (await lines(id, 'incident.recalled'))[0];
	assert.equal(Date.parse(told.data.happened_at), Date.parse(at));
	assert.ok(Date.parse(told.at) > Date.parse(at));
	assert.equal((await act(id, 'note', { note: 'x', at: '2099-01-01T00:00:00Z' })).status, 422);
	assert.equal(t.cli(['verify', ...t.offline]).code, 0);
});

test('alerts leave and come back; what was taken back is as before', async () => {
	const a = await open('stays'), b = await open('leaves');
	await act(b, 'acknowledge');
	assert.equal((await act(b, 'merge', { into: a })).status, 200);
	const alert = (await t.get(`/api/v1/incidents/${a}/alerts`)).json.items.find((x) => x.dedup_key === 'leaves').id;
	await act(a, 'acknowledge');
	const made = (await act(a, 'split', { alerts: [alert] })).json;
	assert.deepEqual([made.state, made.alerts, made.title, made.revision], ['triggered', 1, 'It is leaves', 1]);
	assert.equal((await act(a, 'split', { alerts: [alert] })).status, 422);
	assert.equal((await act(made.id, 'merge', { into: a })).status, 200);
	assert.equal((await act(made.id, 'unmerge')).json.state, 'triggered');
	assert.equal((await act(made.id, 'resolve')).status, 200);
	assert.equal((await act(made.id, 'reopen')).json.open_alerts, 1);
	assert.equal((await act(made.id, 'merge', { into: a })).status, 200);
	const taken = (await act(a, 'split', { alerts: [alert], take: true })).json;
	const stored = (await t.get(`/api/v1/incidents/${taken.id}`)).json;
	assert.deepEqual([stored.state, stored.revision, stored.acked_by], ['acknowledged', 1, taken.acked_by]);
	assert.ok(stored.acked_by && stored.acked_at);
	const c = (await act(a, 'snooze', { for: '1h' })).json;
	assert.equal((await act(a, 'unsnooze', {}, { 'if-match': `"${c.revision - 1}"` })).status, 412);
	assert.equal((await act(a, 'unsnooze', {}, { 'if-match': `"${c.revision}"` })).json.state, 'acknowledged');
	assert.ok((await act(a, 'mitigate')).json.mitigated_at);
	assert.equal((await act(a, 'unacknowledge')).json.mitigated_at, undefined);
	assert.equal((await act(a, 'unacknowledge')).status, 409);
	assert.equal((await act(a, 'snooze', { for: '1h' })).json.state, 'acknowledged');
	assert.equal((await act(a, 'unsnooze')).json.state, 'triggered', 'it was the snooze that took it');
});

test('somebody who only reads may watch, and hears of the end', async () => {
	const id = await open('watched');
	assert.equal((await act(id, 'watch', {}, t.guest)).status, 200);
	assert.equal((await act(id, 'note', { note: 'x' }, t.guest)).status, 403);
	assert.equal((await act(id, 'watch', {}, bo)).status, 200);
	assert.deepEqual((await room(id)).people.map((p) => p.state), ['watching', 'watching']);
	await act(id, 'resolve');
	await until('bo is told', async () => (await t.get('/api/v1/events?type=notice.queued')).json.items.some((e) => e.user === 'bo' && e.data.title === `#${id} is resolved: It is watched`));
	assert.equal((await act(id, 'unwatch', {}, t.guest)).headers.get('tocsin-changed'), 'true');
});

test('the same by words', async () => {
	const id = String(await open('words'));
	assert.equal(t.cli(['ack', id]).code, 0);
	assert.equal(t.cli(['say', id, 'it began', '--at', '10m']).code, 0);
	assert.equal(t.cli(['brief', id, '--status', 'rolling back', '--next', 'look', '--by', '15m']).code, 0);
	assert.equal(t.cli(['role', id, 'commander']).code, 0);
	assert.equal(t.cli(['role', id, 'scribe', 'bo']).code, 0);
	const shown = t.cli(['brief', id]).out;
	for (const words of ['rolling back', 'commander: owner', 'scribe: bo', 'owner joined']) assert.ok(shown.includes(words), shown);
	assert.equal(t.cli(['role', id, 'scribe', 'nobody']).code, 0);
	assert.equal(t.cli(['mitigate', id]).code, 0);
	assert.match(t.cli(['show', id]).out, /mitigated/);
	for (const state of ['acknowledged', 'triggered']) assert.match(t.cli(['undo', id]).out, new RegExp(state));
	assert.equal(t.cli(['undo', id]).code, 4);
	assert.equal(t.cli(['resolve', id]).code, 0);
	assert.match(t.cli(['undo', id]).out, /triggered/);
	assert.equal(t.cli(['decline', id]).code, 4);
	assert.equal(t.cli(['add', id, 'user/bo']).code, 0);
	assert.equal(t.cli(['split', id, 'x']).code, 2);
});
