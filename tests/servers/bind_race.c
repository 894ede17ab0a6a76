/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bind_race.c - a thread sends from a socket while another binds it, --rounds times
 *
 * To port --sink goes "CANARY-plaintext:after" if bind() had returned before the call, else "before".
 * A bind() that comes after the kernel chose a port says EINVAL, as it does without threads.
 */
#include <pthread.h>

#include "victim.h"

VICTIM_MAIN

static int fd;
static bool is_bound, stop, has_sent;

static void *send_always(void *arg)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
				 .sin_port = htons((uint16_t)atoi(option("sink", "9"))),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	const char *text;

	(void)arg;
	while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE)) {
		text = __atomic_load_n(&is_bound, __ATOMIC_ACQUIRE) ? "CANARY-plaintext:after"
								    : "before";
		if (!__atomic_load_n(&is_bound, __ATOMIC_ACQUIRE) && option_is("early", "no"))
			continue;
		sendto(fd, text, strlen(text), MSG_NOSIGNAL, (struct sockaddr *)&to, sizeof(to));
		__atomic_store_n(&has_sent, true, __ATOMIC_RELEASE);
	}
	return NULL;
}

static bool bind_beside(int round)
{
	socklen_t len;
	struct sockaddr_storage own = own_address(&len);
	pthread_t thread;
	bool bound;

	fd = udp_socket(0);
	is_bound = stop = has_sent = false;
	pthread_create(&thread, NULL, send_always, NULL);
	while (round % 2 && option_is("early", "yes") &&
	       !__atomic_load_n(&has_sent, __ATOMIC_ACQUIRE))
		sched_yield();
	bound = bind(fd, (struct sockaddr *)&own, len) == 0;
	if (!bound && errno != EINVAL)
		die("bind");
	__atomic_store_n(&has_sent, false, __ATOMIC_RELEASE);
	__atomic_store_n(&is_bound, bound, __ATOMIC_RELEASE);
	while (bound && !__atomic_load_n(&has_sent, __ATOMIC_ACQUIRE))
		sched_yield();
	__atomic_store_n(&stop, true, __ATOMIC_RELEASE);
	pthread_join(thread, NULL);
	close(fd);
	return bound;
}

static int serve(void)
{
	static struct message m;
	int n = 0, rounds = atoi(option("rounds", "50"));

	for (int i = 0; i < rounds; i++)
		n += bind_beside(i);
	say("NOTE bound=%d", n);
	fd = udp_server(0);
	while (receive(fd, &m, 0) >= 0)
		reply(fd, &m);
	die("recvfrom");
}
