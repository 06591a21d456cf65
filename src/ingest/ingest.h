/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the bytes of a protocol to signals, and from what became of them to the answer that the
 * sender expects. Pure: no socket, no database. Each protocol is one file and one row of the
 * table; api/ gives them their addresses.
 *
 * A body is refused whole (nothing is changed, the sender gets a precise reason in its
 * protocol's form, and the integration's last-rejected list keeps it), except where the
 * protocol itself says that the good part of a batch is taken: then `partial` holds what was
 * not.
 */
#ifndef INGEST_INGEST_H
#define INGEST_INGEST_H

#include "engine/intake.h"

#define INGEST_BODY_MAX (1024 * 1024)
#define INGEST_SIGNALS_MAX 1000

struct delivery {
	const struct integration *integration;
	const char *routing_key; /* from the address, or NULL */
	struct str body;
	usec_t now;

	/* Filled by read: */
	struct intake intake;
	const char *partial; /* reasons for what was left out of a batch, or NULL */
};

struct answer {
	int status;
	const char *content_type;
	struct buf body;
};

struct protocol {
	const char *name;
	MUST_USE struct err *(*read)(struct ctx *cx, struct delivery *d);
	/* After the commit; results are in d->intake.results. */
	void (*accepted)(struct ctx *cx, const struct delivery *d, struct answer *a);
	/* status is what HTTP says for the error; a protocol may overrule it. */
	void (*refused)(struct ctx *cx, const struct err *e, struct answer *a);
};

enum protocol_id {
	PROTOCOL_NATIVE,
	PROTOCOL_VICTOROPS,
	PROTOCOL_ALERTMANAGER_V2,      /* POST api/v2/alerts, as Prometheus sends */
	PROTOCOL_ALERTMANAGER_WEBHOOK, /* version 4 */
	PROTOCOL_MAX,
};

extern const struct protocol protocols[PROTOCOL_MAX];

/* What is spoken at the plain address /in/KEY by an integration of this type. */
enum protocol_id protocol_of(enum integration_type type);

/* ---- shared by the protocols ---- */

/* At most max characters; what is longer is cut and marked. */
const char *ingest_clip(struct ctx *cx, struct str text, size_t max_chars);

/* A key of at most SIGNAL_KEY_MAX bytes; a longer one keeps its head and gets a hash. */
const char *ingest_key(struct ctx *cx, struct str key);

/* critical, error, warning, info from the many words that monitors use ("page", "crit", "P1",
 * "minor"...), in any case. False for a word that is not known. */
bool ingest_severity(struct str word, enum severity *ret);

/* Pairs as a growing list; ingest_sort orders them by name and drops doubles (the last
 * counts). */
struct pairs {
	struct pair *items;
	size_t n, cap;
};
void ingest_add(
        struct ctx *cx, struct pairs *pairs, struct str id, const char *value, size_t max);
void ingest_sort(struct pairs *pairs);

/* The members of an object of texts; numbers and booleans count as their text, the rest is
 * JSON. */
void ingest_add_object(
        struct ctx *cx, struct pairs *pairs, const struct json *object, size_t max);

/* The Alertmanager's fingerprint of sorted labels: 16 hex digits. */
const char *ingest_fingerprint(struct ctx *cx, const struct pair *labels, size_t n);

/* Room for n signals and their results. ERR_LIMIT above INGEST_SIGNALS_MAX. */
MUST_USE struct err *ingest_room(struct ctx *cx, struct delivery *d, size_t n);

/* The text of a member that is a string, number or boolean; NULL when absent, null or empty. */
const char *ingest_text(struct ctx *cx, const struct json *o, const char *key);

/* One signal in the native form, for the API's description. */
extern const struct shape native_signal_shape;

#endif
