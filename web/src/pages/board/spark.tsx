// SPDX-License-Identifier: Apache-2.0
// When the alerts of an incident first fired, drawn beside their number. The rows in view are asked about together
// once they stand still; what was drawn is kept, so that scrolling asks and computes nothing.
import { batch, signal, type Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { JSX } from 'preact';
import { get, type List } from '../../api/http';
import type { Histogram } from '../../api/types';
import { row } from '../../store/store';
import type { Row } from '../../store/reduce';
import { span } from '../../ui/time';

const SOON = 250,
	LATER = 5000,
	/** What came meanwhile is drawn no sooner, and that time goes on no sooner than this. */
	NEWS = 2000,
	AGES = 60_000,
	AT_ONCE = 64;
const WIDE = 3,
	STEP = 4,
	HIGH = 16;

interface Drawn {
	path: string;
	says: string;
	/** The row's number of alerts at that time, when it was asked, and how long it stays true. */
	alerts: number;
	at: number;
	lasts: number;
}
const drawn = new Map<number, Signal<Drawn | null>>();
function of(id: number): Signal<Drawn | null> {
	let s = drawn.get(id);
	if (!s) drawn.set(id, (s = signal(null)));
	return s;
}

/** Bars on one line; a part without any keeps a pixel of it. */
export function bars(counts: number[]): string {
	const most = Math.max(1, ...counts);
	return counts
		.map((n, i) => {
			const h = n ? 2 + Math.round(((HIGH - 2) * n) / most) : 1;
			return `M${i * STEP} ${HIGH - h}h${WIDE}v${h}h-${WIDE}z`;
		})
		.join('');
}

/** The same in words. */
export function words(h: Histogram, all: number): string {
	const life = Date.parse(h.to) - Date.parse(h.from),
		part = life / h.counts.length;
	const most = Math.max(...h.counts),
		at = h.counts.indexOf(most);
	const who = all > h.alerts ? `The newest ${h.alerts} fired` : 'Fired';
	const where =
		at === 0
			? 'at the beginning'
			: at === h.counts.length - 1
				? `in the last ${span(part)}`
				: `${span(at * part)} after the first`;
	return `${who} over ${span(life)}; the most at once, ${most} of ${h.alerts}, ${where}`;
}

function draw(h: Histogram): void {
	const alerts = row(h.incident)?.alerts ?? h.alerts;
	const part = (Date.parse(h.to) - Date.parse(h.from)) / h.counts.length;
	of(h.incident).value = {
		path: bars(h.counts),
		says: words(h, alerts),
		alerts,
		at: Date.now(),
		lasts: Math.max(AGES, part),
	};
}

function due(id: number): boolean {
	const d = of(id).peek();
	if (!d) return true;
	const old = Date.now() - d.at;
	return old > d.lasts || (old > NEWS && row(id)?.alerts !== d.alerts);
}

let timer: ReturnType<typeof setTimeout> | undefined,
	asking = false;

async function ask(): Promise<void> {
	const all = [...document.querySelectorAll<SVGElement>('.spark')];
	if (all.length === 0) return; // until there is one again
	// A narrow window has no room for them.
	const shown = all.filter((e) => e.getClientRects().length).map((e) => Number(e.dataset['of']));
	const ids = document.hidden ? [] : shown.filter(due).slice(0, AT_ONCE);
	asking = true;
	try {
		if (ids.length) {
			const { items } = await get<List<Histogram>>(`/board/histograms?ids=${ids}`);
			batch(() => items.forEach(draw));
		}
	} catch {
		// The number stands there all the same, and it is asked again.
	}
	asking = false;
	timer = setTimeout(() => void ask(), LATER);
}

function soon(): void {
	if (asking) return;
	clearTimeout(timer);
	timer = setTimeout(() => void ask(), SOON);
}

export function Spark({ r }: { r: Row }): JSX.Element {
	useEffect(soon, [r.id, r.alerts]);
	const d = of(r.id).value;
	return (
		<svg
			class="spark"
			data-of={r.id}
			viewBox={`0 0 ${12 * STEP - 1} ${HIGH}`}
			role={d ? 'img' : undefined}
			aria-hidden={d ? undefined : true}
			aria-label={d?.says}
		>
			{d && (
				<>
					<title>{d.says}</title>
					<path d={d.path} />
				</>
			)}
		</svg>
	);
}
