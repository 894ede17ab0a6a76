/* SPDX-License-Identifier: Apache-2.0 */
/* main.c - dtlsshim: the subcommands */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host/options.h"
#include "tools/tool.h"

static const struct command {
	const char *name, *summary, *usage;
	int (*run)(int argc, char **argv);
	enum host_front options; /* 0 = none */
} commands[] = {
	{"run", "start a program under the shim", tool_run_usage, tool_run, HOST_SHIM},
	{"check", "say whether the shim can protect a program", tool_check_usage, tool_check, 0},
	{"nc", "send and receive messages over DTLS", tool_nc_usage, tool_nc, HOST_TOOL},
};

static const struct command *find(const char *name)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (!strcmp(name, commands[i].name))
			return &commands[i];
	return NULL;
}

static int usage(FILE *out)
{
	fputs("usage: dtlsshim COMMAND [ARGUMENTS]\n\n", out);
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		fprintf(out, "  %-8s %s\n", commands[i].name, commands[i].summary);
	fputs("  help     explain a command: dtlsshim help run\n", out);
	return out == stdout ? 0 : 2;
}

static int help(const struct command *c)
{
	fputs(c->usage, stdout);
	if (c->options) {
		fputs("\noptions:\n", stdout);
		fflush(stdout);
		host_options_print(c->options, HOST_DOC_HELP);
	}
	return 0;
}

/* `dtlsshim doc markdown|man shim|proxy|tool`: the option tables of README and man pages. */
static int doc(int argc, char **argv)
{
	static const char *const fronts[] = {"shim", "proxy", "tool"};
	enum host_doc form;

	if (argc != 3 || (strcmp(argv[1], "markdown") && strcmp(argv[1], "man")))
		return usage(stderr);
	form = strcmp(argv[1], "man") ? HOST_DOC_MARKDOWN : HOST_DOC_MAN;
	for (unsigned int i = 0; i < 3; i++)
		if (!strcmp(argv[2], fronts[i])) {
			host_options_print((enum host_front)(1U << i), form);
			return 0;
		}
	return usage(stderr);
}

/* The option parser knows the version. */
static int version(void)
{
	char *argv[] = {(char *)"dtlsshim", (char *)"--version", NULL}, why[DS_WHY_MAX];
	struct host_options o;
	int rest;

	host_options_init(&o);
	return host_options_args(&o, HOST_TOOL, 2, argv, &rest, why) ? 2 : 0;
}

static bool is_help(const char *arg)
{
	return !strcmp(arg, "help") || !strcmp(arg, "--help") || !strcmp(arg, "-h");
}

int main(int argc, char **argv)
{
	const struct command *c;
	int fd;

	/* A socket must never get number 0, 1 or 2: something might print to it. */
	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	close(fd);

	if (argc < 2)
		return usage(stderr);
	if (is_help(argv[1]) && argc == 2)
		return usage(stdout);
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "version"))
		return version();
	if (!strcmp(argv[1], "doc"))
		return doc(argc - 1, argv + 1);
	c = find(is_help(argv[1]) ? argv[2] : argv[1]);
	if (!c) {
		fprintf(stderr, "dtlsshim: there is no command \"%s\"\n",
			is_help(argv[1]) ? argv[2] : argv[1]);
		return usage(stderr);
	}
	if (is_help(argv[1]) ||
	    (argc > 2 && (!strcmp(argv[2], "--help") || !strcmp(argv[2], "-h"))))
		return help(c);
	return c->run(argc - 1, argv + 1);
}
