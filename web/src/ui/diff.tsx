// SPDX-License-Identifier: Apache-2.0
// Documents as text, and what is different between two: the longest common lines, small enough to be own.
import type { JSX } from 'preact';

/** JSON as YAML would say it, for reading only. */
export function pretty(v: unknown, indent = ''): string[] {
	if (Array.isArray(v)) {
		if (v.every((x) => typeof x !== 'object' || x === null)) return [`[${v.map(String).join(', ')}]`];
		return v.flatMap((x) => {
			const [h, ...t] = pretty(x, indent + '  ');
			return [`${indent}- ${(h ?? '').trim()}`, ...t];
		});
	}
	if (typeof v === 'object' && v !== null)
		return Object.entries(v).flatMap(([k, x]) => {
			const inner = pretty(x, indent + '  ');
			const nested =
				typeof x === 'object' && x !== null && !(inner.length === 1 && inner[0]!.startsWith('['));
			return nested ? [`${indent}${k}:`, ...inner] : [`${indent}${k}: ${inner[0] ?? ''}`];
		});
	return [v === undefined ? '' : String(v)];
}

export type Row = [' ' | '+' | '-', string];
export function compare(a: string[], b: string[]): Row[] {
	const n = a.length,
		m = b.length;
	if (n * m > 4_000_000) return [...a.map((l): Row => ['-', l]), ...b.map((l): Row => ['+', l])];
	const len = Array.from({ length: n + 1 }, () => new Uint16Array(m + 1));
	for (let i = n - 1; i >= 0; i--)
		for (let j = m - 1; j >= 0; j--)
			len[i]![j] = a[i] === b[j] ? len[i + 1]![j + 1]! + 1 : Math.max(len[i + 1]![j]!, len[i]![j + 1]!);
	const out: Row[] = [];
	let i = 0,
		j = 0;
	while (i < n || j < m)
		if (i < n && j < m && a[i] === b[j]) {
			out.push([' ', a[i++]!]);
			j++;
		} else if (j < m && (i === n || len[i]![j + 1]! >= len[i + 1]![j]!)) out.push(['+', b[j++]!]);
		else out.push(['-', a[i++]!]);
	return out;
}

export function Diff({
	before,
	after,
	around = 2,
}: {
	before: string[];
	after: string[];
	around?: number;
}): JSX.Element {
	const rows = compare(before, after);
	const near = rows.map((_, i) =>
		rows.slice(Math.max(0, i - around), i + around + 1).some((r) => r[0] !== ' '),
	);
	return (
		<div class="diff" role="group" aria-label="Difference">
			{rows.map((r, i) =>
				near[i] ? (
					<div class={r[0] === '+' ? 'add' : r[0] === '-' ? 'del' : ''}>
						<span aria-hidden="true">{r[0]} </span>
						{r[0] === '+' && <span class="sr">added: </span>}
						{r[0] === '-' && <span class="sr">removed: </span>}
						{r[1]}
					</div>
				) : i > 0 && near[i - 1] ? (
					<div class="muted">…</div>
				) : null,
			)}
		</div>
	);
}
