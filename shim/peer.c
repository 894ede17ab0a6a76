/* SPDX-License-Identifier: Apache-2.0 */
#include "dtlsshim/peer.h"

#include <string.h>

#include "host/udp.h"
#include "shim/client.h"
#include "shim/fdtab.h"
#include "shim/own.h"
#include "shim/sock.h"

static void fill(struct dtlsshim_peer *out, const struct ds_session_info *info, int family)
{
	union host_sockaddr sa;
	struct dtlsshim_peer p = {.size = sizeof(p),
				  .identity_len = info->identity_len,
				  .by_cert = info->by_cert,
				  .suite = info->suite,
				  .cid_len = info->cid_used ? info->cid_len : 0};

	memcpy(p.identity, info->identity, info->identity_len);
	memcpy(p.cid, info->cid, p.cid_len);
	p.address_len = host_addr_to_sockaddr(&info->path.remote, family, &sa);
	memcpy(&p.address, &sa, p.address_len);
	*out = p;
}

static int ask(struct shim_sock *s, const struct sockaddr *sa, socklen_t len,
	       struct dtlsshim_peer *out)
{
	struct ds_session_info info;
	struct ds_addr peer;
	ds_session session;
	bool found;

	if (s == SHIM_HIDDEN)
		return -EBADF;
	if (!out || out->size < sizeof(*out) || !host_addr_from_sockaddr(&peer, sa, len))
		return -EINVAL;
	if (s->ep->role == DS_CLIENT)
		shim_client_wire(&peer);
	if (!shim_enter())
		return -EAGAIN;
	pthread_mutex_lock(&s->ep->host.lock);
	session = shim_owned(s->ep) ? ds_engine_find(s->ep->host.engine, &peer) : 0;
	found = session && ds_engine_info(s->ep->host.engine, session, &info);
	pthread_mutex_unlock(&s->ep->host.lock);
	shim_leave();
	if (!found)
		return -ENOENT;
	fill(out, &info, s->family);
	return 0;
}

SHIM_EXPORT int dtlsshim_peer(int fd, const struct sockaddr *sa, socklen_t len,
			      struct dtlsshim_peer *out)
{
	struct shim_sock *s = shim_fd_get(fd);
	int r;

	if (!s)
		return (int)shim_result(-EBADF);
	r = ask(s, sa, len, out);
	shim_put(s);
	return (int)shim_result(r);
}
