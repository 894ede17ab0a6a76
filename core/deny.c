/* SPDX-License-Identifier: Apache-2.0 */
/*
 * deny.c - see deny.h
 *
 * The list is a set of hashes, because a million sessions may have to be looked up in it, and because
 * a session keeps five bytes of its certificate's serial number and no more.  Two serial numbers with
 * the same five bytes would be a chance of one in 2^40; what it would cost is a session.
 */
#include "core/deny.h"

#include <stdio.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#define SERIAL_MAX 64 /* bytes; RFC 5280 allows 20 */

enum kind { IDENTITY, SUBJECT, SERIAL };

/* @slots: open addressing, 0 = free; @mask: their number - 1 */
struct ds_deny {
	size_t mask;
	uint64_t slots[];
};

static uint64_t hash(enum kind kind, const void *p, size_t len)
{
	uint64_t h = XXH3_64bits_withSeed(p, len, kind);

	return h ? h : 1;
}

static bool is_in(const struct ds_deny *d, uint64_t h, size_t *at)
{
	for (*at = h & d->mask; d->slots[*at]; *at = (*at + 1) & d->mask)
		if (d->slots[*at] == h)
			return true;
	return false;
}

void ds_serial_tag(const uint8_t *serial, size_t len, uint8_t tag[static DS_SERIAL_TAG])
{
	uint64_t h;

	for (; len && !*serial; len--) /* a sign, not a digit */
		serial++;
	h = XXH3_64bits(serial, len);
	memcpy(tag, &h, DS_SERIAL_TAG);
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Takes digits from the right, so that an odd number of them means the same as with a 0 before. */
static bool parse_serial(const char *text, size_t len, uint8_t tag[static DS_SERIAL_TAG])
{
	uint8_t serial[SERIAL_MAX] = {0};
	size_t n = 0;

	while (len--) {
		int d = digit(text[len]);

		if (text[len] == ':')
			continue;
		if (d < 0 || n == 2 * sizeof(serial))
			return false;
		serial[sizeof(serial) - 1 - n / 2] |= (uint8_t)(n % 2 ? d << 4 : d);
		n++;
	}
	ds_serial_tag(serial, sizeof(serial), tag);
	return n > 0;
}

/* A line without its end, and without blanks around it. */
struct line {
	const char *text;
	size_t len;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static struct line trim(struct line l)
{
	for (; l.len && is_blank(*l.text); l.len--)
		l.text++;
	while (l.len && is_blank(l.text[l.len - 1]))
		l.len--;
	return l;
}

/* Takes the next line of @rest; false at the end. */
static bool next_line(struct line *rest, struct line *out)
{
	const char *end = rest->len ? memchr(rest->text, '\n', rest->len) : NULL;
	size_t len = end ? (size_t)(end - rest->text) : rest->len;

	if (!rest->len)
		return false;
	*out = trim((struct line){rest->text, len});
	len += end ? 1 : 0;
	rest->text += len;
	rest->len -= len;
	return true;
}

static bool take_word(struct line *l, const char *word)
{
	size_t len = strlen(word);

	if (l->len <= len || memcmp(l->text, word, len) != 0)
		return false;
	*l = trim((struct line){l->text + len, l->len - len});
	return l->len > 0;
}

/* Takes the byte that a text in quotes shows next: itself, after a backslash, or as \xHH. */
static bool take_byte(struct line *l, uint8_t *out)
{
	size_t len = l->text[0] != '\\' ? 1 : l->len > 1 && l->text[1] == 'x' ? 4 : 2;

	if (l->len < len || *l->text == '"')
		return false;
	*out = (uint8_t)l->text[len - 1];
	if (len == 4) {
		int high = digit(l->text[2]), low = digit(l->text[3]);

		if (high < 0 || low < 0)
			return false;
		*out = (uint8_t)(high << 4 | low);
	}
	l->text += len;
	l->len -= len;
	return true;
}

/* The hash of a name, which may stand in quotes as in the log; 0 if that goes wrong. */
static uint64_t hash_name(enum kind kind, struct line l)
{
	uint8_t name[DS_IDENTITY_MAX];
	size_t n = 0;

	if (*l.text != '"')
		return hash(kind, l.text, l.len);
	l.text++, l.len--;
	while (l.len > 1 && n < sizeof(name) && take_byte(&l, &name[n]))
		n++;
	return n && l.len == 1 && *l.text == '"' ? hash(kind, name, n) : 0;
}

/* The hash of an entry, 0 if it is none. */
static uint64_t parse(struct line l)
{
	uint8_t tag[DS_SERIAL_TAG];

	if (take_word(&l, "id:"))
		return hash_name(IDENTITY, l);
	if (take_word(&l, "subject:"))
		return hash_name(SUBJECT, l);
	if (take_word(&l, "serial:") && parse_serial(l.text, l.len, tag))
		return hash(SERIAL, tag, sizeof(tag));
	return 0;
}

static int fill(struct ds_deny *d, const struct ds_config *cfg, char *why)
{
	struct line rest = {(const char *)cfg->deny, cfg->deny_len}, l;

	for (size_t number = 1; next_line(&rest, &l); number++) {
		uint64_t h;
		size_t at;

		if (!l.len || *l.text == '#')
			continue;
		h = parse(l);
		if (!h) {
			(void)snprintf(
				why, DS_WHY_MAX,
				"%s:%zu: id:IDENTITY, subject:NAME or serial:HEX is expected",
				cfg->deny_name ? cfg->deny_name : "deny list", number);
			return DS_E_CONFIG;
		}
		if (!is_in(d, h, &at))
			d->slots[at] = h;
	}
	return 0;
}

static size_t size_of(const struct ds_deny *d)
{
	return sizeof(*d) + (d->mask + 1) * sizeof(d->slots[0]);
}

int ds_deny_new(struct ds_deny **out, const struct ds_config *cfg, char why[static DS_WHY_MAX])
{
	struct ds_deny head = {.mask = 15};
	struct line rest = {(const char *)cfg->deny, cfg->deny_len}, l;
	int err;

	for (size_t n = 1; next_line(&rest, &l); n++) /* at most half of the slots are used */
		if (2 * n > head.mask)
			head.mask = 2 * head.mask + 1;
	*out = cfg->alloc(cfg->ctx, size_of(&head));
	if (!*out)
		return DS_E_NOMEM;
	(*out)->mask = head.mask;
	err = fill(*out, cfg, why);
	if (err) {
		ds_deny_free(*out, cfg);
		*out = NULL;
	}
	return err;
}

void ds_deny_free(struct ds_deny *d, const struct ds_config *cfg)
{
	if (d)
		cfg->release(cfg->ctx, d, size_of(d));
}

bool ds_deny_has(const struct ds_deny *d, const struct ds_deny_peer *peer)
{
	size_t at;

	if (!d)
		return false;
	if (is_in(d, hash(peer->by_cert ? SUBJECT : IDENTITY, peer->identity, peer->len), &at))
		return true;
	return peer->by_cert && is_in(d, hash(SERIAL, peer->serial, DS_SERIAL_TAG), &at);
}
