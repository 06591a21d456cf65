/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A shape is a const table that says how a struct looks as JSON: request bodies, answers and
 * configuration kinds are all declared this way. From the same table come decoding with every
 * fault located, encoding, the OpenAPI schema and the help text.
 *
 * Storage by type:
 *   STRING TEXT SLUG EMAIL URL ZONE REF  const char *      (NULL when absent)
 *   SECRET                               const char *      (never encoded: "(kept)" is written)
 *   INT                                  int64_t
 *   REAL                                 double
 *   BOOL                                 bool
 *   DURATION                             usec_t            ("5m")
 *   TIME                                 usec_t            (RFC 3339)
 *   ENUM                                 int               (index into names)
 *   JSON                                 const struct json * (any value, kept as it is)
 *   OBJECT                               the sub-struct itself, inline
 *   LIST                                 struct vec of the element's storage
 *   MAP                                  struct vec of sub-structs whose first member is
 *                                        `const char *id` (the key); scalars: struct pair
 *   CUSTOM                               whatever decode and encode of the field agree on
 */
#ifndef BASE_SHAPE_H
#define BASE_SHAPE_H

#include "base/json.h"

enum field_type {
	FIELD_STRING, /* one line */
	FIELD_TEXT,   /* several lines */
	FIELD_SLUG,
	FIELD_EMAIL,
	FIELD_URL,
	FIELD_ZONE, /* its syntax only; that the zone exists is checked above */
	FIELD_REF,  /* field.ref names the kind, "user": the bare id or "user/alice" */
	FIELD_SECRET,
	FIELD_INT,
	FIELD_REAL,
	FIELD_BOOL,
	FIELD_DURATION,
	FIELD_TIME,
	FIELD_ENUM,
	FIELD_JSON,
	FIELD_OBJECT,
	FIELD_LIST,
	FIELD_MAP,
	FIELD_CUSTOM,
	FIELD_TYPE_MAX,
};

enum field_flag {
	FIELD_REQUIRED = 1 << 0,
	FIELD_NULLABLE = 1 << 1,  /* null is accepted and means absent */
	FIELD_OUTPUT = 1 << 2,    /* written, refused on input */
	FIELD_SLUG_KEYS = 1 << 3, /* MAP: the keys are slugs */
};

struct vec {
	void *items;
	size_t n;
};

/* Whether a list of texts has this one; none has NULL. */
bool vec_names(const struct vec *texts, const char *text);

struct pair {
	const char *id;
	const char *value;
};

struct shape;
struct shape_reader;

struct field {
	const char *name;
	enum field_type type;
	unsigned flags;
	size_t offset;
	int64_t min, max; /* numbers and durations: bounds; texts: bytes; LIST and MAP: items.
	                max 0: the type's own ceiling (texts 1024, TEXT 65536, lists 1000) */
	const char *const *names; /* ENUM: values, NULL-terminated; NULL entries before the end
	                             are not allowed */
	const struct shape *sub;  /* OBJECT, and LIST or MAP of objects */
	enum field_type of;   /* LIST and MAP without sub: the element's type (texts, refs) */
	const char *ref;      /* REF */
	const char *fallback; /* default as JSON text, decoded when absent; NULL: zero */
	void (*decode)(struct shape_reader *r, const struct json *v, void *ret); /* CUSTOM */
	void (*encode)(struct jsonw *w, const void *value);                      /* CUSTOM */
	const char *schema; /* CUSTOM: its JSON Schema as JSON text */
	const char *help;   /* one sentence */
};

struct shape {
	const char *name; /* of the OpenAPI component: "Incident" */
	size_t size;
	const struct field *fields;
	size_t n_fields;
	const char *help;
};

#define SHAPE(shape_name, type, table, text)                                                   \
	{                                                                                      \
		.name = (shape_name), .size = sizeof(type), .fields = (table),                 \
		.n_fields = NELEMS(table), .help = (text)                                      \
	}

/* A decoding in progress; CUSTOM decoders report faults through it. */
struct shape_reader {
	struct ctx *cx;
	struct arena *mem; /* what is decoded goes here */
	struct faults *faults;
	const char *file; /* for faults, or NULL */
	struct buf path;  /* the JSON pointer of the value being read */
};

/* base: where the tree stands in its document, "" or "/users/alice". mem NULL: cx->mem. */
void shape_reader_init(struct shape_reader *r, struct ctx *cx, struct arena *mem,
        struct faults *faults, const char *file, const char *base);

/* A fault at v, under the reader's path. */
void shape_fault(struct shape_reader *r, const struct json *v, const char *fmt, ...)
        PRINTF(3, 4);

/* Steps into a member or item for the faults below it, and out again. */
size_t shape_enter(struct shape_reader *r, struct str key);
size_t shape_enter_index(struct shape_reader *r, size_t i);
void shape_leave(struct shape_reader *r, size_t mark);

/*
 * Decodes v into out (shape->size bytes, zeroed first). All faults are reported, not the first:
 * unknown members with the nearest valid name, missing required ones, wrong types, bounds.
 * Texts are copied into r->mem. Returns false when this value had faults.
 */
bool shape_decode(
        struct shape_reader *r, const struct shape *shape, const struct json *v, void *out);

/* Decoding of a request body in one call. ERR_INVALID with the faults. */
MUST_USE struct err *shape_read(
        struct ctx *cx, const struct shape *shape, const struct json *v, void *out);

/* Writes one object. Absent (NULL, empty list, value equal to the default) members are left
 * out, unless they are required. */
void shape_encode(struct jsonw *w, const struct shape *shape, const void *value);

/* The JSON Schema (2020-12) of the shape; sub-shapes by "#/components/schemas/NAME". */
void shape_schema(struct jsonw *w, const struct shape *shape);

/* The member "fields" of the object being written: the table itself, in its order. */
void shape_describe(struct jsonw *w, const struct shape *shape);

/* Visits every value of type REF (also inside lists, maps, objects), with its JSON pointer. */
typedef void shape_ref_fn(
        void *arg, const char *pointer, const struct field *f, const char *ref);
void shape_refs(struct ctx *cx, const struct shape *shape, const void *value, shape_ref_fn *fn,
        void *arg);

/* "/name" of a pointer: as RFC 6901 wants it, "~" and "/" inside a name are "~0" and "~1". */
void buf_pointer(struct buf *out, struct str key);

#endif
