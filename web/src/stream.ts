// SPDX-License-Identifier: Apache-2.0
// One stream of events: reads /api/v1/stream, counts it as dead after 40 s of silence (the server breathes
// every 15), and comes back after 1, 2, 5, 10, 30 s. It does not ask for what it missed: whoever
// listens reads that from the board by its own place in the log, so that nothing depends on this.
export type Said =
	{ type: 'open' } | { type: 'lost' } | { type: 'out' } | { type: 'events'; events: unknown[] };

const waits = [1, 2, 5, 10, 30];
const SILENCE = 40_000;

export class Stream {
	private ended = false;
	private tries = 0;
	private batch: unknown[] = [];
	private timer: ReturnType<typeof setTimeout> | undefined;
	private abort = new AbortController();
	private wake: (() => void) | undefined;

	constructor(private readonly say: (s: Said) => void) {
		void this.run();
	}

	/** Back on the net, or looked at again: do not wait out the pause. */
	hurry(): void {
		this.tries = 0;
		this.wake?.();
	}
	close(): void {
		this.ended = true;
		this.abort.abort();
		this.wake?.();
	}

	private async run(): Promise<void> {
		while (!this.ended) {
			await this.listen().catch(() => undefined);
			if (this.ended) return;
			this.say({ type: 'lost' });
			const pause = waits[Math.min(this.tries++, waits.length - 1)]! * (0.7 + Math.random() * 0.6) * 1000;
			await new Promise<void>((r) => {
				this.wake = r;
				setTimeout(r, pause);
			});
		}
	}

	private async listen(): Promise<void> {
		this.abort = new AbortController();
		let alive = setTimeout(() => this.abort.abort(), SILENCE);
		try {
			const rs = await fetch('/api/v1/stream', { signal: this.abort.signal, cache: 'no-store' });
			if (rs.status === 401) this.say({ type: 'out' });
			if (!rs.ok || !rs.body) return;
			this.tries = 0;
			this.say({ type: 'open' });
			const reader = rs.body
				.pipeThrough(new TextDecoderStream() as unknown as ReadableWritablePair<string, Uint8Array>)
				.getReader();
			let rest = '';
			for (;;) {
				const { value, done } = await reader.read();
				if (done) return;
				clearTimeout(alive);
				alive = setTimeout(() => this.abort.abort(), SILENCE);
				rest = this.take(rest + value);
			}
		} finally {
			clearTimeout(alive);
		}
	}

	/** Whole messages are divided by an empty line. What is not whole comes back. */
	private take(text: string): string {
		const parts = text.split('\n\n');
		const rest = parts.pop()!;
		for (const part of parts)
			for (const line of part.split('\n'))
				if (line.startsWith('data: ')) this.batch.push(JSON.parse(line.slice(6)));
		if (this.batch.length && this.timer === undefined)
			this.timer = setTimeout(() => {
				this.timer = undefined;
				this.say({ type: 'events', events: this.batch.splice(0) });
			}, 40);
		return rest;
	}
}
