// SPDX-License-Identifier: Apache-2.0
// kill -9 at any moment between an accepted signal and its page: nothing is lost, nobody forgotten.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Hook, ORG, Tocsin, until } from './lib.mjs';

const ROUNDS = Number(process.env.TOCSIN_CRASH_ROUNDS ?? 25);

test(`killed ${ROUNDS} times under load`, { timeout: 600_000 }, async () => {
	const hook = await Hook.start('hook-secret');
	const t = await Tocsin.start(ORG.replace(
		'contacts: { mail: { type: email, address: ada@house.example } }',
		`contacts: { hook: { type: webhook, address: "${hook.url}/ada", secret: hook-secret } }`)
		.replace('catch_all: user/owner', 'catch_all: user/owner, bundle_after: 0'),
	{ args: ['--allow-private'] });
	const accepted = new Map(); // dedup key -> incident
	let n = 0;
	const send = async () => {
		const key = `crash-${n++}`;
		try {
			const r = await t.signal({ dedup_key: key, severity: 'critical', summary: key });
			if (r.status === 202) accepted.set(key, r.json.results[0].incident);
		} catch { /* not answered: it may be there or not */ }
	};
	// At every possible point: before the commit, after it, while the page is claimed or being sent.
	for (let round = 0; round < ROUNDS; round++) {
		const before = accepted.size;
		let killed = false;
		const load = Array.from({ length: 4 }, async () => {
			while (accepted.size === before && !killed) await send();
			for (let i = 0; i < 4 && !killed; i++) await send();
		});
		// Every third round at any instant after the start, else after the first accepted signal.
		if (round % 3) await until('a signal is accepted', () => accepted.size > before);
		await new Promise((r) => setTimeout(r, (round * 7) % 40));
		killed = true;
		await t.kill();
		await Promise.all(load);
		await t.up().catch(async () => { // the port of the dead may linger for a moment
			await until('the port', () => t.up().then(() => true, () => false));
		});
	}
	assert.ok(accepted.size > ROUNDS / 2, `only ${accepted.size} signals were accepted`);
	for (const [key, id] of accepted)
		assert.equal((await t.incident(key)).id, id, `${key} was answered and is gone`);
	// Accepted or not: what is on record is paged.
	const all = [];
	for (let cursor = ''; ;) {
		const r = (await t.get(`/api/v1/incidents?limit=500${cursor}`)).json;
		all.push(...r.items);
		if (!r.next) break;
		cursor = `&cursor=${r.next}`;
	}
	const paged = () => new Set(hook.got.map((p) => p.body.incident?.id));
	await until('every page', () => {
		const have = paged();
		return all.every((i) => have.has(i.id));
	}, 240_000);
	// More than one delivery of a page only where the crash left open whether it had been sent.
	const times = new Map();
	for (const p of hook.got) times.set(p.id, [...(times.get(p.id) ?? []), p.body.page.possibly_twice]);
	for (const [id, marks] of times)
		assert.ok(marks.slice(1).every((twice) => twice), `${id} was sent ${marks.length} times unmarked`);
	assert.match(t.must(['verify', ...t.offline]), /every hash fits/);
	await t.stop();
	await hook.stop();
});
