// SPDX-License-Identifier: Apache-2.0
// shots.mjs [NAME...]: the pictures of docs/images from a made-up day at the demo's shop: desktop and phone,
// light and dark. TOCSIN names the program; `./dev shots` calls this.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(join(dirname(fileURLToPath(import.meta.url)), '..'));
process.env.TOCSIN ??= resolve('build/tocsin');
const { Browser, Tocsin, phone, desktop } = await import('../tests/e2e/lib.mjs');
const { Mailbox } = await import('../tests/api/lib.mjs');
const { story } = await import('../tests/e2e/story.mjs');

const out = process.env.SHOTS ?? 'docs/images';
const only = process.argv.slice(2);
mkdirSync(out, { recursive: true });
const box = await Mailbox.start();
const t = await story(
	Tocsin,
	readFileSync('examples/demo/org.yaml', 'utf8'),
	['--smtp', box.url, '--mail-from', 'tocsin@lantern.example'],
	true,
);
const b = await Browser.start();
// The name, the address, what must be there, what is pressed before, and who looks if it is not Chidi.
const pages = [
	['board', '/incidents', 'text=Card checkout'],
	['room', '/incidents/ROOM', 'text=What the rules changed'],
	['oncall', '/oncall', 'table'],
	['schedule', '/schedules/payments?at=DANA&also=America/New_York', '.fair li'],
	['month', '/schedules/platform-day?span=month', '.month .bar'],
	['layers', '/schedules/platform-day/edit', '.preview .bar'],
	['service', '/config/services/checkout', '.sim li'],
	['editor', '/config/policies/shop/edit?as=yaml', 'textarea'],
	['form', '/config/policies/shop/edit', '.sim li'],
	['rules', '/config/rulesets/main/edit', '.f-group .f-group', 'Add group'],
	['dependencies', '/config/services', '.map .node'],
	['scenario', '/config/scenarios', 'text=It holds', 'Run'],
	['integrations', '/config/integrations', '.live-dot'],
	['integration', '/config/integrations/demo', '.sim li', 'Show its way'],
	['insight', '/insight/response', '.figure'],
	['noise', '/insight/noise', 'td'],
	['load', '/insight/load', '.heat'],
	['rejected', '/insight/rejected', 'table'],
	['setup', '/setup?step=schedule', '.coming'],
	['setup-me', '/setup?step=me', '.contact'],
	['me', '/me', 'h1'],
	['config', '/config', '.card'],
	['history', '/history', 'table'],
	['messages', '/insight/messages', 'table'],
	['audit', '/insight/audit', 'td', undefined, 'alice'],
	['plain', '/plain', 'li'],
	['door', '/sign-in', 'form', undefined, 'nobody'],
	['answer', 'LINK', 'form', undefined, 'nobody'],
];
/** What a mail about the checkout leads to. */
const link = new URL((await box.mail('Card checkout')).text.match(/http\S+\/a\/\S+/)[0]).pathname;
let p,
	is = '';
for (const [name, path, ready, press, who = 'chidi'] of pages) {
	if (only.length && !only.includes(name)) continue;
	if (who === 'nobody') await b.context.clearCookies();
	p = who === is ? p : who === 'nobody' ? await b.page(t) : await b.signIn(t, who);
	is = who;
	for (const [size, view] of [
		['desktop', desktop],
		['phone', phone],
	])
		for (const scheme of ['light', 'dark']) {
			await p.setViewportSize(view);
			await p.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
			await p.goto(
				t.url + path.replace('ROOM', String(t.roomId)).replace('DANA', t.danaFrom).replace('LINK', link),
			);
			if (press) await p.getByRole('button', { name: press }).first().click();
			await p
				.waitForSelector(ready, { state: 'attached', timeout: 8000 })
				.catch(() => console.error(`${name}: no ${ready}`));
			if (press)
				await p
					.locator(ready)
					.first()
					.evaluate((e) => e.scrollIntoView({ block: 'center' }));
			await new Promise((r) => setTimeout(r, 300));
			const file = `${out}/${name}-${size}-${scheme}.png`;
			await p.screenshot({ path: file });
			try {
				execFileSync('pngquant', ['--force', '--skip-if-larger', '--quality=70-95', '--output', file, file]);
			} catch {
				/* larger, or not there: as it is */
			}
		}
}
if (p?.faults.length) console.error(p.faults.slice(0, 5));
await b.stop();
await t.stop();
await box.stop();
