/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mbed_server.c - a stock Mbed TLS echo server with Connection ID, for tests
 *
 * A few sessions on one port, found by CID first and address second.  The address of a session
 * follows its CID once a record has authenticated.  Not a model of a good server: no limits, no
 * timers beyond the handshake; it is the third party other peers are checked against.
 */

#include <arpa/inet.h>
#include <getopt.h>
#include <poll.h>

#include <mbedtls/md.h>

#include "mbed_common.h"

enum { SESSIONS = 16, COOKIE_LEN = 32, DTLS_CID_RECORD = 25, CID_OFFSET = 11 };

struct session {
	int used;
	uint64_t last; /* order of use: the lowest gives way */
	int fd;
	struct sockaddr_in peer, from; /* where we send; where the datagram at hand came from */
	const uint8_t *in;	       /* datagram at hand, until the BIO has taken it */
	size_t in_len;
	struct peer_timer timer;
	uint8_t cid[MBEDTLS_SSL_CID_IN_LEN_MAX];
	mbedtls_ssl_context ssl;
};

struct server {
	int fd;
	uint16_t port;
	int cid_len; /* -1: no CID at all */
	int cookies;
	const char *suite;
	uint64_t clock;
	struct in_addr address;
	uint8_t secret[COOKIE_LEN];
	struct peer_credentials cred;
	mbedtls_ssl_config conf;
	struct session sessions[SESSIONS];
};

static const char usage[] =
	"mbed_server [--address IP] [--port N] [--psk-id ID --psk-hex HEX]\n"
	"  [--cert FILE --key FILE] [--ca FILE] [--suite NAME] [--cid-len N (-1: none)] [--no-cookie]\n";

static int bio_send(void *ctx, const unsigned char *buf, size_t len)
{
	struct session *s = ctx;

	sendto(s->fd, buf, len, 0, (struct sockaddr *)&s->peer, sizeof(s->peer));
	return (int)len;
}

static int bio_recv(void *ctx, unsigned char *buf, size_t cap)
{
	struct session *s = ctx;
	size_t len = s->in_len;

	if (!len || len > cap)
		return MBEDTLS_ERR_SSL_WANT_READ;
	memcpy(buf, s->in, len);
	s->in_len = 0;
	return (int)len;
}

static int cookie(struct server *srv, uint8_t *out, const unsigned char *id, size_t id_len)
{
	return mbedtls_md_hmac(mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), srv->secret,
			       COOKIE_LEN, id, id_len, out);
}

static int cookie_write(void *ctx, unsigned char **p, unsigned char *end, const unsigned char *id,
			size_t id_len)
{
	if (end - *p < COOKIE_LEN)
		return MBEDTLS_ERR_SSL_BUFFER_TOO_SMALL;
	if (cookie(ctx, *p, id, id_len))
		return -1;
	*p += COOKIE_LEN;
	return 0;
}

static int cookie_check(void *ctx, const unsigned char *got, size_t len, const unsigned char *id,
			size_t id_len)
{
	uint8_t want[COOKIE_LEN];

	if (len != COOKIE_LEN || cookie(ctx, want, id, id_len))
		return -1;
	return memcmp(got, want, COOKIE_LEN) ? -1 : 0;
}

/* What a context forgets on reset: the address for the cookie, and the CID. */
static void session_arm(struct server *srv, struct session *s)
{
	peer_check(mbedtls_ssl_set_client_transport_id(&s->ssl, (unsigned char *)&s->peer,
						       sizeof(s->peer)),
		   "transport id");
	if (srv->cid_len < 0)
		return;
	peer_check(peer_rng(NULL, s->cid, (size_t)srv->cid_len), "rng");
	peer_check(mbedtls_ssl_set_cid(&s->ssl, MBEDTLS_SSL_CID_ENABLED, s->cid,
				       (size_t)srv->cid_len),
		   "cid");
}

static void session_free(struct session *s)
{
	if (s->used)
		mbedtls_ssl_free(&s->ssl);
	memset(s, 0, sizeof(*s));
}

static struct session *session_new(struct server *srv, const struct sockaddr_in *from)
{
	struct session *s = srv->sessions;

	for (size_t i = 1; i < SESSIONS; i++)
		if (srv->sessions[i].last < s->last)
			s = &srv->sessions[i];
	session_free(s);
	s->used = 1;
	s->fd = srv->fd;
	s->peer = *from;
	mbedtls_ssl_init(&s->ssl);
	peer_check(mbedtls_ssl_setup(&s->ssl, &srv->conf), "ssl setup");
	mbedtls_ssl_set_bio(&s->ssl, s, bio_send, bio_recv, NULL);
	mbedtls_ssl_set_timer_cb(&s->ssl, &s->timer, peer_timer_set, peer_timer_get);
	session_arm(srv, s);
	return s;
}

static int same_address(const struct sockaddr_in *a, const struct sockaddr_in *b)
{
	return a->sin_port == b->sin_port && a->sin_addr.s_addr == b->sin_addr.s_addr;
}

/* CID first, address second; a hello from a known address starts anew when it was established. */
static struct session *session_find(struct server *srv, const uint8_t *buf, size_t len,
				    const struct sockaddr_in *from)
{
	size_t cid_len = srv->cid_len > 0 ? (size_t)srv->cid_len : 0;
	int by_cid = len > CID_OFFSET + cid_len && buf[0] == DTLS_CID_RECORD;

	for (size_t i = 0; i < SESSIONS; i++) {
		struct session *s = &srv->sessions[i];

		if (!s->used)
			continue;
		if (by_cid ? !memcmp(buf + CID_OFFSET, s->cid, cid_len)
			   : same_address(from, &s->peer))
			return s;
	}
	return by_cid ? NULL : session_new(srv, from);
}

static void session_echo(struct session *s)
{
	static uint8_t buf[PEER_DATAGRAM_MAX];
	int n;

	while ((n = mbedtls_ssl_read(&s->ssl, buf, sizeof(buf))) > 0) {
		s->peer = s->from;
		mbedtls_ssl_write(&s->ssl, buf, (size_t)n);
	}
	if (n == MBEDTLS_ERR_SSL_WANT_READ)
		return;
	printf("event=close ret=-0x%04x\n", (unsigned)-n);
	mbedtls_ssl_close_notify(&s->ssl);
	session_free(s);
}

static void session_step(struct server *srv, struct session *s)
{
	int ret;

	if (mbedtls_ssl_is_handshake_over(&s->ssl)) {
		session_echo(s);
		return;
	}
	ret = mbedtls_ssl_handshake(&s->ssl);
	if (ret == MBEDTLS_ERR_SSL_WANT_READ)
		return;
	if (ret == MBEDTLS_ERR_SSL_HELLO_VERIFY_REQUIRED) {
		peer_check(mbedtls_ssl_session_reset(&s->ssl), "reset");
		session_arm(srv, s);
		return;
	}
	if (ret) {
		printf("event=handshake-failed ret=-0x%04x\n", (unsigned)-ret);
		session_free(s);
		return;
	}
	printf("event=handshake suite=%s\n", mbedtls_ssl_get_ciphersuite(&s->ssl));
}

static void datagram(struct server *srv, const uint8_t *buf, size_t len,
		     const struct sockaddr_in *from)
{
	struct session *s = session_find(srv, buf, len, from);

	if (!s)
		return;
	s->last = ++srv->clock;
	s->from = *from;
	s->in = buf;
	s->in_len = len;
	session_step(srv, s);
	s->in_len = 0;
}

static int run_timers(struct server *srv)
{
	int next = -1;

	for (size_t i = 0; i < SESSIONS; i++) {
		struct session *s = &srv->sessions[i];

		if (s->used && !peer_timer_left(&s->timer))
			session_step(srv, s);
		if (s->used && s->timer.fin && (next < 0 || peer_timer_left(&s->timer) < next))
			next = peer_timer_left(&s->timer);
	}
	return next;
}

static void serve(struct server *srv)
{
	static uint8_t buf[PEER_DATAGRAM_MAX];
	struct pollfd pfd = {.fd = srv->fd, .events = POLLIN};
	struct sockaddr_in from;

	for (;;) {
		socklen_t from_len = sizeof(from);
		ssize_t n;

		fflush(stdout);
		if (poll(&pfd, 1, run_timers(srv)) <= 0)
			continue;
		memset(&from, 0, sizeof(from));
		n = recvfrom(srv->fd, buf, sizeof(buf), 0, (struct sockaddr *)&from, &from_len);
		if (n > 0)
			datagram(srv, buf, (size_t)n, &from);
	}
}

static void setup(struct server *srv)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET, .sin_port = htons(srv->port), .sin_addr = srv->address};
	socklen_t len = sizeof(addr);

	peer_check(peer_rng(NULL, srv->secret, sizeof(srv->secret)), "rng");
	peer_conf_init(&srv->conf, MBEDTLS_SSL_IS_SERVER);
	peer_credentials_apply(&srv->cred, &srv->conf);
	peer_suite_apply(&srv->conf, srv->suite);
	mbedtls_ssl_conf_dtls_cookies(&srv->conf, srv->cookies ? cookie_write : NULL,
				      srv->cookies ? cookie_check : NULL, srv);
	if (srv->cid_len >= 0)
		peer_check(mbedtls_ssl_conf_cid(&srv->conf, (size_t)srv->cid_len,
						MBEDTLS_SSL_UNEXPECTED_CID_IGNORE),
			   "--cid-len");
	srv->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (srv->fd < 0 || bind(srv->fd, (struct sockaddr *)&addr, sizeof(addr)) ||
	    getsockname(srv->fd, (struct sockaddr *)&addr, &len))
		peer_die("bind to port %u: %s", srv->port, strerror(errno));
	printf("event=listening port=%u\n", ntohs(addr.sin_port));
}

int main(int argc, char **argv)
{
	static const struct option long_options[] = {
		{"port", 1, NULL, 'p'},	   {"psk-id", 1, NULL, 'i'},  {"psk-hex", 1, NULL, 'x'},
		{"ca", 1, NULL, 'a'},	   {"cert", 1, NULL, 'c'},    {"key", 1, NULL, 'k'},
		{"suite", 1, NULL, 's'},   {"cid-len", 1, NULL, 'd'}, {"no-cookie", 0, NULL, 'C'},
		{"address", 1, NULL, 'A'}, {NULL, 0, NULL, 0},
	};
	static struct server srv = {.cookies = 1, .cid_len = 8};
	int opt;

	srv.address.s_addr = htonl(INADDR_LOOPBACK);
	while ((opt = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		switch (opt) {
		case 'p': srv.port = (uint16_t)atoi(optarg); break;
		case 'i': srv.cred.psk_id = optarg; break;
		case 'x':
			srv.cred.psk_len =
				peer_hex(optarg, srv.cred.psk, PEER_PSK_MAX, "--psk-hex");
			break;
		case 'a': srv.cred.ca = optarg; break;
		case 'c': srv.cred.cert = optarg; break;
		case 'k': srv.cred.key = optarg; break;
		case 's': srv.suite = optarg; break;
		case 'd': srv.cid_len = atoi(optarg); break;
		case 'C': srv.cookies = 0; break;
		case 'A':
			if (inet_pton(AF_INET, optarg, &srv.address) != 1)
				peer_die("%s", usage);
			break;
		default: peer_die("%s", usage);
		}
	}
	if (optind != argc || srv.cid_len > MBEDTLS_SSL_CID_IN_LEN_MAX)
		peer_die("%s", usage);
	setup(&srv);
	serve(&srv);
}
