/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file.h - reading small files whole, into the arena
 *
 * Threads:  any.
 * Errors:   one line in @why (DS_WHY_MAX bytes) that names the file.
 */
#ifndef HOST_FILE_H
#define HOST_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

/* Opens a regular file for reading and fills @st; @dir as for openat(2).  A link at the end of @path is
 * followed unless another user made it in a directory that others may write.  The descriptor
 * (close-on-exec), or -1 with @why. */
int host_file_open(int dir, const char *path, struct stat *st, char *why);

/**
 * host_file_read() - read all of a file
 * @fd:		from host_file_open(); its position does not matter and is left alone
 * @path:	for messages
 * @max:	bytes it may have
 * @len:	out: bytes it has
 *
 * Return: the content and a NUL, *@len + 1 bytes from the arena, or NULL with @why
 */
uint8_t *host_file_read(int fd, const char *path, size_t max, size_t *len, char *why);

/* Checks a file with a secret, or with keys that are believed: one that group or others may write is
 * refused, one that others may read is a warning in the log if @warn.  0, or -1 with @why. */
int host_file_check_secret(const char *path, const struct stat *st, bool warn, char *why);

/* Opens, checks and reads a file with a secret, @max bytes at most.  As host_file_read(). */
uint8_t *host_file_secret(const char *path, size_t max, size_t *len, char *why);

/* Tells one content of a file from another without reading it; all zero = there is no file. */
struct host_file_mark {
	dev_t dev;
	ino_t ino;
	off_t size;
	struct timespec mtime, ctime;
};

/* The mark of the file at @path as it is now; NULL is no file. */
struct host_file_mark host_file_mark(const char *path);
struct host_file_mark host_file_mark_of(const struct stat *st);

#endif
