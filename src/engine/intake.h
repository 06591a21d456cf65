/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signals in: rules, service, alert, incident. Here stands what a signal does to what is
 * already open, first of all that a signal on an open alert counts and never pages again.
 */
#ifndef ENGINE_INTAKE_H
#define ENGINE_INTAKE_H

#include "engine/engine.h"

/* A batch of signals from one integration, as ingest made it. Results are set by
 * intake_signals. */
struct intake {
	const char *integration; /* slug; NULL: by hand */
	enum mode mode;
	struct signal *signals; /* left as they are: rules change copies */
	size_t n;
	struct intake_result *results; /* n of them, provided by the caller */
	/* Set by intake_prepare: */
	const struct snapshot *prepared_with;
	struct prepared *prepared;
	const char *scope;        /* within which a dedup key means one condition */
	struct rule_taken *taken; /* the rules that were applied to any of the signals */
	size_t n_taken, cap_taken;
	/* The engine's own, see foresight.h: */
	const struct foresight *foresight;
	const struct known *known;
};

/* A rule, and how many of the signals it was applied to. */
struct rule_taken {
	size_t set;       /* its place in snapshot_rules */
	const char *rule; /* the snapshot's own text: compared by its address */
	const char *name; /* "set/rule", the request's */
	int64_t n;
};

struct intake_result {
	enum outcome outcome;
	int64_t signal_id;
	int64_t alert_id;    /* 0: none */
	int64_t incident_id; /* 0: none */
	const char *dedup_key;
};

/*
 * What needs the configuration and no row: rules, service, the text that is kept. May be done
 * before the command is queued, on the thread that read the signals, which takes that work off
 * the writer; the snapshot must live until the command is done. When the configuration has
 * changed meanwhile, intake_signals does it again.
 */
void intake_prepare(struct ctx *cx, const struct snapshot *s, struct intake *in);

/* Never refuses for want of configuration: what has no service goes to the catch-all, marked.
 */
MUST_USE struct err *intake_signals(struct ctx *cx, struct engine *e, struct intake *in);

/* As an engine_fn, arg is struct intake. */
MUST_USE struct err *intake_run(struct ctx *cx, struct engine *e, void *arg);

/* It is time to look: the alert counts as recovered unless it was heard of since. */
MUST_USE struct err *intake_expiry_due(struct ctx *cx, struct engine *e, const struct timer *t);

/* Keeps what an integration sent and was refused; the newest REJECTED_KEPT of each integration
 * stay. sample is cut to REJECTED_SAMPLE_MAX bytes. */
#define REJECTED_KEPT 50
#define REJECTED_SAMPLE_MAX 4096
struct rejection {
	const char *integration;
	int64_t status;
	const char *reason;
	struct str sample;
};
MUST_USE struct err *intake_reject(struct ctx *cx, struct engine *e, const struct rejection *r);
MUST_USE struct err *intake_reject_run(struct ctx *cx, struct engine *e, void *arg);

/* The pure decision: what a firing signal does. Exposed for its table test. */
struct firing_facts {
	bool alert_open;       /* an open alert with this key */
	bool has_incident;     /* and it belongs to an incident that is open */
	bool in_reopen_window; /* none open, but one resolved just now */
	bool rises;            /* the incident's urgency would go from low to high */
	bool repage_on_rise;
	enum severity severity;
};
enum outcome intake_decide(const struct firing_facts *f);

/* The normalised signal as a JSON object, with what rules changed: what is kept of it. */
struct str signal_json(
        struct ctx *cx, const struct signal *s, const struct rule_outcome *rules);

#endif
