/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers that their handlers write by hand, as shapes: for the description alone, never for
 * encoding. The API tests check that what is sent is what is described.
 */
#ifndef API_DESCRIBED_H
#define API_DESCRIBED_H

#include "base/shape.h"

extern const struct shape me_described, token_made_described, feed_made_described,
        link_described, version_described, plan_described, diff_described,
        organisation_described, duty_described, shift_described, preview_described,
        kind_described, rules_tested_described, policy_checked_described, trial_described,
        finding_described, accepted_described, verified_described, factor_made_described,
        recovery_described, key_made_described;

#endif
