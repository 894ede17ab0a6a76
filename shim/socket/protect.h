/* SPDX-License-Identifier: Apache-2.0 */
/*
 * protect.h - where a protected socket begins
 */
#ifndef SHIM_SOCKET_PROTECT_H
#define SHIM_SOCKET_PROTECT_H

#include <sys/socket.h>

#include "host/udp.h"
#include "shim/socket/sock.h"

#define SHIM_PASS 1 /* not to be protected: the caller calls the real function */

/**
 * struct shim_request - what a socket is to become
 * @sa, @len:	local address to bind, with the wire port; @bound: it has it already
 * @family:	of the socket
 * @program, @wire:	local ports as the program and the network see them
 */
struct shim_request {
	union host_sockaddr sa;
	socklen_t len;
	int family;
	enum ds_role role;
	bool bound;
	uint16_t program, wire;
};

/**
 * shim_protect() - put the facade in a socket's place, binding it on the way
 *
 * Return: 0, or a negative errno, as shim_bind()
 */
int shim_protect(int fd, const struct shim_request *rq);

/**
 * shim_bind() - bind a socket, protected if the configuration says so
 *
 * On success the number @fd is a facade.
 *
 * Return: 0, SHIM_PASS, or a negative errno as bind(2), and
 *   -EADDRINUSE	a port that DTLSSHIM_PORTS keeps for another
 *   -EOPNOTSUPP	the program has its own packet filter on the socket
 *   -EMFILE, -ENOBUFS, -ENOMEM	no room for what protection needs: nothing is bound
 */
int shim_bind(int fd, const struct sockaddr *sa, socklen_t len);

/* Protects a socket that came bound, from systemd or another process, if the configuration says
 * so; ends the process if that cannot be.  True if @fd is protected now.  Inside the shim. */
bool shim_adopt(int fd);

/* The steps of it: the table knows @s from now on; number @fd, with the close-on-exec flag it has, is
 * the facade (0 or a negative errno). */
void shim_publish(struct shim_sock *s);
int shim_place_facade(struct shim_sock *s, int fd);

#endif
