/* SPDX-License-Identifier: Apache-2.0 */
/* RE2 behind three C functions. No exception leaves: RE2 throws none, and new that fails
 * aborts. */
#include <cstdio>
#include <new>

#include <re2/re2.h>

#include "rules/pattern.h"

struct pattern {
	RE2 re;

	pattern(const re2::StringPiece &text, const RE2::Options &options) : re(text, options)
	{
	}
};

#define PROGRAM_MAX (1 << 20) /* bytes of a compiled pattern */

extern "C" struct pattern *
pattern_new(const char *text, size_t len, char error[PATTERN_ERROR_MAX])
{
	RE2::Options options;

	if (len > PATTERN_MAX) {
		snprintf(error, PATTERN_ERROR_MAX, "a pattern has at most %d bytes",
		        PATTERN_MAX);
		return nullptr;
	}
	options.set_log_errors(false);
	options.set_max_mem(PROGRAM_MAX);
	options.set_dot_nl(true);
	pattern *p = new pattern(re2::StringPiece(text, len), options);
	if (p->re.ok())
		return p;
	snprintf(error, PATTERN_ERROR_MAX, "%s", p->re.error().c_str());
	delete p;
	return nullptr;
}

extern "C" void
pattern_free(struct pattern *p)
{
	delete p;
}

extern "C" bool
pattern_match(const struct pattern *p, const char *text, size_t len)
{
	return RE2::FullMatch(re2::StringPiece(text, len), p->re);
}
