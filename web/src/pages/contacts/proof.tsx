// SPDX-License-Identifier: Apache-2.0
// What a borrowed browser must not do: the server asks once more who it is, and then it is done.
import { signal } from '@preact/signals';
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { call, Failure, get } from '../../api/http';
import type { SecondFactor } from '../../api/types';
import { Password } from '../../password/field';
import { me } from '../../store/store';
import { Confirm } from '../../ui/howlong';
import { Dialog, useLoad } from '../../ui/parts';

const asking = signal<{ done: () => void; stop: () => void } | null>(null);

/** Does it; when the server wants proof first, asks for that and does it again. */
export async function proven<V>(act: () => Promise<V>): Promise<V> {
	try {
		return await act();
	} catch (e) {
		if (!(e instanceof Failure) || e.problem.field !== '/proof') throw e;
		await new Promise<void>((done, reject) => {
			asking.value = { done, stop: () => reject(e) };
		});
		return act();
	}
}

function Form({ done }: { done: () => void }): JSX.Element {
	const factor = useLoad(() => get<SecondFactor>(`/users/${me.value!.id}/second-factor`), []);
	const [password, setPassword] = useState('');
	const [code, setCode] = useState('');
	const [error, fail] = useState('');
	return (
		<form
			onSubmit={(e) => {
				e.preventDefault();
				call('POST', '/sessions/proof', { body: { password, ...(code ? { code } : {}) } }).then(
					done,
					(x: Error) => fail(x.message),
				);
			}}
		>
			<p>This could be somebody else at your browser.</p>
			<Password
				label="Your password"
				what="your password"
				autocomplete="current-password"
				autoFocus
				value={password}
				set={setPassword}
			/>
			{factor.value?.on && (
				<label>
					Code of your app
					<input
						autocomplete="one-time-code"
						required
						value={code}
						onInput={(e) => setCode(e.currentTarget.value)}
					/>
				</label>
			)}
			<Confirm verb="It is me" error={error} />
		</form>
	);
}

export function Proof(): JSX.Element | null {
	const at = asking.value;
	if (!at) return null;
	const close = (how: () => void): void => {
		asking.value = null;
		how();
	};
	return (
		<Dialog title="Is it you?" onClose={() => close(at.stop)}>
			<Form done={() => close(at.done)} />
		</Dialog>
	);
}
