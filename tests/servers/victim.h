/* SPDX-License-Identifier: Apache-2.0 */
/*
 * victim.h - what the servers in this directory share
 *
 * Ordinary UDP echo servers, each written in one of the ways real ones are.  They know nothing of
 * DTLS: the tests run them bare, under the shim and behind the proxy, and compare.
 *
 * Common flags: --host ADDRESS (127.0.0.1), --port N and, for SO_REUSEPORT, --reuseport 1.  Standard output:
 *
 *	READY port=N pid=N		the socket is bound
 *	RX LENGTH ESCAPED-BYTES		a message came in (first 64 bytes)
 *	NOTE ...			whatever else a test wants to know
 *
 * A message is sent back as it is, but for "?flags": the answer says what the receiving call told
 * the program about it; and "?peer": the address and port it came from.
 */
#ifndef TESTS_VICTIM_H
#define TESTS_VICTIM_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define MESSAGE_MAX 65536
#define UNUSED	    __attribute__((unused))

/* A received message and what the call told about it. */
struct message {
	ssize_t len;
	int flags; /* msg_flags, 0 where the call has none */
	struct sockaddr_storage from;
	socklen_t from_len;
	char note[256]; /* control messages as text */
	char data[MESSAGE_MAX];
};

UNUSED static int main_argc;
UNUSED static char **main_argv;

/* Value of --name, or @fallback. */
UNUSED static const char *option(const char *name, const char *fallback)
{
	for (int i = 1; i + 1 < main_argc; i++)
		if (strncmp(main_argv[i], "--", 2) == 0 && strcmp(main_argv[i] + 2, name) == 0)
			return main_argv[i + 1];
	return fallback;
}

UNUSED static bool option_is(const char *name, const char *value)
{
	return strcmp(option(name, ""), value) == 0;
}

__attribute__((noreturn, unused)) static void die(const char *what)
{
	fprintf(stderr, "victim: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* One line in one write: threads and children share standard output. */
__attribute__((format(printf, 1, 2), unused)) static void say(const char *fmt, ...)
{
	char line[1024];
	va_list ap;

	va_start(ap, fmt);
	int n = vsnprintf(line, sizeof(line) - 1, fmt, ap);
	va_end(ap);
	if (n > (int)sizeof(line) - 2)
		n = (int)sizeof(line) - 2;
	line[n++] = '\n';
	if (write(STDOUT_FILENO, line, (size_t)n) < 0)
		_exit(1);
}

/* The address of --host and --port; its length in @len. */
UNUSED static struct sockaddr_storage own_address(socklen_t *len)
{
	struct sockaddr_storage ss = {0};
	const char *host = option("host", "127.0.0.1");
	in_port_t port = htons((in_port_t)atoi(option("port", "0")));

	if (strchr(host, ':') != NULL) {
		struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&ss;

		in6->sin6_family = AF_INET6;
		in6->sin6_port = port;
		if (inet_pton(AF_INET6, host, &in6->sin6_addr) != 1)
			die(host);
		*len = sizeof(*in6);
	} else {
		struct sockaddr_in *in4 = (struct sockaddr_in *)&ss;

		in4->sin_family = AF_INET;
		in4->sin_port = port;
		if (inet_pton(AF_INET, host, &in4->sin_addr) != 1)
			die(host);
		*len = sizeof(*in4);
	}
	return ss;
}

UNUSED static void set_int(int fd, int level, int name, int value)
{
	if (setsockopt(fd, level, name, &value, sizeof(value)) < 0)
		die("setsockopt");
}

UNUSED static void set_timeout(int fd, int ms)
{
	struct timeval tv = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};

	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)) < 0)
		die("SO_RCVTIMEO");
}

/* A UDP socket of the family of --host with @type_flags (SOCK_NONBLOCK...), not bound yet. */
UNUSED static int udp_socket(int type_flags)
{
	socklen_t len;
	struct sockaddr_storage ss = own_address(&len);
	int fd = socket(ss.ss_family, SOCK_DGRAM | type_flags, 0);

	if (fd < 0)
		die("socket");
	return fd;
}

UNUSED static void bind_own(int fd)
{
	socklen_t len;
	struct sockaddr_storage ss = own_address(&len);

	if (bind(fd, (struct sockaddr *)&ss, len) < 0)
		die("bind");
}

UNUSED static void ready(int fd)
{
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);

	if (getsockname(fd, (struct sockaddr *)&ss, &len) < 0)
		die("getsockname");
	/* the port is at the same place in both families */
	say("READY port=%d pid=%d", ntohs(((struct sockaddr_in *)&ss)->sin_port), (int)getpid());
}

/* A bound socket, announced. */
UNUSED static int udp_server(int type_flags)
{
	int fd = udp_socket(type_flags);

	if (option_is("reuseport", "1"))
		set_int(fd, SOL_SOCKET, SO_REUSEPORT, 1);
	bind_own(fd);
	ready(fd);
	return fd;
}

UNUSED static const char *address_text(const struct sockaddr_storage *ss)
{
	static __thread char text[INET6_ADDRSTRLEN];
	const void *a = ss->ss_family == AF_INET6
				? (const void *)&((const struct sockaddr_in6 *)ss)->sin6_addr
				: (const void *)&((const struct sockaddr_in *)ss)->sin_addr;

	if ((ss->ss_family != AF_INET && ss->ss_family != AF_INET6) ||
	    inet_ntop(ss->ss_family, a, text, sizeof(text)) == NULL)
		return "none";
	return text;
}

UNUSED static int address_port(const struct sockaddr_storage *ss)
{
	return ntohs(((const struct sockaddr_in *)ss)->sin_port);
}

UNUSED static void log_message(const struct message *m)
{
	char text[64 * 4 + 1];
	size_t n = 0;

	for (ssize_t i = 0; i < m->len && i < 64; i++) {
		unsigned char c = (unsigned char)m->data[i];
		bool plain = c >= ' ' && c < 127 && c != '\\';

		n += (size_t)snprintf(text + n, sizeof(text) - n, plain ? "%c" : "\\x%02x", c);
	}
	text[n] = '\0';
	say("RX %zd %s", m->len, text);
}

/* Logs a message and turns it into its answer, in place. */
UNUSED static void answer(struct message *m)
{
	log_message(m);
	if (m->len == 5 && memcmp(m->data, "?peer", 5) == 0)
		m->len = snprintf(m->data, sizeof(m->data), "%s port %d", address_text(&m->from),
				  address_port(&m->from));
	if (m->len != 6 || memcmp(m->data, "?flags", 6) != 0)
		return;
	m->len = snprintf(m->data, sizeof(m->data),
			  "len=%zd flags=%#x namelen=%d family=%d from=%s%s", m->len,
			  (unsigned)m->flags, (int)m->from_len, m->from.ss_family,
			  address_text(&m->from), m->note);
}

/* One recvfrom; the result in @m->len. */
UNUSED static ssize_t receive(int fd, struct message *m, int flags)
{
	m->flags = 0;
	m->note[0] = '\0';
	m->from_len = sizeof(m->from);
	m->len = recvfrom(fd, m->data, sizeof(m->data), flags, (struct sockaddr *)&m->from,
			  &m->from_len);
	return m->len;
}

UNUSED static void reply(int fd, struct message *m)
{
	answer(m);
	if (sendto(fd, m->data, (size_t)m->len, 0, (struct sockaddr *)&m->from, m->from_len) < 0)
		say("NOTE sendto: %s", strerrorname_np(errno));
}

/* Receives and answers until nothing is there; returns the number of messages. */
UNUSED static int drain(int fd, struct message *m)
{
	int n = 0;

	for (; receive(fd, m, MSG_DONTWAIT) >= 0; n++)
		reply(fd, m);
	if (errno != EAGAIN)
		say("NOTE recvfrom: %s", strerrorname_np(errno));
	return n;
}

#define VICTIM_MAIN                                                                                \
	static int serve(void);                                                                    \
	int main(int argc, char **argv)                                                            \
	{                                                                                          \
		main_argc = argc;                                                                  \
		main_argv = argv;                                                                  \
		return serve();                                                                    \
	}

#endif
