// SPDX-License-Identifier: Apache-2.0
// The calendar of one schedule: overrides moved and resized by the pointer and by keys, the cell cursor, days of
// 23 and 25 hours in three zones beside what the API and the command line say, month, second clock, print.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { ORG } from '../api/lib.mjs';
import { Browser, Tocsin, accessible, clean, desktop, phone, until } from './lib.mjs';

let t, b, page;
const zones = { berlin: 'Europe/Berlin', york: 'America/New_York', lord: 'Australia/Lord_Howe' };

before(async () => {
	const turns = Object.entries(zones).map(([id, zone]) => `  ${id}: { name: Zone ${id}, team: core, zone: ${zone}, layers: [{ name: day, members: [ada, bo], start: 2026-01-05 02:00, every: 1d }] }`).join('\n');
	t = await Tocsin.start(`${ORG.replace('schedules:\n', `schedules:
  free: { name: Holidays, team: core, zone: Europe/Berlin, layers: [{ name: office, members: [bo], start: 2026-01-05 00:00, every: 1w, except: [de] }, { name: feast, members: [ada], start: 2026-01-05 00:00, every: 1w, during: [de] }] }
${turns}
  gap: { name: Office hours, team: core, layers: [{ name: day, members: [bo], start: 2026-01-05 00:00, every: 1d, only: 'mon-fri 09:00-17:00' }] }
`)}overrides:
  cover: { schedule: core, from: "2027-03-03 06:00", to: "2027-03-03 18:00", with: bo }
  masked: { schedule: core, from: "2027-03-04 06:00", to: "2027-03-04 12:00", with: owner }
  later: { schedule: core, from: "2027-03-04 00:00", to: "2027-03-05 00:00", with: bo }
holidays:
  de: { dates: [{ date: 2027-03-26, name: Good Friday }, { date: 2027-03-29, name: Easter Monday }] }
absences:
  ski: { user: ada, from: "2027-03-06", to: "2027-03-07" }
`);
	b = await Browser.start();
	page = await b.signIn(t, 'bo', '/schedules/core?at=2027-03-01');
});
after(async () => {
	await b?.stop();
	await t?.stop();
});

const spanOf = async (id) => {
	const o = (await t.get('/api/v1/schedules/core/calendar?from=2027-02-25T00:00:00Z&to=2027-03-20T00:00:00Z')).json.overrides.find((x) => x.id === id);
	return o && [o.from, o.to];
};
const lane = () => page.getByRole('group', { name: 'Overrides' });
const bar = (name) => lane().getByRole('button', { name });
const form = (name = 'Override') => page.getByRole('dialog', { name });
const save = async () => {
	await form().getByText('After saving').waitFor();
	await form().getByRole('button', { name: 'Save' }).click();
	await until('it is closed', async () => (await form().count()) === 0);
};

test('an override is moved by drag, resized at its end, and each time shown before it is saved', async () => {
	const one = bar(/^Bo: override, Wed,? 3 Mar/);
	await one.waitFor();
	const box = await one.boundingBox(), whole = await lane().boundingBox();
	const hour = whole.width / 168;
	await page.mouse.move(box.x + box.width / 2, box.y + 10);
	await page.mouse.down();
	await page.mouse.move(box.x + box.width / 2 + 6 * hour, box.y + 12, { steps: 6 });
	await page.mouse.up();
	await form().getByText(/Wed,? 3 Mar/).first().waitFor();
	await accessible(page, 'a moved override', ['light']);
	await save();
	await until('six hours later', async () => (await spanOf('cover')).join() === '2027-03-03T11:00:00Z,2027-03-03T23:00:00Z');
	await one.waitFor();
	await until('drawn there', async () => Math.abs((await one.boundingBox()).x - box.x - 6 * hour) < 2);
	const now = await one.boundingBox();
	await page.mouse.move(now.x + now.width - 3, now.y + 10);
	await page.mouse.down();
	await page.mouse.move(now.x + now.width - 3 + 4 * hour, now.y + 12, { steps: 6 });
	await page.mouse.up();
	await save();
	await until('four hours longer', async () => (await spanOf('cover'))[1] === '2027-03-04T03:00:00Z');
	await bar(/^Bo: override, .* to Thu,? 4 Mar 04:00/).waitFor();
	clean(page);
});

test('the same by keys: Alt and the arrows move, with Shift they resize; Delete removes, and that is undone', async () => {
	const [from, to] = await spanOf('cover');
	await bar(/^Bo: override, Wed,? 3 Mar/).focus();
	await page.keyboard.press('Alt+ArrowLeft');
	await page.keyboard.press('Alt+Shift+ArrowLeft');
	await bar(/not saved; Enter goes on/).waitFor();
	await page.keyboard.press('Enter');
	await form().locator('button.main:enabled').waitFor();
	await form().getByLabel('To', { exact: true }).press('Enter');
	const by = (text, minutes) => new Date(Date.parse(text) + minutes * 60_000).toISOString().replace('.000', '');
	await until('half an hour earlier, and half an hour shorter', async () => (await spanOf('cover')).join() === [by(from, -30), by(to, -60)].join());
	await until('the form is gone', async () => (await form().count()) === 0);
	await bar(/^Bo: override, Wed,? 3 Mar/).focus();
	await page.keyboard.press('Delete');
	await until('it is gone', async () => (await spanOf('cover')) === undefined);
	await page.keyboard.press('z');
	await until('it is back', async () => (await spanOf('cover')) !== undefined);
	clean(page);
});

test('a cell cursor: arrows move it, Shift extends it, N makes an override of it, Enter opens what is under it', async () => {
	await page.goto(`${t.url}/schedules/core?at=2027-03-08`);
	const cell = lane().getByRole('button', { name: /^Cell/ });
	await cell.focus();
	await page.keyboard.press('ArrowDown');
	for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight');
	for (let i = 0; i < 2; i++) await page.keyboard.press('Shift+ArrowRight');
	await lane().getByRole('button', { name: /^Cell Tue,? 9 Mar 03:00 to 05:00/ }).waitFor();
	await page.keyboard.press('n');
	assert.equal(await form('New override').getByLabel('From').inputValue(), '2027-03-09T03:00');
	assert.equal(await form('New override').getByLabel('To', { exact: true }).inputValue(), '2027-03-09T05:00');
	await form('New override').getByRole('radio', { name: /^Ada/ }).check();
	await form('New override').locator('button.main:enabled').waitFor();
	await form('New override').getByLabel('From').press('Enter');
	await bar(/^Ada: override|^Ada \(no effect\): override/).waitFor();
	await lane().getByRole('button', { name: /^Cell/ }).focus();
	await page.keyboard.press('Enter');
	await form().getByRole('button', { name: 'Remove it' }).waitFor();
	await page.keyboard.press('Escape');
	await lane().getByRole('button', { name: /^Cell/ }).press('Delete');
	await until('removed', async () => (await bar(/^Ada.*: override/).count()) === 0);
	clean(page);
});

test('what has no effect is drawn all the same, and so are absences and open swaps; none hides another', async () => {
	await page.goto(`${t.url}/schedules/core?at=2027-03-01`);
	await bar(/^Owner \(no effect\): override, Thu,? 4 Mar .*hidden by override “later” of Bo, Thu,? 4 Mar 00:00–/).waitFor();
	await page.getByText(/No effect: hidden by override “later” of Bo/).waitFor();
	await bar(/^Owner \(no effect\)/).press('Enter');
	await form().getByText(/It changes nothing at present: hidden by override “later” of Bo/).waitFor();
	await page.keyboard.press('Escape');
	await lane().getByRole('img', { name: /^Ada is away: absence/ }).waitFor();
	const mine = (await t.get('/api/v1/schedules/core/shifts?from=2027-03-01T00:00:00Z&to=2027-03-08T00:00:00Z')).json.items.find((s) => s.users[0]?.id === 'bo');
	await page.getByRole('group', { name: 'Who is on call in the end' }).getByRole('button', { name: /^Bo: .*ask for a swap/ }).first().click();
	const ask = form('Ask for a swap');
	await ask.getByRole('button', { name: 'Ask', exact: true }).click();
	await lane().getByRole('button', { name: /⇄ you ask all: open swap/ }).waitFor();
	assert.ok(mine);
	const boxes = await lane().locator('.bar.over').evaluateAll((l) => l.map((e) => e.getBoundingClientRect()).map((r) => [r.left, r.right, r.top, r.bottom]));
	for (const [i, x] of boxes.entries())
		for (const y of boxes.slice(i + 1))
			assert.ok(x[1] <= y[0] + 1 || y[1] <= x[0] + 1 || x[3] <= y[2] + 1 || y[3] <= x[2] + 1, 'no two share a place');
	await lane().getByRole('button', { name: /^⇄ you ask all/ }).press('Enter');
	await form('Open swap').getByRole('button', { name: 'Withdraw' }).click();
	await until('withdrawn', async () => (await lane().getByRole('button', { name: /^⇄/ }).count()) === 0);
	clean(page);
});

test('holidays have their names in the lane, in the month and in the list, with the layers that rest and serve', async () => {
	await page.goto(`${t.url}/schedules/free?at=2027-03-22`);
	await lane().getByRole('img', { name: /^Good Friday: holiday, Fri,? 26 Mar 00:00 to Sat,? 27 Mar 00:00; office rests; feast serves/ }).waitFor();
	assert.equal(await lane().getByRole('button', { name: /Good Friday: holiday/ }).count(), 0, 'nothing to press');
	const cell = lane().getByRole('button', { name: /^Cell/ });
	await cell.focus();
	for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowDown');
	await lane().getByRole('button', { name: /^Cell Fri,? 26 Mar .*: Ada, Good Friday/ }).waitFor();
	await accessible(page, 'a week with a holiday');
	await page.goto(`${t.url}/schedules/free?at=2027-03-22&span=month`);
	await page.getByRole('listitem').filter({ hasText: 'Holiday: Good Friday' }).filter({ hasText: 'Ada' }).waitFor();
	assert.equal(await page.locator('.month .free').count(), 2);
	await page.setViewportSize(phone);
	await page.locator('.agenda li').filter({ hasText: 'Easter Monday' }).first().waitFor();
	await page.setViewportSize(desktop);
	clean(page);
});

test('a manager says for somebody that they are away, and takes it back; others find no such thing', async () => {
	assert.equal((await t.get('/api/v1/absences')).json.items.length, 1);
	await page.goto(`${t.url}/schedules/core?at=2027-04-05`);
	await page.getByRole('button', { name: 'More of this schedule' }).click();
	await page.getByRole('menuitem', { name: 'Somebody is away…' }).click();
	await form('I am away').waitFor();
	assert.equal(await form('I am away').getByLabel(/^Who(?! covers)/).count(), 0, 'a responder says it of themselves alone');
	await page.keyboard.press('Escape');
	const b2 = await Browser.start();
	const ada = await b2.signIn(t, 'ada', '/schedules/core?at=2027-04-05');
	await ada.getByRole('button', { name: 'More of this schedule' }).click();
	await ada.getByRole('menuitem', { name: 'Somebody is away…' }).click();
	await ada.getByRole('dialog').getByLabel(/^Who(?! covers)/).selectOption('bo');
	const away = ada.getByRole('dialog', { name: 'Bo is away' });
	await away.getByLabel('From').fill('2027-04-06T00:00');
	await away.getByLabel('To', { exact: true }).fill('2027-04-08T00:00');
	await away.getByText(/left without anybody|nothing is left without anybody/).first().waitFor();
	await accessible(ada, 'somebody else is away', ['light']);
	await away.getByRole('button', { name: 'Save' }).click();
	const there = ada.getByRole('group', { name: 'Overrides' }).getByRole('button', { name: /^Bo is away: absence, Tue,? 6 Apr/ });
	await there.waitFor();
	await bar(/^Bo is away: absence, Tue,? 6 Apr/).waitFor();
	await there.press('Enter');
	await ada.getByRole('dialog', { name: 'Bo is away' }).getByRole('button', { name: 'Remove it' }).click();
	await until('it is gone', async () => (await t.get('/api/v1/absences')).json.items.length === 1);
	await ada.getByRole('button', { name: /Undo/ }).click();
	await until('it is back', async () => (await t.get('/api/v1/absences')).json.items.length === 2);
	await there.waitFor();
	clean(ada);
	await b2.stop();
	clean(page);
});

const offset = { berlin: ['2027-03-28', '2027-10-31'], york: ['2027-03-14', '2027-11-07'], lord: ['2027-04-04', '2027-10-03'] };
for (const [id, zone] of Object.entries(zones))
	test(`${zone}: days when the clocks change are named, and the bars are what the API and the command line say`, async () => {
		for (const date of offset[id]) {
			await page.goto(`${t.url}/schedules/${id}?at=${date}`);
			const final = page.getByRole('group', { name: 'Who is on call in the end' });
			await final.locator('.bar').first().waitFor();
			const named = await page.locator('.cal .days').getByText(/\((23|25|23\.5|24\.5) h\)/).innerText();
			assert.match(named, new RegExp(`Sun,? ${Number(date.slice(8))} `));
			const monday = new Date(Date.parse(date) - 6 * 864e5).toISOString().slice(0, 10);
			const bars = await final.locator('.bar').evaluateAll((l) => l.map((e) => [e.textContent, e.getAttribute('aria-label').replace(/;.*/, '')]));
			const from = new Date(Date.parse(monday) - 864e5).toISOString(), to = new Date(Date.parse(date) + 2 * 864e5).toISOString();
			const shifts = (await t.get(`/api/v1/schedules/${id}/shifts?from=${from}&to=${to}`)).json.items;
			const cli = t.cli(['sched', 'show', id, '--from', from.replace('.000', ''), '--to', to.replace('.000', '')]).out.trim().split('\n').map((l) => l.split('\t'));
			assert.deepEqual(cli, shifts.map((s) => [s.from, s.to, s.users.map((u) => u.id).join(',')]), 'command line and API');
			const read = (at) => new Intl.DateTimeFormat('en-GB', { timeZone: zone, weekday: 'short', day: 'numeric', month: 'short' }).format(new Date(at))
				+ ' ' + new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(new Date(at));
			// The first and the last bar are cut by the week; the others are whole shifts.
			const want = shifts.map((s) => [s.users[0].name, `${s.users[0].name}: ${read(s.from)} to ${read(s.to)}`]);
			const inner = bars.slice(1, -1);
			assert.ok(inner.length >= 5);
			for (const x of inner) assert.ok(want.some((w) => w[0] === x[0] && w[1] === x[1]), `${x} is one of ${want.join(' | ')}`);
		}
		clean(page);
	});

test('a month has a line a day with its gaps; a second clock stands beside; all of it is in the address', async () => {
	await page.goto(`${t.url}/schedules/gap?at=2027-03-15`);
	await page.getByRole('button', { name: 'Month' }).click();
	await until('31 lines', async () => (await page.locator('.month [role=listitem]').count()) === 31);
	await page.getByText(/Sun,? 28 Mar \(23 h\)/).waitFor();
	assert.match(page.url(), /span=month/);
	await accessible(page, 'a month');
	const gaps = await page.locator('.month .gap').count();
	await page.locator('.month').getByRole('button', { name: /NOBODY .*gap: .*fill it/ }).first().click();
	await form('New override').getByRole('radio', { name: /^Ada/ }).check();
	await form('New override').getByText(/NOBODY →/).waitFor();
	await form('New override').getByRole('button', { name: 'Save' }).click();
	await until('fewer gaps', async () => (await page.locator('.month .gap').count()) < gaps);
	await page.setViewportSize(phone);
	await page.getByRole('group', { name: /Days of the month/ }).getByRole('button', { name: /^Mon,? 15 Mar/ }).click();
	await page.locator('.agenda li').first().waitFor();
	await accessible(page, 'the agenda on a phone', ['dark']);
	await page.setViewportSize(desktop);
	await page.getByLabel('and').selectOption('UTC');
	await page.getByText('00:00 = 23:00').first().waitFor();
	assert.match(page.url(), /also=UTC/);
	clean(page);
});

test('a calendar file is imported: read, shown with what it changes, applied; a calendar feed has its place there too', async () => {
	await page.goto(`${t.url}/schedules/core?at=2027-03-15`);
	await page.getByRole('button', { name: 'More of this schedule' }).click();
	await page.getByRole('menuitem', { name: 'Calendar feed…' }).waitFor();
	await page.getByRole('menuitem', { name: 'Import a calendar…' }).click();
	const dialog = form('Import a calendar');
	const event = (uid, day, who) => `BEGIN:VEVENT\r\nUID:${uid}\r\nDTSTAMP:20270101T000000Z\r\nDTSTART:202703${day}T060000Z\r\nDTEND:202703${day}T090000Z\r\nSUMMARY:${who}\r\nEND:VEVENT\r\n`;
	const ics = `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n${event(1, 16, 'Bo')}${event(2, 17, 'Ada')}${event(3, 18, 'team lunch')}END:VCALENDAR\r\n`;
	await dialog.getByLabel(/iCalendar file/).setInputFiles({ name: 'rota.ics', mimeType: 'text/calendar', buffer: Buffer.from(ics) });
	await dialog.getByLabel('From').fill('2027-03-15T00:00');
	await dialog.getByLabel('To', { exact: true }).fill('2027-03-22T00:00');
	await dialog.getByRole('button', { name: 'See what it changes' }).click();
	await dialog.getByText(/team lunch/).waitFor();
	await dialog.getByText(/Ada → Bo|Bo → Ada/).first().waitFor();
	await accessible(page, 'importing a calendar', ['light']);
	const text = dialog.getByLabel('Or its text'), see = dialog.getByRole('button', { name: 'See what it changes' });
	const typed = ics.replaceAll('\r', '');
	await text.fill(typed);
	await see.click();
	await dialog.getByRole('button', { name: 'Import 2 overrides' }).waitFor();
	await text.fill(typed.replace('SUMMARY:team lunch', 'SUMMARY:team Lunch'));
	await see.waitFor();
	assert.equal(await dialog.getByText('After saving').count(), 0, 'what was read of other words is not shown');
	await text.fill(typed);
	await dialog.getByRole('button', { name: 'Import 2 overrides' }).click();
	await until('it is closed', async () => (await dialog.count()) === 0);
	await until('both are drawn', async () => (await bar(/: override, (Tue|Wed),? 1[67] Mar/).count()) === 2);
	clean(page);
});

test('several overrides are pasted: each line that is not understood has its number, and nothing is saved before', async () => {
	await page.goto(`${t.url}/schedules/core?at=2027-05-03`);
	await page.getByRole('button', { name: 'More of this schedule' }).click();
	await page.getByRole('menuitem', { name: 'Several overrides…' }).click();
	const dialog = form('Several overrides'), text = dialog.getByLabel('One a line: from, to, who');
	await text.fill('2027-05-04 06:00 - 18:00 ada\n2027-05-05 06:00 - 2027-05-06 06:00 Zoe\n2027-05-11 06:00 - 18:00 nobody');
	await dialog.getByRole('button', { name: 'See what it changes' }).click();
	await dialog.getByText('1 line is not understood').waitFor();
	await dialog.getByText(/line 2: .*there is no user “?"?Zoe/).waitFor();
	await accessible(page, 'several overrides', ['light', 'dark']);
	assert.equal(await dialog.getByRole('button', { name: /^Make/ }).isDisabled(), true);
	await text.fill('2027-05-04 06:00 - 18:00 owner\n2027-05-11 06:00 - 18:00 nobody');
	await text.press('Tab');
	await dialog.getByRole('button', { name: 'See what it changes' }).press('Enter');
	await dialog.getByText(/→ NOBODY/).waitFor();
	await dialog.getByText(/→ Owner/).waitFor();
	await dialog.getByRole('button', { name: 'Make 2 overrides' }).press('Enter');
	await until('it is closed', async () => (await dialog.count()) === 0);
	await bar(/^Owner: override, Tue,? 4 May 06:00 to Tue,? 4 May 18:00/).waitFor();
	clean(page);
});

test('the export of another product is uploaded, shown with what it makes and leaves out, and applied', async () => {
	const b2 = await Browser.start();
	const owner = await b2.signIn(t, 'owner', '/schedules');
	await owner.getByRole('button', { name: 'Import…' }).click();
	const dialog = owner.getByRole('dialog', { name: 'Import from another product' });
	await dialog.getByLabel('Product').selectOption('pagerduty');
	const files = Object.entries(JSON.parse(readFileSync('tests/corpus/import/pagerduty.json', 'utf8')))
		.map(([name, v]) => ({ name: `${name}.json`, mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(v, null, 1)) }));
	await dialog.getByLabel(/^Its export/).setInputFiles([...files.slice(1), { name: 'teams.json', mimeType: 'application/json', buffer: Buffer.from('{\n "teams": [,]}') }]);
	owner.allowed = [/status of 400/];
	await dialog.getByRole('button', { name: 'See what it would be' }).click();
	await dialog.getByRole('alert').filter({ hasText: /teams\.json/ }).waitFor();
	await dialog.getByLabel(/^Its export/).setInputFiles(files);
	await dialog.getByRole('button', { name: 'See what it would be' }).click();
	await dialog.getByText(/schedules: new/).waitFor();
	await dialog.getByText(/\.json:\d+:\d+: /).first().waitFor();
	await accessible(owner, 'an export of another product', ['light', 'dark']);
	assert.equal((await t.get('/api/v1/schedules/payments-on-call')).status, 404, 'nothing is there yet');
	await dialog.getByRole('button', { name: /^Apply \d+ documents/ }).press('Enter');
	await until('it is closed', async () => (await dialog.count()) === 0);
	await owner.getByRole('link', { name: 'Payments on call' }).first().waitFor();
	clean(owner);
	await b2.stop();
	await page.goto(`${t.url}/schedules`);
	await page.getByRole('link', { name: 'New schedule' }).waitFor();
	assert.equal(await page.getByRole('button', { name: 'Import…' }).count(), 0, 'for administrators');
	clean(page);
});

test('on paper: the calendar without what is pressed', async () => {
	await page.goto(`${t.url}/schedules/core?at=2027-03-01`);
	await bar(/override/).first().waitFor();
	await page.emulateMedia({ media: 'print' });
	assert.equal(await page.getByRole('button', { name: 'Today' }).isVisible(), false);
	assert.equal(await page.locator('.cal .bar').first().isVisible(), true);
	assert.ok(await page.evaluate(() => document.querySelector('.cal').scrollWidth <= document.documentElement.clientWidth));
	await page.emulateMedia({ media: 'screen' });
	clean(page);
});
