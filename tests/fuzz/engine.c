/* SPDX-License-Identifier: Apache-2.0 */
/* engine.c - fuzz target: an engine whose network sends anything, from a few addresses, plaintext too */
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint64_t migrated[DS_MIGRATED_WORDS];
	struct ds_engine *e = fuzz_engine();

	if (ds_engine_plaintext(e, DS_PLAINTEXT_ALLOW, migrated))
		abort();
	fuzz_live(e, data, size);
	ds_engine_free(e);
	return 0;
}
