/* SPDX-License-Identifier: Apache-2.0 */
#include "shim/socket/deliver.h"

#include <netinet/in.h>
#include <string.h>

#include "host/udp.h"
#include "shim/socket/above.h"

ssize_t shim_copy_out(const struct msghdr *msg, const uint8_t *data, size_t len)
{
	size_t done = 0;

	for (size_t i = 0; i < msg->msg_iovlen && done < len; i++) {
		size_t n = msg->msg_iov[i].iov_len;

		if (n > len - done)
			n = len - done;
		if (n && shim_is_bad(msg->msg_iov[i].iov_base))
			return -EFAULT;
		if (n)
			memcpy(msg->msg_iov[i].iov_base, data + done, n);
		done += n;
	}
	return (ssize_t)done;
}

/* As the kernel does it: reports the whole length, and copies as much as fits. */
static void put_name(const struct shim_sock *s, struct msghdr *msg, const struct ds_addr *peer)
{
	union host_sockaddr name;
	struct ds_addr shown = shim_above->client_shown(s, peer);
	socklen_t len = host_addr_to_sockaddr(&shown, s->family, &name);

	if (!msg->msg_name)
		return;
	if (len)
		memcpy(msg->msg_name, &name, len < msg->msg_namelen ? len : msg->msg_namelen);
	msg->msg_namelen = len;
}

/* True for PKTINFO that only the shim asked for: the program does not get it. */
static bool is_ours(const struct shim_sock *s, const struct cmsghdr *c)
{
	if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO)
		return !s->pktinfo4;
	if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO)
		return !s->pktinfo6;
	return false;
}

/* Does as the kernel's put_cmsg(): a message that does not fit is cut, and later ones find no room.
 * Return: bytes used, or 0 and *flags with MSG_CTRUNC if not even the header fits. */
static size_t put_control(void *to, size_t room, const struct cmsghdr *c, int *flags)
{
	size_t len = c->cmsg_len, space = CMSG_ALIGN(len);

	if (room < sizeof(*c)) {
		*flags |= MSG_CTRUNC;
		return 0;
	}
	if (len > room) {
		*flags |= MSG_CTRUNC;
		len = room;
	}
	memcpy(to, c, len);
	memcpy((char *)to + offsetof(struct cmsghdr, cmsg_len), &len, sizeof(len));
	return space < room ? space : room;
}

static void put_controls(const struct shim_sock *s, struct msghdr *msg, const struct shim_item *it,
			 int *flags)
{
	struct msghdr from = {.msg_control = (void *)it->control,
			      .msg_controllen = it->control_len};
	size_t room = msg->msg_control ? msg->msg_controllen : 0, used = 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(&from); c; c = CMSG_NXTHDR(&from, c)) {
		if (!is_ours(s, c))
			used += put_control((char *)msg->msg_control + used, room - used, c, flags);
	}
	msg->msg_controllen = used;
}

ssize_t shim_deliver_rest(struct shim_sock *s, struct msghdr *msg, int flags,
			  const struct shim_item *it, ssize_t copied)
{
	int out = (flags & MSG_CMSG_CLOEXEC) | it->flags;

	if (copied < 0 || (msg->msg_name && shim_is_bad(msg->msg_name)))
		return -EFAULT;
	if ((size_t)copied < it->len)
		out |= MSG_TRUNC;
	put_name(s, msg, &it->peer);
	put_controls(s, msg, it, &out);
	msg->msg_flags = out;
	return flags & MSG_TRUNC ? (ssize_t)it->len : copied;
}

ssize_t shim_deliver(struct shim_sock *s, struct msghdr *msg, int flags, const struct shim_item *it)
{
	return shim_deliver_rest(s, msg, flags, it, shim_copy_out(msg, it->data, it->len));
}
