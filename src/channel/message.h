/* SPDX-License-Identifier: Apache-2.0 */
/* What a page says to a person: the same facts as a subject, as plain text and as HTML. */
#ifndef CHANNEL_MESSAGE_H
#define CHANNEL_MESSAGE_H

#include "channel/channel.h"

/* "[#12 CRITICAL] CPU high on web1": one line, no control characters. */
const char *message_subject(const struct sending *d);
const char *message_text(const struct sending *d);
const char *message_html(const struct sending *d);

#endif
