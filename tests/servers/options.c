/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options.c - every socket option there may be, got, set, got and set back; see trace.h
 */
#include <netinet/ip.h>
#include <linux/sockios.h>
#include <netinet/udp.h>
#include <sys/ioctl.h>

#include "trace.h"

#define NAMES 130 /* of a level; the highest in use is below */

static const struct {
	int number;
	const char *text;
} levels[] = {{SOL_SOCKET, "SOL_SOCKET"},
	      {IPPROTO_IP, "IPPROTO_IP"},
	      {IPPROTO_IPV6, "IPPROTO_IPV6"},
	      {IPPROTO_UDP, "IPPROTO_UDP"},
	      {IPPROTO_TCP, "IPPROTO_TCP"},
	      {SOL_RAW, "SOL_RAW"},
	      {132, "SOL_SCTP"},
	      {4711, "4711"}};

/* Names of those that docs/differences.md speaks of */
#define NAME(level, name)                                                                          \
	{                                                                                          \
		level, name, #name                                                                 \
	}
static const struct {
	int level, name;
	const char *text;
} names[] = {NAME(SOL_SOCKET, SO_ATTACH_FILTER),
	     NAME(SOL_SOCKET, SO_DETACH_FILTER),
	     NAME(SOL_SOCKET, SO_PEEK_OFF),
	     NAME(SOL_SOCKET, SO_LOCK_FILTER),
	     NAME(SOL_SOCKET, SO_ATTACH_BPF),
	     NAME(SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF),
	     NAME(SOL_SOCKET, SO_ATTACH_REUSEPORT_EBPF),
	     NAME(SOL_SOCKET, SO_ZEROCOPY),
	     NAME(IPPROTO_IP, IP_ADD_MEMBERSHIP),
	     NAME(IPPROTO_IP, IP_ADD_SOURCE_MEMBERSHIP),
	     NAME(IPPROTO_IP, MCAST_JOIN_GROUP),
	     NAME(IPPROTO_IP, MCAST_JOIN_SOURCE_GROUP),
	     NAME(IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP),
	     NAME(IPPROTO_IPV6, MCAST_JOIN_GROUP),
	     NAME(IPPROTO_IPV6, MCAST_JOIN_SOURCE_GROUP),
	     NAME(IPPROTO_UDP, UDP_CORK),
	     NAME(IPPROTO_UDP, UDP_ENCAP),
	     NAME(IPPROTO_UDP, UDP_SEGMENT),
	     NAME(IPPROTO_UDP, UDP_GRO)};

static void trace_option(const char *call, const char *text, int level, int name)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].level == level && names[i].name == name) {
			trace("%s %s %s", call, text, names[i].text);
			return;
		}
	trace("%s %s %d", call, text, name);
}

/* What a socket's own history makes of it: which processor, which memory, which of all sockets,
 * which port. */
static bool is_personal(int level, int name)
{
	return (level == SOL_SOCKET && (name == SO_INCOMING_CPU || name == SO_MEMINFO ||
					name == SO_COOKIE || name == SO_INCOMING_NAPI_ID)) ||
	       (level == IPPROTO_IP && name == 52); /* IP_PROTOCOL, which says the port */
}

/* Set on the bare socket these would change what comes after, and cannot be set back. */
static bool is_final(int level, int name)
{
	return level == SOL_SOCKET && (name == SO_LOCK_FILTER || name == SO_BINDTODEVICE);
}

static void get(int fd, int level, int name, socklen_t room)
{
	unsigned char value[300];
	socklen_t len = room;
	int r;

	memset(value, 0xA5, sizeof(value));
	trace(" get");
	r = getsockopt(fd, level, name, value, &len);
	trace_result(r);
	trace(" %d ", (int)len);
	if (!is_personal(level, name))
		trace_bytes(value, r == 0 && len < 64 ? len + 1 : 4);
}

static void sweep_get(int fd)
{
	static const socklen_t rooms[] = {4, 0, 1, 3, 8, 64, 256, (socklen_t)-1};

	for (size_t l = 0; l < sizeof(levels) / sizeof(levels[0]); l++)
		for (int name = 0; name < NAMES; name++)
			for (size_t i = 0; i < sizeof(rooms) / sizeof(rooms[0]); i++) {
				trace_option("getsockopt", levels[l].text, levels[l].number, name);
				trace(" room %d", (int)rooms[i]);
				get(fd, levels[l].number, name, rooms[i]);
				trace_end();
			}
}

static void set_and_get(int fd, int level, const char *text, int name, int value)
{
	static const socklen_t lengths[] = {4, 0, 1, 3, 16};
	unsigned char before[64], area[16] = {0};
	socklen_t len = sizeof(before);
	bool restore = getsockopt(fd, level, name, before, &len) == 0;

	memcpy(area, &value, sizeof(value));
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		trace_option("setsockopt", text, level, name);
		trace(" value %d length %d", value, (int)lengths[i]);
		errno = 0;
		trace_result(setsockopt(fd, level, name, area, lengths[i]));
		get(fd, level, name, 4);
		trace_end();
		if (restore)
			setsockopt(fd, level, name, before, len);
	}
}

static void sweep_set(int fd)
{
	for (size_t l = 0; l < sizeof(levels) / sizeof(levels[0]); l++)
		for (int name = 0; name < NAMES; name++)
			for (int value = -1; value < 3; value++)
				if (!is_final(levels[l].number, name))
					set_and_get(fd, levels[l].number, levels[l].text, name,
						    value);
}

static void bad_pointers(int fd)
{
	int v = 0;
	socklen_t len = sizeof(v);

	TRACE(getsockopt(fd, SOL_SOCKET, SO_ERROR, NULL, &len), "getsockopt value null");
	TRACE(getsockopt(fd, SOL_SOCKET, SO_TYPE, NULL, &len), "getsockopt value null");
	TRACE(getsockopt(fd, IPPROTO_IP, IP_PKTINFO, NULL, &len), "getsockopt value null");
	TRACE(getsockopt(fd, IPPROTO_IP, IP_PKTINFO, &v, NULL), "getsockopt length null");
	TRACE(getsockopt(fd, SOL_SOCKET, SO_ERROR, &v, NULL), "getsockopt length null");
	TRACE(setsockopt(fd, IPPROTO_IP, IP_PKTINFO, NULL, 4), "setsockopt value null");
	TRACE(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, NULL, 4), "setsockopt value null");
	TRACE(getsockname(fd, NULL, &len), "getsockname null");
	TRACE(getsockname(fd, (struct sockaddr *)&v, NULL), "getsockname length null");
	TRACE(ioctl(fd, FIONREAD, NULL), "FIONREAD null");
	TRACE(ioctl(fd, FIONBIO, NULL), "FIONBIO null");
}

static void requests(int fd)
{
	static const unsigned long all[] = {FIONREAD,	     TIOCOUTQ,	 SIOCGSTAMP_OLD,
					    SIOCATMARK,	     TIOCGWINSZ, TCGETS,
					    FIOGETOWN,	     SIOCGPGRP,	 SIOCGIFCONF,
					    SIOCGIFNAME,     0x4711,	 FIOQSIZE,
					    SIOCGSTAMPNS_OLD};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		unsigned char value[256] = {0};

		TRACE(ioctl(fd, all[i], value), "ioctl %#lx", all[i]);
	}
	for (int cmd = 0; cmd < 40; cmd++) /* those that only ask */
		if (cmd == F_GETFD || cmd == F_GETFL || cmd == F_GETOWN || cmd == F_GETSIG)
			TRACE(fcntl(fd, cmd), "fcntl %d", cmd);
	TRACE(fcntl(fd, F_GETPIPE_SZ), "F_GETPIPE_SZ");
	TRACE(fcntl(fd, F_GET_SEALS), "F_GET_SEALS");
	TRACE(ftruncate(fd, 0), "ftruncate");
	TRACE(fsync(fd), "fsync");
	TRACE(lseek(fd, 0, SEEK_SET), "lseek");
	TRACE(pread(fd, &(char){0}, 1, 0), "pread");
	TRACE(pwrite(fd, "x", 1, 0), "pwrite");
}

VICTIM_MAIN

static int serve(void)
{
	int fd = traced_socket();

	sweep_get(fd);
	sweep_set(fd);
	bad_pointers(fd);
	requests(fd);
	fflush(stdout);
	say("END");
	return 0;
}
