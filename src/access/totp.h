/* SPDX-License-Identifier: Apache-2.0 */
/* One-time codes of authenticator apps (RFC 6238: HMAC-SHA1, six digits, every 30 seconds), as
 * pure functions of a secret and an instant. */
#ifndef ACCESS_TOTP_H
#define ACCESS_TOTP_H

#include "base/ctx.h"

#define TOTP_SECRET_BYTES 20 /* RFC 4226, 4: 160 bits */
#define TOTP_DIGITS 6
#define TOTP_STEP SECONDS(30)
#define TOTP_SKEW 1 /* steps to either side: clocks of phones, and slow fingers */

/* The number of the step that an instant is in. */
int64_t totp_step(usec_t at);

/* The code of a counter (RFC 4226); out has room for TOTP_DIGITS and the end. */
MUST_USE struct err *totp_code(
        struct ctx *cx, struct str secret, int64_t step, char out[TOTP_DIGITS + 1]);

/* Which step's code this is, of those that count now; -1: of none. In constant time for each
 * step; blanks are passed over. */
MUST_USE struct err *totp_match(
        struct ctx *cx, struct str secret, usec_t now, const char *given, int64_t *ret_step);

/* A secret as people and apps write it: base32 without padding; and back. NULL: it is none. */
const char *totp_secret_print(struct ctx *cx, struct str secret);
bool totp_secret_parse(struct ctx *cx, const char *text, struct str *ret);

/* otpauth://totp/ISSUER:ACCOUNT?secret=...&issuer=ISSUER, what a QR holds. */
const char *totp_uri(
        struct ctx *cx, const char *issuer, const char *account, const char *secret);

#endif
