/* SPDX-License-Identifier: Apache-2.0 */
/*
 * probe.h - servers that are told by message which call to try
 *
 * "!name argument" runs a probe.  Most first answer "go" and then work on the messages that
 * follow.  The result is one line: every value the program could see, with nothing in it that
 * changes from run to run, so that runs with and without protection can be compared.
 * Other messages are echoed.
 */
#ifndef TESTS_PROBE_H
#define TESTS_PROBE_H

#include "victim.h"

struct probe {
	const char *name;
	void (*run)(int fd, int arg);
};

static struct message client; /* where the probe came from */
static char result[4096];
static size_t result_len;

__attribute__((format(printf, 1, 2), unused)) static void put(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	result_len += (size_t)vsnprintf(result + result_len, sizeof(result) - result_len, fmt, ap);
	va_end(ap);
	if (result_len >= sizeof(result))
		result_len = sizeof(result) - 1;
}

/* " name=value", or the name of the error. */
UNUSED static void put_result(const char *name, ssize_t value)
{
	if (value < 0)
		put(" %s=%s", name, strerrorname_np(errno));
	else
		put(" %s=%zd", name, value);
}

static void say_to_client(int fd, const char *text, size_t len)
{
	if (sendto(fd, text, len, 0, (struct sockaddr *)&client.from, client.from_len) < 0)
		say("NOTE sendto: %s", strerrorname_np(errno));
}

/* Tells the client to send what the probe is about. */
UNUSED static void go(int fd)
{
	say_to_client(fd, "go", 2);
}

UNUSED static int wait_readable(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	return poll(&p, 1, 5000);
}

/* recvfrom() into the first @room bytes; " name=ret:content". */
UNUSED static void put_recv(const char *name, int fd, size_t room, int flags)
{
	static char buf[MESSAGE_MAX];
	ssize_t n = recvfrom(fd, buf, room, flags, NULL, NULL);
	int shown = n > (ssize_t)room ? (int)room : (int)n;

	put_result(name, n);
	if (n > 0)
		put(":%.*s", shown > 20 ? 20 : shown, buf);
}

static int probe_loop(const struct probe *probes)
{
	int fd = udp_server(0);

	for (;;) {
		char name[32];
		int arg = 0;

		if (receive(fd, &client, 0) < 0)
			die("recvfrom");
		client.data[client.len < MESSAGE_MAX ? client.len : MESSAGE_MAX - 1] = '\0';
		if (sscanf(client.data, "!%31s %d", name, &arg) < 1) {
			reply(fd, &client);
			continue;
		}
		result_len = 0;
		put("%s", name);
		const struct probe *p = probes;

		while (p->name != NULL && strcmp(p->name, name) != 0)
			p++;
		if (p->name == NULL)
			put(" unknown");
		else
			p->run(fd, arg);
		say_to_client(fd, result, result_len);
	}
}

#endif
