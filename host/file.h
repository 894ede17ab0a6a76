/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file.h - reading small files whole, into the arena
 *
 * Errors:   one line in @why (DS_WHY_MAX bytes) that names the file.
 */
#ifndef HOST_FILE_H
#define HOST_FILE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

/* Opens a regular file for reading and fills @st; @dir as for openat(2).  The descriptor
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

#endif
