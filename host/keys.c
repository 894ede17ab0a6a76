/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keys.c - the sources in order: the file, then the command or the key server
 *
 * Both sources put their descriptors into one epoll set, so a caller waits for all of them with one
 * descriptor (host_keys_fd()), and one call does what is due.
 *
 * A forked child cannot use its parent's sources: the memory is wiped, and the children that the
 * parent waits for are not its own.  It closes the descriptors that it inherited and opens its own
 * sources.
 */
#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "host/arena.h"
#include "host/keys_impl.h"
#include "host/log.h"
#include "host/sys.h"
#include "host/text.h"

#define EVENTS_MAX 256 /* taken in one go; the rest waits for the next */

/* Descriptors of the last instance.  A forked child finds the instance wiped but inherits them. */
static struct {
	pid_t pid;
	int epoll, inotify;
} last;

static void close_inherited(void)
{
	if (!last.pid || last.pid == getpid())
		return;
	host_fd_drop(last.epoll);
	host_fd_drop(last.inotify);
	last.pid = 0;
}

static int open_sources(struct host_keys *k, const struct host_options *o, bool beside, char *why)
{
	long fd = host_sys3(SYS_epoll_create1, EPOLL_CLOEXEC, 0, 0);

	k->file.inotify = -1;
	k->recheck_at = DS_TIME_NEVER;
	if (fd >= 0)
		fd = host_fd_keep((int)fd);
	k->epoll = (int)fd;
	if (fd < 0)
		return host_why(why, "epoll_create1: %s", strerrordesc_np((int)-fd));
	if (host_key_cmd_open(&k->cmd, o, k->epoll, why))
		return -1;
	if (o->key_recheck && k->cmd.program) {
		k->recheck_every = o->key_recheck * DS_SECOND / HOST_KEY_ROUNDS;
		k->recheck_at = host_now() + k->recheck_every;
	}
	return o->psk_csv ? host_key_file_open(&k->file, o->psk_csv, beside, k->epoll, why) : 0;
}

/* A server whose clients need neither a key nor a certificate is seldom what was meant. */
static void tell_of_anonymous_clients(const struct host_options *o)
{
	static atomic_bool told;

	if (host_has_role(o, DS_SERVER) && o->cert && !o->ca && !o->psk_csv && !o->psk_cmd &&
	    !o->psk_rest && !atomic_exchange(&told, true))
		host_log(HOST_LOG_INFO,
			 "event=clients_anonymous: there is a certificate, but neither pre-shared "
			 "keys nor DTLSSHIM_CA (--ca): clients are not authenticated");
}

static int open_keys(struct host_keys **out, const struct host_options *o, bool beside, char *why)
{
	struct host_keys *k = host_arena_alloc(sizeof(*k));

	*out = NULL;
	if (!k)
		return host_why(why, "out of memory");
	close_inherited();
	if (open_sources(k, o, beside, why)) {
		host_keys_close(k);
		return -1;
	}
	last.pid = getpid();
	last.epoll = k->epoll;
	last.inotify = k->file.inotify;
	*out = k;
	tell_of_anonymous_clients(o);
	return 0;
}

int host_keys_open(struct host_keys **out, const struct host_options *o,
		   char why[static DS_WHY_MAX])
{
	return open_keys(out, o, false, why);
}

int host_keys_begin(struct host_keys **out, const struct host_options *o,
		    char why[static DS_WHY_MAX])
{
	return open_keys(out, o, o->state, why);
}

bool host_keys_are_read(const struct host_keys *k)
{
	return !host_key_file_begins(&k->file);
}

void host_keys_close(struct host_keys *k)
{
	if (!k)
		return;
	host_key_cmd_close(&k->cmd);
	host_key_file_close(&k->file);
	if (last.pid && k->epoll == last.epoll)
		last.pid = 0;
	host_fd_drop(k->epoll);
	host_arena_free(k, sizeof(*k));
}

static enum host_keys_result find_at_hand(const struct host_keys *k, const uint8_t *identity,
					  size_t len, struct host_key *out)
{
	struct key_entry e;

	if (!len || !k->file.set || !host_key_set_find(k->file.set, identity, len, &e))
		return HOST_KEY_UNKNOWN;
	memcpy(out->bytes, e.key, e.key_len);
	out->len = e.key_len;
	return HOST_KEY_FOUND;
}

enum host_keys_result host_keys_find(struct host_keys *k, const uint8_t *identity, size_t len,
				     void *tag, uint64_t id, struct host_key *out, ds_time now)
{
	struct ds_lookup want = {.id = id, .identity_len = len};

	if (len > DS_IDENTITY_MAX)
		return HOST_KEY_UNKNOWN;
	memcpy(want.identity, identity, len);
	return host_keys_serve(k, &want, tag, out, now);
}

enum host_keys_result host_keys_serve(struct host_keys *k, const struct ds_lookup *want, void *tag,
				      struct host_key *out, ds_time now)
{
	if (find_at_hand(k, want->identity, want->identity_len, out) == HOST_KEY_FOUND)
		return HOST_KEY_FOUND;
	return want->crowded ? HOST_KEY_UNKNOWN : host_key_cmd_find(&k->cmd, want, tag, now);
}

void host_keys_forget(struct host_keys *k, const void *tag)
{
	host_key_cmd_forget(&k->cmd, tag);
}

int host_keys_fd(const struct host_keys *k)
{
	return k->epoll;
}

ds_time host_keys_deadline(const struct host_keys *k)
{
	ds_time file = host_key_file_deadline(&k->file), cmd = host_key_cmd_deadline(&k->cmd);

	file = file < cmd ? file : cmd;
	return file < k->recheck_at ? file : k->recheck_at;
}

void host_keys_work(struct host_keys *k, ds_time now)
{
	struct epoll_event ev;

	/* One at a time: taking one may free the run that another is about */
	for (int i = 0; i < EVENTS_MAX; i++) {
		if (host_sys6(SYS_epoll_pwait, k->epoll, &ev, 1, 0, 0, 8) != 1)
			break;
		if (ev.data.u64)
			host_key_cmd_event(&k->cmd,
					   (void *)(uintptr_t)(ev.data.u64 &
							       ~(uint64_t)KEY_EVENT_EXIT),
					   ev.data.u64 & KEY_EVENT_EXIT, now);
		else
			host_key_file_events(&k->file, now);
	}
	host_key_file_work(&k->file, now);
	host_key_cmd_work(&k->cmd, now);
	if (now >= k->recheck_at) {
		k->round++;
		k->recheck_at = now + k->recheck_every;
	}
}

bool host_keys_answer(struct host_keys *k, struct host_answer *out)
{
	struct key_wait *w = STAILQ_FIRST(&k->cmd.answers);

	if (!w)
		return false;
	*out = w->answer;
	STAILQ_REMOVE_HEAD(&k->cmd.answers, link);
	host_arena_free(w, sizeof(*w));
	return true;
}

int host_keys_reload(struct host_keys *k, char why[static DS_WHY_MAX])
{
	return k->file.name ? host_key_file_reload(&k->file, why) : 0;
}

bool host_keys_removed(struct host_keys *k, uint8_t identity[static DS_IDENTITY_MAX], size_t *len)
{
	struct host_key key;
	bool known;

	if (host_key_file_removed(&k->file, identity, len))
		return true;
	while (host_key_cmd_withdrawn(&k->cmd, identity, len)) {
		known = find_at_hand(k, identity, *len, &key) == HOST_KEY_FOUND;
		explicit_bzero(&key, sizeof(key));
		if (!known)
			return true;
	}
	return false;
}

uint32_t host_keys_round(const struct host_keys *k)
{
	return k->round;
}

bool host_keys_may_recheck(const struct host_keys *k)
{
	return k->recheck_every && host_keys_are_read(k) && k->cmd.n_rechecks < KEY_RECHECKS;
}

void host_keys_recheck(struct host_keys *k, const uint8_t *identity, size_t len, ds_time now)
{
	struct host_key key;

	if (find_at_hand(k, identity, len, &key) == HOST_KEY_UNKNOWN)
		host_key_cmd_recheck(&k->cmd, identity, len, now);
	explicit_bzero(&key, sizeof(key));
}
