// SPDX-License-Identifier: Apache-2.0
// A document as YAML: the server says first what would change; its refusals stand beside their lines.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { call, Failure, type Fault } from '../../api/http';
import { A, go, guard } from '../../router';
import { reload, type Doc, type Section } from '../../store/store';
import { Dialog } from '../../ui/parts';
import { Diff } from '../../ui/diff';
import { Icon } from '../../ui/icons';
import { toast } from '../../ui/toast';
import { kinds } from './kinds';

export function Remove({
	section,
	d,
	onClose,
}: {
	section: Section;
	d: Doc;
	onClose: () => void;
}): JSX.Element {
	const [error, fail] = useState('');
	return (
		<Dialog title={`Remove ${d.name}?`} onClose={onClose}>
			<p>
				Nothing that is named elsewhere can be removed; the server says so. History keeps it, and it can be
				rolled back.
			</p>
			{error && (
				<p class="note bad" role="alert">
					{error}
				</p>
			)}
			<div class="actions">
				<button onClick={onClose}>Keep it</button>
				<button
					class="bad"
					onClick={() =>
						call('DELETE', `/${section}/${d.id}`, { headers: { 'If-Match': `"${d.revision}"` } }).then(
							() => {
								toast({ text: `${d.name} is removed` });
								reload(section);
								go(`/config/${section}`);
							},
							(e: Error) => fail(e.message),
						)
					}
				>
					Remove
				</button>
			</div>
		</Dialog>
	);
}

// ---- the editor ----

export function Editor({
	section,
	id,
	fresh,
}: {
	section: Section | 'organisation';
	id: string;
	fresh: boolean;
}): JSX.Element {
	const at = section === 'organisation' ? '/organisation' : `/${section}/${id}`;
	const [text, set] = useState('');
	const [base, keep] = useState<{ text: string; etag: string | null } | null>(null);
	const [faults, found] = useState<Fault[]>([]);
	const [error, fail] = useState('');
	const [checked, check] = useState<string | null>(null);
	const [why, say] = useState('');
	const area = useRef<HTMLTextAreaElement>(null);
	const gutter = useRef<HTMLDivElement>(null);
	const dirty = base !== null && text !== base.text;
	const back =
		section === 'organisation' ? '/config' : fresh ? `/config/${section}` : `/config/${section}/${id}`;
	useEffect(() => {
		if (fresh && section !== 'organisation') {
			const t = kinds[section]!.template('new-id');
			keep({ text: '', etag: null });
			set(t);
			return;
		}
		call<string>('GET', at + '?format=yaml').then(
			(a) => {
				keep({ text: a.value, etag: a.etag });
				set((had) => had || a.value);
			},
			(e: Error) => fail(e.message),
		);
	}, [at]);
	useEffect(() => {
		guard.ask = () => !dirty || confirm('Leave without saving?');
		const warn = (e: BeforeUnloadEvent): void => {
			if (dirty) e.preventDefault();
		};
		addEventListener('beforeunload', warn);
		return () => {
			guard.ask = null;
			removeEventListener('beforeunload', warn);
		};
	}, [dirty]);
	/** Where it goes: for a new one the id stands in the text. */
	const target = (): string => {
		if (!fresh) return at;
		const m = /^\w+:\s*\n\s+([a-z0-9][a-z0-9-]*):/m.exec(text);
		return `/${section}/${m?.[1] ?? 'new-id'}`;
	};
	const send = async (dry: boolean): Promise<void> => {
		found([]);
		fail('');
		const headers: Record<string, string> = fresh
			? { 'If-None-Match': '*' }
			: base?.etag
				? { 'If-Match': base.etag }
				: {};
		try {
			const a = await call<unknown>(
				'PUT',
				`${target()}?message=${encodeURIComponent(why)}${dry ? '&dry_run=1' : ''}`,
				{ yaml: text, headers },
			);
			if (dry) {
				check(text);
				return;
			}
			guard.ask = null;
			toast({ text: 'Saved' });
			if (section !== 'organisation') reload(section);
			const key = a.headers.get('tocsin-key');
			go(fresh ? `/config${target()}${key ? `?key=${encodeURIComponent(key)}` : ''}` : back, true);
		} catch (e) {
			const f = e as Failure;
			check(null);
			found(f.problem.errors ?? []);
			fail(
				f.status === 412
					? `${f.message} — somebody saved meanwhile. Copy your text and load the page again.`
					: f.message,
			);
			const first = f.problem.errors?.[0]?.line;
			if (first && area.current) {
				const pos =
					text
						.split('\n')
						.slice(0, first - 1)
						.join('\n').length + (first > 1 ? 1 : 0);
				area.current.focus();
				area.current.setSelectionRange(pos, pos);
			}
		}
	};
	const bad = new Map(faults.filter((f) => f.line).map((f) => [f.line!, f.detail]));
	const ready = checked === text;
	const rows = text.split('\n').length;
	return (
		<div class="page">
			<div class="page-inner">
				<p class="crumbs">
					<A href={back}>
						<Icon name="left" />{' '}
						{section === 'organisation' ? 'Configuration' : fresh ? kinds[section]!.name : id}
					</A>
				</p>
				<header>
					<h1>
						{fresh && section !== 'organisation'
							? `New ${kinds[section]!.one}`
							: `Edit ${id || 'the organisation'}`}
					</h1>
					<span class="push" />
					<button onClick={() => void send(true)} disabled={!text.trim()}>
						Check what changes
					</button>
					<button
						class="main"
						disabled={!ready}
						title={ready ? '' : 'Check first'}
						onClick={() => void send(false)}
					>
						Save
					</button>
				</header>
				{error && (
					<div class="note bad" role="alert">
						<b>{error}</b>
						{faults.length > 0 && (
							<ul class="faults">
								{faults.map((f) => (
									<li>
										{f.line ? `line ${f.line}: ` : ''}
										{f.detail} <code>{f.pointer}</code>
									</li>
								))}
							</ul>
						)}
					</div>
				)}
				<div class="split">
					<section class="panel" aria-label="Text">
						<div class="editor">
							<div class="gutter" aria-hidden="true" ref={gutter}>
								{Array.from({ length: rows }, (_, i) => (
									<div>
										{bad.has(i + 1) ? (
											<span class="bad" title={bad.get(i + 1)}>
												{i + 1}
											</span>
										) : (
											i + 1
										)}
									</div>
								))}
							</div>
							<textarea
								ref={area}
								class="code"
								spellcheck={false}
								rows={Math.max(16, rows + 1)}
								aria-label="The document as YAML"
								value={text}
								aria-invalid={faults.length > 0}
								onInput={(e) => set(e.currentTarget.value)}
								onKeyDown={(e) => {
									if ((e.ctrlKey || e.metaKey) && e.key === 'Enter') {
										e.preventDefault();
										void send(!ready);
									}
								}}
							/>
						</div>
					</section>
					<div>
						<section class="panel" aria-label="What changes">
							<header class="panel-head">
								<h2>What changes</h2>
								{ready && <span class="resolved">✓ the server accepts it</span>}
							</header>
							{base && text !== base.text ? (
								<div class="scroll pad-y">
									<Diff before={base.text.split('\n')} after={text.split('\n')} />
								</div>
							) : (
								<p class="muted pad">Nothing yet.</p>
							)}
						</section>
						<label>
							Why, for the history
							<input value={why} onInput={(e) => say(e.currentTarget.value)} />
						</label>
						<p class="muted">
							Checking and saving ask the server: it compiles the whole configuration and names every fault by
							its line. <kbd>Ctrl</kbd> <kbd>Enter</kbd> checks, then saves. Secrets read “(kept)” and stay as
							they are.
						</p>
					</div>
				</div>
			</div>
		</div>
	);
}
