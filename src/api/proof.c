/* SPDX-License-Identifier: Apache-2.0 */
/* Somebody signed in shows once more who they are, before what a borrowed browser must not
 * do. */
#include "access/factor.h"
#include "api/cookie.h"

struct err *
app_proved(struct ctx *cx, struct request *rq)
{
	bool password, factor;

	if (rq->session == NULL || ctx_now(cx) - rq->proved_at < PROVED_WITHIN)
		return NULL;
	TRY(app_read(cx, rq));
	TRY(password_is_set(cx, cx->actor.id, &password));
	TRY(factor_is_on(cx, cx->actor.id, &factor));
	if (!password && !factor)
		return NULL;
	return err_field(cx, ERR_DENIED, "/proof",
	        "show once more that it is you, with your password%s",
	        factor ? " and a code of your second factor" : "");
}

struct err *
prove(struct ctx *cx, struct request *rq, const char *password, const char *code)
{
	struct factor_try try = { .user_id = cx->actor.id, .code = code };
	bool has_password, factor;

	TRY(app_read(cx, rq));
	TRY(password_is_set(cx, cx->actor.id, &has_password));
	TRY(factor_is_on(cx, cx->actor.id, &factor));
	if (has_password)
		TRY(sign_in_password_check(cx, rq, cx->actor.id, password));
	if (factor)
		TRY(sign_in_code_check(cx, rq, factor_try_run, &try));
	return app_run(cx, rq, session_proved_run, (void *)rq->session);
}
