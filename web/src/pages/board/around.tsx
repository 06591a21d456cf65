// SPDX-License-Identifier: Apache-2.0
// What stands around the grid: views, filter, what the selection may do, what is said when there is nothing.
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { get, type List } from '../../api/http';
import type { Incident } from '../../api/types';
import { addKeys } from '../../keys';
import { A, go, withQuery } from '../../router';
import { fieldNames } from '../../store/filter';
import { rows } from '../../store/store';
import { askViews, dropView, keepView, views } from '../../store/views';
import { Icon } from '../../ui/icons';
import { Empty, useLoad } from '../../ui/parts';
import { ago } from '../../ui/time';
import { open, resolve } from './dialogs';
import { frozen, hold, selected } from './hold';
import { clear, doIt } from './pick';
import { shownRows, text, view } from './rows';

export function Filter(): JSX.Element {
	const ref = useRef<HTMLInputElement>(null);
	useLayoutEffect(
		() => addKeys([{ keys: '/', text: 'Filter', group: 'Board', run: () => ref.current?.focus() }]),
		[],
	);
	const set = (q: string): void => {
		frozen.value = null;
		go(withQuery({ q }), true);
		hold();
	};
	return (
		<div class="filter">
			<Icon name="search" />
			<input
				ref={ref}
				type="search"
				aria-label="Filter"
				list="filter-words"
				placeholder="Filter: sev:critical team:shop -state:snoozed words"
				value={text.value}
				onInput={(e) => set(e.currentTarget.value)}
				onKeyDown={(e) => {
					if (e.key === 'Escape') {
						set('');
						e.currentTarget.blur();
					}
					if (e.key === 'Enter') e.currentTarget.blur();
				}}
			/>
			<datalist id="filter-words">
				{fieldNames.map((f) => (
					<option value={`${f}:`} />
				))}
			</datalist>
			{text.value && (
				<button
					class="small"
					onClick={() => {
						const name = prompt('A name for this view', text.value);
						if (name) void keepView({ name, q: text.value });
					}}
				>
					Save view
				</button>
			)}
		</div>
	);
}

export function Views(): JSX.Element {
	useEffect(() => void askViews(), []);
	const tab = (id: string, name: string): JSX.Element => (
		<A
			href={withQuery({ view: id === 'active' ? '' : id })}
			aria-current={view.value === id ? 'page' : undefined}
		>
			{name}
		</A>
	);
	return (
		<div class="tabs links" role="group" aria-label="Views">
			{tab('mine', 'Mine')}
			{tab('active', 'Active')}
			{tab('all', 'All')}
			{views.value.map((v) => (
				<span class="saved">
					<A
						href={`/incidents?q=${encodeURIComponent(v.q)}`}
						aria-current={text.value === v.q ? 'page' : undefined}
					>
						{v.name}
					</A>
					{text.value === v.q && (
						<button class="plain" aria-label={`Remove the view ${v.name}`} onClick={() => void dropView(v)}>
							✕
						</button>
					)}
				</span>
			))}
		</div>
	);
}

export function Bulk(): JSX.Element | null {
	const n = selected.value.size;
	if (n === 0) return null;
	const every = shownRows.value.filter((r) => r.state !== 'resolved').length;
	return (
		<div class="bulk" role="region" aria-label="Selected incidents">
			<b>{n} selected</b>
			<button class="main" onClick={() => void doIt('acknowledge')}>
				Acknowledge <kbd>a</kbd>
			</button>
			<button onClick={() => resolve()}>
				Resolve <kbd>r</kbd>
			</button>
			<button onClick={() => open('snooze')}>
				Snooze <kbd>s</kbd>
			</button>
			<button onClick={() => void doIt('escalate')}>
				Escalate <kbd>e</kbd>
			</button>
			<button onClick={() => open('merge')}>Merge…</button>
			<button onClick={() => open('note')}>
				Note… <kbd>m</kbd>
			</button>
			{every > n && (
				<button
					class="plain link"
					onClick={() => {
						selected.value = new Set(shownRows.value.filter((r) => r.state !== 'resolved').map((r) => r.id));
					}}
				>
					Select all {every} that match
				</button>
			)}
			<button class="plain" onClick={clear}>
				Clear <kbd>Esc</kbd>
			</button>
		</div>
	);
}

export function Quiet(): JSX.Element {
	const last = useLoad(() => get<List<Incident>>('/incidents?state=resolved&limit=1'), []).value?.items[0]
		?.resolved_at;
	if (text.value || view.value === 'mine') {
		const n = [...rows.values()].filter((s) => s.peek().state !== 'resolved').length;
		return (
			<Empty title={view.value === 'mine' && !text.value ? 'Nothing needs you.' : 'Nothing matches.'}>
				<p class="muted">
					{n === 0
						? 'Nothing else is open either.'
						: `${n} other open incident${n === 1 ? '' : 's'} hidden by ${text.value ? 'the filter' : 'this view'}.`}
				</p>
				<p>
					<A href="/incidents">Show all that is open</A>
				</p>
			</Empty>
		);
	}
	return (
		<Empty title="Nothing is open.">
			<p class="muted">{last ? `The last incident ended ${ago(last)}.` : 'No incident has ended yet.'}</p>
			<p>
				<button onClick={() => open('declare')}>Open one by hand</button>
			</p>
		</Empty>
	);
}
