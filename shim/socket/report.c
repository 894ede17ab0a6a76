/* SPDX-License-Identifier: Apache-2.0 */
/* report.c - see report.h */
#include "shim/socket/report.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "host/log_queue.h"
#include "host/strict.h"
#include "host/sys.h"
#include "shim/base/real.h"

atomic_int shim_report_fd = -1;
static volatile sig_atomic_t condemned;

static void report(struct host_strict_report *r)
{
	int fd = atomic_load(&shim_report_fd);
	long n = host_sys6(SYS_sendto, fd, r, sizeof(*r), MSG_DONTWAIT | MSG_NOSIGNAL, 0, 0);

	if (n < 0 && n != -EAGAIN) /* nobody listens any more */
		host_fd_drop(atomic_exchange(&shim_report_fd, -1));
}

void shim_report_protected(const struct shim_sock *s, enum ds_role role)
{
	static atomic_bool client_told;
	struct host_strict_report r;

	if (atomic_load(&shim_report_fd) < 0 ||
	    (role == DS_CLIENT && atomic_exchange(&client_told, true)))
		return;
	memset(&r, 0, sizeof(r));
	r.kind = role == DS_CLIENT ? HOST_STRICT_CLIENT : HOST_STRICT_SERVER;
	r.len = sizeof(r.addr);
	r.program_port = s->program_port;
	host_sys3(SYS_shutdown, shim_report_fd, SHUT_RD, 0);
	if (!host_sys3(SYS_getsockname, s->wire, &r.addr, &r.len))
		report(&r);
}

void shim_report_clear(uint16_t port)
{
	struct host_strict_report r;

	if (atomic_load(&shim_report_fd) < 0)
		return;
	memset(&r, 0, sizeof(r));
	r.kind = HOST_STRICT_CLEAR;
	r.program_port = port;
	report(&r);
}

/* True in the process that `dtlsshim run` became: it made the pair. */
static bool is_started_one(int fd)
{
	struct ucred maker;
	socklen_t len = sizeof(maker);

	return !host_sys6(SYS_getsockopt, fd, SOL_SOCKET, SO_PEERCRED, &maker, &len, 0) &&
	       maker.pid == host_sys3(SYS_getpid, 0, 0, 0);
}

/* Nobody ever writes to this end: it has nothing to read, or is at its end. */
static bool is_nothing_protected(int fd)
{
	char byte;

	return host_sys6(SYS_recvfrom, fd, &byte, 1, MSG_DONTWAIT, 0, 0) == -EAGAIN;
}

/* glibc's exit() may be called again in a handler: the others still run, and the last status
 * counts. */
static void at_exit(int status, void *unused)
{
	int fd = atomic_load(&shim_report_fd);

	(void)unused;
	if (fd < 0 || !is_started_one(fd) || !is_nothing_protected(fd))
		return;
	if (condemned || (shim_options.role == HOST_ROLE_CLIENT && !status))
		exit(HOST_STRICT_STATUS);
}

static void on_verdict(int sig)
{
	struct sigaction term;

	(void)sig;
	condemned = 1;
	if (!real_sigaction(SIGTERM, NULL, &term) && term.sa_handler != SIG_DFL) {
		host_sys3(SYS_kill, host_sys3(SYS_getpid, 0, 0, 0), SIGTERM, 0);
		return;
	}
	host_log_flush(HOST_LOG_END);
	host_sys3(SYS_exit_group, HOST_STRICT_STATUS, 0, 0);
}

void shim_report_begin(void)
{
	struct sigaction old,
		ours = {.sa_handler = on_verdict, .sa_flags = SA_RESTART | SA_ONSTACK};
	int fd = atomic_load(&shim_report_fd);

	if (fd < 0 || !is_started_one(fd))
		return;
	on_exit(at_exit, NULL);
	if (!real_sigaction(HOST_STRICT_SIGNAL, NULL, &old) && old.sa_handler == SIG_DFL)
		real_sigaction(HOST_STRICT_SIGNAL, &ours, NULL);
}
