// SPDX-License-Identifier: Apache-2.0
// What the surroundings do to a server: disks, databases, names, channels, clocks. Each trouble is
// said in the log, by /readyz and by doctor; it ends by itself when its cause ends; and no signal
// that was accepted is lost. docs/faults.md tells the same to operators.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { describe, it } from 'node:test';
import { cli, folder, freePort, Hook, Mailbox, ORG, sickDisk, sleep, steppedClock, Tocsin, unbundled, until, withAda } from './lib.mjs';

const pagedTo = (contact) => unbundled(withAda(`one: ${contact}`));
const ran = (command, args) => {
	const r = spawnSync(command, args, { encoding: 'utf8' });
	return r.status === 0;
};
const must = (command, args) => {
	const r = spawnSync(command, args, { encoding: 'utf8' });
	if (r.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${r.stderr}${r.stdout}`);
	return r.stdout;
};

/** A small disk of its own, or null where mounting is not allowed. */
function smallDisk(megabytes) {
	const at = folder();
	if (!ran('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', at])) {
		rmSync(at, { recursive: true });
		return null;
	}
	mkdirSync(`${at}/home`);
	return { at, home: `${at}/home`,
		remove: () => { must('umount', [at]); rmSync(at, { recursive: true }); } };
}

/** An ext4 of its own in a file, which can be made read-only under whoever writes to it. */
function loopDisk(megabytes) {
	const at = folder(), image = `${at}.img`;
	const gone = () => { rmSync(at, { recursive: true }); rmSync(image, { force: true }); };
	writeFileSync(image, '');
	truncateSync(image, megabytes << 20);
	if (!ran('mkfs.ext4', ['-q', image]) || !ran('mount', ['-o', 'loop', image, at])) {
		gone();
		return null;
	}
	mkdirSync(`${at}/home`);
	return { at, home: `${at}/home`,
		mend: () => {
			must('umount', [at]);
			spawnSync('fsck.ext4', ['-y', image]); // it says by its status that there was something to do
			must('mount', ['-o', 'loop', image, at]);
		},
		remove: () => { must('umount', [at]); gone(); } };
}

/** How much longer a database is gone: TOCSIN_FAULT_SECONDS=60 for a real minute. */
const LONGER = Number(process.env.TOCSIN_FAULT_SECONDS ?? 0) * 1000;

const ready = (t) => t.get('/readyz').then((r) => r, () => ({ status: 0, text: '' }));
const findings = async (t) => (await t.get('/api/v1/doctor')).json.items
	.map((i) => `${i.about}: ${i.finding}`).join('\n');

/** Signals until one is refused; those accepted go into the list. */
async function untilRefused(t, accepted) {
	let n = 0;
	await until('a signal is refused', async () => {
		const body = { dedup_key: `f${accepted.length}-${n++}`, severity: 'critical',
			summary: 'x', details: 'y'.repeat(20_000) };
		const r = await t.signal(body);
		if (r.status === 202) accepted.push(r.json.results[0].signal);
		else assert.equal(r.status, 503, r.text);
		return r.status === 503;
	});
}

async function nothingLost(t, accepted) {
	const there = new Set();
	for (let cursor = ''; ;) {
		const r = (await t.get(`/api/v1/signals?limit=500${cursor}`)).json;
		r.items.forEach((i) => there.add(i.id));
		if (!r.next) break;
		cursor = `&cursor=${r.next}`;
	}
	for (const id of accepted) assert.ok(there.has(id), `signal ${id} was accepted and is gone`);
	assert.match(t.must(['verify', ...t.offline]), /every hash fits/);
}

/** The database cannot be written: said everywhere, and over as soon as its cause is. */
async function cannotWrite(t, { breaks, mends, words, doctor = words }) {
	const accepted = [];
	for (let i = 0; i < 5; i++) {
		const r = await t.signal({ dedup_key: `before-${i}`, severity: 'critical', summary: 'x' });
		assert.equal(r.status, 202, r.text);
		accepted.push(r.json.results[0].signal);
	}
	await breaks();
	await untilRefused(t, accepted);
	await until('/readyz says it', async () => {
		const r = await ready(t);
		return r.status === 503 && words.test(r.text);
	});
	await t.says(words);
	if (doctor) assert.match(await findings(t), doctor);
	await mends();
	await until('ready again', async () => (await ready(t)).status === 200);
	await t.says(/recovered=yes/);
	const r = await t.signal({ dedup_key: 'after', severity: 'critical', summary: 'x' });
	assert.equal(r.status, 202, r.text);
	accepted.push(r.json.results[0].signal);
	await nothingLost(t, accepted);
	await t.stop();
}

/** A channel does not work: said everywhere, paged as soon as it does. */
async function cannotPage(t, { channel, words, mends, paged }) {
	const r = await t.signal({ dedup_key: 'page', severity: 'critical', summary: 'page me' });
	assert.equal(r.status, 202, r.text);
	await until('/readyz says it', async () => {
		const now = await ready(t);
		return now.status === 200 && now.text.includes(`channel/${channel}: 1 pages could not be sent`);
	});
	assert.match(await findings(t), words);
	await t.says(/where=dispatch .*result=retry/);
	await mends();
	await paged();
	await until('nothing to say any more', async () => (await ready(t)).text === 'ready\n');
	await t.stop();
}

/** A PostgreSQL that can be stopped. */
function postgres() {
	const bin = readdirSync('/usr/lib/postgresql').map((v) => `/usr/lib/postgresql/${v}/bin`).pop();
	const dir = folder();
	const as = process.getuid() === 0 ? ['runuser', '-u', 'postgres', '--'] : [];
	if (as.length) must('chown', ['postgres', dir]);
	const run = (name, args) => must('sh', ['-c', 'cd / && exec "$@"', 'sh', ...as, `${bin}/${name}`, ...args]);
	run('initdb', ['-D', `${dir}/data`, '-U', 'tocsin', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N']);
	const first = () => readFileSync(`${dir}/data/postmaster.pid`, 'utf8').split('\n')[0];
	/** One of them may end between the list and the signal. */
	const others = (signal) => spawnSync('pkill', [signal, '-P', first()]);
	const pg = {
		freeze: () => { // the one that makes others first
			must('kill', ['-STOP', first()]);
			others('-STOP');
		},
		thaw: () => {
			others('-CONT');
			must('kill', ['-CONT', first()]);
		},
		url: `postgres:///postgres?host=${dir}&user=tocsin`,
		start: () => run('pg_ctl', ['-D', `${dir}/data`, '-l', `${dir}/log`, '-w', 'start', '-o',
			`-c listen_addresses= -c unix_socket_directories=${dir} -c fsync=off`]),
		stop: () => run('pg_ctl', ['-D', `${dir}/data`, '-m', 'immediate', 'stop']),
		remove: () => { pg.stop(); rmSync(dir, { recursive: true, force: true }); },
	};
	return pg;
}

// Each test brings the database that it is about: one run is enough.
describe('faults', { concurrency: true, skip: Boolean(process.env.TOCSIN_TEST_PG) }, () => {
	it('the disk is full', { timeout: 300_000 }, async (c) => {
		const disk = smallDisk(6);
		if (!disk) return c.skip('mounting is not allowed here');
		const t = await Tocsin.start(ORG, { dir: disk.home, url: `sqlite:${disk.home}/tocsin.db` });
		await cannotWrite(t, {
			words: /the disk is full/,
			breaks: () => { // everything that is left
				const file = openSync(`${disk.at}/filler`, 'w');
				try { for (;;) writeSync(file, Buffer.alloc(65536)); } catch { closeSync(file); }
			},
			mends: () => rmSync(`${disk.at}/filler`),
		});
		disk.remove();
	});

	it('the disk fails', { timeout: 300_000 }, async () => {
		const dir = folder();
		const t = await Tocsin.start(ORG, { dir, url: `sqlite:${dir}/tocsin.db` });
		const limit = (size) => must('prlimit', ['--pid', `${t.server.child.pid}`, `--fsize=${size}:`]);
		await cannotWrite(t, { words: /the disk fails/,
			breaks: () => limit('1024'), mends: () => limit('unlimited') });
	});

	it('the file system is read-only', { timeout: 300_000 }, async (c) => {
		const disk = smallDisk(16);
		if (!disk) return c.skip('mounting is not allowed here');
		const t = await Tocsin.start(ORG, { dir: disk.home, url: `sqlite:${disk.home}/tocsin.db` });
		const r = await t.signal({ dedup_key: 'k', severity: 'critical', summary: 'x' });
		await t.server.stop();
		must('mount', ['-o', 'remount,ro', disk.at]);
		const refused = cli(['serve', ...t.offline, '--listen', '127.0.0.1:0']);
		assert.notEqual(refused.code, 0);
		assert.match(refused.err, /read-?only|cannot be written/i);
		must('mount', ['-o', 'remount,rw', disk.at]);
		await t.up();
		await nothingLost(t, [r.json.results[0].signal]);
		await t.stop();
		disk.remove();
	});

	// A real one cannot be written again before all files are closed: see the next test.
	it('writing is refused as on a read-only file system, for a while', { timeout: 300_000 }, async () => {
		const dir = folder(), disk = sickDisk(dir);
		const t = await Tocsin.start(ORG, { dir, url: `sqlite:${dir}/tocsin.db`, ...disk });
		await cannotWrite(t, { words: /the disk fails|read-?only/i,
			breaks: () => disk.is('read-only'), mends: () => disk.is('well') });
	});

	it('the file system becomes read-only while it serves', { timeout: 300_000 }, async (c) => {
		const disk = loopDisk(32);
		if (!disk) return c.skip('no loop devices here');
		const t = await Tocsin.start(ORG, { dir: disk.home, url: `sqlite:${disk.home}/tocsin.db` });
		const accepted = [];
		for (let i = 0; i < 5; i++)
			accepted.push((await t.signal({ dedup_key: `k${i}`, severity: 'critical', summary: 'x' })).json.results[0].signal);
		must('mount', ['-o', 'remount,abort', disk.at]); // what ext4 does by itself when it finds a fault
		await untilRefused(t, accepted);
		await until('/readyz says it', async () => {
			const r = await ready(t);
			return r.status === 503 && /nothing can be written: .*(read-?only|disk fails)/i.test(r.text);
		});
		assert.match(await findings(t), /nothing can be written/);
		await t.server.stop();
		disk.mend();
		await t.up();
		await nothingLost(t, accepted);
		await t.stop();
		disk.remove();
	});

	it('the database is gone', { timeout: 300_000 }, async () => {
		const pg = postgres();
		pg.start();
		const t = await Tocsin.start(ORG, { url: pg.url });
		await cannotWrite(t, { words: /nothing can be written|connect|closed/, doctor: null,
			breaks: () => pg.stop(), mends: async () => { await sleep(LONGER); pg.start(); } });
		pg.remove();
	});

	// Nobody can tell a server that hangs from one that is slow: what waits goes on to wait.
	it('the database stands still', { timeout: 300_000 }, async () => {
		const pg = postgres();
		pg.start();
		const t = await Tocsin.start(ORG, { url: pg.url, args: ['--stuck-after', '2s'] });
		const accepted = [], send = (key) => t.signal({ dedup_key: key, severity: 'critical', summary: 'x' })
			.then((r) => { if (r.status === 202) accepted.push(r.json.results[0].signal); return r.status; }, () => 0);
		assert.equal(await send('before'), 202);
		pg.freeze();
		const waiting = [send('waits'), send('waits too')];
		await until('/readyz says it', async () => {
			const r = await ready(t);
			return r.status === 503 && /the writer does not come round/.test(r.text);
		});
		await sleep(LONGER);
		pg.thaw();
		for (const status of await Promise.all(waiting)) assert.ok([202, 503, 0].includes(status), `${status}`);
		await until('ready again', async () => (await ready(t)).status === 200);
		await until('it takes signals again', async () => await send('after') === 202);
		await nothingLost(t, accepted);
		await t.stop();
		pg.remove();
	});

	it('a provider answers 500', { timeout: 300_000 }, async () => {
		const hook = await Hook.start('s');
		let works = false;
		hook.answer = () => (works ? 200 : 500);
		const t = await Tocsin.start(pagedTo(`{ type: webhook, address: "${hook.url}/ada", secret: s }`),
			{ args: ['--allow-private'] });
		await cannotPage(t, { channel: 'webhook', words: /channel\/webhook: .*500/,
			mends: () => { works = true; },
			paged: () => until('the page', () => hook.got.length > 0) });
		await hook.stop();
	});

	it('names are not resolved', { timeout: 300_000 }, async (c) => {
		if (!ran('unshare', ['-m', 'true'])) return c.skip('no mount namespace of our own here');
		const hook = await Hook.start('s'), dir = folder();
		writeFileSync(`${dir}/hosts`, '127.0.0.1 localhost\n');
		writeFileSync(`${dir}/resolv.conf`, 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n');
		const url = hook.url.replace('127.0.0.1', 'hook.example.test');
		const t = await Tocsin.start(pagedTo(`{ type: webhook, address: "${url}/ada", secret: s }`), {
			args: ['--allow-private'],
			wrap: ['unshare', '-m', 'sh', '-c',
				`mount --bind ${dir}/hosts /etc/hosts && mount --bind ${dir}/resolv.conf /etc/resolv.conf && exec "$@"`, 'sh'],
		});
		await cannotPage(t, { channel: 'webhook', words: /channel\/webhook: .*resolve/,
			mends: () => appendFileSync(`${dir}/hosts`, '127.0.0.1 hook.example.test\n'),
			paged: () => until('the page', () => hook.got.length > 0) });
		await hook.stop();
		rmSync(dir, { recursive: true });
	});

	it('a mail server hangs', { timeout: 300_000 }, async () => {
		const sockets = new Set();
		const deaf = createServer((s) => { sockets.add(s); s.on('error', () => {}); });
		const port = await freePort();
		await new Promise((r) => deaf.listen(port, '127.0.0.1', r));
		const t = await Tocsin.start(pagedTo('{ type: email, address: ada@house.example }'),
			{ args: ['--smtp', `smtp://127.0.0.1:${port}`, '--mail-from', 'tocsin@house.example'] });
		let box;
		await cannotPage(t, { channel: 'email', words: /channel\/email: /,
			mends: async () => {
				sockets.forEach((s) => s.destroy());
				await new Promise((r) => deaf.close(r));
				box = await Mailbox.start([], port);
			},
			paged: () => box.mail('page me') });
		await box.stop();
	});

	it('the clock is set', { timeout: 300_000 }, async () => {
		const dir = folder(), hook = await Hook.start('s');
		const { set, wrap, env } = steppedClock(dir);
		// The receiver checks the time of signatures: one that has no secret is not asked for it.
		hook.answer = () => 200;
		const t = await Tocsin.start(
			pagedTo(`{ type: webhook, address: "${hook.url}/ada", secret: s }`)
				.replace('contacts: { mail: { type: email, address: bo@house.example } }',
					`contacts: { two: { type: webhook, address: "${hook.url}/bo", secret: s } }`),
			{ args: ['--allow-private', '--deadline', '2s'], wrap, env });
		const asked = (path) => until(`a page to ${path}`, () => hook.seen.includes(path));
		await t.signal({ dedup_key: 'k', severity: 'critical', summary: 'x' });
		await asked('/ada');
		set(360); // past the step's five minutes
		await asked('/bo');
		await t.says(/where=clock set=forward by=/);
		assert.match((await ready(t)).text, /^ready\n[^]*clock: it was set forward by [56]m/);
		assert.match(await findings(t), /clock: it was set forward/);
		hook.seen.length = 0;
		set(-3600);
		await t.says(/where=clock set=back by=1h/);
		await t.signal({ dedup_key: 'k2', severity: 'critical', summary: 'x' });
		await asked('/ada');
		// What waits for a span waits for that and no longer, however the clock was set.
		const slow = createConnection(t.port, '127.0.0.1', () => slow.write('GET /healthz HTTP/1.1\r\n'));
		slow.on('error', () => {}).on('end', () => slow.destroy()).resume();
		await until('a slow client is cut off', () => slow.destroyed);
		await t.stop();
		await hook.stop();
		rmSync(dir, { recursive: true });
	});
});
