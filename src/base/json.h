/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON, and YAML as another way to write the same tree. Reading gives a tree in the arena whose
 * every node knows its line and column, so that one set of checks reports errors in requests
 * and in configuration files alike. Writing streams into a buffer.
 *
 * Reading is strict: valid UTF-8, no duplicate keys, no trailing bytes, no NaN, integers exact
 * in int64 (an integer outside is a JSON_REAL), depth and node count bounded. YAML: the core
 * schema's plain scalars (null, true/false, integers, floats; everything else is text, dates
 * too), no aliases, anchors, tags, merge keys or second documents.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/buf.h"
#include "base/ctx.h"

enum json_type {
	JSON_NULL,
	JSON_BOOL,
	JSON_INT,
	JSON_REAL,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT,
	JSON_TYPE_MAX,
};

extern const char *const json_type_names[JSON_TYPE_MAX]; /* "null", "boolean", "integer"... */

struct json {
	enum json_type type;
	uint32_t line, column; /* from 1 */
	uint32_t at, len;      /* where it stands in the text, in bytes; 0, 0 from YAML */
	union {
		bool boolean;
		int64_t integer;
		double real;
		struct str string; /* NUL-terminated too; an inner NUL (\u0000) is refused */
		struct {
			struct json *items;
			size_t n;
		} array;
		struct {
			struct json_member *members; /* in the order they were written */
			size_t n;
		} object;
	};
};

struct json_member {
	struct str key;
	uint32_t line, column; /* of the key */
	struct json value;
};

struct json_limits {
	size_t depth;     /* arrays and objects inside each other */
	size_t max_nodes; /* values in all */
};

#define JSON_LIMITS_REQUEST ((struct json_limits){ .depth = 32, .max_nodes = 200000 })
/* A request that carries documents, which may be as deep as any configuration. */
#define JSON_LIMITS_DRAFT ((struct json_limits){ .depth = 64, .max_nodes = 200000 })
#define JSON_LIMITS_CONFIG ((struct json_limits){ .depth = 64, .max_nodes = 20000000 })

/*
 * ERR_INVALID with one fault that has line, column and what was expected; ERR_LIMIT over a
 * limit. The tree points into cx's arena, not into text.
 */
MUST_USE struct err *json_parse(
        struct ctx *cx, struct str text, struct json_limits limits, struct json **ret);

/* file is for the faults. An empty document is an empty object. */
MUST_USE struct err *yaml_parse(struct ctx *cx, const char *file, struct str text,
        struct json_limits limits, struct json **ret);

/* The value as it was written in the text that json_parse read. */
static inline struct str
json_source(struct str text, const struct json *v)
{
	return (struct str){ text.p + v->at, v->len };
}

/* The member's value, or NULL when absent or when o is no object (or NULL). */
const struct json *json_get(const struct json *o, const char *key);

/* The text of a string, the printed form of a number or boolean, compact JSON of the rest; ""
 * for null and NULL. For labels and templates. */
const char *json_as_text(struct arena *a, const struct json *v);

bool json_equal(const struct json *a, const struct json *b); /* object order does not matter */

/* All of it in mem: no part points into what v was read from. */
const struct json *json_copy(struct arena *mem, const struct json *v);

/* ---- writing ---- */

/* Streams into out. Commas are its business; depth at most 64. */
struct jsonw {
	struct buf *out;
	bool pretty;     /* two blanks an indent */
	uint64_t filled; /* bit d: the container at depth d has a member */
	int depth;
	bool after_key;
};

#define JSONW(buffer) ((struct jsonw){ .out = (buffer) })

void jsonw_object(struct jsonw *w);
void jsonw_array(struct jsonw *w);
void jsonw_end_object(struct jsonw *w);
void jsonw_end_array(struct jsonw *w);
void jsonw_key(struct jsonw *w, const char *key);
void jsonw_key_str(struct jsonw *w, struct str key);
void jsonw_null(struct jsonw *w);
void jsonw_bool(struct jsonw *w, bool b);
void jsonw_int(struct jsonw *w, int64_t n);
void jsonw_real(struct jsonw *w, double n);
void jsonw_str(struct jsonw *w, struct str s);    /* invalid UTF-8 becomes U+FFFD */
void jsonw_cstr(struct jsonw *w, const char *s);  /* NULL writes null */
void jsonw_time(struct jsonw *w, usec_t at);      /* RFC 3339 */
void jsonw_raw(struct jsonw *w, struct str json); /* one complete value, already JSON */
void jsonw_tree(struct jsonw *w, const struct json *v);

/* Key and value in one; the _opt forms leave the member out for NULL or 0. */
void jsonw_member(struct jsonw *w, const char *key, const char *value);
void jsonw_member_opt(struct jsonw *w, const char *key, const char *value);
void jsonw_member_int(struct jsonw *w, const char *key, int64_t n);
void jsonw_member_bool(struct jsonw *w, const char *key, bool b);
void jsonw_member_time(struct jsonw *w, const char *key, usec_t at);
void jsonw_member_time_opt(struct jsonw *w, const char *key, usec_t at);
void jsonw_member_raw(struct jsonw *w, const char *key, const char *json); /* NULL: null */

/* The tree as compact JSON, in the arena. */
const char *json_print(struct arena *a, const struct json *v);

/* The tree as YAML, block style, strings quoted where plain would read as something else; what
 * yaml_parse reads back as an equal tree. */
void yaml_print(struct buf *out, const struct json *v);

#endif
