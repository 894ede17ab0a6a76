/* SPDX-License-Identifier: Apache-2.0 */
/*
 * peer_api.c - asks the shim who its peers are, if there is a shim
 *
 * Answers "?who" with identity, suite, length of the CID, and true address; echoes the rest.
 */
#include <dlfcn.h>

#include "../../include/dtlsshim/peer.h"
#include "victim.h"

VICTIM_MAIN

static void who(int fd, const struct message *m, char *text, size_t size)
{
	dtlsshim_peer_fn *ask = (dtlsshim_peer_fn *)dlsym(RTLD_DEFAULT, "dtlsshim_peer");
	struct dtlsshim_peer p = {.size = sizeof(p)};
	const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)&p.address;

	if (!ask)
		snprintf(text, size, "no shim");
	else if (ask(fd, (const struct sockaddr *)(const void *)&m->from, m->from_len, &p))
		snprintf(text, size, "errno %d", errno);
	else
		snprintf(text, size, "id=%s len=%u cert=%u suite=%04x cid=%u port=%u", p.identity,
			 p.identity_len, p.by_cert, p.suite, p.cid_len, ntohs(in->sin_port));
}

static int serve(void)
{
	static struct message m;
	char text[400];
	int fd = udp_server(0);

	for (;;) {
		if (receive(fd, &m, 0) < 0)
			die("recvfrom");
		if (m.len != 4 || memcmp(m.data, "?who", 4)) {
			reply(fd, &m);
			continue;
		}
		who(fd, &m, text, sizeof(text));
		if (sendto(fd, text, strlen(text), 0, (struct sockaddr *)(void *)&m.from,
			   m.from_len) < 0)
			die("sendto");
	}
}
