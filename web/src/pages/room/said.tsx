// SPDX-License-Identifier: Apache-2.0
// What somebody wrote, as it is meant: a small part of Markdown, numbers of incidents, people, addresses. All of it
// becomes elements; no text is ever taken for HTML.
import type { ComponentChild, JSX } from 'preact';
import { A } from '../../router';
import { docs, userName } from '../../store/store';
import { MENTION } from './mentions';

type Made = (text: string) => ComponentChild;

/** In this order; the first that matches earliest wins, and what is inside code stays as it is. */
const forms: [RegExp, Made][] = [
	[/`([^`\n]+)`/, (t) => <code>{t}</code>],
	[/\*\*([^*\n]+)\*\*/, (t) => <b>{inline(t)}</b>],
	[/(?<![*\w])\*([^*\s][^*\n]*)\*(?!\w)/, (t) => <em>{inline(t)}</em>],
	[
		/(https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]])/,
		(t) => (
			<a href={t} rel="noopener noreferrer" target="_blank">
				{t}
			</a>
		),
	],
	[/(?<![\w&/])#(\d{1,15})\b/, (t) => <A href={`/incidents/${t}`}>#{t}</A>],
	[MENTION, (t) => (docs('users')?.has(t) ? <b title={userName(t)}>@{t}</b> : `@${t}`)],
];

function inline(text: string): ComponentChild[] {
	let first: RegExpExecArray | undefined, make: Made | undefined;
	for (const [form, made] of forms) {
		const m = form.exec(text);
		if (m && (!first || m.index < first.index)) [first, make] = [m, made];
	}
	if (!first || !make) return [text];
	return [text.slice(0, first.index), make(first[1]!), ...inline(text.slice(first.index + first[0].length))];
}

/** A line that begins with "- " is an item of a list; an empty line ends a paragraph. */
export function Said({ text }: { text: string }): JSX.Element {
	const blocks = text.split(/\n\s*\n/).map((b) => b.split('\n'));
	return (
		<>
			{blocks.map((lines) =>
				lines.every((l) => /^\s*[-*] /.test(l)) ? (
					<ul>
						{lines.map((l) => (
							<li>{inline(l.replace(/^\s*[-*] /, ''))}</li>
						))}
					</ul>
				) : (
					<p>{inline(lines.join('\n'))}</p>
				),
			)}
		</>
	);
}
