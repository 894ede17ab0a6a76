/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_host_state.c - what is believed of a state file after a crash, a reboot, a copy, damage
 *
 * Each life is a process of its own: it opens the state file, counts the sessions it finds, makes some,
 * and ends cleanly or not.
 */
#include "tests/unit/host_support.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/engine_impl.h"
#include "host/arena.h"
#include "host/state_impl.h"

#define REFUSED (-1)

enum end { CLEAN, KILLED };

static char memory[] = "/dev/shm/dtlsshim-test-XXXXXX";
static const char *more_flags = "";
static int patience;		    /* --state-wait */
static const struct ds_addr *bound; /* endpoint of a life(), NULL = none is told */

static uint8_t machine[16] = "a machine's id!";

/* In the place of host/state_io.c's.  All zero: the system has none. */
void __wrap_host_state_machine_id(uint8_t id[static 16]);
void __wrap_host_state_machine_id(uint8_t id[static 16])
{
	memcpy(id, machine, 16);
}

static uint64_t clock_is_ahead; /* nanoseconds, of the wall clock */

uint64_t __real_host_state_wall(void);
uint64_t __wrap_host_state_wall(void);
uint64_t __wrap_host_state_wall(void)
{
	return __real_host_state_wall() + clock_is_ahead;
}

#define HOUR (3600 * DS_SECOND)
static uint64_t
	*set_at; /* by the true clock: what changed before has the times of the clock before */

int __real_fstat(int fd, struct stat *st);
int __wrap_fstat(int fd, struct stat *st);
int __wrap_fstat(int fd, struct stat *st)
{
	int r = __real_fstat(fd, st);
	uint64_t changed = (uint64_t)st->st_ctim.tv_sec * DS_SECOND + (uint64_t)st->st_ctim.tv_nsec;

	if (!r && set_at && *set_at && changed > *set_at)
		st->st_ctim.tv_sec -= 3600;
	return r;
}

static void set_clock_back(void)
{
	*set_at = __real_host_state_wall();
	clock_is_ahead = -HOUR;
	usleep(50000); /* times of files are coarser than the clock */
}

int64_t __real_host_state_wall_offset(void);
int64_t __wrap_host_state_wall_offset(void);
int64_t __wrap_host_state_wall_offset(void)
{
	return __real_host_state_wall_offset() + (int64_t)(clock_is_ahead / DS_SECOND);
}

static bool nobody_sleeps; /* before a leap, in tests that look at something else */

void __real_host_state_sleep(ds_time until);
void __wrap_host_state_sleep(ds_time until);
void __wrap_host_state_sleep(ds_time until)
{
	if (!nobody_sleeps)
		__real_host_state_sleep(until);
}

static bool one_by_one; /* when a start has read one image, its first turn is over */
static bool turns;	/* and then it takes the others back before it goes on */

void __real_host_restore_until(struct host_state *s, struct ds_engine *e, ds_time until);
void __wrap_host_restore_until(struct host_state *s, struct ds_engine *e, ds_time until);
void __wrap_host_restore_until(struct host_state *s, struct ds_engine *e, ds_time until)
{
	__real_host_restore_until(s, e, one_by_one && until != DS_TIME_NEVER ? 0 : until);
}

static void take_turns(struct host_endpoint *ep)
{
	pthread_mutex_lock(&ep->lock);
	while (host_state_restoring(ep->state))
		host_state_restore(ep->state, ep->engine, &ep->lock);
	pthread_mutex_unlock(&ep->lock);
}

static void make(struct host_endpoint *ep, const struct ds_addr *endpoint)
{
	static pthread_mutex_t configuring =
		PTHREAD_MUTEX_INITIALIZER; /* no part of what is tested */
	char copy[512], *argv[24], *rest_of;
	struct host_options o;
	struct ds_config cfg;
	struct host_files files;
	char why[DS_WHY_MAX];
	int argc = 0, rest, r;

	snprintf(copy, sizeof(copy), "x --psk-csv k --state s --state-wait %d --state-memory %s %s",
		 patience, memory, more_flags);
	for (char *w = strtok_r(copy, " ", &rest_of); w; w = strtok_r(NULL, " ", &rest_of))
		argv[argc++] = w;
	host_options_init(&o);
	memset(ep, 0, sizeof(*ep));
	pthread_mutex_init(&ep->lock, NULL);
	pthread_mutex_lock(&configuring);
	r = host_options_args(&o, HOST_PROXY, argc, argv, &rest, why) ||
	    host_config_make(&cfg, &files, &o, why) ||
	    ds_engine_new(&ep->engine, &cfg, host_now(), why);
	pthread_mutex_unlock(&configuring);
	if (r || host_state_open(&ep->state, ep->engine, &o, endpoint, why)) {
		host_log(HOST_LOG_ERROR, "%s", why);
		_exit(1);
	}
}

static void add(struct host_endpoint *ep, int n)
{
	static int made;

	for (int i = 0; i < n; i++, made++) {
		uint8_t cid[8], block[DS_KEY_BLOCK_MAX] = {7};
		struct ds_new_session ns = {
			.tx_seq = DS_LINGER_SEQS + 1,
			.suite = ds_suite_find(0xC0A8),
			.block = block,
			.cid = cid,
			.payload_max = DS_PAYLOAD_MAX,
			.rx_cid = true,
			.path = {.remote = {.ip = {10},
					    .port = (uint16_t)(1000 + made),
					    .family = 4}},
		};
		int parts[2] = {(int)getpid(), made};

		memcpy(cid, parts, sizeof(cid));
		ds_table_show(&ep->engine->table,
			      ds_table_insert(&ep->engine->table, &ns, host_now()));
		host_state_flush(ep->state, ep->engine);
		pthread_mutex_lock(&ep->lock);
		host_state_grow(ep->state, ep->engine, &ep->lock);
		pthread_mutex_unlock(&ep->lock);
	}
}

static void end(struct host_endpoint *ep, enum end how)
{
	if (how == KILLED)
		_exit(0);
	ds_engine_free(ep->engine);
	host_state_close(ep->state);
	_exit(0);
}

/* What is to be written later. */
static void settle(struct host_endpoint *ep)
{
	ds_time now = host_now() + 11 * DS_SECOND;

	for (; ep->state && ds_engine_images_wait(ep->engine); now += DS_SECOND) {
		ds_table_settle(&ep->engine->table, now);
		host_state_flush(ep->state, ep->engine);
	}
}

/* The sessions a new process finds; it makes @more. */
static int life(int more, enum end how)
{
	struct host_endpoint ep;
	int found = REFUSED, pipefd[2], status;
	pid_t pid;

	assert_int_equal(pipe(pipefd), 0);
	pid = fork();
	if (!pid) {
		host_arena_reset();
		make(&ep, bound);
		if (turns || !one_by_one) /* a slow build needs more than the first */
			take_turns(&ep);
		found = ep.state ? (int)ds_engine_sessions(ep.engine) : -2;
		if (write(pipefd[1], &found, sizeof(found)) != sizeof(found))
			_exit(1);
		add(&ep, more);
		settle(&ep);
		end(&ep, how);
	}
	close(pipefd[1]);
	if (read(pipefd[0], &found, sizeof(found)) != sizeof(found))
		found = REFUSED;
	close(pipefd[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return found;
}

static void shell(const char *fmt, ...)
{
	char command[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(command, sizeof(command), fmt, ap);
	va_end(ap);
	assert_int_equal(system(command), 0);
}

/* What a boot takes away. */
static void reboot(void)
{
	shell("rm -f %s/*", memory);
}

static int clean(void **state)
{
	(void)state;
	reboot();
	shell("rm -f s s.* s.key");
	test_log_clear();
	memcpy(machine, "a machine's id!", 16);
	clock_is_ahead = 0;
	more_flags = "";
	patience = 0;
	bound = NULL;
	return 0;
}

static int group_setup(void **state)
{
	if (test_dir_setup(state) || !mkdtemp(memory))
		return -1;
	test_write("k", "dev,00112233445566778899aabbccddeeff\n");
	return 0;
}

static int group_teardown(void **state)
{
	reboot();
	return rmdir(memory) | test_dir_teardown(state);
}

static void test_after_a_crash_everything_is_there(void **state)
{
	(void)state;
	assert_int_equal(life(3, KILLED), 0);
	assert_int_equal(life(2, KILLED), 3);
	assert_int_equal(life(0, CLEAN), 5);
	assert_int_equal(life(0, CLEAN), 5);
	assert_int_equal(life(0, KILLED), 5);
	assert_true(test_log_has("from=\"memory\""));
}

static void test_a_start_that_ends_while_sessions_come_back_loses_none(void **state)
{
	(void)state;
	assert_int_equal(life(3, KILLED), 0);
	one_by_one = true;
	assert_int_equal(life(2, KILLED), 1); /* new ones come beside those that are not back */
	assert_int_equal(life(0, CLEAN), 1);
	assert_true(test_log_has("event=state_restoring"));
	turns = true;
	assert_int_equal(life(0, KILLED), 5);
	one_by_one = turns = false;
	assert_true(test_log_has("sessions=5 from=\"memory\""));
	assert_int_equal(life(0, CLEAN), 5);
}

static void test_room_grows(void **state)
{
	(void)state;
	assert_int_equal(life(5000, KILLED), 0);
	assert_int_equal(life(5000, CLEAN), 5000);
	assert_int_equal(life(0, KILLED), 10000);
	reboot();
	assert_int_equal(life(0, CLEAN), 0); /* parked once, used since */
}

static void test_after_a_clean_end_and_a_reboot_once(void **state)
{
	ds_time began;

	(void)state;
	life(3000, CLEAN);
	reboot();
	began = host_now();
	assert_int_equal(life(0, KILLED), 3000);
	assert_true(host_now() - began >= DS_LEAP_WAIT * DS_SECOND); /* see the leap */
	assert_true(test_log_has("from=\"parked lines"));
	assert_int_equal(life(0, KILLED), 3000); /* from memory again */
	reboot();
	assert_int_equal(life(0, KILLED), 0);
	assert_true(test_log_has("did not end cleanly"));
}

static void test_after_a_reboot_nothing_if_so_configured(void **state)
{
	(void)state;
	life(3, CLEAN);
	reboot();
	more_flags = "--state-reboot drop";
	assert_int_equal(life(0, KILLED), 0);
	assert_true(test_log_has("DTLSSHIM_STATE_REBOOT says drop"));
}

static void test_a_file_that_was_parked_on_another_machine_is_not_believed(void **state)
{
	(void)state;
	life(3, CLEAN);
	reboot();
	machine[0] ^= 1;
	assert_int_equal(life(0, KILLED), 0);
	assert_true(test_log_has("from another machine"));
}

/* All of those would be one machine. */
static void test_without_a_machine_id_no_parked_file_is_believed(void **state)
{
	(void)state;
	memset(machine, 0, sizeof(machine));
	life(3, CLEAN);
	reboot();
	assert_int_equal(life(0, KILLED), 0);
	assert_true(test_log_has("from another machine"));
}

static void test_a_file_that_was_parked_long_ago_or_in_the_future_is_not_believed(void **state)
{
	const uint64_t hour = 3600 * DS_SECOND;

	(void)state;
	life(3, CLEAN);
	reboot();
	clock_is_ahead = 25 * hour;
	assert_int_equal(life(3, CLEAN), 0);
	assert_true(test_log_has("too old, or the clock is wrong"));
	test_log_clear();
	reboot();
	clock_is_ahead -= hour;
	assert_int_equal(life(3, CLEAN), 0);
	assert_true(test_log_has("too old, or the clock is wrong"));
	reboot();
	clock_is_ahead += 23 * hour;
	assert_int_equal(life(0, KILLED), 3);
}

static void test_an_old_copy_of_a_parked_file_is_not_believed(void **state)
{
	(void)state;
	life(3, CLEAN);
	shell("cp -p s old && cp -p s.clean old.clean");
	assert_int_equal(life(0, CLEAN), 3);
	reboot();
	shell("cp -p old s && cp -p old.clean s.clean"); /* into the same file, times and all */
	assert_int_equal(life(0, CLEAN), 0);
	assert_true(test_log_has("a copy, or changed from outside"));
}

static void test_a_parked_file_under_another_name_is_not_believed(void **state)
{
	(void)state;
	life(3, CLEAN);
	reboot();
	shell("cp -p s t && mv t s");
	assert_int_equal(life(0, CLEAN), 0);
	assert_true(test_log_has("a copy"));
}

static void test_an_old_state_file_meets_the_lines_of_now(void **state)
{
	(void)state;
	life(3, KILLED);
	shell("cp s old");
	assert_int_equal(life(2, KILLED), 3);
	shell("cp old s");
	assert_int_equal(life(0, KILLED), 3); /* those that are in both, exactly as they are now */
}

static void test_an_old_copy_of_lines_and_file_is_not_believed(void **state)
{
	(void)state;
	life(3, KILLED);
	shell("mkdir -p oldlines && cp -p s old && cp -p %s/* oldlines", memory);
	assert_int_equal(life(1, KILLED), 3);
	usleep(200000); /* a restore takes time; the slack is half of this */
	shell("cp -p old s && cp -p oldlines/* %s", memory);
	assert_int_equal(life(0, KILLED), 0);
	assert_true(test_log_has("changed from outside"));
}

/* Overwrites what is at @at in line 0 of the one lines file there is. */
static void change_line_0(const void *what, size_t len, size_t at)
{
	DIR *dir = opendir(memory);
	struct dirent *d;
	char path[512];
	int files = 0;

	while ((d = readdir(dir))) {
		int fd;

		snprintf(path, sizeof(path), "%s/%s", memory, d->d_name);
		fd = open(path, O_RDWR);
		if (fd < 0)
			continue;
		assert_int_equal(pwrite(fd, what, len, (off_t)at), len);
		close(fd);
		files++;
	}
	closedir(dir);
	assert_int_equal(files, 1);
}

static void test_lines_of_another_boot_are_not_believed(void **state)
{
	(void)state;
	life(3, KILLED);
	change_line_0("another boot id!", 16, offsetof(struct ds_store_owner, boot));
	assert_int_equal(life(0, KILLED), 0);
	assert_true(test_log_has("of another boot"));
}

/* Sessions that are left when a server's clock was set back by an hour; @serves_on: after that it had
 * something to do, for a moment. */
static int after_a_clock_was_set_back(bool serves_on)
{
	struct host_endpoint ep;
	pid_t pid = fork();
	int found;

	if (!pid) {
		host_arena_reset();
		make(&ep, NULL);
		add(&ep, 3);
		set_clock_back();
		if (serves_on) {
			ep.state->noted_at = 0;
			host_state_note(ep.state);
			host_state_flush(ep.state, ep.engine);
		}
		_exit(0);
	}
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	clock_is_ahead = -HOUR;
	found = life(0, KILLED);
	*set_at = clock_is_ahead = 0;
	return found;
}

static void test_a_clock_that_is_set_back_while_a_server_runs_costs_no_session(void **state)
{
	(void)state;
	set_at = mmap(NULL, sizeof(*set_at), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	assert_true(set_at != MAP_FAILED);
	assert_int_equal(after_a_clock_was_set_back(true), 3);
	clean(NULL);
	assert_int_equal(after_a_clock_was_set_back(false), 0); /* nobody could tell */
	assert_true(test_log_has("changed from outside, or the clock was set back"));
	munmap(set_at, sizeof(*set_at));
	set_at = NULL;
}

static void test_lines_from_before_the_clock_was_set_are_not_believed(void **state)
{
	struct timespec wall, ours;
	int64_t clock;

	(void)state;
	life(3, KILLED);
	clock_gettime(CLOCK_REALTIME, &wall);
	clock_gettime(CLOCK_MONOTONIC, &ours);
	clock = (int64_t)(wall.tv_sec - ours.tv_sec - 10) * (int64_t)DS_SECOND;
	change_line_0(&clock, sizeof(clock), offsetof(struct ds_store_owner, clock));
	assert_int_equal(life(0, KILLED), 0);
	assert_true(test_log_has("the clock was set or the machine slept"));
}

/* Lines another directory kept from an earlier use are of this boot, unchanged, and wrong. */
static void test_lines_left_in_another_directory_are_not_believed(void **state)
{
	(void)state;
	life(3, CLEAN);
	shell("mkdir -p %s.b && mv %s/* %s.b", memory, memory, memory);
	life(0, CLEAN);
	assert_true(test_log_has("from=\"parked lines"));
	assert_int_equal(life(0, KILLED), 3);
	shell("rm %s/* && mv %s.b/* %s && rmdir %s.b", memory, memory, memory, memory);
	assert_int_equal(life(0, KILLED), 0);
}

/* Dies when it would read the first image. */
static void die_half_way(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_pread64, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[3])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 4096, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = {sizeof(filter) / sizeof(*filter), filter};
	struct host_endpoint ep;

	prctl(PR_SET_DUMPABLE, 0);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog))
		_exit(1);
	host_arena_reset();
	make(&ep, NULL);
	_exit(0);
}

static void test_a_start_that_is_killed_half_way_leaves_the_file_as_it_was(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	life(3, CLEAN);
	reboot();
	pid = fork();
	if (!pid)
		die_half_way();
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	shell("test $(ls %s | wc -l) = 1", memory);
	assert_int_equal(life(0, KILLED), 3);
	assert_true(test_log_has("from=\"parked lines"));
	shell("test $(ls %s | wc -l) = 1", memory); /* what the killed one left is gone */
	assert_int_equal(life(0, KILLED), 3);
}

/*
 * A process that starts and ends cleanly, killed at its system call number @n, on its way in or out.
 * False if it made fewer.
 */
static bool killed_at_call(int n)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		struct host_endpoint ep;

		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		host_arena_reset();
		make(&ep, NULL);
		end(&ep, CLEAN);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	for (int i = 0; i < n && WIFSTOPPED(status); i++) {
		ptrace(PTRACE_SYSCALL, pid, NULL, NULL);
		assert_int_equal(waitpid(pid, &status, 0), pid);
	}
	if (WIFEXITED(status))
		return false;
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return true;
}

enum before { CRASH, BOOT, NEW_KEY };

static void prepare(enum before before)
{
	if (before == BOOT) {
		assert_int_equal(life(0, CLEAN), 12);
		reboot();
		clock_is_ahead += 10 * DS_SECOND; /* for another leap */
	}
	if (before == NEW_KEY)
		shell("(head -1 s.key | tr 0-9a-f 1-9a-f0; head -1 s.key) >new.key; cat new.key >s.key");
}

static void test_a_kill_at_any_moment_of_start_and_end_costs_no_session(void **state)
{
	(void)state;
	nobody_sleeps = true;
	for (enum before before = CRASH; before <= NEW_KEY; before++) {
		int n = 0;

		clean(NULL);
		life(12, KILLED);
		prepare(before);
		while (killed_at_call(++n)) {
			int found = life(0, KILLED);

			if (found != 12)
				fail_msg("%d sessions after a kill at call %d, case %d: %s", found,
					 n, before, test_log());
			test_log_clear();
			prepare(before);
		}
		assert_in_range(n, 50, 5000);
	}
	nobody_sleeps = false;
}

static void test_a_second_process_is_refused(void **state)
{
	int status, pipefd[2];
	pid_t pid;
	char c;

	(void)state;
	assert_int_equal(pipe(pipefd), 0);
	pid = fork();
	if (!pid) {
		struct host_endpoint ep;

		host_arena_reset();
		make(&ep, NULL);
		if (write(pipefd[1], "x", 1) != 1)
			_exit(1);
		pause();
	}
	assert_int_equal(read(pipefd[0], &c, 1), 1);
	assert_int_equal(life(0, KILLED), REFUSED);
	assert_true(test_log_has("is in use by process"));
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	assert_int_equal(life(0, KILLED), 0);
	close(pipefd[0]);
	close(pipefd[1]);
}

static void test_endpoints_of_one_process_have_files_of_their_own(void **state)
{
	static const struct ds_addr a = {.ip = {1}, .port = 1, .family = 4},
				    b = {.ip = {1}, .port = 2, .family = 4};
	int status;

	(void)state;
	for (int round = 0; round < 4; round++) {
		pid_t pid = fork();

		if (!pid) {
			struct host_endpoint one, two;

			host_arena_reset();
			make(&one, round % 2 ? &b : &a); /* in either order */
			make(&two, round % 2 ? &a : &b);
			if (ds_engine_sessions(one.engine) != (size_t)round ||
			    ds_engine_sessions(two.engine) != (size_t)round)
				_exit(2);
			add(&one, 1);
			add(&two, 1);
			_exit(0);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(status, 0);
	}
}

static const struct ds_addr ours[2] = {{.ip = {1}, .port = 1, .family = 4},
				       {.ip = {1}, .port = 2, .family = 4}};
static struct host_endpoint eps[2];

static void *open_one(void *i)
{
	make(&eps[(intptr_t)i], &ours[(intptr_t)i]);
	return NULL;
}

/* A process that has the file until @release is written to. */
static pid_t hold(int release[2])
{
	struct flock l = {.l_type = F_WRLCK};
	int ready[2];
	char c;
	pid_t pid;

	assert_int_equal(pipe(ready) | pipe(release), 0);
	pid = fork();
	if (!pid) {
		if (fcntl(open("s", O_RDWR), F_SETLK, &l) || write(ready[1], "x", 1) != 1)
			_exit(1);
		_exit(read(release[0], &c, 1) != 1);
	}
	assert_int_equal(read(ready[0], &c, 1), 1);
	close(ready[0]);
	close(ready[1]);
	return pid;
}

/* What both threads of a process wait for is let go. */
static void open_both(void)
{
	int release[2];
	pid_t holder;
	pthread_t threads[2];

	host_arena_reset();
	patience = 30;
	holder = hold(release);
	for (intptr_t i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, open_one, (void *)i);
	while (!test_log_has("event=state_wait"))
		usleep(1000);
	usleep(50000); /* for the other one, if it does not wait for its turn */
	if (write(release[1], "x", 1) != 1 || waitpid(holder, NULL, 0) != holder)
		_exit(2);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	if (ds_engine_sessions(eps[0].engine) != 1 || ds_engine_sessions(eps[1].engine) != 2)
		_exit(3);
	holder = fork();
	if (!holder) { /* are both locked? */
		struct flock a = {.l_type = F_WRLCK}, b = a;
		int r = fcntl(open("s", O_RDWR), F_GETLK, &a) |
			fcntl(open("s.1", O_RDWR), F_GETLK, &b);

		_exit(r || a.l_type == F_UNLCK || b.l_type == F_UNLCK);
	}
	_exit(waitpid(holder, &release[0], 0) != holder || release[0]);
}

static void test_two_threads_at_once_get_each_their_own_file(void **state)
{
	int status;
	pid_t pid = fork();

	(void)state;
	if (!pid) {
		host_arena_reset();
		for (int i = 0; i < 2; i++) {
			make(&eps[i], &ours[i]);
			add(&eps[i], i + 1);
		}
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	for (int round = 0; round < 6; round++) { /* it depends on who is first */
		test_log_clear();
		pid = fork();
		if (!pid)
			open_both();
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(status, 0);
	}
}

static void test_what_is_no_state_file_is_put_aside(void **state)
{
	(void)state;
	test_write("s", "precious text of somebody, longer than nothing");
	assert_int_equal(life(1, KILLED), 0);
	assert_true(test_log_has("file=s: renamed to s.bad"));
	shell("grep -q precious s.bad");
	assert_int_equal(life(0, KILLED), 1);
}

static void test_a_flipped_bit_of_the_header_costs_the_sessions_not_the_server(void **state)
{
	(void)state;
	for (off_t at = 0; at < DS_STORE_HEADER; at += 37) {
		int fd;
		uint8_t byte;

		clean(NULL);
		life(1, KILLED);
		fd = open("s", O_RDWR);
		assert_int_equal(pread(fd, &byte, 1, at), 1);
		byte ^= 4;
		assert_int_equal(pwrite(fd, &byte, 1, at), 1);
		close(fd);
		assert_int_equal(life(1, KILLED), 0);
		assert_int_equal(life(0, KILLED), 1);
	}
}

static void test_a_cut_file_costs_what_was_cut_off(void **state)
{
	struct stat st;

	(void)state;
	life(3, KILLED);
	assert_int_equal(stat("s", &st), 0);
	for (off_t len = st.st_size; len > 0; len -= 131) {
		int found;

		assert_int_equal(truncate("s", len), 0);
		found = life(0, KILLED);
		assert_true(found >= 0 && found <= 3);
		if (len < DS_STORE_HEADER)
			break;
	}
}

/* The kernel breaks a write of a process that is killed off between two pages. */
static void test_a_kill_in_the_middle_of_an_image_costs_no_session(void **state)
{
	const off_t page = 8192; /* in the middle of the eleventh image */
	const uint8_t half[64] = "what was there before";
	int fd;

	(void)state;
	for (int before = 0; before < 2; before++) {
		clean(NULL);
		life(11, KILLED);
		fd = open("s", O_RDWR);
		assert_int_equal(pwrite(fd, half, sizeof(half), before ? page - 64 : page), 64);
		close(fd);
		assert_int_equal(life(0, KILLED), 11);
		assert_int_equal(life(0, KILLED), 11);
	}
}

static void test_another_key_makes_a_new_start(void **state)
{
	(void)state;
	life(3, KILLED);
	shell("rm s.key");
	assert_int_equal(life(1, KILLED), 0);
	assert_true(test_log_has("sealed under another key"));
}

/* The second line opens what the first one does not, and is not needed at the start after that. */
static void test_sessions_outlive_a_change_of_the_key(void **state)
{
	(void)state;
	for (int round = 0; round < 2; round++) {
		clean(NULL);
		life(3, round ? CLEAN : KILLED);
		if (round)
			reboot();
		shell("mv s.key old.key; tr 0-9a-f 1-9a-f0 <old.key >new.key; cat new.key old.key >s.key; "
		      "chmod 600 *.key");
		assert_int_equal(life(1, KILLED), 3);
		assert_true(test_log_has("event=state_resealed file=s:"));
		test_log_clear();
		assert_int_equal(life(0, KILLED), 4);
		assert_false(test_log_has("event=state_resealed"));
		shell("cat new.key >s.key");
		assert_int_equal(life(0, KILLED), 4);
		assert_false(test_log_has("event=state_refused"));
		shell("cat old.key >s.key");
		assert_int_equal(life(0, KILLED), 0);
		assert_true(test_log_has("sealed under another key"));
	}
}

static void test_a_line_that_is_no_key_is_named(void **state)
{
	(void)state;
	life(1, KILLED);
	shell("echo 12345 >>s.key");
	assert_int_equal(life(0, KILLED), REFUSED);
	assert_true(test_log_has("s.key:2: not a key of 64 hex digits"));
	shell("head -1 s.key >k1; for i in $(seq 17); do cat k1; done >s.key");
	assert_int_equal(life(0, KILLED), REFUSED);
	assert_true(test_log_has("more than 16 keys"));
}

static void test_files_others_can_use_are_refused(void **state)
{
	(void)state;
	life(1, KILLED);
	shell("chmod 640 s");
	assert_int_equal(life(0, KILLED), REFUSED);
	assert_true(test_log_has("mode 0640"));
	shell("chmod 600 s; chmod 604 s.key");
	assert_int_equal(life(0, KILLED), REFUSED);
	assert_true(test_log_has("mode 0604"));
	shell("chmod 600 s.key; ln s t");
	assert_int_equal(life(0, KILLED), REFUSED);
	assert_true(test_log_has("hard link"));
	shell("rm t; mv s t; ln -s t s");
	assert_int_equal(life(0, KILLED), REFUSED);
	shell("rm s; mv t s; echo 12345 >s.key");
	assert_int_equal(life(0, KILLED), REFUSED);
	assert_true(test_log_has("not a key of 64 hex digits"));
}

static void test_files_of_another_user_are_refused(void **state)
{
	(void)state;
	if (geteuid())
		skip(); /* only root can give a file away */
	life(1, KILLED);
	shell("chown 65534 s");
	assert_int_equal(life(0, KILLED), REFUSED);
	assert_true(test_log_has("belongs to user 65534, this is user 0"));
	test_log_clear();
	shell("chown 0 s; chown 65534 s.key");
	assert_int_equal(life(0, KILLED), REFUSED);
	assert_true(test_log_has("belongs to user 65534, this is user 0"));
}

/* A directory that is renamed keeps every time there is, and a copy made in the moment of a beat fits it. */
static void test_lines_that_come_back_by_renaming_a_directory_are_not_believed(void **state)
{
	(void)state;
	life(3, KILLED);
	shell("mkdir aside && cp -p %s/* aside", memory); /* right after the beat */
	assert_int_equal(life(1, KILLED), 3);
	shell("for n in $(ls aside); do mv aside/$n %s/$n; done; rmdir aside", memory);
	assert_int_equal(life(0, KILLED), 0);
	assert_true(test_log_has("not those of the state file"));
}

/* A server that goes on until end_server(). */
struct server {
	pid_t pid;
	int go;
};

/* It has made @more sessions when this returns; @unlocks: then opened and closed its file, as a program
 * may do, and lost the lock by that. */
static struct server begin_server(const struct ds_addr *endpoint, int more, bool unlocks)
{
	struct host_endpoint ep;
	struct server server;
	int ready[2], go[2];
	char byte;

	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(go), 0);
	server.pid = fork();
	server.go = go[1];
	if (!server.pid) {
		host_arena_reset();
		make(&ep, endpoint);
		add(&ep, more);
		if (unlocks)
			close(open("s", O_RDONLY));
		if (write(ready[1], "x", 1) != 1 || read(go[0], &byte, 1) != 1)
			_exit(1);
		_exit(0);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	close(ready[1]);
	close(go[0]);
	return server;
}

static void end_server(struct server server)
{
	assert_int_equal(write(server.go, "x", 1), 1);
	close(server.go);
	assert_int_equal(waitpid(server.pid, NULL, 0), server.pid);
}

/* Whether a process started now serves with a state file. */
static bool starts(const struct ds_addr *endpoint)
{
	struct host_endpoint ep;
	pid_t pid = fork();
	int status;

	if (!pid) {
		host_arena_reset();
		make(&ep, endpoint);
		_exit(ep.state ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status == 0;
}

static void test_a_copy_of_the_file_never_has_the_lines_of_a_server_that_runs(void **state)
{
	struct server server = begin_server(NULL, 3, true);

	(void)state;
	shell("cp -p s copy && mv s original && mv copy s");
	assert_int_equal(life(1, KILLED), 0);
	assert_true(test_log_has("the file it is a copy of"));
	shell("mv original s");
	assert_int_equal(life(0, KILLED), REFUSED);
	assert_true(test_log_has("what is in memory for s is in use by another process"));
	end_server(server);
	assert_int_equal(life(0, KILLED), 3); /* nor did the copy take its lines away */
}

/* What cannot be had at the moment is not gone. */
static void test_a_start_without_descriptors_loses_nothing(void **state)
{
	struct rlimit before, limit;
	struct stat st;

	(void)state;
	life(3, KILLED);
	getrlimit(RLIMIT_NOFILE, &before);
	for (rlim_t most = 4; most < 40; most++) { /* at one of them it is the lines' turn */
		limit = before;
		limit.rlim_cur = most;
		setrlimit(RLIMIT_NOFILE, &limit);
		(void)starts(NULL);
		setrlimit(RLIMIT_NOFILE, &before);
	}
	assert_int_equal(stat("s.bad", &st), -1);
	assert_int_equal(life(0, KILLED), 3);
}

static void test_every_file_put_aside_has_a_name_of_its_own(void **state)
{
	(void)state;
	life(3, KILLED);
	shell("mv s.key right.key");
	assert_int_equal(life(1, KILLED), 0); /* another key */
	shell("mv s.key wrong.key && cp right.key s.key");
	assert_int_equal(life(0, KILLED), 0);
	shell("test -s s.bad && test -s s.bad.1 && mv s.bad s"); /* the first one is still there */
	assert_int_equal(life(0, KILLED), 3);
}

static void test_a_limit_of_file_sizes_kills_nobody(void **state)
{
	struct rlimit before, limit;

	(void)state;
	getrlimit(RLIMIT_FSIZE, &before);
	limit = before;
	limit.rlim_cur = 4096;
	setrlimit(RLIMIT_FSIZE, &limit);
	assert_int_equal(life(0, KILLED), -2); /* served without */
	setrlimit(RLIMIT_FSIZE, &before);
	assert_true(test_log_has("event=state_unusable"));
}

/* A program whose processes serve a port each. */
static void test_processes_with_an_endpoint_each_have_files_of_their_own(void **state)
{
	struct ds_addr one = {.port = 5684, .family = 4}, other = {.port = 5685, .family = 4};
	struct server server = begin_server(&one, 1, false);

	(void)state;
	assert_true(starts(&other));
	assert_true(test_log_has("file=s.1 "));
	end_server(server);
}

static void test_sessions_follow_another_bind_address_of_the_port(void **state)
{
	static const struct ds_addr any = {.port = 5684, .family = 4},
				    any6 = {.port = 5684, .family = 6},
				    local = {.ip = {127, 0, 0, 1}, .port = 5684, .family = 4},
				    gone = {.ip = {192, 0, 2, 1}, .port = 5684, .family = 4};
	static const struct ds_addr *const moves[] = {&any,  &local, &any6, &any,
						      &any6, &gone,  &local};

	(void)state;
	bound = &any;
	assert_int_equal(life(3, KILLED), 0);
	for (size_t i = 1; i < sizeof(moves) / sizeof(*moves); i++) {
		bound = moves[i];
		assert_int_equal(life(0, i % 2 ? KILLED : CLEAN), 3);
	}
	assert_true(test_log_has("event=state_moved file=s from=192.0.2.1:5684 to=127.0.0.1:5684"));
	shell("test ! -e s.1");
}

/* Whoever is bound there may come, and have them. */
static void test_sessions_of_others_are_left_to_them(void **state)
{
	static const struct ds_addr one = {.ip = {127, 0, 0, 1}, .port = 5684, .family = 4},
				    other = {.ip = {127, 0, 0, 2}, .port = 5684, .family = 4},
				    port = {.port = 5685, .family = 4},
				    any = {.port = 5684, .family = 4};

	(void)state;
	bound = &one;
	assert_int_equal(life(3, KILLED), 0);
	bound = &other;
	assert_int_equal(life(2, KILLED), 0);
	assert_true(test_log_has("event=state_begun file=s.1 for=127.0.0.2:5684: sessions of "
				 "127.0.0.1:5684 are left to it"));
	bound = &port;
	assert_int_equal(life(1, KILLED), 0);
	assert_true(test_log_has("event=state_begun file=s.2 for=0.0.0.0:5685: sessions of"));
	bound = &one;
	assert_int_equal(life(0, KILLED), 3);
	bound = &other;
	assert_int_equal(life(0, KILLED), 2);
	bound = &port;
	assert_int_equal(life(0, KILLED), 1);
	bound = &any; /* those of one of them */
	assert_int_equal(life(0, KILLED), 3);
	bound = &other;
	assert_int_equal(life(0, KILLED), 2);
}

/* Other users may write to the directory of the lines. */
static void test_a_name_in_the_directory_of_lines_is_used_once(void **state)
{
	(void)state;
	life(1, KILLED);
	shell("ls %s >names; for n in $(cat names); do rm %s/$n; mkdir %s/$n; done", memory, memory,
	      memory);
	assert_int_equal(life(1, KILLED), 0);
	assert_int_equal(life(0, KILLED), 1);
	shell("for n in $(cat names); do rmdir %s/$n; done", memory);
}

static void test_lines_must_lie_in_memory(void **state)
{
	(void)state;
	more_flags = "--state-memory /proc";
	assert_int_equal(life(0, KILLED), REFUSED);
	assert_true(test_log_has("is not on tmpfs"));
	more_flags = "--state-memory /nowhere/at/all";
	assert_int_equal(life(0, KILLED), REFUSED);
}

static void test_too_old_sessions_stay_away(void **state)
{
	(void)state;
	life(2, KILLED);
	sleep(2);
	more_flags = "--state-max-age 1";
	assert_int_equal(life(0, KILLED), 0);
	assert_true(test_log_has("expired=2"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(test_##name, clean)
	const struct CMUnitTest tests[] = {
		TEST(after_a_crash_everything_is_there),
		TEST(a_start_that_ends_while_sessions_come_back_loses_none),
		TEST(room_grows),
		TEST(after_a_clean_end_and_a_reboot_once),
		TEST(after_a_reboot_nothing_if_so_configured),
		TEST(a_file_that_was_parked_on_another_machine_is_not_believed),
		TEST(without_a_machine_id_no_parked_file_is_believed),
		TEST(a_file_that_was_parked_long_ago_or_in_the_future_is_not_believed),
		TEST(an_old_copy_of_a_parked_file_is_not_believed),
		TEST(a_parked_file_under_another_name_is_not_believed),
		TEST(an_old_state_file_meets_the_lines_of_now),
		TEST(an_old_copy_of_lines_and_file_is_not_believed),
		TEST(lines_of_another_boot_are_not_believed),
		TEST(a_clock_that_is_set_back_while_a_server_runs_costs_no_session),
		TEST(lines_from_before_the_clock_was_set_are_not_believed),
		TEST(lines_left_in_another_directory_are_not_believed),
		TEST(a_start_that_is_killed_half_way_leaves_the_file_as_it_was),
		TEST(a_kill_at_any_moment_of_start_and_end_costs_no_session),
		TEST(two_threads_at_once_get_each_their_own_file),
		TEST(a_second_process_is_refused),
		TEST(endpoints_of_one_process_have_files_of_their_own),
		TEST(what_is_no_state_file_is_put_aside),
		TEST(a_flipped_bit_of_the_header_costs_the_sessions_not_the_server),
		TEST(a_cut_file_costs_what_was_cut_off),
		TEST(a_kill_in_the_middle_of_an_image_costs_no_session),
		TEST(another_key_makes_a_new_start),
		TEST(sessions_outlive_a_change_of_the_key),
		TEST(a_line_that_is_no_key_is_named),
		TEST(files_others_can_use_are_refused),
		TEST(files_of_another_user_are_refused),
		TEST(lines_that_come_back_by_renaming_a_directory_are_not_believed),
		TEST(a_copy_of_the_file_never_has_the_lines_of_a_server_that_runs),
		TEST(processes_with_an_endpoint_each_have_files_of_their_own),
		TEST(sessions_follow_another_bind_address_of_the_port),
		TEST(sessions_of_others_are_left_to_them),
		TEST(a_start_without_descriptors_loses_nothing),
		TEST(every_file_put_aside_has_a_name_of_its_own),
		TEST(a_limit_of_file_sizes_kills_nobody),
		TEST(a_name_in_the_directory_of_lines_is_used_once),
		TEST(lines_must_lie_in_memory),
		TEST(too_old_sessions_stay_away),
	};

	return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
