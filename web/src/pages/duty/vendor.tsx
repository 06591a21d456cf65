// SPDX-License-Identifier: Apache-2.0
// The export of another product: read by the server as the command line does, shown with what it would make, change
// and leave out, then applied.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { call } from '../../api/http';
import type { Plan } from '../../api/types';
import { reload, sectionOf } from '../../store/store';
import { Dialog } from '../../ui/parts';
import { Confirm } from '../../ui/howlong';
import { toast } from '../../ui/toast';
import { plural, Report, useReading, type Made } from './import';

const vendors: [string, string][] = [
	['victorops', 'VictorOps, Splunk On-Call'],
	['pagerduty', 'PagerDuty'],
	['opsgenie', 'Opsgenie'],
	['grafana-oncall', 'Grafana OnCall'],
	['goalert', 'GoAlert'],
];
const MOST = 16 * 1024 * 1024; // bytes, as the server takes them
const verbs = { add: 'new', change: 'changed', remove: 'removed' };

interface Read extends Made {
	changes: Plan['changes'];
}

async function readExport(vendor: string, files: File[], keys: boolean): Promise<Read> {
	const body = {
		files: await Promise.all(files.map(async (f) => ({ name: f.name, text: await f.text() }))),
	};
	const made = (await call<Made>('POST', `/import/${vendor}${keys ? '?keys=1' : ''}`, { body })).value;
	const plan = await call<Plan>('POST', '/config?dry_run=1', { body: made.documents });
	return { ...made, changes: plan.value.changes };
}

/** How many of each kind are new, and how many are changed; those that change by name. */
function Changes({ list }: { list: Plan['changes'] }): JSX.Element {
	const counts = new Map<string, number>();
	for (const c of list) {
		const key = `${sectionOf[c.kind] ?? c.kind}: ${verbs[c.verb]}`;
		counts.set(key, (counts.get(key) ?? 0) + 1);
	}
	const there = list.filter((c) => c.verb !== 'add');
	return (
		<div class="note" aria-live="polite">
			<b>After applying</b>
			{list.length === 0 && <p>Nothing would be different.</p>}
			<ul>
				{[...counts].map(([key, n]) => (
					<li>
						{key} <b>{n}</b>
					</li>
				))}
			</ul>
			{there.length > 0 && (
				<p class="warn">
					What is there already would be written over:{' '}
					{there
						.slice(0, 20)
						.map((c) => `${c.kind}/${c.id}`)
						.join(', ')}
					{there.length > 20 && ` and ${there.length - 20} more`}
				</p>
			)}
		</div>
	);
}

export function Vendor({ onClose }: { onClose: (done: boolean) => void }): JSX.Element {
	const [vendor, pick] = useState('pagerduty');
	const [files, set] = useState<File[]>([]);
	const [keys, keep] = useState(false);
	const { read, error, fail, busy, send } = useReading<Read>(
		`${vendor} ${keys} ${files.map((f) => `${f.name} ${f.size} ${f.lastModified}`).join()}`,
		() => readExport(vendor, files, keys),
		async (r) => {
			const path = `/config?source=import&message=moved%20from%20${vendor}`;
			const { changes } = (await call<Plan>('POST', path, { body: r.documents })).value;
			for (const section of new Set(changes.map((c) => sectionOf[c.kind]))) if (section) reload(section);
			toast({ text: `${plural(changes.length, 'document')} applied; History takes them back` });
			onClose(true);
		},
	);
	const taken = (read?.report ?? []).filter((l) => l.fate === 'taken').length;
	return (
		<Dialog title="Import from another product" wide onClose={() => onClose(false)}>
			<form
				onSubmit={(e) => {
					e.preventDefault();
					send();
				}}
			>
				<label>
					Product
					<select value={vendor} onChange={(e) => pick(e.currentTarget.value)}>
						{vendors.map(([id, name]) => (
							<option value={id}>{name}</option>
						))}
					</select>
				</label>
				<label>
					Its export: JSON files, named after their calls, or one with all in it
					<input
						type="file"
						multiple
						accept=".json,application/json"
						onChange={(e) => {
							const list = [...(e.currentTarget.files ?? [])];
							const size = list.reduce((n, f) => n + f.size, 0);
							fail(size > MOST ? 'It is larger than 16 MiB: tocsin import takes it.' : '');
							set(size > MOST ? [] : list);
						}}
					/>
				</label>
				<label class="check">
					<input type="checkbox" checked={keys} onChange={(e) => keep(e.currentTarget.checked)} /> Keep the
					keys of integrations, so that senders change the host name alone
				</label>
				<p class="muted">
					Which calls make an export stands in docs/import.md. Reading it changes nothing here, and asks no
					other server.
				</p>
				{read && (
					<>
						<p>{taken} items are taken as they are.</p>
						<Changes list={read.changes} />
						<Report list={read.report} named most={200} />
					</>
				)}
				<Confirm
					verb={read ? `Apply ${plural(read.changes.length, 'document')}` : 'See what it would be'}
					error={error}
					off={busy || files.length === 0 || read?.changes.length === 0}
					onCancel={() => onClose(false)}
				/>
			</form>
		</Dialog>
	);
}
