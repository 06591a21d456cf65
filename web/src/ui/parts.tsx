// SPDX-License-Identifier: Apache-2.0
// Small parts that every page is made of.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ComponentChildren, JSX } from 'preact';
import type { Incident } from '../api/types';
import { Icon } from './icons';
import { full } from './time';

export const glyph = {
	triggered: '▲',
	acknowledged: '◆',
	mitigated: '◐',
	resolved: '✓',
	snoozed: '☾',
} as const;
export type Shown = keyof typeof glyph;
export function shown(i: Incident): Shown {
	if (i.state !== 'acknowledged') return i.state;
	return i.snoozed_until ? 'snoozed' : i.mitigated_at ? 'mitigated' : i.state;
}

export function State({ of, pending }: { of: Incident; pending?: string | undefined }): JSX.Element {
	const s = shown(of);
	return (
		<span class={`state ${s}`}>
			<span aria-hidden="true">{glyph[s]}</span>{' '}
			{pending === 'resolve' && s !== 'resolved' ? 'resolving…' : s}
		</span>
	);
}
export function Severity({ of }: { of: string }): JSX.Element {
	return <span class={`sev ${of}`}>{of}</span>;
}

export function Time({ at, children }: { at: string; children: ComponentChildren }): JSX.Element {
	return (
		<time dateTime={at} title={`${full(at)}\n${full(at, 'UTC')}`}>
			{children}
		</time>
	);
}

export function Initials({ id, name }: { id: string; name: string }): JSX.Element {
	return (
		<span class={`face tint${tint(id)}`} aria-hidden="true">
			{name
				.split(/\s+/)
				.map((w) => w[0])
				.slice(0, 2)
				.join('')}
		</span>
	);
}
export function tint(id: string): number {
	let h = 0;
	for (const c of id) h = (h * 31 + c.charCodeAt(0)) >>> 0;
	return h % 8;
}

/** As a ref: what has just come takes the focus. */
export const takesFocus = (e: HTMLElement | null): void => e?.focus();

export function Dialog({
	title,
	onClose,
	children,
	wide,
}: {
	title: string;
	onClose: () => void;
	children: ComponentChildren;
	wide?: boolean;
}): JSX.Element {
	const ref = useRef<HTMLDialogElement>(null);
	useEffect(() => {
		const before = document.activeElement as HTMLElement | null;
		ref.current!.showModal();
		return () => before?.focus?.({ preventScroll: true });
	}, []);
	return (
		<dialog
			ref={ref}
			class={wide ? 'wide' : ''}
			aria-labelledby="dialog-title"
			onCancel={(e) => {
				e.preventDefault();
				onClose();
			}}
			onClick={(e) => {
				if (e.target === ref.current) onClose();
			}}
		>
			<div class="dialog">
				<header>
					<h2 id="dialog-title">{title}</h2>
					<button class="plain" aria-label="Close" onClick={onClose}>
						<Icon name="close" />
					</button>
				</header>
				{children}
			</div>
		</dialog>
	);
}

export interface Choice {
	text: string;
	key?: string;
	run: () => void;
	hint?: string;
	off?: boolean;
}

/** A button with a list under it; arrows move, Escape closes. */
export function Menu({
	label,
	choices,
	children,
	cls,
}: {
	label: string;
	choices: Choice[];
	children: ComponentChildren;
	cls?: string;
}): JSX.Element {
	const [open, set] = useState(false);
	const box = useRef<HTMLDivElement>(null);
	useEffect(() => {
		if (!open) return;
		box.current!.querySelector<HTMLElement>('[role=menuitem]')?.focus();
		const away = (e: Event): void => {
			if (!box.current!.contains(e.target as Node)) set(false);
		};
		document.addEventListener('pointerdown', away);
		return () => document.removeEventListener('pointerdown', away);
	}, [open]);
	const move = (e: KeyboardEvent): void => {
		const items = [...box.current!.querySelectorAll<HTMLElement>('[role=menuitem]')];
		const at = items.indexOf(document.activeElement as HTMLElement);
		if (e.key === 'ArrowDown') items[(at + 1) % items.length]?.focus();
		else if (e.key === 'ArrowUp') items[(at + items.length - 1) % items.length]?.focus();
		else if (e.key === 'Escape') {
			set(false);
			box.current!.querySelector<HTMLElement>('button')?.focus();
		} else return;
		e.preventDefault();
		e.stopPropagation();
	};
	return (
		<div class="menu" ref={box} onKeyDown={open ? move : undefined}>
			<button
				class={cls ?? ''}
				aria-haspopup="menu"
				aria-expanded={open}
				aria-label={label}
				title={label}
				onClick={(e) => {
					e.stopPropagation();
					set(!open);
				}}
			>
				{children}
			</button>
			{open && (
				<div role="menu" aria-label={label}>
					{choices.map((c) => (
						<button
							role="menuitem"
							disabled={c.off}
							onClick={(e) => {
								e.stopPropagation();
								set(false);
								box.current?.querySelector<HTMLElement>('button')?.focus();
								c.run();
							}}
						>
							<span>
								{c.text}
								{c.hint && <small>{c.hint}</small>}
							</span>
							{c.key && <kbd>{c.key}</kbd>}
						</button>
					))}
				</div>
			)}
		</div>
	);
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }): JSX.Element {
	return (
		<div class="empty">
			<p class="big">{title}</p>
			{children}
		</div>
	);
}

/** On plain HTTP there is no clipboard, and a browser may refuse it: select and copy as of old. It is done beside
 * the button, because outside an open dialog nothing can be selected. */
function copyOld(text: string, beside: HTMLElement): boolean {
	const area = document.createElement('textarea');
	area.value = text;
	area.className = 'sr';
	beside.after(area);
	area.select();
	const done = document.execCommand('copy');
	area.remove();
	beside.focus();
	return done;
}

export function Copy({ text, label = 'Copy' }: { text: string; label?: string }): JSX.Element {
	const [said, say] = useState('');
	const done = (well: boolean): void => {
		say(well ? 'Copied' : 'Select it and copy');
		setTimeout(() => say(''), 1500);
	};
	const copy = (button: HTMLElement): void => {
		const old = (): void => done(copyOld(text, button));
		if (navigator.clipboard) navigator.clipboard.writeText(text).then(() => done(true), old);
		else old();
	};
	return (
		<button type="button" class="small" onClick={(e) => copy(e.currentTarget)}>
			{said || label}
		</button>
	);
}

/** Loads once for its key and again when asked. */
export function useLoad<V>(
	load: () => Promise<V>,
	deps: unknown[],
): { value: V | undefined; error: Error | null; again: () => void } {
	const [state, set] = useState<{ value?: V; error: Error | null }>({ error: null });
	const [n, bump] = useState(0);
	const live = useRef(0);
	useEffect(() => {
		const mine = ++live.current;
		load().then(
			(value) => {
				if (mine === live.current) set({ value, error: null });
			},
			(error: Error) => {
				if (mine === live.current) set((s) => ({ ...s, error }));
			},
		);
	}, [...deps, n]);
	return { value: state.value, error: state.error, again: () => bump((x) => x + 1) };
}

export function Tabs({
	label,
	tabs,
	at,
	onPick,
}: {
	label: string;
	tabs: [string, string][];
	at: string;
	onPick: (id: string) => void;
}): JSX.Element {
	return (
		<div class="tabs" role="group" aria-label={label}>
			{tabs.map(([id, text]) => (
				<button aria-pressed={id === at} onClick={() => onPick(id)}>
					{text}
				</button>
			))}
		</div>
	);
}
