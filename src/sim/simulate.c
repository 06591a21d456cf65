/* SPDX-License-Identifier: Apache-2.0 */
/* Seed after seed; what fails is cut down and kept. */
#include "sim/simulate.h"

#include <inttypes.h>
#include <stdio.h>

#include "sim/simulate_priv.h"

#define STATEMENTS 120
#define STORY_FILE_MAX (1024 * 1024)
#define AGAIN_EVERY 8 /* seeds: the others are told once only */

struct seed {
	const struct simulation *s;
	struct ctx cx;
	uint64_t number;
	struct story story;
	struct ending ending;
};

/* The same seed must come to the same bytes. */
static void
tell_again(struct seed *d, size_t statements)
{
	struct story second;
	struct ending again = story_draw(&d->cx, d->number, statements, &second);

	if (d->ending.breach == NULL && again.breach == NULL
	        && strcmp(d->ending.digest, again.digest) != 0)
		d->ending.breach = "the same seed came to two ends: digests differ";
}

static const char *
save(struct seed *d)
{
	struct buf text = BUF_INIT(&d->cx.mem, STORY_FILE_MAX);
	const char *path =
	        arena_printf(&d->cx.mem, "%s/seed-%" PRIu64 ".scn", d->s->folder, d->number);
	FILE *f = fopen(path, "we");

	if (f == NULL)
		return arena_printf(&d->cx.mem, "cannot write %s: %m", path);
	story_write(&d->story,
	        arena_printf(&d->cx.mem, "Seed %" PRIu64 ": %s", d->number, d->ending.breach),
	        &text);
	fputs(buf_cstr(&text), f);
	fclose(f);
	return path;
}

static void
tell_failure(struct seed *d, struct buf *out)
{
	struct buf text = BUF_INIT(&d->cx.mem, 4096);

	buf_printf(&text, "seed %" PRIu64 ", statement %zu: %s\n", d->number, d->ending.at + 1,
	        d->ending.breach);
	if (d->s->folder != NULL) {
		story_shrink(&d->cx, &d->story, &d->ending);
		struct ending e = story_play(&d->cx, &d->story, true);
		if (e.breach != NULL)
			d->ending.breach = e.breach;
		buf_printf(
		        &text, "  as a scenario of %zu statements: %s\n", d->story.n, save(d));
	}
	if (d->s->on_failure != NULL)
		d->s->on_failure(d->s->arg, buf_cstr(&text));
	else
		buf_puts(out, buf_cstr(&text));
}

static void
count(struct simulated *ret, const struct ending *e)
{
	ret->passed += e->breach == NULL;
	ret->failed += e->breach != NULL;
	ret->statements += e->counts.statements;
	ret->signals += e->counts.signals;
	ret->pages += e->counts.pages;
	ret->virtual_time += e->counts.span;
}

static void
one_seed(const struct simulation *s, uint64_t number, struct buf *out, struct simulated *ret)
{
	struct seed d = { .s = s, .number = number };
	size_t n = s->statements == 0 ? STATEMENTS : (size_t)s->statements;

	ctx_init(&d.cx, NULL);
	d.ending = story_draw(&d.cx, number, n, &d.story);
	if (number % AGAIN_EVERY == 0)
		tell_again(&d, n);
	count(ret, &d.ending);
	if (d.ending.breach != NULL)
		tell_failure(&d, out);
	ctx_close(&d.cx);
}

void
simulate(const struct simulation *s, struct buf *out, struct simulated *ret)
{
	usec_t began = clock_mono();
	char span[DURATION_MAX];

	*ret = (struct simulated){ 0 };
	for (int64_t i = 0; i < s->seeds; i++) {
		if (s->budget != 0 && clock_mono() - began > s->budget)
			break;
		one_seed(s, s->first + (uint64_t)i, out, ret);
	}
	buf_printf(out,
	        "%" PRId64 " statements, %" PRId64 " signals, %" PRId64
	        " pages in %s of virtual time\n%" PRId64 " passed, %" PRId64 " failed\n",
	        ret->statements, ret->signals, ret->pages,
	        duration_print(ret->virtual_time / DAYS(1) * DAYS(1), span), ret->passed,
	        ret->failed);
}
