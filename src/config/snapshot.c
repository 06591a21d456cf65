/* SPDX-License-Identifier: Apache-2.0 */
/* Tables over shared documents, and look-ups in them. */
#include "config/snapshot.h"

#include <sodium.h>
#include <stdlib.h>

#include "calendar/zone.h"
#include "config/snapshot_priv.h"

/* ---- life ---- */

struct snapshot *
snapshot_new(int64_t revision)
{
	struct arena mem;

	arena_init(&mem);
	struct snapshot *s = ARENA_NEW(&mem, struct snapshot);
	s->mem = mem;
	atomic_init(&s->refs, 1);
	s->revision = revision;
	for (int i = 0; i < KIND_MAX; i++)
		map_init(&s->docs[i], &s->mem);
	map_init(&s->services, &s->mem);
	map_init(&s->schedules, &s->mem);
	map_init(&s->routes, &s->mem);
	map_init(&s->keys, &s->mem);
	map_init(&s->old_keys, &s->mem);
	map_init(&s->emails, &s->mem);
	return s;
}

/* The caller keeps a snapshot alive while it looks; counting its users changes nothing else. */
const struct snapshot *
snapshot_ref(const struct snapshot *s)
{
	atomic_fetch_add(&((struct snapshot *)s)->refs, 1);
	return s;
}

void
snapshot_unref(const struct snapshot *shared)
{
	struct snapshot *s = (struct snapshot *)shared;

	if (s == NULL || atomic_fetch_sub(&s->refs, 1) > 1)
		return;
	for (int i = 0; i < KIND_MAX; i++)
		MAP_EACH (&s->docs[i], e)
			doc_unref(e->value);
	struct arena mem = s->mem;
	arena_free(&mem);
}

void
snapshot_unrefp(const struct snapshot *const *s)
{
	snapshot_unref(*s);
}

void
snapshot_put(struct snapshot *s, struct doc *d)
{
	struct map *docs = &s->docs[d->pub.kind];
	struct doc *before = map_put(docs, str_from(d->pub.id), d);

	if (before == NULL)
		return;
	/* It replaced one: the key must be the new document's own, the old one may be freed. */
	for (size_t i = 0; i < docs->n; i++) {
		if (!str_is(docs->entries[i].key, d->pub.id))
			continue;
		docs->entries[i].key = str_from(d->pub.id);
	}
	doc_unref(before);
}

/* ---- indexes ---- */

static int
by_id(const void *a, const void *b)
{
	const struct document *const *x = a, *const *y = b;

	return strcmp((*x)->id, (*y)->id);
}

static void
index_list(struct snapshot *s, enum kind kind)
{
	size_t n = 0;
	const struct document **list =
	        ARENA_ARRAY(&s->mem, s->docs[kind].n, const struct document *);

	MAP_EACH (&s->docs[kind], e)
		list[n++] = &((struct doc *)e->value)->pub;
	qsort(list, n, sizeof *list, by_id);
	s->lists[kind] = list;
}

static void
index_organisation(struct snapshot *s)
{
	static const struct organisation fallback = {
		.c = { .id = "organisation", .name = "Tocsin" },
		.repage_on_rise = true,
		.auto_resolve = true,
		.bundle_after = 10,
	};
	struct doc *d = snapshot_doc(s, KIND_ORGANISATION, "organisation");

	s->organisation = d == NULL ? fallback : *(const struct organisation *)d->pub.value;
	s->organisation.has_catch_all = s->organisation.catch_all.id != NULL;
	if (s->organisation.zone == NULL)
		s->organisation.zone = "UTC";
}

static const char *
lower(struct arena *a, const char *text)
{
	char *copy = arena_strdup(a, text);

	for (char *p = copy; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p + 'a' - 'A');
	return copy;
}

/* The first that lists a key has it; that there is no second is checked before it counts. */
static void
add_route(struct snapshot *s, const char *key, struct service *service)
{
	struct str k = str_from(lower(&s->mem, key));

	if (!map_has(&s->routes, k))
		map_put(&s->routes, k, service);
}

static void
index_service(struct snapshot *s, const struct service *written)
{
	struct service *svc = ARENA_NEW(&s->mem, struct service);
	const char *const *keys = written->routing_keys.items;

	*svc = *written;
	svc->reopen_within = written->own.reopen_within.said ? written->own.reopen_within.span
	                                                     : s->organisation.reopen_within;
	svc->repage_on_rise = written->own.repage_on_rise == OWN_UNSAID
	        ? s->organisation.repage_on_rise
	        : written->own.repage_on_rise == OWN_TRUE;
	svc->auto_resolve = written->own.auto_resolve == OWN_UNSAID
	        ? s->organisation.auto_resolve
	        : written->own.auto_resolve == OWN_TRUE;
	map_put(&s->services, str_from(svc->c.id), svc);
	for (size_t i = 0; i < svc->routing_keys.n; i++)
		add_route(s, keys[i], svc);
}

static void
index_services(struct snapshot *s)
{
	for (size_t i = 0; i < s->docs[KIND_SERVICE].n; i++)
		index_service(s, s->lists[KIND_SERVICE][i]->value);
	/* Listed keys come first, then ids. */
	MAP_EACH (&s->services, e)
		add_route(s, ((struct service *)e->value)->c.id, e->value);
}

static void
add_key(struct map *keys, const struct secret *key, struct integration *in)
{
	if (key->plain != NULL && !in->disabled && !map_has(keys, str_from(key->plain)))
		map_put(keys, str_from(key->plain), in);
}

static void
index_keys(struct snapshot *s)
{
	MAP_EACH (&s->docs[KIND_INTEGRATION], e) {
		struct integration *in = ((struct doc *)e->value)->pub.value;
		add_key(&s->keys, &in->key, in);
		add_key(&s->old_keys, &in->old_key, in);
	}
	MAP_EACH (&s->docs[KIND_USER], e) {
		struct user *u = ((struct doc *)e->value)->pub.value;
		if (u->email != NULL)
			map_put(&s->emails, str_from(lower(&s->mem, u->email)), u);
	}
}

static int
by_order(const void *a, const void *b)
{
	const struct ruleset_doc *x = (*(const struct document *const *)a)->value;
	const struct ruleset_doc *y = (*(const struct document *const *)b)->value;

	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return strcmp(x->c.id, y->c.id);
}

static void
index_rules(struct snapshot *s)
{
	size_t n = s->docs[KIND_RULESET].n;
	const struct document **sorted = ARENA_ARRAY(&s->mem, n, const struct document *);

	if (n > 0)
		memcpy(sorted, s->lists[KIND_RULESET], n * sizeof *sorted);
	qsort(sorted, n, sizeof *sorted, by_order);
	s->rules = ARENA_ARRAY(&s->mem, n, const struct ruleset *);
	s->ruleset_ids = ARENA_ARRAY(&s->mem, n, const char *);
	for (size_t i = 0; i < n; i++) {
		const struct ruleset_doc *doc = sorted[i]->value;
		if (doc->rules == NULL)
			continue;
		s->ruleset_ids[s->n_rules] = sorted[i]->id;
		s->rules[s->n_rules++] = doc->rules;
	}
}

void
snapshot_index(struct snapshot *s)
{
	for (int i = 0; i < KIND_MAX; i++)
		index_list(s, (enum kind)i);
	index_organisation(s);
	index_services(s);
	snapshot_compile_schedules(s);
	snapshot_compile_windows(s);
	index_keys(s);
	index_rules(s);
}

/* ---- looking ---- */

int64_t
snapshot_revision(const struct snapshot *s)
{
	return s->revision;
}

struct doc *
snapshot_doc(const struct snapshot *s, enum kind kind, const char *id)
{
	return id == NULL ? NULL : map_gets(&s->docs[kind], id);
}

const struct document *
snapshot_document(const struct snapshot *s, enum kind kind, const char *id)
{
	struct doc *d = snapshot_doc(s, kind, id);

	return d == NULL ? NULL : &d->pub;
}

const struct document *const *
snapshot_list(const struct snapshot *s, enum kind kind, size_t *ret_n)
{
	*ret_n = s->docs[kind].n;
	return s->lists[kind];
}

static const void *
value_of(const struct snapshot *s, enum kind kind, const char *id)
{
	struct doc *d = snapshot_doc(s, kind, id);

	return d == NULL ? NULL : d->pub.value;
}

const struct organisation *
snapshot_organisation(const struct snapshot *s)
{
	return &s->organisation;
}

const struct user *
snapshot_user(const struct snapshot *s, const char *id)
{
	return value_of(s, KIND_USER, id);
}

const struct team *
snapshot_team(const struct snapshot *s, const char *id)
{
	return value_of(s, KIND_TEAM, id);
}

const struct policy *
snapshot_policy(const struct snapshot *s, const char *id)
{
	return value_of(s, KIND_POLICY, id);
}

const struct integration *
snapshot_integration(const struct snapshot *s, const char *id)
{
	return value_of(s, KIND_INTEGRATION, id);
}

const struct holiday *
snapshot_holiday(const struct snapshot *s, const char *id)
{
	return value_of(s, KIND_HOLIDAY, id);
}

const struct channel_doc *
snapshot_channel(const struct snapshot *s, const char *id)
{
	return value_of(s, KIND_CHANNEL, id);
}

const struct service *
snapshot_service(const struct snapshot *s, const char *id)
{
	return id == NULL ? NULL : map_gets(&s->services, id);
}

const struct schedule *
snapshot_schedule(const struct snapshot *s, const char *id)
{
	return id == NULL ? NULL : map_gets(&s->schedules, id);
}

/* The look-up is by keyed hash; the last comparison takes the same time for every wrong key. */
static bool
is_key(const struct secret *secret, struct str key)
{
	return secret->plain != NULL && strlen(secret->plain) == key.len
	        && sodium_memcmp(secret->plain, key.p, key.len) == 0;
}

bool
integration_old_key_valid(const struct integration *in, usec_t now)
{
	return in->old_key.stored != NULL
	        && (in->old_key_until == 0 || now < in->old_key_until);
}

const struct integration *
snapshot_integration_by_old_key(const struct snapshot *s, struct str key, usec_t now)
{
	const struct integration *in = map_get(&s->old_keys, key);

	if (in == NULL || !is_key(&in->old_key, key) || !integration_old_key_valid(in, now))
		return NULL;
	return in;
}

const struct integration *
snapshot_integration_by_key(const struct snapshot *s, struct str key, usec_t now, bool *ret_old)
{
	const struct integration *in = map_get(&s->keys, key);

	*ret_old = in == NULL || !is_key(&in->key, key);
	return *ret_old ? snapshot_integration_by_old_key(s, key, now) : in;
}

const struct service *
snapshot_route(const struct snapshot *s, const char *routing_key)
{
	struct arena a;

	if (routing_key == NULL)
		return NULL;
	arena_init(&a);
	const struct service *found = map_gets(&s->routes, lower(&a, routing_key));
	arena_free(&a);
	return found;
}

const struct ruleset *const *
snapshot_rules(const struct snapshot *s, size_t *ret_n)
{
	*ret_n = s->n_rules;
	return s->rules;
}

const char *
snapshot_ruleset_id(const struct snapshot *s, size_t place)
{
	return s->ruleset_ids[place];
}

const struct user *
snapshot_user_by_email(const struct snapshot *s, const char *email)
{
	struct arena a;

	arena_init(&a);
	const struct user *found = map_gets(&s->emails, lower(&a, email));
	arena_free(&a);
	return found;
}

const struct zone *
snapshot_zone(const struct snapshot *s, const char *zone, const char *team)
{
	const struct team *t = snapshot_team(s, team);
	const struct zone *z;

	if (zone == NULL && t != NULL)
		zone = t->zone;
	if (zone == NULL)
		zone = s->organisation.zone;
	z = zone_get(zone);
	return z != NULL ? z : zone_utc();
}
