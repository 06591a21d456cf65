// SPDX-License-Identifier: Apache-2.0
// A part of a page that is fetched when it is first shown.
import { useEffect, useState } from 'preact/hooks';
import type { ComponentType, JSX } from 'preact';

export function later<P extends object>(load: () => Promise<ComponentType<P>>): (p: P) => JSX.Element {
	let known: ComponentType<P> | null = null;
	return (p) => {
		const [Of, set] = useState<ComponentType<P> | null>(() => known);
		const [failed, fail] = useState(false);
		useEffect(() => {
			if (known) return;
			load().then(
				(c) => set(() => (known = c)),
				() => fail(true),
			);
		}, []);
		if (Of) return <Of {...p} />;
		return (
			<div class="page">
				{failed ? (
					<p class="note bad" role="alert">
						This part could not be fetched. <button onClick={() => location.reload()}>Load again</button>
					</p>
				) : (
					<p class="muted">…</p>
				)}
			</div>
		);
	};
}
