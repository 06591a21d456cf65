/* SPDX-License-Identifier: Apache-2.0 */
/* Wiring only: the command line decides what runs. */
int
main(void)
{
	return 0;
}
