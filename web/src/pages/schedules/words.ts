// SPDX-License-Identifier: Apache-2.0
// What stands in the lane, in words: whom an override puts on call, why one changes nothing, who rests on a holiday.
import type { Cover, Holiday } from '../../api/http';
import { userName } from '../../store/store';
import { spanWords } from './lanes';

export const covers = (o: Cover): string =>
	`${userName(o.with)}${o.adds ? ' too' : ''}${o.replace ? ` for ${userName(o.replace)}` : ''}`;

const named = (o: Cover, zone: string): string =>
	`override “${o.name ?? o.id}” of ${userName(o.with)}, ${spanWords(o.from, o.to, zone)}`;

/** Why it has no effect, by what the server says; '' when it has one. */
export function whyNot(o: Cover, zone: string): string {
	if (!o.no_effect) return '';
	if (o.hidden_by) return `hidden by ${o.hidden_by.map((h) => named(h, zone)).join(' and ')}`;
	if (o.why === 'no_duty') return `${userName(o.replace)} has no duty then`;
	return `${userName(o.with)} is on call then anyway`;
}

const layers = (list: string[], verb: string): string =>
	list.length ? `${list.join(', ')} ${list.length === 1 ? verb + 's' : verb}` : '';

export const holidayWords = (h: Holiday): string =>
	[layers(h.rests, 'rest'), layers(h.serves, 'serve')].filter(Boolean).join('; ');
