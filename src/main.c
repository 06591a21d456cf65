/* SPDX-License-Identifier: Apache-2.0 */
/* Wiring only: the command line decides what runs. */
#include "cli/verb.h"

int
main(int argc, char **argv)
{
	return cli_main(argc, argv);
}
