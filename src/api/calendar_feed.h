/* SPDX-License-Identifier: Apache-2.0 */
/* What a feed shows: shifts as events. */
#ifndef API_CALENDAR_FEED_H
#define API_CALENDAR_FEED_H

#include "access/feed.h"

/*
 * The shifts that are not over yet, for half a year ahead, by today's configuration, as
 * iCalendar. The text is the same all day unless a shift changes. False when the feed's owner
 * or subject is gone.
 */
bool calendar_feed_write(
        struct ctx *cx, const struct snapshot *s, const struct feed *f, struct buf *out);

#endif
