/* SPDX-License-Identifier: Apache-2.0 */
#include "access/verification.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>

#include "access/access.h"
#include "base/random.h"
#include "engine/duty.h"
#include "engine/timeline.h"
#include "queries.h"

#define LAST_SPAN DAYS(1) /* what is older tells nothing about now */

static const struct db_col verification_cols[] = {
	DB_COL(struct verification, user_id),
	DB_COL(struct verification, contact),
	DB_COL(struct verification, type),
	DB_COL(struct verification, address),
	DB_COL(struct verification, code),
	DB_COL(struct verification, page_id),
	DB_COL(struct verification, tries),
	DB_COL(struct verification, expires_at),
	DB_COL(struct verification, verified_at),
};
const struct db_row verification_row = DB_ROW(struct verification, verification_cols);

static const struct db_col contact_last_cols[] = {
	DB_COL(struct contact_last, because),
	DB_COL(struct contact_last, state),
	DB_COL(struct contact_last, created_at),
	DB_COL(struct contact_last, sent_at),
	DB_COL(struct contact_last, ended_at),
	DB_COL(struct contact_last, attempts),
	DB_COL(struct contact_last, error),
};
const struct db_row contact_last_row = DB_ROW(struct contact_last, contact_last_cols);

struct messages {
	int64_t n;
	usec_t newest;
};
static const struct db_col messages_cols[] = {
	DB_COL(struct messages, n),
	DB_COL(struct messages, newest),
};
const struct db_row contact_messages_row = DB_ROW(struct messages, messages_cols);

static struct err *
contact_find(struct ctx *cx, const struct engine *e, const char *user_id, const char *contact,
        const struct contact **ret)
{
	const struct user *u = snapshot_user(e->snapshot, user_id);
	const struct contact *c = u == NULL ? NULL : user_contact(u, contact);

	if (c == NULL)
		return err_new(
		        cx, ERR_NOT_FOUND, "user/%s has no contact \"%s\"", user_id, contact);
	*ret = c;
	return NULL;
}

/* ---- sending ---- */

static struct err *
check_pace(struct ctx *cx, const struct contact_message *m, const char *because)
{
	struct messages sent;
	usec_t now = ctx_now(cx);

	TRY(db_one(cx, &q_contact_messages,
	        DB_ARGS(m->user_id, m->contact, now - HOURS(1), because), &sent));
	if (sent.n > 0 && now - sent.newest < MESSAGE_GAP)
		return err_new(cx, ERR_CONFLICT,
		        "one was sent there just now; wait %" PRId64 " s",
		        (sent.newest + MESSAGE_GAP - now) / SECONDS(1) + 1);
	if (sent.n >= MESSAGES_AN_HOUR)
		return err_new(cx, ERR_CONFLICT,
		        "%d were sent there within an hour; wait a while", MESSAGES_AN_HOUR);
	return NULL;
}

/* The page's number makes the hash of a code another one each time. */
static const char *
code_hash(struct ctx *cx, const char *code, int64_t page_id)
{
	return access_hash(cx, arena_printf(&cx->mem, "%" PRId64 " %s", page_id, code));
}

static struct err *
send_code(struct ctx *cx, struct engine *e, struct contact_message *m, const struct contact *to)
{
	const char *code = arena_printf(&cx->mem, "%06" PRIu64, random_u64() % 1000000);
	const struct notice n = { .user_id = m->user_id,
		.because = "verification",
		.title = "Your code for Tocsin",
		.text = arena_printf(&cx->mem,
		        "%s is the code that shows that you can be reached here. It holds for "
		        "15 minutes. If you did not ask for it, there is nothing to do.",
		        code) };
	int64_t page_id;

	TRY(notice_to_contact(cx, e, &n, to, &page_id));
	m->expires_at = ctx_now(cx) + CODE_SPAN;
	TRY(db_exec(cx, &q_verification_code,
	        DB_ARGS(m->user_id, m->contact, contact_type_names[to->type], to->address,
	                code_hash(cx, code, page_id), page_id, m->expires_at)));
	return timeline_add(cx, e,
	        (struct happening){ .type = "contact.code",
	                .user_id = m->user_id,
	                .data = event_data(cx, "contact", m->contact, NULL) });
}

static struct err *
send_test(struct ctx *cx, struct engine *e, const struct contact_message *m,
        const struct contact *to)
{
	const struct notice n = { .user_id = m->user_id,
		.because = "test",
		.title = "A test of Tocsin",
		.text = "Pages for you come this way. There is nothing to answer." };
	int64_t page_id;

	TRY(notice_to_contact(cx, e, &n, to, &page_id));
	return timeline_add(cx, e,
	        (struct happening){ .type = "contact.tested",
	                .user_id = m->user_id,
	                .data = event_data(cx, "contact", m->contact, NULL) });
}

struct err *
contact_message_run(struct ctx *cx, struct engine *e, void *arg)
{
	struct contact_message *m = arg;
	const struct contact *to = NULL;

	TRY(contact_find(cx, e, m->user_id, m->contact, &to));
	TRY(check_pace(cx, m, m->with_code ? "verification" : "test"));
	return m->with_code ? send_code(cx, e, m, to) : send_test(cx, e, m, to);
}

/* ---- answering ---- */

static struct err *
verified(struct ctx *cx, struct engine *e, const char *user_id, const struct contact *c)
{
	TRY(db_exec(cx, &q_verification_done,
	        DB_ARGS(user_id, c->id, contact_type_names[c->type], c->address, ctx_now(cx))));
	return timeline_add(cx, e,
	        (struct happening){ .type = "contact.verified",
	                .user_id = user_id,
	                .data = event_data(cx, "contact", c->id, "type",
	                        contact_type_names[c->type], NULL) });
}

static bool
same_address(const struct verification *v, const struct contact *c)
{
	return strcmp(v->type, contact_type_names[c->type]) == 0
	        && strcmp(v->address, c->address) == 0;
}

/* Digits only: people copy "123 456", and a blank behind it. */
static const char *
digits(struct ctx *cx, const char *text)
{
	struct buf out = BUF_INIT(&cx->mem, CODE_DIGITS + 2);

	for (const char *p = text; *p != '\0'; p++)
		if (*p != ' ' && *p != '-')
			buf_putc(&out, *p);
	return buf_cstr(&out);
}

static enum code_outcome
judge(struct ctx *cx, const struct verification *v, const struct contact *c, const char *given)
{
	if (v->code == NULL || v->expires_at <= ctx_now(cx) || !same_address(v, c))
		return CODE_NONE;
	if (v->tries >= CODE_TRIES)
		return CODE_SPENT;
	const char *hash = code_hash(cx, digits(cx, given), v->page_id);
	return sodium_memcmp(hash, v->code, strlen(v->code)) == 0 ? CODE_RIGHT : CODE_WRONG;
}

static struct err *
tried(struct ctx *cx, struct engine *e, struct contact_answer *a, const struct verification *v)
{
	a->tries_left = CODE_TRIES - v->tries - 1;
	TRY(db_exec(cx, &q_verification_tried, DB_ARGS(a->user_id, a->contact)));
	return timeline_add(cx, e,
	        (struct happening){ .type = "contact.refused",
	                .user_id = a->user_id,
	                .data = event_data(cx, "contact", a->contact, NULL) });
}

struct err *
contact_answer_run(struct ctx *cx, struct engine *e, void *arg)
{
	struct contact_answer *a = arg;
	const struct contact *c = NULL;
	struct verification v;
	bool found;

	TRY(contact_find(cx, e, a->user_id, a->contact, &c));
	TRY(db_maybe(cx, &q_verification_get, DB_ARGS(a->user_id, a->contact), &v, &found));
	a->outcome = found ? judge(cx, &v, c, a->code) : CODE_NONE;
	if (a->outcome == CODE_WRONG)
		return tried(cx, e, a, &v);
	if (a->outcome != CODE_RIGHT)
		return NULL;
	TRY(db_exec(cx, &q_verification_text_forget, DB_ARGS(v.page_id)));
	return verified(cx, e, a->user_id, c);
}

struct err *
contact_seen_run(struct ctx *cx, struct engine *e, void *arg)
{
	const struct page *p = arg;
	const struct user *u = snapshot_user(e->snapshot, p->user_id);
	const struct contact *c = u == NULL ? NULL : user_contact(u, p->contact);
	struct verification v = { .type = p->contact_type, .address = p->address };
	bool found;

	if (c == NULL || !same_address(&v, c))
		return NULL;
	TRY(db_maybe(cx, &q_verification_get, DB_ARGS(p->user_id, p->contact), &v, &found));
	if (found && v.verified_at != 0 && same_address(&v, c))
		return NULL;
	return verified(cx, e, p->user_id, c);
}

/* ---- looking ---- */

struct err *
contact_last_get(struct ctx *cx, const char *user_id, const char *contact,
        struct contact_last *ret, bool *found)
{
	return db_maybe(cx, &q_contact_last, DB_ARGS(user_id, contact, ctx_now(cx) - LAST_SPAN),
	        ret, found);
}

struct err *
verification_all(struct ctx *cx, const char *user_id, struct verification **ret, size_t *ret_n)
{
	return db_list(cx, &q_verifications_of_user, DB_ARGS(user_id), ret, ret_n);
}

const struct verification *
verification_of(const struct verification *all, size_t n, const struct contact *contact)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(all[i].contact, contact->id) == 0 && same_address(&all[i], contact))
			return &all[i];
	return NULL;
}

/* ---- everybody at once ---- */

/* By bytes: a database may sort words otherwise. */
static int
by_user(const void *a, const void *b)
{
	const struct verification *x = a, *y = b;

	return strcmp(x->user_id, y->user_id);
}

struct err *
verified_load(struct ctx *cx, struct verified *ret)
{
	TRY(db_list(cx, &q_verifications_known, DB_NO_ARGS, &ret->items, &ret->n));
	if (ret->n > 0)
		qsort(ret->items, ret->n, sizeof ret->items[0], by_user);
	return NULL;
}

/* The first row of a user, or n. */
static size_t
first_of(const struct verified *all, const char *user)
{
	size_t low = 0, high = all->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (strcmp(all->items[mid].user_id, user) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

bool
verified_user(const struct verified *all, const struct user *u)
{
	const struct contact *contacts = u->contacts.items;
	size_t first = first_of(all, u->c.id), end = first;

	while (end < all->n && strcmp(all->items[end].user_id, u->c.id) == 0)
		end++;
	for (size_t i = 0; i < u->contacts.n; i++)
		if (verification_of(all->items + first, end - first, &contacts[i]) != NULL)
			return true;
	return false;
}
