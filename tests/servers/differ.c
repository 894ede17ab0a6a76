/* SPDX-License-Identifier: Apache-2.0 */
/*
 * differ.c - random calls on a socket; see trace.h
 *
 * --seed N, --steps N.  What is called next depends on the seed alone, and on nothing a call
 * returned but how many messages were taken.
 */
#include <netinet/ip.h>
#include <sys/ioctl.h>

#include "trace.h"

#define FDS_MAX	  5
#define IOV_ROOM  1030
#define AREA	  70000
#define UNTOUCHED 0xA5
#define BAD	  ((void *)16) /* no memory there */

static int fds[FDS_MAX], n_fds;
static int pending; /* messages not taken yet */
static bool nonblocking, timed, connected;
static in_port_t own_port;

static unsigned char area[AREA]; /* where buffers are */
static unsigned char name_area[300], control_area[300];
static struct iovec iov[IOV_ROOM];

static const int recv_flags[] = {0,
				 0,
				 0,
				 MSG_PEEK,
				 MSG_TRUNC,
				 MSG_DONTWAIT,
				 MSG_WAITALL,
				 MSG_WAITFORONE,
				 MSG_ERRQUEUE,
				 MSG_CMSG_CLOEXEC,
				 MSG_NOSIGNAL,
				 MSG_OOB,
				 MSG_FASTOPEN,
				 MSG_EOR,
				 0x00800000,
				 MSG_PEEK,
				 MSG_TRUNC,
				 (int)0x80000000};
static const int send_flags[] = {0,
				 0,
				 0,
				 MSG_DONTWAIT,
				 MSG_NOSIGNAL,
				 MSG_OOB,
				 MSG_CONFIRM,
				 MSG_DONTROUTE,
				 MSG_EOR,
				 MSG_PEEK,
				 MSG_WAITALL,
				 MSG_FASTOPEN,
				 MSG_ERRQUEUE,
				 (int)0x80000000};
static const int lengths[] = {0, 1, 3, 10, 100, 2000, 69000};

static int random_flags(const int *list, size_t n)
{
	return list[pick((unsigned)n)] | list[pick((unsigned)n)];
}

#define RANDOM_FLAGS(list) random_flags(list, sizeof(list) / sizeof((list)[0]))

static int some_fd(void)
{
	return fds[pick((unsigned)n_fds)];
}

/* Messages */

static void arrive(void)
{
	static const int sizes[] = {0, 1, 2, 10, 50, 99, 100, 101, 1000, 1400};
	int wanted[3], n = 1 + (int)pick(3);

	if (pending > 20)
		return;
	for (int i = 0; i < n; i++)
		wanted[i] = ONE_OF(sizes);
	want(wanted, n);
	pending += n;
}

static void take_all(void)
{
	/* An error that is left over does not end it */
	while (recv(fds[0], area, sizeof(area), MSG_DONTWAIT) >= 0 || errno != EAGAIN)
		;
	pending = 0;
}

/* Pieces of memory for a call; returns how many.  @fill: with something to send. */
static int pieces(bool fill)
{
	static const int counts[] = {1, 1, 1, 1, 2, 3, 0, 1024, 1025, -1};
	int n = ONE_OF(counts), room = n > 10 ? 1 : ONE_OF(lengths), bad = -1;
	unsigned char *at = area;

	if (pick(25) == 0 && room > 0)
		bad = (int)pick(2);
	memset(area, fill ? 'x' : UNTOUCHED, sizeof(area));
	trace(" %d", n);
	for (int i = 0; i < n; i++) {
		int len = i == 0 || n > 10 ? room : (int)pick(50);

		if (at + len > area + sizeof(area))
			len = 0;
		iov[i] = (struct iovec){i == bad ? (pick(2) ? NULL : BAD) : at, (size_t)len};
		if (i < 4)
			trace(":%d%s", len, i == bad ? "bad" : "");
		at += len;
	}
	return n;
}

/* What the call wrote: @n bytes as they are, and how far it wrote at all. */
static void trace_area(long n)
{
	size_t end = sizeof(area);
	unsigned sum = 0;

	while (end > 0 && area[end - 1] == UNTOUCHED)
		end--;
	for (size_t i = 0; i < end; i++)
		sum = sum * 31 + area[i];
	trace(" wrote %zu %x%s", end, sum, n < 0 && end > 0 ? " although it failed" : "");
}

/* Receiving */

/* Whether a receive with these flags would wait for ever. */
static bool would_hang(int flags, int messages)
{
	return !(flags & (MSG_DONTWAIT | MSG_ERRQUEUE)) && !nonblocking && !timed &&
	       pending < messages;
}

static void taken(long r, int flags, int messages)
{
	if (r >= 0 && !(flags & (MSG_PEEK | MSG_ERRQUEUE)))
		pending -= messages;
	/* An error may have been found before or after a message was taken */
	if (r < 0 && errno != EAGAIN)
		take_all();
	if (pending < 0)
		pending = 0;
}

/* A byte that is not in the peer's port, else a port that was written in part looks shorter. */
static unsigned char untouched_name(void)
{
	const struct sockaddr_in *from = (const struct sockaddr_in *)&peer;
	unsigned char byte = UNTOUCHED;

	while (memchr(&from->sin_port, byte, sizeof(from->sin_port)))
		byte++;
	return byte;
}

static void random_header(struct msghdr *h, bool fill)
{
	static const int names[] = {0, 0, 4, 16, 16, 28, 128, 200, -1};
	static const int rooms[] = {0, 0, 8, 15, 16, 20, 28, 32, 40, 64, 256};
	int n;

	memset(h, 0, sizeof(*h));
	memset(name_area, untouched_name(), sizeof(name_area));
	memset(control_area, UNTOUCHED, sizeof(control_area));
	n = pieces(fill);
	h->msg_iov = iov;
	h->msg_iovlen = (size_t)n;
	h->msg_flags = 0x7777;
	h->msg_namelen = (socklen_t)ONE_OF(names);
	h->msg_name = pick(8) ? name_area : NULL;
	h->msg_controllen = (size_t)ONE_OF(rooms);
	h->msg_control = pick(8) ? control_area : NULL;
	trace(" name %d%s control %zu%s", (int)h->msg_namelen, h->msg_name ? "" : " null",
	      h->msg_controllen, h->msg_control ? "" : " null");
}

static void trace_control(const struct msghdr *h)
{
	struct msghdr copy = *h;
	size_t end = sizeof(control_area);

	if (copy.msg_control == NULL || copy.msg_controllen > sizeof(control_area))
		return;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&copy); c; c = CMSG_NXTHDR(&copy, c)) {
		size_t room = (size_t)((char *)copy.msg_control + copy.msg_controllen - (char *)c);

		trace(" cmsg %d/%d/%zu ", c->cmsg_level, c->cmsg_type, (size_t)c->cmsg_len);
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVORIGDSTADDR &&
		    memcmp(CMSG_DATA(c) + 2, &own_port, 2) == 0)
			memset(CMSG_DATA(c) + 2, 0, 2);
		if (c->cmsg_level != SOL_SOCKET) /* times */
			trace_bytes(CMSG_DATA(c),
				    (c->cmsg_len < room ? c->cmsg_len : room) - sizeof(*c));
	}
	while (end > 0 && control_area[end - 1] == UNTOUCHED)
		end--;
	trace(" written %s", end <= copy.msg_controllen ? "within" : "beyond");
}

static void trace_header(const struct msghdr *h, long r)
{
	size_t n = h->msg_namelen < sizeof(name_area) ? h->msg_namelen : sizeof(name_area), end;

	trace(" flags %#x namelen %d controllen %zu", (unsigned)h->msg_flags, (int)h->msg_namelen,
	      h->msg_controllen);
	for (end = sizeof(name_area); end > 0 && name_area[end - 1] == untouched_name();)
		end--;
	trace(" name written %zu", end);
	if (r >= 0 && h->msg_name)
		trace_name(name_area, end < n ? end : n);
	if (r >= 0)
		trace_control(h);
}

static void call_recvmsg(int fd, int flags)
{
	struct msghdr h;
	long r;

	trace("recvmsg %#x", (unsigned)flags);
	random_header(&h, false);
	errno = 0;
	r = recvmsg(fd, &h, flags);
	int error = errno;

	trace_result(r);
	trace_header(&h, r);
	trace_area(r);
	trace_end();
	errno = error;
	taken(r, flags, 1);
}

static void call_recvmmsg(int fd, int flags)
{
	static const struct timespec times[] = {
		{0, 0}, {0, 1000000}, {1, 0}, {-1, 0}, {0, 2000000000}};
	unsigned n = pick(5), t = pick(8);
	struct timespec ts = times[t < 5 ? t : 0];
	struct mmsghdr v[5];
	int r;

	if (would_hang(flags, (int)n))
		flags |= pending > 0 && pick(2) ? MSG_WAITFORONE : MSG_DONTWAIT;
	memset(v, 0, sizeof(v));
	memset(area, UNTOUCHED, sizeof(area));
	trace("recvmmsg %#x %u", (unsigned)flags, n);
	if (t < 5)
		trace(" timeout %ld/%ld", (long)ts.tv_sec, (long)ts.tv_nsec);
	for (unsigned i = 0; i < n; i++) {
		int len = ONE_OF(lengths) % 3000;

		iov[i] = (struct iovec){area + 3000 * i, (size_t)len};
		v[i].msg_hdr =
			(struct msghdr){.msg_iov = &iov[i], .msg_iovlen = pick(20) ? 1 : 1025};
		v[i].msg_len = 77;
		trace(" %d/%zu", len, v[i].msg_hdr.msg_iovlen);
	}
	errno = 0;
	r = recvmmsg(fd, v, n, flags, t < 5 ? &ts : NULL);
	int error = errno;

	trace_result(r);
	for (unsigned i = 0; i < n; i++)
		trace(" %u/%#x", v[i].msg_len, (unsigned)v[i].msg_hdr.msg_flags);
	trace_area(r);
	trace_end();
	errno = error;
	taken(r, flags, r);
	if (r >= 0) /* an error may be left for the next call */
		TRACE(recv(fd, area, 0, MSG_DONTWAIT | MSG_PEEK), "recv after it");
	take_all();
}

static void call_recvfrom(int fd, int flags)
{
	static const int names[] = {0, 4, 16, 28, 128, -1};
	socklen_t len = (socklen_t)ONE_OF(names), *lenp = &len;
	struct sockaddr *sa = (struct sockaddr *)name_area;
	size_t room = (size_t)ONE_OF(lengths), shown = len < 16 ? len : 16;
	void *buf = area;

	memset(area, UNTOUCHED, sizeof(area));
	memset(name_area, untouched_name(), sizeof(name_area));
	switch (pick(16)) {
	case 0: sa = NULL; break;
	case 1: lenp = NULL; break;
	case 2: sa = NULL, lenp = NULL; break;
	case 3: buf = NULL; break;
	default: break;
	}
	trace("recvfrom %#x %zu%s name %d%s%s", (unsigned)flags, room, buf ? "" : " null", (int)len,
	      sa ? "" : " null", lenp ? "" : " null length");
	errno = 0;
	long r = recvfrom(fd, buf, room, flags, sa, lenp);
	int error = errno;

	trace_result(r);
	trace(" namelen %d", (int)len);
	if (r >= 0 && sa)
		trace_name(name_area, shown);
	trace_area(r);
	trace_end();
	errno = error;
	taken(r, flags, 1);
}

/* Those that are no socket calls: nothing in no room takes nothing. */
static void call_read(int fd)
{
	static const int rwf[] = {0, 0, RWF_NOWAIT, RWF_HIPRI, 0x40000000};
	static const off_t at[] = {-1, -1, -1, 0, -2, 5};
	int n, flags = ONE_OF(rwf), kind = (int)pick(3);
	off_t where = ONE_OF(at);
	long r;

	if (would_hang(0, 1))
		return;
	trace("%s", kind == 0 ? "read" : kind == 1 ? "readv" : "preadv2");
	n = pieces(false);
	if (kind == 2)
		trace(" at %ld flags %#x", (long)where, (unsigned)flags);
	errno = 0;
	if (kind == 0)
		r = n < 1 ? read(fd, area, 0) : read(fd, iov[0].iov_base, iov[0].iov_len);
	else if (kind == 1)
		r = readv(fd, iov, n);
	else
		r = preadv2(fd, iov, n, where, flags);
	int error = errno;

	trace_result(r);
	trace_area(r);
	trace_end();
	errno = error;
	taken(r, 0, 0);
	take_all();
}

static void receive_something(void)
{
	int fd = some_fd(), flags = RANDOM_FLAGS(recv_flags);

	if (pick(6) == 0) {
		call_recvmmsg(fd, flags);
		return;
	}
	if (would_hang(flags, 1))
		flags |= MSG_DONTWAIT;
	switch (pick(4)) {
	case 0: call_read(fd); break;
	case 1: call_recvfrom(fd, flags); break;
	default: call_recvmsg(fd, flags); break;
	}
}

/* Sending */

static void random_destination(struct msghdr *h)
{
	struct sockaddr_in *in = (struct sockaddr_in *)name_area;

	memcpy(name_area, &peer, sizeof(*in));
	h->msg_name = name_area;
	h->msg_namelen = sizeof(*in);
	switch (pick(16)) {
	case 0: h->msg_name = NULL, trace(" to null"); break;
	case 1: h->msg_name = NULL, h->msg_namelen = 0, trace(" to nobody"); break;
	case 2: h->msg_namelen = 0, trace(" to nothing"); break;
	case 3: h->msg_namelen = 15, trace(" to 15 bytes"); break;
	case 4: h->msg_namelen = 128, trace(" to 128 bytes"); break;
	case 5: h->msg_namelen = 200, trace(" to 200 bytes"); break;
	case 6: in->sin_family = AF_UNSPEC, trace(" to AF_UNSPEC"); break;
	case 7: in->sin_family = AF_INET6, trace(" to AF_INET6"); break;
	case 8: in->sin_family = AF_UNIX, trace(" to AF_UNIX"); break;
	case 9: in->sin_port = 0, trace(" to port 0"); break;
	case 10: h->msg_namelen = (socklen_t)-1, trace(" to -1 bytes"); break;
	case 11: h->msg_namelen = 1, trace(" to 1 byte"); break;
	default: break;
	}
}

static void random_control(struct msghdr *h)
{
	struct cmsghdr *c = (struct cmsghdr *)control_area;
	int ttl = 9;

	h->msg_control = NULL;
	h->msg_controllen = 0;
	if (pick(3))
		return;
	memset(control_area, 0, sizeof(control_area));
	c->cmsg_level = IPPROTO_IP;
	c->cmsg_type = IP_TTL;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &ttl, sizeof(ttl));
	h->msg_control = control_area;
	h->msg_controllen = CMSG_SPACE(sizeof(int));
	switch (pick(9)) {
	case 0: trace(" cmsg ttl"); break;
	case 1: c->cmsg_len = 3, trace(" cmsg short"); break;
	case 2: c->cmsg_len = 500, trace(" cmsg long"); break;
	case 3: c->cmsg_type = 99, trace(" cmsg unknown"); break;
	case 4: c->cmsg_level = 99, trace(" cmsg of another level"); break;
	case 5: c->cmsg_type = IP_TOS, trace(" cmsg tos"); break;
	case 6: h->msg_controllen = 5, trace(" cmsg cut"); break;
	case 7: h->msg_control = NULL, trace(" cmsg null"); break;
	default:
		c->cmsg_type = IP_PKTINFO;
		c->cmsg_len = CMSG_LEN(sizeof(struct in_pktinfo));
		memset(CMSG_DATA(c), 0, sizeof(struct in_pktinfo));
		h->msg_controllen = CMSG_SPACE(sizeof(struct in_pktinfo));
		trace(" cmsg pktinfo");
	}
}

static void send_something(void)
{
	int fd = some_fd(), flags = RANDOM_FLAGS(send_flags), kind = (int)pick(6), n;
	struct msghdr h = {.msg_iov = iov};
	struct mmsghdr v[2];
	long r;

	trace("%s %#x",
	      (const char *[]){"send", "sendto", "sendmsg", "sendmmsg", "write", "writev"}[kind],
	      (unsigned)flags);
	n = pieces(true);
	if (kind > 0 && kind < 4)
		random_destination(&h);
	if (kind == 2 || kind == 3)
		random_control(&h);
	h.msg_iovlen = (size_t)n;
	v[0] = v[1] = (struct mmsghdr){.msg_hdr = h, .msg_len = 77};
	errno = 0;
	switch (kind) {
	case 0:
		r = send(fd, n > 0 ? iov[0].iov_base : area, n > 0 ? iov[0].iov_len : 0, flags);
		break;
	case 1:
		r = sendto(fd, n > 0 ? iov[0].iov_base : area, n > 0 ? iov[0].iov_len : 0, flags,
			   h.msg_name, h.msg_namelen);
		break;
	case 2: r = sendmsg(fd, &h, flags); break;
	case 3: r = sendmmsg(fd, v, 2, flags); break;
	case 4: r = write(fd, n > 0 ? iov[0].iov_base : area, n > 0 ? iov[0].iov_len : 0); break;
	default: r = writev(fd, iov, n); break;
	}
	trace_result(r);
	if (kind == 3)
		trace(" %u %u", v[0].msg_len, v[1].msg_len);
	trace_end();
}

/* Everything else */

static void numbers(void)
{
	int fd = some_fd(), r, n = -1;

	switch (pick(9)) {
	case 0:
	case 1:
		if (n_fds == FDS_MAX)
			break;
		r = pick(2) ? dup(fd) : fcntl(fd, F_DUPFD_CLOEXEC, 3);
		trace("dup");
		trace_result(r >= 0 ? 0 : -1);
		trace_end();
		fds[n_fds++] = r;
		break;
	case 2:
	case 3:
		if (n_fds == 1)
			break;
		n = (int)pick((unsigned)n_fds);
		TRACE(close(fds[n]), "close");
		TRACE(recv(fds[n], area, 1, MSG_DONTWAIT), "recv on a closed one");
		fds[n] = fds[--n_fds];
		break;
	case 4:
		if (n_fds > 1) /* one over another */
			TRACE(dup2(fds[0], fds[1]) == fds[1] ? 0 : -1, "dup2");
		break;
	case 5: TRACE(dup2(fd, fd) == fd ? 0 : -1, "dup2 of itself"); break;
	case 6: TRACE(dup3(fd, fd, 0), "dup3 of itself"); break;
	case 7: TRACE(fcntl(fd, F_GETFD) >= 0 ? 0 : -1, "F_GETFD"); break;
	default: TRACE(fcntl(fd, F_SETFD, FD_CLOEXEC), "F_SETFD"); break;
	}
}

static void flags_and_sizes(void)
{
	int fd = some_fd(), n = -1, fl = fcntl(fd, F_GETFL);

	switch (pick(10)) {
	case 0:
	case 1:
		nonblocking = !nonblocking;
		fl = nonblocking ? fl | O_NONBLOCK : fl & ~O_NONBLOCK;
		TRACE(fcntl(fd, F_SETFL, fl), "F_SETFL %s",
		      nonblocking ? "nonblocking" : "blocking");
		break;
	case 2:
		nonblocking = !nonblocking;
		n = nonblocking;
		TRACE(ioctl(fd, FIONBIO, &n), "FIONBIO %d", n);
		break;
	case 3: TRACE(fcntl(fd, F_GETFL), "F_GETFL"); break;
	case 4:
		if (pending > 0) /* it has to be there */
			poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, 2000);
		trace("FIONREAD");
		trace_result(ioctl(fd, FIONREAD, &n));
		trace(" %d", n);
		trace_end();
		break;
	case 5: TRACE(lseek(fd, 0, SEEK_CUR), "lseek"); break;
	case 6: TRACE(fcntl(fd, F_GETOWN), "F_GETOWN"); break;
	case 7: TRACE(sockatmark(fd), "sockatmark"); break;
	case 8: TRACE(listen(fd, 1), "listen"); break;
	default: TRACE(accept(fd, NULL, NULL), "accept"); break;
	}
}

/* Only while nothing waits: what comes with a message is decided when it is looked at, by the
 * kernel in the receive, by the shim perhaps before. */
static void options(void)
{
	static const struct {
		int level, name;
		const char *text;
	} switches[] = {{IPPROTO_IP, IP_PKTINFO, "IP_PKTINFO"},
			{IPPROTO_IP, IP_RECVTTL, "IP_RECVTTL"},
			{IPPROTO_IP, IP_RECVTOS, "IP_RECVTOS"},
			{IPPROTO_IP, IP_RECVORIGDSTADDR, "IP_RECVORIGDSTADDR"},
			{IPPROTO_IP, IP_RECVERR, "IP_RECVERR"},
			{SOL_SOCKET, SO_TIMESTAMP, "SO_TIMESTAMP"},
			{SOL_SOCKET, SO_TIMESTAMPNS, "SO_TIMESTAMPNS"},
			{SOL_SOCKET, SO_BROADCAST, "SO_BROADCAST"}};
	static const long waits[] = {0, 1000, 20000, 20000};
	unsigned i = pick(sizeof(switches) / sizeof(switches[0]));
	struct timeval tv = {0, ONE_OF(waits)};
	int on = (int)pick(2), fd = some_fd();

	if (pick(3) == 0) {
		timed = tv.tv_usec > 0;
		TRACE(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)), "SO_RCVTIMEO %ld",
		      (long)tv.tv_usec);
		return;
	}
	if (pick(6) == 0) {
		TRACE(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv)), "SO_SNDTIMEO");
		return;
	}
	take_all();
	TRACE(setsockopt(fd, switches[i].level, switches[i].name, &on, sizeof(on)), "%s %d",
	      switches[i].text, on);
}

static void wait_for_it(void)
{
	static const short masks[] = {POLLIN,	  POLLIN | POLLOUT,
				      POLLOUT,	  POLLIN | POLLPRI,
				      POLLRDNORM, POLLRDHUP,
				      POLLERR,	  POLLIN | POLLRDHUP | POLLWRNORM,
				      0};
	struct pollfd p = {.fd = some_fd(), .events = POLLIN};
	int r;

	if (pending > 0) /* whatever the masks say, it has to be there first */
		poll(&p, 1, 2000);
	p.events = ONE_OF(masks);
	p.revents = 0x5555;
	trace("poll %#x", (unsigned)p.events);
	r = poll(&p, 1, 0);
	trace_result(r);
	trace(" %#x", (unsigned)p.revents);
	trace_end();
}

static void connections(void)
{
	struct sockaddr_storage ss = peer;
	struct sockaddr *sa = (struct sockaddr *)&ss;
	socklen_t len = sizeof(struct sockaddr_in);
	int fd = some_fd();

	take_all(); /* a connection drops what waits from others */
	switch (pick(8)) {
	case 0:
	case 1:
		TRACE(connect(fd, sa, len), "connect");
		connected = true;
		break;
	case 2:
	case 3:
		sa->sa_family = AF_UNSPEC;
		TRACE(connect(fd, sa, len), "disconnect");
		connected = false;
		break;
	case 4: TRACE(connect(fd, sa, 4), "connect to 4 bytes"); break;
	case 5:
		sa->sa_family = AF_UNIX;
		TRACE(connect(fd, sa, len), "connect to AF_UNIX");
		break;
	case 6: TRACE(connect(fd, NULL, len), "connect to null"); break;
	default:
		len = pick(2) ? 4 : sizeof(ss);
		memset(name_area, untouched_name(), sizeof(name_area));
		trace("getpeername");
		trace_result(getpeername(fd, (struct sockaddr *)name_area, &len));
		trace(" %d%s", (int)len,
		      connected && memcmp(name_area, &peer, 4) == 0 ? " peer" : "");
		trace_end();
	}
}

static void step(void)
{
	switch (pick(16)) {
	case 0:
	case 1:
	case 2:
	case 3: arrive(); break;
	case 4:
	case 5:
	case 6:
	case 7: receive_something(); break;
	case 8:
	case 9: send_something(); break;
	case 10: numbers(); break;
	case 11: flags_and_sizes(); break;
	case 12: options(); break;
	case 13:
	case 14: wait_for_it(); break;
	default: connections(); break;
	}
}

/* Nothing comes after that. */
static void end(void)
{
	static const int hows[] = {SHUT_RD, SHUT_WR, SHUT_RDWR, 7, -1};
	int fd = fds[0];

	take_all();
	for (int i = 0; i < 3; i++) {
		int how = ONE_OF(hows);

		TRACE(shutdown(fd, how), "shutdown %d", how);
		TRACE(recv(fd, area, 10, MSG_DONTWAIT), "recv");
		TRACE(recv(fd, area, 10, MSG_DONTWAIT | MSG_PEEK), "recv peek");
		TRACE(sendto(fd, "x", 1, MSG_NOSIGNAL, (struct sockaddr *)&peer, peer_len),
		      "sendto");
		wait_for_it();
	}
}

VICTIM_MAIN

static int serve(void)
{
	int steps = atoi(option("steps", "100"));

	random_state = 88172645463325252ULL + (uint64_t)atoll(option("seed", "1")) * 2654435761U;
	for (int i = 0; i < 10; i++)
		pick(2);
	signal(SIGPIPE, SIG_IGN);
	fds[n_fds++] = traced_socket();
	own_port = htons((in_port_t)atoi(option("port", "0")));
	while (steps-- > 0)
		step();
	end();
	fflush(stdout);
	say("END");
	return 0;
}
