// SPDX-License-Identifier: Apache-2.0
// The numbers beside a text, those of faulty lines marked.
import type { JSX } from 'preact';

export function Gutter({ rows, bad }: { rows: number; bad: Map<number, string> }): JSX.Element {
	return (
		<div class="gutter" aria-hidden="true">
			{Array.from({ length: rows }, (_, i) => (
				<div>
					{bad.has(i + 1) ? (
						<span class="bad" title={bad.get(i + 1)}>
							{i + 1}
						</span>
					) : (
						i + 1
					)}
				</div>
			))}
		</div>
	);
}
