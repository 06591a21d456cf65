// SPDX-License-Identifier: Apache-2.0
// Scenarios to begin with; docs/scenarios.md has every statement.
export const examples: Record<string, string> = {
	'Your own configuration': `# \`use present\` takes the configuration in force. Write your own integration, key and people.
use present
at 2026-03-02 10:00
signal INTEGRATION disk/web1 critical "disk is full"
quiet 0s
`,
	'The next step, then somebody answers': `apply
  users:
    ada: { contacts: { phone: { type: webhook, address: "https://phone.example/ada" } } }
    bo: { contacts: { phone: { type: webhook, address: "https://phone.example/bo" } } }
  policies:
    web: { steps: [{ page: [user/ada], wait: 5m }, { page: [user/bo], wait: 5m }] }
  services:
    web: { policy: web }
  integrations:
    monitor: { type: native, service: web }
at 2026-03-02 10:00
signal monitor site-down critical "the site is down"
expect page ada phone site-down
advance 5m
expect page bo phone site-down
advance 2m
bo acks site-down
quiet 1h
recover monitor site-down
expect incident site-down resolved
`,
	'Nobody answers': `apply
  organisation: { catch_all: user/boss }
  users:
    ada: { contacts: { phone: { type: webhook, address: "https://phone.example/ada" } } }
    boss: { contacts: { phone: { type: webhook, address: "https://phone.example/boss" } } }
  policies:
    web: { steps: [{ page: [user/ada], wait: 5m }], repeat: 1 }
  services:
    web: { policy: web }
  integrations:
    monitor: { type: native, service: web }
at 2026-03-07 03:00
signal monitor site-down critical
expect page ada phone site-down
advance 5m
expect page ada phone site-down
advance 5m
expect page boss phone site-down
expect incident site-down exhausted
`,
};
