/* SPDX-License-Identifier: Apache-2.0 */
#include "shim/serve/stranger.h"

#include <sys/stat.h>

#include "host/log.h"
#include "host/sys.h"
#include "host/udp.h"
#include "shim/socket/fdtab.h"
#include "shim/serve/handover.h"
#include "shim/serve/rendezvous.h"
#include "shim/socket/choose.h"
#include "shim/socket/facade.h"
#include "shim/socket/numbers.h"
#include "shim/socket/retired.h"

/* The socket in @bundle, a descriptor or -1, which is closed; with a reference, or NULL. */
static struct shim_sock *unpack(int bundle)
{
	struct shim_sock *s;

	if (bundle < 0)
		return NULL;
	s = shim_bundle_take(bundle);
	host_sys3(SYS_close, bundle, 0, 0);
	return s;
}

/* The protected socket that was @fd before it was retired, as this process knows it, or learns from a
 * mailbox or from the process that serves it; with a reference. */
static struct shim_sock *find(int fd, uint64_t name)
{
	struct shim_file_id id;
	struct shim_sock *s;
	int bundle;

	if (!shim_file_id(fd, &id))
		return NULL;
	s = shim_sock_find(&id);
	if (s)
		return s;
	bundle = shim_mailbox_look(&id);
	return unpack(bundle >= 0 ? bundle : shim_rendezvous_ask(name, fd));
}

/* @fd leads to a protected socket of another process. */
static int follow(int fd, uint64_t name)
{
	struct shim_sock *s = find(fd, name);
	int r = s ? shim_numbers_to_facade(fd, s) : -1;

	if (s)
		shim_put(s);
	if (!r)
		return SHIM_STRANGER_PROTECTED;
	host_log(
		HOST_LOG_ERROR,
		"event=dead fd=%d: another process protected this socket, and does not hand it over "
		"any more; calls on it fail",
		fd);
	return SHIM_FD_DEAD;
}

/* A UDP socket that is not retired. */
static int look_at_udp(int fd)
{
	union host_sockaddr sa;
	socklen_t len = sizeof(sa);
	struct shim_file_id id;
	struct shim_sock *s;
	int bundle = -1;

	if (host_sys3(SYS_getsockname, fd, &sa, &len))
		return SHIM_FD_UDP;
	if (!sa.in.sin_port)
		return SHIM_FD_FRESH;
	/* A process without the shim bound it; a related process may have protected it since */
	if (shim_has_mailboxes() && shim_file_id(fd, &id))
		bundle = shim_mailbox_look(&id);
	if (bundle < 0)
		return shim_adopt(fd) ? SHIM_STRANGER_PROTECTED : SHIM_FD_UDP;
	s = unpack(bundle);
	if (!s || shim_numbers_to_facade(fd, s))
		host_die(1, "descriptor %d is protected by another process and cannot be shared",
			 fd);
	shim_put(s);
	return SHIM_STRANGER_PROTECTED;
}

int shim_stranger(int fd)
{
	struct stat st;
	uint64_t name;

	if (shim_fd_entry(fd) != SHIM_FD_FRESH) { /* a fresh number is known to be a UDP socket */
		if (host_sys3(SYS_fstat, fd, &st, 0) || !S_ISSOCK(st.st_mode))
			return SHIM_FD_PLAIN;
		if (shim_bundle_open(fd))
			return SHIM_STRANGER_PROTECTED;
		if (shim_facade_leads_to(fd, &name))
			return follow(fd, name);
		if (!shim_udp_family(fd))
			return SHIM_FD_PLAIN;
	}
	return shim_is_retired(fd, &name) ? follow(fd, name) : look_at_udp(fd);
}
