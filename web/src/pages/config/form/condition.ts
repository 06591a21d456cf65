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

// ---- moving rows ----

/** Where a row stands: its place in the rule's own group, then in the group which that is, and so on. */
export type Path = number[];
/** A group and a place in it, as they are once the row that moves is taken out. */
export interface Place {
	into: Path;
	at: number;
}

const form = (c: Condition, root: boolean): Form | null => (root ? rootForm(c) : formOf(c));

/** The rows of the group at a path. */
export function rowsOf(c: Condition, path: Path): Condition[] {
	const rows = (x: Condition, root: boolean): Condition[] => form(x, root)?.rows(x) ?? [];
	return path.reduce<Condition[]>((list, i) => rows(list[i], false), rows(c, true));
}
function changed(
	c: Condition,
	path: Path,
	change: (rows: Condition[]) => Condition[],
	root = true,
): Condition {
	const f = form(c, root)!,
		rows = f.rows(c)!,
		[i, ...rest] = path;
	return f.write(
		i === undefined ? change(rows) : rows.map((x, k) => (k === i ? changed(x, rest, change, false) : x)),
	);
}
export function pointerOf(c: Condition, path: Path, at: string): string {
	let here = at,
		x = c;
	path.forEach((i, depth) => {
		const f = form(x, depth === 0)!;
		here = rowAt(here, f, i);
		x = f.rows(x)![i];
	});
	return here;
}

/** The tree with a row elsewhere, or null where it does not fit. */
export function relocated(c: Condition, from: Path, { into, at }: Place): Condition | null {
	const one = rowsOf(c, from.slice(0, -1))[from.at(-1)!];
	const without = changed(c, from.slice(0, -1), (rows) => rows.filter((_, i) => i !== from.at(-1)));
	const out = changed(without, into, (rows) => [...rows.slice(0, at), one, ...rows.slice(at)]);
	return levels(out) <= LEVELS && rowsOf(out, into).length <= ROWS ? out : null;
}

/** Where a row comes by one step up (-1) or down (1), as they are read from top to bottom: into a group beside it, over
 * what is none, out of its own group at the end of that. Over a group that it does not fit into. */
export function stepOf(c: Condition, from: Path, by: 1 | -1): Place | null {
	const into = from.slice(0, -1),
		i = from.at(-1)!,
		rows = rowsOf(c, into),
		beside = rows[i + by];
	if (i + by >= 0 && i + by < rows.length) {
		const inner = formOf(beside)?.rows(beside);
		const enter = inner && { into: [...into, by > 0 ? i : i - 1], at: by > 0 ? 0 : inner.length };
		return enter && relocated(c, from, enter) !== null ? enter : { into, at: i + by };
	}
	if (into.length === 0) return null;
	return { into: into.slice(0, -1), at: into.at(-1)! + (by > 0 ? 1 : 0) };
}

/** Where a row comes that is dropped on another one, in the place of that; behind the last: at the end of the group. */
export function dropOf(from: Path, into: Path, i: number): Place | null {
	// Not into itself.
	if (from.every((k, depth) => into[depth] === k)) return null;
	const depth = from.length - 1,
		beside = from.slice(0, -1).every((k, d) => into[d] === k);
	// What stood behind it moves up when it is taken out.
	if (beside && into.length > depth && into[depth]! > from[depth]!)
		return { into: into.map((k, d) => (d === depth ? k - 1 : k)), at: i };
	return { into, at: i };
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
