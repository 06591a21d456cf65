/* SPDX-License-Identifier: Apache-2.0 */
/* What happens next: each kind of thing is a row with its weight. */
#include "sim/chance.h"

#define KEYS 6

static const char *const spans[] = { "1s", "20s", "50s", "2m", "5m", "6m", "20m", "1h", "5h" };
static const char *const nights[] = { "8h", "1d", "3d" };

#define ONE_OF(c, list) (list)[chance_below((c), NELEMS(list))]

static unsigned
draw(struct chance *c, size_t n)
{
	return (unsigned)chance_below(c, n);
}

/* People act mostly on what they were last paged for. */
static void
key(struct chance *c, const struct world *w, struct buf *out)
{
	size_t back = 1 + chance_below(c, 3);

	if (back <= w->n_pages && w->pages[w->n_pages - back].dedup_key[0] != '\0'
	        && !chance_one_in(c, 3))
		buf_puts(out, w->pages[w->n_pages - back].dedup_key);
	else
		buf_printf(out, "k%u", draw(c, KEYS));
}

static void
somebody(struct chance *c, const struct world *w, const char *verb, struct buf *out)
{
	buf_printf(out, "u%u %s ", draw(c, c->users), verb);
	key(c, w, out);
}

/* ---- signals ---- */

static void
signal_comes(struct chance *c, const struct world *w, struct buf *out)
{
	static const char *const severities[] = { "critical", "critical", "error", "warning",
		"warning", "info" };

	(void)w;
	buf_printf(out, "signal i%u k%u %s", draw(c, c->integrations), draw(c, KEYS),
	        ONE_OF(c, severities));
	switch (chance_below(c, 8)) {
	case 0:
	case 1:
		buf_printf(out, " service=s%u", draw(c, c->services));
		break;
	case 2:
		buf_printf(out, " routing_key=rk%u", draw(c, c->services));
		break;
	case 3:
		buf_printf(out, " labels.env=%s", chance_one_in(c, 2) ? "dev" : "prod");
		break;
	case 4:
		buf_puts(out, " service=nowhere");
		break;
	default:
		break;
	}
	if (chance_one_in(c, 4))
		buf_printf(out, " expires=%s", ONE_OF(c, spans));
}

static void
recovery_comes(struct chance *c, const struct world *w, struct buf *out)
{
	buf_printf(out, "%s i%u ", chance_one_in(c, 6) ? "acknowledge" : "recover",
	        draw(c, c->integrations));
	key(c, w, out);
}

/* ---- people ---- */

static void
acks(struct chance *c, const struct world *w, struct buf *out)
{
	somebody(c, w, "acks", out);
}

static void
resolves(struct chance *c, const struct world *w, struct buf *out)
{
	somebody(c, w, "resolves", out);
}

static void
snoozes(struct chance *c, const struct world *w, struct buf *out)
{
	somebody(c, w, "snoozes", out);
	buf_printf(out, " %s", ONE_OF(c, spans));
}

static void
escalates(struct chance *c, const struct world *w, struct buf *out)
{
	somebody(c, w, "escalates", out);
}

static void
reassigns(struct chance *c, const struct world *w, struct buf *out)
{
	somebody(c, w, "reassigns", out);
	if (chance_one_in(c, 3))
		buf_printf(out, " schedule/d%u", draw(c, c->schedules));
	else if (chance_one_in(c, 4))
		buf_printf(out, " policy/p%u", draw(c, c->policies));
	else
		buf_printf(out, " user/u%u", draw(c, c->users));
}

static void
reroutes(struct chance *c, const struct world *w, struct buf *out)
{
	somebody(c, w, "reroutes", out);
	buf_printf(out, " p%u", draw(c, c->policies));
}

static void
merges(struct chance *c, const struct world *w, struct buf *out)
{
	somebody(c, w, "merges", out);
	buf_printf(out, " k%u", draw(c, KEYS));
}

static void
notes(struct chance *c, const struct world *w, struct buf *out)
{
	somebody(c, w, "notes", out);
	buf_puts(out, " \"looking\"");
}

/* ---- the room ---- */

static void
people_change(struct chance *c, const struct world *w, struct buf *out)
{
	static const char *const verbs[] = { "joins", "declines", "declines", "watches",
		"adds" };
	const char *verb = ONE_OF(c, verbs);

	somebody(c, w, verb, out);
	if (strcmp(verb, "adds") != 0)
		return;
	if (chance_one_in(c, 3))
		buf_printf(out, " schedule/d%u", draw(c, c->schedules));
	else
		buf_printf(out, " user/u%u", draw(c, c->users));
}

static void
role_changes(struct chance *c, const struct world *w, struct buf *out)
{
	static const char *const roles[] = { "commander", "commander", "scribe" };

	if (chance_one_in(c, 3)) {
		somebody(c, w, "drops", out);
		buf_printf(out, " %s", ONE_OF(c, roles));
		return;
	}
	somebody(c, w, "gives", out);
	buf_printf(out, " %s u%u", ONE_OF(c, roles), draw(c, c->users));
}

static void
something_is_said(struct chance *c, const struct world *w, struct buf *out)
{
	switch (chance_below(c, 4)) {
	case 0:
		somebody(c, w, "briefs", out);
		buf_printf(out, " status \"news %u\"", draw(c, 3));
		return;
	case 1:
		somebody(c, w, "recalls", out);
		buf_puts(out, " 10m \"it began\"");
		return;
	case 2:
		somebody(c, w, "edits", out);
		buf_printf(out, " \"looking, @u%u\"", draw(c, c->users));
		return;
	default:
		somebody(c, w, "stars", out);
	}
}

static void
splits(struct chance *c, const struct world *w, struct buf *out)
{
	somebody(c, w, "splits", out);
	buf_printf(out, " k%u%s", draw(c, KEYS), chance_one_in(c, 3) ? " and takes it" : "");
}

static void
something_is_taken_back(struct chance *c, const struct world *w, struct buf *out)
{
	static const char *const verbs[] = { "unacks", "unsnoozes", "reopens", "reopens",
		"unmerges", "unmerges", "mitigates", "unmitigates" };

	somebody(c, w, ONE_OF(c, verbs), out);
}

/* ---- configuration, time ---- */

static void
configuration_changes(struct chance *c, const struct world *w, struct buf *out)
{
	buf_puts(out, "apply\n");
	chance_document(c, w->clock.at, out);
}

static void
document_goes(struct chance *c, const struct world *w, struct buf *out)
{
	static const char *const kinds[] = { "user/u", "service/s", "policy/p", "override/o",
		"schedule/d", "team/t" };

	(void)w;
	buf_printf(out, "remove %s%u", ONE_OF(c, kinds), draw(c, 4));
}

static void
time_passes(struct chance *c, const struct world *w, struct buf *out)
{
	(void)w;
	if (c->night && chance_one_in(c, 8))
		buf_printf(out, "advance %s", ONE_OF(c, nights));
	else
		buf_printf(out, "advance %s", ONE_OF(c, spans));
}

/* ---- trouble ---- */

static void
contact_changes(struct chance *c, const struct world *w, struct buf *out)
{
	static const char *const moods[] = { "fails", "fails once", "works", "works", "busy",
		"takes 20s", "takes 5m", "busy takes 50s", "fails takes 2m" };

	(void)w;
	buf_printf(out, "contact u%u %s %s", draw(c, c->users),
	        chance_one_in(c, 2) ? "mail" : "phone", ONE_OF(c, moods));
}

static void
database_fails(struct chance *c, const struct world *w, struct buf *out)
{
	(void)w;
	switch (chance_below(c, 8)) {
	case 0:
	case 1:
		buf_puts(out, "fault commit lost");
		return;
	case 2:
	case 3:
		buf_puts(out, "fault commit unheard");
		return;
	case 4:
		buf_printf(out, "disk full %s", ONE_OF(c, spans));
		return;
	default:
		buf_printf(out, "fault write %u", 1 + draw(c, 30));
	}
}

static void
process_dies(struct chance *c, const struct world *w, struct buf *out)
{
	(void)w;
	switch (chance_below(c, 6)) {
	case 0:
	case 1:
		buf_puts(out, "crash at commit");
		return;
	case 2:
	case 3:
		buf_puts(out, "crash after commit");
		return;
	case 4:
		buf_printf(out, "crash for %s", ONE_OF(c, spans));
		return;
	default:
		buf_puts(out, "crash");
	}
}

static void
clock_jumps(struct chance *c, const struct world *w, struct buf *out)
{
	(void)w;
	buf_printf(
	        out, "clock %s %s", chance_one_in(c, 2) ? "back" : "forward", ONE_OF(c, spans));
}

static void
other_process(struct chance *c, const struct world *w, struct buf *out)
{
	(void)w;
	buf_printf(out, "node %u", 1 + draw(c, PROCESSES_MAX));
}

/* ---- the table ---- */

enum when { ALWAYS, WITH_FAULTS, WITH_A_PAIR };

static const struct {
	unsigned weight;
	enum when when;
	void (*write)(struct chance *c, const struct world *w, struct buf *out);
} things[] = {
	{ 26, ALWAYS, signal_comes },
	{ 9, ALWAYS, recovery_comes },
	{ 12, ALWAYS, acks },
	{ 5, ALWAYS, resolves },
	{ 4, ALWAYS, snoozes },
	{ 4, ALWAYS, escalates },
	{ 4, ALWAYS, reassigns },
	{ 3, ALWAYS, reroutes },
	{ 4, ALWAYS, merges },
	{ 1, ALWAYS, notes },
	{ 5, ALWAYS, people_change },
	{ 1, ALWAYS, role_changes },
	{ 2, ALWAYS, something_is_said },
	{ 3, ALWAYS, splits },
	{ 6, ALWAYS, something_is_taken_back },
	{ 6, ALWAYS, configuration_changes },
	{ 2, ALWAYS, document_goes },
	{ 26, ALWAYS, time_passes },
	{ 6, WITH_FAULTS, contact_changes },
	{ 7, WITH_FAULTS, database_fails },
	{ 5, WITH_FAULTS, process_dies },
	{ 2, WITH_FAULTS, clock_jumps },
	{ 8, WITH_A_PAIR, other_process },
};

static bool
may_happen(const struct chance *c, enum when when)
{
	return when == ALWAYS || (when == WITH_FAULTS && c->faults)
	        || (when == WITH_A_PAIR && c->pair);
}

void
chance_statement(struct chance *c, const struct world *w, struct buf *out)
{
	uint64_t all = 0, dice;

	for (size_t i = 0; i < NELEMS(things); i++)
		all += may_happen(c, things[i].when) ? things[i].weight : 0;
	dice = chance_below(c, all);
	for (size_t i = 0; i < NELEMS(things); i++) {
		if (!may_happen(c, things[i].when))
			continue;
		if (dice < things[i].weight) {
			things[i].write(c, w, out);
			return;
		}
		dice -= things[i].weight;
	}
}
