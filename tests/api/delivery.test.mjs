// SPDX-License-Identifier: Apache-2.0
// Pages on their way: a real mail server, a webhook receiver that checks signatures.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { Hook, Mailbox, ORG, Tocsin, folder, until, withAda } from './lib.mjs';

async function house(org, options = {}) {
	const mailbox = await Mailbox.start(options.mailbox ?? []);
	const hook = await Hook.start('hook-secret');
	const t = await Tocsin.start(org.replaceAll('HOOK', hook.url),
		{ args: ['--smtp', mailbox.url, '--mail-from', 'tocsin@house.example', ...(options.args ?? ['--allow-private'])] });
	return {
		t, mailbox, hook,
		async stop() {
			await t.stop();
			await hook.stop();
			await mailbox.stop();
		},
	};
}

const pageOf = (t, id, ask) => until(`page of #${id}: ${ask}`, async () =>
	(await t.get(`/api/v1/incidents/${id}/pages`)).json.items.find(ask));

test('a mail threads, carries both forms, and its link acknowledges on a press only', async () => {
	const h = await house(ORG);
	await h.t.signal({ dedup_key: 'm', severity: 'critical', summary: 'Grüße vom Server: zu heiß',
		details: 'line one\nline two <script>', links: { Graph: 'https://graphs.example/1' } });
	const mail = await h.mailbox.mail('zu heiß');
	assert.match(mail.raw, /^Content-Type: multipart\/alternative/m);
	assert.match(mail.raw, /^Subject: .*=\?utf-8\?/im);
	assert.match(mail.raw, /^Message-ID: <page-\d+\.\d+@house\.example>/m);
	assert.match(mail.raw, /^References: <incident-\d+\.\d+@house\.example>/m);
	assert.match(mail.raw, /^Auto-Submitted: auto-generated/m);
	assert.ok(!mail.raw.split('text/html')[1].includes('<script>'), 'a sender writes no HTML');
	for (const words of ['Service', 'Web', 'line two', 'https://graphs.example/1', 'user/bo is paged at', ' CE'])
		assert.ok(mail.text.includes(words), words);
	const link = mail.text.match(/Acknowledge: (\S+)/)[1];
	const look = await fetch(link);
	assert.match(await look.text(), /Acknowledge<\/button>/);
	assert.equal((await h.t.incident('m')).state, 'triggered', 'a look changes nothing');
	assert.equal((await fetch(link.replace(/.$/, (c) => (c === '0' ? '1' : '0')))).status, 403);
	assert.equal((await fetch(link.replace('/a/', '/a/9'))).status, 403);
	assert.match(await (await fetch(link, { method: 'POST' })).text(), /Acknowledged/);
	const inc = await h.t.incident('m', (i) => i.state === 'acknowledged');
	assert.equal(inc.acked_by, 'user/ada');
	assert.match(await (await fetch(link, { method: 'POST' })).text(), /already/);
	await h.stop();
});

test('a signal at the limits of its size does not keep pages from going out', async () => {
	const h = await house(ORG);
	const sent = await h.t.signal({ dedup_key: 'big', severity: 'critical', summary: 'at the limit',
		raw: Array(199_995).fill(0) });
	assert.equal(sent.status, 202);
	await h.t.signal({ dedup_key: 'next', severity: 'critical', summary: 'behind it' });
	await h.mailbox.mail('at the limit');
	await h.mailbox.mail('behind it');
	await h.stop();
});

test('a summary cannot write headers', async () => {
	const h = await house(ORG);
	await h.t.signal({ dedup_key: 'inj', severity: 'critical', summary: 'hello\r\nBcc: all@house.example' });
	const mail = await h.mailbox.mail('hello');
	assert.ok(!/^Bcc:/m.test(mail.raw.split(/\r?\n\r?\n/)[0]));
	await h.stop();
});

test('STARTTLS and a sign-in, with a certificate that is checked', async () => {
	const dir = folder();
	spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=localhost',
		'-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', `${dir}/key`, '-out', `${dir}/cert`]);
	writeFileSync(`${dir}/password`, 'post secret\n');
	const args = ['--smtp-user', 'tocsin', '--smtp-password-file', `${dir}/password`];
	const mailbox = ['--tls', `${dir}/cert`, `${dir}/key`, '--auth', 'tocsin', 'post secret'];
	const h = await house(ORG, { mailbox, args: [...args, '--ca-file', `${dir}/cert`] });
	await h.t.signal({ dedup_key: 'tls', severity: 'critical', summary: 'over TLS' });
	await h.mailbox.mail('over TLS');
	await h.stop();
	const distrust = await house(ORG, { mailbox, args });
	const r = await distrust.t.signal({ dedup_key: 'tls', severity: 'critical', summary: 'not over this' });
	const page = await pageOf(distrust.t, r.json.results[0].incident, (p) => p.error);
	assert.match(page.error, /certificate/i);
	assert.equal(distrust.mailbox.mails().length, 0);
	await distrust.stop();
});

test('a mailbox that is not there brings the next contact at once', async () => {
	const h = await house(withAda('bad: { type: email, address: reject@house.example }, '
		+ 'hook: { type: webhook, address: "HOOK/ada", secret: hook-secret }',
	', paging: { high: [{ contact: bad }, { contact: hook, after: 5m }] }'));
	const r = await h.t.signal({ dedup_key: 'bad', severity: 'critical', summary: 'bad' });
	const got = await until('the hook', () => h.hook.got[0]);
	assert.equal(got.body.page.user, 'ada');
	assert.ok(got.signed);
	assert.equal(got.id, `page-${got.body.page.id}`);
	assert.match(got.body.acknowledge_url, /\/a\//);
	const page = await pageOf(h.t, r.json.results[0].incident, (p) => p.contact === 'bad' && p.state === 'failed');
	assert.match(page.error, /no such mailbox/);
	await h.stop();
});

test('a temporary refusal is tried again', { timeout: 300_000 }, async () => {
	const h = await house(withAda('later: { type: email, address: later@house.example }'));
	const r = await h.t.signal({ dedup_key: 'later', severity: 'critical', summary: 'later' });
	const page = await pageOf(h.t, r.json.results[0].incident, (p) => p.state === 'sent');
	assert.equal(page.attempts, 3);
	assert.equal(h.mailbox.mails().length, 1);
	await h.stop();
});

test('webhooks: only 2xx counts, redirects are not followed, 5xx is tried again', { timeout: 300_000 }, async () => {
	const h = await house(withAda('hook: { type: webhook, address: "HOOK/ada", secret: hook-secret }'));
	let asked = 0;
	const fire = async (key, answer) => {
		h.hook.answer = answer;
		return (await h.t.signal({ dedup_key: key, severity: 'critical', summary: key })).json.results[0].incident;
	};
	const moved = await fire('moved', () => 302);
	assert.match((await pageOf(h.t, moved, (p) => p.state === 'failed')).error, /302/);
	const gone = await fire('gone', () => 410);
	await pageOf(h.t, gone, (p) => p.state === 'failed');
	const shaky = await fire('shaky', () => (++asked < 2 ? 503 : 204));
	assert.equal((await pageOf(h.t, shaky, (p) => p.state === 'sent')).attempts, 2);
	const ids = h.hook.got.map((p) => p.id);
	assert.equal(new Set(ids).size, ids.length);
	await h.stop();
});

test('private addresses are refused unless that was allowed', async () => {
	const h = await house(withAda('hook: { type: webhook, address: "HOOK/ada", secret: hook-secret }'), { args: [] });
	const r = await h.t.signal({ dedup_key: 'ssrf', severity: 'critical', summary: 'ssrf' });
	const page = await pageOf(h.t, r.json.results[0].incident, (p) => p.state === 'failed');
	assert.match(page.error, /private/);
	assert.equal(h.hook.got.length, 0);
	await h.stop();
});

test('an acknowledgement stops what was not yet sent', { timeout: 300_000 }, async () => {
	const h = await house(withAda('hook: { type: webhook, address: "HOOK/ada", secret: hook-secret }'));
	let asked = 0;
	h.hook.answer = () => { asked++; return 503; };
	const r = await h.t.signal({ dedup_key: 'stop', severity: 'critical', summary: 'stop' });
	const id = r.json.results[0].incident;
	await pageOf(h.t, id, (p) => p.attempts >= 1 && p.state === 'queued');
	assert.equal((await h.t.post(`/api/v1/incidents/${id}/acknowledge`, {})).status, 200);
	const page = await pageOf(h.t, id, (p) => p.state === 'cancelled' && !p.next_at);
	assert.equal(asked, page.attempts);
	await h.stop();
});
