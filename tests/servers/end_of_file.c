/* SPDX-License-Identifier: Apache-2.0 */
/*
 * end_of_file.c - reads at the end of files, pipes and streams
 *
 * From then on SO_GET_FILTER, by which a retired socket is known, ends the process: only a UDP socket
 * may be one, so no other descriptor is to be asked, at whatever cost that would be.
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "victim.h"

VICTIM_MAIN

static void forbid_look(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getsockopt, 0, 3),
		/* the low half of the third argument */
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[2]) +
							   (__BYTE_ORDER == __BIG_ENDIAN ? 4 : 0)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SO_GET_FILTER, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = {.len = sizeof(code) / sizeof(code[0]), .filter = code};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog))
		die("seccomp");
}

static void read_end(int fd)
{
	char c;
	struct iovec none = {&c, 0};
	struct pollfd p = {.fd = fd, .events = POLLIN};

	if (read(fd, &c, 1) || readv(fd, &none, 1) || poll(&p, 1, -1) != 1)
		die("a descriptor at its end");
	if (recv(fd, &c, 1, 0) && errno != ENOTSOCK)
		die("recv");
}

static int serve(void)
{
	int pipe_ends[2], pair[2], file = open("/dev/null", O_RDONLY), udp = udp_server(0);
	static struct message m;

	if (pipe(pipe_ends) || socketpair(AF_UNIX, SOCK_STREAM, 0, pair) || file < 0)
		die("pipe");
	close(pipe_ends[1]);
	close(pair[1]);
	forbid_look();
	read_end(pipe_ends[0]);
	read_end(pair[0]);
	read_end(file);
	say("NOTE read");
	while (receive(udp, &m, 0) >= 0)
		reply(udp, &m);
	return 1;
}
