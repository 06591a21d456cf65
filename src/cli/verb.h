/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command line is a table of verbs. From a row come parsing, help, the man page and
 * completion; its function does the work, by the API of a server or on a database directly.
 */
#ifndef CLI_VERB_H
#define CLI_VERB_H

#include "api/home.h"
#include "base/json.h"

/* Exit codes: part of the interface (docs/cli.md). */
enum {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_NOT_FOUND = 3,
	EXIT_CONFLICT = 4,
	EXIT_DENIED = 5,
	EXIT_UNREACHED = 6,
	EXIT_CHECK_SAYS_NO = 7,
	EXIT_INTERRUPTED = 130,
};

struct option {
	const char *name;  /* "--source" */
	char letter;       /* 'f', or 0 */
	const char *value; /* what it takes, "PATH"; NULL: a flag */
	const char *env;   /* where its value comes from when it is not given, or NULL */
	const char *fallback;
	const char *help;
};

#define CALL_ARGS_MAX 256
#define CALL_OPTIONS_MAX 32

struct call;
typedef struct err *verb_fn(struct call *call);

struct verb {
	const char *name;
	const char *sub;  /* "create" of `token create`; NULL */
	const char *args; /* "INCIDENT...", "[SCHEDULE]", "" */
	size_t min_args, max_args;
	verb_fn *run;
	const struct option *options; /* ended by a row without a name */
	const char *summary;          /* one line */
	const char *more;             /* examples and remarks, or NULL */
	const char *complete; /* what arguments are: "incident", "schedule", "file"... */
};

struct call {
	struct ctx cx;
	const struct verb *verb;
	const char *args[CALL_ARGS_MAX];
	size_t n_args;
	struct {
		const struct option *option;
		const char *value; /* "" of a flag */
	} given[CALL_OPTIONS_MAX];
	size_t n_given;
	bool json;
	bool tty; /* standard output is a terminal */
	bool colour;
	const struct zone *zone; /* terminal_zone(), once it was asked for */
	int exit;                /* set by a verb that ends neither well nor with an error */
	struct buf out;          /* standard output, written at the end */
};

extern const struct verb verbs[];
extern const size_t n_verbs;
extern const struct option global_options[];

/* The whole program. Returns the exit code. */
int cli_main(int argc, char **argv);

/* Sets verb, arguments and options, which point into argv; ERR_INVALID of field "usage". */
MUST_USE struct err *cli_parse(struct call *call, int argc, char **argv);

/* The value of an option: given, from its variable, or its default; NULL when there is none. */
const char *opt(const struct call *call, const char *name);
bool opt_flag(const struct call *call, const char *name);

/* Whether the verb works on a database directly, and on which. */
bool works_offline(const struct call *call);
MUST_USE struct err *call_home(struct call *call, struct home *ret);

/* ---- the program's own words ---- */

void help_write(struct call *call, const char *verb); /* NULL: all verbs */
void man_write(struct buf *out);
MUST_USE struct err *completion_write(struct ctx *cx, struct buf *out, const char *shell);
void usage_line(struct buf *out, const struct verb *v);

verb_fn verb_serve, verb_apply, verb_export, verb_import, verb_import_ical, verb_config_log,
        verb_config_diff, verb_config_rollback, verb_rules_test, verb_policy_check, verb_oncall,
        verb_incidents, verb_show, verb_act, verb_page, verb_tail, verb_signal, verb_scenario,
        verb_sim, verb_token_create, verb_token_list, verb_token_revoke, verb_user_list,
        verb_user_password, verb_user_link, verb_user_factor, verb_login, verb_contact_list,
        verb_contact_code, verb_contact_test, verb_contact_verify, verb_feed_create,
        verb_feed_list, verb_feed_rotate, verb_feed_revoke, verb_integration_list,
        verb_integration_rotate, verb_integration_end_old_key, verb_sched_show, verb_sched_gaps,
        verb_sched_load, verb_sched_override, verb_sched_take, verb_sched_set, verb_sched_away,
        verb_sched_preview, verb_sched_swap, verb_sched_swaps, verb_sched_note,
        verb_report_response, verb_report_noise, verb_report_load, verb_say, verb_brief,
        verb_role, verb_split, verb_undo, verb_doctor, verb_backup, verb_restore, verb_archive,
        verb_db_copy, verb_openapi, verb_verify, verb_version, verb_help, verb_man,
        verb_completion;

#endif
