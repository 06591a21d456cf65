// SPDX-License-Identifier: Apache-2.0
// Schedules: all of them, or one.
import type { JSX } from 'preact';
import { All } from './all';
import { One } from './one';

export default function Schedules({ id }: { id: string; sub: string }): JSX.Element {
	return <div class="page">{id ? <One id={id} /> : <All />}</div>;
}
