/* SPDX-License-Identifier: Apache-2.0 */
/* `tocsin sim`: the engine in worlds drawn at random, where everything goes wrong. */
#include "sim/simulate.h"

#include <stdio.h>

#include "base/log.h"
#include "cli/verb.h"

#define SEEDS_MAX 1000000000

static struct err *
number(struct call *call, const char *name, int64_t *ret)
{
	const char *text = opt(call, name);

	if (text == NULL)
		return NULL;
	if (!str_int(str_from(text), ret) || *ret < 0 || *ret > SEEDS_MAX)
		return err_field(&call->cx, ERR_INVALID, "usage", "%s is a number", name);
	return NULL;
}

/* A long run is watched. */
static void
on_failure(void *arg, const char *text)
{
	(void)arg;
	fputs(text, stderr);
}

static struct err *
read_options(struct call *call, struct simulation *s)
{
	int64_t seconds = 0, seed = -1, first = 1;

	TRY(number(call, "--seeds", &s->seeds));
	TRY(number(call, "--first", &first));
	TRY(number(call, "--seed", &seed));
	TRY(number(call, "--statements", &s->statements));
	TRY(number(call, "--seconds", &seconds));
	s->first = (uint64_t)(seed >= 0 ? seed : first);
	if (seed >= 0)
		s->seeds = 1;
	s->budget = SECONDS(seconds);
	s->folder = opt(call, "--out");
	return NULL;
}

struct err *
verb_sim(struct call *call)
{
	struct simulation s = { .on_failure = on_failure };
	struct simulated result;

	TRY(read_options(call, &s));
	log_setup(LOG_LEVEL_MAX, false); /* what fails there fails on purpose */
	simulate(&s, &call->out, &result);
	if (result.failed > 0)
		call->exit = EXIT_FAILED;
	return NULL;
}
