/* SPDX-License-Identifier: Apache-2.0 */
/*
 * oracle.c - is a socket readable exactly when a receive would succeed?
 *
 *	--how poll | ppoll | select | pselect | level | edge | oneshot | exclusive | nested | uring |
 *	      sigio	how the threads wait
 *	--style one | drain	receives after each wake
 *	--threads N	all on one socket, each with an epoll of its own
 *	--register late | early | raw | uring | dup	when and how the socket gets into the epolls:
 *			after bind(), before it, before it past libc, by io_uring, by a copy
 *
 * A message is "NUMBER q" or "NUMBER b": each number comes once, q is answered "ok NUMBER COUNT"
 * with the number of messages so far.  Lines "BAD ..." say what must not be; messages that wake
 * nobody show by the answers that do not come.
 */
#include <linux/io_uring.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/syscall.h>

#include "victim.h"

#define NUMBERS	 2000000
#define TICK_MS	 50 /* waits end that often, to look for messages that were not told about */
#define RING	 8
#define RING_MEM 4096

static int fd;
static atomic_uchar seen[NUMBERS];
static atomic_int count, stolen;
static int n_threads;
static bool exact; /* who is woken finds a message */

/* io_uring by hand */
struct ring {
	int fd;
	unsigned char *sq, *cq;
	struct io_uring_params p;
	struct io_uring_sqe *sqes;
	bool armed;
};

static unsigned *at(unsigned char *ring, unsigned offset)
{
	return (unsigned *)(void *)(ring + offset);
}

static void ring_open(struct ring *r)
{
	memset(r, 0, sizeof(*r));
	r->fd = (int)syscall(SYS_io_uring_setup, RING, &r->p);
	if (r->fd < 0) {
		say("NOTE no io_uring: %s", strerrorname_np(errno));
		exit(77);
	}
	r->sq = mmap(NULL, RING_MEM, PROT_READ | PROT_WRITE, MAP_SHARED, r->fd, IORING_OFF_SQ_RING);
	r->cq = mmap(NULL, RING_MEM, PROT_READ | PROT_WRITE, MAP_SHARED, r->fd, IORING_OFF_CQ_RING);
	r->sqes = mmap(NULL, RING_MEM, PROT_READ | PROT_WRITE, MAP_SHARED, r->fd, IORING_OFF_SQES);
	if (r->sq == MAP_FAILED || r->cq == MAP_FAILED || r->sqes == MAP_FAILED)
		die("io_uring");
}

static void ring_submit(struct ring *r, const struct io_uring_sqe *sqe)
{
	unsigned tail = *at(r->sq, r->p.sq_off.tail), mask = *at(r->sq, r->p.sq_off.ring_mask);

	r->sqes[tail & mask] = *sqe;
	at(r->sq, r->p.sq_off.array)[tail & mask] = tail & mask;
	__atomic_store_n(at(r->sq, r->p.sq_off.tail), tail + 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, r->fd, 1, 0, 0, NULL, 0) != 1)
		die("io_uring_enter");
}

/* Takes an answer, waiting for one TICK_MS at most. */
static bool ring_take(struct ring *r, int *result)
{
	struct pollfd p = {.fd = r->fd, .events = POLLIN};
	unsigned head = *at(r->cq, r->p.cq_off.head), mask = *at(r->cq, r->p.cq_off.ring_mask);
	struct io_uring_cqe *cqes = (void *)(r->cq + r->p.cq_off.cqes);

	if (head == __atomic_load_n(at(r->cq, r->p.cq_off.tail), __ATOMIC_ACQUIRE))
		poll(&p, 1, TICK_MS);
	if (head == __atomic_load_n(at(r->cq, r->p.cq_off.tail), __ATOMIC_ACQUIRE))
		return false;
	*result = cqes[head & mask].res;
	__atomic_store_n(at(r->cq, r->p.cq_off.head), head + 1, __ATOMIC_RELEASE);
	return true;
}

static void ring_epoll_add(int epfd, int target, struct epoll_event *ev)
{
	struct io_uring_sqe sqe = {.opcode = IORING_OP_EPOLL_CTL,
				   .fd = epfd,
				   .addr = (uintptr_t)ev,
				   .len = EPOLL_CTL_ADD,
				   .off = (unsigned)target};
	struct ring r;
	int result = -1;

	ring_open(&r);
	ring_submit(&r, &sqe);
	while (!ring_take(&r, &result))
		;
	if (result < 0)
		die("IORING_OP_EPOLL_CTL");
	close(r.fd);
}

/* epoll_ctl(EPOLL_CTL_ADD) where no library sees it. */
static long raw_epoll_add(int epfd, int target, struct epoll_event *ev)
{
#ifdef __x86_64__
	register long r10 __asm__("r10") = (long)ev;
	long r;

	__asm__ volatile("syscall"
			 : "=a"(r)
			 : "a"(SYS_epoll_ctl), "D"(epfd), "S"(EPOLL_CTL_ADD), "d"(target), "r"(r10)
			 : "rcx", "r11", "memory");
	return r;
#else
	return epoll_ctl(epfd, EPOLL_CTL_ADD, target, ev);
#endif
}

/* Waiting */

struct waiter {
	int epfd, outer, target;
	struct ring ring;
	struct epoll_event ev;
};

static bool by_poll(struct waiter *w)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	(void)w;
	return poll(&p, 1, TICK_MS) == 1;
}

static bool by_ppoll(struct waiter *w)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	struct timespec ts = {0, TICK_MS * 1000000L};

	(void)w;
	return ppoll(&p, 1, &ts, NULL) == 1;
}

static bool by_select(struct waiter *w)
{
	struct timeval tv = {0, TICK_MS * 1000L};
	fd_set set;

	(void)w;
	FD_ZERO(&set);
	FD_SET(fd, &set);
	return select(fd + 1, &set, NULL, NULL, &tv) == 1;
}

static bool by_pselect(struct waiter *w)
{
	struct timespec ts = {0, TICK_MS * 1000000L};
	fd_set set;

	(void)w;
	FD_ZERO(&set);
	FD_SET(fd, &set);
	return pselect(fd + 1, &set, NULL, NULL, &ts, NULL) == 1;
}

static bool by_epoll(struct waiter *w)
{
	struct epoll_event ev;

	return epoll_wait(w->epfd, &ev, 1, TICK_MS) == 1;
}

static bool by_nested(struct waiter *w)
{
	struct epoll_event ev;

	return epoll_wait(w->outer, &ev, 1, TICK_MS) == 1 && epoll_wait(w->epfd, &ev, 1, 0) == 1;
}

static bool by_uring(struct waiter *w)
{
	struct io_uring_sqe sqe = {.opcode = IORING_OP_POLL_ADD, .fd = fd, .poll32_events = POLLIN};
	int result;

	if (!w->ring.armed)
		ring_submit(&w->ring, &sqe);
	w->ring.armed = !ring_take(&w->ring, &result);
	return !w->ring.armed;
}

static bool by_signal(struct waiter *w)
{
	struct timespec ts = {0, TICK_MS * 1000000L};
	sigset_t set;

	(void)w;
	sigemptyset(&set);
	sigaddset(&set, SIGIO);
	return sigtimedwait(&set, NULL, &ts) == SIGIO;
}

static const struct {
	const char *name;
	bool (*wait)(struct waiter *w);
	uint32_t events; /* for epoll */
	bool exact;
} hows[] = {
	{"poll", by_poll, 0, true},
	{"ppoll", by_ppoll, 0, true},
	{"select", by_select, 0, true},
	{"pselect", by_pselect, 0, true},
	{"level", by_epoll, EPOLLIN, true},
	{"edge", by_epoll, EPOLLIN | EPOLLET, false},
	{"oneshot", by_epoll, EPOLLIN | EPOLLONESHOT, true},
	{"exclusive", by_epoll, EPOLLIN | EPOLLEXCLUSIVE, true},
	{"nested", by_nested, EPOLLIN, true},
	{"uring", by_uring, 0, true},
	{"sigio", by_signal, 0, false},
};
static size_t how;

static void prepare(struct waiter *w)
{
	struct epoll_event ev = {.events = EPOLLIN};
	int target = option_is("register", "dup") ? dup(fd) : fd; /* the copy stays */

	w->target = target;
	w->ev.events = hows[how].events;
	w->ev.data.u64 = 0x1122334455667788ULL;
	if (hows[how].wait == by_uring)
		ring_open(&w->ring);
	if (!hows[how].events)
		return;
	w->epfd = epoll_create1(0);
	w->outer = epoll_create1(0);
	epoll_ctl(w->outer, EPOLL_CTL_ADD, w->epfd, &ev);
	if (option_is("register", "raw"))
		raw_epoll_add(w->epfd, target, &w->ev);
	else if (option_is("register", "uring"))
		ring_epoll_add(w->epfd, target, &w->ev);
	else if (epoll_ctl(w->epfd, EPOLL_CTL_ADD, target, &w->ev) < 0)
		die("epoll_ctl");
}

/* One receive; false if there was nothing. */
static bool take(void)
{
	struct message m;
	char text[64];
	int number = -1, n;
	char kind = 0;

	m.from_len = sizeof(m.from);
	m.len = recvfrom(fd, m.data, 200, MSG_DONTWAIT, (struct sockaddr *)&m.from, &m.from_len);
	if (m.len < 0)
		return false;
	m.data[m.len] = '\0';
	n = atomic_fetch_add(&count, 1) + 1;
	if (m.len == 0)
		return true;
	if (sscanf(m.data, "%d %c", &number, &kind) != 2 || number < 0 || number >= NUMBERS)
		say("BAD message %s", m.data);
	else if (atomic_exchange(&seen[number], 1))
		say("BAD message %d twice", number);
	if (kind == 'q') {
		n = snprintf(text, sizeof(text), "ok %d %d", number, n);
		sendto(fd, text, (size_t)n, 0, (struct sockaddr *)&m.from, m.from_len);
	}
	return true;
}

static void *serve_thread(void *arg)
{
	struct waiter *w = arg;
	bool one = option_is("style", "one");

	for (;;) {
		if (!hows[how].wait(w))
			continue;
		if (!take()) {
			if (exact)
				say("BAD readable, and nothing there");
			atomic_fetch_add(&stolen, 1);
		} else if (!one) {
			while (take())
				;
		}
		if (hows[how].events & EPOLLONESHOT)
			epoll_ctl(w->epfd, EPOLL_CTL_MOD, w->target, &w->ev);
	}
	return NULL;
}

VICTIM_MAIN

static int serve(void)
{
	static struct waiter waiters[8];
	bool late = option_is("register", "late") || option_is("register", "");
	pthread_t thread;
	sigset_t set;

	while (how < sizeof(hows) / sizeof(hows[0]) && !option_is("how", hows[how].name))
		how++;
	if (how == sizeof(hows) / sizeof(hows[0]))
		die("--how");
	n_threads = atoi(option("threads", "1"));
	exact = hows[how].exact && n_threads == 1;
	sigemptyset(&set);
	sigaddset(&set, SIGIO);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	fd = udp_socket(0);
	for (int i = 0; i < n_threads && !late; i++)
		prepare(&waiters[i]);
	bind_own(fd);
	for (int i = 0; i < n_threads && late; i++)
		prepare(&waiters[i]);
	if (hows[how].wait == by_signal) {
		fcntl(fd, F_SETOWN, getpid());
		fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_ASYNC);
	}
	ready(fd);
	for (int i = 1; i < n_threads; i++)
		pthread_create(&thread, NULL, serve_thread, &waiters[i]);
	serve_thread(&waiters[0]);
	return 0;
}
