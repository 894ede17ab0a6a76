/* SPDX-License-Identifier: Apache-2.0 */
/*
 * backends.h - the plaintext servers, and which of them a session's messages go to
 *
 * A backend is an address.  It is listed as long as --connect names it, or a name in --connect stands for
 * it.  A new session gets a listed one, and stays with it even when it is listed no more.  A backend that
 * refuses rests for a while if there is another one: it gets no sessions then, and those it has get another
 * one with their next message.
 *
 * Threads:  the loop's.
 * Memory:   about 200 bytes a backend; one that is neither listed nor any session's makes room for another.
 */
#ifndef PROXY_BACKENDS_H
#define PROXY_BACKENDS_H

#include "host/log.h"
#include "host/options.h"
#include "proxy/names.h"

#define PROXY_NO_BACKEND UINT32_MAX

/**
 * struct proxy_backend - one plaintext server
 * @addr:	what tells it from others
 * @to, @to_len: the same for connect(2)
 * @seed:	by what sessions are spread by identity
 * @sessions:	how many are with it
 * @probe_fd:	the socket it is asked from (probe.h), or -1
 * @asked:	and it has not answered yet; @unanswered: so many before it
 * @rest:	how long it rests, or rested last; 0 = it answered since
 * @rests_until: it is left alone until then
 */
struct proxy_backend {
	struct ds_addr addr;
	union host_sockaddr to;
	socklen_t to_len;
	bool listed, asked;
	uint8_t unanswered;
	int probe_fd;
	uint32_t sessions;
	uint64_t seed;
	ds_time rest, rests_until;
	struct host_log_limit refusals;
};

/* What a port listens to: @at, as @text says; @wanted is what that says before it is bound. */
struct proxy_bound {
	union host_sockaddr at;
	struct ds_addr wanted;
	const char *text;
};

/* Which of @n ports would get what is sent to @addr; NULL: none. */
const struct proxy_bound *proxy_bound_gets(const struct proxy_bound *bound, unsigned n,
					   const struct ds_addr *addr);

/**
 * struct proxy_backends - those of one port
 * @names:	the entries of --connect
 * @list:	an index names a backend as long as it is listed or has sessions
 * @turn:	the next one, in turns
 * @probed:	a probe tells when one that rests has rested enough
 * @bound:	what we listen to ourselves, so that nothing is sent there
 */
struct proxy_backends {
	struct proxy_name *names;
	uint32_t n_names;
	struct proxy_backend *list;
	uint32_t n, n_listed, turn;
	enum host_balance balance;
	bool probed;
	const struct proxy_bound *bound;
	unsigned n_bound;
};

/* Resolves the entries of --connect in @o; those that are names are given to @names.  0, or -1 with @why. */
DS_MUST_CHECK
int proxy_backends_open(struct proxy_backends *b, struct proxy_names *names,
			const struct host_options *o, char why[static DS_WHY_MAX]);

/* Lists what they stand for, when it is known what all ports are @bound to, which stays.  0, or -1 with @why:
 * --connect leads back to us, or to too many. */
DS_MUST_CHECK
int proxy_backends_begin(struct proxy_backends *b, const struct proxy_bound *bound,
			 unsigned n_bound, char why[static DS_WHY_MAX]);

/* Takes the answers that are there, and logs what changed. */
void proxy_backends_update(struct proxy_backends *b, struct proxy_names *names);

/* The backend for session @s: one that is listed and does not rest; if all rest, one of those.
 * PROXY_NO_BACKEND if none is listed. */
uint32_t proxy_backends_choose(struct proxy_backends *b, const struct ds_session_info *s,
			       ds_time now);

/* The backend for session @s, whose own, @i, rests: one that does not; @i if there is none. */
uint32_t proxy_backends_instead(struct proxy_backends *b, uint32_t i,
				const struct ds_session_info *s, ds_time now);

static inline bool proxy_backend_rests(const struct proxy_backends *b, uint32_t i, ds_time now)
{
	return b->list[i].rests_until > now;
}

/* Backend @i refused a message, or cannot be reached: @err, an errno. */
void proxy_backends_refused(struct proxy_backends *b, uint32_t i, int err, ds_time now);
/* It has sent something. */
void proxy_backends_answered(struct proxy_backends *b, uint32_t i);

/* Writes the addresses of those that are listed, with commas between. */
const char *proxy_backends_format(const struct proxy_backends *b, char *text, size_t cap);

#endif
