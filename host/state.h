/* SPDX-License-Identifier: Apache-2.0 */
/*
 * state.h - the state file: sessions that outlive their process
 *
 * Two files.  The state file (DTLSSHIM_STATE) holds a header and an image of every session, sealed.
 * The lines file lies in memory (DTLSSHIM_STATE_MEMORY), has a random name that the header knows,
 * and is mapped; the engine writes what changes with every record there (dtlsshim/store.h).  The
 * process that uses them holds a lock on the state file, which dies with its holder.  docs/state.md
 * says what is believed when.
 *
 * Errors:   at the start, one line in @why: the caller ends, or does not serve.  Later ones are logged,
 *	     and the sessions they concern do not outlive the process.
 * Threads:  under the engine's lock, but host_state_grow() gives it up meanwhile.
 * Fork:     a child has neither the lines nor the key; what it does with them is nothing.  It has to
 *	     close the descriptors, host_state_fds(); that of the key stays, heirs need it.
 */
#ifndef HOST_STATE_H
#define HOST_STATE_H

#include <pthread.h>

#include "dtlsshim/store.h"
#include "host/options.h"

struct host_state;

/* Finds out what can be wrong before anything is served: key, directories.  0, or -1 with @why. */
DS_MUST_CHECK
int host_state_check(const struct host_options *o, char why[static DS_WHY_MAX]);

/**
 * host_state_open() - take a state file up, and the sessions in it
 * @out:	NULL if no state file is configured
 * @e:		a new engine; its sessions have places from now on
 * @endpoint:	local address whose sessions these are.  A process with several endpoints has a file
 *		for each: the first free one of FILE, FILE.1, FILE.2... that is theirs or nobody's.
 *		NULL: takes FILE, whoever's it was
 *
 * Waits up to DTLSSHIM_STATE_WAIT for another process to let the file go.  Where there are many sessions
 * only the first ones are back when this returns, and host_endpoint_serve() takes the others back.
 *
 * Return: 0, or -1 with @why; the engine is then as it was
 */
DS_MUST_CHECK
int host_state_open(struct host_state **out, struct ds_engine *e, const struct host_options *o,
		    const struct ds_addr *endpoint, char why[static DS_WHY_MAX]);

/**
 * host_state_bind_again() - what to do about a bind() that found @port in use
 * @until:	0 at first, then this function's
 *
 * A process that is killed gives up the state file's lock before its sockets.  So with a state file
 * configured the next server tries again for up to DTLSSHIM_STATE_WAIT; the first time is logged.
 * Any thread, with or without the engine's lock.
 *
 * Return: true after a pause; false at once without a state file, or when the time is over
 */
DS_MUST_CHECK
bool host_state_bind_again(const struct host_options *o, uint16_t port, ds_time *until);

/* In a forked child: the files are the parent's, whatever its threads were doing with them. */
void host_state_forked(void);

/* Tells the lines what time it is, now and then; to be called often. */
void host_state_note(struct host_state *s);

/* Writes the images that changed; before the engine's datagrams are sent.  @s may be NULL. */
void host_state_flush(struct host_state *s, struct ds_engine *e);

/* The same in three steps, for a thread that does not write under the lock: takes all images that wait, */
void host_state_take_images(struct host_state *s, struct ds_engine *e);
/* and, without the lock, writes what was taken.  @s must stay. */
void host_state_write_images(struct host_state *s);
/* and, under the lock again, has those written once more, later, that could not be. */
void host_state_wrote_images(struct host_state *s, struct ds_engine *e);
/* True while sessions come back from the file. */
bool host_state_restoring(const struct host_state *s);
/* Takes some more of them back, for a millisecond, and logs what it was when those were all.  @lock is
 * then given up for a moment.  @s may be NULL. */
void host_state_restore(struct host_state *s, struct ds_engine *e, pthread_mutex_t *lock);

/* True if host_state_grow() has something to do. */
bool host_state_wants(const struct host_state *s, const struct ds_engine *e);
/* Makes room for more sessions, ahead of need; @lock is given up while the kernel finds memory. */
void host_state_grow(struct host_state *s, struct ds_engine *e, pthread_mutex_t *lock);

/* The descriptors of @s, which may be NULL, for a forked child to close; -1 = none. */
void host_state_fds(const struct host_state *s, int fds[static 2]);

/**
 * host_state_close() - a clean end
 *
 * The engine was flushed for the last time and freed, or forgot its sessions: no number may be used
 * any more.  Parks the lines and lets the file go.  NULL is allowed.
 */
void host_state_close(struct host_state *s);

#endif
