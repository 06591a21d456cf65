/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Passwords that are guessed first: common words, names of the person and the house, runs of
 * the alphabet or the keyboard, years, repetitions. Each of those counts as much as one
 * character drawn by chance, for a guesser tries them whole; what then counts less than a
 * handful is refused. It has no dictionary of a language: sentences are what people are asked
 * for.
 */
#include "access/weak.h"

#include <ctype.h>

#define COUNT_MIN 6 /* pieces that a guesser has to hit */
#define RUN_MIN 3
#define WORD_MIN 4

/* What stands on top of every list of passwords that were stolen, in parts. */
static const char *const common[] = { "password", "passwort", "passw", "motdepasse",
	"contrasena", "secret", "letmein", "welcome", "willkommen", "bienvenue", "iloveyou",
	"login", "admin", "administrator", "root", "user", "guest", "test", "demo", "default",
	"changeme", "master", "superman", "batman", "spiderman", "starwars", "pokemon",
	"dragon", "monkey", "princess", "sunshine", "shadow", "football", "baseball",
	"basketball", "soccer", "hockey", "liverpool", "chelsea", "arsenal", "barcelona",
	"michael", "jennifer", "jessica", "daniel", "charlie", "thomas", "jordan", "hunter",
	"ranger", "buster", "harley", "summer", "winter", "spring", "autumn", "sommer",
	"january", "february", "october", "november", "december", "monday", "friday", "trustno",
	"whatever", "hello", "freedom", "mustang", "ferrari", "porsche", "mercedes", "corvette",
	"computer", "internet", "google", "facebook", "microsoft", "windows", "linux",
	"android", "samsung", "apple", "access", "server", "oracle", "cisco", "qazwsx", "zaq1",
	"1q2w3e4r", "1q2w", "3e4r", "5t6y", "asdf", "zxcv", "love", "baby", "angel", "lovely",
	"family", "flower", "cheese", "cookie", "chocolate", "butterfly", "purple", "orange",
	"yellow", "silver", "golden", "diamond", "killer", "matrix", "pepper", "ginger",
	"tigger", "maggie", "bailey", "ashley", "nicole", "andrew", "joshua", "matthew",
	"robert", "tocsin", "oncall", "pager", "incident" };

static const char *const rows[] = { "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop",
	"yxcvbnm", "azertyuiop", "1234567890" };

/* As guessers write it too: "p4$$w0rd". */
static char
plain_letter(char c)
{
	static const char from[] = "@4031!$57", to[] = "aaoeiisst";
	const char *at = c == '\0' ? NULL : strchr(from, c);

	return at != NULL ? to[at - from] : (char)tolower((unsigned char)c);
}

static bool
begins(struct str text, const char *word, bool plain)
{
	for (size_t i = 0; word[i] != '\0'; i++) {
		char c = i < text.len ? text.p[i] : '\0';
		char want = (char)tolower((unsigned char)word[i]);
		if ((char)tolower((unsigned char)c) != want
		        && (!plain || plain_letter(c) != want))
			return false;
	}
	return true;
}

static size_t
longest(struct str text, const char *const *words, size_t n, size_t *ret_which)
{
	size_t best = 0;

	for (size_t i = 0; i < n; i++) {
		size_t len = strlen(words[i]);
		if (len >= WORD_MIN && len > best && begins(text, words[i], true)) {
			best = len;
			*ret_which = i;
		}
	}
	return best;
}

typedef int step_fn(char a, char b);

#define NO_STEP 100

static int
step_in_alphabet(char a, char b)
{
	int step = b - a;

	return step >= -1 && step <= 1 ? step : NO_STEP;
}

static int
step_on_keyboard(char a, char b)
{
	for (size_t i = 0; i < NELEMS(rows); i++) {
		const char *at = strchr(rows[i], a), *to = strchr(rows[i], b);
		if (at != NULL && to != NULL && (to - at == 1 || at - to == 1))
			return (int)(to - at);
	}
	return NO_STEP;
}

static char
lower_at(struct str text, size_t i)
{
	return (char)tolower((unsigned char)text.p[i]);
}

static size_t
run_by(struct str text, step_fn *step)
{
	size_t n = 1;
	int first = text.len > 1 ? step(lower_at(text, 0), lower_at(text, 1)) : NO_STEP;

	while (first != NO_STEP && n < text.len
	        && step(lower_at(text, n - 1), lower_at(text, n)) == first)
		n++;
	return n >= RUN_MIN ? n : 0;
}

/* "aaaa", "1234", "dcba", "qwert": how long, in one direction. */
static size_t
run_of(struct str text)
{
	size_t alphabet = run_by(text, step_in_alphabet);
	size_t keyboard = run_by(text, step_on_keyboard);

	return alphabet > keyboard ? alphabet : keyboard;
}

static size_t
year_of(struct str text)
{
	bool century =
	        text.len >= 4 && (memcmp(text.p, "19", 2) == 0 || memcmp(text.p, "20", 2) == 0);

	return century && isdigit((unsigned char)text.p[2]) && isdigit((unsigned char)text.p[3])
	        ? 4
	        : 0;
}

/* The same again as just before: "abcabcabc" is "abc" once. */
static size_t
again(struct str whole, size_t at)
{
	for (size_t len = at < whole.len - at ? at : whole.len - at; len >= 2; len--)
		if (memcmp(whole.p + at, whole.p + at - len, len) == 0)
			return len;
	return 0;
}

static size_t
piece_at(struct str whole, size_t at, const char *const *names, size_t n_names)
{
	struct str rest = { whole.p + at, whole.len - at };
	size_t which,
	        found[] = { longest(rest, common, NELEMS(common), &which),
		        longest(rest, names, n_names, &which), run_of(rest), year_of(rest) };
	size_t best = 1;

	for (size_t i = 0; i < NELEMS(found); i++)
		if (found[i] > best)
			best = found[i];
	while (at + best < whole.len && ((unsigned char)whole.p[at + best] & 0xc0) == 0x80)
		best++; /* the rest of a character */
	return best;
}

bool
password_is_weak(const char *plain, const char *const *names, size_t n_names)
{
	struct str whole = str_from(plain);
	size_t count = 0, at = 0;

	while (at < whole.len) {
		size_t same = again(whole, at);
		count += same == 0;
		at += same > 0 ? same : piece_at(whole, at, names, n_names);
	}
	return count < COUNT_MIN;
}

size_t
password_names(struct ctx *cx, const char *text, const char **ret, size_t n, size_t max)
{
	struct str rest = str_from(text);

	if (rest.len >= WORD_MIN && n < max)
		ret[n++] = text;
	while (rest.len > 0 && n < max) {
		size_t len = 0;
		while (len < rest.len && strchr(" .@-_/", rest.p[len]) == NULL)
			len++;
		if (len >= WORD_MIN)
			ret[n++] = str_dup(&cx->mem, (struct str){ rest.p, len });
		len += len < rest.len;
		rest = (struct str){ rest.p + len, rest.len - len };
	}
	return n;
}
