// SPDX-License-Identifier: Apache-2.0
// The incident room: page, acknowledge from a phone, see it elsewhere, write, hand over, merge.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Mailbox, ORG } from '../api/lib.mjs';
import { Browser, Tocsin, accessible, clean, desktop, phone, until } from './lib.mjs';

let t, b, page, id, box;

before(async () => {
	box = await Mailbox.start();
	t = await Tocsin.start(`${ORG}
rulesets:
  main: { team: core, rules: [{ id: prod-is-bad, when: ['labels.env="prod"'], set: { summary: 'In production' } }] }
`, { args: ['--smtp', box.url, '--mail-from', 'tocsin@house.example'] });
	b = await Browser.start();
	await t.signal({ dedup_key: 'room', severity: 'critical', summary: 'Payments fail', labels: { env: 'prod' }, links: { Graph: 'https://graphs.example/1' } });
	id = (await t.incident('room')).id;
	page = await b.signIn(t, 'ada', `/incidents/${id}`);
});
after(async () => {
	await b?.stop();
	await t?.stop();
	await box?.stop();
});

test('what came in, what a rule made of it, who is asked and who is next', async () => {
	await page.getByRole('heading', { name: 'In production' }).waitFor();
	await page.getByRole('cell', { name: 'prod-is-bad' }).waitFor();
	const paging = page.getByRole('region', { name: 'Who is paged' });
	await paging.getByText('Step 1 of 2').waitFor();
	assert.match(await paging.textContent(), /Ada.*Next in.*Bo/s);
	assert.equal(await page.getByRole('link', { name: 'Graph ↗' }).getAttribute('rel'), 'noreferrer noopener');
	await accessible(page, 'room');
	clean(page);
});

test('acknowledged from the phone layout, seen in another tab', async () => {
	const other = await b.page(t, `/incidents/${id}`);
	await other.setViewportSize(phone);
	await other.getByRole('heading', { name: 'In production' }).waitFor();
	await accessible(other, 'room on a phone');
	const button = other.getByRole('button', { name: /^Acknowledge/ });
	const box = await button.boundingBox();
	assert.ok(box.height >= 44 && box.y > phone.height / 2, 'large and within reach of a thumb');
	await button.click();
	await page.getByText('Ada has it').waitFor();
	await page.locator('.room-head').getByText('acknowledged').waitFor();
	await page.getByText('Ada acknowledged').first().waitFor();
	clean(other);
	await other.close();
	clean(page);
});

test('what is known is written down, who leads is said, and somebody is asked to help', async () => {
	await page.getByRole('button', { name: 'Write a brief' }).click();
	await page.getByRole('textbox', { name: 'Now' }).fill('Rolling back 8c1f');
	await page.getByRole('textbox', { name: 'Next' }).fill('Look at the errors');
	await page.getByLabel('By when').selectOption('30');
	await accessible(page, 'the brief being written');
	await page.keyboard.press('Enter');
	const brief = page.getByRole('region', { name: 'Brief' });
	await brief.getByText('Rolling back 8c1f').waitFor();
	await brief.getByText(/in (29|30):/).waitFor();
	const people = page.getByRole('region', { name: 'People' });
	await people.getByRole('button', { name: 'Take Commander' }).click();
	await people.getByRole('button', { name: 'Give up Commander' }).waitFor();
	await t.incident('room', (i) => i.commander === 'ada');
	await page.getByRole('button', { name: 'Add people' }).click();
	await page.getByRole('textbox', { name: 'Who is to help' }).fill('bo');
	await accessible(page, 'the dialog that asks people');
	await page.keyboard.press('Enter');
	await people.getByText('asked to help').waitFor();
	await accessible(page, 'a room with people');
	clean(page);
});

test('an acknowledgement is given back and taken again', async () => {
	await page.locator('.verbs').getByRole('button', { name: 'More' }).click();
	await page.getByRole('menuitem', { name: 'Mitigated' }).click();
	await page.locator('.room-head .state', { hasText: '◐ mitigated' }).waitFor();
	await accessible(page, 'a mitigated incident');
	const board = await b.page(t, '/incidents');
	await board.locator(`#row-${id} .state`, { hasText: '◐ mitigated' }).waitFor();
	await accessible(board, 'a board with a mitigated incident');
	clean(board);
	await board.close();
	await page.locator('.verbs').getByRole('button', { name: 'More' }).click();
	await page.getByRole('menuitem', { name: /Give it back/ }).click();
	await t.incident('room', (i) => i.state === 'triggered' && !i.mitigated_at);
	await page.getByRole('button', { name: /^Acknowledge/ }).click();
	await t.incident('room', (i) => i.state === 'acknowledged');
	// Not that of an older message, which is still there.
	await page.locator('.toast', { hasText: `Acknowledged #${id}` }).last().getByRole('button', { name: 'Undo' }).click();
	await t.incident('room', (i) => i.state === 'triggered');
	await page.getByRole('button', { name: /^Acknowledge/ }).click();
	await t.incident('room', (i) => i.state === 'acknowledged');
	clean(page);
});

test('a note by keyboard; a draft survives a reload', async () => {
	await page.keyboard.press('m');
	await page.keyboard.type('Rolling back <b>8c1f</b>');
	await page.reload();
	const field = page.getByRole('textbox', { name: 'A note for the timeline' });
	await field.waitFor();
	assert.equal(await field.inputValue(), 'Rolling back <b>8c1f</b>');
	await field.press('Enter');
	await page.locator('.said p', { hasText: 'Rolling back <b>8c1f</b>' }).waitFor();
	await until('the field is empty', async () => (await field.inputValue()) === '');
	await page.locator('.entry', { hasText: 'Rolling back <b>8c1f</b>' }).getByRole('button', { name: /^Star the line/ }).click();
	await page.locator('.star.on').waitFor();
	await page.getByRole('button', { name: '★ Starred' }).click();
	await until('starred ones alone', async () => (await page.locator('.entry').count()) === 1);
	await page.getByRole('button', { name: 'Notes' }).click();
	await until('notes alone', async () => (await page.locator('.entry').count()) === 1);
	assert.match(page.url(), /show=note/);
	await page.getByRole('button', { name: 'All', exact: true }).click();
	clean(page);
});

test('what is written becomes links and emphasis, never HTML', async () => {
	const number = /incidents.(\d+)/.exec(page.url())[1];
	await t.post(`/api/v1/incidents/${number}/note`, { note: 'as in #1: **stop**, `a*b*c` <i>x</i> https://example.com/a#2.\n\n- one\n- two' });
	const said = page.locator('.said', { hasText: 'as in #1' });
	await said.waitFor();
	assert.equal(await said.getByRole('link', { name: '#1', exact: true }).getAttribute('href'), '/incidents/1');
	assert.equal(await said.getByRole('link', { name: 'https://example.com/a#2', exact: true }).getAttribute('href'), 'https://example.com/a#2');
	assert.equal(await said.locator('code').textContent(), 'a*b*c');
	assert.equal(await said.locator('p b').textContent(), 'stop');
	assert.equal(await said.locator('li').count(), 2);
	assert.equal(await said.locator('i, em').count(), 0);
});

test('snooze and hand over by their dialogs', async () => {
	await page.getByRole('heading', { level: 1 }).click();
	await page.keyboard.press('s');
	await page.getByRole('dialog', { name: 'Snooze this incident' }).waitFor();
	await accessible(page, 'snooze dialog');
	await page.getByRole('textbox', { name: 'Or for how long' }).fill('1h30m');
	await page.keyboard.press('Enter');
	await t.incident('room', (i) => i.snoozed_until !== undefined);
	await page.locator('.room-head').getByText('snoozed').waitFor();
	await page.keyboard.press('p');
	await page.getByRole('textbox', { name: 'Who' }).fill('bo');
	await page.keyboard.press('Enter');
	await page.getByText(/reassigned it to Bo/).first().waitFor();
	await t.incident('room', (i) => i.state === 'triggered');
	clean(page);
});

test('somebody else was first: nothing is done and it says so', async () => {
	// The stream is held back, so that this tab has not heard of it yet.
	await page.getByRole('button', { name: /^Acknowledge/ }).waitFor();
	page.allowed.push(/412/, /board\?after/);
	await page.route('**/api/v1/board?after=*', (r) => r.abort());
	const bo = t.must(['token', 'create', ...t.offline, '--user', 'bo', '--name', 'bo']).trim();
	await t.post(`/api/v1/incidents/${id}/acknowledge`, {}, { authorization: `Bearer ${bo}` });
	await page.keyboard.press('r');
	await page.getByRole('button', { name: 'Resolve anyway' }).click();
	await page.getByText(`#${id}: Bo was first`).waitFor();
	await page.unroute('**/api/v1/board?after=*');
	assert.equal((await t.incident('room')).state, 'acknowledged');
	const board = await b.page(t, '/incidents?view=all');
	await board.locator(`#row-${id}`, { hasText: 'Ada commands' }).waitFor();
	clean(board);
	await board.close();
	clean(page);
});

test('merge into another', async () => {
	await page.unrouteAll();
	await t.signal({ dedup_key: 'other', severity: 'critical', summary: 'The same again' });
	const other = (await t.incident('other')).id;
	await page.goto(`${t.url}/incidents/${other}`);
	await page.getByRole('heading', { name: 'The same again' }).waitFor();
	await page.locator('.verbs').getByRole('button', { name: 'More' }).click();
	await page.getByRole('menuitem', { name: 'Merge into…' }).click();
	await page.getByText('“Take the merge back” brings back those that went along.').waitFor();
	await page.getByRole('button', { name: new RegExp(`#${id} In production`) }).click();
	await t.incident('other', (i) => i.merged_into === id);
	await page.locator('.facts').getByRole('link', { name: `#${id}`, exact: true }).waitFor();
	await page.getByRole('button', { name: 'Take the merge back' }).click();
	await t.incident('other', (i) => i.merged_into === undefined && i.state !== 'resolved');
	clean(page);
});

test('ending what still fires is asked about; what has recovered just ends', async () => {
	await t.signal({ dedup_key: 'fires', severity: 'critical', summary: 'It fires on' });
	const fires = (await t.incident('fires')).id;
	await page.goto(`${t.url}/incidents/${fires}`);
	await page.getByRole('heading', { name: 'It fires on' }).waitFor();
	const ask = page.getByRole('dialog', { name: `Resolve #${fires} while it still fires?` });
	await page.keyboard.press('r');
	await ask.getByText('One alert has not recovered').waitFor();
	await accessible(page, 'the question before an end');
	await ask.getByRole('button', { name: 'Cancel' }).click();
	await ask.waitFor({ state: 'detached' });
	assert.equal((await t.incident('fires')).state, 'triggered');
	await page.locator('.verbs').getByRole('button', { name: /^Resolve/ }).click();
	await ask.getByRole('button', { name: 'Snooze 1 hour' }).click();
	await t.incident('fires', (i) => i.snoozed_until !== undefined);
	await page.locator('.room-head').getByText('snoozed').waitFor();
	await page.keyboard.press('r');
	await ask.waitFor();
	await page.keyboard.press('Enter');
	await t.incident('fires', (i) => i.state === 'resolved');
	const byHand = (await t.post('/api/v1/incidents', { title: 'By hand', service: 'web' })).json.id;
	await page.goto(`${t.url}/incidents/${byHand}`);
	await page.getByRole('heading', { name: 'By hand' }).waitFor();
	await page.keyboard.press('r');
	await page.getByText(`Resolving #${byHand}`).waitFor();
	assert.equal(await page.getByRole('dialog').count(), 0);
	clean(page);
});

test('a stakeholder sees everything and is offered nothing', async () => {
	const guest = await b.signIn(t, 'guest', `/incidents/${id}`);
	await guest.getByRole('heading', { name: 'In production' }).waitFor();
	await guest.getByText('Ada acknowledged').first().waitFor();
	assert.equal(await guest.locator('.verbs').count(), 0);
	assert.equal(await guest.getByRole('textbox', { name: 'A note for the timeline' }).count(), 0);
	clean(guest);
	await guest.setViewportSize(desktop);
});
