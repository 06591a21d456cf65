/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A disk that remembers what it was told, so that its power can be cut at any instant
 * afterwards. The calls below stand in for libc's: what is written to a database and its log
 * is kept in order, with when each sync began and was over.
 *
 * disk_cut() gives the files as they may be found then: what was written before a sync that was
 * over began is there; of what came later some is there, as chance will have it, and in any
 * order.
 */
#ifndef DISK_H
#define DISK_H

#include "test.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SECTOR 512 /* bytes; written whole or not at all */
#define PAGE 4096  /* the kernel's: what it writes back, in any order */
#define DEEDS_MAX 200000

enum deed_kind { DEED_WRITE, DEED_TRUNCATE, DEED_SYNC_BEGAN, DEED_SYNCED, DEED_ANSWER };
enum disk_file { DISK_DATA, DISK_LOG, DISK_FILES, DISK_OTHER };

/* What is lost of that which nothing promised. */
enum loss { LOSE_NOTHING, LOSE_ALL, LOSE_BEGINNING, LOSE_RUNS, LOSE_SECTORS };

struct deed {
	enum deed_kind kind;
	enum disk_file file;
	size_t at, len; /* bytes; of an answer: its number */
	size_t began;   /* of a sync that is over: its place */
	unsigned char *bytes;
	pthread_t by;
};

struct image {
	unsigned char *bytes;
	size_t len, room;
};

static struct {
	pthread_mutex_t lock;
	const char *path; /* of the data; its log ends in -wal */
	struct image now[DISK_FILES], base[DISK_FILES];
	struct deed deeds[DEEDS_MAX];
	size_t n;
	bool records, losing;
	size_t beginning; /* bytes of it still to lose */
	uint64_t dice;
} disk = { .lock = PTHREAD_MUTEX_INITIALIZER };

static enum disk_file
disk_file(const char *name)
{
	size_t len = disk.path == NULL ? 0 : strlen(disk.path);

	if (len == 0 || strncmp(name, disk.path, len) != 0)
		return DISK_OTHER;
	name += len;
	return *name == '\0' ? DISK_DATA : strcmp(name, "-wal") == 0 ? DISK_LOG : DISK_OTHER;
}

static enum disk_file
disk_file_of(int fd)
{
	char entry[32], name[256];

	snprintf(entry, sizeof entry, "/proc/self/fd/%d", fd);
	ssize_t n = readlink(entry, name, sizeof name - 1);
	name[n < 0 ? 0 : n] = '\0';
	return disk_file(name);
}

static void
image_resize(struct image *i, size_t len)
{
	if (len > i->room) {
		i->room = len * 2;
		i->bytes = realloc(i->bytes, i->room);
	}
	if (len > i->len)
		memset(i->bytes + i->len, 0, len - i->len);
	i->len = len;
}

static void
image_write(struct image *i, size_t at, const unsigned char *bytes, size_t len)
{
	if (at + len > i->len)
		image_resize(i, at + len);
	memcpy(i->bytes + at, bytes, len);
}

static void
image_copy(struct image *to, const struct image *from)
{
	image_resize(to, 0);
	image_write(to, 0, from->bytes, from->len);
}

/* The lock is held. Returns its place. */
static size_t
disk_note(struct deed d, const void *bytes)
{
	if (!disk.records)
		return 0;
	if (disk.n == DEEDS_MAX)
		abort();
	if (bytes != NULL)
		d.bytes = memcpy(malloc(d.len), bytes, d.len);
	d.by = pthread_self();
	disk.deeds[disk.n] = d;
	return disk.n++;
}

static size_t
disk_say(enum deed_kind kind, enum disk_file f, size_t at, size_t began)
{
	pthread_mutex_lock(&disk.lock);
	size_t place = disk_note(
	        (struct deed){ .kind = kind, .file = f, .at = at, .began = began }, NULL);
	pthread_mutex_unlock(&disk.lock);
	return place;
}

ssize_t
pwrite(int fd, const void *p, size_t n, off_t at)
{
	enum disk_file f = disk_file_of(fd);

	pthread_mutex_lock(&disk.lock);
	ssize_t done = syscall(SYS_pwrite64, fd, p, n, at);
	if (f != DISK_OTHER && done > 0) {
		struct deed d = {
			.kind = DEED_WRITE, .file = f, .at = (size_t)at, .len = (size_t)done
		};
		image_write(&disk.now[f], d.at, p, d.len);
		disk_note(d, p);
	}
	pthread_mutex_unlock(&disk.lock);
	return done;
}

int
ftruncate(int fd, off_t len)
{
	enum disk_file f = disk_file_of(fd);

	pthread_mutex_lock(&disk.lock);
	int rc = (int)syscall(SYS_ftruncate, fd, len);
	if (f != DISK_OTHER && rc == 0) {
		image_resize(&disk.now[f], (size_t)len);
		disk_note((struct deed){ .kind = DEED_TRUNCATE, .file = f, .at = (size_t)len },
		        NULL);
	}
	pthread_mutex_unlock(&disk.lock);
	return rc;
}

int
unlink(const char *name)
{
	enum disk_file f = disk_file(name);

	if (f != DISK_OTHER) {
		pthread_mutex_lock(&disk.lock);
		image_resize(&disk.now[f], 0);
		pthread_mutex_unlock(&disk.lock);
	}
	return (int)syscall(SYS_unlink, name);
}

/* A real one, which takes its time: others get into it. */
int
fdatasync(int fd)
{
	enum disk_file f = disk_file_of(fd);

	if (f == DISK_OTHER)
		return 0;
	size_t began = disk_say(DEED_SYNC_BEGAN, f, 0, 0);
	int rc = (int)syscall(SYS_fdatasync, fd);
	disk_say(DEED_SYNCED, f, 0, began);
	return rc;
}

/* From here on, with all that was written until now on disk. */
static void
disk_record(void)
{
	pthread_mutex_lock(&disk.lock);
	for (int f = 0; f < DISK_FILES; f++)
		image_copy(&disk.base[f], &disk.now[f]);
	disk.records = true;
	pthread_mutex_unlock(&disk.lock);
}

static void
disk_answered(size_t number)
{
	disk_say(DEED_ANSWER, DISK_OTHER, number, 0);
}

static size_t
disk_throw(size_t sides)
{
	disk.dice = disk.dice * 6364136223846793005u + 1442695040888963407u;
	return (disk.dice >> 33) % sides;
}

/* How far each file was on disk for certain; returns how many bytes came after that. */
static size_t
disk_synced(size_t cut, size_t ret[DISK_FILES])
{
	size_t later = 0;

	ret[DISK_DATA] = ret[DISK_LOG] = 0;
	for (size_t i = 0; i < cut; i++) {
		const struct deed *d = &disk.deeds[i];
		if (d->kind == DEED_SYNCED && d->began > ret[d->file])
			ret[d->file] = d->began;
	}
	for (size_t i = 0; i < cut; i++)
		if (disk.deeds[i].kind == DEED_WRITE && i >= ret[disk.deeds[i].file])
			later += disk.deeds[i].len;
	return later;
}

/* Whether the next `len` bytes of that are lost. */
static bool
disk_loses(enum loss loss, size_t len)
{
	bool begins = disk.beginning > 0;

	switch (loss) {
	case LOSE_ALL:
		return true;
	case LOSE_BEGINNING:
		disk.beginning -= len < disk.beginning ? len : disk.beginning;
		return begins;
	case LOSE_RUNS:
		disk.losing ^= disk_throw(4) == 0;
		return disk.losing;
	case LOSE_SECTORS:
		return disk_throw(2) == 0;
	case LOSE_NOTHING:
		break;
	}
	return false;
}

static void
disk_keep_some(struct image *i, const struct deed *d, enum loss loss)
{
	size_t unit = loss == LOSE_SECTORS ? SECTOR : PAGE;

	for (size_t at = d->at, end = d->at + d->len; at < end;) {
		size_t next = at / unit * unit + unit;
		if (next > end)
			next = end;
		if (!disk_loses(loss, next - at))
			image_write(i, at, d->bytes + (at - d->at), next - at);
		at = next;
	}
}

/* The power goes before deed `cut`. */
static void
disk_cut(size_t cut, enum loss loss, struct image ret[DISK_FILES])
{
	size_t synced[DISK_FILES];

	disk.beginning = disk_throw(1 + disk_synced(cut, synced));
	for (int f = 0; f < DISK_FILES; f++)
		image_copy(&ret[f], &disk.base[f]);
	for (size_t i = 0; i < cut; i++) {
		const struct deed *d = &disk.deeds[i];
		if (d->kind != DEED_WRITE && d->kind != DEED_TRUNCATE)
			continue;
		enum loss of_it = i < synced[d->file] ? LOSE_NOTHING : loss;
		if (d->kind == DEED_WRITE)
			disk_keep_some(&ret[d->file], d, of_it);
		else if (!disk_loses(of_it, 1))
			image_resize(&ret[d->file], d->at);
	}
}

#endif
