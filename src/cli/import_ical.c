/* SPDX-License-Identifier: Apache-2.0 */
/* `tocsin import ical`: the calendar from a file or an address, the users from documents or
 * from the server. */
#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <strings.h>

#include "calendar/ical_read.h"
#include "cli/client.h"
#include "cli/files.h"
#include "cli/import.h"
#include "cli/table.h"

#define FETCH_TIMEOUT_S 60L
#define FETCH_REDIRECTS 5L
#define SPAN DAYS(90)
#define SPAN_HOLIDAYS DAYS(731)
#define SPAN_MAX DAYS(1100)

/* ---- the text ---- */

static size_t
take_bytes(char *p, size_t size, size_t n, void *arg)
{
	struct buf *out = arg;

	buf_add(out, p, size * n);
	return out->cut ? 0 : size * n;
}

static struct err *
fetch(struct call *call, const char *url, struct buf *out)
{
	char why[CURL_ERROR_SIZE] = "";
	CURL *c = curl_easy_init();
	long status = 0;

	if (strncasecmp(url, "webcal:", 7) == 0)
		url = arena_printf(&call->cx.mem, "https:%s", url + 7);
	curl_easy_setopt(c, CURLOPT_URL, url);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(c, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(c, CURLOPT_MAXREDIRS, FETCH_REDIRECTS);
	curl_easy_setopt(c, CURLOPT_TIMEOUT, FETCH_TIMEOUT_S);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, why);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_bytes);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, out);
	CURLcode rc = curl_easy_perform(c);
	curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_cleanup(c);
	if (out->cut)
		return err_new(&call->cx, ERR_LIMIT, "the calendar is larger than %d MiB",
		        ICAL_BYTES_MAX / 1024 / 1024);
	if (rc != CURLE_OK)
		return err_new(&call->cx, ERR_UNAVAILABLE, "cannot read the calendar: %s",
		        why[0] != '\0' ? why : curl_easy_strerror(rc));
	if (status != 200)
		return err_new(&call->cx, ERR_UNAVAILABLE,
		        "cannot read the calendar: its server answered %ld", status);
	return NULL;
}

static struct err *
read_file(struct call *call, const char *path, struct buf *out)
{
	FILE *f = fopen(path, "re");
	char part[65536];
	size_t n;

	if (f == NULL)
		return err_new(&call->cx, ERR_NOT_FOUND, "cannot read %s: %m", path);
	while ((n = fread(part, 1, sizeof part, f)) > 0 && !out->cut)
		buf_add(out, part, n);
	fclose(f);
	return out->cut ? err_new(&call->cx, ERR_LIMIT, "%s is larger than %d MiB", path,
	               ICAL_BYTES_MAX / 1024 / 1024)
	                : NULL;
}

static bool
is_address(const char *where)
{
	return strncasecmp(where, "http:", 5) == 0 || strncasecmp(where, "https:", 6) == 0
	        || strncasecmp(where, "webcal:", 7) == 0;
}

/* ---- the users ---- */

struct people {
	struct import_person *items;
	size_t n, cap;
};

/* A user may be meant by the address to sign in with, or by that of a contact. */
static void
add_person(struct call *call, struct people *people, const char *id, const struct json *body)
{
	const struct json *contacts = json_get(body, "contacts");
	struct import_person p = { .id = id };

	if (json_get(body, "name") != NULL)
		p.name = text_of(call, body, "name");
	if (json_get(body, "email") != NULL)
		p.email = text_of(call, body, "email");
	ARENA_PUSH(&call->cx.mem, people->items, people->n, people->cap) = p;
	for (size_t i = 0;
	        contacts != NULL && contacts->type == JSON_OBJECT && i < contacts->object.n;
	        i++) {
		const struct json *c = &contacts->object.members[i].value;
		if (strcmp(text_of(call, c, "type"), "email") != 0)
			continue;
		p.email = text_of(call, c, "address");
		ARENA_PUSH(&call->cx.mem, people->items, people->n, people->cap) = p;
	}
}

static struct err *
people_of_files(struct call *call, struct people *ret)
{
	struct change_set set = { 0 };

	TRY(files_read(call, &set));
	for (size_t i = 0; i < set.n; i++)
		if (set.items[i].kind == KIND_USER)
			add_person(call, ret, set.items[i].id, set.items[i].body);
	return NULL;
}

static struct err *
people_of_server(struct call *call, struct people *ret)
{
	const struct json *v;

	TRY(client_get(call, &v, "/api/v1/config?format=json"));
	const struct json *users = json_get(v, "users");
	for (size_t i = 0; users != NULL && i < users->object.n; i++)
		add_person(call, ret, users->object.members[i].key.p,
		        &users->object.members[i].value);
	return NULL;
}

/* ---- the window ---- */

static struct err *
read_instant(struct call *call, const char *name, usec_t *ret)
{
	const char *text = opt(call, name);
	struct civil c;

	if (text == NULL || rfc3339_parse(str_from(text), ret))
		return NULL;
	if (!civil_parse(str_from(text), &c))
		return err_field(&call->cx, ERR_INVALID, "usage",
		        "%s takes 2026-03-02 or 2026-03-02T10:00:00Z", name);
	*ret = civil_to_utc(zone_utc(), c, CIVIL_FIRST);
	return NULL;
}

static struct err *
read_options(struct call *call, struct import_calendar *how)
{
	const char *zone = opt(call, "--zone");

	how->schedule = opt(call, "--schedule");
	how->holidays = opt(call, "--holidays");
	how->whole = opt_flag(call, "--whole");
	if ((how->schedule == NULL) == (how->holidays == NULL))
		return err_field(&call->cx, ERR_INVALID, "usage",
		        "say what it becomes: --schedule ID (overrides) or --holidays ID");
	if (!slug_valid(str_from(how->schedule == NULL ? how->holidays : how->schedule)))
		return err_field(&call->cx, ERR_INVALID, "usage",
		        "an id is lower-case letters, digits and dashes");
	if (zone != NULL && (how->zone = zone_get(zone)) == NULL)
		return err_field(
		        &call->cx, ERR_INVALID, "usage", "there is no time zone \"%s\"", zone);
	how->from = ctx_now(&call->cx) / USEC_PER_SEC * USEC_PER_SEC;
	TRY(read_instant(call, "--from", &how->from));
	how->to = how->from + (how->holidays == NULL ? SPAN : SPAN_HOLIDAYS);
	TRY(read_instant(call, "--to", &how->to));
	if (how->to <= how->from || how->to - how->from > SPAN_MAX)
		return err_field(&call->cx, ERR_INVALID, "usage",
		        "--to is after --from, by three years at most");
	return NULL;
}

struct err *
verb_import_ical(struct call *call)
{
	struct import_calendar how = { .name = call->args[0] };
	struct buf text = BUF_INIT(&call->cx.mem, ICAL_BYTES_MAX);
	struct import_result result;
	struct people people = { 0 };

	TRY(read_options(call, &how));
	if (how.schedule != NULL)
		TRY(opt(call, "--file") != NULL ? people_of_files(call, &people)
		                                : people_of_server(call, &people));
	how.people = people.items;
	how.n_people = people.n;
	/* An address may hold a secret: the report does not repeat it. */
	if (is_address(how.name)) {
		TRY(fetch(call, how.name, &text));
		how.name = "the calendar";
	} else {
		TRY(read_file(call, how.name, &text));
	}
	TRY(import_ical(&call->cx, &how, buf_view(&text), &result));
	return import_tell(call, &result);
}
