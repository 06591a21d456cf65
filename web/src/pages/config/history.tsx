// SPDX-License-Identifier: Apache-2.0
// What changed when, by whom; the way back.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { call, get, type List, type Plan } from '../../api/http';
import type { Revision } from '../../api/types';
import { A } from '../../router';
import { may, reload, userName, type Doc, type Section } from '../../store/store';
import { Dialog, Time, useLoad } from '../../ui/parts';
import { toast } from '../../ui/toast';
import { Diff, pretty } from '../../ui/diff';
import { when } from '../../ui/time';

/** One document back to how it was after a revision; first what that changes, then by a press. */
function Back({
	section,
	d,
	n,
	onClose,
}: {
	section: Section;
	d: Doc;
	n: number;
	onClose: () => void;
}): JSX.Element {
	const ask = (dry_run: boolean): Promise<Plan> =>
		call<Plan>('POST', `/${section}/${d.id}/rollback`, {
			body: { revision: n, dry_run },
			headers: { 'If-Match': `"${d.revision}"` },
		}).then((a) => a.value);
	const plan = useLoad(() => ask(true), [n, d.revision]);
	const [error, fail] = useState('');
	const changes = plan.value?.changes ?? [];
	return (
		<Dialog title={`${d.name}, back to revision ${n}`} onClose={onClose} wide>
			{(plan.error || error) && (
				<p class="note bad" role="alert">
					{plan.error?.message ?? error}
				</p>
			)}
			{changes.map((c) => (
				<Change c={c} />
			))}
			{plan.value && changes.length === 0 && <p>It is as it was then already.</p>}
			<p class="muted">Only this document changes, as a new revision; nothing is lost.</p>
			<div class="actions">
				<button onClick={onClose}>Leave it</button>
				<button
					class="main"
					disabled={changes.length === 0}
					onClick={() =>
						ask(false).then(
							(p) => {
								toast({ text: `${d.name} is back to revision ${n}, as revision ${p.revision}` });
								reload(section);
								onClose();
							},
							(e: Error) => fail(e.message),
						)
					}
				>
					Back to this
				</button>
			</div>
		</Dialog>
	);
}

export function History({ section, kind, d }: { section: Section; kind: string; d: Doc }): JSX.Element {
	const { id } = d;
	const revs = useLoad(() => get<List<Revision>>('/config/revisions?limit=200'), [kind, id]);
	const list = (revs.value?.items ?? []).filter((r) =>
		(r.changes as { kind: string; id: string }[]).some((c) => c.kind === kind && c.id === id),
	);
	const [open, show] = useState<number | null>(null);
	const [back, askBack] = useState<number | null>(null);
	return (
		<section class="panel" aria-label="History">
			<header class="panel-head">
				<h2>History</h2>
				<A href="/history">All changes</A>
			</header>
			<ul class="pad">
				{list.slice(0, 20).map((r, i) => (
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
						{i > 0 && may('member') && (
							<>
								{' '}
								<button
									class="small"
									aria-label={`Back to this… (revision ${r.number})`}
									onClick={() => askBack(r.number)}
								>
									Back to this…
								</button>
							</>
						)}
						{open === r.number && <RevisionDiff n={r.number} only={`${kind}/${id}`} />}
					</li>
				))}
				{revs.value && list.length === 0 && <li class="muted">Not changed in the last 200 revisions.</li>}
			</ul>
			{back !== null && <Back section={section} d={d} n={back} onClose={() => askBack(null)} />}
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
