/* SPDX-License-Identifier: Apache-2.0 */
/* Elements of lists and maps. Of the shape files only. */
#ifndef BASE_SHAPE_PRIV_H
#define BASE_SHAPE_PRIV_H

#include "base/shape.h"

/* How many bytes an element of a LIST or MAP takes in the vector of its owner. */
size_t shape_element_size(const struct field *f);

/* The element as a field of its own: the same bounds for its text, none for the list's
 * length. */
struct field shape_element(const struct field *f);

#endif
