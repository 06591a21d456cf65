// SPDX-License-Identifier: Apache-2.0
// The layers of a schedule as a form: by keyboard alone, with a preview before it is saved, faults at their fields,
// and never over what somebody else has saved meanwhile.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ORG } from '../api/lib.mjs';
import { Browser, Tocsin, accessible, clean, phone, desktop, until } from './lib.mjs';

let t, b, page;
const doc = async (id = 'core') => (await t.get(`/api/v1/schedules/${id}`)).json.document;

before(async () => {
	t = await Tocsin.start(ORG);
	b = await Browser.start();
	page = await b.signIn(t, 'ada', '/schedules/core');
});
after(async () => {
	await b?.stop();
	await t?.stop();
});

const layer = (name = 'week') => page.getByRole('region', { name: `Layer ${name}`, exact: true });
const saveButton = () => page.getByRole('button', { name: 'Save' });
const saved = async () => {
	await page.locator('button.main:enabled', { hasText: 'Save' }).click();
	await page.waitForURL(/\/schedules\/[a-z-]+$/);
};

test('by keys alone: the order of people changed, seen in the preview, saved', async () => {
	await page.locator('.bar').first().waitFor();
	await page.keyboard.press('e');
	await layer().waitFor();
	assert.equal(await saveButton().isDisabled(), true, 'nothing to save yet');
	await page.getByText('Nothing would be different.').waitFor();
	await layer().getByRole('button', { name: 'Ada: later turn' }).focus();
	await page.keyboard.press('Alt+ArrowDown');
	await layer().getByText('Ada is now 2 of 2').waitFor();
	assert.deepEqual(await layer().locator('.turn b').allInnerTexts(), ['Bo', 'Ada']);
	await page.getByRole('region', { name: 'Preview' }).getByText(/Ada → Bo|Bo → Ada/).first().waitFor();
	await page.getByLabel('Why, for the history').focus();
	await page.keyboard.type('Bo begins');
	await page.locator('button.main:enabled', { hasText: 'Save' }).waitFor();
	await page.keyboard.press('Enter');
	await page.waitForURL(/\/schedules\/core$/);
	assert.deepEqual((await doc()).layers[0].members, ['bo', 'ada']);
	clean(page);
});

test('a second layer of office hours, an hourly rotation, a person who leaves; what has no field stays', async () => {
	await t.call('PUT', '/api/v1/schedules/core', { ...(await doc()), quality: { fairness: 70 }, description: 'the desk' });
	await page.goto(`${t.url}/schedules/core/edit`);
	await page.getByRole('button', { name: 'Layer that wins over these' }).click();
	const office = layer('layer 2');
	await office.getByText('wins over the layers above it').waitFor();
	await office.getByLabel('Name').fill('office');
	const named = layer('office');
	await named.getByRole('combobox', { name: 'Add somebody…' }).selectOption('bo');
	await named.getByRole('combobox', { name: 'Add somebody…' }).selectOption('ada');
	await named.getByLabel('How many').fill('2');
	await named.getByLabel('Of what').selectOption('d');
	await named.getByLabel('First handoff').fill('2026-01-05T09:00');
	await named.getByText('Hands over every 2 days at 09:00.').waitFor();
	await named.getByRole('button', { name: 'Add a window of the week' }).click();
	await named.getByRole('group', { name: 'Days of window 1' }).getByRole('button', { name: 'Wed' }).click();
	await named.getByRole('button', { name: 'dates' }).first().click();
	await named.getByLabel('Leaves at').first().fill('2030-01-01T00:00');
	await accessible(page, 'the form of layers');
	await page.setViewportSize(phone);
	await accessible(page, 'the form of layers on a phone', ['dark']);
	await page.setViewportSize(desktop);
	await saved();
	const d = await doc();
	assert.deepEqual(d.layers[1], { name: 'office', members: [{ who: 'bo', until: '2030-01-01 00:00' }, 'ada'], start: '2026-01-05 09:00', every: '2d', only: ['mon,tue,thu,fri 09:00-17:00'] });
	assert.equal(d.quality.fairness, 70);
	clean(page);
});

test('a fault stands at its field and nothing can be saved; the weekday of the handoff is chosen by its name', async () => {
	await page.goto(`${t.url}/schedules/core/edit`);
	page.allowed = [/422/];
	await layer().getByText('More').click();
	await layer().getByLabel('Clock of its own').fill('Europe/Nowhere');
	await layer().locator('[data-pointer="layers/0/zone"] .bad-words').waitFor();
	assert.equal(await saveButton().isDisabled(), true);
	await layer().getByLabel('Clock of its own').fill('');
	await layer().getByLabel('Hands over on').selectOption('Wednesday');
	await layer().getByText(/every week, Wednesdays at 09:00/).waitFor();
	await saved();
	assert.equal((await doc()).layers[0].start, '2026-01-07 09:00');
	page.allowed = [];
	clean(page);
});

test('what somebody else has saved meanwhile is not written over', async () => {
	await page.goto(`${t.url}/schedules/core/edit`);
	await layer().getByRole('button', { name: 'Bo: later turn' }).click();
	await t.call('PUT', '/api/v1/schedules/core', { ...(await doc()), name: 'The desk' });
	page.allowed = [/412/];
	await page.locator('button.main:enabled', { hasText: 'Save' }).click();
	await page.getByText('Somebody saved it meanwhile').waitFor();
	assert.deepEqual((await doc()).layers[0].members, ['bo', 'ada']);
	page.on('dialog', (d) => void d.accept());
	page.allowed = [];
	clean(page);
});

test('a new schedule: named, given people, seen, saved under an id of its name', async () => {
	const olga = await b.signIn(t, 'owner', '/schedules');
	await olga.getByRole('link', { name: 'New schedule' }).click();
	await olga.getByRole('region', { name: 'About' }).getByLabel('Name').fill('Night watch');
	await olga.getByLabel('Team').selectOption('core');
	await olga.getByRole('combobox', { name: 'Add somebody…' }).selectOption('ada');
	await olga.getByRole('region', { name: 'Preview' }).getByText('NOBODY').first().waitFor();
	await olga.locator('button.main:enabled', { hasText: 'Save' }).click();
	await olga.waitForURL(/\/schedules\/night-watch$/);
	await olga.locator('.bar').first().waitFor();
	await until('ada is on call', async () => (await t.get('/api/v1/schedules/night-watch/oncall')).json.users[0]?.id === 'ada');
	clean(olga);
});
