// SPDX-License-Identifier: Apache-2.0
// Exports of other products become documents that apply accepts, and that have the people on call
// whom the product would have had. The instants were worked out by hand from the exports.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, test } from 'node:test';
import { TOCSIN, cli, folder, program, until } from './lib.mjs';

const FIXTURES = new URL('../fixtures/import/', import.meta.url).pathname;
const dir = folder();
after(() => rmSync(dir, { recursive: true, force: true }));

/** Imports into a folder of its own; apply must accept it. */
function imported(vendor, args = []) {
	const out = `${dir}/${vendor}-${Math.random().toString(36).slice(2)}`;
	const r = cli(['import', vendor, FIXTURES + vendor, '-o', out, ...args]);
	assert.equal(r.code, 0, r.err);
	const dry = cli(['apply', '--db', `sqlite:${out}.db`, '--key-file', `${out}.key`, '-f', out, '--dry-run']);
	assert.equal(dry.code, 0, dry.err);
	return { out, report: readFileSync(`${out}/report.txt`, 'utf8'), plan: dry.out };
}

/** [schedule, when, who] as a scenario: the engine itself says who is on call. */
function onCall(out, rows) {
	const scenario = `use ${out}\nat 2025-01-01 00:00 UTC\n`
		+ rows.map(([schedule, when, who]) => `expect oncall ${schedule} ${who} at ${when}\n`).join('');
	writeFileSync(`${out}.scn`, scenario);
	const r = cli(['scenario', `${out}.scn`]);
	assert.equal(r.code, 0, r.out + r.err);
}

function document(out, section, id) {
	const text = readFileSync(`${out}/${section}.yaml`, 'utf8');
	const found = text.match(new RegExp(`^  ${id}:(.*\\n(?:   .*\\n)*)`, 'm'));
	assert.ok(found, `${section}/${id}`);
	return found[1];
}

test('victorops', () => {
	const { out, report } = imported('victorops');
	onCall(out, [
		// ben, cay and ann take weeks from Monday 09:00; cay's is that of June 8, dov takes four hours of it.
		['primary', '2026-06-01 08:59 Europe/Berlin', 'nobody'],
		['primary', '2026-06-01 09:00 Europe/Berlin', 'ben'],
		['primary', '2026-06-10 11:59 Europe/Berlin', 'cay'],
		['primary', '2026-06-10 12:00 Europe/Berlin', 'dov'],
		['primary', '2026-06-10 16:00 Europe/Berlin', 'cay'],
		['primary', '2026-06-15 09:00 Europe/Berlin', 'ann'],
		['primary', '2026-11-02 08:59 Europe/Berlin', 'ben'], // 22 weeks on, after the clocks changed
		['primary', '2026-11-02 09:00 Europe/Berlin', 'cay'],
		// By days, from dov on Wednesday; the weekend's turns go on counting.
		['day-and-weekend', '2026-06-04 12:00 Europe/Berlin', 'ann'],
		['day-and-weekend', '2026-06-05 16:59 Europe/Berlin', 'dov'],
		['day-and-weekend', '2026-06-05 17:00 Europe/Berlin', 'ben'],
		['day-and-weekend', '2026-06-06 12:00 Europe/Berlin', 'ben'],
		['day-and-weekend', '2026-06-07 11:59 Europe/Berlin', 'ben'],
		['day-and-weekend', '2026-06-07 12:00 Europe/Berlin', 'nobody'],
		['day-and-weekend', '2026-06-08 10:00 Europe/Berlin', 'ann'],
		// Two shifts at once: the lead, and by days a deputy.
		['both', '2026-06-04 12:00 UTC', 'ann'],
		['both-2', '2026-06-04 12:00 UTC', 'cay'],
		['both-2', '2026-06-05 00:00 UTC', 'ben'],
	]);
	const platform = document(out, 'policies', 'platform');
	assert.match(platform, /page: \[schedule\/primary\], wait: 10m/);
	assert.match(platform, /\[schedule\/both, schedule\/both-2, user\/dov, \{to: schedule\/primary, who: next\}\]/);
	assert.match(document(out, 'policies', 'search'), /delay: 5m/); // what is waited before the first step
	assert.match(document(out, 'services', 'database'), /team: platform\n +policy: platform/);
	assert.match(document(out, 'users', 'ann'), /high: \[.*\{contact: email-2, after: 5m\}\]/);
	assert.match(document(out, 'teams', 'platform'), /ann: manager, ben: responder/);
	for (const line of [
		/left out +\S+policies\.json:25:\d+: policy "Not fetched": its steps are not in the export/,
		/left out +\S+members\.team-b+\.json:\d+:\d+: team\/data-search: its member "gone" is no user/,
		/left out .*policy\/search: step 1: a target of the type webhook/,
		/changed .*policy\/everything: made for the routing key everything, which has 2 policies/,
		/changed .*service\/routingdefault: it was the default route/,
		/left out .*override ovrprd-1+: nobody of the export has taken it for the policy pol-c+/,
	]) assert.match(report, line);
	assert.doesNotMatch(report, /taken .*schedule\/both$/m); // said as changed, once
	assert.match(report, /^taken .*schedule\/primary$/m);
});

test('pagerduty', () => {
	const { out, report } = imported('pagerduty');
	onCall(out, [
		// By days from January 5, eve first: March 7 is the 61st day after.
		['payments-on-call', '2026-03-07 12:00 America/New_York', 'finn'],
		['payments-on-call', '2026-03-08 12:00 America/New_York', 'eve'],
		['payments-on-call', '2026-03-09 08:59 America/New_York', 'finn'],
		// Office hours lie above, by weeks from March 2 with finn; they were made in gus's week.
		['payments-on-call', '2026-03-09 09:00 America/New_York', 'gus'],
		['payments-on-call', '2026-03-09 17:00 America/New_York', 'finn'],
		['payments-on-call', '2026-03-16 12:59 America/New_York', 'finn'],
		['payments-on-call', '2026-03-16 13:00 America/New_York', 'eve'], // the override
		['payments-on-call', '2026-03-16 15:00 America/New_York', 'finn'],
		['payments-on-call', '2026-03-16 18:00 America/New_York', 'eve'],
		// The layer that the API lists first lies highest.
		['payments-on-call', '2026-03-03 12:00 America/New_York', 'gus'],
		['payments-on-call', '2026-03-04 09:00 America/New_York', 'eve'],
		// 64 hours from Friday 17:00; the second week's user is gone.
		['weekend', '2026-01-02 17:00 Europe/London', 'eve'],
		['weekend', '2026-01-05 08:59 Europe/London', 'eve'],
		['weekend', '2026-01-05 09:00 Europe/London', 'nobody'],
		['weekend', '2026-01-09 17:00 Europe/London', 'nobody'],
		['weekend', '2026-01-16 18:00 Europe/London', 'eve'],
	]);
	const policy = document(out, 'policies', 'payments');
	assert.match(policy, /page: \[user\/eve, user\/finn\], wait: 30m, round_robin: true/);
	assert.match(policy, /repeat: 2/);
	assert.match(document(out, 'users', 'eve'), /paging: \{high: \[.*after: 2m\}.*\], low: \[\{contact: email\}\]\}/);
	assert.match(document(out, 'teams', 'payments'), /members: \{eve: manager, finn: responder\}/);
	for (const line of [
		/changed .*Office hours: it begins with the turn during which it was made/,
		/left out .*schedule "Summary only": its layers are not in the export/,
		/changed .*user\/finn: there is no time zone "Nowhere\/Land"/,
		/left out .*override: there is no user PUSERXX/,
		/changed .*policy\/payments: step 3 pages nobody any more/,
		/changed .*service\/checkout: acknowledgements ended after 1800 s/,
	]) assert.match(report, line);
});

test('opsgenie', () => {
	const { out, report } = imported('opsgenie');
	onCall(out, [
		// Two rotations at once: weeks of ida and jon, and every other two nights kit.
		['network-schedule', '2026-02-03 23:00 Europe/Paris', 'ida'],
		['network-schedule-2', '2026-02-03 23:00 Europe/Paris', 'kit'],
		['network-schedule-2', '2026-02-04 06:29 Europe/Paris', 'kit'],
		['network-schedule-2', '2026-02-04 06:30 Europe/Paris', 'ida'],
		['network-schedule-2', '2026-02-04 23:00 Europe/Paris', 'ida'],
		['network-schedule-2', '2026-02-06 23:00 Europe/Paris', 'kit'],
		// An override of the weeks alone, and one of everything.
		['network-schedule', '2026-02-04 13:00 Europe/Paris', 'kit'],
		['network-schedule', '2026-02-04 15:00 Europe/Paris', 'ida'],
		['network-schedule-2', '2026-02-05 13:00 Europe/Paris', 'jon'],
		['network-schedule', '2026-02-09 08:00 Europe/Paris', 'jon'],
		// From Monday 08:00 through to Friday 18:00, the rest by half days until March 9.
		['disjoint', '2026-02-02 07:59 Europe/Paris', 'nobody'],
		['disjoint', '2026-02-04 03:00 Europe/Paris', 'ida,jon'],
		['disjoint', '2026-02-06 17:59 Europe/Paris', 'ida,jon'],
		['disjoint', '2026-02-06 18:00 Europe/Paris', 'kit'],
		['disjoint', '2026-02-07 06:00 Europe/Paris', 'nobody'],
		['disjoint', '2026-02-07 18:00 Europe/Paris', 'kit'],
		['disjoint', '2026-03-09 08:00 Europe/Paris', 'ida,jon'],
		['disjoint', '2026-03-13 19:00 Europe/Paris', 'nobody'],
	]);
	const policy = document(out, 'policies', 'network-escalation');
	assert.match(policy, /network-schedule-2\], wait: 10m[^]*who: next[^]*user\/ida\n +wait: 50m[^]*team\/network\], wait: 1h/);
	assert.match(document(out, 'services', 'vpn'), /team: network\n +policy: network-escalation/);
	assert.match(document(out, 'users', 'ida'), /after: 1m30s/);
	for (const line of [
		/changed .*Weekend: the turn of the escalation e1 is empty/,
		/changed .*if-not-closed/,
		/left out .*policy\/network-escalation: step 5/,
		/left out .*routing rule "Night mails" of Network/,
		/changed .*schedule\/disjoint: it was disabled there/,
		/changed .*service\/lost/,
	]) assert.match(report, line);
});

test('grafana-oncall', () => {
	const { out, report } = imported('grafana-oncall');
	onCall(out, [
		// Weeks from the second group on; above them office days, which only weekdays use up.
		['main-rota', '2026-04-06 08:59 Europe/London', 'nobody'],
		['main-rota', '2026-04-07 12:00 Europe/London', 'ned'],
		['main-rota', '2026-04-10 18:00 Europe/London', 'ned,ola'],
		['main-rota', '2026-04-13 12:00 Europe/London', 'ola'],
		['main-rota', '2026-04-13 18:00 Europe/London', 'mia'],
		['main-rota', '2026-04-15 18:30 Europe/London', 'ned'], // one evening
		['main-rota', '2026-04-15 21:00 Europe/London', 'mia'],
		['main-rota', '2026-04-16 10:59 Europe/London', 'ola'],
		['main-rota', '2026-04-16 11:00 Europe/London', 'mia'], // the override, written in UTC
		['main-rota', '2026-04-16 13:00 Europe/London', 'ola'],
		['main-rota', '2026-05-04 12:00 Europe/London', 'ned,ola'], // the office days have ended
		// Every second weekend by New York's clock, beside the weeks.
		['overlap', '2026-04-11 15:00 Europe/London', 'ned,ola'],
		['overlap-2', '2026-04-11 15:00 Europe/London', 'ola'],
		['overlap-2', '2026-04-18 15:30 Europe/London', 'mia'],
		['overlap-2', '2026-04-25 15:30 Europe/London', 'ola'],
		['halves', '2026-04-06 06:00 UTC', 'mia'],
		['halves', '2026-04-06 18:00 UTC', 'nobody'],
		['halves', '2026-04-07 06:00 UTC', 'ned'],
	]);
	const chain = document(out, 'policies', 'ops-chain');
	assert.match(chain, /delay: 1m\n/);
	assert.match(chain, /\[schedule\/main-rota\], wait: 5m/);
	assert.match(chain, /\[schedule\/overlap, schedule\/overlap-2, user\/mia\], wait: 15m/);
	assert.match(chain, /\[user\/mia, user\/ned\], wait: 30m, round_robin: true/);
	assert.match(chain, /repeat: 5/);
	assert.match(document(out, 'users', 'mia'), /high: \[\{contact: email\}\], low: .*\{contact: email, after: 5m\}/);
	assert.match(document(out, 'integrations', 'prometheus'), /type: alertmanager/);
	for (const line of [
		/left out .*shift "First of month": days of the month/,
		/left out .*schedule "From a calendar": .*tocsin import ical https:/,
		/left out .*policy\/ops-chain: the step trigger_webhook/,
		/left out .*service\/prometheus: its route severity\.\*info leads to policy\/empty-chain/,
		/changed .*service\/webhook: its default route has no chain/,
	]) assert.match(report, line);
});

test('goalert', () => {
	const { out, report } = imported('goalert');
	onCall(out, [
		// rae holds the turn before the handoff of May 12; overrides replace, add and remove.
		['platform', '2026-05-12 07:59 America/Chicago', 'rae-ruiz'],
		['platform', '2026-05-12 08:00 America/Chicago', 'pia-park'],
		['platform', '2026-05-13 08:59 America/Chicago', 'quin-quist'],
		['platform', '2026-05-13 09:00 America/Chicago', 'rae-ruiz'],
		['platform', '2026-05-13 11:00 America/Chicago', 'quin-quist'],
		['platform', '2026-05-14 10:00 America/Chicago', 'pia-park,rae-ruiz'],
		['platform', '2026-05-15 10:00 America/Chicago', 'nobody'],
		['platform', '2026-05-15 11:00 America/Chicago', 'pia-park'],
		// quin too, in the nights that begin on Saturday and Sunday.
		['platform', '2026-05-17 23:00 America/Chicago', 'rae-ruiz'],
		['platform-2', '2026-05-17 23:00 America/Chicago', 'quin-quist'],
		['platform-2', '2026-05-18 05:59 America/Chicago', 'quin-quist'],
		['platform-2', '2026-05-18 06:00 America/Chicago', 'rae-ruiz'],
		// A temporary schedule with an hour of nobody.
		['platform', '2026-05-20 11:59 America/Chicago', 'rae-ruiz'],
		['platform-2', '2026-05-20 12:00 America/Chicago', 'nobody'],
		['platform-2', '2026-05-20 13:00 America/Chicago', 'pia-park'],
		['primary', '2026-05-12 08:00 America/Chicago', 'pia-park'],
		// Months from January 31: February 28, March 31, April 30.
		['business-hours', '2026-03-30 10:00 America/Chicago', 'quin-quist'],
		['business-hours', '2026-03-31 08:00 America/Chicago', 'pia-park'],
		['business-hours', '2026-03-31 17:00 America/Chicago', 'nobody'],
		['business-hours', '2026-05-12 10:00 America/Chicago', 'quin-quist'],
	]);
	assert.match(document(out, 'policies', 'default-policy'),
		/schedule\/platform-2, user\/rae-ruiz\], wait: 5m\}\n +- \{page: \[schedule\/primary\], wait: 10m\}\n +repeat: 3/);
	assert.doesNotMatch(document(out, 'integrations', 'api-prom'), /key:/);
	for (const line of [
		/left out .*user\/pia-park: contact "Old" was disabled/,
		/left out .*target nobody of Platform/,
		/changed .*Monthly lead: its handoffs follow Europe\/Berlin/,
		/changed .*Monthly lead: whose turn it is was not exported/,
		/left out .*step 2: the builtin-slack-channel/,
	]) assert.match(report, line);
	const keys = imported('goalert', ['--keys']);
	assert.match(document(keys.out, 'integrations', 'api-prom'), /key: 3cda3d7a-0000-4000-8000-000000000001/);
});

const PEOPLE = `
users:
  ann: { name: Ann Archer, email: ann@example.org }
  ben: { name: Ben }
  cay: { contacts: { mail: { type: email, address: cay@example.org } } }
  dov: { name: Dov }
schedules:
  primary: { zone: UTC, layers: [{ members: [dov], start: 2026-01-01, every: 1w }] }
`;

/** A calendar into a folder that has the people too. */
function calendar(name, source, args) {
	const out = `${dir}/${name}`;
	writeFileSync(`${dir}/people.yaml`, PEOPLE);
	const r = cli(['import', 'ical', source, ...args, '-o', out]);
	assert.equal(r.code, 0, r.err);
	writeFileSync(`${out}/people.yaml`, PEOPLE);
	return { out, report: readFileSync(`${out}/report.txt`, 'utf8') };
}

const WINDOW = ['--from', '2026-03-01', '--to', '2026-06-01', '-f', `${dir}/people.yaml`];

test('ical as overrides', () => {
	const { out, report } = calendar('rota', `${FIXTURES}ical/rota.ics`, ['--schedule', 'primary', ...WINDOW]);
	onCall(out, [
		['primary', '2026-03-02 08:59 Europe/Berlin', 'dov'], // the layer
		['primary', '2026-03-02 09:00 Europe/Berlin', 'ann'],
		['primary', '2026-03-09 09:00 Europe/Berlin', 'cay'], // the attendee; by Outlook's zone
		['primary', '2026-03-10 18:00 UTC', 'ben,cay,dov'], // two events at once
		['primary', '2026-03-10 20:00 UTC', 'cay'],
		['primary', '2026-03-12 19:00 UTC', 'ben,cay,dov'], // RDATE
		['primary', '2026-03-16 12:00 Europe/Berlin', 'dov'], // that one was moved
		['primary', '2026-03-17 09:00 Europe/Berlin', 'ben'],
		['primary', '2026-03-19 11:59 Europe/Berlin', 'ben'], // P2DT3H
		['primary', '2026-03-19 12:00 Europe/Berlin', 'dov'],
		['primary', '2026-03-30 08:59 Europe/Berlin', 'cay'], // the clocks changed the day before
		['primary', '2026-03-30 09:00 Europe/Berlin', 'dov'], // EXDATE
		['primary', '2026-04-01 12:00 Europe/Berlin', 'dov'],
		['primary', '2026-04-06 09:00 Europe/Berlin', 'dov'], // past UNTIL
		['primary', '2026-04-13 09:00 Europe/Berlin', 'ann'], // the fourth and last
		['primary', '2026-04-27 09:00 Europe/Berlin', 'dov'],
	]);
	for (const line of [
		/left out +\S+rota\.ics:48:1: event hours@x: a rule below DAILY/,
		/left out .*event "annabel" of 2026-03-11T00:00:00Z: it names no user/,
		/left out .*event nolength@x: it has no end after its start/,
	]) assert.match(report, line);
	assert.doesNotMatch(report, /gone@x/); // cancelled
});

test('ical as all that there is, and from an address', async () => {
	const text = readFileSync(`${FIXTURES}ical/rota.ics`);
	const server = createServer((rq, rs) => {
		if (rq.url !== '/secret.ics') { rs.statusCode = 404; return rs.end(); }
		rs.end(text);
	});
	await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
	const url = `http://127.0.0.1:${server.address().port}`;
	writeFileSync(`${dir}/people.yaml`, PEOPLE);
	try {
		const run = (args) => program(TOCSIN, ['import', 'ical', ...args], { ready: /./ })
			.then((p) => p.stop().then(() => p.text()), (e) => String(e));
		const out = `${dir}/whole`;
		await run([`${url}/secret.ics`, '--schedule', 'primary', '--whole', ...WINDOW, '-o', out]);
		await until('the report', () => { try { return readFileSync(`${out}/report.txt`, 'utf8'); } catch { return ''; } });
		assert.doesNotMatch(readFileSync(`${out}/report.txt`, 'utf8'), /secret/);
		writeFileSync(`${out}/people.yaml`, PEOPLE);
		onCall(out, [
			['primary', '2026-03-16 12:00 Europe/Berlin', 'nobody'],
			['primary', '2026-03-17 09:00 Europe/Berlin', 'ben'],
			['primary', '2026-05-31 12:00 UTC', 'nobody'],
			['primary', '2026-06-01 00:00 UTC', 'dov'],
		]);
		assert.match(await run([`${url}/other.ics`, '--schedule', 'primary', ...WINDOW]), /answered 404/);
	} finally {
		server.close();
	}
});

test('ical as holidays', () => {
	const { out, report } = calendar('holidays', `${FIXTURES}ical/holidays.ics`, ['--holidays', 'germany', '--from', '2026-01-01', '--to', '2027-06-01']);
	assert.equal(readFileSync(`${out}/holidays.yaml`, 'utf8').match(/date: (\S+), name/g).join(),
		['2026-01-01', '2026-12-25', '2026-12-26', '2027-01-01'].map((d) => `date: ${d}, name`).join());
	assert.match(report, /left out .*"Party".*a holiday is a whole day/);
	const dry = cli(['apply', '--db', `sqlite:${out}.db`, '--key-file', `${out}.key`, '-f', out, '--dry-run']);
	assert.match(dry.out, /holiday\/germany/);
});

test('one file may hold what the folder holds', () => {
	const whole = {}, name = `${dir}/whole.json`;
	for (const file of readdirSync(`${FIXTURES}victorops`))
		whole[file.slice(0, -5)] = JSON.parse(readFileSync(`${FIXTURES}victorops/${file}`, 'utf8'));
	writeFileSync(name, JSON.stringify(whole));
	const one = cli(['import', 'victorops', name]), many = cli(['import', 'victorops', `${FIXTURES}victorops`]);
	assert.equal(one.code, 0);
	assert.equal(one.out, many.out);
});

test('what cannot be read is refused with its place', () => {
	mkdirSync(`${dir}/bad`);
	writeFileSync(`${dir}/bad/users.json`, '{"users": [\n  {"username": "ann",}\n]}');
	writeFileSync(`${dir}/other.json`, '{"something": 1}');
	writeFileSync(`${dir}/cut.ics`, 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\n');
	const rows = [
		[['import', 'victorops', `${dir}/bad`], 1, /users\.json:2:\d+/],
		[['import', 'victorops', `${dir}/other.json`], 1, /other\.json as of victorops: it has nothing that this product exports/],
		[['import', 'victorops', `${dir}/nowhere`], 3, /cannot read/],
		[['import', 'ical', `${dir}/other.json`, '--holidays', 'x'], 1, /it is no iCalendar/],
		[['import', 'ical', `${dir}/cut.ics`, '--holidays', 'x'], 1, /an END is missing after line 3/],
		[['import', 'ical', `${dir}/cut.ics`], 2, /--schedule ID \(overrides\) or --holidays/],
		[['import', 'pagerdooty', `${dir}/bad`], 2, /did you mean pagerduty\?/],
		[['import', 'victorops', `${FIXTURES}victorops`, '--zone', 'Mars/Olympus'], 2, /no time zone/],
		[['import', 'victorops', `${FIXTURES}victorops`, '-o', `${dir}/twice`], 0, /taken/],
		[['import', 'victorops', `${FIXTURES}victorops`, '-o', `${dir}/twice`], 4, /twice/],
	];
	for (const [args, code, words] of rows) {
		const r = cli(args);
		assert.equal(r.code, code, `${args.join(' ')}: ${r.err}`);
		assert.match(r.err, words);
	}
	assert.deepEqual(readdirSync(`${dir}/twice`).filter((f) => f.endsWith('.txt')), ['report.txt']);
});

test('JSON has the documents and the report', () => {
	const r = JSON.parse(cli(['import', 'victorops', `${FIXTURES}victorops`, '--json']).out);
	assert.equal(r.documents.users.ann.email, 'ann@example.org');
	const line = r.report.find((l) => l.what === 'policy "Not fetched"');
	assert.deepEqual([line.fate, line.line], ['left out', 25]);
});
