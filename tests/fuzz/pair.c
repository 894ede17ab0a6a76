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
#include "tests/fuzz/pair_world.h"
#include "tests/unit/support.h"

#include "core/engine_impl.h"
#include "core/store.h"

/* Events */

/* The session an event means, walked to by the upper half of its byte. */
static ds_session pick(const struct pair_host *h, uint8_t a)
{
	ds_session s = ds_engine_next(h->e, 0);

	for (unsigned i = a >> 4; s && i; i--)
		s = ds_engine_next(h->e, s);
	return s ? s : ds_engine_next(h->e, 0);
}

static void send_message(int i, uint8_t a, uint8_t b)
{
	static uint8_t buf[PAIR_DATAGRAM];
	struct ds_sealed out = {.buf = buf, .cap = sizeof(buf)};
	struct pair_host *h = &pair.hosts[i];
	struct ds_session_info info;
	ds_session s = pick(h, a);
	uint8_t message[PAIR_MESSAGE];
	size_t len;

	if (!s || !ds_engine_info(h->e, s, &info))
		return;
	len = pair_note(i, i == PAIR_SERVER ? pair_clients_of(&info) : 1 << PAIR_SERVER, b, false,
			message);
	if (len && !ds_engine_seal(h->e, s, message, len, &out, pair.now))
		pair_wire(&h->addr, &out.path.remote, buf, out.len);
	pair_drain(i);
}

/* A record that only a peer with the keys can make, and no engine does: the last types are messages of
 * RFC 9853, of some kind, size and cookie. */
static void misuse(int i, uint8_t a, uint8_t b)
{
	static const uint8_t types[] = {20, 21, 22, 23, 24, 25, 0};
	uint8_t buf[256], alert[2] = {b & 0x80 ? 1 : 2, b & 0x40 ? 0 : b}, rrc[9] = {b & 3};
	struct pair_host *h = &pair.hosts[i];
	struct ds_slot *s = ds_table_get(&h->e->table, pick(h, a));
	struct ds_seal what = {.type = types[(b >> 3) % 7], .data = alert, .len = b & 1 ? 2 : 0};
	struct ds_record_key key;
	struct ds_path path;
	int n;

	if (b >= 0xf0)
		what = (struct ds_seal){.type = DS_RRC, .data = rrc, .len = b & 4 ? 8 : 9};
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
		pair_wire(&h->addr, &path.remote, buf, (size_t)n);
}

static void wear(int i, uint8_t a, uint8_t b)
{
	struct ds_table *t = &pair.hosts[i].e->table;
	struct ds_slot *s = ds_table_get(t, pick(&pair.hosts[i], a));
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
	struct pair_host *h = &pair.hosts[i];
	uint8_t name = (uint8_t)('A' + (a >> 4) % PAIR_CLIENTS);

	switch (b % 3) {
	case 0: ds_engine_close(h->e, pick(h, a), pair.now); break;
	case 1:
		while (ds_engine_close_identity(h->e, &name, 1, pair.now))
			pair_drain(i);
		break;
	default:
		while (ds_engine_close_all(h->e, pair.now))
			pair_drain(i);
	}
	pair_drain(i);
}

static void hold(int i, uint8_t b)
{
	struct pair_host *h = &pair.hosts[i];
	struct ds_lookup l = h->lookup;

	h->hold_jobs = b & 1;
	h->hold_keys = b & 2;
	pair_files.hold_images = b & 4;
	h->lookup.id = 0;
	if (l.id)
		pair_answer(h, &l);
	if (!h->hold_jobs)
		pair_job_back(h);
	pair_drain(i);
}

static void inject(int i, uint8_t a, size_t len)
{
	struct pair_datagram d = {.from = pair.hosts[a >> 4 & 1].addr, .to = pair.hosts[i].addr};

	if (i != PAIR_SERVER)
		d.from = pair.hosts[PAIR_SERVER].addr;
	d.len = len < pair.size ? len : pair.size;
	fuzz_fill(&pair.data, &pair.size, d.data, d.len);
	pair_arrive(&d);
}

/* A record without protection, in an epoch that has one or has none, maybe with a CID. */
static void forge(int i, uint8_t a, uint8_t b)
{
	struct pair_datagram d = {.from = pair.hosts[a >> 4 & 1].addr, .to = pair.hosts[i].addr};
	const struct pair_host *server = &pair.hosts[PAIR_SERVER];
	uint8_t cid_len = 0, message[PAIR_MESSAGE];
	struct ds_session_info info;
	size_t len = pair_note(a >> 4 & 1, 1 << PAIR_SERVER, b, true, message);
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
	pair_arrive(&d);
}

/* Events that change a datagram under way. */
static void change(enum pair_event event, struct pair_datagram *d, uint8_t b)
{
	struct pair_datagram other = pair.queue[b % pair.n_queue];
	uint8_t byte;

	switch (event) {
	case PAIR_CORRUPT:
		fuzz_fill(&pair.data, &pair.size, &byte, 1);
		if (d->len)
			d->data[b % d->len] ^= byte ? byte : 1;
		break;
	case PAIR_CUT: d->len = b < d->len ? b : d->len; break;
	case PAIR_SPLICE:
		if (d->len + other.len <= PAIR_DATAGRAM) {
			memcpy(d->data + d->len, other.data, other.len);
			d->len += other.len;
		}
		break;
	default: d->from = b & 1 ? pair_address(7, b) : pair.hosts[b >> 1 & 1].addr;
	}
}

/* Events of the network, for which something must be under way. */
static void network(enum pair_event event, uint8_t a, uint8_t b)
{
	struct pair_datagram d;

	if (!pair.n_queue)
		return;
	switch (event) {
	case PAIR_RUN:
		for (unsigned n = a ? a : 64; n && pair.n_queue; n--) {
			d = pair_take(0);
			pair_arrive(&d);
		}
		break;
	case PAIR_LOSE: pair_take(a % pair.n_queue); break;
	case PAIR_CORRUPT:
	case PAIR_CUT:
	case PAIR_SPLICE:
	case PAIR_SPOOF: change(event, &pair.queue[a % pair.n_queue], b); break;
	case PAIR_DUPLICATE:
		d = pair.queue[a % pair.n_queue];
		pair_arrive(&d);
		break;
	default: d = pair_take(event == PAIR_REORDER ? a % pair.n_queue : 0); pair_arrive(&d);
	}
}

static void pass(ds_time until)
{
	if (until != DS_TIME_NEVER && until > pair.now)
		pair.now = until;
	pair_tick();
}

static void connect_client(int i)
{
	struct pair_host *h = &pair.hosts[i];
	struct ds_path path = {.local = h->addr, .remote = pair.hosts[PAIR_SERVER].addr};

	(void)!ds_engine_connect(h->e, &path, pair.now);
	pair_drain(i);
}

static void reload(void)
{
	char why[DS_WHY_MAX];
	struct pair_host *h = &pair.hosts[PAIR_SERVER];

	if (ds_engine_reload(h->e, &h->cfg, why))
		pair_die(why);
}

static void make_room(uint32_t room)
{
	struct ds_engine *e = pair.hosts[PAIR_SERVER].e;

	if (!(pair.setup.limits & PAIR_STORE) || room <= pair_files.room || room > PAIR_PLACES)
		return;
	if (ds_engine_store_wants(e) < pair_files.room)
		pair_die("a store that shrinks");
	pair_files.room = room;
	ds_engine_store_room(e, pair_files.lines, room);
}

static void replay(uint8_t a, uint8_t b)
{
	unsigned n = pair.n_history < PAIR_HISTORY ? pair.n_history : PAIR_HISTORY;
	struct pair_datagram d;

	for (unsigned i = 0; i < n && i <= b; i++) {
		d = pair.history[(a + i) % n];
		pair_arrive(&d);
	}
}

static void happen(enum pair_event event, uint8_t a, uint8_t b)
{
	int i = a % PAIR_HOSTS, client = a % PAIR_CLIENTS;
	struct pair_host *h = &pair.hosts[i];

	switch (event) {
	case PAIR_REPLAY: replay(a, b); break;
	case PAIR_INJECT: inject(i, a, b); break;
	case PAIR_FORGE: forge(i, a, b); break;
	case PAIR_REBIND: pair.hosts[client].addr = pair_address(client + 1, 7 + (b & 3)); break;
	case PAIR_RESTART: pair_restart(a % 5); break;
	case PAIR_PASS: pass(pair.now + (ds_time)b * b * DS_MSEC); break;
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
		ds_engine_unreachable(pair.hosts[client].e, &pair.hosts[PAIR_SERVER].addr);
		pair_drain(client);
		break;
	default: network(event, a, b);
	}
}

static void begin(void)
{
	test_oracle_reset();
	pair.n_queue = pair.n_history = pair.n_sent = 0;
	pair.now = FUZZ_NOW;
	for (int i = 0; i < PAIR_HOSTS; i++) {
		pair.hosts[i] = (struct pair_host){.seed = (uint64_t)i << 32,
						   .addr = pair_address(i + 1, 7)};
		pair_start(i);
	}
	pair_outside();
	if (pair.setup.limits & PAIR_STORE)
		pair_restore(&pair.hosts[PAIR_SERVER], false);
}

static void end(void)
{
	for (int i = 0; i < PAIR_HOSTS; i++) {
		pair_job_back(&pair.hosts[i]);
		ds_engine_free(pair.hosts[i].e);
	}
	ds_store_free(pair_files.store);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t event[3];

	pair.data = data;
	pair.size = size;
	fuzz_fill(&pair.data, &pair.size, &pair.setup, sizeof(pair.setup));
	begin();
	while (pair.size) {
		fuzz_fill(&pair.data, &pair.size, event, sizeof(event));
		happen(event[0] & 31, event[1], event[2]);
	}
	end();
	return 0;
}
