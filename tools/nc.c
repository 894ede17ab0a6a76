/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nc.c - `dtlsshim nc`: command line and loop, see nc.h
 *
 * The tool has few flags of its own; the rest are those of the option table, so that it can be
 * configured exactly as the server that it tests.  Its own flags are taken out of the command line
 * first.
 *
 * One thread and one poll() do all: standard input, the sockets, the timers of the engines.  Handshakes
 * are computed in between; in a tool for tests another peer may wait that long.
 */
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "host/keys.h"
#include "host/log.h"
#include "tools/nc.h"
#include "tools/tool.h"

#define LINGER 1 /* seconds: how long answers are awaited after the end of standard input */
#define HELP   " (dtlsshim help nc says more)"

const char tool_nc_usage[] =
	"usage: dtlsshim nc [options] HOST PORT\n"
	"       dtlsshim nc -l [--echo] [options] [HOST] PORT\n"
	"       dtlsshim nc --listen-udp N [options] HOST PORT\n"
	"\n"
	"Sends each line of standard input as a message and prints each message received as a\n"
	"line; with -l as a server, to the peer heard last; with --listen-udp for programs on this\n"
	"machine that speak plain UDP to 127.0.0.1.\n"
	"\n"
	"  -l, --listen        be the server\n"
	"      --echo          server: send every message back\n"
	"      --listen-udp N  forward plain UDP from port N of 127.0.0.1 (0 = any free port)\n"
	"      --rebind-after N  change the source port after every N messages, as a NAT does;\n"
	"                      SIGUSR1 changes it at once\n"
	"  -r, --raw           messages are what one read of standard input gives; print them as\n"
	"                      they are\n"
	"  -v, --verbose       tell what happens on standard error\n"
	"  -w, --wait N        end after N seconds without a message (client: 1 second after the\n"
	"                      end of standard input if not given; 0 = never)\n"
	"\n"
	"A client asks for no Connection ID for itself unless --cid-length is given.  With --ca the\n"
	"server's certificate must carry HOST, a name or an address, or what --server-name says.\n";

/* The flags that nc has beside the option table, by the letter that set_own() knows. */
static const struct own_flag {
	const char *name;
	char letter, key;
	bool has_value;
} own_flags[] = {
	{"listen", 'l', 'l', false},	 {"verbose", 'v', 'v', false},
	{"raw", 'r', 'r', false},	 {"wait", 'w', 'w', true},
	{"echo", '\0', 'e', false},	 {"rebind-after", '\0', 'b', true},
	{"listen-udp", '\0', 'u', true},
};

/* The flag that @arg is, or NULL; @value: what follows its "=", or NULL. */
static const struct own_flag *own_flag(const char *arg, const char **value)
{
	const char *name = arg + strspn(arg, "-"), *end = name + strcspn(name, "=");
	size_t len = (size_t)(end - name);

	*value = *end ? end + 1 : NULL;
	if (name == arg || name - arg > 2 || !len)
		return NULL;
	for (size_t i = 0; i < sizeof(own_flags) / sizeof(*own_flags); i++) {
		const struct own_flag *f = &own_flags[i];

		if ((len == 1 && name[0] == f->letter) ||
		    (len == strlen(f->name) && !strncmp(name, f->name, len)))
			return f;
	}
	return NULL;
}

static unsigned long number(const char *flag, const char *text, unsigned long max)
{
	unsigned long n;
	char *end;

	errno = 0;
	n = text ? strtoul(text, &end, 10) : 0;
	if (!text || !*text || strspn(text, "0123456789") != strlen(text) || errno || n > max)
		host_die(2, "nc: %s \"%s\": a whole number from 0 to %lu is expected", flag,
			 text ? text : "", max);
	return n;
}

static void set_own(struct nc *nc, const struct own_flag *f, const char *value)
{
	switch (f->key) {
	case 'l': nc->mode = NC_SERVER; break;
	case 'v': nc->verbose = true; break;
	case 'r': nc->raw = true; break;
	case 'e': nc->echo = true; break;
	case 'w': nc->wait = (long)number("--wait", value, 1000000); break;
	case 'b': nc->rebind_after = number("--rebind-after", value, 1000000000); break;
	case 'u':
		nc->listen_udp = number("--listen-udp", value, 65535);
		nc->mode = NC_FORWARD;
		break;
	default: break;
	}
}

/* Takes our own flags out of argv; the new argc. */
static int take_own(struct nc *nc, int argc, char **argv)
{
	int kept = 1;

	for (int i = 1; i < argc; i++) {
		const char *value;
		const struct own_flag *f = own_flag(argv[i], &value);

		if (!f) {
			argv[kept++] = argv[i];
			continue;
		}
		if (!f->has_value && value)
			host_die(2, "nc: --%s takes no value" HELP, f->name);
		if (f->has_value && !value && i + 1 < argc)
			value = argv[++i];
		set_own(nc, f, value);
	}
	argv[kept] = NULL;
	return kept;
}

/* Finds out what HOST PORT, or PORT alone, stand for. */
static void resolve(struct nc *nc, const char *host, const char *port)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_DGRAM, .ai_flags = AI_PASSIVE};
	struct addrinfo *ai;
	int err;

	if (strspn(port, "0123456789") == strlen(port))
		(void)number("PORT", port, 65535); /* getaddrinfo() takes 70000 for 4464 */
	err = getaddrinfo(host ? host : "::", port, &hints, &ai);
	if (err && !host) /* a kernel without IPv6 */
		err = getaddrinfo("0.0.0.0", port, &hints, &ai);
	if (err)
		host_die(1, "nc: %s %s: %s", host ? host : "::", port,
			 err == EAI_SYSTEM ? strerror(errno) : gai_strerror(err));
	nc->server_len = ai->ai_addrlen;
	memcpy(&nc->server, ai->ai_addr, ai->ai_addrlen);
	freeaddrinfo(ai);
}

/* Takes options wherever they stand and leaves @words, at most two; returns how many words. */
static int take_options(struct nc *nc, int argc, char **argv, char *words[2])
{
	char why[DS_WHY_MAX];
	int n = 0, rest;

	for (;; argc -= rest, argv += rest) { /* argv[0] has been taken */
		if (host_options_args(&nc->opt, HOST_TOOL, argc, argv, &rest, why))
			host_die(2, "nc: %s (dtlsshim help nc lists the options)", why);
		if (rest >= argc)
			return n;
		if (n == 2)
			host_die(2, "nc: \"%s\" is one argument too many" HELP, argv[rest]);
		words[n++] = argv[rest];
	}
}

static void parse(struct nc *nc, int argc, char **argv)
{
	char why[DS_WHY_MAX], *words[2];
	bool server;
	int n;

	argc = take_own(nc, argc, argv);
	server = nc->mode == NC_SERVER;
	host_options_init(&nc->opt);
	nc->opt.answer_timeout = 0; /* people see for themselves */
	if (host_options_env(&nc->opt, HOST_TOOL, environ, why))
		host_die(1, "nc: %s", why);
	n = take_options(nc, argc, argv, words);
	if (n < 2 && !server)
		host_die(2, "nc: two arguments are expected, HOST and PORT%s%s%s" HELP,
			 n ? ", not \"" : "", n ? words[0] : "", n ? "\"" : "");
	if (n < 1)
		host_die(2, "nc: a PORT is expected" HELP);
	nc->opt.role = server ? DS_SERVER : DS_CLIENT;
	/* Any server with a certificate of that CA would do otherwise */
	if (!server && nc->opt.ca && !nc->opt.server_name)
		nc->opt.server_name = strdup(words[0]);
	resolve(nc, n == 2 ? words[0] : NULL, words[n - 1]);
}

static void open_signals(struct nc *nc)
{
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	nc->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (nc->signals < 0)
		host_die(1, "nc: signalfd: %s", strerror(errno));
}

static void start(struct nc *nc)
{
	char why[DS_WHY_MAX];

	if (nc->mode == NC_SERVER && host_keys_open(&nc->keys, &nc->opt, why))
		host_die(1, "nc: %s", why);
	if (nc->mode == NC_FORWARD) {
		nc_forward_open(nc);
		return;
	}
	nc->ports[nc->n_ports++] = nc_port_new(nc);
	if (nc->mode == NC_SERVER)
		fprintf(stderr, "dtlsshim: nc: event=listening port=%u\n",
			nc->ports[0]->local_port);
}

static void signals_read(struct nc *nc)
{
	struct signalfd_siginfo si;

	while (read(nc->signals, &si, sizeof(si)) == sizeof(si)) {
		if (si.ssi_signo != SIGUSR1) {
			nc->done = true;
			continue;
		}
		for (unsigned int i = 0; i < nc->n_ports && nc->mode != NC_SERVER; i++)
			nc_port_rebind(nc->ports[i]);
	}
}

/* When the quiet has lasted long enough to end; DS_TIME_NEVER for never. */
static ds_time quiet_deadline(const struct nc *nc)
{
	long wait = nc->wait;

	if (wait < 0 && nc->mode == NC_CLIENT && !nc->stdin_open && nc->ports[0]->state == NC_UP)
		wait = LINGER;
	return wait > 0 ? nc->active + (ds_time)wait * DS_SECOND : DS_TIME_NEVER;
}

/* Milliseconds until something is due, for poll(2). */
static int wait_ms(const struct nc *nc)
{
	ds_time next = quiet_deadline(nc), now = host_now(), t;

	for (unsigned int i = 0; i < nc->n_ports; i++) {
		t = ds_engine_deadline(nc->ports[i]->ep.engine);
		next = t < next ? t : next;
	}
	if (nc->keys) {
		t = host_keys_deadline(nc->keys);
		next = t < next ? t : next;
	}
	if (next == DS_TIME_NEVER)
		return -1;
	next = next > now ? (next - now + DS_MSEC - 1) / DS_MSEC : 0;
	return next > 60000 ? 60000 : (int)next;
}

enum { POLL_SIGNALS, POLL_STDIN, POLL_LOCAL, POLL_KEYS, POLL_PORTS };

static void wait_for_work(const struct nc *nc, struct pollfd *fds)
{
	/* Input is left alone while there is nobody to send it to. */
	bool input = nc->stdin_open && nc->mode != NC_FORWARD && nc->ports[0]->session;

	fds[POLL_SIGNALS] = (struct pollfd){.fd = nc->signals, .events = POLLIN};
	fds[POLL_STDIN] = (struct pollfd){.fd = input ? STDIN_FILENO : -1, .events = POLLIN};
	fds[POLL_LOCAL] = (struct pollfd){.fd = nc->local, .events = POLLIN};
	fds[POLL_KEYS] =
		(struct pollfd){.fd = nc->keys ? host_keys_fd(nc->keys) : -1, .events = POLLIN};
	for (unsigned int i = 0; i < nc->n_ports; i++)
		fds[POLL_PORTS + i] = (struct pollfd){.fd = nc->ports[i]->fd, .events = POLLIN};
	if (poll(fds, POLL_PORTS + nc->n_ports, wait_ms(nc)) < 0)
		for (unsigned int i = 0; i < POLL_PORTS; i++)
			fds[i].revents = 0;
}

/* Ends the run when its session is gone or nothing has happened for long enough. */
static void check_end(struct nc *nc)
{
	bool client = nc->mode == NC_CLIENT;

	if (client && nc->ports[0]->state == NC_GONE) {
		nc->done = true;
		nc->status = 1;
	} else if (quiet_deadline(nc) <= host_now()) {
		nc->done = true;
		if (client && nc->ports[0]->state != NC_UP) {
			nc->status = 1;
			fprintf(stderr, "dtlsshim: nc: no answer within %ld seconds\n", nc->wait);
		}
	}
}

static void turn(struct nc *nc)
{
	struct pollfd fds[POLL_PORTS + NC_PORTS_MAX];
	struct host_endpoint *ep;

	wait_for_work(nc, fds);
	if (fds[POLL_SIGNALS].revents)
		signals_read(nc);
	if (nc->keys) {
		ep = &nc->ports[0]->ep;
		host_keys_work(nc->keys, host_now());
		host_endpoint_answers(nc->keys, &ep, 1);
	}
	for (unsigned int i = 0; i < nc->n_ports; i++)
		nc_port_work(nc->ports[i]);
	if (fds[POLL_STDIN].revents && nc->ports[0]->session)
		nc->stdin_open = nc_text_read(nc->ports[0]);
	if (fds[POLL_LOCAL].revents)
		nc_forward_read(nc);
	if (nc->mode == NC_FORWARD)
		nc_forward_sweep(nc);
	for (unsigned int i = 0; i < nc->n_ports; i++)
		host_endpoint_serve(&nc->ports[i]->ep, nc->keys, NULL, 0);
	check_end(nc);
}

int tool_nc(int argc, char **argv)
{
	static struct nc nc = {.wait = -1, .local = -1, .stdin_open = true};
	enum host_log_level level;
	int err;

	parse(&nc, argc, argv);
	open_signals(&nc);
	level = (enum host_log_level)nc.opt.log_level;
	if (!nc.verbose && level == HOST_LOG_INFO)
		level = HOST_LOG_WARN; /* netcat is quiet */
	err = host_log_open(level, nc.opt.log_file);
	if (err)
		host_die(1, "nc: --log-file \"%s\": %s", nc.opt.log_file, host_log_trouble(err));
	nc.active = host_now();
	start(&nc);
	while (!nc.done)
		turn(&nc);
	for (unsigned int i = 0; i < nc.n_ports; i++)
		nc_port_free(nc.ports[i]);
	return nc.status;
}
