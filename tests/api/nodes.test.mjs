// SPDX-License-Identifier: Apache-2.0
// Several nodes on one PostgreSQL: they race for the same keys, die, hang, and lose nothing.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { Hook, ORG, PG, Proxy, Tocsin, program, sleep, until } from './lib.mjs';
import { all, checkRecord, checkTwice, everyPage, killedAtBirth, Load, pagedBy, random, SEED } from './storm.mjs';

const options = { timeout: 300_000, skip: PG ? false : 'needs PostgreSQL: ./dev pg' };

async function pair() {
	const hook = await Hook.start('hook-secret');
	const a = await Tocsin.start(pagedBy(hook), { args: ['--allow-private'] });
	const b = await a.join();
	return { hook, a, b };
}

/** Listens to the stream; ids as they come. */
function listen(t, after) {
	const heard = { ids: [], types: [] };
	const rq = request(`${t.url}/api/v1/stream`, { headers: {
		authorization: `Bearer ${t.token}`, 'last-event-id': String(after) } }, (rs) => {
		let text = '';
		rs.on('data', (d) => {
			text += d;
			for (let end; (end = text.indexOf('\n\n')) >= 0; text = text.slice(end + 2)) {
				const m = text.slice(0, end).match(/^id: (\d+)\nevent: (\S+)/);
				if (m) heard.ids.push(Number(m[1]));
				if (m) heard.types.push(m[2]);
			}
		});
		rs.on('error', () => {});
	});
	rq.on('error', () => {});
	rq.end();
	heard.stop = () => rq.destroy();
	return heard;
}

async function newest(t) {
	return (await t.get('/api/v1/events?limit=1')).json.items[0].seq;
}

async function allPaged(t, hook) {
	const incidents = await all(t, '/api/v1/incidents');
	await everyPage(incidents, hook, 180_000);
	return incidents;
}

test('two nodes race for the same keys', options, async () => {
	const { hook, a, b } = await pair();
	const before = await newest(a);
	const heard = listen(b, before);
	const KEYS = 20, EACH = 4;
	const send = async (t) => {
		for (let i = 0; i < KEYS * EACH; i++) {
			const r = await t.signal({ dedup_key: `race-${i % KEYS}`, severity: 'critical', summary: 'race' });
			assert.equal(r.status, 202, r.text);
		}
	};
	await Promise.all([send(a), send(b), send(a), send(b)]);

	const incidents = await allPaged(a, hook);
	assert.equal(incidents.length, KEYS, 'one incident a key');
	const alerts = (await b.get('/api/v1/alerts?limit=500')).json.items;
	assert.deepEqual(alerts.map((x) => x.count), Array(KEYS).fill(4 * EACH), 'every signal counts once');
	await until('both nodes have nothing to send', async () => {
		const pages = (await a.get('/api/v1/pages?limit=500')).json.items;
		return pages.length >= KEYS && pages.every((p) => p.state === 'sent');
	});
	assert.equal(new Set(hook.got.map((p) => p.id)).size, hook.got.length, 'no page was sent twice');

	// What either committed is heard at the other, each event once and in order.
	const last = await newest(b);
	await until('the last event on the stream', () => heard.ids.at(-1) >= last);
	assert.deepEqual(heard.ids.slice(0, last - before),
		Array.from({ length: last - before }, (_, i) => before + 1 + i));
	heard.stop();
	assert.match(a.must(['verify', ...a.offline]), /every hash fits/);
	await a.stop();
	await hook.stop();
});

test('what one node is told holds at the other', options, async () => {
	const { hook, a, b } = await pair();
	const doc = (key) => ({ integrations: { late: { type: 'native', team: 'core', service: 'web', key } } });
	for (const [here, there] of [[a, b], [b, a], [a, b]]) {
		const key = `key-${Math.random().toString(36).slice(2)}`;
		const r = await here.post('/api/v1/config', doc(key));
		assert.equal(r.status, 200, r.text);
		await until('the new key is taken elsewhere', async () =>
			(await there.signal({ dedup_key: key, severity: 'info', summary: 'x' }, key)).status === 202);
	}
	// A command line beside them is a third one.
	a.must(['token', 'create', ...a.offline, '--user', 'owner', '--name', 'offline']);
	const r = await b.signal({ dedup_key: 'after', severity: 'critical', summary: 'after' });
	assert.equal(r.status, 202, r.text);
	const acked = await a.post(`/api/v1/incidents/${r.json.results[0].incident}/acknowledge`, {});
	assert.equal(acked.status, 200, acked.text);
	const again = await b.post(`/api/v1/incidents/${r.json.results[0].incident}/resolve`, {});
	assert.equal(again.status, 200, again.text);
	assert.match(a.must(['verify', ...a.offline]), /every hash fits/);
	await a.stop();
	await hook.stop();
});

test('a node that stops dead in its turn loses it', options, async () => {
	const { hook, a, b } = await pair();
	let busy = true;
	const accepted = new Map();
	let n = 0;
	const load = async (t) => {
		while (busy) {
			const key = `stop-${n++}`;
			const r = await t.signal({ dedup_key: key, severity: 'critical', summary: key });
			if (r.status === 202) accepted.set(key, r.json.results[0].incident);
		}
	};
	const loads = [load(a), load(a), load(a), load(b)];
	for (let round = 0; round < 3; round++) {
		await until('some signals', () => accepted.size >= 20 * (round + 1));
		a.server.child.kill('SIGSTOP');
		const r = await until('the other node takes signals', async () => {
			const got = await b.signal({ dedup_key: `alone-${round}`, severity: 'critical', summary: 'alone' });
			return got.status === 202 ? got : null;
		});
		accepted.set(`alone-${round}`, r.json.results[0].incident);
		a.server.child.kill('SIGCONT');
	}
	busy = false;
	await Promise.all(loads);
	for (const [key, id] of accepted)
		assert.equal((await a.incident(key)).id, id, `${key} was answered and is gone`);
	await allPaged(b, hook);
	checkTwice(hook.got);
	assert.match(a.must(['verify', ...a.offline]), /every hash fits/);
	await a.stop();
	await hook.stop();
});

const ROUNDS = Number(process.env.TOCSIN_CRASH_ROUNDS ?? 16);
const LIVE_MAX = 250; // ms from ready to the kill

/** Killed and up again where it was, for the proxy goes on asking there. Now and then it is
 * killed once more while it starts. */
async function killed(node, rnd) {
	await node.kill();
	if (rnd() < 0.1) await killedAtBirth(node, rnd, node.port);
	await until('the port', () => node.up().then(() => true, () => false));
}

test(`either of two nodes is killed, ${ROUNDS} times under load, seed ${SEED}`,
	{ ...options, timeout: 7_200_000 }, async (c) => {
		const rnd = random(SEED);
		const { hook, a, b } = await pair();
		const proxy = await Proxy.start([a.port, b.port]);
		const through = Object.assign(new Tocsin(), { url: proxy.url, token: a.token });
		const load = new Load(through, rnd);
		const running = load.start({ stubborn: true });
		for (let round = 0; round < ROUNDS; round++) {
			const before = load.accepted.size;
			if (round % 4 > 0) await until('a signal is accepted', () => load.accepted.size > before);
			await sleep(rnd() * LIVE_MAX);
			await killed(rnd() < 0.5 ? a : b, rnd);
		}
		await running.stop();
		assert.ok(load.accepted.size > ROUNDS / 2, `only ${load.accepted.size} signals were accepted`);
		c.diagnostic(`${ROUNDS} kills of either node: ${await checkRecord(b, load, hook)}`);
		await proxy.stop();
		await a.stop();
		await hook.stop();
	});

test('a table that somebody keeps locked is said, with its statement, and heals by itself', options, async () => {
	const t = await Tocsin.start(ORG);
	const signal = (key) => t.signal({ action: 'trigger', dedup_key: key, severity: 'critical', summary: key });
	const ready = () => t.get('/readyz');
	const psql = await program('psql', [t.db.url, '-Xqc', 'BEGIN; LOCK TABLE alert IN ACCESS EXCLUSIVE MODE',
		'-c', '\\echo locked', '-c', 'SELECT pg_sleep(600)'], { ready: /locked/ });
	assert.equal((await signal('locked')).status, 503, 'within the time that a sender waits');
	await until('/readyz says what holds it up', async () => {
		const r = await ready();
		return r.status === 503 && /nothing can be written: \w+: .*lock timeout.*another session holds its lock/.test(r.text);
	});
	await t.says(/where=writer .*SQLSTATE 55P03/);
	await psql.stop('SIGKILL');
	t.db.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid()");
	await until('it takes signals again', async () => (await signal('after')).status === 202);
	await until('it is ready again', async () => (await ready()).status === 200);
	await t.stop();
});
