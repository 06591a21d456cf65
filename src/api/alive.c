/* SPDX-License-Identifier: Apache-2.0 */
/* Whether the threads that everything hangs on still come round: what the watchdog is told.
 * That the database or a provider is gone is no reason to end, for beginning anew would not
 * bring it back. */
#include "api/app.h"

#define TURN_MAX SECONDS(60) /* the slowest commit or provider call does not take so long */
#define ANSWER_MAX SECONDS(5)

bool
app_alive(struct app *app, const char **ret_why)
{
	struct dispatcher_stats ds;
	struct writer_stats ws;
	usec_t now = clock_mono();

	writer_stats(app->writer, &ws);
	dispatcher_stats(app->dispatcher, &ds);
	if (now - ws.last_turn > TURN_MAX)
		*ret_why = "the writer does not come round";
	else if (now - ds.last_turn > TURN_MAX)
		*ret_why = "the dispatcher does not come round";
	else if (!http_alive(app->http, ANSWER_MAX))
		*ret_why = "the HTTP server does not answer";
	else
		return true;
	return false;
}
