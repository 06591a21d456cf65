/* SPDX-License-Identifier: Apache-2.0 */
/* From argv to a verb, and from its end to an exit code. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/client.h"
#include "cli/verb.h"

#define OUT_MAX (256 * 1024 * 1024)

/* ---- options ---- */

static const struct option *
find_in(const struct option *list, struct str name)
{
	for (; list->name != NULL; list++)
		if (str_is(name, list->name)
		        || (name.len == 2 && list->letter != 0 && name.p[1] == list->letter))
			return list;
	return NULL;
}

static const struct option *
find_option(const struct call *call, struct str name)
{
	const struct option *o = call->verb == NULL ? NULL : find_in(call->verb->options, name);

	return o != NULL ? o : find_in(global_options, name);
}

static struct err *
unknown_option(struct call *call, struct str name)
{
	const char *names[64];
	size_t n = 0;

	for (const struct option *o = global_options; o->name != NULL; o++)
		names[n++] = o->name;
	for (const struct option *o = call->verb->options; o->name != NULL && n < 64; o++)
		names[n++] = o->name;
	const char *near = str_nearest(name, names, n);
	return err_field(&call->cx, ERR_INVALID, "usage", "there is no option " STR_FMT "%s%s",
	        STR_ARG(name), near == NULL ? "" : "; did you mean ", near == NULL ? "" : near);
}

/* One option at argv[i]; sets i to the last word that belongs to it. */
static struct err *
take_option(struct call *call, int argc, char **argv, int *i)
{
	struct str rest = str_from(argv[*i]), name = str_cut(&rest, '=');
	bool joined = name.len < strlen(argv[*i]);
	const struct option *o = find_option(call, name);
	const char *value = "";

	if (o == NULL)
		return unknown_option(call, name);
	if (o->value == NULL && joined)
		return err_field(&call->cx, ERR_INVALID, "usage", "%s takes no value", o->name);
	if (o->value != NULL && joined)
		value = argv[*i] + name.len + 1;
	else if (o->value != NULL && *i + 1 < argc)
		value = argv[++*i];
	else if (o->value != NULL)
		return err_field(
		        &call->cx, ERR_INVALID, "usage", "%s needs a %s", o->name, o->value);
	if (call->n_given == CALL_OPTIONS_MAX)
		return err_field(&call->cx, ERR_INVALID, "usage", "too many options");
	call->given[call->n_given].option = o;
	call->given[call->n_given++].value = value;
	return NULL;
}

const char *
opt(const struct call *call, const char *name)
{
	const struct option *o = find_option(call, str_from(name));

	for (size_t i = call->n_given; i-- > 0;)
		if (strcmp(call->given[i].option->name, name) == 0)
			return call->given[i].value;
	const char *env = o == NULL || o->env == NULL ? NULL : getenv(o->env);
	if (env != NULL && env[0] != '\0')
		return env;
	return o == NULL ? NULL : o->fallback;
}

bool
opt_flag(const struct call *call, const char *name)
{
	return opt(call, name) != NULL;
}

/* ---- verbs ---- */

static bool
is_verb(const struct verb *v, const char *name, const char *sub)
{
	return strcmp(v->name, name) == 0
	        && (v->sub == NULL || (sub != NULL && strcmp(v->sub, sub) == 0));
}

static struct err *
no_such_verb(struct call *call, const char *name, const char *sub)
{
	struct buf subs = BUF_INIT(&call->cx.mem, 500);
	const char *names[100];
	size_t n = 0;

	for (size_t i = 0; i < n_verbs; i++) {
		names[n++] = verbs[i].name;
		if (strcmp(verbs[i].name, name) == 0)
			buf_printf(&subs, "%s%s %s", subs.len == 0 ? "" : ", ", name,
			        verbs[i].sub);
	}
	if (subs.len > 0)
		return err_field(&call->cx, ERR_INVALID, "usage", "%s%s%s: say one of %s", name,
		        sub == NULL ? "" : " ", sub == NULL ? "" : sub, buf_cstr(&subs));
	const char *near = str_nearest(str_from(name), names, n);
	return err_field(&call->cx, ERR_INVALID, "usage", "there is no verb %s%s%s%s", name,
	        near == NULL ? "; see `tocsin help`" : "; did you mean ",
	        near == NULL ? "" : near, near == NULL ? "" : "?");
}

/* The first words that are no options name the verb. Options may stand before it. */
static struct err *
find_verb(struct call *call, int argc, char **argv, int *ret_at)
{
	int at = 1;

	while (at < argc && argv[at][0] == '-') {
		const struct option *o = find_in(global_options, str_from(argv[at]));
		at += o != NULL && o->value != NULL ? 2 : 1;
	}
	*ret_at = at;
	if (at >= argc)
		return NULL;
	const char *sub = at + 1 < argc ? argv[at + 1] : NULL;
	for (size_t i = 0; i < n_verbs && call->verb == NULL; i++)
		if (is_verb(&verbs[i], argv[at], sub))
			call->verb = &verbs[i];
	if (call->verb == NULL)
		return no_such_verb(call, argv[at], sub);
	return NULL;
}

static struct err *
take_argument(struct call *call, const char *text)
{
	if (call->n_args == CALL_ARGS_MAX)
		return err_field(&call->cx, ERR_INVALID, "usage", "too many arguments");
	call->args[call->n_args++] = text;
	return NULL;
}

static struct err *
check_count(struct call *call)
{
	struct buf usage = BUF_INIT(&call->cx.mem, 1000);

	if (opt_flag(call, "--help")
	        || (call->n_args >= call->verb->min_args
	                && call->n_args <= call->verb->max_args))
		return NULL;
	usage_line(&usage, call->verb);
	return err_field(&call->cx, ERR_INVALID, "usage", "it is: %s", buf_cstr(&usage));
}

struct err *
cli_parse(struct call *call, int argc, char **argv)
{
	int verb_at, skip;
	bool only_args = false;

	TRY(find_verb(call, argc, argv, &verb_at));
	if (call->verb == NULL)
		call->verb = &verbs[n_verbs - 3]; /* help */
	skip = call->verb->sub != NULL ? 2 : 1;
	for (int i = 1; i < argc; i++) {
		if (i >= verb_at && i < verb_at + skip)
			continue;
		if (!only_args && strcmp(argv[i], "--") == 0)
			only_args = true;
		else if (!only_args && argv[i][0] == '-' && argv[i][1] != '\0')
			TRY(take_option(call, argc, argv, &i));
		else
			TRY(take_argument(call, argv[i]));
	}
	return check_count(call);
}

/* ---- ends ---- */

static int
code_of(const struct err *e)
{
	static const int codes[ERR_CODE_MAX] = { [ERR_INVALID] = EXIT_FAILED,
		[ERR_NOT_FOUND] = EXIT_NOT_FOUND,
		[ERR_CONFLICT] = EXIT_CONFLICT,
		[ERR_DENIED] = EXIT_DENIED,
		[ERR_LIMIT] = EXIT_FAILED,
		[ERR_UNAVAILABLE] = EXIT_UNREACHED,
		[ERR_BUG] = EXIT_FAILED };

	return str_null_safe_eq(e->field, "usage") ? EXIT_USAGE : codes[e->code];
}

static void
print_fault(const struct fault *f)
{
	if (f->file != NULL)
		fprintf(stderr, "%s:%u:%u: ", f->file, f->line, f->column);
	fprintf(stderr, "%s%s%s\n", f->pointer == NULL ? "" : f->pointer,
	        f->pointer == NULL || f->pointer[0] == '\0' ? "" : ": ", f->message);
}

static void
print_error(struct call *call, const struct err *e)
{
	if (e->faults == NULL || e->faults->n == 0) {
		fprintf(stderr, "tocsin: %s\n", err_text(&call->cx, e));
		return;
	}
	for (size_t i = 0; i < e->faults->n; i++)
		print_fault(&e->faults->items[i]);
	if (e->faults->dropped > 0)
		fprintf(stderr, "and %zu more\n", e->faults->dropped);
}

static void
flush_out(struct call *call)
{
	(void)fwrite(buf_cstr(&call->out), 1, call->out.len, stdout);
	fflush(stdout);
	buf_reset(&call->out);
}

static struct err *
run(struct call *call, int argc, char **argv)
{
	TRY(cli_parse(call, argc, argv));
	call->json = opt_flag(call, "--json");
	call->colour = call->tty && !opt_flag(call, "--no-color");
	if (opt_flag(call, "--help")) {
		help_write(call, call->verb->run == verb_help ? NULL : call->verb->name);
		return NULL;
	}
	return call->verb->run(call);
}

int
cli_main(int argc, char **argv)
{
	struct call call = { .exit = EXIT_DONE, .tty = isatty(STDOUT_FILENO) == 1 };

	ctx_init(&call.cx, NULL);
	call.out = BUF_INIT(&call.cx.mem, OUT_MAX);
	struct err *e = run(&call, argc, argv);
	flush_out(&call);
	if (e != NULL) {
		print_error(&call, e);
		call.exit = code_of(e);
	}
	client_close();
	ctx_close(&call.cx);
	return call.exit;
}

/* ---- without a server ---- */

bool
works_offline(const struct call *call)
{
	for (size_t i = 0; i < call->n_given; i++)
		if (strcmp(call->given[i].option->name, "--db") == 0)
			return true;
	for (size_t i = 0; i < call->n_given; i++)
		if (strcmp(call->given[i].option->name, "--url") == 0)
			return false;
	return getenv("TOCSIN_URL") == NULL && opt(call, "--db") != NULL;
}

struct err *
call_home(struct call *call, struct home *ret)
{
	const struct home_where where = { opt(call, "--db"), opt(call, "--key-file") };

	if (where.url == NULL)
		return err_field(&call->cx, ERR_INVALID, "usage",
		        "say which database: --db sqlite:PATH, or TOCSIN_DB");
	TRY(home_open(&call->cx, &where, ret));
	call->cx.actor = (struct actor){ ACTOR_SYSTEM, NULL, "cli", ROLE_OWNER };
	return NULL;
}
