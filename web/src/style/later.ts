// SPDX-License-Identifier: Apache-2.0
// The style of some pages comes with them, so that the first view need not carry it.
declare const DRAFTS_URL: string, ROOM_URL: string;

function fetched(url: string): Promise<void> {
	if (document.querySelector(`link[href="${url}"]`)) return Promise.resolve();
	return new Promise((done, fail) => {
		const link = document.createElement('link');
		link.rel = 'stylesheet';
		link.href = url;
		link.onload = (): void => done();
		link.onerror = (): void => {
			link.remove();
			fail(new Error('no style'));
		};
		document.head.append(link);
	});
}

const after =
	(url: string) =>
	async <P>(page: Promise<P>): Promise<P> => {
		await fetched(url);
		return page;
	};

/** The page when its style is there too. */
export const withDrafts = after(DRAFTS_URL);
export const withRoom = after(ROOM_URL);
