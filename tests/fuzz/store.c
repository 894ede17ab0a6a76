/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store.c - fuzz target: a state file and the lines that belong to it, whatever is in them
 *
 * The mode says how the input is taken: as it is, or sealed with the right key, so that what is behind
 * the seal is reached, too.  Afterwards the engine lives on.  The seeds are what an engine wrote.
 */
#include "tests/fuzz/fuzz.h"

#include "core/engine_impl.h"
#include "core/store.h"

/* Makes an image with the plain text @image and the id of its line authentic. */
static void seal_image(uint32_t slot, const uint8_t line[8], uint8_t image[static DS_STORE_IMAGE])
{
	struct ds_aead aead;
	static const struct ds_suite suite = {.alg = DS_AES_GCM, .key_len = 32, .tag_len = 16};
	_Alignas(64) uint8_t key[8192];
	uint8_t aad[44] = "dtlsshim\1\0\0\0\2";

	ds_aead_setup_portable(&aead, &fuzz_cfg);
	if (aead.ops->key_size(&suite) > sizeof(key) ||
	    aead.ops->expand(&aead, &suite, fuzz_state_key, key))
		abort();
	memcpy(image, line, 8);
	aad[16] = (uint8_t)slot;
	memcpy(aad + 36, image, 8);
	if (aead.ops->seal(&aead, &suite, key,
			   &(struct ds_aead_op){image + 8, aad, sizeof(aad), image + 36,
						DS_STORE_IMAGE - 36, image + 36},
			   image + 20))
		abort();
	aead.ops->wipe(&suite, key);
}

/* Opens the header, which may be anything, and then makes a good one: the file's id is zero. */
static void open_header(struct ds_store *st, const uint8_t header[static DS_STORE_HEADER])
{
	uint8_t good[DS_STORE_HEADER];
	struct ds_store_header h = {0};

	(void)ds_store_header_open(st, header, &h);
	memset(&h, 0, sizeof(h));
	if (ds_store_header_seal(st, &h, good) || ds_store_header_open(st, good, &h))
		abort();
}

static void restore(struct ds_engine *e, struct fuzz_store *in, const struct ds_restore *how)
{
	uint32_t order[FUZZ_SLOTS];

	ds_engine_keep(e, FUZZ_SLOTS, order);
	for (uint32_t i = 0; i < FUZZ_SLOTS; i++) {
		uint32_t slot = order[i];

		if (in->mode & FUZZ_PLAIN)
			seal_image(slot, in->lines[slot - 1], in->images[slot - 1]);
		(void)ds_engine_restore(e, slot, in->images[slot - 1], how, FUZZ_NOW);
	}
	ds_engine_restored(e);
	if (ds_engine_sessions(e) != ds_engine_stats(e)->store_restored)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_Alignas(DS_STORE_LINE) uint8_t lines[FUZZ_SLOTS + 1][DS_STORE_LINE] = {{0}};
	uint8_t image[DS_STORE_IMAGE];
	struct ds_engine *e = fuzz_engine();
	struct ds_restore how = {0};
	struct fuzz_store in;
	struct ds_store *st;
	uint32_t slot;

	if (ds_store_new(&st, &fuzz_cfg, fuzz_state_key))
		abort();
	fuzz_fill(&data, &size, &in, sizeof(in));
	open_header(st, in.header);
	how.leap = in.mode & FUZZ_LEAP;
	how.wall = FUZZ_WALL;
	how.max_age = in.mode & FUZZ_AGE ? 100 : 0;
	memcpy(lines[1], in.lines, sizeof(in.lines));
	ds_engine_store(e, st, lines, FUZZ_SLOTS, FUZZ_WALL);
	restore(e, &in, &how);
	fuzz_live(e, data, size);
	while (ds_engine_image(e, &slot, image))
		continue;
	ds_engine_free(e);
	ds_store_free(st);
	return 0;
}
