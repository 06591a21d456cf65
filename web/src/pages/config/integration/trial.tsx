// SPDX-License-Identifier: Apache-2.0
// A test signal that is never sent: which rules would take it, to which service, and who would be paged.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { call, get, type Failure, type Preview } from '../../../api/http';
import type { SignalRow } from '../../../api/types';
import { original } from '../ruletest/original';
import type { Judged, Result } from '../ruletest/tried';
import { Why } from '../ruletest/why';
import { Pages } from '../simulation';

const plain = { severity: 'critical', dedup_key: 'test', summary: 'A test', labels: {} };

/** By the server's dry judgement and the preview of the service: neither writes anything. */
async function walk(id: string, signal: unknown): Promise<{ way: Judged; pages: Preview | null }> {
	const body = { integration: id, signals: signal, trace: true };
	const way = (await call<Result>('POST', '/rules/test', { body })).value.items[0]!.after;
	const pages = way.service
		? await get<Preview>(`/services/${way.service}/preview?urgency=${way.urgency}&integration=${id}`)
		: null;
	return { way, pages };
}

export function TestSignal({ id, last }: { id: string; last: SignalRow | undefined }): JSX.Element {
	const [text, write] = useState(JSON.stringify(plain, null, 1));
	const [seen, see] = useState<{ way: Judged; pages: Preview | null } | null>(null);
	const [error, fail] = useState('');
	const [busy, work] = useState(false);
	const put = (t: string): void => {
		write(t);
		see(null);
		fail('');
	};
	const send = async (): Promise<void> => {
		work(true);
		fail('');
		see(null);
		try {
			see(await walk(id, JSON.parse(text)));
		} catch (e) {
			fail((e as Failure).problem?.errors?.[0]?.detail ?? (e as Error).message);
		}
		work(false);
	};
	return (
		<section class="panel" aria-label="Test signal">
			<header class="panel-head">
				<h2>Send a test signal</h2>
				<span class="muted">nobody is paged, nothing is kept</span>
			</header>
			<form
				class="pad"
				onSubmit={(e) => {
					e.preventDefault();
					void send();
				}}
			>
				<textarea
					class="boxed"
					rows={7}
					spellcheck={false}
					aria-label="The test signal as JSON"
					aria-invalid={error !== ''}
					value={text}
					onInput={(e) => put(e.currentTarget.value)}
				/>
				<p class="row-acts">
					<button class="main" disabled={busy}>
						Show its way
					</button>
					{last && (
						<button type="button" onClick={() => put(JSON.stringify(original(last), null, 1))}>
							Take the last signal
						</button>
					)}
				</p>
				{error && (
					<p class="f-fault" role="alert">
						{error}
					</p>
				)}
			</form>
			{seen && (
				<div role="status">
					<div class="pad">
						<Why j={seen.way} />
					</div>
					{seen.pages ? (
						<Pages p={seen.pages} />
					) : (
						<p class="pad">No service takes it: it would page the catch-all of the organisation.</p>
					)}
				</div>
			)}
		</section>
	);
}
