/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cycles.c - opens, talks, closes, again and again; and says what it holds
 *
 * --server fresh | stays | elsewhere: a server's socket in this process that is closed and opened
 * each time, one that stays, or none: somebody else answers on --port.  The client's socket is a new
 * one each time.  After --warm, and after --cycles more for every line of its input:
 *
 *	HELD fds=N memory=KB
 */
#include <dirent.h>

#include "victim.h"

VICTIM_MAIN

static int count_fds(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	if (!d)
		die("/proc/self/fd");
	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

/* Kilobytes in the line of /proc/self/smaps_rollup, which counts pages one by one: statm guesses. */
static long memory(const char *name)
{
	FILE *f = fopen("/proc/self/smaps_rollup", "r");
	char line[256];
	long kb = -1;

	while (f && kb < 0 && fgets(line, sizeof(line), f))
		if (!strncmp(line, name, strlen(name)))
			kb = atol(line + strlen(name));
	if (kb < 0)
		die("/proc/self/smaps_rollup");
	fclose(f);
	return kb;
}

/* What is closed may be at work for a moment longer: the least that is seen in half a second. */
static void held(void)
{
	int fds = count_fds();

	for (int i = 0; i < 50; i++) {
		int n = count_fds();

		fds = n < fds ? n : fds;
		poll(NULL, 0, 10);
	}
	say("HELD fds=%d memory=%ld", fds, memory("Anonymous:"));
}

static int patient_socket(void)
{
	int fd = udp_socket(0);

	set_timeout(fd, 10000);
	return fd;
}

static int open_server(void)
{
	int fd = patient_socket();

	bind_own(fd);
	return fd;
}

static void echo_one(int server)
{
	static struct message m;

	if (receive(server, &m, 0) < 0)
		die("server: recvfrom");
	if (sendto(server, m.data, (size_t)m.len, 0, (struct sockaddr *)&m.from, m.from_len) < 0)
		die("server: sendto");
}

static void talk(int server, const struct sockaddr_in *to)
{
	static const char words[] = "are you there?";
	char back[64];
	int fd = patient_socket();

	if (connect(fd, (const struct sockaddr *)to, sizeof(*to)))
		die("connect");
	if (send(fd, words, sizeof(words), 0) != sizeof(words))
		die("send");
	if (server >= 0)
		echo_one(server);
	if (recv(fd, back, sizeof(back), 0) != sizeof(words) || memcmp(back, words, sizeof(words)))
		die("client: recv");
	close(fd);
}

static void cycle(int n, const struct sockaddr_in *to)
{
	static int server = -1;

	for (int i = 0; i < n; i++) {
		if (server < 0 && !option_is("server", "elsewhere"))
			server = open_server();
		talk(server, to);
		if (option_is("server", "fresh")) {
			close(server);
			server = -1;
		}
	}
}

static int serve(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};

	to.sin_port = htons((uint16_t)atoi(option("port", "0")));
	cycle(atoi(option("warm", "200")), &to);
	for (held(); getchar() != EOF; held())
		cycle(atoi(option("cycles", "1000")), &to);
	return 0;
}
