/* SPDX-License-Identifier: Apache-2.0 */
#include "host/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "dtlsshim/config.h"

struct host_text host_text_start(char *buf, size_t cap)
{
	buf[0] = 0;
	return (struct host_text){.buf = buf, .cap = cap};
}

static void add_v(struct host_text *t, const char *fmt, va_list ap)
{
	int n;

	n = vsnprintf(t->buf + t->len, t->cap - t->len, fmt, ap);
	if (n < 0)
		return;
	if ((size_t)n < t->cap - t->len) {
		t->len += (size_t)n;
		return;
	}
	t->len = t->cap - 1;
	memcpy(t->buf + t->len - 3, "...", 3);
}

void host_text_add(struct host_text *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_v(t, fmt, ap);
	va_end(ap);
}

void host_text_quote(struct host_text *t, const void *bytes, size_t len)
{
	const uint8_t *b = bytes;

	host_text_add(t, "\"");
	for (size_t i = 0; i < len; i++) {
		if (b[i] < 0x20 || b[i] > 0x7e)
			host_text_add(t, "\\x%02x", b[i]);
		else
			host_text_add(t, b[i] == '"' || b[i] == '\\' ? "\\%c" : "%c", b[i]);
	}
	host_text_add(t, "\"");
}

void host_text_hex(struct host_text *t, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		host_text_add(t, "%02x", bytes[i]);
}

int host_why(char *why, const char *fmt, ...)
{
	struct host_text t = host_text_start(why, DS_WHY_MAX);
	va_list ap;

	va_start(ap, fmt);
	add_v(&t, fmt, ap);
	va_end(ap);
	return -1;
}

/* Without branches: the digits of a million keys cannot be foretold. */
static int digit(char c)
{
	unsigned decimal = (unsigned char)c - (unsigned)'0';
	unsigned letter = ((unsigned char)c | 0x20U) - (unsigned)'a';
	int value = letter < 6 ? (int)letter + 10 : -1;

	return decimal < 10 ? (int)decimal : value;
}

long host_hex_parse(uint8_t *out, size_t cap, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (digit(text[i]) < 0)
			return -1;
	if (len % 2)
		return -2;
	if (len / 2 > cap)
		return -3;
	for (size_t i = 0; i < len / 2; i++)
		out[i] = (uint8_t)(digit(text[2 * i]) << 4 | digit(text[2 * i + 1]));
	return (long)(len / 2);
}
