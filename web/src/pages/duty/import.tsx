// SPDX-License-Identifier: Apache-2.0
// A rota that is kept elsewhere, as an iCalendar file: read by the server, shown with what it would change, applied.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { call, Failure, type Fault } from '../../api/http';
import { reload } from '../../store/store';
import { Dialog } from '../../ui/parts';
import { Confirm } from '../../ui/howlong';
import { toast } from '../../ui/toast';
import { After } from './after';
import { iso, preview, type Body, type Difference } from './api';
import { fromLocal, FromTo, toLocal } from './fields';

interface Line {
	fate: string;
	file?: string;
	line: number;
	column: number;
	what: string;
	why: string;
}
/** What the server made of a text. */
export interface Made {
	documents: Body;
	report: Line[];
}
interface Read extends Made {
	differences: Difference[];
}

export const plural = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;
export const overridesIn = (d: Body): number => Object.keys((d['overrides'] ?? {}) as object).length;

const place = (l: Line, named: boolean): string =>
	named && l.file ? `${l.file}${l.line ? `:${l.line}:${l.column}` : ''}` : `line ${l.line}`;

const placed = (f: Fault): string =>
	[f.file, f.line, f.column].filter(Boolean).join(':') + (f.file || f.line ? ': ' : '') + f.detail;

/** A refusal in words, its faults with the places in what was sent. */
function said(e: Error): string {
	const faults = e instanceof Failure ? ((e.problem.errors ?? []) as Fault[]) : [];
	return faults.length ? faults.slice(0, 10).map(placed).join('; ') : e.message;
}

/** Sent once to be read and shown, then to be applied. `of` says all that it is read of: what was
 * read of anything else is neither shown nor applied. */
export function useReading<R>(
	of: string,
	ask: () => Promise<R>,
	apply: (r: R) => Promise<void>,
): { read: R | undefined; error: string; fail: (text: string) => void; busy: boolean; send: () => void } {
	const [had, keep] = useState<{ of: string; r: R } | null>(null);
	const [error, fail] = useState('');
	const [busy, sending] = useState(false);
	const read = had?.of === of ? had.r : undefined;
	const send = (): void => {
		fail('');
		sending(true);
		(read !== undefined ? apply(read) : ask().then((r) => keep({ of, r })))
			.catch((e: Error) => fail(said(e)))
			.finally(() => sending(false));
	};
	return { read, error, fail, busy, send };
}

/** What of it was not taken, or not as it is, each with its place. */
export function Report({
	list,
	named = false,
	most = 20,
}: {
	list: Line[];
	named?: boolean;
	most?: number;
}): JSX.Element | null {
	const left = list.filter((l) => l.fate !== 'taken');
	if (left.length === 0) return null;
	return (
		<details open>
			<summary>
				{left.length} not taken as {left.length === 1 ? 'it is' : 'they are'}
			</summary>
			<ul class="faults" tabIndex={0} aria-label="Not taken as they are">
				{left.slice(0, most).map((l) => (
					<li>
						{place(l, named)}: {l.what}: {l.why}
					</li>
				))}
				{left.length > most && <li>and {left.length - most} more</li>}
			</ul>
		</details>
	);
}
const DAYS = 90;
const MOST = 1024 * 1024; // bytes, as the server takes them

/** As the program sends it: not JSON. */
async function readCalendar(
	schedule: string,
	text: string,
	from: number,
	to: number,
	whole: boolean,
): Promise<Read> {
	const a = await call<Made>(
		'POST',
		`/schedules/${schedule}/import?from=${iso(from)}&to=${iso(to)}${whole ? '&whole=1' : ''}`,
		{ text, headers: { 'content-type': 'text/calendar' } },
	);
	const differences = await preview(schedule, a.value.documents, from, to);
	return { ...a.value, differences };
}

export function Import({
	schedule,
	zone,
	onClose,
}: {
	schedule: string;
	zone: string;
	onClose: (done: boolean) => void;
}): JSX.Element {
	const [start] = useState(() => Math.ceil(Date.now() / 36e5) * 36e5);
	const [text, set] = useState('');
	const [from, setFrom] = useState(toLocal(zone, start));
	const [to, setTo] = useState(toLocal(zone, start + DAYS * 864e5));
	const [whole, all] = useState(false);
	const a = fromLocal(zone, from),
		b = fromLocal(zone, to);
	const { read, error, fail, busy, send } = useReading<Read>(
		`${a} ${b} ${whole} ${text}`,
		() => readCalendar(schedule, text, a, b, whole),
		async (r) => {
			const path = `/config?source=calendar-${schedule}&message=imported%20calendar`;
			await call('POST', path, { body: r.documents });
			reload('overrides');
			toast({ text: `${plural(count, 'override')} imported; History takes them back` });
			onClose(true);
		},
	);
	const count = overridesIn(read?.documents ?? {});
	return (
		<Dialog title="Import a calendar" wide onClose={() => onClose(false)}>
			<form
				onSubmit={(e) => {
					e.preventDefault();
					send();
				}}
			>
				<p class="muted">
					Events name people by attendee, or by a name in their title; people are on call while they last.
				</p>
				<label>
					An iCalendar file (.ics)
					<input
						type="file"
						accept=".ics,text/calendar"
						onChange={(e) => {
							const f = e.currentTarget.files?.[0];
							if (f && f.size > MOST) fail('The file is larger than 1 MiB: tocsin import ical takes it.');
							else void f?.text().then(set);
						}}
					/>
				</label>
				<label>
					Or its text
					<textarea rows={4} spellcheck={false} value={text} onInput={(e) => set(e.currentTarget.value)} />
				</label>
				<FromTo zone={zone} from={from} to={to} onFrom={setFrom} onTo={setTo} />
				<label class="check">
					<input type="checkbox" checked={whole} onChange={(e) => all(e.currentTarget.checked)} /> Nobody is
					on call but whom the calendar names
				</label>
				{read && (
					<>
						<After list={read.differences} zone={zone} />
						<Report list={read.report} />
					</>
				)}
				<Confirm
					verb={read ? `Import ${plural(count, 'override')}` : 'See what it changes'}
					error={error}
					off={busy || !text.trim() || !(b > a) || (!!read && count === 0)}
					onCancel={() => onClose(false)}
				/>
			</form>
		</Dialog>
	);
}
