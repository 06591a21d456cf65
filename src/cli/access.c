/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens, users, signing in: through a server, or on a database directly. */
#include "access/factor.h"

#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "cli/client.h"
#include "cli/table.h"

/* ---- asking ---- */

/* A line from standard input; unseen when it is a secret and somebody types it. */
static struct err *
ask(struct call *call, const char *what, bool secret, const char **ret)
{
	bool typed = isatty(STDIN_FILENO) == 1;
	struct termios before, hidden;
	char line[2048] = "";

	if (typed)
		fprintf(stderr, "%s: ", what);
	if (typed && secret && tcgetattr(STDIN_FILENO, &before) == 0) {
		hidden = before;
		hidden.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
	}
	bool got = fgets(line, sizeof line, stdin) != NULL;
	if (typed && secret) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
		fputc('\n', stderr);
	}
	line[strcspn(line, "\r\n")] = '\0';
	if (!got || line[0] == '\0')
		return err_field(&call->cx, ERR_INVALID, "usage", "%s is needed", what);
	*ret = arena_strdup(&call->cx.mem, line);
	return NULL;
}

/* ---- tokens ---- */

static struct err *
expiry_of(struct call *call, usec_t *ret)
{
	const char *span = opt(call, "--expires");

	*ret = 0;
	if (span == NULL)
		return NULL;
	if (!duration_parse(str_from(span), ret) || *ret == 0)
		return err_field(
		        &call->cx, ERR_INVALID, "usage", "--expires takes a span: 90d");
	*ret += ctx_now(&call->cx);
	return NULL;
}

static struct err *
token_here(struct call *call, struct token_make *m)
{
	struct home h;

	if (m->user_id == NULL)
		return err_field(&call->cx, ERR_INVALID, "usage", "for whom? --user ID");
	TRY(call_home(call, &h));
	struct err *e = engine_run(&call->cx, &h.engine, h.db, token_make_run, m);
	home_close(&h);
	return e;
}

static struct err *
token_there(struct call *call, struct token_make *m)
{
	struct buf body = BUF_INIT(&call->cx.mem, 4096);
	struct jsonw w = JSONW(&body);
	struct answer_in a;

	jsonw_object(&w);
	jsonw_member(&w, "name", m->name);
	jsonw_member_opt(&w, "user", m->user_id);
	jsonw_member_opt(&w, "scopes", opt(call, "--scopes"));
	jsonw_member_time_opt(&w, "expires_at", m->expires_at);
	jsonw_end_object(&w);
	const struct request_out rq = { "POST", "/api/v1/tokens", { buf_cstr(&body), body.len },
		.type = NULL };
	TRY(client_send(call, &rq, &a));
	m->secret = text_of(call, a.json, "secret");
	m->result.id = text_of(call, json_get(a.json, "token"), "id");
	return NULL;
}

struct err *
verb_token_create(struct call *call)
{
	struct token_make m = { .user_id = opt(call, "--user"), .name = opt(call, "--name") };

	if (m.name == NULL)
		return err_field(&call->cx, ERR_INVALID, "usage", "what for? --name TEXT");
	TRY(expiry_of(call, &m.expires_at));
	if (opt(call, "--scopes") != NULL)
		TRY(scopes_parse(&call->cx, opt(call, "--scopes"), &m.scopes));
	TRY(works_offline(call) ? token_here(call, &m) : token_there(call, &m));
	if (!call->json) {
		buf_printf(&call->out, "%s\n", m.secret);
		return NULL;
	}
	struct jsonw w = JSONW(&call->out);
	jsonw_object(&w);
	jsonw_member(&w, "secret", m.secret);
	jsonw_member(&w, "id", m.result.id);
	jsonw_end_object(&w);
	buf_putc(&call->out, '\n');
	return NULL;
}

static const char *
when(struct call *call, usec_t at)
{
	return at == 0 ? "" : rfc3339_print(at, arena_alloc(&call->cx.mem, RFC3339_MAX));
}

static struct err *
list_here(struct call *call, struct token **ret, size_t *ret_n)
{
	struct home h;

	TRY(call_home(call, &h));
	struct err *e = db_begin(&call->cx, h.db, DB_READ);
	if (e == NULL)
		e = token_all(&call->cx, NULL, ret, ret_n);
	db_rollback(&call->cx);
	home_close(&h);
	return e;
}

static const char *const token_heads[] = { "ID", "USER", "NAME", "SCOPES", "LAST USE",
	"EXPIRES", NULL };

static struct err *
list_there(struct call *call)
{
	struct table t = table_new(call, token_heads);
	const struct json *v;

	TRY(client_get(call, &v, "/api/v1/tokens"));
	const struct json *items = json_get(v, "items");
	if (call->json) {
		write_json(call, items);
		return NULL;
	}
	for (size_t i = 0; i < items->array.n; i++) {
		const struct json *k = &items->array.items[i];
		table_cell(&t, text_of(call, k, "id"));
		table_cell(&t, text_of(call, k, "user"));
		table_cell(&t, text_of(call, k, "name"));
		table_cell(&t, text_of(call, k, "scopes"));
		table_cell(&t, text_of(call, k, "used_at"));
		table_cell(&t, text_of(call, k, "expires_at"));
	}
	table_write(&t);
	return NULL;
}

struct err *
verb_token_list(struct call *call)
{
	struct table t = table_new(call, token_heads);
	struct token *tokens;
	size_t n;

	if (!works_offline(call))
		return list_there(call);
	TRY(list_here(call, &tokens, &n));
	for (size_t i = 0; i < n; i++) {
		table_cell(&t, tokens[i].id);
		table_cell(&t, tokens[i].user_id);
		table_cell(&t, tokens[i].name);
		table_cell(&t, tokens[i].scopes);
		table_cell(&t, when(call, tokens[i].used_at));
		table_cell(&t, when(call, tokens[i].expires_at));
	}
	table_write(&t);
	return NULL;
}

/* One command on the database, or one request. */
static struct err *
run_here(struct call *call, engine_fn *fn, void *arg)
{
	struct home h;

	TRY(call_home(call, &h));
	struct err *e = engine_run(&call->cx, &h.engine, h.db, fn, arg);
	home_close(&h);
	return e;
}

struct err *
verb_token_revoke(struct call *call)
{
	const struct request_out rq = { .method = "DELETE",
		.path = arena_printf(
		        &call->cx.mem, "/api/v1/tokens/%s", url_escape(call, call->args[0])) };
	struct answer_in a;

	if (works_offline(call))
		return run_here(call, token_revoke_run, (void *)call->args[0]);
	return client_send(call, &rq, &a);
}

/* ---- users ---- */

static void
add_user(struct table *t, const char *id, const struct json *body)
{
	struct buf contacts = BUF_INIT(&t->call->cx.mem, 4096);
	const struct json *list = json_get(body, "contacts");
	const char *role = text_of(t->call, body, "role");

	for (size_t i = 0; list != NULL && i < list->object.n; i++)
		buf_printf(&contacts, "%s" STR_FMT, i == 0 ? "" : ", ",
		        STR_ARG(list->object.members[i].key));
	table_cell(t, id);
	table_cell(t, text_of(t->call, body, "name"));
	table_cell(t, role[0] == '\0' ? "member" : role);
	table_cell(t, text_of(t->call, body, "email"));
	table_cell(
	        t, contacts.len == 0 ? paint(t->call, "nobody", "none") : buf_cstr(&contacts));
}

static struct err *
users_here(struct call *call, struct table *t)
{
	struct home h;
	size_t n;

	TRY(call_home(call, &h));
	const struct snapshot *s CLEANUP(snapshot_unrefp) = config_current(h.config);
	const struct document *const *list = snapshot_list(s, KIND_USER, &n);
	struct err *e = NULL;
	for (size_t i = 0; i < n && e == NULL; i++) {
		struct json *body;
		e = json_parse(&call->cx, str_from(list[i]->body), JSON_LIMITS_CONFIG, &body);
		if (e == NULL)
			add_user(t, arena_strdup(&call->cx.mem, list[i]->id), body);
	}
	home_close(&h);
	return e;
}

struct err *
verb_user_list(struct call *call)
{
	static const char *const heads[] = { "ID", "NAME", "ROLE", "E-MAIL", "CONTACTS", NULL };
	struct table t = table_new(call, heads);
	const struct json *v, *items;

	if (works_offline(call)) {
		TRY(users_here(call, &t));
		table_write(&t);
		return NULL;
	}
	TRY(client_get(call, &v, "/api/v1/users"));
	items = json_get(v, "items");
	if (call->json) {
		write_json(call, items);
		return NULL;
	}
	for (size_t i = 0; i < items->array.n; i++)
		add_user(&t, text_of(call, &items->array.items[i], "id"),
		        json_get(&items->array.items[i], "document"));
	table_write(&t);
	return NULL;
}

struct err *
verb_user_password(struct call *call)
{
	struct password_set set = { .user_id = call->args[0] };
	struct buf body = BUF_INIT(&call->cx.mem, 8192);
	struct jsonw w = JSONW(&body);
	const char *password;
	struct answer_in a;

	TRY(ask(call, "New password", true, &password));
	if (works_offline(call)) {
		TRY(password_hash(&call->cx, NULL, password, &set.hash));
		return run_here(call, password_set_run, &set);
	}
	jsonw_object(&w);
	jsonw_member(&w, "password", password);
	jsonw_end_object(&w);
	const struct request_out rq = { "PUT",
		arena_printf(&call->cx.mem, "/api/v1/users/%s/password",
		        url_escape(call, call->args[0])),
		{ buf_cstr(&body), body.len }, .type = NULL };
	return client_send(call, &rq, &a);
}

struct err *
verb_user_link(struct call *call)
{
	struct link_make m = { .user_id = call->args[0] };
	struct answer_in a;
	const struct request_out rq = { .method = "POST",
		.path = arena_printf(&call->cx.mem, "/api/v1/users/%s/sign-in-link",
		        url_escape(call, call->args[0])) };

	if (works_offline(call)) {
		const char *url = opt(call, "--url");
		TRY(run_here(call, link_make_run, &m));
		buf_printf(&call->out, "%s/sign-in/%s\n",
		        url == NULL ? "http://127.0.0.1:9110" : url, m.secret);
		return NULL;
	}
	TRY(client_send(call, &rq, &a));
	buf_printf(&call->out, "%s\n", text_of(call, a.json, "url"));
	return NULL;
}

/* ---- second factors ---- */

static struct err *
factor_here(struct call *call, struct factor *f, bool *found, int64_t *left)
{
	const char *user = call->args[0];
	struct home h;

	TRY(call_home(call, &h));
	struct err *e = db_begin(&call->cx, h.db, DB_READ);
	if (e == NULL)
		e = factor_get(&call->cx, user, f, found);
	if (e == NULL)
		e = recovery_left(&call->cx, user, left);
	db_rollback(&call->cx);
	home_close(&h);
	return e;
}

static void
tell_factor(struct call *call, const char *since, int64_t left)
{
	if (since[0] == '\0')
		buf_printf(&call->out, "%s has no second factor\n", call->args[0]);
	else
		buf_printf(&call->out,
		        "%s has a second factor since %s; recovery codes left: %lld\n",
		        call->args[0], since, (long long)left);
}

static struct err *
show_factor(struct call *call, const char *path)
{
	struct factor f = { 0 };
	const struct json *v;
	int64_t left = 0;
	bool found = false;

	if (works_offline(call)) {
		TRY(factor_here(call, &f, &found, &left));
		tell_factor(call, when(call, found ? f.confirmed_at : 0), left);
		return NULL;
	}
	TRY(client_get(call, &v, "%s", path));
	if (call->json) {
		write_json(call, v);
		return NULL;
	}
	const struct json *n = json_get(v, "recovery_left");
	tell_factor(call, text_of(call, v, "since"), n == NULL ? 0 : n->integer);
	return NULL;
}

struct err *
verb_user_factor(struct call *call)
{
	const struct request_out rq = { .method = "DELETE",
		.path = arena_printf(&call->cx.mem, "/api/v1/users/%s/second-factor",
		        url_escape(call, call->args[0])) };
	struct answer_in a;

	if (!opt_flag(call, "--remove"))
		return show_factor(call, rq.path);
	if (works_offline(call))
		return run_here(call, factor_remove_run, (void *)call->args[0]);
	return client_send(call, &rq, &a);
}

/* ---- signing in ---- */

static struct err *
send_credentials(struct call *call, const char *email, const char *password, const char *code,
        struct answer_in *ret)
{
	struct buf body = BUF_INIT(&call->cx.mem, 8192);
	struct jsonw w = JSONW(&body);

	jsonw_object(&w);
	jsonw_member(&w, "email", email);
	jsonw_member(&w, "password", password);
	jsonw_member_opt(&w, "code", code);
	jsonw_end_object(&w);
	const struct request_out rq = { "POST", "/api/v1/sign-in",
		{ buf_cstr(&body), body.len }, .type = NULL };
	return client_send(call, &rq, ret);
}

/* The code is asked for only where the server says that it needs one. */
static struct err *
sign_in(struct call *call, const char **ret_cookie)
{
	const char *email, *password, *code;
	struct answer_in a;

	TRY(ask(call, "E-mail address", false, &email));
	TRY(ask(call, "Password", true, &password));
	struct err *e = send_credentials(call, email, password, NULL, &a);
	if (e != NULL && a.status == 401
	        && strcmp(text_of(call, a.json, "field"), "/code") == 0) {
		TRY(ask(call, "Code of your second factor", false, &code));
		e = send_credentials(call, email, password, code, &a);
	}
	if (e != NULL && a.status == 401)
		return err_new(&call->cx, ERR_DENIED, "%s", text_of(call, a.json, "detail"));
	TRY(e);
	*ret_cookie = a.cookie;
	return NULL;
}

struct err *
verb_login(struct call *call)
{
	struct profile p = { .url = opt(call, "--url"), .token = opt(call, "--token") };
	static const char body[] = "{\"name\":\"command line\"}";
	struct answer_in a;
	const char *path;

	if (call->n_args == 1)
		p.url = call->args[0];
	if (p.url == NULL)
		p.url = "http://127.0.0.1:9110";
	if (setenv("TOCSIN_URL", p.url, 1) != 0)
		return err_new(&call->cx, ERR_INVALID, "cannot remember %s", p.url);
	struct request_out rq = { "POST", "/api/v1/tokens", { body, sizeof body - 1 },
		.type = NULL };
	if (p.token == NULL) {
		TRY(sign_in(call, &rq.cookie));
		TRY(client_send(call, &rq, &a));
		p.token = text_of(call, a.json, "secret");
	}
	TRY(profile_save(call, &p, &path));
	fprintf(stderr, "Signed in at %s; kept in %s\n", p.url, path);
	return NULL;
}
