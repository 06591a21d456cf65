#!/usr/bin/python3 -B
# SPDX-License-Identifier: Apache-2.0
"""Each check of tools/checks finds the fault planted for it, at its line, and nothing in a clean
file. TAP."""

import os
import subprocess
import sys
import tempfile

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
GUARD = "#ifndef BASE_X_H\n#define BASE_X_H\n%s#endif\n"

# check, file, its text, lines that must be named (none: clean)
ROWS = [
    ("banned", "src/rules/x.c", "int f(void)\n{\n\treturn time(0);\n}\n", [3]),
    ("banned", "src/rules/x.c", 'int f(void)\n{\n\tg("time(0)"); /* time(0) */\n\treturn x->time(0);\n}\n', []),
    ("banned", "src/base/clock.c", "int f(void)\n{\n\treturn time(0);\n}\n", []),
    ("banned", "src/engine/x.c", "void f(void)\n{\n\tfree(p);\n\tstrcpy(a, b);\n}\n", [3, 4]),
    ("banned", "src/http/x.c", "void f(void)\n{\n\tfree(p);\n}\n", []),
    ("banned", "tests/unit/base/x.c", "void f(void)\n{\n\tsleep(1);\n\tfree(p);\n}\n", [3]),
    ("comments", "src/base/x.c", 'int a; // why\nchar *b = "//";\n/* TODO: later */\n', [1, 3]),
    ("sizes", "src/base/x.c", "int\nf(void)\n{\n" + "\tg();\n" * 78 + "}\n", [1]),
    ("sizes", "src/base/x.c", "int\nf(void)\n{\n" + "\tg();\n" * 76 + "}\n", []),
    ("sizes", "src/base/x.c",
     "int\nf(void)\n{\n\tstatic const int t[] = {\n" + "\t\t1,\n" * 90 + "\t};\n}\n", []),
    ("sizes", "src/base/x.c", "int a;\n" * 801, [1]),
    ("sizes", "src/base/x.c", "static const int t[2] = {\n" + "\t1,\n" * 900 + "};\n", []),
    ("sizes", "src/base/x.h", "int f(struct ctx *cx, int a, int b, int c, int d, int e);\n"
     "int g(int a, int b, int c, int d, int (*e)(int, int), int f);\n", [2]),
    ("sizes", "src/base/x.h", "/* " + "x" * 100 + " */\n", [1]),
    ("must_use", "src/base/x.h", "struct err *f(int a);\nMUST_USE struct err *g(int a);\n", [1]),
    ("must_use", "src/base/x.c", "static struct err *\nf(int a)\n{\n\treturn NULL;\n}\n"
     "int\ng(void)\n{\n\tf(1);\n\tif (a)\n\t\tf(2);\n\tTRY(f(3));\n\treturn f(4) != NULL;\n}\n",
     [9, 11]),
    ("enum_names", "src/base/x.c", "enum x { X_A, X_B = 3, X_MAX };\n"
     "const char *const names[X_MAX] = { [X_A] = \"a\" };\n"
     "const char *const more[X_MAX + 1] = { [X_A] = \"a\", [X_B] = \"b\" };\n", [2]),
    ("own_header", "src/base/x.h", "#ifndef X\n#define X\n#endif\n", [1]),
    ("own_header", "src/base/x.h", GUARD % "", []),
    ("headers", "src/base/x.h", GUARD % "\nunknown_t f(void);\n", [4]),
    ("headers", "src/base/x.h", GUARD % "\n#include <stdint.h>\nint64_t f(void);\n", []),
    ("spdx", "src/base/y.c", "int a;\n", [1]),
    ("paths", "src/base/x.c", '\nconst char *a = "/ho' 'me/me/x";\n', [2]),
    ("format", "src/base/x.c", "int  a;\n", [1]),
    ("format", "src/base/x.c", "int a;\n", []),
    ("scripts", "tools/x", "#!/bin/sh\ncd $1\n", [2, 2]),
    ("libraries", "src/engine/x.c", "#include <stdio.h>\n#include <curl/curl.h>\n", [2]),
    ("libraries", "src/channel/x.c", "#include <curl/curl.h>\n", []),
    ("sql", "src/engine/queries.sql", "-- why?\nSELECT a FROM b WHERE c = ?1 AND d = '?';\n", []),
    ("sql", "src/engine/queries.sql", "SELECT a FROM b\nWHERE c = ? OR c = $1;\n", [2, 2]),
    ("sql", "src/db/migrations/0001_x.sql", "CREATE TABLE t (\na INT64,\nb BIGINT\n);\n", [3]),
    ("sql", "src/engine/x.c", 'q("UPDATE t SET a = 1");\nq("Update");\n', [1]),
    ("node", "web/package-lock.json", '"engines": {\n  "node": ">=20"\n},\n  "node": "^18.1 || >=20",\n', [2]),
    ("documents", "a/x.md", "[here](x.md), [web](https://x), [gone](../y.md#z)\n", [1]),
    ("cppcheck", "src/base/x.c", "int\nf(void)\n{\n\tint a[2] = { 0 };\n\treturn a[2];\n}\n", [5]),
]


def run(check, path, text):
    """The (file, line) pairs that the check names, and its exit status."""
    with tempfile.TemporaryDirectory() as top:
        subprocess.run(["git", "init", "-q", top], check=True)
        subprocess.run(["cp", f"{TREE}/.clang-format", top], check=True)
        full = os.path.join(top, path)
        os.makedirs(os.path.dirname(full))
        with open(full, "w", encoding="utf-8") as f:
            f.write(text)
        done = subprocess.run([f"{TREE}/tools/checks/{check}"], cwd=top, text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    named = [line.split(":")[1] for line in done.stdout.split("\n") if line.startswith(path)]
    return [int(n) for n in named if n.isdigit()], done.returncode, done.stdout


print(f"1..{len(ROWS)}")
failed = False
for number, (check, path, text, want) in enumerate(ROWS, 1):
    got, status, output = run(check, path, text)
    good = sorted(got) == want and (status != 0) == bool(want)
    failed |= not good
    print(f"{'ok' if good else 'not ok'} {number} - {check}: {path} {want}")
    if not good:
        print("".join(f"# {line}\n" for line in output.split("\n")), end="")
sys.exit(failed)
