/* SPDX-License-Identifier: Apache-2.0 */
#include "channel/channel.h"

#include <inttypes.h>

const struct channel *const channels[CONTACT_TYPE_MAX] = {
	[CONTACT_EMAIL] = &email_channel,
	[CONTACT_WEBHOOK] = &webhook_channel,
};

const struct channel *
channel_by_name(const char *name)
{
	for (size_t i = 0; i < NELEMS(channels); i++)
		if (strcmp(channels[i]->name, name) == 0)
			return channels[i];
	return NULL;
}

const char *
page_key(const struct sending *s)
{
	return arena_printf(&s->cx->mem, "page-%" PRId64, s->job->page.id);
}
