/* SPDX-License-Identifier: Apache-2.0 */
/* Fields with a form of their own: targets, wall clocks, rotations, secrets. For the kinds'
 * tables. The "format" in a schema is the name by which a form knows what to show. */
#ifndef CONFIG_CODECS_H
#define CONFIG_CODECS_H

#include "config/snapshot.h"

/* A list of at most max items of size bytes, each read by decode. */
struct item_form {
	void (*decode)(struct shape_reader *r, const struct json *v, void *ret);
	size_t size;
	size_t max;
	const char *several; /* what a fault calls them */
};
void items_decode(struct shape_reader *r, const struct json *v, const struct item_form *form,
        struct vec *ret);

void target_decode(struct shape_reader *r, const struct json *v, void *ret); /* struct target */
void target_encode(struct jsonw *w, const void *value);
void targets_decode(struct shape_reader *r, const struct json *v, void *ret); /* vec of them */
void targets_encode(struct jsonw *w, const void *value);
#define TARGET_SCHEMA                                                                          \
	"{\"format\":\"target\",\"oneOf\":[{\"type\":\"string\",\"pattern\":"                  \
	"\"^(user|team|schedule|policy|channel)/\"},{\"type\":\"object\",\"properties\":{"     \
	"\"to\":{\"type\":\"string\"},\"who\":{\"enum\":[\"current\",\"next\",\"all\"]}}}]}"

void civil_decode(struct shape_reader *r, const struct json *v, void *ret); /* struct civil */
void civil_encode(struct jsonw *w, const void *value);
#define CIVIL_SCHEMA                                                                           \
	"{\"type\":\"string\",\"format\":\"wall-clock\",\"description\":\"A wall clock: "      \
	"2026-01-05 09:00\"}"

void layer_end_decode(
        struct shape_reader *r, const struct json *v, void *ret); /* has_end, end */
void layer_end_encode(struct jsonw *w, const void *value);
void every_decode(
        struct shape_reader *r, const struct json *v, void *ret); /* struct cal_every */
void every_encode(struct jsonw *w, const void *value);
void turns_decode(struct shape_reader *r, const struct json *v, void *ret); /* turns, n_turns */
void turns_encode(struct jsonw *w, const void *value);
void windows_decode(struct shape_reader *r, const struct json *v, void *ret); /* only, n_only */
void windows_encode(struct jsonw *w, const void *value);
void layer_zone_decode(struct shape_reader *r, const struct json *v, void *ret);
void layer_zone_encode(struct jsonw *w, const void *value);

/* The rest of a layer; each gets the field of struct cal_layer that its name says. */
void count_decode(struct shape_reader *r, const struct json *v, void *ret);
void count_encode(struct jsonw *w, const void *value);
void set_decode(struct shape_reader *r, const struct json *v, void *ret); /* set_user, set_at */
void set_encode(struct jsonw *w, const void *value);

void edge_decode(struct shape_reader *r, const struct json *v, void *ret); /* struct edge */
void edge_encode(struct jsonw *w, const void *value);
#define EDGE_SCHEMA                                                                                                  \
	"{\"type\":\"string\",\"format\":\"edge\",\"description\":\"A wall clock: 2026-01-05 09:00; or an instant: " \
	"2026-01-05T09:00:00+01:00\"}"

/* struct cal_turn: a user, a list of users, or null. */
void turn_decode(struct shape_reader *r, const struct json *v, void *ret);
void turn_encode(struct jsonw *w, const void *value);

/* vec of struct holiday_date: "2026-12-25" or {date, name}. */
void dates_decode(struct shape_reader *r, const struct json *v, void *ret);
void dates_encode(struct jsonw *w, const void *value);

/* A user id or null, where null is an answer of its own: const char *. */
void user_or_null_decode(struct shape_reader *r, const struct json *v, void *ret);
void user_or_null_encode(struct jsonw *w, const void *value);

/* A name of a zone that exists: const char *. */
void zone_decode(struct shape_reader *r, const struct json *v, void *ret);
void zone_encode(struct jsonw *w, const void *value);
#define ZONE_SCHEMA                                                                            \
	"{\"type\":\"string\",\"format\":\"zone\",\"description\":\"An IANA time zone: "       \
	"Europe/Berlin\"}"

#define SECRET_KEPT "(kept)" /* written for a secret that stays as it is */

/* struct secret; only what was written: secret_settle makes it whole. */
void secret_decode(struct shape_reader *r, const struct json *v, void *ret);
void secret_encode(struct jsonw *w, const void *value);
#define SECRET_SCHEMA                                                                          \
	"{\"format\":\"secret\",\"description\":\"A value, {env: NAME}, {file: PATH}, or (kept) to keep what is there\"}"

/*
 * After decoding: resolves {env} and {file}, opens what the database sealed, seals what was
 * written plain, and for "(kept)" takes over what was there before (a fault when there was
 * nothing). An unchanged value keeps its old seal, so that the document counts as unchanged.
 */
void secret_settle(struct shape_reader *r, const struct json *v, const unsigned char *key,
        const struct secret *before, struct secret *s);

/* Whether its value is kept in its document; else there is none, or it is elsewhere. NULL is
 * none. */
bool secret_is_sealed(const struct secret *s);

/* The same seal for what is kept in rows of its own: {"sealed": ...}. key: config_key. What
 * another key sealed, or was changed, is NULL. */
const char *secret_seal(struct arena *a, const unsigned char *key, const char *plain);
const char *secret_unseal(struct ctx *cx, const unsigned char *key, const char *stored);

/* A stored document with every sealed secret as "(kept)": for people. */
const struct json *secrets_hidden(struct ctx *cx, const struct json *body);

/* The same as text; NULL where there is no document. */
const char *body_shown(struct ctx *cx, const char *body);

#endif
