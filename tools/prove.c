/* SPDX-License-Identifier: Apache-2.0 */
/*
 * prove.c - see strict.h
 *
 * The shim says of itself that a socket is protected.  This process does not believe it: it speaks to
 * the socket from outside, once in clear and once with a ClientHello, and looks at the answers.  It
 * stands beside the program and is not its parent or child, so that the program's wait() and signals
 * are as they would be without it.
 *
 * A server that answers plaintext is killed at once.  A server that answers nothing is not: it may
 * be busy, and it sends nothing in clear.
 *
 * The process holds the program by a pidfd, which cannot come to mean another process, and ends when
 * there is nothing more to prove.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "host/endpoint.h"
#include "host/strict.h"
#include "tools/strict.h"

#define SECOND	   (1000ULL * 1000 * 1000) /* of ds_time */
#define WAIT_REST  (60 * SECOND)	   /* for the program to bind its other ports */
#define WAIT_DTLS  (10 * SECOND)	   /* for the program to look at what came */
#define NEVER	   UINT64_MAX
#define HELLO_PACE (SECOND / 4)
#define GRACE	   (2 * SECOND) /* for a program that is to end */
#define WAIT_LATE  (SECOND / 4) /* for an answer to plaintext that comes after that to the hello */

#define RECORD_HEADER 13

/* Requests that plaintext servers of known protocols might answer. */
static const struct {
	const char *bytes;
	size_t len;
} plaintext[] = {
#define TEXT(s)                                                                                    \
	{                                                                                          \
		s, sizeof(s) - 1                                                                   \
	}
	TEXT("hello\n"),
	TEXT("\x40\x01\x70\x01\xbb.well-known\x04"
	     "core"),							   /* CoAP GET */
	TEXT("\x70\x01\x01\0\0\1\0\0\0\0\0\0\7version\4bind\0\0\x10\0\3"), /* DNS */
	TEXT("\0\1\0\0\x21\x12\xa4\x42"
	     "dtlsshim-run"), /* STUN */
	TEXT("\x23\0\6\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
	     "\0\0\0\0\0"), /* NTP */
	TEXT("OPTIONS sip:run@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1\r\n\r\n"),
	TEXT(""),
#undef TEXT
};

/* A ClientHello without a cookie: DTLS 1.2, TLS_PSK_WITH_AES_128_CCM_8, no extension.  It is
 * answered by a HelloVerifyRequest, whatever the keys (RFC 6347, 4.2.1). */
static const char hello[] = "\x16\xfe\xff\0\0\0\0\0\0\0\0\0\x36"
			    "\x01\0\0\x2a\0\0\0\0\0\0\0\x2a"
			    "\xfe\xfd"
			    "dtlsshim run: are you there?...."
			    "\0\0\0\x02\xc0\xa8\x01";

struct probe {
	int fd;
	bool refused; /* nobody has the port any more */
	bool clear;   /* something came that is not DTLS */
	bool dtls;
};

/* Replaces a wildcard address by one at which a client would reach the socket. */
static void reachable(struct host_strict_report *r)
{
	if (r->addr.sa.sa_family == AF_INET && r->addr.in.sin_addr.s_addr == htonl(INADDR_ANY))
		r->addr.in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (r->addr.sa.sa_family == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&r->addr.in6.sin6_addr))
		r->addr.in6.sin6_addr = in6addr_loopback;
}

static void look_at(struct probe *p, const uint8_t *data, size_t len)
{
	if (len >= RECORD_HEADER && data[0] >= 20 && data[0] <= 25 && data[1] == 0xfe)
		p->dtls = true;
	else
		p->clear = true;
}

/* Takes answers until @end, or until a hello was answered. */
static void listen_until(struct probe *p, ds_time end, bool stop_at_dtls)
{
	struct pollfd pfd = {.fd = p->fd, .events = POLLIN};
	uint8_t data[2048];
	ds_time now;
	ssize_t n;

	while ((now = host_now()) < end && !p->clear && !p->refused) {
		if (poll(&pfd, 1, (int)((end - now) / 1000000) + 1) <= 0)
			continue;
		n = recv(p->fd, data, sizeof(data), MSG_DONTWAIT);
		if (n >= 0)
			look_at(p, data, (size_t)n);
		else if (errno == ECONNREFUSED)
			p->refused = true;
		if (stop_at_dtls && p->dtls)
			return;
	}
}

static struct probe speak_to(const struct host_strict_report *r)
{
	struct probe p = {.fd = socket(r->addr.sa.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
	ds_time end = host_now() + WAIT_DTLS;

	if (p.fd < 0 || connect(p.fd, &r->addr.sa, r->len)) {
		p.refused = true;
		return p;
	}
	for (size_t i = 0; i < sizeof(plaintext) / sizeof(*plaintext); i++)
		(void)!send(p.fd, plaintext[i].bytes, plaintext[i].len, MSG_NOSIGNAL);
	while (!p.dtls && !p.clear && !p.refused && host_now() < end) {
		(void)!send(p.fd, hello, sizeof(hello), MSG_NOSIGNAL);
		listen_until(&p, host_now() + HELLO_PACE, true);
	}
	listen_until(&p, host_now() + WAIT_LATE, false);
	return p;
}

static void kill_all(int program, pid_t server)
{
	syscall(SYS_pidfd_send_signal, program, SIGKILL, NULL, 0);
	if (server > 0)
		kill(server, SIGKILL);
}

static void prove(struct host_strict_report *r, int program, pid_t server)
{
	struct probe p;
	unsigned port = ntohs(r->addr.in.sin_port);

	reachable(r);
	p = speak_to(r);
	close(p.fd);
	if (p.clear) {
		strict_say("port %u answers plaintext in clear: the program is ended; look for a "
			   "second socket on this port (dtlsshim check, docs/security.md)",
			   port);
		kill_all(program, server);
		_exit(1);
	}
	if (p.refused)
		strict_say("port %u was closed again before anything was proved", port);
	else
		strict_say("port %u: plaintext gets no answer, a ClientHello %s", port,
			   p.dtls ? "does"
				  : "neither: the program does not look at its socket yet");
}

/* Sockets in clear */

#define CLEAR_MAX 16 /* that are remembered */

static struct {
	uint16_t ports[CLEAR_MAX];
	int programs[CLEAR_MAX]; /* pidfds of those that bound them; -1: the one that was started */
	unsigned n;
} in_clear;

static void note_clear(int reports, uint16_t port, pid_t pid)
{
	struct ucred maker = {.pid = 0}; /* of the pair: run, which became the program */
	socklen_t len = sizeof(maker);

	if (in_clear.n == CLEAR_MAX)
		return;
	getsockopt(reports, SOL_SOCKET, SO_PEERCRED, &maker, &len);
	in_clear.programs[in_clear.n] = pid == maker.pid ? -1
							 : (int)syscall(SYS_pidfd_open, pid, 0);
	in_clear.ports[in_clear.n++] = port;
}

/* "5684, 5686" */
static const char *clear_list(char list[static CLEAR_MAX * 7])
{
	size_t n = 0;

	list[0] = '\0';
	for (unsigned i = 0; i < in_clear.n; i++)
		n += (size_t)sprintf(list + n, "%s%u", i ? ", " : "", in_clear.ports[i]);
	return list;
}

static const char *listed(const struct host_options *o, char list[static HOST_PORTS_MAX * 7])
{
	size_t n = 0;

	list[0] = '\0';
	for (uint32_t i = 0; i < o->n_ports; i++)
		n += (size_t)sprintf(list + n, "%s%u", i ? ", " : "", o->ports[i].program);
	return list;
}

static void signal_to(int program, int sig)
{
	syscall(SYS_pidfd_send_signal, program, sig, NULL, 0);
}

/* Asks the program, and those below it that serve in clear, to end; then kills those that did not. */
static void end_all(int program)
{
	struct pollfd waiting[CLEAR_MAX + 1] = {{.fd = program, .events = POLLIN}};
	ds_time end = host_now() + GRACE, now;
	unsigned alive = in_clear.n + 1;

	signal_to(program, HOST_STRICT_SIGNAL);
	for (unsigned i = 0; i < in_clear.n; i++) {
		waiting[i + 1] = (struct pollfd){.fd = in_clear.programs[i], .events = POLLIN};
		signal_to(in_clear.programs[i], SIGTERM);
	}
	while (alive && (now = host_now()) < end) {
		poll(waiting, in_clear.n + 1, (int)((end - now) / 1000000) + 1);
		alive = 0;
		for (unsigned i = 0; i <= in_clear.n; i++) {
			if (waiting[i].revents)
				waiting[i].fd = -1;
			alive += waiting[i].fd >= 0;
		}
	}
	for (unsigned i = 0; i <= in_clear.n; i++)
		if (waiting[i].fd >= 0)
			signal_to(waiting[i].fd, SIGKILL);
}

/* Time is up, and not one port is protected. */
static void none_bound(int program, const struct host_options *o)
{
	char ports[HOST_PORTS_MAX * 7], others[CLEAR_MAX * 7];

	if (!o->n_ports) {
		strict_say("no port was bound in %u s: nothing is proved (--strict-timeout)",
			   o->strict_timeout);
		return;
	}
	if (in_clear.n)
		strict_say(
			"nothing was bound to port %s in %u s, but in clear to %s: the program is "
			"ended; name its ports with --ports",
			listed(o, ports), o->strict_timeout, clear_list(others));
	else
		strict_say(
			"nothing was bound to port %s in %u s, and to no other port: the program "
			"is ended; name its ports with --ports, or give it longer with "
			"--strict-timeout",
			listed(o, ports), o->strict_timeout);
	end_all(program);
	_exit(HOST_STRICT_STATUS);
}

/* For poll(). */
static int left(ds_time end, ds_time now)
{
	if (end == NEVER)
		return -1;
	return now < end ? (int)((end - now) / 1000000) + 1 : 0;
}

/* 1 a report, 0 the program has no end of the socket any more, -1 time is up. */
static int next_report(int reports, ds_time end, struct host_strict_report *r, pid_t *server)
{
	union {
		struct cmsghdr align;
		char buf[CMSG_SPACE(sizeof(struct ucred))];
	} control;
	struct iovec iov = {r, sizeof(*r)};
	struct msghdr msg = {.msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = &control,
			     .msg_controllen = sizeof(control)};
	struct pollfd pfd = {.fd = reports, .events = POLLIN};
	struct cmsghdr *c;
	struct ucred who;
	ds_time now = host_now();

	while (poll(&pfd, 1, left(end, now)) < 0)
		now = host_now();
	if (!pfd.revents)
		return -1;
	if (recvmsg(reports, &msg, MSG_CMSG_CLOEXEC) < (ssize_t)sizeof(*r))
		return 0;
	*server = 0;
	c = CMSG_FIRSTHDR(&msg);
	if (c && c->cmsg_type == SCM_CREDENTIALS) {
		memcpy(&who, CMSG_DATA(c), sizeof(who));
		*server = who.pid;
	}
	return 1;
}

static bool has_ended(int program)
{
	struct pollfd pfd = {.fd = program, .events = POLLIN};

	return poll(&pfd, 1, 1000) == 1;
}

/* All ends of the socket were closed before anything was bound: the program has ended, or it went
 * on without the shim. */
static void lost(int program)
{
	if (has_ended(program))
		return;
	strict_say(
		"the program goes on without the shim (its descriptors were closed, as sudo does): "
		"it is ended; let what starts it start dtlsshim run, or say --strict=false");
	kill_all(program, 0);
	_exit(1);
}

/* A client's program has ended, or what is left of it is without the shim. */
static void client_ended(int program, const struct host_options *o)
{
	char ports[HOST_PORTS_MAX * 7], others[CLEAR_MAX * 7];

	if (!has_ended(program))
		return;
	strict_say("the program has ended, and nothing was sent to port %s%s%s: not one socket was "
		   "protected; name the ports of its servers with --ports",
		   listed(o, ports), in_clear.n ? ", but in clear to " : "", clear_list(others));
	_exit(HOST_STRICT_STATUS);
}

/* Notes @port; true if that was the last one. */
static bool is_last(const struct host_options *o, bool done[static HOST_PORTS_MAX], uint16_t port)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < o->n_ports; i++) {
		done[i] |= o->ports[i].wire == port;
		n += done[i];
	}
	return n && n == o->n_ports;
}

void strict_prove(int reports, int program, const struct host_options *o)
{
	bool client = o->role == HOST_ROLE_CLIENT;
	ds_time end = client || !o->strict_timeout ? NEVER
						   : host_now() + o->strict_timeout * SECOND;
	bool done[HOST_PORTS_MAX] = {false};
	struct host_strict_report r;
	unsigned n = 0;
	pid_t server;
	int more;

	while ((more = next_report(reports, end, &r, &server)) > 0) {
		if (r.kind == HOST_STRICT_CLEAR) {
			note_clear(reports, r.program_port, server);
			continue;
		}
		if (client)
			return;
		if (!n++)
			end = host_now() + WAIT_REST;
		if (r.kind == HOST_STRICT_CLIENT)
			continue;
		prove(&r, program, server);
		if (is_last(o, done, ntohs(r.addr.in.sin_port)))
			return;
	}
	if (n)
		return;
	if (more)
		none_bound(program, o);
	else if (client)
		client_ended(program, o);
	else
		lost(program);
}
