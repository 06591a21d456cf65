// SPDX-License-Identifier: Apache-2.0
// Who is paged, who is next and when, and what became of each page.
import type { JSX } from 'preact';
import { get, type Escalation, type List } from '../../api/http';
import type { Page } from '../../api/types';
import { A } from '../../router';
import { targetName, userName } from '../../store/store';
import type { Row } from '../../store/reduce';
import { useLoad } from '../../ui/parts';
import { clockSeconds, countdown, lasting, now, took, when } from '../../ui/time';

// ---- who is asked ----

const pageWords: Record<string, string> = {
	queued: 'queued',
	sending: 'sending',
	sent: 'sent',
	delivered: 'delivered',
	read: 'read',
	failed: 'failed',
	cancelled: 'not needed',
	bundled: 'in a bundle',
};

export function Paging({ r, tick }: { r: Row; tick: number }): JSX.Element {
	const esc = useLoad(() => get<Escalation>(`/incidents/${r.id}/escalation`), [r.id, r.revision, tick]);
	const pages = useLoad(
		() => get<List<Page>>(`/incidents/${r.id}/pages?limit=100`),
		[r.id, r.revision, tick],
	);
	const e = esc.value;
	const left = e?.ends_at ? Date.parse(e.ends_at) - now.value : 0;
	const names = (list: Escalation['now']): JSX.Element => (
		<>
			{(list ?? []).map((x) => (
				<li>
					<b>
						{x.users.length ? (
							x.users.map(userName).join(', ')
						) : /^(policy|channel)/.test(x.target) ? (
							`${x.target.startsWith('policy') ? 'the policy' : 'the channel'} ${targetName(x.target)}`
						) : (
							<span class="nobody">NOBODY</span>
						)}
					</b>
					<small>
						{x.users.length === 1 && x.target === `user/${x.users[0]}`
							? 'by name'
							: /^(policy|channel)/.test(x.target)
								? ''
								: targetName(x.target)}
					</small>
				</li>
			))}
		</>
	);
	return (
		<section class="panel" aria-label="Who is paged">
			<header class="panel-head">
				<h2>Who is paged</h2>
				{r.policy && <A href={`/config/policies/${r.policy}`}>{targetName(`policy/${r.policy}`)}</A>}
			</header>
			<div class="pad">
				{r.state === 'triggered' && e?.waiting && (
					<>
						<h3>
							{e.step
								? `Step ${e.step}${e.steps ? ` of ${e.steps}` : ''}${(e.round ?? 1) > 1 ? `, round ${e.round}` : ''}`
								: 'Before step 1'}
						</h3>
						<ul class="who">{names(e.now)}</ul>
						<h3>
							{e.last ? 'Then the catch-all' : 'Next'}
							{left > 0 && (
								<>
									{' '}
									in <span class="num big-count">{countdown(left)}</span>
								</>
							)}
						</h3>
						<ul class="who">
							{names(e.next)}
							{(e.next ?? []).length === 0 && <li class="muted">nobody</li>}
						</ul>
					</>
				)}
				{r.state === 'triggered' && r.muted_until && (
					<p class="note warn">
						Maintenance: nobody is paged until {when(r.muted_until)}. If it is still open then, step 1 begins;
						reassigning or escalating pages now.
					</p>
				)}
				{r.state === 'triggered' && !r.muted_until && e && !e.waiting && (
					<p class={r.exhausted_at ? 'note bad' : 'muted'}>
						{r.exhausted_at ? 'Nobody is left to page. The catch-all was told.' : 'No step waits.'}
					</p>
				)}
				{r.state === 'acknowledged' && (
					<p>
						{r.snoozed_until ? (
							<>
								Snoozed by <b>{userName(r.acked_by)}</b> until {when(r.snoozed_until)}, then paged anew.
							</>
						) : (
							<>
								<b>{userName(r.acked_by)}</b> has it{r.acked_at && <>, {lasting(r.acked_at)}</>}. Nobody else
								is paged.
							</>
						)}
					</p>
				)}
				{r.state === 'resolved' && (
					<p>
						Ended by <b>{userName(r.resolved_by)}</b>
						{r.resolved_at && (
							<>
								{' '}
								{when(r.resolved_at)}, after {took(Date.parse(r.resolved_at) - Date.parse(r.opened_at))}
							</>
						)}
						.
					</p>
				)}
				{(pages.value?.items.length ?? 0) > 0 && (
					<>
						<h3>Pages</h3>
						<ul class="pages">
							{pages.value!.items.map((p) => (
								<li>
									<span>
										<b>{userName(p.user)}</b>{' '}
										<small>
											{p.contact}, {p.type}
										</small>
									</span>
									<span class={`pstate ${p.state}`}>
										{pageWords[p.state]}
										{p.sent_at
											? ` ${clockSeconds(p.sent_at)}`
											: p.next_at && p.state === 'queued'
												? `, next try in ${countdown(Date.parse(p.next_at) - now.value)}`
												: ''}
									</span>
									{p.error && (
										<small class="warn">
											{p.error}
											{p.attempts > 1 ? ` (${p.attempts} tries)` : ''}
										</small>
									)}
									{p.possibly_twice && <small class="warn">possibly sent twice</small>}
								</li>
							))}
						</ul>
					</>
				)}
				{pages.value && pages.value.items.length === 0 && <p class="muted">No page was sent.</p>}
			</div>
		</section>
	);
}
