// SPDX-License-Identifier: Apache-2.0
// Until when: a choice at once, or a span that is typed and confirmed. Refusals stand above the confirm button.
import { useState } from 'preact/hooks';
import type { ComponentChildren, JSX } from 'preact';
import { instant, ownZone, parseSpan, reading, serverNow, when } from './time';

export function Fault({ text }: { text: string | undefined }): JSX.Element | null {
	return text ? (
		<p class="note bad" role="alert">
			{text}
		</p>
	) : null;
}

/** The last line of a dialog: what was refused, a word, and the buttons. */
export function Confirm({
	verb,
	off,
	error,
	onCancel,
	children,
}: {
	verb: string;
	off?: boolean;
	error?: string;
	onCancel?: () => void;
	children?: ComponentChildren;
}): JSX.Element {
	return (
		<>
			<Fault text={error} />
			<div class="actions">
				{children}
				{onCancel && (
					<button type="button" onClick={onCancel}>
						Cancel
					</button>
				)}
				<button class="main" disabled={off}>
					{verb}
				</button>
			</div>
		</>
	);
}

/** Tomorrow by the viewer's clock. */
export function tomorrowAt(hour: number): number {
	const r = new Date(reading(ownZone, Date.now()) + 864e5);
	return instant(ownZone, r.getUTCFullYear(), r.getUTCMonth() + 1, r.getUTCDate(), hour);
}

export const inMinutes = (m: number): number => serverNow() + m * 60_000;

/** `choices` are words with the instant that each means. */
export function HowLong({
	choices,
	verb,
	error,
	placeholder = '1h30m',
	onPick,
}: {
	choices: [string, () => number][];
	verb: string;
	error?: string;
	placeholder?: string;
	onPick: (until: number) => void;
}): JSX.Element {
	const [text, set] = useState('');
	const ms = parseSpan(text);
	return (
		<>
			<div class="choices">
				{choices.map(([t, at]) => (
					<button onClick={() => onPick(at())}>{t}</button>
				))}
			</div>
			<form
				onSubmit={(e) => {
					e.preventDefault();
					if (ms > 0) onPick(serverNow() + ms);
				}}
			>
				<label>
					Or for how long
					<input
						value={text}
						placeholder={placeholder}
						onInput={(e) => set(e.currentTarget.value)}
						aria-invalid={text !== '' && !(ms > 0)}
					/>
				</label>
				<Confirm verb={verb} off={!(ms > 0)} error={error}>
					<span class="muted">{ms > 0 && `until ${when(serverNow() + ms)}`}</span>
				</Confirm>
			</form>
		</>
	);
}
