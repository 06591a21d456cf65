/* SPDX-License-Identifier: Apache-2.0 */
/* Spans and instants: what parses prints, and what is printed parses back to the same. */
#include <stdlib.h>

#include "base/clock.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	char out[RFC3339_MAX > DURATION_MAX ? RFC3339_MAX : DURATION_MAX];
	usec_t first = 0, again = 0;

	if (duration_parse(text, &first)
	        && (!duration_parse(str_from(duration_print(first, out)), &again)
	                || again != first))
		abort();
	if (rfc3339_parse(text, &first)
	        && (!rfc3339_parse(str_from(rfc3339_print(first, out)), &again)
	                || again != first))
		abort();
	return 0;
}
