/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watch.h - certificates and lists that are read again when their files change
 *
 * What an engine reads once, its certificate, key, CA, revocation and deny lists, is looked at every two
 * seconds.  Files that changed are read when they have lain still for a second.  All of them are taken,
 * or none: a mistake in one leaves the old ones in force and is one line in the log.
 *
 * They are looked at by name, and inotify(7) is not used, because it sees neither what another machine
 * writes (NFS) nor a link further up that is exchanged, as Kubernetes does; five stat() every two seconds
 * cost nothing and see all of it.
 *
 * Threads:  one thread at a time.
 */
#ifndef HOST_WATCH_H
#define HOST_WATCH_H

#include "dtlsshim/engine.h"
#include "host/file.h"
#include "host/options.h"

#define HOST_WATCH_FILES 5

/**
 * struct host_watch - the files of an engine; all zero = none
 * @known:	their states when they were last read
 * @looked:	their states at the last look
 */
struct host_watch {
	const char *path[HOST_WATCH_FILES];
	struct host_file_mark known[HOST_WATCH_FILES], looked[HOST_WATCH_FILES];
	ds_time look_at;
};

/* Begins to watch the files that @o names, which lives on, as they are now: to be called before they
 * are read. */
void host_watch_begin(struct host_watch *w, const struct host_options *o, ds_time now);
/* True if the files changed since they were read, and lie still; they then count as read. */
bool host_watch_changed(struct host_watch *w, ds_time now);
/* When host_watch_changed() wants to be called; DS_TIME_NEVER if there are no files. */
ds_time host_watch_deadline(const struct host_watch *w);

/**
 * host_watch_reload() - give the files, as they are now, to an engine
 * @o, @role:	from which the engine was made
 *
 * Handshakes from now on use them (ds_engine_reload()).
 *
 * Return: 0, or -1 with a line in the log
 */
int host_watch_reload(struct ds_engine *e, const struct host_options *o, enum ds_role role);

#endif
