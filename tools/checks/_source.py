# SPDX-License-Identifier: Apache-2.0
"""What the checks share: which files are ours, and C read well enough to find comments, functions,
prototypes and tables. It leans on the layout that clang-format gives, so it stays small."""

import re
import subprocess
import sys
from collections import namedtuple

TOKEN = re.compile(
    r"""(?P<line>//[^\n]*)|(?P<block>/\*.*?\*/)|(?P<string>"(?:\\.|[^"\\\n])*")"""
    r"""|(?P<char>'(?:\\.|[^'\\\n])*')""",
    re.S,
)
DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n\\]|\\\n|\\.)*", re.M)
CPLUSPLUS = re.compile(r"^#ifdef __cplusplus$.*?^#endif.*?$", re.M | re.S)

# head: "static int\nname(int a, int b)"; name: None for anything but functions; body: None for a
# prototype; first and last: line numbers.
Unit = namedtuple("Unit", "head name params body first last body_first")


def files(*patterns):
    """Tracked and new files by git's patterns; deleted ones are left out."""
    out = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "--", *patterns],
        check=True, capture_output=True, text=True,
    ).stdout.split("\n")
    return sorted(f for f in set(out) if f and subprocess.os.path.isfile(f))


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def blank(text):
    return re.sub(r"[^\n]", " ", text)


def code(text):
    """The text without comments, and with the inside of strings blanked; lines stay lines."""
    return TOKEN.sub(
        lambda m: m[0][0] + blank(m[0][1:-1]) + m[0][-1] if m.lastgroup in ("string", "char")
        else blank(m[0]), text)


def without_directives(text):
    return DIRECTIVE.sub(lambda m: blank(m[0]), CPLUSPLUS.sub(lambda m: blank(m[0]), text))


def line_of(text, at):
    return text.count("\n", 0, at) + 1


def split_params(text):
    """"(struct ctx *cx, int (*f)(int, int))" -> ["struct ctx *cx", "int (*f)(int, int)"]"""
    depth, part, parts = 0, "", []
    for c in text.strip()[1:-1]:
        depth += (c in "([{") - (c in ")]}")
        if c == "," and depth == 0:
            parts.append(part)
            part = ""
        else:
            part += c
    parts.append(part)
    parts = [" ".join(p.split()) for p in parts]
    return [] if parts in ([""], ["void"]) else parts


def match(text, at, pair):
    depth = 0
    for i in range(at, len(text)):
        depth += (text[i] == pair[0]) - (text[i] == pair[1])
        if depth == 0:
            return i
    return len(text) - 1


FUNCTION = re.compile(r"\b([A-Za-z_]\w*)\s*\(")


def describe(head, body, first, last, body_first):
    """Finds name and parameters in the head of a top-level unit."""
    flat = re.sub(r"\b(?:CLEANUP|PRINTF|__attribute__)\s*\((?:[^()]|\([^()]*\)|\(\([^()]*\)\))*\)",
                  lambda m: blank(m[0]), head)
    m = FUNCTION.search(flat)
    if (m is None or re.match(r"\s*typedef\b", flat) or m[1] in ("static_assert", "_Static_assert")
            or re.search(r"[={]", flat[:m.start()])
            or re.search(r"\(\s*\*", flat[m.end() - 1:m.end() + 3])):
        return Unit(head, None, [], body, first, last, body_first)
    end = match(flat, m.end() - 1, "()")
    return Unit(head, m[1], split_params(flat[m.end() - 1:end + 1]), body, first, last, body_first)


def units(text):
    """The top-level declarations and definitions of C code (see code())."""
    text = without_directives(text)
    at = 0
    while True:
        m = re.compile(r"\S").search(text, at)
        if m is None:
            return
        start = m.start()
        i = start
        while i < len(text) and text[i] not in ";{":
            i = match(text, i, "()") + 1 if text[i] == "(" else i + 1
        body, body_first, end = None, None, i
        head = text[start:i]
        if i < len(text) and text[i] == "{":
            end = match(text, i, "{}")
            body, body_first = text[i:end + 1], line_of(text, i)
            if not head.rstrip().endswith(")"):  # a struct or a table: on to its ';'
                end = text.find(";", end)
                end = len(text) - 1 if end < 0 else end
        yield describe(head, body, line_of(text, start), line_of(text, end), body_first)
        at = end + 1


def functions(text):
    return [u for u in units(text) if u.name and u.body is not None]


def prototypes(text):
    return [u for u in units(text) if u.name and u.body is None]


TABLE = re.compile(r"\bconst\b[^;{}()=]*(?:\[[^;{}()=]*\][^;{}()=]*)+=\s*\{")


def table_lines(text):
    """How many lines of the text are initialisers of const arrays."""
    count, at = 0, 0
    while True:
        m = TABLE.search(text, at)
        if m is None:
            return count
        at = match(text, m.end() - 1, "{}")
        count += text.count("\n", m.end(), at)


class Report:
    def __init__(self):
        self.found = 0

    def say(self, path, line, message):
        self.found += 1
        print(f"{path}:{line}: {message}")

    def done(self):
        sys.exit(self.found > 0)
