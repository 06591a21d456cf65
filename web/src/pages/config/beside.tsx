// SPDX-License-Identifier: Apache-2.0
// What stands beside a draft: what it would do.
import type { JSX } from 'preact';
import type { Section } from '../../store/store';
import type { Draft } from './form/draft';

export function Beside(_: {
	section: Section | 'organisation';
	id: string;
	draft: Draft;
}): JSX.Element | null {
	return null;
}
