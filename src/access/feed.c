/* SPDX-License-Identifier: Apache-2.0 */
#include "access/feed.h"

#include "access/access.h"
#include "base/random.h"
#include "engine/rows.h"
#include "engine/timeline.h"
#include "queries.h"

#define SECRET_BYTES 24

static const struct db_col feed_cols[] = {
	DB_COL(struct feed, id),
	DB_COL(struct feed, user_id),
	DB_COL(struct feed, subject),
	DB_COL(struct feed, own),
	DB_COL(struct feed, reminders),
	DB_COL(struct feed, created_at),
	DB_COL(struct feed, used_at),
};
const struct db_row feed_row = DB_ROW(struct feed, feed_cols);

static bool
subject_is_there(const struct snapshot *s, const char *subject)
{
	struct str id = str_from(subject), kind = str_cut(&id, '/');

	return str_is(kind, "user") ? snapshot_user(s, id.p) != NULL
	        : str_is(kind, "team")
	        ? snapshot_team(s, id.p) != NULL
	        : str_is(kind, "schedule") && snapshot_schedule(s, id.p) != NULL;
}

static struct err *
check(struct ctx *cx, const struct engine *e, const struct feed *f)
{
	struct str rest = str_from(f->reminders), word;
	usec_t span;
	size_t n = 0;

	if (!subject_is_there(e->snapshot, f->subject))
		return err_field(cx, ERR_NOT_FOUND, "/subject",
		        "there is no %s: a calendar is of user/ID, schedule/ID or team/ID",
		        f->subject);
	if (snapshot_user(e->snapshot, f->user_id) == NULL)
		return err_field(cx, ERR_NOT_FOUND, "/user", "there is no user/%s", f->user_id);
	while ((word = str_word(&rest)).len > 0)
		if (++n > FEED_REMINDERS_MAX || !duration_parse(word, &span) || span > DAYS(30))
			return err_field(cx, ERR_INVALID, "/reminders",
			        "reminders are at most %d spans of up to 30d, such as 1h or 1d",
			        FEED_REMINDERS_MAX);
	return NULL;
}

struct err *
feed_make_run(struct ctx *cx, struct engine *e, void *arg)
{
	struct feed_make *m = arg;
	struct feed *theirs;
	size_t n;

	TRY(check(cx, e, &m->feed));
	TRY(feed_all(cx, m->feed.user_id, &theirs, &n));
	if (n >= FEEDS_A_USER_MAX)
		return err_new(cx, ERR_LIMIT, "user/%s has %d calendars already: revoke one",
		        m->feed.user_id, FEEDS_A_USER_MAX);
	m->secret = random_token(&cx->mem, SECRET_BYTES);
	m->feed.id = random_token(&cx->mem, 6);
	m->feed.created_at = ctx_now(cx);
	m->feed.used_at = 0;
	TRY(db_exec(cx, &q_feed_add,
	        DB_ARGS(m->feed.id, access_hash(cx, m->secret), m->feed.user_id,
	                m->feed.subject, m->feed.own, m->feed.reminders, m->feed.created_at)));
	return timeline_add(cx, e,
	        (struct happening){ .type = "feed.made",
	                .user_id = m->feed.user_id,
	                .data = event_data(
	                        cx, "feed", m->feed.id, "subject", m->feed.subject, NULL) });
}

static struct err *
feed_by_id(struct ctx *cx, const char *id, struct feed *ret)
{
	bool found;

	TRY(db_maybe(cx, &q_feed_get, DB_ARGS(id), ret, &found));
	return found ? NULL : err_new(cx, ERR_NOT_FOUND, "there is no calendar %s", id);
}

struct err *
feed_rotate_run(struct ctx *cx, struct engine *e, void *arg)
{
	struct feed_make *m = arg;

	TRY(feed_by_id(cx, m->feed.id, &m->feed));
	m->secret = random_token(&cx->mem, SECRET_BYTES);
	TRY(db_exec(cx, &q_feed_rotate, DB_ARGS(m->feed.id, access_hash(cx, m->secret))));
	return timeline_add(cx, e,
	        (struct happening){ .type = "feed.rotated",
	                .user_id = m->feed.user_id,
	                .data = event_data(
	                        cx, "feed", m->feed.id, "subject", m->feed.subject, NULL) });
}

struct err *
feed_revoke_run(struct ctx *cx, struct engine *e, void *arg)
{
	const char *id = arg;
	struct feed f;

	TRY(feed_by_id(cx, id, &f));
	TRY(db_exec(cx, &q_feed_remove, DB_ARGS(id)));
	return timeline_add(cx, e,
	        (struct happening){ .type = "feed.revoked",
	                .user_id = f.user_id,
	                .data = event_data(cx, "feed", id, "subject", f.subject, NULL) });
}

struct err *
feed_used_run(struct ctx *cx, struct engine *e, void *arg)
{
	const char *id = arg;

	(void)e;
	return db_post(cx, &q_feed_used, DB_ARGS(id, ctx_now(cx)));
}

struct err *
feed_find(struct ctx *cx, const char *secret, struct feed *ret, bool *found)
{
	return db_maybe(cx, &q_feed_by_hash, DB_ARGS(access_hash(cx, secret)), ret, found);
}

struct err *
feed_all(struct ctx *cx, const char *user_id, struct feed **ret, size_t *ret_n)
{
	return db_list(cx, &q_feed_list, DB_ARGS(user_id == NULL ? "" : user_id), ret, ret_n);
}
