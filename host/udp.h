/* SPDX-License-Identifier: Apache-2.0 */
/*
 * udp.h - a UDP socket in the engine's words
 *
 * Translates between struct sockaddr and struct ds_addr, and sends and receives datagrams
 * together with their path (IP_PKTINFO, IPV6_PKTINFO).  IPv4 peers of a dual-stack socket are
 * family 4 in a ds_addr and ::ffff:a.b.c.d in a sockaddr.
 *
 * Errors:   negative errno.  All calls are raw (sys.h).
 */
#ifndef HOST_UDP_H
#define HOST_UDP_H

#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include "dtlsshim/engine.h"

/* Options of <netinet/udp.h> that older headers do not have */
#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif
#ifndef UDP_GRO
#define UDP_GRO 104
#endif

union host_sockaddr {
	struct sockaddr sa;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	struct sockaddr_storage storage;
};

/* Fills @out from @sa; false (and family 0) if it is neither IPv4 nor IPv6 or too short. */
bool host_addr_from_sockaddr(struct ds_addr *out, const struct sockaddr *sa, socklen_t len);

/* Fills @out for a socket of @family (AF_INET, AF_INET6), mapping IPv4 where needed; its length,
 * or 0 if the address cannot be said in that family. */
socklen_t host_addr_to_sockaddr(const struct ds_addr *a, int family, union host_sockaddr *out);

/* The path of a received message: peer from msg_name, our end from its PKTINFO, if any.
 * @local_port: the port the socket is bound to. */
void host_path_from_msg(struct ds_path *out, const struct msghdr *msg, uint16_t local_port);

/* Room for the control message host_pktinfo_put() writes. */
#define HOST_PKTINFO_SPACE CMSG_SPACE(sizeof(struct in6_pktinfo))

/* Makes @msg leave from @local (IP_PKTINFO or IPV6_PKTINFO in @control); does nothing if @local
 * has no address. */
void host_pktinfo_put(struct msghdr *msg, const struct ds_addr *local, int family,
		      char control[static HOST_PKTINFO_SPACE]);

/* Asks for PKTINFO with every datagram received on @fd. */
int host_pktinfo_enable(int fd, int family);

/* An option of socket @fd that is an int, or -1 if it cannot be read. */
int host_socket_int(int fd, int level, int name);

/* The port that @fd is bound to, in host order; 0: none, or it is no socket of the Internet. */
uint16_t host_local_port(int fd);

/* Sends one datagram along @path.  0 or a negative errno; never blocks. */
int host_udp_send(int fd, int family, const struct ds_path *path, const void *buf, size_t len);

/* Receives one datagram with its path.  Bytes (truncated ones as -EMSGSIZE), or a negative errno
 * (-EAGAIN: none). */
ssize_t host_udp_recv(int fd, uint16_t local_port, struct ds_path *path, void *buf, size_t cap);

#endif
