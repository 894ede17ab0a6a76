/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options_args.c - options from the environment and the command line
 *
 * A server that runs with an option misspelt would run without it, perhaps without a protection
 * that was asked for.  So an unknown variable or flag ends the start, and the message names the
 * option that was probably meant: the one with the fewest letters to change.  Variables whose names
 * almost begin with our prefix count as ours.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "host/options_table.h"
#include "host/plaintext.h"
#include "host/strict.h"
#include "host/sys.h"
#include "host/text.h"

#define INTERNAL     HOST_STRICT_VARIABLE "="
#define PREFIX_EDITS 2 /* that a mistyped OPTION_PREFIX is away from the right one */

static const struct {
	const char *flag, *name;
} aliases[] = {
	{"shell-kms-cmd", "PSK_CMD"}, /* EUB's dtls_proxy */
};

/* Goes from one row of Levenshtein's table to the next: @row[j] is how many edits make the first j
 * letters of @b from the @i letters before @c, case aside; afterwards from those and @c. */
static void add_letter(unsigned *row, unsigned i, int c, const char *b)
{
	unsigned diagonal = row[0];

	row[0] = i + 1;
	for (size_t j = 0; b[j]; j++) {
		unsigned best = diagonal + (toupper(c) != toupper(b[j]));

		diagonal = row[j + 1];
		if (best > row[j] + 1)
			best = row[j] + 1;
		if (best > diagonal + 1)
			best = diagonal + 1;
		row[j + 1] = best;
	}
}

static void first_row(unsigned *row, const char *b)
{
	for (unsigned j = 0; j <= strlen(b); j++)
		row[j] = j;
}

/* Edits that make @b from @a; both are shorter than OPTION_NAME_MAX. */
static unsigned distance(const char *a, const char *b)
{
	unsigned row[OPTION_NAME_MAX + 1];

	first_row(row, b);
	for (unsigned i = 0; a[i]; i++)
		add_letter(row, i, (unsigned char)a[i], b);
	return row[strlen(b)];
}

/* The option of @front whose name, as variable or flag, is like @text; NULL if none is. */
static const struct option *nearest(const char *text, enum host_front front, bool flag)
{
	const struct option *found = NULL;
	size_t len = strlen(text);
	/* One wrong letter in three, and three in all; more is no typing error */
	unsigned best = (len < 9 ? (unsigned)(len + 2) / 3 : 3) + 1;
	char buf[OPTION_NAME_MAX];

	if (len >= OPTION_NAME_MAX)
		return NULL;
	for (const struct option *opt = host_option_table; opt->name; opt++) {
		unsigned d = distance(text, flag ? host_option_flag(opt, buf) : opt->name);

		if ((opt->fronts & front) && d < best) {
			best = d;
			found = opt;
		}
	}
	return found;
}

static int unknown(char *why, const char *name, size_t len, enum host_front front, bool flag)
{
	const char *prefix = flag ? "--" : OPTION_PREFIX;
	const struct option *like;
	char shown[80], buf[OPTION_NAME_MAX];
	struct host_text t = host_text_start(shown, sizeof(shown));

	host_text_quote(&t, name, len);
	snprintf(buf, sizeof(buf), "%.*s", (int)len, name);
	/* As it is if it is harmless, in quotes if not */
	if (len + 2 == t.len)
		snprintf(shown, sizeof(shown), "%.*s", (int)len, name);
	like = len < sizeof(buf) ? nearest(buf, front, flag) : NULL;
	if (!like)
		return host_why(why, "%s%s: there is no such %s", prefix, shown,
				flag ? "flag" : "variable; unset it");
	return host_why(why, "%s%s: there is no such %s; did you mean %s%s?", prefix, shown,
			flag ? "flag" : "variable", prefix,
			flag ? host_option_flag(like, buf) : like->name);
}

static int take_variable(struct host_options *o, enum host_front front, const char *var, char *why)
{
	const char *name = var + strlen(OPTION_PREFIX), *equals = strchr(name, '=');
	size_t len = equals ? (size_t)(equals - name) : strlen(name);
	const struct option *opt = host_option_table;
	char from[OPTION_NAME_MAX + sizeof(OPTION_PREFIX)];

	while (opt->name && (strlen(opt->name) != len || strncmp(opt->name, name, len)))
		opt++;
	if (!opt->name)
		return unknown(why, name, len, front, false);
	snprintf(from, sizeof(from), "%s%s", OPTION_PREFIX, opt->name);
	if (!(opt->fronts & front))
		return host_why(why, "%s: %s does not have this option; unset it", from,
				host_front_name(front));
	if (!equals || !equals[1])
		return host_why(why, "%s is empty; unset it, or set it to %s", from, opt->value);
	return host_option_set(o, opt, from, equals + 1, why);
}

/* How many letters at the beginning of @name are OPTION_PREFIX with up to PREFIX_EDITS mistakes, or
 * in other case; 0 if it does not begin like that, or is nothing but that. */
static size_t like_prefix(const char *name, size_t len)
{
	unsigned row[sizeof(OPTION_PREFIX)], best = PREFIX_EDITS + 1;
	size_t found = 0, n = strlen(OPTION_PREFIX);

	first_row(row, OPTION_PREFIX);
	for (unsigned i = 0; i + 1 < len && i < n + PREFIX_EDITS; i++) {
		add_letter(row, i, (unsigned char)name[i], OPTION_PREFIX);
		if (row[n] < best) {
			best = row[n];
			found = i + 1;
		}
	}
	return len < n ? 0 : found;
}

/* A variable that was meant to be ours would be ignored, and with it perhaps a protection. */
static int refuse_mistyped(enum host_front front, const char *var, char *why)
{
	size_t len = strcspn(var, "="), prefix = like_prefix(var, len);
	const struct option *like = NULL;
	char rest[OPTION_NAME_MAX], shown[80];
	struct host_text t = host_text_start(shown, sizeof(shown));

	if (!prefix)
		return 0;
	if (len - prefix < sizeof(rest)) {
		snprintf(rest, sizeof(rest), "%.*s", (int)(len - prefix), var + prefix);
		like = nearest(rest, front, false);
	}
	host_text_quote(&t, var, len);
	return host_why(why, "the variable %s nearly begins with %s; %s%s%s", shown, OPTION_PREFIX,
			like ? "did you mean " OPTION_PREFIX : "rename or unset it",
			like ? like->name : "", like ? "?" : "");
}

static int check_plaintext(const struct host_options *o, char *why)
{
	const struct host_plaintext *p = &o->plaintext;

	if (o->role == HOST_ROLE_CLIENT && (p->all != DS_PLAINTEXT_DENY || p->n_ports))
		return host_why(
			why,
			"DTLSSHIM_PLAINTEXT (--plaintext) is a server's: with "
			"DTLSSHIM_ROLE=client everything that is sent to the listed ports goes "
			"by DTLS; take a port that still speaks plaintext out of DTLSSHIM_PORTS");
	return host_plaintext_check(o, o->ports, o->n_ports, why);
}

int host_options_env(struct host_options *o, enum host_front front, char **env,
		     char why[static DS_WHY_MAX])
{
	for (; env && *env; env++) {
		if (!strncmp(*env, INTERNAL, strlen(INTERNAL)))
			continue;
		if (strncmp(*env, OPTION_PREFIX, strlen(OPTION_PREFIX))
			    ? refuse_mistyped(front, *env, why)
			    : take_variable(o, front, *env, why))
			return -1;
	}
	if (front == HOST_SHIM && o->role != HOST_ROLE_SERVER && !o->n_ports)
		return host_why(why,
				"DTLSSHIM_ROLE=%s needs DTLSSHIM_PORTS: the ports of the "
				"servers the program talks to",
				o->role == HOST_ROLE_CLIENT ? "client" : "both");
	return front == HOST_SHIM ? check_plaintext(o, why) : 0;
}

const struct option *host_option_find(const char *name, size_t len, enum host_front front)
{
	char buf[OPTION_NAME_MAX];

	for (size_t i = 0; i < sizeof(aliases) / sizeof(*aliases); i++)
		if (strlen(aliases[i].flag) == len && !strncmp(aliases[i].flag, name, len))
			for (const struct option *opt = host_option_table; opt->name; opt++)
				if (!strcmp(opt->name, aliases[i].name))
					return opt->fronts & front ? opt : NULL;
	for (const struct option *opt = host_option_table; opt->name; opt++)
		if ((opt->fronts & front) && strlen(host_option_flag(opt, buf)) == len &&
		    !strncmp(buf, name, len))
			return opt;
	return NULL;
}

static void print_and_exit(enum host_front front, bool help)
{
	char line[80];
	struct host_text t = host_text_start(line, sizeof(line));

	if (help) {
		host_options_print(front, HOST_DOC_HELP);
	} else {
		host_text_add(&t, "%s %s\n", host_front_name(front), DS_VERSION);
		host_sys3(SYS_write, 1, line, t.len);
	}
	for (;;)
		host_sys3(SYS_exit_group, 0, 0, 0);
}

static bool is(const char *name, size_t len, const char *word)
{
	return strlen(word) == len && !strncmp(name, word, len);
}

/* A word that can only have been meant as the value of the flag before. */
static bool is_bool(const char *text)
{
	return !strcasecmp(text, "true") || !strcasecmp(text, "false") ||
	       !strcasecmp(text, "certificates");
}

/* One flag at @argv[*@i]; moves *@i to its last word. */
static int take_flag(struct host_options *o, enum host_front front, char **argv, int *i, char *why)
{
	const char *name = argv[*i] + 1 + (argv[*i][1] == '-'), *value;
	size_t len = strcspn(name, "=");
	const struct option *opt = host_option_find(name, len, front);
	char from[OPTION_NAME_MAX + 2];

	if (!opt && (is(name, len, "help") || is(name, len, "h") || is(name, len, "version")))
		print_and_exit(front, *name == 'h');
	if (!opt)
		return unknown(why, name, len, front, true);
	snprintf(from, sizeof(from), "--%.*s", (int)len, name);
	if (name[len])
		value = name + len + 1;
	else if (opt->kind == OPTION_BOOL && argv[*i + 1] && is_bool(argv[*i + 1]))
		return host_why(why, "%s %s: what is true or false takes its value with =: %s=%s",
				from, argv[*i + 1], from, argv[*i + 1]);
	else if (opt->kind == OPTION_BOOL)
		value = "true";
	else if (argv[*i + 1])
		value = argv[++*i];
	else
		return host_why(why, "%s: a value is missing; %s is expected", from, opt->value);
	if (!*value && !(opt->fronts & OPTION_EMPTY))
		return host_why(why, "%s is empty; %s is expected", from, opt->value);
	return host_option_set(o, opt, from, value, why);
}

int host_options_args(struct host_options *o, enum host_front front, int argc, char **argv,
		      int *rest, char why[static DS_WHY_MAX])
{
	int i = argc > 0 ? 1 : 0;

	for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
		if (!strcmp(argv[i], "--")) {
			i++;
			break;
		}
		if (take_flag(o, front, argv, &i, why))
			return -1;
	}
	*rest = i;
	return 0;
}
