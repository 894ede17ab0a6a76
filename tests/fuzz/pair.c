/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pair.c - fuzz target: a server and two clients, and a network that does what the input says
 *
 * Bytes that a fuzzer makes up never get behind the cookie.  So here engines talk to engines, in
 * virtual time, and the input is a program of events for what is between them (pair.h).  What must
 * hold, whatever happens:
 *
 *	A message is delivered once at most, to the one it was sent to, unchanged, under the identity
 *	of the one that sent it; through restarts, too.
 *	Nothing that arrives in clear is delivered, and no message leaves in clear.
 *	No nonce is used twice with a key: the oracle of tests/unit/support.h is linked in.
 */
#include <stdio.h>

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/pair.h"
#include "tests/sim/certificates.h"
#include "tests/unit/support.h"

#include "core/engine_impl.h"
#include "core/store.h"

#define HOSTS	  (PAIR_CLIENTS + 1)
#define QUEUE	  64
#define HISTORY	  64
#define DATAGRAM  2048
#define MESSAGES  256
#define MESSAGE	  300
#define ROOM	  8
#define MAGIC	  "in clear"
#define MAGIC_LEN 8

struct host {
	struct ds_engine *e;
	struct ds_config cfg;
	struct ds_addr addr;
	uint64_t seed;
	bool hold_jobs, hold_keys;
	struct ds_job *job;	 /* that was computed and is not back yet */
	struct ds_lookup lookup; /* that is not answered yet, if its id is not 0 */
};

struct datagram {
	struct ds_addr from, to;
	size_t len;
	uint8_t data[DATAGRAM];
};

/* What was sent: from whom, to whom (a bit each), and how often it was delivered. */
struct sent {
	uint8_t from, to, delivered;
	bool forged;
	size_t len;
};

static struct {
	struct pair_setup setup;
	struct host hosts[HOSTS];
	struct datagram queue[QUEUE], history[HISTORY];
	unsigned n_queue, n_history;
	struct sent sent[MESSAGES];
	unsigned n_sent;
	ds_time now;
	const uint8_t *data; /* the rest of the input */
	size_t size;
} w;

/* What the server has outside. */
static struct {
	struct ds_store *store;
	struct ds_store_header header;
	_Alignas(DS_STORE_LINE) uint8_t lines[DS_STORE_PARKED + 1][DS_STORE_LINE];
	uint8_t images[ROOM + 1][DS_STORE_IMAGE];
	uint32_t room;
	bool hold_images;
} outside;

static void die(const char *what)
{
	fprintf(stderr, "pair: %s\n", what);
	abort();
}

/* The engines */

static enum pair_kind kind_of(int i)
{
	return (w.setup.kinds >> 2 * i & 3) % PAIR_KINDS;
}

static struct ds_addr address(int host, unsigned port)
{
	struct ds_addr a = {.ip = {10, 0, (uint8_t)host, 1}, .port = (uint16_t)port, .family = 4};

	if (w.setup.kinds & PAIR_IPV6) {
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
	uint8_t limits = w.setup.limits;

	cfg->psk = true;
	cfg->cid_length = lengths[w.setup.cid & 3];
	if (kind_of(0) != PAIR_PSK || kind_of(1) != PAIR_PSK) {
		SET_PAIR(cfg, server_ec);
		SET_PEM(cfg, ca, ca_root);
		cfg->client_auth = (w.setup.kinds >> 4 & 3) % 3;
	}
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
	cfg->cid_length = w.setup.cid & PAIR_CLIENT_CID ? 4 : 0;
	cfg->max_sessions = cfg->max_handshakes = 2;
	cfg->answer = w.setup.behaves & PAIR_ANSWER ? 3 * DS_SECOND : 0;
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

static void start(int i)
{
	char why[DS_WHY_MAX] = "";
	struct host *h = &w.hosts[i];
	uint8_t behaves = w.setup.behaves;

	fuzz_config(&h->cfg, &h->seed);
	h->cfg.rebind = (behaves & PAIR_REBIND_MODE) % 3;
	h->cfg.peer_address = behaves & PAIR_STABLE ? DS_PEER_STABLE : DS_PEER_CURRENT;
	h->cfg.one_per_identity = !(behaves & PAIR_MANY);
	h->cfg.idle = behaves & PAIR_IDLE ? 100 * DS_SECOND : 0;
	h->cfg.max_age = behaves & PAIR_MAX_AGE ? 200 * DS_SECOND : 0;
	h->cfg.replies = behaves & PAIR_NO_REPLIES ? 0 : h->cfg.replies;
	h->cfg.mtu = w.setup.kinds & PAIR_SMALL_MTU ? 256 : h->cfg.mtu;
	h->cfg.suites[0] = w.setup.suite ? ds_suite_at(w.setup.suite % 13) : 0;
	if (i == PAIR_SERVER)
		configure_server(&h->cfg);
	else
		configure_client(&h->cfg, i);
	/* A suite may be of no use with the credentials: then it is the default list. */
	if (ds_engine_new(&h->e, &h->cfg, w.now, why)) {
		h->cfg.suites[0] = 0;
		if (ds_engine_new(&h->e, &h->cfg, w.now, why))
			die(why);
	}
}

/* What is sent and delivered */

/* True if a session of the server with @info is one that client @i may have. */
static bool is_client(int i, const struct ds_session_info *info)
{
	static const char subject[] = "CN=device-1";
	bool shows = kind_of(i) == PAIR_MUTUAL && w.hosts[PAIR_SERVER].cfg.client_auth;

	if (kind_of(i) == PAIR_PSK)
		return !info->by_cert && info->identity_len == 1 && info->identity[0] == 'A' + i;
	if (!shows)
		return info->identity_len == 0;
	return info->by_cert && info->identity_len == sizeof(subject) - 1 &&
	       memcmp(info->identity, subject, info->identity_len - 1U) == 0 &&
	       info->identity[info->identity_len - 1] == '1' + i;
}

static uint8_t clients_of(const struct ds_session_info *info)
{
	uint8_t set = 0;

	for (int i = 0; i < PAIR_CLIENTS; i++)
		set |= (uint8_t)(is_client(i, info) << i);
	if (!set)
		die("a session of the server is nobody's");
	return set;
}

static void content(unsigned number, size_t len, uint8_t *out)
{
	memset(out, (int)number, len);
	memcpy(out, MAGIC, MAGIC_LEN);
	out[MAGIC_LEN] = (uint8_t)number;
}

/* Notes a message; its length, or 0 if there were too many. */
static size_t note_sent(int from, uint8_t to, size_t len, bool forged, uint8_t *out)
{
	len = MAGIC_LEN + 1 + len % (MESSAGE - MAGIC_LEN);
	if (w.n_sent == MESSAGES)
		return 0;
	content(w.n_sent, len, out);
	w.sent[w.n_sent++] = (struct sent){(uint8_t)from, to, 0, forged, len};
	return len;
}

static void delivered(int i, const struct ds_message *msg)
{
	uint8_t expected[MESSAGE];
	struct ds_session_info info;
	struct sent *s;

	if (msg->len < MAGIC_LEN + 1 || msg->data[MAGIC_LEN] >= w.n_sent)
		die("a message that nobody sent");
	s = &w.sent[msg->data[MAGIC_LEN]];
	if (s->forged)
		die("a message that came in clear");
	content(msg->data[MAGIC_LEN], s->len, expected);
	if (msg->len != s->len || memcmp(msg->data, expected, s->len) != 0)
		die("a message that was changed");
	if (s->delivered++)
		die("a message twice");
	if (!(s->to >> i & 1))
		die("a message of somebody else");
	if (ds_engine_info(w.hosts[i].e, msg->session, &info) && i == PAIR_SERVER &&
	    !is_client(s->from, &info))
		die("a message under another identity");
}

static void wire(const struct ds_addr *from, const struct ds_addr *to, const uint8_t *data,
		 size_t len)
{
	struct datagram *d = &w.history[w.n_history++ % HISTORY];

	if (len > DATAGRAM)
		die("a datagram of more bytes than any should have");
	if (memmem(data, len, MAGIC, MAGIC_LEN))
		die("a message left in clear");
	*d = (struct datagram){.from = *from, .to = *to, .len = len};
	memcpy(d->data, data, len);
	if (w.n_queue < QUEUE)
		w.queue[w.n_queue++] = *d;
}

/* Using an engine */

static void answer_lookup(struct host *h, const struct ds_lookup *l)
{
	uint8_t key[16];
	bool known = l->identity_len == 1 && l->identity[0] >= 'A' &&
		     l->identity[0] < 'A' + PAIR_CLIENTS;

	memset(key, l->identity[0], sizeof(key));
	ds_engine_lookup_done(h->e, l->id, known ? key : NULL, sizeof(key), w.now);
}

static void job_back(struct host *h)
{
	struct ds_job *job = h->job;

	h->job = NULL;
	if (job)
		ds_engine_job_done(h->e, job, w.now);
}

static bool compute(struct host *h)
{
	struct ds_job *job = ds_engine_job(h->e, w.now);

	if (!job)
		return false;
	ds_job_run(job);
	if (h->hold_jobs && !h->job)
		h->job = job;
	else
		ds_engine_job_done(h->e, job, w.now);
	return true;
}

static void keep_images(struct host *h)
{
	uint8_t image[DS_STORE_IMAGE];
	uint32_t slot;

	while (!outside.hold_images && ds_engine_image(h->e, &slot, image)) {
		if (slot < 1 || slot > outside.room)
			die("an image without a place");
		memcpy(outside.images[slot], image, sizeof(image));
	}
}

static void drain(int i)
{
	static uint8_t buf[DS_DATAGRAM_MAX];
	struct host *h = &w.hosts[i];
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
				answer_lookup(h, &l);
		}
		while (ds_engine_early(h->e, &msg, buf, sizeof(buf), w.now))
			delivered(i, &msg);
		while (ds_engine_event(h->e, &ev))
			if (i == PAIR_SERVER && ev.type == DS_EVENT_ESTABLISHED)
				clients_of(&ev.info);
		keep_images(h);
		while (ds_engine_output(h->e, &path, buf, sizeof(buf), &len))
			wire(&h->addr, &path.remote, buf, len);
	} while (compute(h));
}

static void tick_all(void)
{
	for (int i = 0; i < HOSTS; i++) {
		ds_engine_tick(w.hosts[i].e, w.now);
		drain(i);
	}
}

/* To whoever has the address. */
static void arrive(const struct datagram *d)
{
	static uint8_t buf[DATAGRAM];
	struct ds_input in = {.data = buf, .len = d->len};
	struct ds_message msg;

	for (int i = 0; i < HOSTS; i++) {
		if (!ds_addr_equal(&w.hosts[i].addr, &d->to))
			continue;
		memcpy(buf, d->data, d->len);
		in.path = (struct ds_path){.local = d->to, .remote = d->from};
		while (ds_engine_input(w.hosts[i].e, &in, &msg, w.now) == DS_MESSAGE)
			delivered(i, &msg);
		drain(i);
		return;
	}
}

static struct datagram take(unsigned at)
{
	struct datagram d = w.queue[at];

	memmove(&w.queue[at], &w.queue[at + 1], (--w.n_queue - at) * sizeof(d));
	return d;
}

/* The server's places outside */

static void open_outside(void)
{
	uint8_t sealed[DS_STORE_HEADER];

	memset(&outside, 0, sizeof(outside));
	outside.room = 2;
	if (ds_store_new(&outside.store, &w.hosts[PAIR_SERVER].cfg, fuzz_state_key) ||
	    ds_store_header_seal(outside.store, &outside.header, sealed))
		die("the state file cannot be made");
}

/* The end that a server wants: its lines go to the file, and come from there. */
static void park(void)
{
	static uint8_t block[DS_STORE_BLOCK];
	uint8_t sealed[DS_STORE_HEADER];

	outside.header.parked = 1;
	outside.header.parked_id[0]++;
	outside.header.wall = FUZZ_WALL;
	if (ds_store_park(outside.store, &outside.header, 0, outside.lines[1], block) ||
	    ds_store_header_seal(outside.store, &outside.header, sealed))
		die("lines cannot be parked");
	memset(outside.lines, 0, sizeof(outside.lines));
	if (ds_store_header_open(outside.store, sealed, &outside.header) != DS_STORE_OK ||
	    !ds_store_unpark(outside.store, &outside.header, 0, block, outside.lines[1]))
		die("parked lines do not come back");
	w.now += DS_LEAP_WAIT * DS_SECOND;
}

static void restore(struct host *h, bool leap)
{
	struct ds_restore how = {.leap = leap, .wall = FUZZ_WALL, .max_age = 1000};

	ds_engine_store(h->e, outside.store, outside.lines, outside.room, FUZZ_WALL);
	for (uint32_t slot = 1; slot <= outside.room; slot++)
		if (!ds_engine_restore(h->e, slot, outside.images[slot], &how, w.now))
			memset(outside.images[slot], 0, DS_STORE_IMAGE);
	ds_engine_restored(h->e);
	if (!leap)
		ds_engine_inherit(h->e, w.now);
}

/* Killed, with images that were not written or with all; ended well; or the machine, too. */
static void restart(unsigned how)
{
	struct host *h = &w.hosts[PAIR_SERVER];
	bool kept = w.setup.limits & PAIR_STORE;

	h->hold_jobs = false;
	job_back(h);
	h->lookup.id = 0;
	if (how != 1)
		drain(PAIR_SERVER);
	if (kept && how == 3)
		ds_engine_forget(h->e);
	ds_engine_free(h->e);
	outside.hold_images = false;
	if (kept && how == 2)
		park();
	if (kept && how == 4)
		memset(outside.lines, 0, sizeof(outside.lines));
	start(PAIR_SERVER);
	if (kept)
		restore(h, how == 2);
	drain(PAIR_SERVER);
}

/* Events */

/* The session an event means, walked to by the upper half of its byte. */
static ds_session pick(const struct host *h, uint8_t a)
{
	ds_session s = ds_engine_next(h->e, 0);

	for (unsigned i = a >> 4; s && i; i--)
		s = ds_engine_next(h->e, s);
	return s ? s : ds_engine_next(h->e, 0);
}

static void send_message(int i, uint8_t a, uint8_t b)
{
	static uint8_t buf[DATAGRAM];
	struct ds_sealed out = {.buf = buf, .cap = sizeof(buf)};
	struct host *h = &w.hosts[i];
	struct ds_session_info info;
	ds_session s = pick(h, a);
	uint8_t message[MESSAGE];
	size_t len;

	if (!s || !ds_engine_info(h->e, s, &info))
		return;
	len = note_sent(i, i == PAIR_SERVER ? clients_of(&info) : 1 << PAIR_SERVER, b, false,
			message);
	if (len && !ds_engine_seal(h->e, s, message, len, &out, w.now))
		wire(&h->addr, &out.path.remote, buf, out.len);
	drain(i);
}

/* A record that only a peer with the keys can make, and no engine does. */
static void misuse(int i, uint8_t a, uint8_t b)
{
	static const uint8_t types[] = {20, 21, 22, 23, 24, 25, 0};
	uint8_t buf[256], alert[2] = {b & 0x80 ? 1 : 2, b & 0x40 ? 0 : b};
	struct host *h = &w.hosts[i];
	struct ds_slot *s = ds_table_get(&h->e->table, pick(h, a));
	struct ds_seal what = {.type = types[(b >> 3) % 7], .data = alert, .len = b & 1 ? 2 : 0};
	struct ds_record_key key;
	struct ds_path path;
	int n;

	if (!s || what.type == DS_APPDATA || s->tx_seq >= DS_SEQ_MAX ||
	    !ds_engine_key(h->e, s, DS_TX, &key))
		return;
	what.number = DS_EPOCH << 48 | s->tx_seq++;
	if (ds_slot_hot(&h->e->table, s))
		ds_hot_sent(ds_slot_hot(&h->e->table, s), s->tx_seq);
	what.cid = ds_slot_peer_cid(s);
	what.cid_len = s->more->peer_cid_len;
	n = ds_record_seal(&key, &what, buf, sizeof(buf));
	ds_slot_path(&h->e->table, s, &path);
	if (n > 0)
		wire(&h->addr, &path.remote, buf, (size_t)n);
}

static void wear(int i, uint8_t a, uint8_t b)
{
	struct ds_table *t = &w.hosts[i].e->table;
	struct ds_slot *s = ds_table_get(t, pick(&w.hosts[i], a));
	const struct ds_suite *suite = s ? ds_suite_find(s->suite) : NULL;

	if (!s)
		return;
	if (b & 1 && s->rx_count < suite->records - 2)
		s->rx_count = (uint32_t)suite->records - 2;
	else if (suite->failures < UINT32_MAX && s->failures < suite->failures / 2)
		s->failures = (uint32_t)suite->failures - (b & 2 ? 2 : 5000000);
	if (b & 4 && (s->tx_seq & DS_SEQ_COUNT_MASK) < suite->records - 2 && !ds_slot_hot(t, s))
		s->tx_seq = (s->tx_seq & ~DS_SEQ_COUNT_MASK) + suite->records - 2;
}

static void close_as(int i, uint8_t a, uint8_t b)
{
	struct host *h = &w.hosts[i];
	uint8_t name = (uint8_t)('A' + (a >> 4) % PAIR_CLIENTS);

	switch (b % 3) {
	case 0: ds_engine_close(h->e, pick(h, a), w.now); break;
	case 1:
		while (ds_engine_close_identity(h->e, &name, 1, w.now))
			drain(i);
		break;
	default:
		while (ds_engine_close_all(h->e, w.now))
			drain(i);
	}
	drain(i);
}

static void hold(int i, uint8_t b)
{
	struct host *h = &w.hosts[i];
	struct ds_lookup l = h->lookup;

	h->hold_jobs = b & 1;
	h->hold_keys = b & 2;
	outside.hold_images = b & 4;
	h->lookup.id = 0;
	if (l.id)
		answer_lookup(h, &l);
	if (!h->hold_jobs)
		job_back(h);
	drain(i);
}

static void inject(int i, uint8_t a, size_t len)
{
	struct datagram d = {.from = w.hosts[a >> 4 & 1].addr, .to = w.hosts[i].addr};

	if (i != PAIR_SERVER)
		d.from = w.hosts[PAIR_SERVER].addr;
	d.len = len < w.size ? len : w.size;
	fuzz_fill(&w.data, &w.size, d.data, d.len);
	arrive(&d);
}

/* A record without protection, in an epoch that has one or has none, maybe with a CID. */
static void forge(int i, uint8_t a, uint8_t b)
{
	struct datagram d = {.from = w.hosts[a >> 4 & 1].addr, .to = w.hosts[i].addr};
	const struct host *server = &w.hosts[PAIR_SERVER];
	uint8_t cid_len = 0, message[MESSAGE];
	struct ds_session_info info;
	size_t len = note_sent(a >> 4 & 1, 1 << PAIR_SERVER, b, true, message);
	uint8_t *p = d.data;

	if (!len)
		return;
	if (b & 1 && ds_engine_info(server->e, pick(server, a), &info))
		cid_len = info.cid_len;
	if (i != PAIR_SERVER)
		d.from = server->addr;
	*p++ = cid_len ? 25 : 23;
	memcpy(p, (const uint8_t[]){0xfe, 0xfd, 0, b >> 1 & 1, 0, 0, 0, 9, 0, b}, 10);
	p += 10;
	memcpy(p, info.cid, cid_len);
	p += cid_len;
	*p++ = (uint8_t)(len >> 8);
	*p++ = (uint8_t)len;
	memcpy(p, message, len);
	d.len = (size_t)(p - d.data) + len;
	arrive(&d);
}

/* Events that change a datagram under way. */
static void change(enum pair_event event, struct datagram *d, uint8_t b)
{
	struct datagram other = w.queue[b % w.n_queue];
	uint8_t byte;

	switch (event) {
	case PAIR_CORRUPT:
		fuzz_fill(&w.data, &w.size, &byte, 1);
		if (d->len)
			d->data[b % d->len] ^= byte ? byte : 1;
		break;
	case PAIR_CUT: d->len = b < d->len ? b : d->len; break;
	case PAIR_SPLICE:
		if (d->len + other.len <= DATAGRAM) {
			memcpy(d->data + d->len, other.data, other.len);
			d->len += other.len;
		}
		break;
	default: d->from = b & 1 ? address(7, b) : w.hosts[b >> 1 & 1].addr;
	}
}

/* Events of the network, for which something must be under way. */
static void network(enum pair_event event, uint8_t a, uint8_t b)
{
	struct datagram d;

	if (!w.n_queue)
		return;
	switch (event) {
	case PAIR_RUN:
		for (unsigned n = a ? a : 64; n && w.n_queue; n--) {
			d = take(0);
			arrive(&d);
		}
		break;
	case PAIR_LOSE: take(a % w.n_queue); break;
	case PAIR_CORRUPT:
	case PAIR_CUT:
	case PAIR_SPLICE:
	case PAIR_SPOOF: change(event, &w.queue[a % w.n_queue], b); break;
	case PAIR_DUPLICATE:
		d = w.queue[a % w.n_queue];
		arrive(&d);
		break;
	default: d = take(event == PAIR_REORDER ? a % w.n_queue : 0); arrive(&d);
	}
}

static void pass(ds_time until)
{
	if (until != DS_TIME_NEVER && until > w.now)
		w.now = until;
	tick_all();
}

static void connect_client(int i)
{
	struct host *h = &w.hosts[i];
	struct ds_path path = {.local = h->addr, .remote = w.hosts[PAIR_SERVER].addr};

	(void)!ds_engine_connect(h->e, &path, w.now);
	drain(i);
}

static void reload(void)
{
	char why[DS_WHY_MAX];
	struct host *h = &w.hosts[PAIR_SERVER];

	if (ds_engine_reload(h->e, &h->cfg, why))
		die(why);
}

static void make_room(uint32_t room)
{
	struct ds_engine *e = w.hosts[PAIR_SERVER].e;

	if (!(w.setup.limits & PAIR_STORE) || room <= outside.room || room > ROOM)
		return;
	if (ds_engine_store_wants(e) < outside.room)
		die("a store that shrinks");
	outside.room = room;
	ds_engine_store_room(e, outside.lines, room);
}

static void replay(uint8_t a, uint8_t b)
{
	unsigned n = w.n_history < HISTORY ? w.n_history : HISTORY;
	struct datagram d;

	for (unsigned i = 0; i < n && i <= b; i++) {
		d = w.history[(a + i) % n];
		arrive(&d);
	}
}

static void happen(enum pair_event event, uint8_t a, uint8_t b)
{
	int i = a % HOSTS, client = a % PAIR_CLIENTS;
	struct host *h = &w.hosts[i];

	switch (event) {
	case PAIR_REPLAY: replay(a, b); break;
	case PAIR_INJECT: inject(i, a, b); break;
	case PAIR_FORGE: forge(i, a, b); break;
	case PAIR_REBIND: w.hosts[client].addr = address(client + 1, 7 + (b & 3)); break;
	case PAIR_RESTART: restart(a % 5); break;
	case PAIR_PASS: pass(w.now + (ds_time)b * b * DS_MSEC); break;
	case PAIR_DEADLINE: pass(ds_engine_deadline(h->e)); break;
	case PAIR_SEND: send_message(i, a, b); break;
	case PAIR_CONNECT: connect_client(client); break;
	case PAIR_CLOSE: close_as(i, a, b); break;
	case PAIR_HOLD: hold(i, b); break;
	case PAIR_RELOAD: reload(); break;
	case PAIR_MISUSE: misuse(i, a, b); break;
	case PAIR_WEAR: wear(i, a, b); break;
	case PAIR_ROOM: make_room(b); break;
	case PAIR_UNREACHABLE:
		ds_engine_unreachable(w.hosts[client].e, &w.hosts[PAIR_SERVER].addr);
		drain(client);
		break;
	default: network(event, a, b);
	}
}

static void begin(void)
{
	test_oracle_reset();
	w.n_queue = w.n_history = w.n_sent = 0;
	w.now = FUZZ_NOW;
	for (int i = 0; i < HOSTS; i++) {
		w.hosts[i] = (struct host){.seed = (uint64_t)i << 32, .addr = address(i + 1, 7)};
		start(i);
	}
	open_outside();
	if (w.setup.limits & PAIR_STORE)
		restore(&w.hosts[PAIR_SERVER], false);
}

static void end(void)
{
	for (int i = 0; i < HOSTS; i++) {
		job_back(&w.hosts[i]);
		ds_engine_free(w.hosts[i].e);
	}
	ds_store_free(outside.store);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t event[3];

	w.data = data;
	w.size = size;
	fuzz_fill(&w.data, &w.size, &w.setup, sizeof(w.setup));
	begin();
	while (w.size) {
		fuzz_fill(&w.data, &w.size, event, sizeof(event));
		happen(event[0] & 31, event[1], event[2]);
	}
	end();
	return 0;
}
