/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mbed_client.c - a stock Mbed TLS client with Connection ID, for tests
 *
 * Sends --count messages of --size bytes, wants each one echoed, and may move to another source
 * port in between.  One line per event on standard output; exit code 0 only if every echo matched.
 */

#include <arpa/inet.h>
#include <getopt.h>
#include <poll.h>

#include "mbed_common.h"

enum { TIMEOUT_MS = 5000 };

struct client {
	int fd;
	struct sockaddr_in server;
	struct peer_timer timer;
	struct peer_credentials cred;
	uint8_t cid[MBEDTLS_SSL_CID_IN_LEN_MAX];
	size_t cid_len;
	int use_cid;
	unsigned count, rebind_after;
	uint64_t timeout_ms; /* for the handshake, and for each echo */
	size_t size;
	uint16_t mtu; /* of the handshake's datagrams, 0: Mbed TLS's own idea */
	const char *suite, *name;
	mbedtls_ssl_config conf;
	mbedtls_ssl_context ssl;
};

static const char usage[] =
	"mbed_client --port N [--host ADDR] [--psk-id ID --psk-hex HEX] [--ca FILE]\n"
	"  [--cert FILE --key FILE] [--server-name NAME] [--suite NAME] [--cid HEX] [--count N]\n"
	"  [--size BYTES] [--rebind-after N] [--timeout MS] [--mtu BYTES]\n"
	"--cid \"\" offers an empty CID (the server's is used); without --cid there is no extension.\n";

static int bio_send(void *ctx, const unsigned char *buf, size_t len)
{
	struct client *c = ctx;
	ssize_t n = sendto(c->fd, buf, len, 0, (struct sockaddr *)&c->server, sizeof(c->server));

	return n < 0 ? MBEDTLS_ERR_SSL_INTERNAL_ERROR : (int)n;
}

static int bio_recv(void *ctx, unsigned char *buf, size_t len)
{
	struct client *c = ctx;
	ssize_t n = recv(c->fd, buf, len, MSG_DONTWAIT);

	return n <= 0 ? MBEDTLS_ERR_SSL_WANT_READ : (int)n;
}

/* Block until a datagram, Mbed TLS' timer or the deadline; 0 past the deadline. */
static int wait_input(struct client *c, uint64_t deadline)
{
	struct pollfd pfd = {.fd = c->fd, .events = POLLIN};
	uint64_t now = peer_now_ms();
	int left = peer_timer_left(&c->timer);

	if (now >= deadline)
		return 0;
	if (left < 0 || (uint64_t)left > deadline - now)
		left = (int)(deadline - now);
	poll(&pfd, 1, left);
	return 1;
}

static void new_socket(struct client *c)
{
	int old = c->fd;

	c->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0)
		peer_die("socket: %s", strerror(errno));
	if (old >= 0)
		close(old);
}

static void setup(struct client *c)
{
	peer_conf_init(&c->conf, MBEDTLS_SSL_IS_CLIENT);
	peer_credentials_apply(&c->cred, &c->conf);
	peer_suite_apply(&c->conf, c->suite);
	if (c->use_cid)
		peer_check(mbedtls_ssl_conf_cid(&c->conf, c->cid_len,
						MBEDTLS_SSL_UNEXPECTED_CID_IGNORE),
			   "--cid");
	mbedtls_ssl_init(&c->ssl);
	peer_check(mbedtls_ssl_setup(&c->ssl, &c->conf), "ssl setup");
	peer_check(mbedtls_ssl_set_hostname(&c->ssl, c->name), "--server-name");
	if (c->use_cid)
		peer_check(mbedtls_ssl_set_cid(&c->ssl, MBEDTLS_SSL_CID_ENABLED, c->cid,
					       c->cid_len),
			   "--cid");
	mbedtls_ssl_set_mtu(&c->ssl, c->mtu);
	mbedtls_ssl_set_bio(&c->ssl, c, bio_send, bio_recv, NULL);
	mbedtls_ssl_set_timer_cb(&c->ssl, &c->timer, peer_timer_set, peer_timer_get);
}

static void handshake(struct client *c)
{
	uint64_t deadline = peer_now_ms() + c->timeout_ms;
	uint8_t peer_cid[MBEDTLS_SSL_CID_OUT_LEN_MAX];
	size_t len = 0;
	int ret, on;

	while ((ret = mbedtls_ssl_handshake(&c->ssl)) == MBEDTLS_ERR_SSL_WANT_READ)
		if (!wait_input(c, deadline))
			peer_die("handshake: no end within %u ms", (unsigned)c->timeout_ms);
	peer_check(ret, "handshake");
	peer_check(mbedtls_ssl_get_peer_cid(&c->ssl, &on, peer_cid, &len), "peer cid");
	printf("event=handshake suite=%s cid=", mbedtls_ssl_get_ciphersuite(&c->ssl));
	for (size_t i = 0; on && i < len; i++)
		printf("%02x", peer_cid[i]);
	printf("%s\n", on ? "" : "none");
	fflush(stdout);
}

/* One message there and back; what comes in several records is an error, not a stream. */
static void echo(struct client *c, unsigned n)
{
	uint64_t deadline = peer_now_ms() + c->timeout_ms;
	uint8_t *sent = malloc(c->size + 1), *got = malloc(PEER_DATAGRAM_MAX);
	int ret;

	if (!sent || !got)
		peer_die("out of memory");
	for (size_t i = 0; i < c->size; i++)
		sent[i] = (uint8_t)(n + i * 7);
	ret = mbedtls_ssl_write(&c->ssl, sent, c->size);
	if (ret != (int)c->size)
		peer_die("write %u: -0x%04x", n, (unsigned)-ret);
	while ((ret = mbedtls_ssl_read(&c->ssl, got, PEER_DATAGRAM_MAX)) ==
	       MBEDTLS_ERR_SSL_WANT_READ)
		if (!wait_input(c, deadline))
			peer_die("echo %u: nothing within %u ms", n, (unsigned)c->timeout_ms);
	if (ret < 0)
		peer_die("read %u: -0x%04x", n, (unsigned)-ret);
	if ((size_t)ret != c->size || memcmp(sent, got, c->size))
		peer_die("echo %u: %d bytes, not what was sent", n, ret);
	printf("event=echo n=%u size=%d\n", n, ret);
	fflush(stdout);
	free(sent);
	free(got);
}

static void run(struct client *c)
{
	new_socket(c);
	setup(c);
	handshake(c);
	for (unsigned n = 1; n <= c->count; n++) {
		echo(c, n);
		if (n == c->rebind_after) {
			new_socket(c);
			printf("event=rebind after=%u\n", n);
			fflush(stdout);
		}
	}
	mbedtls_ssl_close_notify(&c->ssl);
	printf("event=close\n");
}

static void option(struct client *c, int opt, char *arg)
{
	switch (opt) {
	case 'p': c->server.sin_port = htons((uint16_t)atoi(arg)); break;
	case 'h':
		if (inet_pton(AF_INET, arg, &c->server.sin_addr) != 1)
			peer_die("--host %s: not an IPv4 address", arg);
		break;
	case 'i': c->cred.psk_id = arg; break;
	case 'x': c->cred.psk_len = peer_hex(arg, c->cred.psk, PEER_PSK_MAX, "--psk-hex"); break;
	case 'a': c->cred.ca = arg; break;
	case 'c': c->cred.cert = arg; break;
	case 'k': c->cred.key = arg; break;
	case 'N': c->name = arg; break;
	case 's': c->suite = arg; break;
	case 'd':
		c->use_cid = 1;
		c->cid_len = peer_hex(arg, c->cid, sizeof(c->cid), "--cid");
		break;
	case 'n': c->count = (unsigned)atoi(arg); break;
	case 'z': c->size = (size_t)atoi(arg); break;
	case 'r': c->rebind_after = (unsigned)atoi(arg); break;
	case 't': c->timeout_ms = (uint64_t)atoi(arg); break;
	case 'm': c->mtu = (uint16_t)atoi(arg); break;
	default: peer_die("%s", usage);
	}
}

int main(int argc, char **argv)
{
	static const struct option long_options[] = {
		{"port", 1, NULL, 'p'},	       {"host", 1, NULL, 'h'},
		{"psk-id", 1, NULL, 'i'},      {"psk-hex", 1, NULL, 'x'},
		{"ca", 1, NULL, 'a'},	       {"cert", 1, NULL, 'c'},
		{"key", 1, NULL, 'k'},	       {"suite", 1, NULL, 's'},
		{"cid", 1, NULL, 'd'},	       {"count", 1, NULL, 'n'},
		{"size", 1, NULL, 'z'},	       {"rebind-after", 1, NULL, 'r'},
		{"server-name", 1, NULL, 'N'}, {"timeout", 1, NULL, 't'},
		{"mtu", 1, NULL, 'm'},	       {NULL, 0, NULL, 0},
	};
	static struct client c = {
		.fd = -1, .count = 3, .size = 64, .name = "localhost", .timeout_ms = TIMEOUT_MS};
	int opt;

	c.server.sin_family = AF_INET;
	c.server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	while ((opt = getopt_long(argc, argv, "", long_options, NULL)) != -1)
		option(&c, opt, optarg);
	if (!c.server.sin_port || optind != argc)
		peer_die("%s", usage);
	run(&c);
	return 0;
}
