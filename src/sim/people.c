/* SPDX-License-Identifier: Apache-2.0 */
/* Statements about what people do with an incident: working on it, people, roles, the brief,
 * splitting, taking back. */
#include "engine/room.h"
#include "engine/rows.h"
#include "queries.h"
#include "sim/play.h"

static bool
name_of(const char *const *names, const char *text, int *ret)
{
	for (int i = 0; names[i] != NULL; i++)
		if (strcmp(names[i], text) == 0) {
			*ret = i;
			return true;
		}
	return false;
}

/* ---- working on it ---- */

struct err *
play_act(struct play *p, struct incident_act *a)
{
	struct incident inc;
	bool found;

	TRY(play_incident(p, word(p, 2), &inc, &found));
	if (!found)
		return play_refused(
		        p, play_fail(p, "no incident was ever opened for %s", word(p, 2)));
	a->incident_id = inc.id;
	p->w.cx.actor = (struct actor){ .kind = ACTOR_USER, .id = word(p, 0) };
	return play_refused(p, world_do(&p->w, incident_do_run, a));
}

struct err *
acks(struct play *p)
{
	return play_act(p, &(struct incident_act){ .verb = INCIDENT_ACKNOWLEDGE });
}

struct err *
resolves(struct play *p)
{
	return play_act(p, &(struct incident_act){ .verb = INCIDENT_RESOLVE });
}

struct err *
escalates(struct play *p)
{
	return play_act(p, &(struct incident_act){ .verb = INCIDENT_ESCALATE });
}

struct err *
snoozes(struct play *p)
{
	usec_t span;

	TRY(play_span(p, 3, &span));
	return play_act(p,
	        &(struct incident_act){
	                .verb = INCIDENT_SNOOZE, .until = p->w.clock.at + span });
}

struct err *
reassigns(struct play *p)
{
	struct incident_act a = { .verb = INCIDENT_REASSIGN };

	if (!target_parse(&p->w.cx.mem, str_from(word(p, 3)), &a.target))
		return play_syntax(p, "a target such as user/bob");
	return play_act(p, &a);
}

struct err *
reroutes(struct play *p)
{
	const char *policy = word(p, 3);

	if (strncmp(policy, "policy/", 7) == 0)
		policy += 7;
	return play_act(
	        p, &(struct incident_act){ .verb = INCIDENT_REROUTE, .policy = policy });
}

struct err *
notes(struct play *p)
{
	return play_act(p, &(struct incident_act){ .verb = INCIDENT_NOTE, .text = word(p, 3) });
}

struct err *
merges(struct play *p)
{
	struct incident other;
	bool found;

	TRY(play_incident(p, word(p, 3), &other, &found));
	return play_act(p,
	        &(struct incident_act){ .verb = INCIDENT_MERGE, .into = found ? other.id : 0 });
}

/* ---- verbs without a word more ---- */

static struct err *
plain(struct play *p, enum incident_verb verb)
{
	return play_act(p, &(struct incident_act){ .verb = verb });
}

struct err *
joins(struct play *p)
{
	return plain(p, INCIDENT_JOIN);
}

struct err *
declines(struct play *p)
{
	return plain(p, INCIDENT_DECLINE);
}

struct err *
watches(struct play *p)
{
	return plain(p, INCIDENT_WATCH);
}

struct err *
mitigates(struct play *p)
{
	return plain(p, INCIDENT_MITIGATE);
}

struct err *
unmitigates(struct play *p)
{
	return plain(p, INCIDENT_UNMITIGATE);
}

struct err *
unacks(struct play *p)
{
	return plain(p, INCIDENT_UNACKNOWLEDGE);
}

struct err *
unsnoozes(struct play *p)
{
	return plain(p, INCIDENT_UNSNOOZE);
}

struct err *
reopens(struct play *p)
{
	return plain(p, INCIDENT_REOPEN);
}

struct err *
unmerges(struct play *p)
{
	return plain(p, INCIDENT_UNMERGE);
}

/* ---- people ---- */

struct err *
adds(struct play *p)
{
	struct incident_act a = { .verb = INCIDENT_ADD };

	if (!target_parse(&p->w.cx.mem, str_from(word(p, 3)), &a.target))
		return play_syntax(p, "a target such as user/bob");
	return play_act(p, &a);
}

static struct err *
change_role(struct play *p, const char *user)
{
	struct incident_act a = { .verb = INCIDENT_ROLE, .user = user };
	int role;

	if (!name_of(incident_role_names, word(p, 3), &role))
		return play_syntax(p,
		        "a role: commander, ops-lead, scribe, customer-liaison or "
		        "internal-liaison");
	a.role = (enum incident_role)role;
	return play_act(p, &a);
}

struct err *
takes_role(struct play *p)
{
	return change_role(p, word(p, 0));
}

struct err *
gives_role(struct play *p)
{
	return change_role(p, word(p, 4));
}

struct err *
drops_role(struct play *p)
{
	return change_role(p, NULL);
}

/* ---- what is said ---- */

/* What a command points at outlives it: it may be played again. */
struct err *
briefs(struct play *p)
{
	struct brief_change *c = ARENA_NEW(&p->w.cx.mem, struct brief_change);
	const struct {
		const char *name, **place;
	} fields[] = {
		{ "status", &c->status },
		{ "impact", &c->impact },
		{ "theory", &c->theory },
		{ "next_step", &c->next_step },
	};
	size_t i = 0;

	while (i < NELEMS(fields) && strcmp(fields[i].name, word(p, 3)) != 0)
		i++;
	if (i == NELEMS(fields))
		return play_syntax(p, "a field: status, impact, theory or next_step");
	c->if_revision = -1;
	*fields[i].place = word(p, 4);
	return play_act(p, &(struct incident_act){ .verb = INCIDENT_BRIEF, .brief = c });
}

struct err *
recalls(struct play *p)
{
	usec_t ago;

	TRY(play_span(p, 3, &ago));
	return play_act(p,
	        &(struct incident_act){ .verb = INCIDENT_NOTE,
	                .happened_at = p->w.clock.at - ago,
	                .text = word(p, 4) });
}

/* The newest note of the incident; 0: there is none. */
static struct err *
newest_note(struct play *p, int64_t *ret)
{
	struct ctx *cx = &p->w.cx;
	struct incident inc;
	struct event ev;
	bool found;

	*ret = 0;
	TRY(play_incident(p, word(p, 2), &inc, &found));
	if (!found)
		return NULL;
	TRY(db_begin(cx, p->w.db, DB_READ));
	struct err *e = db_maybe(cx, &q_sim_note_newest, DB_ARGS(inc.id), &ev, &found);
	db_rollback(cx);
	if (e == NULL && found)
		*ret = ev.seq;
	return e;
}

struct err *
edits(struct play *p)
{
	struct incident_act a = { .verb = INCIDENT_EDIT, .text = word(p, 3) };

	TRY(newest_note(p, &a.line));
	return play_act(p, &a);
}

struct err *
stars(struct play *p)
{
	struct incident_act a = { .verb = INCIDENT_STAR };

	TRY(newest_note(p, &a.line));
	return play_act(p, &a);
}

/* ---- splitting ---- */

struct err *
splits(struct play *p)
{
	struct ctx *cx = &p->w.cx;
	struct alert *alert = ARENA_NEW(&cx->mem, struct alert);
	bool found;

	TRY(db_begin(cx, p->w.db, DB_READ));
	struct err *e = db_maybe(cx, &q_sim_alert, DB_ARGS(word(p, 3)), alert, &found);
	db_rollback(cx);
	TRY(e);
	return play_act(p,
	        &(struct incident_act){ .verb = INCIDENT_SPLIT,
	                .alerts = { &alert->id, 1 },
	                .take = strcmp(word(p, 4), "and") == 0 });
}

/* ---- what is expected ---- */

static struct err *
expect_one(struct play *p, const struct db_query *q, const char *a, const char *b)
{
	struct ctx *cx = &p->w.cx;
	struct engine_count n = { 0 };
	struct incident inc;
	bool found;

	TRY(play_incident(p, word(p, 2), &inc, &found));
	if (!found)
		return play_fail(p, "no incident was ever opened for %s", word(p, 2));
	TRY(db_begin(cx, p->w.db, DB_READ));
	struct err *e = db_one(cx, q, DB_ARGS(inc.id, a, b), &n);
	db_rollback(cx);
	TRY(e);
	return n.n > 0 ? NULL : play_fail(p, "it is not so");
}

struct err *
expect_room(struct play *p)
{
	return expect_one(p, &q_sim_attendant, word(p, 3), word(p, 4));
}

struct err *
expect_role(struct play *p)
{
	return expect_one(p, &q_sim_role_holder, word(p, 3), word(p, 4));
}
