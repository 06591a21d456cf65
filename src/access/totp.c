/* SPDX-License-Identifier: Apache-2.0 */
#include "access/totp.h"

#include <ctype.h>
#include <inttypes.h>
#include <liboath/oath.h>
#include <sodium.h>
#include <stdlib.h>

#include "base/buf.h"

int64_t
totp_step(usec_t at)
{
	return at / TOTP_STEP;
}

struct err *
totp_code(struct ctx *cx, struct str secret, int64_t step, char out[TOTP_DIGITS + 1])
{
	int rc = oath_hotp_generate(secret.p, secret.len, (uint64_t)step, TOTP_DIGITS, false,
	        OATH_HOTP_DYNAMIC_TRUNCATION, out);

	if (rc != OATH_OK)
		return err_new(cx, ERR_BUG, "no one-time code: %s", oath_strerror(rc));
	return NULL;
}

/* "123 456" is how apps show it. Whatever is no code of six digits stays none. */
static bool
six_digits(const char *given, char out[TOTP_DIGITS])
{
	size_t n = 0;

	for (const char *p = given; *p != '\0'; p++) {
		if (*p == ' ')
			continue;
		if (!isdigit((unsigned char)*p) || n == TOTP_DIGITS)
			return false;
		out[n++] = *p;
	}
	return n == TOTP_DIGITS;
}

struct err *
totp_match(struct ctx *cx, struct str secret, usec_t now, const char *given, int64_t *ret_step)
{
	char want[TOTP_DIGITS + 1], got[TOTP_DIGITS];
	int64_t step = -1;

	*ret_step = -1;
	if (!six_digits(given, got))
		return NULL;
	for (int64_t at = totp_step(now) - TOTP_SKEW; at <= totp_step(now) + TOTP_SKEW; at++) {
		TRY(totp_code(cx, secret, at, want));
		if (sodium_memcmp(want, got, TOTP_DIGITS) == 0)
			step = at;
	}
	*ret_step = step;
	return NULL;
}

/* ---- as people see it ---- */

const char *
totp_secret_print(struct ctx *cx, struct str secret)
{
	char *text = NULL;
	size_t len = 0;

	if (oath_base32_encode(secret.p, secret.len, &text, &len) != OATH_OK)
		abort(); /* out of memory */
	const char *own = arena_strndup(&cx->mem, text, strcspn(text, "="));
	free(text);
	return own;
}

bool
totp_secret_parse(struct ctx *cx, const char *text, struct str *ret)
{
	char *bytes = NULL;
	size_t len = 0;

	if (oath_base32_decode(text, strlen(text), &bytes, &len) != OATH_OK)
		return false;
	char *own = arena_alloc(&cx->mem, len);
	memcpy(own, bytes, len);
	free(bytes);
	*ret = (struct str){ own, len };
	return true;
}

const char *
totp_uri(struct ctx *cx, const char *issuer, const char *account, const char *secret)
{
	struct buf out = BUF_INIT(&cx->mem, 4096);

	buf_puts(&out, "otpauth://totp/");
	buf_url(&out, issuer, "");
	buf_putc(&out, ':');
	buf_url(&out, account, "");
	buf_printf(&out, "?secret=%s&issuer=", secret);
	buf_url(&out, issuer, "");
	return buf_cstr(&out);
}
