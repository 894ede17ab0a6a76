/* SPDX-License-Identifier: Apache-2.0 */
/* probe.c - see probe.h */
#include "proxy/probe.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "host/text.h"
#include "proxy/loop.h"
#include "proxy/proxy.h"

int proxy_probe_open(struct proxy_probe *probe, const struct host_options *o,
		     char why[static DS_WHY_MAX])
{
	long len;

	probe->due = DS_TIME_NEVER;
	if (!o->probe_hex)
		return 0;
	len = host_hex_parse(probe->bytes, sizeof(probe->bytes), o->probe_hex,
			     strlen(o->probe_hex));
	if (len <= 0)
		return host_why(why, "--probe-hex \"%.80s\": 1 to %d bytes in hex are expected",
				o->probe_hex, PROXY_PROBE_MAX);
	probe->len = (size_t)len;
	probe->by_refusal = o->probe == HOST_PROBE_REFUSAL;
	probe->interval = o->probe_interval * DS_SECOND;
	probe->due = 0;
	return 0;
}

static void open_socket(const struct proxy *p, struct proxy_backend *be, uint32_t i)
{
	struct epoll_event ev = {.events = EPOLLIN,
				 .data.u64 = proxy_ref(PROXY_PROBE, p->index, i)};

	be->probe_fd = socket(be->to.sa.sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (be->probe_fd >= 0 && (connect(be->probe_fd, &be->to.sa, be->to_len) ||
				  epoll_ctl(p->epoll, EPOLL_CTL_ADD, be->probe_fd, &ev)))
		proxy_probe_end(be);
}

/* The backend said no, or there is no way to it: that is an answer, too. */
static void failed(struct proxy *p, uint32_t i, int err)
{
	p->backends.list[i].asked = false;
	proxy_backends_refused(&p->backends, i, err, p->now);
}

/* What came of the last probe: nothing, if it is still asked. */
static void judge(struct proxy *p, struct proxy_backend *be, uint32_t i)
{
	if (!be->asked)
		return;
	if (p->probe.by_refusal) {
		proxy_backends_answered(&p->backends, i);
	} else if (be->unanswered < PROXY_PROBE_LOSSES) {
		be->unanswered++;
		if (be->unanswered == PROXY_PROBE_LOSSES)
			failed(p, i, ETIMEDOUT);
	}
}

static void ask(struct proxy *p, struct proxy_backend *be, uint32_t i)
{
	judge(p, be, i);
	if (be->probe_fd < 0)
		open_socket(p, be, i);
	be->asked = true;
	if (be->probe_fd < 0 || send(be->probe_fd, p->probe.bytes, p->probe.len, 0) < 0)
		failed(p, i, errno);
}

void proxy_probe_work(struct proxy *p)
{
	if (p->now < p->probe.due)
		return;
	for (uint32_t i = 0; i < p->backends.n; i++)
		if (p->backends.list[i].listed)
			ask(p, &p->backends.list[i], i);
	p->probe.due = p->now + p->probe.interval;
}

void proxy_probe_read(struct proxy *p, uint32_t i)
{
	struct proxy_backend *be = &p->backends.list[i];
	uint8_t byte;

	if (be->probe_fd < 0)
		return;
	if (recv(be->probe_fd, &byte, 1, 0) >= 0) {
		be->asked = false;
		proxy_backends_answered(&p->backends, i);
	} else if (errno != EAGAIN && errno != EINTR) {
		failed(p, i, errno);
	}
}

void proxy_probe_end(struct proxy_backend *be)
{
	if (be->probe_fd >= 0)
		close(be->probe_fd);
	be->probe_fd = -1;
	be->asked = false;
}
