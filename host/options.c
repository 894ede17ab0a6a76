/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options.c - the table, and one parser for each kind of value
 *
 * Each option stands once, in options.def.  Here that file becomes a table, so that a new option is
 * one line there: variable, flag, check of the value, help and documentation follow from it.  A
 * parser only knows its kind of value, and its message names the variable or flag that was wrong.
 */
#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/options_table.h"
#include "host/text.h"

#define EMPTY OPTION_EMPTY

const struct option host_option_table[] = {
#define OPTION(kind_, member, name_, default_, fronts_, value_, min_, max_, help_)                 \
	{                                                                                          \
		.kind = OPTION_##kind_,                                                            \
		.name = #name_,                                                                    \
		.by_default = default_,                                                            \
		.value = value_,                                                                   \
		.help = help_,                                                                     \
		.offset = offsetof(struct host_options, member),                                   \
		.fronts = fronts_,                                                                 \
		.min = min_,                                                                       \
		.max = max_,                                                                       \
	},
#include "host/options.def"
#undef OPTION
	{.name = NULL},
};

_Static_assert(sizeof(host_option_table) / sizeof(struct option) <= HOST_OPTIONS_MAX,
	       "each has its place in ->given");

const char *host_option_flag(const struct option *opt, char text[static OPTION_NAME_MAX])
{
	size_t i;

	for (i = 0; i < OPTION_NAME_MAX - 1 && opt->name[i]; i++)
		text[i] = opt->name[i] == '_' ? '-' : (char)tolower(opt->name[i]);
	text[i] = 0;
	return text;
}

const char *host_front_name(enum host_front front)
{
	return front == HOST_SHIM    ? "libdtlsshim.so"
	       : front == HOST_PROXY ? "dtlsproxy"
				     : "dtlsshim";
}

/* "<from>="<value>": <rest>" */
static int refuse(char *why, const char *from, const char *value, const char *rest)
{
	char quoted[80];
	struct host_text t = host_text_start(quoted, sizeof(quoted));

	host_text_quote(&t, value, strlen(value));
	return host_why(why, "%s=%s: %s", from, quoted, rest);
}

/* Digits only: no sign, no space, no suffix.  At most 10 of them, so nothing overflows. */
static bool number(const char *text, size_t len, uint64_t *out)
{
	*out = 0;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		*out = *out * 10 + (uint64_t)(text[i] - '0');
	}
	return len > 0 && len <= 10;
}

static int set_number(uint32_t *out, const struct option *opt, const char *from, const char *value,
		      char *why)
{
	char rest[80];
	struct host_text t = host_text_start(rest, sizeof(rest));
	uint64_t n;

	if (number(value, strlen(value), &n) && n >= opt->min && n <= opt->max) {
		*out = (uint32_t)n;
		return 0;
	}
	host_text_add(&t, "a whole number from %u to %u is expected", opt->min, opt->max);
	return refuse(why, from, value, rest);
}

static int set_bool(uint32_t *out, const struct option *opt, const char *from, const char *value,
		    char *why)
{
	/* Go's words and those people use */
	static const char *const words[] = {"true", "false", "t",  "f",	 "1",
					    "0",    "yes",   "no", "on", "off"};
	enum { BOOL_LEN = sizeof("true|false") - 1 };

	for (uint32_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (!strcasecmp(value, words[i])) {
			*out = i % 2 == 0;
			return 0;
		}
	}
	if (opt->value[BOOL_LEN] && !strcasecmp(value, opt->value + BOOL_LEN + 1)) {
		*out = 2;
		return 0;
	}
	return refuse(why, from, value,
		      opt->value[BOOL_LEN] ? "true, false or certificates is expected"
					   : "true or false is expected");
}

static int set_choice(uint32_t *out, const struct option *opt, const char *from, const char *value,
		      char *why)
{
	const char *word = opt->value;
	size_t len = strlen(value);
	char rest[80];
	struct host_text t = host_text_start(rest, sizeof(rest));

	for (uint32_t i = 0;; i++) {
		size_t n = strcspn(word, "|");

		if (n == len && !strncmp(word, value, n)) {
			*out = i;
			return 0;
		}
		if (!word[n])
			break;
		word += n + 1;
	}
	host_text_add(&t, "one of %s is expected", opt->value);
	return refuse(why, from, value, rest);
}

static bool port(const char *text, size_t len, uint16_t *out)
{
	uint64_t n;

	if (!number(text, len, &n) || n < 1 || n > 65535)
		return false;
	*out = (uint16_t)n;
	return true;
}

static const char *add_port(struct host_options *o, const char *item, size_t len)
{
	const char *equals = memchr(item, '=', len);
	size_t left = equals ? (size_t)(equals - item) : len;
	struct host_port p;

	if (!port(item, left, &p.program))
		return "ports from 1 to 65535 are expected, like 5684 or 5683=5684";
	p.wire = p.program;
	if (equals && !port(equals + 1, len - left - 1, &p.wire))
		return "after = a port from 1 to 65535 is expected";
	for (uint32_t i = 0; i < o->n_ports; i++)
		if (o->ports[i].program == p.program || o->ports[i].wire == p.wire)
			return "the same port twice";
	if (o->n_ports == HOST_PORTS_MAX)
		return "too many ports";
	o->ports[o->n_ports++] = p;
	return NULL;
}

static const char *add_suite(struct host_options *o, const char *item, size_t len)
{
	char name[64];
	uint16_t id = 0;
	size_t n = 0;

	if (len < sizeof(name)) {
		memcpy(name, item, len);
		name[len] = 0;
		id = ds_suite_by_name(name);
	}
	if (!id)
		return "not an AEAD cipher suite this version has; names are IANA's, like "
		       "TLS_PSK_WITH_AES_128_CCM_8";
	while (o->ciphersuites[n] && o->ciphersuites[n] != id)
		n++;
	if (o->ciphersuites[n])
		return "the same cipher suite twice";
	if (n == DS_SUITES_MAX)
		return "too many cipher suites";
	o->ciphersuites[n] = id;
	return NULL;
}

/* "allow" for all ports, or "5684=allow" for one. */
static const char *add_plaintext(struct host_options *o, const char *item, size_t len)
{
	static const char *const words[] = {"deny", "log", "allow"}; /* enum ds_plaintext */
	const char *equals = memchr(item, '=', len);
	const char *word = equals ? equals + 1 : item;
	size_t n = len - (size_t)(word - item);
	struct host_plaintext *p = &o->plaintext;
	uint16_t rule = 0, named = 0;

	if (equals && !port(item, (size_t)(equals - item), &named))
		return "before = a port from 1 to 65535 is expected";
	while (rule < 3 && (strlen(words[rule]) != n || strncmp(words[rule], word, n) != 0))
		rule++;
	if (rule == 3)
		return "deny, log or allow is expected, or PORT=deny, PORT=log or PORT=allow";
	if (!named) {
		p->all = rule;
		return NULL;
	}
	for (uint32_t i = 0; i < p->n_ports; i++)
		if (p->ports[i].port == named)
			return "the same port twice";
	if (p->n_ports == HOST_PORTS_MAX)
		return "too many ports";
	p->ports[p->n_ports].port = named;
	p->ports[p->n_ports++].rule = rule;
	return NULL;
}

/* Calls @add with every item of a comma separated list; blames the item that was refused. */
static int set_list(struct host_options *o, const char *from, const char *value, char *why,
		    const char *(*add)(struct host_options *o, const char *item, size_t len))
{
	char item[80];

	for (;;) {
		size_t len = strcspn(value, ",");
		const char *trouble = add(o, value, len);

		if (trouble) {
			size_t n = len < sizeof(item) - 1 ? len : sizeof(item) - 1;

			memcpy(item, value, n);
			item[n] = 0;
			return refuse(why, from, item, trouble);
		}
		if (!value[len])
			return 0;
		value += len + 1;
	}
}

static int set_text(char **out, const char *value, char *why)
{
	char *copy = *value ? strdup(value) : NULL;

	if (*value && !copy)
		return host_why(why, "out of memory");
	free(*out);
	*out = copy;
	return 0;
}

/* @more: the list goes on. */
static int set_items(char **out, const char *value, bool more, char *why)
{
	char *both;

	if (!more)
		return set_text(out, value, why);
	if (asprintf(&both, "%s,%s", *out, value) < 0)
		return host_why(why, "out of memory");
	free(*out);
	*out = both;
	return 0;
}

static int set_file(char **out, const char *from, const char *value, char *why)
{
	char cwd[PATH_MAX], path[PATH_MAX];

	if (!*value || *value == '/')
		return set_text(out, value, why);
	if (!getcwd(cwd, sizeof(cwd)))
		return refuse(why, from, value,
			      "where this is cannot be found out; an absolute path is expected");
	if (snprintf(path, sizeof(path), "%s/%s", strcmp(cwd, "/") ? cwd : "", value) >=
	    (int)sizeof(path))
		return refuse(why, from, value, "too long a path");
	return set_text(out, path, why);
}

/* @more: the same flag was given before. */
static int set_value(struct host_options *o, const struct option *opt, const char *from,
		     const char *value, bool more, char *why)
{
	void *member = (char *)o + opt->offset;

	switch (opt->kind) {
	case OPTION_TEXT: return set_text(member, value, why);
	case OPTION_LIST: return set_items(member, value, more, why);
	case OPTION_FILE: return set_file(member, from, value, why);
	case OPTION_PROGRAM:
		return strchr(value, '/') ? set_file(member, from, value, why)
					  : set_text(member, value, why);
	case OPTION_NUMBER: return set_number(member, opt, from, value, why);
	case OPTION_BOOL: return set_bool(member, opt, from, value, why);
	case OPTION_CHOICE: return set_choice(member, opt, from, value, why);
	case OPTION_PORTS: o->n_ports = 0; return set_list(o, from, value, why, add_port);
	case OPTION_PLAINTEXT:
		memset(&o->plaintext, 0, sizeof(o->plaintext));
		return set_list(o, from, value, why, add_plaintext);
	case OPTION_SUITES:
		memset(o->ciphersuites, 0, sizeof(o->ciphersuites));
		return set_list(o, from, value, why, add_suite);
	}
	return host_why(why, "%s: unknown kind of option", from);
}

int host_option_set(struct host_options *o, const struct option *opt, const char *from,
		    const char *value, char *why)
{
	uint8_t *given = &o->given[opt - host_option_table];
	uint8_t now = *from == '-' ? HOST_BY_FLAG : HOST_BY_VARIABLE;
	int err = set_value(o, opt, from, value, now == HOST_BY_FLAG && *given == now, why);

	*given = now;
	return err;
}

enum host_given host_option_given(const struct host_options *o, const void *member)
{
	for (size_t i = 0; host_option_table[i].name; i++)
		if ((const char *)o + host_option_table[i].offset == member)
			return (enum host_given)o->given[i];
	return HOST_BY_DEFAULT;
}

void host_options_init(struct host_options *o)
{
	char why[DS_WHY_MAX];

	memset(o, 0, sizeof(*o));
	o->client_auth = o->cid_length = o->handshake_timeout = HOST_UNSET;
	/* Only a mistake in the table can fail here; a test sets every default. */
	for (const struct option *opt = host_option_table; opt->name; opt++)
		if (opt->by_default && host_option_set(o, opt, opt->name, opt->by_default, why))
			abort();
	memset(o->given, HOST_BY_DEFAULT, sizeof(o->given));
}

void host_options_free(struct host_options *o)
{
	for (const struct option *opt = host_option_table; opt->name; opt++)
		if (host_option_is_text(opt))
			free(*(char **)(void *)((char *)o + opt->offset));
	memset(o, 0, sizeof(*o));
}
