/* SPDX-License-Identifier: Apache-2.0 */
/* What the shape files share: elements of lists and maps, readers of single values. */
#ifndef BASE_SHAPE_PRIV_H
#define BASE_SHAPE_PRIV_H

#include "base/shape.h"

/* How many bytes an element of a LIST or MAP takes in the vector of its owner. */
size_t shape_element_size(const struct field *f);

/* The element as a field of its own: the same bounds for its text, none for the list's
 * length. */
struct field shape_element(const struct field *f);

#define SHAPE_SLUG_EXPECTED                                                                    \
	"expected an id of lower-case letters, digits and dashes, at most 63"

/* The most bytes of a text, or elements of a list, that the field takes. */
int64_t shape_ceiling(const struct field *f);

void shape_wrong_type(struct shape_reader *r, const struct json *v, const char *expected);

/* Reads v into *out, whose C type is that of the field's, or says a fault and leaves it. */
typedef void shape_read_fn(
        struct shape_reader *r, const struct field *f, const struct json *v, void *out);

shape_read_fn shape_read_string; /* every type of text: ids, addresses, zones, secrets */
shape_read_fn shape_read_ref;
shape_read_fn shape_read_int;
shape_read_fn shape_read_real;
shape_read_fn shape_read_bool;
shape_read_fn shape_read_duration;
shape_read_fn shape_read_time;
shape_read_fn shape_read_enum;

#endif
