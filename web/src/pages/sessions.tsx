// SPDX-License-Identifier: Apache-2.0
// Where I am signed in, and ending what I do not know.
import type { JSX } from 'preact';
import { call, get, type List } from '../api/http';
import type { Session } from '../api/types';
import { refused } from '../ui/toast';
import { useLoad } from '../ui/parts';
import { when } from '../ui/time';
import { proven } from './contacts/proof';

const browsers: [RegExp, string][] = [
	[/Edg\//, 'Edge'],
	[/OPR\//, 'Opera'],
	[/Firefox\//, 'Firefox'],
	[/Chrom(e|ium)\//, 'Chrome'],
	[/Safari\//, 'Safari'],
	[/^tocsin\//, 'Command line'],
];
const systems: [RegExp, string][] = [
	[/iPhone|iPad/, 'iOS'],
	[/Android/, 'Android'],
	[/Windows/, 'Windows'],
	[/Mac OS X/, 'macOS'],
	[/Linux|X11/, 'Linux'],
];

/** "Firefox on Linux": enough to know one's own by. */
export function agentName(agent: string): string {
	const browser = browsers.find(([r]) => r.test(agent))?.[1];
	const system = systems.find(([r]) => r.test(agent))?.[1];
	if (!browser) return agent || 'Unknown browser';
	return system ? `${browser} on ${system}` : browser;
}

export function Sessions(): JSX.Element {
	const list = useLoad(() => get<List<Session>>('/sessions'), []);
	const items = list.value?.items ?? [];
	const end = (path: string): void => void proven(() => call('DELETE', path)).then(list.again, refused);
	return (
		<section class="panel" aria-labelledby="sessions">
			<header class="panel-head">
				<h2 id="sessions">Signed in</h2>
				{items.some((s) => !s.current) && (
					<button class="small" onClick={() => end('/sessions')}>
						End all others
					</button>
				)}
			</header>
			<div class="pad">
				<table>
					<tbody>
						{items.map((s) => (
							<tr>
								<th scope="row">
									{agentName(s.agent)}
									<br />
									<small class="muted">
										{s.address} {s.address && '· '}since {when(s.created_at)}, used {when(s.used_at)}
									</small>
								</th>
								<td class="right">
									{s.current ? (
										<span class="muted">This one</span>
									) : (
										<button
											class="small bad"
											aria-label={`End ${agentName(s.agent)}`}
											onClick={() => end(`/sessions/${s.id}`)}
										>
											End
										</button>
									)}
								</td>
							</tr>
						))}
					</tbody>
				</table>
				{list.value && items.length === 0 && <p class="muted">No browser: you came with a token.</p>}
			</div>
		</section>
	);
}
