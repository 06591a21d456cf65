/* SPDX-License-Identifier: Apache-2.0 */
/* Drawing a story and playing it. */
#include "sim/chance.h"
#include "sim/simulate_priv.h"
#include "sim/tape.h"

#define SENTENCE_MAX (256 * 1024)
#define THOROUGH_EVERY 16

struct telling {
	struct ctx *cx; /* of whoever wants the ending */
	struct play p;
	struct tape *tape;
	size_t n_told; /* pages written down */
	usec_t began;
	struct ending ending;
};

/* ---- one sentence ---- */

/* What a person or a sender may be answered. Anything else is not their fault. */
static bool
is_answer(const struct err *e)
{
	return e->code != ERR_BUG;
}

static struct err *
run_sentence(struct telling *t, const struct sentence *s)
{
	struct script script;

	TRY(script_parse(&t->p.w.cx, "story", str_from(s->text), &script));
	t->p.s = &script.items[0];
	t->p.script = &script;
	const struct statement_kind *kind = script.n == 1 ? statement_kind_of(t->p.s) : NULL;
	if (kind == NULL)
		return err_new(&t->p.w.cx, ERR_BUG, "the simulator wrote: %s", s->text);
	return kind->run(&t->p);
}

static void
write_pages(struct telling *t, struct sentence *s)
{
	struct world *w = &t->p.w;
	struct buf out = BUF_INIT(&t->cx->mem, SENTENCE_MAX);

	for (; t->n_told < w->n_pages; t->n_told++) {
		struct delivered *d = &w->pages[t->n_told];
		d->expected = true;
		buf_printf(&out, "expect page %s %s%s%s\n", d->who, d->contact,
		        d->dedup_key[0] == '\0' ? "" : " ", d->dedup_key);
	}
	s->pages = buf_cstr(&out);
}

static void
breach(struct telling *t, size_t at, const struct err *e)
{
	t->ending.breach = arena_strdup(&t->cx->mem, err_text(&t->p.w.cx, e));
	t->ending.at = at;
}

/* False at the end of the story: a promise is broken. */
static bool
tell_one(struct telling *t, struct sentence *s, size_t at, bool thorough)
{
	struct err *e = run_sentence(t, s);

	if (at == 0)
		t->began = t->p.w.clock.at;
	s->refused = e != NULL;
	write_pages(t, s);
	t->ending.counts.statements++;
	if (e == NULL || is_answer(e))
		e = world_check(&t->p.w, thorough);
	if (e == NULL)
		return true;
	breach(t, at, e);
	return false;
}

/* ---- the whole ---- */

static struct err *
begin(struct telling *t)
{
	TRY(world_open(&t->p.w, "sqlite::memory:"));
	t->tape = tape_start(&t->p.w);
	return NULL;
}

static struct err *
replay(struct telling *t)
{
	struct ctx *cx = &t->p.w.cx;
	const char *digest, *again;

	TRY(db_begin(cx, t->p.w.db, DB_READ));
	struct err *e = record_digest(cx, &digest);
	db_rollback(cx);
	TRY(e);
	t->ending.digest = arena_strdup(&t->cx->mem, digest);
	TRY(tape_play(cx, t->tape, &again));
	if (strcmp(digest, again) == 0)
		return NULL;
	return err_new(
	        cx, ERR_CONFLICT, "a replay of the commands gives other rows: %s", again);
}

static void
end(struct telling *t, size_t n)
{
	struct world *w = &t->p.w;
	struct err *e = t->ending.breach == NULL ? replay(t) : NULL;

	if (e != NULL)
		breach(t, n == 0 ? 0 : n - 1, e);
	t->ending.counts.signals = (int64_t)w->n_sent;
	t->ending.counts.pages = (int64_t)w->n_pages;
	t->ending.counts.span = w->clock.at - t->began;
	tape_end(t->tape);
	world_close(w);
}

struct ending
story_play(struct ctx *cx, struct story *story, bool thorough)
{
	struct telling t = { .cx = cx };
	struct err *e = begin(&t);
	bool whole = true;

	if (e != NULL) {
		breach(&t, 0, e);
		return t.ending;
	}
	for (size_t i = 0; whole && i < story->n; i++)
		whole = tell_one(&t, &story->items[i], i,
		        thorough || i % THOROUGH_EVERY == 0 || i + 1 == story->n);
	end(&t, story->n);
	return t.ending;
}

static struct sentence *
add(struct story *story, struct ctx *cx, const char *text)
{
	ARENA_PUSH(&cx->mem, story->items, story->n, story->cap) =
	        (struct sentence){ .text = arena_strdup(&cx->mem, text), .pages = "" };
	return &story->items[story->n - 1];
}

static void
draw_next(struct chance *c, const struct telling *t, size_t i, size_t n, struct buf *out)
{
	buf_reset(out);
	if (i == 0) {
		buf_printf(out, "at 2026-%02u-%02u %02u:00", 1 + (unsigned)chance_below(c, 11),
		        1 + (unsigned)chance_below(c, 28), (unsigned)chance_below(c, 24));
	} else if (i == 1) {
		buf_puts(out, "apply\n");
		chance_organisation(c, out);
	} else if (i + 1 == n) {
		buf_puts(out, "advance 9d");
	} else {
		chance_statement(c, &t->p.w, out);
	}
}

struct ending
story_draw(struct ctx *cx, uint64_t seed, size_t n, struct story *ret)
{
	struct buf text = BUF_INIT(&cx->mem, SENTENCE_MAX);
	struct telling t = { .cx = cx };
	struct err *e = begin(&t);
	struct chance c;
	bool whole = e == NULL;

	*ret = (struct story){ 0 };
	if (e != NULL) {
		breach(&t, 0, e);
		return t.ending;
	}
	chance_begin(&c, seed);
	for (size_t i = 0; whole && i < n; i++) {
		draw_next(&c, &t, i, n, &text);
		struct sentence *s = add(ret, cx, buf_cstr(&text));
		whole = tell_one(&t, s, i, i % THOROUGH_EVERY == 0 || i + 1 == n);
		if (i == 1 && s->refused) {
			breach(&t, i,
			        err_new(cx, ERR_BUG, "the organisation is refused: seed"));
			whole = false;
		}
	}
	end(&t, ret->n);
	return t.ending;
}
