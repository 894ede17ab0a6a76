/* SPDX-License-Identifier: Apache-2.0 */
/* nc_text.c - standard input and output of `dtlsshim nc`, see nc.h */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host/log.h"
#include "tools/nc.h"

static uint8_t buf[DS_PAYLOAD_MAX + 1]; /* the longest line with its end */
static size_t used;			/* bytes of an unfinished line in buf */
static bool too_long;			/* and they are the rest of one that is not sent */

/* Sends every complete line in buf; the rest too if @all.  A message cannot be empty. */
static void send_lines(struct nc_port *port, bool all)
{
	uint8_t *line = buf, *end;

	while ((end = memchr(line, '\n', used)) != NULL || (all && used)) {
		size_t len = end ? (size_t)(end - line) : used;

		if (len && !too_long)
			nc_port_send(port, line, len);
		too_long = false;
		len += end != NULL;
		line += len;
		used -= len;
	}
	memmove(buf, line, used);
}

/* Half a message would be another message. */
static void refuse_line(struct nc *nc)
{
	if (!too_long)
		fprintf(stderr,
			"dtlsshim: nc: a line of more than %d bytes, the most a message holds, is "
			"not sent\n",
			DS_PAYLOAD_MAX);
	nc->status = 1;
	too_long = true;
	used = 0;
}

bool nc_text_read(struct nc_port *port)
{
	size_t room = port->nc->raw ? DS_PAYLOAD_MAX : sizeof(buf) - used;
	ssize_t n = read(STDIN_FILENO, buf + used, room);

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return true;
	if (n > 0 && port->nc->raw) {
		nc_port_send(port, buf, (size_t)n);
		return true;
	}
	used += n > 0 ? (size_t)n : 0;
	send_lines(port, n <= 0);
	if (used == sizeof(buf))
		refuse_line(port->nc);
	return n > 0;
}

static void print(const uint8_t *data, size_t len)
{
	while (len) {
		ssize_t n = write(STDOUT_FILENO, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			host_die(1, "standard output: %s", strerror(errno));
		data += n;
		len -= (size_t)n;
	}
}

void nc_text_print(const struct nc *nc, const uint8_t *data, size_t len)
{
	static uint8_t line[DS_PAYLOAD_MAX + 1];

	memcpy(line, data, len);
	if (!nc->raw)
		line[len++] = '\n';
	print(line, len);
}
