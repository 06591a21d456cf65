// SPDX-License-Identifier: Apache-2.0
// A distribution on a scale of times that people think in. Each bar is a button that names its incidents;
// under ten values there are dots, and no percentiles. A table says the same.
import type { JSX } from 'preact';
import { span } from '../../ui/time';

export interface Bucket {
	from: number;
	under?: number;
	n: number;
	newest: { id: number; title: string; after: number }[];
}
export interface Spread {
	n: number;
	mean?: number;
	longest?: number;
	p50?: number;
	p90?: number;
	dots?: number[];
	buckets: Bucket[];
}

export const secs = (s: number | undefined): string =>
	s === undefined
		? '–'
		: s > 0 && s < 1
			? `${Math.round(s * 1000)} ms`
			: s < 60
				? `${s < 10 && s % 1 ? s.toFixed(1) : Math.round(s)} s`
				: span(s * 1000);

export function rangeOf(b: Bucket): string {
	if (b.under === undefined) return `${secs(b.from)} or more`;
	return b.from === 0 ? `under ${secs(b.under)}` : `${secs(b.from)} to ${secs(b.under)}`;
}

const W = 650,
	H = 150,
	FLOOR = 125;

export function Histogram({
	of,
	label,
	picked,
	onPick,
}: {
	of: Spread;
	label: string;
	picked: number | null;
	onPick: (bucket: number | null) => void;
}): JSX.Element {
	const step = W / of.buckets.length;
	const most = Math.max(1, ...of.buckets.map((b) => b.n));
	const bar = (b: Bucket, i: number): JSX.Element => {
		const h = (b.n / most) * 100;
		const toggle = (): void => onPick(picked === i ? null : i);
		return (
			<g
				role="button"
				tabindex={0}
				class="bar-of"
				aria-pressed={picked === i}
				aria-label={`${rangeOf(b)}: ${b.n} incident${b.n === 1 ? '' : 's'}`}
				onClick={toggle}
				onKeyDown={(e) => {
					if (e.key !== 'Enter' && e.key !== ' ') return;
					e.preventDefault();
					toggle();
				}}
			>
				<rect class="reach" x={i * step} y="0" width={step} height={FLOOR} />
				{of.dots ? (
					of.dots
						.filter((v) => v >= b.from && v < (b.under ?? Infinity))
						.map((_, k) => <circle cx={i * step + step / 2} cy={FLOOR - 8 - k * 12} r="4.5" />)
				) : (
					<rect x={i * step + 3} y={FLOOR - h} width={step - 6} height={h} rx="3" />
				)}
				<text
					x={i * step + step / 2}
					y={of.dots ? FLOOR - 16 - b.n * 12 + 10 : FLOOR - h - 5}
					text-anchor="middle"
				>
					{b.n}
				</text>
			</g>
		);
	};
	return (
		<>
			<div class="scroll" tabIndex={0} role="region" aria-label={`${label}, drawn`}>
				<svg class="histo" viewBox={`0 0 ${W} ${H}`} role="group" aria-label={label}>
					<line x1="0" x2={W} y1={FLOOR} y2={FLOOR} />
					{of.buckets.map((b, i) => (b.n > 0 ? bar(b, i) : null))}
					{of.buckets.map((b, i) =>
						b.under === undefined ? null : (
							<text x={(i + 1) * step} y="142" text-anchor="middle" aria-hidden="true">
								{secs(b.under).replace(' min', ' m')}
							</text>
						),
					)}
				</svg>
			</div>
			<details>
				<summary class="muted">As a table</summary>
				<table>
					<thead>
						<tr>
							<th scope="col">Time</th>
							<th scope="col" class="right">
								Incidents
							</th>
						</tr>
					</thead>
					<tbody>
						{of.buckets
							.filter((b) => b.n > 0)
							.map((b) => (
								<tr>
									<th scope="row">{rangeOf(b)}</th>
									<td class="num right">{b.n}</td>
								</tr>
							))}
						{of.n === 0 && (
							<tr>
								<td colSpan={2} class="muted">
									None.
								</td>
							</tr>
						)}
					</tbody>
				</table>
			</details>
		</>
	);
}
