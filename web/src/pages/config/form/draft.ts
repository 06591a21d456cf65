// SPDX-License-Identifier: Apache-2.0
// A draft of one document, seen as a form or as its YAML. What one shows the other shows: the server turns one
// into the other. Comments live in the text alone: they stay as long as nothing is changed in the form.
import { useEffect, useState } from 'preact/hooks';
import { parseExact } from '../../../api/exact';
import { call, Failure, type Fault } from '../../../api/http';
import { reload, type Section } from '../../../store/store';

export type Body = Record<string, unknown>;
export type View = 'form' | 'yaml';
export interface Where {
	section: Section | 'organisation';
	/** '' for a new one. */
	id: string;
}

export async function toYaml(w: Where, id: string, body: Body): Promise<string> {
	const tree =
		w.section === 'organisation' ? { organisation: body } : { [w.section]: { [id || 'new-id']: body } };
	return (await call<string>('POST', '/config/convert', { body: tree })).value;
}

/** The one document of a text, and its id. */
export async function fromYaml(w: Where, text: string): Promise<{ id: string; body: Body }> {
	const tree = (
		await call<Record<string, unknown>>('POST', '/config/convert', { yaml: text, parse: parseExact })
	).value;
	const wrong = new Failure(422, {
		detail: `The text must hold one document of ${w.section} and nothing else.`,
	});
	const section = tree[w.section];
	if (Object.keys(tree).length !== 1 || typeof section !== 'object' || section === null) throw wrong;
	if (w.section === 'organisation') return { id: 'organisation', body: section as Body };
	const [first, ...more] = Object.entries(section as Record<string, unknown>);
	if (!first || more.length) throw wrong;
	return { id: first[0], body: (first[1] ?? {}) as Body };
}

/** Fewest surprises: "Card checkout" becomes card-checkout. */
export const slug = (name: string): string =>
	name
		.normalize('NFKD')
		.replace(/[\u0300-\u036f]/g, '')
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, '-')
		.replace(/^-+|-+$/g, '')
		.slice(0, 63);

interface State {
	view: View;
	id: string;
	/** Whether somebody has written the id; before that it follows the name. */
	own_id: boolean;
	body: Body;
	text: string;
	/** The text that body came from, with its comments, and body then. */
	from: { text: string; body: string } | null;
	faults: Fault[];
	error: string;
	/** What the server has accepted in a dry run, and its text for the difference. */
	checked: { print: string; text: string } | null;
	busy: boolean;
}

export interface Draft extends State {
	base: string | null;
	dirty: boolean;
	/** Checked, and nothing changed since. */
	ready: boolean;
	/** Going to the form took comments along that the form does not show. */
	comments: boolean;
	show: (v: View) => Promise<void>;
	setBody: (b: Body) => void;
	setText: (t: string) => void;
	setId: (id: string) => void;
	check: () => Promise<boolean>;
	save: (why: string) => Promise<{ id: string; key: string | null } | null>;
}

const hasComments = (text: string): boolean => /(^|\s)#/m.test(text);

export function useDraft(w: Where, template: () => string, start: View): Draft {
	const fresh = w.id === '' && w.section !== 'organisation';
	const [base, keep] = useState<{ text: string; print: string; etag: string | null } | null>(null);
	const [s, put] = useState<State>({
		view: start,
		id: w.id,
		own_id: !fresh,
		body: {},
		text: '',
		from: null,
		faults: [],
		error: '',
		checked: null,
		busy: false,
	});
	const change = (x: Partial<State>): void => put((was) => ({ ...was, ...x }));
	const failed = (e: Error): void => {
		const f = e as Failure;
		const late =
			f.status === 412 ? ' — somebody saved meanwhile. Copy what you have and load the page again.' : '';
		change({ error: f.message + late, faults: f.problem?.errors ?? [], checked: null, busy: false });
	};

	useEffect(() => {
		const begin = async (): Promise<void> => {
			const a = fresh
				? { value: template(), etag: null }
				: await call<string>(
						'GET',
						`/${w.section === 'organisation' ? w.section : `${w.section}/${w.id}`}?format=yaml`,
					);
			const at = await fromYaml(w, a.value);
			keep({ text: fresh ? '' : a.value, print: JSON.stringify(at.body), etag: a.etag });
			change({
				text: a.value,
				body: at.body,
				id: fresh ? '' : at.id,
				from: { text: a.value, body: JSON.stringify(at.body) },
			});
		};
		begin().catch(failed);
	}, [w.section, w.id]);

	/** The text of what the form holds now. */
	const text = async (): Promise<string> => {
		if (s.view === 'yaml') return s.text;
		if (s.from && s.from.body === JSON.stringify(s.body) && !fresh) return s.from.text;
		return toYaml(w, s.id, s.body);
	};
	const show = async (view: View): Promise<void> => {
		if (view === s.view) return;
		try {
			if (view === 'yaml') return change({ view, text: await text(), faults: [], error: '' });
			const at = await fromYaml(w, s.text);
			change({
				view,
				body: at.body,
				...(fresh && at.id !== 'new-id' && { id: at.id, own_id: true }),
				from: { text: s.text, body: JSON.stringify(at.body) },
				faults: [],
				error: '',
			});
		} catch (e) {
			failed(e as Error);
		}
	};
	const print = s.view === 'yaml' ? s.text : s.id + JSON.stringify(s.body);
	const send = async (dry: boolean, why: string): Promise<{ id: string; key: string | null }> => {
		const id = s.view === 'yaml' && fresh ? (await fromYaml(w, s.text)).id : s.id;
		const headers: Record<string, string> = fresh
			? { 'If-None-Match': '*' }
			: base?.etag
				? { 'If-Match': base.etag }
				: {};
		const at =
			w.section === 'organisation' ? '/organisation' : `/${w.section}/${encodeURIComponent(id || 'new-id')}`;
		const a = await call<unknown>(
			'PUT',
			`${at}?message=${encodeURIComponent(why)}${dry ? '&dry_run=1' : ''}`,
			{
				...(s.view === 'yaml' ? { yaml: s.text } : { body: s.body }),
				headers,
			},
		);
		return { id, key: a.headers.get('tocsin-key') };
	};
	return {
		...s,
		base: base?.text ?? null,
		dirty:
			base !== null &&
			(s.view === 'yaml'
				? s.text !== base.text && s.text !== s.from?.text
				: JSON.stringify(s.body) !== base.print),
		ready: s.checked?.print === print,
		comments: s.view === 'form' && !!s.from && hasComments(s.from.text),
		show,
		setText: (t) => change({ text: t }),
		setId: (id) => change({ id, own_id: true }),
		setBody: (body) => change({ body, ...(!s.own_id && { id: slug(String(body['name'] ?? '')) }) }),
		check: async () => {
			change({ busy: true, faults: [], error: '' });
			try {
				if (fresh && s.view === 'form' && !s.id)
					throw new Failure(422, {
						detail: 'It needs an id.',
						errors: [{ pointer: '/id', detail: 'small letters, digits and dashes' }],
					});
				await send(true, '');
				change({ checked: { print, text: await text() }, busy: false });
				return true;
			} catch (e) {
				failed(e as Error);
				return false;
			}
		},
		save: async (why) => {
			change({ busy: true, faults: [], error: '' });
			try {
				const done = await send(false, why);
				if (w.section !== 'organisation') reload(w.section);
				return done;
			} catch (e) {
				failed(e as Error);
				return null;
			}
		},
	};
}
