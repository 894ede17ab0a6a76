/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keys_run.c - one run of the key command
 *
 * The program is started with posix_spawn(3), which copies nothing of our memory: standard input is
 * empty, standard output a pipe, standard error the log, every other descriptor closed, signals
 * at their defaults, a process group of its own.  It has ended when its process has; a child
 * of its own that keeps the pipe open does not matter and is killed with the group.
 *
 * A key server is asked by curl(1) in the same way, told what to do through standard input, so
 * that neither header nor identity stand on a command line.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/arena.h"
#include "host/keys_impl.h"
#include "host/log.h"
#include "host/sys.h"
#include "host/text.h"

/* Starting */

/* A pipe away from the low numbers, which the child's descriptors 0 to 2 replace. */
static int make_pipe(int ends[2])
{
	int low[2] = {-1, -1};
	long err = host_sys3(SYS_pipe2, low, O_CLOEXEC, 0);

	ends[0] = ends[1] = -1;
	if (err)
		return (int)err;
	ends[0] = host_fd_keep(low[0]);
	ends[1] = host_fd_keep(low[1]);
	if (ends[0] >= 0 && ends[1] >= 0)
		return 0;
	host_fd_drop(ends[0]);
	host_fd_drop(ends[1]);
	return -EMFILE;
}

/* The read end of a pipe that already holds what curl is to do, or a negative errno. */
static int curl_input(const struct key_cmd *c, const struct key_lookup *l)
{
	char config[KEY_CURL_MAX];
	struct host_text t = host_text_start(config, sizeof(config));
	int ends[2], err = make_pipe(ends);

	if (err)
		return err;
	host_text_add(&t, "%s", c->curl_config);
	host_key_curl_quoted(&t, (const char *)l->identity);
	host_text_add(&t, "\"\n");
	host_sys3(SYS_write, ends[1], config, t.len);
	explicit_bzero(config, sizeof(config)); /* the header may be a secret */
	host_fd_drop(ends[1]);
	return ends[0];
}

static int spawn(const struct key_cmd *c, struct key_run *r, int in, int out)
{
	char *identity = (char *)r->lookup->identity, *program = (char *)c->program;
	/* The shell gets program and arguments as arguments: nothing of them is ever code */
	char *argv[8] = {"/bin/sh", "-c", "\"$0\" \"$@\"; printf '\\n%s' $?"};
	size_t n = r->shell ? 3 : 0;
	posix_spawn_file_actions_t fa;
	posix_spawnattr_t attr;
	sigset_t set;
	int err, log = host_log_fd();

	argv[n++] = program;
	if (c->curl_config) {
		argv[n++] = "-q";
		argv[n++] = "--config";
		argv[n++] = "-";
	} else {
		argv[n++] = identity;
	}
	argv[n] = NULL;
	if (host_sys3(SYS_fcntl, log, F_GETFD, 0) < 0)
		log = -1;
	posix_spawn_file_actions_init(&fa);
	posix_spawnattr_init(&attr);
	err = in >= 0 ? posix_spawn_file_actions_adddup2(&fa, in, 0)
		      : posix_spawn_file_actions_addopen(&fa, 0, "/dev/null", O_RDONLY, 0);
	err |= posix_spawn_file_actions_adddup2(&fa, out, 1);
	err |= log >= 0 ? posix_spawn_file_actions_adddup2(&fa, log, 2)
			: posix_spawn_file_actions_addopen(&fa, 2, "/dev/null", O_WRONLY, 0);
	err |= posix_spawn_file_actions_addclosefrom_np(&fa, 3);
	sigemptyset(&set);
	err |= posix_spawnattr_setsigmask(&attr, &set);
	sigfillset(&set);
	err |= posix_spawnattr_setsigdefault(&attr, &set);
	err |= posix_spawnattr_setpgroup(&attr, 0);
	err |= posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
						       POSIX_SPAWN_SETSIGDEF);
	err = err ? ENOMEM : posix_spawn(&r->pid, argv[0], &fa, &attr, argv, c->env);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&fa);
	return -err;
}

static void set_identity(const struct key_cmd *c, const struct key_lookup *l)
{
	struct host_text t = host_text_start(c->env_identity, KEY_ENV_MAX);

	host_text_add(&t, KEY_ENV_IDENTITY);
	host_text_hex(&t, l->identity, l->len);
}

static void watch(const struct key_cmd *c, int fd, uint64_t data)
{
	struct epoll_event ev = {.events = EPOLLIN, .data.u64 = data};

	host_sys6(SYS_epoll_ctl, c->epoll, EPOLL_CTL_ADD, fd, &ev, 0, 0);
}

/* 0 or a negative errno. */
static int start(struct key_cmd *c, struct key_run *r)
{
	int out[2], in = -1, err = make_pipe(out);
	long fd;

	if (err)
		return err;
	set_identity(c, r->lookup);
	if (c->curl_config) {
		in = curl_input(c, r->lookup);
		err = in < 0 ? in : 0;
	}
	if (!err)
		err = spawn(c, r, in, out[1]);
	host_fd_drop(in);
	host_fd_drop(out[1]);
	if (err) {
		host_fd_drop(out[0]);
		return err;
	}
	r->fd = out[0];
	host_sys3(SYS_fcntl, r->fd, F_SETFL, O_NONBLOCK);
	watch(c, r->fd, (uintptr_t)r);
	fd = host_sys3(SYS_pidfd_open, r->pid, 0, 0);
	if (fd >= 0)
		fd = host_fd_keep((int)fd);
	r->pidfd = fd < 0 ? -1 : (int)fd;
	if (r->pidfd >= 0)
		watch(c, r->pidfd, (uintptr_t)r | KEY_EVENT_EXIT);
	return 0;
}

struct key_run *host_key_run_start(struct key_cmd *c, struct key_lookup *l, ds_time now)
{
	static struct host_log_limit limit;
	struct key_run *r = host_arena_alloc(sizeof(*r));
	int err = -ENOMEM;

	if (r) {
		r->lookup = l;
		r->fd = r->pidfd = -1;
		r->epoll = c->epoll;
		r->deadline = now + c->timeout;
		r->shell = c->shell;
		err = start(c, r);
	}
	if (err) {
		host_arena_free(r, sizeof(*r));
		host_log_limited(&limit, HOST_LOG_WARN, "event=psk_cmd result=not_started %s: %s",
				 c->program, strerrordesc_np(-err));
		return NULL;
	}
	TAILQ_INSERT_TAIL(&c->runs, r, link);
	c->n_runs++;
	return r;
}

/* Ending */

bool host_key_run_read(struct key_run *r)
{
	while (r->fd >= 0) {
		size_t room = KEY_OUTPUT_MAX - r->len;
		/* Into no room: one byte more, to know whether there is more */
		long n = host_sys3(SYS_read, r->fd, r->output + r->len, room ? room : 1);

		if (n == -EINTR)
			continue;
		if (n == -EAGAIN)
			break;
		if (n > 0 && !room)
			return false;
		if (n > 0) {
			r->len += (size_t)n;
			continue;
		}
		host_key_run_close(r);
	}
	return true;
}

/* Explicitly out of the epoll set: a forked process may hold the descriptor too, and then closing
 * ours would leave it there with a pointer to nothing. */
static void unwatch(const struct key_run *r, int fd)
{
	if (fd < 0)
		return;
	host_sys6(SYS_epoll_ctl, r->epoll, EPOLL_CTL_DEL, fd, 0, 0, 0);
	host_fd_drop(fd);
}

void host_key_run_close(struct key_run *r)
{
	unwatch(r, r->fd);
	r->fd = -1;
}

static int wait_for(const struct key_run *r, siginfo_t *si, int flags)
{
	memset(si, 0, sizeof(*si));
	return waitid(r->pidfd >= 0 ? P_PIDFD : P_PID, (id_t)(r->pidfd >= 0 ? r->pidfd : r->pid),
		      si, WEXITED | WNOHANG | flags);
}

void host_key_run_kill(struct key_run *r)
{
	siginfo_t si;

	/* As long as it is our child, even a dead one, no other group can have its number */
	if (!wait_for(r, &si, WNOWAIT))
		kill(-r->pid, SIGKILL);
}

int host_key_run_exit(struct key_run *r)
{
	siginfo_t si;

	if (wait_for(r, &si, WNOWAIT))
		return KEY_EXIT_LOST;
	if (!si.si_pid)
		return KEY_EXIT_NOT_YET;
	kill(-r->pid, SIGKILL);
	if (wait_for(r, &si, 0))
		return KEY_EXIT_LOST;
	return si.si_code == CLD_EXITED ? si.si_status : KEY_EXIT_KILLED;
}

int host_key_run_cut_number(struct key_run *r)
{
	size_t at = r->len;
	int n = 0;

	while (at && r->output[at - 1] >= '0' && r->output[at - 1] <= '9')
		at--;
	if (!at || r->output[at - 1] != '\n' || at == r->len || r->len - at > 3)
		return -1;
	for (size_t i = at; i < r->len; i++)
		n = 10 * n + r->output[i] - '0';
	r->len = at - 1;
	return n;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool host_key_run_key(struct key_run *r, struct host_key *out)
{
	const char *text = r->output;
	size_t len = r->len;
	long n;

	for (; len && is_space(text[len - 1]); len--)
		;
	for (; len && is_space(*text); len--)
		text++;
	n = host_hex_parse(out->bytes, sizeof(out->bytes), text, len);
	out->len = n > 0 ? (size_t)n : 0;
	return n > 0;
}

void host_key_run_free(struct key_cmd *c, struct key_run *r)
{
	host_key_run_close(r);
	unwatch(r, r->pidfd);
	TAILQ_REMOVE(&c->runs, r, link);
	c->n_runs--;
	host_arena_free(r, sizeof(*r));
}
