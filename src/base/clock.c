/* SPDX-License-Identifier: Apache-2.0 */
/* The only file that reads the machine's clock; and the texts of spans and instants. */
#include "base/clock.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>

static usec_t
read_machine(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return USEC_PER_SEC * (usec_t)ts.tv_sec + ts.tv_nsec / 1000;
}

static usec_t
read_real(const struct clock *c)
{
	(void)c;
	return read_machine(CLOCK_REALTIME);
}

static usec_t
read_virtual(const struct clock *c)
{
	return c->at;
}

const struct clock clock_real = { .read = read_real };

void
clock_virtual(struct clock *c, usec_t at)
{
	*c = (struct clock){ .read = read_virtual, .at = at };
}

usec_t
clock_now(const struct clock *c)
{
	return c->read(c);
}

usec_t
clock_mono(void)
{
	return read_machine(CLOCK_MONOTONIC);
}

bool
clock_cond_wait(pthread_cond_t *cond, pthread_mutex_t *lock, usec_t span)
{
	usec_t until = clock_mono() + (span < 0 ? 0 : span);
	struct timespec ts = { .tv_sec = until / USEC_PER_SEC,
		.tv_nsec = until % USEC_PER_SEC * 1000 };

	return pthread_cond_clockwait(cond, lock, CLOCK_MONOTONIC, &ts) != ETIMEDOUT;
}

usec_t
clock_watch_look(struct clock_watch *watch)
{
	usec_t apart = clock_now(&clock_real) - clock_mono();
	usec_t step = watch->apart == 0 ? 0 : apart - watch->apart;

	watch->apart = apart;
	return step > -CLOCK_STEP_MIN && step < CLOCK_STEP_MIN ? 0 : step;
}

/* Falling order is part of the form; "ms" stands before "m" because it is tried first. */
static const struct {
	const char *suffix;
	usec_t span;
} units[] = {
	{ "w", DAYS(7) },
	{ "d", DAYS(1) },
	{ "h", HOURS(1) },
	{ "m", MINUTES(1) },
	{ "s", SECONDS(1) },
	{ "ms", USEC_PER_MS },
};

#define SPAN_MAX DAYS(3660)

static bool
span_number(struct str *text, int64_t *ret)
{
	size_t digits = 0;

	while (digits < text->len && text->p[digits] >= '0' && text->p[digits] <= '9')
		digits++;
	if (!str_int((struct str){ text->p, digits }, ret))
		return false;
	text->p += digits;
	text->len -= digits;
	return true;
}

/* The unit that text begins with, at or after index `from`; NELEMS(units) if none. */
static size_t
span_unit(struct str *text, size_t from)
{
	size_t letters = 0;

	while (letters < text->len && text->p[letters] >= 'a' && text->p[letters] <= 'z')
		letters++;
	for (size_t i = from; i < NELEMS(units); i++) {
		if (!str_is((struct str){ text->p, letters }, units[i].suffix))
			continue;
		text->p += letters;
		text->len -= letters;
		return i;
	}
	return NELEMS(units);
}

bool
duration_parse(struct str text, usec_t *ret)
{
	usec_t sum = 0, part;
	int64_t n;
	size_t from = 0;

	if (text.len == 0)
		return false;
	while (text.len > 0) {
		if (!span_number(&text, &n))
			return false;
		size_t unit = span_unit(&text, from);
		if (unit == NELEMS(units))
			return false;
		if (__builtin_mul_overflow(units[unit].span, n, &part)
		        || __builtin_add_overflow(sum, part, &sum) || sum > SPAN_MAX)
			return false;
		from = unit + 1;
	}
	*ret = sum;
	return true;
}

const char *
duration_print(usec_t span, char out[DURATION_MAX])
{
	size_t len = 0;

	for (size_t i = 0; i < NELEMS(units); i++) {
		usec_t n = span / units[i].span;
		if (n == 0)
			continue;
		span -= n * units[i].span;
		len += (size_t)snprintf(
		        out + len, DURATION_MAX - len, "%lld%s", (long long)n, units[i].suffix);
	}
	if (len == 0)
		snprintf(out, DURATION_MAX, "0s");
	return out;
}

/* Days since 1970-01-01 of a proleptic Gregorian date; eras of 400 years that begin in March.
 */
static int64_t
days_from_date(int64_t y, int m, int d)
{
	y -= m <= 2;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;

	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static char *
put_char(char *p, char c)
{
	*p = c;
	return p + 1;
}

static char *
put_number(char *p, int n, int digits)
{
	for (int i = digits; i-- > 0; n /= 10)
		p[i] = (char)('0' + n % 10);
	return p + digits;
}

static char *
put_year(char *p, int year)
{
	if (year >= 0 && year <= 9999)
		return put_number(p, year, 4);
	return p + snprintf(p, RFC3339_MAX, "%04d", year);
}

const char *
rfc3339_print(usec_t at, char out[RFC3339_MAX])
{
	time_t seconds = (time_t)(at / USEC_PER_SEC);
	usec_t fraction = at % USEC_PER_SEC;
	struct tm tm;

	if (fraction < 0) {
		fraction += USEC_PER_SEC;
		seconds--;
	}
	if (gmtime_r(&seconds, &tm) == NULL) {
		snprintf(out, RFC3339_MAX, "never");
		return out;
	}
	/* By hand: every alert prints some, and snprintf takes ten times as long. */
	char *p = put_year(out, tm.tm_year + 1900);
	p = put_number(put_char(p, '-'), tm.tm_mon + 1, 2);
	p = put_number(put_char(p, '-'), tm.tm_mday, 2);
	p = put_number(put_char(p, 'T'), tm.tm_hour, 2);
	p = put_number(put_char(p, ':'), tm.tm_min, 2);
	p = put_number(put_char(p, ':'), tm.tm_sec, 2);
	if (fraction != 0)
		p = put_number(put_char(p, '.'), (int)fraction, 6);
	memcpy(p, "Z", sizeof "Z");
	return out;
}

/* Exactly `digits` digits at the head of s. */
static bool
take_number(struct str *s, size_t digits, int *ret)
{
	int64_t n;

	if (s->len < digits || s->p[0] == '-' || !str_int((struct str){ s->p, digits }, &n))
		return false;
	s->p += digits;
	s->len -= digits;
	*ret = (int)n;
	return true;
}

static bool
take_char(struct str *s, const char *any)
{
	if (s->len == 0 || strchr(any, s->p[0]) == NULL || s->p[0] == '\0')
		return false;
	s->p++;
	s->len--;
	return true;
}

static usec_t
take_fraction(struct str *s)
{
	usec_t unit = USEC_PER_SEC / 10, sum = 0;

	for (; s->len > 0 && s->p[0] >= '0' && s->p[0] <= '9'; s->p++, s->len--) {
		sum += unit * (s->p[0] - '0');
		unit /= 10;
	}
	return sum;
}

static bool
take_offset(struct str *s, usec_t *ret)
{
	int h, m;

	if (take_char(s, "Zz")) {
		*ret = 0;
		return true;
	}
	bool west = s->len > 0 && s->p[0] == '-';
	if (!take_char(s, "+-") || !take_number(s, 2, &h) || !take_char(s, ":")
	        || !take_number(s, 2, &m) || h > 23 || m > 59)
		return false;
	*ret = (HOURS(h) + MINUTES(m)) * (west ? -1 : 1);
	return true;
}

static bool
date_valid(int y, int m, int d)
{
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);

	return m >= 1 && m <= 12 && d >= 1 && d <= lengths[m - 1] + (m == 2 && leap);
}

bool
rfc3339_parse(struct str s, usec_t *ret)
{
	int y, mo, d, h, mi, sec;
	usec_t fraction = 0, offset;

	if (!take_number(&s, 4, &y) || !take_char(&s, "-") || !take_number(&s, 2, &mo)
	        || !take_char(&s, "-") || !take_number(&s, 2, &d) || !take_char(&s, "Tt ")
	        || !take_number(&s, 2, &h) || !take_char(&s, ":") || !take_number(&s, 2, &mi)
	        || !take_char(&s, ":") || !take_number(&s, 2, &sec))
		return false;
	if (take_char(&s, ".")) {
		if (s.len == 0 || s.p[0] < '0' || s.p[0] > '9')
			return false;
		fraction = take_fraction(&s);
	}
	if (!take_offset(&s, &offset) || s.len > 0 || !date_valid(y, mo, d) || h > 23 || mi > 59
	        || sec > 60)
		return false;
	usec_t at = DAYS(days_from_date(y, mo, d)) + HOURS(h) + MINUTES(mi) + SECONDS(sec)
	        + fraction - offset;
	if (at < DAYS(days_from_date(0, 1, 1)) || at >= DAYS(days_from_date(10000, 1, 1)))
		return false; /* an offset took it out of the years that can be written */
	*ret = at;
	return true;
}
