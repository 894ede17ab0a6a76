/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pair_world.h - a server and two clients, what is between them, and what must hold of them
 *
 * A function that sees that something does not hold ends the program.
 */
#ifndef TESTS_FUZZ_PAIR_WORLD_H
#define TESTS_FUZZ_PAIR_WORLD_H

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/pair.h"

#define PAIR_HOSTS    (PAIR_CLIENTS + 1)
#define PAIR_QUEUE    64
#define PAIR_HISTORY  64
#define PAIR_DATAGRAM 2048
#define PAIR_MESSAGES 256
#define PAIR_MESSAGE  300
#define PAIR_PLACES   8

struct pair_host {
	struct ds_engine *e;
	struct ds_config cfg;
	struct ds_addr addr;
	uint64_t seed;
	bool hold_jobs, hold_keys;
	struct ds_job *job;	 /* that was computed and is not back yet */
	struct ds_lookup lookup; /* that is not answered yet, if its id is not 0 */
};

struct pair_datagram {
	struct ds_addr from, to;
	size_t len;
	uint8_t data[PAIR_DATAGRAM];
};

/* What was sent: from whom, to whom (a bit each), and how often it was delivered. */
struct pair_sent {
	uint8_t from, to, delivered;
	bool forged;
	size_t len;
};

extern struct pair_world {
	struct pair_setup setup;
	struct pair_host hosts[PAIR_HOSTS];
	struct pair_datagram queue[PAIR_QUEUE], history[PAIR_HISTORY];
	unsigned n_queue, n_history;
	struct pair_sent sent[PAIR_MESSAGES];
	unsigned n_sent;
	ds_time now;
	const uint8_t *data; /* the rest of the input */
	size_t size;
} pair;

/* What the server has outside. */
extern struct pair_files {
	struct ds_store *store;
	struct ds_store_header header;
	_Alignas(DS_STORE_LINE) uint8_t lines[DS_STORE_PARKED + 1][DS_STORE_LINE];
	uint8_t images[PAIR_PLACES + 1][DS_STORE_IMAGE];
	uint32_t room;
	bool hold_images;
} pair_files;

void pair_die(const char *what);
struct ds_addr pair_address(int host, unsigned port);

/* Begins engine @i by the setup of the input. */
void pair_start(int i);
/* An empty state file; and what is in it goes to server @h. */
void pair_outside(void);
void pair_restore(struct pair_host *h, bool leap);
/* Ends the server and begins another.  @how: 0 killed; 1 killed before it wrote images; 2 ended well, and
 * its lines come from the file; 3 its sessions were forgotten; 4 the machine went down. */
void pair_restart(unsigned how);

/* The clients, a bit each, whose session with @info may be. */
uint8_t pair_clients_of(const struct ds_session_info *info);
/* Notes and fills a message that @from is about to send; its length, or 0 if there were too many.  One
 * that is forged may not be delivered. */
size_t pair_note(int from, uint8_t to, size_t len, bool forged, uint8_t *out);
/* Puts a datagram on the wire. */
void pair_wire(const struct ds_addr *from, const struct ds_addr *to, const uint8_t *data,
	       size_t len);
/* Takes datagram @at off the wire. */
struct pair_datagram pair_take(unsigned at);
/* Gives a datagram to whoever has the address, and takes what that brings. */
void pair_arrive(const struct pair_datagram *d);

/* Takes everything from engine @i.  All engines look at the time. */
void pair_drain(int i);
void pair_tick(void);
void pair_answer(struct pair_host *h, const struct ds_lookup *l);
/* The job that was held back is done. */
void pair_job_back(struct pair_host *h);

#endif
