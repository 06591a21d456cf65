// SPDX-License-Identifier: Apache-2.0
// Ctrl-K: places, incidents by number or words, people, and verbs with the command line's grammar
// (`ack 1042`, `resolve 12 13`, `page shop "db down"`).
import { signal } from '@preact/signals';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { call } from './api/http';
import type { Incident } from './api/types';
import { go } from './router';
import { run, type Verb } from './outbox';
import { docs, me, rows, type Section } from './store/store';
import { refused, toast } from './ui/toast';
import { glyph, shown } from './ui/parts';
import { parseSpan } from './ui/time';

export const paletteOpen = signal(false);
export function openPalette(): void {
	paletteOpen.value = true;
}

interface Item {
	text: string;
	hint: string;
	run: () => void;
}

const verbs: Record<string, Verb> = {
	ack: 'acknowledge',
	acknowledge: 'acknowledge',
	resolve: 'resolve',
	escalate: 'escalate',
	reroute: 'reroute',
};

function fromVerb(text: string): Item[] {
	const [word = '', ...rest] = text.trim().split(/\s+/);
	const verb = verbs[word];
	if (verb) {
		const ids = rest.map((r) => Number(r.replace('#', ''))).filter((n) => n > 0);
		if (ids.length)
			return [
				{
					text: `${verb} ${ids.map((i) => '#' + i).join(', ')}`,
					hint: ids.map((i) => rows.get(i)?.peek().title ?? '').join(' · '),
					run: () => void run(ids, verb),
				},
			];
	}
	const page = /^page\s+(\S+)\s+(.+)$/.exec(text.trim());
	if (page) {
		const [, service, title] = page as unknown as [string, string, string];
		if (docs('services')?.has(service))
			return [
				{
					text: `page ${service}: ${title.replace(/^"|"$/g, '')}`,
					hint: 'opens an incident and pages',
					run: () => {
						call<Incident>('POST', '/incidents', {
							body: { title: title.replace(/^"|"$/g, ''), service },
						}).then((a) => go(`/incidents/${a.value.id}`), refused);
					},
				},
			];
	}
	const snooze = /^snooze\s+([#\d\s]+?)\s+(\d[\dsmhdw]*[smhdw])$/.exec(text.trim());
	if (snooze) {
		const ids = snooze[1]!.split(/\s+/).map((r) => Number(r.replace('#', '')));
		const until = new Date(Date.now() + parseSpan(snooze[2]!)).toISOString();
		return [
			{
				text: `snooze ${ids.map((i) => '#' + i).join(', ')} for ${snooze[2]}`,
				hint: ids.map((i) => rows.get(i)?.peek().title ?? '').join(' · '),
				run: () => void run(ids, 'snooze', { until }),
			},
		];
	}
	return fromTake(text);
}

/** `take search 2h`: an override for me, from now. */
function fromTake(text: string): Item[] {
	const take = /^take\s+(\S+)\s+(\d[\dsmhdw]*[smhdw])$/.exec(text.trim());
	const [, schedule = '', span = ''] = take ?? [];
	if (!take || !docs('schedules')?.has(schedule)) return [];
	return [
		{
			text: `take ${schedule} for ${span}`,
			hint: 'you are on call instead, from now',
			run: () =>
				void import('./pages/duty/api')
					.then((d) =>
						d.makeOverride(schedule, {
							from: Date.now(),
							to: Date.now() + parseSpan(span),
							who: me.peek()!.id,
						}),
					)
					.then(() => toast({ text: `You are on call for ${schedule} for ${span}.` }), refused),
		},
	];
}

const pages: [string, string][] = [
	['Incidents', '/incidents'],
	['My incidents', '/incidents?view=mine'],
	['On call', '/oncall'],
	['Schedules', '/schedules'],
	['Configuration', '/config'],
	['Services', '/config/services'],
	['Policies', '/config/policies'],
	['Integrations', '/config/integrations'],
	['People', '/config/users'],
	['Teams', '/config/teams'],
	['Rules', '/config/rulesets'],
	['History and roll back', '/history'],
	['Response times', '/insight/response'],
	['Noise', '/insight/noise'],
	['Load', '/insight/load'],
	['Messages', '/insight/messages'],
	['Rejected signals', '/insight/rejected'],
	['Audit', '/insight/audit'],
	['Me', '/me'],
	['Setting up', '/setup'],
];

function items(text: string): Item[] {
	const t = text.trim().toLowerCase();
	const out = fromVerb(text);
	const number = /^#?(\d+)$/.exec(t);
	if (number)
		out.push({
			text: `#${number[1]}`,
			hint: rows.get(Number(number[1]))?.peek().title ?? 'incident',
			run: () => go(`/incidents/${number[1]}`),
		});
	for (const [name, href] of pages)
		if (name.toLowerCase().includes(t)) out.push({ text: name, hint: 'page', run: () => go(href) });
	if (t.length < 2) return out.slice(0, 12);
	for (const s of rows.values()) {
		const r = s.peek();
		if (out.length > 24) break;
		if (r.title.toLowerCase().includes(t))
			out.push({
				text: `${glyph[shown(r)]} #${r.id} ${r.title}`,
				hint: r.service ?? '',
				run: () => go(`/incidents/${r.id}`),
			});
	}
	for (const section of ['services', 'users', 'teams', 'schedules', 'policies', 'integrations'] as Section[])
		for (const d of docs(section)?.values() ?? [])
			if (out.length < 40 && `${d.name} ${d.id}`.toLowerCase().includes(t))
				out.push({
					text: d.name,
					hint: section,
					run: () => go(section === 'schedules' ? `/schedules/${d.id}` : `/config/${section}/${d.id}`),
				});
	return out;
}

export function Palette(): JSX.Element {
	const [text, set] = useState('');
	const [at, move] = useState(0);
	const ref = useRef<HTMLDialogElement>(null);
	const list = useMemo(() => items(text).slice(0, 14), [text]);
	const close = (): void => {
		paletteOpen.value = false;
	};
	useEffect(() => {
		const before = document.activeElement as HTMLElement | null;
		ref.current!.showModal();
		for (const s of ['services', 'users', 'teams', 'schedules', 'policies'] as Section[]) docs(s);
		return () => before?.focus?.({ preventScroll: true });
	}, []);
	const pick = (i: number): void => {
		const it = list[i];
		if (it) {
			close();
			it.run();
		}
	};
	return (
		<dialog
			ref={ref}
			class="palette"
			aria-label="Find or do"
			onCancel={(e) => {
				e.preventDefault();
				close();
			}}
			onClick={(e) => {
				if (e.target === ref.current) close();
			}}
		>
			<div class="dialog">
				<input
					type="text"
					role="combobox"
					aria-expanded="true"
					aria-controls="palette-list"
					aria-activedescendant={list[at] ? `palette-${at}` : undefined}
					aria-label="Find or do"
					placeholder='Page, incident, person, or: ack 42 · take web 2h · page web "db down"'
					autocomplete="off"
					spellcheck={false}
					value={text}
					onInput={(e) => {
						set(e.currentTarget.value);
						move(0);
					}}
					onKeyDown={(e) => {
						if (e.key === 'ArrowDown') move(Math.min(at + 1, list.length - 1));
						else if (e.key === 'ArrowUp') move(Math.max(at - 1, 0));
						else if (e.key === 'Enter') pick(at);
						else return;
						e.preventDefault();
					}}
				/>
				<ul id="palette-list" role="listbox" aria-label="What was found">
					{list.map((it, i) => (
						<li
							role="option"
							id={`palette-${i}`}
							aria-selected={i === at}
							onPointerMove={() => move(i)}
							onClick={() => pick(i)}
						>
							<span>{it.text}</span>
							<small>{it.hint}</small>
						</li>
					))}
					{list.length === 0 && (
						<li role="option" aria-selected="false" aria-disabled="true" class="muted">
							Nothing of that name
						</li>
					)}
				</ul>
			</div>
		</dialog>
	);
}
