/* SPDX-License-Identifier: Apache-2.0 */
/* The signature that receivers of a webhook check. */
#ifndef CHANNEL_WEBHOOK_H
#define CHANNEL_WEBHOOK_H

#include "channel/channel.h"

/* "v1=" and HMAC-SHA256(secret, timestamp "." body) in hexadecimal. */
const char *webhook_signature(
        struct arena *a, const char *secret, const char *timestamp, struct str body);

#endif
