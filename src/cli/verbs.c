/* SPDX-License-Identifier: Apache-2.0 */
/* The table of verbs. */
#include "cli/verb.h"

#define DEFAULT_URL "http://127.0.0.1:9110"
#define END                                                                                    \
	{                                                                                      \
		.name = NULL                                                                   \
	}
#define DB                                                                                     \
	{ "--db", 0, "URL", "TOCSIN_DB", NULL,                                                 \
		"work on this database without a server: sqlite:PATH or postgres://..." },     \
	{                                                                                      \
		"--key-file", 0, "PATH", "TOCSIN_KEY_FILE", NULL,                              \
		        "the key that seals secrets; made when absent"                         \
	}
#define NOTE                                                                                   \
	{                                                                                      \
		"--message", 'm', "TEXT", NULL, NULL, "a remark for the timeline"              \
	}

#define NO_CACHE                                                                               \
	{                                                                                      \
		"--no-cache", 0, NULL, NULL, NULL,                                             \
		        "neither keep the answer nor show a kept one when the server is down"  \
	}

const struct option global_options[] = {
	{ "--url", 0, "URL", "TOCSIN_URL", NULL, "the server (default " DEFAULT_URL ")" },
	{ "--token", 0, "TOKEN", "TOCSIN_TOKEN", NULL, "an API token; see `tocsin login`" },
	{ "--json", 0, NULL, NULL, NULL, "one JSON document instead of text" },
	{ "--no-color", 0, NULL, "NO_COLOR", NULL, "plain text on a terminal too" },
	{ "--help", 'h', NULL, NULL, NULL, "what a verb does and takes" },
	END,
};

static const struct option none[] = { END };
static const struct option db[] = { DB, END };

static const struct option serve[] = {
	{ "--db", 0, "URL", "TOCSIN_DB", "sqlite:var/tocsin.db",
	        "where the data is: sqlite:PATH or postgres://..." },
	{ "--key-file", 0, "PATH", "TOCSIN_KEY_FILE", NULL,
	        "the key that seals secrets; made when absent (PATH.key beside a SQLite database)" },
	{ "--listen", 0, "HOST:PORT", "TOCSIN_LISTEN", "127.0.0.1:9110", "where to answer" },
	{ "--node", 0, "NAME", "TOCSIN_NODE", NULL,
	        "its name among the servers of one database (default: MACHINE:PORT)" },
	{ "--base-url", 0, "URL", "TOCSIN_BASE_URL", NULL,
	        "as people reach this server; stands in the links of pages" },
	{ "--tls-cert", 0, "FILE", "TOCSIN_TLS_CERT", NULL,
	        "serve HTTPS with this certificate" },
	{ "--tls-key", 0, "FILE", "TOCSIN_TLS_KEY", NULL, "and this key" },
	{ "--smtp", 0, "URL", "TOCSIN_SMTP", NULL,
	        "the mail server: smtp://HOST:PORT (STARTTLS) or smtps://HOST" },
	{ "--smtp-user", 0, "NAME", "TOCSIN_SMTP_USER", NULL,
	        "sign in there; TLS is required then" },
	{ "--smtp-password-file", 0, "FILE", "TOCSIN_SMTP_PASSWORD_FILE", NULL,
	        "with the password in this file" },
	{ "--mail-from", 0, "ADDRESS", "TOCSIN_MAIL_FROM", NULL, "the sender of mails" },
	{ "--ca-file", 0, "FILE", "TOCSIN_CA_FILE", NULL,
	        "trust these authorities in outgoing TLS instead of the system's" },
	{ "--allow-private", 0, NULL, "TOCSIN_ALLOW_PRIVATE", NULL,
	        "webhooks may reach loopback and private addresses" },
	{ "--deadline", 0, "SPAN", "TOCSIN_DEADLINE", "30s",
	        "how long a whole request may take to arrive" },
	{ "--stuck-after", 0, "SPAN", "TOCSIN_STUCK_AFTER", "1m",
	        "a writer or sender that does not come round for so long is said by /readyz, and not to the watchdog" },
	{ "--memory", 0, "MIB", "TOCSIN_MEMORY", "256",
	        "memory for requests under way; what comes beyond is answered 503" },
	{ "--proxies", 0, "ADDRESSES", "TOCSIN_PROXIES", NULL,
	        "reverse proxies in front of this server, parted by commas: their X-Forwarded-For is believed" },
	{ "--connections-per-address", 0, "N", "TOCSIN_CONNECTIONS_PER_ADDRESS", "5000",
	        "what comes beyond is closed at once; loopback and --proxies may have any number" },
	{ "--session-span", 0, "SPAN", "TOCSIN_SESSION_SPAN", "14d",
	        "how long somebody stays signed in at most" },
	{ "--session-idle", 0, "SPAN", "TOCSIN_SESSION_IDLE", "7d",
	        "and without doing anything" },
	{ "--assets", 0, "DIR", "TOCSIN_ASSETS", NULL,
	        "read the web UI's files from this folder instead of those built in" },
	{ "--log", 0, "LEVEL", "TOCSIN_LOG", "info", "debug, info, warn or error" },
	{ "--log-json", 0, NULL, "TOCSIN_LOG_JSON", NULL, "log lines as JSON" },
	END,
};

static const struct option apply[] = {
	{ "--file", 'f', "PATH", NULL, NULL,
	        "a file, a folder, or - for standard input; may come several times" },
	{ "--dry-run", 0, NULL, NULL, NULL, "only say what would change" },
	{ "--prune", 0, NULL, NULL, NULL,
	        "remove what an earlier apply of the same --source brought and this one lacks" },
	{ "--source", 0, "NAME", NULL, NULL, "what this set is called" },
	{ "--message", 'm', "TEXT", NULL, NULL, "why; stands in the log" },
	DB,
	END,
};

static const struct option import_options[] = {
	{ "--output", 'o', "DIR", NULL, NULL,
	        "write a file a section and report.txt into this folder" },
	{ "--keys", 0, NULL, NULL, NULL,
	        "keep the keys of integrations, so that senders only change the host" },
	{ "--zone", 0, "ZONE", NULL, NULL,
	        "for schedules that name no time zone (default UTC)" },
	END,
};

static const struct option ical_options[] = {
	{ "--schedule", 0, "ID", NULL, NULL, "its events become overrides of this schedule" },
	{ "--whole", 0, NULL, NULL, NULL,
	        "temporary schedules instead: nobody is on call but whom the calendar names" },
	{ "--holidays", 0, "ID", NULL, NULL, "its whole days become this list of holidays" },
	{ "--file", 'f', "PATH", NULL, NULL,
	        "documents with the users, instead of asking the server" },
	{ "--from", 0, "TIME", NULL, NULL, "from here on: 2026-03-02 (default: now)" },
	{ "--to", 0, "TIME", NULL, NULL,
	        "and up to here (default: 90 days; holidays two years)" },
	{ "--zone", 0, "ZONE", NULL, NULL,
	        "of clocks that name none (default: the calendar's, else UTC)" },
	{ "--output", 'o', "DIR", NULL, NULL, "write into this folder" },
	END,
};

static const struct option history[] = {
	{ "--limit", 0, "N", NULL, "20", "how many" },
	END,
};

static const struct option rollback[] = {
	{ "--dry-run", 0, NULL, NULL, NULL, "only say what would change" },
	END,
};

static const struct option oncall[] = {
	{ "--at", 0, "TIME", NULL, NULL, "at another instant: 2026-03-02T10:00:00Z" },
	{ "--team", 0, "TEAM", NULL, NULL, "only this team's schedules" },
	NO_CACHE,
	END,
};

static const struct option policy_check[] = {
	{ "--at", 0, "TIME", NULL, NULL, "at another instant: 2026-03-02T10:00:00Z" },
	{ "--urgency", 0, "URGENCY", NULL, "high", "high or low" },
	END,
};

static const struct option rules_test[] = {
	{ "--file", 'f', "PATH", NULL, NULL,
	        "rule sets as files would make them; may come several times" },
	{ "--last", 0, "N", NULL, "200", "on so many of the newest stored signals; 0: none" },
	END,
};

#define SPAN                                                                                   \
	{ "--from", 0, "TIME", NULL, NULL, "2026-03-02T10:00:00Z (default: now)" },            \
	{                                                                                      \
		"--to", 0, "TIME", NULL, NULL, "until then (default: 14 days later)"           \
	}

static const struct option schedule_span[] = { SPAN, END };

static const struct option schedule_preview[] = {
	{ "--file", 'f', "PATH", NULL, NULL, "a file or a folder; may come several times" },
	SPAN,
	END,
};

#define TRIAL                                                                                  \
	{                                                                                      \
		"--dry-run", 0, NULL, NULL, NULL, "only say what would be different"           \
	}

static const struct option schedule_override[] = {
	{ "--replace", 0, "USER", NULL, NULL, "whose duty is taken (default: everybody's)" },
	{ "--with", 0, "USER", NULL, NULL, "who takes it (default: you)" },
	{ "--add", 0, "USER", NULL, NULL, "instead: who is on call too" },
	{ "--nobody", 0, NULL, NULL, NULL, "instead: nobody takes it" },
	{ "--message", 'm', "TEXT", NULL, NULL, "why" },
	TRIAL,
	END,
};

static const struct option schedule_set[] = {
	{ "--layer", 0, "NAME", NULL, NULL,
	        "of which layer (default: the first that has USER)" },
	TRIAL,
	END,
};

static const struct option schedule_swap[] = {
	{ "--with", 0, "USER", NULL, NULL, "offer it to this person (default: to all)" },
	{ "--user", 0, "USER", NULL, NULL, "whose duty it is (default: yours)" },
	{ "--from", 0, "TIME", NULL, NULL, "accept only from then" },
	{ "--to", 0, "TIME", NULL, NULL, "accept only until then" },
	{ "--message", 'm', "TEXT", NULL, NULL, "why" },
	END,
};

static const struct option schedule_away[] = {
	{ "--message", 'm', "TEXT", NULL, NULL, "why" },
	TRIAL,
	END,
};

static const struct option report[] = {
	{ "--from", 0, "TIME", NULL, NULL, "from here on (default: 30 days before --to)" },
	{ "--to", 0, "TIME", NULL, NULL, "and up to here (default: now)" },
	{ "--team", 0, "TEAM", NULL, NULL, "only this team's" },
	{ "--zone", 0, "ZONE", NULL, NULL,
	        "whose hours and weeks (default: the organisation's)" },
	{ "--csv", 0, NULL, NULL, NULL, "what the figures are made of, as CSV" },
	END,
};

static const struct option incidents[] = {
	{ "--state", 0, "STATE", NULL, "open",
	        "open, triggered, acknowledged, resolved or all" },
	{ "--service", 0, "SERVICE", NULL, NULL, "only this service" },
	{ "--team", 0, "TEAM", NULL, NULL, "only this team" },
	{ "--limit", 0, "N", NULL, "50", "how many" },
	NO_CACHE,
	END,
};

static const struct option act[] = {
	NOTE,
	{ "--yes", 'y', NULL, NULL, NULL, "do not ask when there are more than ten" },
	END,
};

static const struct option say[] = {
	{ "--at", 0, "TIME", NULL, NULL, "it happened then: 10m ago, or 2026-03-02T10:00:00Z" },
	END,
};

static const struct option brief[] = {
	{ "--status", 0, "TEXT", NULL, NULL, "how it is now" },
	{ "--impact", 0, "TEXT", NULL, NULL, "who feels it, and how" },
	{ "--theory", 0, "TEXT", NULL, NULL, "what we think it is" },
	{ "--next", 0, "TEXT", NULL, NULL, "what is done next" },
	{ "--by", 0, "TIME", NULL, NULL, "by when: in 30m, or 2026-03-02T10:00:00Z" },
	END,
};

static const struct option split[] = {
	{ "--title", 0, "TEXT", NULL, NULL, "of the new incident" },
	{ "--take", 0, NULL, NULL, NULL, "you take it: nobody is paged for it" },
	END,
};

static const struct option page[] = {
	{ "--severity", 0, "SEVERITY", NULL, "critical", "critical, error, warning or info" },
	{ "--details", 0, "TEXT", NULL, NULL, "what is known" },
	{ "--drill", 0, NULL, NULL, NULL, "a drill: every page says so, no figure counts it" },
	{ "--dry-run", 0, NULL, NULL, NULL, "only say who would be paged, and when" },
	END,
};

static const struct option tail[] = {
	{ "--after", 0, "N", NULL, NULL, "begin after this event" },
	END,
};

static const struct option signals[] = {
	{ "--key", 0, "KEY", "TOCSIN_KEY", NULL, "the integration's key" },
	{ "--service", 0, "SERVICE", NULL, NULL, "what it is about" },
	{ "--resolve", 0, NULL, NULL, NULL, "it has recovered" },
	END,
};

static const struct option scenario[] = {
	{ "--db", 0, "URL", NULL, NULL,
	        "on this PostgreSQL instead of a temporary SQLite file" },
	{ "--verbose", 'v', NULL, NULL, NULL, "the timeline also of what passed" },
	{ "--keep", 0, "FILE", NULL, NULL,
	        "keep what was played: a new database for serve --db sqlite:FILE" },
	END,
};

static const struct option sim[] = {
	{ "--seeds", 0, "N", NULL, "100", "how many worlds" },
	{ "--first", 0, "N", NULL, "1", "the first one's seed" },
	{ "--seed", 0, "N", NULL, NULL, "only this one" },
	{ "--statements", 0, "N", NULL, NULL, "how much happens in each (default: 120)" },
	{ "--seconds", 0, "N", NULL, NULL, "begin no further one after so long" },
	{ "--out", 'o', "FOLDER", NULL, NULL,
	        "cut what fails down to a scenario file in this folder" },
	END,
};

static const struct option user_factor[] = {
	{ "--remove", 0, NULL, NULL, NULL, "remove it: the password alone signs them in then" },
	DB,
	END,
};

static const struct option token_create[] = {
	{ "--user", 0, "ID", NULL, NULL, "who acts with it (default: you)" },
	{ "--name", 0, "TEXT", NULL, NULL, "what it is for" },
	{ "--scopes", 0, "WORDS", NULL, NULL,
	        "of \"read respond manage admin\" (default: all)" },
	{ "--expires", 0, "SPAN", NULL, NULL, "how long it lives: 90d (default: for ever)" },
	DB,
	END,
};

static const struct option db_copy[] = {
	{ "--from", 0, "URL", NULL, NULL, "read from this database" },
	{ "--to", 0, "URL", NULL, NULL, "write to this one; it must be empty" },
	END,
};

static const struct option feed_create[] = {
	{ "--own", 0, NULL, NULL, NULL, "only the owner's shifts" },
	{ "--remind", 0, "SPAN", NULL, NULL,
	        "remind before a shift of the owner: 1h; may come several times" },
	{ "--user", 0, "ID", NULL, NULL, "whose it is (default: you)" },
	END,
};

static const struct option integration_rotate[] = {
	{ "--grace", 0, "SPAN", NULL, NULL,
	        "how long the old key stays valid (default: 1d, at most 90d)" },
	END,
};

static const struct option contact[] = {
	{ "--user", 0, "ID", NULL, NULL, "whose (default: you)" },
	END,
};

static const struct option archive[] = {
	{ "--older-than", 0, "SPAN", NULL, NULL, "instead of what the organisation says: 90d" },
	{ "--dry-run", 0, NULL, NULL, NULL, "only count" },
	DB,
	END,
};

static const struct option verify[] = {
	{ "--archive", 0, "FOLDER", NULL, NULL, "check the files of `tocsin archive` as well" },
	DB,
	END,
};

const struct verb verbs[] = {
	{ "serve", NULL, "", 0, 0, verb_serve, serve, "run the server",
	        "tocsin serve --db sqlite:/var/lib/tocsin/tocsin.db --smtp smtp://mail:587\n",
	        NULL },
	{ "apply", NULL, "", 0, 0, verb_apply, apply, "apply documents, whole or not at all",
	        "tocsin apply -f oncall/ --source infra --prune --dry-run\n", NULL },
	{ "export", NULL, "", 0, 0, verb_export, db,
	        "the configuration as YAML that apply takes", NULL, NULL },
	{ "import", "ical", "FILE|URL", 1, 1, verb_import_ical, ical_options,
	        "a calendar as overrides of a schedule, or as holidays",
	        "tocsin import ical rota.ics --schedule primary -f oncall/ > overrides.yaml\n"
	        "tocsin import ical https://calendar.example/de.ics --holidays germany -o oncall/\n",
	        "file" },
	{ "import", NULL, "VENDOR FILE|FOLDER", 2, 2, verb_import, import_options,
	        "another product's export as documents to review and apply",
	        "tocsin import victorops export/ -o oncall/\n"
	        "tocsin import pagerduty export.json > oncall.yaml && tocsin apply -f oncall.yaml --dry-run\n"
	        "VENDOR: victorops, pagerduty, opsgenie, grafana-oncall or goalert. The report of what was\n"
	        "taken, changed and left out goes to standard error.\n",
	        "file" },
	{ "config", "log", "", 0, 0, verb_config_log, history, "who changed what, newest first",
	        NULL, NULL },
	{ "config", "diff", "[FROM [TO]]", 0, 2, verb_config_diff, none,
	        "what changed between two revisions (default: the last)", NULL, NULL },
	{ "config", "rollback", "REVISION [DOCUMENT]", 1, 2, verb_config_rollback, rollback,
	        "go back to an earlier revision, as a new one; or with one document only",
	        "tocsin config rollback 41 --dry-run\ntocsin config rollback 41 policy/payments\n",
	        NULL },
	{ "policy", "check", "POLICY", 1, 1, verb_policy_check, policy_check,
	        "who would be paged if nobody answered, and what is wrong with it",
	        "tocsin policy check payments --at 2026-03-07T03:00:00Z\n"
	        "Ends with 7 when something was found.\n",
	        NULL },
	{ "rules", "test", "", 0, 0, verb_rules_test, rules_test,
	        "what drafted rules would make of stored signals, and whether the cases hold",
	        "tocsin rules test\ntocsin rules test -f oncall/ --last 500\n"
	        "Ends with 7 when a case does not hold.\n",
	        NULL },
	{ "oncall", NULL, "[SCHEDULE]", 0, 1, verb_oncall, oncall, "who is on call",
	        "Ends with 7 when a schedule has nobody.\n", "schedule" },
	{ "sched", "show", "SCHEDULE", 1, 1, verb_sched_show, schedule_span,
	        "the shifts of a schedule; past ones as they were", NULL, "schedule" },
	{ "sched", "gaps", "SCHEDULE", 1, 1, verb_sched_gaps, schedule_span,
	        "when a schedule has nobody", "Ends with 7 when there is a gap.\n",
	        "schedule" },
	{ "sched", "load", "SCHEDULE", 1, 1, verb_sched_load, schedule_span,
	        "hours, nights and weekends of each, and what is wrong with a schedule",
	        "Ends with 7 when something passes the schedule's limits.\n", "schedule" },
	{ "sched", "override", "SCHEDULE FROM TO", 3, 3, verb_sched_override, schedule_override,
	        "give duty to somebody for a while",
	        "tocsin sched override payments '2026-03-06 18:00' '2026-03-08 18:00' --with bob\n",
	        "schedule" },
	{ "sched", "take", "SCHEDULE UNTIL", 2, 2, verb_sched_take, schedule_override,
	        "take duty, from now until then",
	        "tocsin sched take payments 2h\ntocsin sched take payments '2026-03-06 18:00'\n",
	        "schedule" },
	{ "sched", "set", "SCHEDULE USER", 2, 2, verb_sched_set, schedule_set,
	        "say whose turn it is now; the rotation goes on behind", NULL, "schedule" },
	{ "sched", "away", "USER FROM TO", 3, 3, verb_sched_away, schedule_away,
	        "say that somebody is away, and learn of the gaps that this leaves",
	        "tocsin sched away ada '2026-07-01' '2026-07-15' -m holidays\n", "user" },
	{ "sched", "preview", "SCHEDULE", 1, 1, verb_sched_preview, schedule_preview,
	        "a schedule as files would make it, and what would be different",
	        "tocsin sched preview payments -f oncall/ --to 2026-04-01T00:00:00Z\n",
	        "schedule" },
	{ "sched", "swap", "offer|accept|decline|withdraw ...", 2, 4, verb_sched_swap,
	        schedule_swap, "offer a time of your duty to others, or answer such an offer",
	        "tocsin sched swap offer payments '2026-03-07 09:00' '2026-03-08 09:00' --with bob\n"
	        "tocsin sched swap accept 4 --to '2026-03-07 21:00'\n"
	        "tocsin sched swap withdraw 4\n",
	        NULL },
	{ "sched", "swaps", "SCHEDULE", 1, 1, verb_sched_swaps, none, "swaps of a schedule",
	        NULL, "schedule" },
	{ "sched", "note", "SCHEDULE TEXT", 2, 2, verb_sched_note, none,
	        "leave a note to who comes on next", NULL, "schedule" },
	{ "incidents", NULL, "", 0, 0, verb_incidents, incidents, "list incidents", NULL,
	        NULL },
	{ "show", NULL, "INCIDENT", 1, 1, verb_show, none, "an incident and its timeline", NULL,
	        "incident" },
	{ "ack", NULL, "INCIDENT...", 1, CALL_ARGS_MAX, verb_act, act,
	        "acknowledge: it is yours, nobody else is paged",
	        "tocsin ack 12 13 -m 'looking'\ntocsin incidents --json | jq '.[].id' | tocsin ack -\n",
	        "incident" },
	{ "resolve", NULL, "INCIDENT...", 1, CALL_ARGS_MAX, verb_act, act,
	        "end it, and close its alerts", NULL, "incident" },
	{ "snooze", NULL, "INCIDENT SPAN", 2, 2, verb_act, act,
	        "acknowledge for a while; then page anew", "tocsin snooze 12 2h\n",
	        "incident" },
	{ "escalate", NULL, "INCIDENT...", 1, CALL_ARGS_MAX, verb_act, act,
	        "begin the next step of its policy now", NULL, "incident" },
	{ "reassign", NULL, "INCIDENT TARGET", 2, 2, verb_act, act,
	        "page somebody else instead", "tocsin reassign 12 user/dana\n", "incident" },
	{ "reroute", NULL, "INCIDENT [POLICY]", 1, 2, verb_act, act,
	        "begin anew by another policy (default: the service's of today)", NULL,
	        "incident" },
	{ "merge", NULL, "INCIDENT INTO", 2, 2, verb_act, act, "join it to another incident",
	        NULL, "incident" },
	{ "note", NULL, "INCIDENT TEXT", 2, 2, verb_act, none, "write on its timeline", NULL,
	        "incident" },
	{ "say", NULL, "INCIDENT TEXT", 2, 2, verb_say, say,
	        "write in its room; @NAME sends that person a notice",
	        "tocsin say 12 'rolled back, @bo please look'\n"
	        "tocsin say 12 'the first error in the log' --at 14m\n",
	        "incident" },
	{ "brief", NULL, "INCIDENT", 1, 1, verb_brief, brief,
	        "what is known, who does what; with options: change it",
	        "tocsin brief 12\n"
	        "tocsin brief 12 --status 'rolling back' --next 'look at errors' --by 15m\n",
	        "incident" },
	{ "role", NULL, "INCIDENT ROLE [USER|nobody]", 2, 3, verb_role, none,
	        "take a role, give it to somebody, or give it up",
	        "tocsin role 12 commander\ntocsin role 12 scribe dana\n"
	        "ROLE: commander, ops-lead, scribe, customer-liaison or internal-liaison.\n",
	        "incident" },
	{ "add", NULL, "INCIDENT TARGET", 2, 2, verb_act, act,
	        "page somebody in addition; the policy goes on",
	        "tocsin add 12 user/dana\ntocsin add 12 schedule/database\n", "incident" },
	{ "join", NULL, "INCIDENT...", 1, CALL_ARGS_MAX, verb_act, act,
	        "I am on it too: my pages stop", NULL, "incident" },
	{ "decline", NULL, "INCIDENT...", 1, CALL_ARGS_MAX, verb_act, act,
	        "I cannot: my pages stop, who is next is paged", NULL, "incident" },
	{ "watch", NULL, "INCIDENT...", 1, CALL_ARGS_MAX, verb_act, act,
	        "send me notices of what changes", NULL, "incident" },
	{ "unwatch", NULL, "INCIDENT...", 1, CALL_ARGS_MAX, verb_act, act,
	        "no notices any more", NULL, "incident" },
	{ "mitigate", NULL, "INCIDENT...", 1, CALL_ARGS_MAX, verb_act, act,
	        "the harm is over, the work is not", NULL, "incident" },
	{ "split", NULL, "INCIDENT ALERT...", 2, CALL_ARGS_MAX, verb_split, split,
	        "give alerts an incident of their own, which pages", "tocsin split 12 31 34\n",
	        "incident" },
	{ "undo", NULL, "INCIDENT", 1, 1, verb_undo, none,
	        "take back what was done to it last: merge, end, snooze, mitigated, acknowledgement",
	        "Refused when somebody changed it meanwhile.\n", "incident" },
	{ "page", NULL, "SERVICE|TARGET TITLE", 2, 2, verb_page, page,
	        "open an incident by hand",
	        "tocsin page checkout 'the site is down'\ntocsin page team/payments 'help' --dry-run\n",
	        "service" },
	{ "tail", NULL, "[INCIDENT]", 0, 1, verb_tail, tail, "follow what happens",
	        "Comes back by itself after a lost connection, and misses nothing.\n",
	        "incident" },
	{ "signal", NULL, "DEDUP-KEY SEVERITY [SUMMARY]", 1, 3, verb_signal, signals,
	        "send a signal, as a monitor would",
	        "tocsin signal --key KEY disk/web1 critical 'disk is full'\n"
	        "tocsin signal --key KEY disk/web1 --resolve\n",
	        NULL },
	{ "scenario", NULL, "FILE...", 1, CALL_ARGS_MAX, verb_scenario, scenario,
	        "test an organisation on a virtual clock",
	        "tocsin scenario tests/*.scn\n"
	        "tocsin scenario story.scn --keep story.db && tocsin serve --db sqlite:story.db\n",
	        "file" },
	{ "sim", NULL, "", 0, 0, verb_sim, sim,
	        "test Tocsin itself in worlds drawn at random, where everything goes wrong",
	        "tocsin sim --seeds 1000 --out found/\ntocsin sim --seed 17 --out .\n", NULL },
	{ "token", "create", "", 0, 0, verb_token_create, token_create,
	        "make an API token; prints it once, alone on a line", NULL, NULL },
	{ "token", "list", "", 0, 0, verb_token_list, db, "tokens that are there", NULL, NULL },
	{ "token", "revoke", "ID", 1, 1, verb_token_revoke, db, "revoke a token", NULL, NULL },
	{ "report", "response", "", 0, 0, verb_report_response, report,
	        "how long until a person had it, and until it was over",
	        "Drills, tests and merged incidents are left out; so are acknowledgements by machines.\n"
	        "Fewer than 10 values have no percentiles.\n",
	        NULL },
	{ "report", "noise", "", 0, 0, verb_report_noise, report,
	        "what pages people for nothing, worst first", NULL, NULL },
	{ "report", "load", "", 0, 0, verb_report_load, report,
	        "hours on call, pages and broken nights of each",
	        "Nights are told to the person and to administrators.\n", NULL },
	{ "feed", "create", "SUBJECT", 1, 1, verb_feed_create, feed_create,
	        "a calendar to subscribe to; prints its secret address once",
	        "tocsin feed create user/alice --remind 1h --remind 1d\n"
	        "tocsin feed create schedule/primary\ntocsin feed create team/payments --own\n",
	        NULL },
	{ "feed", "list", "", 0, 0, verb_feed_list, none, "calendars that are there", NULL,
	        NULL },
	{ "feed", "rotate", "ID", 1, 1, verb_feed_rotate, none,
	        "give a calendar another address; the old one ends", NULL, NULL },
	{ "feed", "revoke", "ID", 1, 1, verb_feed_revoke, none, "revoke a calendar", NULL,
	        NULL },
	{ "integration", "list", "", 0, 0, verb_integration_list, none,
	        "what each integration heard: its last signal, how many, what was refused",
	        NULL, NULL },
	{ "integration", "rotate", "ID", 1, 1, verb_integration_rotate, integration_rotate,
	        "give an integration a new key; prints it once",
	        "The old key stays valid for a while, so that senders can be changed one by one.\n"
	        "tocsin integration rotate prometheus --grace 1w\n",
	        NULL },
	{ "integration", "end-old-key", "ID", 1, 1, verb_integration_end_old_key, none,
	        "end the key that was replaced", NULL, NULL },
	{ "contact", "list", "", 0, 0, verb_contact_list, contact,
	        "ways to reach you, and which of them are verified", NULL, NULL },
	{ "contact", "code", "CONTACT", 1, 1, verb_contact_code, contact,
	        "have a verification code sent to one of them",
	        "tocsin contact code mail\ntocsin contact verify mail 123456\n", NULL },
	{ "contact", "verify", "CONTACT CODE", 2, 2, verb_contact_verify, contact,
	        "verify it by the code that came", NULL, NULL },
	{ "contact", "test", "CONTACT", 1, 1, verb_contact_test, contact,
	        "have a test sent to it that asks for no answer", NULL, NULL },
	{ "user", "list", "", 0, 0, verb_user_list, db, "users, their roles and contacts", NULL,
	        NULL },
	{ "user", "password", "ID", 1, 1, verb_user_password, db,
	        "set a password, read from the terminal or standard input", NULL, "user" },
	{ "user", "link", "ID", 1, 1, verb_user_link, db, "a link that signs somebody in once",
	        NULL, "user" },
	{ "user", "factor", "ID", 1, 1, verb_user_factor, user_factor,
	        "whether somebody has a second factor; --remove for who lost theirs",
	        "tocsin user factor alice\ntocsin user factor alice --remove\n", "user" },
	{ "login", NULL, "[URL]", 0, 1, verb_login, none,
	        "sign in and keep a token for later commands", NULL, NULL },
	{ "doctor", NULL, "", 0, 0, verb_doctor, db,
	        "look for what would keep people from being paged",
	        "Ends with 7 when something was found.\n", NULL },
	{ "backup", NULL, "FILE", 1, 1, verb_backup, db,
	        "copy a SQLite database while it is in use",
	        "tocsin backup tocsin-$(date +%F).db\n"
	        "Without --db the server makes the copy and sends it.\n",
	        "file" },
	{ "restore", NULL, "FILE", 1, 1, verb_restore, db,
	        "make a SQLite database of a backup, and verify it",
	        "tocsin restore backup.db --db sqlite:/var/lib/tocsin/tocsin.db\n", "file" },
	{ "archive", NULL, "FOLDER", 1, 1, verb_archive, archive,
	        "move the record of incidents that were resolved long ago into files",
	        "tocsin archive /var/lib/tocsin/archive --db sqlite:/var/lib/tocsin/tocsin.db\n"
	        "How long ago is said by `keep` of the organisation; without it nothing is moved.\n",
	        "file" },
	{ "db", "copy", "", 0, 0, verb_db_copy, db_copy,
	        "everything into another, empty database, of either engine",
	        "tocsin db copy --from sqlite:tocsin.db --to postgres://tocsin@db1/tocsin\n"
	        "Stop the servers first. Start them again with --db TO and the same --key-file: the "
	        "key that seals secrets is not in the database.\n",
	        NULL },
	{ "verify", NULL, "", 0, 0, verb_verify, verify,
	        "check the hash chain of every incident's record",
	        "tocsin verify --db sqlite:tocsin.db --archive /var/lib/tocsin/archive\n"
	        "Ends with 7 when the record was changed. Without --db the server looks at its own.\n",
	        NULL },
	{ "openapi", NULL, "", 0, 0, verb_openapi, none,
	        "the description of the API, OpenAPI 3.1 as JSON", NULL, NULL },
	{ "version", NULL, "", 0, 0, verb_version, none, "which Tocsin this is", NULL, NULL },
	{ "help", NULL, "[VERB]", 0, 2, verb_help, none, "what a verb does and takes", NULL,
	        "verb" },
	{ "man", NULL, "", 0, 0, verb_man, none, "the manual page, for `man -l -`", NULL,
	        NULL },
	{ "completion", NULL, "bash|zsh|fish", 1, 1, verb_completion, none,
	        "completion for a shell", "source <(tocsin completion bash)\n", NULL },
};
const size_t n_verbs = NELEMS(verbs);
