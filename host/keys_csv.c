/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keys_csv.c - a CSV file as a table in memory
 *
 * The rules are those of Go's encoding/csv, which EUB's dtls_proxy uses: comma, double quotes
 * (RFC 4180), LF or CRLF, blank lines skipped, spaces kept, no comments, as many fields in every
 * line as in the first; fields after the second are ignored, and the last line of an identity
 * counts.  libcsv in strict mode does that when told that no character is a space.
 *
 * The bytes of a file are read at once, so that it is one state of the file that is made into a table;
 * that takes ten times as long and can be done in turns.
 */
#include <csv.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "host/arena.h"
#include "host/file.h"
#include "host/keys_impl.h"
#include "host/log.h"
#include "host/sys.h"
#include "host/text.h"

#define CSV_FILE_MAX  ((size_t)1 << 30)
#define CSV_FIELD_MAX 65536 /* bytes; libcsv takes them at once and never more */
#define SHORT_KEY     16    /* bytes; shorter ones can be guessed some day: warned about */
#define LINES	      64    /* between two looks at the clock */

/**
 * struct key_reader - a file that is made into a set
 * @at:		how far in @text that has come
 * @why:	where the first mistake is told
 * @fields:	of the first line
 */
struct key_reader {
	struct csv_parser parser;
	struct key_set *set;
	const char *path;
	uint8_t *text;
	size_t len, at;
	char *why;
	bool failed;
	size_t line, field, fields;
	size_t identity_len, key_len;
	uint8_t identity[DS_IDENTITY_MAX], key[DS_PSK_MAX];
};

static struct key_entry entry_at(const struct key_set *set, uint32_t slot)
{
	const uint8_t *p = set->pool + slot - 1;

	return (struct key_entry){
		.identity = p + 2, .identity_len = p[0], .key = p + 2 + p[0], .key_len = p[1]};
}

/* The slot of an identity, or the free one where it belongs. */
static uint32_t *slot_of(const struct key_set *set, const uint8_t *identity, size_t len)
{
	size_t i = XXH3_64bits_withSeed(identity, len, set->seed) & (set->n_slots - 1);

	for (; set->slots[i]; i = (i + 1) & (set->n_slots - 1)) {
		struct key_entry e = entry_at(set, set->slots[i]);

		if (e.identity_len == len && !memcmp(e.identity, identity, len))
			break;
	}
	return &set->slots[i];
}

bool host_key_set_find(const struct key_set *set, const uint8_t *identity, size_t len,
		       struct key_entry *out)
{
	uint32_t slot = *slot_of(set, identity, len);

	if (slot)
		*out = entry_at(set, slot);
	return slot;
}

bool host_key_set_next(const struct key_set *set, size_t *at, struct key_entry *out)
{
	while (*at < set->n_slots) {
		uint32_t slot = set->slots[(*at)++];

		if (slot) {
			*out = entry_at(set, slot);
			return true;
		}
	}
	return false;
}

/* The first mistake counts.  Never says what a field holds: it may be a key in the wrong column. */
static void refuse(struct key_reader *r, const char *trouble)
{
	if (!r->failed)
		host_why(r->why, "%s:%zu: %s", r->path, r->line, trouble);
	r->failed = true;
}

static void take_identity(struct key_reader *r, const uint8_t *text, size_t len)
{
	if (!len)
		refuse(r, "empty identity");
	else if (len > DS_IDENTITY_MAX)
		refuse(r, "identity of more than 128 bytes");
	else if (memchr(text, 0, len))
		refuse(r, "NUL byte in the identity");
	else
		memcpy(r->identity, text, len);
	r->identity_len = len;
}

static void take_key(struct key_reader *r, const void *text, size_t len)
{
	long n = host_hex_parse(r->key, sizeof(r->key), text, len);

	if (n == -1)
		refuse(r, "the key is not hexadecimal (identity,hexkey is expected in every line; "
			  "no header, no spaces)");
	else if (n == -2)
		refuse(r, "odd number of hex digits in the key");
	else if (n == -3)
		refuse(r, "key of more than 64 bytes");
	else if (n == 0)
		refuse(r, "empty key");
	else
		r->key_len = (size_t)n;
}

static void on_field(void *text, size_t len, void *ctx)
{
	struct key_reader *r = ctx;

	if (r->failed)
		return;
	if (r->field == 0)
		take_identity(r, text, len);
	else if (r->field == 1)
		take_key(r, text, len);
	r->field++;
}

/* There is room: see setup(). */
static void add(struct key_reader *r)
{
	struct key_set *set = r->set;
	uint32_t *slot = slot_of(set, r->identity, r->identity_len);
	uint8_t *p = set->pool + set->pool_len;

	if (*slot && !set->n_twice++)
		set->twice_line = r->line;
	set->n += !*slot;
	*slot = (uint32_t)set->pool_len + 1;
	p[0] = (uint8_t)r->identity_len;
	p[1] = (uint8_t)r->key_len;
	memcpy(p + 2, r->identity, r->identity_len);
	memcpy(p + 2 + r->identity_len, r->key, r->key_len);
	set->pool_len += 2 + r->identity_len + r->key_len;
}

static void on_row(int end, void *ctx)
{
	struct key_reader *r = ctx;

	(void)end;
	if (r->failed)
		return;
	if (r->field < 2)
		refuse(r, "no key: identity,hexkey is expected");
	else if (r->fields && r->field != r->fields)
		refuse(r, "not as many fields as in the first line");
	if (r->failed)
		return;
	r->fields = r->field;
	r->field = 0;
	if (r->key_len < SHORT_KEY && !r->set->n_short++)
		r->set->short_line = r->line;
	add(r);
}

static int no_space(unsigned char c)
{
	(void)c;
	return 0;
}

/* libcsv asks for CSV_FIELD_MAX bytes at first, and for more only if a field is longer. */
static void *field_buffer(void *p, size_t size)
{
	return p ? NULL : host_arena_calloc(1, size);
}

/* Bytes of the line at @text with its end: LF, CRLF or CR. */
static size_t line_length(const uint8_t *text, size_t len)
{
	size_t n = 0;

	while (n < len && text[n] != '\n' && text[n] != '\r')
		n++;
	if (n + 1 < len && text[n] == '\r' && text[n + 1] == '\n')
		n++;
	return n < len ? n + 1 : len;
}

static void open_parser(struct csv_parser *p)
{
	csv_init(p, CSV_STRICT | CSV_STRICT_FINI);
	csv_set_space_func(p, no_space);
	csv_set_realloc_func(p, field_buffer);
	csv_set_free_func(p, host_arena_cfree);
	csv_set_blk_size(p, CSV_FIELD_MAX);
}

/* Line by line, so that a mistake has a line number. */
static void parse_line(struct key_reader *r)
{
	size_t n = line_length(r->text + r->at, r->len - r->at);

	r->line++;
	if (csv_parse(&r->parser, r->text + r->at, n, on_field, on_row, r) != n)
		refuse(r, csv_error(&r->parser) == CSV_EPARSE ? "quote in the wrong place"
							      : "field of more than 64 kB");
	r->at += n;
}

/* Room for every line: an entry never takes more than its line, as its hex key shrinks by half. */
static int setup(struct key_set *set, const uint8_t *text, size_t len)
{
	XXH128_hash_t digest = XXH3_128bits(text, len);
	size_t lines = 1;

	for (size_t i = 0; i < len; i++)
		lines += text[i] == '\n' || text[i] == '\r';
	for (set->n_slots = 16; set->n_slots < 2 * lines;)
		set->n_slots *= 2;
	set->digest[0] = digest.low64;
	set->digest[1] = digest.high64;
	set->whole = len && (text[len - 1] == '\n' || text[len - 1] == '\r');
	set->pool_size = len + 2;
	set->pool = host_arena_alloc(set->pool_size);
	set->slots = host_arena_alloc(set->n_slots * sizeof(*set->slots));
	if (!set->pool || !set->slots)
		return -1;
	return host_sys3(SYS_getrandom, &set->seed, sizeof(set->seed), 0) < 0 ? -1 : 0;
}

struct key_reader *host_key_reader_new(int fd, const char *path, char *why)
{
	struct key_reader *r = host_arena_alloc(sizeof(*r));

	if (!r) {
		host_why(why, "%s: out of memory", path);
		return NULL;
	}
	r->path = path;
	open_parser(&r->parser);
	r->text = host_file_read(fd, path, CSV_FILE_MAX, &r->len, why);
	if (r->text) {
		r->set = host_arena_alloc(sizeof(*r->set));
		if (r->set && !setup(r->set, r->text, r->len)) {
			r->at = r->len >= 3 && !memcmp(r->text, "\xef\xbb\xbf", 3) ? 3 : 0;
			return r;
		}
		host_why(why, "%s: out of memory", path);
	}
	host_key_reader_free(r);
	return NULL;
}

size_t host_key_reader_left(const struct key_reader *r)
{
	return r->len - r->at;
}

int host_key_reader_run(struct key_reader *r, struct key_set **out, ds_time until, char *why)
{
	r->why = why;
	while (r->at < r->len && !r->failed) {
		parse_line(r);
		if (r->line % LINES == 0 && host_now() >= until)
			return 1;
	}
	if (!r->failed && csv_fini(&r->parser, on_field, on_row, r))
		refuse(r, "a quote is not closed");
	if (r->failed)
		return -1;
	*out = r->set;
	r->set = NULL;
	return 0;
}

void host_key_reader_free(struct key_reader *r)
{
	if (!r)
		return;
	csv_free(&r->parser);
	host_arena_free(r->text, r->len + 1);
	host_key_set_free(r->set);
	host_arena_free(r, sizeof(*r));
}

void host_key_set_warn(const struct key_set *set, const char *path)
{
	if (set->n_short)
		host_log(HOST_LOG_WARN,
			 "event=keys_short file=%s line=%zu keys=%zu shorter than %d bytes: an "
			 "attacker who recorded a handshake can try them all",
			 path, set->short_line, set->n_short, SHORT_KEY);
	if (set->n_twice)
		host_log(HOST_LOG_WARN,
			 "event=keys_twice file=%s line=%zu identities=%zu stand there more than "
			 "once: the last line counts",
			 path, set->twice_line, set->n_twice);
}

void host_key_set_free(struct key_set *set)
{
	if (!set)
		return;
	host_arena_free(set->pool, set->pool_size);
	host_arena_free(set->slots, set->n_slots * sizeof(*set->slots));
	host_arena_free(set, sizeof(*set));
}
