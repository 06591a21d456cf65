// SPDX-License-Identifier: Apache-2.0
// A scenario run in place: written, pasted or loaded, on the configuration in force or on its own.
import { useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { call } from '../../../api/http';
import type { Trial } from '../../../api/types';
import { A } from '../../../router';
import { Gutter } from '../../../ui/gutter';
import { Icon } from '../../../ui/icons';
import { examples } from './examples';
import { Picture, Twin } from './picture';

const KEPT = 'scenario'; // in this tab, so that a reload loses nothing

export function Scenarios(): JSX.Element {
	const [text, set] = useState(() => sessionStorage.getItem(KEPT) ?? Object.values(examples)[1]!);
	const [result, got] = useState<Trial | null>(null);
	const [error, fail] = useState('');
	const [busy, run] = useState(false);
	const [table, show] = useState(false);
	const area = useRef<HTMLTextAreaElement>(null);
	const write = (t: string): void => {
		set(t);
		sessionStorage.setItem(KEPT, t);
	};
	const newest = useRef(0);
	const go = async (): Promise<void> => {
		const mine = ++newest.current;
		run(true);
		fail('');
		const [value, why] = await call<Trial>('POST', '/scenarios/run', { body: { text } }).then(
			(r) => [r.value, ''] as const,
			(e: Error) => [null, e.message] as const,
		);
		if (mine !== newest.current) return; // pressed again meanwhile: the answer is of other words
		got(value);
		fail(why);
		run(false);
	};
	const to = (line: number): void => {
		const from =
			text
				.split('\n')
				.slice(0, line - 1)
				.join('\n').length + (line > 1 ? 1 : 0);
		area.current?.focus();
		area.current?.setSelectionRange(from, from + (text.split('\n')[line - 1] ?? '').length);
	};
	const bad = new Map((result?.faults ?? []).map((f) => [f.line, f.message]));
	const rows = text.split('\n').length;
	return (
		<div class="page">
			<div
				class="page-inner"
				onKeyDown={(e) => {
					if (!(e.ctrlKey || e.metaKey) || e.key !== 'Enter') return;
					e.preventDefault();
					void go();
				}}
			>
				<p class="crumbs">
					<A href="/config">
						<Icon name="left" /> Configuration
					</A>
				</p>
				<header>
					<h1>Scenarios</h1>
					<span class="muted">What would happen, on a clock of its own; nobody is paged</span>
					<span class="push" />
					<button class="main" disabled={busy || !text.trim()} onClick={() => void go()}>
						Run <kbd>Ctrl</kbd> <kbd>Enter</kbd>
					</button>
				</header>
				<div class="split even">
					<section class="panel" aria-label="Scenario">
						<header class="panel-head">
							<select
								aria-label="Begin with an example"
								value=""
								onChange={(e) => e.currentTarget.value && write(examples[e.currentTarget.value]!)}
							>
								<option value="">Begin with an example…</option>
								{Object.keys(examples).map((n) => (
									<option value={n}>{n}</option>
								))}
							</select>
							<label class="button load">
								Load a file…
								<input
									type="file"
									class="sr"
									accept=".scn,.txt,text/plain"
									onChange={(e) => void e.currentTarget.files?.[0]?.text().then(write)}
								/>
							</label>
						</header>
						<div class="editor">
							<Gutter rows={rows} bad={bad} />
							<textarea
								ref={area}
								class="code"
								spellcheck={false}
								aria-label="The scenario"
								rows={Math.max(16, rows + 1)}
								value={text}
								onInput={(e) => write(e.currentTarget.value)}
							/>
						</div>
					</section>
					<div>
						{error && (
							<p class="note bad" role="alert">
								{error}
							</p>
						)}
						<div role="status">
							{result &&
								(result.passed ? (
									<p class="note">
										<span class="resolved">✓</span> <b>It holds.</b>
									</p>
								) : (
									<div class="note bad">
										<b>It does not hold.</b>
										<ul class="faults">
											{result.faults.map((f) => (
												<li>
													<button class="plain link" onClick={() => to(f.line)}>
														line {f.line}
													</button>{' '}
													{f.text && <code>{f.text}</code>} {f.message}
												</li>
											))}
										</ul>
									</div>
								))}
						</div>
						{result && result.events.length > 0 ? (
							<section class="panel" aria-label="What happened">
								<header class="panel-head">
									<h2>What happened</h2>
									<button class="small" aria-pressed={table} onClick={() => show(!table)}>
										{table ? 'View as picture' : 'View as table'}
									</button>
								</header>
								{table ? <Twin t={result} /> : <Picture t={result} />}
							</section>
						) : (
							!result && (
								<p class="muted">
									One statement a line: signals, time that passes, people who act, and what must follow. The
									same files run by <code>tocsin scenario</code> in your CI.
								</p>
							)
						)}
					</div>
				</div>
			</div>
		</div>
	);
}
