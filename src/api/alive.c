/* SPDX-License-Identifier: Apache-2.0 */
/* Whether the threads that everything hangs on still come round: what the watchdog is told.
 * That the database or a provider is gone is no reason to end, for beginning anew would not
 * bring it back. */
#include "api/app.h"

#define ANSWER_MAX SECONDS(5)

bool
app_turns(struct app *app, const char **ret_why)
{
	struct dispatcher_stats ds;
	struct writer_stats ws;
	usec_t now = clock_mono(), most = app->config.stuck_after;

	writer_stats(app->writer, &ws);
	dispatcher_stats(app->dispatcher, &ds);
	if (now - ws.last_turn > most)
		*ret_why = "the writer does not come round";
	else if (now - ds.last_turn > most)
		*ret_why = "the dispatcher does not come round";
	else
		return true;
	return false;
}

bool
app_alive(struct app *app, const char **ret_why)
{
	if (!app_turns(app, ret_why))
		return false;
	*ret_why = "the HTTP server does not answer";
	return http_alive(app->http, ANSWER_MAX);
}
