/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libcoap.c - the program of libcoap, linked with either of its DTLS libraries
 *
 * It speaks CoAP only, so it has a dialogue of its own, the same as that of peer.h but for what
 * needs the session: each "echo N" is a POST that wants its payload back.
 */
#include <coap3/coap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static coap_context_t *ctx;
static coap_session_t *session;
static char identity[64], *ca, *cert, *key_file;
static uint8_t key[64], sent[2048];
static size_t key_len, wanted;
static enum { WAITING, ECHO, OTHER, FAILED, GONE } state;
static int established;

static void say(const char *text)
{
	printf("%s\n", text);
	fflush(stdout);
}

static coap_response_t response(coap_session_t *s, const coap_pdu_t *request,
				const coap_pdu_t *answer, const coap_mid_t mid)
{
	const uint8_t *data;
	size_t len = 0;

	(void)s, (void)request, (void)mid;
	coap_get_data(answer, &len, &data);
	state = len == wanted && !memcmp(data, sent, len) ? ECHO : OTHER;
	return COAP_RESPONSE_OK;
}

static int event(coap_session_t *s, coap_event_t what)
{
	(void)s;
	if (what == COAP_EVENT_DTLS_ERROR)
		state = FAILED;
	else if (what == COAP_EVENT_DTLS_CLOSED)
		state = GONE;
	return 0;
}

/* Runs libcoap until something happened, at most `ms`. */
static void run(int ms, int until_connected)
{
	for (; ms > 0 && state == WAITING && !(until_connected && established); ms -= 50) {
		if (coap_io_process(ctx, 50) < 0)
			return;
		established |= coap_session_get_state(session) == COAP_SESSION_STATE_ESTABLISHED;
	}
}

static void echo(size_t len)
{
	coap_pdu_t *pdu = coap_new_pdu(COAP_MESSAGE_CON, COAP_REQUEST_CODE_POST, session);
	uint8_t token[8];
	size_t token_len;
	char text[64];

	for (size_t i = 0; i < len; i++)
		sent[i] = (uint8_t)('a' + (i + 12) % 26);
	coap_session_new_token(session, &token_len, token);
	coap_add_token(pdu, token_len, token);
	coap_add_option(pdu, COAP_OPTION_URI_PATH, 1, (const uint8_t *)"e");
	coap_add_data(pdu, len, sent);
	wanted = len;
	state = WAITING;
	coap_send(session, pdu);
	run(8000, 0);
	snprintf(text, sizeof(text), "echo %zu", len);
	say(state == ECHO ? text : state == OTHER ? "other" : state == GONE ? "eof" : "silence");
}

static void take(char *arg, uint16_t *port)
{
	char *value = strchr(arg, '=');

	*value++ = 0;
	if (!strcmp(arg, "port"))
		*port = (uint16_t)atoi(value);
	else if (!strcmp(arg, "ca"))
		ca = value;
	else if (!strcmp(arg, "cert"))
		cert = value;
	else if (!strcmp(arg, "key"))
		key_file = value;
	else if (!strcmp(arg, "psk")) {
		char *hex = strchr(value, ':');

		*hex++ = 0;
		snprintf(identity, sizeof(identity), "%s", value);
		for (; *hex; hex += 2)
			sscanf(hex, "%2hhx", &key[key_len++]);
	}
}

static void start(uint16_t port)
{
	coap_address_t to;
	coap_dtls_pki_t pki = {.version = COAP_DTLS_PKI_SETUP_VERSION,
			       .verify_peer_cert = 1,
			       .check_common_ca = 1,
			       .client_sni = "localhost"};
	coap_dtls_cpsk_t psk = {.version = COAP_DTLS_CPSK_SETUP_VERSION};

	coap_address_init(&to);
	to.addr.sin.sin_family = AF_INET;
	to.addr.sin.sin_port = htons(port);
	to.addr.sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	to.size = sizeof(to.addr.sin);
	pki.pki_key.key_type = COAP_PKI_KEY_PEM;
	pki.pki_key.key.pem.ca_file = ca;
	pki.pki_key.key.pem.public_cert = cert;
	pki.pki_key.key.pem.private_key = key_file;
	psk.psk_info.identity = (coap_bin_const_t){strlen(identity), (uint8_t *)identity};
	psk.psk_info.key = (coap_bin_const_t){key_len, key};
	session = *identity ? coap_new_client_session_psk2(ctx, NULL, &to, COAP_PROTO_DTLS, &psk)
			    : coap_new_client_session_pki(ctx, NULL, &to, COAP_PROTO_DTLS, &pki);
}

int main(int argc, char **argv)
{
	char line[64];
	uint16_t port = 0;

	coap_startup();
	coap_set_log_level(LOG_EMERG);
	coap_dtls_set_log_level(LOG_EMERG);
	for (int i = 2; i < argc; i++)
		take(argv[i], &port);
	ctx = coap_new_context(NULL);
	coap_register_response_handler(ctx, response);
	coap_register_event_handler(ctx, event);
	start(port);
	run(40000, 1);
	if (!session || !established) {
		say("failed libcoap: no session");
		return 1;
	}
	say("connected ?");
	while (fgets(line, sizeof(line), stdin) && strncmp(line, "close", 5))
		if (!strncmp(line, "echo ", 5))
			echo((size_t)atoi(line + 5));
		else if (!strncmp(line, "wait", 4)) {
			state = WAITING;
			run(40000, 0);
			say(state == GONE ? "eof" : "failed: the session was not closed");
		}
	coap_session_release(session);
	coap_free_context(ctx);
	say("closed");
	return 0;
}
