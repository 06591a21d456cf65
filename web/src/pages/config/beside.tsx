// SPDX-License-Identifier: Apache-2.0
// What stands beside a draft: what it would do.
import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { Section } from '../../store/store';
import { fromYaml, type Draft } from './form/draft';
import { reveal } from './form/form';
import { later } from './later';
import { OfPolicy } from './simulation';

const RuleTest = later(() => import('./ruletest/panel').then((m) => m.RuleTest));

const PAUSE = 500; // after the last key

/** The policy as it is being written, walked by the engine; asked when somebody has stopped typing. */
function DraftPolicy({ id, draft }: { id: string; draft: Draft }): JSX.Element {
	const now = draft.view === 'form' ? JSON.stringify(draft.body) : draft.text;
	const [settled, settle] = useState(now);
	useEffect(() => {
		const timer = setTimeout(() => settle(now), PAUSE);
		return () => clearTimeout(timer);
	}, [now]);
	if (draft.base === null) return <></>;
	return (
		<OfPolicy
			id={id}
			of={settled}
			draft={async () =>
				draft.view === 'form' ? draft.body : (await fromYaml({ section: 'policies', id }, draft.text)).body
			}
			{...(draft.view === 'form' && { onFinding: reveal })}
		/>
	);
}

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
	if (section === 'policies') return <DraftPolicy id={id} draft={draft} />;
	return null;
}
