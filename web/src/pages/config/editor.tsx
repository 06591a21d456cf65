// SPDX-License-Identifier: Apache-2.0
// A document being written, as a form or as YAML: the server says first what would change; its refusals stand
// beside their fields, or beside their lines.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { Fault } from '../../api/http';
import { A, go, guard, query, withQuery } from '../../router';
import type { Section } from '../../store/store';
import { Diff } from '../../ui/diff';
import { Gutter } from '../../ui/gutter';
import { useGuard } from '../../ui/guard';
import { Icon } from '../../ui/icons';
import { Tabs } from '../../ui/parts';
import { toast } from '../../ui/toast';
import { Beside } from './beside';
import { useDraft, type Draft, type View } from './form/draft';
import { kindTables, loadKinds } from './form/fields';
import { Form, reveal } from './form/form';
import { kinds } from './kinds';
import { useFailing, Waive } from './ruletest/failing';

function lineStart(text: string, line: number): number {
	return (
		text
			.split('\n')
			.slice(0, line - 1)
			.join('\n').length + (line > 1 ? 1 : 0)
	);
}

function Yaml({ d }: { d: Draft }): JSX.Element {
	const area = useRef<HTMLTextAreaElement>(null);
	const bad = new Map(d.faults.filter((f) => f.line).map((f) => [f.line!, f.detail]));
	const rows = d.text.split('\n').length;
	useEffect(() => {
		const first = d.faults[0]?.line;
		if (!first || !area.current) return;
		const pos = lineStart(d.text, first);
		area.current.focus();
		area.current.setSelectionRange(pos, pos);
	}, [d.faults]);
	return (
		<div class="editor">
			<Gutter rows={rows} bad={bad} />
			<textarea
				ref={area}
				class="code"
				spellcheck={false}
				rows={Math.max(16, rows + 1)}
				aria-label="The document as YAML"
				value={d.text}
				aria-invalid={d.faults.length > 0}
				onInput={(e) => d.setText(e.currentTarget.value)}
			/>
		</div>
	);
}

function Refused({ d }: { d: Draft }): JSX.Element | null {
	if (!d.error) return null;
	const place = (f: Fault): JSX.Element =>
		d.view === 'form' ? (
			<button type="button" class="plain link" onClick={() => reveal(f.pointer)}>
				{f.detail}
			</button>
		) : (
			<>
				{f.line ? `line ${f.line}: ` : ''}
				{f.detail}
			</>
		);
	return (
		<div class="note bad" role="alert">
			<b>{d.error}</b>
			{d.faults.length > 0 && (
				<ul class="faults">
					{d.faults.map((f) => (
						<li>
							{place(f)} <code>{f.pointer}</code>
						</li>
					))}
				</ul>
			)}
		</div>
	);
}

function Changes({ d }: { d: Draft }): JSX.Element {
	const after = d.ready ? d.checked!.text : d.view === 'yaml' ? d.text : null;
	const base = d.base ?? '';
	return (
		<section class="panel" aria-label="What changes">
			<header class="panel-head">
				<h2>What changes</h2>
				{d.ready && (
					<span class="resolved" role="status">
						✓ the server accepts it
					</span>
				)}
			</header>
			{after !== null && after !== base ? (
				<div class="scroll pad-y">
					<Diff before={base.split('\n').filter(Boolean)} after={after.split('\n').filter(Boolean)} />
				</div>
			) : (
				<p class="muted pad">
					{d.dirty ? 'Check, and it is shown here before it can be saved.' : 'Nothing yet.'}
				</p>
			)}
		</section>
	);
}

function Id({ d }: { d: Draft }): JSX.Element {
	const fault = d.faults.find((f) => f.pointer === '/id');
	return (
		<div class={`f-row ${fault ? 'has-fault' : ''}`} data-at="/id">
			<label class="f-name" for="/id">
				Id<span class="must"> needed</span>
			</label>
			<input
				id="/id"
				value={d.id}
				autocomplete="off"
				spellcheck={false}
				onInput={(e) => d.setId(e.currentTarget.value)}
			/>
			<span class="f-help">Its name in files, addresses and references; it stays for ever.</span>
			{fault && (
				<span class="f-fault">
					<span>{fault.detail}</span>
				</span>
			)}
		</div>
	);
}

export function Editor({
	section,
	id,
	fresh,
}: {
	section: Section | 'organisation';
	id: string;
	fresh: boolean;
}): JSX.Element {
	const [why, say] = useState('');
	const k = section === 'organisation' ? null : kinds[section]!;
	const start: View = query('as') === 'yaml' ? 'yaml' : 'form';
	const d = useDraft({ section, id: fresh ? '' : id }, () => k!.template('new-id'), start);
	loadKinds();
	const table = kindTables.value?.get(section);
	const back =
		section === 'organisation' ? '/config' : fresh ? `/config/${section}` : `/config/${section}/${id}`;
	useGuard(d.dirty);
	const failing = useFailing(d, section === 'rulesets');
	const [waived, waive] = useState('');
	// A tick counts for the draft that it was given for.
	const print = d.checked?.print ?? '';
	const may = d.ready && failing !== null && (failing.length === 0 || waived === print);
	useEffect(() => {
		if (d.view === 'form' && d.faults[0]) reveal(d.faults[0].pointer);
	}, [d.faults]);
	const save = async (): Promise<void> => {
		const done = await d.save(why);
		if (!done) return;
		guard.ask = null;
		toast({ text: 'Saved' });
		go(
			fresh ? `/config/${section}/${done.id}${done.key ? `?key=${encodeURIComponent(done.key)}` : ''}` : back,
			true,
		);
	};
	// Saving that was asked for while the cases were still being tried happens when they hold.
	const wish = useRef('');
	useEffect(() => {
		if (failing === null) return;
		const wished = wish.current !== '' && wish.current === print;
		wish.current = '';
		if (wished && may) void save();
	}, [failing]);
	const show = async (v: string): Promise<void> => {
		await d.show(v as View);
		go(withQuery({ as: v === 'yaml' ? 'yaml' : '' }), true);
	};
	return (
		<div class="page">
			<div
				class="page-inner"
				onKeyDown={(e) => {
					if (!(e.ctrlKey || e.metaKey) || e.key !== 'Enter') return;
					e.preventDefault();
					if (!d.ready) void d.check();
					else if (may) void save();
					else if (failing === null) wish.current = print;
				}}
			>
				<p class="crumbs">
					<A href={back}>
						<Icon name="left" /> {!k ? 'Configuration' : fresh ? k.name : id}
					</A>
				</p>
				<header>
					<h1>{fresh && k ? `New ${k.one}` : `Edit ${id || 'the organisation'}`}</h1>
					<Tabs
						label="How it is written"
						tabs={[
							['form', 'Form'],
							['yaml', 'YAML'],
						]}
						at={d.view}
						onPick={(v) => void show(v)}
					/>
					<span class="push" />
					<button onClick={() => void d.check()} disabled={d.busy || d.base === null}>
						Check what changes
					</button>
					<button
						class="main"
						disabled={!may || d.busy}
						title={may ? '' : d.ready ? 'A case does not hold' : 'Check first'}
						onClick={() => void save()}
					>
						Save
					</button>
				</header>
				<Refused d={d} />
				<Waive cases={failing ?? []} on={waived === print} set={(on) => waive(on ? print : '')} />
				<div class="split">
					<section class="panel" aria-label={d.view === 'yaml' ? 'Text' : 'Form'}>
						{d.view === 'yaml' ? (
							<Yaml d={d} />
						) : d.base === null || !table ? (
							<p class="muted pad">…</p>
						) : (
							<div class="pad">
								{d.comments && (
									<p class="note">
										The text has comments. They stay if you change nothing here; a change in the form writes
										the text anew, without them.
									</p>
								)}
								<Form kind={table} body={d.body} set={d.setBody} faults={d.faults} />
								{fresh && <Id d={d} />}
							</div>
						)}
					</section>
					<div>
						<Changes d={d} />
						<label>
							Why, for the history
							<input value={why} onInput={(e) => say(e.currentTarget.value)} />
						</label>
						<Beside section={section} id={d.id} draft={d} />
						<p class="muted">
							Checking and saving ask the server: it compiles the whole configuration and names every fault.{' '}
							<kbd>Ctrl</kbd> <kbd>Enter</kbd> checks, then saves. Secrets read “(kept)” and stay as they are.
						</p>
					</div>
				</div>
			</div>
		</div>
	);
}
