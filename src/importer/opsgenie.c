/* SPDX-License-Identifier: Apache-2.0 */
#include "importer/import_priv.h"
void
import_opsgenie(struct import *im)
{
	(void)im;
}
