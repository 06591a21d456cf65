/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The zones of this process: each is read once and kept, so that everybody shares one pointer.
 * The table and its lock are the only state of the calendar. It cannot grow beyond the files
 * that are there: names that fail are not remembered.
 */
#include "calendar/zone.h"

#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/map.h"

#define ZONE_DIR "/usr/share/zoneinfo"
#define PATH_BYTES 4096
#define DEPTH_MAX 3 /* America/Argentina/Ushuaia */

static struct {
	pthread_mutex_t lock; /* guards all below */
	struct arena mem;
	struct map zones; /* by name */
	bool listed;
	const char **names; /* sorted */
	size_t n_names, cap_names;
} table = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void
file_closep(FILE **f)
{
	if (*f != NULL)
		fclose(*f);
}

static void
dir_closep(DIR **d)
{
	if (*d != NULL)
		closedir(*d);
}

static const char *
zone_dir(void)
{
	const char *dir = getenv("TZDIR");

	return dir != NULL && dir[0] != '\0' ? dir : ZONE_DIR;
}

/* No dot is allowed, so that no name leads out of the directory. */
static bool
name_valid(const char *name)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                              "0123456789_+-/";
	size_t len = strnlen(name, ZONE_NAME_MAX + 1);

	if (len == 0 || len > ZONE_NAME_MAX || name[0] == '/' || name[len - 1] == '/')
		return false;
	return strspn(name, allowed) == len && strcmp(name, "localtime") != 0
	        && strcmp(name, "posixrules") != 0;
}

static FILE *
open_regular(const char *path)
{
	FILE *f = fopen(path, "re");
	struct stat st;

	if (f == NULL)
		return NULL;
	if (fstat(fileno(f), &st) != 0 || !S_ISREG(st.st_mode) || st.st_size > ZONE_FILE_MAX) {
		fclose(f);
		return NULL;
	}
	return f;
}

static const struct zone *
load(const char *name)
{
	char path[PATH_BYTES];
	struct arena scratch;
	const struct zone *z = NULL;
	const char *why;

	if (snprintf(path, sizeof path, "%s/%s", zone_dir(), name) >= (int)sizeof path)
		return NULL;
	CLEANUP(file_closep) FILE *f = open_regular(path);
	if (f == NULL)
		return NULL;
	arena_init(&scratch);
	char *bytes = arena_alloc(&scratch, ZONE_FILE_MAX);
	size_t len = fread(bytes, 1, ZONE_FILE_MAX, f);
	/* Twice, so that a file that is refused, however often, leaves nothing in the table. */
	z = zone_parse(&scratch, name, (struct str){ bytes, len }, &why);
	if (z != NULL)
		z = zone_parse(&table.mem, name, (struct str){ bytes, len }, &why);
	arena_free(&scratch);
	return z;
}

/* The lock is held. */
static const struct zone *
get_locked(const char *name)
{
	if (table.zones.mem == NULL)
		map_init(&table.zones, &table.mem);

	const struct zone *z = map_gets(&table.zones, name);
	if (z != NULL)
		return z;
	z = load(name);
	if (z != NULL)
		map_put(&table.zones, str_from(zone_name(z)), (void *)z);
	return z;
}

const struct zone *
zone_get(const char *name)
{
	if (name == NULL || !name_valid(name))
		return NULL;
	if (strcmp(name, "UTC") == 0)
		return zone_utc();
	pthread_mutex_lock(&table.lock);
	const struct zone *z = get_locked(name);
	pthread_mutex_unlock(&table.lock);
	return z;
}

static bool
is_tzif(const char *path)
{
	CLEANUP(file_closep) FILE *f = open_regular(path);
	char magic[4];

	return f != NULL && fread(magic, 1, sizeof magic, f) == sizeof magic
	        && memcmp(magic, "TZif", sizeof magic) == 0;
}

static void list_dir(const char *prefix, int depth);

/* posix/ repeats every name, right/ has the ones with leap seconds. */
static void
list_entry(const char *prefix, const char *entry, int depth)
{
	char name[ZONE_NAME_MAX + 1], path[PATH_BYTES];
	struct stat st;

	if (snprintf(name, sizeof name, "%s%s", prefix, entry) >= (int)sizeof name
	        || !name_valid(name) || strcmp(name, "posix") == 0
	        || strcmp(name, "right") == 0)
		return;
	if (snprintf(path, sizeof path, "%s/%s", zone_dir(), name) >= (int)sizeof path
	        || stat(path, &st) != 0)
		return;
	if (S_ISDIR(st.st_mode) && depth < DEPTH_MAX) {
		if (snprintf(path, sizeof path, "%s/", name) < (int)sizeof name)
			list_dir(path, depth + 1);
	} else if (is_tzif(path)) {
		ARENA_PUSH(&table.mem, table.names, table.n_names, table.cap_names) =
		        arena_strdup(&table.mem, name);
	}
}

static void
list_dir(const char *prefix, int depth)
{
	char path[PATH_BYTES];

	if (snprintf(path, sizeof path, "%s/%s", zone_dir(), prefix) >= (int)sizeof path)
		return;
	CLEANUP(dir_closep) DIR *d = opendir(path);
	if (d == NULL)
		return;
	for (struct dirent *e; (e = readdir(d)) != NULL;)
		list_entry(prefix, e->d_name, depth);
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *const *
zone_names(size_t *ret_n)
{
	pthread_mutex_lock(&table.lock);
	if (!table.listed) {
		list_dir("", 1);
		if (table.n_names > 1)
			qsort(table.names, table.n_names, sizeof *table.names, compare_names);
		table.listed = true;
	}
	pthread_mutex_unlock(&table.lock);
	*ret_n = table.n_names;
	return table.names;
}

static const char *
tail_of(const char *name)
{
	const char *slash = strrchr(name, '/');

	return slash == NULL ? name : slash + 1;
}

static bool
same_name(const char *have, const char *name)
{
	return strcasecmp(have, name) == 0;
}

/* A city alone, blanks as people write them. */
static bool
same_city(const char *have, const char *name)
{
	have = tail_of(have);
	for (; *have != '\0' && *name != '\0'; have++, name++) {
		if (strncasecmp(have, name, 1) != 0 && !(*have == '_' && *name == ' '))
			return false;
	}
	return *have == *name;
}

static const char *
find_name(const char *name, bool (*same)(const char *have, const char *name))
{
	size_t n;
	const char *const *names = zone_names(&n);

	for (size_t i = 0; i < n; i++) {
		if (same(names[i], name))
			return names[i];
	}
	return NULL;
}

/* "Berlni": the name whose last part is nearest. */
static const char *
nearest_city(struct arena *scratch, const char *name)
{
	size_t n;
	const char *const *names = zone_names(&n);
	const char **tails = ARENA_ARRAY(scratch, n, const char *);

	for (size_t i = 0; i < n; i++)
		tails[i] = tail_of(names[i]);

	const char *tail = str_nearest(str_from(name), tails, n);
	for (size_t i = 0; tail != NULL && i < n; i++) {
		if (tails[i] == tail)
			return names[i];
	}
	return NULL;
}

const char *
zone_nearest(const char *name)
{
	size_t n;
	const char *const *names = zone_names(&n);
	const char *found = find_name(name, same_name);
	struct arena scratch;

	if (strnlen(name, ZONE_NAME_MAX + 1) > ZONE_NAME_MAX)
		return NULL;
	if (found == NULL)
		found = find_name(name, same_city);
	if (found == NULL)
		found = str_nearest(str_from(name), names, n);
	if (found != NULL || strchr(name, '/') != NULL)
		return found;
	arena_init(&scratch);
	found = nearest_city(&scratch, name);
	arena_free(&scratch);
	return found;
}
