/* SPDX-License-Identifier: Apache-2.0 */
/*
 * peer.h - what the C programs of the stacks share: arguments, sockets, the dialogue
 *
 *     PEER client|server name=value...
 *
 * README.md says which names and which dialogue.  A stack's program defines the functions
 * declared below as "the stack's" and gets main() from here.
 *
 * Memory:   one session a process; nothing is given back before the end.
 * Threads:  none.
 */

#ifndef INTEROP_PEER_H
#define INTEROP_PEER_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	MESSAGE_MAX = 16384,
	HANDSHAKE_MS = 40000,
	ANSWER_MS = 5000,
	CLOSED = 0,   /* of stack_recv(): the peer has closed the session */
	NOTHING = -1, /* nothing complete has come */
	NO_CID = -1,
};

/* The arguments as they were given; what was not given is NULL, 0 or NO_CID. */
static struct {
	int server, cid, rrc, no_ems, mtu;
	struct sockaddr_in address, local;
	const char *identity, *ca, *cert, *key_file, *name, *suites, *versions;
	uint8_t key[64];
	unsigned key_len;
	int fd; /* non-blocking; connected unless the stack has defined STACK_ADDRESSES */
} peer = {.cid = NO_CID, .name = "localhost"};

/* The stack's: prepare what all sessions share. */
static void stack_init(void);
/* The stack's: begin a session; `again` offers what is left of the one before. */
static void stack_start(int again);
/* The stack's: one step of the handshake.  1: done, 0: wait for input, ends by die() if it fails. */
static int stack_handshake(void);
/* The stack's: milliseconds until the stack's own timer is due, -1 without one. */
static int stack_timeout(void);
/* The stack's: what the session came to: its suite. */
static const char *stack_session(void);
static void stack_send(const uint8_t *message, size_t len);
/* The stack's: length of a message that has come, CLOSED or NOTHING. */
static int stack_recv(uint8_t *message, size_t cap);
static void stack_close(void);
/* The stack's: ask for a new handshake within the session; 0 if the peer refused by a warning. */
static int stack_renegotiate(void);

__attribute__((noreturn, format(printf, 1, 2), unused)) static void die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	printf("failed ");
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
	fflush(stdout);
	exit(1);
}

__attribute__((format(printf, 1, 2), unused)) static void say(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
	fflush(stdout);
}

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Wait for the peer, for standard input if `commands`, or the stack's timer, until `deadline`. */
static int wait_input(int64_t deadline, int commands)
{
	struct pollfd p[2] = {{.fd = peer.fd, .events = POLLIN},
			      {.fd = commands ? 0 : -1, .events = POLLIN}};
	int64_t left = deadline - now_ms();
	int timer = stack_timeout();

	if (left <= 0)
		return 0;
	poll(p, 2, timer >= 0 && timer < left ? timer : (int)left);
	return p[1].revents ? 2 : 1;
}

static void open_socket(void)
{
	struct sockaddr_in *local = peer.server ? &peer.address : &peer.local;
	socklen_t len = sizeof(peer.address);
	int one = 1;

	peer.fd = socket(AF_INET, SOCK_DGRAM, 0);
	setsockopt(peer.fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(peer.fd, (struct sockaddr *)local, sizeof(*local)))
		die("bind: %s", strerror(errno));
	if (peer.server) {
		say("listening port=%d", ntohs(peer.address.sin_port));
		if (recvfrom(peer.fd, &one, 1, MSG_PEEK, (struct sockaddr *)&peer.address, &len) <
		    0)
			die("recvfrom: %s", strerror(errno));
	}
#ifndef STACK_ADDRESSES
	if (connect(peer.fd, (struct sockaddr *)&peer.address, sizeof(peer.address)))
		die("connect: %s", strerror(errno));
#endif
	fcntl(peer.fd, F_SETFL, O_NONBLOCK);
}

static void session(int again)
{
	int64_t deadline = now_ms() + HANDSHAKE_MS;

	stack_start(again);
	while (!stack_handshake())
		if (!wait_input(deadline, 0))
			die("handshake: no end within %d s", HANDSHAKE_MS / 1000);
	say("connected %s", stack_session());
}

/* The first bytes of a message are 'm': neither CoAP nor the words of any program. */
static void echo(size_t len)
{
	static uint8_t sent[MESSAGE_MAX], got[MESSAGE_MAX];
	int64_t deadline = now_ms() + ANSWER_MS;
	int n;

	for (size_t i = 0; i < len; i++)
		sent[i] = (uint8_t)('a' + (i + 12) % 26);
	stack_send(sent, len);
	while ((n = stack_recv(got, sizeof(got))) == NOTHING)
		if (!wait_input(deadline, 0)) {
			say("silence");
			return;
		}
	if (n == CLOSED)
		say("eof");
	else if ((size_t)n == len && !memcmp(sent, got, len))
		say("echo %d", n);
	else
		say("other %d", n);
}

static void wait_end(void)
{
	static uint8_t got[MESSAGE_MAX];
	int64_t deadline = now_ms() + HANDSHAKE_MS;

	while (stack_recv(got, sizeof(got)) != CLOSED)
		if (!wait_input(deadline, 0))
			die("the session was not closed");
	say("eof");
}

static void close_session(void)
{
	stack_close();
	say("closed");
}

static int command(char *line)
{
	line[strcspn(line, "\n")] = 0;
	if (!strncmp(line, "echo ", 5))
		echo((size_t)atoi(line + 5));
	else if (!strcmp(line, "wait"))
		wait_end();
	else if (!strcmp(line, "renegotiate"))
		say(stack_renegotiate() ? "renegotiated" : "refused");
	else if (!strcmp(line, "resume")) {
		stack_close();
		close(peer.fd);
		open_socket();
		session(1);
	} else if (!strcmp(line, "close"))
		close_session();
	return strcmp(line, "close");
}

static void run_client(void)
{
	char line[64];

	while (fgets(line, sizeof(line), stdin) && command(line))
		;
}

/* Sends everything back until the peer closes, or standard input says so. */
static void run_server(void)
{
	static uint8_t message[MESSAGE_MAX];
	int n, input = 1;

	while (input != 2) {
		while ((n = stack_recv(message, sizeof(message))) > 0)
			stack_send(message, (size_t)n);
		if (n == CLOSED) {
			say("eof");
			return;
		}
		input = wait_input(now_ms() + HANDSHAKE_MS, 1);
	}
	close_session();
}

static void take_key(char *value)
{
	char *hex = strchr(value, ':');

	*hex++ = 0;
	peer.identity = value;
	for (; *hex && peer.key_len < sizeof(peer.key); hex += 2)
		sscanf(hex, "%2hhx", &peer.key[peer.key_len++]);
}

static void argument(char *arg)
{
	char *value = strchr(arg, '=');
	struct {
		const char *name;
		const char **text;
		int *number;
	} table[] = {{"ca", &peer.ca, 0},	  {"cert", &peer.cert, 0},
		     {"key", &peer.key_file, 0},  {"name", &peer.name, 0},
		     {"suites", &peer.suites, 0}, {"versions", &peer.versions, 0},
		     {"cid", 0, &peer.cid},	  {"rrc", 0, &peer.rrc},
		     {"mtu", 0, &peer.mtu}};

	if (!value)
		die("argument %s is not name=value", arg);
	*value++ = 0;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (!strcmp(arg, table[i].name)) {
			if (table[i].text)
				*table[i].text = value;
			else
				*table[i].number = atoi(value);
			return;
		}
	if (!strcmp(arg, "port"))
		peer.address.sin_port = htons((uint16_t)atoi(value));
	else if (!strcmp(arg, "bind"))
		peer.local.sin_port = htons((uint16_t)atoi(value));
	else if (!strcmp(arg, "psk"))
		take_key(value);
	else if (!strcmp(arg, "ems"))
		peer.no_ems = !atoi(value);
	else
		die("unknown argument %s", arg);
}

int main(int argc, char **argv)
{
	if (argc < 2)
		die("usage: %s client|server name=value...", argv[0]);
	peer.server = !strcmp(argv[1], "server");
	peer.address.sin_family = peer.local.sin_family = AF_INET;
	peer.address.sin_addr.s_addr = peer.local.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	for (int i = 2; i < argc; i++)
		argument(argv[i]);
	stack_init();
	open_socket();
	session(0);
	if (peer.server)
		run_server();
	else
		run_client();
	return 0;
}

#endif
