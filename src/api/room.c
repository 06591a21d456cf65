/* SPDX-License-Identifier: Apache-2.0 */
/* The room of an incident, to read: the brief, roles, people, and what was made of lines. */
#include "engine/room.h"

#include "api/app.h"
#include "api/shapes.h"
#include "queries.h"

#define BRIEF(member) offsetof(struct brief, member)

static const struct field brief_fields[] = {
	{ "status", FIELD_TEXT, FIELD_REQUIRED, BRIEF(status), .help = "How it is now." },
	{ "impact", FIELD_TEXT, FIELD_REQUIRED, BRIEF(impact),
	        .help = "Who feels it, and how." },
	{ "theory", FIELD_TEXT, FIELD_REQUIRED, BRIEF(theory), .help = "What we think it is." },
	{ "next_step", FIELD_TEXT, FIELD_REQUIRED, BRIEF(next_step),
	        .help = "What is done next." },
	{ "next_by", FIELD_TIME, 0, BRIEF(next_by), .help = "By when." },
	{ "revision", FIELD_INT, FIELD_REQUIRED, BRIEF(revision),
	        .help = "Counts its changes; 0: nobody has written one." },
	{ "changed_at", FIELD_TIME, 0, BRIEF(changed_at), .help = "When it last changed." },
	{ "changed_by", FIELD_STRING, 0, BRIEF(changed_by), .help = "Who: user/alice." },
};
static const struct shape brief_shape =
        SHAPE("Brief", struct brief, brief_fields, "What is known, in short.");

static const struct field role_fields[] = {
	{ "role", FIELD_ENUM, FIELD_REQUIRED, offsetof(struct role_row, role),
	        .names = incident_role_names, .help = "Which." },
	{ "user", FIELD_REF, FIELD_REQUIRED, offsetof(struct role_row, user_id), .ref = "user",
	        .help = "Who has it." },
	{ "since", FIELD_TIME, FIELD_REQUIRED, offsetof(struct role_row, since),
	        .help = "Since when." },
};
static const struct shape role_shape =
        SHAPE("RoleHolder", struct role_row, role_fields, "Who does what.");

static const struct field attendant_fields[] = {
	{ "user", FIELD_REF, FIELD_REQUIRED, offsetof(struct attendant, user_id), .ref = "user",
	        .help = "Who." },
	{ "state", FIELD_ENUM, FIELD_REQUIRED, offsetof(struct attendant, state),
	        .names = attendance_names, .help = "How they are there." },
	{ "since", FIELD_TIME, FIELD_REQUIRED, offsetof(struct attendant, since),
	        .help = "Since when." },
};
static const struct shape attendant_shape =
        SHAPE("Attendant", struct attendant, attendant_fields, "Who is there.");

static const struct field line_fields[] = {
	{ "line", FIELD_INT, FIELD_REQUIRED, offsetof(struct line_mark, seq),
	        .help = "The number of its event." },
	{ "text", FIELD_TEXT, 0, offsetof(struct line_mark, text),
	        .help = "What the note says now, if it was edited." },
	{ "starred_by", FIELD_STRING, 0, offsetof(struct line_mark, starred_by),
	        .help = "Who starred it." },
};
static const struct shape line_shape =
        SHAPE("LineMark", struct line_mark, line_fields, "What was made of a line.");

struct room {
	struct brief brief;
	struct vec roles, people, lines;
};

static const struct field room_fields[] = {
	{ "brief", FIELD_OBJECT, FIELD_REQUIRED, offsetof(struct room, brief),
	        .sub = &brief_shape, .help = "What is known." },
	{ "roles", FIELD_LIST, FIELD_REQUIRED, offsetof(struct room, roles), .sub = &role_shape,
	        .help = "Roles that somebody has." },
	{ "people", FIELD_LIST, FIELD_REQUIRED, offsetof(struct room, people),
	        .sub = &attendant_shape, .help = "Who is there, earliest first." },
	{ "lines", FIELD_LIST, FIELD_REQUIRED, offsetof(struct room, lines), .sub = &line_shape,
	        .help = "Lines that were edited or starred." },
};
static const struct shape room_shape =
        SHAPE("Room", struct room, room_fields, "What people made of an incident.");

static struct err *
load(struct ctx *cx, int64_t id, struct room *ret)
{
	struct attendant *people;
	struct line_mark *lines;
	struct role_row *roles;

	TRY(brief_load(cx, id, &ret->brief));
	TRY(db_list(cx, &q_roles_of_incident, DB_ARGS(id), &roles, &ret->roles.n));
	TRY(db_list(cx, &q_attendants_of_incident, DB_ARGS(id), &people, &ret->people.n));
	TRY(db_list(cx, &q_line_marks_of_incident, DB_ARGS(id), &lines, &ret->lines.n));
	ret->roles.items = roles;
	ret->people.items = people;
	ret->lines.items = lines;
	return NULL;
}

static struct err *
room(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct incident inc;
	struct room r;
	int64_t id;

	TRY(id_param(cx, rq, "id", &id));
	TRY(app_read(cx, rq));
	TRY(incident_load(cx, id, &inc));
	TRY(load(cx, id, &r));
	struct jsonw w = response_json(rs, 200);
	shape_encode(&w, &room_shape, &r);
	return NULL;
}

static const struct route routes[] = {
	{ "GET", "/api/v1/incidents/{id}/room", PERM_READ, room,
	        "Its brief, roles, people, and what was made of its lines", NULL, &room_shape,
	        0, 0 },
};
const struct route_table room_routes = { routes, NELEMS(routes) };
