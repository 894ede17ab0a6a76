/* SPDX-License-Identifier: Apache-2.0 */
#include "shim/base/rights.h"

#include <string.h>

#include "host/sys.h"

void shim_put_rights(struct msghdr *m, const int *fds, size_t n)
{
	struct cmsghdr *c;

	m->msg_controllen = CMSG_SPACE(n * sizeof(int));
	c = CMSG_FIRSTHDR(m);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(n * sizeof(int));
	memcpy(CMSG_DATA(c), fds, n * sizeof(int));
}

bool shim_trusts(uid_t user)
{
	return user == 0 || user == (uid_t)host_sys3(SYS_geteuid, 0, 0, 0);
}
