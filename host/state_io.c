/* SPDX-License-Identifier: Apache-2.0 */
/*
 * state_io.c - what the files of the state file stand on: bytes on the disk, the header, clocks
 *
 * Descriptors are touched by raw system calls only (sys.h), because the code also runs inside
 * programs whose read() and write() are hooks.  Nothing here knows where the files are; so nothing
 * here calls the files that do.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "host/state_impl.h"
#include "host/sys.h"
#include "host/text.h"

#define PAGE	    4096
#define STATE_ASIDE 512 /* behind the header: the last image that is split between pages */

struct aside {
	uint32_t slot;
	uint8_t image[DS_STORE_IMAGE];
};

uint64_t host_state_wall(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (uint64_t)ts.tv_sec * DS_SECOND + (uint64_t)ts.tv_nsec;
}

void host_state_sleep(ds_time until)
{
	for (ds_time now = host_now(); now < until; now = host_now()) {
		struct timespec left = {.tv_sec = (time_t)((until - now) / DS_SECOND),
					.tv_nsec = (long)((until - now) % DS_SECOND)};

		host_sys3(SYS_nanosleep, &left, 0, 0);
	}
}

int host_state_read(int fd, void *buf, size_t len, off_t at)
{
	while (len) {
		long n = host_sys6(SYS_pread64, fd, buf, len, at, 0, 0);

		if (n == -EINTR)
			continue;
		if (n <= 0)
			return n ? (int)n : -ENODATA;
		buf = (char *)buf + n;
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

bool host_state_fits(off_t size)
{
	struct rlimit most;

	return getrlimit(RLIMIT_FSIZE, &most) || most.rlim_cur == RLIM_INFINITY ||
	       (rlim_t)size <= most.rlim_cur;
}

int host_state_write(int fd, const void *buf, size_t len, off_t at)
{
	if (!host_state_fits(at + (off_t)len))
		return -EFBIG;
	while (len) {
		long n = host_sys6(SYS_pwrite64, fd, buf, len, at, 0, 0);

		if (n == -EINTR)
			continue;
		if (n < 0)
			return (int)n;
		buf = (const char *)buf + n;
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

/* A place of which a part lies in the next page. */
static bool is_split(uint32_t slot)
{
	off_t at = host_state_place(slot);

	return at / PAGE != (at + DS_STORE_IMAGE - 1) / PAGE;
}

/*
 * The kernel breaks a write() of a process that is killed off between two pages, and half an image is
 * none.  So one that is split between pages is written aside first, where it is not.
 */
int host_state_write_image(const struct host_state *s, uint32_t slot,
			   const uint8_t image[static DS_STORE_IMAGE])
{
	struct aside aside = {.slot = slot};
	int r = 0;

	if (is_split(slot)) {
		memcpy(aside.image, image, sizeof(aside.image));
		r = host_state_write(s->fd, &aside, sizeof(aside), STATE_ASIDE);
	}
	return r ? r : host_state_write(s->fd, image, DS_STORE_IMAGE, host_state_place(slot));
}

void host_state_finish_image(const struct host_state *s, uint32_t slots)
{
	struct aside aside;
	struct stat st;

	if (host_state_read(s->fd, &aside, sizeof(aside), STATE_ASIDE) || !aside.slot ||
	    aside.slot > slots || !is_split(aside.slot) || fstat(s->fd, &st) ||
	    st.st_size <= host_state_place(aside.slot))
		return;
	(void)host_state_write(s->fd, aside.image, sizeof(aside.image),
			       host_state_place(aside.slot));
}

void host_state_machine_id(uint8_t id[static 16])
{
	char hex[32];
	long fd = host_sys6(SYS_openat, AT_FDCWD, "/etc/machine-id", O_RDONLY | O_CLOEXEC, 0, 0, 0);

	memset(id, 0, 16);
	if (fd < 0)
		return;
	if (host_state_read((int)fd, hex, sizeof(hex), 0) ||
	    host_hex_parse(id, 16, hex, sizeof(hex)) != 16)
		memset(id, 0, 16);
	host_sys3(SYS_close, fd, 0, 0);
}

int64_t host_state_wall_offset(void)
{
	return (int64_t)(host_state_wall() / DS_SECOND) - (int64_t)(host_now() / DS_SECOND);
}

int host_state_write_header(struct host_state *s, bool durable)
{
	uint8_t out[DS_STORE_HEADER];
	int r;

	s->header.file_dev = s->dev;
	s->header.file_ino = s->ino;
	r = ds_store_header_seal(s->store, &s->header, out) ? -EIO : 0;
	if (!r)
		r = host_state_write(s->fd, out, sizeof(out), 0);
	if (!r && durable)
		r = (int)host_sys3(SYS_fsync, s->fd, 0, 0);
	return r;
}

bool host_state_is_others(struct host_state *s, const struct ds_addr *endpoint)
{
	uint8_t in[DS_STORE_HEADER];

	return !host_state_read(s->fd, in, sizeof(in), 0) &&
	       ds_store_header_open(s->store, in, &s->header) == DS_STORE_OK &&
	       host_state_names_another(&s->header, endpoint);
}
