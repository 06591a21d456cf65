/* SPDX-License-Identifier: Apache-2.0 */
/* A verb at work. Its check decides before anything is written, its deed writes. Of the
 * engine's own files only: act.c has the table. */
#ifndef ENGINE_ACT_H
#define ENGINE_ACT_H

#include "engine/incident.h"

struct deed {
	struct ctx *cx;
	struct engine *e;
	struct incident_act *act;
	struct incident *inc;
	struct incident other; /* merge, unmerge: the one that it went into */
	struct incident *made; /* split: the new one */
};

typedef struct err *deed_fn(struct deed *d);

/* An event of the incident. */
MUST_USE struct err *deed_say(struct deed *d, const char *type, const char *data);

/* room.c */
deed_fn note_check, note_write, edit_check, edit, star, unstar, line_check, brief_check,
        brief_write;
/* people.c */
deed_fn add_check, add, join, decline_check, decline, watch, unwatch, role_check, role;
/* split.c */
deed_fn split_check, split, unmerge_check, unmerge;
/* undo.c */
deed_fn mitigate, unmitigate, unacknowledge, unsnooze_check, unsnooze, reopen_check, reopen;

/* Taken back soon enough, an end is as if it had not been: who had it has it again. Later, and
 * if nobody had it, people are paged from step 1. */
MUST_USE struct err *incident_restore(struct deed *d, const char *type, const char *data);
MUST_USE struct err *reopen_check_age(struct deed *d);

/* How many alerts of it are open. */
MUST_USE struct err *count_open_alerts(struct ctx *cx, struct incident *inc);

#endif
