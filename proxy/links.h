/* SPDX-License-Identifier: Apache-2.0 */
/*
 * links.h - a gateway's devices, each with its way to the server
 *
 * A link is what the gateway knows of a plaintext device: its address, its DTLS session, the
 * messages that wait, and the socket over which the session runs.  The engine knows a link by the
 * device's address, which stands where the server's would: so one engine has a session for each
 * device, and its log names the device.  With one association for all there is one link, and its
 * address is the server's.
 *
 * Memory:   about 250 bytes a link, in chunks that never move; reused.
 */
#ifndef PROXY_LINKS_H
#define PROXY_LINKS_H

#include "core/index.h"
#include "proxy/hold.h"

/**
 * struct proxy_link - one device
 * @device:	its plaintext address; the engine's name for the link
 * @here:	our address that it sends to, from which answers leave
 * @to:		the server's address that the socket is connected to
 * @session:	0 = there is none
 * @used:	when it was last heard, or sent to
 * @born:	when the session began
 * @not_before:	a handshake may not begin before that, because the server ended sessions at once
 * @fd:		the socket, -1 = none
 * @moves:	the uplink's, when the socket was opened
 * @id:		its number, from 1
 * @strikes:	sessions in a row that the server ended soon and unused
 * @answered:	the server answers this device, so that silence means something
 * @doubtful:	the server's host said that nobody listens, or could not know where we are now
 * @cid:	the session's records carry a CID: the server knows it from any address
 * @running, @begun_at: a handshake runs, and since when
 * @reached:	the server was heard since then
 * @waits, @holds, @hopeless: in the lists of that name
 */
struct proxy_link {
	struct ds_addr device, here, to;
	ds_session session;
	ds_time used, born, begun_at, not_before;
	struct proxy_hold hold;
	int fd;
	uint32_t moves, id, next;
	uint8_t strikes;
	bool answered, doubtful, cid, running, reached, waits, holds, hopeless;
	TAILQ_ENTRY(proxy_link) order, waiting, holding, giving_up;
};

TAILQ_HEAD(proxy_link_list, proxy_link);

/**
 * struct proxy_links - all of them
 * @order:	by their last use
 * @waiting:	those that want a handshake
 * @holding:	those that hold messages
 * @held:	bytes of these messages
 * @giving_up:	those whose handshake is to be given up
 * @count, @max: how many there are, and may be
 */
struct proxy_links {
	struct ds_config memory; /* its allocator, for the index */
	struct proxy_link **chunks;
	uint32_t n_chunks, free;
	struct ds_index by_device;
	uint64_t seed;
	struct proxy_link_list order, waiting, holding, giving_up;
	size_t held;
	uint32_t count, max;
};

/* @cfg: whose allocator and number of sessions are taken.  0, DS_E_NOMEM or DS_E_RANDOM. */
DS_MUST_CHECK
int proxy_links_init(struct proxy_links *ls, const struct ds_config *cfg);

/* The link of @device, or NULL. */
struct proxy_link *proxy_links_find(const struct proxy_links *ls, const struct ds_addr *device);
/* The link with that number, or NULL if it is gone. */
struct proxy_link *proxy_links_at(const struct proxy_links *ls, uint32_t id);

/* A new link, last in the order of use, without a socket; NULL if memory is short.  The caller sees to
 * @max. */
struct proxy_link *proxy_links_add(struct proxy_links *ls, const struct ds_addr *device,
				   ds_time now);
/* Forgets @l, which has no session; its socket is closed, its messages are dropped. */
void proxy_links_remove(struct proxy_links *ls, struct proxy_link *l);

/* Moves @l to the end of the order of use. */
void proxy_links_touch(struct proxy_links *ls, struct proxy_link *l, ds_time now);

/* Puts @l into the list of those that want a handshake, or takes it out. */
void proxy_links_wait(struct proxy_links *ls, struct proxy_link *l, bool waits);
/* Puts @l into the list of those whose handshake is to be given up, or takes it out. */
void proxy_links_give_up(struct proxy_links *ls, struct proxy_link *l, bool hopeless);
/* Sees to it that @l is in the list of those that hold messages if it does. */
void proxy_links_note_hold(struct proxy_links *ls, struct proxy_link *l);

#endif
