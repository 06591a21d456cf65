// SPDX-License-Identifier: Apache-2.0
// The kinds' field tables as the server describes them, and what of each decides how it is asked for.
import { signal } from '@preact/signals';
import { createContext } from 'preact';
import { digitsOf } from '../../../api/exact';
import { get, type Fault, type List } from '../../../api/http';

interface Schema {
	type?: string | string[];
	format?: string;
	enum?: string[];
	items?: Schema;
}
export interface Field {
	name: string;
	type: string;
	help?: string;
	about?: string;
	required?: boolean;
	nullable?: boolean;
	output?: boolean;
	slug_keys?: boolean;
	min?: number | string;
	max?: number | string;
	values?: string[];
	ref?: string;
	of?: string;
	default?: unknown;
	schema?: Schema;
	fields?: Field[];
}
export interface KindInfo {
	kind: string;
	section: string;
	help?: string;
	fields: Field[];
}

/** Null until they are here. They change only with the program, so they are asked for once. */
export const kindTables = signal<Map<string, KindInfo> | null>(null);
let asked = false;
export function loadKinds(): void {
	if (asked) return;
	asked = true;
	get<List<KindInfo>>('/kinds').then(
		(l) => (kindTables.value = new Map(l.items.map((k) => [k.section, k]))),
		() => (asked = false),
	);
}

/** By which control a field is asked for: its type, or the format of a field with a form of its own. */
export function widgetOf(f: Field): string {
	if (f.type !== 'custom') return f.type;
	const s = f.schema ?? {};
	if (s.enum) return 'enum';
	if (s.format) return s.format;
	if (s.items?.format) return s.items.format + 's';
	if (s.type === 'boolean') return 'tri';
	return s.type === 'string' ? 'string' : 'json';
}
export const valuesOf = (f: Field): string[] => f.values ?? f.schema?.enum ?? [];

/** A field of what a list or map holds. */
export const elementOf = (f: Field): Field => {
	const { help: _, default: _d, required: _r, min: _n, max: _m, ...rest } = f;
	return { ...rest, type: f.fields ? 'object' : (f.of ?? 'string') };
};

/** "reopen_within" -> "Reopen within". */
export const words = (name: string): string => {
	const t = name.replace(/_/g, ' ');
	return t.charAt(0).toUpperCase() + t.slice(1);
};
/** "steps" -> "step"; for "Add ..." and "Move ...". */
export const singular = (name: string): string =>
	name === 'depends_on'
		? 'service'
		: name === 'page'
			? 'target'
			: words(name).toLowerCase().replace(/ies$/, 'y').replace(/s$/, '');

export interface Control {
	f: Field;
	v: unknown;
	/** undefined takes the member out. */
	set: (v: unknown) => void;
	/** The JSON pointer of the value, which is its element's id too. */
	at: string;
	/** What it is called where no label stands beside it. */
	label?: string;
}
export const FaultsOf = createContext<Fault[]>([]);

export const escape = (key: string): string => key.replace(/~/g, '~0').replace(/\//g, '~1');

/** Names with values, each with a name: what rows can show. */
export const isMap = (v: unknown): v is Record<string, unknown> =>
	typeof v === 'object' && v !== null && !Array.isArray(v) && digitsOf(v) === null && !('' in v);

export function replaced(o: Record<string, unknown>, key: string, v: unknown): Record<string, unknown> {
	if (v === undefined) {
		const { [key]: _, ...rest } = o;
		return rest;
	}
	return { ...o, [key]: v };
}

/** Fields that people ask for first; the others wait under "More settings" while they are empty. */
const first: Record<string, string[]> = {
	services: ['name', 'description', 'team', 'policy', 'urgency', 'depends_on', 'routing_keys'],
	users: ['name', 'email', 'role', 'zone', 'contacts', 'paging'],
	policies: ['name', 'team', 'steps', 'repeat'],
	schedules: ['name', 'team', 'zone', 'layers'],
	integrations: ['name', 'type', 'team', 'service'],
	rulesets: ['name', 'team', 'order', 'rules'],
	teams: ['name', 'description', 'members', 'zone'],
	channels: ['name', 'team', 'type', 'address'],
	organisation: ['name', 'zone', 'catch_all'],
	overrides: ['schedule', 'from', 'to', 'replace', 'with', 'add'],
	absences: ['user', 'from', 'to', 'description'],
	holidays: ['name', 'dates'],
	windows: ['name', 'services', 'integrations', 'from', 'to', 'reason'],
	'/cases/signal': ['summary', 'severity', 'service', 'labels'],
	'/steps': ['page', 'wait'],
	'/layers': ['name', 'members', 'start', 'every', 'only'],
	'/contacts': ['type', 'address'],
};
/** What holds the fields: a section, or the list in it. */
export const isFirst = (section: string, f: Field, body: Record<string, unknown>): boolean =>
	!!f.required || body[f.name] !== undefined || (first[section] ?? [f.name]).includes(f.name);
