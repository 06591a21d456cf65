// SPDX-License-Identifier: Apache-2.0
// The dialogs of verbs that need a word more: until when, to whom, into what, what was seen.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { call } from '../api/http';
import type { Incident } from '../api/types';
import { go } from '../router';
import { docs, rows } from '../store/store';
import { Dialog, Severity } from '../ui/parts';
import { PickTarget } from './targets';
import { Confirm, HowLong, inMinutes, tomorrowAt } from '../ui/howlong';

const many = (n: number): string => (n === 1 ? 'this incident' : `${n} incidents`);

export function Snooze({
	n,
	onClose,
	onDone,
}: {
	n: number;
	onClose: () => void;
	onDone: (until: string) => void;
}): JSX.Element {
	return (
		<Dialog title={`Snooze ${many(n)}`} onClose={onClose}>
			<p class="muted">Acknowledged until then; after that people are paged anew, from step 1.</p>
			<HowLong
				verb="Snooze"
				choices={[
					['30 minutes', () => inMinutes(30)],
					['1 hour', () => inMinutes(60)],
					['2 hours', () => inMinutes(120)],
					['8 hours', () => inMinutes(480)],
					['Tomorrow 09:00', () => tomorrowAt(9)],
				]}
				onPick={(t) => onDone(new Date(t).toISOString())}
			/>
		</Dialog>
	);
}

/** Targets by name: people, who is on call, policies. */
export function Reassign({
	n,
	onClose,
	onDone,
}: {
	n: number;
	onClose: () => void;
	onDone: (target: string) => void;
}): JSX.Element {
	return (
		<Dialog title={`Hand ${many(n)} to…`} onClose={onClose}>
			<PickTarget label="Who" onPick={onDone} />
			<p class="muted">
				They are paged now, with the wait of the present step; after that the policy goes on.
			</p>
		</Dialog>
	);
}

export function Merge({
	ids,
	onClose,
	onDone,
}: {
	ids: number[];
	onClose: () => void;
	onDone: (into: number) => void;
}): JSX.Element {
	const [text, set] = useState('');
	const list = [...rows.values()]
		.map((s) => s.peek())
		.filter(
			(r) =>
				r.state !== 'resolved' &&
				(ids.length > 1 || !ids.includes(r.id)) &&
				`#${r.id} ${r.title} ${r.service ?? ''}`.toLowerCase().includes(text.toLowerCase()),
		)
		.sort((a, b) => Number(ids.includes(b.id)) - Number(ids.includes(a.id)) || b.id - a.id);
	return (
		<Dialog title={`Merge ${many(ids.length)} into…`} wide onClose={onClose}>
			<label>
				Which incident goes on
				<input
					value={text}
					autofocus
					placeholder="number or words"
					onInput={(e) => set(e.currentTarget.value)}
				/>
			</label>
			<ul class="picklist">
				{list.slice(0, 10).map((r) => (
					<li>
						<button onClick={() => onDone(r.id)}>
							<span>
								<Severity of={r.severity} /> #{r.id} {r.title}
							</span>
							<small>{r.service ?? ''}</small>
						</button>
					</li>
				))}
				{list.length === 0 && <li class="muted">No other open incident matches.</li>}
			</ul>
			<p class="muted">
				Alerts join the one that goes on; the others end. “Take the merge back” brings back those that went
				along.
			</p>
		</Dialog>
	);
}

export function NoteDialog({
	n,
	onClose,
	onDone,
}: {
	n: number;
	onClose: () => void;
	onDone: (note: string) => void;
}): JSX.Element {
	const [text, set] = useState('');
	return (
		<Dialog title={n === 1 ? 'Note' : `One note for ${n} incidents`} onClose={onClose}>
			<form
				onSubmit={(e) => {
					e.preventDefault();
					if (text.trim()) onDone(text.trim());
				}}
			>
				<label>
					What others should know
					<textarea rows={4} autofocus value={text} onInput={(e) => set(e.currentTarget.value)} />
				</label>
				<Confirm verb="Add to the timeline" off={!text.trim()} />
			</form>
		</Dialog>
	);
}

export function Declare({ onClose }: { onClose: () => void }): JSX.Element {
	const [title, setTitle] = useState('');
	const [details, setDetails] = useState('');
	const [service, setService] = useState('');
	const [severity, setSeverity] = useState('critical');
	const [error, fail] = useState('');
	return (
		<Dialog title="Open an incident" onClose={onClose}>
			<form
				onSubmit={(e) => {
					e.preventDefault();
					const body: Record<string, string> = { title, severity };
					if (details) body['details'] = details;
					if (service) body['service'] = service;
					call<Incident>('POST', '/incidents', { body }).then(
						(a) => {
							onClose();
							go(`/incidents/${a.value.id}`);
						},
						(x: Error) => fail(x.message),
					);
				}}
			>
				<label>
					What happened
					<input required autofocus value={title} onInput={(e) => setTitle(e.currentTarget.value)} />
				</label>
				<div class="two">
					<label>
						Service
						<select value={service} onChange={(e) => setService(e.currentTarget.value)}>
							<option value="">none: the catch-all is paged</option>
							{[...(docs('services')?.values() ?? [])].map((d) => (
								<option value={d.id}>{d.name}</option>
							))}
						</select>
					</label>
					<label>
						Severity
						<select value={severity} onChange={(e) => setSeverity(e.currentTarget.value)}>
							{['critical', 'error', 'warning'].map((s) => (
								<option>{s}</option>
							))}
						</select>
					</label>
				</div>
				<label>
					What is known
					<textarea rows={3} value={details} onInput={(e) => setDetails(e.currentTarget.value)} />
				</label>
				<Confirm verb="Open and page" error={error} />
			</form>
		</Dialog>
	);
}
