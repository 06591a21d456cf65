// SPDX-License-Identifier: Apache-2.0
// The command line: what it prints, and how it ends.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { Hook, ORG, TOCSIN, Tocsin, cli, program, until } from './lib.mjs';

let t;
before(async () => { t = await Tocsin.start(ORG); });
after(() => t.stop());

const signal = (key, ...rest) => t.cli(['signal', '--key', 'native-key', key, ...rest]);

test('the life of an incident, by words', async () => {
	assert.match(signal('c1', 'critical', 'The web is down').out, /^opened: incident #\d+\n$/);
	const id = (await t.incident('c1')).id;
	assert.match(t.cli(['incidents']).out, new RegExp(`^${id}\ttriggered\tcritical\t.*\tweb\tThe web is down`));
	assert.match(t.cli(['ack', `#${id}`, '-m', 'on it']).out, /acknowledged: The web is down/);
	assert.match(t.cli(['ack', String(id)]).out, /it was so already/);
	assert.equal(t.cli(['note', String(id), 'a cable']).code, 0);
	assert.equal(t.cli(['snooze', String(id), '2h']).code, 0);
	assert.equal(t.cli(['reassign', String(id), 'user/bo']).code, 0);
	const show = t.cli(['show', String(id)]);
	for (const words of ['The web is down', 'owner acknowledged by cli', 'a cable', 'reassigned it to user/bo'])
		assert.ok(show.out.includes(words), words);
	assert.equal(t.cli(['resolve', String(id)]).code, 0);
	assert.equal(t.cli(['resolve', String(id)]).code, 4);
});

test('JSON is one document, an array for lists', () => {
	assert.deepEqual(JSON.parse(t.cli(['incidents', '--service', 'none', '--json']).out), []);
	assert.ok(Array.isArray(JSON.parse(t.cli(['oncall', '--json']).out)));
	assert.equal(JSON.parse(t.cli(['version', '--json']).out).version, '0.1.0');
});

test('every exit code', async () => {
	const rows = [
		[['version'], 0],
		[['apply', '-f', '/nonexistent'], 3],
		[['frobnicate'], 2],
		[['ack'], 2],
		[['incidents', '--colour'], 2],
		[['show', '123456'], 3],
		[['help', 'nothing'], 2],
	];
	for (const [args, code] of rows) assert.equal(t.cli(args).code, code, args.join(' '));
	assert.equal(t.cli(['incidents'], { token: 'toc_wrong' }).code, 5);
	assert.equal(cli(['incidents'], { env: { TOCSIN_URL: 'http://127.0.0.1:1', TOCSIN_TOKEN: 'x' } }).code, 6);
	// A server of its own: here mails have failed by now, which is a finding too.
	const hook = await Hook.start('s');
	const hooked = ORG.replace(/mail: { type: email, address: (\w+)@house.example }/g, `mail: { type: webhook, address: "${hook.url}/$1", secret: s }`);
	const healthy = await Tocsin.start(hooked, { args: ['--allow-private'] });
	assert.ok(healthy.cli(['doctor']).out.trim().split('\n').every((l) => l.includes('has no verified contact')));
	for (const user of ['owner', 'ada', 'bo']) {
		healthy.cli(['contact', 'code', 'mail', '--user', user]);
		const code = await until('a code', () => /(\d{6}) is the code/.exec(hook.got.filter((g) => g.path === `/${user}`).map((g) => JSON.stringify(g)).join())?.[1]);
		assert.equal(healthy.cli(['contact', 'verify', 'mail', code, '--user', user]).code, 0);
	}
	assert.equal(healthy.cli(['doctor']).code, 0);
	assert.equal(healthy.cli(['apply', '-f', '-'], { input: 'users: { mute: { name: Mute } }' }).code, 0);
	assert.match(healthy.cli(['doctor']).out, /user\/mute: has no contact/);
	assert.equal(healthy.cli(['doctor']).code, 7);
	await healthy.stop();
	await hook.stop();
	assert.match(t.cli(['incidnts']).err, /did you mean incidents\?/);
});

test('several at once, ids from a pipe', async () => {
	signal('p1', 'critical', 'one');
	signal('p2', 'critical', 'two');
	const ids = ['p1', 'p2'].map(async (k) => (await t.incident(k)).id);
	const input = (await Promise.all(ids)).join('\n');
	assert.equal(t.cli(['ack', '-'], { input }).out.match(/acknowledged/g).length, 2);
	assert.equal(t.cli(['resolve', ...(await Promise.all(ids)).map(String)]).code, 0);
});

test('more than ten at once want a word', async () => {
	const ids = Array.from({ length: 11 }, (_, i) => {
		signal(`many-${i}`, 'critical', 'many');
		return `many-${i}`;
	});
	const input = (await Promise.all(ids.map(async (k) => (await t.incident(k)).id))).join('\n');
	const asked = t.cli(['resolve', '-'], { input });
	assert.equal(asked.code, 2);
	assert.match(asked.err, /resolve for 11 incidents: say --yes/);
	assert.equal((await t.incident('many-0')).state, 'triggered');
	assert.equal(t.cli(['resolve', '-', '--yes'], { input }).code, 0);
	assert.equal(t.cli(['ack', '-'], { input: '1\n'.repeat(300) }).code, 2, 'never silently fewer');
});

test('what a sender writes does not steer the terminal', async () => {
	signal('escape', 'critical', 'red \x1b[31m\x07 and \u009b31m\tnew');
	const { id } = await t.incident('escape');
	for (const args of [['incidents'], ['show', String(id)]])
		assert.ok(!/[\x1b\x07\u009b]/.test(t.cli(args).out), args[0]);
});

test('paging by hand, with a look first', () => {
	const dry = t.cli(['page', 'web', 'x', '--dry-run']);
	assert.match(dry.out, /step 1\s+ada mail/);
	assert.match(dry.out, /catch-all\s+owner mail/);
	assert.match(t.cli(['page', 'web', 'by hand', '--drill']).out, /is open and pages/);
	assert.equal(JSON.parse(t.cli(['incidents', '--json', '--limit', '1']).out)[0].mode, 'drill');
	assert.equal(t.cli(['page', 'nothing', 'x']).code, 1);
});

test('a preview follows policies below and handoffs while it rings', async () => {
	assert.equal(t.cli(['apply', '-f', '-'], { input: `
schedules:
  quick: { team: core, zone: UTC, layers: [{ name: all, members: [ada, bo], start: 2026-01-05 09:00, every: 1h }] }
policies:
  below: { team: core, steps: [{ page: [schedule/quick], wait: 10m }, { page: [user/owner], wait: 5m }] }
  above: { team: core, steps: [{ page: [policy/below, user/ada, user/ada], wait: 30m }] }
services: { deep: { name: Deep, team: core, policy: above } }` }).code, 0);
	const r = await t.get('/api/v1/services/deep/preview?at=2026-03-02T09:55:00Z');
	assert.deepEqual(r.json.pages.map((p) => `${p.at.slice(11, 16)} ${p.user} ${p.because}`), [
		'09:55 ada schedule/quick', '09:55 ada user/ada', '10:00 bo schedule/quick',
		'10:05 owner user/owner', '10:25 owner user/owner']);
});

test('tail follows, and comes back where it was', async () => {
	const after = (await t.get('/api/v1/events?limit=1')).json.items[0].seq;
	const p = await program(TOCSIN, ['tail', '--json', '--after', String(after - 1)],
		{ env: { TOCSIN_URL: t.url, TOCSIN_TOKEN: t.token }, ready: /\n/ });
	assert.equal(JSON.parse(p.text().split('\n')[0]).seq, after);
	await t.server.stop();
	await t.up();
	signal('tailed', 'critical', 'after the restart');
	await until('the event', () => p.text().includes('after the restart'));
	const seqs = p.text().split('\n').slice(0, -1).filter((l) => l.startsWith('{')).map((l) => JSON.parse(l).seq);
	assert.deepEqual(seqs, Array.from({ length: seqs.length }, (_, i) => after + i), 'nothing missed, nothing twice');
	await p.stop('SIGKILL');
});

test('login keeps a token that only its owner can read', () => {
	t.must(['user', 'password', ...t.offline, 'owner'], { input: 'correct horse battery\n' });
	const env = { XDG_CONFIG_HOME: `${t.dir}/config`, TOCSIN_URL: '' };
	const r = cli(['login', t.url], { env, input: 'owner@house.example\ncorrect horse battery\n' });
	assert.equal(r.code, 0, r.err);
	assert.equal(statSync(`${t.dir}/config/tocsin/config`).mode & 0o777, 0o600);
	assert.equal(cli(['incidents'], { env: { XDG_CONFIG_HOME: `${t.dir}/config` } }).code, 0);
	assert.equal(cli(['login', t.url], { env, input: 'owner@house.example\nwrong\n' }).code, 5);
});

test('scenarios in the users own CI', () => {
	writeFileSync(`${t.dir}/a.scn`, 'use org.yaml\nat 2026-03-02 10:00\nsignal native x critical\nexpect page ada mail\n');
	writeFileSync(`${t.dir}/b.scn`, 'use org.yaml\nat 2026-03-02 10:00\nsignal native x critical\nexpect page bo mail\n');
	assert.deepEqual([cli(['scenario', `${t.dir}/a.scn`]).code, cli(['scenario', `${t.dir}/b.scn`]).code], [0, 1]);
	const bad = cli(['scenario', `${t.dir}/b.scn`]).out;
	assert.match(bad, /b\.scn:4: expect page bo mail/);
	assert.match(bad, /0 passed, 1 failed\n$/);
});

test('backup and verify', { skip: process.env.TOCSIN_TEST_PG !== undefined }, () => {
	const copy = `${t.dir}/copy.db`;
	assert.equal(cli(['backup', ...t.offline, copy]).code, 0);
	assert.match(cli(['verify', '--db', `sqlite:${copy}`, '--key-file', `${t.dir}/key`]).out, /every hash fits/);
	const sql = spawnSync('python3', ['-c', `import sqlite3; c = sqlite3.connect(${JSON.stringify(copy)});`
		+ `c.execute("UPDATE event SET actor = 'nobody' WHERE seq = (SELECT MAX(seq) FROM event)"); c.commit()`]);
	assert.equal(sql.status, 0);
	const r = cli(['verify', '--db', `sqlite:${copy}`, '--key-file', `${t.dir}/key`]);
	assert.equal(r.code, 7);
	assert.match(r.out, /The record was changed: event \d+/);
});

test('who is on call and what is open stay known when the server is down', async () => {
	const cache = mkdtempSync(`${t.dir}/cache-`), files = () => readdirSync(`${cache}/tocsin`).map((f) => `${cache}/tocsin/${f}`);
	const here = { XDG_CACHE_HOME: cache, TOCSIN_TOKEN: t.token };
	const d = await Tocsin.start(ORG);
	const up = (...args) => cli(args, { env: { ...here, TOCSIN_TOKEN: d.token, TOCSIN_URL: d.url } });
	up('oncall', '--no-cache');
	up('user', 'list');
	assert.deepEqual(readdirSync(cache), [], 'kept without being asked to');
	const lists = [['oncall'], ['oncall', '--json'], ['incidents', '--state', 'all', '--json']];
	await d.signal({ dedup_key: 'kept', severity: 'critical', summary: 'Kept' });
	const live = lists.map((args) => up(...args));
	assert.deepEqual(live.map((r) => r.code), [0, 0, 0], live.map((r) => r.err).join());
	assert.equal(files().length, 2, 'an answer for each question');
	for (const f of files()) {
		assert.equal(statSync(f).mode & 0o777, 0o600);
		assert.ok(!readFileSync(f, 'utf8').includes(d.token) && !f.includes(d.token));
	}
	const aged = (seconds) => { for (const f of files()) utimesSync(f, new Date(), new Date(Date.now() - seconds * 1000)); };
	await d.stop();
	aged(250);
	lists.forEach((args, i) => {
		const r = up(...args);
		assert.deepEqual([r.code, r.out], [6, live[i].out]);
		assert.match(r.err, /was not reached.*\n\(cached 4 min ago\)\n$/);
	});

	// Another token, another question, no cache, no answer; nor one that is old, cut or planted.
	const none = (r) => { assert.deepEqual([r.code, r.out], [6, '']); assert.ok(!r.err.includes('cached')); };
	none(cli(['oncall'], { env: { ...here, TOCSIN_TOKEN: 'other', TOCSIN_URL: d.url } }));
	none(up('oncall', '--team', 'core'));
	none(up('oncall', '--no-cache'));
	none(up('show', '1'));
	aged(8 * 86400);
	none(up('oncall'));
	for (const f of files()) writeFileSync(f, '{"items": [');
	none(up('oncall'));

	// A refusal is no silence, and the folder does not grow.
	const other = (...args) => cli(args, { env: { ...here, TOCSIN_URL: t.url } });
	for (let i = 0; i < 34; i++) other('oncall', '--at', `2026-03-02T10:00:${10 + i}Z`);
	assert.equal(files().length, 32);
	assert.equal(cli(['oncall'], { env: { ...here, TOCSIN_TOKEN: 'toc_wrong', TOCSIN_URL: t.url } }).code, 5);
	rmSync(cache, { recursive: true });
});

test('the manual page and the completions are well-formed', () => {
	const man = cli(['man']).out;
	const lint = spawnSync('man', ['--warnings', '-l', '-'], { input: man, encoding: 'utf8', env: { ...process.env, MANWIDTH: '90' } });
	if (lint.error === undefined) assert.equal(lint.stderr, '');
	assert.match(man, /EXIT STATUS/);
	const bash = cli(['completion', 'bash']).out;
	const r = spawnSync('bash', ['-c', `${bash}\nCOMP_WORDS=(tocsin inc); COMP_CWORD=1; _tocsin; echo "\${COMPREPLY[@]}"`],
		{ encoding: 'utf8' });
	assert.equal(r.stdout.trim(), 'incidents', r.stderr);
	assert.equal(cli(['completion', 'tcsh']).code, 2);
});

/** Sources the completion in the shell itself and asks it what may come; one word a line. */
const shells = {
	bash: (line) => ['bash', ['--norc', '-c', `source <(tocsin completion bash)
		COMP_WORDS=(${line.map((w) => `'${w}'`).join(' ')}); COMP_CWORD=${line.length - 1}; _tocsin; printf '%s\\n' "\${COMPREPLY[@]}"`]],
	// What only a line editor has is stood for by functions that print.
	zsh: (line) => ['zsh', ['-f', '-c', `compdef() { : }; _files() { : }
		_describe() { print -l -- \${\${(P)2}%%:*} }; compadd() { shift; print -l -- "$@" }
		eval "$(tocsin completion zsh)"; words=(${line.map((w) => `'${w}'`).join(' ')}); CURRENT=${line.length}; _tocsin`]],
	fish: (line) => ['fish', ['--no-config', '-c', `tocsin completion fish | source; complete -C '${line.join(' ')}'`]],
};
for (const [shell, ask] of Object.entries(shells)) {
	const there = spawnSync(shell, ['-c', ':']).status === 0;
	test(`completion is asked in ${shell}`, { skip: there ? false : `${shell} is not installed` }, async () => {
		await signal('completed', 'critical', 'Completed');
		const id = String((await t.incident('completed')).id);
		const bin = mkdtempSync(`${t.dir}/bin-`);
		symlinkSync(resolve(TOCSIN), `${bin}/tocsin`);
		const words = (...line) => {
			const [command, args] = ask(['tocsin', ...line]);
			const r = spawnSync(command, args, { encoding: 'utf8', timeout: 60_000, env: { HOME: t.dir, LC_ALL: 'C.UTF-8',
				PATH: `${bin}:${process.env.PATH}`, TOCSIN_URL: t.url, TOCSIN_TOKEN: t.token } });
			assert.deepEqual([r.status, r.stderr], [0, '']);
			return r.stdout.split('\n').map((l) => l.split('\t')[0]);
		};
		const rows = [
			[[''], ['serve', 'incidents', 'sched', 'token']],
			[['sched', ''], ['show', 'gaps', 'swaps', 'note']],
			[['import', ''], ['ical']],
			[['token', ''], ['create', 'list', 'revoke']],
			[['incidents', '--'], ['--state', '--no-cache']],
			[['token', 'create', '--'], ['--scopes', '--user']],
		];
		for (const [line, want] of rows) {
			const got = words(...line);
			for (const word of want) assert.ok(got.includes(word), `${line.join(' ')}: ${word} is not in ${got}`);
			assert.ok(!got.some((g) => g.includes('(null)')), `${line.join(' ')}: ${got}`);
		}
		// It may take 200 ms at most, and a busy machine is slower now and then.
		await until('the number of an open incident', () => words('ack', '').includes(id));
	});
}
