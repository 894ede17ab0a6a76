/* SPDX-License-Identifier: Apache-2.0 */
#include "shim/socket/filter.h"

#include <linux/filter.h>
#include <string.h>
#include <sys/socket.h>

#include "host/sys.h"

#define UDP_HEADER    8	 /* the filter sees it first */
#define RECORD_HEADER 13 /* RFC 6347, 4.1: type 1, version 2, epoch 2, sequence 6, length 2 */

static int attach(int fd, const struct sock_filter *code, unsigned short n)
{
	struct sock_fprog prog = {.len = n, .filter = (struct sock_filter *)code};

	return (int)host_sys6(SYS_setsockopt, fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog),
			      0);
}

int shim_filter_closed(int fd)
{
	struct sock_filter code[] = {BPF_STMT(BPF_RET | BPF_K, 0)};

	return attach(fd, code, sizeof(code) / sizeof(code[0]));
}

/* Content types 20..23 (RFC 6347), 25 (RFC 9146) and 27 (RFC 9853), major version 254 */
static const struct sock_filter dtls[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0),
	BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, UDP_HEADER + RECORD_HEADER, 0, 8),
	BPF_STMT(BPF_LD | BPF_B | BPF_ABS, UDP_HEADER),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 25, 3, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 27, 2, 0),
	BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 20, 0, 4),
	BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 23, 3, 0),
	BPF_STMT(BPF_LD | BPF_B | BPF_ABS, UDP_HEADER + 1),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xfe, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, 0xffffffff),
	BPF_STMT(BPF_RET | BPF_K, 0),
};
#define DTLS_N (sizeof(dtls) / sizeof(dtls[0]))

/* What is not empty: the engine tells plaintext from DTLS */
static const struct sock_filter some[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0),
	BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, UDP_HEADER, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, 0xffffffff),
	BPF_STMT(BPF_RET | BPF_K, 0),
};
#define SOME_N (sizeof(some) / sizeof(some[0]))

int shim_filter_open(int fd, bool plaintext)
{
	int on = 1;
	int r = plaintext ? attach(fd, some, SOME_N) : attach(fd, dtls, DTLS_N);

	if (r)
		return r;
	return (int)host_sys6(SYS_setsockopt, fd, SOL_SOCKET, SO_LOCK_FILTER, &on, sizeof(on), 0);
}

bool shim_filter_is_ours(int fd)
{
	struct sock_filter code[DTLS_N];
	socklen_t n = DTLS_N; /* in instructions */
	int locked = 0;
	socklen_t len = sizeof(locked);

	if (host_sys6(SYS_getsockopt, fd, SOL_SOCKET, SO_LOCK_FILTER, &locked, &len, 0) ||
	    !locked || host_sys6(SYS_getsockopt, fd, SOL_SOCKET, SO_GET_FILTER, code, &n, 0))
		return false;
	return (n == DTLS_N && !memcmp(code, dtls, sizeof(dtls))) ||
	       (n == SOME_N && !memcmp(code, some, sizeof(some)));
}

void shim_filter_remove(int fd)
{
	int unused = 0;

	host_sys6(SYS_setsockopt, fd, SOL_SOCKET, SO_DETACH_FILTER, &unused, sizeof(unused), 0);
}

bool shim_filter_present(int fd)
{
	socklen_t n = 0;

	/* SO_GET_FILTER counts in instructions */
	return !host_sys6(SYS_getsockopt, fd, SOL_SOCKET, SO_GET_FILTER, 0, &n, 0) && n > 0;
}
