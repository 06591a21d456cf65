// SPDX-License-Identifier: Apache-2.0
// When things go wrong under somebody's hands: refusals that pass, an answer that takes its time, a server that
// dies with the request in hand, a log that begins anew, two who press at once, a clock that is wrong.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Mailbox, ORG } from '../api/lib.mjs';
import { Browser, Tocsin, clean, until } from './lib.mjs';

let t, b, box, page;
const row = (title, p = page) => p.locator('[role=row].row', { hasText: title });
const open = async (key, summary) => {
	await t.signal({ dedup_key: key, severity: 'critical', summary });
	await row(summary).waitFor();
	return t.incident(key);
};
const acknowledgements = async (id) => (await t.get(`/api/v1/incidents/${id}/timeline`)).json.items.filter((e) => e.type.startsWith('incident.acknowledged')).length;

before(async () => {
	box = await Mailbox.start();
	t = await Tocsin.start(ORG, { args: ['--smtp', box.url, '--mail-from', 'tocsin@house.example'] });
	b = await Browser.start();
	page = await b.signIn(t, 'ada');
	await page.getByText('Nothing is open.').waitFor();
});
after(async () => {
	await b?.stop();
	await t?.stop();
	await box?.stop();
});

test('503 twice: marked as not sent, tried again, done once', async () => {
	const { id } = await open('busy', 'The server is busy');
	page.allowed.push(/503/);
	let refused = 0;
	const keys = new Set();
	await page.route('**/acknowledge', (r) => {
		keys.add(r.request().headers()['idempotency-key']);
		if (refused++ < 2) return r.fulfill({ status: 503, headers: { 'retry-after': '1' }, contentType: 'application/problem+json', body: '{"detail":"too much is waiting"}' });
		return r.continue();
	});
	await row('The server is busy').getByRole('button', { name: 'Ack' }).click();
	await row('The server is busy').getByText('not sent yet').waitFor();
	await t.incident('busy', (i) => i.acked_by === 'user/ada');
	await until('it is no longer marked', async () => !(await row('The server is busy').getByText('not sent yet').count()));
	assert.equal(keys.size, 1, 'one idempotency key for all tries');
	assert.equal(await acknowledgements(id), 1);
	await page.unroute('**/acknowledge');
	clean(page);
});

test('an answer that takes its time: shown at once as being saved, then as true', async () => {
	await open('slow', 'The server is slow');
	let go;
	const held = new Promise((done) => { go = done; });
	await page.route('**/acknowledge', async (r) => {
		await held;
		await r.continue();
	});
	await row('The server is slow').getByRole('button', { name: 'Ack' }).click();
	await row('The server is slow').getByText('saving…').waitFor();
	assert.equal((await t.incident('slow')).state, 'triggered', 'nothing is true before the server says so');
	go();
	await t.incident('slow', (i) => i.state === 'acknowledged');
	await until('it is saved', async () => !(await row('The server is slow').getByText('saving…').count()));
	await page.unroute('**/acknowledge');
	clean(page);
});

test('killed with the acknowledgement in hand: done, and once', async () => {
	const { id } = await open('killed', 'The server dies');
	page.allowed.push(/./);
	let first = true;
	await page.route('**/acknowledge', async (r) => {
		if (!first) return r.continue();
		first = false;
		// It is committed, but nobody hears the answer.
		await r.fetch();
		await t.kill();
		await r.abort();
	});
	await row('The server dies').getByRole('button', { name: 'Ack' }).click();
	await row('The server dies').getByText('not sent yet').waitFor();
	await t.up();
	await until('live again', async () => (await page.getByText(/Offline since/).count()) === 0);
	await until('it is no longer marked', async () => !(await row('The server dies').getByText('not sent yet').count()));
	await row('The server dies').getByText('acknowledged').waitFor();
	assert.equal(await acknowledgements(id), 1, 'the second try is answered as the first');
	await page.unroute('**/acknowledge');
	page.faults.length = 0;
	page.allowed = [];
});

test('two press at once: one was first, and the other hears who', async () => {
	await open('both', 'Two press at once');
	const other = await Browser.start();
	try {
		const bo = await other.signIn(t, 'bo');
		await row('Two press at once', bo).waitFor();
		// Neither hears of the other before both have pressed.
		for (const p of [page, bo]) {
			p.allowed.push(/412|board\?after/);
			await p.route('**/api/v1/board?after=*', (r) => r.abort());
		}
		await Promise.all([page, bo].map((p) => row('Two press at once', p).getByRole('button', { name: 'Ack' }).click()));
		const { id, acked_by } = await t.incident('both', (i) => i.state === 'acknowledged');
		const [winner, loser] = acked_by === 'user/ada' ? ['Ada', bo] : ['Bo', page];
		await loser.getByText(`#${id}: ${winner} was first`).waitFor();
		for (const p of [page, bo]) await row('Two press at once', p).getByText(winner).waitFor();
		assert.equal(await acknowledgements(id), 1);
		for (const p of [page, bo]) await p.unroute('**/api/v1/board?after=*');
		clean(bo);
	} finally {
		await other.stop();
	}
	clean(page);
});

test('a place that the log never had begins anew', async () => {
	let whole;
	await until('they are the same', async () => { // pages may go out between one look and the other
		const anew = (await t.get('/api/v1/board?after=999999999')).json;
		whole = (await t.get('/api/v1/board')).json;
		return anew.seq === whole.seq && anew.items.length === whole.items.length;
	});
	// The same in the browser: it was told of a longer log, and what it knew is gone.
	const other = { ...whole.items[0], id: 4242, revision: 99, title: 'Of another database' };
	await page.route('**/api/v1/board?after=*', (r) => r.fulfill({ json: { seq: 999_999_999, more: false, items: [other], waits: [] } }));
	await t.signal({ dedup_key: 'anew-1', severity: 'critical', summary: 'Told by mistake' });
	await row('Of another database').waitFor();
	await page.unroute('**/api/v1/board?after=*');
	await t.signal({ dedup_key: 'anew-2', severity: 'critical', summary: 'The truth' });
	await row('The truth').waitFor();
	await until('the other is gone', async () => (await row('Of another database').count()) === 0);
	clean(page);
});

for (const minutes of [-10, 10])
	test(`a clock that is wrong by ${minutes} minutes: countdowns and ages are the server's`, async () => {
		const late = await b.context.newPage();
		await late.addInitScript((ms) => {
			const real = Date.now.bind(Date);
			Date.now = () => real() + ms;
		}, minutes * 60_000);
		const summary = `Clock ${minutes}`;
		await t.signal({ dedup_key: `clock${minutes}`, severity: 'critical', summary });
		await late.goto(t.url + '/');
		await row(summary, late).waitFor();
		await until('the step has 5 minutes, less a little', async () => /(pages|last:) .* in [45]:\d\d/.test(await row(summary, late).textContent()));
		assert.match(await row(summary, late).locator('.c-age').textContent(), /^(now|[1-3] min)$/);
		await late.close();
	});
