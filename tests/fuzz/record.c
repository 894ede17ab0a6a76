/* SPDX-License-Identifier: Apache-2.0 */
/* record.c - fuzz target: cutting a datagram into records, and opening them under a key */
#include "tests/fuzz/fuzz.h"

#include "core/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint16_t suites[] = {0xC0A8, 0x00A8, 0xCCAB};
	static const uint8_t raw[DS_KEY_MAX], iv[DS_IV_MAX];
	_Alignas(64) static uint8_t expanded[8192];
	uint8_t head[2], buf[4096];
	struct ds_aead aead;
	struct ds_record_key key;
	struct ds_record r;
	struct ds_opened o;

	fuzz_fill(&data, &size, head, sizeof(head));
	size = size < sizeof(buf) ? size : sizeof(buf);
	if (size)
		memcpy(buf, data, size);
	ds_aead_setup_portable(&aead, &fuzz_cfg);
	key = (struct ds_record_key){.aead = &aead,
				     .suite = ds_suite_find(suites[head[0] % 3]),
				     .expanded = expanded,
				     .iv = iv};
	if (aead.ops->key_size(key.suite) > sizeof(expanded) ||
	    aead.ops->expand(&aead, key.suite, raw, expanded))
		abort();
	for (size_t at = 0; at < size; at += r.total) {
		if (ds_record_parse(&r, buf + at, size - at, head[1] % (DS_CID_MAX + 1)) !=
		    DS_PARSE_OK)
			break;
		if (r.total > size - at || (ds_record_open(&key, &r, &o) == 0 && o.len > r.len))
			abort();
	}
	aead.ops->wipe(key.suite, expanded);
	return 0;
}
