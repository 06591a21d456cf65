// SPDX-License-Identifier: Apache-2.0
// What happened, in figures that the server computes, and the logs they stand on.
import type { JSX } from 'preact';
import { Audit } from './audit';
import { Load } from './load';
import { Messages } from './messages';
import { Noise } from './noise';
import { Rejected } from './rejected';
import { Response } from './response';

const pages: Record<string, () => JSX.Element> = {
	noise: Noise,
	load: Load,
	messages: Messages,
	rejected: Rejected,
	audit: Audit,
};

export default function Insight({ id }: { id: string; sub: string }): JSX.Element {
	const Page = pages[id] ?? Response;
	return <Page />;
}
