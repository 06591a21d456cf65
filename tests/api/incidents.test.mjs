// SPDX-License-Identifier: Apache-2.0
// Incidents over the API: verbs, lists, conditions, repetitions, the stream.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Mailbox, ORG, Tocsin, until } from './lib.mjs';

let t, mailbox;
before(async () => {
	mailbox = await Mailbox.start();
	t = await Tocsin.start(ORG, { args: ['--smtp', mailbox.url] });
});
after(async () => {
	await t.stop();
	await mailbox.stop();
});

const act = (id, verb, body = {}, headers) => t.post(`/api/v1/incidents/${id}/${verb}`, body, headers);

test('from signal to resolution', async () => {
	const r = await t.signal({ dedup_key: 'life', severity: 'critical', summary: 'Web is down' });
	assert.equal(r.status, 202);
	assert.equal(r.json.results[0].outcome, 'opened');
	const id = r.json.results[0].incident;
	await mailbox.mail('Web is down');
	await until('it is on record as sent', async () => // a moment after the mail has come
		(await t.get(`/api/v1/incidents/${id}/pages`)).json.items[0]?.state === 'sent');
	assert.equal((await act(id, 'acknowledge', { note: 'looking' })).json.state, 'acknowledged');
	assert.equal((await act(id, 'note', { note: 'a fan' })).status, 200);
	assert.equal((await act(id, 'resolve')).json.state, 'resolved');
	const again = await act(id, 'resolve');
	assert.equal(again.status, 409);
	const timeline = (await t.get(`/api/v1/incidents/${id}/timeline`)).json.items;
	for (const type of ['incident.opened', 'page.queued', 'page.sent', 'incident.acknowledged',
		'incident.noted', 'incident.resolved'])
		assert.ok(timeline.some((e) => e.type === type), type);
	const alerts = (await t.get(`/api/v1/incidents/${id}/alerts`)).json.items;
	assert.equal(alerts[0].state, 'closed');
	assert.equal(alerts[0].signal.summary, 'Web is down');
	const pages = (await t.get(`/api/v1/incidents/${id}/pages`)).json.items;
	assert.equal(pages[0].state, 'sent');
	assert.match(pages[0].receipt, /250/);
});

test('every verb', async () => {
	const open = async (title) => (await t.post('/api/v1/incidents', { title, service: 'web' })).json;
	const a = await open('one'), b = await open('two');
	assert.equal((await act(a.id, 'snooze', { for: '1h' })).json.snoozed_until > a.opened_at, true);
	assert.equal((await act(a.id, 'snooze', {})).status, 422);
	assert.equal((await act(a.id, 'reassign', { target: 'user/bo' })).json.state, 'triggered');
	assert.equal((await act(a.id, 'reassign', { target: 'user/nobody' })).status, 422);
	assert.equal((await act(a.id, 'escalate')).status, 200);
	assert.equal((await act(a.id, 'reroute', { policy: 'core' })).status, 200);
	assert.equal((await act(a.id, 'reroute', { policy: 'none' })).status, 422);
	assert.equal((await act(a.id, 'merge', { into: b.id })).json.merged_into, b.id);
	assert.equal((await act(b.id, 'resolve')).status, 200);
	assert.equal((await act(999999, 'resolve')).status, 404);
	assert.equal((await act('x', 'resolve')).status, 404);
});

test('unknown fields are named, with the nearest', async () => {
	const r = await t.post('/api/v1/incidents', { titel: 'x', service: 'web' });
	assert.equal(r.status, 422);
	assert.ok(r.json.errors.some((e) => e.pointer === '/titel' && /title/.test(e.detail)), r.text);
	const broken = await t.post('/api/v1/incidents', '{"title": ');
	assert.equal(broken.status, 400);
	assert.equal(broken.json.errors[0].line, 1);
});

test('If-Match guards against the stale', async () => {
	const inc = await t.post('/api/v1/incidents', { title: 'stale', service: 'web' });
	const etag = inc.headers.get('etag');
	await until('the page', async () => (await t.get(`/api/v1/incidents/${inc.json.id}/pages`)).json.items
		.some((p) => p.attempts > 0));
	assert.equal((await t.get(`/api/v1/incidents/${inc.json.id}`)).headers.get('etag'), etag, 'a page changes nothing');
	assert.equal((await act(inc.json.id, 'note', { note: 'x' })).status, 200);
	assert.equal((await act(inc.json.id, 'acknowledge', {}, { 'if-match': etag })).status, 412);
	const now = (await t.get(`/api/v1/incidents/${inc.json.id}`)).headers.get('etag');
	assert.equal((await act(inc.json.id, 'acknowledge', {}, { 'if-match': now })).status, 200);
	assert.equal((await act(inc.json.id, 'resolve')).status, 200);
});

test('Idempotency-Key answers a repetition as before', async () => {
	const key = { 'idempotency-key': 'key-1' };
	const body = { title: 'once', service: 'web' };
	const first = await t.post('/api/v1/incidents', body, key);
	const second = await t.post('/api/v1/incidents', body, key);
	assert.equal(first.status, 201);
	assert.equal(second.status, 201);
	assert.equal(second.json.id, first.json.id);
	assert.equal(second.headers.get('idempotency-replayed'), 'true');
	assert.equal((await t.post('/api/v1/incidents', { ...body, title: 'other' }, key)).status, 409);
	assert.equal((await act(first.json.id, 'resolve')).status, 200);
});

test('lists come in pages', async () => {
	for (let i = 0; i < 7; i++)
		await t.signal({ dedup_key: `page-${i}`, severity: 'info', summary: 's' });
	const seen = [];
	let cursor = '';
	do {
		const r = await t.get(`/api/v1/signals?limit=3${cursor}`);
		seen.push(...r.json.items.map((s) => s.id));
		cursor = r.json.next ? `&cursor=${r.json.next}` : '';
	} while (cursor);
	assert.equal(new Set(seen).size, seen.length);
	assert.deepEqual(seen, [...seen].sort((a, b) => b - a));
	assert.ok(seen.length >= 7);
	assert.equal((await t.get('/api/v1/signals?limit=0')).status, 400);
});

test('the preview says who would be paged', async () => {
	const r = await t.get('/api/v1/services/web/preview?at=2026-03-02T10:00:00Z');
	assert.deepEqual(r.json.pages.map((p) => [p.at, p.user]), [
		['2026-03-02T10:00:00Z', 'ada'], ['2026-03-02T10:05:00Z', 'bo'], ['2026-03-02T10:10:00Z', 'owner']]);
	assert.equal(r.json.pages[2].catch_all, true);
	assert.equal((await t.get('/api/v1/services/none/preview')).status, 404);
});

test('on call, at an instant and over time', async () => {
	// Far ahead: the past is answered by the configuration of then, and there was none.
	const at = (when) => t.get(`/api/v1/schedules/core/oncall?at=${when}`);
	assert.equal((await at('2099-03-09T08:00:00Z')).json.users[0].id, 'ada');
	assert.equal((await at('2099-03-09T07:59:59Z')).json.users[0].id, 'bo');
	const r = await t.get('/api/v1/schedules/core/shifts?from=2099-03-08T00:00:00Z&to=2099-03-22T00:00:00Z');
	assert.deepEqual(r.json.items.map((s) => s.users[0].id), ['bo', 'ada', 'bo']);
	assert.equal((await t.get('/api/v1/oncall')).json.items[0].schedule, 'core');
	assert.equal((await at('yesterday')).status, 400);
});

/** Reads the stream until ask() is content with what came; then hangs up. */
async function listen(headers, ask) {
	const stop = new AbortController();
	const r = await fetch(`${t.url}/api/v1/stream`,
		{ headers: { authorization: `Bearer ${t.token}`, ...headers }, signal: stop.signal });
	assert.equal(r.headers.get('content-type'), 'text/event-stream');
	const events = [];
	let text = '';
	const reader = r.body.getReader();
	const decoder = new TextDecoder();
	for (;;) {
		const { value } = await reader.read();
		text += decoder.decode(value, { stream: true });
		let end;
		while ((end = text.indexOf('\n\n')) >= 0) {
			const data = text.slice(0, end).match(/^data: (.*)$/m);
			if (data) events.push(JSON.parse(data[1]));
			text = text.slice(end + 2);
		}
		const got = ask(events);
		if (got) {
			stop.abort();
			return got;
		}
	}
}

test('the stream tells what happens, and what was missed', async () => {
	const heard = listen({}, (events) => events.find((e) => e.type === 'incident.resolved'));
	await until('a listener', async () => /tocsin_stream_clients [1-9]/.test((await t.get('/metrics')).text));
	await t.signal({ dedup_key: 'live', severity: 'critical', summary: 'live' });
	await t.signal({ dedup_key: 'live', action: 'resolve' });
	const event = await heard;
	assert.equal(event.dedup_key, 'live');
	const missed = await listen({ 'last-event-id': String(event.seq - 3) },
		(events) => events.length >= 3 && events);
	assert.deepEqual(missed.slice(0, 3).map((e) => e.seq), [event.seq - 2, event.seq - 1, event.seq]);
});

test('many at once: each by the revision that was seen, answered one by one', async () => {
	const ids = [];
	for (let i = 0; i < 4; i++) {
		await t.signal({ dedup_key: `bulk-${i}`, severity: 'critical', summary: `Bulk ${i}` });
		ids.push(await t.incident(`bulk-${i}`));
	}
	await t.post(`/api/v1/incidents/${ids[1].id}/resolve`, {});
	await t.post(`/api/v1/incidents/${ids[2].id}/escalate`, {});
	const body = { verb: 'acknowledge', note: 'all of them', items: [...ids.map(({ id, revision }) => ({ id, revision })), { id: 999999 }] };
	const key = { 'idempotency-key': 'bulk-once' };
	const rs = await t.post('/api/v1/incidents/bulk', body, key);
	assert.equal(rs.status, 200, rs.text);
	assert.deepEqual(rs.json.items.map((o) => o.outcome), ['done', 'skipped', 'skipped', 'done', 'skipped']);
	assert.match(rs.json.items[1].why, /is resolved/);
	assert.deepEqual([rs.json.items[1].moved, rs.json.items[2].moved], [false, true]);
	assert.equal(rs.json.items[2].incident.state, 'triggered');
	assert.equal(rs.json.items[4].incident, undefined);
	assert.equal(rs.json.items[0].incident.acked_by, 'user/owner');
	assert.equal((await t.get(`/api/v1/incidents/${ids[2].id}`)).json.state, 'triggered');
	const notes = async () => (await t.get(`/api/v1/incidents/${ids[0].id}/timeline`)).json.items.filter((e) => e.type === 'incident.noted').length;
	assert.equal(await notes(), 1);
	assert.deepEqual((await t.post('/api/v1/incidents/bulk', body, key)).json, rs.json, 'the answer of the first time');
	assert.equal(await notes(), 1);
});

test('many at once: bad bodies change nothing', async () => {
	const { id } = await t.incident('bulk-2');
	for (const body of [{ verb: 'acknowledge', items: [] }, { verb: 'merge', items: [{ id }] }, { verb: 'snooze', items: [{ id }] }, { verb: 'reassign', items: [{ id }] },
		{ verb: 'acknowledge', items: Array.from({ length: 101 }, () => ({ id })) }])
		assert.equal((await t.post('/api/v1/incidents/bulk', body)).status, 422, JSON.stringify(body).slice(0, 60));
	assert.equal((await t.incident('bulk-2')).state, 'triggered');
});
