/* SPDX-License-Identifier: Apache-2.0 */
/* Short texts with a form of their own: targets, scopes, hosts of addresses, words of
 * severity. */
#include "access/access.h"
#include "channel/transfer.h"
#include "fuzz.h"
#include "ingest/ingest.h"

static void
fuzz(struct ctx *cx, struct str in)
{
	const char *text = str_dup(&cx->mem, in), *host;
	struct target t, again;
	unsigned scopes, same;
	enum severity severity;

	if (target_parse(&cx->mem, in, &t)) {
		const char *print = target_print(&cx->mem, &t);
		assert(target_parse(&cx->mem, str_from(print), &again));
		assert(t.kind == again.kind && strcmp(t.id, again.id) == 0);
	}
	if (scopes_parse(cx, text, &scopes) == NULL) {
		assert(scopes != 0 && (scopes & ~SCOPES_ALL) == 0);
		assert(scopes_parse(cx, scopes_print(cx, scopes), &same) == NULL
		        && same == scopes);
	}
	if (transfer_host(cx, text, &host) == NULL)
		assert(host != NULL && host[0] != '\0');
	assert(!ingest_severity(in, &severity) || severity < SEVERITY_MAX);
}
