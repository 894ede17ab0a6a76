/* SPDX-License-Identifier: Apache-2.0 */
/*
 * peer.h - what a program under libdtlsshim.so can ask about its peers
 *
 * A program that knows of the shim finds dtlsshim_peer() with dlsym(RTLD_DEFAULT,
 * "dtlsshim_peer") and links nothing; where it is NULL there is no shim.
 */
#ifndef DTLSSHIM_PEER_H
#define DTLSSHIM_PEER_H

#include <stdint.h>
#include <sys/socket.h>

#include "dtlsshim/cdefs.h"

DS_BEGIN_DECLS

/**
 * struct dtlsshim_peer - who is behind an address
 * @size:		in: sizeof(struct dtlsshim_peer); later versions only append
 * @identity:		PSK identity or subject of a verified certificate, terminated; may
 *			hold NUL bytes, hence the length
 * @address:		the true address now (differs from the visible one when
 *			DTLSSHIM_PEER_ADDRESS=stable and the peer moved)
 * @cid, @cid_len:	the Connection ID the peer puts into its records
 * @suite:		IANA number of the cipher suite
 * @by_cert:		1 if @identity comes from a certificate
 */
struct dtlsshim_peer {
	uint32_t size;
	uint32_t identity_len;
	char identity[129];
	uint8_t by_cert;
	uint16_t suite;
	uint8_t cid_len;
	uint8_t cid[32];
	socklen_t address_len;
	struct sockaddr_storage address;
};

/**
 * dtlsshim_peer() - ask who is behind the address a message came from
 * @fd:		the protected socket
 * @addr:	as recvfrom() gave it
 * @len:	its length
 * @out:	filled; set @out->size before
 *
 * Threads: any.
 *
 * Return: 0, or -1 with errno
 *   EBADF	@fd is not a protected socket
 *   ENOENT	no session at @addr; one that spoke in clear has none (DTLSSHIM_PLAINTEXT)
 *   EINVAL	@out->size or @addr is not understood
 */
int dtlsshim_peer(int fd, const struct sockaddr *addr, socklen_t len, struct dtlsshim_peer *out);
typedef int dtlsshim_peer_fn(int, const struct sockaddr *, socklen_t, struct dtlsshim_peer *);

DS_END_DECLS

#endif
