/* SPDX-License-Identifier: Apache-2.0 */
/* Documents in files, for the verbs that send them. */
#ifndef CLI_FILES_H
#define CLI_FILES_H

#include "cli/verb.h"

/* Every --file that was given, as one set. */
MUST_USE struct err *files_read(struct call *call, struct change_set *set);

/* The set in the form of a file: sections of documents, as JSON. */
struct str files_sections(struct call *call, const struct change_set *set);

/* The server's faults with the file and line of what they speak of; NULL stays NULL. */
MUST_USE struct err *files_locate(
        struct call *call, struct err *e, const struct change_set *set);

#endif
