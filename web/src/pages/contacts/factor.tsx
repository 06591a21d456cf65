// SPDX-License-Identifier: Apache-2.0
// My second factor: set up with an app, confirmed by a first code; recovery codes, shown once.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { call, get } from '../../api/http';
import type { FactorMade, RecoveryCodes, SecondFactor } from '../../api/types';
import { me } from '../../store/store';
import { Confirm, Fault } from '../../ui/howlong';
import { Copy, useLoad } from '../../ui/parts';
import { refused } from '../../ui/toast';
import { when } from '../../ui/time';
import { proven } from './proof';

const path = (): string => `/users/${me.value!.id}/second-factor`;

function Codes({ codes, onDone }: { codes: string[]; onDone: () => void }): JSX.Element {
	return (
		<div class="note">
			<p>
				<b>Shown only now.</b> Each signs you in once when the phone is not there. Print them, or keep them
				where you keep passwords.
			</p>
			<pre class="codes">{codes.join('\n')}</pre>
			<div class="actions">
				<Copy text={codes.join('\n')} label="Copy all" />
				<button class="main" onClick={onDone}>
					I have kept them
				</button>
			</div>
		</div>
	);
}

function Begun({
	made,
	onCodes,
	onStop,
}: {
	made: FactorMade;
	onCodes: (codes: string[]) => void;
	onStop: () => void;
}): JSX.Element {
	const [code, set] = useState('');
	const [error, fail] = useState('');
	return (
		<form
			onSubmit={(e) => {
				e.preventDefault();
				call<RecoveryCodes>('POST', `${path()}/confirm`, { body: { code } }).then(
					(a) => onCodes(a.value.codes),
					(x: Error) => fail(x.message),
				);
			}}
		>
			<p>Scan this with your authenticator app:</p>
			{made.svg && (
				<img
					class="qr"
					alt="The secret as a QR code"
					src={`data:image/svg+xml,${encodeURIComponent(made.svg)}`}
				/>
			)}
			<p>
				Or type this into it: <code class="wrap">{made.secret}</code> <Copy text={made.secret} />
			</p>
			<label>
				The six digits that it shows now
				<input
					inputMode="numeric"
					autocomplete="one-time-code"
					required
					value={code}
					onInput={(e) => set(e.currentTarget.value)}
				/>
			</label>
			<Confirm verb="Confirm" error={error} onCancel={onStop} />
		</form>
	);
}

function On({
	is,
	onCodes,
	onDone,
}: {
	is: SecondFactor;
	onCodes: (codes: string[]) => void;
	onDone: () => void;
}): JSX.Element {
	return (
		<>
			<p>
				<span class="ok">✓ On</span> since {when(is.since!)}.{' '}
				<span class={is.recovery_left < 3 ? 'fault' : 'muted'}>
					{is.recovery_left} recovery {is.recovery_left === 1 ? 'code is' : 'codes are'} left.
				</span>
			</p>
			<div class="actions">
				<button
					onClick={() =>
						void proven(() => call<RecoveryCodes>('POST', `${path()}/recovery-codes`)).then(
							(a) => onCodes(a.value.codes),
							refused,
						)
					}
				>
					New recovery codes
				</button>
				<button class="bad" onClick={() => void proven(() => call('DELETE', path())).then(onDone, refused)}>
					Turn it off
				</button>
			</div>
		</>
	);
}

export function Factor(): JSX.Element {
	const is = useLoad(() => get<SecondFactor>(path()), []);
	const [made, make] = useState<FactorMade | null>(null);
	const [codes, show] = useState<string[] | null>(null);
	const took = (l: string[] | null): void => {
		show(l);
		make(null);
		is.again();
	};
	if (codes) return <Codes codes={codes} onDone={() => took(null)} />;
	if (made) return <Begun made={made} onCodes={took} onStop={() => make(null)} />;
	if (!is.value) return is.error ? <Fault text={is.error.message} /> : <p class="muted">…</p>;
	if (is.value.on) return <On is={is.value} onCodes={took} onDone={is.again} />;
	return (
		<>
			<p class="muted">
				A code of an app on your phone, beside the password: a stolen password alone opens nothing then.
			</p>
			<button
				onClick={() =>
					void proven(() => call<FactorMade>('POST', path())).then((a) => make(a.value), refused)
				}
			>
				Set it up…
			</button>
		</>
	);
}
