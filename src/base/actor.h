/* SPDX-License-Identifier: Apache-2.0 */
/* Who does something: named on every event, revision and audit line. */
#ifndef BASE_ACTOR_H
#define BASE_ACTOR_H

#include <stdint.h>

enum actor_kind {
	ACTOR_SYSTEM,      /* a timer, a start, a migration */
	ACTOR_USER,        /* id: user slug */
	ACTOR_INTEGRATION, /* id: integration slug */
	ACTOR_KIND_MAX,
};

/* Roles of FORMATS.md; order is rank. A manager of a team is a member with that team
 * membership. */
enum role {
	ROLE_NONE, /* not signed in */
	ROLE_STAKEHOLDER,
	ROLE_MEMBER,
	ROLE_ADMIN,
	ROLE_OWNER,
	ROLE_MAX,
};

extern const char *const actor_kind_names[ACTOR_KIND_MAX];
extern const char *const role_names[ROLE_MAX];

struct actor {
	enum actor_kind kind;
	const char *id;  /* NULL for the system */
	const char *via; /* "api", "email", "cli", "timer", ...: how it reached us */
	enum role role;
};

#endif
