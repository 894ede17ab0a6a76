/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main.c - dtlsproxy: DTLS 1.2 with Connection ID in front of a plaintext UDP server
 *
 * This is the start only, and it is a list: options, limits, log, engine, keys, sockets, loop.  The
 * order matters where one step needs another: descriptors 0 to 2 are filled before anything else is
 * opened, signals are blocked before there can be a child, the engine and the state file come
 * before the port, so that a mistake in a file, or another server that has the sessions, shows
 * before anybody can send.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "host/images.h"
#include "host/log.h"
#include "host/log_queue.h"
#include "proxy/alias.h"
#include "proxy/loop.h"
#include "proxy/net.h"
#include "proxy/proxy.h"

#define FD_RESERVE 64 /* descriptors kept for key commands, the log and ourselves */

/* A socket must never get number 0, 1 or 2: something might print to it. */
static void fill_standard_fds(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	close(fd);
}

static void read_options(struct host_options *o, int argc, char **argv)
{
	char why[DS_WHY_MAX];
	int rest;

	host_options_init(o);
	if (proxy_is_alias(argv[0]) && proxy_alias_options(o, argc, why))
		host_die(1, "%s", why);
	if (host_options_env(o, HOST_PROXY, environ, why))
		host_die(1, "%s", why);
	if (host_options_args(o, HOST_PROXY, argc, argv, &rest, why))
		host_die(2, "%s (dtlsproxy --help lists the flags)", why);
	if (rest < argc)
		host_die(2, "argument \"%s\" is not a flag (dtlsproxy --help lists the flags)",
			 argv[rest]);
	o->role = DS_SERVER;
}

/* As many descriptors as we may have; one a session is needed. */
static void raise_limits(struct proxy *p)
{
	struct rlimit lim;

	if (getrlimit(RLIMIT_NOFILE, &lim))
		host_die(1, "getrlimit: %s", strerror(errno));
	lim.rlim_cur = lim.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &lim) && getrlimit(RLIMIT_NOFILE, &lim))
		host_die(1, "setrlimit: %s", strerror(errno));
	if (lim.rlim_cur <= FD_RESERVE)
		host_die(1, "only %llu files may be open; at least %d are needed (ulimit -n)",
			 (unsigned long long)lim.rlim_cur, FD_RESERVE + 1);
	lim.rlim_cur -= FD_RESERVE;
	p->up.max = lim.rlim_cur > UINT32_MAX ? UINT32_MAX : (uint32_t)lim.rlim_cur;
}

/* Signals are read from a descriptor; blocked before anything may start a thread or a child. */
static int open_signals(void)
{
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void wire_send(struct host_endpoint *ep, const struct ds_path *path, const void *buf,
		      size_t len)
{
	struct proxy *p = ep->user;

	memcpy(proxy_batch_room(p->tx), buf, len);
	proxy_batch_push(p->tx, path, len);
}

static void on_early(struct host_endpoint *ep, const struct ds_message *msg)
{
	proxy_upstream_send(ep->user, msg);
}

static void on_event(struct host_endpoint *ep, const struct ds_event *ev)
{
	if (ev->type == DS_EVENT_CLOSED)
		proxy_upstream_close(ep->user, ev->info.session);
}

/* The engine and the keys: everything that can be wrong in files shows here. */
static void open_engine(struct proxy *p)
{
	struct ds_config cfg;
	struct host_files files;
	char why[DS_WHY_MAX];

	p->now = host_now();
	host_watch_begin(&p->watch, &p->opt, p->now);
	if (host_config_make(&cfg, &files, &p->opt, why))
		host_die(1, "%s", why);
	cfg.replies = 0; /* a socket of its own tells each session from all others */
	if (ds_engine_new(&p->ep.engine, &cfg, p->now, why))
		host_die(1, "%s", why);
	host_files_free(&files);
	if (host_keys_open(&p->keys, &p->opt, why))
		host_die(1, "%s", why);
	/* Before the port: while another server has the sessions it has the port, too */
	if (host_state_open(&p->ep.state, p->ep.engine, &p->opt, NULL, why))
		host_die(1, "%s", why);
	p->busy = host_state_restoring(p->ep.state);
	p->now = host_now();
	pthread_mutex_init(&p->ep.lock, NULL);
	p->ep.user = p;
	p->ep.send = wire_send;
	p->ep.deliver = on_early;
	p->ep.event = on_event;
}

/* Threads that never end, and have no signals to handle. */
static void start_thread(void *(*fn)(void *), void *arg, const char *what)
{
	sigset_t all, before;
	pthread_t thread;
	int err;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	err = pthread_create(&thread, NULL, fn, arg);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (err)
		host_die(1, "no thread for %s: %s", what, strerror(err));
	pthread_detach(thread);
}

static void open_log(const struct proxy *p)
{
	int err = host_log_open((enum host_log_level)p->opt.log_level, p->opt.log_file);

	if (err)
		host_die(1, "--log-file \"%s\": %s", p->opt.log_file, host_log_trouble(err));
	start_thread(host_log_write, NULL, "the log");
}

static void open_jobs(struct proxy *p)
{
	unsigned n = host_jobs_wanted(&p->opt);
	int err = -host_jobs_open(&p->jobs, n);

	for (unsigned i = 0; i < n && !err; i++) {
		err = pthread_create(&p->job_threads[i], NULL, host_jobs_work, &p->jobs);
		if (!err)
			pthread_setname_np(p->job_threads[i], HOST_JOBS_NAME);
	}
	if (err)
		host_die(1, "%u threads for handshakes (--handshake-threads) cannot be had: %s", n,
			 strerror(err));
	if (p->ep.state)
		start_thread(host_images_work, &p->jobs.evfd, "the state file");
}

static void open_sockets(struct proxy *p)
{
	union host_sockaddr bound;
	struct ds_addr addr, to;
	char why[DS_WHY_MAX], text[DS_ADDR_TEXT], to_text[DS_ADDR_TEXT];

	if (proxy_net_resolve(p->opt.connect, &p->up.to, &p->up.to_len, why) ||
	    proxy_net_listen(&p->opt, &p->wire, &bound, why))
		host_die(1, "%s", why);
	if (proxy_net_is_loop(&bound, &p->up.to, p->up.to_len))
		host_die(
			1,
			"--connect \"%s\" is what --bind \"%s\" listens to: the proxy would talk to "
			"itself; give the address of the plaintext server",
			p->opt.connect, p->opt.bind);
	p->ep.family = bound.sa.sa_family;
	p->rx = proxy_batch_new(p->wire, p->ep.family);
	p->tx = proxy_batch_new(p->wire, p->ep.family);
	if (!p->rx || !p->tx || proxy_loop_init(p))
		host_die(1, "start: %s", strerror(errno));
	host_addr_from_sockaddr(&addr, &bound.sa, sizeof(bound));
	host_addr_from_sockaddr(&to, &p->up.to.sa, p->up.to_len);
	p->port = addr.port;
	host_log(HOST_LOG_INFO, "event=listening addr=%s upstream=%s aead=%s max_upstreams=%u",
		 ds_addr_format(&addr, text), ds_addr_format(&to, to_text),
		 ds_engine_aead(p->ep.engine), p->up.max);
}

int main(int argc, char **argv)
{
	static struct proxy p;

	host_log_set_name(proxy_is_alias(argv[0]) ? "dtls_proxy" : "dtlsproxy");
	fill_standard_fds();
	read_options(&p.opt, argc, argv);
	proxy_upstream_init(&p.up);
	raise_limits(&p);
	p.signals = open_signals();
	if (p.signals < 0)
		host_die(1, "signalfd: %s", strerror(errno));
	open_log(&p);
	open_engine(&p);
	open_jobs(&p);
	open_sockets(&p);
	proxy_loop(&p);
	ds_engine_free(p.ep.engine);
	host_keys_close(p.keys);
	host_log_end();
	return 0;
}
