// SPDX-License-Identifier: Apache-2.0
// From an empty server to an acknowledged page, as people do it: by finger on a phone and by keyboard alone at a
// desk; the first step without scripts too.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Hook } from '../api/lib.mjs';
import { Browser, Tocsin, accessible, clean, desktop, phone, until } from './lib.mjs';

let b, hook;
before(async () => {
	b = await Browser.start();
	hook = await Hook.start(null);
});
after(async () => {
	await b?.stop();
	await hook?.stop();
});

async function empty() {
	const t = await Tocsin.empty({ args: ['--allow-private'] });
	t.code = (await until('a code', () => /setup code (\S+)/.exec(t.server.text())))[1];
	await b.context.clearCookies();
	return t;
}
const owner = (t) => [['Setup code', t.code], ['Organisation', 'Lantern'], ['Your name', 'Ana Ito'],
	['Your e-mail address', 'ana@lantern.example'], ['Password', 'a long enough one']];
const seen = new Set();
/** What came to an address of ours since, and held this. */
const arrived = (path, pattern) => until(`${path} got ${pattern}`, () => {
	for (const g of hook.got) {
		const m = g.path === path && !seen.has(g) ? pattern.exec(JSON.stringify(g)) : null;
		if (m) {
			seen.add(g);
			return m;
		}
	}
	return null;
});

test('by finger on a phone, all of it', async () => {
	const t = await empty();
	const page = await b.page(t, '/');
	await page.setViewportSize(phone);
	await page.waitForURL(/\/setup$/);
	assert.equal(await page.getByLabel('Time zone').inputValue(), 'Europe/Berlin', 'as the browser has it');
	await accessible(page, 'the first step');
	for (const [label, value] of owner(t)) await page.getByLabel(label, { exact: true }).fill(value);
	await page.getByText('Good: hard to guess.').waitFor();
	page.allowed.push(/422 .*setup/);
	for (const [weak, word] of [['password1234', 'Too weak'], ['ana@lantern.example', 'Too weak'], ['eleven char', 'Too short']]) {
		await page.getByLabel('Password', { exact: true }).fill(weak);
		await page.getByText(word).waitFor();
		await page.getByRole('button', { name: 'Show password' }).click();
		await accessible(page, `a password that is ${word}`);
		await page.getByRole('button', { name: 'Set up' }).click();
		await page.getByRole('alert').waitFor();
		assert.equal(await page.getByLabel('Password', { exact: true }).inputValue(), '', 'refused by the server too');
		assert.match(await page.getByLabel('Password', { exact: true }).getAttribute('aria-describedby'), /^about-password$/);
	}
	await accessible(page, 'a password that was refused');
	await page.getByLabel('Password', { exact: true }).fill('a long enough one');
	await page.getByRole('status').getByText('Good').waitFor();
	await page.getByLabel('Your name').fill('A long Enough');
	await page.getByRole('status').getByText('Too weak').waitFor();
	await page.getByLabel('Your name').fill('Ana Ito');
	await page.getByRole('status').getByText('Good').waitFor();
	await page.getByRole('button', { name: 'Set up' }).click();
	await page.getByRole('heading', { name: '2. How to reach you' }).waitFor();

	// A contact that works, beside the address that is there already.
	await page.getByRole('button', { name: 'Add a contact' }).click();
	await page.getByLabel('Kind').selectOption('webhook');
	page.allowed.push(/422/);
	await page.getByLabel('Address').fill('nowhere');
	await page.getByRole('button', { name: 'Add this contact' }).click();
	await page.getByText(/begins with http/).waitFor();
	await page.getByLabel('Address').fill(`${hook.url}/phone`);
	await page.getByRole('button', { name: 'Add this contact' }).click();
	const mine = page.locator('.contacts > li', { hasText: 'hook' });
	await mine.getByRole('button', { name: 'Send a code' }).click();
	const [, code] = await arrived('/phone', /(\d{6}) is the code/);
	await mine.getByText('✓ sent').waitFor();
	await mine.getByLabel('Code sent to hook').fill(code === '000000' ? '111111' : '000000');
	await mine.getByRole('button', { name: 'Verify' }).click();
	await mine.getByText(/4 more tries/).waitFor();
	assert.equal(await mine.getByLabel('Code sent to hook').getAttribute('autocomplete'), 'one-time-code');
	await accessible(page, 'a contact with a code');
	await mine.getByLabel('Code sent to hook').fill(code);
	await mine.getByRole('button', { name: 'Verify' }).click();
	await mine.getByText('✓ verified').waitFor();
	await page.getByRole('button', { name: 'Remove mail' }).click();
	await until('it is gone', async () => (await page.locator('.contacts > li').count()) === 1);
	await page.getByRole('button', { name: 'Next' }).click();

	// Follow the sun, with somebody new; seen before it is made.
	await page.getByLabel(/Follow the sun/).check();
	await page.getByRole('button', { name: 'Somebody new for: America' }).click();
	await page.getByLabel('Name of somebody new').fill('Bo Lee');
	await page.getByLabel('E-mail of somebody new').fill('bo@lantern.example');
	await page.getByRole('button', { name: 'Add to the turns' }).click();
	await page.getByText(/Nobody is on call/).waitFor();
	await accessible(page, 'follow the sun');
	await page.getByLabel(/A week each/).check();
	await page.getByLabel('Add to: Turns').selectOption({ label: 'Bo Lee' });
	await page.locator('.coming li', { hasText: 'Bo Lee' }).first().waitFor();
	await page.getByRole('button', { name: 'Make the team and its schedule' }).click();

	await page.getByRole('heading', { name: '4. Escalation' }).waitFor();
	await page.getByLabel('Page then').selectOption({ label: 'who is next in First line' });
	await page.getByText('Unanswered for 30 minutes').waitFor();
	await accessible(page, 'the policy');
	await page.getByRole('button', { name: 'Make the policy' }).click();

	await page.getByRole('heading', { name: '5. Service and first signal' }).waitFor();
	await accessible(page, 'the service');
	await page.getByRole('button', { name: 'Make the service and its key' }).click();
	await page.getByText('Waiting for the first signal').waitFor();
	await page.getByRole('button', { name: 'Copy the key' }).click();
	await page.getByRole('button', { name: 'Copied' }).waitFor();
	await page.getByRole('button', { name: 'Send a test signal' }).click();
	await page.getByText('A signal came in: it works.').waitFor();
	await page.getByRole('button', { name: 'Next' }).click();

	await page.getByRole('button', { name: 'Page me now' }).click();
	const [link] = await arrived('/phone', /\/a\/[\w-]+/);
	await page.locator('.wizard-body').getByText('✓ sent').waitFor();
	const answer = await b.page(t, link);
	await answer.getByRole('button', { name: 'Acknowledge' }).click();
	await answer.getByText('It is yours').waitFor();
	await page.getByText('Acknowledged: it works from end to end').waitFor();
	await page.getByText('6 of 6 done').waitFor();
	await accessible(page, 'all is done');

	const bo = (await t.get('/api/v1/oncall', { authorization: '', cookie: await cookie() })).json.items[0];
	assert.equal(bo.users[0].id, 'ana-ito', 'the first in the turns is on at once');
	clean(page);
	await page.close();
	await answer.close();
	await t.stop();
});

const cookie = async () => (await b.context.cookies()).map((c) => `${c.name}=${c.value}`).join('; ');

test('by keyboard alone at a desk', async () => {
	const t = await empty();
	const page = await b.page(t, '/setup');
	await page.setViewportSize(desktop);
	const focused = (what) => until(`the focus on ${what}`, () => page.evaluate((w) => {
		const e = document.activeElement;
		return `${e?.getAttribute('aria-label') ?? ''} ${e?.closest('label')?.textContent ?? ''} ${e?.textContent ?? ''}`.includes(w);
	}, what));
	/** Tab by tab, until it is there; nothing may be out of reach. */
	const to = async (what) => {
		for (let i = 0; i < 120; i++) {
			const at = await page.evaluate(() => {
				const e = document.activeElement;
				return `${e?.getAttribute('aria-label') ?? ''} ${[...(e?.labels ?? [])].map((l) => l.firstChild?.textContent + (l.querySelector('b')?.textContent ?? '')).join(' ')} ${/^(BUTTON|A)$/.test(e?.tagName) ? e.textContent : ''}`;
			});
			if (at.includes(what)) return;
			await page.keyboard.press('Tab');
		}
		assert.fail(`${what} is not reached by Tab`);
	};
	const type = async (what, text) => {
		await to(what);
		await page.keyboard.press('Control+a');
		await page.keyboard.type(text);
	};
	for (const [label, value] of owner(t)) await type(label, value);
	await page.keyboard.press('Enter');
	await page.getByRole('heading', { name: '2. How to reach you' }).waitFor();
	await to('Add a contact');
	await page.keyboard.press('Enter');
	await to('Kind');
	await page.keyboard.type('Webhook');
	await type('Address', `${hook.url}/desk`);
	await page.keyboard.press('Enter');
	await page.locator('.contacts > li', { hasText: 'hook' }).waitFor();
	await to('Send a code to hook');
	await page.keyboard.press('Enter');
	const [, code] = await arrived('/desk', /(\d{6}) is the code/);
	await page.getByLabel('Code sent to hook').waitFor();
	await type('Code sent to hook', code);
	await page.keyboard.press('Enter');
	await page.locator('.contacts > li', { hasText: 'hook' }).getByText('✓ verified').waitFor();
	await to('Next');
	await page.keyboard.press('Enter');
	await page.getByRole('heading', { name: '3. Team and schedule' }).waitFor();
	await focused('3. Team and schedule');
	await to('A week each');
	await page.keyboard.press('ArrowDown');
	assert.ok(await page.getByLabel(/A day each/).isChecked());
	await page.locator('.coming li').first().waitFor();
	await to('Make the team and its schedule');
	await page.keyboard.press('Enter');
	await page.getByRole('heading', { name: '4. Escalation' }).waitFor();
	await to('Make the policy');
	await page.keyboard.press('Enter');
	await page.getByRole('heading', { name: '5. Service and first signal' }).waitFor();
	await to('Skip this');
	await page.keyboard.press('Enter');
	await page.getByRole('heading', { name: '6. A page, acknowledged' }).waitFor();
	await to('Page me now');
	await page.keyboard.press('Enter');
	await page.locator('.wizard-body').getByText('✓ sent').waitFor();
	await to('Acknowledge it here');
	await page.keyboard.press('Enter');
	await page.getByText('Acknowledged: it works from end to end').waitFor();
	await page.getByText('5 of 6 done').waitFor();
	await page.reload();
	await page.getByText('5 of 6 done').waitFor();
	await page.goto(t.url + '/setup');
	await page.getByRole('heading', { name: '5. Service and first signal' }).waitFor({}); // the first that is not done
	clean(page);
	await page.close();
	await t.stop();
});

test('the first step without scripts', async () => {
	const t = await empty();
	const plain = await b.context.browser()?.newContext({ javaScriptEnabled: false }) ?? await b.plain();
	const page = await plain.newPage();
	await page.goto(t.url + '/');
	await page.waitForURL(/\/setup$/);
	assert.equal(await page.getByRole('button', { name: 'Show password' }).or(page.getByRole('meter')).count(), 0, 'what takes a script is not there');
	for (const [label, value] of owner(t)) await page.getByLabel(label, { exact: true }).fill(value);
	await page.getByLabel('Time zone').fill('Europe/Berln');
	await page.getByRole('button', { name: 'Set up' }).click();
	await page.getByText(/did you mean Europe\/Berlin/).waitFor();
	await page.getByLabel('Time zone').fill('Europe/Berlin');
	await page.getByLabel('Password', { exact: true }).fill('a long enough one');
	await page.getByRole('button', { name: 'Set up' }).click();
	const session = await until('a session', async () => (await plain.cookies()).map((c) => `${c.name}=${c.value}`).join('; '));
	await page.waitForURL(/\/setup$/);
	assert.equal((await t.get('/api/v1/me', { authorization: '', cookie: session })).json.role, 'owner');
	await plain.close();
	await t.stop();
});
