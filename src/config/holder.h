/* SPDX-License-Identifier: Apache-2.0 */
/* The holder of the current snapshot, from inside the floor. */
#ifndef CONFIG_HOLDER_H
#define CONFIG_HOLDER_H

#include "config/config.h"

const unsigned char *config_key(const struct config *c);

#endif
