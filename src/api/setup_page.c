/* SPDX-License-Identifier: Apache-2.0 */
/*
 * /setup: on a server where nothing is configured yet, the page that makes its first owner,
 * against the code that the server printed. It does without scripts, like the door. On any
 * other server it is a page of the web UI.
 */
#include <assert.h>
#include <ctype.h>
#include <sodium.h>

#include "access/access.h"
#include "access/setup.h"
#include "api/changes.h"
#include "api/cookie.h"
#include "api/html.h"
#include "api/setup.h"
#include "api/ui.h"
#include "calendar/zone.h"

#define ID_MAX 40
#define FIELD_MAX 200
#define SHARED_DOOR "setup" /* of all who come by a proxy */

enum { CODE, ORGANISATION, ZONE, NAME, EMAIL, PASSWORD, N_FIELDS };

static const struct {
	const char *name, *label, *attributes, *help;
} fields[N_FIELDS] = {
	[CODE] = { "code", "Setup code",
	        "autocomplete=\"one-time-code\" autocapitalize=\"characters\" spellcheck=\"false\"",
	        "Printed by the server when it started: XXXX-XXXX-XXXX" },
	[ORGANISATION] = { "organisation", "Organisation", "autocomplete=\"organization\"",
	        "As it stands in pages and on top of this site." },
	[ZONE] = { "zone", "Time zone",
	        "list=\"zones\" autocomplete=\"off\" spellcheck=\"false\"",
	        "Of wall clocks that name none, such as Europe/Berlin." },
	[NAME] = { "name", "Your name", "autocomplete=\"name\"", NULL },
	[EMAIL] = { "email", "Your e-mail address", "autocomplete=\"username\"",
	        "You sign in with it, and it is the first way to page you." },
	[PASSWORD] = { "password", "Password", "autocomplete=\"new-password\"",
	        "At least 12 characters; a sentence is best." },
};

static_assert(PASSWORD_MIN == 12, "the help of the field says so");

struct form {
	const char *values[N_FIELDS], *faults[N_FIELDS];
	const char *said; /* what belongs to no field */
};

bool
setup_wanted(const struct request *rq)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);

	return setup_is_open(s);
}

static void
code_key(const struct app *app, unsigned char key[KEY_BYTES])
{
	home_subkey(&app->home, "setup code", key);
}

const char *
setup_code_of(struct ctx *cx, struct app *app)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = config_current(app->home.config);
	unsigned char key[KEY_BYTES];

	code_key(app, key);
	return setup_is_open(s) ? setup_code(cx, key) : NULL;
}

/* ---- the page ---- */

static void
write_about(struct response *rs, const struct form *f, int i)
{
	if (f->faults[i] != NULL)
		html(rs, "<p class=\"note\" role=\"alert\" id=\"about-%s\">%s</p>",
		        fields[i].name, f->faults[i]);
	else if (fields[i].help != NULL)
		html(rs, "<p class=\"muted\" id=\"about-%s\">%s</p>", fields[i].name,
		        fields[i].help);
}

static void
write_field(struct response *rs, const struct form *f, int i)
{
	const char *type = i == EMAIL ? "email" : i == PASSWORD ? "password" : "text";

	html(rs, "<label>%s<input name=\"%s\" type=\"%s\" required maxlength=\"%d\" ",
	        fields[i].label, fields[i].name, type, (int64_t)FIELD_MAX);
	buf_puts(&rs->body, fields[i].attributes);
	if (f->faults[i] != NULL || fields[i].help != NULL)
		html(rs, " aria-describedby=\"about-%s\"", fields[i].name);
	if (f->faults[i] != NULL)
		html(rs, " aria-invalid=\"true\"");
	html(rs, " value=\"%s\"></label>",
	        i == PASSWORD || f->values[i] == NULL ? "" : f->values[i]);
	write_about(rs, f, i);
}

static void
write_zones(struct response *rs)
{
	size_t n;
	const char *const *names = zone_names(&n);

	html(rs, "<datalist id=\"zones\">");
	for (size_t i = 0; i < n; i++)
		html(rs, "<option value=\"%s\">", names[i]);
	html(rs, "</datalist>");
}

static struct err *
show_form(struct ctx *cx, struct request *rq, struct response *rs, const struct form *f)
{
	html_begin(cx, rq, rs, "Set up Tocsin");
	html_door_script(rs);
	html(rs,
	        "<p>Nothing is configured here yet. This makes the organisation and you, its first "
	        "owner. Or apply your files: <code>tocsin apply</code>.</p>");
	if (f->said != NULL)
		html(rs, "<p class=\"note\" role=\"alert\">%s</p>", f->said);
	html(rs, "<form method=\"post\" action=\"/setup\" class=\"narrow\">");
	for (int i = 0; i < N_FIELDS; i++) {
		html(rs, i == PASSWORD ? "<div class=\"secret\">" : "<div>");
		write_field(rs, f, i);
		html(rs, "</div>");
	}
	html(rs, "<p><button class=\"main big\">Set up</button></p></form>");
	write_zones(rs);
	html_end(rs);
	return NULL;
}

static struct err *
show(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct form f = { .values = { [ZONE] = "UTC" } };

	if (setup_wanted(rq))
		return show_form(cx, rq, rs, &f);
	TRY(app_authenticate(cx, rq)); /* which a public route does not do by itself */
	if (cx->actor.role != ROLE_NONE)
		return ui_page(cx, rq, rs);
	response_redirect(rs, "/sign-in?next=/setup");
	return NULL;
}

/* ---- what was filled in ---- */

static void
read_form(struct ctx *cx, const struct request *rq, struct form *f)
{
	for (int i = 0; i < N_FIELDS; i++) {
		const char *value = request_form(cx, rq, fields[i].name);
		struct str s = i == PASSWORD ? str_from(value) : str_trim(str_from(value));
		f->values[i] = value == NULL ? "" : str_dup(&cx->mem, s);
		if (f->values[i][0] == '\0')
			f->faults[i] = "This is needed.";
		else if (strlen(f->values[i]) > FIELD_MAX && i != PASSWORD)
			f->faults[i] = "This is too long.";
	}
}

static void
check_zone(struct ctx *cx, struct form *f)
{
	const char *zone = f->values[ZONE];

	if (f->faults[ZONE] != NULL || zone_get(zone) != NULL)
		return;
	const char *near = zone_nearest(zone);
	f->faults[ZONE] = near == NULL
	        ? "There is no such time zone; names are like Europe/Berlin."
	        : arena_printf(&cx->mem, "There is no such time zone; did you mean %s?", near);
}

static bool
looks_like_mail(const char *text)
{
	const char *at = strchr(text, '@');

	return at != NULL && at != text && at[1] != '\0' && strpbrk(text, " \t<>,") == NULL;
}

static void
check_form(struct ctx *cx, struct form *f, const char **ret_hash)
{
	const struct user owner = { .c = { .name = f->values[NAME] },
		.email = f->values[EMAIL] };
	struct err *e;

	check_zone(cx, f);
	if (f->faults[EMAIL] == NULL && !looks_like_mail(f->values[EMAIL]))
		f->faults[EMAIL] = "An e-mail address is like you@example.org.";
	if (f->faults[PASSWORD] == NULL) {
		e = password_hash(cx, &owner, f->values[PASSWORD], ret_hash);
		f->faults[PASSWORD] = e == NULL ? NULL : err_text(cx, e);
	}
}

static bool
has_faults(const struct form *f)
{
	for (int i = 0; i < N_FIELDS; i++)
		if (f->faults[i] != NULL)
			return true;
	return f->said != NULL;
}

/* "Ana Ito" is ana-ito. */
static const char *
id_from(struct ctx *cx, const char *name)
{
	struct buf out = BUF_INIT(&cx->mem, ID_MAX + 1);
	bool gap = false;

	for (const char *p = name; *p != '\0' && out.len + 2 < ID_MAX; p++) {
		if (!isalnum((unsigned char)*p) || (*p & 0x80) != 0) {
			gap = out.len > 0;
			continue;
		}
		if (gap)
			buf_putc(&out, '-');
		gap = false;
		buf_putc(&out, (char)tolower((unsigned char)*p));
	}
	return out.len == 0 ? "owner" : buf_cstr(&out);
}

/* ---- the first revision ---- */

static void
write_owner(struct jsonw *w, const struct form *f)
{
	jsonw_object(w);
	jsonw_member(w, "name", f->values[NAME]);
	jsonw_member(w, "email", f->values[EMAIL]);
	jsonw_member(w, "role", "owner");
	jsonw_key(w, "contacts");
	jsonw_object(w);
	jsonw_key(w, "mail");
	jsonw_object(w);
	jsonw_member(w, "type", "email");
	jsonw_member(w, "address", f->values[EMAIL]);
	jsonw_end_object(w);
	jsonw_end_object(w);
	jsonw_end_object(w);
}

static struct err *
first_documents(struct ctx *cx, const struct form *f, const char *id, struct change_set *set)
{
	struct buf text = BUF_INIT(&cx->mem, 16 * 1024);
	struct jsonw w = JSONW(&text);
	struct json *tree;

	jsonw_object(&w);
	jsonw_key(&w, "organisation");
	jsonw_object(&w);
	jsonw_member(&w, "name", f->values[ORGANISATION]);
	jsonw_member(&w, "zone", f->values[ZONE]);
	jsonw_member(&w, "catch_all", arena_printf(&cx->mem, "user/%s", id));
	jsonw_end_object(&w);
	jsonw_key(&w, "users");
	jsonw_object(&w);
	jsonw_key(&w, id);
	write_owner(&w, f);
	jsonw_end_object(&w);
	jsonw_end_object(&w);
	TRY(json_parse(
	        cx, (struct str){ buf_cstr(&text), text.len }, JSON_LIMITS_CONFIG, &tree));
	return change_set_from_json(cx, tree, set);
}

static struct err *
still_open(struct ctx *cx, const struct request *rq, const struct snapshot *s)
{
	(void)rq;
	if (setup_is_open(s))
		return NULL;
	return err_new(cx, ERR_NOT_FOUND, "This server has been set up already.");
}

static struct err *
make_owner(struct ctx *cx, struct request *rq, const struct form *f, const char *hash)
{
	struct setup_owner owner = { id_from(cx, f->values[NAME]), hash };
	struct change_set set = { 0 };
	const struct changing c = { .set = &set,
		.options = { .message = "first set-up" },
		.authorised = true,
		.also = setup_owner_run,
		.also_arg = &owner,
		.check = still_open };
	struct plan plan;

	TRY(first_documents(cx, f, owner.user_id, &set));
	cx->actor = (struct actor){ ACTOR_USER, owner.user_id, "setup", ROLE_OWNER };
	TRY(change_configuration(cx, rq, &c, &plan));
	plan_free(&plan);
	return NULL;
}

static struct err *
check_code(struct ctx *cx, struct request *rq, struct form *f)
{
	unsigned char key[KEY_BYTES];

	const char *door = sign_in_door(cx, rq);

	door = door != NULL ? door : SHARED_DOOR;
	TRY(app_read(cx, rq));
	TRY(door_check(cx, door));
	code_key(app_of(rq), key);
	if (setup_code_fits(key, f->values[CODE]))
		return NULL;
	f->faults[CODE] = "This is not the code that the server printed.";
	return app_run(cx, rq, setup_refused_run, (void *)door);
}

static struct err *
fill(struct ctx *cx, struct request *rq, struct response *rs, struct form *f)
{
	const char *hash = NULL;

	TRY(html_same_site(cx, rq));
	read_form(cx, rq, f);
	TRY(check_code(cx, rq, f));
	check_form(cx, f, &hash);
	if (has_faults(f)) {
		rs->status = 422;
		return show_form(cx, rq, rs, f);
	}
	TRY(make_owner(cx, rq, f, hash));
	response_redirect(rs, "/setup");
	const struct credentials c = { f->values[EMAIL], f->values[PASSWORD] };
	return sign_in_by_password(cx, rq, rs, &c, &(bool){ false });
}

static struct err *
set_up(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct form f = { 0 };

	if (!setup_wanted(rq))
		return err_new(cx, ERR_NOT_FOUND, "This server has been set up already.");
	struct err *e = fill(cx, rq, rs, &f);
	if (e == NULL || (e->code != ERR_INVALID && e->code != ERR_DENIED))
		return e;
	rs->status = e->code == ERR_INVALID ? 422 : 403;
	f.said = err_text(cx, e);
	return show_form(cx, rq, rs, &f);
}

static const struct route routes[] = {
	{ "GET", "/setup", PERM_PUBLIC, show, "The first set-up", NULL, NULL, ROUTE_PAGE, 0 },
	{ "POST", "/setup", PERM_PUBLIC, set_up, "The first set-up", NULL, NULL, ROUTE_PAGE,
	        16 * 1024 },
};
const struct route_table setup_routes = { routes, NELEMS(routes) };
