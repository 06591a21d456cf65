// SPDX-License-Identifier: Apache-2.0
// Every revision of the configuration: who, why, what is different, and the way back as a new revision.
import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { all, call, type Plan } from '../api/http';
import type { Revision } from '../api/types';
import { A } from '../router';
import { may, onEvents, userName } from '../store/store';
import { Dialog, Time, useLoad } from '../ui/parts';
import { toast } from '../ui/toast';
import { when, zoneName } from '../ui/time';
import { Change, RevisionDiff } from './config/history';

function Back({ n, onClose }: { n: number; onClose: (done: boolean) => void }): JSX.Element {
	const plan = useLoad(
		() =>
			call<Plan>('POST', '/config/rollback', { body: { revision: n, dry_run: true } }).then((a) => a.value),
		[n],
	);
	const [error, fail] = useState('');
	const list = plan.value?.changes ?? [];
	return (
		<Dialog title={`Back to revision ${n}`} wide onClose={() => onClose(false)}>
			<p class="muted">
				A new revision makes everything as it was then. Open incidents go on with the policy with which they
				began.
			</p>
			{(plan.error || error) && (
				<p class="note bad" role="alert">
					{error || plan.error!.message}
				</p>
			)}
			{plan.value && list.length === 0 && <p>Nothing would change: it is as it was then.</p>}
			<div class="scroll">
				{list.map((c) => (
					<Change c={c} />
				))}
			</div>
			<div class="actions">
				<button onClick={() => onClose(false)}>Cancel</button>
				<button
					class="main"
					disabled={list.length === 0}
					onClick={() =>
						call<Plan>('POST', '/config/rollback', { body: { revision: n } }).then(
							(a) => {
								toast({ text: `Rolled back to ${n} as revision ${a.value.revision}` });
								onClose(true);
							},
							(e: Error) => fail(e.message),
						)
					}
				>
					Roll back {list.length} document{list.length === 1 ? '' : 's'}
				</button>
			</div>
		</Dialog>
	);
}

export default function History(_: { id: string; sub: string }): JSX.Element {
	const revs = useLoad(() => all<Revision>('/config/revisions', 300), []);
	const [open, show] = useState<number | null>(null);
	const [back, roll] = useState<number | null>(null);
	useEffect(
		() =>
			onEvents((l) => {
				if (l.some((e) => e.type === 'config.changed')) revs.again();
			}),
		[],
	);
	const list = revs.value ?? [];
	return (
		<div class="page">
			<div class="page-inner">
				<p class="crumbs">
					<A href="/config">Configuration</A>
				</p>
				<header>
					<h1>History</h1>
					<span class="zone muted push">{zoneName()}</span>
				</header>
				{revs.error && <p class="note bad">{revs.error.message}</p>}
				<div class="panel scroll">
					<table>
						<thead>
							<tr>
								<th>Revision</th>
								<th>When</th>
								<th>Who</th>
								<th>What</th>
								<th>
									<span class="sr">Actions</span>
								</th>
							</tr>
						</thead>
						<tbody>
							{list.map((r, i) => {
								const what = r.changes as { kind: string; id: string; verb: string }[];
								return (
									<>
										<tr>
											<th scope="row">
												<button
													class="plain link"
													aria-expanded={open === r.number}
													onClick={() => show(open === r.number ? null : r.number)}
												>
													{r.number}
												</button>
												{i === 0 && <span class="tag">now</span>}
											</th>
											<td>
												<Time at={r.at}>{when(r.at)}</Time>
											</td>
											<td>
												{userName(r.author)}{' '}
												<small>
													{r.via}
													{r.source && `, ${r.source}`}
												</small>
											</td>
											<td>
												{r.message && <b>{r.message} </b>}
												<span class="muted">
													{what
														.slice(0, 4)
														.map((c) => `${c.verb} ${c.kind}/${c.id}`)
														.join(', ')}
													{what.length > 4 && ` and ${what.length - 4} more`}
												</span>
											</td>
											<td class="right">
												{i > 0 && may('admin') && (
													<button class="small" onClick={() => roll(r.number)}>
														Back to this…
													</button>
												)}
											</td>
										</tr>
										{open === r.number && (
											<tr>
												<td colSpan={5}>
													<RevisionDiff n={r.number} />
												</td>
											</tr>
										)}
									</>
								);
							})}
						</tbody>
					</table>
				</div>
				{back !== null && (
					<Back
						n={back}
						onClose={(done) => {
							roll(null);
							if (done) revs.again();
						}}
					/>
				)}
			</div>
		</div>
	);
}
