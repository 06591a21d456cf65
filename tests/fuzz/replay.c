/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The main that ordinary builds give a fuzz target: it runs every file of the folders and files
 * named as arguments, and of each a fixed number of damaged copies, so that an ordinary test
 * run finds the shallow bugs and shows that no old finding has come back. The damage is the
 * same in every run. A crash is the sanitizer's to report; the file at work is named before it.
 */
#include <dirent.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A crash within them tells what an explorer would find in its first second. */
enum { DAMAGED_COPIES = 64, INPUT_MAX_BYTES = 1 << 20 };

/* What is being run, for on_abort. */
static char at_work[4096];

/* xorshift64*: the same damage everywhere, for as long as this line stands. */
static uint64_t
next_random(uint64_t *seed)
{
	*seed ^= *seed >> 12;
	*seed ^= *seed << 25;
	*seed ^= *seed >> 27;
	return *seed * 0x2545f4914f6cdd1dULL;
}

/* Each input gets a block of its own size, so that reading past its end is seen. */
static void
run_exact(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);

	if (copy == NULL)
		abort();
	memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

/* One of: cut short, a byte changed, a bit flipped, a piece doubled over another. */
static size_t
damage(uint8_t *data, size_t size, uint64_t *seed)
{
	uint64_t r = next_random(seed);
	size_t a = (r >> 8) % size, b = (r >> 32) % size;
	size_t longest = size - (a > b ? a : b);

	switch (r % 4) {
	case 0:
		return a;
	case 1:
		data[a] = (uint8_t)(r >> 56);
		return size;
	case 2:
		data[a] ^= (uint8_t)(1u << (r >> 61));
		return size;
	default:
		memmove(data + a, data + b, longest < 16 ? longest : 16);
		return size;
	}
}

static void
run_damaged(const uint8_t *data, size_t size)
{
	uint64_t seed = 0x9e3779b97f4a7c15ULL ^ size;
	uint8_t *copy = malloc(size);

	if (copy == NULL)
		abort();
	for (int i = 0; i < DAMAGED_COPIES; i++) {
		size_t left = size;
		memcpy(copy, data, size);
		for (uint64_t n = next_random(&seed) % 3 + 1; n > 0 && left > 0; n--)
			left = damage(copy, left, &seed);
		run_exact(copy, left);
	}
	free(copy);
}

/* Async-signal-safe: only write. */
static void
on_abort(int sig)
{
	static const char words[] = "input: ";

	if (write(STDERR_FILENO, words, sizeof words - 1) < 0
	        || write(STDERR_FILENO, at_work, strlen(at_work)) < 0
	        || write(STDERR_FILENO, "\n", 1) < 0)
		_exit(1);
	signal(sig, SIG_DFL);
	raise(sig);
}

static int
run_file(const char *path)
{
	static uint8_t data[INPUT_MAX_BYTES];
	FILE *f = fopen(path, "re");

	if (f == NULL) {
		perror(path);
		return 0;
	}
	size_t size = fread(data, 1, sizeof data, f);
	fclose(f);
	snprintf(at_work, sizeof at_work, "%s", path);
	run_exact(data, size);
	if (size > 0)
		run_damaged(data, size);
	return 1;
}

static int
run_folder(const char *path)
{
	struct dirent **names;
	int n = scandir(path, &names, NULL, alphasort), ran = 0;

	for (int i = 0; i < n; i++) {
		char inner[4096];
		snprintf(inner, sizeof inner, "%s/%s", path, names[i]->d_name);
		if (names[i]->d_name[0] != '.')
			ran += run_file(inner);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	return ran;
}

int
main(int argc, char **argv)
{
	int ran = 0;

	signal(SIGABRT, on_abort);
	run_exact((const uint8_t *)"", 0);
	for (int i = 1; i < argc; i++) {
		struct stat st;
		bool folder = stat(argv[i], &st) == 0 && S_ISDIR(st.st_mode);
		ran += folder ? run_folder(argv[i]) : run_file(argv[i]);
	}
	printf("%d inputs and their damaged copies\n", ran);
	return ran > 0 ? 0 : 1; /* a target whose corpus is empty tests nothing */
}
