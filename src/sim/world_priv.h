/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the world share. */
#ifndef SIM_WORLD_PRIV_H
#define SIM_WORLD_PRIV_H

#include "sim/world.h"

/* The process at work is dead: another takes its place, on the same database. */
MUST_USE struct err *world_revive(struct world *w);

#endif
