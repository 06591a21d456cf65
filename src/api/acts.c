/* SPDX-License-Identifier: Apache-2.0 */
/* Acting on incidents: each verb is a row, its body a shape. */
#include "api/acts.h"

#include "api/app.h"
#include "api/shapes.h"
#include "config/codecs.h"
#include "engine/room.h"

struct act_body {
	const char *note, *policy, *user, *seen, *text, *title;
	usec_t until, span, at;
	int64_t into, line;
	int role;
	bool nobody, take;
	struct vec alerts;
	struct target target;
	struct brief_change brief;
};

#define ACT(member) offsetof(struct act_body, member)
#define NOTE                                                                                   \
	{                                                                                      \
		"note", FIELD_TEXT, 0, ACT(note), .max = 10000,                                \
		                                  .help = "A remark for the timeline."         \
	}

static const struct field plain_fields[] = { NOTE };
static const struct shape plain_shape =
        SHAPE("Remark", struct act_body, plain_fields, "Nothing but a remark.");

static const struct field note_fields[] = {
	{ "note", FIELD_TEXT, FIELD_REQUIRED, ACT(note), .min = 1, .max = NOTE_MAX,
	        .help = "What others should know; @NAME sends that person a notice." },
	{ "at", FIELD_TIME, 0, ACT(at), .help = "When it happened, if not now." },
};
static const struct shape note_shape =
        SHAPE("Note", struct act_body, note_fields, "A line for the timeline.");

static const struct field snooze_fields[] = {
	NOTE,
	{ "until", FIELD_TIME, 0, ACT(until), .help = "When it wakes." },
	{ "for", FIELD_DURATION, 0, ACT(span), .min = 1, .help = "Or how long it sleeps." },
};
static const struct shape snooze_shape =
        SHAPE("Snooze", struct act_body, snooze_fields, "Acknowledged until then.");

static const struct field reassign_fields[] = {
	NOTE,
	{ "target", FIELD_CUSTOM, FIELD_REQUIRED, ACT(target), .decode = target_decode,
	        .encode = target_encode, .schema = TARGET_SCHEMA,
	        .help = "Who is to take it." },
};
static const struct shape reassign_shape =
        SHAPE("Reassign", struct act_body, reassign_fields, "Given to somebody else.");

static const struct field reroute_fields[] = {
	NOTE,
	{ "policy", FIELD_REF, 0, ACT(policy), .ref = "policy",
	        .help = "Absent: the service's policy of today." },
};
static const struct shape reroute_shape =
        SHAPE("Reroute", struct act_body, reroute_fields, "Begun anew by another policy.");

static const struct field merge_fields[] = {
	NOTE,
	{ "into", FIELD_INT, FIELD_REQUIRED, ACT(into), .min = 1, .max = INT64_MAX,
	        .help = "The incident that goes on." },
};
static const struct shape merge_shape =
        SHAPE("Merge", struct act_body, merge_fields, "Its alerts join another incident.");

static const struct field add_fields[] = {
	NOTE,
	{ "target", FIELD_CUSTOM, FIELD_REQUIRED, ACT(target), .decode = target_decode,
	        .encode = target_encode, .schema = TARGET_SCHEMA,
	        .help = "Who is to help: a person, a team or a schedule." },
};
static const struct shape add_shape =
        SHAPE("Add", struct act_body, add_fields, "More people are paged.");

static const struct field role_fields[] = {
	NOTE,
	{ "role", FIELD_ENUM, FIELD_REQUIRED, ACT(role), .names = incident_role_names,
	        .help = "Which." },
	{ "user", FIELD_REF, 0, ACT(user), .ref = "user",
	        .help = "Who gets it; absent: whoever asks." },
	{ "nobody", FIELD_BOOL, 0, ACT(nobody), .help = "Instead: it is given up." },
	{ "seen", FIELD_STRING, 0, ACT(seen),
	        .help = "Who had it when you looked, empty for nobody: 409 if that is no longer so." },
};
static const struct shape role_shape =
        SHAPE("Role", struct act_body, role_fields, "Who does what.");

#define BRIEF(member) offsetof(struct act_body, brief.member)

static const struct field brief_fields[] = {
	NOTE,
	{ "status", FIELD_TEXT, 0, BRIEF(status), .max = BRIEF_MAX, .help = "How it is now." },
	{ "impact", FIELD_TEXT, 0, BRIEF(impact), .max = BRIEF_MAX,
	        .help = "Who feels it, and how." },
	{ "theory", FIELD_TEXT, 0, BRIEF(theory), .max = BRIEF_MAX,
	        .help = "What we think it is." },
	{ "next_step", FIELD_TEXT, 0, BRIEF(next_step), .max = BRIEF_MAX,
	        .help = "What is done next; without next_by it has no instant." },
	{ "next_by", FIELD_TIME, 0, BRIEF(next_by), .help = "By when." },
	{ "revision", FIELD_INT, 0, BRIEF(if_revision), .min = -1, .max = INT64_MAX,
	        .fallback = "-1",
	        .help = "Of the brief as you saw it: 409 if somebody was first. -1: whichever." },
};
static const struct shape brief_shape = SHAPE("BriefChange", struct act_body, brief_fields,
        "What is known, in short; absent fields stay, empty ones are emptied.");

static const struct field edit_fields[] = {
	{ "line", FIELD_INT, FIELD_REQUIRED, ACT(line), .min = 1, .max = INT64_MAX,
	        .help = "The number of the note's event." },
	{ "text", FIELD_TEXT, FIELD_REQUIRED, ACT(text), .min = 1, .max = NOTE_MAX,
	        .help = "What it is to say. What it said first stays in the record." },
};
static const struct shape edit_shape =
        SHAPE("Edit", struct act_body, edit_fields, "Other words for an own note.");

static const struct field line_fields[] = {
	{ "line", FIELD_INT, FIELD_REQUIRED, ACT(line), .min = 1, .max = INT64_MAX,
	        .help = "The number of its event." },
};
static const struct shape line_shape =
        SHAPE("Line", struct act_body, line_fields, "A line of the timeline.");

static const struct field split_fields[] = {
	NOTE,
	{ "alerts", FIELD_LIST, FIELD_REQUIRED, ACT(alerts), .of = FIELD_INT, .min = 1,
	        .max = 500, .help = "Which alerts leave." },
	{ "title", FIELD_STRING, 0, ACT(title), .min = 1,
	        .help = "Of the new incident; absent: what its first alert says." },
	{ "take", FIELD_BOOL, 0, ACT(take),
	        .help = "You take it: it is acknowledged and nobody is paged for it." },
};
static const struct shape split_shape =
        SHAPE("Split", struct act_body, split_fields, "Alerts get an incident of their own.");

static struct err *
verb_of(struct ctx *cx, const struct request *rq, enum incident_verb *ret)
{
	if (incident_verb_named(strrchr(rq->route->path, '/') + 1, ret))
		return NULL;
	return err_new(cx, ERR_BUG, "the route %s names no verb", rq->route->path);
}

static void
render_acted(struct ctx *cx, struct response *rs, void *arg)
{
	struct incident_act *act = arg;

	incident_answer(cx, rs, act->result, 200);
	response_header(rs, "Tocsin-Changed", act->changed ? "true" : "false");
}

struct err *
snooze_until(struct ctx *cx, usec_t *until, usec_t span)
{
	if ((*until == 0) == (span == 0))
		return err_field(cx, ERR_INVALID, "/until", "say until when, or for how long");
	if (span != 0)
		*until = ctx_now(cx) + span;
	return NULL;
}

static struct err *
read_role(struct ctx *cx, const struct act_body *b, struct incident_act *a)
{
	if (a->verb != INCIDENT_ROLE)
		return NULL;
	if (b->nobody && b->user != NULL)
		return err_field(cx, ERR_INVALID, "/nobody", "either somebody or nobody");
	a->role = (enum incident_role)b->role;
	a->user = b->nobody ? NULL : b->user != NULL ? b->user : cx->actor.id;
	a->seen = b->seen;
	return NULL;
}

static struct err *
act(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct incident_act a = { 0 };
	struct act_body b = { 0 };

	TRY(id_param(cx, rq, "id", &a.incident_id));
	TRY(verb_of(cx, rq, &a.verb));
	TRY(if_match(cx, rq, &a.if_revision));
	TRY(request_read(cx, rq, &b));
	if (a.verb == INCIDENT_SNOOZE)
		TRY(snooze_until(cx, &b.until, b.span));
	a.until = b.until;
	a.target = b.target;
	a.policy = b.policy;
	a.text = a.verb == INCIDENT_EDIT ? b.text : b.note;
	a.into = b.into;
	a.happened_at = b.at;
	a.line = b.line;
	a.alerts = b.alerts;
	a.title = b.title;
	a.take = b.take;
	a.brief = &b.brief;
	TRY(read_role(cx, &b, &a));
	return app_run_once(cx, rq, rs, incident_do_run, &a, render_acted);
}

#define ROW(name, permission, shape, text)                                                     \
	{                                                                                      \
		"POST", "/api/v1/incidents/{id}/" name, permission, act, text, &(shape),       \
		        &incident_shape, ROUTE_ONCE | ROUTE_MATCH, 0                           \
	}
#define VERB(name, shape, text) ROW(name, PERM_RESPOND, shape, text)

static const struct route routes[] = {
	VERB("acknowledge", plain_shape, "Takes it: nobody else is paged"),
	VERB("resolve", plain_shape, "Ends it, and closes its alerts"),
	VERB("snooze", snooze_shape, "Acknowledged until an instant, then paged anew"),
	VERB("reassign", reassign_shape, "Pages somebody else as a step of its own"),
	VERB("escalate", plain_shape, "The next step of its policy begins now"),
	VERB("reroute", reroute_shape, "Begins anew by another policy"),
	VERB("note", note_shape, "Writes on its timeline"),
	VERB("merge", merge_shape, "Joins it to another"),
	VERB("unacknowledge", plain_shape,
	        "Gives it back: the step that it stopped pages again"),
	VERB("unsnooze", plain_shape, "Ends a snooze: as it was before, or paged again"),
	VERB("reopen", plain_shape, "Takes an end back, within a week"),
	VERB("unmerge", plain_shape, "Takes a merge back: the alerts that went along return"),
	VERB("split", split_shape, "Gives alerts an incident of their own, and answers that"),
	VERB("mitigate", plain_shape, "The harm is over, the work is not"),
	VERB("unmitigate", plain_shape, "It is not over after all"),
	VERB("add", add_shape, "Pages more people beside its policy"),
	VERB("join", plain_shape, "I help whoever has it; my pages stop"),
	VERB("decline", plain_shape, "I cannot: my pages stop, and who is next is paged"),
	VERB("role", role_shape, "Takes, gives or gives up a role"),
	VERB("brief", brief_shape, "Changes what is known in short"),
	VERB("edit", edit_shape, "Changes the words of an own note"),
	VERB("star", line_shape, "Marks a line for later"),
	VERB("unstar", line_shape, "Takes the mark away"),
	ROW("watch", PERM_READ, plain_shape, "Notices come when something changes"),
	ROW("unwatch", PERM_READ, plain_shape, "No notices any more"),
};
const struct route_table act_routes = { routes, NELEMS(routes) };
