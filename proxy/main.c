/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main.c - dtlsproxy: DTLS 1.2 with Connection ID in front of a plaintext UDP server, or behind
 * plaintext devices
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
#include "host/plaintext.h"
#include "proxy/alias.h"
#include "proxy/loop.h"
#include "proxy/net.h"
#include "proxy/proxy.h"

#define FD_RESERVE 64 /* descriptors kept for key commands, the log, ourselves, and a port */
#define FD_PORT	   4  /* and for each further port */

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
	if (proxy_gateway_options(o, why))
		host_die(1, "%s", why);
}

/* As many descriptors as we may have; one a session is needed. */
static void raise_limits(struct proxy_ports *all)
{
	unsigned reserve = FD_RESERVE + (all->n - 1) * FD_PORT;
	struct rlimit lim;

	if (getrlimit(RLIMIT_NOFILE, &lim))
		host_die(1, "getrlimit: %s", strerror(errno));
	lim.rlim_cur = lim.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &lim) && getrlimit(RLIMIT_NOFILE, &lim))
		host_die(1, "setrlimit: %s", strerror(errno));
	if (all->opt.probe_hex)
		reserve += all->n * PROXY_ADDRS;
	if (lim.rlim_cur <= reserve)
		host_die(1, "only %llu files may be open; at least %u are needed (ulimit -n)",
			 (unsigned long long)lim.rlim_cur, reserve + 1);
	lim.rlim_cur -= reserve;
	TAILQ_INIT(&all->sockets.order);
	all->sockets.max = lim.rlim_cur > UINT32_MAX ? UINT32_MAX : (uint32_t)lim.rlim_cur;
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

	if (p->gateway) {
		proxy_gateway_output(p, &path->remote, buf, len);
		return;
	}
	memcpy(proxy_batch_room(p->tx), buf, len);
	proxy_batch_push(p->tx, path, len);
}

static void on_early(struct host_endpoint *ep, const struct ds_message *msg)
{
	struct proxy *p = ep->user;

	if (p->gateway)
		proxy_gateway_deliver(p, msg);
	else
		proxy_upstream_send(p, msg);
}

static void on_event(struct host_endpoint *ep, const struct ds_event *ev)
{
	struct proxy *p = ep->user;

	if (p->gateway)
		proxy_gateway_event(p, ev);
	else if (ev->type == DS_EVENT_CLOSED)
		proxy_upstream_close(p, ev->info.session);
	else if (ev->type == DS_EVENT_REBOUND && p->source.kind == PROXY_SOURCE_TRANSPARENT)
		proxy_upstream_moved(p, ev->info.session);
}

/* Ends the start; @why was wrong with port @p. */
__attribute__((noreturn)) static void die_of(const struct proxy *p, const char *why)
{
	if (p->map)
		host_die(1, "--map \"%.200s\": %s", p->map, why);
	host_die(1, "%s", why);
}

/* An even share for each port, so that none can take the others' room. */
static uint32_t share(uint32_t limit, unsigned ports)
{
	return limit / ports ? limit / ports : 1;
}

/* The engine of the first port, from which those of the others are made. */
static void open_first_engine(struct proxy_ports *all)
{
	struct ds_config cfg;
	struct host_files files;
	char why[DS_WHY_MAX];

	host_watch_begin(&all->watch, &all->opt, all->now);
	if (host_config_make(&cfg, &files, &all->opt, why))
		host_die(1, "%s", why);
	if (all->opt.role == HOST_ROLE_CLIENT)
		proxy_gateway_new(&all->port[0], &cfg);
	/* A socket of its own, or the token in a header, tells each session from all others */
	if (all->opt.backend_header != HOST_HEADER_SPP || !all->port[0].shared.on)
		cfg.replies = 0;
	cfg.max_sessions = share(cfg.max_sessions, all->n);
	cfg.max_handshakes = share(cfg.max_handshakes, all->n);
	if (ds_engine_new(&all->port[0].ep.engine, &cfg, all->now, why))
		host_die(1, "%s", why);
	host_files_free(&files);
}

/* By its address each of several ports has its own state file. */
static struct ds_addr own_addr(struct proxy *p)
{
	struct proxy_bound *bound = p->all->bound;
	struct ds_addr *own = &bound[p->index].wanted;
	char why[DS_WHY_MAX];

	if (proxy_net_bind_addr(&p->opt, own, why))
		die_of(p, why);
	for (unsigned i = 0; i < p->index && own->port; i++)
		if (ds_addr_equal(&bound[i].wanted, own))
			die_of(p, "another port is bound there already");
	return *own;
}

static void open_endpoint(struct proxy *p)
{
	const struct ds_engine *first = p->all->port[0].ep.engine;
	struct ds_addr addr = own_addr(p), *of = p->all->n > 1 ? &addr : NULL;
	char why[DS_WHY_MAX];

	if (p->index && ds_engine_new_like(&p->ep.engine, first, p->all->now, why))
		die_of(p, why);
	/* Sessions that come back are noted; the port is not known yet */
	if (!p->gateway && host_plaintext_begin(p->ep.engine, &p->opt, 0, why))
		die_of(p, why);
	/* Before the port: while another server has the sessions it has the port, too */
	if (host_state_open(&p->ep.state, p->ep.engine, &p->opt, of, why))
		die_of(p, why);
	p->all->busy |= host_state_restoring(p->ep.state);
	p->all->eps[p->index] = &p->ep;
	pthread_mutex_init(&p->ep.lock, NULL);
	p->ep.user = p;
	p->ep.send = wire_send;
	p->ep.deliver = on_early;
	p->ep.event = on_event;
}

/* A gateway has its own key and looks none up. */
static void open_keys(struct proxy_ports *all)
{
	struct host_options o = all->opt;
	char why[DS_WHY_MAX];

	if (o.role == HOST_ROLE_CLIENT)
		o.psk_csv = o.psk_cmd = o.psk_rest = NULL;
	if (host_keys_begin(&all->keys, &o, why))
		host_die(1, "%s", why);
}

/* The engines and the keys: everything that can be wrong in files shows here. */
static void open_engines(struct proxy_ports *all)
{
	all->now = host_now();
	open_first_engine(all);
	open_keys(all);
	for (unsigned i = 0; i < all->n; i++)
		open_endpoint(&all->port[i]);
	all->now = host_now();
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

static void open_log(const struct host_options *o)
{
	int err = host_log_open((enum host_log_level)o->log_level, o->log_file);

	if (err)
		host_die(1, "--log-file \"%s\": %s", o->log_file, host_log_trouble(err));
	start_thread(host_log_write, NULL, "the log");
}

static void open_jobs(struct proxy_ports *all)
{
	unsigned n = host_jobs_wanted(&all->opt);
	int err = -host_jobs_open(&all->jobs, n);

	for (unsigned i = 0; i < n && !err; i++) {
		err = pthread_create(&all->job_threads[i], NULL, host_jobs_work, &all->jobs);
		if (!err)
			pthread_setname_np(all->job_threads[i], HOST_JOBS_NAME);
	}
	if (err)
		host_die(1, "%u threads for handshakes (--handshake-threads) cannot be had: %s", n,
			 strerror(err));
	if (all->opt.state)
		start_thread(host_images_work, &all->jobs.evfd, "the state file");
}

/* Where messages of port @p go to. */
static void open_backend(struct proxy *p)
{
	char why[DS_WHY_MAX];

	if (p->gateway) {
		proxy_gateway_open(p);
		return;
	}
	if (proxy_probe_open(&p->probe, &p->opt, why))
		host_die(1, "%s", why);
	if (!p->shared.on && proxy_net_is_unix(p->opt.connect))
		host_die(1,
			 "--connect \"%s\": such a server has to be told whom a message is from: "
			 "add --backend-header proxy-v2 or spp, without --backend-answers plain",
			 p->opt.connect);
	if (p->shared.on ? proxy_shared_find(p, why)
			 : proxy_backends_open(&p->backends, &p->all->names, &p->opt, why))
		die_of(p, why);
}

/* Names among the servers are asked for again by a thread. */
static void open_backends(struct proxy_ports *all)
{
	if (proxy_names_open(&all->names, all->opt.resolve_interval * DS_SECOND))
		host_die(1, "eventfd: %s", strerror(errno));
	for (unsigned i = 0; i < all->n; i++)
		open_backend(&all->port[i]);
	if (all->names.first)
		start_thread(proxy_names_work, &all->names, "names of servers");
}

static void open_wire(struct proxy *p)
{
	struct proxy_bound *bound = &p->all->bound[p->index];
	char why[DS_WHY_MAX];
	struct ds_addr addr;

	bound->text = p->opt.bind;
	if (proxy_net_listen(&p->opt, &p->wire, &bound->at, why))
		die_of(p, why);
	host_addr_from_sockaddr(&addr, &bound->at.sa, sizeof(bound->at));
	p->port = addr.port;
	p->ep.family = bound->at.sa.sa_family;
	p->rx = proxy_batch_new(p->wire, p->ep.family);
	p->tx = proxy_batch_new(p->wire, p->ep.family);
	if (!p->rx || !p->tx)
		host_die(1, "start: %s", strerror(errno));
}

/* The socket that all sessions share, or what each one's own begins its messages with. */
static void begin_backend(struct proxy *p)
{
	struct proxy_bound *bound = p->all->bound;
	int family = p->shared.to.sa.sa_family;
	char why[DS_WHY_MAX];
	struct ds_addr addr;

	if (p->gateway) {
		proxy_gateway_check(p, &bound[p->index]);
		return;
	}
	if (!p->shared.on && proxy_backends_begin(&p->backends, bound, p->all->n, why))
		die_of(p, why);
	if (!p->shared.on)
		family = p->backends.list[0].to.sa.sa_family;
	host_addr_from_sockaddr(&addr, &bound[p->index].at.sa, sizeof(bound->at));
	if (proxy_header_init(&p->header, p->opt.backend_header, &addr))
		host_die(1, "no random bytes: %s", strerror(errno));
	if (proxy_source_init(&p->source, p->opt.backend_source, family, p->shared.on, why) ||
	    proxy_shared_begin(p, &p->shared, why))
		die_of(p, why);
}

/* What may come in clear, now that it is known to which ports. */
static void begin_plaintext(struct proxy_ports *all)
{
	struct host_port ports[PROXY_PORTS_MAX] = {0};
	char why[DS_WHY_MAX];

	for (unsigned i = 0; i < all->n; i++)
		ports[i].wire = all->port[i].port;
	if (host_plaintext_check(&all->opt, ports, all->n, why))
		host_die(1, "%s", why);
	for (unsigned i = 0; i < all->n; i++) {
		struct proxy *p = &all->port[i];

		if (p->gateway)
			continue;
		if (host_plaintext_begin(p->ep.engine, &p->opt, p->port, why))
			die_of(p, why);
		if (host_plaintext_at(&p->opt, p->port) == DS_PLAINTEXT_ALLOW &&
		    p->opt.backend_header != HOST_HEADER_NONE)
			die_of(p, "--plaintext allow: a peer in clear has no session that a "
				  "--backend-header could name; leave one of them out");
		proxy_clear_begin(p);
	}
}

static void say_listening(struct proxy *p)
{
	char text[DS_ADDR_TEXT], to_text[DS_ADDR_TEXT * 8];
	struct ds_addr addr;

	host_addr_from_sockaddr(&addr, &p->all->bound[p->index].at.sa, sizeof(union host_sockaddr));
	if (p->gateway) {
		proxy_gateway_say_listening(p, &addr);
		return;
	}
	host_log(HOST_LOG_INFO, "event=listening addr=%s upstream=%s aead=%s max_upstreams=%u",
		 ds_addr_format(&addr, text),
		 p->shared.on ? p->opt.connect
			      : proxy_backends_format(&p->backends, to_text, sizeof(to_text)),
		 ds_engine_aead(p->ep.engine), p->all->sockets.max);
}

static void open_sockets(struct proxy_ports *all)
{
	for (unsigned i = 0; i < all->n; i++)
		open_wire(&all->port[i]);
	if (proxy_loop_init(all))
		host_die(1, "start: %s", strerror(errno));
	for (unsigned i = 0; i < all->n; i++)
		begin_backend(&all->port[i]);
	begin_plaintext(all);
	for (unsigned i = 0; i < all->n; i++)
		say_listening(&all->port[i]);
}

int main(int argc, char **argv)
{
	static struct proxy_ports all;
	char why[DS_WHY_MAX];

	host_log_set_name(proxy_is_alias(argv[0]) ? "dtls_proxy" : "dtlsproxy");
	fill_standard_fds();
	read_options(&all.opt, argc, argv);
	if (proxy_ports_make(&all, why))
		host_die(1, "%s", why);
	raise_limits(&all);
	all.signals = open_signals();
	if (all.signals < 0)
		host_die(1, "signalfd: %s", strerror(errno));
	open_log(&all.opt);
	open_engines(&all);
	open_jobs(&all);
	open_backends(&all);
	open_sockets(&all);
	proxy_loop(&all);
	for (unsigned i = all.n; i-- > 0;)
		ds_engine_free(all.port[i].ep.engine);
	host_keys_close(all.keys);
	host_log_end();
	return 0;
}
