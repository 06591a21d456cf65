// SPDX-License-Identifier: Apache-2.0
// types.mjs [--check]: src/api/types.ts from the OpenAPI document that the program itself serves, and
// src/password/guessed.ts from the tables of src/access/weak.c.
// TOCSIN names the program. With --check nothing is written and a difference is an error.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
process.chdir(join(here, '..'));
process.env.TOCSIN ??= resolve('build/tocsin');
const { Tocsin, ORG } = await import('../tests/api/lib.mjs');

function type(schema) {
	if (!schema) return 'unknown';
	if (schema.$ref) return schema.$ref.split('/').pop();
	if (schema.enum) return schema.enum.map((v) => JSON.stringify(v)).join(' | ');
	const one = (s) => {
		const t = type(s);
		return / [|] /.test(t) ? `(${t})` : t;
	};
	if (schema.oneOf ?? schema.anyOf) return [...new Set((schema.oneOf ?? schema.anyOf).map(type))].join(' | ');
	const kind = Array.isArray(schema.type) ? schema.type.filter((t) => t !== 'null')[0] : schema.type;
	if (kind === 'array') return `${one(schema.items)}[]`;
	if (kind === 'integer' || kind === 'number') return 'number';
	if (kind === 'boolean') return 'boolean';
	if (kind === 'string') return 'string';
	if (kind === 'object' && schema.properties) return members(schema, '\t');
	if (kind === 'object')
		return `Record<string, ${schema.additionalProperties ? type(schema.additionalProperties) : 'unknown'}>`;
	return 'unknown';
}

function members(schema, indent) {
	const lines = Object.entries(schema.properties ?? {}).map(([name, s]) => {
		const help = s.description ? `${indent}/** ${s.description.replace(/\*\//g, '')} */\n` : '';
		const key = /^\w+$/.test(name) ? name : JSON.stringify(name);
		return `${help}${indent}${key}${(schema.required ?? []).includes(name) ? '' : '?'}: ${type(s)};\n`;
	});
	return `{\n${lines.join('')}${indent.slice(1)}}`;
}

const t = await Tocsin.start(ORG);
const api = (await t.get('/api/v1/openapi.json')).json;
await t.stop();
let text =
	"// SPDX-License-Identifier: Apache-2.0\n// Made by web/types.mjs from the API's description; not to be edited.\n";
for (const [name, schema] of Object.entries(api.components.schemas).sort(([a], [b]) => (a < b ? -1 : 1)))
	text +=
		schema.type === 'object' && schema.properties
			? `\nexport interface ${name} ${members(schema, '\t')}\n`
			: `\nexport type ${name} = ${type(schema)};\n`;

/** What the server's rule for passwords holds on to: one list, not two that drift apart. */
function guessed() {
	const [rule, limits] = ['weak', 'access'].map((name) =>
		['c', 'h'].map((end) => readFileSync(`src/access/${name}.${end}`, 'utf8')).join(''),
	);
	const list = (name) => {
		const [, body] = new RegExp(` ${name}\\[\\] = \\{([^}]*)\\}`).exec(rule);
		return `[\n${[...body.matchAll(/"([^"]*)"/g)].map(([, w]) => `\t'${w}',\n`).join('')}]`;
	};
	const number = (name, text = rule) => Number(new RegExp(`#define ${name} (\\d+)`).exec(text)[1]);
	return `// SPDX-License-Identifier: Apache-2.0
// Made by web/types.mjs from src/access/weak.c; not to be edited.
export const lengthMin = ${number('PASSWORD_MIN', limits)};
export const lengthMax = ${number('PASSWORD_MAX', limits)};
export const countMin = ${number('COUNT_MIN')};
export const runMin = ${number('RUN_MIN')};
export const wordMin = ${number('WORD_MIN')};
export const namesMax = ${number('PASSWORD_NAMES_MAX')};
export const rows = ${list('rows')};
export const common = ${list('common')};
`;
}

for (const [path, made] of [
	['src/api/types.ts', text],
	['src/password/guessed.ts', guessed()],
]) {
	const file = join(here, path);
	if (!process.argv.includes('--check')) writeFileSync(file, made);
	else if (readFileSync(file, 'utf8') !== made) {
		console.error(`web/${path} is not what the program says: run \`npm run types\` in web/`);
		process.exitCode = 1;
	}
}
