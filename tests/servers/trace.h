/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trace.h - programs whose every call and result is a line, to be compared from run to run
 *
 *	T call = result
 *
 * Nothing in a line depends on anything but the call: ports, times and addresses of memory are
 * left out.  The peer acts on request: "WANT size..." asks for messages, and a line on standard
 * input says that they were sent.
 */
#ifndef TESTS_TRACE_H
#define TESTS_TRACE_H

#include "victim.h"

static struct sockaddr_storage peer; /* who the first message came from */
static socklen_t peer_len = sizeof(peer);

static char trace_line[4000];
static size_t trace_len;

__attribute__((format(printf, 1, 2), unused)) static void trace(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	trace_len +=
		(size_t)vsnprintf(trace_line + trace_len, sizeof(trace_line) - trace_len, fmt, ap);
	va_end(ap);
	if (trace_len >= sizeof(trace_line))
		trace_len = sizeof(trace_line) - 1;
}

/* The value a call returned, or its error's name. */
UNUSED static void trace_result(long r)
{
	if (r < 0)
		trace(" = %s", strerrorname_np(errno));
	else
		trace(" = %ld", r);
}

UNUSED static void trace_end(void)
{
	printf("T %s\n", trace_line);
	trace_len = 0;
	trace_line[0] = '\0';
}

/* A file's line that is a call: "T text = result". */
#define TRACE(call, ...)                                                                           \
	do {                                                                                       \
		trace(__VA_ARGS__);                                                                \
		errno = 0;                                                                         \
		trace_result(call);                                                                \
		trace_end();                                                                       \
	} while (0)

UNUSED static void trace_bytes(const void *bytes, size_t n)
{
	const unsigned char *p = bytes;

	for (size_t i = 0; i < n; i++)
		trace("%02x", p[i]);
}

/* An address: whose it is, as far as it goes. */
UNUSED static void trace_name(const void *name, size_t n)
{
	if (n <= sizeof(peer) && memcmp(name, &peer, n) == 0)
		trace(" peer/%zu", n);
	else
		trace_bytes(name, n);
}

/* Has the other side send messages of these sizes. */
UNUSED static void want(const int *sizes, int n)
{
	char line[16];

	printf("WANT");
	for (int i = 0; i < n; i++)
		printf(" %d", sizes[i]);
	printf("\n");
	fflush(stdout);
	if (read(STDIN_FILENO, line, sizeof(line)) <= 0)
		exit(1);
}

/* The socket, once the peer has spoken on it. */
UNUSED static int traced_socket(void)
{
	int fd = udp_server(0);
	char buf[64];

	if (recvfrom(fd, buf, sizeof(buf), 0, (struct sockaddr *)&peer, &peer_len) < 0)
		die("recvfrom");
	return fd;
}

/* A sequence of numbers that a seed gives. */
static uint64_t random_state;

UNUSED static unsigned pick(unsigned n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (unsigned)((random_state >> 16) % n);
}

#define ONE_OF(list) ((list)[pick(sizeof(list) / sizeof((list)[0]))])

#endif
