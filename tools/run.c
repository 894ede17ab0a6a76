/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run.c - `dtlsshim run`: start a program under the shim
 *
 * Everything that the shim would refuse is refused here, before the program starts: ld.so and the
 * program would otherwise go on in their own ways.
 * Then, in strict mode (strict.h), its ports are taken before it can have them.
 *
 * The program takes the place of this process: signals, exit status and process id are its own.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/endpoint.h"
#include "host/keys.h"
#include "host/log.h"
#include "host/options_table.h"
#include "host/plaintext.h"
#include "host/strict.h"
#include "tools/check.h"
#include "tools/strict.h"
#include "tools/tool.h"

const char tool_run_usage[] =
	"usage: dtlsshim run [options] [--] PROGRAM [ARGUMENTS]\n"
	"\n"
	"Starts PROGRAM with libdtlsshim.so, after checking that it can work there.  Options are\n"
	"passed on as DTLSSHIM_ variables; variables that are set already count, too.\n"
	"\n"
	"Exit status: the program's; 78 if it is ended because none of its ports was bound in time\n"
	"(--strict-timeout), or if a client that ends with 0 protected not one socket; 1 if it\n"
	"cannot be protected, 2 for a wrong command line, 126 or 127 if it cannot be started.\n";

/* Turns the flags in argv[1..rest) into variables.  They have been parsed once: they are right. */
static void flags_to_variables(int rest, char **argv)
{
	char name[sizeof(OPTION_PREFIX) + OPTION_NAME_MAX];

	for (int i = 1; i < rest && strcmp(argv[i], "--"); i++) {
		const char *flag = argv[i] + strspn(argv[i], "-"), *value = strchr(flag, '=');
		size_t len = value ? (size_t)(value++ - flag) : strlen(flag);
		const struct option *opt = host_option_find(flag, len, HOST_SHIM);

		if (!value)
			value = opt->kind == OPTION_BOOL ? "true" : argv[++i];
		snprintf(name, sizeof(name), OPTION_PREFIX "%s", opt->name);
		/* An empty flag means "not given". */
		if (*value ? setenv(name, value, 1) : unsetenv(name))
			host_die(1, "run: %s: %s", name, strerror(errno));
	}
}

/* Makes, and throws away, what the shim will make from the same variables. */
static void verify(struct host_options *o)
{
	struct host_files files;
	struct host_keys *keys;
	struct ds_engine *engine;
	struct ds_config cfg;
	char why[DS_WHY_MAX];

	host_log_open(HOST_LOG_ERROR, NULL); /* the shim will say the rest */
	host_options_init(o);
	if (host_options_env(o, HOST_SHIM, environ, why))
		host_die(1, "%s", why);
	for (enum ds_role role = DS_SERVER; role <= DS_CLIENT; role++) {
		if (!host_has_role(o, role))
			continue;
		if (host_config_make_as(&cfg, &files, o, role, why) ||
		    ds_engine_new(&engine, &cfg, host_now(), why))
			host_die(1, "%s", why);
		ds_engine_free(engine);
		host_files_free(&files);
	}
	if (!host_has_role(o, DS_SERVER))
		return;
	if (host_keys_open(&keys, o, why))
		host_die(1, "%s", why);
	host_keys_close(keys);
}

/* The program may be a script that changes its directory before it starts another. */
static void fix_paths(struct host_options *o)
{
	char name[sizeof(OPTION_PREFIX) + OPTION_NAME_MAX];

	for (const struct option *opt = host_option_table; opt->name; opt++) {
		snprintf(name, sizeof(name), OPTION_PREFIX "%s", opt->name);
		if (host_option_is_text(opt) && getenv(name) &&
		    setenv(name, *(char **)(void *)((char *)o + opt->offset), 1))
			host_die(1, "run: %s: %s", name, strerror(errno));
	}
}

static _Noreturn void start(const char *lib, char **argv)
{
	const char *others = getenv("LD_PRELOAD");
	char *preload;

	if (asprintf(&preload, "%s%s%s", lib, others && *others ? ":" : "", others ? others : "") <
		    0 ||
	    setenv("LD_PRELOAD", preload, 1))
		host_die(1, "%s", strerror(errno));
	execvp(argv[0], argv);
	/* It is there: check_program() has seen it */
	host_die(126, "%s: %s", argv[0], strerror(errno));
}

int tool_run(int argc, char **argv)
{
	struct host_options o;
	char why[DS_WHY_MAX], lib[PATH_MAX];
	int rest, status;

	host_options_init(&o);
	if (host_options_args(&o, HOST_SHIM, argc, argv, &rest, why))
		host_die(2, "run: %s (dtlsshim help run lists the options)", why);
	host_options_free(&o);
	if (rest >= argc)
		host_die(2, "run: a PROGRAM is expected (dtlsshim help run says more)");
	flags_to_variables(rest, argv);
	if (!check_library(lib, stderr))
		return 1;
	status = check_program(argv[rest], true, stderr);
	if (status)
		return status;
	unsetenv("DTLSSHIM_LIB"); /* ours alone: the shim refuses variables it does not know */
	unsetenv(HOST_STRICT_VARIABLE);
	verify(&o);
	fix_paths(&o);
	if (o.strict && host_plaintext_allowed(&o))
		host_die(1,
			 "run: strict mode proves that plaintext gets no answer, and --plaintext "
			 "(DTLSSHIM_PLAINTEXT) allows one: say --strict=false, or log instead of "
			 "allow");
	if (o.strict)
		strict_begin(&o);
	host_options_free(&o);
	start(lib, argv + rest);
}
