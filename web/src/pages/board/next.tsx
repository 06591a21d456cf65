// SPDX-License-Identifier: Apache-2.0
// What happens next, as the engine says: who is paged, and when. That nobody is, is drawn, with what to do.
import type { JSX } from 'preact';
import type { Then } from '../../api/http';
import { run } from '../../outbox';
import { may, me, targetName, userName } from '../../store/store';
import type { Row } from '../../store/reduce';
import { ago, countdown, now, parseSpan, until, when } from '../../ui/time';
import { open } from './dialogs';

/** "you", "Ben", "Ben, Cy +2"; a channel and a policy that pages later have names of their own. */
export function whom(then: Then): string {
	const names = new Set<string>();
	for (const t of then.whom) {
		if (t.users.length) for (const u of t.users) names.add(u === me.value?.id ? 'you' : userName(u));
		else if (/^(channel|policy)\//.test(t.target)) names.add(targetName(t.target));
	}
	const list = [...names];
	const some = list.slice(0, 2).join(', ') + (list.length > 2 ? ` +${list.length - 2}` : '');
	return then.in_turn && list.length > 1 ? `one of ${some}` : some;
}

/** Goes on by itself: only this is drawn each second. */
export function Count({ to, plus = 0 }: { to: string; plus?: number }): JSX.Element {
	return <span class="num">{countdown(Date.parse(to) + plus - now.value)}</span>;
}

function Absent({ word, id, children }: { word: string; id: number; children?: JSX.Element }): JSX.Element {
	return (
		<>
			<span class="nobody">NOBODY</span> {word}
			{children ??
				(may('member') && (
					<button class="small" onClick={() => open('reassign', [id])}>
						Hand to…
					</button>
				))}
		</>
	);
}

const lead: Record<Then['what'], string> = { step: 'pages', round: 'again', catch_all: 'last:' };

/** Whom a step, a snooze or an acknowledgement that runs out leads to. */
export function Ahead({ r }: { r: Row }): JSX.Element | null {
	const { wait, then } = r;
	if (!wait || !then) return null;
	const plus = then.delay ? parseSpan(then.delay) : 0;
	const passed = then.passed?.length ? (
		<span class="tag warn">step {[...new Set(then.passed)].join(', ')} has nobody</span>
	) : null;
	const count = <Count to={wait.ends_at} plus={plus} />;
	if (!then.reaches)
		return (
			<>
				<span class="nobody">NOBODY</span> next, in {count}
			</>
		);
	return (
		<>
			{lead[then.what]} <b>{whom(then)}</b> in {count} {passed}
		</>
	);
}

export function Next({ r }: { r: Row }): JSX.Element {
	if (r.unsent) return <span class="warn">not sent yet, trying…</span>;
	if (r.pending) return <span class="muted">saving…</span>;
	if (r.state === 'resolved')
		return (
			<span class="muted">
				by {userName(r.resolved_by)}
				{r.resolved_at && `, ${ago(r.resolved_at)}`}
			</span>
		);
	if (r.snoozed_until)
		return (
			<span>
				<span class="muted">until {until(r.snoozed_until)}, then</span>{' '}
				{r.then?.reaches ? <b>{whom(r.then)}</b> : r.then && <span class="nobody">NOBODY</span>}
			</span>
		);
	if (r.state === 'acknowledged')
		return (
			<span>
				{userName(r.acked_by)}
				{r.acked_at && <span class="muted"> {ago(r.acked_at)}</span>}
				{r.commander && r.acked_by !== `user/${r.commander}` && (
					<span class="muted"> · {userName(r.commander)} commands</span>
				)}
				{r.wait && r.then && (
					<span class="muted">
						{' '}
						· <Ahead r={r} />
					</span>
				)}
			</span>
		);
	if (r.muted_until)
		return <span class="muted">maintenance: nobody is paged until {when(r.muted_until)}</span>;
	if (r.exhausted_at)
		return (
			<span class="absent">
				<Absent word="left" id={r.id}>
					{may('member') && r.policy ? (
						<button
							class="small"
							title="Begins the policy again from step 1"
							onClick={() => void run([r.id], 'escalate')}
						>
							Page again
						</button>
					) : undefined}
				</Absent>
			</span>
		);
	if (r.then && !r.then.reaches)
		return (
			<span class="absent">
				<Ahead r={r} />
				{may('member') && (
					<button class="small" onClick={() => open('reassign', [r.id])}>
						Hand to…
					</button>
				)}
			</span>
		);
	return r.then ? (
		<span>
			<Ahead r={r} />
		</span>
	) : (
		<span class="muted">paging</span>
	);
}
