/* SPDX-License-Identifier: Apache-2.0 */
/*
 * echo_server.c - the server that is measured: the plainest there is, and it knows nothing of us
 *
 * echo_server PORT: one thread, blocking recvfrom() and sendto(), on 127.0.0.1.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

int main(int argc, char **argv)
{
	static char buf[65536];
	struct sockaddr_in addr = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	addr.sin_port = htons((unsigned short)(argc == 2 ? atoi(argv[1]) : 0));
	if (fd < 0 || !addr.sin_port || bind(fd, (struct sockaddr *)&addr, sizeof(addr))) {
		perror("echo_server PORT");
		return 1;
	}
	for (;;) {
		struct sockaddr_in peer;
		socklen_t peer_len = sizeof(peer);
		ssize_t n = recvfrom(fd, buf, sizeof(buf), 0, (struct sockaddr *)&peer, &peer_len);

		if (n >= 0)
			sendto(fd, buf, (size_t)n, 0, (struct sockaddr *)&peer, peer_len);
	}
}
