// SPDX-License-Identifier: Apache-2.0
// The service worker: the UI's own files, so that the app opens without a net and then says so. What
// the API answers is never kept: an old answer about who is paged would be a lie.
declare const FILES: string[];
declare const VERSION: string;
interface WorkerEvent extends Event {
	waitUntil(p: Promise<unknown>): void;
}
interface WorkerFetch extends WorkerEvent {
	request: Request;
	respondWith(p: Promise<Response>): void;
}
interface WorkerClick extends WorkerEvent {
	notification: Notification;
}
const sw = self as unknown as {
	addEventListener(t: string, f: (e: never) => void): void;
	skipWaiting(): Promise<void>;
	clients: { claim(): Promise<void>; openWindow(url: string): Promise<unknown> };
};

sw.addEventListener('install', (e: WorkerEvent) =>
	e.waitUntil(
		caches
			.open(VERSION)
			.then((c) => c.addAll(FILES))
			.then(() => sw.skipWaiting()),
	),
);

sw.addEventListener('activate', (e: WorkerEvent) =>
	e.waitUntil(
		caches
			.keys()
			.then((keys) => Promise.all(keys.filter((k) => k !== VERSION).map((k) => caches.delete(k))))
			.then(() => sw.clients.claim()),
	),
);

/** The page itself: from the net, so that a signed-out person gets the door; else the last one kept. */
async function page(request: Request): Promise<Response> {
	const kept = await caches.open(VERSION);
	try {
		const got = await fetch(request);
		if (got.ok && !got.redirected) await kept.put('/', got.clone());
		return got;
	} catch (e) {
		const had = await kept.match('/');
		if (had) return had;
		throw e;
	}
}

const own = new Set(FILES);
const pages = /^\/(incidents|oncall|schedules|config|history|insight|setup|start|me)?(\/|$)/;

sw.addEventListener('fetch', (e: WorkerFetch) => {
	const url = new URL(e.request.url);
	if (e.request.method !== 'GET' || url.origin !== location.origin) return;
	if (own.has(url.pathname)) e.respondWith(caches.match(url.pathname).then((hit) => hit ?? fetch(e.request)));
	else if (e.request.mode === 'navigate' && pages.test(url.pathname)) e.respondWith(page(e.request));
});

sw.addEventListener('notificationclick', (e: WorkerClick) => {
	e.notification.close();
	e.waitUntil(sw.clients.openWindow(String(e.notification.data ?? '/incidents')));
});
