// SPDX-License-Identifier: Apache-2.0
// The style of the pages of configuration comes with them, so that the first view need not carry it.
declare const DRAFTS_URL: string;

function fetched(): Promise<void> {
	if (document.querySelector(`link[href="${DRAFTS_URL}"]`)) return Promise.resolve();
	return new Promise((done, fail) => {
		const link = document.createElement('link');
		link.rel = 'stylesheet';
		link.href = DRAFTS_URL;
		link.onload = (): void => done();
		link.onerror = (): void => {
			link.remove();
			fail(new Error('no style'));
		};
		document.head.append(link);
	});
}

/** The page when its style is there too. */
export async function withDrafts<P>(page: Promise<P>): Promise<P> {
	await fetched();
	return page;
}
