/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kinds of documents. A row says everything that the rest of the floor needs to know of a
 * kind: its fields (from which come decoding, encoding, help and schema), what must be settled
 * in a document by itself, and what must hold between it and the others.
 */
#ifndef CONFIG_KINDS_H
#define CONFIG_KINDS_H

#include "config/snapshot.h"

struct doc;

/* One document being decoded. */
struct draft {
	struct shape_reader *r;
	const struct json *tree;  /* as it was written, for the places of faults */
	void *value;              /* the compiled form */
	const void *before;       /* the compiled form that it replaces, or NULL */
	const unsigned char *key; /* seals secrets */
	const char *new_key;      /* set: a key that was made */
};

/* What a check sees. */
struct checker {
	struct ctx *cx;
	const struct snapshot *s;
	/* A fault in the document being checked, at the pointer inside it. */
	void (*fault)(struct checker *c, const char *pointer, const char *message);
	const void *place;
	struct faults *faults;
};

typedef void each_target_fn(void *arg, const char *pointer, const struct target *t);

struct kind_info {
	const char *name, *section;
	const struct shape *shape;
	/* After decoding: secrets, orders, and what concerns this document alone. */
	void (*settle)(struct draft *d);
	/* In the candidate: beyond the references that the shape declares. */
	void (*check)(struct checker *c, const void *value);
	/* Every target that it names, people too where the shape does not say that it is
	 * one. */
	void (*targets)(struct ctx *cx, const void *value, each_target_fn *fn, void *arg);
	/* Gives back what is not the arena's. */
	void (*release)(void *value);
};

extern const struct kind_info kinds[KIND_MAX];

extern const struct shape organisation_shape, user_shape, team_shape, service_shape,
        schedule_shape, override_shape, policy_shape, integration_shape, ruleset_shape,
        channel_shape, holiday_shape, absence_shape, window_shape;

void organisation_targets(struct ctx *cx, const void *value, each_target_fn *fn, void *arg);
void team_targets(struct ctx *cx, const void *value, each_target_fn *fn, void *arg);
void schedule_targets(struct ctx *cx, const void *value, each_target_fn *fn, void *arg);
void override_targets(struct ctx *cx, const void *value, each_target_fn *fn, void *arg);
void user_settle(struct draft *d);
void service_check(struct checker *c, const void *value);
void policy_targets(struct ctx *cx, const void *value, each_target_fn *fn, void *arg);
void policy_check(struct checker *c, const void *value);
void integration_settle(struct draft *d);
void integration_check(struct checker *c, const void *value);
void channel_settle(struct draft *d);
void ruleset_release(void *value);
void ruleset_check(struct checker *c, const void *value);
void override_settle(struct draft *d);
void schedule_check(struct checker *c, const void *value);
void holiday_settle(struct draft *d);
void absence_settle(struct draft *d);
void window_settle(struct draft *d);
void window_check(struct checker *c, const void *value);

/* The fields that every kind has; the struct begins with struct common. */
#define COMMON_FIELDS                                                                          \
	{ "name", FIELD_STRING, 0, offsetof(struct common, name),                              \
		.help = "What people call it." },                                              \
	        { "description", FIELD_TEXT, 0, offsetof(struct common, description),          \
		        .help = "More about it, for people." },                                \
	{                                                                                      \
		"labels", FIELD_MAP, 0, offsetof(struct common, labels),                       \
		        .of = FIELD_STRING, .max = 64,                                         \
		        .help = "Names and values for filters and rules."                      \
	}

#endif
