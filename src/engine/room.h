/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The room of an incident: the brief (what is known, in four fields), roles, who is there, and
 * what people made of lines of the timeline. It is changed by verbs (incident.h); these are
 * its rows, for those who read. A line of the timeline is never changed: its present words and
 * its star are kept beside it.
 */
#ifndef ENGINE_ROOM_H
#define ENGINE_ROOM_H

#include "engine/incident.h"

#define NOTE_MAX 10000  /* bytes */
#define BRIEF_MAX 500   /* bytes of a field: it is read at four in the morning */
#define MENTIONS_MAX 10 /* people that one note tells */
#define WATCHERS_MAX 100

struct brief {
	int64_t incident_id;
	int64_t revision; /* of its own: 0 while nobody has written one */
	const char *status, *impact, *theory, *next_step;
	int64_t next_by;
	int64_t changed_at;
	const char *changed_by; /* user id */
};

struct role_row {
	enum incident_role role;
	const char *user_id;
	int64_t since;
};

enum attendance {
	ATTENDANCE_ASKED,
	ATTENDANCE_JOINED,
	ATTENDANCE_DECLINED,
	ATTENDANCE_WATCHING,
	ATTENDANCE_MAX,
};
extern const char *const attendance_names[ATTENDANCE_MAX + 1];

struct attendant {
	const char *user_id;
	enum attendance state;
	int64_t since;
};

struct line_mark {
	int64_t seq;
	const char *text;       /* what the note says now; NULL: as written */
	const char *starred_by; /* user id or NULL */
};

extern const struct db_row brief_row, role_row_row, attendant_row, line_mark_row;

/* An incident without one has an empty brief of revision 0. Needs cx->tx. */
MUST_USE struct err *brief_load(struct ctx *cx, int64_t incident_id, struct brief *ret);

/* ---- for the engine's own files ---- */

/* Who is there, and how. Nothing for user NULL. */
MUST_USE struct err *attend(
        struct ctx *cx, const struct incident *inc, const char *user, enum attendance state);

/* A notice to each who watches: "#12 is resolved: TITLE". */
MUST_USE struct err *watchers_tell(struct ctx *cx, struct engine *e, const struct incident *inc,
        const char *what, const char *text);

#endif
