// SPDX-License-Identifier: Apache-2.0
// Schedules: all of them, one, or the form of one, which comes when it is first needed.
import { useEffect, useState } from 'preact/hooks';
import type { ComponentType, JSX } from 'preact';
import { All } from './all';
import { One } from './one';

type Form = ComponentType<{ id: string }>;
let form: Form | null = null;

function Edit({ id }: { id: string }): JSX.Element {
	const [, draw] = useState(0);
	const [error, fail] = useState(false);
	useEffect(() => {
		if (form) return;
		import('./editor/index').then(
			(m) => {
				form = m.default;
				draw((n) => n + 1);
			},
			() => fail(true),
		);
	}, []);
	const Form = form;
	if (Form) return <Form id={id} key={id} />;
	return <p class="muted">{error ? 'This part of the program cannot be loaded.' : '…'}</p>;
}

export default function Schedules({ id, sub }: { id: string; sub: string }): JSX.Element {
	return (
		<div class="page">
			{id === 'new' ? (
				<Edit id="" />
			) : id && sub === 'edit' ? (
				<Edit id={id} />
			) : id ? (
				<One id={id} />
			) : (
				<All />
			)}
		</div>
	);
}
