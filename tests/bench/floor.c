/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the database alone takes for an alert that pages nobody: its three rows (alert, event,
 * signal), posted without reading, deciding, hashing or answering anything, 500 alerts in a
 * transaction. No server on this schema can be quicker. Prints a line: name, value, unit.
 *
 *     floor sqlite:PATH [ALERTS]      a file that is not there yet
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/random.h"
#include "db/db.h"
#include "queries.h"

#define A_COMMIT 500
#define ALERTS 200000

static const char summary[] = "HighLatency on instance 10.0.0.1:9100 of job api";
static const char body[] =
        "{\"action\":\"trigger\",\"severity\":\"info\",\"summary\":\"HighLatency on instance "
        "10.0.0.1:9100 of job api\",\"source\":\"http://prometheus.example/graph\",\"fields\":{"
        "\"alertname\":\"HighLatency\",\"instance\":\"10.0.0.1:9100\",\"job\":\"api\",\"severity"
        "\":\"info\",\"number\":\"123456\"},\"time\":\"2026-01-05T09:00:00Z\"}";

/* As long as the real ones, and as scattered. */
static char *
hex(struct ctx *cx, struct rng *rng, int words)
{
	char *out = arena_alloc(&cx->mem, (size_t)words * 16 + 1);

	for (int i = 0; i < words; i++)
		snprintf(out + i * 16, 17, "%016" PRIx64, rng_next(rng));
	return out;
}

static struct err *
add(struct ctx *cx, struct rng *rng, int64_t id, usec_t now)
{
	const char *key = hex(cx, rng, 1), *hash = hex(cx, rng, 4);

	TRY(db_post(cx, &q_alert_add,
	        DB_ARGS(id, "prom", key, "info", summary, "prom", "web", DB_NULL_IF(true, 0),
	                now, now + HOURS(1), id)));
	TRY(db_post(cx, &q_event_add,
	        DB_ARGS(id, (int64_t)0, now, "alert.kept", "system", (const char *)NULL,
	                (const char *)NULL, (const char *)NULL, "info", key, summary, hash)));
	return db_post(cx, &q_signal_add,
	        DB_ARGS(id, now, "prom", "trigger", "info", "prom", key, "kept", id,
	                DB_NULL_IF(true, 0), body));
}

static struct err *
add_all(struct ctx *cx, struct db *db, int64_t n)
{
	struct rng rng = { 0 };

	rng_seed(&rng, 1);
	for (int64_t id = 1; id <= n; id += A_COMMIT) {
		TRY(db_begin(cx, db, DB_WRITE));
		for (int64_t i = 0; i < A_COMMIT; i++)
			TRY(add(cx, &rng, id + i, SECONDS(1780000000) + id + i));
		TRY(db_commit(cx));
		ctx_reset(cx);
	}
	return NULL;
}

static double
cpu_seconds(void)
{
	struct rusage used;

	getrusage(RUSAGE_THREAD, &used);
	return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec)
	        + (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static struct err *
measure(struct ctx *cx, const char *url, int64_t n)
{
	struct db *db;

	TRY(db_open(cx, url, DB_WRITE, &db));
	TRY(db_migrate(cx, db));
	double before = cpu_seconds();
	usec_t began = clock_mono();
	TRY(add_all(cx, db, n));
	printf("cpu_an_alert %.2f us\n", (cpu_seconds() - before) / (double)n * 1e6);
	printf("time_an_alert %.2f us\n", (double)(clock_mono() - began) / (double)n);
	db_close(db);
	return NULL;
}

int
main(int argc, char **argv)
{
	int64_t n = ALERTS;
	struct ctx cx;

	if (argc < 2 || (argc > 2 && !str_int(str_from(argv[2]), &n))) {
		fprintf(stderr, "floor sqlite:PATH [ALERTS]\n");
		return 2;
	}
	ctx_init(&cx, NULL);
	struct err *e = measure(&cx, argv[1], n);
	if (e != NULL)
		fprintf(stderr, "%s\n", e->msg);
	db_rollback(&cx);
	ctx_close(&cx);
	return e != NULL;
}
