// SPDX-License-Identifier: Apache-2.0
// A person's own document, changed field by field over whatever it is by now; and sets of documents, saved whole.
import { useEffect } from 'preact/hooks';
import { call, Failure, get, type List, type Plan } from '../../api/http';
import type { ContactState, Document, Incident } from '../../api/types';
import { me, onEvents } from '../../store/store';
import { useLoad } from '../../ui/parts';

export type Body = Record<string, unknown>;
export interface Contact {
	type: string;
	address: string;
	secret?: unknown;
}
export interface Step {
	contact: string;
	after?: string;
}

export const contactsOf = (b: Body | undefined): Record<string, Contact> =>
	(b?.['contacts'] ?? {}) as Record<string, Contact>;
export const stepsOf = (b: Body | undefined, urgency: 'high' | 'low'): Step[] =>
	((b?.['paging'] ?? {}) as Record<string, Step[]>)[urgency] ?? [];

const RACES = 3;

/** What somebody else saved meanwhile stays: the change is made anew on top of it. */
export async function changeUser(id: string, change: (body: Body) => Body): Promise<void> {
	for (let i = 0; ; i++) {
		const now = await call<Document>('GET', `/users/${id}`);
		try {
			await call('PUT', `/users/${id}`, {
				body: change(now.value.document as Body),
				headers: now.etag ? { 'if-match': now.etag } : {},
			});
			return;
		} catch (e) {
			if (!(e instanceof Failure) || e.status !== 412 || i === RACES) throw e;
		}
	}
}

export type Documents = Record<string, Body>;

/** All of it or nothing; asked first, so that a refusal says every fault. */
export async function saveSet(set: Documents, message: string): Promise<Plan> {
	await call('POST', '/config?dry_run=true', { body: set });
	return (await call<Plan>('POST', `/config?message=${encodeURIComponent(message)}`, { body: set })).value;
}

/** What was refused at a place: "/schedules/shop/layers/0/start" for "start". */
export function faultAt(e: Error | null, ...ends: string[]): string | undefined {
	if (!(e instanceof Failure)) return undefined;
	return e.problem.errors?.find((f) => ends.some((end) => (f.pointer ?? '').endsWith('/' + end)))?.detail;
}

/** In words, with the place of each fault that no field shows. */
export function wordsOf(e: Error | null): string {
	if (!(e instanceof Failure) || !e.problem.errors?.length) return e?.message ?? '';
	return e.problem.errors
		.map((f) => `${(f.pointer ?? '').slice(1).replace(/\//g, ' › ')}: ${f.detail}`)
		.join('\n');
}

export function slugOf(name: string, taken: (id: string) => boolean, fallback = 'new'): string {
	const plain =
		name
			.normalize('NFKD')
			.toLowerCase()
			.replace(/[^a-z0-9]+/g, '-')
			.replace(/^-+|-+$/g, '')
			.slice(0, 40) || fallback;
	let id = plain;
	for (let n = 2; taken(id); n++) id = `${plain}-${n}`;
	return id;
}

const WAITING = 3000;

/** Followed by the log; asked again by itself only while something is on its way. */
export function useContacts(user: string): {
	items: ContactState[] | undefined;
	error: Error | null;
	again: () => void;
} {
	const list = useLoad(() => get<List<ContactState>>(`/users/${user}/contacts`), [user]);
	useEffect(
		() =>
			onEvents((l) => {
				if (
					l.some(
						(e) => e.type === 'config.changed' || (e.user === user && /^(notice|contact)\./.test(e.type)),
					)
				)
					list.again();
			}),
		[user],
	);
	const moving = list.value?.items.some((c) => /queued|sending/.test(c.last_state ?? ''));
	useEffect(() => {
		if (!moving) return;
		const timer = setInterval(list.again, WAITING);
		return () => clearInterval(timer);
	}, [moving]);
	return { items: list.value?.items, error: list.error, again: list.again };
}

/** A page to myself as an incident of mode test: nobody else, and in no figure. */
export async function fireTest(): Promise<number> {
	const a = await call<Incident>('POST', '/incidents', {
		body: {
			title: 'Test page: please acknowledge',
			mode: 'test',
			severity: 'critical',
			target: `user/${me.value?.id}`,
		},
	});
	return a.value.id;
}
