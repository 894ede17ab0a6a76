/* SPDX-License-Identifier: Apache-2.0 */
/*
 * strict.h - what `dtlsshim run` hands to libdtlsshim.so in strict mode
 *
 * Guards: UDP sockets that hold a port on every address, so that a program that binds it past the
 * shim gets EADDRINUSE.  They can neither receive nor send.  And a socket to report protected
 * sockets to, so that a process outside can prove that they are.
 *
 * HOST_STRICT_VARIABLE lists the descriptors of both, "NUMBER:INODE,...".  They stay open over
 * exec() until a program protects its first socket: a wrapper script hands them on, and a program
 * that lost the shim on the way still finds its port taken.  Further down a number may mean
 * something else; the inode tells.
 *
 * Errors:   a negative errno.
 */
#ifndef HOST_STRICT_H
#define HOST_STRICT_H

#include <stdbool.h>
#include <stdint.h>

#include "host/udp.h"

#define HOST_STRICT_VARIABLE "DTLSSHIM_HELD"

/* `dtlsshim run` ends with this status when none of the ports it was given is protected. */
#define HOST_STRICT_STATUS 78

/* Tells the started program that this is so (SIGRTMAX): shim/socket/report.h. */
#define HOST_STRICT_SIGNAL 64

enum host_strict_kind {
	HOST_STRICT_SERVER, /* a server's socket is protected */
	HOST_STRICT_CLIENT, /* a client's socket is; told of the first one only */
	HOST_STRICT_CLEAR   /* @program_port is not listed, and was bound or sent to in clear */
};

/* Sent once for every protected server socket; the kernel adds who sends. */
struct host_strict_report {
	uint32_t kind; /* enum host_strict_kind; a server's has the two members that follow */
	union host_sockaddr addr; /* bound to this on the wire */
	socklen_t len;
	uint16_t program_port;
};

/**
 * host_guard_make() - hold @port
 * @port:	host order
 * @beside:	beside sockets that are bound already and have SO_REUSEADDR on for the moment; the
 *		guard has it, too, and never takes a datagram from them
 *
 * Return: a close-on-exec descriptor, or as bind(2)
 */
int host_guard_make(uint16_t port, bool beside);

/* Lets sockets with SO_REUSEADDR bind beside socket @fd, or no more. */
void host_guard_share(int fd, bool share);

/* From now on guard @fd takes no datagram, not even to drop it.  It still keeps others away but for
 * those that bind to a single interface, on addresses nobody else has.  There is no way back.
 * 0 or a negative errno: the kernel is older than 5.7. */
int host_guard_step_back(int fd);

#endif
