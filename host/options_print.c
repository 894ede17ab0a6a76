/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options_print.c - the option table for people: --help, README, man pages
 *
 * Text about an option exists once, in options.def, so that no page can say something else.  Here it
 * is wrapped for --help, and printed as a table or in the language of man pages for scripts/gen-docs.
 */
#include <string.h>

#include "host/options_table.h"
#include "host/sys.h"
#include "host/text.h"

#define WIDTH  88 /* characters of a line of help */
#define COLUMN 28 /* where its text begins */

static void put(const struct host_text *t)
{
	const char *p = t->buf;
	size_t left = t->len;

	while (left) {
		long n = host_sys3(SYS_write, 1, p, left);

		if (n <= 0)
			return;
		p += n;
		left -= (size_t)n;
	}
}

/* Adds @len characters that stay together, on the next line if need be; the cursor stands at
 * column *@at. */
static void word(struct host_text *t, size_t *at, const char *text, size_t len)
{
	if (*at > COLUMN && *at + 1 + len > WIDTH) {
		host_text_add(t, "\n%*s", COLUMN, "");
		*at = COLUMN;
	} else if (*at > COLUMN) {
		host_text_add(t, " ");
		++*at;
	}
	host_text_add(t, "%.*s", (int)len, text);
	*at += len;
}

/* The variable, and a default worth telling. */
static void note(const struct option *opt, char *out, size_t cap)
{
	struct host_text t = host_text_start(out, cap);

	host_text_add(&t, "(" OPTION_PREFIX "%s", opt->name);
	if (opt->by_default)
		host_text_add(&t, "; default %s", opt->by_default);
	host_text_add(&t, ")");
}

static void help_line(const struct option *opt)
{
	char buf[1024], flag[OPTION_NAME_MAX], tail[128];
	struct host_text t = host_text_start(buf, sizeof(buf));
	size_t at;

	host_text_add(&t, opt->kind == OPTION_BOOL ? "  --%s[=%s]" : "  --%s %s",
		      host_option_flag(opt, flag), opt->value);
	if (t.len + 2 > COLUMN)
		host_text_add(&t, "\n%*s", COLUMN, "");
	else
		host_text_add(&t, "%*s", (int)(COLUMN - t.len), "");
	at = COLUMN;
	for (const char *p = opt->help; *p; p += strspn(p, " ")) {
		size_t len = strcspn(p, " ");

		word(&t, &at, p, len);
		p += len;
	}
	note(opt, tail, sizeof(tail));
	word(&t, &at, tail, strlen(tail));
	host_text_add(&t, "\n");
	put(&t);
}

/* Adds @text with every character of @special behind a backslash. */
static void escaped(struct host_text *t, const char *text, const char *special)
{
	for (; *text; text++)
		host_text_add(t, strchr(special, *text) ? "\\%c" : "%c", *text);
}

static void markdown_line(const struct option *opt)
{
	static const char *const fronts[] = {"",     "shim",	   "proxy",	  "shim, proxy",
					     "tool", "shim, tool", "proxy, tool", "all"};
	char buf[1024], flag[OPTION_NAME_MAX];
	struct host_text t = host_text_start(buf, sizeof(buf));

	host_text_add(&t, "| `" OPTION_PREFIX "%s` | `--%s", opt->name,
		      host_option_flag(opt, flag));
	if (opt->kind == OPTION_BOOL) {
		host_text_add(&t, "[=");
		escaped(&t, opt->value, "|");
		host_text_add(&t, "]");
	}
	host_text_add(&t, "` | ");
	escaped(&t, opt->value, "|[]<");
	host_text_add(&t, " | %s | %s | ", opt->by_default ? opt->by_default : "",
		      fronts[opt->fronts & (HOST_SHIM | HOST_PROXY | HOST_TOOL)]);
	escaped(&t, opt->help, "|<");
	host_text_add(&t, " |\n");
	put(&t);
}

static void man_line(const struct option *opt, enum host_front front)
{
	char buf[1024], flag[OPTION_NAME_MAX];
	struct host_text t = host_text_start(buf, sizeof(buf));

	host_text_add(&t, ".TP\n");
	if (front == HOST_SHIM) {
		host_text_add(&t, ".BI " OPTION_PREFIX "%s= ", opt->name);
	} else {
		host_text_add(&t, ".BI \\-\\-");
		escaped(&t, host_option_flag(opt, flag), "-");
		host_text_add(&t, opt->kind == OPTION_BOOL ? "[= " : " \\ ");
	}
	escaped(&t, opt->value, "-");
	host_text_add(&t, opt->kind == OPTION_BOOL && front != HOST_SHIM ? " ]\n" : "\n");
	escaped(&t, opt->help, "-");
	if (opt->by_default)
		host_text_add(&t, "; default %s", opt->by_default);
	host_text_add(&t, ".\n");
	if (front != HOST_SHIM)
		host_text_add(&t, "Variable " OPTION_PREFIX "%s.\n", opt->name);
	put(&t);
}

static void headline(enum host_front front, enum host_doc form)
{
	char buf[400];
	struct host_text t = host_text_start(buf, sizeof(buf));

	if (form == HOST_DOC_MARKDOWN)
		host_text_add(&t, "| variable | flag | value | default | for | meaning |\n"
				  "|---|---|---|---|---|---|\n");
	else if (form == HOST_DOC_HELP && front == HOST_PROXY)
		host_text_add(
			&t, "usage: dtlsproxy [--bind :PORT] [--connect HOST:PORT] "
			    "[--psk-csv FILE] [flags]\n"
			    "DTLS 1.2 with Connection ID in front of a plaintext UDP server.\n\n");
	if (form == HOST_DOC_HELP)
		host_text_add(&t, "Flags: -flag value, --flag value, --flag=value; what is true or "
				  "false takes its\nvalue with = only: --flag, --flag=false.\n\n");
	put(&t);
}

void host_options_print(enum host_front front, enum host_doc form)
{
	headline(front, form);
	for (const struct option *opt = host_option_table; opt->name; opt++) {
		if (!(opt->fronts & front))
			continue;
		switch (form) {
		case HOST_DOC_HELP: help_line(opt); break;
		case HOST_DOC_MARKDOWN: markdown_line(opt); break;
		case HOST_DOC_MAN: man_line(opt, front); break;
		}
	}
}
