// SPDX-License-Identifier: Apache-2.0
// Starts the real program and its real neighbours, and waits for what is to happen.
import { spawn, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { createConnection, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const TOCSIN = process.env.TOCSIN ?? 'build/tocsin';
export const PG = process.env.TOCSIN_TEST_PG;
const DEADLINE = 60_000;

/** What a failed test leaves running must not keep its whole file from ending: nothing here holds
 * the event loop once it is ready, and all of it goes with this process. */
const running = new Set();
process.on('exit', () => { for (const child of running) child.kill('SIGKILL'); });

/** Asks until it is truthy. A deadline, not a guess: it fails with what it waited for. */
export const sleep = (ms) => new Promise((r) => setTimeout(r, ms));

export async function until(what, ask, deadline = DEADLINE) {
	const end = Date.now() + deadline;
	for (;;) {
		const got = await ask();
		if (got) return got;
		if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
		await sleep(20);
	}
}

export function folder() {
	return mkdtempSync(join(tmpdir(), 'tocsin-api-'));
}

/** Runs the command line; never throws: {code, out, err}. */
export function cli(args, { env = {}, input = '' } = {}) {
	const r = spawnSync(TOCSIN, args, {
		encoding: 'utf8', input,
		env: { PATH: process.env.PATH, HOME: '/nonexistent', LC_ALL: 'C.UTF-8', ...env },
	});
	return { code: r.status, out: r.stdout, err: r.stderr };
}

/** A child whose first line on stdout (or a line that matches) says that it is ready. */
export async function program(command, args, { ready = /./, stream = 'stdout', env = {}, cwd } = {}) {
	const child = spawn(command, args, { env: { ...process.env, ...env }, cwd });
	running.add(child);
	let text = '';
	const said = new Promise((resolve, reject) => {
		const listen = (data) => {
			text += data;
			const m = text.match(ready);
			if (m) resolve(m);
		};
		child.stdout.on('data', stream === 'stdout' ? listen : (d) => { text += d; });
		child.stderr.on('data', stream === 'stderr' ? listen : (d) => { text += d; });
		child.on('exit', (code) => reject(new Error(`${command} ended with ${code}: ${text}`)));
		child.on('error', reject);
		setTimeout(() => reject(new Error(`${command} never said ${ready}: ${text}`)), DEADLINE).unref();
	});
	const match = await said.catch((e) => { child.kill('SIGKILL'); throw e; });
	for (const held of [child, child.stdout, child.stderr, child.stdin]) held.unref();
	return {
		child, match, text: () => text,
		stop: (signal = 'SIGTERM') => new Promise((resolve) => {
			if (child.exitCode !== null || child.signalCode !== null) return resolve(child.exitCode);
			child.ref();
			child.on('exit', (code) => resolve(code));
			child.kill(signal);
		}),
	};
}

export function scratchDatabase(dir) {
	if (!PG) return { url: `sqlite:${dir}/tocsin.db`, drop() {} };
	const name = `api_${process.pid}_${Math.random().toString(36).slice(2, 10)}`;
	const sql = (text) => {
		const r = spawnSync('psql', [PG, '-qc', text], { encoding: 'utf8' });
		if (r.status !== 0) throw new Error(r.stderr);
	};
	sql(`CREATE SCHEMA ${name}`);
	const join = PG.includes('?') ? '&' : '?';
	return {
		sql,
		url: `${PG}${join}options=-csearch_path%3D${name}`,
		drop: () => sql(`SET client_min_messages = warning; DROP SCHEMA ${name} CASCADE`),
	};
}

function answer(rs, text) {
	let json;
	try { json = JSON.parse(text); } catch { json = undefined; }
	return { status: rs.statusCode, headers: new Headers(Object.entries(rs.headers)
		.flatMap(([k, v]) => [v].flat().map((one) => [k, one]))), text, json };
}

/** A Tocsin of its own: database, organisation, owner's token. */
export class Tocsin {
	/** dir: where its files are; url: its database; wrap: a command that starts the server. */
	static async start(org, { args = [], env = {}, dir = folder(), url, wrap = [] } = {}) {
		const t = new Tocsin();
		t.dir = dir;
		t.wrap = wrap;
		t.db = url ? { url, drop() {} } : scratchDatabase(t.dir);
		t.offline = ['--db', t.db.url, '--key-file', `${t.dir}/key`];
		t.args = args;
		t.env = env;
		writeFileSync(`${t.dir}/org.yaml`, org);
		t.must(['apply', ...t.offline, '-f', `${t.dir}/org.yaml`]);
		t.token = t.must(['token', 'create', ...t.offline, '--user', 'owner', '--name', 'tests']).trim();
		await t.up();
		return t;
	}

	/** Nothing is configured, nobody is there. */
	static async empty({ args = [], env = {} } = {}) {
		const t = new Tocsin();
		t.dir = folder();
		t.db = scratchDatabase(t.dir);
		t.offline = ['--db', t.db.url, '--key-file', `${t.dir}/key`];
		t.args = args;
		t.env = env;
		await t.up();
		return t;
	}

	/** On what `scenario --keep` made. */
	static async kept(file, owner = 'owner', { args = [], env = {} } = {}) {
		const t = Object.assign(new Tocsin(), { dir: folder(), db: { drop() {} }, offline: ['--db', `sqlite:${file}`], args, env });
		t.token = t.must(['token', 'create', ...t.offline, '--user', owner, '--name', 'tests']).trim();
		await t.up();
		return t;
	}

	/** Another node on the same database, with the same key. It goes when this one stops. */
	async join() {
		const t = Object.assign(new Tocsin(), { dir: this.dir, db: this.db, offline: this.offline,
			args: this.args, env: this.env, token: this.token });
		await t.up();
		this.others = [...(this.others ?? []), t];
		return t;
	}

	must(args, options) {
		const r = cli(args, options);
		if (r.code !== 0) throw new Error(`tocsin ${args.join(' ')}: ${r.code}: ${r.err}`);
		return r.out;
	}

	/** By the server, as the owner. */
	cli(args, { token = this.token, input } = {}) {
		return cli(args, { env: { TOCSIN_URL: this.url, TOCSIN_TOKEN: token }, input });
	}

	async up() {
		const at = this.port || await freePort();
		const [command, ...args] = [...(this.wrap ?? []), TOCSIN, 'serve', ...this.offline,
			'--listen', `127.0.0.1:${at}`, ...this.args];
		this.server = await program(command, args,
			{ ready: /url=(https?:\/\/\S+:\d+)\s/, stream: 'stderr', env: this.env });
		this.url = this.server.match[1];
		this.port = Number(new URL(this.url).port);
	}

	/** node:http and not fetch: of a server that is killed, fetch may never hear again. */
	call(method, path, body, headers = {}) {
		const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
		return new Promise((resolve, reject) => {
			const rq = request(this.url + path, { method, timeout: DEADLINE,
				headers: { authorization: `Bearer ${this.token}`,
					...(text === undefined ? {} : { 'content-length': Buffer.byteLength(text) }), ...headers },
			}, (rs) => {
				const parts = [];
				rs.on('data', (d) => parts.push(d));
				rs.on('error', reject);
				rs.on('end', () => resolve(answer(rs, Buffer.concat(parts).toString())));
			});
			rq.on('timeout', () => rq.destroy(new Error(`${method} ${path}: no answer`)));
			rq.on('error', reject);
			rq.end(text);
		});
	}

	get(path, headers) { return this.call('GET', path, undefined, headers); }
	post(path, body, headers) { return this.call('POST', path, body, headers); }

	async signal(body, key = 'native-key') {
		return this.post('/api/v1/signals', body, { authorization: `Bearer ${key}` });
	}

	/** So many that change nothing. */
	async noise(n, key = 'native-key') {
		const one = { action: 'resolve', dedup_key: 'noise', summary: 'over' };
		for (; n > 0; n -= 1000) {
			const r = await this.signal(Array(Math.min(n, 1000)).fill(one), key);
			if (r.status !== 202) throw new Error(`${r.status} ${r.text}`);
		}
	}

	/** The newest incident with this key, as soon as ask() holds of it. */
	async incident(key, ask = () => true) {
		return until(`incident ${key}: ${ask}`, async () => {
			const list = await this.get(`/api/v1/incidents?dedup_key=${encodeURIComponent(key)}`);
			const found = list.json?.items?.[0];
			return found && ask(found) ? found : null;
		});
	}

	/** Waits until the log says it: what a server wrote comes here a moment after what it did. */
	async says(words) {
		return until(`the log says ${words}`, () => words.test(this.server.text()));
	}

	async kill() { await this.server.stop('SIGKILL'); }

	async stop() {
		for (const t of this.others ?? []) await t.server.stop();
		const code = await this.server.stop();
		const log = this.server.text();
		this.db.drop();
		rmSync(this.dir, { recursive: true, force: true });
		if (code !== 0) throw new Error(`the server ended with ${code}:\n${log}`);
	}
}

/** The wrap and env of a server whose system calls go through a fixture first. */
function preloaded(dir, fixture, env) {
	const so = `${dir}/${fixture}.so`;
	const made = spawnSync('cc', ['-shared', '-fPIC', '-o', so, `tests/fixtures/${fixture}.c`, '-ldl'], { encoding: 'utf8' });
	if (made.status !== 0) throw new Error(made.stderr);
	return { wrap: ['env', `LD_PRELOAD=${so}`], env: { ...env, ASAN_OPTIONS: 'verify_asan_link_order=0' } };
}

/** A disk that is() well, read-only or hangs, for a server that is started with its wrap and env. */
export function sickDisk(dir) {
	return {
		...preloaded(dir, 'sick_disk', { SICK_DISK_FILE: `${dir}/disk` }),
		is: (state) => writeFileSync(`${dir}/disk`, state),
	};
}

/** A clock that is set() so many seconds from the true one, for such a server. */
export function steppedClock(dir) {
	const step = `${dir}/step`;
	writeFileSync(step, Buffer.alloc(8));
	return {
		...preloaded(dir, 'clock_step', { CLOCK_STEP_FILE: step }),
		set: (seconds) => {
			const bytes = Buffer.alloc(8);
			bytes.writeBigInt64LE(BigInt(seconds));
			writeFileSync(step, bytes, { flag: 'r+' }); // it is mapped: never cut short
		},
	};
}

/** A receiver of webhooks that checks signatures and keeps what came. */
export class Hook {
	/** secret null: whatever is not signed is taken too. */
	static async start(secret) {
		const h = new Hook();
		h.got = [];
		h.seen = []; // paths of everything that was asked, whatever was answered
		h.answer = () => 200;
		h.server = createServer((rq, rs) => {
			const parts = [];
			rq.on('data', (d) => parts.push(d));
			rq.on('end', () => {
				const body = Buffer.concat(parts).toString();
				h.seen.push(rq.url);
				const time = rq.headers['tocsin-timestamp'];
				const wanted = 'v1=' + createHmac('sha256', secret ?? '').update(`${time}.${body}`).digest('hex');
				const signed = secret === null || rq.headers['tocsin-signature'] === wanted
					&& Math.abs(Date.now() / 1000 - Number(time)) < 300;
				const page = { id: rq.headers['tocsin-id'], signed, path: rq.url, body: JSON.parse(body) };
				const status = signed ? h.answer(page) : 401;
				if (status === null) return rq.socket.destroy();
				if (status >= 200 && status < 300) h.got.push(page);
				rs.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end();
			});
		});
		await new Promise((r) => h.server.listen(0, '127.0.0.1', r));
		h.server.unref();
		h.url = `http://127.0.0.1:${h.server.address().port}`;
		return h;
	}

	stop() {
		this.server.closeAllConnections?.();
		return new Promise((r) => this.server.close(r));
	}
}

/** A plain TCP proxy: each connection goes to the next port that answers. */
export class Proxy {
	static async start(ports) {
		const p = new Proxy();
		p.ports = ports;
		p.turn = 0;
		p.server = createTcpServer((client) => {
			client.on('error', () => {});
			p.connect(client, ports.length);
		});
		await new Promise((r) => p.server.listen(0, '127.0.0.1', r));
		p.server.unref();
		p.url = `http://127.0.0.1:${p.server.address().port}`;
		return p;
	}

	connect(client, tries) {
		if (tries === 0) return client.destroy();
		const up = createConnection(this.ports[this.turn++ % this.ports.length], '127.0.0.1');
		up.once('connect', () => {
			up.pipe(client);
			client.pipe(up);
		});
		up.on('error', () => (up.connecting || up.bytesWritten === 0 && up.bytesRead === 0
			? this.connect(client, tries - 1) : client.destroy()));
		up.on('close', () => up.bytesRead > 0 && client.destroy());
		client.on('close', () => up.destroy());
	}

	stop() { return new Promise((r) => this.server.close(r)); }
}

/** tools/mailbox, and the mails in it. */
export class Mailbox {
	static async start(args = [], port = 0) {
		const m = new Mailbox();
		m.dir = folder();
		m.server = await program('tools/mailbox', [m.dir, `${port}`, ...args], { ready: /^(\d+)\n/ });
		m.port = Number(m.server.match[1]);
		m.url = `smtp://127.0.0.1:${m.port}`;
		return m;
	}

	mails() {
		return readdirSync(this.dir).filter((n) => n.endsWith('.eml')).sort().map((n) => ({
			text: readFileSync(join(this.dir, n.replace('.eml', '.txt')), 'utf8'),
			raw: readFileSync(join(this.dir, n), 'utf8'),
		}));
	}

	mail(words) {
		return until(`a mail with ${words}`, () => this.mails().find((m) => m.text.includes(words)));
	}

	async stop() {
		await this.server.stop();
		rmSync(this.dir, { recursive: true, force: true });
	}
}

/** Bytes as they are; resolves with all that came back when the other side closes or is silent. */
export function raw(port, text, silence = 1500) {
	return new Promise((resolve) => {
		let got = '';
		const socket = createConnection(port, '127.0.0.1', () => socket.write(text));
		socket.setTimeout(DEADLINE, () => socket.destroy());
		socket.on('data', (d) => {
			got += d;
			socket.setTimeout(silence); // of what comes behind an answer, not of a busy machine
		});
		socket.on('error', () => {});
		socket.on('close', () => resolve(got));
	});
}

/** Below those that the system gives to connections: what was given up for a restart is nobody's meanwhile. */
export async function freePort() {
	for (;;) {
		const port = 10_000 + Math.floor(Math.random() * 20_000), s = createServer();
		const free = await new Promise((r) => s.once('error', () => r(false)).listen(port, '127.0.0.1', () => r(true)));
		await new Promise((r) => s.close(r));
		if (free) return port;
	}
}

/** What an authenticator app shows (RFC 6238), so many steps from now. The step has time left, so that it is
 * still the same one when the server looks. */
export async function totp(secret, ahead = 0) {
	await until('a step with time left', () => Date.now() % 30_000 < 20_000);
	const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
	const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
	const counter = Buffer.alloc(8);
	counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
	const hash = createHmac('sha1', key).update(counter).digest();
	const at = hash[19] & 15;
	return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

export const ORG = `
organisation: { name: Test house, zone: Europe/Berlin, catch_all: user/owner }
users:
  owner: { name: Owner, email: owner@house.example, role: owner,
           contacts: { mail: { type: email, address: owner@house.example } } }
  ada: { name: Ada, email: ada@house.example,
         contacts: { mail: { type: email, address: ada@house.example } } }
  bo: { name: Bo, email: bo@house.example,
        contacts: { mail: { type: email, address: bo@house.example } } }
  guest: { name: Guest, email: guest@house.example, role: stakeholder }
teams:
  core: { name: Core, members: { ada: manager, bo: responder } }
schedules:
  core: { team: core, layers: [{ name: week, members: [ada, bo], start: 2026-01-05 09:00, every: 1w }] }
policies:
  core: { team: core, steps: [{ page: [user/ada], wait: 5m }, { page: [user/bo], wait: 5m }] }
services:
  web: { name: Web, team: core, policy: core, routing_keys: [web-key] }
integrations:
  native: { type: native, team: core, service: web, key: native-key }
  prom: { type: alertmanager, team: core, service: web, key: prom-key }
  vo: { type: victorops, team: core, key: vo-key }
`;

/** The same, with other contacts of Ada. */
export const withAda = (contacts, paging = '') => ORG.replace(
	'contacts: { mail: { type: email, address: ada@house.example } }', `contacts: { ${contacts} }${paging}`);

/** Every page alone, however many there are at once. */
export const unbundled = (org) => org.replace('catch_all: user/owner', 'catch_all: user/owner, bundle_after: 0');
