/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config_make.c - from options to an engine's configuration
 *
 * Everything that can be wrong in the options shows here, at the start, in one line that names the
 * variable, the flag and the file, because later nobody is there to read it.  The engine reads no
 * files: they are read here, into memory that is wiped afterwards (struct host_files).
 *
 * The engine's memory is the arena and its randomness comes from the kernel every time: neither has a
 * state that a fork could copy.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include <mbedtls/platform.h>
#include <mbedtls/x509_crl.h>
#include <mbedtls/x509_crt.h>

#include "host/arena.h"
#include "host/endpoint.h"
#include "host/file.h"
#include "host/log.h"
#include "host/log_queue.h"
#include "host/options.h"
#include "host/sys.h"
#include "host/text.h"

#define FILE_MAX     ((size_t)4 << 20) /* bytes; a system's CA bundle has a quarter of a megabyte */
#define ANY_NAME     "any"	       /* accepts every certificate of the CA */
#define KEY_FILE_MAX 1024	       /* bytes of a file with one key in hex */
#define KEYLOG_LINE  256
/* Another handshake repeats its flights at once, an old one after 16, 32, 60 seconds. */
#define CLIENT_HANDSHAKE (30 * DS_SECOND)

/* Variables as messages name them */
#define VAR_KEYLOG	 "DTLSSHIM_KEYLOG (--keylog)"
#define VAR_CERT	 "DTLSSHIM_CERT (--cert)"
#define VAR_KEY		 "DTLSSHIM_KEY (--key)"
#define VAR_CA		 "DTLSSHIM_CA (--ca)"
#define VAR_CRL		 "DTLSSHIM_CRL (--crl)"
#define VAR_DENY	 "DTLSSHIM_DENY (--deny)"
#define VAR_SERVER_NAME	 "DTLSSHIM_SERVER_NAME (--server-name)"
#define VAR_CLIENT_AUTH	 "DTLSSHIM_CLIENT_AUTH (--client-auth)"
#define VAR_PSK_KEY_FILE "DTLSSHIM_PSK_KEY_FILE (--psk-key-file)"
#define VAR_PSK_IDENTITY "DTLSSHIM_PSK_IDENTITY (--psk-identity)"

static uint64_t junk_spent; /* by all engines of this process */

static void *arena_alloc(void *ctx, size_t size)
{
	(void)ctx;
	return host_arena_alloc(size);
}

static void arena_release(void *ctx, void *p, size_t size)
{
	(void)ctx;
	host_arena_free(p, size);
}

static int64_t wall_clock(void *ctx)
{
	(void)ctx;
	return time(NULL);
}

static atomic_int keylog_fd = -1;

static void keylog_line(void *ctx, const char *line)
{
	char text[KEYLOG_LINE];
	struct host_text t = host_text_start(text, sizeof(text));

	(void)ctx;
	host_text_add(&t, "%s\n", line);
	host_log_put(&keylog_fd, text, t.len);
	explicit_bzero(text, sizeof(text));
}

static int keylog_setup(struct ds_config *cfg, const char *path, char *why)
{
	long fd = atomic_load(&keylog_fd);

	if (!path)
		return 0;
	if (fd < 0) {
		fd = host_sys6(SYS_openat, AT_FDCWD, path,
			       O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW,
			       0600, 0, 0);
		if (fd >= 0)
			fd = host_fd_keep((int)fd);
		if (fd < 0)
			return host_why(why, VAR_KEYLOG ": %s: %s", path,
					strerrordesc_np((int)-fd));
		atomic_store(&keylog_fd, (int)fd);
	}
	cfg->keylog = keylog_line;
	host_log(HOST_LOG_WARN,
		 "event=keylog UNSAFE: keys of all sessions are written to %s; whoever reads "
		 "that file reads the traffic",
		 path);
	return 0;
}

static bool has(const void *data, size_t len, const char *text)
{
	return data && memmem(data, len, text, strlen(text));
}

static uint8_t *read_public(const char *path, size_t max, size_t *len, char *why)
{
	struct stat st;
	int fd = host_file_open(AT_FDCWD, path, &st, why);
	uint8_t *text;

	if (fd < 0)
		return NULL;
	text = host_file_read(fd, path, max, len, why);
	host_sys3(SYS_close, fd, 0, 0);
	return text;
}

/* Reads the file of option @var.  *@size: to be freed; *@len: of the content. */
static int read_whole(const char *var, const char *path, void **out, size_t *size, size_t *len,
		      char *why)
{
	char trouble[DS_WHY_MAX];

	*out = !strcmp(var, VAR_KEY) ? host_file_secret(path, FILE_MAX, len, trouble)
				     : read_public(path, FILE_MAX, len, trouble);
	if (!*out)
		return host_why(why, "%s: %s", var, trouble);
	*size = *len + 1;
	return 0;
}

/* Reads a PEM or DER file of option @var.  *@use is what the engine is told: with the NUL for
 * PEM, which is how the parser tells the two apart. */
static int read_pem(const char *var, const char *path, void **out, size_t *size, size_t *use,
		    char *why)
{
	size_t len = 0;

	if (read_whole(var, path, out, size, &len, why))
		return -1;
	if (!len)
		return host_why(why, "%s: %s is empty", var, path);
	*use = has(*out, len, "-----BEGIN ") ? len + 1 : len;
	if (has(*out, len, "-----BEGIN PUBLIC KEY"))
		return host_why(why,
				"%s: %s holds a raw public key (RFC 7250), which this version does "
				"not have; give a certificate",
				var, path);
	if (has(*out, len, "-----BEGIN ENCRYPTED") || has(*out, len, "Proc-Type: 4,ENCRYPTED"))
		return host_why(
			why,
			"%s: %s is protected by a passphrase, which nobody could type here; "
			"openssl pkey -in %s writes it without",
			var, path, path);
	return 0;
}

/* A certificate that is out of date is used all the same, because some peers do not look at dates.
 * One that cannot be read is refused by the engine. */
static void warn_if_out_of_date(const char *path, const void *pem, size_t len)
{
	mbedtls_x509_crt crt;
	const mbedtls_x509_time *t = &crt.valid_to;
	bool past, future;

	mbedtls_x509_crt_init(&crt);
	if (!mbedtls_x509_crt_parse(&crt, pem, len)) {
		past = mbedtls_x509_time_is_past(t);
		future = !past && mbedtls_x509_time_is_future(&crt.valid_from);
		if (future)
			t = &crt.valid_from;
		if (past || future)
			host_log(HOST_LOG_WARN,
				 "event=certificate_date file=%s %s %04d-%02d-%02d, by this "
				 "machine's clock: peers will refuse this certificate",
				 path, past ? "expired on" : "not valid before", t->year, t->mon,
				 t->day);
	}
	mbedtls_x509_crt_free(&crt);
}

/* Said when it is read, because a handshake that fails for it tells of one certificate only. */
static void warn_if_list_is_old(const char *path, const void *data, size_t len)
{
	mbedtls_x509_crl crl;

	mbedtls_x509_crl_init(&crl);
	if (!mbedtls_x509_crl_parse(&crl, data, len))
		for (const mbedtls_x509_crl *c = &crl; c; c = c->next)
			if (mbedtls_x509_time_is_past(&c->next_update))
				host_log(
					HOST_LOG_WARN,
					"event=crl_date file=%s the next list was due on "
					"%04d-%02d-%02d, by this machine's clock: no certificate of "
					"its authority is accepted before there is a newer one",
					path, c->next_update.year, c->next_update.mon,
					c->next_update.day);
	mbedtls_x509_crl_free(&crl);
}

static int read_certificates(struct ds_config *cfg, struct host_files *files,
			     const struct host_options *o, char *why)
{
	if (o->cert && !o->key)
		return host_why(why, VAR_CERT
				" is set but " VAR_KEY " is not: "
				"give the file with the private key of the certificate too");
	if (o->key && !o->cert)
		return host_why(why, VAR_KEY " is set but " VAR_CERT " is not: "
					     "give the certificate of that key too");
	if (o->crl && !o->ca)
		return host_why(why, VAR_CRL " is set but " VAR_CA
					     " is not: give the certificates of the "
					     "authorities whose lists these are");
	if (!files)
		return 0;
	if (o->cert &&
	    read_pem(VAR_CERT, o->cert, &files->cert, &files->cert_size, &cfg->cert_len, why))
		return -1;
	if (o->key && read_pem(VAR_KEY, o->key, &files->key, &files->key_size, &cfg->key_len, why))
		return -1;
	if (o->ca && read_pem(VAR_CA, o->ca, &files->ca, &files->ca_size, &cfg->ca_len, why))
		return -1;
	if (o->crl && read_pem(VAR_CRL, o->crl, &files->crl, &files->crl_size, &cfg->crl_len, why))
		return -1;
	if (o->deny &&
	    read_whole(VAR_DENY, o->deny, &files->deny, &files->deny_size, &cfg->deny_len, why))
		return -1;
	if (o->cert)
		warn_if_out_of_date(o->cert, files->cert, cfg->cert_len);
	if (o->crl)
		warn_if_list_is_old(o->crl, files->crl, cfg->crl_len);
	cfg->cert_name = o->cert;
	cfg->key_name = o->key;
	cfg->ca_name = o->ca;
	cfg->crl_name = o->crl;
	cfg->deny_name = o->deny;
	cfg->cert = files->cert;
	cfg->key = files->key;
	cfg->ca = files->ca;
	cfg->crl = files->crl;
	cfg->deny = files->deny;
	return 0;
}

static int set_server(struct ds_config *cfg, const struct host_options *o, char *why)
{
	bool both = o->role == HOST_ROLE_BOTH; /* what is a client's is no mistake */

	cfg->psk = o->psk_csv || o->psk_cmd || o->psk_rest;
	if (!cfg->psk && !o->cert && !o->key)
		return host_why(why, "no keys: set DTLSSHIM_PSK_CSV, DTLSSHIM_PSK_CMD or "
				     "DTLSSHIM_PSK_REST (--psk-csv, --psk-cmd, --psk-rest) for "
				     "pre-shared keys, or DTLSSHIM_CERT and DTLSSHIM_KEY (--cert, "
				     "--key)");
	if (o->ca && !o->cert && !both)
		return host_why(why,
				VAR_CA " is set but " VAR_CERT " is not: clients are asked for "
				       "certificates only by a server that has one");
	if (o->client_auth != HOST_UNSET && o->client_auth != DS_CLIENT_AUTH_NONE && !o->ca)
		return host_why(why, VAR_CLIENT_AUTH " needs " VAR_CA ": the certificates that "
						     "clients' certificates are checked against");
	if ((o->psk_identity || o->psk_hex_file || o->server_name) && !both)
		return host_why(why,
				"DTLSSHIM_PSK_IDENTITY, _PSK_KEY_FILE and _SERVER_NAME are for "
				"DTLSSHIM_ROLE=client; a server's keys come from "
				"DTLSSHIM_PSK_CSV");
	cfg->client_auth = o->client_auth;
	if (o->client_auth == HOST_UNSET)
		cfg->client_auth = o->ca && o->cert ? DS_CLIENT_AUTH_REQUIRED : DS_CLIENT_AUTH_NONE;
	return 0;
}

/* The one key of a client, from a file in hex. */
static int read_client_key(struct ds_config *cfg, const char *path, char *why)
{
	const char *var = VAR_PSK_KEY_FILE;
	char trouble[DS_WHY_MAX];
	size_t len, n;
	long got;
	uint8_t *text = host_file_secret(path, KEY_FILE_MAX, &len, trouble);

	if (!text)
		return host_why(why, "%s: %s", var, trouble);
	for (n = len; n && strchr(" \t\r\n", text[n - 1]);)
		n--;
	got = host_hex_parse(cfg->psk_key, sizeof(cfg->psk_key), (const char *)text, n);
	host_arena_free(text, len + 1);
	if (got <= 0)
		return host_why(why, "%s: %s: a key of 1 to %d bytes in hex is expected", var, path,
				DS_PSK_MAX);
	cfg->psk_key_len = (size_t)got;
	return 0;
}

/* The key of a client's identity, from the file a server would have. */
static int find_client_key(struct ds_config *cfg, const struct host_options *o, char *why)
{
	struct host_keys *keys;
	struct host_key key;
	enum host_keys_result r;
	char shown[80];
	struct host_text t = host_text_start(shown, sizeof(shown));

	if (host_keys_open(&keys, o, why))
		return -1;
	r = host_keys_find(keys, cfg->psk_identity, cfg->psk_identity_len, NULL, 0, &key,
			   host_now());
	host_keys_close(keys);
	host_text_quote(&t, cfg->psk_identity, cfg->psk_identity_len);
	if (r != HOST_KEY_FOUND)
		return host_why(why, VAR_PSK_IDENTITY ": %s is not in %s", shown, o->psk_csv);
	memcpy(cfg->psk_key, key.bytes, key.len);
	cfg->psk_key_len = key.len;
	explicit_bzero(&key, sizeof(key));
	return 0;
}

/* @key: the key is wanted, too. */
static int set_client(struct ds_config *cfg, const struct host_options *o, bool key, char *why)
{
	size_t len = o->psk_identity ? strlen(o->psk_identity) : 0;

	cfg->server_name = o->server_name && strcmp(o->server_name, ANY_NAME) ? o->server_name
									      : NULL;
	/* A file of keys may be there for the server alone */
	if (!o->psk_identity !=
	    !(o->psk_hex_file || (o->psk_csv && (o->psk_identity || o->role != HOST_ROLE_BOTH))))
		return host_why(
			why, "DTLSSHIM_PSK_IDENTITY and DTLSSHIM_PSK_KEY_FILE or "
			     "DTLSSHIM_PSK_CSV (--psk-identity, --psk-key-file, --psk-csv) belong "
			     "together: set both");
	if (!o->psk_identity && !o->ca)
		return host_why(why, "no keys: a client needs DTLSSHIM_PSK_IDENTITY and "
				     "DTLSSHIM_PSK_KEY_FILE, or DTLSSHIM_CA to check the server's "
				     "certificate");
	/* A device with a certificate of the same CA could be the server otherwise */
	if (o->ca && !o->server_name)
		return host_why(why, VAR_CA
				" is set but " VAR_SERVER_NAME " is not: give the name or the "
				"address that the server's certificate carries, or " ANY_NAME
				" to accept every certificate of that CA");
	if (len > DS_IDENTITY_MAX)
		return host_why(why, VAR_PSK_IDENTITY ": %zu bytes, at most %d", len,
				DS_IDENTITY_MAX);
	if (!o->psk_identity)
		return 0;
	cfg->psk = true;
	if (!key)
		return 0;
	cfg->psk_identity_len = len;
	memcpy(cfg->psk_identity, o->psk_identity, len);
	return o->psk_hex_file ? read_client_key(cfg, o->psk_hex_file, why)
			       : find_client_key(cfg, o, why);
}

static void set_numbers(struct ds_config *cfg, const struct host_options *o)
{
	memcpy(cfg->suites, o->ciphersuites, sizeof(cfg->suites));
	if (o->cid_length != HOST_UNSET)
		cfg->cid_length = (uint8_t)o->cid_length;
	else if (cfg->role == DS_CLIENT)
		cfg->cid_length = 0; /* only the server sends to it: a CID would be waste */
	cfg->mtu = (uint16_t)o->mtu;
	if (o->handshake_timeout != HOST_UNSET)
		cfg->handshake_timeout = o->handshake_timeout * DS_SECOND;
	else if (cfg->role == DS_CLIENT)
		cfg->handshake_timeout = CLIENT_HANDSHAKE;
	cfg->idle = o->idle_timeout * DS_SECOND;
	cfg->answer = o->answer_timeout * DS_SECOND;
	cfg->max_age = o->max_age * DS_SECOND;
	cfg->max_sessions = o->max_sessions;
	cfg->max_per_identity = o->max_per_identity;
	cfg->lookup_rate = o->lookup_rate;
	cfg->max_handshakes = o->max_handshakes;
	cfg->rebind = o->rebind;
	cfg->rrc = o->rrc;
	cfg->peer_address = o->peer_address;
	cfg->one_per_identity = o->replace_identity;
	cfg->require_ems = o->require_ems;
}

/* Once, while there is one thread, and before the shim's constructor makes an engine: what Mbed TLS
 * had from libc would be in forked children and core files. */
__attribute__((constructor(101))) static void use_arena(void)
{
	mbedtls_platform_set_calloc_free(host_arena_calloc, host_arena_cfree);
}

static int make(struct ds_config *cfg, struct host_files *files, const struct host_options *o,
		enum ds_role role, bool key, char *why)
{
	int err;

	if (files)
		memset(files, 0, sizeof(*files));
	ds_config_init(cfg);
	cfg->junk_spent = &junk_spent;
	cfg->alloc = arena_alloc;
	cfg->release = arena_release;
	cfg->random = host_random;
	cfg->wall = wall_clock;
	cfg->role = role;
	set_numbers(cfg, o);
	err = role == DS_CLIENT ? set_client(cfg, o, key, why) : set_server(cfg, o, why);
	if (!err)
		err = read_certificates(cfg, files, o, why);
	if (!err && files)
		err = keylog_setup(cfg, o->keylog, why);
	if (err && files)
		host_files_free(files);
	if (err)
		explicit_bzero(cfg, sizeof(*cfg));
	return err;
}

int host_config_make_as(struct ds_config *cfg, struct host_files *files,
			const struct host_options *o, enum ds_role role,
			char why[static DS_WHY_MAX])
{
	return make(cfg, files, o, role, true, why);
}

int host_config_reread(struct ds_config *cfg, struct host_files *files,
		       const struct host_options *o, enum ds_role role, char why[static DS_WHY_MAX])
{
	return make(cfg, files, o, role, false, why);
}

void host_files_free(struct host_files *files)
{
	host_arena_free(files->cert, files->cert_size);
	host_arena_free(files->key, files->key_size);
	host_arena_free(files->ca, files->ca_size);
	host_arena_free(files->crl, files->crl_size);
	host_arena_free(files->deny, files->deny_size);
	memset(files, 0, sizeof(*files));
}
