// SPDX-License-Identifier: Apache-2.0
// The filter of the board: `sev:critical team:shop -state:snoozed disk`. Words of one field mean "one of
// these", different fields must all hold, a minus takes away, the rest is looked for in the text.
import type { Row } from './reduce';

const fields: Record<string, (r: Row) => string> = {
	state: (r) => (r.snoozed_until ? 'snoozed' : r.state),
	sev: (r) => r.severity,
	severity: (r) => r.severity,
	urgency: (r) => r.urgency,
	team: (r) => r.team ?? 'none',
	service: (r) => r.service ?? 'none',
	policy: (r) => r.policy ?? 'none',
	by: (r) => (r.acked_by ?? '').replace(/^user\//, ''),
	key: (r) => r.dedup_key,
	mode: (r) => r.mode,
	is: (r) =>
		[
			r.unrouted && 'unrouted',
			r.exhausted_at && 'exhausted',
			r.muted_until && 'muted',
			r.reopened_at && 'reopened',
			r.merged_into && 'merged',
		]
			.filter(Boolean)
			.join(' '),
};
export const fieldNames = Object.keys(fields).filter((f) => f !== 'severity');

export function compile(text: string): (r: Row) => boolean {
	const wanted = new Map<string, string[]>();
	const unwanted: [string, string][] = [];
	const words: string[] = [];
	for (const part of text.toLowerCase().match(/"[^"]*"|\S+/g) ?? []) {
		const m = /^(-?)(\w+):(.+)$/.exec(part);
		const field = m?.[2] ?? '';
		if (!m || !fields[field]) words.push(part.replace(/"/g, ''));
		else if (m[1]) unwanted.push([field, m[3]!]);
		else wanted.set(field, [...(wanted.get(field) ?? []), m[3]!]);
	}
	const holds = (r: Row, f: string, v: string): boolean => {
		const have = fields[f]!(r).toLowerCase();
		return f === 'is'
			? have.split(' ').includes(v)
			: v.endsWith('*')
				? have.startsWith(v.slice(0, -1))
				: have === v;
	};
	const both = [...wanted];
	return (r) => {
		for (const [f, vs] of both) if (!vs.some((v) => holds(r, f, v))) return false;
		for (const [f, v] of unwanted) if (holds(r, f, v)) return false;
		if (words.length === 0) return true;
		const all =
			`#${r.id} ${r.title} ${r.service ?? ''} ${r.team ?? ''} ${r.dedup_key} ${r.acked_by ?? ''}`.toLowerCase();
		return words.every((w) => all.includes(w));
	};
}
