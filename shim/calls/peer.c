/* SPDX-License-Identifier: Apache-2.0 */
#include "shim/calls/peer.h"

#include <string.h>

#include "host/udp.h"
#include "shim/calls/client.h"
#include "shim/socket/fdtab.h"
#include "shim/serve/lease.h"
#include "shim/serve/guest_channel.h"

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

int shim_peer_find(struct shim_sock *s, const struct ds_addr *to, struct dtlsshim_peer *out)
{
	struct host_endpoint *h = &s->ep->host;
	struct ds_session_info info;
	ds_session session;
	bool found;

	pthread_mutex_lock(&h->lock);
	session = shim_owned(s->ep) ? ds_engine_find(h->engine, to) : 0;
	found = session && ds_engine_info(h->engine, session, &info);
	pthread_mutex_unlock(&h->lock);
	if (!found)
		return -ENOENT;
	fill(out, &info, s->family);
	return 0;
}

static int ask(struct shim_sock *s, const struct sockaddr *sa, socklen_t len,
	       struct dtlsshim_peer *out)
{
	struct ds_addr peer;
	int r;

	if (s == SHIM_HIDDEN)
		return -EBADF;
	if (!out || out->size < sizeof(*out) || !host_addr_from_sockaddr(&peer, sa, len))
		return -EINVAL;
	if (s->ep->role == DS_CLIENT)
		shim_client_wire(&peer);
	if (!shim_enter())
		return -EAGAIN;
	r = shim_own(s);
	if (r == SHIM_GUEST)
		r = shim_up_peer(s, &peer, out);
	else if (!r)
		r = shim_peer_find(s, &peer, out);
	shim_leave();
	return r;
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
