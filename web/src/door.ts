// SPDX-License-Identifier: Apache-2.0
// What a browser adds to the pages of the door and of the first set-up, which do without it: the zone that it is
// in, a look at what is typed, and how strong a new password is.
import { measures } from './password/meter';
import { canShow } from './password/show';

const field = (name: string): HTMLInputElement | null => document.querySelector(`input[name=${name}]`);

const zone = field('zone');
const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone?.value === 'UTC' && own) zone.value = own; // it is the preset, and nobody's choice

const names = (): string[] => ['name', 'email'].map((n) => field(n)?.value.trim() ?? '');
for (const box of document.querySelectorAll<HTMLElement>('.secret')) {
	canShow(box);
	if (box.querySelector('[autocomplete=new-password]')) measures(box, names);
}
