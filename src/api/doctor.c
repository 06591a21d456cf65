/* SPDX-License-Identifier: Apache-2.0 */
#include "api/doctor.h"

#include "access/verification.h"
#include "api/app.h"
#include "api/described.h"
#include "api/trouble.h"

#define AHEAD DAYS(14)

struct doctor {
	struct ctx *cx;
	const struct snapshot *s;
	struct jsonw *w;
};

static void
found(struct doctor *d, const char *about, const char *finding)
{
	jsonw_object(d->w);
	jsonw_member(d->w, "about", about);
	jsonw_member(d->w, "finding", finding);
	jsonw_end_object(d->w);
}

static const char *
name(struct doctor *d, const char *kind, const char *id)
{
	return arena_printf(&d->cx->mem, "%s/%s", kind, id);
}

static void
look_at_user(struct doctor *d, const struct user *u)
{
	if (u->role == ROLE_STAKEHOLDER)
		return;
	if (u->contacts.n == 0)
		found(d, name(d, "user", u->c.id), "has no contact: nothing can reach them");
	else if (u->contacts.n > 1 && u->paging[URGENCY_HIGH].n == 0)
		found(d, name(d, "user", u->c.id),
		        "has no steps for urgent pages: every contact is used at once");
}

static void
look_at_schedule(struct doctor *d, const struct schedule *s)
{
	usec_t now = ctx_now(d->cx);
	struct cal_shift *gaps;
	char at[RFC3339_MAX];
	size_t n;

	(void)oncall_gaps(&d->cx->mem, &s->calendar, now, now + AHEAD, &gaps, &n);
	if (n > 0)
		found(d, name(d, "schedule", s->c.id),
		        arena_printf(&d->cx->mem,
		                "has nobody at %zu time%s in the next 14 days, first from %s",
		                n, n == 1 ? "" : "s", rfc3339_print(gaps[0].start, at)));
}

static void
look_at_service(struct doctor *d, const struct service *s)
{
	if (s->policy == NULL)
		found(d, name(d, "service", s->c.id),
		        "has no policy: its incidents go to the catch-all");
}

static void
look_at_integration(struct doctor *d, const struct integration *i)
{
	if (i->disabled)
		found(d, name(d, "integration", i->c.id),
		        "is disabled: what it sends is refused");
	else if (i->key.plain == NULL)
		found(d, name(d, "integration", i->c.id),
		        "has no readable key: its variable or file is not there, or another key "
		        "file was used");
}

static void
look_at_organisation(struct doctor *d)
{
	size_t n, owners = 0;
	const struct document *const *users = snapshot_list(d->s, KIND_USER, &n);

	for (size_t i = 0; i < n; i++)
		owners += ((const struct user *)users[i]->value)->role == ROLE_OWNER;
	if (owners == 0)
		found(d, "organisation", "has no owner");
	if (!snapshot_organisation(d->s)->has_catch_all)
		found(d, "organisation",
		        "has no catch_all: what nobody owns pages every owner");
}

static void
look(struct doctor *d, enum kind kind, const char *id, const void *value)
{
	if (kind == KIND_USER)
		look_at_user(d, value);
	else if (kind == KIND_SCHEDULE)
		look_at_schedule(d, snapshot_schedule(d->s, id));
	else if (kind == KIND_SERVICE)
		look_at_service(d, value);
	else if (kind == KIND_INTEGRATION)
		look_at_integration(d, value);
}

static void
look_at_configuration(struct ctx *cx, const struct snapshot *s, struct jsonw *w)
{
	struct doctor d = { cx, s, w };

	look_at_organisation(&d);
	for (int k = 0; k < KIND_MAX; k++) {
		size_t n;
		const struct document *const *list = snapshot_list(s, (enum kind)k, &n);
		for (size_t i = 0; i < n; i++)
			look(&d, (enum kind)k, list[i]->id, list[i]->value);
	}
}

void
doctor_write(struct ctx *cx, const struct snapshot *s, struct jsonw *w)
{
	items_begin(w);
	look_at_configuration(cx, s, w);
	items_end(w, NULL);
}

/* One that was asked to stop has struck itself off the list. */
static void
look_at_nodes(struct doctor *d, struct request *rq)
{
	char at[RFC3339_MAX];
	struct node *nodes;
	size_t n = 0;

	if (app_read(d->cx, rq) != NULL || node_list(d->cx, &nodes, &n) != NULL)
		return;
	for (size_t i = 0; i < n; i++)
		if (ctx_now(d->cx) - nodes[i].seen_at > NODE_GONE_AFTER)
			found(d, name(d, "node", nodes[i].name),
			        arena_printf(&d->cx->mem,
			                "was last heard of at %s: it has died or cannot reach "
			                "the database",
			                rfc3339_print(nodes[i].seen_at, at)));
}

/* Whom a page may not reach: nobody has ever shown that one of their contacts works. */
static void
look_at_contacts(struct doctor *d, struct request *rq, const struct snapshot *s)
{
	size_t n;
	const struct document *const *users = snapshot_list(s, KIND_USER, &n);
	struct verified all;

	if (app_read(d->cx, rq) != NULL || verified_load(d->cx, &all) != NULL)
		return;
	for (size_t i = 0; i < n; i++) {
		const struct user *u = users[i]->value;
		if (u->role != ROLE_STAKEHOLDER && u->contacts.n > 0 && !verified_user(&all, u))
			found(d, name(d, "user", u->c.id),
			        "has no verified contact: nobody knows whether they can be reached");
	}
}

/* The server itself. What cannot even be asked is a finding too. */
static void
look_at_server(struct ctx *cx, struct request *rq, struct jsonw *w)
{
	struct doctor d = { .cx = cx, .w = w };
	const char *grave = trouble_grave(cx, rq);
	struct troubles light = { 0 };

	if (grave != NULL)
		found(&d, "server", grave);
	else
		err_ignore(trouble_light(cx, rq, &light), "the grave ones have been told");
	if (grave == NULL)
		look_at_nodes(&d, rq);
	for (size_t i = 0; i < light.n; i++)
		found(&d, light.items[i].about,
		        light.items[i].detail == NULL
		                ? light.items[i].finding
		                : arena_printf(&cx->mem, "%s: %s", light.items[i].finding,
		                        light.items[i].detail));
}

static struct err *
doctor(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	struct jsonw w = items_json(rs);

	look_at_server(cx, rq, &w);
	look_at_configuration(cx, s, &w);
	look_at_contacts(&(struct doctor){ cx, s, &w }, rq, s);
	items_end(&w, NULL);
	return NULL;
}

static const struct route routes[] = {
	{ "GET", "/api/v1/doctor", PERM_READ, doctor, "What would keep people from being paged",
	        NULL, &finding_described, ROUTE_ALL, 0 },
};
const struct route_table doctor_routes = { routes, NELEMS(routes) };
