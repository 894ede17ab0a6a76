/* SPDX-License-Identifier: Apache-2.0 */
/*
 * alarm.c - blocking recvfrom() interrupted by SIGALRM every 20 ms, as nfcapd does
 *
 * --restart yes: handlers with SA_RESTART; the call must not come back then, the handler must run.
 */
#include <sys/time.h>

#include "victim.h"

VICTIM_MAIN

static volatile sig_atomic_t alarms;

static void on_alarm(int sig)
{
	(void)sig;
	alarms++;
}

static int serve(void)
{
	static struct message m;
	bool restart = option_is("restart", "yes");
	struct sigaction sa = {.sa_handler = on_alarm, .sa_flags = restart ? SA_RESTART : 0};
	struct itimerval every = {{0, 20000}, {0, 20000}};
	int fd = udp_server(0);
	int interrupted = 0;

	if (sigaction(SIGALRM, &sa, NULL) < 0 || setitimer(ITIMER_REAL, &every, NULL) < 0)
		die("SIGALRM");
	for (;;) {
		int before = (int)alarms;

		if (receive(fd, &m, 0) < 0) {
			if (errno != EINTR || restart)
				die("recvfrom");
			if (++interrupted == 3)
				say("NOTE interrupted %d", interrupted);
			continue;
		}
		/* with SA_RESTART the alarms went off inside the one call */
		if (restart && (int)alarms - before >= 3)
			say("NOTE restarted");
		reply(fd, &m);
	}
}
