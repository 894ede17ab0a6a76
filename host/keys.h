/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keys.h - where pre-shared keys come from
 *
 * A CSV file (identity,hexkey; hot reload), then a command or a key server for identities the file
 * does not have.  Look-ups are asynchronous: one that hangs delays only the device that caused
 * it.
 *
 * The file is read by the rules of Go's encoding/csv, as EUB's dtls_proxy does.  It is noticed when
 * it changes in any way (written, renamed over, a link switched), read when it lies still, and
 * swapped whole; one of more than a megabyte in turns of a millisecond, beside serving.  A mistake in it,
 * an empty file or a missing one leaves the old keys in use and says so in the log.
 *
 * The command gets the identity as its one argument and, in hex, in DTLSSHIM_IDENTITY; it prints
 * the key in hex and exits 0.  It runs without LD_PRELOAD and DTLSSHIM_ variables, with no
 * descriptor but 0 to 2, in its own process group, which is killed when the command ends or its
 * time is up (DTLSSHIM_PSK_CMD_TIMEOUT), and may print 4 kB.  Anything else it does means
 * "unknown".  Same identity at the same time = one run; an unknown identity is remembered for
 * five seconds; 64 commands run at the same time, 1024 wait.  An identity that is empty, begins
 * with '-' or has control bytes never reaches it.  A key server is asked by curl(1) under the
 * same rules.
 *
 * The command says that an identity is unknown by exit status 1, the key server by 404 or 410; by that,
 * and by no other failure, the sessions of a key that was withdrawn end when it is asked again.
 *
 * Threads:  one thread at a time (the service thread, or the proxy's loop).
 * Fork:     a child, after host_arena_reset(), forgets the parent's sources and opens its own with
 *	     the same options.  The place of the file and of the command is that of the first
 *	     opening: changing directory, root or user in between does not matter, as long as the
 *	     file can be read at all.
 * Memory:   keys live in the arena.
 */
#ifndef HOST_KEYS_H
#define HOST_KEYS_H

#include "dtlsshim/config.h"
#include "dtlsshim/engine.h"
#include "host/options.h"

struct host_keys;

/* UNKNOWN: the sources say so.  FAILED: one of them could not be asked, or gave no answer. */
enum host_keys_result { HOST_KEY_FOUND, HOST_KEY_UNKNOWN, HOST_KEY_FAILED, HOST_KEY_PENDING };

struct host_key {
	uint8_t bytes[DS_PSK_MAX];
	size_t len;
};

/* An answer to a pending look-up. */
struct host_answer {
	void *tag;		      /* as given to host_keys_find() */
	uint64_t id;		      /* as given to host_keys_find() */
	enum host_keys_result result; /* never HOST_KEY_PENDING */
	struct host_key key;
};

/* Reads the CSV file, checks the command.  0, or -1 with @why ("keys.csv:7: ..."). */
DS_MUST_CHECK
int host_keys_open(struct host_keys **out, const struct host_options *o,
		   char why[static DS_WHY_MAX]);

/**
 * host_keys_begin() - host_keys_open() for a server that may have sessions to take back
 *
 * These need no key, so with a state file (@o) they do not wait for a CSV file of more than a megabyte: it
 * is only begun, and host_keys_work(), whose deadline has always come then, goes on for a millisecond a
 * call.  A mistake in such a file ends the process with the line that @why would hold and exit
 * status 1.  Until host_keys_are_read() nobody may ask for a key.
 *
 * Return: 0, or -1 with @why
 */
DS_MUST_CHECK
int host_keys_begin(struct host_keys **out, const struct host_options *o,
		    char why[static DS_WHY_MAX]);
bool host_keys_are_read(const struct host_keys *k);
void host_keys_close(struct host_keys *k);

/* Looks a key up.  HOST_KEY_PENDING: an answer with @tag and @id follows. */
enum host_keys_result host_keys_find(struct host_keys *k, const uint8_t *identity, size_t len,
				     void *tag, uint64_t id, struct host_key *out, ds_time now);

/* Same for a look-up of an engine; one from a crowded network is looked for in the file only. */
enum host_keys_result host_keys_serve(struct host_keys *k, const struct ds_lookup *want, void *tag,
				      struct host_key *out, ds_time now);

/* Drops all that @tag waits for: call it before the memory behind @tag is freed. */
void host_keys_forget(struct host_keys *k, const void *tag);

/* A descriptor (epoll) that is readable when host_keys_work() has something to do. */
int host_keys_fd(const struct host_keys *k);
/* When host_keys_work() must be called at the latest (time-outs, watching the file). */
ds_time host_keys_deadline(const struct host_keys *k);
/* Reads from commands, ends those whose time is up, notices a changed file. */
void host_keys_work(struct host_keys *k, ds_time now);
/* Takes an answer; true if there was one. */
bool host_keys_answer(struct host_keys *k, struct host_answer *out);

/* Reads the file again now (SIGHUP).  0, or -1 with @why and the old keys kept. */
DS_MUST_CHECK
int host_keys_reload(struct host_keys *k, char why[static DS_WHY_MAX]);

/* Takes an identity whose key went away or changed with a reload, or was withdrawn as a recheck found;
 * true if there was one.  Its sessions are to be closed. */
bool host_keys_removed(struct host_keys *k, uint8_t identity[static DS_IDENTITY_MAX], size_t *len);

/* The time between two questions for the key of a session, --key-recheck, has so many rounds: in each
 * of them this part of the sessions has its turn.  The number of rounds since the start: */
#define HOST_KEY_ROUNDS 64
uint32_t host_keys_round(const struct host_keys *k);
/* Whether another identity can be asked for: there is a source that is asked again, and few wait. */
bool host_keys_may_recheck(const struct host_keys *k);
/* Asks for the key of an identity that has sessions.  If the file has it nothing happens; if command or
 * key server say that they do not know it, host_keys_removed() tells it.  One that fails, or has no
 * time, changes nothing. */
void host_keys_recheck(struct host_keys *k, const uint8_t *identity, size_t len, ds_time now);

#endif
