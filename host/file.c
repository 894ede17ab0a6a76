/* SPDX-License-Identifier: Apache-2.0 */
#include "host/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "host/arena.h"
#include "host/sys.h"
#include "host/text.h"

int host_file_open(int dir, const char *path, struct stat *st, char *why)
{
	/* Not blocking: a FIFO must not stop the program, it is refused below */
	long fd = host_sys6(SYS_openat, dir, path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0,
			    0, 0);
	char shown[160];
	struct host_text t = host_text_start(shown, sizeof(shown));

	host_text_quote(&t, path, strlen(path));
	if (fd < 0)
		return host_why(why, "%s: %s", shown, strerrordesc_np((int)-fd));
	if (fstat((int)fd, st) || !S_ISREG(st->st_mode)) {
		host_sys3(SYS_close, fd, 0, 0);
		return host_why(why, "%s: not a regular file", shown);
	}
	return (int)fd;
}

uint8_t *host_file_read(int fd, const char *path, size_t max, size_t *len, char *why)
{
	struct stat st;
	uint8_t *buf;
	size_t size;
	long n = 0;

	if (fstat(fd, &st) || (uintmax_t)st.st_size > max) {
		host_why(why, "%s: too large, %zu kB at most", path, max >> 10);
		return NULL;
	}
	size = (size_t)st.st_size + 1;
	buf = host_arena_alloc(size);
	if (!buf) {
		host_why(why, "%s: out of memory", path);
		return NULL;
	}
	for (*len = 0; *len < size - 1; *len += (size_t)n) {
		n = host_sys6(SYS_pread64, fd, buf + *len, size - 1 - *len, *len, 0, 0);
		if (n == -EINTR)
			n = 0;
		else if (n <= 0)
			break;
	}
	if (*len == size - 1)
		return buf;
	host_arena_free(buf, size);
	host_why(why, "%s: %s", path,
		 n < 0 ? strerrordesc_np((int)-n) : "became shorter while it was read");
	return NULL;
}
