/* SPDX-License-Identifier: Apache-2.0 */
#include "shim/socket/wire.h"

#include <netinet/in.h>

#include "host/sys.h"
#include "host/udp.h"

bool shim_controls_wanted(const struct shim_sock *s)
{
	static const struct {
		int level;
		uint8_t names[20];
	} wishes[] = {
		{SOL_SOCKET,
		 {SO_TIMESTAMP_OLD, SO_TIMESTAMPNS_OLD, SO_TIMESTAMPING_OLD, SO_TIMESTAMP_NEW,
		  SO_TIMESTAMPNS_NEW, SO_TIMESTAMPING_NEW, SO_RXQ_OVFL, SO_PASSSEC, 75, 82}},
		{IPPROTO_IP,
		 {IP_PKTINFO, IP_RECVTTL, IP_RECVTOS, IP_RECVOPTS, IP_RETOPTS, IP_PASSSEC,
		  IP_RECVORIGDSTADDR, IP_CHECKSUM, IP_RECVFRAGSIZE}},
		{IPPROTO_IPV6,
		 {IPV6_RECVPKTINFO, IPV6_RECVHOPLIMIT, IPV6_RECVTCLASS, IPV6_RECVHOPOPTS,
		  IPV6_RECVRTHDR, IPV6_RECVDSTOPTS, IPV6_RECVPATHMTU, IPV6_RECVORIGDSTADDR,
		  IPV6_RECVFRAGSIZE, 2, 3, 4, 5, 6, 8, 11}},
	};

	for (size_t i = 0; i < sizeof(wishes) / sizeof(wishes[0]); i++)
		for (const uint8_t *n = wishes[i].names; *n; n++)
			if (host_socket_int(s->wire, wishes[i].level, *n) > 0)
				return true;
	return false;
}

void shim_refresh_peer(struct shim_sock *s)
{
	union host_sockaddr peer;
	socklen_t len = sizeof(peer);
	bool was = s->connected;

	s->connected = !host_sys3(SYS_getpeername, s->wire, &peer, &len) &&
		       host_addr_from_sockaddr(&s->peer, &peer.sa, len);
	s->ep->n_connected += s->connected;
	s->ep->n_connected -= was;
}
