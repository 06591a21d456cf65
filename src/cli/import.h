/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_IMPORT_H
#define CLI_IMPORT_H

#include "cli/verb.h"
#include "importer/importer.h"

/* Documents to standard output or to --output, the report to standard error or beside them. */
MUST_USE struct err *import_tell(struct call *call, const struct import_result *result);

#endif
