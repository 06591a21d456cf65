/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets: what is sealed opens again to the same, and by no other key; damaged seals open to
 * nothing. */
#include "config/codecs.h"

#include "fuzz.h"

static const unsigned char key[32] = { 5 }, other_key[32] = { 6 };

static struct secret
settled(struct ctx *cx, const struct json *v, const unsigned char *with)
{
	struct faults faults = { 0 };
	struct shape_reader r;
	struct secret s = { 0 };

	shape_reader_init(&r, cx, NULL, &faults, NULL, "");
	secret_decode(&r, v, &s);
	secret_settle(&r, v, with, NULL, &s);
	return s;
}

static void
fuzz(struct ctx *cx, struct str in)
{
	struct json *tree;

	if (json_parse(cx, in, JSON_LIMITS_REQUEST, &tree) != NULL
	        || json_get(tree, "file") != NULL) /* would be opened */
		return;
	struct secret s = settled(cx, tree, key);
	if (tree->type != JSON_STRING || s.stored == NULL)
		return;
	struct json *stored;
	assert(json_parse(cx, str_from(s.stored), JSON_LIMITS_REQUEST, &stored) == NULL);
	struct secret again = settled(cx, stored, key);
	assert(again.plain != NULL && str_is(tree->string, again.plain));
	assert(settled(cx, stored, other_key).plain == NULL);
}
