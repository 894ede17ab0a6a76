/* SPDX-License-Identifier: Apache-2.0 */
/* wolfssl.c - the program of wolfSSL: a peer of tests only, nothing of the product links to it */
#include <wolfssl/options.h>
#include <wolfssl/ssl.h>

#include "peer.h"

static WOLFSSL_CTX *ctx;
static WOLFSSL *ssl;

static const char *why(int ret)
{
	static char text[WOLFSSL_MAX_ERROR_SZ];

	return wolfSSL_ERR_error_string((unsigned long)wolfSSL_get_error(ssl, ret), text);
}

static unsigned client_key(WOLFSSL *s, const char *hint, char *identity, unsigned id_max,
			   unsigned char *key, unsigned key_max)
{
	(void)s, (void)hint, (void)key_max;
	snprintf(identity, id_max, "%s", peer.identity);
	memcpy(key, peer.key, peer.key_len);
	return peer.key_len;
}

static unsigned server_key(WOLFSSL *s, const char *identity, unsigned char *key, unsigned max)
{
	(void)s, (void)max;
	if (strcmp(identity, peer.identity))
		return 0;
	memcpy(key, peer.key, peer.key_len);
	return peer.key_len;
}

static WOLFSSL_METHOD *method(void)
{
#if defined(WOLFSSL_DTLS13)
	if (peer.versions)
		return wolfDTLSv1_3_client_method();
#endif
	return peer.server ? wolfDTLSv1_2_server_method() : wolfDTLSv1_2_client_method();
}

static void stack_init(void)
{
	char list[1024];

	wolfSSL_Init();
	ctx = wolfSSL_CTX_new(method());
	snprintf(list, sizeof(list), "%s", peer.suites ? peer.suites : "");
	for (char *c = list; *c; c++)
		*c = *c == ',' ? ':' : *c;
	if (*list && wolfSSL_CTX_set_cipher_list(ctx, list) != WOLFSSL_SUCCESS)
		die("wolfSSL: no such suite: %s", list);
	if (peer.identity && peer.server)
		wolfSSL_CTX_set_psk_server_callback(ctx, server_key);
	else if (peer.identity)
		wolfSSL_CTX_set_psk_client_callback(ctx, client_key);
	if (peer.cert &&
	    (wolfSSL_CTX_use_certificate_chain_file(ctx, peer.cert) != WOLFSSL_SUCCESS ||
	     wolfSSL_CTX_use_PrivateKey_file(ctx, peer.key_file, WOLFSSL_FILETYPE_PEM) !=
		     WOLFSSL_SUCCESS))
		die("wolfSSL: certificate");
	wolfSSL_CTX_set_verify(ctx, WOLFSSL_VERIFY_NONE, NULL);
	if (peer.ca) {
		if (wolfSSL_CTX_load_verify_locations(ctx, peer.ca, NULL) != WOLFSSL_SUCCESS)
			die("wolfSSL: ca");
		wolfSSL_CTX_set_verify(
			ctx, WOLFSSL_VERIFY_PEER | WOLFSSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	}
	if (peer.no_ems)
		wolfSSL_CTX_DisableExtendedMasterSecret(ctx);
}

static void stack_start(int again)
{
	WOLFSSL_SESSION *before = again ? wolfSSL_get1_session(ssl) : NULL;

	ssl = wolfSSL_new(ctx);
	wolfSSL_set_fd(ssl, peer.fd);
	wolfSSL_dtls_set_peer(ssl, &peer.address,
			      sizeof(peer.address)); /* or it repeats to nobody */
	wolfSSL_dtls_set_using_nonblock(ssl, 1);
#if defined(WOLFSSL_DTLS_CID)
	if (peer.cid != NO_CID &&
	    (wolfSSL_dtls_cid_use(ssl) != WOLFSSL_SUCCESS ||
	     wolfSSL_dtls_cid_set(ssl, (unsigned char *)"0123456789abcdef0123456789abcdef",
				  (unsigned)peer.cid) != WOLFSSL_SUCCESS))
		die("wolfSSL: cid");
#endif
#if defined(WOLFSSL_DTLS_MTU)
	if (peer.mtu)
		wolfSSL_dtls_set_mtu(ssl, (unsigned short)peer.mtu);
#endif
	if (before)
		wolfSSL_set_session(ssl, before);
	if (peer.ca && !peer.server)
		wolfSSL_check_domain_name(ssl, peer.name);
}

/* A due timer is told by time alone: the stack counts in seconds. */
static int stack_timeout(void)
{
	return 100;
}

static int stack_handshake(void)
{
	static int64_t since;
	int ret = peer.server ? wolfSSL_accept(ssl) : wolfSSL_connect(ssl);
	int error = wolfSSL_get_error(ssl, ret);
	struct pollfd p = {.fd = peer.fd, .events = POLLIN};

	if (ret == WOLFSSL_SUCCESS)
		return 1;
	if (error != WOLFSSL_ERROR_WANT_READ && error != WOLFSSL_ERROR_WANT_WRITE)
		die("wolfSSL: %s", why(ret));
	since = since ? since : now_ms();
	if (poll(&p, 1, 0) > 0)
		since = now_ms();
	else if (now_ms() - since > wolfSSL_dtls_get_current_timeout(ssl) * 1000) {
		since = now_ms();
		wolfSSL_dtls_got_timeout(ssl); /* what fails here fails in the next step, too */
	}
	return 0;
}

static const char *stack_session(void)
{
	static char text[128];

	snprintf(text, sizeof(text), "%s%s", wolfSSL_get_cipher(ssl),
		 wolfSSL_session_reused(ssl) ? " resumed" : "");
	return text;
}

static void stack_send(const uint8_t *message, size_t len)
{
	int ret = wolfSSL_write(ssl, message, (int)len);

	if (ret != (int)len)
		die("write of %zu bytes: %s", len, why(ret));
}

static int stack_recv(uint8_t *message, size_t cap)
{
	int n = wolfSSL_read(ssl, message, (int)cap);
	int error = wolfSSL_get_error(ssl, n);

	if (n > 0)
		return n;
	if (error == WOLFSSL_ERROR_ZERO_RETURN)
		return CLOSED;
	if (error != WOLFSSL_ERROR_WANT_READ)
		die("wolfSSL: %s", why(n));
	return NOTHING;
}

static void stack_close(void)
{
	wolfSSL_shutdown(ssl);
}

/* It is built without renegotiation. */
static int stack_renegotiate(void)
{
	die("no renegotiation");
}
