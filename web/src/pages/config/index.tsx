// SPDX-License-Identifier: Apache-2.0
// Configuration: documents by section, each with what it means and as YAML.
import { useLayoutEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { call } from '../../api/http';
import { addKeys } from '../../keys';
import { A, go, path, query } from '../../router';
import { docs, may, type Section } from '../../store/store';
import { Copy, useLoad } from '../../ui/parts';
import { kinds } from './kinds';
import { Overview, ListPage } from './list';
import { OfPolicy, OfService } from './simulation';
import { History } from './history';
import { About } from './about';
import { later } from './later';
import { Remove } from './remove';

const RuleTest = later(() => import('./ruletest/panel').then((m) => m.RuleTest));
const Dependencies = later(() => import('./map/map').then((m) => m.Dependencies));
const IntegrationSide = later(() => import('./integration/side').then((m) => m.IntegrationSide));
const Scenarios = later(() => import('./scenario/page').then((m) => m.Scenarios));
const Editor = later(() => import('./editor').then((m) => m.Editor));

function DocPage({ section, id }: { section: Section; id: string }): JSX.Element {
	const k = kinds[section]!;
	const d = docs(section)?.get(id);
	const yaml = useLoad(
		() => call<string>('GET', `/${section}/${id}?format=yaml`),
		[section, id, d?.revision],
	);
	const [asking, ask] = useState(false);
	useLayoutEffect(
		() =>
			addKeys([
				{ keys: 'e', text: 'Edit', group: 'Document', run: () => go(`/config/${section}/${id}/edit`) },
			]),
		[section, id],
	);
	if (docs(section) && !d)
		return (
			<div class="page">
				<h1>
					There is no {k.one} {id}
				</h1>
				<p>
					<A href={`/config/${section}`}>{k.name}</A>
				</p>
			</div>
		);
	if (!d)
		return (
			<div class="page">
				<h1>{id}</h1>
			</div>
		);
	return (
		<div class="page">
			<div class="page-inner">
				<p class="crumbs">
					<A href="/config">Configuration</A> / <A href={`/config/${section}`}>{k.name}</A>
				</p>
				<header>
					<h1>{d.name}</h1>
					<small>
						{k.one}/{d.id}
					</small>
					{d.source && <span class="tag">came by apply “{d.source}”</span>}
					<span class="push" />
					{may('member') && (
						<>
							<button class="main" onClick={() => go(`/config/${section}/${id}/edit`)}>
								Edit <kbd>e</kbd>
							</button>
							<button class="bad" onClick={() => ask(true)}>
								Remove…
							</button>
						</>
					)}
				</header>
				{query('key') && (
					<p class="note">
						The key of this integration, shown only now: <code>{query('key')}</code>{' '}
						<Copy text={query('key')} />
					</p>
				)}
				<div class="split">
					<div>
						<About section={section} d={d} />
						{section === 'services' && <Dependencies at={id} key={id} />}
						{section === 'services' && <OfService id={id} key={id} />}
						{section === 'policies' && <OfPolicy id={id} key={id} />}
						{section === 'rulesets' && <RuleTest id={id} draft={null} key={id} />}
						{section === 'integrations' && <IntegrationSide d={d} key={id} />}
						<section class="panel" aria-label="As YAML">
							<header class="panel-head">
								<h2>YAML</h2>
								{yaml.value && <Copy text={yaml.value.value} />}
							</header>
							<div class="pad">
								<pre tabIndex={0}>{yaml.value?.value ?? '…'}</pre>
							</div>
						</section>
					</div>
					<History section={section} kind={k.one} d={d} key={id + d.revision} />
				</div>
				{asking && <Remove section={section} d={d} onClose={() => ask(false)} />}
			</div>
		</div>
	);
}

export default function Config({ id, sub }: { id: string; sub: string }): JSX.Element {
	const edit = path.value.split('/')[4] === 'edit';
	if (!id) return <Overview />;
	if (id === 'organisation') return <Editor section="organisation" id="" fresh={false} />;
	if (id === 'scenarios') return <Scenarios />;
	if (!(id in kinds))
		return (
			<div class="page">
				<h1>There is no such section</h1>
				<p>
					<A href="/config">Configuration</A>
				</p>
			</div>
		);
	const section = id as Section;
	if (!sub)
		return (
			<ListPage section={section} above={section === 'services' ? <Dependencies /> : null} key={section} />
		);
	if (sub === 'new') return <Editor section={section} id="" fresh key={section} />;
	return edit ? (
		<Editor section={section} id={sub} fresh={false} key={section + sub} />
	) : (
		<DocPage section={section} id={sub} key={section + sub} />
	);
}
