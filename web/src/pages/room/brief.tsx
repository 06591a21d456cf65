// SPDX-License-Identifier: Apache-2.0
// What is known, in four short fields that anybody who may respond writes.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { call } from '../../api/http';
import type { Brief } from '../../api/types';
import { may, userName } from '../../store/store';
import { Time } from '../../ui/parts';
import { ago, countdown, lasting, now, when } from '../../ui/time';

const fields: ['status' | 'impact' | 'theory' | 'next_step', string, string][] = [
	['status', 'Now', 'Rolling back the deploy of 14:00'],
	['impact', 'Impact', 'One in twelve card payments fails'],
	['theory', 'We think', 'A new timeout of the card client'],
	['next_step', 'Next', 'Look at the error split again'],
];

function Due({ at }: { at: string }): JSX.Element {
	const left = Date.parse(at) - now.value;
	return (
		<span class={left < 0 ? 'due over' : 'due'}>
			{left < 0 ? `overdue ${lasting(at)}` : `in ${countdown(left)}`} (<Time at={at}>{when(at)}</Time>)
		</span>
	);
}

function Form({ id, b, onDone }: { id: number; b: Brief; onDone: () => void }): JSX.Element {
	const [text, set] = useState({
		status: b.status,
		impact: b.impact,
		theory: b.theory,
		next_step: b.next_step,
	});
	const [by, setBy] = useState('keep');
	const [error, fail] = useState('');
	const save = (): void => {
		const body: Record<string, unknown> = { ...text, revision: b.revision };
		if (by === 'keep' && b.next_by && text.next_step === b.next_step) body['next_by'] = b.next_by;
		else if (Number(by) > 0) body['next_by'] = new Date(Date.now() + Number(by) * 60_000).toISOString();
		call('POST', `/incidents/${id}/brief`, { body }).then(onDone, (e: Error) => fail(e.message));
	};
	return (
		<form
			class="brief-form"
			onSubmit={(e) => {
				e.preventDefault();
				save();
			}}
			onKeyDown={(e) => {
				if (e.key === 'Escape') onDone();
			}}
		>
			{fields.map(([key, name, example], i) => (
				<label key={key}>
					{name}
					<input
						value={text[key]}
						maxLength={500}
						placeholder={example}
						autofocus={i === 0}
						onInput={(e) => set({ ...text, [key]: e.currentTarget.value })}
					/>
				</label>
			))}
			<label>
				By when
				<select value={by} onChange={(e) => setBy(e.currentTarget.value)}>
					<option value="keep">{b.next_by ? `as it is: ${when(b.next_by)}` : 'not said'}</option>
					<option value="10">in 10 minutes</option>
					<option value="30">in 30 minutes</option>
					<option value="60">in an hour</option>
				</select>
			</label>
			{error && (
				<p class="note bad" role="alert">
					{error}. Close and open it to see what stands there now.
				</p>
			)}
			<div class="actions">
				<button type="button" onClick={onDone}>
					Cancel
				</button>
				<button class="main">Save</button>
			</div>
		</form>
	);
}

export function BriefBox({
	id,
	b,
	onChange,
}: {
	id: number;
	b: Brief | undefined;
	onChange: () => void;
}): JSX.Element | null {
	const [editing, edit] = useState(false);
	if (!b) return null;
	const said = fields.filter(([key]) => b[key]);
	return (
		<section class="brief" aria-label="Brief">
			{editing ? (
				<Form
					id={id}
					b={b}
					onDone={() => {
						edit(false);
						onChange();
					}}
				/>
			) : (
				<>
					<dl>
						{said.map(([key, name]) => (
							<div key={key}>
								<dt>{name}</dt>
								<dd>
									{b[key]} {key === 'next_step' && b.next_by && <Due at={b.next_by} />}
								</dd>
							</div>
						))}
					</dl>
					<p class="muted">
						{said.length > 0
							? `${userName(b.changed_by)}, ${ago(b.changed_at!)}`
							: 'Nobody has written down what is known.'}{' '}
						{may('member') && (
							<button class="small" onClick={() => edit(true)}>
								{said.length > 0 ? 'Edit the brief' : 'Write a brief'}
							</button>
						)}
					</p>
				</>
			)}
		</section>
	);
}
