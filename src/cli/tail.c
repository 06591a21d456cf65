/* SPDX-License-Identifier: Apache-2.0 */
/* `tocsin tail`: the stream of events, for people and programs. */
#include <stdio.h>
#include <unistd.h>

#include "cli/client.h"
#include "cli/table.h"

#define PAUSE_MAX 30

struct following {
	struct call *call;
	const char *incident; /* or NULL */
	char last_id[24],
	        next_id[24]; /* of the event that is whole, and of the one coming in */
	unsigned pause;
	char day[DAY_MAX]; /* written last */
};

static void
tell(struct following *f, struct call *call, const char *data)
{
	struct json *ev;

	if (json_parse(&call->cx, str_from(data), JSON_LIMITS_REQUEST, &ev) != NULL)
		return;
	const char *incident = text_of(call, ev, "incident");
	if (f->incident != NULL && strcmp(incident, f->incident) != 0)
		return;
	if (call->json)
		printf("%s\n", data);
	else
		printf("%s  %s%-6s  %s\n", moment_text(call, text_of(call, ev, "at"), f->day),
		        incident[0] == '\0' ? "" : "#", incident,
		        text_of(call, ev, "sentence"));
	fflush(stdout);
}

/* An event's memory goes with it: one may follow for months. */
static void
tell_alone(struct following *f, const char *data)
{
	struct call one = *f->call;

	ctx_init(&one.cx, NULL);
	tell(f, &one, data);
	ctx_close(&one.cx);
}

/* An event counts as heard at the empty line that ends it. */
static bool
on_line(void *arg, const char *line)
{
	struct following *f = arg;

	f->pause = 1;
	if (strncmp(line, "id: ", 4) == 0)
		snprintf(f->next_id, sizeof f->next_id, "%s", line + 4);
	else if (strncmp(line, "data: ", 6) == 0)
		tell_alone(f, line + 6);
	else if (line[0] == '\0' && f->next_id[0] != '\0')
		memcpy(f->last_id, f->next_id, sizeof f->last_id);
	return ferror(stdout) == 0;
}

struct err *
verb_tail(struct call *call)
{
	struct following f = { .call = call, .pause = 1 };
	const char *after = opt(call, "--after");

	if (call->n_args == 1)
		f.incident = call->args[0][0] == '#' ? call->args[0] + 1 : call->args[0];
	if (after != NULL)
		snprintf(f.last_id, sizeof f.last_id, "%s", after);
	for (;;) {
		struct err *e = client_stream(call, "/api/v1/stream",
		        f.last_id[0] == '\0' ? NULL : f.last_id, on_line, &f);
		if (ferror(stdout) != 0 || (e != NULL && e->code != ERR_UNAVAILABLE))
			return e;
		fprintf(stderr, "tocsin: the stream ended%s; coming back in %u s\n",
		        e == NULL ? "" : " (not reached)", f.pause);
		sleep(f.pause);
		f.pause = f.pause * 2 > PAUSE_MAX ? PAUSE_MAX : f.pause * 2;
	}
}
