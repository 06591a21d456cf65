/* SPDX-License-Identifier: Apache-2.0 */
/* Zones as calendars name them. */
#include "calendar/ical_priv.h"

/* Outlook's names for the places where most of its users are; after the CLDR. */
static const char *const windows_names[][2] = {
	{ "UTC", "Etc/UTC" },
	{ "GMT Standard Time", "Europe/London" },
	{ "Greenwich Standard Time", "Atlantic/Reykjavik" },
	{ "W. Europe Standard Time", "Europe/Berlin" },
	{ "Central Europe Standard Time", "Europe/Budapest" },
	{ "Central European Standard Time", "Europe/Warsaw" },
	{ "Romance Standard Time", "Europe/Paris" },
	{ "GTB Standard Time", "Europe/Bucharest" },
	{ "FLE Standard Time", "Europe/Kiev" },
	{ "E. Europe Standard Time", "Europe/Chisinau" },
	{ "Turkey Standard Time", "Europe/Istanbul" },
	{ "Russian Standard Time", "Europe/Moscow" },
	{ "Israel Standard Time", "Asia/Jerusalem" },
	{ "Arabian Standard Time", "Asia/Dubai" },
	{ "India Standard Time", "Asia/Kolkata" },
	{ "SE Asia Standard Time", "Asia/Bangkok" },
	{ "China Standard Time", "Asia/Shanghai" },
	{ "Singapore Standard Time", "Asia/Singapore" },
	{ "Tokyo Standard Time", "Asia/Tokyo" },
	{ "Korea Standard Time", "Asia/Seoul" },
	{ "AUS Eastern Standard Time", "Australia/Sydney" },
	{ "E. Australia Standard Time", "Australia/Brisbane" },
	{ "W. Australia Standard Time", "Australia/Perth" },
	{ "New Zealand Standard Time", "Pacific/Auckland" },
	{ "Eastern Standard Time", "America/New_York" },
	{ "Central Standard Time", "America/Chicago" },
	{ "Mountain Standard Time", "America/Denver" },
	{ "US Mountain Standard Time", "America/Phoenix" },
	{ "Pacific Standard Time", "America/Los_Angeles" },
	{ "Alaskan Standard Time", "America/Anchorage" },
	{ "Hawaiian Standard Time", "Pacific/Honolulu" },
	{ "Atlantic Standard Time", "America/Halifax" },
	{ "E. South America Standard Time", "America/Sao_Paulo" },
	{ "Argentina Standard Time", "America/Buenos_Aires" },
	{ "South Africa Standard Time", "Africa/Johannesburg" },
};

/* "/citadel.org/20190914_1/Europe/Berlin": the end of a path may be a name. */
static const struct zone *
end_of_path(const char *tzid)
{
	const struct zone *z = NULL;

	for (const char *p = strchr(tzid, '/'); z == NULL && p != NULL; p = strchr(p + 1, '/'))
		z = zone_get(p + 1);
	return z;
}

const struct zone *
ical_zone(struct arena *mem, const char *tzid)
{
	struct str s = str_trim(str_from(tzid));
	const char *name;

	if (s.len > 1 && s.p[0] == '"' && s.p[s.len - 1] == '"')
		s = (struct str){ s.p + 1, s.len - 2 };
	name = str_dup(mem, s);
	const struct zone *z = zone_get(name);
	for (size_t i = 0; z == NULL && i < NELEMS(windows_names); i++)
		if (strcmp(windows_names[i][0], name) == 0)
			z = zone_get(windows_names[i][1]);
	return z == NULL ? end_of_path(name) : z;
}

bool
ical_clock_of(
        struct ical_reading *r, icalproperty *p, struct icaltimetype t, struct ical_clock *ret)
{
	icalparameter *tzid = icalproperty_get_first_parameter(p, ICAL_TZID_PARAMETER);
	struct ical_clock c = { .zone = r->window.zone, .date = t.is_date };

	c.c = (struct civil){ t.year, t.month, t.day, t.hour, t.minute, t.second };
	if (t.is_date)
		c.c.hour = c.c.minute = c.c.second = 0;
	if (c.c.second == 60)
		c.c.second = 59; /* a leap second */
	if (icaltime_is_null_time(t) || !civil_valid(c.c))
		return false;
	if (!t.is_date && icaltime_is_utc(t))
		c.zone = zone_utc();
	else if (!t.is_date && tzid != NULL)
		c.zone = ical_zone(&r->cx->mem, icalparameter_get_tzid(tzid));
	*ret = c;
	return true;
}

usec_t
ical_instant(const struct ical_clock *c)
{
	return civil_to_utc(c->zone, c->c, CIVIL_FIRST);
}
