// SPDX-License-Identifier: Apache-2.0
// My own page: how I am paged by form, what somebody else saved meanwhile, calendar addresses, ready for on call.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Hook, totp, withAda } from '../api/lib.mjs';
import { Browser, Tocsin, accessible, clean, desktop, module, phone, until } from './lib.mjs';

let t, b, page, hook;
const doc = async () => (await t.get('/api/v1/users/ada')).json.document;
before(async () => {
	hook = await Hook.start(null);
	t = await Tocsin.start(withAda(
		`mail: { type: email, address: ada@house.example }, hook: { type: webhook, address: "${hook.url}/ada" }`), { args: ['--allow-private'] });
	b = await Browser.start();
	page = await b.signIn(t, 'ada', '/me');
});
after(async () => {
	await b?.stop();
	await t?.stop();
	await hook?.stop();
});

test('steps for urgent and other pages, in an order', async () => {
	const high = page.getByRole('group', { name: 'Urgent: wake me' });
	await high.getByRole('button', { name: 'Add a step' }).click();
	await high.getByRole('button', { name: 'Add a step' }).click();
	const first = await page.getByLabel('Contact of step 1, high').inputValue();
	await page.getByLabel('Minutes before step 2, high').fill('3');
	await page.getByRole('button', { name: 'Move step 2 up, high' }).click();
	assert.notEqual(await page.getByLabel('Contact of step 1, high').inputValue(), first, 'the times stay, the contacts change places');
	await accessible(page, 'steps being changed');
	await page.getByRole('button', { name: 'Save how I am paged' }).click();
	await page.getByText('you are paged so from now on').waitFor();
	const { high: saved } = (await doc()).paging;
	assert.equal(saved.length, 2);
	assert.equal(saved[1].contact, first);
	assert.equal(saved[1].after, '3m');
	await page.getByRole('button', { name: 'Remove step 1, high' }).click();
	await page.getByRole('button', { name: 'As it was' }).click();
	await page.getByLabel('Contact of step 2, high').waitFor();
	clean(page);
});

test('what somebody else changed meanwhile stays', async () => {
	await page.getByLabel('Time zone of your messages').fill('Europe/Vienna');
	const now = await doc();
	assert.equal((await t.call('PUT', '/api/v1/users/ada', { ...now, description: 'by the owner' })).status, 200);
	await page.getByRole('button', { name: 'Save my profile' }).click();
	await until('it is saved', async () => (await doc()).zone === 'Europe/Vienna');
	assert.equal((await doc()).description, 'by the owner');
	page.allowed.push(/422/);
	await page.getByLabel('Time zone of your messages').fill('Europe/Vien');
	await page.getByRole('button', { name: 'Save my profile' }).click();
	await page.getByRole('region', { name: 'Profile' }).getByRole('alert').waitFor();
	await page.getByRole('region', { name: 'Profile' }).getByRole('button', { name: 'As it was' }).click();
});

test('a contact that is removed leaves no step behind; all are tested at once', async () => {
	await page.getByRole('button', { name: 'Test all now' }).click();
	await page.locator('.contacts > li', { hasText: 'hook' }).getByText('✓ sent').waitFor();
	await page.locator('.contacts > li', { hasText: 'mail' }).getByText(/failed: no mail server/).waitFor();
	await page.getByRole('button', { name: 'Remove mail' }).click();
	await until('it is gone', async () => !('mail' in (await doc()).contacts));
	assert.deepEqual((await doc()).paging.high.map((s) => s.contact), ['hook']);
	clean(page);
});

test('ready for on call counts what is true; a calendar address is made here', async () => {
	const ready = page.getByRole('region', { name: 'Ready for on call' });
	await ready.getByText('2 of 5').waitFor(); // steps, zone
	await page.getByRole('button', { name: 'Calendar addresses…' }).click();
	await page.getByRole('button', { name: 'Make a calendar address' }).click();
	await page.getByText(/\/calendar\/\w+\.ics/).waitFor();
	await page.keyboard.press('Escape');
	await page.reload();
	await ready.getByText('3 of 5').waitFor();
	await page.setViewportSize(phone);
	assert.ok(await page.evaluate(() => document.querySelector('.split.even').children[1].getBoundingClientRect().left < 60), 'one column on a phone');
	clean(page);
});

test('a second factor is set up from the picture or the text, and its codes are shown once', async () => {
	await page.setViewportSize(desktop);
	const panel = page.getByRole('region', { name: 'Second factor' });
	await panel.getByRole('button', { name: 'Set it up…' }).click();
	const picture = panel.getByRole('img', { name: 'The secret as a QR code' });
	await picture.waitFor();
	assert.ok(await picture.evaluate((e) => e.complete && e.naturalWidth > 100), 'the picture is drawn');
	const secret = await panel.locator('code').textContent();
	await accessible(page, 'a second factor being set up');
	page.allowed.push(/403 .*second-factor/);
	await panel.getByLabel('The six digits').fill('12345x');
	await page.keyboard.press('Enter');
	await panel.getByRole('alert').waitFor();
	await panel.getByLabel('The six digits').fill(await totp(secret, -1));
	await page.keyboard.press('Enter');
	const codes = (await panel.locator('pre').textContent()).split('\n');
	assert.equal(codes.length, 10);
	await accessible(page, 'recovery codes');
	await panel.getByRole('button', { name: 'I have kept them' }).click();
	await panel.getByText('10 recovery codes are left').waitFor();
	await panel.getByRole('button', { name: 'New recovery codes' }).click();
	assert.notEqual((await panel.locator('pre').textContent()).split('\n')[0], codes[0]);
	await panel.getByRole('button', { name: 'I have kept them' }).click();
	t.must(['user', 'password', ...t.offline, 'ada'], { input: 'correct horse battery\n' });
	clean(page);
	const context = page.context();
	await context.clearCookies();
	const door = await b.page(t, '/sign-in?next=/me');
	door.allowed.push(/403 /);
	await door.getByLabel('E-mail address').fill('ada@house.example');
	await door.getByLabel('Password', { exact: true }).fill('correct horse battery');
	await door.getByRole('button', { name: 'Show password', pressed: false }).click();
	await door.getByRole('button', { name: 'Show password', pressed: true }).waitFor();
	assert.equal(await door.getByLabel('Password', { exact: true }).getAttribute('type'), 'text');
	assert.equal(await door.getByRole('meter').count(), 0, 'what one has is not judged');
	await accessible(door, 'a password that is looked at');
	await door.getByLabel('Password', { exact: true }).press('Enter');
	await door.getByLabel('Six digits of your app').waitFor();
	await accessible(door, 'the code after the password');
	await door.keyboard.type('wrong');
	await door.keyboard.press('Enter');
	await door.getByRole('alert').waitFor();
	await accessible(door, 'a wrong code');
	await door.keyboard.type(await totp(secret));
	await door.keyboard.press('Enter');
	await door.waitForURL(`${t.url}/me`);
	const again = door.getByRole('region', { name: 'Second factor' });
	let refuse;
	const asked = new Promise((r) => { refuse = r; });
	await door.route('**/second-factor', async (r) => { await asked; await r.fulfill({ status: 500, json: { detail: 'The disk is full.' } }); });
	door.allowed.push(/status of 500 .*second-factor/);
	await door.reload();
	await again.getByText('…', { exact: true }).waitFor();
	assert.equal(await again.getByRole('button').count(), 0, 'nothing is offered before it is known');
	refuse();
	await again.getByRole('alert').filter({ hasText: 'The disk is full.' }).waitFor();
	assert.equal(await again.getByRole('button').count(), 0, 'nor when it cannot be known');
	await door.unroute('**/second-factor');
	await door.reload();
	await again.getByRole('button', { name: 'Turn it off' }).click();
	await again.getByRole('button', { name: 'Set it up…' }).waitFor();
	clean(door);
	await door.close();
});

/** Passwords of pieces that the server's rule knows, and of others; the same at every run. */
function drawn(n) {
	const parts = ['password', 'P4$$w0rd', 'bo', 'house', 'example', 'Bo@House', 'qwert', 'qaz', '1q2w', '4321', 'abcd', 'zyx', '2026', '1999', 'aaa', '!', ' ', '-', 'ü', 'ß', '日', '🙂', 'k', 'Q', '7', 'ab', 'horse', 'Winter', 'ZAQ1'];
	let seed = 11;
	const random = (max) => { seed = (seed * 1103515245 + 12345) % 2147483648; return Math.floor((seed / 2147483648) * max); };
	return Array.from({ length: n }, () => Array.from({ length: 3 + random(6) }, () => parts[random(parts.length)]).join(''));
}

test('the meter refuses what the server refuses, and nothing else', async () => {
	const { judge } = await module('src/password/strength.ts');
	const seen = { refused: 0, taken: 0 };
	for (const password of [...drawn(90), 'x'.repeat(129), 'ab '.repeat(50)]) {
		const { status } = await t.call('PUT', '/api/v1/users/bo/password', { password });
		const refused = ['short', 'long', 'weak'].includes(judge(password, ['bo', 'Bo', 'bo@house.example']));
		assert.equal(status, refused ? 422 : 204, password);
		seen[refused ? 'refused' : 'taken']++;
	}
	assert.ok(seen.refused > 20 && seen.taken > 20, JSON.stringify(seen));
});

test('a new password is measured as it is typed and can be looked at, by keys alone', async () => {
	const page = await b.signIn(t, 'ada', '/me');
	const field = page.getByLabel('New one');
	const words = page.getByRole('status').filter({ has: page.locator('b') });
	const meter = page.getByRole('meter', { name: 'Strength' });
	assert.equal(await meter.evaluate((e) => e.value), 0);
	await field.focus();
	for (const [text, word, value] of [['Ada', 'Too short', 1], ['ada@house.example', 'Too weak', 1], ['correct horse', 'Fair', 2], ['correct horse battery staple', 'Strong', 4]]) {
		await page.keyboard.press('Control+a');
		await page.keyboard.type(text);
		await words.getByText(word).waitFor();
		assert.equal(await meter.evaluate((e) => e.value), value, text);
	}
	assert.equal(await field.evaluate((e) => document.getElementById(e.getAttribute('aria-describedby')).textContent), 'Strong: very hard to guess.');
	const button = page.getByRole('button', { name: 'Show new password' });
	await page.keyboard.press('Tab');
	await page.keyboard.press('Space');
	await until('it is shown', async () => (await field.getAttribute('type')) === 'text');
	assert.equal(await button.getAttribute('aria-pressed'), 'true');
	assert.equal(await field.inputValue(), 'correct horse battery staple');
	assert.equal(await page.getByLabel('Present one').getAttribute('type'), 'password', 'the other stays hidden');
	await accessible(page, 'a new password that is looked at');
	await page.keyboard.press('Enter');
	assert.equal(await button.getAttribute('aria-pressed'), 'false');
	assert.equal(await field.getAttribute('type'), 'password');
	await page.keyboard.press('Enter');
	page.allowed.push(/status of 4\d\d .*password/);
	await page.getByLabel('Present one').fill('not the present one');
	await page.keyboard.press('Enter');
	await page.locator('.note.bad').waitFor();
	assert.equal(await field.getAttribute('type'), 'password', 'what is sent is hidden again');
	clean(page);
	await page.close();
});

test('who has to have a second factor sets it up before anything else, without scripts', async () => {
	const org = (await t.get('/api/v1/organisation')).json.document;
	const demand = (who) => t.call('PUT', '/api/v1/organisation', { ...org, second_factor: who });
	await demand('everybody');
	const link = t.must(['user', 'link', 'bo', ...t.offline, '--url', t.url]).trim();
	await page.context().clearCookies();
	const door = await b.page(t, new URL(link).pathname);
	await door.getByRole('button', { name: 'Sign in' }).click();
	await door.waitForURL(`${t.url}/second-factor`);
	await accessible(door, 'led to a second factor');
	await door.getByRole('button', { name: 'Set it up' }).click();
	const secret = await door.locator('pre').textContent();
	await accessible(door, 'the secret on the plain page');
	await door.setViewportSize(phone);
	assert.ok(await door.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'it fits a phone');
	await door.getByLabel('The six digits').fill(await totp(secret));
	await door.getByRole('button', { name: 'Confirm' }).click();
	await door.getByText('The second factor is set up').waitFor();
	await accessible(door, 'recovery codes on the plain page');
	await door.getByRole('link', { name: 'I have kept them; go on' }).click();
	await door.waitForURL(`${t.url}/`);
	await demand('nobody');
	clean(door);
	await door.close();
});
