/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Instants are microseconds since 1970-01-01 UTC in an int64; so are spans. The only place that
 * reads the machine's clock is clock.c; everything else asks the clock it was handed, which in
 * tests, scenarios and the simulator is a virtual one.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

typedef int64_t usec_t;

#define USEC_PER_MS ((usec_t)1000)
#define USEC_PER_SEC ((usec_t)1000000)
#define SECONDS(n) (USEC_PER_SEC * (usec_t)(n))
#define MINUTES(n) (60 * USEC_PER_SEC * (usec_t)(n))
#define HOURS(n) (3600 * USEC_PER_SEC * (usec_t)(n))
#define DAYS(n) (86400 * USEC_PER_SEC * (usec_t)(n))
#define USEC_NEVER INT64_MAX

struct clock {
	usec_t (*read)(const struct clock *c);
	usec_t at; /* of a virtual clock */
};

extern const struct clock clock_real;

/* A clock that stands still until its owner moves c->at. */
void clock_virtual(struct clock *c, usec_t at);

usec_t clock_now(const struct clock *c);

/*
 * Watches for a clock that is set, or a machine that slept: what the clock has gained (or lost,
 * then it is negative) against the monotonic one since the last look, 0 when that is below
 * CLOCK_STEP_MIN. One thread looks.
 */
#define CLOCK_STEP_MIN SECONDS(5)
struct clock_watch {
	usec_t apart; /* what lay between the two at the last look; 0: not yet looked */
};
usec_t clock_watch_look(struct clock_watch *watch);

/* Monotonic, for measuring and for timeouts of sockets; never stored. */
usec_t clock_mono(void);

/* pthread_cond_wait() for at most a span, however the clock is set meanwhile. False when the
 * span has passed. */
bool clock_cond_wait(pthread_cond_t *cond, pthread_mutex_t *lock, usec_t span);

/*
 * "90s", "5m", "1h30m", "2d", "1w", "500ms", "0s": units ms s m h d w, each at most once and in
 * falling order, no sign, no blanks. False when it is none or above 10 years.
 */
bool duration_parse(struct str text, usec_t *ret);

#define DURATION_MAX 40
/* The shortest text that parses back to the same span: "1h30m". Returns out. */
const char *duration_print(usec_t span, char out[DURATION_MAX]);

#define RFC3339_MAX 40
/* "2026-03-02T10:00:00Z", with ".123456" only when there are microseconds. Returns out. */
const char *rfc3339_print(usec_t at, char out[RFC3339_MAX]);

/* Full date-time with Z or an offset, any number of fraction digits (cut to microseconds); in
 * the years 0000 to 9999 of UTC. */
bool rfc3339_parse(struct str text, usec_t *ret);

#endif
