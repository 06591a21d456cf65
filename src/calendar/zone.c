/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Questions to a zone. All of them walk its spans: within one, the wall clock is a straight
 * line, and no two clocks are further apart than ZONE_OFFSET_MAX each way, so that two or three
 * spans always do.
 */
#include "calendar/zone.h"

#include "calendar/date.h"
#include "calendar/zone_priv.h"

#define T_MAX (INT64_C(1) << 58)

static struct zone_type utc_types[] = { { .abbr = "UTC" } };
static const struct zone utc = { .name = "UTC", .types = utc_types, .n_types = 1 };

const struct zone *
zone_utc(void)
{
	return &utc;
}

const char *
zone_name(const struct zone *z)
{
	return z->name;
}

/* How many transitions are at or before t. */
static size_t
transitions_until(const struct zone *z, int64_t t)
{
	size_t lo = 0, hi = z->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (z->at[mid] <= t)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

struct zone_span
zone_span(const struct zone *z, int64_t t)
{
	t = t < -T_MAX ? -T_MAX : t > T_MAX ? T_MAX : t;

	size_t i = transitions_until(z, t);
	int64_t since = i > 0 ? z->at[i - 1] : INT64_MIN;

	if (i == z->n && z->has_rule) {
		struct zone_span s = zone_rule_span(&z->rule, t);
		s.since = s.since > since ? s.since : since;
		return s;
	}

	const struct zone_type *type = &z->types[i > 0 ? z->type[i - 1] : 0];
	return (struct zone_span){
		.since = since,
		.until = i < z->n ? z->at[i] : INT64_MAX,
		.offset = type->offset,
		.is_dst = type->is_dst,
		.abbr = type->abbr,
	};
}

int32_t
zone_offset(const struct zone *z, usec_t at, bool *ret_is_dst, const char **ret_abbr)
{
	struct zone_span s = zone_span(z, floor_div(at, USEC_PER_SEC));

	if (ret_is_dst != NULL)
		*ret_is_dst = s.is_dst;
	if (ret_abbr != NULL)
		*ret_abbr = s.abbr;
	return s.offset;
}

/* The highest reading up to t: of earlier spans only the last second can beat the present. */
static int64_t
highest_until(const struct zone *z, int64_t t, struct zone_span s)
{
	int64_t best = t + s.offset;

	while (s.since > t - 2 * ZONE_OFFSET_MAX) {
		int64_t end = s.since;
		s = zone_span(z, end - 1);
		if (end - 1 + s.offset > best)
			best = end - 1 + s.offset;
	}
	return best;
}

/* The same from t on. The 1: while a later span shows L again, L's last reading is to come. */
static int64_t
lowest_from(const struct zone *z, int64_t t, struct zone_span s)
{
	int64_t best = t + s.offset;

	while (s.until < t + 2 * ZONE_OFFSET_MAX) {
		s = zone_span(z, s.until);
		if (s.since + s.offset - 1 < best)
			best = s.since + s.offset - 1;
	}
	return best;
}

struct zone_reading
zone_read(const struct zone *z, usec_t at)
{
	int64_t t = floor_div(at, USEC_PER_SEC);
	struct zone_span s = zone_span(z, t);

	return (struct zone_reading){
		.first = highest_until(z, t, s),
		.last = lowest_from(z, t, s),
	};
}

/* Before local - 26 h no clock can show local, after local + 26 h none can be below it. */
usec_t
zone_first(const struct zone *z, int64_t local)
{
	int64_t t = local - ZONE_OFFSET_MAX;
	struct zone_span s = zone_span(z, t);

	while (local - s.offset >= s.until) {
		t = s.until;
		s = zone_span(z, t);
	}
	return USEC_PER_SEC * (local - s.offset > t ? local - s.offset : t);
}

usec_t
zone_last(const struct zone *z, int64_t local)
{
	int64_t t = local + ZONE_OFFSET_MAX;
	struct zone_span s = zone_span(z, t);

	while (local - s.offset < s.since) {
		t = s.since;
		s = zone_span(z, t - 1);
	}
	return USEC_PER_SEC * (local - s.offset < t ? local - s.offset : t);
}
