/* SPDX-License-Identifier: Apache-2.0 */
/* Overrides: one document for each schedule that the other product's has become. */
#include "calendar/civil.h"
#include "importer/import_priv.h"

static void
write_edges(struct jsonw *w, usec_t from, usec_t to)
{
	char text[RFC3339_MAX];

	jsonw_member(w, "from", rfc3339_print(from, text));
	jsonw_member(w, "to", rfc3339_print(to, text));
}

static void
write_shifts(struct jsonw *w, const struct import_override *o)
{
	jsonw_key(w, "shifts");
	jsonw_array(w);
	for (size_t i = 0; i < o->n_shifts; i++) {
		jsonw_object(w);
		write_edges(w, o->shifts[i].from, o->shifts[i].to);
		jsonw_key(w, "with");
		jsonw_array(w);
		for (size_t u = 0; u < o->shifts[i].n; u++)
			jsonw_cstr(w, o->shifts[i].users[u]);
		jsonw_end_array(w);
		jsonw_end_object(w);
	}
	jsonw_end_array(w);
}

static const char *
name_of(struct import *im, const struct import_override *o, const char *schedule)
{
	struct civil day = civil_from_utc(zone_utc(), o->from);
	const char *who = o->add != NULL ? o->add
	        : o->shifts != NULL      ? "temporary"
	        : o->with == NULL        ? "nobody"
	                                 : o->with;

	return import_name(im, KIND_OVERRIDE, "",
	        arena_printf(&im->cx->mem, "%s %04d-%02d-%02d %s", schedule, day.year,
	                day.month, day.day, who));
}

static void
write_one(struct import *im, struct row where, const struct import_override *o,
        const char *schedule)
{
	struct jsonw *w = doc_begin(im, KIND_OVERRIDE, name_of(im, o, schedule), NULL, NULL);

	jsonw_member(w, "schedule", schedule);
	write_edges(w, o->from, o->to);
	jsonw_member_opt(w, "replace", o->replace);
	if (o->shifts != NULL)
		write_shifts(w, o);
	else if (o->add != NULL)
		jsonw_member(w, "add", o->add);
	else
		jsonw_member(w, "with", o->with);
	doc_end(im, where);
}

void
override_write(struct import *im, struct row where, const struct import_override *o)
{
	if (o->from >= o->to) {
		note_left_out(im, where, "override", "it does not end after it begins");
		return;
	}
	/* Whoever is added is added once; all else must hold in each. */
	for (size_t i = 0; i < o->schedules.n && (i == 0 || o->add == NULL); i++)
		write_one(im, where, o, o->schedules.slugs[i]);
}

void
shift_write(
        struct import *im, struct row where, const char *schedule, const struct import_shift *s)
{
	struct import_override o = { .schedules = { .slugs = &schedule, .n = 1 },
		.from = s->from,
		.to = s->to,
		.with = s->n == 1 ? s->users[0] : NULL };

	if (s->n > 1) {
		o.shifts = s;
		o.n_shifts = 1;
	}
	override_write(im, where, &o);
}
