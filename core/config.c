/* SPDX-License-Identifier: Apache-2.0 */
/* config.c - the defaults */
#include "dtlsshim/config.h"

void ds_config_init(struct ds_config *cfg)
{
	*cfg = (struct ds_config){
		.role = DS_SERVER,
		.client_auth = DS_CLIENT_AUTH_NONE,
		.cid_length = 8,
		.mtu = 1232, /* IPv6's least MTU of 1280, less the IPv6 and UDP headers */
		.handshake_min = 1 * DS_SECOND, /* RFC 6347, 4.2.4.1 */
		.handshake_max = 60 * DS_SECOND,
		.handshake_timeout = 120 * DS_SECOND,
		/* Twice TCP's lifetime of a segment (RFC 6347, 4.2.4): the peer repeats its flight after
		 * 1, 2, 4 ... 60 seconds, and may have lost ours each time */
		.linger = 240 * DS_SECOND,
		.idle = 0,
		.replies = 5 * DS_SECOND,
		.max_sessions = 1000000,
		.max_handshakes = 1000,
		.max_per_identity = 16,
		.lookup_rate = 100,
		.rebind = DS_REBIND_LIMIT,
		.rrc = DS_RRC_BASIC,
		.peer_address = DS_PEER_CURRENT,
		.one_per_identity = true,
		.require_ems = DS_EMS_CERTIFICATES,
	};
}
