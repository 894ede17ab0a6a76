/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rights.h - descriptors that the shim of one process sends to that of another (SCM_RIGHTS)
 *
 * Threads:  any.
 */
#ifndef SHIM_BASE_RIGHTS_H
#define SHIM_BASE_RIGHTS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/types.h>

/* @m passes the @n descriptors at @fds.  Its control buffer is zeroed, and holds
 * CMSG_SPACE(n * sizeof(int)) at least. */
void shim_put_rights(struct msghdr *m, const int *fds, size_t n);

/* True for our own user, and root: such a process may do to this one whatever it likes anyway. */
bool shim_trusts(uid_t user);

#endif
