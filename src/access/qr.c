/* SPDX-License-Identifier: Apache-2.0 */
#include "access/qr.h"

#include <qrencode.h>

#define QUIET 4   /* modules of white around: ISO/IEC 18004 */
#define PIXELS 5  /* a module */
#define IS_DARK 1 /* the lowest bit of a module, so says the library */

/* One run of dark modules is one rectangle of the path. */
static void
draw_row(struct buf *out, const unsigned char *row, int width, int y)
{
	for (int x = 0, end; x < width; x = end + 1) {
		for (end = x; end < width && (row[end] & IS_DARK) != 0;)
			end++;
		if (end > x)
			buf_printf(out, "M%d %dh%dv1h-%dz", x + QUIET, y + QUIET, end - x,
			        end - x);
	}
}

bool
qr_svg(const char *text, const char *label, struct buf *out)
{
	QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);

	if (code == NULL)
		return false;
	int side = code->width + 2 * QUIET;
	buf_printf(out,
	        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
	        "viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\" role=\"img\" "
	        "aria-label=\"%s\"><path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/><path fill=\"#000\" "
	        "d=\"",
	        side * PIXELS, side * PIXELS, side, side, label, side, side);
	for (int y = 0; y < code->width; y++)
		draw_row(out, code->data + (size_t)y * (size_t)code->width, code->width, y);
	buf_puts(out, "\"/></svg>");
	QRcode_free(code);
	return true;
}
