/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tls_hello.c - what hellos say that Mbed TLS does not
 *
 * A ServerHello of Mbed TLS has a session id of 32 random bytes, which clients keep and offer next time, in
 * vain: nothing is resumed here.  So it is taken out.
 *
 * RFC 9853 is negotiated by an extension of ClientHello and ServerHello.  Mbed TLS writes and reads these
 * messages, has no way to add an extension, and passes over those that it does not know.  Both Finished
 * messages are computed from all messages before them, so an extension must be there before Mbed TLS
 * takes a hello into that hash, and afterwards is too late.
 *
 * The hash is a function that Mbed TLS calls by a pointer in its handshake, for each message in either
 * direction: for a message of its own before it is cut into records, and for a message of the peer when
 * it is whole again.  During the two steps in which hellos pass, a function of ours stands there.  It
 * lengthens a hello of ours, looks at the peer's, and calls Mbed TLS's function with the result.  Mbed
 * TLS sets the pointer anew when the suite, and so the hash, is known: then it is not ours to put back.
 *
 * The other ways are worse.  A patch of Mbed TLS has to be made again for each of its versions.  Wrapping
 * one of its functions when linking needs the same flags in each program, also those that link
 * libdtlscore.a, and the linker is silent when a new version has no function of that name any more.  A
 * member that is gone, or has another type, ends the compilation; and if it is not called any more for
 * hellos, then nobody agrees on RFC 9853, and the tests say so.
 */
#include "core/tls_impl.h" /* before any other header of Mbed TLS */

#include "core/hello.h"

/* True if our hello of @type gets the extension: a server's only if the client's has it. */
static bool is_wanted(const struct ds_tls *t, uint8_t type)
{
	const struct ds_config *cfg = t->config->cfg;

	if (cfg->rrc == DS_RRC_OFF)
		return false;
	return cfg->role == DS_CLIENT ? type == DS_CLIENT_HELLO
				      : type == DS_SERVER_HELLO && t->rrc_theirs;
}

/* Stands before Mbed TLS's function while hellos pass. */
static int on_message(mbedtls_ssl_context *ssl, const unsigned char *message, size_t len)
{
	struct ds_tls *t = mbedtls_ssl_get_user_data_p(ssl);
	size_t longer;

	if (message != ssl->out_msg) {
		t->rrc_theirs = ds_hello_has_rrc(message, len);
	} else {
		ssl->out_msglen = len = ds_hello_drop_session_id(ssl->out_msg, len);
		if (is_wanted(t, message[0])) {
			longer = ds_hello_add_rrc(ssl->out_msg, len, MBEDTLS_SSL_OUT_CONTENT_LEN);
			t->rrc_ours = longer != 0;
			if (longer)
				ssl->out_msglen = len = longer;
		}
	}
	return t->checksum(ssl, message, len);
}

int ds_tls_handshake(struct ds_tls *t)
{
	mbedtls_ssl_context *ssl = &t->ssl;
	int ret = 0;

	while (!ret && !mbedtls_ssl_is_handshake_over(ssl)) {
		bool hello = ssl->state == MBEDTLS_SSL_CLIENT_HELLO ||
			     ssl->state == MBEDTLS_SSL_SERVER_HELLO;

		if (hello) {
			t->checksum = ssl->handshake->update_checksum;
			ssl->handshake->update_checksum = on_message;
		}
		ret = mbedtls_ssl_handshake_step(ssl);
		if (hello && ssl->handshake->update_checksum == on_message)
			ssl->handshake->update_checksum = t->checksum;
	}
	return ret;
}
