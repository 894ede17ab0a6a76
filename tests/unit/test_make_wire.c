/* SPDX-License-Identifier: Apache-2.0 */
/* test_make_wire.c - the new socket lets nothing in before it has its filter, and inherits no option
 * that changes what a datagram is */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host/udp.h"
#include "shim/socket/filter.h"
#include "shim/socket/make_wire.h"
#include "tests/unit/support.h"

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#define UDP_GRO	    104
#endif
#define MEMINFO_DROPS 8 /* linux/sock_diag.h: SK_MEMINFO_DROPS */

struct sockets {
	int programs, wire, peer;
	struct sockaddr_in at; /* of the wire */
};

static int udp_socket(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	assert_true(fd >= 0);
	return fd;
}

static int setup(void **state)
{
	static struct sockets s;

	s.programs = udp_socket();
	s.peer = udp_socket();
	s.wire = -1;
	*state = &s;
	return 0;
}

static int teardown(void **state)
{
	struct sockets *s = *state;

	close(s->programs);
	close(s->peer);
	return close(s->wire);
}

static void make(struct sockets *s)
{
	socklen_t len = sizeof(s->at);

	s->wire = shim_wire_make(s->programs, AF_INET);
	assert_true(s->wire >= 0);
	s->at = (struct sockaddr_in){.sin_family = AF_INET,
				     .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	assert_int_equal(bind(s->wire, (struct sockaddr *)&s->at, len), 0);
	assert_int_equal(getsockname(s->wire, (struct sockaddr *)&s->at, &len), 0);
}

/* Sends @what.  True if the wire receives it, false if the kernel counts it as dropped. */
static bool gets_through(struct sockets *s, const void *what, size_t len)
{
	uint32_t before[MEMINFO_DROPS + 1], now[MEMINFO_DROPS + 1];
	socklen_t size = sizeof(now);
	char buf[64];

	assert_int_equal(getsockopt(s->wire, SOL_SOCKET, SO_MEMINFO, before, &size), 0);
	assert_int_equal(sendto(s->peer, what, len, 0, (struct sockaddr *)&s->at, sizeof(s->at)),
			 len);
	for (;;) { /* until the program's alarm */
		ssize_t n = recv(s->wire, buf, sizeof(buf), MSG_DONTWAIT);

		if (n >= 0)
			return true;
		assert_int_equal(errno, EAGAIN);
		assert_int_equal(getsockopt(s->wire, SOL_SOCKET, SO_MEMINFO, now, &size), 0);
		if (now[MEMINFO_DROPS] != before[MEMINFO_DROPS])
			return false;
	}
}

static const char plain[] = "CANARY-plaintext:as long as a record";
static const char record[] = "\x16\xfe\xfd\0\0\0\0\0\0\0\0\0\x01!";

static void test_nothing_gets_in_before_the_filter_for_dtls(void **state)
{
	struct sockets *s = *state;

	make(s);
	assert_false(gets_through(s, plain, sizeof(plain)));
	assert_false(gets_through(s, record, sizeof(record)));
	assert_int_equal(shim_filter_open(s->wire, false), 0);
	assert_false(gets_through(s, plain, sizeof(plain)));
	assert_true(gets_through(s, record, sizeof(record)));
}

static void test_the_filter_of_a_port_with_plaintext_lets_all_in_but_nothing(void **state)
{
	struct sockets *s = *state;

	make(s);
	assert_int_equal(shim_filter_open(s->wire, true), 0);
	assert_true(gets_through(s, plain, 1));
	assert_true(gets_through(s, record, sizeof(record)));
	assert_false(gets_through(s, plain, 0));
	assert_true(shim_filter_is_ours(s->wire));
	assert_int_not_equal(shim_filter_closed(s->wire), 0);
}

static void test_the_filter_stays(void **state)
{
	struct sockets *s = *state;

	make(s);
	assert_int_equal(shim_filter_open(s->wire, false), 0);
	assert_int_not_equal(setsockopt(s->wire, SOL_SOCKET, SO_DETACH_FILTER, "", 1), 0);
	assert_int_not_equal(shim_filter_closed(s->wire), 0);
	assert_true(shim_filter_is_ours(s->wire));
}

/* Segments are no records, a corked socket sends nothing, one that encapsulates hears nothing, and a
 * socket with an offset reads a record from its middle. */
static const struct {
	int level, name, value, usual;
} bad_options[] = {
	{IPPROTO_UDP, UDP_SEGMENT, 100, 0}, {IPPROTO_UDP, UDP_GRO, 1, 0},
	{IPPROTO_UDP, UDP_CORK, 1, 0},	    {IPPROTO_UDP, UDP_ENCAP, UDP_ENCAP_ESPINUDP, 0},
	{SOL_SOCKET, SO_ZEROCOPY, 1, 0},    {SOL_SOCKET, SO_PEEK_OFF, 3, -1},
};

static void set_bad_options(int fd)
{
	for (size_t i = 0; i < TEST_COUNT(bad_options); i++) {
		assert_int_equal(setsockopt(fd, bad_options[i].level, bad_options[i].name,
					    &bad_options[i].value, sizeof(int)),
				 0);
		assert_int_equal(host_socket_int(fd, bad_options[i].level, bad_options[i].name),
				 bad_options[i].value);
	}
}

static void assert_usual_options(int fd)
{
	for (size_t i = 0; i < TEST_COUNT(bad_options); i++) {
		int value;
		socklen_t len = sizeof(value);

		assert_int_equal(
			getsockopt(fd, bad_options[i].level, bad_options[i].name, &value, &len), 0);
		assert_int_equal(value, bad_options[i].usual);
	}
}

static void test_options_that_change_datagrams_are_not_inherited(void **state)
{
	struct sockets *s = *state;

	set_bad_options(s->programs);
	make(s);
	assert_usual_options(s->wire);
}

static void test_a_socket_that_came_with_such_options_loses_them(void **state)
{
	struct sockets *s = *state;

	make(s); /* binds it */
	set_bad_options(s->wire);
	assert_int_equal(shim_wire_reset(s->wire), 0);
	assert_usual_options(s->wire);
}

/* It is in clear.  The first datagram that the peer sees is a later one. */
static void assert_corked_is_not_sent(const union host_sockaddr *any, socklen_t len)
{
	int wire = socket(any->sa.sa_family, SOCK_DGRAM, 0), on = 1;
	int peer = socket(any->sa.sa_family, SOCK_DGRAM, 0);
	union host_sockaddr to;
	char buf[64];

	assert_int_equal(bind(peer, &any->sa, len), 0);
	assert_int_equal(getsockname(peer, &to.sa, &len), 0);
	assert_int_equal(setsockopt(wire, IPPROTO_UDP, UDP_CORK, &on, sizeof(on)), 0);
	assert_int_equal(sendto(wire, plain, sizeof(plain), 0, &to.sa, len), sizeof(plain));
	assert_int_equal(shim_wire_reset(wire), 0);
	assert_int_equal(sendto(wire, "later", 5, 0, &to.sa, len), 5);
	assert_int_equal(recv(peer, buf, sizeof(buf), 0), 5);
	close(wire);
	close(peer);
}

static void test_what_was_corked_before_is_not_sent(void **state)
{
	union host_sockaddr any = {
		.in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}};

	(void)state;
	assert_corked_is_not_sent(&any, sizeof(any.in));
	any.in6 = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_addr = in6addr_loopback};
	assert_corked_is_not_sent(&any, sizeof(any.in6));
}

static void test_options_of_the_program_are_inherited(void **state)
{
	struct sockets *s = *state;
	int tos = 0x48;

	assert_int_equal(setsockopt(s->programs, IPPROTO_IP, IP_TOS, &tos, sizeof(tos)), 0);
	make(s);
	assert_int_equal(host_socket_int(s->wire, IPPROTO_IP, IP_TOS), tos);
}

/* Without the right to set a mark the wire would be without it, and the program relies on it. */
static void test_an_option_that_cannot_be_set_is_an_error(void **state)
{
	struct sockets *s = *state;
	int mark = 7, r;

	if (geteuid() || setsockopt(s->programs, SOL_SOCKET, SO_MARK, &mark, sizeof(mark)))
		skip();
	assert_int_equal(seteuid(65534), 0);
	r = shim_wire_make(s->programs, AF_INET);
	assert_int_equal(seteuid(0), 0);
	assert_int_equal(r, -EOPNOTSUPP);
	make(s);
	assert_int_equal(host_socket_int(s->wire, SOL_SOCKET, SO_MARK), mark);
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_gets_in_before_the_filter_for_dtls),
		TEST(the_filter_of_a_port_with_plaintext_lets_all_in_but_nothing),
		TEST(the_filter_stays),
		TEST(options_that_change_datagrams_are_not_inherited),
		TEST(a_socket_that_came_with_such_options_loses_them),
		cmocka_unit_test(test_what_was_corked_before_is_not_sent),
		TEST(options_of_the_program_are_inherited),
		TEST(an_option_that_cannot_be_set_is_an_error),
	};

	alarm(60);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
