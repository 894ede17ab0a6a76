/* SPDX-License-Identifier: Apache-2.0 */
/* engine.c - fuzz target: an engine whose network sends anything, from a few addresses */
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ds_engine *e = fuzz_engine();

	fuzz_live(e, data, size);
	ds_engine_free(e);
	return 0;
}
