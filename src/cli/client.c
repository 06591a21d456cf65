/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/client.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEFAULT_URL "http://127.0.0.1:9110"
#define ANSWER_MAX (256 * 1024 * 1024)
#define TIMEOUT_S 30L

static CURL *curl; /* one program, one call: kept for its connection */

void
client_close(void)
{
	curl_easy_cleanup(curl);
	curl = NULL;
}

/* ---- the profile ---- */

static const char *
profile_path(struct call *call)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (config != NULL && config[0] != '\0')
		return arena_printf(&call->cx.mem, "%s/tocsin/config", config);
	return arena_printf(
	        &call->cx.mem, "%s/.config/tocsin/config", home == NULL ? "." : home);
}

const struct profile *
profile_of(struct call *call)
{
	struct profile *p = ARENA_NEW(&call->cx.mem, struct profile);
	char text[8192];
	struct json *v;
	FILE *f = fopen(profile_path(call), "re");
	static bool warned;
	struct stat st;

	if (f != NULL && !warned && fstat(fileno(f), &st) == 0 && (st.st_mode & 077) != 0) {
		warned = true;
		fprintf(stderr, "tocsin: others can read the token in %s: chmod 600 it\n",
		        profile_path(call));
	}
	size_t n = f == NULL ? 0 : fread(text, 1, sizeof text, f);

	if (f != NULL)
		fclose(f);
	if (n == 0
	        || json_parse(&call->cx, (struct str){ text, n }, JSON_LIMITS_REQUEST, &v)
	                != NULL)
		return p;
	p->url = json_as_text(&call->cx.mem, json_get(v, "url"));
	p->token = json_as_text(&call->cx.mem, json_get(v, "token"));
	return p;
}

struct err *
profile_save(struct call *call, const struct profile *p, const char **ret_path)
{
	struct buf out = BUF_INIT(&call->cx.mem, 8192);
	struct jsonw w = { .out = &out, .pretty = true };
	char *path = arena_strdup(&call->cx.mem, profile_path(call));

	jsonw_object(&w);
	jsonw_member(&w, "url", p->url);
	jsonw_member(&w, "token", p->token);
	jsonw_end_object(&w);
	for (char *c = strchr(path + 1, '/'); c != NULL; c = strchr(c + 1, '/')) {
		*c = '\0';
		(void)mkdir(path, 0700);
		*c = '/';
	}
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool ok = fd >= 0 && write(fd, buf_cstr(&out), out.len) == (ssize_t)out.len;
	if (fd >= 0)
		close(fd);
	*ret_path = path;
	return ok ? NULL : err_new(&call->cx, ERR_INVALID, "cannot write %s: %m", path);
}

static const char *
server_url(struct call *call)
{
	const char *url = opt(call, "--url");

	if (url == NULL)
		url = profile_of(call)->url;
	if (url == NULL || url[0] == '\0')
		url = DEFAULT_URL;
	size_t len = strlen(url);
	while (len > 0 && url[len - 1] == '/')
		len--;
	return arena_strndup(&call->cx.mem, url, len);
}

static const char *
token_for(struct call *call, const struct request_out *rq)
{
	const char *token = rq->token != NULL ? rq->token : opt(call, "--token");

	if (token == NULL)
		token = profile_of(call)->token;
	return token == NULL || token[0] == '\0' ? NULL : token;
}

const char *
client_identity(struct call *call)
{
	const char *token = token_for(call, &(struct request_out){ 0 });

	return arena_printf(
	        &call->cx.mem, "%s\n%s", server_url(call), token == NULL ? "" : token);
}

/* ---- one request ---- */

struct receiving {
	struct call *call;
	struct buf body;
	struct answer_in *answer;
	client_line_fn *line;
	void *arg;
	bool ended;
};

static size_t
on_body(char *data, size_t size, size_t n, void *arg)
{
	struct receiving *r = arg;

	buf_add(&r->body, data, size * n);
	return r->body.cut ? 0 : size * n;
}

static void
keep_header(struct receiving *r, struct str line)
{
	struct str name = str_cut(&line, ':'), value = str_trim(line);
	struct arena *mem = &r->call->cx.mem;

	if (name.len == 10 && strncasecmp(name.p, "Set-Cookie", 10) == 0)
		r->answer->cookie = str_dup(mem, str_cut(&value, ';'));
	else if (name.len == 14 && strncasecmp(name.p, "Tocsin-Changed", 14) == 0)
		r->answer->changed = str_dup(mem, value);
}

static size_t
on_header(char *data, size_t size, size_t n, void *arg)
{
	struct receiving *r = arg;

	if (r->answer != NULL)
		keep_header(r, (struct str){ data, size * n });
	return size * n;
}

static struct curl_slist *
headers_for(struct call *call, const struct request_out *rq)
{
	struct arena *mem = &call->cx.mem;
	const char *token = token_for(call, rq);
	struct curl_slist *list = curl_slist_append(NULL, "User-Agent: tocsin/" TOCSIN_VERSION);

	if (token != NULL && rq->cookie == NULL)
		list = curl_slist_append(
		        list, arena_printf(mem, "Authorization: Bearer %s", token));
	if (rq->cookie != NULL)
		list = curl_slist_append(list, arena_printf(mem, "Cookie: %s", rq->cookie));
	if (rq->if_match != NULL)
		list = curl_slist_append(list, arena_printf(mem, "If-Match: %s", rq->if_match));
	list = curl_slist_append(list, "Expect:");
	return curl_slist_append(list,
	        arena_printf(mem, "Content-Type: %s",
	                rq->type == NULL ? "application/json" : rq->type));
}

static void
set_up(struct call *call, const struct request_out *rq, struct receiving *r)
{
	if (curl == NULL)
		curl = curl_easy_init();
	curl_easy_reset(curl);
	curl_easy_setopt(curl, CURLOPT_URL,
	        arena_printf(&call->cx.mem, "%s%s", server_url(call), rq->path));
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, rq->method);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, 10L);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, r);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, r);
	if (rq->body.p != NULL) {
		curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)rq->body.len);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, rq->body.p);
	} else if (strcmp(rq->method, "GET") != 0) {
		curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, 0L);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, "");
	}
}

static struct err *
not_reached(struct call *call, CURLcode code)
{
	return err_new(&call->cx, ERR_UNAVAILABLE,
	        "%s was not reached: %s; is the server running? (--url, TOCSIN_URL)",
	        server_url(call), curl_easy_strerror(code));
}

/* ---- what the server said ---- */

static void
take_faults(struct call *call, const struct json *errors, struct faults *faults)
{
	for (size_t i = 0; errors != NULL && errors->type == JSON_ARRAY && i < errors->array.n;
	        i++) {
		const struct json *e = &errors->array.items[i], *file = json_get(e, "file"),
		                  *line = json_get(e, "line"), *column = json_get(e, "column");
		fault_add(&call->cx, faults,
		        (struct fault){
		                .file = file == NULL ? NULL : json_as_text(&call->cx.mem, file),
		                .line = line == NULL ? 0 : (uint32_t)line->integer,
		                .column = column == NULL ? 0 : (uint32_t)column->integer,
		                .pointer = json_as_text(&call->cx.mem, json_get(e, "pointer")),
		                .message =
		                        json_as_text(&call->cx.mem, json_get(e, "detail")) });
	}
}

static struct err *
problem(struct call *call, const struct answer_in *a)
{
	static const struct {
		long status;
		enum err_code code;
	} codes[] = { { 401, ERR_DENIED }, { 403, ERR_DENIED }, { 404, ERR_NOT_FOUND },
		{ 409, ERR_CONFLICT }, { 412, ERR_CONFLICT }, { 503, ERR_UNAVAILABLE } };
	struct faults *faults = ARENA_NEW(&call->cx.mem, struct faults);
	enum err_code code = ERR_INVALID;

	for (size_t i = 0; i < NELEMS(codes); i++)
		if (codes[i].status == a->status)
			code = codes[i].code;
	take_faults(call, json_get(a->json, "errors"), faults);
	if (faults->n > 0 && code == ERR_INVALID)
		return err_faults(&call->cx, faults);
	const char *detail = json_as_text(&call->cx.mem, json_get(a->json, "detail"));
	if (a->status == 401)
		return err_new(
		        &call->cx, code, "not signed in: `tocsin login`, or TOCSIN_TOKEN");
	if (detail[0] == '\0')
		detail = arena_printf(&call->cx.mem, "the server answered %ld", a->status);
	return err_new(&call->cx, code, "%s", detail);
}

struct err *
client_send(struct call *call, const struct request_out *rq, struct answer_in *ret)
{
	struct receiving r = {
		.call = call, .body = BUF_INIT(&call->cx.mem, ANSWER_MAX), .answer = ret
	};
	struct curl_slist *headers = headers_for(call, rq);

	*ret = (struct answer_in){ 0 };
	set_up(call, rq, &r);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, rq->patient ? 0L : TIMEOUT_S);
	CURLcode code = curl_easy_perform(curl);
	curl_slist_free_all(headers);
	if (code != CURLE_OK)
		return not_reached(call, code);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &ret->status);
	ret->body = (struct str){ buf_cstr(&r.body), r.body.len };
	if (json_parse(&call->cx, ret->body, JSON_LIMITS_CONFIG, &ret->json) != NULL)
		ret->json = NULL;
	return ret->status >= 200 && ret->status < 300 ? NULL : problem(call, ret);
}

struct err *
client_get(struct call *call, const struct json **ret, const char *fmt, ...)
{
	struct request_out rq = { .method = "GET" };
	struct answer_in a;
	va_list ap;

	va_start(ap, fmt);
	rq.path = arena_vprintf(&call->cx.mem, fmt, ap);
	va_end(ap);
	TRY(client_send(call, &rq, &a));
	if (a.json == NULL)
		return err_new(&call->cx, ERR_INVALID, "%s did not answer JSON", rq.path);
	*ret = a.json;
	return NULL;
}

const char *
url_escape(struct call *call, const char *text)
{
	struct buf out = BUF_INIT(&call->cx.mem, 64 * 1024);

	buf_url(&out, text, "");
	return buf_cstr(&out);
}

/* ---- streams ---- */

static size_t
on_stream(char *data, size_t size, size_t n, void *arg)
{
	struct receiving *r = arg;

	for (size_t i = 0; i < size * n && !r->ended; i++) {
		if (data[i] != '\n') {
			buf_putc(&r->body, data[i]);
			continue;
		}
		r->ended = !r->line(r->arg, buf_cstr(&r->body));
		buf_reset(&r->body);
	}
	return r->ended ? 0 : size * n;
}

struct err *
client_stream(
        struct call *call, const char *path, const char *last_id, client_line_fn *fn, void *arg)
{
	const struct request_out rq = { .method = "GET", .path = path };
	struct receiving r = { .call = call,
		.body = BUF_INIT(&call->cx.mem, 1024 * 1024),
		.line = fn,
		.arg = arg };
	struct curl_slist *headers = headers_for(call, &rq);
	long status = 0;

	if (last_id != NULL)
		headers = curl_slist_append(
		        headers, arena_printf(&call->cx.mem, "Last-Event-ID: %s", last_id));
	set_up(call, &rq, &r);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_stream);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, 60L); /* heartbeats come each 15 s */
	CURLcode code = curl_easy_perform(curl);
	curl_slist_free_all(headers);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	if (status != 0 && status != 200)
		return problem(call, &(struct answer_in){ .status = status });
	return code == CURLE_OK || r.ended ? NULL : not_reached(call, code);
}

/* ---- files ---- */

#define SILENT_S 600L /* a large database takes its time before the first byte */

/* What is no file is a problem, and short. */
static size_t
on_file(char *data, size_t size, size_t n, void *arg)
{
	struct receiving *r = arg;
	long status = 0;

	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	if (status != 200)
		return on_body(data, size, n, arg);
	return fwrite(data, size, n, r->arg) * size;
}

static struct err *
download_to(struct call *call, const struct request_out *rq, FILE *f)
{
	struct receiving r = {
		.call = call, .body = BUF_INIT(&call->cx.mem, 1024 * 1024), .arg = f
	};
	struct curl_slist *headers = headers_for(call, rq);
	struct answer_in a = { 0 };

	set_up(call, rq, &r);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_file);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, SILENT_S);
	CURLcode code = curl_easy_perform(curl);
	curl_slist_free_all(headers);
	if (code == CURLE_WRITE_ERROR)
		return err_new(&call->cx, ERR_UNAVAILABLE, "the file cannot be written: %m");
	if (code != CURLE_OK)
		return not_reached(call, code);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &a.status);
	if (a.status == 200)
		return NULL;
	struct str body = { buf_cstr(&r.body), r.body.len };
	err_ignore(json_parse(&call->cx, body, JSON_LIMITS_REQUEST, &a.json),
	        "the status says enough");
	return problem(call, &a);
}

/* As db_backup does: under another name until it is whole, and never over what is there. */
struct err *
client_download(struct call *call, const struct request_out *rq, const char *path)
{
	const char *part = arena_printf(&call->cx.mem, "%s.part", path);

	if (access(path, F_OK) == 0)
		return err_new(&call->cx, ERR_CONFLICT, "%s is there already", path);
	int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
	if (f == NULL)
		return err_new(&call->cx, ERR_INVALID, "cannot write %s: %m", part);
	struct err *e = download_to(call, rq, f);
	bool synced = fflush(f) == 0 && fsync(fd) == 0;
	if (fclose(f) != 0)
		synced = false;
	if (e == NULL
	        && (!synced
	                || renameat2(AT_FDCWD, part, AT_FDCWD, path, RENAME_NOREPLACE) != 0))
		e = err_new(&call->cx, ERR_UNAVAILABLE, "write %s: %m", path);
	if (e != NULL)
		unlink(part);
	return e;
}
