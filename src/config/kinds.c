/* SPDX-License-Identifier: Apache-2.0 */
/* The table of kinds. */
#include "config/kinds.h"

#include <assert.h>

const struct kind_info kinds[KIND_MAX] = {
	[KIND_ORGANISATION] = { "organisation", "organisation", &organisation_shape,
	        .targets = organisation_targets },
	[KIND_USER] = { "user", "users", &user_shape, .settle = user_settle },
	[KIND_TEAM] = { "team", "teams", &team_shape, .targets = team_targets },
	[KIND_SERVICE] = { "service", "services", &service_shape, .check = service_check },
	[KIND_SCHEDULE] = { "schedule", "schedules", &schedule_shape, .check = schedule_check,
	        .targets = schedule_targets },
	[KIND_OVERRIDE] = { "override", "overrides", &override_shape, .settle = override_settle,
	        .targets = override_targets },
	[KIND_POLICY] = { "policy", "policies", &policy_shape, .check = policy_check,
	        .targets = policy_targets },
	[KIND_INTEGRATION] = { "integration", "integrations", &integration_shape,
	        .settle = integration_settle, .check = integration_check },
	[KIND_RULESET] = { "ruleset", "rulesets", &ruleset_shape, .check = ruleset_check,
	        .release = ruleset_release },
	[KIND_CHANNEL] = { "channel", "channels", &channel_shape, .settle = channel_settle },
	[KIND_HOLIDAY] = { "holiday", "holidays", &holiday_shape, .settle = holiday_settle },
	[KIND_ABSENCE] = { "absence", "absences", &absence_shape, .settle = absence_settle },
	[KIND_WINDOW] = { "window", "windows", &window_shape, .settle = window_settle,
	        .check = window_check },
};
static_assert(NELEMS(kinds) == KIND_MAX, "a row for each kind");

const char *
kind_name(enum kind kind)
{
	return kinds[kind].name;
}

const char *
kind_section(enum kind kind)
{
	return kinds[kind].section;
}

bool
kind_by_name(struct str name, enum kind *ret)
{
	for (int i = 0; i < KIND_MAX; i++) {
		if (!str_is(name, kinds[i].name))
			continue;
		*ret = (enum kind)i;
		return true;
	}
	return false;
}

bool
kind_by_section(struct str section, enum kind *ret)
{
	for (int i = 0; i < KIND_MAX; i++) {
		if (!str_is(section, kinds[i].section))
			continue;
		*ret = (enum kind)i;
		return true;
	}
	return false;
}
