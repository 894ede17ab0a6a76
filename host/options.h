/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options.h - the one option table
 *
 * options.def lists every option once: variable DTLSSHIM_<NAME>, flag --<name>, value,
 * default, help, and who has it (shim, proxy, tool).  From it come the parsers for the
 * environment and the command line, --help, the man pages and the README table.
 *
 * Errors:   a parser stops at the first mistake with one line in @why that names the
 *	     variable or flag, the value, and what is expected.
 */
#ifndef HOST_OPTIONS_H
#define HOST_OPTIONS_H

#include "dtlsshim/config.h"
#include "dtlsshim/err.h"

#define HOST_PORTS_MAX	 16
#define HOST_UNSET	 UINT32_MAX
#define HOST_OPTIONS_MAX 128 /* in the table */

/* DTLSSHIM_PORTS "5683=5684": the program binds @program, the wire sees @wire. */
struct host_port {
	uint16_t program, wire;
};

/* DTLSSHIM_PLAINTEXT "log,5684=allow": what @all ports have, and those that have something else. */
struct host_plaintext {
	uint32_t all; /* enum ds_plaintext */
	uint32_t n_ports;
	struct {
		uint16_t port; /* on the wire */
		uint16_t rule;
	} ports[HOST_PORTS_MAX];
};

/* In the order of enum ds_role, and both: each socket of a program has its own. */
enum host_role { HOST_ROLE_SERVER, HOST_ROLE_CLIENT, HOST_ROLE_BOTH };

/* What an option has its value from. */
enum host_given { HOST_BY_DEFAULT, HOST_BY_VARIABLE, HOST_BY_FLAG };
enum host_backend_header { HOST_HEADER_NONE, HOST_HEADER_V2, HOST_HEADER_SPP };
enum host_backend_answers { HOST_ANSWERS_HEADER, HOST_ANSWERS_PLAIN };

enum host_preload_order { HOST_PRELOAD_CHECK, HOST_PRELOAD_IGNORE };

/* Which backend of several a session of the proxy gets. */
enum host_balance { HOST_BALANCE_TURNS, HOST_BALANCE_IDENTITY };

/* How a probe shows that a backend is there. */
enum host_probe { HOST_PROBE_ANSWER, HOST_PROBE_REFUSAL };

/* A value of every option; strings are copies owned by the struct, NULL = not given. */
struct host_options {
	/* keys */
	char *psk_csv, *psk_cmd;
	char *psk_rest, *rest_headers, *rest_headers_file, *id_query_key, *id_query_val_prefix;
	uint32_t psk_cmd_timeout, key_recheck; /* seconds; 0 = never (the second) */
	/* certificates */
	char *cert, *key, *ca, *crl, *deny;
	uint32_t client_auth; /* enum ds_client_auth, or HOST_UNSET: required if there is a CA */
	/* client role */
	uint32_t role; /* enum host_role */
	char *psk_identity, *psk_hex_file, *server_name;
	/* what is protected */
	struct host_port ports[HOST_PORTS_MAX];
	uint32_t n_ports; /* 0 = every bound UDP socket */
	uint32_t
		strict; /* for dtlsshim run; and the seconds until a port must be bound, 0 = never */
	uint32_t strict_timeout;
	uint32_t deepbind;
	uint32_t clear_answers;
	uint32_t preload_order; /* enum host_preload_order */
	struct host_plaintext plaintext;
	char *bind, *connect, *map;
	char *probe_hex;
	uint32_t probe, probe_interval;	    /* enum host_probe; seconds */
	uint32_t balance, resolve_interval; /* enum host_balance; seconds, 0 = at SIGHUP only */
	char *backend_source;
	uint32_t backend_header;  /* enum host_backend_header */
	uint32_t backend_answers; /* enum host_backend_answers */
	/* gateway: dtlsproxy in the client role */
	char *allow_networks;
	uint32_t association; /* 0: device, 1: shared */
	uint32_t device_idle; /* seconds, 0 = never */
	/* sessions */
	uint32_t cid_length; /* or HOST_UNSET: 8, a client's 0 */
	uint32_t mtu, rebind, rrc, peer_address;
	uint32_t max_sessions, max_handshakes, handshake_threads, max_per_identity, lookup_rate;
	uint32_t idle_timeout, max_age; /* seconds, 0 = never */
	uint32_t handshake_timeout;	/* seconds, or HOST_UNSET: 120, a client's 30 */
	uint32_t answer_timeout;	/* seconds, 0 = never */
	uint32_t replace_identity, require_ems;
	uint16_t ciphersuites[DS_SUITES_MAX + 1];
	char *state, *state_key, *state_memory;
	uint32_t state_wait, state_max_age; /* seconds */
	uint32_t state_reboot;		    /* 0: leap, 1: drop */
	/* log */
	uint32_t log_level;
	char *log_file, *keylog;
	uint8_t given[HOST_OPTIONS_MAX]; /* enum host_given, in the order of the table */
};

enum host_front { HOST_SHIM = 1, HOST_PROXY = 2, HOST_TOOL = 4 };

void host_options_init(struct host_options *o);
void host_options_free(struct host_options *o);

/* True if some socket of the program has @role. */
static inline bool host_has_role(const struct host_options *o, enum ds_role role)
{
	return o->role == HOST_ROLE_BOTH || o->role == (uint32_t)role;
}

/* What the option whose value is @member of @o has it from. */
enum host_given host_option_given(const struct host_options *o, const void *member);

/* Takes every DTLSSHIM_ variable of @env; an unknown one, or one that @front does not have, is an
 * error; so is one whose name begins with DTLSSHIM_ but for two letters or their case, and a client
 * role in the shim without ports.  0 or -1 with @why. */
DS_MUST_CHECK
int host_options_env(struct host_options *o, enum host_front front, char **env,
		     char why[static DS_WHY_MAX]);

/**
 * host_options_args() - take the flags of a command line
 * @argv:	-flag value, --flag value, --flag=value (Go's forms, which EUB's users know);
 *		booleans also --flag and --flag=false.  --help and --version print and exit 0.
 * @rest:	out: index of the first argument that is no flag ("--" is skipped), argc if none
 *
 * Return: 0, or -1 with @why (exit 2)
 */
DS_MUST_CHECK
int host_options_args(struct host_options *o, enum host_front front, int argc, char **argv,
		      int *rest, char why[static DS_WHY_MAX]);

/* Prints the options of @front: as help text, as a Markdown table, as man page source. */
enum host_doc { HOST_DOC_HELP, HOST_DOC_MARKDOWN, HOST_DOC_MAN };
void host_options_print(enum host_front front, enum host_doc form);

/**
 * struct host_files - what was read for a configuration; lives as long as cfg is used by
 * ds_engine_new() or ds_engine_reload(), which copy
 */
struct host_files {
	void *cert, *key, *ca, *crl, *deny;
	size_t cert_size, key_size, ca_size, crl_size, deny_size;
};

/**
 * host_config_make_as() - an engine's configuration from options
 * @cfg:	out: complete, memory from the arena, randomness from getrandom(2)
 * @files:	out: give to host_files_free() (wipes) when the engine is made; NULL: what the options
 *		say is checked, but no file of a server is read, and @cfg is not complete
 *
 * Checks what only a whole configuration shows: a certificate without its key, a server with no
 * keys at all, files that cannot be read, secrets that others may write, RPK.  A private key that others
 * can read is a warning in the log: refusing would break installations that work.  Also gives Mbed TLS its memory, the arena.
 *
 * Return: 0, or -1 with @why
 */
DS_MUST_CHECK
int host_config_make_as(struct ds_config *cfg, struct host_files *files,
			const struct host_options *o, enum ds_role role,
			char why[static DS_WHY_MAX]);

/* Same for ds_engine_reload(): only what that looks at is read and checked. */
DS_MUST_CHECK
int host_config_reread(struct ds_config *cfg, struct host_files *files,
		       const struct host_options *o, enum ds_role role,
		       char why[static DS_WHY_MAX]);

/* Same for the one role that @o names; both: the server's. */
DS_MUST_CHECK
static inline int host_config_make(struct ds_config *cfg, struct host_files *files,
				   const struct host_options *o, char why[static DS_WHY_MAX])
{
	return host_config_make_as(cfg, files, o,
				   o->role == HOST_ROLE_CLIENT ? DS_CLIENT : DS_SERVER, why);
}
void host_files_free(struct host_files *files);

#endif
