/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pair_world.c - see pair_world.h
 *
 * Every message has a number, by which the receiver's side finds out who sent it to whom, whether it
 * was delivered before, and what was in it.  Who it comes from by the session's identity must be the
 * same.  Each message begins with the same bytes, which may never be seen on the wire.
 */
#include <stdio.h>

#include "tests/fuzz/pair_world.h"

#include "tests/sim/certificates.h"
#include "tests/unit/support.h"

#define MAGIC	  "in clear"
#define MAGIC_LEN 8

struct pair_world pair;
struct pair_files pair_files;

void pair_die(const char *what)
{
	fprintf(stderr, "pair: %s\n", what);
	abort();
}

/* The engines */

static enum pair_kind kind_of(int i)
{
	return (pair.setup.kinds >> 2 * i & 3) % PAIR_KINDS;
}

struct ds_addr pair_address(int host, unsigned port)
{
	struct ds_addr a = {.ip = {10, 0, (uint8_t)host, 1}, .port = (uint16_t)port, .family = 4};

	if (pair.setup.kinds & PAIR_IPV6) {
		a = (struct ds_addr){.ip = {0xfe, 0x80}, .port = (uint16_t)port, .family = 6};
		a.ip[15] = (uint8_t)host;
		a.scope = 3;
	}
	return a;
}

#define SET_PEM(cfg, member, pem)                                                                  \
	((cfg)->member = (const uint8_t *)(pem), (cfg)->member##_len = sizeof(pem))
#define SET_PAIR(cfg, name) (SET_PEM(cfg, cert, cert_##name), SET_PEM(cfg, key, key_##name))

/* Parsing certificates takes time, so an engine that needs none has none. */
static void configure_server(struct ds_config *cfg)
{
	static const uint8_t lengths[] = {8, 0, 1, DS_CID_MAX};
	/* None of our clients is in it */
	static const char deny[] = "# others\nid:Z\nsubject:CN=device-9\\2c O=x\nserial:0a:1B\n";
	uint8_t limits = pair.setup.limits;

	cfg->psk = true;
	cfg->cid_length = lengths[pair.setup.cid & 3];
	if (kind_of(0) != PAIR_PSK || kind_of(1) != PAIR_PSK) {
		SET_PAIR(cfg, server_ec);
		SET_PEM(cfg, ca, ca_root);
		cfg->client_auth = (pair.setup.kinds >> 4 & 3) % 3;
	}
	cfg->deny = (const uint8_t *)deny;
	cfg->deny_len = sizeof(deny) - 1;
	cfg->max_sessions = limits & PAIR_ONE_SESSION ? 1 : 4;
	cfg->max_handshakes = limits & PAIR_ONE_HANDSHAKE ? 1 : 4;
	cfg->lookup_rate = limits & PAIR_ONE_LOOKUP ? 1 : cfg->lookup_rate;
	cfg->max_per_identity = limits & PAIR_ONE_IDENTITY ? 2 : 0;
	cfg->linger = limits & PAIR_NO_LINGER ? 0 : cfg->linger;
}

static void configure_client(struct ds_config *cfg, int i)
{
	cfg->role = DS_CLIENT;
	cfg->psk = kind_of(i) == PAIR_PSK;
	cfg->cid_length = pair.setup.cid & PAIR_CLIENT_CID ? 4 : 0;
	cfg->max_sessions = cfg->max_handshakes = 2;
	cfg->answer = pair.setup.behaves & PAIR_ANSWER ? 3 * DS_SECOND : 0;
	if (kind_of(i) == PAIR_PSK) {
		cfg->psk_identity[0] = (uint8_t)('A' + i);
		cfg->psk_identity_len = 1;
		memset(cfg->psk_key, 'A' + i, 16);
		cfg->psk_key_len = 16;
		return;
	}
	SET_PEM(cfg, ca, ca_root);
	if (kind_of(i) == PAIR_MUTUAL && i)
		SET_PAIR(cfg, device_two);
	else if (kind_of(i) == PAIR_MUTUAL)
		SET_PAIR(cfg, device);
}

void pair_start(int i)
{
	char why[DS_WHY_MAX] = "";
	struct pair_host *h = &pair.hosts[i];
	uint8_t behaves = pair.setup.behaves;

	fuzz_config(&h->cfg, &h->seed);
	h->cfg.rebind = (behaves & PAIR_REBIND_MODE) % 3;
	h->cfg.rrc = (pair.setup.limits & PAIR_RRC_MODE) / PAIR_RRC(1) % 3;
	h->cfg.peer_address = behaves & PAIR_STABLE ? DS_PEER_STABLE : DS_PEER_CURRENT;
	h->cfg.one_per_identity = !(behaves & PAIR_MANY);
	h->cfg.idle = behaves & PAIR_IDLE ? 100 * DS_SECOND : 0;
	h->cfg.max_age = behaves & PAIR_MAX_AGE ? 200 * DS_SECOND : 0;
	h->cfg.replies = behaves & PAIR_NO_REPLIES ? 0 : h->cfg.replies;
	h->cfg.mtu = pair.setup.kinds & PAIR_SMALL_MTU ? 256 : h->cfg.mtu;
	h->cfg.suites[0] = pair.setup.suite ? ds_suite_at(pair.setup.suite % 13) : 0;
	if (i == PAIR_SERVER)
		configure_server(&h->cfg);
	else
		configure_client(&h->cfg, i);
	/* A suite may be of no use with the credentials: then it is the default list. */
	if (ds_engine_new(&h->e, &h->cfg, pair.now, why)) {
		h->cfg.suites[0] = 0;
		if (ds_engine_new(&h->e, &h->cfg, pair.now, why))
			pair_die(why);
	}
}

/* What is sent and delivered */

/* True if a session of the server with @info is one that client @i may have. */
static bool is_client(int i, const struct ds_session_info *info)
{
	static const char subject[] = "CN=device-1";
	bool shows = kind_of(i) == PAIR_MUTUAL && pair.hosts[PAIR_SERVER].cfg.client_auth;

	if (kind_of(i) == PAIR_PSK)
		return !info->by_cert && info->identity_len == 1 && info->identity[0] == 'A' + i;
	if (!shows)
		return info->identity_len == 0;
	return info->by_cert && info->identity_len == sizeof(subject) - 1 &&
	       memcmp(info->identity, subject, info->identity_len - 1U) == 0 &&
	       info->identity[info->identity_len - 1] == '1' + i;
}

uint8_t pair_clients_of(const struct ds_session_info *info)
{
	uint8_t set = 0;

	for (int i = 0; i < PAIR_CLIENTS; i++)
		set |= (uint8_t)(is_client(i, info) << i);
	if (!set)
		pair_die("a session of the server is nobody's");
	return set;
}

static void content(unsigned number, size_t len, uint8_t *out)
{
	memset(out, (int)number, len);
	memcpy(out, MAGIC, MAGIC_LEN);
	out[MAGIC_LEN] = (uint8_t)number;
}

/* Notes a message; its length, or 0 if there were too many. */
size_t pair_note(int from, uint8_t to, size_t len, bool forged, uint8_t *out)
{
	len = MAGIC_LEN + 1 + len % (PAIR_MESSAGE - MAGIC_LEN);
	if (pair.n_sent == PAIR_MESSAGES)
		return 0;
	content(pair.n_sent, len, out);
	pair.sent[pair.n_sent++] = (struct pair_sent){(uint8_t)from, to, 0, forged, len};
	return len;
}

static void delivered(int i, const struct ds_message *msg)
{
	uint8_t expected[PAIR_MESSAGE];
	struct ds_session_info info;
	struct pair_sent *s;

	if (msg->len < MAGIC_LEN + 1 || msg->data[MAGIC_LEN] >= pair.n_sent)
		pair_die("a message that nobody sent");
	s = &pair.sent[msg->data[MAGIC_LEN]];
	if (s->forged)
		pair_die("a message that came in clear");
	content(msg->data[MAGIC_LEN], s->len, expected);
	if (msg->len != s->len || memcmp(msg->data, expected, s->len) != 0)
		pair_die("a message that was changed");
	if (s->delivered++)
		pair_die("a message twice");
	if (!(s->to >> i & 1))
		pair_die("a message of somebody else");
	if (ds_engine_info(pair.hosts[i].e, msg->session, &info) && i == PAIR_SERVER &&
	    !is_client(s->from, &info))
		pair_die("a message under another identity");
}

void pair_wire(const struct ds_addr *from, const struct ds_addr *to, const uint8_t *data,
	       size_t len)
{
	struct pair_datagram *d = &pair.history[pair.n_history++ % PAIR_HISTORY];

	if (len > PAIR_DATAGRAM)
		pair_die("a datagram of more bytes than any should have");
	if (memmem(data, len, MAGIC, MAGIC_LEN))
		pair_die("a message left in clear");
	*d = (struct pair_datagram){.from = *from, .to = *to, .len = len};
	memcpy(d->data, data, len);
	if (pair.n_queue < PAIR_QUEUE)
		pair.queue[pair.n_queue++] = *d;
}

/* Using an engine */

void pair_answer(struct pair_host *h, const struct ds_lookup *l)
{
	uint8_t key[16];
	bool known = l->identity_len == 1 && l->identity[0] >= 'A' &&
		     l->identity[0] < 'A' + PAIR_CLIENTS;

	memset(key, l->identity[0], sizeof(key));
	ds_engine_lookup_done(h->e, l->id, known ? key : NULL, sizeof(key), pair.now);
}

void pair_job_back(struct pair_host *h)
{
	struct ds_job *job = h->job;

	h->job = NULL;
	if (job)
		ds_engine_job_done(h->e, job, pair.now);
}

static bool compute(struct pair_host *h)
{
	struct ds_job *job = ds_engine_job(h->e, pair.now);

	if (!job)
		return false;
	ds_job_run(job);
	if (h->hold_jobs && !h->job)
		h->job = job;
	else
		ds_engine_job_done(h->e, job, pair.now);
	return true;
}

static void keep_images(struct pair_host *h)
{
	uint8_t image[DS_STORE_IMAGE];
	uint32_t slot;

	while (!pair_files.hold_images && ds_engine_image(h->e, &slot, image)) {
		if (slot < 1 || slot > pair_files.room)
			pair_die("an image without a place");
		memcpy(pair_files.images[slot], image, sizeof(image));
	}
}

void pair_drain(int i)
{
	static uint8_t buf[DS_DATAGRAM_MAX];
	struct pair_host *h = &pair.hosts[i];
	struct ds_message msg;
	struct ds_event ev;
	struct ds_path path;
	struct ds_lookup l;
	size_t len;

	do {
		while (ds_engine_lookup(h->e, &l)) {
			if (h->hold_keys && !h->lookup.id)
				h->lookup = l;
			else
				pair_answer(h, &l);
		}
		while (ds_engine_early(h->e, &msg, buf, sizeof(buf), pair.now))
			delivered(i, &msg);
		while (ds_engine_event(h->e, &ev))
			if (i == PAIR_SERVER && ev.type == DS_EVENT_ESTABLISHED)
				pair_clients_of(&ev.info);
		keep_images(h);
		while (ds_engine_output(h->e, &path, buf, sizeof(buf), &len))
			pair_wire(&h->addr, &path.remote, buf, len);
	} while (compute(h));
}

void pair_tick(void)
{
	for (int i = 0; i < PAIR_HOSTS; i++) {
		ds_engine_tick(pair.hosts[i].e, pair.now);
		pair_drain(i);
	}
}

/* To whoever has the address. */
void pair_arrive(const struct pair_datagram *d)
{
	static uint8_t buf[PAIR_DATAGRAM];
	struct ds_input in = {.data = buf, .len = d->len};
	struct ds_message msg;

	for (int i = 0; i < PAIR_HOSTS; i++) {
		if (!ds_addr_equal(&pair.hosts[i].addr, &d->to))
			continue;
		memcpy(buf, d->data, d->len);
		in.path = (struct ds_path){.local = d->to, .remote = d->from};
		while (ds_engine_input(pair.hosts[i].e, &in, &msg, pair.now) == DS_MESSAGE)
			delivered(i, &msg);
		pair_drain(i);
		return;
	}
}

struct pair_datagram pair_take(unsigned at)
{
	struct pair_datagram d = pair.queue[at];

	memmove(&pair.queue[at], &pair.queue[at + 1], (--pair.n_queue - at) * sizeof(d));
	return d;
}

/* The server's places outside */

void pair_outside(void)
{
	uint8_t sealed[DS_STORE_HEADER];

	memset(&pair_files, 0, sizeof(pair_files));
	pair_files.room = 2;
	if (ds_store_new(&pair_files.store, &pair.hosts[PAIR_SERVER].cfg, fuzz_state_key) ||
	    ds_store_header_seal(pair_files.store, &pair_files.header, sealed))
		pair_die("the state file cannot be made");
}

/* The end that a server wants: its lines go to the file, and come from there. */
static void park(void)
{
	static uint8_t block[DS_STORE_BLOCK];
	uint8_t sealed[DS_STORE_HEADER];

	pair_files.header.parked = 1;
	pair_files.header.parked_id[0]++;
	pair_files.header.wall = FUZZ_WALL;
	if (ds_store_park(pair_files.store, &pair_files.header, 0, pair_files.lines[1], block) ||
	    ds_store_header_seal(pair_files.store, &pair_files.header, sealed))
		pair_die("lines cannot be parked");
	memset(pair_files.lines, 0, sizeof(pair_files.lines));
	if (ds_store_header_open(pair_files.store, sealed, &pair_files.header) != DS_STORE_OK ||
	    !ds_store_unpark(pair_files.store, &pair_files.header, 0, block, pair_files.lines[1]))
		pair_die("parked lines do not come back");
	pair.now += DS_LEAP_WAIT * DS_SECOND;
}

void pair_restore(struct pair_host *h, bool leap)
{
	struct ds_restore how = {.leap = leap, .wall = FUZZ_WALL, .max_age = 1000};

	uint32_t order[PAIR_PLACES];

	ds_engine_store(h->e, pair_files.store, pair_files.lines, pair_files.room, FUZZ_WALL);
	ds_engine_keep(h->e, pair_files.room, order);
	for (uint32_t i = 0; i < pair_files.room; i++)
		if (!ds_engine_restore(h->e, order[i], pair_files.images[order[i]], &how, pair.now))
			memset(pair_files.images[order[i]], 0, DS_STORE_IMAGE);
	ds_engine_restored(h->e);
	if (!leap)
		ds_engine_inherit(h->e, pair.now);
}

/* Killed, with images that were not written or with all; ended well; or the machine, too. */
void pair_restart(unsigned how)
{
	struct pair_host *h = &pair.hosts[PAIR_SERVER];
	bool kept = pair.setup.limits & PAIR_STORE;

	h->hold_jobs = false;
	pair_job_back(h);
	h->lookup.id = 0;
	if (how != 1)
		pair_drain(PAIR_SERVER);
	if (kept && how == 3)
		ds_engine_forget(h->e);
	ds_engine_free(h->e);
	pair_files.hold_images = false;
	if (kept && how == 2)
		park();
	if (kept && how == 4)
		memset(pair_files.lines, 0, sizeof(pair_files.lines));
	pair_start(PAIR_SERVER);
	if (kept)
		pair_restore(h, how == 2);
	pair_drain(PAIR_SERVER);
}
