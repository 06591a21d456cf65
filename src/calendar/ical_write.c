/* SPDX-License-Identifier: Apache-2.0 */
#include "calendar/ical_write.h"

#include <stdio.h>

#include "calendar/civil.h"
#include "calendar/date.h"

#define LINE_MAX_OCTETS 75
#define TEXT_MAX 8192

static void
put_folded(struct buf *out, struct str line)
{
	size_t room = LINE_MAX_OCTETS;

	while (line.len > room) {
		struct str part = utf8_clip(line, room);
		if (part.len == 0) /* no character ends there: not UTF-8 */
			part = (struct str){ line.p, room };
		buf_str(out, part);
		buf_puts(out, "\r\n ");
		line.p += part.len;
		line.len -= part.len;
		room = LINE_MAX_OCTETS - 1; /* the blank counts */
	}
	buf_str(out, line);
	buf_puts(out, "\r\n");
}

void
ical_line(struct buf *out, const char *name, const char *value)
{
	struct buf line = BUF_INIT(out->mem, 2 * TEXT_MAX + 200);

	buf_printf(&line, "%s:%s", name, value);
	put_folded(out, buf_view(&line));
}

void
ical_text(struct buf *out, const char *name, const char *text)
{
	struct buf escaped = BUF_INIT(out->mem, 2 * TEXT_MAX);
	struct str s = utf8_clip(str_from(text), TEXT_MAX);

	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c == '\n')
			buf_puts(&escaped, "\\n");
		else if (c == ',' || c == ';' || c == '\\')
			buf_printf(&escaped, "\\%c", c);
		else if (c >= 0x20 || c == '\t') /* other control characters are none of TEXT */
			buf_putc(&escaped, (char)c);
	}
	ical_line(out, name, buf_cstr(&escaped));
}

void
ical_time(struct buf *out, const char *name, usec_t at)
{
	struct civil c = civil_from_utc(zone_utc(), at);
	char text[64];

	snprintf(text, sizeof text, "%04d%02d%02dT%02d%02d%02dZ", c.year, c.month, c.day,
	        c.hour, c.minute, c.second);
	ical_line(out, name, text);
}

const char *
ical_span(usec_t span, char out[ICAL_SPAN_MAX])
{
	int64_t s = span / USEC_PER_SEC;

	if (s > 0 && s % SECS_A_DAY == 0)
		snprintf(out, ICAL_SPAN_MAX, "P%dD", (int)(s / SECS_A_DAY));
	else if (s > 0 && s % 3600 == 0)
		snprintf(out, ICAL_SPAN_MAX, "PT%dH", (int)(s / 3600));
	else if (s > 0 && s % 60 == 0)
		snprintf(out, ICAL_SPAN_MAX, "PT%dM", (int)(s / 60));
	else
		snprintf(out, ICAL_SPAN_MAX, "PT%dS", (int)s);
	return out;
}
