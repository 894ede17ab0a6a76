/* SPDX-License-Identifier: Apache-2.0 */
/*
 * proxy_v2_server.c - a server behind dtlsproxy --backend-header that knows its devices
 *
 *	cc -Iinclude examples/proxy_v2_server.c -o proxy_v2_server
 *	./proxy_v2_server 5683 &			or ./proxy_v2_server unix:/run/backend.sock
 *	dtlsproxy --connect 127.0.0.1:5683 --backend-header proxy-v2 --psk-csv keys.csv
 *
 * Each message is answered by a line that says who sent it, from where, over which cipher suite.  The
 * message "tell NAME TEXT" sends TEXT to the device that has identity NAME: what is kept of a device
 * for that is the header of its last message.  With a second argument, spp, the header is
 * Cloudflare's, which knows addresses only.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "dtlsshim/proxy_header.h"

#define DEVICES 64

/* How to reach a device: answers begin with the header of its last message, and go to the proxy. */
struct device {
	char name[129];
	unsigned char header[DS_PROXY_HEADER_MAX];
	size_t size;
};

static struct device devices[DEVICES];

/* Listens on "5683" or on "unix:/run/backend.sock". */
static int listen_at(const char *where)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(where))};
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	int is_unix = !strncmp(where, "unix:", 5);
	int fd = socket(is_unix ? AF_UNIX : AF_INET, SOCK_DGRAM, 0);

	/* Only the proxy may send to it, for it believes what a header says */
	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (is_unix) {
		snprintf(un.sun_path, sizeof(un.sun_path), "%s", where + 5);
		unlink(un.sun_path);
	}
	if (fd < 0 || bind(fd, is_unix ? (struct sockaddr *)&un : (struct sockaddr *)&in,
			   is_unix ? sizeof(un) : sizeof(in))) {
		perror(where);
		exit(1);
	}
	return fd;
}

/* The device of that name; if there is none, the place of a new one, NULL if all are taken. */
static struct device *find(const char *name)
{
	for (struct device *d = devices; d < devices + DEVICES; d++)
		if (!*d->name || !strcmp(d->name, name))
			return d;
	return NULL;
}

static void get_text(char *out, size_t cap, const struct ds_proxy_value *value)
{
	snprintf(out, cap, "%.*s", (int)value->size, (const char *)value->data);
}

/* Who sent a message: its identity, or "-". */
static void get_name(const struct ds_proxy_header *h, char name[129])
{
	struct ds_proxy_value value;

	strcpy(name, "-");
	if (ds_proxy_find(h, DS_PROXY_IDENTITY, &value) ||
	    ds_proxy_find(h, DS_PROXY_SUBJECT, &value))
		get_text(name, 129, &value);
}

static int describe(const struct ds_proxy_header *h, const char *name, char *out, size_t cap)
{
	char ip[INET6_ADDRSTRLEN] = "-", suite[64] = "-";
	struct ds_proxy_value ssl, value;

	if (h->family)
		inet_ntop(h->family == 4 ? AF_INET : AF_INET6, h->source, ip, sizeof(ip));
	if (ds_proxy_ssl(h, &ssl) &&
	    ds_proxy_find_in(ssl.data, ssl.size, DS_PROXY_SSL_CIPHER, &value))
		get_text(suite, sizeof(suite), &value);
	return snprintf(out, cap, "%s at %s port %u by %s: %.*s", name, ip, h->source_port, suite,
			(int)h->payload_size, (const char *)h->payload);
}

int main(int argc, char **argv)
{
	enum ds_proxy_format format = argc > 2 && !strcmp(argv[2], "spp") ? DS_PROXY_SPP
									  : DS_PROXY_V2;
	int fd = listen_at(argc > 1 ? argv[1] : "5683");
	static unsigned char buf[65536];

	printf("READY\n");
	fflush(stdout);
	for (;;) {
		char name[129], answer[65536], other[129];
		struct sockaddr_storage proxy;
		socklen_t len = sizeof(proxy);
		struct ds_proxy_header h;
		struct device *d;
		int skip = 0, size;
		ssize_t n = recvfrom(fd, buf, sizeof(buf) - 1, 0, (struct sockaddr *)&proxy, &len);

		if (n < 0) {
			if (errno == EINTR)
				continue;
			perror("recvfrom");
			return 1;
		}
		buf[n] = 0;
		if (ds_proxy_parse(&h, format, buf, (size_t)n) != DS_PROXY_OK || h.local) {
			printf("DROPPED %zd bytes\n", n);
			fflush(stdout);
			continue;
		}
		get_name(&h, name);
		d = find(name);
		if (d && strcmp(name, "-") && h.size <= sizeof(d->header)) {
			strcpy(d->name, name);
			memcpy(d->header, h.bytes, h.size);
			d->size = h.size;
		}
		if (sscanf((const char *)h.payload, "tell %128s %n", other, &skip) == 1 && skip) {
			d = find(other);
			if (d && d->size)
				ds_proxy_send(fd, (struct sockaddr *)&proxy, len, d->header,
					      d->size, h.payload + skip,
					      h.payload_size - (size_t)skip);
			continue;
		}
		size = describe(&h, name, answer, sizeof(answer));
		ds_proxy_send(fd, (struct sockaddr *)&proxy, len, h.bytes, h.size, answer,
			      (size_t)size);
	}
}
