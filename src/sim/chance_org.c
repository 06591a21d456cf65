/* SPDX-License-Identifier: Apache-2.0 */
/* Organisations at random: valid documents, one a line, so that a shrinker can take them out
 * line by line. */
#include "calendar/zone.h"
#include "sim/chance.h"

static const char *const zones[] = { "UTC", "Europe/Berlin", "America/New_York",
	"Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca" };
static const char *const waits[] = { "30s", "1m", "5m", "5m", "15m", "1h" };
static const char *const turns[] = { "1h", "6h", "12h", "1d", "1d", "1w", "2w" };
static const char *const windows[] = { "mon-fri 09:00-17:00", "daily 22:00-06:00",
	"sat,sun 00:00-24:00", "mon-fri 00:00-24:00" };

#define ONE_OF(c, list) (list)[chance_below((c), NELEMS(list))]

void
chance_begin(struct chance *c, uint64_t seed)
{
	rng_seed(&c->rng, seed);
	c->users = 2 + chance_below(c, 5);
	c->teams = 1 + chance_below(c, 2);
	c->schedules = 1 + chance_below(c, 3);
	c->policies = 1 + chance_below(c, 4);
	c->services = 1 + chance_below(c, 4);
	c->integrations = 1 + chance_below(c, 2);
	c->faults = !chance_one_in(c, 4);
	c->pair = c->faults && chance_one_in(c, 4);
	c->night = chance_one_in(c, 3);
}

uint64_t
chance_below(struct chance *c, uint64_t n)
{
	return rng_below(&c->rng, n);
}

bool
chance_one_in(struct chance *c, uint64_t n)
{
	return chance_below(c, n) == 0;
}

static unsigned
one_of(struct chance *c, size_t n)
{
	return (unsigned)chance_below(c, n);
}

/* ---- users, teams ---- */

static void
paging_steps(struct chance *c, struct buf *out)
{
	static const char *const contacts[] = { "mail", "phone" };
	size_t n = chance_below(c, 4);

	for (size_t i = 0; i < n; i++) {
		buf_printf(out, "%s{contact: %s", i == 0 ? "" : ", ", ONE_OF(c, contacts));
		if (i > 0)
			buf_printf(out, ", after: %s", ONE_OF(c, waits));
		buf_puts(out, "}");
	}
}

/* Now and then somebody who cannot be reached at all. */
static void
user(struct chance *c, struct buf *out, unsigned i)
{
	buf_printf(out, "    u%u: {email: u%u@sim.example, role: %s", i, i,
	        i == 0 ? "owner" : "member");
	if (i > 0 && chance_one_in(c, 8)) {
		buf_puts(out, "}\n");
		return;
	}
	buf_printf(out,
	        ", contacts: {mail: {type: email, address: u%u@sim.example}, "
	        "phone: {type: webhook, address: \"https://sim.example/u%u\"}}, paging: {high: [",
	        i, i);
	paging_steps(c, out);
	buf_puts(out, "], low: [");
	paging_steps(c, out);
	buf_puts(out, "]}}\n");
}

static void
team(struct chance *c, struct buf *out, unsigned i)
{
	bool any = false;

	buf_printf(out, "    t%u: {members: {", i);
	for (unsigned u = 0; u < c->users; u++) {
		if (chance_one_in(c, 2))
			continue;
		buf_printf(out, "%su%u: responder", any ? ", " : "", u);
		any = true;
	}
	buf_puts(out, "}}\n");
}

/* ---- schedules ---- */

static void
turn(struct chance *c, struct buf *out)
{
	uint64_t dice = chance_below(c, 8);

	if (dice == 0)
		buf_puts(out, "null");
	else if (dice == 1)
		buf_printf(out, "[u%u, u%u]", one_of(c, c->users), one_of(c, c->users));
	else
		buf_printf(out, "u%u", one_of(c, c->users));
}

static void
layer(struct chance *c, struct buf *out)
{
	size_t n = 1 + chance_below(c, 4);

	buf_puts(out, "{members: [");
	for (size_t i = 0; i < n; i++) {
		buf_puts(out, i == 0 ? "" : ", ");
		turn(c, out);
	}
	buf_printf(out, "], start: 2026-01-05 %02u:00, every: %s", one_of(c, 24),
	        ONE_OF(c, turns));
	if (chance_one_in(c, 3))
		buf_printf(out, ", only: [\"%s\"]", ONE_OF(c, windows));
	buf_puts(out, "}");
}

static void
schedule(struct chance *c, struct buf *out, unsigned i)
{
	size_t n = 1 + chance_below(c, 2);

	buf_printf(out, "    d%u: {zone: %s, layers: [", i, ONE_OF(c, zones));
	for (size_t l = 0; l < n; l++) {
		buf_puts(out, l == 0 ? "" : ", ");
		layer(c, out);
	}
	buf_puts(out, "]}\n");
}

static void
override(struct chance *c, struct buf *out, usec_t now)
{
	usec_t from = now + MINUTES(chance_below(c, 600)) - HOURS(4);
	char a[CIVIL_MAX], b[CIVIL_MAX];

	buf_printf(out, "    o%u: {schedule: d%u, from: %.16s, to: %.16s, with: ", one_of(c, 3),
	        one_of(c, c->schedules), civil_print(civil_from_utc(zone_get("UTC"), from), a),
	        civil_print(civil_from_utc(
	                            zone_get("UTC"), from + MINUTES(1 + chance_below(c, 1200))),
	                b));
	if (chance_one_in(c, 5))
		buf_puts(out, "null");
	else
		buf_printf(out, "u%u", one_of(c, c->users));
	if (chance_one_in(c, 2))
		buf_printf(out, ", replace: u%u", one_of(c, c->users));
	buf_puts(out, "}\n");
}

/* ---- policies, services ---- */

/* A policy names only later ones: no circles. */
static void
target(struct chance *c, struct buf *out, unsigned policy)
{
	uint64_t dice = chance_below(c, 20);

	if (dice < 8)
		buf_printf(out, "schedule/d%u", one_of(c, c->schedules));
	else if (dice < 10)
		buf_printf(out, "{to: schedule/d%u, who: %s}", one_of(c, c->schedules),
		        dice == 8 ? "next" : "all");
	else if (dice < 12)
		buf_printf(out, "team/t%u", one_of(c, c->teams));
	else if (dice == 12)
		buf_puts(out, "channel/ops");
	else if (dice < 15 && policy + 1 < c->policies)
		buf_printf(out, "policy/p%u", policy + 1);
	else
		buf_printf(out, "user/u%u", one_of(c, c->users));
}

static void
step(struct chance *c, struct buf *out, unsigned policy)
{
	size_t n = chance_one_in(c, 12) ? 0 : 1 + chance_below(c, 3);

	buf_puts(out, "{page: [");
	for (size_t i = 0; i < n; i++) {
		buf_puts(out, i == 0 ? "" : ", ");
		target(c, out, policy);
	}
	buf_printf(out, "], wait: %s", ONE_OF(c, waits));
	if (chance_one_in(c, 8))
		buf_puts(out, ", acks: 2");
	if (n > 1 && chance_one_in(c, 6))
		buf_puts(out, ", round_robin: true");
	buf_puts(out, "}");
}

static void
policy(struct chance *c, struct buf *out, unsigned i)
{
	size_t n = chance_one_in(c, 15) ? 0 : 1 + chance_below(c, 3);

	buf_printf(out, "    p%u: {", i);
	if (chance_one_in(c, 5))
		buf_printf(out, "delay: %s, ", ONE_OF(c, waits));
	if (chance_one_in(c, 4))
		buf_printf(out, "repeat: %u, ", 1 + one_of(c, 3));
	if (chance_one_in(c, 5))
		buf_puts(out, "ack_timeout: 30m, ");
	buf_puts(out, "steps: [");
	for (size_t s = 0; s < n; s++) {
		buf_puts(out, s == 0 ? "" : ", ");
		step(c, out, i);
	}
	buf_puts(out, "]}\n");
}

static void
service(struct chance *c, struct buf *out, unsigned i)
{
	static const char *const urgencies[] = { "by-severity", "by-severity", "high", "low" };

	buf_printf(
	        out, "    s%u: {routing_keys: [rk%u], urgency: %s", i, i, ONE_OF(c, urgencies));
	if (!chance_one_in(c, 6))
		buf_printf(out, ", policy: p%u", one_of(c, c->policies));
	if (chance_one_in(c, 3))
		buf_puts(out, ", reopen_within: 1h");
	if (chance_one_in(c, 6))
		buf_puts(out, ", repage_on_rise: false");
	if (chance_one_in(c, 8))
		buf_puts(out, ", auto_resolve: false");
	buf_puts(out, "}\n");
}

static void
integration(struct chance *c, struct buf *out, unsigned i)
{
	buf_printf(out, "    i%u: {type: native, key: {env: TOCSIN_SIM_KEY_%u}", i, i);
	if (!chance_one_in(c, 4))
		buf_printf(out, ", service: s%u", one_of(c, c->services));
	if (chance_one_in(c, 5))
		buf_puts(out, ", dedup_scope: organisation");
	buf_puts(out, "}\n");
}

static void
organisation(struct chance *c, struct buf *out)
{
	static const unsigned bundles[] = { 0, 2, 5, 10 };

	buf_printf(out, "  organisation: {zone: %s, bundle_after: %u", ONE_OF(c, zones),
	        ONE_OF(c, bundles));
	if (!chance_one_in(c, 5))
		buf_puts(out, ", catch_all: user/u0");
	else if (chance_one_in(c, 2))
		buf_printf(out, ", catch_all: policy/p%u", one_of(c, c->policies));
	buf_puts(out, "}\n");
}

static void
rules(struct chance *c, struct buf *out)
{
	buf_printf(out,
	        "    r0: {order: 1, rules: [{id: one, when: ['labels.env=\"dev\"'], "
	        "set: {severity: %s}}, {id: two, when: ['labels.env=\"prod\"'], "
	        "set: {service: s%u}}]}\n",
	        chance_one_in(c, 2) ? "warning" : "info", one_of(c, c->services));
}

/* ---- whole ---- */

typedef void document_fn(struct chance *c, struct buf *out, unsigned i);

static void
section(struct chance *c, struct buf *out, const char *name, document_fn *fn, size_t n)
{
	buf_printf(out, "  %s:\n", name);
	for (unsigned i = 0; i < n; i++)
		fn(c, out, i);
}

void
chance_organisation(struct chance *c, struct buf *out)
{
	organisation(c, out);
	section(c, out, "users", user, c->users);
	section(c, out, "teams", team, c->teams);
	section(c, out, "schedules", schedule, c->schedules);
	buf_puts(out,
	        "  channels:\n    ops: {type: webhook, address: \"https://sim.example/ops\"}\n");
	section(c, out, "policies", policy, c->policies);
	section(c, out, "services", service, c->services);
	section(c, out, "integrations", integration, c->integrations);
	buf_puts(out, "  rulesets:\n");
	rules(c, out);
}

/* One that is there anyway is made anew. */
static void
again(struct chance *c, struct buf *out, const char *name, document_fn *fn, size_t n)
{
	buf_printf(out, "  %s:\n", name);
	fn(c, out, one_of(c, n));
}

void
chance_document(struct chance *c, usec_t now, struct buf *out)
{
	switch (chance_below(c, 8)) {
	case 0:
		again(c, out, "users", user, c->users);
		return;
	case 1:
		again(c, out, "teams", team, c->teams);
		return;
	case 2:
	case 3:
		again(c, out, "schedules", schedule, c->schedules);
		return;
	case 4:
		buf_puts(out, "  overrides:\n");
		override(c, out, now);
		return;
	case 5:
	case 6:
		again(c, out, "policies", policy, c->policies);
		return;
	default:
		again(c, out, "services", service, c->services);
	}
}
