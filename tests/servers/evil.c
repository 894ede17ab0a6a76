/* SPDX-License-Identifier: Apache-2.0 */
/*
 * evil.c - tries to get plaintext out of, or into, the port it serves
 *
 * A client asks "!NAME"; the program tries that on its socket, with the canary as content and the
 * client as destination, says "NOTE NAME RESULT" and answers with the same, if it still can.
 * RESULT is what the calls returned, and SAW if something with the stranger's word came in.
 *
 * --before yes: has a thread answer in clear beside it, on 127.0.0.1, before it binds.
 *
 * Run by itself as `evil --child N`, it does to inherited descriptor N, without the shim, what
 * "raw" does.
 */
#include <dlfcn.h>
#include <linux/filter.h>
#include <linux/io_uring.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "raw.h"
#include "victim.h"

#define CANARY	 "CANARY-plaintext by evil"
#define STRANGER "STRANGER"
#define NUMBERS	 1100 /* descriptors that are looked at */

static struct sockaddr_in peer;
static char result[512];

static int serve(void);

__attribute__((format(printf, 1, 2))) static void add(const char *fmt, ...)
{
	size_t len = strlen(result);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(result + len, sizeof(result) - len, fmt, ap);
	va_end(ap);
}

/* "name=RESULT", errors by name */
static void told(const char *name, long r)
{
	if (r < 0)
		add(" %s=%s", name, strerrorname_np((int)-r));
	else
		add(" %s=%ld", name, r);
}

static void saw(const void *data, long n)
{
	if (n > 0 && memmem(data, (size_t)n, STRANGER, strlen(STRANGER)))
		add(" SAW");
}

#define raw(nr, a, b, c, d, e, f)                                                                  \
	raw6(nr, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))

static struct msghdr *message(void)
{
	static struct iovec iov;
	static struct msghdr msg;

	iov = (struct iovec){(void *)CANARY, strlen(CANARY)};
	msg = (struct msghdr){
		.msg_name = &peer, .msg_namelen = sizeof(peer), .msg_iov = &iov, .msg_iovlen = 1};
	return &msg;
}

/* Everything that sends and receives, on @fd. */
static void speak_raw(int fd)
{
	struct iovec iov = {(void *)CANARY, strlen(CANARY)};
	struct mmsghdr many = {.msg_hdr = *message()};
	struct msghdr msg;
	char buf[256];
	long n;

	n = raw(SYS_recvfrom, fd, buf, sizeof(buf), MSG_DONTWAIT, 0, 0);
	saw(buf, n);
	msg = (struct msghdr){.msg_iov = &(struct iovec){buf, sizeof(buf)}, .msg_iovlen = 1};
	n = raw(SYS_recvmsg, fd, &msg, MSG_DONTWAIT, 0, 0, 0);
	saw(buf, n);
	raw(SYS_fcntl, fd, F_SETFL, O_NONBLOCK, 0, 0, 0);
	n = raw(SYS_read, fd, buf, sizeof(buf), 0, 0, 0);
	saw(buf, n);
	told("sendto",
	     raw(SYS_sendto, fd, CANARY, strlen(CANARY), MSG_NOSIGNAL, &peer, sizeof(peer)));
	told("sendmsg", raw(SYS_sendmsg, fd, message(), MSG_NOSIGNAL, 0, 0, 0));
	told("sendmmsg", raw(SYS_sendmmsg, fd, &many, 1, MSG_NOSIGNAL, 0, 0));
	told("connect", raw(SYS_connect, fd, &peer, sizeof(peer), 0, 0, 0));
	told("send", raw(SYS_sendto, fd, CANARY, strlen(CANARY), MSG_NOSIGNAL, 0, 0));
	told("write", raw(SYS_write, fd, CANARY, strlen(CANARY), 0, 0, 0));
	told("writev", raw(SYS_writev, fd, &iov, 1, 0, 0, 0));
	raw(SYS_fcntl, fd, F_SETFL, 0, 0, 0, 0);
}

/* syscall() is a function of libc, and hooked: what it sends is encrypted. */
static void by_syscall(int fd)
{
	char buf[256];
	long n = syscall(SYS_recvfrom, fd, buf, sizeof(buf), MSG_DONTWAIT, NULL, NULL);

	saw(buf, n);
	n = syscall(SYS_sendto, fd, "by syscall()", 12, 0, &peer, sizeof(peer));
	told("sendto", n < 0 ? -errno : n);
}

/* io_uring without liburing */

struct ring {
	int fd;
	char *sq, *cq;
	struct io_uring_params p;
	struct io_uring_sqe *sqes;
};

static long ring_open(struct ring *r)
{
	memset(r, 0, sizeof(*r));
	r->fd = (int)raw(SYS_io_uring_setup, 4, &r->p, 0, 0, 0, 0);
	if (r->fd < 0)
		return r->fd;
	r->sq = mmap(NULL, r->p.sq_off.array + 64, PROT_READ | PROT_WRITE, MAP_SHARED, r->fd,
		     IORING_OFF_SQ_RING);
	r->cq = mmap(NULL, r->p.cq_off.cqes + 16 * r->p.cq_entries, PROT_READ | PROT_WRITE,
		     MAP_SHARED, r->fd, IORING_OFF_CQ_RING);
	r->sqes = mmap(NULL, 4 * sizeof(*r->sqes), PROT_READ | PROT_WRITE, MAP_SHARED, r->fd,
		       IORING_OFF_SQES);
	return r->sq == MAP_FAILED || r->cq == MAP_FAILED || r->sqes == MAP_FAILED ? -ENOMEM : 0;
}

/* Does one operation. */
static long ring_do(struct ring *r, struct io_uring_sqe op)
{
	unsigned *tail = (unsigned *)(r->sq + r->p.sq_off.tail);
	unsigned *head = (unsigned *)(r->cq + r->p.cq_off.head);
	unsigned mask = *(unsigned *)(r->cq + r->p.cq_off.ring_mask);
	unsigned slot = *tail & *(unsigned *)(r->sq + r->p.sq_off.ring_mask);
	struct io_uring_cqe *cqes = (struct io_uring_cqe *)(r->cq + r->p.cq_off.cqes);
	long n;

	r->sqes[slot] = op;
	((unsigned *)(r->sq + r->p.sq_off.array))[slot] = slot;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	n = raw(SYS_io_uring_enter, r->fd, 1, 1, IORING_ENTER_GETEVENTS, 0, 0);
	if (n < 0)
		return n;
	n = cqes[*head & mask].res;
	__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
	return n;
}

static void by_uring(int fd)
{
	struct io_uring_sqe op = {.fd = fd, .msg_flags = MSG_DONTWAIT | MSG_NOSIGNAL};
	char buf[256] = "";
	struct ring r;
	long n = ring_open(&r);

	if (n < 0) {
		told("setup", n);
		return;
	}
	op.opcode = IORING_OP_RECV;
	op.addr = (uintptr_t)buf;
	op.len = sizeof(buf);
	n = ring_do(&r, op);
	saw(buf, n);
	told("recv", n);
	op.opcode = IORING_OP_SENDMSG;
	op.addr = (uintptr_t)message();
	op.len = 1;
	told("sendmsg", ring_do(&r, op));
	op.opcode = IORING_OP_SEND;
	op.addr = (uintptr_t)CANARY;
	op.len = strlen(CANARY);
	told("send", ring_do(&r, op));
	op.opcode = IORING_OP_WRITE;
	op.msg_flags = 0;
	told("write", ring_do(&r, op));
	close(r.fd);
}

static void by_stdio(int fd)
{
	FILE *f = fdopen(dup(fd), "r+");
	long n = fprintf(f, "%s", CANARY);

	told("fprintf", fflush(f) == 0 ? n : -errno);
	fclose(f);
	n = dprintf(fd, "%s", CANARY);
	told("dprintf", n < 0 ? -errno : n);
}

/* From a pipe and from a file, by libc and past it. */
static void by_splice(int fd)
{
	struct iovec iov = {(void *)CANARY, strlen(CANARY)};
	int one[2], two[2], file = memfd_create("canary", 0);
	size_t len = strlen(CANARY);

	signal(SIGPIPE, SIG_IGN);
	if (pipe(one) < 0 || pipe(two) < 0 || write(file, CANARY, len) != (ssize_t)len)
		die("pipe");
	told("vmsplice", raw(SYS_vmsplice, one[1], &iov, 1, 0, 0, 0));
	told("tee", raw(SYS_tee, one[0], two[1], len, 0, 0, 0));
	told("splice", raw(SYS_splice, one[0], 0, fd, 0, len, SPLICE_F_NONBLOCK));
	told("splice2", splice(two[0], NULL, fd, NULL, len, SPLICE_F_NONBLOCK) < 0 ? -errno : 0);
	told("sendfile", raw(SYS_sendfile, fd, file, &(off_t){0}, len, 0, 0));
	told("teefd", raw(SYS_tee, one[0], fd, len, 0, 0, 0));
	told("vmsplicefd", raw(SYS_vmsplice, fd, &iov, 1, 0, 0, 0));
}

static void *plugin(const char *name)
{
	char path[4096] = "";
	void *lib;

	if (readlink("/proc/self/exe", path, sizeof(path) - 16) < 0)
		die("readlink");
	strcpy(strrchr(path, '/') + 1, "plugin.so");
	lib = dlopen(path, RTLD_NOW | RTLD_DEEPBIND);
	if (!lib || !dlsym(lib, name))
		die(path);
	return dlsym(lib, name);
}

static void by_plugin(int fd)
{
	ssize_t (*send_it)(int, const void *, size_t, const struct sockaddr *, socklen_t) =
		plugin("plugin_sendto");
	long n = send_it(fd, CANARY, strlen(CANARY), (struct sockaddr *)&peer, sizeof(peer));

	told("sendto", n < 0 ? -errno : n);
}

/* Another program, without the shim, with what it inherits: --program, or this one. */
static void by_child(int fd)
{
	char number[16], self[] = "/proc/self/exe", where[64];
	const char *program = option("program", self);
	int status = 0, out[2];
	pid_t pid;
	ssize_t n;

	snprintf(number, sizeof(number), "%d", fd);
	snprintf(where, sizeof(where), "%u:%d", peer.sin_addr.s_addr, ntohs(peer.sin_port));
	if (pipe(out) < 0)
		die("pipe");
	pid = fork();
	if (pid == 0) {
		dup2(out[1], STDOUT_FILENO);
		unsetenv("LD_PRELOAD");
		execl(program, "evil", "--child", number, "--peer", where, (char *)NULL);
		_exit(127);
	}
	close(out[1]);
	while ((n = read(out[0], result + strlen(result), sizeof(result) - 1 - strlen(result))) > 0)
		;
	close(out[0]);
	waitpid(pid, &status, 0);
	add(" status=%d", WEXITSTATUS(status));
}

/* The child above, and the receiver below. */
static int child(int fd)
{
	unsigned addr = 0;
	int port = 0;

	if (sscanf(option("peer", ""), "%u:%d", &addr, &port) != 2)
		return 2;
	peer = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((in_port_t)port)};
	peer.sin_addr.s_addr = addr;
	speak_raw(fd);
	fputs(result, stdout);
	return 0;
}

/* The descriptor in a message to a program without the shim. */
static void by_message(int fd)
{
	union {
		struct cmsghdr align;
		char buf[CMSG_SPACE(sizeof(int))];
	} control = {.buf = ""};
	char byte = 'x';
	struct msghdr msg = {.msg_iov = &(struct iovec){&byte, 1},
			     .msg_iovlen = 1,
			     .msg_control = &control,
			     .msg_controllen = sizeof(control)};
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) < 0)
		die("socketpair");
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	if (sendmsg(pair[0], &msg, 0) < 0)
		die("SCM_RIGHTS");
	/* What the receiver gets is a new number for the same; read past the shim */
	msg.msg_controllen = sizeof(control);
	if (raw(SYS_recvmsg, pair[1], &msg, 0, 0, 0, 0) < 0)
		die("SCM_RIGHTS");
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(fd));
	by_child(fd);
}

/* Filters that let everything through, instead of ours. */
static void by_filter(int fd)
{
	struct sock_filter all = BPF_STMT(BPF_RET | BPF_K, 0xffffffff);
	struct sock_fprog prog = {.len = 1, .filter = &all};
	int zero = 0;
	char buf[256];

	told("detach", setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &zero, 4) ? -errno : 0);
	told("attach",
	     setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog)) ? -errno : 0);
	told("ebpf", setsockopt(fd, SOL_SOCKET, SO_ATTACH_BPF, &fd, 4) ? -errno : 0);
	raw(SYS_setsockopt, fd, SOL_SOCKET, SO_DETACH_FILTER, &zero, 4, 0);
	/* Hidden ones, too: the filter there is locked */
	for (int i = 3; i < NUMBERS; i++) {
		raw(SYS_setsockopt, i, SOL_SOCKET, SO_DETACH_FILTER, &zero, 4, 0);
		raw(SYS_setsockopt, i, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog), 0);
	}
	saw(buf, raw(SYS_recvfrom, fd, buf, sizeof(buf), MSG_DONTWAIT, 0, 0));
}

/* Another socket on the same port, made and bound past libc, with every option that may help. */
static void by_second_socket(int fd)
{
	static const char *const hosts[] = {"127.0.0.1", "127.0.0.2", "0.0.0.0"};
	struct sockaddr_in own = {.sin_family = AF_INET};
	int on = 1, port = atoi(option("port", "0")), n = 0;
	char buf[256];

	(void)fd;
	for (int options = 0; options < 8; options++)
		for (size_t i = 0; i < 3; i++) {
			int s = (int)raw(SYS_socket, AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0, 0, 0,
					 0);

			own.sin_port = htons((in_port_t)port);
			inet_pton(AF_INET, hosts[i], &own.sin_addr);
			if (options & 1)
				raw(SYS_setsockopt, s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on),
				    0);
			if (options & 2)
				raw(SYS_setsockopt, s, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on),
				    0);
			if (options & 4)
				raw(SYS_setsockopt, s, IPPROTO_IP, IP_FREEBIND, &on, sizeof(on), 0);
			if (raw(SYS_bind, s, &own, sizeof(own), 0, 0, 0) == 0) {
				n++;
				raw(SYS_sendto, s, CANARY, strlen(CANARY), 0, &peer, sizeof(peer));
				saw(buf, raw(SYS_recvfrom, s, buf, sizeof(buf), 0, 0, 0));
			}
			raw(SYS_close, s, 0, 0, 0, 0, 0);
		}
	add(" bound=%d", n);
}

/* Every number again, by /proc. */
static void by_proc(int fd)
{
	char path[32];
	int n = 0;

	(void)fd;
	for (int i = 3; i < NUMBERS; i++) {
		int again;

		snprintf(path, sizeof(path), "/proc/self/fd/%d", i);
		again = (int)raw(SYS_openat, AT_FDCWD, path, O_RDWR, 0, 0, 0);
		if (again >= 0 &&
		    raw(SYS_sendto, again, CANARY, strlen(CANARY), 0, &peer, sizeof(peer)) >= 0)
			n++;
		raw(SYS_close, again, 0, 0, 0, 0, 0);
	}
	add(" opened=%d", n);
}

/* The shim's own descriptors, through libc: closed, replaced, copied, spoken to. */
static void by_hidden(int fd)
{
	int null = open("/dev/null", O_RDWR), n = 0;

	for (int i = 900; i < NUMBERS; i++) {
		n += sendto(i, CANARY, strlen(CANARY), 0, (struct sockaddr *)&peer, sizeof(peer)) >=
		     0;
		n += write(i, CANARY, strlen(CANARY)) >= 0;
		int copy = dup(i);

		n += copy >= 0 && sendto(copy, CANARY, strlen(CANARY), 0, (struct sockaddr *)&peer,
					 sizeof(peer)) >= 0;
		if (copy >= 0)
			close(copy);
		close(i);
		if (i != fd && dup2(null, i) == i)
			close(i);
	}
	close_range(900, NUMBERS, 0);
	add(" sent=%d", n);
}

/* Everything closed and overwritten past libc, then begun anew. */
static void by_closing(int fd)
{
	int null = open("/dev/null", O_RDWR);

	(void)fd;
	for (int i = 900; i < NUMBERS; i++)
		raw(SYS_dup3, null, i, 0, 0, 0, 0);
	for (int i = 3; i < NUMBERS; i++)
		raw(SYS_close, i, 0, 0, 0, 0, 0);
	say("NOTE closing done");
	serve();
}

/* What no code in the same process can keep it from: the shim's own descriptor, past libc. */
static void by_theft(int fd)
{
	int pid = (int)raw(SYS_pidfd_open, getpid(), 0, 0, 0, 0, 0), n = 0;

	(void)fd;
	for (int i = 900; i < NUMBERS; i++) {
		int got = (int)raw(SYS_pidfd_getfd, pid, i, 0, 0, 0, 0);

		n += got >= 0 && raw(SYS_sendto, got, CANARY, strlen(CANARY), MSG_NOSIGNAL, &peer,
				     sizeof(peer)) >= 0;
		raw(SYS_close, got, 0, 0, 0, 0, 0);
	}
	add(" sent=%d", n);
}

static const struct {
	const char *name;
	void (*act)(int fd);
} ways[] = {
	{"raw", speak_raw},	      {"syscall", by_syscall}, {"io_uring", by_uring},
	{"stdio", by_stdio},	      {"splice", by_splice},   {"plugin", by_plugin},
	{"child", by_child},	      {"message", by_message}, {"filter", by_filter},
	{"second", by_second_socket}, {"proc", by_proc},       {"hidden", by_hidden},
	{"closing", by_closing},      {"theft", by_theft},
};

static void attempt(int fd, const char *name)
{
	snprintf(result, sizeof(result), "%.20s", name);
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		if (!strcmp(name, ways[i].name))
			ways[i].act(fd);
	say("NOTE %s", result);
	sendto(fd, result, strlen(result), 0, (struct sockaddr *)&peer, sizeof(peer));
}

static void *answer_in_clear(void *arg)
{
	int fd = (int)(intptr_t)arg;
	struct sockaddr_in from;
	socklen_t len = sizeof(from);
	char buf[2048];
	long n;

	while ((n = raw(SYS_recvfrom, fd, buf, sizeof(buf), 0, &from, &len)) >= 0)
		raw(SYS_sendto, fd, buf, n, 0, &from, len);
	return NULL;
}

/* Opens whatever keeps the port, and takes the more special address. */
static void come_before(void)
{
	struct sockaddr_in own = {.sin_family = AF_INET};
	int on = 1, fd = (int)raw(SYS_socket, AF_INET, SOCK_DGRAM, 0, 0, 0, 0);
	pthread_t t;

	for (int i = 3; i < NUMBERS; i++)
		raw(SYS_setsockopt, i, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on), 0);
	own.sin_port = htons((in_port_t)atoi(option("port", "0")));
	own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (raw(SYS_bind, fd, &own, sizeof(own), 0, 0, 0) < 0)
		die("the port cannot be had");
	pthread_create(&t, NULL, answer_in_clear, (void *)(intptr_t)fd);
}

static int serve(void)
{
	static struct message m;
	int fd;

	if (option("child", NULL))
		return child(atoi(option("child", "")));
	if (option_is("before", "yes"))
		come_before();
	fd = udp_server(0);
	for (;;) {
		if (receive(fd, &m, 0) < 0)
			die("recvfrom");
		log_message(&m);
		m.data[m.len < MESSAGE_MAX ? m.len : MESSAGE_MAX - 1] = '\0';
		memcpy(&peer, &m.from, sizeof(peer));
		if (m.data[0] == '!')
			attempt(fd, m.data + 1);
		else
			sendto(fd, m.data, (size_t)m.len, 0, (struct sockaddr *)&peer,
			       sizeof(peer));
	}
}

VICTIM_MAIN
