/* SPDX-License-Identifier: Apache-2.0 */
/* The page of the web UI, for an address that is something else too. */
#ifndef API_UI_H
#define API_UI_H

#include "api/app.h"

MUST_USE struct err *ui_page(struct ctx *cx, struct request *rq, struct response *rs);

#endif
