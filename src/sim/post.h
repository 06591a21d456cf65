/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_POST_H
#define SIM_POST_H

#include "sim/world.h"

/* Hands a claimed page or notice to its channel, which answers as world_contact has said;
 * nothing when the process at work has it in hand. Sent twice without a mark is a breach. */
void post_carry(struct world *w, const struct page_job *job);

#endif
