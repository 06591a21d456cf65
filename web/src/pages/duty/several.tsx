// SPDX-License-Identifier: Apache-2.0
// Many shifts at once, one a line, as they are written down or copied out of a table: read by the server, which says
// what each line would change and which it does not understand. Nothing is saved before all are understood.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { call } from '../../api/http';
import { reload } from '../../store/store';
import { Dialog } from '../../ui/parts';
import { Confirm } from '../../ui/howlong';
import { toast } from '../../ui/toast';
import { After } from './after';
import { preview, type Body, type Difference } from './api';
import { overridesIn, plural, Report, useReading, type Made } from './import';

interface Read extends Made {
	differences: Difference[];
}
const MOST = 400 * 864e5; // of one preview

async function readLines(schedule: string, zone: string, text: string): Promise<Read> {
	const a = await call<Made>(
		'POST',
		`/schedules/${schedule}/import-shifts?zone=${encodeURIComponent(zone)}`,
		{ text, headers: { 'content-type': 'text/plain' } },
	);
	const all = Object.values((a.value.documents['overrides'] ?? {}) as Record<string, Body>);
	const from = Math.min(...all.map((o) => Date.parse(String(o['from'])))),
		to = Math.max(...all.map((o) => Date.parse(String(o['to']))));
	const differences = all.length
		? await preview(schedule, a.value.documents, from, Math.min(to, from + MOST))
		: [];
	return { ...a.value, differences };
}

export function Several({
	schedule,
	zone,
	onClose,
}: {
	schedule: string;
	zone: string;
	onClose: (done: boolean) => void;
}): JSX.Element {
	const [text, set] = useState('');
	const { read, error, busy, send } = useReading<Read>(
		`${zone} ${text}`,
		() => readLines(schedule, zone, text),
		async (r) => {
			await call('POST', '/config?message=several%20overrides', { body: r.documents });
			reload('overrides');
			toast({ text: `${plural(count, 'override')} made; History takes them back` });
			onClose(true);
		},
	);
	const count = overridesIn(read?.documents ?? {});
	const wrong = (read?.report ?? []).filter((l) => l.fate === 'left out').length;
	return (
		<Dialog title="Several overrides" wide onClose={() => onClose(false)}>
			<form
				onSubmit={(e) => {
					e.preventDefault();
					send();
				}}
			>
				<label>
					One a line: from, to, who
					<textarea
						rows={7}
						spellcheck={false}
						value={text}
						placeholder={'2026-12-24 18:00 - 2026-12-25 08:00 ada\n2026-12-25 08:00 - 18:00 Ben + Cy'}
						onInput={(e) => set(e.currentTarget.value)}
					/>
				</label>
				<p class="muted">
					Clock of {zone}. Also out of a table: tabs, commas and semicolons divide as well; “nobody” is a name
					too.
				</p>
				{read && (
					<>
						<After list={read.differences} zone={zone} />
						<div role="status">
							{wrong > 0 && (
								<p class="warn">
									{plural(wrong, 'line')} {wrong === 1 ? 'is' : 'are'} not understood: nothing is saved before{' '}
									{wrong === 1 ? 'it is' : 'they are'}.
								</p>
							)}
						</div>
						<Report list={read.report} most={50} />
					</>
				)}
				<Confirm
					verb={read ? `Make ${plural(count, 'override')}` : 'See what it changes'}
					error={error}
					off={busy || !text.trim() || (!!read && (count === 0 || wrong > 0))}
					onCancel={() => onClose(false)}
				/>
			</form>
		</Dialog>
	);
}
