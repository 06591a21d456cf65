// SPDX-License-Identifier: Apache-2.0
// kill -9 at random instants under load that goes on until the kill: nothing that was answered is
// lost, nobody is forgotten, nothing comes twice unmarked. `./dev crash ROUNDS [pg]` runs it long.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Hook, Tocsin, sleep, until } from './lib.mjs';
import { checkRecord, killedAtBirth, Load, pagedBy, random, SEED } from './storm.mjs';

const ROUNDS = Number(process.env.TOCSIN_CRASH_ROUNDS ?? 25);
const LIVE_MAX = 250; // ms from ready to the kill

/** Up again, on whichever port: the old one may be somebody else's by now. */
const up = (t) => { t.port = 0; return t.up(); };

test(`killed ${ROUNDS} times under load, seed ${SEED}`, { timeout: 7_200_000 }, async (c) => {
	const rnd = random(SEED);
	const hook = await Hook.start('hook-secret');
	const t = await Tocsin.start(pagedBy(hook),
		{ args: ['--allow-private', '--node', 'one'] }); // the port changes, the node does not
	const load = new Load(t, rnd);
	for (let round = 0; round < ROUNDS; round++) {
		const running = load.start(), before = load.accepted.size;
		if (round % 2 === 0) await until('some signals are accepted', () => load.accepted.size >= before + 3); // however busy the machine is
		await sleep(rnd() * LIVE_MAX);
		await t.kill();
		await running.stop();
		if (rnd() < 0.1) await killedAtBirth(t, rnd);
		await up(t);
	}
	assert.ok(load.accepted.size > ROUNDS, `only ${load.accepted.size} signals were accepted`);
	c.diagnostic(`${ROUNDS} kills: ${await checkRecord(t, load, hook)}`);
	await t.stop();
	await hook.stop();
});
