// SPDX-License-Identifier: Apache-2.0
// Whom a text tells, as the server reads it: "@bo" where it does not stand inside a word.
import type { Doc } from '../../store/store';

export const MENTION = /(?<![\w-])@([\w-]+)/;
/** The people that one note tells at most. */
const MOST = 10;

export interface Told {
	/** They get a notice. */
	people: string[];
	/** They are known, but no contact of theirs is. */
	unreached: string[];
	/** Known and reached, but there are too many of them. */
	beyond: string[];
	/** Nobody is called so. */
	unknown: string[];
}

export function toldBy(text: string, users: Map<string, Doc>, me: string | undefined): Told {
	const t: Told = { people: [], unreached: [], beyond: [], unknown: [] };
	const ids = new Set([...text.matchAll(new RegExp(MENTION, 'g'))].map((m) => m[1]!));
	let known = 0;
	for (const id of ids) {
		const user = users.get(id);
		if (!user) t.unknown.push(id);
		else if (id !== me && ++known > MOST) t.beyond.push(id);
		else if (id !== me)
			(Object.keys((user.body['contacts'] ?? {}) as object).length ? t.people : t.unreached).push(id);
	}
	return t;
}

/** What is being typed before the caret: "@pa" gives "pa", a lone "@" gives "", anything else null. */
export function typed(text: string, caret: number): string | null {
	const m = /(?<![\w-])@([\w-]*)$/.exec(text.slice(0, caret));
	return m && !/^[\w-]/.test(text.slice(caret)) ? m[1]! : null;
}

/** Others whose id or a word of whose name begins so. */
export function candidates(part: string, users: Map<string, Doc>, me: string | undefined, most = 6): Doc[] {
	const p = part.toLowerCase();
	const fits = (u: Doc): boolean =>
		u.id.toLowerCase().startsWith(p) ||
		u.name
			.toLowerCase()
			.split(/\s+/)
			.some((w) => w.startsWith(p));
	return [...users.values()].filter((u) => u.id !== me && fits(u)).slice(0, most);
}
