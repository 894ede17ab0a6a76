/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keys_cmd.c - look-ups that take time
 *
 * An identity is a lookup: queued, running, or unknown for a few seconds.  A second handshake that
 * asks for it meanwhile waits for the same run.  Strangers choose identities, so everything is
 * bounded: the runs at the same time, the queue, the unknown identities that are remembered, and
 * the time and output of a run.  A stranger can also choose identities for which the command hangs;
 * so one network has at most half of the runs and of the queue that others leave, and the others go
 * on.  An identity that a stranger asked for first runs as soon as any network that waits for it may
 * have one more run, so that asking for somebody's identity delays nobody.
 *
 * For a handshake's peer a failure of any kind looks like an unknown identity; the log tells them apart.
 * A key that was found is not
 * remembered: the next handshake asks again, so a key that was withdrawn is gone.  Sessions are ended
 * only if the source says that it does not know the identity any more, for it may fail for a day.
 * Their identities are asked for in a share of our own, so that they take nothing from a network.
 */
#include <poll.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "host/arena.h"
#include "host/keys_impl.h"
#include "host/log.h"
#include "host/sys.h"
#include "host/text.h"

#define POLL_TIME	   (20 * DS_MSEC) /* between questions where there is no pidfd */
#define KEY_STATUS_UNKNOWN 1 /* exit status of a command that does not know the identity */
#define LAST_WORDS	   (2 * DS_SECOND) /* at most, until all killed commands are dead */

int host_key_cmd_open(struct key_cmd *c, const struct host_options *o, int epoll, char *why)
{
	c->epoll = epoll;
	TAILQ_INIT(&c->queued);
	TAILQ_INIT(&c->running);
	TAILQ_INIT(&c->unknown);
	TAILQ_INIT(&c->runs);
	STAILQ_INIT(&c->answers);
	if (host_sys3(SYS_getrandom, &c->seed, sizeof(c->seed), 0) < 0)
		return host_why(why, "no random numbers");
	return host_key_run_setup(c, o, why);
}

static struct key_bucket *bucket(struct key_cmd *c, const uint8_t *identity, size_t len)
{
	return &c->buckets[XXH3_64bits_withSeed(identity, len, c->seed) % KEY_BUCKETS];
}

static void drop_waits(struct key_waits *waits, const void *tag)
{
	struct key_waits kept = STAILQ_HEAD_INITIALIZER(kept);
	struct key_wait *w;

	while ((w = STAILQ_FIRST(waits))) {
		STAILQ_REMOVE_HEAD(waits, link);
		if (tag && w->answer.tag != tag)
			STAILQ_INSERT_TAIL(&kept, w, link);
		else
			host_arena_free(w, sizeof(*w));
	}
	STAILQ_CONCAT(waits, &kept);
}

static void leave_list(struct key_cmd *c, struct key_lookup *l)
{
	switch (l->state) {
	case KEY_QUEUED:
		TAILQ_REMOVE(&c->queued, l, order);
		c->n_queued--;
		break;
	case KEY_RUNNING: TAILQ_REMOVE(&c->running, l, order); break;
	case KEY_UNKNOWN:
		TAILQ_REMOVE(&c->unknown, l, order);
		c->n_unknown--;
		break;
	}
}

static void lookup_free(struct key_cmd *c, struct key_lookup *l)
{
	leave_list(c, l);
	c->n_rechecks -= l->recheck;
	c->n_withdrawn -= l->withdrawn;
	LIST_REMOVE(l, bucket);
	drop_waits(&l->waits, NULL);
	host_arena_free(l, sizeof(*l));
}

static void forget_unknown(struct key_cmd *c, ds_time now)
{
	struct key_lookup *l;

	while ((l = TAILQ_FIRST(&c->unknown)) &&
	       (l->until <= now || c->n_unknown > KEY_UNKNOWN_MAX))
		lookup_free(c, l);
}

static void withdraw(struct key_cmd *c, struct key_lookup *l)
{
	c->n_withdrawn += !l->withdrawn;
	l->withdrawn = true;
}

/* Answers all handshakes that wait for @l; @key NULL = unknown, or not to be had. */
static void finish(struct key_cmd *c, struct key_lookup *l, const struct host_key *key, ds_time now)
{
	struct key_wait *w;

	for (w = STAILQ_FIRST(&l->waits); w; w = STAILQ_NEXT(w, link)) {
		w->answer.result = key		? HOST_KEY_FOUND
				   : l->certain ? HOST_KEY_UNKNOWN
						: HOST_KEY_FAILED;
		if (key)
			w->answer.key = *key;
	}
	STAILQ_CONCAT(&c->answers, &l->waits);
	if (key) {
		lookup_free(c, l);
		return;
	}
	leave_list(c, l);
	if (l->recheck && l->certain)
		withdraw(c, l);
	c->n_rechecks -= l->recheck;
	l->recheck = false;
	l->state = KEY_UNKNOWN;
	l->until = now + KEY_UNKNOWN_TIME;
	TAILQ_INSERT_TAIL(&c->unknown, l, order);
	c->n_unknown++;
	forget_unknown(c, now);
}

static void log_result(const struct key_lookup *l, enum host_log_level level, const char *result)
{
	static struct host_log_limit limits[HOST_LOG_DEBUG + 1];
	char id[4 * DS_IDENTITY_MAX + 3];
	struct host_text t = host_text_start(id, sizeof(id));

	host_text_quote(&t, l->identity, l->len);
	host_log_limited(&limits[level], level, "event=psk_cmd id=%s result=%s", id, result);
}

static size_t share_of(const struct key_list *list, uint64_t network)
{
	const struct key_lookup *l;
	size_t n = 0;

	for (l = TAILQ_FIRST(list); l; l = TAILQ_NEXT(l, order))
		n += l->network == network;
	return n;
}

/* Whether a network that has @own of @all may have one more of @max. */
static bool is_fair(size_t own, size_t all, size_t max)
{
	return all < max && own < (max - all + own + 1) / 2;
}

struct refusal {
	bool is_set;
	uint64_t network;
};

/* Whether @network may have one more run.  @r remembers the last that may not, because most of a long
 * queue is of one network. */
static bool may_run(const struct key_cmd *c, uint64_t network, struct refusal *r)
{
	if (r->is_set && r->network == network)
		return false;
	if (is_fair(share_of(&c->running, network), c->n_runs, KEY_RUNS_MAX))
		return true;
	*r = (struct refusal){true, network};
	return false;
}

/* Finds a network that waits for @l and may have it run, and makes it that network's; false if there
 * is none. */
static bool find_share(const struct key_cmd *c, struct key_lookup *l, struct refusal *r)
{
	const struct key_wait *w;

	if (may_run(c, l->network, r))
		return true;
	if (l->recheck && may_run(c, KEY_OURSELVES, r)) {
		l->network = KEY_OURSELVES;
		return true;
	}
	for (w = STAILQ_FIRST(&l->waits); w; w = STAILQ_NEXT(w, link)) {
		if (may_run(c, w->network, r)) {
			l->network = w->network;
			return true;
		}
	}
	return false;
}

/* The next in the queue that a network may have run. */
static struct key_lookup *next_queued(const struct key_cmd *c)
{
	struct refusal refusal = {0};
	struct key_lookup *l;

	for (l = TAILQ_FIRST(&c->queued); l && c->n_runs < KEY_RUNS_MAX; l = TAILQ_NEXT(l, order))
		if (find_share(c, l, &refusal))
			return l;
	return NULL;
}

static void start_queued(struct key_cmd *c, ds_time now)
{
	struct key_lookup *l;

	while ((l = next_queued(c))) {
		leave_list(c, l);
		l->state = KEY_RUNNING;
		TAILQ_INSERT_TAIL(&c->running, l, order);
		if (!host_key_run_start(c, l, now))
			finish(c, l, NULL, now);
	}
}

/* An identity is an argument and an environment variable of the command: no control bytes, which
 * scripts pass on line by line, and nothing that looks like an option. */
static bool presentable(const uint8_t *identity, size_t len)
{
	if (!len || len > DS_IDENTITY_MAX || identity[0] == '-')
		return false;
	for (size_t i = 0; i < len; i++)
		if (identity[i] < 0x20 || identity[i] == 0x7f)
			return false;
	return true;
}

static struct key_lookup *lookup_new(struct key_cmd *c, const struct ds_lookup *want)
{
	struct key_lookup *l;

	if (!is_fair(share_of(&c->queued, want->network), c->n_queued, KEY_QUEUE_MAX))
		return NULL;
	l = host_arena_alloc(sizeof(*l));
	if (!l)
		return NULL;
	memcpy(l->identity, want->identity, want->identity_len);
	l->len = want->identity_len;
	l->network = want->network;
	l->state = KEY_QUEUED;
	STAILQ_INIT(&l->waits);
	LIST_INSERT_HEAD(bucket(c, l->identity, l->len), l, bucket);
	TAILQ_INSERT_TAIL(&c->queued, l, order);
	c->n_queued++;
	return l;
}

/* The lookup of an identity: one that is there, or a new one; NULL if there is no room. */
static struct key_lookup *lookup_get(struct key_cmd *c, const struct ds_lookup *want)
{
	size_t len = want->identity_len;
	struct key_lookup *l;

	for (l = LIST_FIRST(bucket(c, want->identity, len)); l; l = LIST_NEXT(l, bucket)) {
		if (l->len == len && !memcmp(l->identity, want->identity, len))
			return l;
	}
	return lookup_new(c, want);
}

enum host_keys_result host_key_cmd_find(struct key_cmd *c, const struct ds_lookup *want, void *tag,
					ds_time now)
{
	static struct host_log_limit busy, refused;
	struct key_lookup *l;
	struct key_wait *w;

	if (!c->program)
		return HOST_KEY_UNKNOWN;
	if (!presentable(want->identity, want->identity_len)) {
		host_log_limited(
			&refused, HOST_LOG_DEBUG,
			"event=psk_cmd result=refused identity is empty, begins with '-' or "
			"has control bytes");
		return HOST_KEY_UNKNOWN;
	}
	forget_unknown(c, now);
	l = lookup_get(c, want);
	if (l && l->state == KEY_UNKNOWN)
		return l->certain ? HOST_KEY_UNKNOWN : HOST_KEY_FAILED;
	w = l ? host_arena_alloc(sizeof(*w)) : NULL;
	if (!w) {
		host_log_limited(&busy, HOST_LOG_WARN,
				 "event=psk_cmd result=busy %zu look-ups wait already",
				 c->n_queued);
		return HOST_KEY_FAILED;
	}
	w->answer.tag = tag;
	w->answer.id = want->id;
	w->network = want->network;
	STAILQ_INSERT_TAIL(&l->waits, w, link);
	start_queued(c, now);
	return HOST_KEY_PENDING;
}

void host_key_cmd_recheck(struct key_cmd *c, const uint8_t *identity, size_t len, ds_time now)
{
	struct ds_lookup want = {.network = KEY_OURSELVES, .identity_len = len};
	struct key_lookup *l;

	if (!c->program || !presentable(identity, len))
		return;
	memcpy(want.identity, identity, len);
	forget_unknown(c, now);
	l = lookup_get(c, &want);
	if (!l)
		return; /* its turn comes again */
	if (l->state != KEY_UNKNOWN) {
		c->n_rechecks += !l->recheck;
		l->recheck = true;
		start_queued(c, now);
	} else if (l->certain) {
		withdraw(c, l);
	}
}

bool host_key_cmd_withdrawn(struct key_cmd *c, uint8_t *identity, size_t *len)
{
	struct key_lookup *l = c->n_withdrawn ? TAILQ_FIRST(&c->unknown) : NULL;

	while (l && !l->withdrawn)
		l = TAILQ_NEXT(l, order);
	if (!l)
		return false;
	l->withdrawn = false;
	c->n_withdrawn--;
	memcpy(identity, l->identity, l->len);
	*len = l->len;
	return true;
}

void host_key_cmd_forget(struct key_cmd *c, const void *tag)
{
	struct key_lookup *l;

	for (size_t i = 0; i < KEY_BUCKETS; i++) {
		for (l = LIST_FIRST(&c->buckets[i]); l; l = LIST_NEXT(l, bucket))
			drop_waits(&l->waits, tag);
	}
	drop_waits(&c->answers, tag);
}

/* Ends a run that is still alive: those that wait for it are answered now, the process is reaped when
 * it dies. */
static void give_up(struct key_cmd *c, struct key_run *r, const char *result, ds_time now)
{
	struct key_lookup *l = r->lookup;

	host_key_run_kill(r);
	host_key_run_close(r);
	r->lookup = NULL;
	if (!l)
		return;
	log_result(l, HOST_LOG_WARN, result);
	finish(c, l, NULL, now);
}

enum verdict { KNOWN, UNKNOWN, NO_ANSWER };

/* What a run that ended with @status says.  curl and the shell add numbers to the output: the status of
 * HTTP, that of the command. */
static enum verdict judge(const struct key_cmd *c, struct key_run *r, int status)
{
	int http;

	if (r->shell)
		status = host_key_run_cut_number(r);
	if (!c->curl_config)
		return status == 0 ? KNOWN : status == KEY_STATUS_UNKNOWN ? UNKNOWN : NO_ANSWER;
	http = host_key_run_cut_number(r);
	if (http == 404 || http == 410)
		return UNKNOWN;
	return status == 0 ? KNOWN : NO_ANSWER;
}

/* Another part of the program took the exit status.  Without it no key is believed, so the command
 * runs again, through the shell, which reports it. */
static void ask_shell(struct key_cmd *c, struct key_lookup *l)
{
	if (!c->shell)
		host_log(HOST_LOG_INFO,
			 "event=psk_cmd this program takes the exit status of all its children; "
			 "the command is run through /bin/sh, which reports it");
	c->shell = true;
	leave_list(c, l);
	l->state = KEY_QUEUED;
	TAILQ_INSERT_HEAD(&c->queued, l, order);
	c->n_queued++;
}

static void conclude(struct key_cmd *c, struct key_run *r, int status, ds_time now)
{
	struct key_lookup *l = r->lookup;
	struct host_key key;
	enum verdict v;

	if (!l)
		return;
	if (status == KEY_EXIT_LOST && !r->shell) {
		ask_shell(c, l);
		return;
	}
	v = judge(c, r, status);
	l->certain = v == UNKNOWN;
	if (v == UNKNOWN)
		log_result(l, HOST_LOG_DEBUG, "unknown");
	else if (v == NO_ANSWER)
		log_result(l, HOST_LOG_WARN,
			   c->curl_config ? "failed: no key and no 404 from the key server"
					  : "failed: neither a key nor exit status 1");
	else if (!host_key_run_key(r, &key))
		log_result(l, HOST_LOG_WARN,
			   "bad_output: a key of 1 to 64 bytes in hex is expected");
	else
		log_result(l, HOST_LOG_DEBUG, "found");
	finish(c, l, v == KNOWN && key.len ? &key : NULL, now);
	explicit_bzero(&key, sizeof(key));
}

void host_key_cmd_event(struct key_cmd *c, struct key_run *r, bool exited, ds_time now)
{
	int status;

	if (!host_key_run_read(r)) {
		give_up(c, r, "too_much: more than 4096 bytes of output", now);
		return;
	}
	if (!exited)
		return;
	status = host_key_run_exit(r);
	if (status == KEY_EXIT_NOT_YET)
		return;
	host_key_run_read(r); /* what came between */
	conclude(c, r, status, now);
	host_key_run_free(c, r);
}

void host_key_cmd_work(struct key_cmd *c, ds_time now)
{
	struct key_run *r, *next;
	bool ask = now >= c->poll_at;

	for (r = TAILQ_FIRST(&c->runs); r; r = next) {
		next = TAILQ_NEXT(r, link);
		if (r->lookup && now >= r->deadline)
			give_up(c, r, "timeout", now);
		if (r->pidfd < 0 && ask)
			host_key_cmd_event(c, r, true, now);
	}
	if (ask)
		c->poll_at = now + POLL_TIME;
	forget_unknown(c, now);
	start_queued(c, now);
}

ds_time host_key_cmd_deadline(const struct key_cmd *c)
{
	ds_time at = DS_TIME_NEVER;
	const struct key_run *r;

	if (!STAILQ_EMPTY(&c->answers))
		return 0;
	for (r = TAILQ_FIRST(&c->runs); r; r = TAILQ_NEXT(r, link)) {
		if (r->lookup && r->deadline < at)
			at = r->deadline;
		if (r->pidfd < 0 && c->poll_at < at)
			at = c->poll_at;
	}
	return at;
}

void host_key_cmd_close(struct key_cmd *c)
{
	/* The kernel takes from it what each wait used.  Dead commands that nobody reaped would be left to
	 * the program; on a busy machine dying takes more than a moment. */
	struct timespec patience = {.tv_sec = LAST_WORDS / DS_SECOND};
	struct key_run *r;
	struct key_lookup *l;

	while ((r = TAILQ_FIRST(&c->runs))) {
		struct pollfd p = {.fd = r->pidfd, .events = POLLIN};

		host_key_run_kill(r);
		host_sys6(SYS_ppoll, &p, 1, &patience, 0, 0, 0);
		host_key_run_exit(r);
		host_key_run_free(c, r);
	}
	for (size_t i = 0; i < KEY_BUCKETS; i++)
		while ((l = LIST_FIRST(&c->buckets[i])))
			lookup_free(c, l);
	drop_waits(&c->answers, NULL);
	host_key_run_fini(c);
}
