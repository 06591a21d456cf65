/* SPDX-License-Identifier: Apache-2.0 */
#include "api/home.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *
default_key_file(struct ctx *cx, const char *url)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (strncmp(url, "sqlite:", 7) == 0)
		return arena_printf(&cx->mem, "%s.key", url + 7);
	if (config != NULL && config[0] != '\0')
		return arena_printf(&cx->mem, "%s/tocsin/secret.key", config);
	return arena_printf(
	        &cx->mem, "%s/.config/tocsin/secret.key", home == NULL ? "." : home);
}

/* The folders above a file, as far as they are missing. */
static void
make_folders(struct ctx *cx, const char *path)
{
	char *folder = arena_strdup(&cx->mem, path);

	for (char *p = strchr(folder + 1, '/'); p != NULL; p = strchr(p + 1, '/')) {
		*p = '\0';
		(void)mkdir(folder, 0700); /* opening the file tells what went wrong */
		*p = '/';
	}
}

/* Where what a process knows of its database's past outlives it: the folder that systemd keeps
 * for the service, or beside the key. */
static void
keep_history(struct ctx *cx, const char *key_file)
{
	const char *state = getenv("STATE_DIRECTORY");
	const char *path = state != NULL && state[0] != '\0'
	        ? arena_printf(&cx->mem, "%s/timelines", state)
	        : arena_printf(&cx->mem, "%s.timelines", key_file);

	make_folders(cx, path);
	db_keep_history(path);
}

static struct err *
make_key(struct ctx *cx, const char *path, unsigned char key[KEY_BYTES])
{
	char hex[2 * KEY_BYTES + 2];

	make_folders(cx, path);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_new(cx, errno == EEXIST ? ERR_CONFLICT : ERR_INVALID,
		        "cannot make the key file %s: %m", path);
	randombytes_buf(key, KEY_BYTES);
	sodium_bin2hex(hex, sizeof hex, key, KEY_BYTES);
	hex[sizeof hex - 2] = '\n';
	bool ok = write(fd, hex, sizeof hex - 1) == (ssize_t)sizeof hex - 1 && fsync(fd) == 0;
	close(fd);
	if (!ok)
		return err_new(cx, ERR_UNAVAILABLE, "cannot write the key file %s: %m", path);
	return NULL;
}

static struct err *
read_key(struct ctx *cx, const char *path, unsigned char key[KEY_BYTES])
{
	char text[4 * KEY_BYTES];
	size_t len = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT)
		return make_key(cx, path, key);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text);
	if (fd >= 0)
		close(fd);
	if (n < 0)
		return err_new(cx, ERR_INVALID, "cannot read the key file %s: %m", path);
	struct str hex = str_trim((struct str){ text, (size_t)n });
	if (sodium_hex2bin(key, KEY_BYTES, hex.p, hex.len, NULL, &len, NULL) != 0
	        || len != KEY_BYTES)
		return err_new(cx, ERR_INVALID, "the key file %s must hold %d hex digits", path,
		        2 * KEY_BYTES);
	return NULL;
}

static const char *
key_file(struct ctx *cx, const struct home_where *where)
{
	return where->key_file != NULL ? where->key_file : default_key_file(cx, where->url);
}

struct err *
home_key(struct ctx *cx, const struct home_where *where, unsigned char ret[KEY_BYTES])
{
	if (sodium_init() < 0)
		return err_new(cx, ERR_UNAVAILABLE, "libsodium does not start");
	return read_key(cx, key_file(cx, where), ret);
}

static struct err *
open_all(struct ctx *cx, const struct home_where *where, struct home *h)
{
	const char *file = key_file(cx, where);

	if (strncmp(where->url, "sqlite:", 7) == 0)
		make_folders(cx, where->url + 7);
	else
		keep_history(cx, file);
	TRY(db_open(cx, where->url, DB_WRITE, &h->db));
	TRY(db_migrate(cx, h->db));
	TRY(read_key(cx, file, h->key));
	TRY(config_new(cx, h->key, &h->config));
	TRY(db_begin(cx, h->db, DB_READ));
	struct err *e = config_load(cx, h->config);
	db_rollback(cx);
	engine_init(&h->engine, h->config);
	return e;
}

struct err *
home_open(struct ctx *cx, const struct home_where *where, struct home *ret)
{
	*ret = (struct home){ .url = arena_strdup(&cx->mem, where->url) };
	if (sodium_init() < 0)
		return err_new(cx, ERR_UNAVAILABLE, "libsodium does not start");
	struct err *e = open_all(cx, where, ret);
	if (e != NULL)
		home_close(ret);
	return e;
}

void
home_close(struct home *h)
{
	db_close(h->db);
	config_free(h->config);
	h->db = NULL;
	h->config = NULL;
}

void
home_subkey(const struct home *h, const char *purpose, unsigned char out[KEY_BYTES])
{
	crypto_generichash(out, KEY_BYTES, (const unsigned char *)purpose, strlen(purpose),
	        h->key, KEY_BYTES);
}
