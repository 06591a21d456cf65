/* SPDX-License-Identifier: Apache-2.0 */
/* DB_ARGS: the preprocessor has no loops, so counting to 32 is written out once, here. */
#ifndef DB_DB_ARGS_H
#define DB_DB_ARGS_H

/* clang-format off */
#define DB_A1_(x) DB_ARG_(x)
#define DB_A2_(x, ...) DB_ARG_(x), DB_A1_(__VA_ARGS__)
#define DB_A3_(x, ...) DB_ARG_(x), DB_A2_(__VA_ARGS__)
#define DB_A4_(x, ...) DB_ARG_(x), DB_A3_(__VA_ARGS__)
#define DB_A5_(x, ...) DB_ARG_(x), DB_A4_(__VA_ARGS__)
#define DB_A6_(x, ...) DB_ARG_(x), DB_A5_(__VA_ARGS__)
#define DB_A7_(x, ...) DB_ARG_(x), DB_A6_(__VA_ARGS__)
#define DB_A8_(x, ...) DB_ARG_(x), DB_A7_(__VA_ARGS__)
#define DB_A9_(x, ...) DB_ARG_(x), DB_A8_(__VA_ARGS__)
#define DB_A10_(x, ...) DB_ARG_(x), DB_A9_(__VA_ARGS__)
#define DB_A11_(x, ...) DB_ARG_(x), DB_A10_(__VA_ARGS__)
#define DB_A12_(x, ...) DB_ARG_(x), DB_A11_(__VA_ARGS__)
#define DB_A13_(x, ...) DB_ARG_(x), DB_A12_(__VA_ARGS__)
#define DB_A14_(x, ...) DB_ARG_(x), DB_A13_(__VA_ARGS__)
#define DB_A15_(x, ...) DB_ARG_(x), DB_A14_(__VA_ARGS__)
#define DB_A16_(x, ...) DB_ARG_(x), DB_A15_(__VA_ARGS__)
#define DB_A17_(x, ...) DB_ARG_(x), DB_A16_(__VA_ARGS__)
#define DB_A18_(x, ...) DB_ARG_(x), DB_A17_(__VA_ARGS__)
#define DB_A19_(x, ...) DB_ARG_(x), DB_A18_(__VA_ARGS__)
#define DB_A20_(x, ...) DB_ARG_(x), DB_A19_(__VA_ARGS__)
#define DB_A21_(x, ...) DB_ARG_(x), DB_A20_(__VA_ARGS__)
#define DB_A22_(x, ...) DB_ARG_(x), DB_A21_(__VA_ARGS__)
#define DB_A23_(x, ...) DB_ARG_(x), DB_A22_(__VA_ARGS__)
#define DB_A24_(x, ...) DB_ARG_(x), DB_A23_(__VA_ARGS__)
#define DB_A25_(x, ...) DB_ARG_(x), DB_A24_(__VA_ARGS__)
#define DB_A26_(x, ...) DB_ARG_(x), DB_A25_(__VA_ARGS__)
#define DB_A27_(x, ...) DB_ARG_(x), DB_A26_(__VA_ARGS__)
#define DB_A28_(x, ...) DB_ARG_(x), DB_A27_(__VA_ARGS__)
#define DB_A29_(x, ...) DB_ARG_(x), DB_A28_(__VA_ARGS__)
#define DB_A30_(x, ...) DB_ARG_(x), DB_A29_(__VA_ARGS__)
#define DB_A31_(x, ...) DB_ARG_(x), DB_A30_(__VA_ARGS__)
#define DB_A32_(x, ...) DB_ARG_(x), DB_A31_(__VA_ARGS__)
#define DB_PICK_(n1, n2, n3, n4, n5, n6, n7, n8, n9, n10, n11, n12, n13, n14, n15, n16, n17, n18, n19, n20, n21, n22, n23, n24, n25, n26, n27, n28, n29, n30, n31, n32, pick, ...) pick
#define DB_COUNT_(...) DB_PICK_(__VA_ARGS__, DB_A32_, DB_A31_, DB_A30_, DB_A29_, DB_A28_, DB_A27_, DB_A26_, DB_A25_, DB_A24_, DB_A23_, DB_A22_, DB_A21_, DB_A20_, DB_A19_, DB_A18_, DB_A17_, DB_A16_, DB_A15_, DB_A14_, DB_A13_, DB_A12_, DB_A11_, DB_A10_, DB_A9_, DB_A8_, DB_A7_, DB_A6_, DB_A5_, DB_A4_, DB_A3_, DB_A2_, DB_A1_, 0)
#define DB_ARGS(...) \
	((struct db_args){ \
		(const struct db_arg[]){ DB_COUNT_(__VA_ARGS__)(__VA_ARGS__) }, \
		sizeof((const struct db_arg[]){ DB_COUNT_(__VA_ARGS__)(__VA_ARGS__) }) \
			/ sizeof(struct db_arg) })
/* clang-format on */

#endif
