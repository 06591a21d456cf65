// SPDX-License-Identifier: Apache-2.0
// What somebody wrote down. Its author may give it other words; those before stay to be read.
import { useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { call } from '../../api/http';
import type { Event } from '../../api/types';
import { may, me, userName } from '../../store/store';
import { takesFocus, Time } from '../../ui/parts';
import { clockSeconds } from '../../ui/time';
import { Confirm } from '../../ui/howlong';
import { MENTION } from './mentions';
import { Said } from './said';

interface Data {
	text?: string;
	before?: string;
	happened_at?: string;
}
const dataOf = (e: Event): Data => (e.data ?? {}) as Data;

/** When it happened, which may be long before it was written down. */
export const moment = (e: Event): string => dataOf(e).happened_at ?? e.at;

export const isNote = (e: Event): boolean => e.type === 'incident.noted' || e.type === 'incident.recalled';

function Edit({ e, text, onDone }: { e: Event; text: string; onDone: () => void }): JSX.Element {
	const [now, set] = useState(text);
	const [busy, saving] = useState(false);
	const [error, fail] = useState('');
	const save = (): void => {
		if (busy || !now.trim()) return;
		if (now.trim() === text) return onDone();
		saving(true);
		call('POST', `/incidents/${e.incident}/edit`, { body: { line: e.seq, text: now.trim() } }).then(
			onDone,
			(x: Error) => {
				saving(false);
				fail(x.message);
			},
		);
	};
	return (
		<form
			class="edit-note"
			onSubmit={(x) => {
				x.preventDefault();
				save();
			}}
			onKeyDown={(x) => {
				if (x.key === 'Escape') onDone();
				else if (x.key === 'Enter' && !x.shiftKey && x.target instanceof HTMLTextAreaElement) save();
				else return;
				x.preventDefault();
			}}
		>
			<textarea
				aria-label={`The note of ${clockSeconds(moment(e))}`}
				ref={takesFocus}
				value={now}
				onInput={(x) => set(x.currentTarget.value)}
			/>
			<Confirm verb="Save" error={error} off={busy || !now.trim()} onCancel={onDone}>
				{MENTION.test(now) && <small class="muted">An edit sends no notice.</small>}
			</Confirm>
		</form>
	);
}

/** The words before each edit, the first ones first. */
function Former({ edits }: { edits: Event[] }): JSX.Element {
	return (
		<ol class="former" aria-label="What it said before">
			{edits.map((x) => (
				<li key={x.seq}>
					<small class="muted">
						until <Time at={x.at}>{clockSeconds(x.at)}</Time>
					</small>
					<Said text={dataOf(x).before ?? ''} />
				</li>
			))}
		</ol>
	);
}

export function Note({
	e,
	now,
	edits,
}: {
	e: Event;
	/** Its words after an edit. */
	now: string | undefined;
	edits: Event[];
}): JSX.Element {
	const [editing, edit] = useState(false);
	const [former, show] = useState(false);
	const button = useRef<HTMLButtonElement>(null);
	const last = edits[edits.length - 1];
	const text = (last ? dataOf(last).text : undefined) ?? now ?? dataOf(e).text ?? e.sentence;
	const own = e.actor_kind === 'user' && e.actor === me.value?.id && may('member');
	const done = (): void => {
		edit(false);
		requestAnimationFrame(() => button.current?.focus());
	};
	return (
		<div class={editing ? 'said editing' : 'said'}>
			<b>{userName(e.actor)}</b>{' '}
			{moment(e) !== e.at && <small class="muted">written down {clockSeconds(e.at)}</small>}{' '}
			{edits.length > 0 ? (
				<button class="plain link small" aria-expanded={former} onClick={() => show(!former)}>
					edited
				</button>
			) : (
				now && <small class="muted">edited</small>
			)}
			{own && !editing && (
				<button
					class="plain link small change"
					ref={button}
					aria-label={`Edit the note of ${clockSeconds(moment(e))}`}
					onClick={() => edit(true)}
				>
					edit
				</button>
			)}
			{editing ? <Edit e={e} text={text} onDone={done} /> : <Said text={text} />}
			{former && <Former edits={edits} />}
		</div>
	);
}
