/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keys_setup.c - the key command before it runs
 *
 * The command is looked for once, at the start, because a mistake must show then, and because the
 * program may change its directory or root later.  It gets an environment without the shim and its
 * variables, so that it is an ordinary program.  A key server is asked by curl(1), whose orders are
 * made here: they go through standard input, since anybody may read a command line.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/arena.h"
#include "host/file.h"
#include "host/keys_impl.h"
#include "host/text.h"

/* The place of the program; a child must not look again after chroot() or chdir(). */
static struct {
	char option[PATH_MAX];
	char path[PATH_MAX];
} found;

static bool executable(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISREG(st.st_mode) &&
	       !faccessat(AT_FDCWD, path, X_OK, AT_EACCESS);
}

/* A name without slash is searched in PATH, in absolute directories only. */
static bool search_path(const char *name)
{
	const char *dir = getenv("PATH");

	for (; dir; dir = *dir ? dir + 1 : NULL) {
		int len = (int)strcspn(dir, ":");

		snprintf(found.path, sizeof(found.path), "%.*s/%s", len, dir, name);
		if (*dir == '/' && executable(found.path))
			return true;
		dir += len;
	}
	return false;
}

static int find_program(const char *var, const char *name, char *why)
{
	if (!strcmp(found.option, name))
		return 0;
	found.option[0] = 0;
	if (!strchr(name, '/')) {
		if (!search_path(name))
			return host_why(why, "%s: %.100s is not in PATH, or not executable", var,
					name);
	} else {
		if (snprintf(found.path, sizeof(found.path), "%s", name) >= (int)sizeof(found.path))
			return host_why(why, "%s: %.60s...: %s", var, name,
					strerrordesc_np(ENAMETOOLONG));
		if (access(found.path, F_OK))
			return host_why(why, "%s: %.100s: %s (one program, without arguments)", var,
					name, strerrordesc_np(errno));
		if (!executable(found.path))
			return host_why(why, "%s: %.100s is not an executable file; chmod +x?", var,
					name);
	}
	snprintf(found.option, sizeof(found.option), "%s", name);
	return 0;
}

/* True for a variable that the child may see: not the shim, nor anything that configures it. */
static bool keeps(const char *variable)
{
	return strncmp(variable, "LD_PRELOAD=", 11) && strncmp(variable, "DTLSSHIM_", 9);
}

/* A copy, because the program may change its own at any time. */
static int copy_environment(struct key_cmd *c)
{
	size_t n = 2, bytes = KEY_ENV_MAX;
	char *text;

	for (char **e = environ; e && *e; e++, n++)
		bytes += strlen(*e) + 1;
	c->env_size = n * sizeof(char *) + bytes;
	c->env = host_arena_alloc(c->env_size);
	if (!c->env)
		return -1;
	text = (char *)(c->env + n);
	n = 0;
	for (char **e = environ; e && *e; e++) {
		if (!keeps(*e))
			continue;
		c->env[n++] = text;
		text = stpcpy(text, *e) + 1;
	}
	c->env[n] = c->env_identity = text;
	return 0;
}

static bool plain(const char *text, const char *more)
{
	for (; *text; text++)
		if (*text < 0x21 || *text > 0x7e || strchr(more, *text))
			return false;
	return true;
}

static bool is_header(const char *text)
{
	return *text != ':' && *text != '@' && strchr(text, ':') && !strpbrk(text, "\r\n");
}

static int check_rest(const struct host_options *o, char *why)
{
	if (!o->psk_rest &&
	    (o->rest_headers || o->rest_headers_file || o->id_query_key || o->id_query_val_prefix))
		return host_why(why,
				"DTLSSHIM_%s is for the key server that DTLSSHIM_PSK_REST "
				"(--psk-rest) names: set that too, or leave it out",
				o->rest_headers	       ? "REST_HEADERS (--rest-headers)"
				: o->rest_headers_file ? "REST_HEADERS_FILE (--rest-headers-file)"
				: o->id_query_key      ? "ID_QUERY_KEY (--id-query-key)"
						  : "ID_QUERY_VAL_PREFIX (--id-query-val-prefix)");
	if (!o->psk_rest)
		return 0;
	if ((strncmp(o->psk_rest, "http://", 7) && strncmp(o->psk_rest, "https://", 8)) ||
	    !plain(o->psk_rest, "\"\\"))
		return host_why(why,
				"DTLSSHIM_PSK_REST (--psk-rest): a URL that begins with http:// "
				"or https:// is expected");
	if (o->id_query_key && !plain(o->id_query_key, "=@&?#%+\"\\"))
		return host_why(why,
				"DTLSSHIM_ID_QUERY_KEY (--id-query-key): letters and digits are "
				"expected");
	if (o->id_query_val_prefix && strpbrk(o->id_query_val_prefix, "\r\n"))
		return host_why(why,
				"DTLSSHIM_ID_QUERY_VAL_PREFIX (--id-query-val-prefix): one line is "
				"expected");
	/* Not shown: a header may hold a password */
	if (o->rest_headers && !is_header(o->rest_headers))
		return host_why(why,
				"DTLSSHIM_REST_HEADERS (--rest-headers): one header of the form "
				"Name:Value is expected");
	return 0;
}

void host_key_curl_quoted(struct host_text *t, const char *text)
{
	for (; *text; text++)
		host_text_add(t, *text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
}

static void add_header(struct host_text *t, const char *header)
{
	host_text_add(t, "header = \"");
	host_key_curl_quoted(t, header);
	host_text_add(t, "\"\n");
}

/* Adds each line of @text, which is cut up; 0, or the number of the first that is no header. */
static unsigned add_header_lines(struct host_text *t, char *text)
{
	unsigned line = 0;

	while (*text) {
		size_t len = strcspn(text, "\n");
		char *next = text + len + (text[len] != 0);

		line++;
		text[len] = 0;
		if (len && text[len - 1] == '\r')
			text[--len] = 0;
		if (len && !is_header(text))
			return line;
		if (len)
			add_header(t, text);
		text = next;
	}
	return 0;
}

static int add_header_file(struct host_text *t, const char *path, char *why)
{
	const char *var = "DTLSSHIM_REST_HEADERS_FILE (--rest-headers-file)";
	char trouble[DS_WHY_MAX];
	size_t len, before = t->len;
	char *text = (char *)host_file_secret(path, KEY_CURL_MAX, &len, trouble);
	unsigned line;

	if (!text)
		return host_why(why, "%s: %s", var, trouble);
	line = memchr(text, 0, len) ? 1 : add_header_lines(t, text);
	host_arena_free(text, len + 1);
	if (line)
		return host_why(why,
				"%s: %s:%u: a header of the form Name:Value is expected in "
				"each line",
				var, path, line);
	return t->len > before ? 0 : host_why(why, "%s: %s: no header in it", var, path);
}

/* Everything but the identity, which follows in the last, open quotes. */
static int make_curl_config(struct key_cmd *c, const struct host_options *o, char *why)
{
	struct host_text t;

	c->curl_config = host_arena_alloc(KEY_CURL_MAX);
	if (!c->curl_config)
		return host_why(why, "out of memory");
	/* Room for an identity in which every byte needs a backslash */
	t = host_text_start(c->curl_config, KEY_CURL_MAX - 2 * DS_IDENTITY_MAX - 4);
	host_text_add(&t,
		      "silent\nfail\ngloboff\nget\nproto = \"=http,https\"\n"
		      "write-out = \"\\n%%{http_code}\"\n"
		      "max-time = %u\nmax-filesize = %d\nurl = \"%s\"\n",
		      o->psk_cmd_timeout, KEY_OUTPUT_MAX - 16, o->psk_rest);
	if (o->rest_headers)
		add_header(&t, o->rest_headers);
	if (o->rest_headers_file && add_header_file(&t, o->rest_headers_file, why))
		return -1;
	host_text_add(&t, "data-urlencode = \"%s=", o->id_query_key ? o->id_query_key : "pskId");
	if (o->id_query_val_prefix)
		host_key_curl_quoted(&t, o->id_query_val_prefix);
	if (t.len + 1 >= t.cap)
		return host_why(why, "the options of the key server are too long");
	return 0;
}

int host_key_run_setup(struct key_cmd *c, const struct host_options *o, char *why)
{
	if (check_rest(o, why))
		return -1;
	if (o->psk_rest && find_program("DTLSSHIM_PSK_REST (--psk-rest) needs curl", "curl", why))
		return -1;
	/* As in EUB's dtls_proxy: a command beside a key server is never asked */
	if (o->psk_cmd && !o->psk_rest &&
	    find_program("DTLSSHIM_PSK_CMD (--psk-cmd)", o->psk_cmd, why))
		return -1;
	if (!o->psk_cmd && !o->psk_rest)
		return 0;
	c->program = found.path;
	c->timeout = o->psk_cmd_timeout * DS_SECOND;
	if (copy_environment(c))
		return host_why(why, "out of memory");
	return o->psk_rest ? make_curl_config(c, o, why) : 0;
}

void host_key_run_fini(struct key_cmd *c)
{
	host_arena_free(c->env, c->env_size);
	host_arena_free(c->curl_config, KEY_CURL_MAX);
}
