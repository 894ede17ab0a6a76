/* SPDX-License-Identifier: Apache-2.0 */
/* openssl.c - the program of OpenSSL */
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "peer.h"

static SSL_CTX *ctx;
static SSL *ssl;

static const char *why(void)
{
	unsigned long code = ERR_peek_last_error();

	return code ? ERR_reason_error_string(code) : "no reason given";
}

static unsigned client_key(SSL *s, const char *hint, char *identity, unsigned id_max,
			   unsigned char *key, unsigned key_max)
{
	(void)s, (void)hint, (void)key_max;
	snprintf(identity, id_max, "%s", peer.identity);
	memcpy(key, peer.key, peer.key_len);
	return peer.key_len;
}

static unsigned server_key(SSL *s, const char *identity, unsigned char *key, unsigned max)
{
	(void)s, (void)max;
	if (strcmp(identity, peer.identity))
		return 0;
	memcpy(key, peer.key, peer.key_len);
	return peer.key_len;
}

/* OpenSSL's own names of the suites, which at security level 0 may have short tags. */
static void set_suites(void)
{
	char list[1024] = "", *copy = strdup(peer.suites ? peer.suites : "");

	for (char *name = strtok(copy, ","); name; name = strtok(NULL, ",")) {
		strcat(list, OPENSSL_cipher_name(name));
		strcat(list, ":");
	}
	strcat(list, peer.suites ? "@SECLEVEL=0" : peer.identity ? "PSK:@SECLEVEL=0" : "DEFAULT");
	if (!SSL_CTX_set_cipher_list(ctx, list))
		die("suites: %s", why());
}

static void stack_init(void)
{
	ctx = SSL_CTX_new(DTLS_method());
	SSL_CTX_set_min_proto_version(ctx, DTLS1_2_VERSION);
	set_suites();
	if (peer.identity && peer.server)
		SSL_CTX_set_psk_server_callback(ctx, server_key);
	else if (peer.identity)
		SSL_CTX_set_psk_client_callback(ctx, client_key);
	if (peer.cert && (SSL_CTX_use_certificate_chain_file(ctx, peer.cert) != 1 ||
			  SSL_CTX_use_PrivateKey_file(ctx, peer.key_file, SSL_FILETYPE_PEM) != 1))
		die("certificate: %s", why());
	if (peer.ca) {
		SSL_CTX_load_verify_locations(ctx, peer.ca, NULL);
		SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	}
	SSL_CTX_set_session_id_context(ctx, (const unsigned char *)"peer", 4);
	if (peer.no_ems)
		SSL_CTX_set_options(ctx, SSL_OP_NO_EXTENDED_MASTER_SECRET);
	if (peer.mtu)
		SSL_CTX_set_options(ctx, SSL_OP_NO_QUERY_MTU);
}

static void stack_start(int again)
{
	SSL_SESSION *before = again ? SSL_get1_session(ssl) : NULL;
	BIO *bio = BIO_new_dgram(peer.fd, BIO_NOCLOSE);

	ssl = SSL_new(ctx);
	BIO_ctrl(bio, BIO_CTRL_DGRAM_SET_CONNECTED, 0, &peer.address);
	SSL_set_bio(ssl, bio, bio);
	if (before)
		SSL_set_session(ssl, before);
	if (peer.mtu)
		DTLS_set_link_mtu(ssl, peer.mtu + 28);
	if (peer.ca && !peer.server)
		SSL_set1_host(ssl, peer.name);
	if (peer.server)
		SSL_set_accept_state(ssl);
	else
		SSL_set_connect_state(ssl);
}

/* 1: it went through, 0: it waits for input. */
static int step(int ret)
{
	int error = ret > 0 ? SSL_ERROR_NONE : SSL_get_error(ssl, ret);

	if (error == SSL_ERROR_NONE)
		return 1;
	if (error != SSL_ERROR_WANT_READ)
		die("OpenSSL: %s", why());
	DTLSv1_handle_timeout(ssl);
	return 0;
}

static int stack_handshake(void)
{
	ERR_clear_error();
	return step(SSL_do_handshake(ssl));
}

static int stack_timeout(void)
{
	struct timeval left;

	return DTLSv1_get_timeout(ssl, &left) ? (int)(left.tv_sec * 1000 + left.tv_usec / 1000 + 1)
					      : -1;
}

static const char *stack_session(void)
{
	static char text[128];

	snprintf(text, sizeof(text), "%s%s", SSL_CIPHER_standard_name(SSL_get_current_cipher(ssl)),
		 SSL_session_reused(ssl) ? " resumed" : "");
	return text;
}

static void stack_send(const uint8_t *message, size_t len)
{
	ERR_clear_error();
	if (SSL_write(ssl, message, (int)len) != (int)len)
		die("write of %zu bytes: %s", len, why());
}

static int stack_recv(uint8_t *message, size_t cap)
{
	int n;

	ERR_clear_error();
	n = SSL_read(ssl, message, (int)cap);
	if (n > 0)
		return n;
	if (SSL_get_error(ssl, n) == SSL_ERROR_ZERO_RETURN)
		return CLOSED;
	step(n);
	return NOTHING;
}

static void stack_close(void)
{
	SSL_shutdown(ssl);
}

/* OpenSSL has no answer to no_renegotiation but to end the session. */
static int stack_renegotiate(void)
{
	int64_t deadline = now_ms() + ANSWER_MS;

	if (!SSL_renegotiate(ssl))
		die("renegotiate: %s", why());
	while (!stack_handshake() || SSL_renegotiate_pending(ssl))
		if (!wait_input(deadline, 0))
			die("renegotiation: no answer");
	return 1;
}
