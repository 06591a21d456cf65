/* SPDX-License-Identifier: Apache-2.0 */
/* Contacts of a person: which are verified, codes and tests to them, and how far those came. */
#include "access/verification.h"
#include "api/app.h"

struct contact_row {
	const char *id, *type, *address;
	usec_t verified_at, code_expires_at;
	int64_t tries_left;
	struct contact_last last; /* zero: none */
};

#define ROW(member) offsetof(struct contact_row, member)

static const struct field row_fields[] = {
	{ "id", FIELD_STRING, FIELD_REQUIRED, ROW(id), .help = "Within its user." },
	{ "type", FIELD_STRING, FIELD_REQUIRED, ROW(type),
	        .help = "How a message goes there." },
	{ "address", FIELD_STRING, FIELD_REQUIRED, ROW(address), .help = "Where it goes." },
	{ "verified_at", FIELD_TIME, 0, ROW(verified_at),
	        .help = "When its person showed to be reached there; absent: never." },
	{ "code_expires_at", FIELD_TIME, 0, ROW(code_expires_at),
	        .help = "A code is on its way and holds until then." },
	{ "tries_left", FIELD_INT, 0, ROW(tries_left), .help = "For that code." },
	{ "last", FIELD_STRING, 0, ROW(last.because),
	        .help = "The newest code or test of the last day: verification or test." },
	{ "last_state", FIELD_STRING, 0, ROW(last.state),
	        .help = "How far it came: queued, sending, sent, delivered, read, failed." },
	{ "last_at", FIELD_TIME, 0, ROW(last.created_at), .help = "When it was asked for." },
	{ "last_sent_at", FIELD_TIME, 0, ROW(last.sent_at), .help = "When it was sent." },
	{ "last_error", FIELD_STRING, 0, ROW(last.error),
	        .help = "Why it did not work (yet)." },
};
static const struct shape row_shape = SHAPE("ContactState", struct contact_row, row_fields,
        "A contact, and whether it is known to reach its person.");

struct code_body {
	const char *code;
};
static const struct field code_fields[] = {
	{ "code", FIELD_STRING, FIELD_REQUIRED, offsetof(struct code_body, code), .min = 1,
	        .max = 32, .help = "The six digits that came." },
};
static const struct shape code_shape =
        SHAPE("ContactCode", struct code_body, code_fields, "An answer to a code.");

/* ---- looking ---- */

/* A person's own; an administrator may help. */
static struct err *
own_or_helped(struct ctx *cx, const char *user)
{
	if (str_null_safe_eq(cx->actor.id, user) || cx->actor.role >= ROLE_ADMIN)
		return NULL;
	return err_new(cx, ERR_DENIED, "these are %s's; it takes an administrator", user);
}

static struct err *
fill_row(struct ctx *cx, const char *user, const struct contact *c,
        const struct verification *v, struct contact_row *ret)
{
	bool found;

	*ret = (struct contact_row){
		.id = c->id, .type = contact_type_names[c->type], .address = c->address
	};
	TRY(contact_last_get(cx, user, c->id, &ret->last, &found));
	if (v == NULL)
		return NULL;
	ret->verified_at = v->verified_at;
	if (v->code == NULL || v->expires_at <= ctx_now(cx))
		return NULL;
	ret->code_expires_at = v->expires_at;
	ret->tries_left = v->tries >= CODE_TRIES ? 0 : CODE_TRIES - v->tries;
	return NULL;
}

static struct err *
list(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	struct verification *all;
	const struct user *u;
	size_t n;

	TRY(user_param(cx, rq, s, &u));
	TRY(app_read(cx, rq));
	TRY(verification_all(cx, u->c.id, &all, &n));
	const struct contact *contacts = u->contacts.items;
	struct jsonw w = items_json(rs);
	for (size_t i = 0; i < u->contacts.n; i++) {
		struct contact_row row;
		TRY(fill_row(cx, u->c.id, &contacts[i], verification_of(all, n, &contacts[i]),
		        &row));
		shape_encode(&w, &row_shape, &row);
	}
	items_end(&w, NULL);
	return NULL;
}

static struct err *
answer_row(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	const char *contact = request_param(rq, "contact");
	struct verification *all;
	struct contact_row row;
	const struct user *u;
	size_t n;

	TRY(user_param(cx, rq, s, &u));
	const struct contact *c = user_contact(u, contact);
	if (c == NULL)
		return err_new(
		        cx, ERR_NOT_FOUND, "user/%s has no contact \"%s\"", u->c.id, contact);
	TRY(app_read(cx, rq));
	TRY(verification_all(cx, u->c.id, &all, &n));
	TRY(fill_row(cx, u->c.id, c, verification_of(all, n, c), &row));
	struct jsonw w = response_json(rs, 200);
	shape_encode(&w, &row_shape, &row);
	return NULL;
}

/* ---- asking and answering ---- */

static struct err *
message(struct ctx *cx, struct request *rq, struct response *rs, bool with_code)
{
	struct contact_message m = { .user_id = request_param(rq, "id"),
		.contact = request_param(rq, "contact"),
		.with_code = with_code };

	TRY(own_or_helped(cx, m.user_id));
	TRY(app_run(cx, rq, contact_message_run, &m));
	return answer_row(cx, rq, rs);
}

static struct err *
send_code(struct ctx *cx, struct request *rq, struct response *rs)
{
	return message(cx, rq, rs, true);
}

static struct err *
send_test(struct ctx *cx, struct request *rq, struct response *rs)
{
	return message(cx, rq, rs, false);
}

static struct err *
refusal(struct ctx *cx, const struct contact_answer *a)
{
	switch (a->outcome) {
	case CODE_RIGHT:
	case CODE_OUTCOME_MAX:
		break;
	case CODE_WRONG:
		return err_field(cx, ERR_INVALID, "/code",
		        "this is not the code that was sent; %lld more tries",
		        (long long)a->tries_left);
	case CODE_SPENT:
		return err_field(
		        cx, ERR_INVALID, "/code", "too many wrong codes: have a new one sent");
	case CODE_NONE:
		return err_field(cx, ERR_INVALID, "/code",
		        "no code is open for this contact: have one sent; it holds for 15 "
		        "minutes");
	}
	return NULL;
}

static struct err *
verify(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct contact_answer a = { .user_id = request_param(rq, "id"),
		.contact = request_param(rq, "contact") };
	struct code_body b;

	TRY(request_read(cx, rq, &b));
	TRY(own_or_helped(cx, a.user_id));
	a.code = b.code;
	TRY(app_run(cx, rq, contact_answer_run, &a));
	TRY(refusal(cx, &a));
	return answer_row(cx, rq, rs);
}

static const struct route routes[] = {
	{ "GET", "/api/v1/users/{id}/contacts", PERM_READ, list,
	        "A user's contacts: which are verified, and how far the newest code or test came",
	        NULL, &row_shape, ROUTE_ALL, 0 },
	{ "POST", "/api/v1/users/{id}/contacts/{contact}/code", PERM_READ, send_code,
	        "Sends a verification code to a contact", NULL, &row_shape, 0, 0 },
	{ "POST", "/api/v1/users/{id}/contacts/{contact}/test", PERM_READ, send_test,
	        "Sends a test to a contact, which asks for no answer", NULL, &row_shape, 0, 0 },
	{ "POST", "/api/v1/users/{id}/contacts/{contact}/verify", PERM_READ, verify,
	        "Verifies a contact by the code that came", &code_shape, &row_shape, 0, 0 },
};
const struct route_table contact_routes = { routes, NELEMS(routes) };
