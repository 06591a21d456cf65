// SPDX-License-Identifier: Apache-2.0
// What the server refuses, beside what it is about.
import { useContext } from 'preact/hooks';
import type { JSX } from 'preact';
import type { Fault } from '../../../api/http';
import { FaultsOf } from './fields';

export const under = (pointer: string, at: string): boolean => pointer === at || pointer.startsWith(at + '/');

/** The faults of a value and of what is in it, without those that stand at their own place. */
export const useFaults = (at: string, but: string[] = []): Fault[] =>
	useContext(FaultsOf).filter((f) => under(f.pointer, at) && !but.some((b) => under(f.pointer, b)));

export interface Described {
	'aria-invalid'?: boolean;
	'aria-describedby'?: string;
}
/** A field says where its faults stand. */
export const described = (list: Fault[], at: string): Described =>
	list.length ? { 'aria-invalid': true, 'aria-describedby': `${at}:fault` } : {};

export function Faults({ list, at }: { list: Fault[]; at: string }): JSX.Element | null {
	return list.length ? (
		<span class="f-fault" id={`${at}:fault`}>
			{list.map((f) => (
				<span>{f.detail}</span>
			))}
		</span>
	) : null;
}

export function FaultsAt({ at, but }: { at: string; but?: string[] }): JSX.Element | null {
	return <Faults list={useFaults(at, but)} at={at} />;
}
