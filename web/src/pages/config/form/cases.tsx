// SPDX-License-Identifier: Apache-2.0
// Tests that are kept with rules: a signal by its fields or as JSON, and what must become of it.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { Signal } from '../../../api/types';
import { Tabs } from '../../../ui/parts';
import { Faults, useFaults } from './faults';
import { isMap, words, type Control, type Field } from './fields';
import { Json } from './simple';

type Rest = Omit<Field, 'name'>;
const named = (fields: Record<string, Rest>): Field[] =>
	Object.entries(fields).map(([name, f]) => ({ name, ...f }));
const severity: Rest = { type: 'enum', values: ['critical', 'error', 'warning', 'info'] };
const texts: Rest = { type: 'map', of: 'string' };

const signal: Record<keyof Signal, Rest> = {
	summary: { type: 'string' },
	severity: { ...severity, default: 'error' },
	service: { type: 'ref', ref: 'service' },
	labels: texts,
	action: { type: 'enum', values: ['trigger', 'acknowledge', 'resolve'], default: 'trigger' },
	source: { type: 'string', help: 'The monitor, or the host it speaks of.' },
	routing_key: { type: 'string', help: 'A routing key that a service lists.' },
	dedup_key: { type: 'string', help: 'Made from source and summary when absent.' },
	details: { type: 'text' },
	links: texts,
	images: texts,
	time: { type: 'time', help: 'When the source saw it, such as 2027-03-01T08:00:00Z.' },
	expires_at: { type: 'time', help: 'When it counts as recovered unless it comes again.' },
	raw: { type: 'json', help: 'The source’s own message as JSON, for rules over raw.x.' },
};
const expect: Record<string, Rest> = {
	service: { type: 'ref', ref: 'service', nullable: true },
	urgency: { type: 'enum', values: ['high', 'low'], nullable: true },
	severity: { ...severity, nullable: true },
	summary: { type: 'text-or-none', nullable: true },
	dedup_key: { type: 'text-or-none', nullable: true },
};

export const caseFields: Field[] = named({
	name: { type: 'string', required: true },
	signal: { type: 'fields', required: true, fields: named(signal) },
	expect: {
		type: 'fields',
		required: true,
		fields: named(expect),
		help: 'What must become of it; what is left open is not looked at.',
	},
});

export const freshCase = (): object => ({
	name: '',
	signal: { severity: 'critical', summary: '' },
	expect: { urgency: 'high' },
});

const isLine = (v: unknown): boolean => typeof v === 'string' && !/[\r\n]/.test(v);
const fits: Record<string, (v: unknown) => boolean> = {
	json: () => true,
	text: (v) => typeof v === 'string',
	map: (v) => isMap(v) && Object.values(v).every((x) => typeof x === 'string'),
};
/** Whether the fields show all that is there. */
export function shown(fields: Field[], v: unknown): boolean {
	if (v === undefined) return true;
	if (!isMap(v)) return false;
	return Object.entries(v).every(([k, x]) => {
		const f = fields.find((y) => y.name === k);
		return !!f && ((x === null && !!f.nullable) || (fits[f.type] ?? isLine)(x));
	});
}

/** An object by its fields or as JSON: what the fields cannot show is JSON alone. */
export function Switched({ Of, ...c }: Control & { Of: (c: Control) => JSX.Element }): JSX.Element {
	const whole = shown(c.f.fields ?? [], c.v);
	const [json, turn] = useState(!whole);
	const inner = useFaults(c.at).filter((f) => f.pointer !== c.at);
	const name = words(c.f.name);
	return (
		<>
			{whole ? (
				<Tabs
					label={`How ${name.toLowerCase()} is written`}
					tabs={[
						['fields', 'Fields'],
						['json', 'JSON'],
					]}
					at={json ? 'json' : 'fields'}
					onPick={(id) => turn(id === 'json')}
				/>
			) : (
				<p class="muted">There is more in it than the fields can show.</p>
			)}
			{json || !whole ? (
				<>
					<Json {...c} label={`${name} as JSON`} />
					<Faults list={inner} at={c.at} />
				</>
			) : (
				<div class="f-fields">
					<Of {...c} />
				</div>
			)}
		</>
	);
}
