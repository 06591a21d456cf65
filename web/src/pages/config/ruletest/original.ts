// SPDX-License-Identifier: Apache-2.0
// A stored signal as it came, before rules.
import type { SignalRow } from '../../../api/types';

const native = [
	'action',
	'dedup_key',
	'severity',
	'summary',
	'details',
	'service',
	'routing_key',
	'source',
	'labels',
	'raw',
];

/** What a case holds of a stored signal: as it came, before rules. */
export function original(row: SignalRow): Record<string, unknown> {
	const s = row.signal as Record<string, unknown> & { changed?: { field: string; before?: string }[] };
	const out: Record<string, unknown> = Object.fromEntries(
		native.filter((k) => s[k] !== undefined).map((k) => [k, s[k]]),
	);
	const labels = { ...((out['labels'] ?? {}) as Record<string, string>) };
	for (const c of [...(s.changed ?? [])].reverse()) {
		const at = c.field.startsWith('labels.') ? labels : out;
		const key = c.field.replace(/^labels\./, '');
		if (c.before === undefined) delete at[key];
		else at[key] = c.before;
	}
	if (Object.keys(labels).length) out['labels'] = labels;
	else delete out['labels'];
	return out;
}
