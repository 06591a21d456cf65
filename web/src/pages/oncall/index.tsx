// SPDX-License-Identifier: Apache-2.0
// Who is on call now, who is called after them, who comes next; my shifts; what is on offer.
import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { type Duty } from '../../api/http';
import { go, query, withQuery } from '../../router';
import { onEvents, onReturn } from '../../store/store';
import { Copy, useLoad } from '../../ui/parts';
import { Icon } from '../../ui/icons';
import { zoneName } from '../../ui/time';
import { Swaps, useSwaps } from '../duty/swaps';
import { Take } from '../duty/take';
import { asText, load, matches, sorted } from './lines';
import { Mine } from './mine';
import { Page } from './page';
import { Table } from './table';

const LATER = 500; // one look for the several events of one change

export default function OnCall(_: { id: string; sub: string }): JSX.Element {
	const data = useLoad(load, []);
	const swaps = useSwaps();
	const [taking, take] = useState<Duty | null>(null);
	const [paging, page] = useState<Duty | null>(null);
	const asked = query('q');
	useEffect(() => {
		let timer: ReturnType<typeof setTimeout> | undefined;
		const soon = (): void => {
			clearTimeout(timer);
			timer = setTimeout(data.again, LATER);
		};
		const off = onEvents((l) => {
			if (l.some((e) => e.type === 'config.changed')) soon();
		});
		const back = onReturn(soon);
		return () => {
			clearTimeout(timer);
			off();
			back();
		};
	}, []);
	const all = sorted(data.value ?? []);
	const lines = all.filter((l) => matches(l, asked));
	const gaps = all.filter((l) => l.users.length === 0).length;
	const done = (): void => {
		data.again();
		swaps.again();
	};
	return (
		<div class="page">
			<div class="page-inner">
				<header>
					<h1>On call now</h1>
					{gaps > 0 && <span class="nobody">{gaps} without anybody</span>}
					<span class="zone muted push">{zoneName()}</span>
					{data.value && <Copy text={asText(lines)} label="Copy as text" />}
				</header>
				<div class="filter page-filter">
					<Icon name="search" />
					<input
						type="search"
						aria-label="Filter by team, person or service"
						placeholder="Whom do I call for… (team, person, service)"
						value={asked}
						onInput={(e) => go(withQuery({ q: e.currentTarget.value }), true)}
					/>
				</div>
				{data.error && (
					<p class="note bad">
						{data.error.message} <button onClick={data.again}>Try again</button>
					</p>
				)}
				<Table lines={lines} all={all} asked={asked} acts={{ page, take }} loaded={!!data.value} />
				<Swaps list={swaps.list} named onDone={done} />
				{data.value && <Mine lines={all} onDone={done} />}
				{taking && (
					<Take
						line={taking}
						onClose={(changed) => {
							take(null);
							if (changed) done();
						}}
					/>
				)}
				{paging && <Page line={paging} onClose={() => page(null)} />}
			</div>
		</div>
	);
}
