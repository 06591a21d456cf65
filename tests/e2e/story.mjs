// SPDX-License-Identifier: Apache-2.0
// A day at the demo's shop, as signals and acts of people: for pictures and for looking around.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cli, folder } from '../api/lib.mjs';

/** The last hour before now, as lines of a scenario: what belongs together was joined as it came. */
function lastHour() {
	const begun = Date.now() - 3600_000;
	const lines = [];
	const joined = (who, severity, into, title, minutes) => minutes.forEach((at, i) => {
		const key = i ? `${into}-${i}` : into;
		lines.push([at, `signal demo ${key} ${severity} service=cluster "${title}"`]);
		lines.push(i ? [at + 0.5, `${who} merges ${key} ${into}`] : [at + 2, `${who} acks ${key}`]);
	});
	joined('emre', 'error', 'net/rack-2', 'Rack 2 loses packets', [4, 21, 30, 36, 41, 45, 47, 49, 51, 53, 55, 56, 57, 58]);
	joined('freya', 'warning', 'net/dns', 'Names are resolved slowly', [9, 10, 11, 12, 13, 15, 17, 22, 31]);
	return lines.sort(([a], [b]) => a - b).map(([at, what]) =>
		`at ${new Date(begun + at * 60_000).toISOString().slice(0, 19).replace('T', ' ')} UTC\n${what}\n`).join('');
}

/** The organisation with the demo's four weeks behind it, as a file to serve. */
function lived(org) {
	const dir = folder();
	writeFileSync(`${dir}/org.yaml`, org);
	writeFileSync(`${dir}/past.scn`, String(execFileSync('examples/demo/past')).replace(/^use .*/m, 'use org.yaml') + lastHour());
	const r = cli(['scenario', `${dir}/past.scn`, '--keep', `${dir}/past.db`]);
	if (r.code !== 0) throw new Error(r.out + r.err);
	return `${dir}/past.db`;
}

export async function story(Tocsin, org, args = [], past = false) {
	const house = org.replace(/\n {2}alice: \{/, '\n  owner: { name: Olga Owner, email: olga@lantern.example, role: owner }\n  alice: {');
	const t = past ? await Tocsin.kept(lived(house), 'owner', { args }) : await Tocsin.start(house, { args });
	const token = (user) => t.must(['token', 'create', ...t.offline, '--user', user, '--name', 'story']).trim();
	const as = { chidi: token('chidi'), emre: token('emre'), bela: token('bela') };
	const signal = async (s) => (await t.signal({ severity: 'critical', ...s }, 'demo-key')).json;
	const incident = (key) => t.incident(key);
	const act = async (who, key, verb, body = {}) => t.post(`/api/v1/incidents/${(await incident(key)).id}/${verb}`, body, { authorization: `Bearer ${as[who]}` });

	for (const [key, summary, labels] of [['cluster/node-4', 'Node 4 does not answer', {}], ['shop/search', 'Search answers slowly, p99 2.4 s', {}], ['pay/refund', 'Refunds wait in the queue', { app: 'checkout' }]]) {
		await signal({ dedup_key: key, summary, labels });
		await incident(key);
		await act('chidi', key, 'acknowledge');
		await act('chidi', key, 'resolve', { note: 'rolled back' });
	}
	await signal({ dedup_key: 'shop/images', summary: 'Cover images load slowly', severity: 'warning' });
	await incident('shop/images');
	await act('bela', 'shop/images', 'snooze', { for: '2h' });
	await signal({ dedup_key: 'shop/mail', summary: 'Order mails are late by 11 minutes', severity: 'error' });
	await incident('shop/mail');
	await act('bela', 'shop/mail', 'acknowledge');
	await signal({ dedup_key: 'db-3/disk', summary: 'Disk 91 % on db-3', severity: 'warning', service: 'cluster', labels: { instance: 'db-3', mount: '/var' } });
	await signal({ dedup_key: 'cluster/certs', summary: 'Certificate of api.lantern.example ends in 6 days', severity: 'warning', service: 'cluster' });
	await t.signal({ severity: 'error', dedup_key: 'unknown/thing', summary: 'Heartbeat of the label printer is missing', service: 'printer' }, 'demo-key');
	await signal({ dedup_key: 'pay/latency', summary: 'Card provider answers in 3.1 s', severity: 'error', labels: { app: 'checkout', env: 'prod' } });
	await incident('pay/latency');
	const checkout = { dedup_key: 'pay/errors', summary: 'Card checkout 5xx above 8 %', details: 'rate(http_5xx{app="checkout"}[5m]) = 0.083\nfirst seen after deploy 8c1f', labels: { app: 'checkout', env: 'prod', region: 'eu-1', alertname: 'ErrorRate' }, links: { Graph: 'https://grafana.lantern.example/d/checkout' } };
	await signal(checkout);
	const room = await incident('pay/errors');
	await act('emre', 'pay/errors', 'note', { note: 'Looks like the deploy of 14:00. Comparing the error split by version.' });
	for (let i = 0; i < 5; i++) await signal(checkout);
	await act('chidi', 'pay/errors', 'note', { note: 'Starting a roll back of 8c1f.' });
	await act('chidi', 'pay/errors', 'brief', { status: 'Rolling 8c1f back', impact: 'One in twelve card payments fails', theory: 'The new timeout of the card client', next_step: 'Look at the error split again', next_by: new Date(Date.now() + 25 * 60_000).toISOString() });
	await act('emre', 'pay/errors', 'role', { role: 'commander' });
	await act('emre', 'pay/errors', 'role', { role: 'scribe', user: 'bela' });
	// Dana's next week of duty: a swap on offer, a day covered, and the calendar has something to show.
	const at = (ms) => new Date(ms).toISOString();
	const shifts = (await t.get(`/api/v1/schedules/payments/shifts?to=${at(Date.now() + 40 * 864e5)}`)).json.items;
	const next = Date.parse(shifts.find((s) => s.users[0]?.id === 'dana' && Date.parse(s.from) > Date.now()).from);
	await t.post('/api/v1/schedules/payments/swaps', { user: 'dana', from: at(next + 24 * 36e5), to: at(next + 34 * 36e5), note: 'a wedding' });
	await t.post('/api/v1/schedules/payments/overrides', { from: at(next + 50 * 36e5), to: at(next + 62 * 36e5), with: 'chidi' });
	t.danaFrom = at(next).slice(0, 10);
	t.roomId = room.id;
	t.as = as;
	return t;
}
