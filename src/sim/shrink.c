/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a story of hundreds of sentences to the few that matter: runs of sentences are left out
 * as long as the same promise breaks, ever shorter runs, then lines of the blocks.
 */
#include "sim/simulate_priv.h"

#define PLAYS_MAX 1500

struct shrinking {
	struct ctx *cx;
	const char *breach;
	size_t plays;
};

/* The words up to the colon name the promise; what follows is the case. */
static bool
same_promise(const char *a, const char *b)
{
	size_t n = strcspn(a, ":");

	return a[n] == ':' ? strncmp(a, b, n) == 0 : strcmp(a, b) == 0;
}

static bool
breaks(struct shrinking *k, struct story *story)
{
	struct ctx cx;

	if (k->plays++ >= PLAYS_MAX)
		return false;
	ctx_init(&cx, NULL);
	struct ending e = story_play(&cx, story, true);
	bool yes = e.breach != NULL && same_promise(k->breach, e.breach);
	ctx_close(&cx);
	return yes;
}

static struct story
without(struct shrinking *k, const struct story *story, size_t from, size_t n)
{
	struct story less = { 0 };

	for (size_t i = 0; i < story->n; i++)
		if (i < from || i >= from + n)
			ARENA_PUSH(&k->cx->mem, less.items, less.n, less.cap) = story->items[i];
	return less;
}

static void
leave_out_sentences(struct shrinking *k, struct story *story)
{
	for (size_t run = story->n / 2; run > 0; run /= 2)
		for (size_t from = 1; from < story->n;) {
			struct story less = without(k, story, from, run);
			if (breaks(k, &less))
				*story = less;
			else
				from += run;
		}
}

static const char *
without_line(struct shrinking *k, const char *text, size_t line)
{
	struct buf out = BUF_INIT(&k->cx->mem, 256 * 1024);
	struct str rest = str_from(text);

	for (size_t i = 0; rest.len > 0; i++) {
		struct str row = str_cut(&rest, '\n');
		if (i == line)
			continue;
		buf_str(&out, row);
		buf_putc(&out, '\n');
	}
	return buf_cstr(&out);
}

static size_t
lines_of(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += *text == '\n';
	return n;
}

static void
leave_out_lines(struct shrinking *k, struct story *story)
{
	for (size_t i = 0; i < story->n; i++)
		for (size_t line = lines_of(story->items[i].text); line > 0; line--) {
			const char *before = story->items[i].text;
			story->items[i].text = without_line(k, before, line);
			if (!breaks(k, story))
				story->items[i].text = before;
		}
}

void
story_shrink(struct ctx *cx, struct story *story, const struct ending *ending)
{
	struct shrinking k = { .cx = cx, .breach = ending->breach };

	story->n = ending->at + 1;
	leave_out_sentences(&k, story);
	leave_out_lines(&k, story);
	leave_out_sentences(&k, story);
}

/* ---- as a file ---- */

static void
write_sentence(const struct sentence *s, struct buf *out)
{
	struct str rest = str_from(s->text), head = str_cut(&rest, '\n');

	buf_str(out, head);
	buf_puts(out, s->refused ? " refused \"\"\n" : "\n");
	while (rest.len > 0) {
		struct str line = str_cut(&rest, '\n');
		buf_str(out, line);
		buf_putc(out, '\n');
	}
	buf_puts(out, s->pages);
}

void
story_write(const struct story *story, const char *head, struct buf *out)
{
	buf_printf(out, "# %s\n", head);
	for (size_t i = 0; i < story->n; i++)
		write_sentence(&story->items[i], out);
}
