// SPDX-License-Identifier: Apache-2.0
// Whether an integration hears anything, as one line of the list.
import type { JSX } from 'preact';
import { Health, useRejected, useSignals, useTicks } from './signals';

export function State({ id }: { id: string }): JSX.Element {
	const signals = useSignals(id, 1).value?.items;
	const rejected = useRejected(id, useTicks(id), 1).value?.items;
	if (!signals || !rejected) return <span class="muted">…</span>;
	return <Health last={signals[0]} refused={rejected[0]} brief />;
}
