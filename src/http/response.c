/* SPDX-License-Identifier: Apache-2.0 */
/* Writing answers, and errors as RFC 9457 problems. */
#include "base/log.h"
#include "base/random.h"
#include "http/request.h"

void
response_header(struct response *rs, const char *name, const char *value)
{
	if (rs->n_headers < NELEMS(rs->headers))
		rs->headers[rs->n_headers++] = (struct pair){ .id = name, .value = value };
}

struct jsonw
response_json(struct response *rs, int status)
{
	rs->status = status;
	rs->type = "application/json";
	return JSONW(&rs->body);
}

void
response_send_file(struct ctx *cx, struct response *rs, int fd, uint64_t size)
{
	rs->file = ARENA_NEW(&cx->mem, struct response_file);
	*rs->file = (struct response_file){ fd, size };
}

void
response_redirect(struct response *rs, const char *to)
{
	buf_reset(&rs->body); /* of a problem that this turns into a way out */
	rs->type = NULL;
	rs->status = 303;
	response_header(rs, "Location", to);
}

/* INVALID is 400 when the text itself could not be read and 422 when its content is wrong; both
 * are final to a client, which is what matters. */
static const struct {
	int status;
	const char *title;
} problems[ERR_CODE_MAX] = {
	[ERR_INVALID] = { 400, "The request is wrong" },
	[ERR_NOT_FOUND] = { 404, "There is no such thing" },
	[ERR_CONFLICT] = { 409, "It is not in the state that was assumed" },
	[ERR_DENIED] = { 403, "You may not do this" },
	[ERR_LIMIT] = { 413, "That is too much" },
	[ERR_UNAVAILABLE] = { 503, "Not possible right now; try again" },
	[ERR_BUG] = { 500, "Something is wrong with Tocsin itself" },
};

static int
status_of(const struct err *e)
{
	bool content = e->code == ERR_INVALID && e->faults != NULL && e->faults->n > 0
	        && (e->faults->n > 1 || e->faults->items[0].pointer[0] != '\0');

	if (e->code == ERR_INVALID && e->field != NULL && e->field[0] == '/')
		content = true;
	if (e->code == ERR_CONFLICT && str_null_safe_eq(e->field, "revision"))
		return 412;
	return content ? 422 : problems[e->code].status;
}

static void
write_faults(struct jsonw *w, const struct faults *faults)
{
	jsonw_key(w, "errors");
	jsonw_array(w);
	for (size_t i = 0; i < faults->n; i++) {
		const struct fault *f = &faults->items[i];
		jsonw_object(w);
		jsonw_member(w, "pointer", f->pointer);
		jsonw_member(w, "detail", f->message);
		jsonw_member_opt(w, "file", f->file);
		if (f->line != 0)
			jsonw_member_int(w, "line", f->line);
		if (f->column != 0)
			jsonw_member_int(w, "column", f->column);
		jsonw_end_object(w);
	}
	jsonw_end_array(w);
}

void
response_problem(struct ctx *cx, struct response *rs, const struct err *e)
{
	struct jsonw w = JSONW(&rs->body);
	const char *detail = err_text(cx, e);
	const char *id = NULL;

	if (e->code == ERR_BUG) {
		id = random_token(&cx->mem, 6);
		log_error(cx, "http", "incident=%s text=\"%s\"", id, detail);
		detail = "It was logged; tell who runs this server the id.";
	}
	if (e->code == ERR_UNAVAILABLE) {
		log_err(cx, LOG_WARN, "http", e);
		response_header(rs, "Retry-After", "2");
	}
	buf_reset(&rs->body);
	rs->status = rs->status == 401 || rs->status == 405 ? rs->status : status_of(e);
	rs->type = "application/problem+json";
	jsonw_object(&w);
	jsonw_member(
	        &w, "type", arena_printf(&cx->mem, "urn:tocsin:%s", err_code_names[e->code]));
	jsonw_member(&w, "title", problems[e->code].title);
	jsonw_member_int(&w, "status", rs->status);
	jsonw_member(&w, "detail", detail);
	jsonw_member_opt(&w, "field", e->field);
	jsonw_member_opt(&w, "id", id);
	if (e->faults != NULL)
		write_faults(&w, e->faults);
	jsonw_end_object(&w);
}
