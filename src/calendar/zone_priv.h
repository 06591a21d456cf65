/* SPDX-License-Identifier: Apache-2.0 */
/* What a zone is inside: a table of past transitions and the rule that goes on after them. */
#ifndef CALENDAR_ZONE_PRIV_H
#define CALENDAR_ZONE_PRIV_H

#include "calendar/zone.h"

struct zone_type {
	int32_t offset;
	bool is_dst;
	const char *abbr;
};

enum edge_kind {
	EDGE_JULIAN, /* day 1 to 365, leap days never counted */
	EDGE_DAY,    /* day 0 to 365, leap days counted */
	EDGE_MONTH,  /* weekday 0 (Sunday) to 6 in week 1 to 5 (the last) of a month */
	EDGE_KIND_MAX,
};

/* The yearly moment of a change. */
struct zone_edge {
	enum edge_kind kind;
	int month, week, day;
	int32_t time; /* seconds after that day's midnight, before the change; may be negative
	               */
};

/* The footer of a TZif file: what holds after the table's end. */
struct zone_rule {
	struct zone_type std, dst;
	bool has_dst;
	struct zone_edge begin, end; /* of dst */
};

struct zone {
	const char *name;
	size_t n;                /* transitions */
	const int64_t *at;       /* ascending, seconds since 1970 */
	const uint8_t *type;     /* index into types, from at[i] on */
	struct zone_type *types; /* types[0] holds before the first transition */
	size_t n_types;
	bool has_rule;
	struct zone_rule rule;
};

/* Parses "CET-1CEST,M3.5.0,M10.5.0/3". False when it is no rule; texts are copied into mem. */
bool zone_rule_parse(struct arena *mem, struct str text, struct zone_rule *ret);

struct zone_span zone_rule_span(const struct zone_rule *r, int64_t t);

#endif
