/* SPDX-License-Identifier: Apache-2.0 */
/*
 * slow_disk.c - slow_disk CALL FLAG COMMAND...: runs COMMAND on a disk that hangs when the test says so
 *
 * While the file FLAG exists no call of CALL, write or pwrite64, to a regular file returns.  The kernel asks a
 * process beside COMMAND about each of them (seccomp_unotify(2)).
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define HELD_MAX 64
#define LOOK	 5 /* milliseconds between looks at the flag */

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static int install(long nr)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)nr, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = {.len = sizeof(code) / sizeof(*code), .filter = code};
	long fd;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		die("no_new_privs");
	fd = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &prog);
	if (fd < 0)
		die("seccomp");
	return (int)fd;
}

static void pass(int sock, int fd)
{
	char space[CMSG_SPACE(sizeof(fd))] = {0}, byte = 0;
	struct iovec iov = {&byte, 1};
	struct msghdr m = {.msg_iov = &iov,
			   .msg_iovlen = 1,
			   .msg_control = space,
			   .msg_controllen = sizeof(space)};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	if (sendmsg(sock, &m, 0) != 1)
		die("sendmsg");
}

static int receive(int sock)
{
	char space[CMSG_SPACE(sizeof(int))] = {0}, byte;
	struct iovec iov = {&byte, 1};
	struct msghdr m = {.msg_iov = &iov,
			   .msg_iovlen = 1,
			   .msg_control = space,
			   .msg_controllen = sizeof(space)};
	int fd;

	if (recvmsg(sock, &m, 0) != 1 || !CMSG_FIRSTHDR(&m))
		exit(1);
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof(fd));
	return fd;
}

static int is_disk(const struct seccomp_notif *n)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%u/fd/%d", n->pid, (int)n->data.args[0]);
	return !stat(path, &st) && S_ISREG(st.st_mode);
}

static void let(int listener, uint64_t id)
{
	struct seccomp_notif_resp r = {.id = id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};

	ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &r);
}

static void watch(int listener, const char *flag)
{
	uint64_t held[HELD_MAX];
	int n_held = 0;

	for (;;) {
		struct pollfd p = {.fd = listener, .events = POLLIN};
		struct seccomp_notif n = {0};

		poll(&p, 1, n_held ? LOOK : -1);
		if (p.revents & POLLHUP) /* COMMAND is gone */
			exit(0);
		if (access(flag, F_OK))
			while (n_held)
				let(listener, held[--n_held]);
		if (!(p.revents & POLLIN) || ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &n))
			continue;
		if (n_held < HELD_MAX && is_disk(&n) && !access(flag, F_OK))
			held[n_held++] = n.id;
		else
			let(listener, n.id);
	}
}

int main(int argc, char **argv)
{
	int pair[2];

	if (argc < 4 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return 2;
	if (!fork()) {
		if (fork()) /* no child of COMMAND */
			_exit(0);
		close(pair[0]);
		watch(receive(pair[1]), argv[2]);
	}
	pass(pair[0], install(strcmp(argv[1], "write") ? SYS_pwrite64 : SYS_write));
	execv(argv[3], argv + 3);
	die(argv[3]);
}
