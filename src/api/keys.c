/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The key of an integration is replaced while its senders go on: the new one is shown once,
 * the old one stays valid until a set time or until somebody ends it. Both stand in the
 * document, so that the end is a fact of the configuration and needs no timer.
 */
#include "api/changes.h"
#include "api/described.h"
#include "base/random.h"
#include "config/codecs.h"
#include "engine/timeline.h"

#define GRACE_MAX DAYS(90)
#define KEY_BYTES_MADE 16

struct rotate_body {
	usec_t grace;
};

static const struct field rotate_fields[] = {
	{ "grace", FIELD_DURATION, 0, offsetof(struct rotate_body, grace), .fallback = "\"1d\"",
	        .max = GRACE_MAX,
	        .help = "How long the old key stays valid beside the new one." },
};
static const struct shape rotate_shape =
        SHAPE("KeyRotate", struct rotate_body, rotate_fields, "A new key for an integration.");

/* What a change of keys is about, and how the document will say it. */
struct rekeying {
	const char *id, *new_key;
	const struct document *d;
	const struct integration *in;
	usec_t until; /* of the old key */
	const char *event;
};

static struct err *
find_integration(struct ctx *cx, const struct request *rq, const struct snapshot *s,
        struct rekeying *ret)
{
	*ret = (struct rekeying){ .id = request_param(rq, "id") };
	ret->d = snapshot_document(s, KIND_INTEGRATION, ret->id);
	if (ret->d == NULL)
		return err_new(cx, ERR_NOT_FOUND, "there is no integration/%s", ret->id);
	ret->in = ret->d->value;
	return NULL;
}

static bool
is_about_keys(struct str member)
{
	return str_is(member, "key") || str_is(member, "old_key")
	        || str_is(member, "old_key_until");
}

/* The document as it is stored, with other keys. */
static struct err *
rewrite(struct ctx *cx, const struct rekeying *k, struct json **ret)
{
	struct buf text = BUF_INIT(&cx->mem, HTTP_BODY_MAX);
	struct jsonw w = JSONW(&text);
	struct json *body;

	TRY(json_parse(cx, str_from(k->d->body), JSON_LIMITS_CONFIG, &body));
	jsonw_object(&w);
	for (size_t i = 0; i < body->object.n; i++) {
		if (is_about_keys(body->object.members[i].key))
			continue;
		jsonw_key(&w, str_dup(&cx->mem, body->object.members[i].key));
		jsonw_tree(&w, &body->object.members[i].value);
	}
	if (k->new_key != NULL) {
		jsonw_member(&w, "key", k->new_key);
		jsonw_member_raw(&w, "old_key", k->in->key.stored);
		jsonw_member_time(&w, "old_key_until", k->until);
	} else {
		jsonw_member_raw(&w, "key", k->in->key.stored);
		jsonw_member_raw(&w, "old_key", "null");
	}
	jsonw_end_object(&w);
	return json_parse(cx, buf_view(&text), JSON_LIMITS_CONFIG, ret);
}

static struct err *
say_rekeyed(struct ctx *cx, struct engine *e, void *arg)
{
	const struct rekeying *k = arg;
	char until[RFC3339_MAX];

	return timeline_add(cx, e,
	        (struct happening){ .type = k->event,
	                .data = event_data(cx, "integration", k->id, "until",
	                        k->until == 0 ? NULL : rfc3339_print(k->until, until), NULL) });
}

/* On the revision that was read: a second rotation must not take this one's old key. */
static struct err *
change_keys(struct ctx *cx, struct request *rq, const struct snapshot *s, struct rekeying *k,
        const char *message, int64_t *ret_revision)
{
	struct json *body;
	struct plan plan;

	TRY(rewrite(cx, k, &body));
	struct change one = {
		.kind = KIND_INTEGRATION, .id = k->id, .body = body, .pointer = ""
	};
	struct change_set set = { &one, 1, 1 };
	struct changing c = { .set = &set,
		.options = { .message = message, .source = k->d->source },
		.based_on = snapshot_revision(s),
		.also = say_rekeyed,
		.also_arg = k };
	TRY(change_configuration(cx, rq, &c, &plan));
	*ret_revision = snapshot_revision(plan.candidate);
	plan_free(&plan);
	return NULL;
}

static struct err *
may_rotate(struct ctx *cx, const struct rekeying *k)
{
	if (integration_old_key_valid(k->in, ctx_now(cx)))
		return err_new(cx, ERR_CONFLICT,
		        "integration/%s still has an old key: end it first, lest a sender is cut off",
		        k->id);
	if (!secret_is_sealed(&k->in->key))
		return err_new(cx, ERR_CONFLICT,
		        "the key of integration/%s is in a variable or a file: change it there, and "
		        "name the old one as old_key",
		        k->id);
	return NULL;
}

static struct err *
rotate(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	struct rotate_body b;
	struct rekeying k;
	int64_t revision;

	TRY(request_read(cx, rq, &b));
	TRY(find_integration(cx, rq, s, &k));
	TRY(may_rotate(cx, &k));
	k.new_key = random_token(&cx->mem, KEY_BYTES_MADE);
	k.until = ctx_now(cx) + b.grace;
	k.event = "integration.key-replaced";
	TRY(change_keys(
	        cx, rq, s, &k, "a new key; the old one stays valid for a while", &revision));
	struct jsonw w = response_json(rs, 200);
	jsonw_object(&w);
	jsonw_member(&w, "key", k.new_key);
	jsonw_member_time(&w, "old_key_until", k.until);
	jsonw_member_int(&w, "revision", revision);
	jsonw_member_opt(&w, "source", k.d->source);
	jsonw_end_object(&w);
	return NULL;
}

static struct err *
end_old_key(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	struct rekeying k;
	int64_t revision;

	TRY(find_integration(cx, rq, s, &k));
	if (k.in->old_key.stored == NULL)
		return err_new(cx, ERR_NOT_FOUND, "integration/%s has no old key", k.id);
	k.event = "integration.old-key-ended";
	TRY(change_keys(cx, rq, s, &k, "the old key ends", &revision));
	rs->status = 204;
	return NULL;
}

static const struct route routes[] = {
	{ "POST", "/api/v1/integrations/{id}/rotate", PERM_MANAGE, rotate,
	        "A new key, shown once; the old one stays valid for a while", &rotate_shape,
	        &key_made_described, 0, 0 },
	{ "DELETE", "/api/v1/integrations/{id}/old-key", PERM_MANAGE, end_old_key,
	        "Ends the key that was replaced", NULL, NULL, 0, 0 },
};
const struct route_table key_routes = { routes, NELEMS(routes) };
