// SPDX-License-Identifier: Apache-2.0
// Configuration in the browser: a document edited, refused with its line, checked, saved, seen in the history
// and rolled back; an integration that waits for its first signal.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ORG } from '../api/lib.mjs';
import { Browser, Tocsin, accessible, clean, until } from './lib.mjs';

let t, b, page;
const text = () => page.getByRole('textbox', { name: 'The document as YAML' });

before(async () => {
	t = await Tocsin.start(ORG);
	b = await Browser.start();
	page = await b.signIn(t, 'owner', '/config/policies/core');
});
after(async () => {
	await b?.stop();
	await t?.stop();
});

test('who would be paged if nobody answered', async () => {
	const sim = page.getByRole('region', { name: 'Who would be paged' });
	await sim.getByText('Step 2').waitFor();
	assert.match(await sim.textContent(), /Ada.*Bo.*Owner.*nobody is left to page/s);
	await sim.getByRole('button', { name: 'Tonight at 03:00' }).click();
	await sim.getByText('03:00').first().waitFor();
	clean(page);
});

test('a policy that is being written is walked beside it, with what is wrong and where', async () => {
	await page.goto(t.url + '/config/policies/core/edit');
	const sim = page.getByRole('region', { name: 'Who would be paged' });
	await sim.getByText('+5 min').first().waitFor();
	await page.locator('[id="/steps/0/wait"]').fill('12m');
	await sim.getByText('+12 min').first().waitFor();
	await page.locator('[id="/steps/1/page/0"]').selectOption('user/ada');
	await sim.getByText('it pages nobody but whom the step before has paged: user/ada').waitFor();
	await sim.getByRole('listitem').filter({ hasText: 'it pages nobody but' }).getByRole('button', { name: 'Show' }).click();
	await until('the field has the focus', () => page.evaluate(() => document.activeElement.id.startsWith('/steps/1')));
	await accessible(page, 'a policy being walked');
	assert.notEqual((await t.get('/api/v1/policies/core')).json.document.steps[0].wait, '12m');
	page.once('dialog', (d) => d.accept());
	await page.goto(t.url + '/config/policies/core');
	clean(page);
});

test('a fault stands beside its line and nothing is saved', async () => {
	await page.getByRole('heading', { level: 1 }).click();
	await page.keyboard.press('e');
	await page.getByRole('button', { name: 'YAML' }).click();
	await until('the text is there', async () => (await text().inputValue()).includes('policies:'));
	page.allowed.push(/422/);
	await text().fill('policies:\n  core:\n    team: core\n    steps: [{ page: [user/adda], wait: 5m }]\n');
	await page.getByRole('button', { name: 'Check what changes' }).click();
	await page.getByText(/line 4:/).waitFor();
	assert.match(await page.locator('.note.bad').first().textContent(), /adda/);
	assert.equal(await page.locator('.gutter .bad').textContent(), '4');
	assert.ok(await page.getByRole('button', { name: 'Save' }).isDisabled());
	await accessible(page, 'the editor with a fault');
	clean(page);
});

test('checked, saved, in the history, rolled back', async () => {
	await text().fill('policies:\n  core:\n    team: core\n    steps:\n      - { page: [user/bo], wait: 7m }\n');
	await page.getByLabel('Why, for the history').fill('Bo is nearer');
	await page.getByRole('button', { name: 'Check what changes' }).click();
	await page.getByText('the server accepts it').waitFor();
	await text().press('Control+Enter');
	await page.waitForURL(/\/config\/policies\/core$/);
	await page.getByText('wait 7m').first().waitFor();
	assert.equal((await t.get('/api/v1/policies/core')).json.document.steps[0].wait, '7m');
	await page.goto(t.url + '/history');
	await page.getByText('Bo is nearer').waitFor();
	await page.getByRole('button', { name: '2', exact: true }).click();
	await page.locator('.diff .add', { hasText: '7m' }).waitFor();
	await page.getByRole('button', { name: 'Back to this…' }).first().click();
	await page.getByRole('button', { name: /Roll back 1 document/ }).click();
	await page.getByText('Rolled back to 1 as revision 3').waitFor();
	assert.equal((await t.get('/api/v1/policies/core')).json.document.steps.length, 2);
	clean(page);
});

test('one document goes back from its own history: first what that changes, then by a press', async () => {
	const was = (await t.get('/api/v1/policies/core')).json.document;
	await t.call('PUT', '/api/v1/policies/core', { ...was, repeat: 9 });
	await t.call('PUT', '/api/v1/users/bo', { ...(await t.get('/api/v1/users/bo')).json.document, description: 'stays' });
	await page.goto(t.url + '/config/policies/core');
	const history = page.getByRole('region', { name: 'History' });
	await history.getByRole('button', { name: 'Back to this… (revision 3)' }).click();
	const dialog = page.getByRole('dialog');
	await dialog.locator('.diff .del', { hasText: 'repeat: 9' }).waitFor();
	await accessible(page, 'going back');
	await dialog.getByRole('button', { name: 'Back to this' }).click();
	await dialog.waitFor({ state: 'detached' });
	assert.deepEqual((await t.get('/api/v1/policies/core')).json.document, was);
	assert.equal((await t.get('/api/v1/users/bo')).json.document.description, 'stays');
	clean(page);
});

test('somebody saved meanwhile: the text is not lost and nothing is overwritten', async () => {
	await page.goto(t.url + '/config/teams/core/edit?as=yaml');
	await until('the text is there', async () => (await text().inputValue()).includes('teams:'));
	const was = (await t.get('/api/v1/teams/core')).json.document;
	await t.call('PUT', '/api/v1/teams/core', { ...was, name: 'Core team' });
	page.allowed.push(/412/);
	await text().fill((await text().inputValue()).replace('name: Core', 'name: Mine'));
	await page.getByRole('button', { name: 'Check what changes' }).click();
	await page.getByText(/somebody saved meanwhile/).waitFor();
	assert.match(await text().inputValue(), /name: Mine/);
	assert.equal((await t.get('/api/v1/teams/core')).json.document.name, 'Core team');
	page.once('dialog', (d) => d.accept());
	clean(page);
});

test('a new integration waits for its first signal and turns by itself', async () => {
	await page.goto(t.url + '/config/integrations/new?as=yaml');
	await until('a template is there', async () => (await text().inputValue()).includes('integrations:'));
	await text().fill('integrations:\n  fresh: { name: Fresh, type: native, team: core, service: web, key: fresh-key }\n');
	await text().press('Control+Enter');
	await page.getByText('the server accepts it').waitFor();
	await text().press('Control+Enter');
	await page.waitForURL(/\/config\/integrations\/fresh/);
	await page.getByText('waiting for the first signal').waitFor();
	await t.signal({ dedup_key: 'x', severity: 'critical', summary: 'x' }, 'fresh-key');
	await page.getByText('last signal just now').waitFor();
	await t.signal({ severity: 'no such' }, 'fresh-key');
	await page.reload();
	await page.getByRole('region', { name: 'Rejected' }).getByText(/severity|dedup_key/).first().waitFor();
	clean(page);
});

test('what may not be changed is refused in words', async () => {
	const bo = await b.signIn(t, 'bo', '/config/teams/core/edit?as=yaml');
	bo.allowed.push(/403/);
	const field = bo.getByRole('textbox', { name: 'The document as YAML' });
	await until('the text is there', async () => (await field.inputValue()).includes('teams:'));
	await field.fill((await field.inputValue()).replace('responder', 'manager'));
	await bo.getByRole('button', { name: 'Check what changes' }).click();
	await bo.getByRole('alert').waitFor();
	assert.ok(await bo.getByRole('button', { name: 'Save' }).isDisabled());
	clean(bo);
});

test('a maintenance window by the form: the board and the room say that nobody is paged', async () => {
	const page = await b.signIn(t, 'owner', '/config/windows/new');
	await page.getByLabel('Name', { exact: true }).fill('Move of the racks');
	await page.getByRole('button', { name: 'Add service' }).press('Enter');
	const pad = (n) => String(n).padStart(2, '0');
	const wall = (ms) => { const d = new Date(Date.now() + ms); return `${d.getUTCFullYear()}-${pad(d.getUTCMonth() + 1)}-${pad(d.getUTCDate())}`; };
	await page.locator('[id="/services/0"]').selectOption('web');
	await page.locator('[id="/from"]').fill(`${wall(-2 * 864e5)}T10:00`);
	await page.locator('[id="/to"]').fill(`${wall(2 * 864e5)}T10:00`);
	await page.locator('[id="/reason"]').fill('the racks move');
	await accessible(page, 'the form of a window');
	await page.getByRole('button', { name: 'Check what changes' }).click();
	await page.getByText('the server accepts it').waitFor();
	await page.getByRole('button', { name: 'Save' }).click();
	await page.waitForURL(/\/config\/windows\/move-of-the-racks$/);
	const made = (await t.post('/api/v1/incidents', { title: 'opened by hand', severity: 'critical', service: 'web' })).json;
	assert.equal(made.muted_until, undefined, 'who opens one by hand pages');
	const r = await t.post('/api/v1/signals', { dedup_key: 'racks', severity: 'critical', summary: 'The rack is gone' }, { authorization: 'Bearer native-key' });
	assert.equal(r.status, 202, r.text);
	await page.goto(t.url + '/incidents?view=all&q=is:muted');
	const row = page.getByText('maintenance: nobody is paged until');
	await row.waitFor();
	await accessible(page, 'the board with a muted incident');
	await page.goto(`${t.url}/incidents/${r.json.results[0].incident}`);
	await page.getByText('Maintenance: nobody is paged until').waitFor();
	await page.getByText('maintenance Move of the racks: the racks move').waitFor();
	await accessible(page, 'the room of a muted incident');
	await page.goto(t.url + '/config/services/web');
	const panel = page.getByRole('region', { name: 'Who would be paged' });
	await panel.getByText('Nobody is paged until').waitFor();
	await panel.getByRole('link', { name: 'Move of the racks' }).waitFor();
	await accessible(page, 'who would be paged in a window');
	await page.goto(t.url + '/config/windows');
	await page.getByRole('row').filter({ hasText: 'Move of the racks' }).getByRole('cell', { name: 'the racks move' }).waitFor();
	clean(page);
	await page.close();
});
