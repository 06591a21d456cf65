// SPDX-License-Identifier: Apache-2.0
// What stands beside a draft: what it would do.
import type { JSX } from 'preact';
import type { Section } from '../../store/store';
import type { Draft } from './form/draft';
import { later } from './later';

const RuleTest = later(() => import('./ruletest/panel').then((m) => m.RuleTest));

export function Beside({
	section,
	id,
	draft,
}: {
	section: Section | 'organisation';
	id: string;
	draft: Draft;
}): JSX.Element | null {
	if (section === 'rulesets') return <RuleTest id={id} draft={draft} />;
	return null;
}
