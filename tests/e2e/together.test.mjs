// SPDX-License-Identifier: Apache-2.0
// Alerts apart from an incident, and people: watching, roles for others.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Mailbox, ORG } from '../api/lib.mjs';
import { Browser, Tocsin, accessible, clean, until } from './lib.mjs';

let t, b, page, id, box, alerts;

before(async () => {
	box = await Mailbox.start();
	t = await Tocsin.start(ORG, { args: ['--smtp', box.url, '--mail-from', 'tocsin@house.example'] });
	b = await Browser.start();
	for (const [dedup_key, summary] of [['shop', 'The shop answers 5xx'], ['disk', 'The disk of db-3 is full'], ['mail', 'Mails are late']])
		await t.signal({ dedup_key, severity: 'critical', summary });
	id = (await t.incident('shop')).id;
	for (const key of ['disk', 'mail']) await t.post(`/api/v1/incidents/${(await t.incident(key)).id}/merge`, { into: id });
	await t.signal({ dedup_key: 'mail', severity: 'critical', summary: 'Mails are late', action: 'resolve' });
	await t.post(`/api/v1/incidents/${id}/acknowledge`);
	alerts = (await t.get(`/api/v1/incidents/${id}/alerts`)).json.items;
	page = await b.signIn(t, 'ada', `/incidents/${id}`);
	await page.getByRole('heading', { level: 1, name: 'The shop answers 5xx' }).waitFor();
});
after(async () => {
	await b?.stop();
	await t?.stop();
	await box?.stop();
});

test('what a split does stands there before it is done; by keys', async () => {
	await page.getByRole('region', { name: 'Alerts' }).getByRole('button', { name: 'Split off…' }).press('Enter');
	const ask = page.getByRole('dialog', { name: `Split alerts off #${id}` });
	const done = ask.getByRole('button', { name: 'Split off' });
	await ask.getByText('Choose the alerts that leave.').waitFor();
	const box = (name) => ask.getByRole('checkbox', { name });
	await until('the focus is on an alert', () => ask.getByRole('checkbox').first().evaluate((e) => e === document.activeElement));
	await box(/Mails are late/).press('Space');
	await ask.getByText('These have all recovered').waitFor();
	await box(/The disk of db-3/).press('Space');
	await ask.getByText(/is triggered and pages by the policy core, whoever has acknowledged this one: first Ada\./).waitFor();
	await accessible(page, 'a split that pages');
	await box(/The shop answers/).press('Space');
	await ask.getByText('One alert must stay').waitFor();
	assert.ok(await done.isDisabled());
	await box(/The shop answers/).press('Space');
	await ask.getByRole('textbox', { name: 'Title of the new incident' }).fill('Disk of db-3');
	await page.keyboard.press('Enter');
	const after = page.getByRole('dialog', { name: /^Split off: #/ });
	const link = after.getByRole('link', { name: /Disk of db-3/ });
	await link.waitFor();
	await after.getByText('is triggered and pages.').waitFor();
	await accessible(page, 'after a split');
	const made = Number((await link.getAttribute('href')).split('/').pop());
	const now = (await t.get(`/api/v1/incidents/${made}`)).json;
	assert.deepEqual([now.state, now.alerts, now.open_alerts, now.title], ['triggered', 2, 1, 'Disk of db-3']);
	await link.press('Enter');
	await page.getByRole('heading', { level: 1, name: 'Disk of db-3' }).waitFor();
	await until('the dialog is gone', async () => (await page.getByRole('dialog').count()) === 0);
	const from = page.locator('.entry', { hasText: 'split it off' }).getByRole('link', { name: `#${id}`, exact: true });
	assert.equal(await from.getAttribute('href'), `/incidents/${id}`);
	clean(page);
});

test('a split that is taken pages nobody, and is put back', async () => {
	const made = Number(/incidents.(\d+)/.exec(page.url())[1]);
	await t.post(`/api/v1/incidents/${made}/merge`, { into: id });
	await page.goto(`${t.url}/incidents/${id}`);
	await page.getByRole('heading', { level: 1, name: 'The shop answers 5xx' }).waitFor();
	await page.locator('.verbs').getByRole('button', { name: 'More' }).click();
	await page.getByRole('menuitem', { name: /Split off…/ }).click();
	const ask = page.getByRole('dialog', { name: `Split alerts off #${id}` });
	await ask.getByRole('checkbox', { name: /The disk of db-3/ }).check();
	await ask.getByRole('checkbox', { name: /I take it/ }).check();
	await ask.getByText('acknowledged by you at once. Nobody is paged.').waitFor();
	await ask.getByRole('button', { name: 'Split off' }).click();
	const after = page.getByRole('dialog', { name: /^Split off: #/ });
	await after.getByText('is yours; nobody is paged for it.').waitFor();
	const next = Number((await after.getByRole('link').getAttribute('href')).split('/').pop());
	const now = (await t.get(`/api/v1/incidents/${next}`)).json;
	assert.deepEqual([now.state, now.acked_by], ['acknowledged', 'user/ada']);
	await after.getByRole('button', { name: 'Put it back' }).click();
	await until('it is one again', async () => (await t.get(`/api/v1/incidents/${next}`)).json.merged_into === id);
	assert.equal((await t.get(`/api/v1/incidents/${id}`)).json.alerts, alerts.length);
	clean(page);
});

test('a role is given to somebody else, who has a notice, and taken from them', async () => {
	const people = page.getByRole('region', { name: 'People' });
	const more = people.getByRole('button', { name: 'More for Scribe' });
	const holds = (who) => until(`${who} is scribe`, async () => (await t.get(`/api/v1/incidents/${id}/room`)).json.roles.find((r) => r.role === 'scribe')?.user === who);
	await more.press('Enter');
	await page.getByRole('menuitem', { name: /Give to…/ }).press('Enter');
	const ask = page.getByRole('dialog', { name: 'Scribe: give it to…' });
	await ask.getByRole('textbox', { name: 'Who' }).fill('o');
	await ask.getByRole('button', { name: /^Bo/ }).waitFor();
	assert.equal(await ask.getByRole('button', { name: /Core/ }).count(), 0, 'people alone');
	await ask.getByRole('textbox', { name: 'Who' }).fill('bo');
	await accessible(page, 'a role to be given');
	await page.keyboard.press('Enter');
	await holds('bo');
	await box.mail('You are scribe of');
	await people.getByRole('button', { name: 'Take over Scribe' }).waitFor();
	await until('the focus is back', () => more.evaluate((e) => e === document.activeElement));
	await page.keyboard.press('Enter');
	await page.keyboard.press('ArrowDown');
	await accessible(page, 'what may become of a role');
	await page.getByRole('menuitem', { name: /Take it from Bo/ }).press('Enter');
	await holds(undefined);
	await page.locator('.entry', { hasText: 'Bo is no longer scribe' }).waitFor();
	clean(page);
});

test('who had the role meanwhile keeps it', async () => {
	const people = page.getByRole('region', { name: 'People' });
	page.allowed.push(/409/);
	await page.route('**/room', (r) => r.abort());
	page.allowed.push(/ERR_FAILED/);
	await t.post(`/api/v1/incidents/${id}/role`, { role: 'ops-lead', user: 'bo' });
	await people.getByRole('button', { name: 'Take Ops lead' }).click();
	await page.getByText(/bo is ops-lead of incident/).waitFor();
	await page.unroute('**/room');
	assert.equal((await t.get(`/api/v1/incidents/${id}/room`)).json.roles.find((r) => r.role === 'ops-lead').user, 'bo');
});

test('watching begins and ends, also for a stakeholder', async () => {
	const guest = await b.signIn(t, 'guest', `/incidents/${id}`);
	const people = guest.getByRole('region', { name: 'People' });
	await people.getByRole('button', { name: 'Watch' }).press('Enter');
	await people.getByText('Guest watches').waitFor();
	await people.getByRole('button', { name: 'Stop watching' }).press('Enter');
	await people.getByRole('button', { name: 'Watch', exact: true }).waitFor();
	await until('nobody watches', async () => !(await t.get(`/api/v1/incidents/${id}/room`)).json.people.some((p) => p.state === 'watching'));
	assert.equal(await people.getByRole('button', { name: 'Add people' }).count(), 0);
	await accessible(guest, 'the room of a stakeholder');
	clean(guest);
});
