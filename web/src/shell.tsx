// SPDX-License-Identifier: Apache-2.0
// What stays while pages change: the rail with me on top and the line to the server below, the bar of the
// phone, palette, keys, messages.
import { computed, signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import type { ComponentType, JSX } from 'preact';
import { A, go, path } from './router';
import { addKeys, bindings, type Binding } from './keys';
import { docs, line, lostAt, me, onEvents, problem, rows, version } from './store/store';
import { notify, railSmall, theme, utc, type Theme } from './store/prefs';
import { get, type Duty, type List } from './api/http';
import { Icon } from './ui/icons';
import { Toasts, undoLast } from './ui/toast';
import { clock, clockSeconds, when, zoneName } from './ui/time';
import { Dialog, Initials, Menu } from './ui/parts';
import { waiting } from './outbox';
import { News } from './around/news';
import { loadNext, next } from './around/next';
import { showInTab } from './around/title';
import { Board } from './pages/board/index';
import { withDrafts, withRoom } from './style/later';
import { openPalette, Palette, paletteOpen } from './palette';

// ---- pages; all but the board come when they are first needed ----

type Page = ComponentType<{ id: string; sub: string }>;
const lazy: Record<string, () => Promise<{ default: Page }>> = {
	room: () => withRoom(import('./pages/room/index')),
	oncall: () => import('./pages/oncall/index'),
	schedules: () => import('./pages/schedules/index'),
	config: () => withDrafts(import('./pages/config/index')),
	history: () => import('./pages/history'),
	insight: () => import('./pages/insight/index'),
	me: () => import('./pages/me'),
	start: () => import('./pages/start'),
	setup: () => import('./pages/setup/index'),
};
const have = new Map<string, Page>();

function Lazy({ name, id, sub }: { name: string; id: string; sub: string }): JSX.Element {
	const [, draw] = useState(0);
	const [error, fail] = useState(false);
	const Page = have.get(name);
	useEffect(() => {
		if (have.has(name)) return;
		lazy[name]!().then(
			(m) => {
				have.set(name, m.default);
				draw((n) => n + 1);
			},
			() => fail(true),
		);
	}, [name]);
	if (Page) return <Page id={id} sub={sub} key={name + id} />;
	return (
		<div class="page">
			{error ? (
				<p class="note">
					This part of the program cannot be loaded.{' '}
					<button onClick={() => location.reload()}>Load again</button>
				</p>
			) : (
				<p class="muted">…</p>
			)}
		</div>
	);
}

function Route(): JSX.Element {
	const [, first = '', id = '', sub = ''] = path.value.split('/').map(decodeURIComponent);
	if (first === '' || (first === 'incidents' && !id)) return <Board />;
	if (first === 'incidents') return <Lazy name="room" id={id} sub={sub} />;
	if (first in lazy) return <Lazy name={first} id={id} sub={sub} />;
	return (
		<div class="page">
			<h1>There is nothing here</h1>
			<p>
				<A href="/">To the incidents</A>
			</p>
		</div>
	);
}

// ---- the rail ----

const places: [string, string, string, string][] = [
	['/incidents', 'Incidents', 'incidents', 'i'],
	['/oncall', 'On call', 'oncall', 'o'],
	['/schedules', 'Schedules', 'schedules', 's'],
	['/config', 'Configuration', 'config', 'c'],
	['/insight', 'Insight', 'insight', 'r'],
];
const open = computed(() => {
	void version.value;
	let n = 0;
	for (const r of rows.values()) if (r.peek().state === 'triggered') n++;
	return n;
});

export const duty = signal<Duty[] | null>(null);
export async function loadDuty(): Promise<void> {
	try {
		duty.value = (await get<List<Duty>>('/oncall')).items;
	} catch {
		/* the line says so */
	}
}

function You(): JSX.Element {
	const mine = (duty.value ?? []).filter((d) => d.users.some((u) => u.id === me.value?.id));
	const name = me.value?.name ?? me.value?.id ?? '';
	const first = mine[0];
	const known = docs('schedules');
	useEffect(() => {
		if (known) void loadNext();
	}, [known, first?.schedule]);
	return (
		<A href="/me" class="you" aria-current={path.value === '/me' ? 'page' : undefined}>
			<Initials id={me.value?.id ?? ''} name={name} />
			<span class="word">
				<b>{name}</b>
				{first ? (
					<small class="on">
						● on call{mine.length > 1 ? ` for ${mine.length}` : ''}
						{first.until ? ` until ${when(first.until)}` : ''}
					</small>
				) : (
					<small>○ {next.value ? `next ${when(next.value.at)}` : 'not on call'}</small>
				)}
			</span>
		</A>
	);
}

function LineState(): JSX.Element {
	const state = line.value;
	const text =
		state === 'live'
			? 'live'
			: state === 'connecting'
				? 'connecting…'
				: `offline since ${lostAt.value ? clock(lostAt.value) : '…'}`;
	return (
		<span class={`line ${state}`} role="status">
			<span class="dot" aria-hidden="true" />{' '}
			<span class="word">{waiting.value ? `sending ${waiting.value}…` : text}</span>
		</span>
	);
}

export const nextTheme: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };

function Rail(): JSX.Element {
	return (
		<nav class={'rail' + (railSmall.value ? ' small' : '')} aria-label="Main">
			<You />
			<button class="find" onClick={openPalette} aria-label={railSmall.value ? 'Find or do' : undefined}>
				<Icon name="search" />
				<span class="word">
					Find or do… <kbd>Ctrl K</kbd>
				</span>
			</button>
			<ul>
				{places.map(([href, text, icon]) => (
					<li>
						<A
							href={href}
							aria-current={
								path.value.startsWith(href) || (href === '/incidents' && path.value === '/')
									? 'page'
									: undefined
							}
							aria-label={railSmall.value ? text : undefined}
							title={railSmall.value ? text : undefined}
						>
							<Icon name={icon} />
							<span class="word">{text}</span>
							{icon === 'incidents' && open.value > 0 && (
								<span class="count" aria-label={`, ${open.value} triggered`}>
									{open.value > 999 ? '999+' : open.value}
								</span>
							)}
						</A>
					</li>
				))}
			</ul>
			<div class="foot">
				<A href="/setup" title="Setting up" aria-label={railSmall.value ? 'Setting up' : undefined}>
					<Icon name="start" />
					<span class="word">Setting up</span>
				</A>
				<button
					class="plain"
					onClick={() => {
						utc.value = !utc.value;
					}}
					title="Times in your zone or in UTC"
					aria-label={`Times are in ${zoneName()}; change`}
				>
					<Icon name="history" />
					<span class="word">{zoneName().replace(/_/g, ' ')}</span>
				</button>
				<button
					class="plain"
					onClick={() => {
						theme.value = nextTheme[theme.value];
					}}
					aria-label={`Theme: ${theme.value}; change`}
				>
					<Icon name="sun" />
					<span class="word">Theme: {theme.value}</span>
				</button>
				<button
					class="plain"
					onClick={() => {
						railSmall.value = !railSmall.value;
					}}
					aria-label={railSmall.value ? 'Widen the rail' : 'Narrow the rail'}
				>
					<Icon name={railSmall.value ? 'right' : 'left'} />
					<span class="word">Narrow</span>
				</button>
				<LineState />
			</div>
		</nav>
	);
}

function PhoneBar(): JSX.Element {
	const items = [places[0]!, places[1]!, places[2]!];
	return (
		<nav class="phonebar" aria-label="Main, phone">
			{items.map(([href, text, icon]) => (
				<A
					href={href}
					aria-current={
						path.value.startsWith(href) || (href === '/incidents' && path.value === '/') ? 'page' : undefined
					}
				>
					<Icon name={icon} />
					{text}
					{icon === 'incidents' && open.value > 0 && (
						<span class="count">{open.value > 99 ? '99+' : open.value}</span>
					)}
				</A>
			))}
			<Menu
				label="More"
				cls="more"
				choices={[
					...places.slice(3).map(([href, text]) => ({ text, run: () => go(href) })),
					{ text: 'Me', run: () => go('/me') },
					{ text: 'Setting up', run: () => go('/setup') },
					{ text: 'Find or do…', run: openPalette },
					{
						text: `Theme: ${theme.value}`,
						run: () => {
							theme.value = nextTheme[theme.value];
						},
					},
					{
						text: `Times: ${zoneName()}`,
						run: () => {
							utc.value = !utc.value;
						},
					},
				]}
			>
				<Icon name="more" />
				More
			</Menu>
		</nav>
	);
}

// ---- title, notifications ----

showInTab(open);

function tellMe(): void {
	onEvents((events) => {
		if (
			!notify.peek() ||
			!document.hidden ||
			typeof Notification === 'undefined' ||
			Notification.permission !== 'granted'
		)
			return;
		for (const e of events)
			if (e.type === 'page.queued' && e.user === me.peek()?.id)
				new Notification(`Incident #${e.incident}`, {
					body: rows.get(e.incident!)?.peek().title ?? e.sentence,
					tag: `incident-${e.incident}`,
				}).onclick = () => {
					focus();
					go(`/incidents/${e.incident}`);
				};
	});
}

// ---- the list of keys ----

const helpOpen = signal(false);

function Help(): JSX.Element | null {
	if (!helpOpen.value) return null;
	const by = new Map<string, Binding[]>();
	for (const b of bindings.value.flat()) if (!b.hidden) by.set(b.group, [...(by.get(b.group) ?? []), b]);
	return (
		<Dialog
			title="Keys"
			wide
			onClose={() => {
				helpOpen.value = false;
			}}
		>
			<div class="keys">
				{[...by].map(([g, list]) => (
					<section>
						<h3>{g}</h3>
						<dl>
							{list.map((b) => (
								<>
									<dt>
										{b.keys
											.replace('mod-', 'Ctrl ')
											.split(' ')
											.map((k) => (
												<kbd>{k === 'Shift-x' ? 'X' : k}</kbd>
											))}
									</dt>
									<dd>{b.text}</dd>
								</>
							))}
						</dl>
					</section>
				))}
			</div>
			<p class="muted">
				Single keys work outside fields; they can be turned off under{' '}
				<A
					href="/me"
					onClick={() => {
						helpOpen.value = false;
					}}
				>
					Me
				</A>
				.
			</p>
		</Dialog>
	);
}

function shellKeys(): Binding[] {
	return [
		{ keys: 'mod-k', text: 'Find or do', group: 'Everywhere', run: openPalette },
		{
			keys: '?',
			text: 'This list',
			group: 'Everywhere',
			run: () => {
				helpOpen.value = true;
			},
		},
		{
			keys: 'z',
			text: 'Undo',
			group: 'Everywhere',
			run: () => {
				undoLast();
			},
		},
		{
			keys: 't',
			text: 'Light, dark, as the system',
			group: 'Everywhere',
			run: () => {
				theme.value = nextTheme[theme.peek()];
			},
		},
		{
			keys: 'Shift-u',
			text: 'Times in UTC or here',
			group: 'Everywhere',
			run: () => {
				utc.value = !utc.peek();
			},
		},
		...places.map(([href, text, , k]) => ({ keys: `g ${k}`, text, group: 'Go', run: () => go(href) })),
		{ keys: 'g m', text: 'Me', group: 'Go', run: () => go('/me') },
		{ keys: 'g h', text: 'History of the configuration', group: 'Go', run: () => go('/history') },
	];
}

function Offline(): JSX.Element | null {
	if (line.value !== 'lost' && !problem.value) return null;
	return (
		<div class="offline" role="alert">
			{line.value === 'lost' ? (
				<>
					Offline since {lostAt.value ? clockSeconds(lostAt.value) : '…'}. What you see may be old; what you
					do is kept and sent.
				</>
			) : (
				<>The board may be old: {problem.value}</>
			)}
		</div>
	);
}

export function Shell(): JSX.Element {
	useEffect(() => {
		void loadDuty();
		tellMe();
		const end = addKeys(shellKeys());
		const timer = setInterval(() => void loadDuty(), 60_000);
		const off = onEvents((ev) => {
			if (ev.some((e) => e.type === 'config.changed')) void loadDuty();
		});
		return () => {
			end();
			clearInterval(timer);
			off();
		};
	}, []);
	return (
		<>
			<a
				class="skip"
				href="#main"
				onClick={(e) => {
					e.preventDefault();
					document.getElementById('main')!.focus();
				}}
			>
				To the content
			</a>
			<div class={'shell' + (railSmall.value ? ' narrow' : '')}>
				<Rail />
				<main id="main" tabIndex={-1}>
					<Offline />
					<Route />
				</main>
			</div>
			<PhoneBar />
			{paletteOpen.value && <Palette />}
			<Help />
			<News />
			<Toasts />
		</>
	);
}
