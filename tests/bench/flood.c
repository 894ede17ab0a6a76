/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flood.c - datagrams that nobody wants, at a rate, from many addresses of 127.0.0.0/8
 *
 *	flood hello	ClientHellos without a cookie
 *	flood half	handshakes as far as the hello with a cookie; --psk: of a pre-shared key
 *	flood junk	records under Connection IDs drawn at random
 *	flood cid	records under one Connection ID (--cid HEX), which do not verify
 *	flood own	the same as if from the peer itself (--from ADDRESS:PORT)
 *	flood plain	text, for a server without DTLS
 *
 * Nothing is kept of a hello until its cookie comes (hello.h).  The rate is kept by the clock in steps of
 * a millisecond; what the socket does not take is lost.  Prints how many datagrams went out, how many
 * came back, and how many of those began a server's flight.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "tests/bench/hello.h"

#define BATCH	    64
#define ROOM	    HELLO_ROOM
#define CID_MAX	    32
#define MILLISECOND 1000000LL

static struct {
	const char *what;
	struct sockaddr_in server, from;
	unsigned rate, nets;
	double seconds;
	bool psk;
	uint8_t cid[CID_MAX];
	size_t cid_len;
} opt = {.rate = 1000, .nets = 65536, .seconds = 5};

static int fd;
static struct {
	uint64_t sent, lost, answers, flights;
} count;
static uint8_t buffers[BATCH][ROOM];
static struct mmsghdr batch[BATCH];
static struct iovec iov[BATCH];
static union control {
	struct cmsghdr align;
	char space[CMSG_SPACE(sizeof(struct in_pktinfo))];
} control[BATCH];
static unsigned n_batch;

static void die(const char *what)
{
	fprintf(stderr, "flood: %s: %s\n", what, strerror(errno));
	exit(1);
}

static long long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static uint64_t draw(void)
{
	static uint64_t state = 88172645463325252ULL; /* xorshift: any number will do */

	state ^= state << 13;
	state ^= state >> 7;
	return state ^= state << 17;
}

static bool is(const char *what)
{
	return strcmp(opt.what, what) == 0;
}

/* Records */

static size_t hello(uint8_t *out, in_addr_t source, const uint8_t *cookie, size_t cookie_len)
{
	struct hello_offer offer = {.psk = opt.psk, .cid = true};

	return hello_write(out, source, offer, cookie, cookie_len);
}

/* 64 bytes of application data that do not verify. */
static size_t record(uint8_t *out)
{
	uint8_t *p = hello_number(out, 3, opt.cid_len ? 0x19FEFD : 0x17FEFD);

	p = hello_number(p, 2, 1);
	p = hello_number(p, 6, 1ULL << 40 | (draw() & 0xffffffff));
	p = hello_bytes(p, opt.cid, opt.cid_len);
	p = hello_number(p, 2, 64);
	for (int i = 0; i < 8; i++)
		p = hello_number(p, 8, draw());
	return (size_t)(p - out);
}

/* The wire */

static void flush(void)
{
	int n = n_batch ? sendmmsg(fd, batch, n_batch, MSG_DONTWAIT) : 0;

	n = n < 0 ? 0 : n;
	count.sent += (unsigned)n;
	count.lost += n_batch - (unsigned)n;
	n_batch = 0;
}

/* The datagram in the next buffer goes out as if @source had sent it. */
static void push(in_addr_t source, size_t len)
{
	struct mmsghdr *m = &batch[n_batch];
	union control *c = &control[n_batch];
	struct in_pktinfo info = {.ipi_spec_dst = {source}};

	iov[n_batch] = (struct iovec){buffers[n_batch], len};
	m->msg_hdr = (struct msghdr){.msg_name = &opt.server,
				     .msg_namelen = sizeof(opt.server),
				     .msg_iov = &iov[n_batch],
				     .msg_iovlen = 1,
				     .msg_control = c,
				     .msg_controllen = sizeof(c->space)};
	c->align = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof(info)),
				    .cmsg_level = IPPROTO_IP,
				    .cmsg_type = IP_PKTINFO};
	memcpy(CMSG_DATA(&c->align), &info, sizeof(info));
	if (++n_batch == BATCH)
		flush();
}

/* Each from the next of @nets networks of 256 addresses, 127.1.0.0 and up. */
static in_addr_t next_source(void)
{
	static unsigned n;
	unsigned i = n++;

	if (opt.from.sin_port)
		return opt.from.sin_addr.s_addr;
	return htonl(0x7F010000U + (i % opt.nets) * 256 % 0xFE0000U + 1 + i / opt.nets % 250);
}

static void shoot(void)
{
	in_addr_t source = next_source();
	uint8_t *out = buffers[n_batch];

	if (is("junk"))
		for (size_t i = 0; i < opt.cid_len; i++)
			opt.cid[i] = (uint8_t)draw();
	if (is("hello") || is("half"))
		push(source, hello(out, source, NULL, 0));
	else if (is("plain"))
		push(source, (size_t)(hello_bytes(out, "nobody wants this text", 22) - out));
	else
		push(source, record(out));
}

/* HelloVerifyRequests are answered, everything else is not. */
static void hear(void)
{
	uint8_t in[2048];
	union control c;
	struct iovec v = {in, sizeof(in)};
	struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = &c};
	struct in_pktinfo info;
	ssize_t n;

	while (m.msg_controllen = sizeof(c.space), (n = recvmsg(fd, &m, MSG_DONTWAIT)) >= 0) {
		count.answers++;
		count.flights += n > 13 && in[0] == 22 && in[13] == 2; /* ServerHello */
		if (!is("half") || n < 28 || in[13] != 3 || in[27] > n - 28 ||
		    m.msg_controllen == 0)
			continue;
		memcpy(&info, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof(info));
		push(info.ipi_addr.s_addr,
		     hello(buffers[n_batch], info.ipi_addr.s_addr, in + 28, in[27]));
	}
}

static void run(void)
{
	long long start = now(), end = start + (long long)(opt.seconds * 1e9), at;
	uint64_t due, begun = 0;
	struct timespec pause = {.tv_nsec = MILLISECOND / 2};

	while ((at = now()) < end) {
		due = (uint64_t)((double)(at - start) * opt.rate / 1e9);
		for (; begun < due; begun++)
			shoot();
		hear();
		flush();
		nanosleep(&pause, NULL);
	}
	printf("{\"sent\": %llu, \"lost\": %llu, \"answers\": %llu, \"flights\": %llu}\n",
	       (unsigned long long)count.sent, (unsigned long long)count.lost,
	       (unsigned long long)count.answers, (unsigned long long)count.flights);
}

static void open_socket(void)
{
	int on = 1, size = 4 << 20;

	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0 || setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on)))
		die("socket");
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
	if (opt.from.sin_port) {
		struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = opt.from.sin_port};

		if (bind(fd, (struct sockaddr *)&any, sizeof(any)))
			die("bind");
	}
}

static void read_cid(const char *hex)
{
	unsigned byte;

	for (; opt.cid_len < CID_MAX && sscanf(hex, "%2x", &byte) == 1; hex += 2)
		opt.cid[opt.cid_len++] = (uint8_t)byte;
}

static void read_from(char *text)
{
	char *colon = strchr(text, ':');

	if (colon)
		*colon = '\0';
	opt.from.sin_port = htons((uint16_t)(colon ? atoi(colon + 1) : 0));
	if (!opt.from.sin_port || inet_pton(AF_INET, text, &opt.from.sin_addr) != 1)
		die("--from ADDRESS:PORT");
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"port", required_argument, NULL, 'p'},	   {"rate", required_argument, NULL, 'r'},
		{"seconds", required_argument, NULL, 's'}, {"nets", required_argument, NULL, 'n'},
		{"cid", required_argument, NULL, 'c'},	   {"from", required_argument, NULL, 'f'},
		{"psk", no_argument, NULL, 'k'},	   {NULL, 0, NULL, 0}};
	int c;

	opt.server =
		(struct sockaddr_in){.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'p': opt.server.sin_port = htons((uint16_t)atoi(optarg)); break;
		case 'r': opt.rate = (unsigned)atoi(optarg); break;
		case 's': opt.seconds = atof(optarg); break;
		case 'n': opt.nets = (unsigned)atoi(optarg); break;
		case 'c': read_cid(optarg); break;
		case 'f': read_from(optarg); break;
		case 'k': opt.psk = true; break;
		default: return 2;
		}
	}
	if (optind + 1 != argc || !opt.server.sin_port || !opt.nets) {
		fprintf(stderr,
			"usage: flood hello|half|junk|cid|own|plain --port N [--rate N] "
			"[--seconds S] [--nets N] [--psk] [--cid HEX] [--from ADDRESS:PORT]\n");
		return 2;
	}
	opt.what = argv[optind];
	if (is("junk") && !opt.cid_len)
		opt.cid_len = 8;
	open_socket();
	run();
	return 0;
}
