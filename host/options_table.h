/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options_table.h - options.def as data, for the parsers and the printers
 */
#ifndef HOST_OPTIONS_TABLE_H
#define HOST_OPTIONS_TABLE_H

#include <stdbool.h>

#include "host/options.h"

enum option_kind {
	OPTION_TEXT,
	OPTION_LIST, /* a text to which the same flag, given again, adds after a comma */
	OPTION_FILE,
	OPTION_PROGRAM,
	OPTION_NUMBER,
	OPTION_BOOL,
	OPTION_CHOICE,
	OPTION_PORTS,
	OPTION_SUITES,
	OPTION_PLAINTEXT
};

#define OPTION_EMPTY	8 /* bit beside enum host_front: see options.def */
#define OPTION_PREFIX	"DTLSSHIM_"
#define OPTION_NAME_MAX 48 /* bytes of a variable or flag, end included */

struct option {
	enum option_kind kind;
	const char *name; /* without prefix */
	const char *by_default, *value, *help;
	size_t offset; /* of the member in struct host_options */
	unsigned fronts;
	uint32_t min, max;
};

extern const struct option host_option_table[]; /* ends with name NULL */

/* True if the option's member is a string. */
static inline bool host_option_is_text(const struct option *opt)
{
	return opt->kind == OPTION_TEXT || opt->kind == OPTION_LIST || opt->kind == OPTION_FILE ||
	       opt->kind == OPTION_PROGRAM;
}

/* "psk-csv" for PSK_CSV. */
const char *host_option_flag(const struct option *opt, char text[static OPTION_NAME_MAX]);
/* The option behind flag @name, @len characters without dashes; NULL if @front has none such. */
const struct option *host_option_find(const char *name, size_t len, enum host_front front);
/* The program's name in front @front. */
const char *host_front_name(enum host_front front);

/* Sets an option; @from is what the message blames ("DTLSSHIM_MTU", "--mtu").
 * Return: 0, or -1 with @why */
DS_MUST_CHECK
int host_option_set(struct host_options *o, const struct option *opt, const char *from,
		    const char *value, char *why);

#endif
