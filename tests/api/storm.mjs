// SPDX-License-Identifier: Apache-2.0
// Load that goes on while servers are killed, and what must hold afterwards.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { sleep, TOCSIN, unbundled, until, withAda } from './lib.mjs';

const SENDERS = 6;
const BOOT_MAX = 120; // ms from the start to a kill while starting
export const SEED = Number(process.env.TOCSIN_CRASH_SEED ?? Date.now() % 1_000_000_000);

/** Ada is paged by webhook, every page alone. */
export const pagedBy = (hook) => unbundled(
	withAda(`hook: { type: webhook, address: "${hook.url}/ada", secret: hook-secret }`));

/** mulberry32: small, seeded. */
export function random(seed) {
	let a = seed >>> 0;
	return () => {
		a = (a + 0x6d2b79f5) | 0;
		let t = Math.imul(a ^ (a >>> 15), 1 | a);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}

/** What was sent, and what was answered. Each signal is sent once; its summary is its name. */
export class Load {
	constructor(t, rnd) {
		Object.assign(this, { t, rnd, n: 0, sent: new Map(), accepted: new Map(), keys: [] });
	}

	next() {
		const dice = this.rnd(), token = `signal-${this.n++}`;
		if (dice < 0.8 || this.keys.length === 0) {
			this.keys.push(token);
			return { dedup_key: token, severity: 'critical', summary: token };
		}
		const key = this.keys[Math.floor(this.rnd() * this.keys.length)];
		if (dice < 0.95) return { dedup_key: key, severity: 'critical', summary: token };
		return { dedup_key: key, action: 'resolve', summary: token };
	}

	async send() {
		const body = this.next();
		this.sent.set(body.summary, body);
		try {
			const r = await this.t.signal(body);
			if (r.status === 202) this.accepted.set(body.summary, r.json.results[0]);
			else assert.equal(r.status, 503, r.text); // the only other answer there is
		} catch (e) {
			if (e instanceof assert.AssertionError) throw e;
			return false; // not answered: it may be there or not
		}
		return true;
	}

	/** Until stop(); without `stubborn` until nobody answers any more, too. */
	start({ stubborn = false } = {}) {
		let on = true;
		const senders = Array.from({ length: SENDERS }, async () => {
			while (on && (await this.send() || stubborn)) await sleep(this.rnd() * 8);
		});
		return { stop: () => { on = false; return Promise.all(senders); } };
	}
}

/** All items of a list, newest first. */
export async function all(t, path) {
	const items = [];
	for (let cursor = ''; ;) {
		const r = await t.get(`${path}?limit=500${cursor}`);
		assert.equal(r.status, 200, r.text);
		items.push(...r.json.items);
		if (!r.json.next) return items;
		cursor = `&cursor=${r.json.next}`;
	}
}

/** Killed while it starts: what it repairs at a start may be cut short too. */
export async function killedAtBirth(t, rnd, port = 0) {
	const child = spawn(TOCSIN, ['serve', ...t.offline, '--listen', `127.0.0.1:${port}`, ...t.args],
		{ stdio: 'ignore' });
	const gone = new Promise((r) => child.on('exit', r));
	await sleep(rnd() * BOOT_MAX);
	child.kill('SIGKILL');
	await gone;
}

function checkSignals(load, rows) {
	const times = new Map();
	for (const row of rows) {
		const token = row.signal.summary;
		assert.ok(load.sent.has(token), `${token} was never sent`);
		assert.ok(!times.has(token), `${token} is on record twice`);
		times.set(token, row);
	}
	for (const [token, result] of load.accepted) {
		const row = times.get(token);
		assert.ok(row, `${token} was answered and is gone`);
		assert.equal(row.id, result.signal, `${token} has another number than was answered`);
		assert.equal(row.incident ?? null, result.incident ?? null, `${token} moved`);
	}
}

function checkCounts(rows, alerts) {
	const firing = new Map();
	for (const row of rows)
		if (row.action === 'trigger') firing.set(row.alert, (firing.get(row.alert) ?? 0) + 1);
	for (const a of alerts)
		assert.equal(a.count, firing.get(a.id), `alert ${a.dedup_key} does not count its signals`);
}

/** More than one delivery of a page only where a crash left open whether it had been sent. */
export function checkTwice(got) {
	const times = new Map();
	for (const p of got) times.set(p.id, [...(times.get(p.id) ?? []), p.body.page.possibly_twice]);
	for (const [id, marks] of times)
		assert.ok(marks.slice(1).every((twice) => twice), `${id} was sent ${marks.length} times unmarked`);
	return [...times.values()].filter((marks) => marks.length > 1).length;
}

/** Until each of them has been paged. */
export const everyPage = (incidents, hook, deadline) => until('every page', () => {
	const have = new Set(hook.got.map((p) => p.body.incident?.id));
	return incidents.every((i) => have.has(i.id)) || sleep(200).then(() => false);
}, deadline);

/** What holds after any number of kills. In a line for people. */
export async function checkRecord(t, load, hook) {
	const rows = await all(t, '/api/v1/signals');
	checkSignals(load, rows);
	checkCounts(rows, await all(t, '/api/v1/alerts'));
	// Accepted or not: what is on record and open is paged.
	const open = (await all(t, '/api/v1/incidents')).filter((i) => i.state === 'triggered');
	await everyPage(open, hook, 600_000);
	const twice = checkTwice(hook.got);
	assert.match(t.must(['verify', ...t.offline]), /every hash fits/);
	return `${load.sent.size} signals sent, ${load.accepted.size} answered, `
		+ `${rows.length} on record; ${open.length} open incidents, all paged; `
		+ `${hook.got.length} pages received, ${twice} of them again and marked`;
}
