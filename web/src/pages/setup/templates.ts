// SPDX-License-Identifier: Apache-2.0
// The usual ways to share the work, as layers of a schedule.
import { reading } from '../../ui/time';

export type Template = 'weekly' | 'daily' | 'sun' | 'daynight';
export const templates: [Template, string, string][] = [
	['weekly', 'A week each', 'Turns change once a week. For a team that shares one clock.'],
	['daily', 'A day each', 'Turns change every day: short, and quickly even.'],
	['sun', 'Follow the sun', 'Two or three places, each by its own daytime: nobody is up at night.'],
	['daynight', 'Day and night', 'One group for the day, another one for the night.'],
];
export interface Group {
	name: string;
	zone: string;
	from: string;
	to: string;
	people: string[];
}
export interface Plan {
	template: Template;
	name: string;
	zone: string;
	day: number; // 1 Monday ... 7
	time: string;
	groups: Group[];
}
export interface Layer {
	name: string;
	zone?: string;
	members: string[];
	start: string;
	every: string;
	only?: string;
}

export const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** The last such weekday (0: any) at that time that has passed by the zone's clock: somebody is on at once. */
export function lastStart(zone: string, now: number, day: number, time: string): string {
	const here = new Date(reading(zone, now));
	const clock = here.toISOString().slice(11, 16);
	let back = day === 0 ? 0 : (here.getUTCDay() + 7 - (day % 7)) % 7;
	if (back === 0 && clock < time) back = day === 0 ? 1 : 7;
	return `${new Date(here.getTime() - back * 864e5).toISOString().slice(0, 10)} ${time}`;
}

/** What a template begins with. */
export function groupsOf(template: Template, zone: string, people: string[]): Group[] {
	if (template === 'sun')
		return [
			{ name: 'Europe', zone: 'Europe/Berlin', from: '08:00', to: '16:00', people },
			{ name: 'America', zone: 'America/Chicago', from: '09:00', to: '17:00', people: [] },
			{ name: 'Asia', zone: 'Asia/Tokyo', from: '08:00', to: '16:00', people: [] },
		];
	if (template === 'daynight')
		return [
			{ name: 'Day', zone, from: '08:00', to: '20:00', people },
			{ name: 'Night', zone, from: '20:00', to: '08:00', people: [] },
		];
	return [{ name: 'Turns', zone, from: '', to: '', people }];
}

export function layersOf(p: Plan, now: number): Layer[] {
	return p.groups
		.filter((g) => g.people.length > 0)
		.map((g) => {
			const windowed = g.from !== '';
			const zone = p.template === 'sun' ? g.zone : p.zone;
			const weekly = p.template !== 'daily';
			return {
				name: g.name,
				...(p.template === 'sun' ? { zone } : {}),
				members: g.people,
				start: lastStart(zone, now, weekly ? p.day : 0, windowed ? g.from : p.time),
				every: weekly ? '1w' : '1d',
				...(windowed ? { only: `daily ${g.from}-${g.to}` } : {}),
			};
		});
}
