// SPDX-License-Identifier: Apache-2.0
// Where services stand in a picture of what depends on what: in columns, each to the left of everything that
// it depends on, in an order that crosses few lines. Pure, so that it can be tested.
export interface Node {
	id: string;
	x: number;
	y: number;
}
export interface Placed {
	nodes: Map<string, Node>;
	/** Each with the places that it goes through in the columns between. */
	edges: { from: string; to: string; via: Node[] }[];
	columns: number;
	rows: number;
}

/** Of [from, to] that are given, those whose both ends are there. */
function known(ids: string[], edges: [string, string][]): [string, string][] {
	const there = new Set(ids);
	return edges.filter(([a, b]) => a !== b && there.has(a) && there.has(b));
}

/** The longest way to a service from one that nothing depends on. The server refuses circles; should there be
 * one, the walk ends after as many rounds as there are services. */
function depths(ids: string[], edges: [string, string][]): Map<string, number> {
	const depth = new Map(ids.map((id) => [id, 0]));
	for (let round = 0, moved = true; moved && round < ids.length; round++) {
		moved = false;
		for (const [a, b] of edges)
			if (depth.get(b)! < depth.get(a)! + 1) {
				depth.set(b, depth.get(a)! + 1);
				moved = true;
			}
	}
	return depth;
}

/** Each column by the middle of its neighbours, to and fro. */
function order(columns: string[][], edges: [string, string][]): void {
	const at = new Map<string, number>();
	const number = (): void => columns.forEach((c) => c.forEach((id, i) => at.set(id, i - (c.length - 1) / 2)));
	const middle = (id: string): number => {
		const near = edges.filter(([a, b]) => a === id || b === id).map(([a, b]) => at.get(a === id ? b : a)!);
		return near.length ? near.reduce((x, y) => x + y, 0) / near.length : at.get(id)!;
	};
	number();
	for (let pass = 0; pass < 4; pass++)
		for (const c of pass % 2 ? [...columns].reverse() : columns) {
			const want = new Map(c.map((id) => [id, middle(id)]));
			c.sort((a, b) => want.get(a)! - want.get(b)! || a.localeCompare(b));
			number();
		}
}

export function place(ids: string[], wanted: [string, string][]): Placed {
	const edges = known(ids, wanted);
	const depth = depths(ids, edges);
	const n = Math.max(-1, ...depth.values()) + 1;
	const columns: string[][] = Array.from({ length: n }, () => []);
	for (const id of [...ids].sort()) columns[depth.get(id)!]!.push(id);
	// A line that skips columns takes a place in each of them, so that it runs between services and not behind.
	const short: [string, string][] = [];
	const ways = edges.map(([from, to]) => {
		const via: string[] = [];
		for (let x = depth.get(from)! + 1; x < depth.get(to)!; x++) {
			via.push(`${from} ${to} ${x}`);
			columns[x]!.push(via.at(-1)!);
		}
		const all = [from, ...via, to];
		all.slice(1).forEach((b, i) => short.push([all[i]!, b]));
		return { from, to, via };
	});
	order(columns, short);
	const rows = Math.max(0, ...columns.map((c) => c.length));
	const nodes = new Map<string, Node>();
	columns.forEach((c, x) => c.forEach((id, i) => nodes.set(id, { id, x, y: i + (rows - c.length) / 2 })));
	const placed = ways.map((w) => ({ ...w, via: w.via.map((id) => nodes.get(id)!) }));
	for (const w of ways) for (const id of w.via) nodes.delete(id);
	return { nodes, edges: placed, columns: n, rows };
}

/** Everything that can be reached from a service, one way. */
export function reach(id: string, edges: [string, string][], back = false): Set<string> {
	const seen = new Set<string>();
	const walk = (at: string): void => {
		for (const [a, b] of edges) {
			const [from, to] = back ? [b, a] : [a, b];
			if (from !== at || seen.has(to)) continue;
			seen.add(to);
			walk(to);
		}
	};
	walk(id);
	seen.delete(id);
	return seen;
}

/** Services in trouble none of whose own dependencies is: what they have in common may be the cause. */
export function cores(ids: Iterable<string>, edges: [string, string][], bad: Set<string>): string[] {
	return [...ids].filter((id) => bad.has(id) && ![...reach(id, edges)].some((x) => bad.has(x)));
}
