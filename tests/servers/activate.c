/* SPDX-License-Identifier: Apache-2.0 */
/*
 * activate.c - binds a socket and runs a server with it, as systemd does
 *
 * --run PROGRAM, which gets the socket as descriptor 3 and all arguments of ours; LISTEN_FDS and
 * LISTEN_PID are set.  --peer PORT: the socket is connected to that port first.  --text TEXT:
 * a datagram in clear waits in it.  --set LEVEL:NAME:VALUE,...: options, in numbers.
 *
 * Itself it is no concern of the shim's: what preloads it is put by for the server.
 */
#include "victim.h"

VICTIM_MAIN

static void without_preload(void)
{
	const char *preload = getenv("LD_PRELOAD");

	if (preload == NULL)
		return;
	setenv("ACTIVATE_PRELOAD", preload, 1);
	unsetenv("LD_PRELOAD");
	execv("/proc/self/exe", main_argv);
	die("execv");
}

static void send_clear(int fd, const char *text)
{
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);
	int from = udp_socket(0);

	if (getsockname(fd, (struct sockaddr *)&ss, &len) < 0 ||
	    sendto(from, text, strlen(text), 0, (struct sockaddr *)&ss, len) < 0)
		die("sendto");
	close(from);
}

static void set_options(int fd, const char *list)
{
	int level, name, value;

	for (; list && sscanf(list, "%d:%d:%d", &level, &name, &value) == 3;
	     list = strchr(list, ','), list += list != NULL)
		set_int(fd, level, name, value);
}

static int serve(void)
{
	const char *run = option("run", ""), *preload = getenv("ACTIVATE_PRELOAD");
	struct sockaddr_in peer = {.sin_family = AF_INET,
				   .sin_port = htons((in_port_t)atoi(option("peer", "0"))),
				   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	char pid[16];

	without_preload();
	int fd = udp_socket(0);

	bind_own(fd);
	if (option("text", NULL) != NULL)
		send_clear(fd, option("text", ""));
	if (peer.sin_port != 0 && connect(fd, (struct sockaddr *)&peer, sizeof(peer)) < 0)
		die("connect");
	set_options(fd, option("set", NULL));
	if (fd != 3 && (dup2(fd, 3) < 0 || close(fd) < 0))
		die("dup2");
	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	setenv("LISTEN_PID", pid, 1);
	setenv("LISTEN_FDS", "1", 1);
	if (preload != NULL)
		setenv("LD_PRELOAD", preload, 1);
	execv(run, main_argv);
	die(run);
}
