/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keys_csv.c - a CSV file as a table in memory
 *
 * The rules are those of Go's encoding/csv, which EUB's dtls_proxy uses: comma, double quotes
 * (RFC 4180), LF or CRLF, blank lines skipped, spaces kept, no comments, as many fields in every
 * line as in the first; fields after the second are ignored, and the last line of an identity
 * counts.  libcsv in strict mode does that when told that no character is a space.
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

struct loader {
	struct key_set *set;
	const char *path;
	char *why;
	bool failed;
	size_t line, field, fields; /* fields: of the first line */
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
static void refuse(struct loader *l, const char *trouble)
{
	if (!l->failed)
		host_why(l->why, "%s:%zu: %s", l->path, l->line, trouble);
	l->failed = true;
}

static void take_identity(struct loader *l, const uint8_t *text, size_t len)
{
	if (!len)
		refuse(l, "empty identity");
	else if (len > DS_IDENTITY_MAX)
		refuse(l, "identity of more than 128 bytes");
	else if (memchr(text, 0, len))
		refuse(l, "NUL byte in the identity");
	else
		memcpy(l->identity, text, len);
	l->identity_len = len;
}

static void take_key(struct loader *l, const void *text, size_t len)
{
	long n = host_hex_parse(l->key, sizeof(l->key), text, len);

	if (n == -1)
		refuse(l, "the key is not hexadecimal (identity,hexkey is expected in every line; "
			  "no header, no spaces)");
	else if (n == -2)
		refuse(l, "odd number of hex digits in the key");
	else if (n == -3)
		refuse(l, "key of more than 64 bytes");
	else if (n == 0)
		refuse(l, "empty key");
	else
		l->key_len = (size_t)n;
}

static void on_field(void *text, size_t len, void *ctx)
{
	struct loader *l = ctx;

	if (l->failed)
		return;
	if (l->field == 0)
		take_identity(l, text, len);
	else if (l->field == 1)
		take_key(l, text, len);
	l->field++;
}

/* There is room: see setup(). */
static void add(struct loader *l)
{
	struct key_set *set = l->set;
	uint32_t *slot = slot_of(set, l->identity, l->identity_len);
	uint8_t *p = set->pool + set->pool_len;

	if (*slot && !set->n_twice++)
		set->twice_line = l->line;
	set->n += !*slot;
	*slot = (uint32_t)set->pool_len + 1;
	p[0] = (uint8_t)l->identity_len;
	p[1] = (uint8_t)l->key_len;
	memcpy(p + 2, l->identity, l->identity_len);
	memcpy(p + 2 + l->identity_len, l->key, l->key_len);
	set->pool_len += 2 + l->identity_len + l->key_len;
}

static void on_row(int end, void *ctx)
{
	struct loader *l = ctx;

	(void)end;
	if (l->failed)
		return;
	if (l->field < 2)
		refuse(l, "no key: identity,hexkey is expected");
	else if (l->fields && l->field != l->fields)
		refuse(l, "not as many fields as in the first line");
	if (l->failed)
		return;
	l->fields = l->field;
	l->field = 0;
	if (l->key_len < SHORT_KEY && !l->set->n_short++)
		l->set->short_line = l->line;
	add(l);
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

static void parse(struct loader *l, const uint8_t *text, size_t len)
{
	struct csv_parser p;
	size_t n;

	csv_init(&p, CSV_STRICT | CSV_STRICT_FINI);
	csv_set_space_func(&p, no_space);
	csv_set_realloc_func(&p, field_buffer);
	csv_set_free_func(&p, host_arena_cfree);
	csv_set_blk_size(&p, CSV_FIELD_MAX);
	/* Line by line, so that a mistake has a line number */
	for (; len && !l->failed; text += n, len -= n) {
		l->line++;
		n = line_length(text, len);
		if (csv_parse(&p, text, n, on_field, on_row, l) != n)
			refuse(l, csv_error(&p) == CSV_EPARSE ? "quote in the wrong place"
							      : "field of more than 64 kB");
	}
	if (!l->failed && csv_fini(&p, on_field, on_row, l))
		refuse(l, "a quote is not closed");
	csv_free(&p);
}

/* Room for every line: an entry never takes more than its line, as its hex key shrinks by half. */
static int setup(struct key_set *set, const uint8_t *text, size_t len)
{
	size_t lines = 1;

	for (size_t i = 0; i < len; i++)
		lines += text[i] == '\n' || text[i] == '\r';
	for (set->n_slots = 16; set->n_slots < 2 * lines;)
		set->n_slots *= 2;
	set->pool_size = len + 2;
	set->pool = host_arena_alloc(set->pool_size);
	set->slots = host_arena_alloc(set->n_slots * sizeof(*set->slots));
	if (!set->pool || !set->slots)
		return -1;
	return host_sys3(SYS_getrandom, &set->seed, sizeof(set->seed), 0) < 0 ? -1 : 0;
}

int host_key_set_load(struct key_set **out, int fd, const char *path, char *why)
{
	struct loader l = {.path = path, .why = why};
	XXH128_hash_t digest;
	size_t len = 0, bom = 0;
	uint8_t *text = host_file_read(fd, path, CSV_FILE_MAX, &len, why);

	if (!text)
		return -1;
	l.set = host_arena_alloc(sizeof(*l.set));
	if (!l.set || setup(l.set, text, len)) {
		l.failed = true;
		host_why(why, "%s: out of memory", path);
	} else {
		digest = XXH3_128bits(text, len);
		l.set->digest[0] = digest.low64;
		l.set->digest[1] = digest.high64;
		l.set->whole = len && (text[len - 1] == '\n' || text[len - 1] == '\r');
		bom = len >= 3 && !memcmp(text, "\xef\xbb\xbf", 3) ? 3 : 0;
		parse(&l, text + bom, len - bom);
	}
	host_arena_free(text, len + 1);
	if (l.failed)
		host_key_set_free(l.set);
	explicit_bzero(&l.key, sizeof(l.key));
	*out = l.failed ? NULL : l.set;
	return l.failed ? -1 : 0;
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
