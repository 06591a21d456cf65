// SPDX-License-Identifier: Apache-2.0
// A SharedWorker: one stream for every tab of this browser. With one each, the seventh tab hangs on
// HTTP/1.1, which allows six connections to a host.
import { Stream, type Said } from './stream';

const ports = new Set<MessagePort>();
let last: Said = { type: 'lost' };
const stream = new Stream((said) => {
	if (said.type !== 'events') last = said;
	for (const port of ports) port.postMessage(said);
});

(self as unknown as { onconnect: (e: MessageEvent) => void }).onconnect = (e) => {
	const port = e.ports[0]!;
	ports.add(port);
	port.postMessage(last);
	port.onmessage = (m: MessageEvent) => {
		if (m.data === 'bye') ports.delete(port);
		if (m.data === 'hurry' && last.type !== 'open') stream.hurry();
	};
};
