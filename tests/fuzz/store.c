/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store.c - fuzz target: a state file and the lines that belong to it, whatever is in them
 *
 * The first byte says how the input is taken: as it is, or sealed with the right key, so that what is
 * behind the seal is reached, too.  Afterwards the engine lives on.
 */
#include "tests/fuzz/fuzz.h"

#include "core/engine_impl.h"
#include "core/store.h"

#define SLOTS 3

static const uint8_t state_key[DS_STORE_KEY] = "fuzz";

/* An image with @plain inside, authentic. */
static void seal_image(struct ds_store *st, uint32_t slot, uint8_t image[static DS_STORE_IMAGE])
{
	struct ds_aead aead;
	static const struct ds_suite suite = {.alg = DS_AES_GCM, .key_len = 32, .tag_len = 16};
	_Alignas(64) uint8_t key[8192];
	uint8_t aad[44] = "dtlsshim\1\0\0\0\2";

	(void)st;
	ds_aead_setup_portable(&aead, &fuzz_cfg);
	if (aead.ops->key_size(&suite) > sizeof(key) ||
	    aead.ops->expand(&aead, &suite, state_key, key))
		abort();
	aad[16] = (uint8_t)slot;
	memcpy(aad + 36, image, 8);
	if (aead.ops->seal(&aead, &suite, key,
			   &(struct ds_aead_op){image + 8, aad, sizeof(aad), image + 36,
						DS_STORE_IMAGE - 36, image + 36},
			   image + 20))
		abort();
	aead.ops->wipe(&suite, key);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_Alignas(DS_STORE_LINE) uint8_t lines[SLOTS + 1][DS_STORE_LINE] = {{0}};
	uint8_t images[SLOTS][DS_STORE_IMAGE] = {{0}}, header[DS_STORE_HEADER] = {0};
	struct ds_store_header h = {.slots = 0};
	struct ds_engine *e = fuzz_engine();
	struct ds_restore how = {0};
	uint8_t mode = fuzz_take(&data, &size, 1)[0];
	struct ds_store *st;
	uint32_t slot;

	if (ds_store_new(&st, &fuzz_cfg, state_key))
		abort();
	fuzz_fill(&data, &size, lines[1], sizeof(lines) - DS_STORE_LINE);
	fuzz_fill(&data, &size, images, sizeof(images));
	fuzz_fill(&data, &size, header, sizeof(header));
	(void)ds_store_header_open(st, header, &h);
	memset(&h, 0, sizeof(h));
	if (ds_store_header_seal(st, &h, header))
		abort();
	how.leap = mode & 2;
	how.max_age = mode & 4 ? 100 : 0;
	ds_engine_store(e, st, lines, SLOTS, 1000);
	for (slot = 1; slot <= SLOTS; slot++) {
		if (mode & 1) {
			memcpy(images[slot - 1], lines[slot], 8);
			seal_image(st, slot, images[slot - 1]);
		}
		(void)ds_engine_restore(e, slot, images[slot - 1], &how, FUZZ_NOW);
	}
	ds_engine_restored(e);
	fuzz_live(e, data, size);
	while (ds_engine_image(e, &slot, images[0]))
		continue;
	ds_engine_free(e);
	ds_store_free(st);
	return 0;
}
