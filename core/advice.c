/* SPDX-License-Identifier: Apache-2.0 */
#include "core/advice.h"

#include "core/record.h"
#include "core/suite.h"

#define ECJPAKE 0xC0FF

/* True for an AEAD suite of any key exchange, most of which we do not have (IANA, TLS Cipher Suites). */
static bool is_aead(uint16_t id)
{
	static const struct {
		uint16_t first, last;
	} ranges[] = {
		{0x009C, 0x00AD}, {0x1301, 0x1307}, {0xC02B, 0xC032},
		{0xC050, 0xC063}, {0xC06A, 0xC06F}, {0xC07A, 0xC093},
		{0xC09C, 0xC0AF}, {0xCCA8, 0xCCAE}, {0xD001, 0xD005},
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (id >= ranges[i].first && id <= ranges[i].last)
			return true;
	return false;
}

/* Of a client whose suites we lack: the first one that another configuration would have decides. */
static enum ds_advice for_suites(const struct ds_offer *o, const struct ds_own *own)
{
	bool aead = false, ecjpake = false;

	if (!o->is_known)
		return DS_ADVICE_NONE;
	for (size_t i = 0; i < o->n_suites && i < DS_OFFER_SUITES; i++) {
		const struct ds_suite *s = ds_suite_find(o->suites[i]);

		if (s && s->psk)
			return own->psk ? DS_ADVICE_SUITES : DS_ADVICE_PSK_SOURCE;
		if (s && !own->cert)
			return DS_ADVICE_CERTIFICATE;
		if (s)
			return own->all_suites ? DS_ADVICE_KEY_KIND : DS_ADVICE_SUITES;
		aead |= is_aead(o->suites[i]);
		ecjpake |= o->suites[i] == ECJPAKE;
	}
	if (aead)
		return DS_ADVICE_KEY_EXCHANGE;
	return ecjpake ? DS_ADVICE_ECJPAKE : DS_ADVICE_AEAD;
}

static enum ds_advice for_alert(uint8_t alert, const struct ds_own *own)
{
	switch (alert) {
	case DS_ALERT_BAD_RECORD_MAC:
	case DS_ALERT_DECRYPT_ERROR:
	case DS_ALERT_UNKNOWN_PSK_IDENTITY:
		return own->client && own->psk ? DS_ADVICE_PEERS_KEY : DS_ADVICE_NONE;
	case DS_ALERT_HANDSHAKE_FAILURE:
		if (!own->client)
			return DS_ADVICE_NONE;
		return own->psk ? DS_ADVICE_PEERS_SUITES : DS_ADVICE_SHOW_CERTIFICATE;
	case DS_ALERT_NO_CERTIFICATE:
	case DS_ALERT_CERTIFICATE_REQUIRED: return DS_ADVICE_SHOW_CERTIFICATE;
	case DS_ALERT_BAD_CERTIFICATE:
	case DS_ALERT_UNSUPPORTED_CERTIFICATE:
	case DS_ALERT_CERTIFICATE_REVOKED:
	case DS_ALERT_CERTIFICATE_EXPIRED:
	case DS_ALERT_CERTIFICATE_UNKNOWN:
	case DS_ALERT_UNKNOWN_CA: return own->cert ? DS_ADVICE_TRUST : DS_ADVICE_SHOW_CERTIFICATE;
	case DS_ALERT_PROTOCOL_VERSION: return DS_ADVICE_VERSION;
	default: return DS_ADVICE_NONE;
	}
}

enum ds_advice ds_advise(const struct ds_event *ev, const struct ds_own *own)
{
	switch (ev->reason) {
	case DS_REASON_VERSION: return DS_ADVICE_VERSION;
	case DS_REASON_CERTIFICATE_TYPE: return DS_ADVICE_X509;
	case DS_REASON_NO_SUITE: return own->client ? DS_ADVICE_NONE : for_suites(&ev->offer, own);
	case DS_REASON_NO_GROUP: return DS_ADVICE_GROUP;
	case DS_REASON_NO_EMS: return DS_ADVICE_EMS;
	case DS_REASON_PEER_ALERT: return for_alert(ev->alert, own);
	case DS_REASON_PROTOCOL:
	case DS_REASON_TIMEOUT: /* before the server has said that it is one */
		return own->client && !ev->info.suite ? DS_ADVICE_NO_SERVER : DS_ADVICE_NONE;
	default: return DS_ADVICE_NONE;
	}
}
