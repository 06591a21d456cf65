/* SPDX-License-Identifier: Apache-2.0 */
/* Help, the manual page and completion, all from the table of verbs. */
#include "cli/verb.h"

#include <ctype.h>

static const char *const exits[] = {
	[EXIT_DONE] = "done",
	[EXIT_FAILED] = "failed",
	[EXIT_USAGE] = "wrong usage",
	[EXIT_NOT_FOUND] = "there is no such thing",
	[EXIT_CONFLICT] = "conflict: resolved already, or changed meanwhile",
	[EXIT_DENIED] = "not signed in, or not allowed",
	[EXIT_UNREACHED] = "the server or the database was not reached",
	[EXIT_CHECK_SAYS_NO] = "a check found something",
};

void
usage_line(struct buf *out, const struct verb *v)
{
	buf_printf(out, "tocsin %s%s%s%s%s", v->name, v->sub == NULL ? "" : " ",
	        v->sub == NULL ? "" : v->sub, v->args[0] == '\0' ? "" : " ", v->args);
	if (v->options[0].name != NULL)
		buf_puts(out, " [options]");
}

/* "-f, --file PATH" */
static const char *
option_text(struct ctx *cx, const struct option *o)
{
	const char *letter =
	        o->letter == 0 ? "    " : arena_printf(&cx->mem, "-%c, ", o->letter);

	return arena_printf(&cx->mem, "%s%s%s%s", letter, o->name, o->value == NULL ? "" : " ",
	        o->value == NULL ? "" : o->value);
}

static void
write_options(struct call *call, const struct option *o)
{
	for (; o->name != NULL; o++) {
		buf_printf(&call->out, "  %-30s %s", option_text(&call->cx, o), o->help);
		if (o->fallback != NULL)
			buf_printf(&call->out, " (default %s)", o->fallback);
		if (o->env != NULL)
			buf_printf(&call->out, " [%s]", o->env);
		buf_puts(&call->out, "\n");
	}
}

static void
write_verb(struct call *call, const struct verb *v)
{
	usage_line(&call->out, v);
	buf_printf(&call->out, "\n\n%c%s.\n", toupper((unsigned char)v->summary[0]),
	        v->summary + 1);
	if (v->more != NULL)
		buf_printf(&call->out, "\n%s", v->more);
	if (v->options[0].name != NULL) {
		buf_puts(&call->out, "\nOptions:\n");
		write_options(call, v->options);
	}
	buf_puts(&call->out, "\n");
}

static void
write_list(struct call *call)
{
	buf_puts(&call->out,
	        "Tocsin: incidents from the first signal to the last lesson.\n\n"
	        "tocsin VERB [ARGUMENT...] [options]\n\n");
	for (size_t i = 0; i < n_verbs; i++) {
		const struct verb *v = &verbs[i];
		buf_printf(&call->out, "  %-28s %s\n",
		        arena_printf(&call->cx.mem, "%s%s%s%s%s", v->name,
		                v->sub == NULL ? "" : " ", v->sub == NULL ? "" : v->sub,
		                v->args[0] == '\0' ? "" : " ", v->args),
		        v->summary);
	}
	buf_puts(&call->out, "\nEverywhere:\n");
	write_options(call, global_options);
	buf_puts(&call->out, "\n`tocsin help VERB` tells more.\n");
}

void
help_write(struct call *call, const char *verb)
{
	if (verb == NULL) {
		write_list(call);
		return;
	}
	for (size_t i = 0; i < n_verbs; i++)
		if (strcmp(verbs[i].name, verb) == 0)
			write_verb(call, &verbs[i]);
}

/* ---- for programs, and for docs/cli.md ---- */

static void
json_options(struct jsonw *w, const struct option *o)
{
	char letter[] = "-x";

	jsonw_key(w, "options");
	jsonw_array(w);
	for (; o->name != NULL; o++) {
		letter[1] = o->letter;
		jsonw_object(w);
		jsonw_member(w, "name", o->name);
		jsonw_member_opt(w, "letter", o->letter == 0 ? NULL : letter);
		jsonw_member_opt(w, "value", o->value);
		jsonw_member_opt(w, "env", o->env);
		jsonw_member_opt(w, "default", o->fallback);
		jsonw_member(w, "help", o->help);
		jsonw_end_object(w);
	}
	jsonw_end_array(w);
}

static void
json_verb(struct jsonw *w, const struct verb *v)
{
	jsonw_object(w);
	jsonw_member(w, "verb", v->name);
	jsonw_member_opt(w, "sub", v->sub);
	jsonw_member(w, "arguments", v->args);
	jsonw_member(w, "summary", v->summary);
	jsonw_member_opt(w, "more", v->more);
	json_options(w, v->options);
	jsonw_end_object(w);
}

static void
json_all(struct call *call)
{
	struct jsonw w = { .out = &call->out, .pretty = call->tty };

	jsonw_object(&w);
	jsonw_key(&w, "verbs");
	jsonw_array(&w);
	for (size_t i = 0; i < n_verbs; i++)
		json_verb(&w, &verbs[i]);
	jsonw_end_array(&w);
	json_options(&w, global_options);
	jsonw_key(&w, "exit_codes");
	jsonw_array(&w);
	for (size_t i = 0; i < NELEMS(exits); i++)
		jsonw_cstr(&w, exits[i]);
	jsonw_end_array(&w);
	jsonw_end_object(&w);
	buf_putc(&call->out, '\n');
}

struct err *
verb_help(struct call *call)
{
	if (call->json && call->n_args == 0) {
		json_all(call);
		return NULL;
	}
	help_write(call, call->n_args > 0 ? call->args[0] : NULL);
	if (call->out.len == 0)
		return err_field(
		        &call->cx, ERR_INVALID, "usage", "there is no verb %s", call->args[0]);
	return NULL;
}

/* ---- the manual page ---- */

/* A dash is a minus to roff unless it is escaped; a line may not begin with a dot. */
static void
roff(struct buf *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '-' || *text == '\\')
			buf_putc(out, '\\');
		buf_putc(out, *text);
	}
}

static void
man_options(struct buf *out, const struct option *o)
{
	for (; o->name != NULL; o++) {
		buf_puts(out, ".TP\n\\fB");
		if (o->letter != 0)
			buf_printf(out, "\\-%c\\fR, \\fB", o->letter);
		roff(out, o->name);
		buf_puts(out, "\\fR");
		if (o->value != NULL)
			buf_printf(out, " \\fI%s\\fR", o->value);
		buf_puts(out, "\n");
		roff(out, o->help);
		if (o->env != NULL)
			buf_printf(out, " [%s]", o->env);
		buf_puts(out, "\n");
	}
}

static void
man_examples(struct buf *out)
{
	buf_puts(out, ".SH EXAMPLES\n.nf\n");
	for (size_t i = 0; i < n_verbs; i++)
		if (verbs[i].more != NULL && strncmp(verbs[i].more, "tocsin ", 7) == 0)
			roff(out, verbs[i].more);
	buf_puts(out, ".fi\n");
}

void
man_write(struct buf *out)
{
	buf_puts(out,
	        ".TH TOCSIN 1 \"\" \"tocsin " TOCSIN_VERSION "\"\n.SH NAME\n"
	        "tocsin \\- incident management and on\\-call\n.SH SYNOPSIS\n"
	        "\\fBtocsin\\fR \\fIVERB\\fR [\\fIARGUMENT\\fR...] [\\fIOPTIONS\\fR]\n"
	        ".SH DESCRIPTION\nOne program is the server and its command line. Text goes "
	        "to a terminal, tab\\-separated lines to a pipe, JSON with \\-\\-json.\n"
	        ".SH VERBS\n");
	for (size_t i = 0; i < n_verbs; i++) {
		buf_puts(out, ".SS ");
		roff(out, verbs[i].name);
		if (verbs[i].sub != NULL)
			buf_printf(out, " %s", verbs[i].sub);
		buf_putc(out, ' ');
		roff(out, verbs[i].args);
		buf_puts(out, "\n");
		roff(out, verbs[i].summary);
		buf_puts(out, ".\n");
		man_options(out, verbs[i].options);
	}
	buf_puts(out, ".SH OPTIONS OF EVERY VERB\n");
	man_options(out, global_options);
	buf_puts(out, ".SH EXIT STATUS\n");
	for (size_t i = 0; i < NELEMS(exits); i++)
		buf_printf(out, ".TP\n%zu\n%s\n", i, exits[i]);
	man_examples(out);
}

struct err *
verb_man(struct call *call)
{
	man_write(&call->out);
	return NULL;
}

/* ---- completion ---- */

/* Asked at each press of the key, so it must not wait for a server that is far or gone. */
#define NUMBERS "timeout 0.2 tocsin incidents 2>/dev/null | cut -f1"

static void
words_of(struct buf *out, const struct option *o, const char *sep)
{
	for (; o->name != NULL; o++)
		buf_printf(out, "%s%s", sep, o->name);
}

static bool
is_first(size_t i)
{
	return i == 0 || strcmp(verbs[i].name, verbs[i - 1].name) != 0;
}

static bool
completes(const struct verb *v, const char *what)
{
	return v->complete != NULL && strcmp(v->complete, what) == 0;
}

/* What follows the first word of verbs that have two. */
static void
subs_of(struct buf *out, size_t i)
{
	for (const char *name = verbs[i].name; i < n_verbs && strcmp(verbs[i].name, name) == 0;
	        i++)
		if (verbs[i].sub != NULL)
			buf_printf(out, " %s", verbs[i].sub);
}

/* As one word of bash, zsh and fish. */
static void
quoted(struct buf *out, const char *text)
{
	buf_putc(out, '\'');
	for (; *text != '\0'; text++)
		if (*text == '\'')
			buf_puts(out, "'\\''");
		else
			buf_putc(out, *text);
	buf_putc(out, '\'');
}

/* Both shells ask with the verb, a blank, and the next word or nothing. */
static void
pattern(struct buf *out, const struct verb *v)
{
	buf_printf(out, "\t\"%s %s\"*)", v->name, v->sub == NULL ? "" : v->sub);
}

static void
bash(struct buf *out)
{
	buf_puts(out,
	        "_tocsin() {\n"
	        "\tlocal cur=${COMP_WORDS[COMP_CWORD]} verb=${COMP_WORDS[1]:-} words=\n"
	        "\tif [ \"$COMP_CWORD\" = 1 ]; then words='");
	for (size_t i = 0; i < n_verbs; i++)
		if (is_first(i))
			buf_printf(out, "%s%s", i == 0 ? "" : " ", verbs[i].name);
	buf_puts(out, "'\n\telif [ \"$COMP_CWORD\" = 2 ]; then case $verb in\n");
	for (size_t i = 0; i < n_verbs; i++)
		if (is_first(i) && verbs[i].sub != NULL) {
			buf_printf(out, "\t%s) words='", verbs[i].name);
			subs_of(out, i);
			buf_puts(out, "' ;;\n");
		}
	buf_puts(out,
	        "\tesac; fi\n"
	        "\tif [ -z \"$words\" ]; then case \"$verb ${COMP_WORDS[2]:-}\" in\n");
	for (size_t i = 0; i < n_verbs; i++) {
		pattern(out, &verbs[i]);
		buf_puts(out, " words='");
		words_of(out, verbs[i].options, " ");
		words_of(out, global_options, " ");
		buf_puts(out, "'");
		if (completes(&verbs[i], "incident"))
			buf_puts(out, "\n\t\t[[ $cur == -* ]] || words=$(" NUMBERS ")");
		buf_puts(out, " ;;\n");
	}
	buf_puts(out,
	        "\tesac; fi\n"
	        "\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n}\n"
	        "complete -o default -F _tocsin tocsin\n");
}

static void
zsh(struct buf *out)
{
	buf_puts(out, "#compdef tocsin\n_tocsin() {\n\tlocal -a verbs\n\tverbs=(\n");
	for (size_t i = 0; i < n_verbs; i++)
		if (is_first(i)) {
			buf_printf(out, "\t\t%s:", verbs[i].name);
			quoted(out, verbs[i].summary);
			buf_puts(out, "\n");
		}
	buf_puts(out,
	        "\t)\n\tif (( CURRENT == 2 )); then _describe verb verbs; return; fi\n"
	        "\tif (( CURRENT == 3 )); then case $words[2] in\n");
	for (size_t i = 0; i < n_verbs; i++)
		if (is_first(i) && verbs[i].sub != NULL) {
			buf_printf(out, "\t%s) compadd --", verbs[i].name);
			subs_of(out, i);
			buf_puts(out, "; return ;;\n");
		}
	buf_puts(out, "\tesac; fi\n\tcase \"$words[2] $words[3]\" in\n");
	for (size_t i = 0; i < n_verbs; i++) {
		pattern(out, &verbs[i]);
		buf_puts(out, " compadd --");
		words_of(out, verbs[i].options, " ");
		words_of(out, global_options, " ");
		if (completes(&verbs[i], "incident"))
			buf_puts(out, "; compadd -- ${(f)\"$(" NUMBERS ")\"}");
		buf_puts(out, completes(&verbs[i], "file") ? "; _files ;;\n" : " ;;\n");
	}
	buf_puts(out, "\tesac\n}\ncompdef _tocsin tocsin\n");
}

#define FISH_AFTER "complete -c tocsin -n '__fish_seen_subcommand_from %s' "

static void
fish_verb(struct buf *out, const struct verb *v)
{
	if (v->sub != NULL) {
		buf_printf(out, FISH_AFTER "-a %s -d ", v->name, v->sub);
		quoted(out, v->summary);
		buf_puts(out, "\n");
	}
	for (const struct option *o = v->options; o->name != NULL; o++) {
		buf_printf(out, FISH_AFTER "-l %s%s -d ", v->name, o->name + 2,
		        o->value == NULL ? "" : " -r");
		quoted(out, o->help);
		buf_puts(out, "\n");
	}
	if (completes(v, "incident"))
		buf_printf(out, FISH_AFTER "-a '(" NUMBERS ")'\n", v->name);
}

static void
fish(struct buf *out)
{
	buf_puts(out, "complete -c tocsin -f\n");
	for (size_t i = 0; i < n_verbs; i++) {
		if (is_first(i)) {
			buf_printf(out, "complete -c tocsin -n __fish_use_subcommand -a %s -d ",
			        verbs[i].name);
			quoted(out, verbs[i].summary);
			buf_puts(out, "\n");
		}
		fish_verb(out, &verbs[i]);
	}
}

struct err *
completion_write(struct ctx *cx, struct buf *out, const char *shell)
{
	static const struct {
		const char *name;
		void (*write)(struct buf *out);
	} shells[] = { { "bash", bash }, { "zsh", zsh }, { "fish", fish } };

	for (size_t i = 0; i < NELEMS(shells); i++)
		if (strcmp(shells[i].name, shell) == 0) {
			shells[i].write(out);
			return NULL;
		}
	return err_field(cx, ERR_INVALID, "usage", "completion is for bash, zsh or fish");
}

struct err *
verb_completion(struct call *call)
{
	return completion_write(&call->cx, &call->out, call->args[0]);
}
