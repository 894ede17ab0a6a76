/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keys_impl.h - the inside of the key sources, shared by the keys*.c files
 *
 *	keys.c		the interface, and which source is asked when
 *	keys_csv.c	a CSV file as a table in memory
 *	keys_file.c	where the file is, when it is read again, what changed
 *	keys_cmd.c	look-ups that take time: single flight, queue, what is unknown
 *	keys_setup.c	program, environment, curl's orders
 *	keys_run.c	one run of the command
 */
#ifndef HOST_KEYS_IMPL_H
#define HOST_KEYS_IMPL_H

#include <limits.h>
#include <sys/queue.h>
#include <sys/stat.h>

#include "host/file.h"
#include "host/keys.h"

/* keys_csv.c */

/**
 * struct key_set - all keys of a file
 * @older:	sets whose keys are still to be compared with the current ones
 * @cursor:	how far that has come
 * @pool:	entries: length of identity, length of key, identity, key
 * @slots:	open addressing: offset of an entry + 1, or 0
 * @digest:	of the file's content
 * @whole:	the last line of the file has its end
 * @n_short, @n_twice: keys and identities to be warned about, each with its first line
 */
struct key_set {
	struct key_set *older;
	size_t n, cursor;
	uint8_t *pool;
	size_t pool_len, pool_size;
	uint32_t *slots;
	size_t n_slots;
	uint64_t seed;
	uint64_t digest[2];
	bool whole;
	size_t n_short, short_line, n_twice, twice_line;
};

struct key_entry {
	const uint8_t *identity, *key;
	uint8_t identity_len, key_len;
};

struct key_reader;

/* Reads the bytes of the file behind @fd, of which a set will be made; @path, which must stay, is for
 * messages.  NULL with @why. */
struct key_reader *host_key_reader_new(int fd, const char *path, char *why);
/* Bytes that are still to be looked at. */
size_t host_key_reader_left(const struct key_reader *r);
/* Makes the set.  0 with the set, which is the caller's, 1 if @until came before, or -1 with @why: a
 * mistake in the file. */
DS_MUST_CHECK
int host_key_reader_run(struct key_reader *r, struct key_set **out, ds_time until, char *why);
void host_key_reader_free(struct key_reader *r);
void host_key_set_free(struct key_set *set);
/* Logs what is doubtful about keys that are now in use. */
void host_key_set_warn(const struct key_set *set, const char *path);
bool host_key_set_find(const struct key_set *set, const uint8_t *identity, size_t len,
		       struct key_entry *out);
/* The entry of slot *@at or one after it, and moves *@at behind; false at the end. */
bool host_key_set_next(const struct key_set *set, size_t *at, struct key_entry *out);

/* keys_file.c */

/**
 * struct key_file - the CSV file and its keys
 * @name:	as configured, for messages
 * @set:	its keys; NULL = no file, or it is read for the first time
 * @reader:	reads the file in turns; NULL = it is not read at the moment
 * @turn_at:	when the last of these turns ended
 * @tried:	state of the file when it was last read, with or without success; zero = missing
 * @looked:	state at the last look after a sign of change: it must be the same twice
 * @check_at:	when to look at the file although nobody reported a change
 * @load_at:	when to read it, if nothing happens to it meanwhile
 */
struct key_file {
	const char *name;
	struct key_set *set;
	struct key_set *older;
	struct key_reader *reader;
	ds_time turn_at;
	int inotify, dir_watch, file_watch;
	struct host_file_mark tried, looked;
	ds_time check_at, load_at;
};

/* @beside: a large file is only begun, and host_key_file_work() goes on; a mistake in it then ends the
 * process. */
DS_MUST_CHECK
int host_key_file_open(struct key_file *f, const char *name, bool beside, int epoll, char *why);
/* True while the file is read for the first time. */
bool host_key_file_begins(const struct key_file *f);
void host_key_file_close(struct key_file *f);
/* Takes what inotify reports. */
void host_key_file_events(struct key_file *f, ds_time now);
void host_key_file_work(struct key_file *f, ds_time now);
ds_time host_key_file_deadline(const struct key_file *f);
DS_MUST_CHECK
int host_key_file_reload(struct key_file *f, char *why);
bool host_key_file_removed(struct key_file *f, uint8_t *identity, size_t *len);

/* keys_cmd.c, keys_setup.c and keys_run.c */

#define KEY_RUNS_MAX	 64   /* commands at the same time */
#define KEY_QUEUE_MAX	 1024 /* identities that wait for their turn */
#define KEY_UNKNOWN_MAX	 1024 /* identities remembered as unknown */
#define KEY_UNKNOWN_TIME (5 * DS_SECOND)
#define KEY_OUTPUT_MAX	 4096 /* bytes a command may print */
#define KEY_BUCKETS	 1024
#define KEY_RECHECKS	 4	    /* identities of sessions that are asked for at the same time */
#define KEY_OURSELVES	 UINT64_MAX /* the network in whose share they are */
#define KEY_CURL_MAX                                                                               \
	8192 /* bytes of curl's orders; well below what a pipe takes without a reader */
#define KEY_ENV_IDENTITY "DTLSSHIM_IDENTITY="
#define KEY_ENV_MAX	 (sizeof(KEY_ENV_IDENTITY) + 2 * (size_t)DS_IDENTITY_MAX)

struct key_wait {
	STAILQ_ENTRY(key_wait) link;
	uint64_t network; /* of the peer that waits */
	struct host_answer answer;
};
STAILQ_HEAD(key_waits, key_wait);

enum key_lookup_state { KEY_QUEUED, KEY_RUNNING, KEY_UNKNOWN };

/* An identity the command is, will be, or was lately asked for. */
struct key_lookup {
	LIST_ENTRY(key_lookup) bucket;
	TAILQ_ENTRY(key_lookup) order; /* of its state's list */
	enum key_lookup_state state;
	ds_time until;	  /* KEY_UNKNOWN: forgotten then */
	uint64_t network; /* whose share it is in: of a peer that waits for it */
	bool recheck;	  /* sessions of the identity wait for the answer */
	bool certain;	  /* KEY_UNKNOWN: the source said so, it did not fail */
	bool withdrawn;	  /* its sessions are to be ended */
	struct key_waits waits;
	size_t len;
	uint8_t identity[DS_IDENTITY_MAX + 1]; /* terminated: it becomes an argument */
};
LIST_HEAD(key_bucket, key_lookup);
TAILQ_HEAD(key_list, key_lookup);

/**
 * struct key_run - a command that runs, or was killed and is not reaped yet
 * @lookup:	the identity it was started for; NULL = nobody waits any more
 * @fd:		its standard output, -1 after the end
 * @pidfd:	-1 where the kernel has none; then it is asked now and then
 * @shell:	run through the shell, which reports success in the output
 */
struct key_run {
	TAILQ_ENTRY(key_run) link;
	struct key_lookup *lookup;
	pid_t pid;
	int pidfd, fd, epoll;
	ds_time deadline;
	bool shell;
	size_t len;
	char output[KEY_OUTPUT_MAX + 1];
};
TAILQ_HEAD(key_runs, key_run);

/**
 * struct key_cmd - the command, its runs, and the identities that wait for it
 * @program:	absolute path; NULL = no command
 * @env:	environment of the command; @env_identity is its last entry
 * @curl_config: REST: what curl reads from standard input, up to the identity
 * @shell:	somebody else takes the exit status of our children (SIGCHLD is ignored, or the
 *		program waits for any child), so the shell has to tell it
 */
struct key_cmd {
	const char *program;
	char **env, *env_identity;
	size_t env_size;
	char *curl_config;
	ds_time timeout;
	int epoll;
	bool shell;
	uint64_t seed;
	struct key_bucket buckets[KEY_BUCKETS];
	struct key_list queued, running, unknown;
	size_t n_queued, n_unknown, n_runs, n_rechecks, n_withdrawn;
	ds_time poll_at; /* when to ask for runs without pidfd */
	struct key_runs runs;
	struct key_waits answers;
};

DS_MUST_CHECK
int host_key_cmd_open(struct key_cmd *c, const struct host_options *o, int epoll, char *why);
void host_key_cmd_close(struct key_cmd *c);
enum host_keys_result host_key_cmd_find(struct key_cmd *c, const struct ds_lookup *want, void *tag,
					ds_time now);
/* Asks for an identity that has sessions, if the command can be asked for it. */
void host_key_cmd_recheck(struct key_cmd *c, const uint8_t *identity, size_t len, ds_time now);
/* Takes an identity that was asked for so and is unknown; true if there was one. */
bool host_key_cmd_withdrawn(struct key_cmd *c, uint8_t *identity, size_t *len);
void host_key_cmd_forget(struct key_cmd *c, const void *tag);
/* Something about run @r: @exited, or its output. */
void host_key_cmd_event(struct key_cmd *c, struct key_run *r, bool exited, ds_time now);
void host_key_cmd_work(struct key_cmd *c, ds_time now);
ds_time host_key_cmd_deadline(const struct key_cmd *c);

/* Program and environment; the part of opening that looks at files. */
DS_MUST_CHECK
int host_key_run_setup(struct key_cmd *c, const struct host_options *o, char *why);
void host_key_run_fini(struct key_cmd *c);
struct host_text;
/* Adds @text to a quoted string of a curl configuration. */
void host_key_curl_quoted(struct host_text *t, const char *text);
/* Starts the command for @l; NULL with a line in the log. */
struct key_run *host_key_run_start(struct key_cmd *c, struct key_lookup *l, ds_time now);
/* Reads what there is.  False if the run printed too much. */
bool host_key_run_read(struct key_run *r);
#define KEY_EXIT_NOT_YET (-1)
#define KEY_EXIT_LOST	 (-2) /* somebody else took the status */
#define KEY_EXIT_KILLED	 (-3)
/* The status it ended with, or one of the above; if it ended, its group is killed and it is reaped. */
int host_key_run_exit(struct key_run *r);
/* Cuts the last line off the output: a number, which is returned; -1 if it is none. */
int host_key_run_cut_number(struct key_run *r);
/* The key it printed; false if that is none. */
bool host_key_run_key(struct key_run *r, struct host_key *out);
void host_key_run_kill(struct key_run *r);
/* Reads no more. */
void host_key_run_close(struct key_run *r);
/* Takes the run out of every list and frees it. */
void host_key_run_free(struct key_cmd *c, struct key_run *r);

/* epoll_event.data of our descriptors: 0 is inotify, else a run, its process if bit 0 is set */
#define KEY_EVENT_EXIT 1

/* @recheck_at: when the next round of the recheck begins; they are @recheck_every apart. */
struct host_keys {
	int epoll;
	ds_time recheck_at, recheck_every;
	uint32_t round;
	struct key_file file;
	struct key_cmd cmd;
};

#endif
