// SPDX-License-Identifier: Apache-2.0
// What changed when, by whom; the way back.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { get, type List } from '../../api/http';
import type { Revision } from '../../api/types';
import { A } from '../../router';
import { userName } from '../../store/store';
import { Time, useLoad } from '../../ui/parts';
import { Diff, pretty } from '../../ui/diff';
import { when } from '../../ui/time';

export function History({ kind, id }: { kind: string; id: string }): JSX.Element {
	const revs = useLoad(() => get<List<Revision>>('/config/revisions?limit=200'), [kind, id]);
	const list = (revs.value?.items ?? []).filter((r) =>
		(r.changes as { kind: string; id: string }[]).some((c) => c.kind === kind && c.id === id),
	);
	const [open, show] = useState<number | null>(null);
	return (
		<section class="panel" aria-label="History">
			<header class="panel-head">
				<h2>History</h2>
				<A href="/history">All changes</A>
			</header>
			<ul class="pad">
				{list.slice(0, 20).map((r) => (
					<li>
						<button
							class="plain link"
							aria-expanded={open === r.number}
							onClick={() => show(open === r.number ? null : r.number)}
						>
							r{r.number}
						</button>{' '}
						<Time at={r.at}>{when(r.at)}</Time>{' '}
						<small>
							{userName(r.author)}
							{r.via ? `, ${r.via}` : ''} {r.message}
						</small>
						{open === r.number && <RevisionDiff n={r.number} only={`${kind}/${id}`} />}
					</li>
				))}
				{revs.value && list.length === 0 && <li class="muted">Not changed in the last 200 revisions.</li>}
			</ul>
		</section>
	);
}

export function RevisionDiff({ n, only }: { n: number; only?: string }): JSX.Element {
	const d = useLoad(
		() =>
			get<{ changes: { kind: string; id: string; verb: string; before?: unknown; after?: unknown }[] }>(
				`/config/diff?from=${n - 1}&to=${n}`,
			),
		[n],
	);
	return (
		<>
			{d.error && <p class="note bad">{d.error.message}</p>}
			{(d.value?.changes ?? [])
				.filter((c) => !only || `${c.kind}/${c.id}` === only)
				.map((c) => (
					<Change c={c} />
				))}
		</>
	);
}

export function Change({
	c,
}: {
	c: { kind: string; id: string; verb: string; before?: unknown; after?: unknown };
}): JSX.Element {
	return (
		<div>
			<h3>
				{c.verb} {c.kind}/{c.id}
			</h3>
			<Diff before={c.before ? pretty(c.before) : []} after={c.after ? pretty(c.after) : []} />
		</div>
	);
}
