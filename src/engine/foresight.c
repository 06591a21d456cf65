/* SPDX-License-Identifier: Apache-2.0 */
/* Questions of many signals at once, and when their answers hold no longer. */
#include "engine/foresight.h"

#include "base/map.h"
#include "queries.h"

struct foresight {
	struct map keys;    /* looked up already */
	struct map touched; /* incidents */
	struct db_ask *asks;
	struct known *known;
	size_t n;
};

/* DB_ARGS lives as long as its block. */
static struct db_args
keep_args(struct ctx *cx, struct db_args args)
{
	struct db_arg *items = ARENA_ARRAY(&cx->mem, args.n, struct db_arg);

	memcpy(items, args.items, args.n * sizeof *items);
	return (struct db_args){ items, args.n };
}

static struct str
key_of(struct arena *mem, const struct intake *in, size_t i)
{
	return str_from(arena_printf(mem, "%s %s", in->scope, in->prepared[i].s.dedup_key));
}

static struct str
number_key(struct arena *mem, int64_t n)
{
	return (struct str){ arena_strndup(mem, (const char *)&n, sizeof n), sizeof n };
}

/* ---- asking ---- */

static void
gather(struct ctx *cx, struct engine *e, struct intake *const *intakes, size_t n)
{
	struct foresight *f = e->foresight;

	for (size_t i = 0; i < n; i++)
		f->n += intakes[i]->prepared_with == e->snapshot ? intakes[i]->n : 0;
	f->known = ARENA_ARRAY(&cx->mem, f->n, struct known);
	f->asks = ARENA_ARRAY(&cx->mem, f->n, struct db_ask);
	f->n = 0;
	for (size_t i = 0; i < n; i++) {
		struct intake *in = intakes[i];
		if (in->prepared_with != e->snapshot)
			continue;
		in->foresight = f;
		in->known = &f->known[f->n];
		for (size_t k = 0; k < in->n; k++, f->n++)
			f->asks[f->n] = (struct db_ask){
				.args = keep_args(
				        cx, DB_ARGS(in->scope, in->prepared[k].s.dedup_key)),
				.ret = &f->known[f->n].alert,
			};
	}
}

static struct err *
ask_alerts(struct ctx *cx, struct foresight *f)
{
	TRY(db_maybe_all(cx, &q_alert_newest, f->asks, f->n));
	for (size_t i = 0; i < f->n; i++)
		f->known[i].has_alert = f->asks[i].found;
	return NULL;
}

static struct err *
ask_incidents(struct ctx *cx, struct foresight *f)
{
	size_t *whose = ARENA_ARRAY(&cx->mem, f->n, size_t), n = 0;

	for (size_t i = 0; i < f->n; i++) {
		struct known *k = &f->known[i];
		if (!k->has_alert || k->alert.incident_id == 0)
			continue;
		whose[n] = i;
		f->asks[n++] =
		        (struct db_ask){ .args = keep_args(cx, DB_ARGS(k->alert.incident_id)),
			        .ret = &k->inc };
	}
	TRY(db_maybe_all(cx, &q_incident_get, f->asks, n));
	for (size_t i = 0; i < n; i++)
		f->known[whose[i]].has_incident = f->asks[i].found;
	return NULL;
}

struct err *
foresee(struct ctx *cx, struct engine *e, struct intake *const *intakes, size_t n)
{
	struct foresight *f = ARENA_NEW(&cx->mem, struct foresight);

	map_init(&f->keys, &cx->mem);
	map_init(&f->touched, &cx->mem);
	e->foresight = f;
	gather(cx, e, intakes, n);
	struct err *failed = ask_alerts(cx, f);
	if (failed == NULL)
		failed = ask_incidents(cx, f);
	if (failed != NULL)
		foresight_end(e);
	return failed;
}

/* ---- answering ---- */

static struct err *
read_incident(struct ctx *cx, struct known *k)
{
	k->has_incident = false;
	if (!k->has_alert || k->alert.incident_id == 0)
		return NULL;
	return db_maybe(
	        cx, &q_incident_get, DB_ARGS(k->alert.incident_id), &k->inc, &k->has_incident);
}

static struct err *
read_now(struct ctx *cx, const struct intake *in, size_t i, struct known *ret)
{
	const char *key = in->prepared[i].s.dedup_key;

	TRY(db_maybe(
	        cx, &q_alert_newest, DB_ARGS(in->scope, key), &ret->alert, &ret->has_alert));
	return read_incident(cx, ret);
}

struct err *
foresight_known(
        struct ctx *cx, struct engine *e, struct intake *in, size_t i, struct known *ret)
{
	struct foresight *f = e->foresight;

	*ret = (struct known){ 0 };
	/* Also a signal that was not foreseen uses up its key for those that were. */
	bool used = f == NULL || map_put(&f->keys, key_of(f->keys.mem, in, i), f) != NULL;
	if (used || in->foresight != f)
		return read_now(cx, in, i, ret);
	*ret = in->known[i];
	if (ret->has_incident
	        && map_has(&f->touched, number_key(f->keys.mem, ret->alert.incident_id)))
		return read_incident(cx, ret);
	return NULL;
}

void
foresight_touch(struct engine *e, int64_t incident_id)
{
	struct foresight *f = e->foresight;

	if (f != NULL)
		map_put(&f->touched, number_key(f->touched.mem, incident_id), f);
}

void
foresight_end(struct engine *e)
{
	e->foresight = NULL;
}
