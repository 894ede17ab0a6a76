/* SPDX-License-Identifier: Apache-2.0 */
/*
 * readers.c - a server that waits, and loses one message to somebody who reads its descriptor
 *
 * --wait poll | select | level | edge | oneshot: how it waits.  --reader raw: the first time it was
 * woken, one raw system call of its own reads the descriptor; spawn: a child of posix_spawn() that
 * has it as standard input; clean: a child of fork() that preloads nothing.
 */
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "victim.h"

VICTIM_MAIN

static struct message m;

static void read_raw(int fd)
{
	long n;

	/* Not by syscall(), which is a name of libc as well */
#if defined(__x86_64__)
	__asm__ volatile("syscall"
			 : "=a"(n)
			 : "0"((long)SYS_read), "D"((long)fd), "S"(m.data), "d"(100L)
			 : "rcx", "r11", "memory");
#else
	register long x8 __asm__("x8") = SYS_read, x0 __asm__("x0") = fd, x2 __asm__("x2") = 100;
	register char *x1 __asm__("x1") = m.data;

	__asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
	n = x0;
#endif
	say("NOTE read %d", n >= 0);
}

static void read_in_child(int fd)
{
	char *args[] = {(char *)"head", (char *)"-c1", NULL}, *none[] = {NULL};
	posix_spawn_file_actions_t actions;
	pid_t pid;
	int status;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fd, STDIN_FILENO);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	if (option_is("reader", "clean")) {
		pid = fork();
		if (pid == 0 && dup2(fd, STDIN_FILENO) == 0 && close(STDOUT_FILENO) == 0) {
			if (open("/dev/null", O_WRONLY) == STDOUT_FILENO)
				execve("/usr/bin/head", args, none);
			_exit(9);
		}
	} else if (posix_spawn(&pid, "/usr/bin/head", &actions, NULL, args, none) != 0) {
		die("posix_spawn");
	}
	if (waitpid(pid, &status, 0) != pid)
		die("waitpid");
	posix_spawn_file_actions_destroy(&actions);
	say("NOTE read %d", status == 0);
}

static void wait_ready(int fd, int epfd)
{
	struct epoll_event ev = {.events = EPOLLIN | EPOLLONESHOT};
	struct pollfd p = {.fd = fd, .events = POLLIN};
	fd_set set;
	int n;

	FD_ZERO(&set);
	FD_SET(fd, &set);
	if (option_is("wait", "poll"))
		n = poll(&p, 1, -1);
	else if (option_is("wait", "select"))
		n = select(fd + 1, &set, NULL, NULL, NULL);
	else
		n = epoll_wait(epfd, &ev, 1, -1);
	if (n != 1)
		die("wait");
}

static int make_epoll(int fd)
{
	struct epoll_event ev = {.events = EPOLLIN};
	int epfd = epoll_create1(EPOLL_CLOEXEC);

	if (option_is("wait", "edge"))
		ev.events |= EPOLLET;
	if (option_is("wait", "oneshot"))
		ev.events |= EPOLLONESHOT;
	if (epfd < 0 || epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &ev) < 0)
		die("epoll");
	return epfd;
}

static int serve(void)
{
	int fd = udp_server(0), epfd = make_epoll(fd);
	struct epoll_event again = {.events = EPOLLIN | EPOLLONESHOT};

	for (bool first = true;; first = false) {
		wait_ready(fd, epfd);
		if (first && option_is("reader", "raw"))
			read_raw(fd);
		else if (first)
			read_in_child(fd);
		else
			drain(fd, &m);
		if (option_is("wait", "oneshot") && epoll_ctl(epfd, EPOLL_CTL_MOD, fd, &again) < 0)
			die("epoll_ctl");
	}
}
