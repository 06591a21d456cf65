// SPDX-License-Identifier: Apache-2.0
// The stream of events: nothing missed, nothing twice, nothing out of order.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { ORG, Tocsin, until } from './lib.mjs';

let t;
before(async () => { t = await Tocsin.start(ORG); });
after(() => t.stop());

/** Listens; `seqs` grows, `ended` says that the server closed. */
function listen(path, headers = {}) {
	const s = { seqs: [], text: '', ended: false };
	const rq = request(t.url + path, { headers: { authorization: `Bearer ${t.token}`, ...headers } }, (rs) => {
		s.status = rs.statusCode;
		rs.setEncoding('utf8');
		let rest = '';
		rs.on('data', (d) => {
			const pieces = (rest + d).split('\n\n');
			rest = pieces.pop();
			for (const piece of pieces.filter((p) => p.startsWith('id: '))) {
				const data = JSON.parse(piece.match(/^data: (.*)$/m)[1]); // half an event does not parse
				assert.equal(Number(piece.match(/^id: (\d+)$/m)[1]), data.seq);
				s.seqs.push(data.seq);
			}
		});
		rs.on('close', () => { s.ended = true; });
	});
	rq.on('error', () => { s.ended = true; });
	rq.end();
	s.stop = () => rq.destroy();
	return s;
}

const newest = async () => (await t.get('/api/v1/events?limit=1')).json.items[0].seq;
const burst = (name, n) => t.signal(Array.from({ length: n }, (_, i) =>
	({ action: 'trigger', dedup_key: `${name}-${i}`, severity: 'warning', summary: 'x'.repeat(900) })));

test('a replay while events are made keeps their order', async () => {
	await burst('before', 100);
	const first = 1;
	const making = (async () => { for (let i = 0; i < 20; i++) await burst(`while-${i}`, 20); })();
	const streams = Array.from({ length: 8 }, () => listen('/api/v1/stream', { 'last-event-id': '0' }));
	await making;
	const last = await newest();
	for (const s of streams) {
		// One that was cut off for being behind comes back where it was, as an EventSource does.
		for (let now = s, got = []; ; now = listen('/api/v1/stream', { 'last-event-id': String(got.at(-1)) })) {
			await until('the events', () => now.ended || now.seqs.at(-1) >= last || got.length + now.seqs.length >= last);
			got = got.concat(now.seqs);
			now.stop();
			if (got.at(-1) < last) continue;
			assert.deepEqual(got.slice(0, last), Array.from({ length: last }, (_, i) => i + first));
			break;
		}
	}
});

test('far behind: as much as fits, then the end, and on from there', async () => {
	for (let i = 0; i < 4; i++) await burst(`far-${i}`, 500);
	const s = listen('/api/v1/stream', { 'last-event-id': '0' });
	await until('the end', () => s.ended);
	assert.equal(s.status, 200);
	assert.ok(s.seqs.length >= 100, String(s.seqs.length));
	const on = listen('/api/v1/stream', { 'last-event-id': String(s.seqs.at(-1)) });
	await until('more', () => on.seqs.length > 0);
	assert.equal(on.seqs[0], s.seqs.at(-1) + 1);
	on.stop();
});

test('a wrong cursor is refused', async () => {
	assert.equal((await t.get('/api/v1/stream?after=x')).status, 400);
	assert.equal((await t.get('/api/v1/stream', { authorization: '' })).status, 401);
});
