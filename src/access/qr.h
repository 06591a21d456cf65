/* SPDX-License-Identifier: Apache-2.0 */
/* A text as a QR code, drawn as SVG. */
#ifndef ACCESS_QR_H
#define ACCESS_QR_H

#include "base/buf.h"

/* An <svg> of its own size, dark on white with the quiet zone that readers want; its name for
 * who listens is the label. False when the text is too long for a code. */
bool qr_svg(const char *text, const char *label, struct buf *out);

#endif
