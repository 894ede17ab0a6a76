/* SPDX-License-Identifier: Apache-2.0 */
/* gnutls.c - the program of GnuTLS */
#include <gnutls/dtls.h>
#include <gnutls/gnutls.h>

#include "peer.h"

static gnutls_session_t tls;
static gnutls_certificate_credentials_t cert_cred;
static gnutls_psk_client_credentials_t psk_client;
static gnutls_psk_server_credentials_t psk_server;
static gnutls_datum_t key;

static void check(int ret, const char *what)
{
	if (ret < 0)
		die("%s: %s", what, gnutls_strerror(ret));
}

static int server_key(gnutls_session_t s, const char *identity, gnutls_datum_t *out)
{
	(void)s;
	if (strcmp(identity, peer.identity))
		return -1;
	out->data = gnutls_malloc(key.size);
	out->size = key.size;
	memcpy(out->data, key.data, key.size);
	return 0;
}

static void stack_init(void)
{
	key = (gnutls_datum_t){peer.key, peer.key_len};
	gnutls_certificate_allocate_credentials(&cert_cred);
	if (peer.cert)
		check(gnutls_certificate_set_x509_key_file(cert_cred, peer.cert, peer.key_file,
							   GNUTLS_X509_FMT_PEM),
		      "certificate");
	if (peer.ca)
		check(gnutls_certificate_set_x509_trust_file(cert_cred, peer.ca,
							     GNUTLS_X509_FMT_PEM),
		      "ca");
	if (!peer.identity)
		return;
	gnutls_psk_allocate_client_credentials(&psk_client);
	gnutls_psk_set_client_credentials(psk_client, peer.identity, &key, GNUTLS_PSK_KEY_RAW);
	gnutls_psk_allocate_server_credentials(&psk_server);
	gnutls_psk_set_server_credentials_function(psk_server, server_key);
}

/* The words of a priority string for "TLS_KX_WITH_CIPHER[_HASH]". */
static void add_suite(char *list, const char *suite)
{
	char kx[32], cipher[48], *hash;

	if (sscanf(suite, "TLS_%31[A-Z_]", kx) != 1 || !strstr(suite, "_WITH_"))
		die("suite %s", suite);
	*strstr(kx, "_WITH") = 0;
	snprintf(cipher, sizeof(cipher), "%s", strstr(suite, "_WITH_") + 6);
	if ((hash = strstr(cipher, "_SHA")))
		*hash = 0;
	for (char *c = kx; *c; c++)
		*c = *c == '_' ? '-' : *c;
	for (char *c = cipher; *c; c++)
		*c = *c == '_' ? '-' : *c;
	sprintf(list + strlen(list), ":+%s:+%s", kx, cipher);
}

static void set_priority(void)
{
	char list[1024] = "NONE:+VERS-DTLS1.2:+AEAD:+SIGN-ALL:+GROUP-ALL:+COMP-NULL:+CTYPE-X509";
	char *copy = strdup(peer.suites ? peer.suites : "");

	for (char *name = strtok(copy, ","); name; name = strtok(NULL, ","))
		add_suite(list, name);
	if (!peer.suites)
		snprintf(list, sizeof(list), "NORMAL:-VERS-ALL:+VERS-DTLS1.2%s",
			 peer.identity ? ":-KX-ALL:+PSK" : "");
	check(gnutls_priority_set_direct(tls, list, NULL), list);
}

static void stack_start(int again)
{
	gnutls_datum_t before = {0};

	if (again)
		check(gnutls_session_get_data2(tls, &before), "session");
	gnutls_init(&tls, (peer.server ? GNUTLS_SERVER : GNUTLS_CLIENT) | GNUTLS_DATAGRAM |
				  GNUTLS_NONBLOCK);
	set_priority();
	gnutls_credentials_set(tls, GNUTLS_CRD_CERTIFICATE, cert_cred);
	if (peer.identity)
		gnutls_credentials_set(tls, GNUTLS_CRD_PSK,
				       peer.server ? (void *)psk_server : (void *)psk_client);
	if (peer.server)
		gnutls_certificate_server_set_request(tls, peer.ca ? GNUTLS_CERT_REQUIRE
								   : GNUTLS_CERT_IGNORE);
	if (peer.ca)
		gnutls_session_set_verify_cert(tls, peer.server ? NULL : peer.name, 0);
	if (again)
		gnutls_session_set_data(tls, before.data, before.size);
	gnutls_dtls_set_mtu(tls, peer.mtu ? (unsigned)peer.mtu : 1400);
	gnutls_transport_set_int(tls, peer.fd);
}

static int stack_handshake(void)
{
	int ret = gnutls_handshake(tls);

	if (ret == GNUTLS_E_FATAL_ALERT_RECEIVED)
		die("GnuTLS: alert %d from the peer", gnutls_alert_get(tls));
	if (ret < 0 && gnutls_error_is_fatal(ret))
		die("GnuTLS: %s", gnutls_strerror(ret));
	return ret == 0;
}

/* 0 is "due" as well as "none". */
static int stack_timeout(void)
{
	unsigned left = gnutls_dtls_get_timeout(tls);

	return left ? (int)left + 1 : 50;
}

static const char *stack_session(void)
{
	static char text[128];
	const char *name = gnutls_cipher_suite_get_name(gnutls_kx_get(tls), gnutls_cipher_get(tls),
							gnutls_mac_get(tls));

	snprintf(text, sizeof(text), "%s%s", name ? name : "?",
		 gnutls_session_is_resumed(tls) ? " resumed" : "");
	return text;
}

static void stack_send(const uint8_t *message, size_t len)
{
	ssize_t n;

	gnutls_dtls_set_mtu(tls, MESSAGE_MAX + 256);
	n = gnutls_record_send(tls, message, len);
	if (n != (ssize_t)len)
		die("write of %zu bytes: %s", len, n < 0 ? gnutls_strerror((int)n) : "short");
}

static int stack_recv(uint8_t *message, size_t cap)
{
	ssize_t n = gnutls_record_recv(tls, message, cap);

	if (n < 0 && gnutls_error_is_fatal((int)n))
		die("GnuTLS: %s", gnutls_strerror((int)n));
	return n < 0 ? NOTHING : (int)n;
}

static void stack_close(void)
{
	gnutls_bye(tls, GNUTLS_SHUT_WR);
}

static int stack_renegotiate(void)
{
	int64_t deadline = now_ms() + ANSWER_MS;
	int ret;

	while ((ret = gnutls_handshake(tls)) < 0 && !gnutls_error_is_fatal(ret)) {
		if (ret == GNUTLS_E_WARNING_ALERT_RECEIVED &&
		    gnutls_alert_get(tls) == GNUTLS_A_NO_RENEGOTIATION)
			return 0;
		if (!wait_input(deadline, 0))
			die("renegotiation: no answer");
	}
	if (ret < 0)
		die("renegotiation: %s", gnutls_strerror(ret));
	return 1;
}
