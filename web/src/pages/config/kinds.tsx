// SPDX-License-Identifier: Apache-2.0
// The kinds of documents: their words, and what a new one begins with.
import { me, type Section } from '../../store/store';
import { dayKey } from '../../ui/time';

export interface Kind {
	name: string;
	one: string;
	what: string;
	template: (id: string) => string;
}

export const kinds: Partial<Record<Section, Kind>> = {
	services: {
		name: 'Services',
		one: 'service',
		what: 'What breaks, whose it is, by which policy people are paged',
		template: (id) => `services:\n  ${id}:\n    name: \n    team: \n    policy: \n    routing_keys: []\n`,
	},
	teams: {
		name: 'Teams',
		one: 'team',
		what: 'Who works together; managers may change what is the team’s',
		template: (id) => `teams:\n  ${id}:\n    name: \n    members:\n      someone: manager\n`,
	},
	users: {
		name: 'People',
		one: 'user',
		what: 'Addresses and how each wants to be paged',
		template: (id) =>
			`users:\n  ${id}:\n    name: \n    email: \n    contacts:\n      mail: { type: email, address:  }\n    paging:\n      high: [{ contact: mail }]\n      low: [{ contact: mail }]\n`,
	},
	policies: {
		name: 'Escalation policies',
		one: 'policy',
		what: 'Whom to page, how long to wait, whom then',
		template: (id) =>
			`policies:\n  ${id}:\n    name: \n    team: \n    steps:\n      - { page: [schedule/], wait: 5m }\n      - { page: [team/], wait: 10m }\n    repeat: 1\n`,
	},
	schedules: {
		name: 'Schedules',
		one: 'schedule',
		what: 'Who is on call when, in layers',
		template: (id) =>
			`schedules:\n  ${id}:\n    name: \n    team: \n    layers:\n      - name: week\n        members: []\n        start: ${dayKey(Date.now())} 09:00\n        every: 1w\n`,
	},
	overrides: {
		name: 'Overrides',
		one: 'override',
		what: 'Exceptions from schedules',
		template: (id) =>
			`overrides:\n  ${id}:\n    schedule: \n    from: ${dayKey(Date.now())} 09:00\n    to: ${dayKey(Date.now() + 864e5)} 09:00\n    with: ${me.value?.id ?? ''}\n`,
	},
	absences: {
		name: 'Absences',
		one: 'absence',
		what: 'When somebody takes no turns',
		template: (id) =>
			`absences:\n  ${id}:\n    user: ${me.value?.id ?? ''}\n    from: ${dayKey(Date.now() + 864e5)} 09:00\n    to: ${dayKey(Date.now() + 8 * 864e5)} 09:00\n`,
	},
	holidays: {
		name: 'Holidays',
		one: 'holiday',
		what: 'Days that layers may leave out or cover',
		template: (id) => `holidays:\n  ${id}:\n    name: \n    dates: [${dayKey(Date.now() + 30 * 864e5)}]\n`,
	},
	windows: {
		name: 'Maintenance',
		one: 'window',
		what: 'When nobody is paged for a service or an integration; signals are recorded all the same',
		template: (id) =>
			`windows:\n  ${id}:\n    name: \n    services: []\n    from: ${dayKey(Date.now())} 22:00\n    to: ${dayKey(Date.now() + 864e5)} 02:00\n    reason: \n`,
	},
	integrations: {
		name: 'Integrations',
		one: 'integration',
		what: 'Where signals come in',
		template: (id) =>
			`integrations:\n  ${id}:\n    name: \n    type: alertmanager\n    team: \n    service: \n`,
	},
	rulesets: {
		name: 'Rules',
		one: 'ruleset',
		what: 'What is done with a signal before it opens anything',
		template: (id) =>
			`rulesets:\n  ${id}:\n    team: \n    rules:\n      - id: first\n        when: ['labels.env="staging"']\n        set: { urgency: low }\n`,
	},
	channels: {
		name: 'Channels',
		one: 'channel',
		what: 'Rooms and hooks that steps can page',
		template: (id) => `channels:\n  ${id}:\n    name: \n`,
	},
};

// ---- lists ----

export const str = (v: unknown): string => (v === undefined || v === null ? '' : String(v));
