// SPDX-License-Identifier: Apache-2.0
// Asking the server what rules make of signals.
import { useEffect, useState } from 'preact/hooks';
import { call, Failure } from '../../../api/http';
import { fromYaml, type Body, type Draft } from '../form/draft';

export interface Looked {
	holds: boolean;
	op: string;
	field?: string;
	value?: string;
	seen?: string;
	parts?: Looked[];
}
export interface RuleTrace {
	rule: string;
	holds: boolean;
	when?: Looked;
	changes: { field: string; before: string | null; after: string | null }[];
	stop?: boolean;
}
export interface Judged {
	rules: string[];
	service: string | null;
	policy: string | null;
	unrouted?: string;
	severity: string;
	urgency: string;
	dedup_key: string;
	summary: string;
	broken?: string;
	trace?: RuleTrace[];
}
export interface Tried {
	signal?: number;
	at?: string;
	integration?: string;
	dedup_key: string;
	summary: string;
	differs: boolean;
	before: Judged;
	after: Judged;
}
export interface Case {
	set: string;
	name: string;
	passed: boolean;
	error?: string;
	faults?: { field: string; expected: string | null; seen: string | null }[];
}
export interface Result {
	signals: number;
	changed: number;
	items: Tried[];
	rules: { set: string; rule: string; before: number; after: number }[];
	cases: Case[];
}

export async function ask(draft: Body | null, id: string, what: object): Promise<Result> {
	const documents = draft && { documents: { rulesets: { [id || 'new-id']: draft } } };
	return (await call<Result>('POST', '/rules/test', { body: { ...what, ...documents } })).value;
}

/** The draft as it is now, whichever way it is being written; null: there is none, so the rules as they are. */
export async function bodyOf(d: Draft | null): Promise<Body | null> {
	if (!d) return null;
	return d.view === 'form' ? d.body : (await fromYaml({ section: 'rulesets', id: d.id }, d.text)).body;
}

const PAUSE = 500; // after the last key

/** Asked anew when somebody has stopped typing; the last good answer stays while a draft is half written. */
export function useTried(
	d: Draft | null,
	id: string,
	what: object | null,
): { value: Result | null; problem: string } {
	const [value, keep] = useState<Result | null>(null);
	const [problem, say] = useState('');
	const print = d ? (d.view === 'form' ? JSON.stringify(d.body) : d.text) : '';
	useEffect(() => {
		if (!what || (d && d.base === null)) return;
		let live = true;
		const timer = setTimeout(
			() =>
				bodyOf(d)
					.then((b) => ask(b, id, what))
					.then(
						(r) => {
							if (!live) return;
							keep(r);
							say('');
						},
						(e: Failure) => live && say(e.problem?.errors?.[0]?.detail ?? e.message),
					),
			value ? PAUSE : 0,
		);
		return () => {
			live = false;
			clearTimeout(timer);
		};
	}, [print, id, JSON.stringify(what), d?.base === null]);
	return { value, problem };
}
