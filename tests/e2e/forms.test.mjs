// SPDX-License-Identifier: Apache-2.0
// Documents made and changed by form, as a person does it: a service and a rule by keyboard alone, steps put in
// another order, faults beside their fields, form and text as two views of one draft; for every kind a form that
// gives back what it was given.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Browser, Tocsin, accessible, clean, until } from './lib.mjs';
import { story } from './story.mjs';

let t, b, page;
before(async () => {
	t = await story(Tocsin, readFileSync('examples/demo/org.yaml', 'utf8'));
	b = await Browser.start();
	page = await b.signIn(t, 'owner');
});
after(async () => {
	await b?.stop();
	await t?.stop();
});

const document = async (path) => (await t.get(`/api/v1/${path}`)).json.document;
const accepted = () => page.getByText('the server accepts it').waitFor();
const focused = () => page.evaluate(() => document.activeElement?.id);
/** Tab until the wanted control has the focus; the way there must not be endless. */
async function tabTo(id) {
	for (let i = 0; i < 80; i++) {
		if (await focused() === id) return;
		await page.keyboard.press('Tab');
	}
	assert.fail(`no way by Tab to ${id}; at ${await focused()}`);
}

test('a service by keyboard alone: checked, seen, saved', async () => {
	await page.goto(t.url + '/config/services');
	await page.getByRole('link', { name: 'New service' }).focus();
	await page.keyboard.press('Enter');
	await page.getByRole('heading', { name: 'New service' }).waitFor();
	await page.locator('[id="/name"]').waitFor();
	await tabTo('/name');
	await page.keyboard.type('Gift cards');
	await tabTo('/team');
	await page.keyboard.type('Pay');
	await tabTo('/policy');
	await page.keyboard.type('Pay');
	await tabTo('/routing_keys:add');
	await page.keyboard.press('Enter');
	await until('the new key has the focus', async () => (await focused()) === '/routing_keys/0');
	await page.keyboard.type('gifts');
	await page.keyboard.press('Control+Enter');
	await accepted();
	await page.locator('.diff .add', { hasText: 'Gift cards' }).waitFor();
	assert.equal((await t.get('/api/v1/services/gift-cards')).status, 404, 'a check saves nothing');
	await page.keyboard.press('Control+Enter');
	await page.waitForURL(/\/config\/services\/gift-cards$/);
	const d = await document('services/gift-cards');
	assert.equal(d.name, 'Gift cards');
	assert.deepEqual(d.routing_keys, ['gifts']);
	assert.ok(d.team && d.policy);
	clean(page);
});

test('a rule by keyboard alone', async () => {
	page.allowed.push(/422 .*\/rules\/test/); // who writes slowly has it tried half written
	const was = await document('rulesets/main');
	await page.goto(t.url + '/config/rulesets/main/edit');
	await page.locator('.f-rule').first().waitFor();
	await page.locator('[id="/rules:add"]').focus();
	await page.keyboard.press('Enter');
	const at = `/rules/${was.rules.length}`;
	await until('the new rule has the focus', async () => (await focused()) === `${at}/id`);
	await page.keyboard.press('Control+A');
	await page.keyboard.type('gifts-go-to-gift-cards');
	await tabTo(`${at}/when/0`);
	await page.keyboard.press('Control+A');
	await page.keyboard.type('labels.app');
	await page.keyboard.press('Tab');
	await page.keyboard.type('matches');
	await page.keyboard.press('Tab');
	await page.keyboard.press('Control+A');
	await page.keyboard.type('gift-\\d+|say "hi"');
	await tabTo(`${at}/set:add`);
	await page.keyboard.press('Enter');
	await page.locator('.f-rule').last().getByLabel('Field to set 1').focus();
	await page.keyboard.type('service');
	await page.keyboard.press('Tab');
	await page.keyboard.type('gift-cards');
	await page.keyboard.press('Control+Enter');
	await accepted();
	await page.keyboard.press('Control+Enter');
	await page.waitForURL(/\/config\/rulesets\/main$/);
	assert.deepEqual((await document('rulesets/main')).rules.at(-1),
		{ id: 'gifts-go-to-gift-cards', when: ['labels.app=~"gift-\\d+|say \\"hi\\""'], set: { service: 'gift-cards' } });
	clean(page);
});

test('steps are put in another order by button, and by Alt and arrows with the focus going along', async () => {
	const was = await document('policies/shop');
	await page.goto(t.url + '/config/policies/shop/edit');
	await page.locator('[id="/steps/0/wait"]').waitFor();
	await page.locator('[id="/steps/0/wait"]').focus();
	await page.keyboard.press('Alt+ArrowDown');
	await until('the focus goes along', async () => (await focused()) === '/steps/1/wait');
	await page.getByText('step 1 is now 2 of 2').waitFor({ state: 'attached' });
	await page.getByRole('button', { name: 'Check what changes' }).click();
	await accepted();
	await page.getByRole('button', { name: 'Move step 2 up' }).click();
	assert.ok(await page.getByRole('button', { name: 'Save' }).isDisabled(), 'changed since the check');
	await page.getByRole('button', { name: 'Move step 1 down' }).click();
	await page.getByRole('button', { name: 'Check what changes' }).click();
	await accepted();
	await page.getByRole('button', { name: 'Save' }).click();
	await page.waitForURL(/\/config\/policies\/shop$/);
	assert.deepEqual((await document('policies/shop')).steps, [...was.steps].reverse());
	clean(page);
});

test('a step is dragged', async () => {
	const was = await document('policies/shop');
	await page.goto(t.url + '/config/policies/shop/edit');
	await page.locator('[id="/steps/1/wait"]').waitFor();
	await page.locator('.numbered > li > .handle').first().dragTo(page.locator('.numbered > li').nth(1));
	await page.getByRole('button', { name: 'Check what changes' }).click();
	await accepted();
	await page.getByRole('button', { name: 'Save' }).click();
	await page.waitForURL(/\/config\/policies\/shop$/);
	assert.deepEqual((await document('policies/shop')).steps, [...was.steps].reverse());
	clean(page);
});

test('what the server refuses stands at its field, which gets the focus; nothing is saved', async () => {
	page.allowed = [/422/];
	await page.goto(t.url + '/config/policies/shop/edit');
	await page.locator('[id="/steps/1/wait"]').fill('soon');
	await page.getByRole('button', { name: 'Check what changes' }).click();
	await page.locator('[data-at="/steps/1/wait"] .f-fault').waitFor();
	await until('the field has the focus', async () => (await focused()) === '/steps/1/wait');
	assert.equal(await page.locator('.f-fault').count(), 1, 'at its own field and nowhere else');
	assert.ok(await page.getByRole('button', { name: 'Save' }).isDisabled());
	await accessible(page, 'a form with a fault');
	page.once('dialog', (d) => d.accept());
	clean(page);
});

test('form and text are two views of one draft, comments stay as long as the form changes nothing', async () => {
	await page.goto(t.url + '/config/teams/shop/edit?as=yaml');
	const text = page.getByRole('textbox', { name: 'The document as YAML' });
	await until('the text is there', async () => (await text.inputValue()).includes('teams:'));
	const was = await text.inputValue();
	await text.fill(was.replace('teams:', '# whoever sells\nteams:').replace(/name: .*/, 'name: Sales'));
	await page.getByRole('button', { name: 'Form', exact: true }).click();
	const name = page.locator('[id="/name"]');
	await name.waitFor();
	assert.equal(await name.inputValue(), 'Sales');
	await page.getByText('The text has comments').waitFor();
	await page.getByRole('button', { name: 'YAML' }).click();
	await until('the text as it was', async () => /# whoever sells\n[^]*name: Sales/.test(await text.inputValue()));
	await page.getByRole('button', { name: 'Form', exact: true }).click();
	await name.fill('The shop');
	await page.getByRole('button', { name: 'YAML' }).click();
	await until('the text of the form', async () => /name: The shop/.test(await text.inputValue()));
	assert.doesNotMatch(await text.inputValue(), /#/);
	page.once('dialog', (d) => d.accept());
	clean(page);
});

test('every form gives back what it was given, for every document of the demo', async () => {
	const kinds = (await t.get('/api/v1/kinds')).json.items.filter((k) => k.kind !== 'organisation');
	let n = 0;
	for (const k of kinds) {
		const first = (await t.get(`/api/v1/${k.section}?limit=1`)).json.items[0];
		if (!first) continue;
		n++;
		await page.goto(`${t.url}/config/${k.section}/${first.id}/edit`);
		await page.locator('.form .f-row').first().waitFor();
		// Written anew from what the form holds: a change that is taken back.
		const field = page.locator('.form input:not([type])').first();
		const had = await field.inputValue();
		await field.fill(had + ' x');
		await field.fill(had);
		await page.getByRole('button', { name: 'Check what changes' }).click();
		await accepted();
		assert.equal(await page.locator('.diff').count(), 0, `${k.kind}/${first.id} is as it was`);
	}
	assert.ok(n >= 7, `${n} kinds have a document`);
	clean(page);
});
