// SPDX-License-Identifier: Apache-2.0
// As much of JSON Schema 2020-12 as our description uses, to hold answers against it. A keyword that
// is not known here is an error, so that nothing goes unchecked.
const KEYWORDS = {
	type: (s, v) => [s.type].flat().some((t) => TYPES[t]?.(v)) || `is no ${s.type}`,
	enum: (s, v) => s.enum.includes(v) || `is none of ${s.enum.join(', ')}`,
	const: (s, v) => s.const === v || `is not ${s.const}`,
	pattern: (s, v) => typeof v !== 'string' || new RegExp(s.pattern, 'u').test(v) || `does not match ${s.pattern}`,
	format: (s, v) => typeof v !== 'string' || (FORMATS[s.format] ?? (() => true))(v) || `is no ${s.format}`,
	minimum: (s, v) => typeof v !== 'number' || v >= s.minimum || `is below ${s.minimum}`,
	maximum: (s, v) => typeof v !== 'number' || v <= s.maximum || `is above ${s.maximum}`,
	minLength: (s, v) => typeof v !== 'string' || v.length >= s.minLength || 'is too short',
	maxLength: (s, v) => typeof v !== 'string' || v.length <= s.maxLength || 'is too long',
	minItems: (s, v) => !Array.isArray(v) || v.length >= s.minItems || 'has too few items',
	maxItems: (s, v) => !Array.isArray(v) || v.length <= s.maxItems || 'has too many items',
	minProperties: (s, v) => !TYPES.object(v) || Object.keys(v).length >= s.minProperties || 'has too few members',
	maxProperties: (s, v) => !TYPES.object(v) || Object.keys(v).length <= s.maxProperties || 'has too many members',
	required: (s, v) => !TYPES.object(v) || s.required.filter((k) => !(k in v)).map((k) => `lacks ${k}`)[0] || true,
};
const INNER = ['properties', 'additionalProperties', 'items', 'oneOf', 'anyOf', 'allOf', '$ref'];
const WORDS = ['description', 'default', 'readOnly', 'writeOnly', 'title', 'examples'];

const TYPES = {
	string: (v) => typeof v === 'string',
	integer: Number.isInteger,
	number: (v) => typeof v === 'number',
	boolean: (v) => typeof v === 'boolean',
	null: (v) => v === null,
	array: Array.isArray,
	object: (v) => typeof v === 'object' && v !== null && !Array.isArray(v),
};
const FORMATS = {
	'date-time': (v) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(v),
	uri: (v) => URL.canParse?.(v) ?? /^[a-z]+:/.test(v),
};

export function resolve(root, ref) {
	const found = ref.replace('#/', '').split('/').reduce((o, k) => o?.[k], root);
	if (found === undefined) throw new Error(`dangling ${ref}`);
	return found;
}

/** What is wrong with value by schema, each with its place; an empty list when nothing is. */
export function faults(root, schema, value, at = '') {
	if (schema === true) return [];
	const out = [];
	for (const key of Object.keys(schema)) {
		if (WORDS.includes(key) || INNER.includes(key)) continue;
		if (!KEYWORDS[key]) throw new Error(`the test knows no keyword ${key}`);
		const said = KEYWORDS[key](schema, value);
		if (said !== true) out.push(`${at || '/'} ${said}`);
	}
	if (schema.$ref) out.push(...faults(root, resolve(root, schema.$ref), value, at));
	for (const s of schema.allOf ?? []) out.push(...faults(root, s, value, at));
	for (const kind of ['oneOf', 'anyOf'])
		if (schema[kind] && !schema[kind].some((s) => faults(root, s, value, at).length === 0))
			out.push(`${at} fits nothing of ${kind}`);
	if (Array.isArray(value) && schema.items)
		value.forEach((v, i) => out.push(...faults(root, schema.items, v, `${at}/${i}`)));
	if (TYPES.object(value))
		for (const [k, v] of Object.entries(value)) {
			const inner = schema.properties?.[k] ?? schema.additionalProperties;
			if (inner) out.push(...faults(root, inner, v, `${at}/${k}`));
		}
	return out;
}

/** Visits every schema in a tree of them: for checks of the description itself. */
export function check(root, schema, at) {
	if (schema === true) return;
	if (typeof schema !== 'object' || schema === null) throw new Error(`${at}: no schema`);
	for (const key of Object.keys(schema))
		if (!KEYWORDS[key] && !INNER.includes(key) && !WORDS.includes(key))
			throw new Error(`${at}: unknown keyword ${key}`);
	if (schema.$ref) resolve(root, schema.$ref);
	if (schema.type !== undefined && ![schema.type].flat().every((t) => TYPES[t]))
		throw new Error(`${at}: unknown type ${schema.type}`);
	for (const [k, s] of Object.entries(schema.properties ?? {})) check(root, s, `${at}/properties/${k}`);
	for (const k of ['items', 'additionalProperties'])
		if (schema[k] !== undefined) check(root, schema[k], `${at}/${k}`);
	for (const k of ['oneOf', 'anyOf', 'allOf'])
		(schema[k] ?? []).forEach((s, i) => check(root, s, `${at}/${k}/${i}`));
	for (const r of schema.required ?? [])
		if (schema.properties && !(r in schema.properties)) throw new Error(`${at}: requires unknown ${r}`);
}
