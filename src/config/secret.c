/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secrets: written plain, by the name of a variable or by the path of a file; kept sealed with
 * a key that is not in the database; shown to nobody.
 */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "config/codecs.h"

#define SECRET_MAX 4096

void
secret_decode(struct shape_reader *r, const struct json *v, void *ret)
{
	struct secret *s = ret;

	if (v->type == JSON_NULL)
		return;
	if (v->type == JSON_STRING && v->string.len > 0 && v->string.len <= SECRET_MAX) {
		s->plain = str_dup(r->mem, v->string);
		return;
	}
	if (v->type == JSON_OBJECT && v->object.n == 1
	        && v->object.members[0].value.type == JSON_STRING
	        && (json_get(v, "env") || json_get(v, "file") || json_get(v, "sealed"))) {
		s->stored = json_print(r->mem, v);
		return;
	}
	shape_fault(r, v,
	        "expected a secret: a text, {env: NAME}, {file: PATH}, or (kept) to keep it");
}

void
secret_encode(struct jsonw *w, const void *value)
{
	const struct secret *s = value;

	if (s->stored != NULL)
		jsonw_raw(w, str_from(s->stored));
}

/* ---- sealing ---- */

const char *
secret_seal(struct arena *a, const unsigned char *key, const char *plain)
{
	size_t len = strlen(plain),
	       boxed = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
	unsigned char *box = arena_alloc(a, boxed + len);
	size_t text_size =
	        sodium_base64_ENCODED_LEN(boxed + len, sodium_base64_VARIANT_ORIGINAL);
	char *text = arena_alloc(a, text_size);

	randombytes_buf(box, crypto_secretbox_NONCEBYTES);
	crypto_secretbox_easy(
	        box + crypto_secretbox_NONCEBYTES, (const unsigned char *)plain, len, box, key);
	sodium_bin2base64(text, text_size, box, boxed + len, sodium_base64_VARIANT_ORIGINAL);
	return arena_printf(a, "{\"sealed\":\"%s\"}", text);
}

/* NULL when the key is another or the text was changed. */
static const char *
open_seal(struct arena *a, const unsigned char *key, struct str text)
{
	size_t len = 0, over = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
	unsigned char *box = arena_alloc(a, text.len);

	if (sodium_base642bin(box, text.len, text.p, text.len, NULL, &len, NULL,
	            sodium_base64_VARIANT_ORIGINAL)
	                != 0
	        || len < over)
		return NULL;
	char *plain = arena_alloc(a, len - over + 1);
	if (crypto_secretbox_open_easy((unsigned char *)plain,
	            box + crypto_secretbox_NONCEBYTES, len - crypto_secretbox_NONCEBYTES, box,
	            key)
	        != 0)
		return NULL;
	return plain;
}

const char *
secret_unseal(struct ctx *cx, const unsigned char *key, const char *stored)
{
	struct json *v;
	struct err *e = json_parse(cx, str_from(stored), JSON_LIMITS_CONFIG, &v);

	err_ignore(e, "what does not read does not open");
	const struct json *sealed = e == NULL ? json_get(v, "sealed") : NULL;
	return sealed == NULL || sealed->type != JSON_STRING
	        ? NULL
	        : open_seal(&cx->mem, key, sealed->string);
}

/* The first line of a file, without its end. */
static const char *
read_secret_file(struct arena *a, const char *path)
{
	char line[SECRET_MAX];
	FILE *f = fopen(path, "re");

	if (f == NULL)
		return NULL;
	bool got = fgets(line, sizeof line, f) != NULL;
	fclose(f);
	if (!got)
		return NULL;
	line[strcspn(line, "\r\n")] = '\0';
	return arena_strdup(a, line);
}

/* ---- settling ---- */

static void
resolve(struct shape_reader *r, const struct json *v, const unsigned char *key,
        struct secret *s)
{
	const struct json *env = json_get(v, "env"), *file = json_get(v, "file");
	const struct json *sealed = json_get(v, "sealed");

	if (env != NULL)
		s->plain = arena_strdup(r->mem, getenv(env->string.p));
	if (file != NULL)
		s->plain = read_secret_file(r->mem, file->string.p);
	if (sealed != NULL && key != NULL)
		s->plain = open_seal(r->mem, key, sealed->string);
}

static void
keep(struct shape_reader *r, const struct json *v, const struct secret *before,
        struct secret *s)
{
	*s = (struct secret){ 0 };
	if (before == NULL || before->stored == NULL) {
		shape_fault(r, v, "there is nothing to keep: give the secret");
		return;
	}
	s->plain = arena_strdup(r->mem, before->plain);
	s->stored = arena_strdup(r->mem, before->stored);
}

bool
secret_is_sealed(const struct secret *s)
{
	return s != NULL && s->stored != NULL && strncmp(s->stored, "{\"sealed\"", 9) == 0;
}

void
secret_settle(struct shape_reader *r, const struct json *v, const unsigned char *key,
        const struct secret *before, struct secret *s)
{
	if (s->stored != NULL && v != NULL) {
		resolve(r, v, key, s);
		return;
	}
	if (s->plain == NULL)
		return;
	if (strcmp(s->plain, SECRET_KEPT) == 0) {
		keep(r, v, before, s);
		return;
	}
	bool same = secret_is_sealed(before) && str_null_safe_eq(before->plain, s->plain);
	s->stored = same ? arena_strdup(r->mem, before->stored)
	                 : secret_seal(r->mem, key, s->plain);
}

/* ---- hiding ---- */

static bool
is_sealed(const struct json *v)
{
	return v->type == JSON_OBJECT && v->object.n == 1
	        && str_is(v->object.members[0].key, "sealed");
}

const struct json *
secrets_hidden(struct ctx *cx, const struct json *body)
{
	struct json *copy = ARENA_NEW(&cx->mem, struct json);

	*copy = *body;
	if (is_sealed(body)) {
		copy->type = JSON_STRING;
		copy->string = STR(SECRET_KEPT);
	} else if (body->type == JSON_OBJECT) {
		copy->object.members =
		        ARENA_ARRAY(&cx->mem, body->object.n, struct json_member);
		for (size_t i = 0; i < body->object.n; i++) {
			copy->object.members[i] = body->object.members[i];
			copy->object.members[i].value =
			        *secrets_hidden(cx, &body->object.members[i].value);
		}
	}
	return copy;
}

const char *
body_shown(struct ctx *cx, const char *body)
{
	struct json *tree;

	if (body == NULL || json_parse(cx, str_from(body), JSON_LIMITS_CONFIG, &tree) != NULL)
		return NULL;
	return json_print(&cx->mem, secrets_hidden(cx, tree));
}
