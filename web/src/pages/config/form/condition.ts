// SPDX-License-Identifier: Apache-2.0
// Conditions as trees: what of one is shown as a group with its rows, and how a changed group is written. A group keeps
// the form in which it was written for as long as that can say it, so that what is only looked at stays as it is.

/** A matcher, {any: […]}, {all: […]}, {not: …}, a list; or what the server will refuse. */
export type Condition = unknown;
/** How many of the rows must hold: all, at least one, none; some: not all of them. */
export type How = 'all' | 'any' | 'none' | 'some';

/** As the server takes them: conditions inside conditions, rows of a group. */
export const LEVELS = 16;
export const ROWS = 100;

export interface Form {
	how: How;
	/** The pointer of its rows, from the group's own; a single row has no number behind it. */
	at: string;
	single?: boolean;
	rows: (c: Condition) => Condition[] | null;
	write: (rows: Condition[]) => Condition;
}

const isObject = (c: unknown): c is Record<string, unknown> =>
	typeof c === 'object' && c !== null && !Array.isArray(c);
const list = (c: unknown): Condition[] | null => (Array.isArray(c) ? c : null);
/** What stands in an object that has this member and no other. */
const only = (c: unknown, key: string): unknown =>
	isObject(c) && Object.keys(c).length === 1 ? c[key] : undefined;

const plain: Form = { how: 'all', at: '', rows: list, write: (rows) => rows };
const all: Form = {
	how: 'all',
	at: '/all',
	rows: (c) => list(only(c, 'all')),
	write: (rows) => ({ all: rows }),
};
const any: Form = {
	how: 'any',
	at: '/any',
	rows: (c) => list(only(c, 'any')),
	write: (rows) => ({ any: rows }),
};
const none: Form = {
	how: 'none',
	at: '/not/any',
	rows: (c) => list(only(only(c, 'not'), 'any')),
	write: (rows) => ({ not: { any: rows } }),
};
const some: Form = {
	how: 'some',
	at: '/not/all',
	rows: (c) => list(only(only(c, 'not'), 'all')),
	write: (rows) => ({ not: { all: rows } }),
};
const someOfList: Form = {
	how: 'some',
	at: '/not',
	rows: (c) => list(only(c, 'not')),
	write: (rows) => ({ not: rows }),
};
/** {not: matcher}: none of one. */
const not: Form = {
	how: 'none',
	at: '/not',
	single: true,
	rows: (c) => (only(c, 'not') === undefined ? null : [only(c, 'not')]),
	write: (rows) => {
		const short = { not: rows[0] };
		return rows.length === 1 && formOf(short) === not ? short : none.write(rows);
	},
};
/** The one condition of a rule, without a list around it. */
const alone: Form = {
	how: 'all',
	at: '',
	single: true,
	rows: (c) => [c],
	write: (rows) => (rows.length === 1 && !formOf(rows[0]) ? rows[0] : rows),
};
/** A rule without conditions. */
const unsaid: Form = {
	how: 'all',
	at: '',
	rows: (c) => (c === undefined ? [] : null),
	write: (rows) => (rows.length ? rows : undefined),
};

const forms = [plain, all, any, none, some, someOfList, not];
const written: Record<How, Form> = { all, any, none, some };

/** The form of a group, or null: it is no group. */
export const formOf = (c: Condition): Form | null => forms.find((f) => f.rows(c) !== null) ?? null;
/** What a rule says under `when` is always a group: of nothing, of one, of a list. */
export const rootForm = (when: Condition): Form => formOf(when) ?? (when === undefined ? unsaid : alone);
/** How a group is written when somebody picks how many of its rows must hold. */
export const formFor = (how: How, root: boolean): Form => (root && how === 'all' ? plain : written[how]);

export const rowAt = (at: string, f: Form, i: number): string => at + f.at + (f.single ? '' : `/${i}`);

/** Conditions inside each other, itself included, as the server counts them. */
export function levels(c: Condition): number {
	const inner = Array.isArray(c) ? c : isObject(c) ? Object.values(c).flat() : null;
	const not = isObject(c) && Array.isArray(c['not']) ? 1 : 0;
	return inner === null ? 1 : 1 + not + Math.max(0, ...inner.map(levels));
}

// ---- matchers ----

/** The name of the field, the sign, and the value of a matcher; null when it is more than that. */
export function matcher(text: string): [string, string, string] | null {
	const m = /^\s*([\w.-]+|[\w.]+"[^"]*")\s*(=~|!~|!=|==|>=|<=|=|~|>|<)\s*(.*?)\s*$/.exec(text);
	if (!m) return null;
	const q = /^"((?:[^"\\]|\\.)*)"$/.exec(m[3]!);
	// A quoted value shows without its quotes, its escapes as they were written; a bare one knows no escapes.
	return [m[1]!, m[2]!, q ? q[1]! : m[3]!.replace(/\\(?=[nt"\\xuU])/g, '\\\\')];
}
export function matcherText(field: string, sign: string, value: string): string {
	if (/^(>|<|>=|<=|==)$/.test(sign)) return `${field} ${sign} ${value}`;
	const inner = value.replace(/\\$|\\.|"/g, (x) => (x === '"' ? '\\"' : x === '\\' ? '\\\\' : x));
	return `${field}${sign}"${inner}"`;
}
