/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Addresses and paths: as the engine says them, as the kernel says them, and over real sockets on
 * the loopback interface.
 */
#include "tests/unit/support.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "host/sys.h"
#include "host/udp.h"

static union host_sockaddr make(int family, const char *ip, uint16_t port, uint32_t scope)
{
	union host_sockaddr u;

	memset(&u, 0, sizeof(u));
	u.sa.sa_family = (sa_family_t)family;
	if (family == AF_INET) {
		inet_pton(AF_INET, ip, &u.in.sin_addr);
		u.in.sin_port = htons(port);
	} else {
		inet_pton(AF_INET6, ip, &u.in6.sin6_addr);
		u.in6.sin6_port = htons(port);
		u.in6.sin6_scope_id = scope;
	}
	return u;
}

static void assert_text(const struct ds_addr *a, const char *want)
{
	char text[DS_ADDR_TEXT];

	assert_string_equal(ds_addr_format(a, text), want);
}

static void test_from_sockaddr(void **state)
{
	union host_sockaddr u = make(AF_INET, "192.0.2.1", 5684, 0);
	struct ds_addr a;
	char odd[sizeof(u) + 1];

	(void)state;
	assert_true(host_addr_from_sockaddr(&a, &u.sa, sizeof(u.in)));
	assert_text(&a, "192.0.2.1:5684");
	assert_int_equal(a.family, 4);
	memcpy(odd + 1, &u, sizeof(u)); /* where a program's cast left it */
	assert_true(host_addr_from_sockaddr(&a, (void *)(odd + 1), sizeof(u.in)));
	assert_false(host_addr_from_sockaddr(&a, &u.sa, sizeof(u.in) - 1));
	assert_int_equal(a.family, 0);
	assert_false(host_addr_from_sockaddr(&a, &u.sa, 0));
	assert_false(host_addr_from_sockaddr(&a, NULL, 0));

	u = make(AF_INET6, "2001:db8::1", 1, 7);
	assert_true(host_addr_from_sockaddr(&a, &u.sa, sizeof(u.in6)));
	assert_int_equal(a.scope, 0); /* says nothing for a global address */
	u = make(AF_INET6, "fe80::1", 1, 7);
	assert_true(host_addr_from_sockaddr(&a, &u.sa, sizeof(u.in6)));
	assert_int_equal(a.scope, 7);
	assert_true(host_addr_from_sockaddr(&a, &u.sa, 24)); /* RFC 2133: without scope */
	assert_false(host_addr_from_sockaddr(&a, &u.sa, 23));
	u = make(AF_INET6, "::ffff:192.0.2.1", 5684, 0);
	assert_true(host_addr_from_sockaddr(&a, &u.sa, sizeof(u.in6)));
	assert_text(&a, "192.0.2.1:5684");
	u.sa.sa_family = AF_UNIX;
	assert_false(host_addr_from_sockaddr(&a, &u.sa, sizeof(u)));
}

static void test_to_sockaddr_and_back(void **state)
{
	static const struct {
		int family, socket;
		const char *ip;
		uint32_t scope;
		socklen_t len;
	} cases[] = {
		{AF_INET, AF_INET, "192.0.2.1", 0, sizeof(struct sockaddr_in)},
		{AF_INET, AF_INET6, "192.0.2.1", 0, sizeof(struct sockaddr_in6)},
		{AF_INET6, AF_INET6, "2001:db8::1", 0, sizeof(struct sockaddr_in6)},
		{AF_INET6, AF_INET6, "fe80::1", 3, sizeof(struct sockaddr_in6)},
		{AF_INET6, AF_INET, "2001:db8::1", 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < TEST_COUNT(cases); i++) {
		union host_sockaddr u = make(cases[i].family, cases[i].ip, 5684, cases[i].scope);
		struct ds_addr a, b;

		assert_true(host_addr_from_sockaddr(&a, &u.sa, sizeof(u)));
		assert_int_equal(host_addr_to_sockaddr(&a, cases[i].socket, &u), cases[i].len);
		if (!cases[i].len)
			continue;
		assert_int_equal(u.sa.sa_family, cases[i].socket);
		assert_true(host_addr_from_sockaddr(&b, &u.sa, cases[i].len));
		assert_true(ds_addr_equal(&a, &b));
	}
	assert_int_equal(host_addr_to_sockaddr(&(struct ds_addr){0}, AF_INET6,
					       &(union host_sockaddr){.sa = {0}}),
			 0);
}

/* A UDP socket on @ip, its port in *@port. */
static int bound(int family, const char *ip, uint16_t *port)
{
	int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	union host_sockaddr u = make(family, ip, 0, 0);
	socklen_t len = sizeof(u);

	if (fd < 0 || bind(fd, &u.sa, family == AF_INET ? sizeof(u.in) : sizeof(u.in6))) {
		if (fd >= 0)
			close(fd);
		return -1;
	}
	assert_int_equal(getsockname(fd, &u.sa, &len), 0);
	*port = ntohs(u.in.sin_port); /* at the same place in both */
	return fd;
}

static ssize_t receive(int fd, uint16_t port, struct ds_path *path, void *buf, size_t cap)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	assert_int_equal(poll(&p, 1, 5000), 1);
	return host_udp_recv(fd, port, path, buf, cap);
}

/* A client at @from asks the wildcard-bound server at @to, an address that is not the host's
 * first; the answer must come from there. */
static void ask_and_answer(int server_family, int client_family, const char *from, const char *to)
{
	uint16_t server_port, client_port;
	int server =
		bound(server_family, server_family == AF_INET ? "0.0.0.0" : "::", &server_port);
	int client = bound(client_family, from, &client_port);
	union host_sockaddr u = make(client_family, to, server_port, 0);
	struct ds_path path, back;
	struct ds_addr want;
	char buf[16];

	if (server < 0 || client < 0)
		skip(); /* no IPv6 here */
	assert_int_equal(host_pktinfo_enable(server, server_family), 0);
	assert_int_equal(host_udp_recv(server, server_port, &path, buf, sizeof(buf)), -EAGAIN);

	host_addr_from_sockaddr(&want, &u.sa, sizeof(u));
	memset(&path, 0, sizeof(path));
	path.remote = want;
	assert_int_equal(host_udp_send(client, client_family, &path, "ask", 3), 0);
	assert_int_equal(receive(server, server_port, &path, buf, sizeof(buf)), 3);
	assert_int_equal(path.remote.port, client_port);
	assert_int_equal(path.local.port, server_port);
	assert_int_equal(path.local.family, want.family);
	assert_memory_equal(path.local.ip, want.ip, sizeof(want.ip));
	assert_int_not_equal(path.local.scope, 0); /* the interface */

	assert_int_equal(host_udp_send(server, server_family, &path, "answer", 6), 0);
	assert_int_equal(receive(client, client_port, &back, buf, sizeof(buf)), 6);
	assert_true(ds_addr_equal(&back.remote, &want));
	close(server);
	close(client);
}

static void test_ipv4(void **state)
{
	(void)state;
	ask_and_answer(AF_INET, AF_INET, "127.0.0.1", "127.0.0.9");
}

static void test_ipv6(void **state)
{
	(void)state;
	ask_and_answer(AF_INET6, AF_INET6, "::1", "::1");
}

static void test_dual_stack(void **state)
{
	(void)state;
	ask_and_answer(AF_INET6, AF_INET, "127.0.0.1", "127.0.0.9");
}

static void test_truncation_empty_and_wrong_family(void **state)
{
	uint16_t port, other;
	int fd = bound(AF_INET, "127.0.0.1", &port), from = bound(AF_INET, "127.0.0.1", &other);
	union host_sockaddr u = make(AF_INET, "127.0.0.1", port, 0);
	struct ds_path path, got;
	char buf[8];

	(void)state;
	memset(&path, 0, sizeof(path));
	host_addr_from_sockaddr(&path.remote, &u.sa, sizeof(u));
	assert_int_equal(host_udp_send(from, AF_INET, &path, "123456789", 9), 0);
	assert_int_equal(receive(fd, port, &got, buf, sizeof(buf)), -EMSGSIZE);
	assert_int_equal(got.remote.port, other);
	assert_int_equal(got.local.family, 0); /* PKTINFO was not asked for */
	assert_int_equal(host_udp_send(from, AF_INET, &path, "", 0), 0);
	assert_int_equal(receive(fd, port, &got, buf, sizeof(buf)), 0);
	path.remote.family = 6;
	assert_int_equal(host_udp_send(from, AF_INET, &path, "x", 1), -EAFNOSUPPORT);
	assert_int_equal(host_udp_send(-1, AF_INET6, &path, "x", 1), -EBADF);
	close(fd);
	close(from);
}

/* Local addresses that a socket cannot say are left out, not refused. */
static void test_pktinfo_only_where_it_means_something(void **state)
{
	_Alignas(struct cmsghdr) char control[HOST_PKTINFO_SPACE];
	struct msghdr msg = {0};
	struct ds_addr a = {0};

	(void)state;
	host_pktinfo_put(&msg, &a, AF_INET, control);
	assert_null(msg.msg_control);
	a.family = 6;
	host_pktinfo_put(&msg, &a, AF_INET, control);
	assert_null(msg.msg_control);
	host_pktinfo_put(&msg, &a, AF_INET6, control);
	assert_int_equal(msg.msg_controllen, HOST_PKTINFO_SPACE);
}

static int watched = -1;
static bool watched_kept;

static void note_kept(int fd, bool keep)
{
	watched = fd;
	watched_kept = keep;
}

static void test_kept_descriptors_move_up(void **state)
{
	uint16_t port;
	int low = bound(AF_INET, "127.0.0.1", &port), high;

	(void)state;
	host_fd_watch_set(note_kept);
	high = host_fd_keep(low);
	assert_true(high > 100);
	assert_int_equal(watched, high);
	assert_true(watched_kept);
	assert_int_equal(host_sys3(SYS_fcntl, low, 1 /* F_GETFD */, 0), -EBADF);
	assert_int_equal(host_sys3(SYS_fcntl, high, 1, 0), 1 /* FD_CLOEXEC */);
	watched = -1;
	host_fd_drop(high);
	assert_int_equal(watched, high);
	assert_false(watched_kept);
	assert_int_equal(host_sys3(SYS_fcntl, high, 1, 0), -EBADF);
	host_fd_drop(-1);
	assert_int_equal(host_fd_keep(-1), -EBADF);
	host_fd_watch_set(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_from_sockaddr),
		cmocka_unit_test(test_to_sockaddr_and_back),
		cmocka_unit_test(test_ipv4),
		cmocka_unit_test(test_ipv6),
		cmocka_unit_test(test_dual_stack),
		cmocka_unit_test(test_truncation_empty_and_wrong_family),
		cmocka_unit_test(test_pktinfo_only_where_it_means_something),
		cmocka_unit_test(test_kept_descriptors_move_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
