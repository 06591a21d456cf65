/* SPDX-License-Identifier: Apache-2.0 */
/* What scenarios expect, and in which words they are disappointed. */
#include "calendar/zone.h"
#include "engine/rows.h"
#include "queries.h"
#include "sim/play.h"

/* ---- pages ---- */

static bool
is_meant(const struct delivered *page, const char *who, const char *contact, const char *key)
{
	return !page->expected && strcmp(page->who, who) == 0
	        && (strcmp(contact, "-") == 0 || strcmp(page->contact, contact) == 0)
	        && (key[0] == '\0' || strcmp(page->dedup_key, key) == 0);
}

static const char *
waiting_pages(struct play *p)
{
	struct buf out = BUF_INIT(&p->w.cx.mem, 2000);

	for (size_t i = 0; i < p->w.n_pages; i++) {
		const struct delivered *page = &p->w.pages[i];
		if (!page->expected)
			buf_printf(&out, "%s%s by %s for %s at %s", out.len == 0 ? "" : "; ",
			        page->who, page->contact,
			        page->bundle ? "a bundle" : page->dedup_key,
			        play_local(p, page->at));
	}
	return out.len == 0 ? "nobody" : buf_cstr(&out);
}

static struct err *
take_page(struct play *p, size_t from, struct delivered **ret)
{
	for (size_t i = 0; i < p->w.n_pages; i++) {
		if (!is_meant(&p->w.pages[i], word(p, from), word(p, from + 1),
		            word(p, from + 2)))
			continue;
		p->w.pages[i].expected = true;
		*ret = &p->w.pages[i];
		return NULL;
	}
	return play_fail(p, "no such page; paged and not yet expected: %s", waiting_pages(p));
}

struct err *
expect_page(struct play *p)
{
	struct delivered *page;

	return take_page(p, 2, &page);
}

struct err *
expect_late(struct play *p)
{
	struct delivered *page;

	TRY(take_page(p, 3, &page));
	if (!page->late)
		return play_fail(p, "the page is not marked as late");
	return NULL;
}

static const char *
waiting_notices(struct play *p)
{
	struct buf out = BUF_INIT(&p->w.cx.mem, 2000);

	for (size_t i = 0; i < p->w.n_notices; i++) {
		const struct told *n = &p->w.notices[i];
		if (!n->expected)
			buf_printf(
			        &out, "%s%s: %s", out.len == 0 ? "" : "; ", n->who, n->title);
	}
	return out.len == 0 ? "none" : buf_cstr(&out);
}

/* Takes the oldest notice to somebody that has the words in its title or text. */
struct err *
expect_notice(struct play *p)
{
	const char *waiting = waiting_notices(p);

	if (strcmp(word(p, 2), "nobody") == 0)
		return strcmp(waiting, "none") == 0
		        ? NULL
		        : play_fail(p, "sent and not yet expected: %s", waiting);
	for (size_t i = 0; i < p->w.n_notices; i++) {
		struct told *n = &p->w.notices[i];
		if (n->expected || strcmp(n->who, word(p, 2)) != 0
		        || (strstr(n->title, word(p, 3)) == NULL
		                && strstr(n->text, word(p, 3)) == NULL))
			continue;
		n->expected = true;
		return NULL;
	}
	return play_fail(p, "no such notice; sent and not yet expected: %s", waiting);
}

/* ---- incidents and alerts ---- */

static bool
is_triggered(const struct incident *inc)
{
	return inc->state == INCIDENT_TRIGGERED;
}

static bool
is_acknowledged(const struct incident *inc)
{
	return inc->state == INCIDENT_ACKNOWLEDGED;
}

static bool
is_resolved(const struct incident *inc)
{
	return inc->state == INCIDENT_RESOLVED;
}

static bool
is_snoozed(const struct incident *inc)
{
	return inc->snoozed_until != 0;
}

static bool
is_muted(const struct incident *inc)
{
	return inc->muted_until != 0;
}

static bool
is_exhausted(const struct incident *inc)
{
	return inc->exhausted_at != 0;
}

static bool
is_unrouted(const struct incident *inc)
{
	return inc->unrouted;
}

static bool
is_reopened(const struct incident *inc)
{
	return inc->reopened_at != 0;
}

static bool
is_mitigated(const struct incident *inc)
{
	return inc->mitigated_at != 0;
}

static bool
is_merged(const struct incident *inc)
{
	return inc->merged_into != 0;
}

static const struct {
	const char *name;
	bool (*holds)(const struct incident *inc);
} facts[] = {
	{ "triggered", is_triggered },
	{ "acknowledged", is_acknowledged },
	{ "resolved", is_resolved },
	{ "mitigated", is_mitigated },
	{ "snoozed", is_snoozed },
	{ "muted", is_muted },
	{ "exhausted", is_exhausted },
	{ "unrouted", is_unrouted },
	{ "reopened", is_reopened },
	{ "merged", is_merged },
};

static const char *
facts_of(struct play *p, const struct incident *inc)
{
	struct buf out = BUF_INIT(&p->w.cx.mem, 300);

	for (size_t i = 0; i < NELEMS(facts); i++)
		if (facts[i].holds(inc))
			buf_printf(&out, "%s%s", out.len == 0 ? "" : ", ", facts[i].name);
	return buf_cstr(&out);
}

struct err *
expect_incident(struct play *p)
{
	struct incident inc;
	bool found;

	TRY(play_incident(p, word(p, 2), &inc, &found));
	if (!found)
		return play_fail(p, "no incident was ever opened for %s", word(p, 2));
	for (size_t i = 0; i < NELEMS(facts); i++) {
		if (strcmp(facts[i].name, word(p, 3)) != 0)
			continue;
		if (facts[i].holds(&inc))
			return NULL;
		return play_fail(
		        p, "incident #%lld is: %s", (long long)inc.id, facts_of(p, &inc));
	}
	return play_syntax(p,
	        "triggered, acknowledged, resolved, snoozed, exhausted, unrouted, "
	        "reopened or merged");
}

struct err *
expect_no(struct play *p)
{
	struct incident inc;
	bool found;

	TRY(play_incident(p, word(p, 3), &inc, &found));
	if (!found)
		return NULL;
	return play_fail(
	        p, "there is incident #%lld, %s", (long long)inc.id, facts_of(p, &inc));
}

struct err *
expect_count(struct play *p)
{
	struct ctx *cx = &p->w.cx;
	struct alert alert = { 0 };
	int64_t n;
	bool found;

	if (!str_int(str_from(word(p, 3)), &n))
		return play_syntax(p, "a number");
	TRY(db_begin(cx, p->w.db, DB_READ));
	struct err *e = db_maybe(cx, &q_sim_alert, DB_ARGS(word(p, 2)), &alert, &found);
	db_rollback(cx);
	if (e != NULL)
		return e;
	if (!found)
		return play_fail(p, "there is no alert with the key %s", word(p, 2));
	if (alert.count != n)
		return play_fail(p, "the alert counts %lld signals", (long long)alert.count);
	return NULL;
}

static bool
is_reason(const char *text)
{
	for (int i = 1; i < REASON_MAX; i++)
		if (strcmp(reason_names[i], text) == 0)
			return true;
	return false;
}

struct err *
expect_why(struct play *p)
{
	struct ctx *cx = &p->w.cx;
	const char *who = strcmp(word(p, 2), "-") == 0 ? NULL : word(p, 2);
	struct engine_count found = { 0 };

	if (!is_reason(word(p, 4)))
		return play_syntax(
		        p, "a reason such as duplicate, acknowledged or nobody-on-call");
	TRY(db_begin(cx, p->w.db, DB_READ));
	struct err *e = db_one(cx, &q_sim_why, DB_ARGS(word(p, 4), word(p, 3), who), &found);
	db_rollback(cx);
	if (e != NULL)
		return e;
	if (found.n == 0)
		return play_fail(p, "the record does not say so");
	return NULL;
}

struct err *
expect_sent(struct play *p)
{
	struct ctx *cx = &p->w.cx;
	struct engine_count found = { 0 };

	TRY(db_begin(cx, p->w.db, DB_READ));
	struct err *e = db_one(cx, &q_sim_sent, DB_ARGS(word(p, 3), word(p, 2)), &found);
	db_rollback(cx);
	if (e != NULL)
		return e;
	if (found.n == 0)
		return play_fail(p, "no page to %s was taken by a channel", word(p, 2));
	return NULL;
}

/* ---- on call ---- */

struct err *
expect_oncall(struct play *p)
{
	struct ctx *cx = &p->w.cx;
	const struct snapshot *s = config_current(p->w.config);
	const struct schedule *schedule = snapshot_schedule(s, word(p, 2));
	struct buf out = BUF_INIT(&cx->mem, 2000);
	usec_t at = p->w.clock.at;
	const char *const *users;
	struct err *e = NULL;
	size_t n, next;

	if (schedule == NULL)
		e = play_fail(p, "there is no schedule/%s", word(p, 2));
	if (e == NULL && strcmp(word(p, 4), "at") == 0)
		e = play_instant(p, 5, &at, &next);
	if (e == NULL) {
		oncall_at(&cx->mem, &schedule->calendar, at, &users, &n);
		for (size_t i = 0; i < n; i++)
			buf_printf(&out, "%s%s", i == 0 ? "" : ",", users[i]);
		if (n == 0)
			buf_puts(&out, "nobody");
		if (strcmp(buf_cstr(&out), word(p, 3)) != 0)
			e = play_fail(
			        p, "on call at %s: %s", play_local(p, at), buf_cstr(&out));
	}
	snapshot_unref(s);
	return e;
}
