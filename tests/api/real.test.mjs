// SPDX-License-Identifier: Apache-2.0
// The main job with real neighbours: Prometheus and Alertmanager of Debian, a mail server.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { Mailbox, ORG, Tocsin, folder, freePort, program, until } from './lib.mjs';

/** Something to scrape, whose one figure we choose. */
async function patient() {
	const p = { value: 0 };
	p.server = createServer((rq, rs) => rs.writeHead(200, { 'content-type': 'text/plain' }).end(`sick ${p.value}\n`));
	await new Promise((r) => p.server.listen(0, '127.0.0.1', r));
	p.port = p.server.address().port;
	p.stop = () => { p.server.closeAllConnections?.(); return new Promise((r) => p.server.close(r)); };
	return p;
}

/** What is sent again every three seconds ends after four times as long: a machine may be busy for less. */
async function prometheus(dir, scrape, target, prefix) {
	const port = await freePort();
	writeFileSync(`${dir}/rules.yml`, `groups:
- name: g
  interval: 1s
  rules:
  - alert: PatientIsSick
    expr: sick > 0
    labels: { severity: critical }
    annotations: { summary: "The patient is sick" }
`);
	writeFileSync(`${dir}/prometheus.yml`, `global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [rules.yml]
scrape_configs: [{ job_name: patient, static_configs: [{ targets: ["127.0.0.1:${scrape}"] }] }]
alerting:
  alertmanagers:
  - scheme: http
    path_prefix: "${prefix}"
    static_configs: [{ targets: ["${target}"] }]
`);
	return program('prometheus', [`--config.file=${dir}/prometheus.yml`, `--storage.tsdb.path=${dir}/tsdb`,
		`--web.listen-address=127.0.0.1:${port}`, '--rules.alert.resend-delay=3s'],
	{ ready: /Server is ready/, stream: 'stderr', cwd: dir });
}

async function alertmanager(dir, tocsin) {
	const port = await freePort();
	writeFileSync(`${dir}/am.yml`, `route: { receiver: both, group_by: [alertname], group_wait: 0s, group_interval: 1s, repeat_interval: 1h }
receivers:
- name: both
  victorops_configs:
  - api_key: vo-key
    api_url: ${tocsin}/integrations/generic/20131114/alert/
    routing_key: web-key
    send_resolved: true
  webhook_configs:
  - url: ${tocsin}/in/prom-key
    send_resolved: true
`);
	const p = await program('prometheus-alertmanager', [`--config.file=${dir}/am.yml`, `--storage.path=${dir}/am`,
		`--web.listen-address=127.0.0.1:${port}`, '--cluster.listen-address='],
	{ ready: /Listening on|Completed loading/, stream: 'stderr', cwd: dir });
	return { ...p, target: `127.0.0.1:${port}` };
}

test('Prometheus fires, somebody is paged and answers, it recovers', { timeout: 180_000 }, async () => {
	const dir = folder(), sick = await patient(), mailbox = await Mailbox.start();
	const t = await Tocsin.start(ORG, { args: ['--smtp', mailbox.url] });
	const prom = await prometheus(dir, sick.port, `127.0.0.1:${t.port}`, '/in/prom-key');
	sick.value = 1;
	const mail = await mailbox.mail('The patient is sick');
	assert.match(mail.text, /To: ada@house\.example/);
	await fetch(mail.text.match(/Acknowledge: (\S+)/)[1], { method: 'POST' });
	const open = (await t.get('/api/v1/incidents')).json.items;
	assert.equal(open.length, 1);
	assert.equal(open[0].state, 'acknowledged');
	await until('several signals', async () =>
		(await t.get('/api/v1/alerts')).json.items[0].count >= 3);
	sick.value = 0;
	await t.incident(open[0].dedup_key, (i) => i.state === 'resolved');
	assert.equal(mailbox.mails().length, 1, 'nobody was paged twice');
	await prom.stop();
	await sick.stop();
	assert.match(t.must(['verify', ...t.offline]), /every hash fits/);
	await t.stop();
	await mailbox.stop();
});

test('Alertmanager speaks VictorOps and its own webhook to us', { timeout: 180_000 }, async () => {
	const dir = folder(), sick = await patient(), mailbox = await Mailbox.start();
	const t = await Tocsin.start(ORG, { args: ['--smtp', mailbox.url] });
	const am = await alertmanager(dir, t.url);
	const prom = await prometheus(dir, sick.port, am.target, '');
	sick.value = 1;
	const incidents = async (ask) => until(`incidents ${ask}`, async () => {
		const items = (await t.get('/api/v1/incidents')).json.items;
		return ask(items) ? items : null;
	});
	const open = await incidents((items) => items.length === 2);
	assert.equal((await t.get('/api/v1/signals?integration=vo')).json.items.length >= 1, true);
	assert.equal((await t.get('/api/v1/signals?integration=prom')).json.items.length >= 1, true);
	for (const i of open) assert.equal(i.service, 'web');
	sick.value = 0;
	await incidents((items) => items.every((i) => i.state === 'resolved'));
	await prom.stop();
	await am.stop();
	await sick.stop();
	await t.stop();
	await mailbox.stop();
});
