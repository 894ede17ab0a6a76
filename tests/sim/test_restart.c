/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_restart.c - servers that are killed and started again with a state file
 *
 * The nonce oracle of support.h sees all engines of a test, before and after: a nonce that is used
 * again ends the program.
 */
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/engine_impl.h"
#include "core/rebind.h"
#include "tests/sim/places.h"

static struct places *places;

static struct net *with_config(size_t clients, void (*change)(struct ds_config *cfg))
{
	struct net *n = net_new();

	if (change)
		change(&n->server.env.cfg);
	net_start_server(n);
	places_init(places, n);
	for (size_t i = 0; i < clients; i++)
		net_connect(n, i);
	net_run_for(n, DS_SECOND / 2);
	for (size_t i = 0; i < clients; i++) {
		assert_true(net_established(n, i));
		assert_int_equal(net_send(n, i, "hello", 5), 0);
	}
	net_run_for(n, 0);
	assert_int_equal(n->server.n_messages, clients);
	n->server.n_messages = 0;
	return n;
}

static struct net *connected(size_t clients)
{
	return with_config(clients, NULL);
}

static void end(struct net *n)
{
	ds_engine_free(n->server.engine);
	n->server.engine = NULL;
	places_fini(places);
	net_free(n);
}

static int setup(void **state)
{
	(void)state;
	places = mmap(NULL, sizeof(*places), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	return places == MAP_FAILED ? -1 : 0;
}

static int teardown(void **state)
{
	(void)state;
	return munmap(places, sizeof(*places));
}

/* A message to the server and an answer come through. */
static void check_echo(struct net *n, size_t i)
{
	size_t before = n->server.n_messages, answers = n->clients[i].n_messages;

	assert_int_equal(net_send(n, i, "ping", 4), 0);
	net_run_for(n, 0);
	assert_int_equal(n->server.n_messages, before + 1);
	assert_int_equal(net_reply(n, n->server.messages[before].session, "pong", 4), 0);
	net_run_for(n, 0);
	assert_int_equal(n->clients[i].n_messages, answers + 1);
}

/* Until then late answers may be under way to whom we know nothing of. */
static void outlast_late_answers(struct net *n)
{
	net_run_for(n, n->server.env.cfg.replies + 2 * DS_SECOND);
}

static void move(struct net *n, size_t i, uint16_t port)
{
	n->clients[i].addr.port = port;
}

static struct ds_hot *line(struct net *n, size_t i)
{
	uint32_t slot = ds_session_slot(net_server_session(n, i));

	return (struct ds_hot *)(void *)places->lines[slot];
}

static struct ds_slot *slot(struct net *n, size_t i)
{
	return ds_table_get(&n->server.engine->table, net_server_session(n, i));
}

static void test_sessions_go_on_after_a_kill(void **state)
{
	struct net *n = connected(3);

	(void)state;
	for (int round = 0; round < 5; round++) {
		places_restart(places, n);
		assert_int_equal(net_stats(n)->store_restored, 3);
		for (size_t i = 0; i < 3; i++)
			check_echo(n, i);
		places_replay(n);
		assert_int_equal(n->server.n_messages, 3 * (round + 1));
	}
	assert_int_equal(net_count_events(&n->server, DS_EVENT_ESTABLISHED), 3);
	end(n);
}

static void test_what_is_known_about_a_session_comes_back(void **state)
{
	struct net *n = connected(1);
	struct ds_session_info before, after;

	(void)state;
	assert_true(ds_engine_info(n->server.engine, net_server_session(n, 0), &before));
	places_restart(places, n);
	assert_true(ds_engine_info(n->server.engine, net_server_session(n, 0), &after));
	assert_memory_equal(&before, &after, sizeof(before));
	end(n);
}

static void test_every_suite_and_cid_length_comes_back(void **state)
{
	static const uint8_t lengths[] = {0, 1, 8, 32};

	(void)state;
	for (size_t k = 0; ds_suite_at(k); k++) {
		struct net *n;

		if (!ds_suite_find(ds_suite_at(k))->psk)
			continue;
		n = net_new();
		net_init_client(n, 0);
		n->clients[0].env.cfg.suites[0] = ds_suite_at(k);
		n->clients[0].env.cfg.cid_length = lengths[k % 4];
		n->server.env.cfg.cid_length = lengths[(k + 1) % 4];

		net_start_server(n);
		places_init(places, n);
		net_connect(n, 0);
		net_run_for(n, DS_SECOND / 2);
		assert_true(net_established(n, 0));
		places_restart(places, n);
		check_echo(n, 0);
		end(n);
	}
}

/*
 * Every state a line can be left in.  A child makes the server's next step, one instruction at a
 * time; what it writes we see, because lines are shared memory, and nothing else of what it does.
 */
struct moments {
	struct ds_hot at[64];
	size_t n;
};

static void note_moment(struct moments *m, const struct ds_hot *hot)
{
	if (m->n && !memcmp(&m->at[m->n - 1], hot, sizeof(*hot)))
		return;
	assert_true(m->n < TEST_COUNT(m->at));
	memcpy(&m->at[m->n++], hot, sizeof(*hot));
}

static void watch_step(struct net *n, struct ds_hot *hot, struct moments *m)
{
	pid_t child = fork();
	int status;

	m->n = 0;
	if (child == 0) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		raise(SIGSTOP);
		net_run_for(n, 0);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	while (WIFSTOPPED(status)) {
		note_moment(m, hot);
		assert_int_equal(ptrace(PTRACE_SINGLESTEP, child, 0, 0), 0);
		assert_int_equal(waitpid(child, &status, 0), child);
	}
	assert_int_equal(status, 0);
}

static void test_nothing_is_delivered_twice_whatever_the_moment(void **state)
{
	struct net *n = connected(1);
	struct ds_hot *hot = line(n, 0);
	struct moments moments;

	(void)state;
	/* Records that skip some numbers, and at the end one that comes late */
	for (int skip = 0; skip <= 70; skip += 7) {
		uint8_t lost[64];
		size_t len = 0;

		for (int i = 0; i < skip; i++)
			len = net_seal(n, &n->clients[0], net_client_session(n, 0), &skip, 1, lost,
				       sizeof(lost));
		net_send(n, 0, &skip, 1);
		if (skip == 63) {
			net_run_for(n, 0);
			net_inject(n, &n->clients[0].addr, &n->server.addr, lost, len);
		}
		watch_step(n, hot, &moments);
		assert_true(moments.n >= 2);
		for (size_t i = 0; i < moments.n; i++) {
			struct ds_hot *last = &moments.at[moments.n - 1];

			memcpy(hot, &moments.at[i], sizeof(*hot));
			places_restart(places, n);
			n->server.n_messages = 0;
			n->n_queue = 0;
			places_replay(n);
			/* The record that was being accepted may be: it was not delivered yet */
			if (n->server.n_messages && memcmp(&moments.at[i], last, 32))
				n->server.n_messages -= n->server.messages[0].head[0] == skip;
			assert_int_equal(n->server.n_messages, 0);
			memcpy(hot, last, sizeof(*hot));
		}
		places_restart(places, n);
	}
	check_echo(n, 0);
	end(n);
}

static void test_a_record_never_goes_to_half_an_address(void **state)
{
	struct net *n = connected(1);
	struct ds_hot *hot = line(n, 0);
	struct ds_addr old = n->clients[0].addr,
		       new = {.ip = {203, 0, 113, 77}, .port = 7777, .family = 4};
	struct moments moments;
	struct ds_slot was = {0};

	(void)state;
	n->clients[0].addr = new;
	net_send(n, 0, "x", 1);
	watch_step(n, hot, &moments);
	for (size_t i = 0; i < moments.n; i++) {
		assert_true(ds_hot_read(&moments.at[i], &was));
		assert_true(was.remote.family == 0 || ds_slot_is_remote(&was, &old) ||
			    ds_slot_is_remote(&was, &new));
	}
	assert_true(ds_slot_is_remote(&was, &new));
	n->n_queue = 0;
	end(n);
}

static void test_numbers_are_used_up_before_a_record_leaves(void **state)
{
	struct net *n = connected(1);
	uint64_t before = line(n, 0)->tx_seq;
	uint8_t buf[128];

	(void)state;
	net_seal(n, &n->server, net_server_session(n, 0), "x", 1, buf, sizeof(buf));
	assert_int_equal(line(n, 0)->tx_seq, before + 1);
	end(n);
}

static void test_an_ended_session_does_not_come_back_from_an_old_file(void **state)
{
	struct net *n = connected(2);
	uint8_t old[PLACES + 1][DS_STORE_IMAGE];

	(void)state;
	places_keep(places, n);
	memcpy(old, places->images, sizeof(old));
	ds_engine_close(n->server.engine, net_server_session(n, 0), n->now);
	net_drain(n, &n->server);
	places_keep(places, n);
	assert_false(ds_store_image_used(places->images[1]));
	memcpy(places->images, old, sizeof(old));
	places_kill(places, n);
	places_start(places, n);
	assert_int_equal(net_stats(n)->store_restored, 1);
	assert_int_equal(net_stats(n)->store_stale, 1);
	check_echo(n, 1);
	end(n);
}

static void test_an_image_never_meets_the_line_of_another_session(void **state)
{
	struct net *n = connected(1);
	uint8_t old[DS_STORE_IMAGE];

	(void)state;
	places_keep(places, n);
	memcpy(old, places->images[1], sizeof(old));
	ds_engine_close(n->server.engine, net_server_session(n, 0), n->now);
	net_run_for(n, 0);
	net_connect(n, 0); /* in the same slot */
	net_run_for(n, DS_SECOND / 2);
	assert_int_equal(ds_session_slot(net_server_session(n, 0)), 1);
	places_keep(places, n);
	memcpy(places->images[1], old, sizeof(old));
	places_kill(places, n);
	places_start(places, n);
	assert_int_equal(net_stats(n)->store_stale, 1);
	assert_int_equal(ds_engine_sessions(n->server.engine), 0);
	end(n);
}

static void test_a_session_without_image_is_gone(void **state)
{
	struct net *n = connected(1);

	(void)state;
	places_kill(places, n); /* before its image was taken */
	places_start(places, n);
	assert_int_equal(ds_engine_sessions(n->server.engine), 0);
	assert_int_equal(((struct ds_hot *)(void *)places->lines[1])->id, 0);
	end(n);
}

static void test_swapped_images_are_not_taken(void **state)
{
	struct net *n = connected(2);
	uint8_t one[DS_STORE_IMAGE];

	(void)state;
	places_keep(places, n);
	memcpy(one, places->images[1], sizeof(one));
	memcpy(places->images[1], places->images[2], sizeof(one));
	memcpy(places->images[2], one, sizeof(one));
	/* Even if the lines were swapped with them */
	memcpy(one, places->lines[1], DS_STORE_LINE);
	memcpy(places->lines[1], places->lines[2], DS_STORE_LINE);
	memcpy(places->lines[2], one, DS_STORE_LINE);
	places_kill(places, n);
	places_start(places, n);
	assert_int_equal(net_stats(n)->store_damaged, 2);
	assert_int_equal(ds_engine_sessions(n->server.engine), 0);
	end(n);
}

static void test_a_flipped_bit_costs_that_session_only(void **state)
{
	struct net *n = connected(2);

	(void)state;
	places_keep(places, n);
	for (size_t byte = 0; byte < DS_STORE_IMAGE; byte++) {
		struct places saved = *places;

		places->images[1][byte] ^= (uint8_t)(1U << byte % 8);
		places_kill(places, n);
		places_start(places, n);
		assert_int_equal(ds_engine_sessions(n->server.engine), 1);
		assert_int_equal(net_stats(n)->store_stale + net_stats(n)->store_damaged, 1);
		check_echo(n, 1);
		n->server.n_messages = n->clients[1].n_messages = 0;
		net_forget_log(n);
		memcpy(saved.lines[2], places->lines[2], DS_STORE_LINE);
		*places = saved;
	}
	end(n);
}

/* It stands in clear, because it is compared with the line's before anything is opened. */
static void test_the_id_of_an_image_cannot_be_changed(void **state)
{
	struct net *n = connected(1);

	(void)state;
	places_keep(places, n);
	places_kill(places, n);
	places->images[1][0] ^= 1;
	((struct ds_hot *)(void *)places->lines[1])->id = ds_image_id(places->images[1]);
	places_start(places, n);
	assert_int_equal(net_stats(n)->store_damaged, 1);
	assert_int_equal(ds_engine_sessions(n->server.engine), 0);
	end(n);
}

static void test_a_cut_image_is_not_taken(void **state)
{
	struct net *n = connected(1);
	uint8_t whole[DS_STORE_IMAGE];
	struct places saved;

	(void)state;
	places_keep(places, n);
	memcpy(whole, places->images[1], sizeof(whole));
	saved = *places;
	for (size_t len = 0; len < DS_STORE_IMAGE; len++) {
		*places = saved;
		memset(places->images[1] + len, 0, DS_STORE_IMAGE - len);
		if (!memcmp(places->images[1], whole, sizeof(whole)))
			continue; /* it ended with zeros */
		places_kill(places, n);
		places_start(places, n);
		assert_int_equal(ds_engine_sessions(n->server.engine), 0);
	}
	*places = saved;
	places_kill(places, n);
	places_start(places, n);
	check_echo(n, 0);
	end(n);
}

/* Whatever a line says, nothing crashes; the numbers it is believed about are its own. */
static void test_any_line_is_survived(void **state)
{
	struct net *n = connected(1);
	struct places saved;
	uint64_t seed = 7;

	(void)state;
	places_keep(places, n);
	saved = *places;
	for (int i = 0; i < 2000; i++) {
		*places = saved;
		places->lines[1][test_random(&seed) % DS_STORE_LINE] = (uint8_t)test_random(&seed);
		if (i % 2)
			test_random_bytes(&seed, places->lines[1] + 8, DS_STORE_LINE - 8);
		places_kill(places, n);
		places_start(places, n);
		ds_engine_tick(n->server.engine, n->now);
	}
	end(n);
}

static void test_a_line_without_a_number_that_a_session_has_is_damaged(void **state)
{
	static const uint64_t numbers[] = {DS_LINGER_SEQS, DS_SEQ_MAX + 1};

	(void)state;
	for (size_t i = 0; i < TEST_COUNT(numbers); i++) {
		struct net *n = connected(1);

		places_keep(places, n);
		places_kill(places, n);
		((struct ds_hot *)(void *)places->lines[1])->tx_seq = numbers[i];
		places_start(places, n);
		assert_int_equal(net_stats(n)->store_damaged, 1);
		assert_int_equal(ds_engine_sessions(n->server.engine), 0);
		end(n);
	}
}

static void test_limits_of_a_key_go_on_counting(void **state)
{
	struct net *n = connected(1);
	ds_session s;

	(void)state;
	slot(n, 0)->tx_seq = ds_suite_find(slot(n, 0)->suite)->records - 1;
	slot(n, 0)->rx_count = 100;
	check_echo(n, 0);
	places_restart(places, n);
	assert_int_equal(slot(n, 0)->rx_count, 101);
	s = net_server_session(n, 0);
	assert_int_equal(net_reply(n, s, "x", 1), DS_E_NOSESSION);
	assert_int_equal(net_stats(n)->sessions_limit, 1);
	end(n);
}

static void test_failures_of_a_key_go_on_counting(void **state)
{
	struct net *n = connected(1);
	uint8_t bad[128];
	size_t len =
		net_seal(n, &n->clients[0], net_client_session(n, 0), "bad", 3, bad, sizeof(bad));

	(void)state;
	bad[len - 1] ^= 1;
	net_inject(n, &n->clients[0].addr, &n->server.addr, bad, len);
	net_run_for(n, 0);
	places_restart(places, n);
	assert_int_equal(slot(n, 0)->failures, 1);
	end(n);
}

static void test_a_moved_session_comes_back_where_it_is(void **state)
{
	struct net *n = connected(1);

	(void)state;
	move(n, 0, 50000);
	check_echo(n, 0);
	places_restart(places, n);
	assert_true(net_server_session(n, 0) != 0);
	assert_int_equal(net_stats(n)->rebinds, 0);
	check_echo(n, 0);
	assert_int_equal(net_stats(n)->rebinds, 0);
	end(n);
}

static void cannot_ask(struct ds_config *cfg)
{
	cfg->rrc = DS_RRC_OFF;
}

static void test_an_unproven_address_gets_nothing_before_it_speaks_again(void **state)
{
	struct net *n = with_config(1, cannot_ask);

	(void)state;
	move(n, 0, 50000);
	check_echo(n, 0);
	places_restart(places, n);
	assert_int_equal(net_reply(n, net_server_session(n, 0), "x", 1), DS_E_BUDGET);
	check_echo(n, 0);
	end(n);
}

static enum net_fate nothing_to_clients(void *ctx, size_t n, bool to_server, const uint8_t *data,
					size_t len)
{
	(void)ctx, (void)n, (void)data, (void)len;
	return to_server ? NET_PASS : NET_DROP;
}

/* Nobody remembers the question, but what came back with the session says that it can be asked. */
static void test_a_peer_is_asked_where_it_is_after_a_restart(void **state)
{
	static const uint8_t much[1000];
	struct net *n = connected(1);

	(void)state;
	n->rule = nothing_to_clients;
	move(n, 0, 50000);
	assert_int_equal(net_send(n, 0, "x", 1), 0);
	net_run_for(n, 0);
	places_restart(places, n);
	n->rule = NULL;
	assert_int_equal(net_reply(n, net_server_session(n, 0), "x", 1), DS_E_BUDGET);
	check_echo(n, 0);
	assert_int_equal(net_stats(n)->rrc_proven, 1);
	assert_int_equal(net_reply(n, net_server_session(n, 0), much, sizeof(much)), 0);
	end(n);
}

/* Client @i asks from where somebody else was before; true if the server heard it. */
static bool is_heard(struct net *n, size_t i)
{
	size_t before = n->server.n_messages;

	assert_int_equal(net_send(n, i, "me", 2), 0);
	net_run_for(n, 0);
	return n->server.n_messages > before;
}

/* Client 1 comes where client 0 was, which left with a question open. */
static void succeed(struct net *n)
{
	net_init_client(n, 1);
	n->clients[1].addr = n->clients[0].addr;
	n->clients[0].addr.port++;
	n->clients[1].env.cfg.answer = 0; /* no handshake because nobody answers */
	net_connect(n, 1);
	net_run_for(n, DS_SECOND / 2);
	assert_true(net_client_session(n, 1) != 0);
}

static void test_late_answers_are_nobodys_after_a_restart(void **state)
{
	struct net *n = connected(1);

	(void)state;
	ds_engine_close(n->server.engine, net_server_session(n, 0), n->now);
	places_restart(places, n);
	succeed(n);
	assert_int_equal(ds_engine_find(n->server.engine, &n->clients[1].addr), 0);
	assert_false(is_heard(n, 1));
	outlast_late_answers(n);
	assert_true(is_heard(n, 1));
	end(n);
}

static void test_a_session_that_is_not_heard_yet_is_not_after_a_restart(void **state)
{
	struct net *n = connected(1);

	(void)state;
	ds_engine_close(n->server.engine, net_server_session(n, 0), n->now);
	succeed(n);
	places_restart(places, n);
	assert_int_equal(ds_engine_sessions(n->server.engine), 1);
	assert_false(is_heard(n, 1));
	outlast_late_answers(n);
	assert_true(is_heard(n, 1));
	end(n);
}

static void test_nobody_moves_where_late_answers_may_go(void **state)
{
	struct net *n = connected(2);
	struct ds_addr left = n->clients[0].addr;

	(void)state;
	ds_engine_close(n->server.engine, net_server_session(n, 0), n->now);
	places_restart(places, n);
	n->clients[0].addr.port++;
	n->clients[1].addr = left;
	net_send(n, 1, "me", 2);
	net_run_for(n, 0);
	assert_int_equal(ds_engine_find(n->server.engine, &left), 0);
	outlast_late_answers(n);
	check_echo(n, 1);
	assert_true(ds_engine_find(n->server.engine, &left) != 0);
	end(n);
}

/* A record of client 0 that went to the server's address with last byte @last; images it caused. */
static int speak_to(struct net *n, uint8_t last)
{
	struct ds_addr to = n->server.addr;
	uint8_t buf[128], image[DS_STORE_IMAGE];
	struct ds_input in = {.data = buf};
	struct ds_message msg;
	uint32_t number;
	int images = 0;

	to.ip[3] = last;
	in.path = net_path(&to, &n->clients[0].addr);
	in.len = net_seal(n, &n->clients[0], net_client_session(n, 0), "x", 1, buf, sizeof(buf));
	assert_int_equal(ds_engine_input(n->server.engine, &in, &msg, n->now), DS_MESSAGE);
	while (ds_engine_image(n->server.engine, &number, image)) {
		memcpy(places->images[number], image, sizeof(image));
		images++;
	}
	return images;
}

static void test_a_peer_cannot_make_every_record_an_image(void **state)
{
	struct net *n = connected(1);
	struct ds_session_info info;
	int images = 0;

	(void)state;
	places_keep(places, n);
	for (int i = 0; i < 100; i++) {
		images += speak_to(n, (uint8_t)(100 + i));
		ds_engine_tick(n->server.engine, n->now);
	}
	assert_in_range(images, 0, 1);
	assert_true(ds_engine_deadline(n->server.engine) <= n->now + DS_SECOND);
	net_run_for(n, 2 * DS_SECOND);
	places_restart(places, n);
	assert_true(ds_engine_info(n->server.engine, net_server_session(n, 0), &info));
	assert_int_equal(info.path.local.ip[3], 199);
	end(n);
}

static void stable(struct ds_config *cfg)
{
	cfg->peer_address = DS_PEER_STABLE;
}

static void test_a_stable_address_stays_what_it_was(void **state)
{
	struct net *n = with_config(1, stable);
	struct ds_addr first = n->clients[0].addr;

	(void)state;
	move(n, 0, 50000);
	check_echo(n, 0);
	places_restart(places, n);
	assert_true(ds_engine_find(n->server.engine, &first) != 0);
	check_echo(n, 0);
	assert_true(ds_addr_equal(&n->server.messages[1].peer, &first));
	end(n);
}

static void test_half_an_address_is_none_and_the_session_is_found_by_its_cid(void **state)
{
	struct net *n = connected(1);
	struct ds_hot *hot = line(n, 0);

	(void)state;
	hot->where &= ~(0xFFULL << 16);
	hot->ip[3] ^= 0x55;
	places_restart(places, n);
	assert_int_equal(ds_engine_sessions(n->server.engine), 1);
	assert_int_equal(net_server_session(n, 0), 0);
	outlast_late_answers(n);
	check_echo(n, 0);
	end(n);
}

static void test_one_address_still_finds_one_session(void **state)
{
	struct net *n = connected(2);
	struct ds_hot *a = line(n, 0), *b = line(n, 1);

	(void)state;
	memcpy(b->ip, a->ip, sizeof(b->ip));
	b->where = a->where - (1ULL << 32); /* it spoke a second earlier */
	places_restart(places, n);
	assert_int_equal(ds_engine_sessions(n->server.engine), 2);
	assert_int_equal(net_server_session(n, 1), 0);
	outlast_late_answers(n);
	check_echo(n, 0);
	check_echo(n, 1);
	end(n);
}

static void short_idle(struct ds_config *cfg)
{
	cfg->idle = 100 * DS_SECOND;
}

static void test_silent_and_old_sessions_stay_away(void **state)
{
	struct net *n = with_config(2, short_idle);

	(void)state;
	net_run_for(n, 60 * DS_SECOND);
	check_echo(n, 0);
	places_keep(places, n);
	places_kill(places, n);
	n->now += 60 * DS_SECOND;
	places_start(places, n);
	assert_int_equal(net_stats(n)->store_expired, 1);
	check_echo(n, 0);
	places->how.max_age = 30;
	places_restart(places, n);
	assert_int_equal(net_stats(n)->store_expired, 1);
	assert_int_equal(ds_engine_sessions(n->server.engine), 0);
	end(n);
}

static void test_idle_time_goes_on_after_a_restart(void **state)
{
	struct net *n = with_config(1, short_idle);

	(void)state;
	net_run_for(n, 90 * DS_SECOND);
	places_restart(places, n);
	assert_int_equal(ds_engine_sessions(n->server.engine), 1);
	net_run_for(n, 12 * DS_SECOND);
	assert_int_equal(ds_engine_sessions(n->server.engine), 0);
	end(n);
}

static void short_life(struct ds_config *cfg)
{
	cfg->max_age = 100 * DS_SECOND;
}

static void test_age_goes_on_after_a_restart(void **state)
{
	struct net *n = with_config(1, short_life);

	(void)state;
	net_run_for(n, 60 * DS_SECOND);
	places_restart(places, n);
	check_echo(n, 0);
	net_run_for(n, 35 * DS_SECOND);
	assert_int_equal(ds_engine_sessions(n->server.engine), 1);
	net_run_for(n, 12 * DS_SECOND);
	assert_int_equal(ds_engine_sessions(n->server.engine), 0);
	assert_int_equal(net_stats(n)->sessions_aged, 1);
	end(n);
}

/* The wall clock was set back, or two clocks were rounded: the session began in the future. */
static void test_a_session_that_begins_in_the_future_is_young(void **state)
{
	struct net *n = with_config(1, short_life);

	(void)state;
	places_keep(places, n);
	places_kill(places, n);
	places->wall -= 30;
	places_start(places, n);
	net_run_for(n, 5 * DS_SECOND);
	assert_int_equal(net_stats(n)->sessions_aged, 0);
	check_echo(n, 0);
	end(n);
}

static void test_the_order_of_use_comes_back(void **state)
{
	static const size_t order[] = {2, 0, 3, 1};
	struct net *n = connected(4);
	uint32_t id;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		net_run_for(n, (i + 1) * 3000 * DS_SECOND);
		check_echo(n, order[i]);
	}
	places_restart(places, n);
	id = n->server.engine->table.oldest;
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(id, ds_session_slot(net_server_session(n, order[i])));
		id = ds_table_at(&n->server.engine->table, id)->newer;
	}
	assert_int_equal(id, 0);
	end(n);
}

static void test_fewer_sessions_than_before_fit(void **state)
{
	struct net *n = connected(4);

	(void)state;
	places_keep(places, n);
	places_kill(places, n);
	n->server.env.cfg.max_sessions = 2;
	places_start(places, n);
	assert_int_equal(ds_engine_sessions(n->server.engine), 2);
	assert_int_equal(net_stats(n)->store_unfit, 2);
	end(n);
}

static void test_another_cid_length_cannot_take_them(void **state)
{
	struct net *n = connected(1);

	(void)state;
	places_keep(places, n);
	places_kill(places, n);
	n->server.env.cfg.cid_length = 4;
	places_start(places, n);
	assert_int_equal(net_stats(n)->store_unfit, 1);
	end(n);
}

static void test_free_places_are_used_again(void **state)
{
	struct net *n = connected(4);

	(void)state;
	for (size_t i = 0; i < 4; i += 2)
		ds_engine_close(n->server.engine, net_server_session(n, i), n->now);
	net_run_for(n, 0);
	places_restart(places, n);
	assert_int_equal(ds_engine_sessions(n->server.engine), 2);
	outlast_late_answers(n);
	for (size_t i = 0; i < 4; i += 2)
		net_connect(n, i);
	net_run_for(n, DS_SECOND);
	for (size_t i = 0; i < 4; i++) {
		assert_in_range(ds_session_slot(net_server_session(n, i)), 1, 4);
		check_echo(n, i);
	}
	places_restart(places, n);
	assert_int_equal(net_stats(n)->store_restored, 4);
	end(n);
}

static void test_sessions_without_room_live_until_the_end(void **state)
{
	struct net *n = net_new();

	(void)state;
	net_start_server(n);
	places_init(places, n);
	places->room = 1;
	ds_engine_store_room(n->server.engine, places->lines, 1);
	assert_in_range(ds_engine_store_wants(n->server.engine), 2, 1025);
	for (size_t i = 0; i < 2; i++)
		net_connect(n, i);
	net_run_for(n, DS_SECOND / 2);
	assert_int_equal(net_stats(n)->store_unplaced, 1);
	for (size_t i = 0; i < 2; i++)
		check_echo(n, i);
	places_restart(places, n);
	assert_int_equal(net_stats(n)->store_restored, 1);
	check_echo(n, 0);
	end(n);
}

static void test_sessions_without_room_get_places_when_there_are_more(void **state)
{
	struct net *n = net_new();

	(void)state;
	net_start_server(n);
	places_init(places, n);
	ds_engine_store_room(n->server.engine, places->lines, 1);
	for (size_t i = 0; i < 3; i++)
		net_connect(n, i);
	net_run_for(n, DS_SECOND / 2);
	assert_int_equal(net_stats(n)->store_unplaced, 2);
	check_echo(n, 2);
	ds_engine_store_room(n->server.engine, places->lines, PLACES);
	check_echo(n, 2);
	places_restart(places, n);
	assert_int_equal(net_stats(n)->store_restored, 3);
	for (size_t i = 0; i < 3; i++)
		check_echo(n, i);
	end(n);
}

static void test_without_randomness_a_session_is_not_kept(void **state)
{
	struct net *n = connected(1);
	uint8_t image[DS_STORE_IMAGE];
	uint32_t slot_number;

	(void)state;
	places_keep(places, n);
	ds_table_changed(&n->server.engine->table, 1);
	n->server.env.fail_random = n->server.env.randoms;
	assert_true(ds_engine_image(n->server.engine, &slot_number, image));
	assert_false(ds_store_image_used(image));
	assert_int_equal(net_stats(n)->store_lost, 1);
	check_echo(n, 0);
	end(n);
}

static void test_images_nobody_takes_come_later(void **state)
{
	struct net *n = connected(2);

	(void)state;
	places_keep(places, n);
	memset(places->images[1], 0, DS_STORE_IMAGE);
	ds_table_changed(&n->server.engine->table, 1);
	for (int i = 0; i < DS_PENDING; i++)
		ds_table_changed(&n->server.engine->table, 2);
	places_keep(places, n);
	assert_false(ds_store_image_used(places->images[1]));
	net_run_for(n, DS_SECOND);
	places_keep(places, n);
	assert_true(ds_store_image_used(places->images[1]));
	end(n);
}

static void test_an_image_that_could_not_be_written_comes_again(void **state)
{
	struct net *n = connected(3);
	struct ds_engine *e = n->server.engine;
	uint8_t image[DS_STORE_IMAGE];
	uint32_t slot_number;

	(void)state;
	places_keep(places, n);
	memset(places->images, 0, sizeof(places->images));
	for (uint32_t i = 1; i <= 3; i += 2) {
		ds_engine_image_later(e, i, n->now);
		assert_true(ds_engine_images_wait(e));
	}
	assert_in_range(ds_engine_deadline(e), n->now, n->now + 10 * DS_SECOND);
	net_run_for(n, 9 * DS_SECOND);
	assert_false(ds_engine_image(e, &slot_number, image));
	net_run_for(n, 2 * DS_SECOND);
	assert_true(ds_engine_images_wait(e)); /* nobody is told that they are written */
	places_keep(places, n);
	assert_false(ds_engine_images_wait(e));
	places_restart(places, n);
	assert_int_equal(net_stats(n)->store_restored, 3);
	check_echo(n, 2);
	end(n);
}

static void test_short_memory_costs_sessions_not_the_server(void **state)
{
	struct net *n = connected(3);

	(void)state;
	places_keep(places, n);
	for (size_t at = 0; at < 12; at++) {
		struct places saved = *places;

		places_kill(places, n);
		net_start_server(n);
		n->server.env.fail_alloc = n->server.env.allocs + at;
		ds_engine_store(n->server.engine, places->store, places->lines, PLACES,
				places->wall);
		ds_engine_keep(n->server.engine, PLACES, places->order);
		for (uint32_t i = 0; i < PLACES; i++)
			(void)ds_engine_restore(n->server.engine, places->order[i],
						places->images[places->order[i]], &places->how,
						n->now);
		ds_engine_restored(n->server.engine);
		n->server.env.fail_alloc = TEST_NEVER;
		*places = saved;
	}
	end(n);
}

static void test_an_authentic_image_that_says_nonsense_is_not_taken(void **state)
{
	struct net *n = connected(1);
	struct ds_slot *s = slot(n, 0);
	struct ds_table *t = &n->server.engine->table;
	uint64_t id = line(n, 0)->id;

	(void)state;
	places_keep(places, n);
	for (int what = 0; what < 3; what++) {
		struct ds_slot saved = *s;
		struct ds_slot_more more = *s->more;
		struct ds_image opened;

		if (what == 0)
			s->more->payload_max = DS_PAYLOAD_MAX + 1;
		else if (what == 1)
			s->suite = 0xC0A9; /* the length of the key block changes with it */
		else
			s->flags |= 0xFF;
		if (what == 1)
			s->more->keys_len = 0;
		assert_int_equal(ds_image_seal(places->store, t, s, 1, id, 0, places->images[1]),
				 0);
		assert_int_equal(ds_image_open(places->store, places->images[1], 1, &opened),
				 what != 0);
		*s = saved;
		*s->more = more;
	}
	end(n);
}

static void test_of_two_images_with_one_cid_the_one_that_spoke_last_is_taken(void **state)
{
	struct net *n = connected(2);
	struct ds_slot *second = slot(n, 1);
	uint32_t at = ds_session_slot(net_server_session(n, 1));
	uint8_t own[DS_CID_MAX];
	size_t len = n->server.env.cfg.cid_length;

	(void)state;
	places_keep(places, n);
	memcpy(own, second->cid, len);
	memcpy(second->cid, slot(n, 0)->cid, len);
	assert_int_equal(ds_image_seal(places->store, &n->server.engine->table, second, at,
				       line(n, 1)->id, n->server.engine->wall, places->images[at]),
			 0);
	memcpy(second->cid, own, len);
	line(n, 1)->where -= 1ULL << 32;
	places_kill(places, n);
	places_start(places, n);
	assert_int_equal(net_stats(n)->store_damaged, 1);
	assert_int_equal(ds_engine_sessions(n->server.engine), 1);
	check_echo(n, 0);
	end(n);
}

/* Sessions that come back beside serving */

/* Each client speaks a second after the one before; then the server is killed, and the next one takes
 * @count sessions back. */
static struct net *half_back(size_t clients, uint32_t count)
{
	struct net *n = connected(clients);

	for (size_t i = 0; i < clients; i++) {
		net_run_for(n, DS_SECOND);
		check_echo(n, i);
	}
	places_keep(places, n);
	places_kill(places, n);
	net_start_server(n);
	places_begin(places, n);
	assert_true(places_take_some(places, n, count));
	assert_int_equal(ds_engine_sessions(n->server.engine), count);
	return n;
}

static void test_images_that_are_written_once_more_erase_none_that_is_not_back(void **state)
{
	struct net *n = half_back(4, 2);
	uint8_t image[DS_STORE_IMAGE];
	uint32_t at;

	(void)state;
	ds_engine_image_later(n->server.engine, 1, n->now);
	ds_engine_image_later(n->server.engine, 4, n->now);
	net_run_for(n, 20 * DS_SECOND);
	assert_false(ds_engine_image(n->server.engine, &at, image));
	assert_false(places_take_some(places, n, PLACES));
	net_run_for(n, 20 * DS_SECOND);
	assert_true(ds_engine_images_wait(n->server.engine) ||
		    ds_engine_has_image(n->server.engine));
	places_restart(places, n);
	for (size_t i = 0; i < 4; i++)
		check_echo(n, i);
	end(n);
}

static void test_who_spoke_last_is_served_before_the_others_are_back(void **state)
{
	struct net *n = half_back(4, 2);

	(void)state;
	check_echo(n, 3);
	check_echo(n, 2);
	assert_int_equal(net_send(n, 0, "early", 5), 0);
	net_run_for(n, 0);
	assert_int_equal(net_stats(n)->drop_unknown_cid, 1);
	assert_false(places_take_some(places, n, PLACES));
	assert_int_equal(net_stats(n)->store_restored, 4);
	assert_int_equal(n->server.engine->table.oldest, ds_session_slot(net_server_session(n, 0)));
	assert_int_equal(n->server.engine->table.newest, ds_session_slot(net_server_session(n, 2)));
	for (size_t i = 0; i < 4; i++)
		check_echo(n, i);
	end(n);
}

static void test_a_new_session_takes_no_place_of_one_that_comes_back(void **state)
{
	struct net *n = half_back(3, 1);

	(void)state;
	net_init_client(n, 3);
	net_connect(n, 3);
	net_run_for(n, DS_SECOND / 2);
	assert_true(net_established(n, 3));
	assert_false(places_take_some(places, n, PLACES));
	assert_int_equal(net_stats(n)->store_restored, 3);
	for (size_t i = 0; i < 4; i++)
		check_echo(n, i);
	end(n);
}

static void test_a_new_session_keeps_the_old_one_of_its_identity_away(void **state)
{
	struct net *n = half_back(3, 1);

	(void)state;
	ds_engine_free(n->clients[0].engine); /* the device begins anew */
	n->clients[0].engine = NULL;
	net_init_client(n, 0);
	net_connect(n, 0);
	net_run_for(n, DS_SECOND / 2);
	assert_true(net_established(n, 0));
	assert_false(places_take_some(places, n, PLACES));
	assert_int_equal(net_stats(n)->store_restored, 2);
	assert_int_equal(net_stats(n)->store_unfit, 1);
	assert_int_equal(ds_engine_sessions(n->server.engine), 3);
	for (size_t i = 0; i < 3; i++)
		check_echo(n, i);
	end(n);
}

static void test_a_damaged_image_is_found_when_its_turn_comes(void **state)
{
	struct net *n = half_back(3, 1);

	(void)state;
	places->images[places->order[1]][200] ^= 1;
	assert_false(places_take_some(places, n, PLACES));
	assert_int_equal(net_stats(n)->store_damaged, 1);
	assert_int_equal(ds_engine_sessions(n->server.engine), 2);
	check_echo(n, 0);
	check_echo(n, 2);
	end(n);
}

static void test_killed_while_they_come_back_all_come_back(void **state)
{
	struct net *n = half_back(4, 1);

	(void)state;
	for (uint32_t count = 0; count < 4; count++) {
		check_echo(n, 3);
		places_keep(places, n);
		places_kill(places, n);
		net_start_server(n);
		places_begin(places, n);
		assert_true(places_take_some(places, n, count + 1));
	}
	places_restart(places, n);
	assert_int_equal(net_stats(n)->store_restored, 4);
	for (size_t i = 0; i < 4; i++)
		check_echo(n, i);
	places_replay(n);
	assert_int_equal(n->server.n_messages, 4 + 4 + 4);
	end(n);
}

/* After a clean end, on another boot */

static void park(struct net *n)
{
	places_keep(places, n);
	places_kill(places, n);
	places->how = (struct ds_restore){.leap = true, .wall = places->wall};
}

static void test_after_a_clean_end_the_numbers_leap(void **state)
{
	struct net *n = connected(2);
	uint64_t before = line(n, 0)->tx_seq;

	(void)state;
	park(n);
	n->now += 60 * DS_SECOND;
	places_start(places, n);
	assert_int_equal(net_stats(n)->store_restored, 2);
	assert_int_equal(line(n, 0)->tx_seq & DS_SEQ_COUNT_MASK, before);
	assert_int_equal(line(n, 0)->tx_seq >> DS_SEQ_COUNT_BITS, 60 / DS_LEAP_SECONDS + 1);
	check_echo(n, 0);
	check_echo(n, 1);
	places_replay(n);
	assert_int_equal(n->server.n_messages, 2);
	end(n);
}

/* The engine's clock begins anew with a boot. */
static void test_times_are_translated_to_the_clock_of_the_new_boot(void **state)
{
	struct net *n = with_config(1, short_idle);
	struct places saved;

	(void)state;
	park(n);
	saved = *places;
	places->wall += (int64_t)(n->now / DS_SECOND) + 50 - 5; /* 50 s later, 5 s after the boot */
	n->now = 5 * DS_SECOND;
	places_start(places, n);
	assert_int_equal(ds_engine_sessions(n->server.engine), 1);
	check_echo(n, 0);
	places_kill(places, n);
	*places = saved;
	places->wall += 1000 + 150 - 5;
	places_start(places, n);
	assert_int_equal(net_stats(n)->store_expired, 1);
	end(n);
}

static void test_an_old_copy_of_a_parked_file_uses_no_number_again(void **state)
{
	struct net *n = connected(1);
	struct places copy;

	(void)state;
	park(n);
	copy = *places;
	for (int boot = 0; boot < 4; boot++) {
		*places = copy;
		n->now += DS_LEAP_SECONDS * DS_SECOND;
		places_start(places, n);
		assert_int_equal(ds_engine_sessions(n->server.engine), 1);
		for (int i = 0; i < 5; i++)
			assert_int_equal(net_reply(n, net_server_session(n, 0), "x", 1), 0);
		net_run_for(n, 0);
		places_kill(places, n);
	}
	end(n);
}

/* The generation of a leap at @at (wall clock since the test began), @up after the boot; the clocks were
 * compared @ago before. */
static uint64_t leap_at(struct net *n, const struct places *copy, const ds_time when[static 3])
{
	ds_time at = when[0], up = when[1], ago = when[2];
	uint64_t generation;

	*places = *copy;
	n->now = up;
	places->wall += (int64_t)((at - ago) / DS_SECOND) - (int64_t)((up - ago) / DS_SECOND);
	places_start(places, n);
	assert_int_equal(ds_engine_sessions(n->server.engine), 1);
	generation = line(n, 0)->tx_seq >> DS_SEQ_COUNT_BITS;
	places_kill(places, n);
	return generation;
}

static void test_leaps_that_were_waited_for_have_different_generations(void **state)
{
	struct net *n = connected(1);
	struct places copy;
	uint64_t seed = 7;

	(void)state;
	park(n);
	copy = *places;
	for (int i = 0; i < 500; i++) {
		ds_time when[3] = {n->now + 1000 * DS_SECOND +
				   test_random(&seed) % (60 * DS_SECOND)};
		uint64_t generation = 0;

		for (int boot = 0; boot < 2; boot++, when[0] += DS_LEAP_WAIT * DS_SECOND) {
			uint64_t before = generation;

			when[1] = 5 * DS_SECOND + test_random(&seed) % (9 * DS_SECOND);
			when[2] = test_random(&seed) % (2 * DS_SECOND);
			generation = leap_at(n, &copy, when);
			assert_true(generation > before);
		}
	}
	end(n);
}

static void test_a_leap_needs_a_clock_that_runs_forward(void **state)
{
	struct net *n = connected(1);
	struct places copy;

	(void)state;
	park(n);
	n->now += 100 * DS_SECOND;
	copy = *places;
	places->wall -= 200; /* before the session was made */
	places_start(places, n);
	assert_int_equal(net_stats(n)->store_stale, 1);
	places_kill(places, n);

	*places = copy;
	places_start(places, n);
	check_echo(n, 0);
	park(n);
	places->wall -= 60; /* after it was made, before it last leapt */
	places_start(places, n);
	assert_int_equal(net_stats(n)->store_stale, 1);
	places_kill(places, n);

	*places = copy;
	places->wall += (int64_t)DS_LEAP_SECONDS << 23; /* beyond the last generation */
	places->how.wall = places->wall;
	places_start(places, n);
	assert_int_equal(net_stats(n)->store_stale, 1);
	end(n);
}

static void test_a_leap_does_not_forget_how_much_a_key_was_used(void **state)
{
	struct net *n = connected(1);

	(void)state;
	slot(n, 0)->tx_seq = ds_suite_find(slot(n, 0)->suite)->records - 1;
	check_echo(n, 0);
	park(n);
	n->now += 60 * DS_SECOND;
	places_start(places, n);
	assert_int_equal(net_reply(n, net_server_session(n, 0), "x", 1), DS_E_NOSESSION);
	end(n);
}

/* A life with kills at random moments: nothing twice, nothing lost. */
static void test_a_life_with_many_deaths(void **state)
{
	struct net *n = connected(4);
	uint64_t seed = 99;
	size_t sent = 0;

	(void)state;
	for (int i = 0; i < 600; i++) {
		size_t c = test_random(&seed) % 4;

		if (test_random(&seed) % 8 == 0) {
			outlast_late_answers(n);
			move(n, c, (uint16_t)(30000 + 100 * c + test_random(&seed) % 50));
		}
		check_echo(n, c);
		sent++;
		net_run_for(n, test_random(&seed) % (3 * DS_SECOND));
		if (test_random(&seed) % 4 == 0) {
			places_restart(places, n);
			assert_int_equal(net_stats(n)->store_restored, 4);
		}
		if (i % 100 == 99) {
			n->server.n_messages = 0;
			places_replay(n);
			assert_int_equal(n->server.n_messages, 0);
			net_forget_log(n);
			for (size_t k = 0; k < 4; k++)
				n->clients[k].n_messages = 0;
			n->server.n_events = 0;
		}
	}
	assert_int_equal(sent, 600);
	end(n);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(sessions_go_on_after_a_kill),
		TEST(what_is_known_about_a_session_comes_back),
		TEST(every_suite_and_cid_length_comes_back),
		TEST(nothing_is_delivered_twice_whatever_the_moment),
		TEST(a_record_never_goes_to_half_an_address),
		TEST(numbers_are_used_up_before_a_record_leaves),
		TEST(an_ended_session_does_not_come_back_from_an_old_file),
		TEST(an_image_never_meets_the_line_of_another_session),
		TEST(a_session_without_image_is_gone),
		TEST(swapped_images_are_not_taken),
		TEST(a_flipped_bit_costs_that_session_only),
		TEST(the_id_of_an_image_cannot_be_changed),
		TEST(a_cut_image_is_not_taken),
		TEST(any_line_is_survived),
		TEST(a_line_without_a_number_that_a_session_has_is_damaged),
		TEST(limits_of_a_key_go_on_counting),
		TEST(failures_of_a_key_go_on_counting),
		TEST(a_moved_session_comes_back_where_it_is),
		TEST(an_unproven_address_gets_nothing_before_it_speaks_again),
		TEST(a_peer_is_asked_where_it_is_after_a_restart),
		TEST(late_answers_are_nobodys_after_a_restart),
		TEST(a_session_that_is_not_heard_yet_is_not_after_a_restart),
		TEST(nobody_moves_where_late_answers_may_go),
		TEST(a_peer_cannot_make_every_record_an_image),
		TEST(a_stable_address_stays_what_it_was),
		TEST(half_an_address_is_none_and_the_session_is_found_by_its_cid),
		TEST(one_address_still_finds_one_session),
		TEST(silent_and_old_sessions_stay_away),
		TEST(idle_time_goes_on_after_a_restart),
		TEST(age_goes_on_after_a_restart),
		TEST(a_session_that_begins_in_the_future_is_young),
		TEST(the_order_of_use_comes_back),
		TEST(images_that_are_written_once_more_erase_none_that_is_not_back),
		TEST(who_spoke_last_is_served_before_the_others_are_back),
		TEST(a_new_session_takes_no_place_of_one_that_comes_back),
		TEST(a_new_session_keeps_the_old_one_of_its_identity_away),
		TEST(a_damaged_image_is_found_when_its_turn_comes),
		TEST(killed_while_they_come_back_all_come_back),
		TEST(fewer_sessions_than_before_fit),
		TEST(another_cid_length_cannot_take_them),
		TEST(free_places_are_used_again),
		TEST(sessions_without_room_live_until_the_end),
		TEST(without_randomness_a_session_is_not_kept),
		TEST(images_nobody_takes_come_later),
		TEST(an_image_that_could_not_be_written_comes_again),
		TEST(sessions_without_room_get_places_when_there_are_more),
		TEST(short_memory_costs_sessions_not_the_server),
		TEST(an_authentic_image_that_says_nonsense_is_not_taken),
		TEST(of_two_images_with_one_cid_the_one_that_spoke_last_is_taken),
		TEST(after_a_clean_end_the_numbers_leap),
		TEST(times_are_translated_to_the_clock_of_the_new_boot),
		TEST(an_old_copy_of_a_parked_file_uses_no_number_again),
		TEST(leaps_that_were_waited_for_have_different_generations),
		TEST(a_leap_needs_a_clock_that_runs_forward),
		TEST(a_leap_does_not_forget_how_much_a_key_was_used),
		TEST(a_life_with_many_deaths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
