/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The few words in which the two engines differ. Both translations walk over the same tokens,
 * so that nothing inside a text, a quoted name or a comment is touched.
 */
#include <ctype.h>

#include "base/buf.h"
#include "db/driver.h"

#define SQL_MAX_BYTES (4 * 1024 * 1024)

enum token { TOKEN_END, TOKEN_BLANK, TOKEN_QUOTED, TOKEN_WORD, TOKEN_PARAM, TOKEN_OTHER };

bool
dialect_is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* A doubled quote inside is two quoted tokens side by side, which comes to the same. */
static size_t
quoted_len(const char *s)
{
	const char *end = strchr(s + 1, *s);

	return end == NULL ? strlen(s) : (size_t)(end + 1 - s);
}

static size_t
blank_len(const char *s)
{
	if (s[0] == '-' && s[1] == '-')
		return strcspn(s, "\n");
	if (s[0] == '/' && s[1] == '*') {
		const char *end = strstr(s + 2, "*/");
		return end == NULL ? strlen(s) : (size_t)(end + 2 - s);
	}
	return strspn(s, " \t\r\n");
}

size_t
dialect_word_len(const char *s)
{
	size_t n = 0;

	while (dialect_is_word(s[n]))
		n++;
	return n;
}

/* Cuts the next token off the front of *rest. */
static enum token
next(const char **rest, struct str *ret)
{
	const char *s = *rest;
	enum token kind = TOKEN_OTHER;
	size_t len = 1;

	if (*s == '\0')
		return TOKEN_END;
	if (blank_len(s) > 0) {
		kind = TOKEN_BLANK;
		len = blank_len(s);
	} else if (*s == '\'' || *s == '"') {
		kind = TOKEN_QUOTED;
		len = quoted_len(s);
	} else if (dialect_is_word(*s)) {
		kind = TOKEN_WORD;
		len = dialect_word_len(s);
	} else if (*s == '?' && isdigit((unsigned char)s[1])) {
		kind = TOKEN_PARAM;
		len = 1 + dialect_word_len(s + 1);
	}
	*ret = (struct str){ s, len };
	*rest = s + len;
	return kind;
}

const char *
dialect_params(struct arena *mem, const char *sql)
{
	struct buf out = BUF_INIT(mem, SQL_MAX_BYTES);
	struct str t;

	for (enum token kind; (kind = next(&sql, &t)) != TOKEN_END;) {
		if (kind == TOKEN_PARAM) {
			buf_putc(&out, '$');
			t = (struct str){ t.p + 1, t.len - 1 };
		}
		buf_str(&out, t);
	}
	return buf_cstr(&out);
}

static struct str
type_word(enum db_engine engine, struct str word)
{
	static const struct {
		const char *word, *sqlite, *postgres;
	} types[] = {
		{ "INT64", "INTEGER", "BIGINT" },
		{ "BOOL", "INTEGER", "BOOLEAN" },
		{ "TEXT", "TEXT", "TEXT" },
	};

	for (size_t i = 0; i < NELEMS(types); i++)
		if (str_is(word, types[i].word))
			return str_from(
			        engine == DB_SQLITE ? types[i].sqlite : types[i].postgres);
	return word;
}

/* How much of "CREATE TABLE" the present statement has begun with. */
struct opening {
	unsigned words;
	bool is_table;
};

static void
opening_word(struct opening *o, struct str word)
{
	o->words++;
	if (o->words == 1)
		o->is_table = str_is(word, "CREATE");
	if (o->words == 2)
		o->is_table = o->is_table && str_is(word, "TABLE");
}

const char *
dialect_script(struct arena *mem, enum db_engine engine, const char *sql)
{
	struct buf out = BUF_INIT(mem, SQL_MAX_BYTES);
	struct opening o = { 0 };
	struct str t;

	for (enum token kind; (kind = next(&sql, &t)) != TOKEN_END;) {
		if (kind == TOKEN_WORD) {
			opening_word(&o, t);
			t = type_word(engine, t);
		}
		if (kind == TOKEN_OTHER && *t.p == ';') {
			if (engine == DB_SQLITE && o.words > 1 && o.is_table)
				buf_puts(&out, " STRICT");
			o = (struct opening){ 0 };
		}
		buf_str(&out, t);
	}
	return buf_cstr(&out);
}
