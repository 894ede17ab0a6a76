/* SPDX-License-Identifier: Apache-2.0 */
/*
 * callers.c - plain UDP clients, one a thread, half of them connected
 *
 * callers PORT THREADS MESSAGES: every thread sends numbered messages to 127.0.0.1 and wants each
 * back.  Prints "DONE n" with the number of echoes.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct sockaddr_in server = {.sin_family = AF_INET};
static int messages;
static atomic_int echoes;

static int ask(int fd, int connected, const char *text, size_t len)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	char back[64];
	ssize_t n;

	n = connected ? send(fd, text, len, 0)
		      : sendto(fd, text, len, 0, (struct sockaddr *)&server, sizeof(server));
	if (n != (ssize_t)len || poll(&p, 1, 10000) != 1)
		return 0;
	n = recv(fd, back, sizeof(back), 0);
	return n == (ssize_t)len && !memcmp(back, text, len);
}

static void *caller(void *arg)
{
	long id = (long)arg;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	char text[64];

	if (id % 2 && connect(fd, (struct sockaddr *)&server, sizeof(server)))
		return NULL;
	for (int i = 0; i < messages; i++) {
		int len = snprintf(text, sizeof(text), "CANARY-plaintext %ld %d", id, i);

		echoes += ask(fd, id % 2, text, (size_t)len);
	}
	close(fd);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[64];
	int n = argc == 4 ? atoi(argv[2]) : 0;

	if (n < 1 || n > 64)
		return 2;
	messages = atoi(argv[3]);
	server.sin_port = htons((uint16_t)atoi(argv[1]));
	server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	for (long i = 0; i < n; i++)
		pthread_create(&threads[i], NULL, caller, (void *)i);
	for (int i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	printf("DONE %d\n", echoes);
	return 0;
}
