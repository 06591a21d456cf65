// SPDX-License-Identifier: Apache-2.0
// Some alerts get an incident of their own. What that does, and who is paged by it, stands there before it is done.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { all, call, get, type Preview } from '../../api/http';
import type { Alert, Incident } from '../../api/types';
import { run } from '../../outbox';
import { A } from '../../router';
import { docs, refresh, targetName, userName } from '../../store/store';
import type { Row } from '../../store/reduce';
import { Dialog, Severity, takesFocus, useLoad } from '../../ui/parts';
import { Confirm } from '../../ui/howlong';

/** The server's limits: so many alerts leave at a time. */
const MOST = 500;
const ranks = ['critical', 'error', 'warning', 'info'];

/** Why these cannot leave, or null. */
function refusal(r: Row, chosen: Alert[]): string | null {
	if (chosen.length === 0) return 'Choose the alerts that leave.';
	if (chosen.length >= r.alerts) return 'One alert must stay: an incident is about something.';
	if (!chosen.some((a) => a.state === 'open'))
		return 'These have all recovered: choose one that still fires.';
	return null;
}

/** As the engine decides it: the service says how urgent the worst of them is. */
function urgencyOf(service: string, chosen: Alert[]): string {
	const worst = Math.min(...chosen.map((a) => ranks.indexOf(a.severity)));
	const said = docs('services')?.get(service)?.body['urgency'] as string | undefined;
	return said === 'high' || said === 'low' ? said : worst <= 1 ? 'high' : 'low';
}

/** Who the policy of its service pages first, as it is today. */
function WhoIsPaged({ service, urgency }: { service: string; urgency: string }): JSX.Element {
	const p = useLoad(
		() => get<Preview>(`/services/${service}/preview?by=hand&urgency=${urgency}`),
		[service, urgency],
	);
	const sent = (p.value?.pages ?? []).filter((x) => x.user && !x.reason);
	const first = sent.filter((x) => x.step === sent[0]?.step && (x.round ?? 1) === 1);
	const people = [...new Set(first.map((x) => userName(x.user)))];
	if (p.error) return <p class="note">Who is paged cannot be foretold: {p.error.message}</p>;
	if (!p.value) return <p class="muted">…</p>;
	return (
		<p class="note">
			The new incident is <b>triggered</b> and pages by{' '}
			{p.value.policy ? `the policy ${targetName(`policy/${p.value.policy}`)}` : 'the catch-all'}, whoever has
			acknowledged this one: first{' '}
			{people.length ? <b>{people.join(', ')}</b> : <span class="nobody">NOBODY</span>}.
		</p>
	);
}

function Choose({
	list,
	chosen,
	onChange,
}: {
	list: Alert[];
	chosen: Set<number>;
	onChange: (s: Set<number>) => void;
}): JSX.Element {
	const toggle = (id: number): void => {
		const next = new Set(chosen);
		if (!next.delete(id)) next.add(id);
		onChange(next);
	};
	return (
		<fieldset class="leaving">
			<legend>Which alerts leave</legend>
			{list.map((a, i) => (
				<label class="check" key={a.id}>
					<input
						type="checkbox"
						ref={i === 0 ? takesFocus : null}
						checked={chosen.has(a.id)}
						onChange={() => toggle(a.id)}
					/>
					<span>
						<span class={a.state === 'open' ? 'triggered' : 'resolved'}>
							{a.state === 'open' ? '▲ open' : '✓ recovered'}
						</span>{' '}
						<Severity of={a.severity} /> {a.summary} <small class="muted">{a.dedup_key}</small>
					</span>
				</label>
			))}
		</fieldset>
	);
}

function Done({ from, made, onClose }: { from: number; made: Incident; onClose: () => void }): JSX.Element {
	return (
		<>
			<p role="status">
				<A href={`/incidents/${made.id}`} onClick={onClose}>
					#{made.id} {made.title}
				</A>{' '}
				{made.state === 'acknowledged' ? 'is yours; nobody is paged for it.' : 'is triggered and pages.'}
			</p>
			<div class="actions">
				<button
					type="button"
					onClick={() => {
						onClose();
						void run([made.id], 'merge', { into: from });
					}}
				>
					Put it back
				</button>
				<button type="button" class="main" ref={takesFocus} onClick={onClose}>
					Stay here
				</button>
			</div>
		</>
	);
}

export function SplitDialog({ r, onClose }: { r: Row; onClose: () => void }): JSX.Element {
	const alerts = useLoad(() => all<Alert>(`/incidents/${r.id}/alerts`, MOST), [r.id, r.alerts]);
	const [ids, choose] = useState(new Set<number>());
	const [title, setTitle] = useState('');
	const [take, taking] = useState(false);
	const [busy, splitting] = useState(false);
	const [error, fail] = useState('');
	const [made, make] = useState<Incident | null>(null);
	// Its first alert says which service it is of: the earliest of those chosen.
	const chosen = (alerts.value ?? []).filter((a) => ids.has(a.id)).sort((a, b) => a.id - b.id);
	const why = refusal(r, chosen);
	const service = chosen[0]?.service ?? r.service;
	const split = (): void => {
		splitting(true);
		const body: Record<string, unknown> = { alerts: chosen.map((a) => a.id), take };
		if (title.trim()) body['title'] = title.trim();
		call<Incident>('POST', `/incidents/${r.id}/split`, { body })
			.then(
				(a) => make(a.value),
				(e: Error) => fail(e.message),
			)
			.finally(() => {
				splitting(false);
				void refresh(r.id).catch(() => undefined);
			});
	};
	if (made)
		return (
			<Dialog title={`Split off: #${made.id}`} onClose={onClose}>
				<Done from={r.id} made={made} onClose={onClose} />
			</Dialog>
		);
	return (
		<Dialog title={`Split alerts off #${r.id}`} wide onClose={onClose}>
			<form
				onSubmit={(e) => {
					e.preventDefault();
					if (!why && !busy) split();
				}}
			>
				{alerts.error && <p class="note bad">{alerts.error.message}</p>}
				{alerts.value ? (
					<Choose list={alerts.value} chosen={ids} onChange={choose} />
				) : (
					<p class="muted">…</p>
				)}
				<label>
					Title of the new incident
					<input
						value={title}
						maxLength={200}
						placeholder={chosen[0]?.summary ?? 'what its first alert says'}
						onInput={(e) => setTitle(e.currentTarget.value)}
					/>
				</label>
				<label class="check">
					<input type="checkbox" checked={take} onChange={(e) => taking(e.currentTarget.checked)} />I take it:
					nobody is paged for it
				</label>
				{why ? (
					<p class="muted">{why}</p>
				) : take ? (
					<p class="note">The new incident is acknowledged by you at once. Nobody is paged.</p>
				) : service ? (
					<WhoIsPaged service={service} urgency={urgencyOf(service, chosen)} />
				) : (
					<p class="note">It belongs to no service: the catch-all is paged.</p>
				)}
				<p class="muted">Signals with the keys of these alerts count for the new incident from now on.</p>
				<Confirm verb="Split off" off={!!why || busy} error={error} onCancel={onClose} />
			</form>
		</Dialog>
	);
}
