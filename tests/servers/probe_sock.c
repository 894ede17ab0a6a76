/* SPDX-License-Identifier: Apache-2.0 */
/* probe_sock.c - probes of sending, naming, options, duplicates and children; see probe.h */
#include <linux/filter.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "probe.h"

static const struct sockaddr *peer(void)
{
	return (struct sockaddr *)&client.from;
}

static void send_sizes(int fd, int len)
{
	static char buf[70000];

	memset(buf, 's', sizeof(buf));
	put_result("sendto", sendto(fd, buf, (size_t)len, 0, peer(), client.from_len));
}

/* Every call that sends, each its own message. */
static void send_calls(int fd, int arg)
{
	struct iovec iov[3] = {{"se", 2}, {"nd", 2}, {"msg", 3}};
	struct msghdr h = {.msg_name = &client.from,
			   .msg_namelen = client.from_len,
			   .msg_iov = iov,
			   .msg_iovlen = 3};
	struct mmsghdr v[2] = {{.msg_hdr = h}, {.msg_hdr = h}};

	(void)arg;
	put_result("sendmsg", sendmsg(fd, &h, 0));
	put_result("sendmmsg", sendmmsg(fd, v, 2, 0));
	put(",%u,%u", v[0].msg_len, v[1].msg_len);
	put_result("none", sendmmsg(fd, v, 0, 0));
	put_result("oob", sendto(fd, "x", 1, MSG_OOB, peer(), client.from_len));
	put_result("unconnected", send(fd, "x", 1, 0));
	put_result("unconnected", write(fd, "x", 1));
	put_result("short name", sendto(fd, "x", 1, 0, peer(), 4));
	put_result("huge", sendto(fd, result, 65508, 0, peer(), client.from_len));
	put_result("nowait", sendto(fd, "nowait", 6, MSG_DONTWAIT, peer(), client.from_len));
}

static void names(int fd, int arg)
{
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);
	struct stat st;

	(void)arg;
	put_result("getsockname", getsockname(fd, (struct sockaddr *)&ss, &len));
	put(",len=%d,family=%d,addr=%s,port=%s", (int)len, ss.ss_family, address_text(&ss),
	    address_port(&ss) == atoi(option("port", "0")) ? "own" : "other");
	len = 4;
	put_result("short", getsockname(fd, (struct sockaddr *)&ss, &len));
	put(",len=%d", (int)len);
	len = sizeof(ss);
	put_result("getpeername", getpeername(fd, (struct sockaddr *)&ss, &len));
	put_result("bind again", bind(fd, (struct sockaddr *)&ss, len));
	put_result("listen", listen(fd, 5));
	put_result("accept", accept(fd, NULL, NULL));
	put_result("lseek", lseek(fd, 0, SEEK_SET));
	put_result("isatty", isatty(fd) ? 1 : -1);
	put_result("fstat", fstat(fd, &st));
	put(",socket=%d", S_ISSOCK(st.st_mode));
	put_result("getfd", fcntl(fd, F_GETFD));
}

static void put_option(const char *name, int fd, int level, int opt)
{
	int value = -1;
	socklen_t len = sizeof(value);

	if (getsockopt(fd, level, opt, &value, &len) < 0)
		put(" %s=%s", name, strerrorname_np(errno));
	else
		put(" %s=%d/%d", name, value, (int)len);
}

static void options(int fd, int arg)
{
	(void)arg;
	put_option("type", fd, SOL_SOCKET, SO_TYPE);
	put_option("domain", fd, SOL_SOCKET, SO_DOMAIN);
	put_option("protocol", fd, SOL_SOCKET, SO_PROTOCOL);
	put_option("error", fd, SOL_SOCKET, SO_ERROR);
	put_option("listening", fd, SOL_SOCKET, SO_ACCEPTCONN);
	set_int(fd, SOL_SOCKET, SO_RCVBUF, 100000);
	put_option("rcvbuf", fd, SOL_SOCKET, SO_RCVBUF);
	set_int(fd, SOL_SOCKET, SO_BROADCAST, 1);
	put_option("broadcast", fd, SOL_SOCKET, SO_BROADCAST);
	set_int(fd, IPPROTO_IP, IP_TOS, 0x28);
	put_option("tos", fd, IPPROTO_IP, IP_TOS);
	set_int(fd, IPPROTO_IP, IP_TOS, 0);
	put_option("unknown", fd, SOL_SOCKET, 9999);
	put_option("level", fd, 4711, 1);
}

/* The usual life of a connected socket, and back again. */
static void connected(int fd, int arg)
{
	struct sockaddr_storage ss;
	struct sockaddr none = {.sa_family = AF_UNSPEC};
	struct iovec iov[2] = {{"wri", 3}, {"tev", 3}};
	socklen_t len = sizeof(ss);
	char buf[50] = "";

	(void)arg;
	put_result("connect", connect(fd, peer(), client.from_len));
	put_result("getpeername", getpeername(fd, (struct sockaddr *)&ss, &len));
	put(",%s",
	    len == client.from_len && memcmp(&ss, &client.from, len) == 0 ? "same" : "other");
	put_result("send", send(fd, "send", 4, 0));
	put_result("write", write(fd, "write", 5));
	put_result("writev", writev(fd, iov, 2));
	put_result("sendto", sendto(fd, "sendto", 6, 0, peer(), client.from_len));
	put_result("read", read(fd, buf, sizeof(buf)));
	put(":%s", buf);
	put_recv("recv", fd, 50, 0);
	put_result("disconnect", connect(fd, &none, sizeof(none)));
	len = sizeof(ss);
	put_result("getpeername", getpeername(fd, (struct sockaddr *)&ss, &len));
}

/* Duplicates receive and send like the first; closing one leaves the others alone. */
static void duplicates(int fd, int arg)
{
	int d[5] = {dup(fd), dup2(fd, 100), dup3(fd, 101, O_CLOEXEC), fcntl(fd, F_DUPFD, 110),
		    fcntl(fd, F_DUPFD_CLOEXEC, 120)};

	(void)arg;
	for (int i = 1; i < 5; i++)
		put(" %d,%#x", d[i], (unsigned)fcntl(d[i], F_GETFD));
	go(fd);
	for (int i = 0; i < 5; i++)
		put_recv("recv", d[i], 50, 0);
	for (int i = 0; i < 5; i++) {
		put_result("send", sendto(d[i], "dup", 3, 0, peer(), client.from_len));
		put_result("close", close(d[i]));
	}
	put_recv("closed", d[1], 50, 0);
}

/* The first number goes away and comes back while a duplicate keeps the socket. */
static void move_around(int fd, int arg)
{
	int d = dup(fd);

	(void)arg;
	close(fd);
	put_recv("closed", fd, 50, 0);
	say_to_client(d, "go", 2);
	put_recv("recv", d, 50, 0);
	int null = open("/dev/null", O_RDONLY); /* the number is used for something else */

	put(" reused=%d", null == fd);
	put_result("read", read(null, result + result_len, 1));
	put_result("dup2", dup2(d, fd) == fd ? 0 : -1);
	close(d);
}

static void read_command(const char *command)
{
	char line[256];
	FILE *f = popen(command, "r");

	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		put(" [%s]", line);
	}
	if (f != NULL)
		put_result("pclose", pclose(f));
}

/* A command sees no more descriptors than it would without protection, and no inet socket. */
static void command(int fd, int arg)
{
	(void)fd;
	(void)arg;
	/* the second shell is a program without any library that the first one was given */
	read_command("unset LD_PRELOAD; exec sh -c 'cd /proc/self/fd; echo *; "
		     "for f in *; do readlink $f | grep -o ^socket; done | wc -l'");
}

/* A child that only does its own thing and goes. */
static void child(int fd, int arg)
{
	int status = -1;
	pid_t pid = fork();

	(void)arg;
	if (pid == 0) {
		close(fd);
		_exit(7);
	}
	waitpid(pid, &status, 0);
	put(" status=%d", WEXITSTATUS(status));
	go(fd);
	put_recv("recv", fd, 50, 0);
}

/* Every way to send to a port that has no session. */
static void stranger(int fd, int port)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
				 .sin_port = htons((in_port_t)port),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr none = {.sa_family = AF_UNSPEC};
	struct iovec iov = {"stranger", 8};
	struct mmsghdr v = {.msg_hdr = {.msg_name = &to,
					.msg_namelen = sizeof(to),
					.msg_iov = &iov,
					.msg_iovlen = 1}};

	put_result("sendto", sendto(fd, "stranger", 8, 0, (struct sockaddr *)&to, sizeof(to)));
	put_result("sendmsg", sendmsg(fd, &v.msg_hdr, 0));
	put_result("sendmmsg", sendmmsg(fd, &v, 1, 0));
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0)
		put_result("connect", -1);
	put_result("connected", send(fd, "stranger", 8, 0));
	connect(fd, &none, sizeof(none));
}

/* A socket of the program's own that is not bound: it speaks to a server in clear. */
static void outbound(int fd, int port)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
				 .sin_port = htons((in_port_t)port),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int own = socket(AF_INET, SOCK_DGRAM, 0);

	(void)fd;
	set_timeout(own, 5000);
	put_result("sendto", sendto(own, "question", 8, 0, (struct sockaddr *)&to, sizeof(to)));
	put_recv("recv", own, 100, 0);
	put_result("close", close(own));
}

/* A server that closes its socket and opens it again on the same port, under the same number. */
static void reopen(int fd, int arg)
{
	(void)arg;
	put_result("close", close(fd));
	put_recv("closed", fd, 50, 0);
	put(" same=%d", udp_socket(0) == fd);
	bind_own(fd);
	say("NOTE reopened");
}

/* Options that take protection away, by what follows the probe's name. */
static void refused(int fd, int arg)
{
	struct sock_filter all = {BPF_RET, 0, 0, 0xffff};
	struct sock_fprog prog = {1, &all};

	(void)arg;
	if (strstr(client.data, "ATTACH") != NULL)
		put_result("attach",
			   setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog)));
	else if (strstr(client.data, "DETACH") != NULL)
		put_result("detach",
			   setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &(int){0}, sizeof(int)));
	else
		put_result("gro", setsockopt(fd, IPPROTO_UDP, UDP_GRO, &(int){1}, sizeof(int)));
}

/* The kernel says ENOTCONN and shuts the socket down all the same. */
static void shut_down(int fd, int arg)
{
	struct pollfd p = {.fd = fd, .events = POLLIN | POLLRDHUP};

	(void)arg;
	put_result("shutdown", shutdown(fd, SHUT_RD));
	put_result("poll", poll(&p, 1, 1000));
	put(",%#x", (unsigned)p.revents);
	put_recv("recv", fd, 50, 0);
	put_result("send", sendto(fd, "last", 4, 0, peer(), client.from_len));
	put_result("shutdown", shutdown(fd, SHUT_WR));
	put_result("send", sendto(fd, "more", 4, MSG_NOSIGNAL, peer(), client.from_len));
	say("NOTE %s", result);
	exit(0);
}

static const struct probe probes[] = {
	{"shutdown", shut_down},  {"stranger", stranger},     {"refused", refused},
	{"outbound", outbound},	  {"reopen", reopen},	      {"size", send_sizes},
	{"calls", send_calls},	  {"names", names},	      {"options", options},
	{"connected", connected}, {"duplicates", duplicates}, {"move", move_around},
	{"command", command},	  {"child", child},	      {NULL, NULL},
};

VICTIM_MAIN

static int serve(void)
{
	return probe_loop(probes);
}
