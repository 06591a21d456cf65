/* SPDX-License-Identifier: Apache-2.0 */
/* cmocka needs these four before it, in an order that formatters do not keep. */
#ifndef TEST_H
#define TEST_H

/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "base/ctx.h"

/* The call must succeed; its error is printed otherwise. */
#define assert_ok(cx, call)                                                                    \
	do {                                                                                   \
		struct err *assert_ok_ = (call);                                               \
		if (assert_ok_ != NULL)                                                        \
			fail_msg("%s: %s", #call, err_text((cx), assert_ok_));                 \
	} while (0)

/* The call must fail with this code. */
#define assert_err(call, want)                                                                 \
	do {                                                                                   \
		struct err *assert_err_ = (call);                                              \
		assert_non_null(assert_err_);                                                  \
		assert_int_equal(assert_err_->code, (want));                                   \
	} while (0)

#endif
