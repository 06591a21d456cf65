/* SPDX-License-Identifier: Apache-2.0 */
/* Scenarios, backups, checks: what needs no server. */
#include <inttypes.h>

#include "api/doctor.h"
#include "cli/client.h"
#include "cli/table.h"
#include "engine/timeline.h"
#include "sim/scenario.h"

struct err *
verb_scenario(struct call *call)
{
	const struct scenario_options options = { .db_url = opt(call, "--db"),
		.verbose = opt_flag(call, "--verbose") };

	if (scenario_run_all(&call->cx, call->args, call->n_args, &options, &call->out) > 0)
		call->exit = EXIT_FAILED;
	return NULL;
}

struct err *
verb_backup(struct call *call)
{
	struct home h;

	TRY(call_home(call, &h));
	struct err *e = db_backup(&call->cx, h.db, call->args[0]);
	home_close(&h);
	TRY(e);
	buf_printf(&call->out,
	        "%s holds a copy. The key file is not in it: keep that in another place.\n",
	        call->args[0]);
	return NULL;
}

struct err *
verb_verify(struct call *call)
{
	struct verify_result r = { 0 };
	struct home h;

	TRY(call_home(call, &h));
	struct err *e = db_begin(&call->cx, h.db, DB_READ);
	if (e == NULL)
		e = timeline_verify(&call->cx, &r);
	db_rollback(&call->cx);
	home_close(&h);
	TRY(e);
	if (r.broken_at != 0 || r.why != NULL) {
		call->exit = EXIT_CHECK_SAYS_NO;
		buf_printf(&call->out, "The record was changed: event %" PRId64 ": %s\n",
		        r.broken_at, r.why);
		return NULL;
	}
	buf_printf(&call->out,
	        "%" PRId64 " events of %" PRId64 " incidents: every hash fits.\n", r.events,
	        r.incidents);
	return NULL;
}

struct err *
verb_version(struct call *call)
{
	if (call->json)
		buf_puts(&call->out, "{\"version\":\"" TOCSIN_VERSION "\"}\n");
	else
		buf_puts(&call->out, "tocsin " TOCSIN_VERSION "\n");
	return NULL;
}

/* ---- doctor ---- */

static void
tell_findings(struct call *call, const struct json *items)
{
	for (size_t i = 0; i < items->array.n; i++) {
		const struct json *f = &items->array.items[i];
		buf_printf(&call->out, "%s %s: %s\n", paint(call, "nobody", "!"),
		        text_of(call, f, "about"), text_of(call, f, "finding"));
	}
	if (items->array.n == 0)
		buf_puts(
		        &call->out, "Nothing found that would keep people from being paged.\n");
	else
		call->exit = EXIT_CHECK_SAYS_NO;
}

static struct err *
doctor_here(struct call *call, struct json **ret)
{
	struct buf out = BUF_INIT(&call->cx.mem, 16 * 1024 * 1024);
	struct jsonw w = JSONW(&out);
	struct home h;

	TRY(call_home(call, &h));
	const struct snapshot *s = config_current(h.config);
	doctor_write(&call->cx, s, &w);
	snapshot_unref(s);
	home_close(&h);
	return json_parse(
	        &call->cx, (struct str){ buf_cstr(&out), out.len }, JSON_LIMITS_CONFIG, ret);
}

struct err *
verb_doctor(struct call *call)
{
	const struct json *v;
	struct json *here;

	if (works_offline(call)) {
		TRY(doctor_here(call, &here));
		v = here;
	} else {
		TRY(client_get(call, &v, "/api/v1/doctor"));
	}
	const struct json *items = json_get(v, "items");
	if (call->json)
		write_json(call, items);
	else
		tell_findings(call, items);
	return NULL;
}
