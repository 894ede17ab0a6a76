/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine_hello.c - what a stranger gets
 *
 * A ClientHello from anywhere costs one HMAC and gets a HelloVerifyRequest no longer than itself;
 * only a hello with a valid cookie is given memory (RFC 6347, 4.2.1), and only while there is a
 * processor for it (engine_admit.c).
 */
#include <string.h>

#include "core/engine_impl.h"
#include "core/offer.h"

/* An HMAC and a datagram are several times the price of an echo, and established peers pay if there are
 * a hundred thousand of them a second.  So hellos beyond a number in a slice of time are dropped when
 * their cookie's length is known; those with a cookie, whose peers receive what is sent to them, have a
 * number of their own. */
#define HELLO_SLICE (DS_SECOND / 64)
#define HELLO_MAX   512U /* in a slice, 32768 a second */

/* While hellos are not admitted, cookies are handed out to a few more peers than can be served, because
 * at ten times a processor's capacity cookies would take a good part of it: who has one repeats it.  How
 * many can be served shows in the slice before. */
#define HELLO_FEW 16U /* in a slice, and so many more as handshakes begin, and a quarter */

static void send_cookie(struct ds_engine *e, const struct ds_path *path,
			const struct ds_hello *hello, ds_time now)
{
	uint8_t cookie[DS_COOKIE_LEN];
	struct ds_small *out;

	if (ds_cookie_make(&e->cookie, &path->remote, hello, cookie, now) < 0)
		return;
	out = ds_engine_small(e, path);
	if (!out)
		return;
	out->len = ds_hello_verify_request(out->data, hello, cookie, sizeof(cookie));
	e->stats.hello_verify++;
}

/* As long as a cookie may be valid, and the handshake may have taken */
static const struct ds_rate spent_rate = {180, 1};

static uint64_t cookie_key(const struct ds_engine *e, const struct ds_addr *from,
			   const uint8_t *cookie, size_t len)
{
	uint64_t first = 0;

	memcpy(&first, cookie, len < sizeof(first) ? len : sizeof(first));
	return ds_bucket_key(&e->buckets, DS_BUCKET_COOKIE, first ^ from->port, from, DS_NET_HOST);
}

void ds_engine_spend_cookie(struct ds_engine *e, const struct ds_handshake *h)
{
	if (h->cookie_len)
		ds_bucket_spend(&e->buckets,
				cookie_key(e, &h->path.remote, h->cookie, h->cookie_len),
				spent_rate, spent_rate.burst, h->job.now);
}

static bool is_spent(const struct ds_engine *e, const struct ds_arrival *a,
		     const struct ds_hello *hello)
{
	return !ds_bucket_full(&e->buckets,
			       cookie_key(e, &a->path->remote, hello->cookie, hello->cookie_len),
			       spent_rate, a->now);
}

#define HELLO_MANY 128U /* refused in two slices */

static struct ds_hellos *hellos_of(struct ds_engine *e, ds_time now)
{
	ds_time slice = now / HELLO_SLICE;

	if (e->hello_slice != slice) {
		e->hellos[1] = e->hello_slice + 1 == slice ? e->hellos[0] : (struct ds_hellos){0};
		e->hellos[0] = (struct ds_hellos){0};
		e->hello_slice = slice;
	}
	return e->hellos;
}

bool ds_engine_is_flooded(const struct ds_engine *e, ds_time now)
{
	const struct ds_hellos *h = e->hellos;
	bool late = false;

	for (int c = 0; c < DS_JOB_CLASSES; c++)
		late |= h[0].late[c] || h[1].late[c];
	return late && e->hello_slice + 1 >= now / HELLO_SLICE &&
	       h[0].refused + h[1].refused > HELLO_MANY;
}

/* @h: the hellos of this slice, and those of the one before. */
static bool is_in_time(struct ds_hellos *h, const struct ds_hello *hello, enum ds_job_class class)
{
	bool few = h[0].late[class] || h[1].late[class];

	if (hello->cookie_len)
		return h->returning++ < HELLO_MAX;
	return h->fresh++ < (few ? HELLO_FEW + h[1].begun * 5 / 4 : HELLO_MAX);
}

static void tell_offer(const struct ds_engine *e, const struct ds_hello *hello,
		       struct ds_offer *out)
{
	ds_offer_fill(out, hello);
	out->common = ds_tls_config_common(e->tls, hello->suites, hello->suites_len,
					   ds_hello_takes_x509(hello));
}

/* Strangers may cause so many alerts and lines, each network for itself. */
static const struct ds_rate refuse_rate = {4, 1};

/* Answers a hello that no handshake can come of.  The alert is shorter than any hello. */
static void refuse(struct ds_engine *e, const struct ds_arrival *a, const struct ds_hello *hello,
		   enum ds_reason reason, uint8_t alert)
{
	const struct ds_path *path = a->path;
	uint64_t key = ds_bucket_key(&e->buckets, DS_BUCKET_REFUSED, 0, &path->remote, DS_NET_SITE);
	struct ds_small *out;
	struct ds_event *ev;

	if (!ds_bucket_has(&e->buckets, key, refuse_rate, a->now))
		return;
	ds_bucket_spend(&e->buckets, key, refuse_rate, 1, a->now);
	out = ds_engine_small(e, path);
	if (out)
		out->len = ds_hello_alert(out->data, hello, alert);
	ev = ds_engine_push_event(e, DS_EVENT_FAILED, reason);
	ev->info.path = *path;
	ev->info.peer = path->remote;
	ev->alert = alert;
	if (!hello->too_long)
		tell_offer(e, hello, &ev->offer);
	ds_engine_advise(e, ev);
}

static bool is_repetition(const struct ds_handshake *h, const struct ds_hello *hello)
{
	return h->cookie_len && h->cookie_len == hello->cookie_len &&
	       memcmp(h->cookie, hello->cookie, h->cookie_len) == 0;
}

/* True for a late copy of the hello that began the session at that address. */
static bool is_late(const struct ds_engine *e, const struct ds_path *path,
		    const struct ds_hello *hello)
{
	const struct ds_slot *s = ds_table_by_addr(&e->table, &path->remote);

	return s && s->linger && is_repetition(e->handshakes[s->linger], hello);
}

/* True if a certificate of ours is all that the suites in common leave, and the client would not take it. */
static bool lacks_x509(const struct ds_engine *e, const struct ds_hello *hello)
{
	return hello->complete && !ds_hello_takes_x509(hello) &&
	       ds_tls_config_common(e->tls, hello->suites, hello->suites_len, true) &&
	       !ds_tls_config_common(e->tls, hello->suites, hello->suites_len, false);
}

static enum ds_job_class class_of(const struct ds_engine *e, const struct ds_hello *hello)
{
	bool cheap = hello->complete &&
		     !ds_tls_config_costly(e->tls, hello->suites, hello->suites_len);

	return cheap ? DS_JOB_CHEAP : DS_JOB_COSTLY;
}

/* Begins a handshake in place of @h, or NULL, which the peer has at that address. */
static void begin(struct ds_engine *e, const struct ds_arrival *a, const struct ds_hello *hello,
		  enum ds_job_class class, struct ds_handshake *h)
{
	const struct ds_path *path = a->path;
	int err;

	if (!ds_engine_admits(e, &path->remote, class, a->now))
		return;
	hellos_of(e, a->now)->begun++;
	ds_engine_drop_handshake(e, h);
	err = ds_engine_begin(e, path, class, &h, a->now);
	if (err) {
		*(err == DS_E_FULL ? &e->stats.drop_admission : &e->stats.drop_busy) += 1;
		return;
	}
	tell_offer(e, hello, &h->offer);
	h->cookie_len = hello->cookie_len <= sizeof(h->cookie) ? hello->cookie_len : 0;
	memcpy(h->cookie, hello->cookie, h->cookie_len);
	if (!ds_engine_feed(e, h, ds_record_start(a->record), a->record->total))
		ds_engine_drop_handshake(e, h); /* or it would take the repetitions for copies */
}

void ds_engine_hello(struct ds_engine *e, const struct ds_arrival *a)
{
	const struct ds_path *path = a->path;
	const struct ds_record *r = a->record;
	struct ds_handshake *h = ds_engine_hs_by_addr(e, &path->remote);
	struct ds_handshake_header hs;
	enum ds_job_class class;
	struct ds_hellos *seen;
	struct ds_hello hello;

	if (ds_handshake_parse(&hs, r->fragment, r->len) && hs.fragment_offset && h) {
		/* The rest of a hello in pieces */
		ds_engine_feed(e, h, ds_record_start(r), r->total);
		return;
	}
	if (!ds_hello_parse(&hello, r->fragment, r->len, r->number)) {
		e->stats.drop_hello++;
		return;
	}
	if (hello.too_long) {
		e->stats.drop_hello_length++;
		refuse(e, a, &hello, DS_REASON_HELLO_LENGTH, DS_ALERT_HANDSHAKE_FAILURE);
		return;
	}
	/* Our own timer repeats our flight: who copied this hello cannot have it sent more often */
	if ((h && is_repetition(h, &hello)) || is_late(e, path, &hello)) {
		e->stats.drop_replay++;
		return;
	}
	class = class_of(e, &hello);
	seen = hellos_of(e, a->now);
	if (!ds_engine_has_time(e, class)) {
		seen->late[class] = true;
		if (hello.cookie_len) { /* before it costs an HMAC */
			seen->refused++;
			e->stats.drop_admission++;
			return;
		}
	}
	if (!is_in_time(seen, &hello, class)) {
		seen->refused++;
		e->stats.drop_hello_rate++;
		return;
	}
	if (!ds_hello_speaks_dtls12(&hello)) {
		e->stats.drop_hello_version++;
		refuse(e, a, &hello, DS_REASON_VERSION, DS_ALERT_PROTOCOL_VERSION);
		return;
	}
	if (lacks_x509(e, &hello)) { /* RFC 7250, 4.2 */
		e->stats.drop_hello_raw_key++;
		refuse(e, a, &hello, DS_REASON_CERTIFICATE_TYPE, DS_ALERT_UNSUPPORTED_CERTIFICATE);
		return;
	}
	if (!ds_cookie_check(&e->cookie, &path->remote, &hello, a->now)) {
		send_cookie(e, path, &hello, a->now);
		return;
	}
	if (is_spent(e, a, &hello)) {
		e->stats.drop_replay++;
		return;
	}
	begin(e, a, &hello, class, h);
}
