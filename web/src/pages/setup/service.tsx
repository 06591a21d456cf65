// SPDX-License-Identifier: Apache-2.0
// What breaks, and where its signals come from; then the wait for the first one.
import { useState } from 'preact/hooks';
import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { Failure } from '../../api/http';
import { A } from '../../router';
import { docs, reload } from '../../store/store';
import { Fault } from '../../ui/howlong';
import { Copy } from '../../ui/parts';
import { refused } from '../../ui/toast';
import { kindTables, loadKinds, valuesOf } from '../config/form/fields';
import { useSignals } from '../config/integration/signals';
import { snippets } from '../config/integration/snippets';
import { faultAt, saveSet, slugOf, wordsOf } from '../contacts/api';
import { Field } from '../contacts/contacts';

/** The key is shown by the server once; it stays here until this tab goes. */
const fresh = signal<{ id: string; type: string; key: string } | null>(null);

const names: Record<string, string> = {
	native: 'Anything that can send JSON (curl, scripts)',
	alertmanager: 'Prometheus or Alertmanager',
	victorops: 'VictorOps REST endpoint',
};
const known = (type: string): string => names[type] ?? type;

function types(): string[] {
	loadKinds();
	const f = kindTables.value?.get('integrations')?.fields.find((x) => x.name === 'type');
	return f ? valuesOf(f) : Object.keys(names);
}

/** By the sender's own way in; severity info is kept and wakes nobody. */
async function sendTest(type: string, key: string): Promise<void> {
	const [path, body]: [string, unknown] =
		type === 'alertmanager'
			? [
					`/in/${key}/api/v2/alerts`,
					[
						{
							labels: { alertname: 'TocsinTest', severity: 'info' },
							annotations: { summary: 'A test signal' },
						},
					],
				]
			: type === 'victorops'
				? [
						`/integrations/generic/20131114/alert/${key}/test`,
						{ message_type: 'INFO', entity_id: 'tocsin/test', state_message: 'A test signal' },
					]
				: [
						'/api/v1/signals',
						{ action: 'trigger', dedup_key: 'tocsin/test', severity: 'info', summary: 'A test signal' },
					];
	const rs = await fetch(path, {
		method: 'POST',
		credentials: 'omit',
		headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
		body: JSON.stringify(body),
	});
	if (!rs.ok) throw new Failure(rs.status, await rs.json().catch(() => ({})));
}

function Waiting({ id, type, secret }: { id: string; type: string; secret: string | null }): JSX.Element {
	const last = useSignals(id).value?.items[0];
	return (
		<>
			{snippets(type, secret ?? 'KEY').map(({ name, where, text }, i) => (
				<details open={i === 0}>
					<summary>
						{name} <small>{where}</small>
					</summary>
					<pre tabIndex={0}>{text}</pre>
					<Copy text={text} />
				</details>
			))}
			<p class={last ? 'note' : 'note waiting'} role="status">
				{last ? '● A signal came in: it works.' : '◌ Waiting for the first signal…'}
			</p>
			{secret ? (
				<p class="choices">
					<button onClick={() => void sendTest(type, secret).catch(refused)}>Send a test signal</button>
					<span class="muted">Of severity info: it is kept, and wakes nobody.</span>
				</p>
			) : (
				<p class="muted">
					KEY was shown once, when the integration was made.{' '}
					<A href={`/config/integrations/${id}`}>More about it</A>
				</p>
			)}
		</>
	);
}

function Make(): JSX.Element {
	const policies = [...(docs('policies')?.values() ?? [])];
	const services = docs('services'),
		integrations = docs('integrations');
	const [name, setName] = useState('Website');
	const [policy, setPolicy] = useState('');
	const [type, setType] = useState('native');
	const [error, fail] = useState<Error | null>(null);
	const [busy, work] = useState(false);
	const chosen = policies.find((p) => p.id === policy) ?? policies[0];
	const service = slugOf(name, (x) => !!services?.has(x), 'service');
	const integration = slugOf(`${name} ${type}`, (x) => !!integrations?.has(x), 'integration');
	const team = chosen?.body['team'];
	const make = (): void => {
		work(true);
		saveSet(
			{
				services: {
					[service]: { name, ...(team ? { team } : {}), ...(chosen ? { policy: chosen.id } : {}) },
				},
				integrations: {
					[integration]: { name: `${name}, ${type}`, type, service, ...(team ? { team } : {}) },
				},
			},
			`set-up: service ${service}, integration ${integration}`,
		)
			.then(
				(plan) => {
					const key = plan.changes.find((c) => c.kind === 'integration')?.new_key;
					if (key) fresh.value = { id: integration, type, key };
					reload('services');
					reload('integrations');
				},
				(x: Error) => fail(x),
			)
			.finally(() => work(false));
	};
	return (
		<form
			onSubmit={(e) => {
				e.preventDefault();
				make();
			}}
		>
			<p>
				A service is what breaks and has an owner. An integration is a key with which a monitor speaks of it.
			</p>
			<div class="two">
				<Field label="Service" fault={faultAt(error, 'name')}>
					<input required value={name} onInput={(e) => setName(e.currentTarget.value)} />
				</Field>
				<Field label="Escalation policy" fault={faultAt(error, 'policy')}>
					<select value={chosen?.id ?? ''} onChange={(e) => setPolicy(e.currentTarget.value)}>
						{policies.map((p) => (
							<option value={p.id}>{p.name}</option>
						))}
						{policies.length === 0 && <option value="">none yet: the catch-all is paged</option>}
					</select>
				</Field>
			</div>
			<Field label="Its signals come from" fault={faultAt(error, 'type')}>
				<select value={type} onChange={(e) => setType(e.currentTarget.value)}>
					{types().map((t) => (
						<option value={t}>{known(t)}</option>
					))}
				</select>
			</Field>
			{error && !faultAt(error, 'name', 'policy', 'type') && <Fault text={wordsOf(error)} />}
			<div class="actions">
				<button class="main" disabled={busy}>
					Make the service and its key
				</button>
			</div>
		</form>
	);
}

export function Service(): JSX.Element {
	const all = [...(docs('integrations')?.values() ?? [])];
	const [another, more] = useState(false);
	const at = fresh.value;
	const old = all[all.length - 1];
	if (at && !another)
		return (
			<>
				<p class="note">
					Its key, shown only now: <code class="wrap">{at.key}</code>{' '}
					<Copy text={at.key} label="Copy the key" />
				</p>
				<h3>Paste this</h3>
				<Waiting id={at.id} type={at.type} secret={at.key} />
				<button class="small" onClick={() => more(true)}>
					Make another one
				</button>
			</>
		);
	if (old && !another)
		return (
			<>
				<p>
					<A href={`/config/integrations/${old.id}`}>{old.name}</A> is there. Set its sender up:
				</p>
				<Waiting id={old.id} type={String(old.body['type'] ?? 'native')} secret={null} />
				<button class="small" onClick={() => more(true)}>
					Make another one
				</button>
			</>
		);
	return <Make />;
}
