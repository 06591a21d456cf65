/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What another on-call product exported becomes documents of ours: pure, offline, nothing is
 * asked over a network and nothing is changed. The result is a set to review and to apply, and
 * a report that names every item of the export with its place and its fate.
 *
 * An export is a file or a folder. In a folder each NAME.json holds the answer of one call of
 * the product's API (docs/import.md has the names); NAME.PARAMETER.json the answer that belongs
 * to one user, team or policy; NAME-2.json further pages. A single file is an object whose
 * members are called as those files would be.
 */
#ifndef IMPORTER_IMPORTER_H
#define IMPORTER_IMPORTER_H

#include "config/config.h"

enum import_fate {
	IMPORT_TAKEN,    /* it is there, and means what it meant */
	IMPORT_CHANGED,  /* it is there, and differs as the reason says */
	IMPORT_LEFT_OUT, /* it is not there */
	IMPORT_FATE_MAX,
};

extern const char
        *const import_fate_names[IMPORT_FATE_MAX]; /* "taken", "changed", "left out" */

struct import_line {
	enum import_fate fate;
	const char *file; /* NULL: the export as a whole */
	uint32_t line, column;
	const char *what; /* "schedule/primary", "user Ann Archer" */
	const char *why;  /* "" when taken */
};

struct import_doc {
	enum kind kind;
	const char *id;
	const char *body; /* JSON */
};

struct import_result {
	struct import_doc *docs; /* in the order of the export */
	size_t n_docs, cap_docs;
	struct import_line *lines;
	size_t n_lines, cap_lines;
};

struct import_options {
	bool keys;        /* take over the keys of integrations: senders go on with them */
	const char *zone; /* for wall clocks whose export names no zone; NULL: UTC */
};

#define IMPORT_FILE_MAX (256 * 1024 * 1024) /* bytes of one export, all its files */
#define IMPORT_DOCS_MAX 100000

/* "victorops", "pagerduty", ...; NULL-terminated. */
extern const char *const import_vendor_names[];

/* ERR_NOT_FOUND: no such path; ERR_INVALID, with places: no such vendor, not JSON, or nothing
 * in it that this vendor exports. Everything lives in cx. */
MUST_USE struct err *import_read(struct ctx *cx, const char *vendor, const char *path,
        const struct import_options *options, struct import_result *ret);

/* The same from files that are in memory already. */
struct import_file {
	const char *name; /* "members.shop.json" */
	struct str text;
};
MUST_USE struct err *import_files(struct ctx *cx, const char *vendor,
        const struct import_file *files, size_t n, const struct import_options *options,
        struct import_result *ret);

/* ---- calendars ---- */

/* Whom the events of a calendar may name. */
struct import_person {
	const char *id, *name, *email; /* name and email may be NULL */
};

struct import_calendar {
	const char *name;     /* of the file or address, for the report */
	const char *schedule; /* whose overrides they become; or */
	const char *holidays; /* the id of a list of dates */
	bool whole;           /* nobody is on call but whom the calendar names */
	usec_t from, to;
	const struct zone *zone; /* of clocks without one; NULL: the calendar's own */
	const struct import_person *people;
	size_t n_people;
	const char *const *there; /* overrides whose ids are not to be used again */
	size_t n_there;
};

/* iCalendar into overrides, or into a list of holidays. ERR_INVALID, ERR_LIMIT. */
MUST_USE struct err *import_ical(struct ctx *cx, const struct import_calendar *how,
        struct str text, struct import_result *ret);

/*
 * Shifts, one a line, as overrides of the schedule: "2026-12-24 18:00 - 2026-12-25 08:00 ada".
 * The second day may be left out; tabs, commas and semicolons divide as well. Several people
 * are joined by "+"; "nobody" leaves the time to nobody. What is not understood is a line of
 * the report; blank lines and those that begin with # are passed over. ERR_INVALID, ERR_LIMIT.
 */
MUST_USE struct err *import_shifts(struct ctx *cx, const struct import_calendar *how,
        struct str text, struct import_result *ret);

/* The documents as sections of one tree (NULL section: all of them), for yaml_print. */
MUST_USE struct err *import_sections(struct ctx *cx, const struct import_result *result,
        const char *section, struct json **ret);

/* The report as text: a line an item, then the counts. */
void import_report(struct buf *out, const struct import_result *result);

#endif
