/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record_vectors.h - records and key blocks made by other implementations
 *
 * Written by tests/vectors/gen_records.py; do not edit.  Byte strings are hex.  The payload of a
 * vector without @data is the bytes (i * 7 + 3) & 0xff, i = 0 .. @len - 1.  A vector without @wire
 * is to be compared by the SHA-256 of the record.
 */
/* clang-format off */
#ifndef RECORD_VECTORS_H
#define RECORD_VECTORS_H

#include <stddef.h>
#include <stdint.h>

/*
 * One record.  @number: epoch << 48 | sequence.  @type: inner content type.  @padding: zeros behind
 * it, with a CID.  @open_only: the sender chose another explicit nonce than @number (RFC 5288, 3).
 */
struct record_vector {
	const char *name, *key, *iv, *cid;
	uint16_t suite;
	uint8_t type;
	uint8_t open_only;
	uint64_t number;
	size_t padding, len, wire_len;
	const char *data, *wire, *sha256;
};

/* RFC 5246, 6.3: the key block, cut into client key, server key, client IV, server IV. */
struct kdf_vector {
	uint16_t suite;
	const char *master, *client_random, *server_random;
	const char *client_key, *server_key, *client_iv, *server_iv;
};

/* RFC 4279, 2 or 5489, 2, then RFC 5246, 8.1 (@session_hash NULL) or RFC 7627, 4. */
struct master_vector {
	const char *psk, *ecdh, *client_random, *server_random, *session_hash, *master;
};

static const struct record_vector record_vectors[] = {
	{
		.name = "TLS_PSK_WITH_AES_128_CCM_8 cid 0 len 0 pad 0 type 23",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 0, .len = 0, .wire_len = 29,
		.key = "d1fe78d28b564a1df223c8da38f1b68a",
		.iv = "ff910f45",
		.cid = "",
		.data = NULL,
		.wire = "17fefd00010000000000000010000100000000000034728ede2477ed3d",
		.sha256 = "c6eb07d04ce9ec7cad993f23a56e07cdf095c42b3662896aa7695f7832d95f8a",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM_8 cid 0 len 1 pad 0 type 23",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 1, .wire_len = 30,
		.key = "32efd1e10e461d117ffd7221247001ef",
		.iv = "a59fed7d",
		.cid = "",
		.data = NULL,
		.wire = "17fefd000100000000000100110001000000000001a646bbc6d30d5928b8",
		.sha256 = "4433a69983ac25af481eb45ec16789a110299ad244b485670d3490aa1b44cafc",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM_8 cid 0 len 16 pad 0 type 23",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 0, .len = 16, .wire_len = 45,
		.key = "45ee63a3c32bc657b78edc15bbcc5b0b",
		.iv = "9c7dc5cc",
		.cid = "",
		.data = NULL,
		.wire = "17fefd000100000001000000200001000000010000bf022c6e1eb9c60680daabb48d32a416758021fde3"
		       "ac6394",
		.sha256 = "e9212b12636a7d04b44e56668e4edc02aee20b860a95f2f1e4134f4093da53fd",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM_8 cid 0 len 64 pad 0 type 23",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 0, .len = 64, .wire_len = 93,
		.key = "c251cf66742319bd4e4d1865fa29962f",
		.iv = "1f1a798b",
		.cid = "",
		.data = NULL,
		.wire = "17fefd00010123456789ab005000010123456789abbae21a4dda7877533095a295e1bec84506cfbca896"
		       "cb1613e3f709e9866adfa2f14e2c8d0d84306f426ace37e9d0463791c05711136b8bfde74b9687e600a2"
		       "a4573a78292edc2c8c",
		.sha256 = "6265434aafe15696bf77970dab5c1feade4450fcbe15dbc3ec6ac3625da35137",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM_8 cid 0 len 16384 pad 0 type 23",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 0, .len = 16384, .wire_len = 16413,
		.key = "ea8c35e8598eec767185b821cf35992c",
		.iv = "669356cd",
		.cid = "",
		.data = NULL,
		.wire = NULL,
		.sha256 = "95ae146113a3609447167159051174b4f4702f56795b0ef601185f4f6b4ca638",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM_8 cid 0 len 1000 pad 0 type 23",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 0, .len = 1000, .wire_len = 1029,
		.key = "637be4e931103d910df94839653a694d",
		.iv = "715bf9fa",
		.cid = "",
		.data = NULL,
		.wire = "17fefd000200000000004d03f8000200000000004da9e9178a52ac14d421193cfd5ff31e32076a8bab9a"
		       "79609d169c150ffd5f8ad0fcc3a199c05b2f470abf748dd137e0e0a9ef700b92c1bba2439a2d383ef964"
		       "ed6e8bf165003a4c5bd419b22ee4adcd3366d84e0f5802c6050ec192e965ce7fb15f6b35f64e4da7c08b"
		       "fbf68268fdba24f6b1806a02c8022abb0df78ef6c21ad1b90da68c140601ced0a6a8898e171719871363"
		       "6bcaf098a0179140ef7084ad2b5fc2cf32eab96889c9e4e077b7f4af8123a9d5f6eb7a1bf66169608a07"
		       "2b48c1822484f8383fbe34efedf2c80b85dc8d409e38393c43f02a9120ce3be99f106e85216f6aab9ca7"
		       "34e78aeaba0c56a31220f727a7108ec4fa426326e9c600b3bc9c684fee2986dd8b512ae9cc20d02422f6"
		       "8700a128ee34cb10b2f140edd95f8af04e8502783977b6158c6c04b7ae8a05d2104a0e442abf6b8e39d8"
		       "cc29fab4aac6ad3aad5904e5027581e135ca3055bacc1ce83d309282dd96529ab189f3b7e07bc74b88b1"
		       "e58199abfced71ff53b14f7ea3d6809f03d6d8cdffa1e781b021993a1642e6705a10138a74c848e2255a"
		       "51e5a7a2982125d61a52ba01c7ffe4adca224c02578e849d1fccd83a8faa648c4c3350e5e6760a355f17"
		       "91105b642ec5abb2c032a8995f47ccae459152863b188711e73d5a8028f0e7392148f998066b1d2f192e"
		       "e45e077b89d4f14aea8b43ba4427d4554ef479ea18e6fd6c46fc4f3992352825783eb5f6046cab0b1564"
		       "504c172464235c38a9922ad7abd503603a6a74b325a9a2763963e58e8f4b781d81fe2ba8e1a131e837b6"
		       "0f16adc32266670de0cd76992f5311d2019504bf46b19ae19039b30bce3301cd3528086c53aa661eb8d8"
		       "8742df0ac14b68322d28f668f0ca10491e96eef0d8779e0a34c98de88a915a2314fece4ee230d4d832ab"
		       "f60ccc4f3988104481de8902206b026ed12bb050939929859628d4a00ced03c1aa1c47ec9140d20a695c"
		       "d4f4a51f56f7b70b1d490d719d9dbba8bff3958da07e28161aa8cb53b36c6cd1389cd1a4cb3dc90da383"
		       "ffbce531b0780c43a5749ffb126e009846dc9033d92dc6c6517361e8822204a4971975b84e50627475b9"
		       "d888185923652baad290718ae6ba2e63971176b1483d104ac52a5d1f9406a46cb77ee7c980f91eff1102"
		       "b0170dfca0093c94a50601d48323ffcea06e8ddd7124e9ddc6bd8f2b947807d9ff22d348ee70efa9d808"
		       "1f9f816a2fe67e46e161e6bc84ace9386b8ab7be52f20128777b05a57a3f2651f14a41d4c5e2933fa454"
		       "67cee00470d4065fae68c84cb2832ed734513622d435afbd7a85959c6cb3ac9ead145748adf3c55c1457"
		       "52fe01174e73b9dd0fd1b112da3f6bb78c0ccdbe950568b62dd44f37deb54ad3fe381c85f522c994a50c"
		       "9f39b112db9fe10ec0190a774d8c8c219a9bdb2ea2",
		.sha256 = "75cf4986b238cf738bea4f91b9c800c3429d912fec16972e63dfbd68659080c0",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM_8 cid 0 len 2 pad 0 type 21",
		.suite = 0xc0a8, .type = 21, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 0, .len = 2, .wire_len = 31,
		.key = "c5d4ca9e4a21d45d032b8b8730b8829d",
		.iv = "e199d367",
		.cid = "",
		.data = NULL,
		.wire = "15fefd000100000000000000120001000000000000b3735068b88cff95b835",
		.sha256 = "55b712b59b37ed8d4a67b181e363a826cb07044232b1fae6b7d55216515bd158",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM_8 cid 1 len 0 pad 0 type 23",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 0, .wire_len = 31,
		.key = "c9aba201a26e3db27b8a6fcd5a3f7556",
		.iv = "bdd2e722",
		.cid = "de",
		.data = NULL,
		.wire = "19fefd0001000000000001de00110001000000000001d148ba3d352c06fa9e",
		.sha256 = "46f3fe460101a30387c7a5fb814b53cc6b575d8caa05df10032c1967fe9f3fc3",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM_8 cid 1 len 1 pad 0 type 23",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 0, .len = 1, .wire_len = 32,
		.key = "428591f26a859bbc9922cd222ec651c5",
		.iv = "d0601f6e",
		.cid = "1e",
		.data = NULL,
		.wire = "19fefd00010000000100001e001200010000000100007fbd8360005505b01b27",
		.sha256 = "453759189488a6656324c19621a90cd39b2baa82ad336b3e36d50be112a6bd8f",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM_8 cid 1 len 16 pad 0 type 23",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 0, .len = 16, .wire_len = 47,
		.key = "5448362b0bceb44959ef60610d9bd9fb",
		.iv = "17de0541",
		.cid = "e0",
		.data = NULL,
		.wire = "19fefd00010123456789abe0002100010123456789abe85eebdc03112d2218f6043bf63d92372ada2953"
		       "ec31fd58c8",
		.sha256 = "ebcc7d5313e82715a68890f7881979c3fca7ad5bac45230e06548c2e7965bebf",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM_8 cid 1 len 64 pad 0 type 23",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 0, .len = 64, .wire_len = 95,
		.key = "86f4498867d2ef6c34c0abe755a63e1f",
		.iv = "ae9e19f0",
		.cid = "d9",
		.data = NULL,
		.wire = "19fefd0001ffffffffffffd900510001ffffffffffff913d475d283fe35b8af91203c9e7ccd3157fbf7f"
		       "2322f45bb849b1d230622fd0d9e8f386d4ee60f76d355b21f35f3cc6b82501ed829265a0242658e8e101"
		       "fbced671d816f8beb581fe",
		.sha256 = "35fe83876425c4b107165e1569059390ce67068d3d64c1aec3acf73a6007c076",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM_8 cid 1 len 16384 pad 0 type 23",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 0, .len = 16384, .wire_len = 16415,
		.key = "5c5c3c641c41264708c1804af420dcb4",
		.iv = "b6a58e2e",
		.cid = "5e",
		.data = NULL,
		.wire = NULL,
		.sha256 = "0213056462fdd8b84684ad7e7df53495c1b7b83a0b6ff44d6a89c9eb4c68b670",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM_8 cid 1 len 2 pad 0 type 21",
		.suite = 0xc0a8, .type = 21, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 0, .len = 2, .wire_len = 33,
		.key = "696b130b355b30a310ac94ca4266bab8",
		.iv = "e8bf69e7",
		.cid = "95",
		.data = NULL,
		.wire = "19fefd00010000000000009500130001000000000000173eb1593e21df62a5af30",
		.sha256 = "b52169443a3e05bb7ab702dbd69f54add2f13f0c7820868bef6b5c6f1f0d5967",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM_8 cid 1 len 16 pad 1 type 23",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 1, .len = 16, .wire_len = 48,
		.key = "521a7ccb324dc80a0d22047572fade83",
		.iv = "23c2ab38",
		.cid = "7e",
		.data = NULL,
		.wire = "19fefd00010000000000017e00220001000000000001c2ec92e10c980035e9cacaba8bd0fa25312d5d2c"
		       "60dafff3abdb",
		.sha256 = "86fda25a6056b9e89b09ea23934cb4c689e42ee822668b001d30187a556b170c",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM_8 cid 1 len 0 pad 15 type 23",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 15, .len = 0, .wire_len = 46,
		.key = "379f5f260284d8432f69b81fa86884ff",
		.iv = "27e50f84",
		.cid = "af",
		.data = NULL,
		.wire = "19fefd0001000000010000af002000010000000100000a6a9fc66a07299bddc19359567c8005c8ab393c"
		       "9492fb53",
		.sha256 = "da7bcfe32c31102e687749260b3f800efea2a84c23f410e339022ecc880a5b62",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM_8 cid 1 len 5 pad 200 type 23",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 200, .len = 5, .wire_len = 236,
		.key = "a47534cd57071947f0e2e96e2bc2be8d",
		.iv = "b07507a6",
		.cid = "64",
		.data = NULL,
		.wire = "19fefd00010123456789ab6400de00010123456789abb4ad107712fc69ec44bb282c9e24b8a5dea8689d"
		       "fd8bf9d16d0c26b364b2a69dfaa5191088be5e4aef18afce74a1bf58cc5c4474decca5a63709fb562d30"
		       "514090d6050142b1966ded2e7f361ca0328d1fa236ca629c5b905590ae8ccf56cc820ba38f3ed1880268"
		       "1a8ad6ee588ea9c067a8684695f43357df6d3726a90f7480e90a4cac8cdfcc6058892777651639805135"
		       "23aa5ec1b3f34662446c12edd031dc5487b202193ff12388365fb947607b290c4e28aef4158a2aeaf901"
		       "20a0384544a1a0bb97486cb431960b65fe9cc6de4a9d013eb57f",
		.sha256 = "e61761a0c3f921c3714323c8da03bad72db2fb3c6f3a05194c7733c35721e74a",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM_8 cid 1 len 2 pad 3 type 21",
		.suite = 0xc0a8, .type = 21, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 3, .len = 2, .wire_len = 36,
		.key = "4260e4d403a5fc769738b9e6ad3027c3",
		.iv = "8975e123",
		.cid = "9d",
		.data = NULL,
		.wire = "19fefd0001ffffffffffff9d00160001ffffffffffff1ab70bfd21c7ab48b339a3309db1",
		.sha256 = "f1197ed960f55f08d139add206bda52f26510de5d9065c534c6d2aac58d75c54",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM_8 cid 8 len 0 pad 0 type 23",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 0, .len = 0, .wire_len = 38,
		.key = "1104cbecbac18cf3abaee3c44b88bf86",
		.iv = "1a069776",
		.cid = "a148525c720478e1",
		.data = NULL,
		.wire = "19fefd000200000000004da148525c720478e10011000200000000004dc3501992b3bdbadb1c",
		.sha256 = "1786f94bcb8de4ac5ed9d3fddde7ba531b0d720759f037800aa6bd8e98b8accf",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM_8 cid 8 len 1 pad 0 type 23",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 0, .len = 1, .wire_len = 39,
		.key = "0e794d228fee45de3b083a12fd624dc6",
		.iv = "92c9712e",
		.cid = "b1b515ad0da68ffa",
		.data = NULL,
		.wire = "19fefd0001000000000000b1b515ad0da68ffa0012000100000000000062b41b8d91f9dd71f5ba",
		.sha256 = "f169c368f1cf183142e2a29e262ffa6e002664dc00b0f10198ea0a6fff650a00",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM_8 cid 8 len 16 pad 0 type 23",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 16, .wire_len = 54,
		.key = "61a4d933219865763ed889ba985d53e0",
		.iv = "c8c253f2",
		.cid = "4586f2c485894b82",
		.data = NULL,
		.wire = "19fefd00010000000000014586f2c485894b82002100010000000000015b97583bbe3490d5291e4798c6"
		       "a362b0043687cc51049a8b7a",
		.sha256 = "891645632cb9bb91d04716417a5a44b3bd68bad38ca57a21c5fd166e7f7e78f6",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM_8 cid 8 len 64 pad 0 type 23",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 0, .len = 64, .wire_len = 102,
		.key = "ac6aeff2da02f52efbf9f9c9f39db44c",
		.iv = "d8e8d3e7",
		.cid = "1b934fe2d533b17b",
		.data = NULL,
		.wire = "19fefd00010000000100001b934fe2d533b17b00510001000000010000b400d9478ae29edbcf459dafa2"
		       "a96ae0d454bc3f3f20baed454808c6a60a92a800838d19dbe980963eafd513f3e5711da62cf05d88becd"
		       "80776f6cd077e3b7b5e3a943b8d0ab959768",
		.sha256 = "42921682b88f57f7fae17063e3a35e64b2de0997fac1c1fa923feaa74251b102",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM_8 cid 8 len 16384 pad 0 type 23",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 0, .len = 16384, .wire_len = 16422,
		.key = "8c7d6bfd92cd38ca373a61bf44c63dec",
		.iv = "8acefa15",
		.cid = "820a9aa7dff31062",
		.data = NULL,
		.wire = NULL,
		.sha256 = "85e2f3b3670958914e8479c94a2e240d27d31398c5f6cb5e89cf22dcdb40c988",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM_8 cid 8 len 1000 pad 0 type 23",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 0, .len = 1000, .wire_len = 1038,
		.key = "61fc56d7a8c81a6f766177cd2cc74354",
		.iv = "fff4ce6b",
		.cid = "9a884ccc18c2f105",
		.data = NULL,
		.wire = "19fefd0001ffffffffffff9a884ccc18c2f10503f90001ffffffffffff7fa0247a1ae537bd42c4dbb0bd"
		       "6c97e4378e1fd8bca2adedfbff05cbbe35e148fbea37fb23d9afb678b24332cd001f744d0a9a1d8fb356"
		       "2a3401185b8ba5188733281404568061b2caec3acbae5031ad300efd410a82d606a0791e3b55fcb9933a"
		       "ef97525f4e4f42c1f2ea5b0de95926a83091177cd4fb2795b6b18cd59320b3eea33015e75992ea174923"
		       "2998aae9788717d85355165f71b04e9bb015be5f90399d79dce1ca0676d7123b6902fed10fb4596a87d1"
		       "a9efeb5b17943276b71832f3eb479ced1f3d1c265a4a30f2192c404a7221e1110159d5f2c892f2d41bfd"
		       "da9361275199843f93ec3600d59c8f57e731a7b3dae51e5ee1f2652968705c3dd2a1baf883cfb2577df2"
		       "7ea9c39ebc9dc74a6f7570fe9211eb853545f2a6ec38024adf27a3d2dda9393cab8307131874429cd5ee"
		       "5b67cb0176098e0e753c6c5677fa690164ed8b3a978cc3f16e506ba6b868df3b188584867d85d67ecfbd"
		       "e47197650239ad06e43b4e357489fe9ffbc330aef738bd933564f284e8c6c205f98d150bd7a7159aca54"
		       "17dcc7e1008a47318f36a3d11897937849930bd4d1c3284cbec4f505aeb8fdfe3c4601bd1db6addc4dff"
		       "105b89a860bc2917fb1a4e3cd98c10293b6c03fa6c4c6faaa83e20a9f096e537de5cfe10668d26e15f1c"
		       "63f9a472eef3b27f60a07c4b42b75661a126b9fd812a94d22bbeba076f8bdf4c491c9a2e4283d98bd601"
		       "7dc428833fd6f483af4a8980dd3cbebbf2bdf9878126f15f67ee7ec2bdc20b524ef8628c69ea4768ee67"
		       "6a1a174c7bf8da7c672e1dddd178a08cb6f94c47555731aabb4c862a45687d6da703ea9e7a1296ad1561"
		       "fe694a96eee1283d7646816c5f28aa1f238e51cb9bd6503548c19e34571937898a99c5e9364ce3599081"
		       "ee107c51cda0249e09de80c7d6bdfd226b68c76339746925e49ec4b37cbfc6c24fca6ed9215a0d44459b"
		       "679b7fc9d56819eab69d4e6c21450f1fca25a0970642d6a58dfcc60d3e1f19b64d84625d1acc81e0724a"
		       "9b8ef252ab9cbceef85760f437501da933cbc0462eadbfdfb0ea9fe6add6a8085a8cc863d122e0ce2d4d"
		       "f7e22339141ac52f8e4b9f36aa5be85a3a6cdd991d8a0d1697751332faeea9b6370b82ff6a104ebf52dc"
		       "b5649cc549ce11fab53a30a584d3e306ec12d7a63aef0d82d9ae5683ac558c5c6fd32463fc15c98b4bd0"
		       "c1fcf1d072b01b234190cb9a035f879dbb464bbb37c3b30dc8c0275706b0f56d92c01c72c890c6870b64"
		       "453845cb46f8513014857d24c82aacbfd4465a8f23b2b9abfb0ed4d609331f8a0e7433f3dd0309e5f668"
		       "66a672a3292681080b74bad4966c04e7101e556ec9577f0778c9fa0180bb797e50fbe855d5881a25774c"
		       "ed4b6a1d7d8b253868201b5048053ec7107a19d1c568bdcc22e5092eba64",
		.sha256 = "813e306a21e1b6c50cfe28e9946a40ff544576fd85808fbc5015f3f4516a2500",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM_8 cid 8 len 2 pad 0 type 21",
		.suite = 0xc0a8, .type = 21, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 0, .len = 2, .wire_len = 40,
		.key = "65b51e01c3845c628b9bb947c2ed5440",
		.iv = "7e9cc445",
		.cid = "8b1de8480b8fbb7d",
		.data = NULL,
		.wire = "19fefd000200000000004d8b1de8480b8fbb7d0013000200000000004d91ab6639ee426be0fd7710",
		.sha256 = "e6cc1642bb04abc2dff1372cb3df989db86e431a58da1aaf2019665e81624280",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM_8 cid 8 len 16 pad 1 type 23",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 1, .len = 16, .wire_len = 55,
		.key = "39a77add3e489062347f03c4d9e9145f",
		.iv = "c8b58975",
		.cid = "372f75814513295a",
		.data = NULL,
		.wire = "19fefd0001000000000000372f75814513295a0022000100000000000041a8c98b6357d5e05d96e12080"
		       "103cd8741c88cbaf307a7c8cf4",
		.sha256 = "a0b5fa3f452dffc3b2035aac6b96384b9981cbadd45d79d6bd5a2e3ceadf20a5",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM_8 cid 8 len 0 pad 15 type 23",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 15, .len = 0, .wire_len = 53,
		.key = "1d250c4dcc648235a7c2190457e82131",
		.iv = "45f846fe",
		.cid = "6fd214c20b427ee7",
		.data = NULL,
		.wire = "19fefd00010000000000016fd214c20b427ee7002000010000000000014edf228b3bccae353b4cf53cf8"
		       "520fff4ee6ab62b7492a73",
		.sha256 = "86d0c8ef8cf66b8683d33fe20bd03a197a52fc076c65aef1c5ea9fd2db113394",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM_8 cid 8 len 5 pad 200 type 23",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 200, .len = 5, .wire_len = 243,
		.key = "ef722d30decf2838a9833c863bcec348",
		.iv = "4aab62f1",
		.cid = "6875de7205ac30a5",
		.data = NULL,
		.wire = "19fefd00010000000100006875de7205ac30a500de00010000000100005c065318181f0ae632a6c7d734"
		       "b98c9d145d7dd64739155b98075165f4a0180b358bd5fe554b0cf750093900661fd0492aa5d79b19822e"
		       "dd0ae4a38d2012ce881eb10e2cdfd56eb072a9b279541156a3e0b1a280c1063239b9cc9a9e6cdd3e9faf"
		       "f76b9efb3d4f890a9a08d8542e1f38701cc8b4e2408aabad99308932479088e70887cbb1497e7deeabea"
		       "0a10c383297027012b9772aa8b2e56fc9db412a3c089b19c5f38555e6e89fe555030ceb3e7ad61840221"
		       "889b7d8fbcaa2b9b316dade693417d1cb353bd82044e6095d3f889865f7a6eeac4",
		.sha256 = "c04298245a68feba7d640250cbc9868dd9a7364739ed850b142786da8e0a596c",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM_8 cid 8 len 2 pad 3 type 21",
		.suite = 0xc0a8, .type = 21, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 3, .len = 2, .wire_len = 43,
		.key = "e238a3340f8ff31ced008d1327f74e52",
		.iv = "7a24de6a",
		.cid = "40de8f304d007133",
		.data = NULL,
		.wire = "19fefd00010123456789ab40de8f304d007133001600010123456789abf935fd03f96762f44482bc59ee"
		       "e9",
		.sha256 = "0eaba8af74ebe7534fd470cd5941b0d447b9a3278d56399b6cf90980eaafeeb2",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM_8 cid 32 len 0 pad 0 type 23",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 0, .len = 0, .wire_len = 62,
		.key = "cb7bc60c4276ddc16906ff2e7246df64",
		.iv = "f81b9cfb",
		.cid = "26443cef08d45e7b59436df6fac6140d35fa3ff196919c4d6673d7e6c2c1e82d",
		.data = NULL,
		.wire = "19fefd0001ffffffffffff26443cef08d45e7b59436df6fac6140d35fa3ff196919c4d6673d7e6c2c1e8"
		       "2d00110001ffffffffffffd5af00e5cf46be2bfc",
		.sha256 = "22739498a8a671eb64e2811670ad8b3952fa55da7ac935f2c1a92f9f023d5ac9",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM_8 cid 32 len 1 pad 0 type 23",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 0, .len = 1, .wire_len = 63,
		.key = "59d67d93bba1cd56c5d0fff64f694ba3",
		.iv = "1f9ad55e",
		.cid = "60fbe83624e8f8c626c6922f6e56897bd0656b8e5e920dece6dd912f60e9309a",
		.data = NULL,
		.wire = "19fefd000200000000004d60fbe83624e8f8c626c6922f6e56897bd0656b8e5e920dece6dd912f60e930"
		       "9a0012000200000000004dd6c6b5e5cec84a4ef973",
		.sha256 = "e6d2309a00c4f9f42b6adc3c2d20af1e304e1ae41b675e5d22be0d099819556d",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM_8 cid 32 len 16 pad 0 type 23",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 0, .len = 16, .wire_len = 78,
		.key = "ab68ef590772c5f197303092d739334d",
		.iv = "3c196e37",
		.cid = "29e7b8a648e0a9e61de6de2db16d1db51738dbbeafea5be2d7f57e1404680ea5",
		.data = NULL,
		.wire = "19fefd000100000000000029e7b8a648e0a9e61de6de2db16d1db51738dbbeafea5be2d7f57e1404680e"
		       "a5002100010000000000008000e9c9ca14d88e6bf66f6096d9e0f4d688f7d71cad654392",
		.sha256 = "5e6bf74315f7f4c6ede9874e15b682ec358c662550510c7037ff96d21db1cb65",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM_8 cid 32 len 64 pad 0 type 23",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 64, .wire_len = 126,
		.key = "2d128dca7aa5517aafcc5b579848777b",
		.iv = "353f279f",
		.cid = "40f274ebc3e73ea8348c85ccfc2aa432ba6113ff031ffa4c88083a9e780aaea5",
		.data = NULL,
		.wire = "19fefd000100000000000140f274ebc3e73ea8348c85ccfc2aa432ba6113ff031ffa4c88083a9e780aae"
		       "a500510001000000000001faac9caaf48bd9f7c0aa95b1489a43f243588ef5f9a3c0a245847897df5d88"
		       "9e7b46037f6b302cd2011ef74c7c4d5decdcb0d489f875d1f557ab94aefeb4f79b4e2aeecdf85c78e211",
		.sha256 = "e3a18e0b60010291b347af17db9000d7f70dbea104b05d93498fab4c73cdf678",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM_8 cid 32 len 16384 pad 0 type 23",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 0, .len = 16384, .wire_len = 16446,
		.key = "2d9ba44a89e2327bf2219b1338729186",
		.iv = "06d0ec92",
		.cid = "0f60994cc5149c92e2b9f6065ccd91820bceb67836bda8e7f7b8b69837920240",
		.data = NULL,
		.wire = NULL,
		.sha256 = "51b0fcc6f0b3dd23b30776cdf7646d0e287a708350fe447fb56e1faeaa8fa736",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM_8 cid 32 len 2 pad 0 type 21",
		.suite = 0xc0a8, .type = 21, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 0, .len = 2, .wire_len = 64,
		.key = "94a3071c6cfd6f97c63df3e9e184b59c",
		.iv = "644cc15e",
		.cid = "9500b5cb2bf5fdf210e2d23457e301189ae685ce4b2c4816537cfb757b6498fd",
		.data = NULL,
		.wire = "19fefd00010123456789ab9500b5cb2bf5fdf210e2d23457e301189ae685ce4b2c4816537cfb757b6498"
		       "fd001300010123456789ab49d2d4e5acf650bb399e74",
		.sha256 = "f58219ec04d0d80b06681ab8ae93ce23d676846ae7220bf03343637b6b49f26c",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM_8 cid 32 len 16 pad 1 type 23",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 1, .len = 16, .wire_len = 79,
		.key = "3b03a6125d97df63a131c61515610bf1",
		.iv = "a960194d",
		.cid = "a98b08aac32b2dfe879fcace27e2ed589513f14cdd5179b97ced0025de853153",
		.data = NULL,
		.wire = "19fefd0001ffffffffffffa98b08aac32b2dfe879fcace27e2ed589513f14cdd5179b97ced0025de8531"
		       "5300220001ffffffffffffbb6ee47519643be052db721d5afad55a833225e5f147634d59ad",
		.sha256 = "c1bac56c71807cfc5e00d83bba8566707ed2c9d10255eda5bfad595b1ec0c912",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM_8 cid 32 len 0 pad 15 type 23",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 15, .len = 0, .wire_len = 77,
		.key = "cca785bd720af0975311e10127107078",
		.iv = "95a1b386",
		.cid = "aefb827303ab5d6c36ae6063b36c7c8efeba5fe61dd6c0e23dd40f8bd389ad79",
		.data = NULL,
		.wire = "19fefd000200000000004daefb827303ab5d6c36ae6063b36c7c8efeba5fe61dd6c0e23dd40f8bd389ad"
		       "790020000200000000004d858ec68be61c32a3369a227ade13ff9fb70eff5280a118fc",
		.sha256 = "38cc95fdccfc66b95ae3fc6eb32eed1fd3f02e30c787da3e67a69dcc747acedd",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM_8 cid 32 len 5 pad 200 type 23",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 200, .len = 5, .wire_len = 267,
		.key = "490a9abc99641d565ff8546b7a8ade83",
		.iv = "a08d14b1",
		.cid = "a466fa552797a832e998cd5f94e2cbec529bc5fefe0197d184bc1f989b55bfdc",
		.data = NULL,
		.wire = "19fefd0001000000000000a466fa552797a832e998cd5f94e2cbec529bc5fefe0197d184bc1f989b55bf"
		       "dc00de00010000000000003d2e0169973524bd0d63ec198e7b300d4eca15da26fb1677164a4af6159f0a"
		       "9d7cbb69f33c3f1d696736ba71d58ab8a0ef6dde31f692c009ddb5ec7dff704e207ce92bb95b29358f54"
		       "c568d9da9e27e87bf3c60e3369ac41147cf63291e65f8976c75f0bcd315e5fc1a02711e6e90648c85359"
		       "df551a8e36171ac0e53edf3a93fcdb696f211bffcd40add906db2a98403d67a73d667ce66d8061537667"
		       "2b754355c6d78610284c3dd243b64fe4bd2e6683364ab7fc60e49ff0be288fc1cd3cc73dc1acf47803a2"
		       "42a43a851cfc6c35c2654731895de2",
		.sha256 = "1fe96296ac0d3f6ffde82c1afe3e1bd8eb4d9fc461412eee24c46e28359b1514",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM_8 cid 32 len 2 pad 3 type 21",
		.suite = 0xc0a8, .type = 21, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 3, .len = 2, .wire_len = 67,
		.key = "fc23a6ea4b0103134232bff22ded2d5d",
		.iv = "d1ec8629",
		.cid = "5563243d25cf688c40483c234a68d2953ab509b5e4856be902ce9eb8385c14df",
		.data = NULL,
		.wire = "19fefd00010000000000015563243d25cf688c40483c234a68d2953ab509b5e4856be902ce9eb8385c14"
		       "df001600010000000000018b52ed1bf3e1d6f9341c1f49af77",
		.sha256 = "37a391b17091c1b015973332c9a4f32616ee9be5bebae8c9ab4ab753f96bd5d9",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM cid 0 len 0 pad 0 type 23",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 0, .len = 0, .wire_len = 37,
		.key = "c13c5acb9ce8f0b165d12135489a97fc",
		.iv = "09e43831",
		.cid = "",
		.data = NULL,
		.wire = "17fefd000100000001000000180001000000010000a4918aa6d70c4729e1d9b92eb303b515",
		.sha256 = "2e8912bfa7297068a1a8c8b54d8a620afd198c767d58b7e5a98b23e781cd9fff",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM cid 0 len 1 pad 0 type 23",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 0, .len = 1, .wire_len = 38,
		.key = "f63a73127ecb6dce52bb82022064c800",
		.iv = "56f2a648",
		.cid = "",
		.data = NULL,
		.wire = "17fefd00010123456789ab001900010123456789ab1c1bdc122a96bc0ae4049e859bb2a2c299",
		.sha256 = "c81ac3489b601418caf3096abc4e91d96dc13e6d66738a2d7ee37d59358e164f",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM cid 0 len 16 pad 0 type 23",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 0, .len = 16, .wire_len = 53,
		.key = "ec9d4544e36089adf5bf485d67d19ac5",
		.iv = "e689004d",
		.cid = "",
		.data = NULL,
		.wire = "17fefd0001ffffffffffff00280001ffffffffffffc3b6c2b5fed4f3cc553a7b6d2a0a9e918d592e4843"
		       "243cc794a8c7503f5b730f",
		.sha256 = "44c1fff68f33b254e9e5c49aae60b3eb076033807e66fc96dfcd8607b454be22",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM cid 0 len 64 pad 0 type 23",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 0, .len = 64, .wire_len = 101,
		.key = "080ee8f249f6538b9d56bb1127e73fc0",
		.iv = "bbcac125",
		.cid = "",
		.data = NULL,
		.wire = "17fefd000200000000004d0058000200000000004d2eddd5d096b3ab26bea9ec8ed2541e29023275f8ef"
		       "b6520ae082e525f2d408014861f369404f3365de9f048c5bed3a91e6d0fda5ef6bbffa6cd42b657ee8a4"
		       "8f3221ca93f8ccb0a056a2a09bb032fcad",
		.sha256 = "ce6ea39dab4816d5ae219fcc19ee3fed215aaf4460c7632a5387f81e01a659ee",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM cid 0 len 16384 pad 0 type 23",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 0, .len = 16384, .wire_len = 16421,
		.key = "8067149d4094bb7a0e99327bb3668cf4",
		.iv = "9a31f8cc",
		.cid = "",
		.data = NULL,
		.wire = NULL,
		.sha256 = "31c9c166166f2a2b01e32f5d21bf4a034d99749077058cfa33dc8b0ca32089b4",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM cid 0 len 1000 pad 0 type 23",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 1000, .wire_len = 1037,
		.key = "c8ad01b3b2690515a94f7534cfadbea8",
		.iv = "4995ce7f",
		.cid = "",
		.data = NULL,
		.wire = "17fefd0001000000000001040000010000000000010251d27d1067f8ccfa484533b4e96edbe21b72ea09"
		       "1bbd02ee309a2e2cf1387fffd5205d085ccc6598564d9148cba6703a47e8f6b5751bd6fcf5ad953a3fff"
		       "924fe0ac0606af941060f2d88799ce910e8aea1fc522fa2fe7a42848219a5abddc3d235da043a2d92c75"
		       "ab09e548b23656c666979543dd855e752fd28755b733c49ebbd7ecd26ac8069d5d4d8592f85500c16720"
		       "adf084ab3306ae4a9e798db6f01151c13c3d18b950427f3566ea085b0c2079579b28a325e3d32d599f7f"
		       "08bb3ef3ea0a831c8abe0bc01f1101df41acaa2ebdb7d78787fb6bfd55cd3386526ea3f44b3dd315eb62"
		       "8bcde2d4c88dccf956f9280a1a17e8c331963589087620e750d6057e23139d1c43028d245a81c976a43c"
		       "52392ebb1f87faea21f5be10eee91ccd24615fd4bbdac06bb9850eb2371c09e34c544a2624cc253ea03d"
		       "03907f65078275e8dda550286cd76fc168bae714f277d6cd8fdfd9abe24d489dbe484a6c5482986c9391"
		       "8bdc2c935e8bd4df444f265d2762d7680e27b5f941449ed159a60d0c0b66891e583dc0bc5fe8bf118a5e"
		       "43406c66d22ef6118cbef4f4654d611e43d3acb54f34bafc19fe755f04bf9c91634c5bf6533d9616cd09"
		       "024925edde2d6deecc9faef53a95622dad1342e7e3983041bbd14b0c4ef9659aa7e62eb679d692a3822e"
		       "f4e6e7e1b524d8acf0f2cd18dda773820a78a9a9ad0b170d5f7cce5172921a70bb254e01dbbd533cc4c0"
		       "97f40a66fcfaab26371850c95a8d7763b81a899db9904cbacbf78738ac020c5e6a9fc48f551313574f79"
		       "2fd4958beaeaf6684c9e1c66577c6c37a81447ee2163d5eef0569ee120f6c9e9791874ae4d41befc728d"
		       "ddf9a94c3ab0c06f12bf09c1ad239a5fb430802b5fc5ef2328a33f6b58432f69d6a16480b54df6d4a52f"
		       "50984b4b8b394ce53ab66eb279c6adca5d248eef2e302490993891dca0d80d940ad11b3dea12eea184ea"
		       "acfc1bc78834de510c07103be2b77b59f93276441753a6fe530f2060f6804306981312127cc7db20dd3c"
		       "1ce10040d1b453fc9f15f36b104df7aefb964a9e216276bf16f094d5c46e414517556fddc4e43761a743"
		       "ebb9bcfbf5cd7a43168ef394ab0102239f05a60075188cfe06aa6feea09789cb2fdead684efec4c557f2"
		       "ddce3d20570cec1c71c129a6f254628c154e4bf659148ba208f0ab9c47d34a653f823c981ae6692fe363"
		       "d4d7af8615d7e848ffb660a1576772a2b881aaf1c57657d8a77035579476f41d71c5a1587443ba24b561"
		       "21dc5449a40cfa3e8fc9c769f97cbe7fd15f59b6da8da45537ad1677a5db1b8b2c39812956f7a2fd0a54"
		       "1ec5447290dd505c6625b076ab25a483f1fea620cbcba8df4c72e3bb7cfd35808c08e77aa8ca0e9fd293"
		       "92d14bb26df638967a7fe60e5f365e92c0f20084a78592016b3bc2f8e3",
		.sha256 = "53012dbf5c37f255816047f0897e45b26baa9f6267cc14a7432af9d02c9bca84",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM cid 0 len 2 pad 0 type 21",
		.suite = 0xc0a4, .type = 21, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 0, .len = 2, .wire_len = 39,
		.key = "f3af50e4f3d05395f59e58315c269485",
		.iv = "730cc2a8",
		.cid = "",
		.data = NULL,
		.wire = "15fefd0001000000010000001a00010000000100007ee1793ef40664cbdcbac0aa6841d6a8d3c8",
		.sha256 = "3539251426a2ae39be88480735e8df8c74135d2910dceebda64f41c665a4f8f7",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM cid 1 len 0 pad 0 type 23",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 0, .len = 0, .wire_len = 39,
		.key = "14fc8ed367f1b0b88aa7a17c50008aaa",
		.iv = "e67c5545",
		.cid = "16",
		.data = NULL,
		.wire = "19fefd00010123456789ab16001900010123456789ab2f64c2ae6c898c8e5d1c449213a739cc90",
		.sha256 = "1afce739fe9b1b960668197bc82c2efd73b7a943aa6bff5b7bdd41f812a117d9",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM cid 1 len 1 pad 0 type 23",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 0, .len = 1, .wire_len = 40,
		.key = "4554145cdf9b6764226bf06b33084abd",
		.iv = "7545a6c3",
		.cid = "6b",
		.data = NULL,
		.wire = "19fefd0001ffffffffffff6b001a0001ffffffffffff7f28166ee4829be3a8c3d290510b4ea87460",
		.sha256 = "b01fd2ef4968381194468cc6dbf81543d4f0ee6c5ae970c1230e107e4a2dc5a0",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM cid 1 len 16 pad 0 type 23",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 0, .len = 16, .wire_len = 55,
		.key = "4f60286d56522dab63475c4e2ed8c95e",
		.iv = "460ac792",
		.cid = "d7",
		.data = NULL,
		.wire = "19fefd000200000000004dd70029000200000000004dc5968063826fe882d4b6b4c87dfd55e277aa9e37"
		       "bdaee3e9f5e0efe46a2d3dae68",
		.sha256 = "17fca29994d5373efd13309e4af8524f6b71400faa81ba0e7c3f5fe1b54693c3",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM cid 1 len 64 pad 0 type 23",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 0, .len = 64, .wire_len = 103,
		.key = "9db709b1a42ad462ac994b31fa956f46",
		.iv = "9800c614",
		.cid = "bf",
		.data = NULL,
		.wire = "19fefd0001000000000000bf0059000100000000000074b921e07fb823bb74c205d518e18158be330dd5"
		       "08d4e945d125cfa3dd8d70707caf8256f7ef3e2e1f43a99673fdd0981068b3e6b105ec5634c38d3f7781"
		       "d2ad6f305b7fa7e575b7d02a6b2c29b11a1007",
		.sha256 = "a25c38ce6e3003107da8961d1dcf22290860e50559261210dce283711e969ad4",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM cid 1 len 16384 pad 0 type 23",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 16384, .wire_len = 16423,
		.key = "8199999ca78c2268cec13103f4d20f2c",
		.iv = "fb26d785",
		.cid = "d8",
		.data = NULL,
		.wire = NULL,
		.sha256 = "39b21888473a639e3b7691ac292c488c5e2c268d4700e659faa2f2a9cbd25826",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM cid 1 len 2 pad 0 type 21",
		.suite = 0xc0a4, .type = 21, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 0, .len = 2, .wire_len = 41,
		.key = "879be878dfd13b2b98622a2c518b02ca",
		.iv = "21eb357c",
		.cid = "33",
		.data = NULL,
		.wire = "19fefd000100000001000033001b0001000000010000b87ad4048d8500e0844332b531344a7b20b32e",
		.sha256 = "e39bbb5fc0b635e19faa481daf9b588206ae79c45a3cd7afaaa6154d8ddc1b73",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM cid 1 len 16 pad 1 type 23",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 1, .len = 16, .wire_len = 56,
		.key = "bb9609c28ad30cb704e156f88f73b16e",
		.iv = "e1d815de",
		.cid = "de",
		.data = NULL,
		.wire = "19fefd00010123456789abde002a00010123456789ab12348e17a07d35691c6072d8c54a1ae84d7501ac"
		       "aa33de3ab49e339044b0b5ba430b",
		.sha256 = "38637ac3bedddc416640903ba706f1f85bebeefacc5bcd4045ca263a255fa0cf",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM cid 1 len 0 pad 15 type 23",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 15, .len = 0, .wire_len = 54,
		.key = "3744859e67cdb679788efbd584feadd5",
		.iv = "e33c6b73",
		.cid = "32",
		.data = NULL,
		.wire = "19fefd0001ffffffffffff3200280001ffffffffffff14492ef0c4a3777f55cd9bbbf9336fcb24c8f272"
		       "f5b4318a5fb3446fdbc7a687",
		.sha256 = "0a93eccd9305b92817db9fd9e448425cdcca31cfc28594cd3957807ebe4178c1",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM cid 1 len 5 pad 200 type 23",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 200, .len = 5, .wire_len = 244,
		.key = "7aaa603a806c0ce1fb62027c175c62ce",
		.iv = "6d664ff5",
		.cid = "85",
		.data = NULL,
		.wire = "19fefd000200000000004d8500e6000200000000004dcca1d0daee6cfeec4089056a3b761b03e6b70535"
		       "d4785ac64a4da15bf74c117f517756c0f3a412c4d8370e1007b25317508d54bd9498e11653e64b90ed1e"
		       "3dc8bbacdbb48bce1be277210142dca2c6fbf4c6a648cf0ea3be619888ba8922c9417ac267d20b20a7b2"
		       "bc1ca8eaece320a17efeecc8a7121b4f7f3574d19c342d9b4a590403254b316f1ff145571126756ef3d2"
		       "0f6f4cf1714999e55012438d8f61dca1b1c02cb57f409a3ff89c5b7130b5c850239a893f271ed0444981"
		       "fc340b4511ebc6c6391d2561051ca29b1c721356b6e15a3b5e61481d2e572fdfac34",
		.sha256 = "aa49c6ee7a50de119701ab8b51db06d97cd2424a19b5cbc953505e94ef025ec5",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM cid 1 len 2 pad 3 type 21",
		.suite = 0xc0a4, .type = 21, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 3, .len = 2, .wire_len = 44,
		.key = "fd1331a89abc5f540172df1532d7c876",
		.iv = "9d34f837",
		.cid = "b6",
		.data = NULL,
		.wire = "19fefd0001000000000000b6001e000100000000000075d32ecde7b3725e63cbcc97f613b28e4006e8e8"
		       "dcde",
		.sha256 = "2a0284dce702d578b38168072e8c9b4196f405cc60a7abeff78d4feb9ede8eca",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM cid 8 len 0 pad 0 type 23",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 0, .wire_len = 46,
		.key = "4eae0f007999216cba3c8837c5de787c",
		.iv = "df7bffbf",
		.cid = "35f255966563aa64",
		.data = NULL,
		.wire = "19fefd000100000000000135f255966563aa64001900010000000000016fda1b05e01d1c2e9598b5ab0b"
		       "fae90e76",
		.sha256 = "f6002fc9ba069bc934e3f336142c822f631278b3435c4a464cd0146ce1b7dc5b",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM cid 8 len 1 pad 0 type 23",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 0, .len = 1, .wire_len = 47,
		.key = "40784940817bdda2e7abe500f5c00b3f",
		.iv = "0447dc66",
		.cid = "e4e56038d27f6fc9",
		.data = NULL,
		.wire = "19fefd0001000000010000e4e56038d27f6fc9001a0001000000010000fcf50a6a2e3a2842598312d0ba"
		       "7825ec66c0",
		.sha256 = "3e6d976ef630920f7787de5c6fada35e9fc157336470e92c4593ab4fad0a3296",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM cid 8 len 16 pad 0 type 23",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 0, .len = 16, .wire_len = 62,
		.key = "4690980071fb14c35c6cca277ac2128c",
		.iv = "025a9088",
		.cid = "043510c35f0fa617",
		.data = NULL,
		.wire = "19fefd00010123456789ab043510c35f0fa617002900010123456789abfc056b5d6b883ec4f19c41ba05"
		       "eb9e7fd2960a30bf0fef56c82de96578944688f4",
		.sha256 = "02912c43d4b693c6680fa86ae9f2ed5f867a42640a3177424a2fca4d57e1b425",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM cid 8 len 64 pad 0 type 23",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 0, .len = 64, .wire_len = 110,
		.key = "c9512b3bc8206a9ea391025c37e55c2e",
		.iv = "13188184",
		.cid = "25d62583538f613b",
		.data = NULL,
		.wire = "19fefd0001ffffffffffff25d62583538f613b00590001ffffffffffffb576db277df564454290644fe5"
		       "772b9ebb50ee8f072e8f9f1e5ee291ac8e4639d03a410a82fa00f0bc04ee8ede71d08a3be8e805b643d3"
		       "34264dd32dd7c747f07a645bf873b7630dd314f00374ad074a2a",
		.sha256 = "c9c7304defecda824ed0da46955380763962058e58903a02c920843d18554f33",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM cid 8 len 16384 pad 0 type 23",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 0, .len = 16384, .wire_len = 16430,
		.key = "4a95a5b2d6cc215aef30d29f073f867b",
		.iv = "86adc1fb",
		.cid = "4cf2578fbe7710d3",
		.data = NULL,
		.wire = NULL,
		.sha256 = "ed086b90d8163c6cc3c610de9f74f8d1046e586e2f52c93d273407c5e1214c64",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM cid 8 len 1000 pad 0 type 23",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 0, .len = 1000, .wire_len = 1046,
		.key = "f6732eb7466b9fca8bd280adf24b11c3",
		.iv = "016d683a",
		.cid = "2917b0e7e84d28e7",
		.data = NULL,
		.wire = "19fefd00010000000000002917b0e7e84d28e7040100010000000000001ec36b09f3afbcb8a6a50c8156"
		       "4998ded2d7c3e6262e672d2d5e5d5183e87daac31dcb5975333fa727f80778a06e22a3e76bd4bb3b44ab"
		       "05540232a452731a3443ba4f1dca22568468b90b45f6fd48c1df8b1e137a8c75804a01cd0b0888391d29"
		       "1628341a9bf097f8704387b3de00bd71b77d17a55164775f41dbb0a465dc75e9a745443f2a2d6da9978a"
		       "9593141837140c3803053939c2e9528dec129358267ab13cbf32c22bdfd2f1d8f1f572d4238fea50a05b"
		       "4b06b41d08882a88fcd662b42f6f05d8e847e11a259846dbb3c5344554bf1f3e9a8ad754732576f4d5f1"
		       "6045839931e4110dce268822c56e5cbeb27dee3961f6c2f696072f1716efc45ed59428dc2da054991935"
		       "cf325e871ec2e1763f1a3f2e97173b52193878ffc69a6f4d4e4ed8409be8d05544734d35eef34f1e370a"
		       "a825793b8b40b4774de2c74d2bcdca3961caca3972e90d369cfd8827d021875c3c2c1638cc3006a0e238"
		       "6f1da6b34ba4dda59bf29c9be8f43a3e7ae28ce1dacffc77df3d73742018eb167d8c3baa460db66fc2dd"
		       "4887b5f6ffb670ad1b9dac00f174cd02000b7b0c86e2712ee4da1708dd4d50a21ae9abd004c47fc31865"
		       "939a8d0ac2d568e5dc4d33a38a60d39ed4930b97aa335519f7f6c7f1d4d903e77edded46cc87c0e80d92"
		       "0b5585ad24f996c1f1e04748c2766cc73779ab0f4b804edaf86f00cde918987c6a1d7f72913d1ba4e40d"
		       "221645b20546fbdd1574c35d7bacca3de7f75d14674086ec881af8336bf2214ffbff447e2096eb642baf"
		       "5e3d461d50bfc7889129282eaf9aa5b233d94079d1ded6e133a84d5f1b7e0bb8add34e59954e490bed72"
		       "0db5f4bb40a080aa9d8f92a2a6d2f58c70f44dd5c3c4b312bfee43fedd3c54112a009c7348100d7e4b9f"
		       "2485697b474e0a2822b522ee019b1642190621376e7400a00628b46c5bc740c075de8bef55afd2ebba2c"
		       "ce451cb388ea5e95a7f1aaf17ecea0549fca7009fb3043476cca534f2473721f1653623a62c555b28cc1"
		       "8842128f909c7a03dd3937a5023a09bea9f11d49cea4bdf924dfbe29df4d5a890c768ab7b4871af4e815"
		       "e23ef3f3a4984e5c11a13d913864713e839bb1483823e6e6642e1a2c77009efebbaa0fbe559814d55560"
		       "cb1d9c7858a9f9a81e7b7f3db5f5089ec21fa5ae54d9379b13fe9a8c62975838c8180358dce911b81578"
		       "e8080dea35b95e34fde5cd0c7fe06630cc8c96a3b3b6617eedc6b4503802067f68515355277e075ab6e8"
		       "bf2b4a6ebfd8421b7a93961e4f7d93aab935dd75f590f5cc8db60712834a48919883dd13991f2dc1b31a"
		       "e4267d0d97df2acaab6e6405b747d71590ac34af5b1cb7721f843fed0391d2b3948af26c290bebae8d45"
		       "13c3a85915b1db779cc625841a15a0f825e73256fe3d120e20bd2ecf32a46614c24d3ad6304a",
		.sha256 = "6aa8b8b65499b59f4313d2e8d9b378d40e241213e14dd0c92a0848a052cc24bc",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM cid 8 len 2 pad 0 type 21",
		.suite = 0xc0a4, .type = 21, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 2, .wire_len = 48,
		.key = "bb4eab50c3f5f71a31c96418a3210b11",
		.iv = "cc4b9e6d",
		.cid = "72d9aef2bbb5bce5",
		.data = NULL,
		.wire = "19fefd000100000000000172d9aef2bbb5bce5001b000100000000000160fd8583f33364b3c1ccd062e6"
		       "daecb8c5336e",
		.sha256 = "b3b9728dc5c91b4b161d2f569ca03ea9b0aec01c339b839a639ef97a31d442e8",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM cid 8 len 16 pad 1 type 23",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 1, .len = 16, .wire_len = 63,
		.key = "2a17f317c2ae272a40f51344dbc95cab",
		.iv = "261681e4",
		.cid = "0d0d09d6328fe32c",
		.data = NULL,
		.wire = "19fefd00010000000100000d0d09d6328fe32c002a00010000000100005079d774bdd0ffccc75104d192"
		       "fae798950c999b1e07c5cd2d5640503f91f5107497",
		.sha256 = "ae56f62f4fecea55a49a367681d2dbc5a6768a50f2384219c77a75069e0aad6f",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM cid 8 len 0 pad 15 type 23",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 15, .len = 0, .wire_len = 61,
		.key = "8fa5d5b766748484454dac852681d10e",
		.iv = "ccf2988d",
		.cid = "6884e08fdc95c4c4",
		.data = NULL,
		.wire = "19fefd00010123456789ab6884e08fdc95c4c4002800010123456789abcd86d874ff0bde5017974856d6"
		       "b51381f38c59729df5da77d9d95c0eafc19de7",
		.sha256 = "c468a86fed97d1ad287e2229ac7838a2166a6415e01bba06cf8ffb3fd51d362e",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM cid 8 len 5 pad 200 type 23",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 200, .len = 5, .wire_len = 251,
		.key = "217ee1c0fb6e92a6363b38811890968c",
		.iv = "79a8598e",
		.cid = "f5141dcb6a0a1650",
		.data = NULL,
		.wire = "19fefd0001fffffffffffff5141dcb6a0a165000e60001ffffffffffff1d56fe7a8f74266f33c3740fd4"
		       "a14f5dcfc90a6c5fd354955b99f50ce1b38c1a1770694dc682bc62fc96b5daf0284f51bb87234a3d4b2a"
		       "d98c7eeb9c60d242e89cf8dc9ed49b0053f4300d899aa2be2ddbc5859206060ea11d5cc362bf71ad993f"
		       "6e3219264d23eb6fec36343fe3c961aadb652f6537667b3ef0b0ecae1212214148bfa3195f916ceec3cc"
		       "cc29bdf53aa249cee31feec4e5c3ef5897cc0a5cf545301bf8da694ed5d036baeceb619801cbed41621f"
		       "79cac0ec7812be49306be5c2e3bebb9fc1dae67d8277d5cc74fa23499f9faf57a644aa05fbda2a4ff2",
		.sha256 = "226489b9988dbad08a5496cbd1f01e91368c9f3b9e83efeb2719279dd1a1c335",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM cid 8 len 2 pad 3 type 21",
		.suite = 0xc0a4, .type = 21, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 3, .len = 2, .wire_len = 51,
		.key = "77e30224b63cfdead83a011cf3e6548d",
		.iv = "2902fb0a",
		.cid = "f1e531b2f1f005ce",
		.data = NULL,
		.wire = "19fefd000200000000004df1e531b2f1f005ce001e000200000000004dd96560775b0dc2b13670da44fa"
		       "cc53a1a58cd1533fcf",
		.sha256 = "14da6dcfac2be9a7297a0feba3dda1bf5f253b07703f6c390cf14742275643e6",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM cid 32 len 0 pad 0 type 23",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 0, .len = 0, .wire_len = 70,
		.key = "dc280177e506f2444e0dbcdb55fdf690",
		.iv = "622a4d2f",
		.cid = "158bad4fbb3aff1ada7681239a9d98579503f5c6fa710cddb25e2423b503bda9",
		.data = NULL,
		.wire = "19fefd0001000000000000158bad4fbb3aff1ada7681239a9d98579503f5c6fa710cddb25e2423b503bd"
		       "a90019000100000000000086ba1aca0ddd85c5a81b888163e3f76176",
		.sha256 = "7dfeabfcdd908f6f44c474a227d0916b5fb766c033814578b9c2c47f1e2e87d8",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM cid 32 len 1 pad 0 type 23",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 1, .wire_len = 71,
		.key = "6be46fd954e86048ecb2847a5d078b91",
		.iv = "e0d69d6d",
		.cid = "756dc7b61ff15d1995cf581d9dd5742c211df86483d6e006fc440920131890df",
		.data = NULL,
		.wire = "19fefd0001000000000001756dc7b61ff15d1995cf581d9dd5742c211df86483d6e006fc440920131890"
		       "df001a00010000000000016c87e01124c31968a7382f26b5bea9258cae",
		.sha256 = "cd81b460ef8c42d70cd126748161e882e5823227d8e0d7a8c747f5ebe3226c7d",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM cid 32 len 16 pad 0 type 23",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 0, .len = 16, .wire_len = 86,
		.key = "e4e7b872367fcb096ec4305fa4de493f",
		.iv = "2b6430dc",
		.cid = "0c5d4ac27418447ffeae81937cbf06466a85a930b7894f2db6d65e9a21438c9c",
		.data = NULL,
		.wire = "19fefd00010000000100000c5d4ac27418447ffeae81937cbf06466a85a930b7894f2db6d65e9a21438c"
		       "9c00290001000000010000ce1e546c6a9dd80fd9c5a86d1c51bf41b603f7199332710b1fb52a80e2538d"
		       "328f",
		.sha256 = "ffd97620d468ab620d56fad0a2f1d776a4651fb176e19ab66bdcbaa6f9403014",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM cid 32 len 64 pad 0 type 23",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 0, .len = 64, .wire_len = 134,
		.key = "80a9697ff929d104e6161cabe5ebf269",
		.iv = "fa6ad34c",
		.cid = "d191ace0fcc714f5e7404e16328468a05a96d939aea14a4363b6ddb86b5791e4",
		.data = NULL,
		.wire = "19fefd00010123456789abd191ace0fcc714f5e7404e16328468a05a96d939aea14a4363b6ddb86b5791"
		       "e4005900010123456789ab8c5b2317e6045ad9e146190f87555bd16abcccaee52dfc4807469355dd841f"
		       "535e2adbd98c3558b3641621d1fa9dc8d820fbd5eae5c39a92f06cfff1fee8ecf6df09626ba6ed9ebd74"
		       "7c98b4dae9c18d25",
		.sha256 = "8b360e7c186507ed546c32e858f0bdf29b6e0b7ba2c7df8a59342e34cf6861c2",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM cid 32 len 16384 pad 0 type 23",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 0, .len = 16384, .wire_len = 16454,
		.key = "05bb5b024d82b67d42ae347ea270eac1",
		.iv = "0a02c249",
		.cid = "191aa2828b34edc59592604723e7d9970a37090732e842c82339d9c51e94093a",
		.data = NULL,
		.wire = NULL,
		.sha256 = "ecb82f1571896f420decf2c000176bb3047e0ea539e6e5e158da049fbbfd87d8",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM cid 32 len 2 pad 0 type 21",
		.suite = 0xc0a4, .type = 21, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 0, .len = 2, .wire_len = 72,
		.key = "15aa6b3f9750f09186bd1f71625dd5c8",
		.iv = "d5e61b55",
		.cid = "aba8a09a5c84ecc1ab0ffa0bb85a156f9cda89cff1b1282d3bde6a96bc801e15",
		.data = NULL,
		.wire = "19fefd000200000000004daba8a09a5c84ecc1ab0ffa0bb85a156f9cda89cff1b1282d3bde6a96bc801e"
		       "15001b000200000000004d2276c0458f93962325ec5e8745ed265c33263a",
		.sha256 = "70153a7bbc39f7e16bee14779400bcd874dd11b8602f513fa5d577167aecc96a",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM cid 32 len 16 pad 1 type 23",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 1, .len = 16, .wire_len = 87,
		.key = "98b15b85ccdfd412976ac68576e758a3",
		.iv = "0c890a46",
		.cid = "fc7e9a543f67dbc0a943dedc14cc692322acbbbd7850dff3e572c544d54aeaf7",
		.data = NULL,
		.wire = "19fefd0001000000000000fc7e9a543f67dbc0a943dedc14cc692322acbbbd7850dff3e572c544d54aea"
		       "f7002a000100000000000043de807babb2d92e89a57bb3d4dcd90f65bca5641fe5eab8719667a86babcf"
		       "c82c17",
		.sha256 = "03f2632932c4e0405db1d00f15c72ede09fa8597a4c454388f5741a94ef1ebcb",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM cid 32 len 0 pad 15 type 23",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 15, .len = 0, .wire_len = 85,
		.key = "4df68015456f55dd692c595b34079650",
		.iv = "e542ef8a",
		.cid = "b3a0918992e41bac7ed31bce8950b31a5f434aad4ea864bc239d78f3ed5e5abf",
		.data = NULL,
		.wire = "19fefd0001000000000001b3a0918992e41bac7ed31bce8950b31a5f434aad4ea864bc239d78f3ed5e5a"
		       "bf00280001000000000001163d462a30b2c5c48bc36187035d6108114b32d3da9428149b832a92ce2c1b"
		       "bb",
		.sha256 = "de656280cee17a93975f8b6119687980a6c1d70d15cbb2573df6502e29b5adba",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM cid 32 len 5 pad 200 type 23",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 200, .len = 5, .wire_len = 275,
		.key = "db27721ad95da4ac9cb12703336f354d",
		.iv = "00eb5939",
		.cid = "18564246bd586f36a7fcb0f5c5586bce2070ee011b2d2e6d84dceb031d623e53",
		.data = NULL,
		.wire = "19fefd000100000001000018564246bd586f36a7fcb0f5c5586bce2070ee011b2d2e6d84dceb031d623e"
		       "5300e60001000000010000b91f8af25955e953576f108788b6b9505cda569aa60c4cba6929e7223de0c2"
		       "e395870b82550e4d9dfa254e27264598029e939253cea9da1b1f2920b1a6f44dd9272f29f3698e682cd2"
		       "b681e137c3235889e9cd387925bb1e5546e55469646f83e4e41ddcbe12e127e1da014944bf7ddeed15a8"
		       "2a9d6b7f7cec17da7639d90bbe2d6d276bb70b3cab0fb9c8aaf3290b32d3f1221242e0c7329192beac41"
		       "26863a83af17f1240038970349ec486f31f623f4cade06c1871dec17b63166e326f31210045d4a56a908"
		       "603264232da7c5df0dabff15c6d7d51de2d8a212b638e0",
		.sha256 = "70a6952a429ab40e15c83b4d8ae0aeded4605d4a6521d5ed9aedad6cd1b9932b",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_CCM cid 32 len 2 pad 3 type 21",
		.suite = 0xc0a4, .type = 21, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 3, .len = 2, .wire_len = 75,
		.key = "84079994f97aedf1ea57ff727c04e69f",
		.iv = "4ccdd3a9",
		.cid = "a2834b23958d562c59562cb4805cc787f62adf05409ab504e16a180c4dcb7033",
		.data = NULL,
		.wire = "19fefd00010123456789aba2834b23958d562c59562cb4805cc787f62adf05409ab504e16a180c4dcb70"
		       "33001e00010123456789ab8f456b6951da1d336aad03030ae08c5460f606fe5951",
		.sha256 = "7151ee1bc072d0e223668772ad631e12e6b24bf90b239e2f64dcda191791d7be",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_GCM_SHA256 cid 0 len 0 pad 0 type 23",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 0, .len = 0, .wire_len = 37,
		.key = "1f9117d2c80841aeb429a08cacca382f",
		.iv = "01a694b5",
		.cid = "",
		.data = NULL,
		.wire = "17fefd0001ffffffffffff00180001fffffffffffff9f80fdc862ba8a05b23de8581d8487d",
		.sha256 = "a6a1771b792c0762845606b1ff638677b7197069f2b41a7dbe85dcbd27e71dd7",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_GCM_SHA256 cid 0 len 1 pad 0 type 23",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 0, .len = 1, .wire_len = 38,
		.key = "f27e853aba22aea549f9cab421a5e285",
		.iv = "41e8ebf7",
		.cid = "",
		.data = NULL,
		.wire = "17fefd000200000000004d0019000200000000004d2c88a9d874667157f18f3abe865fdd383e",
		.sha256 = "22356a677c0acf0372f8abe460e47738152b651eedde6523fd2d76b86300817c",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_GCM_SHA256 cid 0 len 16 pad 0 type 23",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 0, .len = 16, .wire_len = 53,
		.key = "4e7b96a0de40eada5858d69ed010c5fb",
		.iv = "4db4c8b3",
		.cid = "",
		.data = NULL,
		.wire = "17fefd0001000000000000002800010000000000003be07a38fc2bd776738f88f2eb03d4f9516be26b8f"
		       "838bf542e9d1e4bcc9544f",
		.sha256 = "078ed7a0f9854fd9f7df90ea9d0a73a231864e4963f29b37e0c78e6f2f313316",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_GCM_SHA256 cid 0 len 64 pad 0 type 23",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 64, .wire_len = 101,
		.key = "daedf35d649ea1e676deca5ab0f8c17a",
		.iv = "40114de9",
		.cid = "",
		.data = NULL,
		.wire = "17fefd000100000000000100580001000000000001129a4200c9535b53ba5f12f804568358b417fca9eb"
		       "630a2c060446cb304a61b7b36a744002113c8d7b1f57736597a0c0bf44e38e66f56d13da7a0848f8fde6"
		       "0c89f98c6c64e3139ce9ec3722d0bc69db",
		.sha256 = "dfe36bad925bb040351a86b0e27b0b9d998c4ed9ed9209ecec9508e4459b8936",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_GCM_SHA256 cid 0 len 16384 pad 0 type 23",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 0, .len = 16384, .wire_len = 16421,
		.key = "2e1132a683c80c9d39ca8ba939a33b65",
		.iv = "a03b065c",
		.cid = "",
		.data = NULL,
		.wire = NULL,
		.sha256 = "e71bded6c417006e479739d2ff2539ff0cfd352980792de50005644ab6b6efc7",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_GCM_SHA256 cid 0 len 1000 pad 0 type 23",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 0, .len = 1000, .wire_len = 1037,
		.key = "1311a0aa57c5ff5e0b12bccdd779c89f",
		.iv = "b58b3c0e",
		.cid = "",
		.data = NULL,
		.wire = "17fefd00010123456789ab040000010123456789ab7917d200dedea96eddd7bd1b4e1ee9cb1dfa2c65d0"
		       "f84ce07dd5faed518081c68123445677af7b5db22f300fbee4ee3c8486fdddeca1c440cec62bdd0bfb66"
		       "f18aa4e192c7fa17db57d75ff9440c703a6e6fe5b3093e76cc45f061b60b386d8e8eb1f1ddaea58e9667"
		       "1ee92d32669477ae84cc12845fa8fd6bc94ac8d99b6beb10fcfb945089e34e6f7e24e9d25d43dabb5281"
		       "5368fdd806eb18bf19edc7000152ecc58855c28a9fc21cecfe7192cdb5215d2599df30396ede94d43312"
		       "aab90cca5783edfc6dbf2b952cc063474d36772fd603f880ec9e7ba2cfb57199c48de78272620aa42ec9"
		       "d702623f8cd3bf7107b3ffa39e134dcafd2b9985e062bbfc56a3a398784bbb6aea54ebc6376029f345c4"
		       "670e84ba847067691b0fadffb23105c2e02fca81d88759a28630a0ceeae03c1151627d7283ed0a0c9f99"
		       "56404c7113f33d839d9df3c248c845e1bcfd0c3580129067e95a8d42e6c781328dd5c18013d4619fc7dc"
		       "6b9331de791743d1b1719c674084ea90d36abdace8dea0333f7575d79d1ccea3cc8d8230f11e54e75f91"
		       "34ce8150eefd0769d0e8ec71028905df597dedc9d0f1d0cf8542213fea74d5b0323eb82f63a0ce563e70"
		       "7040d06a7d0f85f35cf0fe47ff72a240001e0ecd1e7ed2a1049334e7184e164cc04ca40a1f7c42a7062d"
		       "82001f26dcd690a8ac102f51a430bbc16e5665eeb877ee5ac537059506e121c53313c34c247f87897f93"
		       "00ed40bc3d49f10e7937041f4a93db038634d738fc9e0203d5ff025b498a894e3f7032384622b61499a2"
		       "ce9315eb7981079580edf9163b9239b9e78ff16a620db599a1744ac1614532157c731de2316aca0613c6"
		       "5ab0216093ca63dde105379ad66845091d53fc949b54c7c62f008cbf4b940cc073943ff2073288187976"
		       "a0e03e7e3a79bcb9845f49140ed841fe05b5604a14d479151f2b7a60769476e0938efb00beadc86527f2"
		       "c462bdcb475e962361c9a9b0aecfdf256440a6f12db13bc594ce3d3b756554c38dbf8c81156a297b833b"
		       "042bfb27620f50fea6b9596f2891d64143eab370c7e11eef994cae5962316486346a926edbbc398f2cac"
		       "f08c3fb392e3f2289697d2b56f91da3ce2e878958186d3c45dd29264bc54fb59a29198ea03acc67243e3"
		       "d7028e601bec3a284c7e6586174ac1c8a24c153dbfb2370ac70040338d450d4c2f4626cd5d675e993bbd"
		       "06752fdf276354b1e48cfc0142dde9c847019eb405f476eb86e6bc8d148ea583044ae988064b5db8676c"
		       "ebadde74b93899f15c9c0b3c93b2ac14c8447134b7d01fe9af74a32fb577c4b647c865994a3f698ea22b"
		       "c0c93cc6f2ec3870020bde9eb63b03adde2347c3ce3025a9d0df0f31ce637b3fcc725553c013b748f813"
		       "6fd01b5dc7fa014b7d343c563f7bb0b2d959d6f67ade83e4a2d8b80e66",
		.sha256 = "d1b289065f12bf18afc9db224569c9f6144523baf2c6e28378d0a2bb264cc91e",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_GCM_SHA256 cid 0 len 2 pad 0 type 21",
		.suite = 0x00a8, .type = 21, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 0, .len = 2, .wire_len = 39,
		.key = "924e82bac343b6163a4ad4f086777bcd",
		.iv = "b211bf7c",
		.cid = "",
		.data = NULL,
		.wire = "15fefd0001ffffffffffff001a0001ffffffffffffe545fae3c701ce0490320e1fc988de912c8c",
		.sha256 = "f2c7952da8a79fbd41fedb05474ee0be1109c3ab4a7f9a0907c0aecaab030f97",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_GCM_SHA256 cid 1 len 0 pad 0 type 23",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 0, .len = 0, .wire_len = 39,
		.key = "96c08aa05a64ffa9e9ce7a4e548ebf33",
		.iv = "e316fbbb",
		.cid = "33",
		.data = NULL,
		.wire = "19fefd000200000000004d330019000200000000004d4b6b7bf6fec92b49f3156ffc3d6e4b42ed",
		.sha256 = "996f2f9e1170a17ce4c0f4b4837925eb3a480ea71e881c2b2418c8427331035c",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_GCM_SHA256 cid 1 len 1 pad 0 type 23",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 0, .len = 1, .wire_len = 40,
		.key = "2428a5a885cddf2f88ebf124e6107db9",
		.iv = "cbee56e8",
		.cid = "ce",
		.data = NULL,
		.wire = "19fefd0001000000000000ce001a00010000000000008dc870bccfa227ed9c61f45f14d6a6e1005f",
		.sha256 = "2911e43fd75ed3553c8e69c6ce1fb639c9643f2f7dfc2bdfe5ee787ccd80e85b",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_GCM_SHA256 cid 1 len 16 pad 0 type 23",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 16, .wire_len = 55,
		.key = "923e537a421936535d82f1162c4a8e86",
		.iv = "5799699c",
		.cid = "ca",
		.data = NULL,
		.wire = "19fefd0001000000000001ca00290001000000000001cab97db361c3ed8ee39ffed2f90e67e28d83a35d"
		       "b2660be4f1eca145b076ad2196",
		.sha256 = "fba2000b3b8a392c233f83fa4e3abffe13188ec93f1edcbc10341682e9752d71",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_GCM_SHA256 cid 1 len 64 pad 0 type 23",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 0, .len = 64, .wire_len = 103,
		.key = "f8f3ad5d7fe6220d1a8b893113b9ef90",
		.iv = "fbb22ea4",
		.cid = "03",
		.data = NULL,
		.wire = "19fefd00010000000100000300590001000000010000d3f3419ba25bc8707029426c5369d7d7646e4973"
		       "7018e7087e39f9c6cb81d999e35bf681767a5a686fca53476a08c23e1fa450b398d2758b36a3248e5f4e"
		       "cc6570f3a7a202c95dad9a7df9a3dcce3986ac",
		.sha256 = "9f5658a011b4934d87d8200ba741c593fdca36177a6fc4b4771024b71806b439",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_GCM_SHA256 cid 1 len 16384 pad 0 type 23",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 0, .len = 16384, .wire_len = 16423,
		.key = "324bd6fd0091fbe970909f6fc9a5cf08",
		.iv = "e10d539d",
		.cid = "3a",
		.data = NULL,
		.wire = NULL,
		.sha256 = "49351f0e69fa21bd9cdae4ebbc508eb76df82f3f277bc67c9a2329dc67a1a39f",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_GCM_SHA256 cid 1 len 2 pad 0 type 21",
		.suite = 0x00a8, .type = 21, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 0, .len = 2, .wire_len = 41,
		.key = "e7bf1815e603c58661af38ba99f15b58",
		.iv = "e08482c5",
		.cid = "d2",
		.data = NULL,
		.wire = "19fefd0001ffffffffffffd2001b0001ffffffffffff3030b7d7dfc6059b5c3d2b5ae38c62c1891d69",
		.sha256 = "0539bb1bc0a811d4c6fc88a9bb0b5aee1db95de69094bf103bd62f8956e77b43",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_GCM_SHA256 cid 1 len 16 pad 1 type 23",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 1, .len = 16, .wire_len = 56,
		.key = "00072be87e54151e161893c9ee47c147",
		.iv = "cc60e31a",
		.cid = "91",
		.data = NULL,
		.wire = "19fefd000200000000004d91002a000200000000004d060946a7909891dbd99bb8a8722c20fde11071a2"
		       "214ac9b00932f8c9336192db9b00",
		.sha256 = "b808d64915fc89f41f709098bda1fe492fa9e547a924c497274dbf7c3347f62a",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_GCM_SHA256 cid 1 len 0 pad 15 type 23",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 15, .len = 0, .wire_len = 54,
		.key = "d9204a2c4b0015268895fc03c2d0b372",
		.iv = "dd914e01",
		.cid = "db",
		.data = NULL,
		.wire = "19fefd0001000000000000db002800010000000000004a6c9a36a778ad7ad8595238b5c20df90c61e833"
		       "e8b507441821d3da6814f0d2",
		.sha256 = "013d5588400166e5b9a2f2472fa562f45344239ec7073e73ca25a7b0c0ee925f",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_GCM_SHA256 cid 1 len 5 pad 200 type 23",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 200, .len = 5, .wire_len = 244,
		.key = "9121906cb6f17520a33d3ea6c10e9566",
		.iv = "e8cc813a",
		.cid = "5b",
		.data = NULL,
		.wire = "19fefd00010000000000015b00e600010000000000018379ce0fa461af0329904a0b2a859de312f496fc"
		       "0d13f7d26eeabf60c9c5a8e4d8d8b54f9c1435114fbd09c8f16e6b24a0820fba27ab3e1c097204296e12"
		       "9ba6452a9a3721e6b8448d74a7f38d64829dd6a829b044d7aa07627d73ffe0d27223d3d538e3f6476d5a"
		       "fc33e8b57a5d917c1785d4ce1eec3fe3f87dc1ebdb4852804e3d462f267cb519f86ca6332cc079fe6100"
		       "828edf9dcba90c6c5f74a07084c9a0db3bb21321cfcd81b54270a0a58938463948b13e30f6d224139e7e"
		       "998302c5ed73a80db54ea7256c171367131d333370f00f5c6afef65764f145291e82",
		.sha256 = "319c21fc96ee7e0b20f29fa407e735bbd5c081d329a2c9f83d60c37cc81887c8",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_GCM_SHA256 cid 1 len 2 pad 3 type 21",
		.suite = 0x00a8, .type = 21, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 3, .len = 2, .wire_len = 44,
		.key = "7cdb9b3d224f258683a9803e471cd65e",
		.iv = "7cc47e86",
		.cid = "47",
		.data = NULL,
		.wire = "19fefd000100000001000047001e0001000000010000b38eefc63fc3a5a6bc6892ebbff65744227aba42"
		       "852f",
		.sha256 = "d351899994ab0a238764c573f1ecf4ac4ec4fe348c639e51b8d81968d9baf8f0",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_GCM_SHA256 cid 8 len 0 pad 0 type 23",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 0, .len = 0, .wire_len = 46,
		.key = "bd1ac08a74d4b47709a15d71efacdf3b",
		.iv = "77568920",
		.cid = "94f296d6a409c307",
		.data = NULL,
		.wire = "19fefd00010123456789ab94f296d6a409c307001900010123456789ab5b9750d1fb09fee40822171942"
		       "0bf9c0bd",
		.sha256 = "387594a5e24c142780dba987398c86bfe6d7556c5adf7d41ace36ce6571e5068",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_GCM_SHA256 cid 8 len 1 pad 0 type 23",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 0, .len = 1, .wire_len = 47,
		.key = "8787c33e37cdeb2bf722f879dac2cfa8",
		.iv = "16905f3f",
		.cid = "fed076e2f28c89d8",
		.data = NULL,
		.wire = "19fefd0001fffffffffffffed076e2f28c89d8001a0001ffffffffffff56a17d573d46d757c37df69696"
		       "122cf8e2d8",
		.sha256 = "09da7813f94974a7cd4511dc399defe0b47d2d91621561ec87bb488adf8972c6",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_GCM_SHA256 cid 8 len 16 pad 0 type 23",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 0, .len = 16, .wire_len = 62,
		.key = "8aec562e7a561141ff12cd7cef1b7d2e",
		.iv = "dd0a71cd",
		.cid = "1e25e47285ba7d8d",
		.data = NULL,
		.wire = "19fefd000200000000004d1e25e47285ba7d8d0029000200000000004d4bdef6c0ff7fbf0ccb7e34cc67"
		       "7ab2de019425fb784f0973296df30a7e3dd6bdfc",
		.sha256 = "76e3c2f6fe3eec02050fa1ed781ca7ee407c10a7ed28a316722a6dda0140b469",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_GCM_SHA256 cid 8 len 64 pad 0 type 23",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 0, .len = 64, .wire_len = 110,
		.key = "f06b17cbf7f32a96f9e4d5e82bcc341c",
		.iv = "b413e1cb",
		.cid = "3687bc8be6b2e0a0",
		.data = NULL,
		.wire = "19fefd00010000000000003687bc8be6b2e0a0005900010000000000007b7b3eaffefc956cb9f3b61ab4"
		       "e8b75188286f660ba2bb95c2667a63bf0a1ae6aa2fb29892719e91dbbdb4c505bda0d3e6a4c297e82adb"
		       "9181fe90ad7fddd2229c617a1189a5df67c705be625090de193a",
		.sha256 = "5fe9ffcf1140d86104a680ab5a5900a39d1e3031dd575a7644f718786814fcdc",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_GCM_SHA256 cid 8 len 16384 pad 0 type 23",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 16384, .wire_len = 16430,
		.key = "f4ac1ee3170062151e5954dd21c8e1b0",
		.iv = "32650598",
		.cid = "bf6edaa1f4ab42f9",
		.data = NULL,
		.wire = NULL,
		.sha256 = "fb5af728337e519801dff09c44b9092759fe03c3fb1a4aadfe7114e5dde2e0f5",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_GCM_SHA256 cid 8 len 1000 pad 0 type 23",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 0, .len = 1000, .wire_len = 1046,
		.key = "d9859596f5b41f3c7fc5bb86ac9c5ea6",
		.iv = "56d0475d",
		.cid = "17ba2775c0b3e36f",
		.data = NULL,
		.wire = "19fefd000100000001000017ba2775c0b3e36f04010001000000010000dd1508345f24f8a97c7c88c92a"
		       "f5eded125f7d2d2b6539ef1c8d7b1186988ed09175305bc70bd7f913dc0ed1facf7dc9025721172f0963"
		       "e36f19a65eaaf7f03bf7ff6c1aede806d5a7f5183cd0be90533dc078f79008e7b6ae5e4faf388ab0e195"
		       "014f11b55839caf07e76d75fbc52de4168c383cd93eb5bf8bcdc2312c6a66fb0d29dfd0bf78c60e9391c"
		       "933ecc6be6532f663986f031df859babf649b9253a19048348fe7031fd84e47a2cfbf104537eb8cab69d"
		       "dba1fd9ea30a3495a1221f6850901694929bdf22191263ff932dde6de02c1fde7ce45c740c644ea8a8fd"
		       "3f7cb050c7877a661b18c51b3a003837ca7c94658e5b5eeaab9836067c70a0bcd399707792e465bcefc9"
		       "ff2c63fd7f96771fafff3211c28eba71c4b0d2796551bb1accc9c22325f1cf451a4420a89e5949b80bbf"
		       "aafd6a23a14cb444f88d551f547085769089748eccddca8344484d27cdc281cb5b69810bb04d6fd5f548"
		       "ad79de072b48cfc2114fcb05ea013372c6bce9de6ce64498f2e3c744a97051c01b9b7639035249b96cfb"
		       "9b0efbc988624c137623037657e00d64b193be49f3b79b6746b6b49b428ba2b596559a4026473c0933b7"
		       "c61fdf6d070eb4a202b2b32295fd74d638c082e44e66efe980124c3e599d4b277c50e1b02410c7abdcba"
		       "4726b49ac33f947cc22830440073a67b39e4750ffae804e4bc8aa6088bdac303bd810fdfefc11039a06b"
		       "51cb2cb9a430e0f805c54e5c2e96cf043d4c58ad572d85032aba29e54213f18fb75e6641ed2c87b6d1db"
		       "c75eedc2ecaa24305cb8a0464a157c3378c160e8fb8a8dea0eccf8de3bc1ce4ec877054ab3c3def47e82"
		       "11672b31c7b91817b133899f7806a2dfc5b20232f76e62b10129675c378fbc8a49eb20a63365a89c1305"
		       "58c82e201b04930d1107c2bc05b662280f14c8b471af6ded2cf1b9ec2aceb258c99818f2f921072c7529"
		       "4d2b9ff3722a147d5e61d461e9011d13e0a8e74fe0ba88ecb069f4f67bc24d32a7ac86ae491c523780e1"
		       "b4929c6d99ca85feca119b760113103e07bb22f5b4ea496af5f086382fc4575e282c407de9063e5877cf"
		       "19369369aa618b560f7ac6a7f3d1167fcaa1d1209b571dfd1234300efd50b3b0693b5fbf95f1f2a7a217"
		       "41e266f1b595d50266f7086d210845788966bca816812c29c5ddfc0405144d6322f77a8fa6b8d745a774"
		       "26efb36998d98dbc99db2b98d735172635393b2b571c7629dee98530a600a598cc6d2dfbd5c809f9d5d0"
		       "9b8b2f2baaa39e718e32f74ac6218d32d64939a08e5ba71f06a4da256ad5f87113b17a8cc51393f6ec1b"
		       "40c6504c8e94dccf7170830f3960711656243865c147838c385d488f711bcd468baced73edc683e6832f"
		       "e11c08e7c8a96faec2c4625d55eb91da1e3370701d3f394b6913fa8d8ede9f63389f07d6f48f",
		.sha256 = "326af082803e5547251c3a62132f6ec549ad4d9a9910f4b5f602c4522c312540",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_GCM_SHA256 cid 8 len 2 pad 0 type 21",
		.suite = 0x00a8, .type = 21, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 0, .len = 2, .wire_len = 48,
		.key = "1dd926ad3c50ded5ad02627986ee4a74",
		.iv = "95a5624e",
		.cid = "e868d11a6e535ca0",
		.data = NULL,
		.wire = "19fefd00010123456789abe868d11a6e535ca0001b00010123456789ab91063705633ef85267c61f1ec9"
		       "224a692dff0f",
		.sha256 = "161fd1515182d9130364f0e2ebafbc0f789409e273b02cc2b91cfcbb642fe8b1",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_GCM_SHA256 cid 8 len 16 pad 1 type 23",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 1, .len = 16, .wire_len = 63,
		.key = "7ebad1df98ab011b8dff67c4a99faf8f",
		.iv = "ba41de0b",
		.cid = "9086994fbcb9019e",
		.data = NULL,
		.wire = "19fefd0001ffffffffffff9086994fbcb9019e002a0001ffffffffffff6a482289ca54006e8d05f22036"
		       "68f4897b3fa80da076cebe16ba35834502c9cb167e",
		.sha256 = "78889aa03567a5512dfd3634893666062ed16c51a38e541619ee22d9352fc827",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_GCM_SHA256 cid 8 len 0 pad 15 type 23",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 15, .len = 0, .wire_len = 61,
		.key = "1ac5908c1d2c0e5b66fbbdf0d9692b2e",
		.iv = "43db24ee",
		.cid = "b6e558312456fcf5",
		.data = NULL,
		.wire = "19fefd000200000000004db6e558312456fcf50028000200000000004d8b74519a0596d097a1b1261b8a"
		       "7e04151d59818f1aba51683ba5c21edf85879b",
		.sha256 = "3f543dde1e2e562094738c9ffaefd96a95ef61002c12f5216452112bc5814351",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_GCM_SHA256 cid 8 len 5 pad 200 type 23",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 200, .len = 5, .wire_len = 251,
		.key = "2c926969b8343b29ae321c1e3fdc56e5",
		.iv = "f606e51e",
		.cid = "b505f02ec124e52b",
		.data = NULL,
		.wire = "19fefd0001000000000000b505f02ec124e52b00e600010000000000003d9105b4d36b7d3c8d117340a2"
		       "1688a96add5e7eaf8b5cdd2e4dca5e1f3396777777ee16fa679c4060546d86b54ef2f0b0b58c5754bf6c"
		       "8695c7a28787aa552e70db10bc6b062f104fb49800192a9238d14e51d4217540b3d29c8b3c4bfe55c664"
		       "889a4afcb09571e128192dd02c4b147c35b63f0431828e1fb7b743d274c9fa1c39f6b5ad412f3bc36891"
		       "5d5af754536da05603a275085ab6fcbee49b11fa8c98282abbf850fdfda55b58b342c93bfa819df02533"
		       "fab82b76b69b97d22be70ce6e0ef0fc87f894eaa01fbfba231c8daf86439d06b1299093b9ef82f42c1",
		.sha256 = "170b6b872c06982e281f37baf306b61c5f38cf63a07a9b983af6d53aae404a91",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_GCM_SHA256 cid 8 len 2 pad 3 type 21",
		.suite = 0x00a8, .type = 21, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 3, .len = 2, .wire_len = 51,
		.key = "c181b0796030d17b2cf342973ce087e3",
		.iv = "8a8a7c0c",
		.cid = "74ce33c60b04c979",
		.data = NULL,
		.wire = "19fefd000100000000000174ce33c60b04c979001e0001000000000001b6092e2b90143a9605e7414df7"
		       "589c089aced56a59f3",
		.sha256 = "adffd84df3fcce2cca30dd06e1e2e6858435dcb02c6a83865b67fcf4c9e4ede9",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_GCM_SHA256 cid 32 len 0 pad 0 type 23",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 0, .len = 0, .wire_len = 70,
		.key = "edfcfa1885965ded494558a50f46c22a",
		.iv = "a5722992",
		.cid = "8178a022676e0ed90224a95cb036ee8dd39cbeb8d0b905d2a7ce36cf031efc32",
		.data = NULL,
		.wire = "19fefd00010000000100008178a022676e0ed90224a95cb036ee8dd39cbeb8d0b905d2a7ce36cf031efc"
		       "3200190001000000010000879924021134e25b35d434965ae5146a92",
		.sha256 = "c0b811cdd08cbcee354c9e119fe0b7a4346b6358fdb7f35e2f7ba0cd3de1fa00",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_GCM_SHA256 cid 32 len 1 pad 0 type 23",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 0, .len = 1, .wire_len = 71,
		.key = "9292cb96daf9a7c3930787b147aa1fe5",
		.iv = "e6037ea8",
		.cid = "f0dfefa7502adad0f21f08f7e4292381ece134d7366f6d297b80dace19777385",
		.data = NULL,
		.wire = "19fefd00010123456789abf0dfefa7502adad0f21f08f7e4292381ece134d7366f6d297b80dace197773"
		       "85001a00010123456789ab43d679dad97b93b7fafea3ae39b7017472c0",
		.sha256 = "3437938bc0c2735f00fb94f8d6189d7c5e803bbad916d261faea0c9f595625b7",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_GCM_SHA256 cid 32 len 16 pad 0 type 23",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 0, .len = 16, .wire_len = 86,
		.key = "9260ecc112584a3c45e79b8b932f1298",
		.iv = "a25922dd",
		.cid = "75dc13e25610d8c517c0fd29f31648f66ef6965b90d5815a53561fdee6ce9d10",
		.data = NULL,
		.wire = "19fefd0001ffffffffffff75dc13e25610d8c517c0fd29f31648f66ef6965b90d5815a53561fdee6ce9d"
		       "1000290001ffffffffffffaade65e0637ba7959327d78a937623a279fd5cf632d9f468260c138f521eb3"
		       "b71e",
		.sha256 = "fdc7969654a844cf4ecc3dd679dae477b02e1db184e991cd05426e8bf0195f06",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_GCM_SHA256 cid 32 len 64 pad 0 type 23",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 0, .len = 64, .wire_len = 134,
		.key = "fc33b93bffedd82c01272b45a5ae22cf",
		.iv = "4b136f3e",
		.cid = "98d226e111b3a0b699d65c2bb1bd5b8194a5249ef6f8ea9424d38a8156d7527b",
		.data = NULL,
		.wire = "19fefd000200000000004d98d226e111b3a0b699d65c2bb1bd5b8194a5249ef6f8ea9424d38a8156d752"
		       "7b0059000200000000004d333f30d3709bcde921c8f03ad0ae717f2de648983bdd63e97bb6151a80cec5"
		       "fa3864d62b2cf26ed6b6aa402c298350aaed1e0384ff94a6e389659b97d64e347fbecc8371a0fc72c563"
		       "59395fd31f70dae2",
		.sha256 = "a86e9176c30c96d328f8ad096b87b97de4d7ac2411781ed8854c1cec28ddc2c2",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_GCM_SHA256 cid 32 len 16384 pad 0 type 23",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 0, .len = 16384, .wire_len = 16454,
		.key = "da718ba9a587146c792b717d4c0fa626",
		.iv = "6a6dfeac",
		.cid = "561a49dc2b3185a89d987ab38d5acaaabf47c62d0cd26f8d7a8207859d6b5cdf",
		.data = NULL,
		.wire = NULL,
		.sha256 = "b69d72e9150d6f810304da85624d7b32e868f000e6735e52bbdb756a6a4dc09b",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_GCM_SHA256 cid 32 len 2 pad 0 type 21",
		.suite = 0x00a8, .type = 21, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 2, .wire_len = 72,
		.key = "1d0f9ca6f0ba8de2ed25945db2577ed9",
		.iv = "bcf62cbc",
		.cid = "7a76ef35381871e4ca069e276fccc6c6cd74fb89ad7214ac03cd2198f3cbe5cf",
		.data = NULL,
		.wire = "19fefd00010000000000017a76ef35381871e4ca069e276fccc6c6cd74fb89ad7214ac03cd2198f3cbe5"
		       "cf001b0001000000000001ab0b3ad3364fd38f7021dcc4fbb322f3f3fee8",
		.sha256 = "9410d49e2ae7279b9ef0fcc2f794527f3eb7ae525266e5709af5ed5b2a9d82f2",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_GCM_SHA256 cid 32 len 16 pad 1 type 23",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 1, .len = 16, .wire_len = 87,
		.key = "b534d6ec10142039a2a79fedc6fb53a4",
		.iv = "058de54e",
		.cid = "a2cbe391ed34da3472cde04c8d084af408c9fa3fe68a4d9230e25a18943e4117",
		.data = NULL,
		.wire = "19fefd0001000000010000a2cbe391ed34da3472cde04c8d084af408c9fa3fe68a4d9230e25a18943e41"
		       "17002a000100000001000079013a7aa26c7844ca7ab2be3888dbb20116780d9f32068eaa4e9b6de6ffb8"
		       "d9d2d6",
		.sha256 = "b23511b683e15417c6a42c6adfcc271ec8e338a4940685b815e6d4761491c9e6",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_GCM_SHA256 cid 32 len 0 pad 15 type 23",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 15, .len = 0, .wire_len = 85,
		.key = "f10703b2fd801082a4c4624e4d6ed8de",
		.iv = "a7834eb6",
		.cid = "912bfd15a0c1953b0a056e0cbd2d42b6b5dcbeec435c28733c28aeb5012986cc",
		.data = NULL,
		.wire = "19fefd00010123456789ab912bfd15a0c1953b0a056e0cbd2d42b6b5dcbeec435c28733c28aeb5012986"
		       "cc002800010123456789ab0e3b660a6e25f1a8bc84a7d0094cd1897c4283a87d0156df6c06860cc9916f"
		       "65",
		.sha256 = "b203882c4caaa671040b209fc51c747a8a3abb619df421ae13164c66b3f9ae82",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_GCM_SHA256 cid 32 len 5 pad 200 type 23",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 200, .len = 5, .wire_len = 275,
		.key = "90a7aac26845e7af65f0a2a6fbe30e76",
		.iv = "955caadd",
		.cid = "6ee421f70d170eea456f6a5748fd2f094c48f453aaf0b2a0334ee9fdc15b327d",
		.data = NULL,
		.wire = "19fefd0001ffffffffffff6ee421f70d170eea456f6a5748fd2f094c48f453aaf0b2a0334ee9fdc15b32"
		       "7d00e60001ffffffffffff21f9f08c482e97d8f4a7324a4cbeb8ad993bbf707f72f59c9b20eccdf5d5ab"
		       "79d75d501bf623c78c4417adc96ae43032f1d1649779f3542fa7b14b2a1654e60122a0279bda9d2259c6"
		       "65fd56c01d27e7e1a314cf1e3cc18f80fc0133df551c24b4427be93705779fbede14eea7df1f6e557dac"
		       "c60a9c4cbda3b4fe7b69ac3ad11f52bfb045c651976e4294267a18f69cb21be456f90ef9c920b301c9e4"
		       "0778c6c8eb2010f61fca5b7bac89eb92be9328642e63682578a11ed99571256be6264a5e2d854d38e368"
		       "54e97c6acdcde864abe82e5eca166eb476e817e307cb92",
		.sha256 = "929e4247ed09209f88b6a59910e20d22de94d80f93b218fc5486c769eac8360f",
	},
	{
		.name = "TLS_PSK_WITH_AES_128_GCM_SHA256 cid 32 len 2 pad 3 type 21",
		.suite = 0x00a8, .type = 21, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 3, .len = 2, .wire_len = 75,
		.key = "18c0babcd081306550984eb463812c98",
		.iv = "af5dfa24",
		.cid = "ca9cfd59aa2352d6e7bf8a3683154dc301fa61824fd92310727333ea6dd49719",
		.data = NULL,
		.wire = "19fefd000200000000004dca9cfd59aa2352d6e7bf8a3683154dc301fa61824fd92310727333ea6dd497"
		       "19001e000200000000004d0c4ed047a99b33a6b7bda436a426e09580fa4635c59c",
		.sha256 = "64678fca782e0712eec608068e625f2cda55b795bafb63497844e9d5976e21a7",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM_8 cid 0 len 0 pad 0 type 23",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 0, .len = 0, .wire_len = 29,
		.key = "e500986d5d8b45d0681feb4963ac64bb92341ace0cebb7aa20fcc863287981fc",
		.iv = "826b309d",
		.cid = "",
		.data = NULL,
		.wire = "17fefd000100000000000000100001000000000000b38c662be9db53dd",
		.sha256 = "63ea9157e7243446735d1f4789c6f35e04bcd20939c75d32a7b0f8d432269c22",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM_8 cid 0 len 1 pad 0 type 23",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 1, .wire_len = 30,
		.key = "d7260647b73a28ff901b76d18878e68ef079645c4851f56c80e9529cea3c653d",
		.iv = "bfa4062d",
		.cid = "",
		.data = NULL,
		.wire = "17fefd000100000000000100110001000000000001e74a46c7812f4c1cef",
		.sha256 = "a1fc95cc82876814bef6e93259a51de8bac730241e2755ce17a31fe3b4524cd1",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM_8 cid 0 len 16 pad 0 type 23",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 0, .len = 16, .wire_len = 45,
		.key = "79f846b90dbdfcd919b644e769ed0cca10f28fd9d2533c5fb5bec2c58e8b88f9",
		.iv = "126fe61b",
		.cid = "",
		.data = NULL,
		.wire = "17fefd0001000000010000002000010000000100007f9d4a10a84121af9ebcd244c7a6546c53328506c0"
		       "dde5f8",
		.sha256 = "b30fc18324250ffa41d170026f20f0eccfa1eeb2555f96f91dfa99c173b77193",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM_8 cid 0 len 64 pad 0 type 23",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 0, .len = 64, .wire_len = 93,
		.key = "9def949248926bbfea58998e9911905334a96f78ed8a881d5919c0ec7c21c694",
		.iv = "f939966e",
		.cid = "",
		.data = NULL,
		.wire = "17fefd00010123456789ab005000010123456789ab151d8fab08d3772ce515a8e7c044988675d26a2092"
		       "0f4f445593131ac46225fc90dd934ea4ebf546e1ba4fec33b3bd2b17d43e80745a3a0d1c387a69944236"
		       "8d7895d6f18113e205",
		.sha256 = "d686bb55e67577e4348bde0da65c7a3eab945e7835670236283134997f76f00b",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM_8 cid 0 len 16384 pad 0 type 23",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 0, .len = 16384, .wire_len = 16413,
		.key = "93db7a470f447264f319e66d58c237a69a344400dc194a8ade810d8d113289b1",
		.iv = "fbf3e284",
		.cid = "",
		.data = NULL,
		.wire = NULL,
		.sha256 = "aac28d80502972c78adbfbeaab776eb7549bbf3f029658b6594cce65336d8492",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM_8 cid 0 len 1000 pad 0 type 23",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 0, .len = 1000, .wire_len = 1029,
		.key = "f8115f00537551d76ddbb1c36ecdaa54d093d9fcc083ebc57224a2e0047615db",
		.iv = "4af4b91c",
		.cid = "",
		.data = NULL,
		.wire = "17fefd000200000000004d03f8000200000000004dfe1bbd96ff29af5f6d05d14e4bef8aed8536111743"
		       "18410ae64de8c9eaa72403e597ef3a4e9d550ab18d3c1d9712a7dd89d74a471eedf9dcddfaed4f88c190"
		       "f9bf5e154040ed2744d6339adaec590f051ad5ae2e0a688e1237ba3e7d4b22fa903aea7a82973ba3fbbc"
		       "4c2d5547ce734bf5abe8541868d6d5e31d9b9081f0b6ef67895068f65156d06461e87cf253bff3dd3249"
		       "a65c20dd55b272a9e285490c552019f26d09908d2ec7baf0429a9f37226cda1caecc4192394bc0c20680"
		       "26418883570462ba82be6dee4fb09dd1c89939606f34609f6c98ff0fe583613ba55aba1f69be7f025348"
		       "8d085c3894ff814c9e6a9b77ecdf3455260764b86ffe9795c5a582b029911fb02843f235e3711c229204"
		       "2f2f730a73e8bd4ddd32488bbded7f967fb40e5e8801c598e48c36b640fe3ee2d85c6231e3d378e6b8b0"
		       "8ab836a0ba98df9436f774c782157a09a4518db9afc490c8a3959c238def3c6404833f92b9011c069b53"
		       "e9854ed03455e8551d7a834eb2b9f3ff6b8a533ce6a1b46fb43ec4f5d63a56f335024addf6a536b078be"
		       "bc94e156e9e1979b85c31e3b2402862f54c8acbec7e90cbbeb73d00c4b287bca1e66be8e24a278492f62"
		       "e5dfdd861a464a340875f34e3ad0434a329c32e3a8c83878d8cbcdd5af98691773a94722de241c9cc7da"
		       "05fa72c58e723aa997ef2384aa09b97dac56970afbbbf69274fbd50c1d216dd4e8fb62b66a9d9fbe0ab8"
		       "d146202c18905b638ce353bd7c1a9ceff6d06cbed8c320fe51088b02752b47cfeaec4f21e496610e56e1"
		       "a422fe04e36c3dec28a3fb6b54383afc5237eba4a3854711cd2bc4329b34792571097252ef854955a024"
		       "4ee464655756d9aff341a92f2c1c7765459f83074fb3078a9a7065d86c6f05b605efb17d459d7bacc655"
		       "1ef19ec3fc263c01b5f7b480b140b67fd654cec15657e4033ea827ddd81c96aabe4e98830b31c95e28a5"
		       "30f1c5a77f8098dcd36deecec90732dd7fd017119daa17922693790c9a8b7cf9e34232877cbcc91b497f"
		       "f1823345abc5677165b62abd22e15de4b3e85d64aab6d910e7f01162c92bdd1fb4eabd8e7bc8ed0f7fe6"
		       "72f103bc7f3527c5b7084e9a63c791633c658dd1e5ee6634518a87845e48a42b055291f71dc7c386dae8"
		       "07fbfa3195601a167428c89d50fe7172d5e81cc04e3bc3add316776e72b64af6cf4d116a82720150a58f"
		       "be977d595db76a6d488b2e2a30a9fc109104582165e25af4be4f2734324bae98d6531dfe2febad960186"
		       "baaecfceab27db217a0d2c9a53990c13f2a9a752cdb8d9fd57824406494b818228b64ac9e293220dcc69"
		       "37b202a5b029de5d9f8fb608ac176e3b861f75856685f4674f58eea34940a1e00fe011593d245ce8f652"
		       "f57450e374a98350ec6b28a3caa0a4e0b741c25b83",
		.sha256 = "c92937aae0861fe16f6605ac83072177acf2508efd3d9aa1a5c582f5c5c9c0fb",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM_8 cid 0 len 2 pad 0 type 21",
		.suite = 0xc0a9, .type = 21, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 0, .len = 2, .wire_len = 31,
		.key = "6d8492249f1d2d331432703b015daca0a84c6e10f5d9bc3bfdce553c3889889a",
		.iv = "6766049e",
		.cid = "",
		.data = NULL,
		.wire = "15fefd00010000000000000012000100000000000039b239ef0faffde0055a",
		.sha256 = "7219704e0a0dfbfba12ecd0b5297a43eb35050203d48fb124aa91ceb2c79dadc",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM_8 cid 1 len 0 pad 0 type 23",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 0, .wire_len = 31,
		.key = "ed3668f46fccca7492464959b0b8bbb876b3fa9ac1cf9378e0dc862e467829f0",
		.iv = "19071252",
		.cid = "a5",
		.data = NULL,
		.wire = "19fefd0001000000000001a5001100010000000000017629cdf46404aa9fde",
		.sha256 = "034dbb6f5c9fd419669bc42c6335b59ad7aea62fb904506e10ede159fca4dc12",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM_8 cid 1 len 1 pad 0 type 23",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 0, .len = 1, .wire_len = 32,
		.key = "a0df1bf45e86294a121172e48f30f6906f9956bc5f2cdb5e54542ebfa5e2162b",
		.iv = "c314dad4",
		.cid = "9f",
		.data = NULL,
		.wire = "19fefd00010000000100009f001200010000000100000cb0d757d6b8cc22a0de",
		.sha256 = "1ed3585746d622f93c4c5568d9c273faa0327105e4dab924e6a3d5c8bed55876",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM_8 cid 1 len 16 pad 0 type 23",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 0, .len = 16, .wire_len = 47,
		.key = "6339b0d0d2d92b104f1870c6e22baeb729dd3cf1e4086494e2ef6b6ddde2fd49",
		.iv = "a9490ca6",
		.cid = "f2",
		.data = NULL,
		.wire = "19fefd00010123456789abf2002100010123456789ab68c50cd82a2fcfcc8a52495f3d3035c1f8b26f31"
		       "0649b94e39",
		.sha256 = "bcca566bd8fe08b60b074e7b155e8005a83b854c97a3123a96b79d25c5610e5e",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM_8 cid 1 len 64 pad 0 type 23",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 0, .len = 64, .wire_len = 95,
		.key = "59c5d53883931a0ab2a38777db5b94ef2921876282a4909dedf668ee4f0bceb6",
		.iv = "bed3242d",
		.cid = "0a",
		.data = NULL,
		.wire = "19fefd0001ffffffffffff0a00510001ffffffffffffde7d6c1993700316c3e1c12c4871e3c6831e917a"
		       "d623b1deed70e808b24f19d76e460e70244538e5199422048a649e0baea704ac623cb0160180fe78d250"
		       "fb91d32af49d9a4efb167d",
		.sha256 = "5b22c6bf02cb86efe71f637a2086cabef3ed02d3d06698d34d1820cb2573d14d",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM_8 cid 1 len 16384 pad 0 type 23",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 0, .len = 16384, .wire_len = 16415,
		.key = "48791ddf635dd1a54deb2655b379e1c7b577d894ab79a12d203be202ac7d74bd",
		.iv = "465ea373",
		.cid = "39",
		.data = NULL,
		.wire = NULL,
		.sha256 = "c9eec46f8a42e20c62d951ac1d87dfa1203d6f6a83e37c00315dff44e21a51b4",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM_8 cid 1 len 2 pad 0 type 21",
		.suite = 0xc0a9, .type = 21, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 0, .len = 2, .wire_len = 33,
		.key = "6fdf940bb2b0e9cd8250412d33db34601fe2c35ddaf67ebdb612f0cd3bd5fe42",
		.iv = "c82eafd1",
		.cid = "8a",
		.data = NULL,
		.wire = "19fefd00010000000000008a00130001000000000000a5e111a7bd5c8f4f27b402",
		.sha256 = "5c8be64044dab512a63fcfa3078ff9f73f6adc66e4d14e786af27324354c9bac",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM_8 cid 1 len 16 pad 1 type 23",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 1, .len = 16, .wire_len = 48,
		.key = "75b6c109042a5f7540eb9931c5d4a0ea9a18888b0ed0ab23aa915fce485ff2e6",
		.iv = "6a6623d4",
		.cid = "e6",
		.data = NULL,
		.wire = "19fefd0001000000000001e60022000100000000000146cb62411c721eb6b30b9cd8f12a175f3f92f7f9"
		       "b370324d628f",
		.sha256 = "14ea15914949728f79ecdab32b5fceda16823866762360d66538c441765b87d6",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM_8 cid 1 len 0 pad 15 type 23",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 15, .len = 0, .wire_len = 46,
		.key = "b37880449750341e2e7cd2ba920e01abf5b4a861cc863799967f29441444c954",
		.iv = "45a82e44",
		.cid = "41",
		.data = NULL,
		.wire = "19fefd00010000000100004100200001000000010000e7bb19ab138c9b557408a9312a5856e5a1de5872"
		       "05614713",
		.sha256 = "83020593bfed4a4d8bc87c814e31f91681e5e2f13bd8684b887f20727fa255a3",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM_8 cid 1 len 5 pad 200 type 23",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 200, .len = 5, .wire_len = 236,
		.key = "0f461845350d4a3ab13ea41740bb55c71db7c35c2dc4a0919e9529ec3815bb27",
		.iv = "5320a77d",
		.cid = "2e",
		.data = NULL,
		.wire = "19fefd00010123456789ab2e00de00010123456789abc9bb3ef47b45fb6558335a6aae2125452bd759f0"
		       "eb39fb0a1cf00d41bbe9bc0ea22fd8e51e42907802465ec5c0b4f416fd402db6492a472262db7e207bfc"
		       "f28168b378ff213a6c5c9167830b165a014e7c6691da6870f334a35a910d63a1ea6b9be0390eb7dc291c"
		       "1aa7c79e2833666eddb734edc0f1962453fdc6e248126f11fae1110731ec048a9b7c7dfaa499fcb5359b"
		       "7e4b7edb9c29bc5ee8c8b85aa63735d9b22f1425554c5471907e85c32ed81706293f11b2586cec620942"
		       "f461a339477caffde5aeeb3ea4ed1e7328fa564e2d97fc5111d0",
		.sha256 = "2ce14c35ab3167c4d7f4295f55b646d893ab2e276997f961dc275b577a383716",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM_8 cid 1 len 2 pad 3 type 21",
		.suite = 0xc0a9, .type = 21, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 3, .len = 2, .wire_len = 36,
		.key = "783bef4db624aab9d1a7ad07ccfaea6f9d3b03c6dc80e8ebba3f8003b5a39b66",
		.iv = "f8475608",
		.cid = "ee",
		.data = NULL,
		.wire = "19fefd0001ffffffffffffee00160001ffffffffffff0ea13a23fcf910fdfd75ece25e48",
		.sha256 = "c0ed4cb1c8fea4615c78354176238fea00021d38cf26b1057c07d9c621c866de",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM_8 cid 8 len 0 pad 0 type 23",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 0, .len = 0, .wire_len = 38,
		.key = "2591f505482e9bd86e2c9b8bdbb72c5141eb1efa4eba5e639f5438dcc3d85d5c",
		.iv = "3b9e24f9",
		.cid = "a3e6175ee939d7b5",
		.data = NULL,
		.wire = "19fefd000200000000004da3e6175ee939d7b50011000200000000004df27603316a1500eb42",
		.sha256 = "5ecaa6a6317755236b0e08f45c7a766d2dbc83744f951f78165fdba8da8ab08a",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM_8 cid 8 len 1 pad 0 type 23",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 0, .len = 1, .wire_len = 39,
		.key = "8210542cfd4883a90263cda7556bfe6e5eb85243723283741607615ce6536e4c",
		.iv = "a97eafcd",
		.cid = "58dfa0cf4089e272",
		.data = NULL,
		.wire = "19fefd000100000000000058dfa0cf4089e272001200010000000000002765c9ae9a5591d64985",
		.sha256 = "94e2b59c732064af368a437db89a2068bf4f4d9c56fada8c8f5fbee08eebbf9c",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM_8 cid 8 len 16 pad 0 type 23",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 16, .wire_len = 54,
		.key = "e7a2cbe7b3383bff386cbe10749c55fc429ab42b06fea74ee83d939fa5e8e0f8",
		.iv = "c0d8cac4",
		.cid = "13a2fe8f05d24859",
		.data = NULL,
		.wire = "19fefd000100000000000113a2fe8f05d24859002100010000000000016ff935de079113ac6578f959cb"
		       "0d213be39e9d51ff0222aec3",
		.sha256 = "3dce1eea1d969277f3efaff8c941cae8dc825d9ba76fb356bc017b66cea1d041",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM_8 cid 8 len 64 pad 0 type 23",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 0, .len = 64, .wire_len = 102,
		.key = "089b812cdf8dab943c4d7082d7363128b45bac61d9bf93ad70c23deab789a9f1",
		.iv = "85c447ee",
		.cid = "f45c150bf1b515e8",
		.data = NULL,
		.wire = "19fefd0001000000010000f45c150bf1b515e80051000100000001000075a77671bb917ea8d4b5513054"
		       "37cf8cc743800c2ee67ab20ff198672737635aac6d2476c1ea4fe7fcba395ce1e292bc0253087a195e06"
		       "fe3be124963fca3ee13da48fe07adb74a52d",
		.sha256 = "855c2c5d487e0a48c01872ebe3f6e91f0ec70089e97e9ff54ad42bccb0db091e",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM_8 cid 8 len 16384 pad 0 type 23",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 0, .len = 16384, .wire_len = 16422,
		.key = "e0f2409709737e754ebe6e9ef0045bcf4ca8bd635c7ad6f26651dc6f92ffc6e6",
		.iv = "b6b4b3f9",
		.cid = "84853162e0725039",
		.data = NULL,
		.wire = NULL,
		.sha256 = "d898d011bec00768e7069129596139703df9143ccd8b43346a0cb1b149ff3340",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM_8 cid 8 len 1000 pad 0 type 23",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 0, .len = 1000, .wire_len = 1038,
		.key = "6719fb67ac3be75fab68c8699983628db692432a6336ef1027dd83eb71a8d3c9",
		.iv = "75c7bbb3",
		.cid = "086c5317789377da",
		.data = NULL,
		.wire = "19fefd0001ffffffffffff086c5317789377da03f90001ffffffffffff5350924c56baa0cbe09f8a6f0c"
		       "2b661ead4f65cc19154f9d3ea76f4589e49b8c6361bbb463796da8ccca8b9a75355cf98ea7a5c34f3b47"
		       "d19499cc2e52ede26e42a5611eed97965ac33e2c8389e3aec96f4b1fda25b2e1d25ba3ef37e622920755"
		       "22ac7a3a508d443a70cff5740edcfc1439f1fb388dca634600d4085efaf7fea44f7176912077981b64b2"
		       "f74bbda4eb90d774dea18e77bbdeb531dd85cf01fee71e9850862814582f5a2d5e23b2b3a6c7f0d2b80f"
		       "f5754a9be585a8a93c1ed0e0ce70c55315fc0e8425221faeea5bdc43ea1bebf3e380064a9ee006c7f43b"
		       "d441fcba5eecf1926829bae8e367bea887d09a32b3a3d47d0ab0f8950a979616f28526b1fdaaab59f1ff"
		       "f10bc4d537f0b84b18f048615e910a6933cbbcdccfd03883b99747292ab0071ddb25591ce5c47b5341d4"
		       "e1063ab1beff4b7fd91eee15e657845d2cabccec7cf122b4c64709c0f2a23ef98dcf35a3451cdf958d72"
		       "c8bd653b1671008b4626a489b6126868e055b4bb670d429b7e7eafd4a5a26238214deb68ac95eef0f2ee"
		       "6774ac795a936937645752c480fd71147e738bed9997fbc0ecccb302dbc8bb47e9b2d6e875545a75b0f2"
		       "ab85792fb09fdd71713a8bd44a8776376c3183c38a19ae068576faed60378380b57c2c46202ccb1a2013"
		       "7abfe8fe4854f1f4d6aff3ceb305361c0d1e93793a1cc135c5193e2c834bac7ade1c64c3afa3e60f49c1"
		       "da8f9734b341adc130c3e40e24901672623b473a664f80901438108583f634ce7720b922dbb4cf53bddb"
		       "8e7a83d7fe57808831a14a0747e9814f35ae0dce782fb387e949b60f08c129fe3f7d10ad0eee01ca5ac2"
		       "a767454196a8a442e1fa74f15daf16b9143946fb1edfe1365ae6aaf6f1063c4e4f4837e1908c51f8e6b3"
		       "8d20428870dfaac4fdde7dcfdb4671659fcb7ec2918ad954562606303f74958a094ed0d7679dc6f055ae"
		       "4db43127336b4a27cb40d646a184ccb27f424de8bcfa6c579a090b23b4e474e6d476598ba9847f45b645"
		       "9f7e140772820f71d6d3883393e5468526bfe0cbef4368e63241d7b61e8f01a3835d7f098859f5f7a32b"
		       "f3f7a272a3ec506fcecd484d532517e18645bfca7e4f2df788dc171ad4774fff1775592c9434a6abeb33"
		       "7daa684dc4f1f614dc3c50b12888712b963b3416ea6be0acfd2b96a864f14d561c7847c8b45c8dce40df"
		       "946be5fc1339a1a0dea6157b0adacee50112fa4218c29544c5623c98b09467ea82940c7faea32b5b2442"
		       "4c2782fbcb82e0514eeb54f7ba426adef62811aae6a337da5872b5e457b568b04d53cb74ef408b653f12"
		       "658ed6ebb6e50f500e1545355d66b702df1f9f1d13f9833e21fffb0dffb3481bb195f0b150f16a39949e"
		       "6737e288f55937470b88113ec7eab122fe0522705ea82633092056657bc1",
		.sha256 = "2ea5f7c38a0b4373f6dcdc681846f386125675746685c98a75a1367926e9aebf",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM_8 cid 8 len 2 pad 0 type 21",
		.suite = 0xc0a9, .type = 21, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 0, .len = 2, .wire_len = 40,
		.key = "1857503f0cfed5520bf29a343540b4145c6a78114b9325d6d3b0527cacb84a15",
		.iv = "c5bcd6b3",
		.cid = "9cd1fd4f519c2cbf",
		.data = NULL,
		.wire = "19fefd000200000000004d9cd1fd4f519c2cbf0013000200000000004da24d8de632de2f1ae1e273",
		.sha256 = "09cb0ee8de2a7cddf8c703f8e09925b7d29981f220b1b21d673df838f4df1689",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM_8 cid 8 len 16 pad 1 type 23",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 1, .len = 16, .wire_len = 55,
		.key = "66e82dc7711a481d3566267ed1ee579319466d6c267537180693f6860c6351de",
		.iv = "dc14dd5e",
		.cid = "07d1bdcddea4ffa9",
		.data = NULL,
		.wire = "19fefd000100000000000007d1bdcddea4ffa900220001000000000000945648d8d2516dbe40146088f8"
		       "a6e94a18827c93f1937a7726ae",
		.sha256 = "6fa562660cada807cb077d49aae7fd15345ee8287f54a5ac60e7f959e75d3f7f",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM_8 cid 8 len 0 pad 15 type 23",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 15, .len = 0, .wire_len = 53,
		.key = "c71e8ea53064b8ea016154369e6268518eb03d33e9dfaec76cb3dc49d49856a4",
		.iv = "44992d83",
		.cid = "0e5b1e2cce6d4c4f",
		.data = NULL,
		.wire = "19fefd00010000000000010e5b1e2cce6d4c4f002000010000000000010486126f034612d653f4537926"
		       "1c070d54c74f0bc039e12e",
		.sha256 = "387f81d0047a03383555cd6b1abbec05155fab91f53068e641463f3ad9a344bb",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM_8 cid 8 len 5 pad 200 type 23",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 200, .len = 5, .wire_len = 243,
		.key = "2b9a5f3111ffeaec546588eb473bae76519ab231ee7e0b3559ad462b65c1a615",
		.iv = "ad563f91",
		.cid = "0b123e50fa8dc7dc",
		.data = NULL,
		.wire = "19fefd00010000000100000b123e50fa8dc7dc00de00010000000100001d48eea5e06220916a1a0d0871"
		       "c89c2ee9dcb94673dae92a1e7a72ab16892cfb58365eedf6f3a6a5cb6ebfbc1d62fdc9d855758a7eb31f"
		       "72a4cbfdcce6eddd6b4d59279cdb2ff1ae759bfc69f761ce3c5a173025e83479abc7049127354b905579"
		       "c360a4c252b22e23afe07f214b43d6c4f5b5bc9cc79673340ab03b8407cc76182e9aa0bc94f6d8f9b172"
		       "f85a9918a183133b2e5f4f8d9dae992e00a3c8749c6d86bb68787161157e2c65c58f84895503244f09b4"
		       "2165013d9b382d7cbf6f8e8811c56e029271e072a0cfcee9f60a2878b1a11547d8",
		.sha256 = "17ac9678b7227d2c031c5fadb530eb62eaeebf6cd0b1be42b15d08e85fbed5b2",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM_8 cid 8 len 2 pad 3 type 21",
		.suite = 0xc0a9, .type = 21, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 3, .len = 2, .wire_len = 43,
		.key = "369bea0d701638a37c907e88326a2106013500a1fd8fd87ee7a3ec199ee41e70",
		.iv = "710d1458",
		.cid = "05c3eca472b76cd9",
		.data = NULL,
		.wire = "19fefd00010123456789ab05c3eca472b76cd9001600010123456789ab879732af6f99c62b734b0e2a0e"
		       "8f",
		.sha256 = "98522abafb41985a2becd4e6cd471cffc4ff81b66b38680e098d2f6467cd66b9",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM_8 cid 32 len 0 pad 0 type 23",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 0, .len = 0, .wire_len = 62,
		.key = "93a4230212b625afc6e2ec6bf214df9889ffa52d8f190ae32b3f3680e88f0ef9",
		.iv = "bc4457ea",
		.cid = "9d6955a81002e207c00a1fd37c242bcda5209b5a737a15a3aa987fda17c78a05",
		.data = NULL,
		.wire = "19fefd0001ffffffffffff9d6955a81002e207c00a1fd37c242bcda5209b5a737a15a3aa987fda17c78a"
		       "0500110001ffffffffffffa5853437dc2f85f2ed",
		.sha256 = "547f37843d2313e4be99680b37e4c8ddf2d828d835b2a7136442bc4edb0d25da",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM_8 cid 32 len 1 pad 0 type 23",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 0, .len = 1, .wire_len = 63,
		.key = "a143cc1cb7c5e1c330444e67ba9645ab787285efc1436116c7d849741093e708",
		.iv = "96c7b2ee",
		.cid = "c53c7adafdd15f7950a3ec63d8d31c463c92fe8d3eff636e2f5525ee1fd2c097",
		.data = NULL,
		.wire = "19fefd000200000000004dc53c7adafdd15f7950a3ec63d8d31c463c92fe8d3eff636e2f5525ee1fd2c0"
		       "970012000200000000004d92d63a6c892d09450c78",
		.sha256 = "5d05564025deb56c54dae7d547bba7363319ec3c887070bd6df15a21a8ee3bab",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM_8 cid 32 len 16 pad 0 type 23",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 0, .len = 16, .wire_len = 78,
		.key = "525213f46987096941ea0eb3efb9c54a807319b4eb3ae74cb38676b7ee35f045",
		.iv = "4a7eab5c",
		.cid = "144f6f74ef92f4b9299a9a143d25e82f7eb6baf590613f8fef02bf4979d8b6a7",
		.data = NULL,
		.wire = "19fefd0001000000000000144f6f74ef92f4b9299a9a143d25e82f7eb6baf590613f8fef02bf4979d8b6"
		       "a700210001000000000000bf961bfeb5988d36742b15dbd0d0596eabe11f4831aee9cdd0",
		.sha256 = "8d935150da2a069faccfa033c76ec28d68b701342e6f75eb0a5ae371d0004a52",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM_8 cid 32 len 64 pad 0 type 23",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 64, .wire_len = 126,
		.key = "251f3ccac77eb7a14859d0b9e99709445d2fc1313ff6ae0d52a8698f130816bb",
		.iv = "97f8bc40",
		.cid = "688e5eb78e784d68e2f2906d97c9ad5758309f0e6e91f8217db138866219cb5b",
		.data = NULL,
		.wire = "19fefd0001000000000001688e5eb78e784d68e2f2906d97c9ad5758309f0e6e91f8217db138866219cb"
		       "5b005100010000000000019b70632ea7d00578b34b9c48ede92826751449847c685a39fa6d0a3a233801"
		       "116b2be9ec3451113128e45757e8f0cb2b2e9e791e9902c20a14664f89f98811d455014ab584045e2534",
		.sha256 = "1fd299ec8d56f279c48640359e137dd2508548b5d48a9c5eb88f1aee02c794fa",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM_8 cid 32 len 16384 pad 0 type 23",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 0, .len = 16384, .wire_len = 16446,
		.key = "c8096118af30b74c10ada97b90327aba3ea9d77ef91a52cadcafcef8d378fe45",
		.iv = "f9e96b9b",
		.cid = "c332d6f215fbd8f86030d5eb8be82c8e5bdb03fb97d0b0d9cba0cc95d0cc7691",
		.data = NULL,
		.wire = NULL,
		.sha256 = "90a0ad92fd87c97e0b97227a0f124d506f9df0a410a1d6ae758628f46fac627b",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM_8 cid 32 len 2 pad 0 type 21",
		.suite = 0xc0a9, .type = 21, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 0, .len = 2, .wire_len = 64,
		.key = "c0d61da48c55f421ddea0b8ae7e7b70b17665edcd0272fa93b3daa8df0f0443d",
		.iv = "6b338051",
		.cid = "ba36658c450c0414d82a3911277af935b7b1a7c7699c53a5bec76261ba6b4e44",
		.data = NULL,
		.wire = "19fefd00010123456789abba36658c450c0414d82a3911277af935b7b1a7c7699c53a5bec76261ba6b4e"
		       "44001300010123456789abbd53357a6e1815c8742420",
		.sha256 = "64d2371eb4d02f894003c951e6657ebfc54e151527acbf962a1f88f069de0be5",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM_8 cid 32 len 16 pad 1 type 23",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 1, .len = 16, .wire_len = 79,
		.key = "b6875387cb9125660511c47bc7e5113038314bdf004f3f901d4ce5347f850883",
		.iv = "27a05a4d",
		.cid = "9f6bee9e95a217ba590a24cbfa321efb3c808ccfb93130ba87431e9466ea44a8",
		.data = NULL,
		.wire = "19fefd0001ffffffffffff9f6bee9e95a217ba590a24cbfa321efb3c808ccfb93130ba87431e9466ea44"
		       "a800220001ffffffffffff1a734ccde1be908553195427cbd7079f3a2d06e8c18955180ebe",
		.sha256 = "dce78c04894c66b0a3f50721a20e79f015d5d1ac5e695a373265f41c725c5c44",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM_8 cid 32 len 0 pad 15 type 23",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 15, .len = 0, .wire_len = 77,
		.key = "55a15dc8fb52c8035bb1d158033bcb0db814dbcdf2a73c8902194318fa52cec7",
		.iv = "951e9f21",
		.cid = "e7aba8acbe3a2ace208ce1f4d2dacded149a5bc468b6d6a402fa94935e10d537",
		.data = NULL,
		.wire = "19fefd000200000000004de7aba8acbe3a2ace208ce1f4d2dacded149a5bc468b6d6a402fa94935e10d5"
		       "370020000200000000004d25cdb0583596208f598aaf08bdff1b41b6a71b3b321ff10f",
		.sha256 = "fcfecd2f670e58edf2f83421f50f2aedb1da9136e1b78e4f0465d9c6d65eec86",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM_8 cid 32 len 5 pad 200 type 23",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 200, .len = 5, .wire_len = 267,
		.key = "d6698f7cdcb4930ad15f16ed75a3e18938e86f9ae953574450e32bb43b963d3b",
		.iv = "d5336b46",
		.cid = "4ff690171e10aa4742f6c59ed13d14693037ab0223ab25adcd198512b7668ea4",
		.data = NULL,
		.wire = "19fefd00010000000000004ff690171e10aa4742f6c59ed13d14693037ab0223ab25adcd198512b7668e"
		       "a400de0001000000000000cb00c848d10a0b003e06429b0fa52846d6c0215d7f49b0c0e979eabf362379"
		       "d822c2793b20fc9d347ba29075a4c7f70e9333e98a561bca136ced0285d502c52920a3fb1a223b76bd4f"
		       "07bb8f4c3eeedf42dfffa8911f295424d6c728c626b3baf4de536317a071df0a5e923bf7c7cd77266092"
		       "baafd79765c280e39e1b54e626dc9845ec513deb6601b88fb6342fb865d598673f3808103689d3e59be9"
		       "f9df8b4a70e58b4e0d7a001e2a61233e7a55a62aae4c4d9aaf00170de323301789877c85c76b16aa5d72"
		       "15e469e13a246a671cd8ff3ce4abf7",
		.sha256 = "3e348a9d58b071cd5050882a1c16df9ee79e018835c7f99beb4366861af8f878",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM_8 cid 32 len 2 pad 3 type 21",
		.suite = 0xc0a9, .type = 21, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 3, .len = 2, .wire_len = 67,
		.key = "0766556282a54ebc0dddcd3188d4a71404544adb90ffc91c90107f96f3a04b71",
		.iv = "e1223725",
		.cid = "a0e1ba7930996ebbbc483fc8c6948e59aa0f036db8d9d2af36f9e1bfcf70d0dc",
		.data = NULL,
		.wire = "19fefd0001000000000001a0e1ba7930996ebbbc483fc8c6948e59aa0f036db8d9d2af36f9e1bfcf70d0"
		       "dc00160001000000000001d0d702428397c86e58a67d2654d7",
		.sha256 = "179719cf2905adb6c553d9e1a436df5b55de2db08f88e206e66f6b8ac8f9e68d",
	},
	{
		.name = "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 0 len 0 pad 0 type 23",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 0, .len = 0, .wire_len = 29,
		.key = "0b58517cf1783339f8cd7f0215286640ed32b56f181e1849c6052c80293d9227",
		.iv = "610cac373f930a870bddd264",
		.cid = "",
		.data = NULL,
		.wire = "17fefd000100000001000000108716167262d09f07638d131a2dca0fe5",
		.sha256 = "52d611d17c26a04687570a0d23baf47003011209659af48c021a472975a41952",
	},
	{
		.name = "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 0 len 1 pad 0 type 23",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 0, .len = 1, .wire_len = 30,
		.key = "0651f8516d0a39f3e529a848a1056bf25affb14c837e52d1e4d78ec46abd5f42",
		.iv = "0799f747610563efb82f34bc",
		.cid = "",
		.data = NULL,
		.wire = "17fefd00010123456789ab00119b2fa61a890dc8d8dce306d63bc32857a1",
		.sha256 = "74ca137267690bd6ed4e3836e71d1c8723c8189d6b3b46d128bd4fb7a46f8962",
	},
	{
		.name = "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 0 len 16 pad 0 type 23",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 0, .len = 16, .wire_len = 45,
		.key = "a61df28ff501a4772fd6d58212ef7ea3b15f88b7eda8daef7e45bc49304afb74",
		.iv = "bd9c83c449931d8017abda2f",
		.cid = "",
		.data = NULL,
		.wire = "17fefd0001ffffffffffff00209ac109d375919207712b23cdf0757a41740a0dfca239024a962edbb602"
		       "34df74",
		.sha256 = "3e759e95a46c6082d52c2b69e5901c41e50644ae896e84e3b174d7bd33b5ef66",
	},
	{
		.name = "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 0 len 64 pad 0 type 23",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 0, .len = 64, .wire_len = 93,
		.key = "440c2c27ec584fd96ff7fcc6d9c904648b17bc4d4ec8868f0c7489709be32e5c",
		.iv = "ac08480e5faa207e03c8ac39",
		.cid = "",
		.data = NULL,
		.wire = "17fefd000200000000004d0050273ab9fcddfb8240c723831334c32f69c112e64d00bde6addc2b765425"
		       "95c9bef59a518d3357cc6771cc7df47a0cc105eca0b17e0b10b5048a49eeae3d9054a268ac5cea34c0a5"
		       "2684737e0888794210",
		.sha256 = "feb048e15bedd6e03a5d329bf772378fd1a0b786c5b99beba9ff667c79711d3c",
	},
	{
		.name = "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 0 len 16384 pad 0 type 23",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 0, .len = 16384, .wire_len = 16413,
		.key = "4bfc041b68bf846658242d937e11be9eef251138d3a6f20dbbd3e935116bf65a",
		.iv = "4537967889f199ddf01b3bbd",
		.cid = "",
		.data = NULL,
		.wire = NULL,
		.sha256 = "41a53bfa871ed077031b352d73e0380cd3c80f16a2dd059234a0f07baa465541",
	},
	{
		.name = "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 0 len 1000 pad 0 type 23",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 1000, .wire_len = 1029,
		.key = "7f0931cb658d36017f717c94fc4bfe35cb9bc240f0545d788e40762525ec06e5",
		.iv = "454151db336d55f3d0294afc",
		.cid = "",
		.data = NULL,
		.wire = "17fefd000100000000000103f83a42f8fd9bf10d7753d89200b50ba4f68e16c731c6821c90b8135cc71f"
		       "5c293b6420dc5c91a691653b38fd64fb814341d6ed3b79915e55b926efb46b3a8c0a012477b0d1f5f2fd"
		       "7873f94764b6c3e61cf3709b8555c4ce327c2a76eed10fcb681e32167ca0073ec008581fb41ee023ef2f"
		       "6cfe9fd28c53f3412247dc86a5ccbcbd8c4e7bc326dce519b305ae03c37aa50863383a6161d01614c2e8"
		       "a96cd0460d3075f3068075731c72928eb1c7eadda0b9c094359d4f144cd7410ca9187093e94a5d17ba74"
		       "9eda2e5641bed6d431ca89bc27e44db3f7639cc95dd8fc4820dc4ae50657fc6857e778942d3c80b15a32"
		       "c97714479dd15cbab0bc2415092f4578e5d42c654d63c6190e1b9fb26e47de9485ee4b3ff21583d88247"
		       "6888351739da388da83cdb3e989054a979b386270dc232d88730a2c50493f7d9b258d19f775202daeb25"
		       "053224624eb06ca2092b44ebc2783738e4c2cd8220a827eacc3ce8472267ce28747de03f377b023f49bc"
		       "469ecd74322561591d4f739c1bf29f7ce07c8742abfe9822e5eb1e115fb14f145283cd79f616aaf97c2f"
		       "21aa85603fa51658cecb838960e321494e16ae9a5f3d4029b27d816469da4c81aab149d965d0bd83cb38"
		       "a50a429fcc2f56db93d3872770a3cc51188cd3217fe93913a4f58e2d63a829f748f85ef1e4f4d55a15c7"
		       "7befe27bf38c920f1f7fec83f35d532714235ac1f53f5fa6f19013aac5c634f8405fbce5d118bf1fbc12"
		       "ddf0ec225c75177082b2a83c6e43afa6f1b46cbdfe172f392a9e019851089c95d6e292bed59536257377"
		       "0144429af03cf512dc910e45894ec9bfcb1a1837de23f241b2bd878fc278abe59151c22fa851cd0ed0e8"
		       "69607cfc62346c32da738e37fd0eb570d06967cb3dd9e5ab7ff2842526bd13643c72df2ef8f2a34c33be"
		       "5186c9fd76b73480fb6e90125b0a5298db955256a8f5c6318b639026ddfc15a5e9101c79121169b6f925"
		       "78bac768b40e011d0d92c113dd430e3ce30fb95a14e7a0968eeb9a91e2f1826b1d9cf2bf4de5e05184a5"
		       "4ab5005cd3d707e95ccc80253d76b17920b441160820709dc16580a7269eb48e77cc19f47ee9931d6e86"
		       "4cc11eba8db913f700ae1cd21144e788853b98384e6a7774651e315b5d58c9c827fde8db5999cdeb2b2a"
		       "f21d87304ab776fbabbac9c5c4570e85c5cfef24e18a6c56beed2eeb30a086a5639517b526dc69147d0b"
		       "5d4dc71c96bdbf7024f9d8377af4da7f3d28ecc9860d7c3fdd0bb4d43163cc1fefef5c20102a067f175b"
		       "9334025694bd9b8ae3d643d693e23f87ed123926e0bb3a649b90f61ab1f7caad5e51bc42772bf83574e3"
		       "1bd1f27b66714a2570f7e622818e48295581c5e1b7f370382f749efcf9da27414a2f28d6d9171b144b71"
		       "eb008c5e3c7a9aa0acbe8d811ffbacf82b47c07463",
		.sha256 = "385763738f2533f9b0007853388eed11fb53dd136d830ca49d92e4d518137fc8",
	},
	{
		.name = "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 0 len 2 pad 0 type 21",
		.suite = 0xccab, .type = 21, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 0, .len = 2, .wire_len = 31,
		.key = "82970e871e925b840e12e65b5c376b96474d514a56ffc099b7384a95c7a1fa1b",
		.iv = "08ec6b1c8b8b63e9c1544fcf",
		.cid = "",
		.data = NULL,
		.wire = "15fefd000100000001000000121a62c69a5fe77e6aa750bdec06f4a8d08ca5",
		.sha256 = "c0d16f4fec75d7568c52ddf8cdea192869de1cf075cebafff2a089c93457391b",
	},
	{
		.name = "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 1 len 0 pad 0 type 23",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 0, .len = 0, .wire_len = 31,
		.key = "729c478c3a9960df66d95462a78f848f9576e298a743fd4f7c9f7f8fff3bf1ad",
		.iv = "6c2e8470bf1307ab65a426e7",
		.cid = "f3",
		.data = NULL,
		.wire = "19fefd00010123456789abf30011ba478d6789b047d116842ecb3ae5d013ed",
		.sha256 = "67b91fd180b9df3164ad8d119d7fa619c75774e1b5a26c93ce020f8e35ddacee",
	},
	{
		.name = "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 1 len 1 pad 0 type 23",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 0, .len = 1, .wire_len = 32,
		.key = "84c41a13c450c786bc5b2d18efb788103ca40dc0ea3a1e59587a0ddfd3e4a609",
		.iv = "1f6ad03d80c7b52146afc318",
		.cid = "91",
		.data = NULL,
		.wire = "19fefd0001ffffffffffff91001254d8243796a9e23f654f54444de9bb2f42a4",
		.sha256 = "2ab3377b778a80294be46ea648192660a22fada7250743b087706938bcfc13b0",
	},
	{
		.name = "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 1 len 16 pad 0 type 23",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 0, .len = 16, .wire_len = 47,
		.key = "f507d32dae3d4f9d5517d6042af8c525beaca981dac5e9e89f0cbc614dca29de",
		.iv = "d1c9463585c9f54296f937c4",
		.cid = "c4",
		.data = NULL,
		.wire = "19fefd000200000000004dc40021f9e00342bd093d08de023b755459413b704216cb63894dff8f8ac5c8"
		       "f163b691d4",
		.sha256 = "2fe5ee6ec414e397018a682e44103c2e9f63cfa700b69e7cc227b1dc086bceea",
	},
	{
		.name = "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 1 len 64 pad 0 type 23",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 0, .len = 64, .wire_len = 95,
		.key = "2298e4313395f4bbff7a29102feaad11b22fb3477a7a6e12dbcbf59e214ed3d5",
		.iv = "e10f6993dc6c7779d14c6ca8",
		.cid = "45",
		.data = NULL,
		.wire = "19fefd000100000000000045005178655859101d6d54ddbbe78ecf45ed2ed75e4318e6f8a6dec7bf2ad5"
		       "0d87b0503c756436cf9adbd397197dcebc0b00b8f7eabfc52023e4d89e0d0d47422c3772746ca54b7dc7"
		       "d86b501523e0a77f3101b2",
		.sha256 = "f0289da5732e3eddf0ba2ae6a809784d53ae397d1914b038f07397eb33005f9e",
	},
	{
		.name = "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 1 len 16384 pad 0 type 23",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 16384, .wire_len = 16415,
		.key = "5fd056c1cb993527c718b2d8c2dcd027fa715c571bc57abb6085245ebcb198ca",
		.iv = "c09ff9f136894f8b4188906f",
		.cid = "88",
		.data = NULL,
		.wire = NULL,
		.sha256 = "d56b5784b3e89b42072440e5fd1e0dbe098775f1ca20511cfbb9d8d97bf2592c",
	},
	{
		.name = "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 1 len 2 pad 0 type 21",
		.suite = 0xccab, .type = 21, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 0, .len = 2, .wire_len = 33,
		.key = "ea42e8b2adc2a9880acd644a62bf538228a6a89f394f7370035262734f339c34",
		.iv = "6faf1c5586c350ea7f7fa236",
		.cid = "1a",
		.data = NULL,
		.wire = "19fefd00010000000100001a0013ec9a9673bda8d2e0db73efc7bc56705b8b68ad",
		.sha256 = "300057063740d1ba0aca3be27ef4faa7601ad968747536e0bf4a1d34d08b32e1",
	},
	{
		.name = "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 1 len 16 pad 1 type 23",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 1, .len = 16, .wire_len = 48,
		.key = "6e5b82661fc632ec197a536cb3450edf8ac40fb84440e80c0e4ba5477432cbe6",
		.iv = "8cd44b870dd075323d0f208b",
		.cid = "f3",
		.data = NULL,
		.wire = "19fefd00010123456789abf30022f552af5b8a5b09d85d417dc7f160ba7bac14b59a06f14881a7903a01"
		       "390017536c42",
		.sha256 = "7174dff2658378369d85051d369f8f8adbbdd27dad9977b08fe6930d738292ab",
	},
	{
		.name = "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 1 len 0 pad 15 type 23",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 15, .len = 0, .wire_len = 46,
		.key = "b0167e647d9f7954c18758e2b6bd00deef519bb7a128295c2e4e143a4cbc0c19",
		.iv = "00ed8dc955dd080c216e0565",
		.cid = "87",
		.data = NULL,
		.wire = "19fefd0001ffffffffffff870020e66d28b92411ab80f6e2f64bf6eec1edaba3506a9bcabca4aecd4179"
		       "ff9f5ab7",
		.sha256 = "2fef3588270e28c1783c063ab72d7f4c52f7ce30b5172284c69da3c0de170468",
	},
	{
		.name = "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 1 len 5 pad 200 type 23",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 200, .len = 5, .wire_len = 236,
		.key = "24a90426a4a8d64f18d50092e97d6f78f193a4855c6c11ce01e9de40c741ab3a",
		.iv = "523e0f46a2afda84f0023201",
		.cid = "4d",
		.data = NULL,
		.wire = "19fefd000200000000004d4d00de3fd4c00bf4bf5c99033c719a887abbe1471e5e87371431a7de3eddf1"
		       "a8ed639ee4de82fff8298dbce1e344634f0d55115f98567f41468656783953ef3d680cb0927d8bda4f7d"
		       "e798cf657ae11724f30e51cbe484d2447b7ece5cde3257f795ea89c107e72cd486201876101fe8b8e39a"
		       "23bd72a9bc08cf8bc38e83b0c632fbf5025a0e00feaace3ce3b5bca72627bbb9c969239ce7d38737a7e5"
		       "8530e24075d76a8a945085fe694552cc06f011dcaec378370f66733698690a553174bcdd2cff2d49b665"
		       "7170dadc0b280d17d821f11c6cd9383ec6bc51cadda0cff19684",
		.sha256 = "c68589461fe1d3729ab8494a6442c43ec11d913da1cb514e25cb08c12a0cb79b",
	},
	{
		.name = "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 1 len 2 pad 3 type 21",
		.suite = 0xccab, .type = 21, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 3, .len = 2, .wire_len = 36,
		.key = "c0d7e3d67787c8f9c630ae758e35a798c18165717a38144e582a42ff0624f3c1",
		.iv = "c8d1f00547cf5de62d3ce2b3",
		.cid = "89",
		.data = NULL,
		.wire = "19fefd0001000000000000890016f637cfd5d7c249e760a3697a3644a521e29a9e4f2981",
		.sha256 = "60c7b48e844cc0065805374a54cfec6c79ab32fd70351a9f1a120c6b89289bad",
	},
	{
		.name = "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 8 len 0 pad 0 type 23",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 0, .wire_len = 38,
		.key = "d4dbd00fe2d174f8c2bb3a8fdd10ec8cca656b315ddf930cc5e8929e2fc0409d",
		.iv = "b9f6d8ee8328c6d12435288b",
		.cid = "d352cdcc0c6f3559",
		.data = NULL,
		.wire = "19fefd0001000000000001d352cdcc0c6f355900114c108206333a61f7944545a4b9911e4e45",
		.sha256 = "5da68bd52d64c7ecfe291496b8c9ea3e2f99e91589ff4b270f131149260482e6",
	},
	{
		.name = "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 8 len 1 pad 0 type 23",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 0, .len = 1, .wire_len = 39,
		.key = "fd3581f6204c4e443c1dac8eb7e21e928f258d80fd25061394fdb08ff5382ea5",
		.iv = "e6eedd8ba5a9e17f47179752",
		.cid = "f501dd2f28aff203",
		.data = NULL,
		.wire = "19fefd0001000000010000f501dd2f28aff2030012fcf0439accbfc84f5d1246b753b709b534bb",
		.sha256 = "7215e867845332e4a4accce0c3cf0277dfb06c102c35b8b99a7c0ef0a5231e85",
	},
	{
		.name = "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 8 len 16 pad 0 type 23",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 0, .len = 16, .wire_len = 54,
		.key = "a654a7498370c47b0dd1722f40d70fc2d62347efbdc5b15f7233212aeec96679",
		.iv = "e9a5edf5556c78f6a5a40a97",
		.cid = "c2390206e70fbb8b",
		.data = NULL,
		.wire = "19fefd00010123456789abc2390206e70fbb8b0021c91a0e94466681d08bfd220214096166e56cd1f35e"
		       "cf6d53ba535d8db8ce4cda64",
		.sha256 = "84d4a2c94240d193e7b9fcfcf950595e95d337b03b209aea67e8ebfb6fa5fc85",
	},
	{
		.name = "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 8 len 64 pad 0 type 23",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 0, .len = 64, .wire_len = 102,
		.key = "1e341652aee8230d8371d1cb8acc41447d56272b408dbb5751e03add5dd54ae6",
		.iv = "5e8da9b622b16dec0bb7f433",
		.cid = "cc2c4266d3884f27",
		.data = NULL,
		.wire = "19fefd0001ffffffffffffcc2c4266d3884f27005130867719105e058c29f05315c8d34d8fe15c1ce0f6"
		       "4f8a15182d995e11bcf0602311f70735aa67c77524b0234551f793eaef083c317ac9c25c335f2d632c2e"
		       "9a28c8968e4f0ea3a2bcb6ac558d239e3d96",
		.sha256 = "5d4e3ef86f5c32a6315c3fb1cabdee2306d0fdc518ce7714efd6ead297d780e1",
	},
	{
		.name = "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 8 len 16384 pad 0 type 23",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 0, .len = 16384, .wire_len = 16422,
		.key = "805971a16e2b146c6fc269d032eab49c9b91aa6c6db780f1c1c161f299c457c4",
		.iv = "3985c539df477b71fd63271d",
		.cid = "8e0464c6b892305a",
		.data = NULL,
		.wire = NULL,
		.sha256 = "6e68d2301af66f1486ad811d357213d610f87c9bf420b400048def4f5554ad71",
	},
	{
		.name = "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 8 len 1000 pad 0 type 23",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 0, .len = 1000, .wire_len = 1038,
		.key = "c11e4f398ba5d20606735504d7fbbe5f1547fb6c57af9122e202fb040e08fac8",
		.iv = "b529a75c560aa888a08d013f",
		.cid = "1b74ac44bd648906",
		.data = NULL,
		.wire = "19fefd00010000000000001b74ac44bd64890603f9a8e6c3f4e7c94d9d9e420b91a2fae0b469c204fd08"
		       "706dbb36b2ec3cad599ae2c2bd32ab52a9c9539e0cd99bdbaaa6a613e3ef408e4502f4abaac9301b0510"
		       "fb780fe736eac2419fa9f933a45a20628464405419c7467d5abeba880a1f5e143f77d09be8a424dcf7bc"
		       "ab93f400615a20109d814e798104e39bd5364615a9b33e962f8a67534ac5bb3143ba1e3a3e3e889ce32d"
		       "3e626a3ce3923d446f4cb56760f32bdc8cbaec2c6bb154f7d502532899a18b56dc69221333746f44b113"
		       "c5d21ecf0099737a6f23954732045083cd528c62f86f79e60a3458f872962298b1677dd9d1b46d6bbb32"
		       "976d28b2d5954cce9b1eaec1e6af5bcf2332d917c0434475aeff8dccecfc96df2cf789e554306255ec3b"
		       "9d440a5849c8474029f825859d64018648078503f77bfc31218104f493a77c6f4f7f838c79cc9716a942"
		       "a70fc3097b661c8a4b5aee9f1d601c5f9409282a2cadcb33be144494b9d8f59724ad681b8601e9d56a71"
		       "96176e87ebd4fb5d392e350917a1560f75147813f339f31f515e75170d338f243067c07976f22a0cb48b"
		       "e7dc204e8aa8bd4751deb34d5ffc5b9ab0cc75829edc673164afb40aab9f7b813b0918e7c32d250f8aca"
		       "a2e9da267bd5a54800bdb00cbc0b8941c5a1bc874ed5ad1dd7b22c111525200ed88bd2794127355a9576"
		       "21db322872b29c1794c260e72d014772d0942c6f72d9cf3811aa1da7169ffa62ae30b109772b5b073b67"
		       "45542d040f598936f93728262c16b08458482b090fd8569534a9d232fcc6d541ee9cf794a9317ca317c0"
		       "224be56f84cc874a6ddd75c59af23f2617aa48d395e73e91e140e295f7bd798b9e3684d96dbc4d711612"
		       "cfb6f728b5b2983796fc798c0757738101263190fe8c855cb08ea48dbb0f02c7e0433f1252d830f77920"
		       "e83500df1a5bbb539a4b84a27b72fc069ced0a7c8a9beee27e99f9eb8c05e3f300bdcbce63e6e2987b59"
		       "4ff6fa1cbfb1883ee7876ea409cef2b9afd89ed76af87943dc08e0cc48a8f7f13488b8a441b362df51cf"
		       "d861840c855805a2039bd1ec4294e4bbd3857a97ff32e9a4bb4ef994c9f86a9d6efed0ef0e7d53a4d90f"
		       "590347d43c0e18251adc79cd075682c3388e409a0e758a34a854757307e221a3e81f400cc62a031e3afd"
		       "c6e85265e2535c22c8de7a208a7365d0c4aac235034807a98ef1442a394a7bd6983d5f2b5e41df4105e4"
		       "f0deda68a036f5219c46c5f83eb89ad7cb8b13df4eca78d9d21893ad774a3f44e4a3f4fa3e6af0c554fa"
		       "5c596f4b09e2f0dc2a3a899a998c10f0419fe6ae0f14dbd97784c91f09e18bcb52f8229d0d35a3431835"
		       "d5b8e9b77dd0c6dcff8d28f36e727fab8f1df93c98841121448df3e66bab0b8a9381bd3f499530fb459d"
		       "ad91c602290eb20342b2dc405d1773f007ecf6985e45830d5869aa1745e0",
		.sha256 = "e875ea1ccc637b7b7e6019130ed0222290e57e0f38cfca31b6354efba0250764",
	},
	{
		.name = "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 8 len 2 pad 0 type 21",
		.suite = 0xccab, .type = 21, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 2, .wire_len = 40,
		.key = "c80987ac49c5f9a68ed373325204a21ed8a3b1d61f7b6d04b2c090c797883cbf",
		.iv = "f35dac7972794b09f164d727",
		.cid = "d7a65ec96871afed",
		.data = NULL,
		.wire = "19fefd0001000000000001d7a65ec96871afed0013ca601ed8f70a903c1ddde8cb49805a80fb6f77",
		.sha256 = "709484e74c47e2dfd72dd6b7497b34c5c38781fb84c75ff0c707f4e2249417ab",
	},
	{
		.name = "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 8 len 16 pad 1 type 23",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 1, .len = 16, .wire_len = 55,
		.key = "46166d1f6ffebf84789bbc2215878ce8819fb8c5e6b85d4cacac4cfd680d840d",
		.iv = "159b5e9c0283e6fdb12f52e1",
		.cid = "d4162fc6f6c089cc",
		.data = NULL,
		.wire = "19fefd0001000000010000d4162fc6f6c089cc0022c91d8acb06dd49c3fa91a2bd444b96a3555e6ac4c8"
		       "7240acfc39702f57a19528b0cc",
		.sha256 = "0888386335317de11838299069273aef4bff87d7089b07d69e803703fdf0ad1f",
	},
	{
		.name = "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 8 len 0 pad 15 type 23",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 15, .len = 0, .wire_len = 53,
		.key = "6f32c0df9fd7f4097e1cf7d6f9ae7a737d7a0bc5fcefa83debbb67cfc413a869",
		.iv = "d53daf0e07bbbd392d77dd99",
		.cid = "379f0edbac1a781a",
		.data = NULL,
		.wire = "19fefd00010123456789ab379f0edbac1a781a0020fe45b0bbe1c939bc183d1d3749a928647c6f5e948a"
		       "1116856382d00973d557ba",
		.sha256 = "8c479a88864940e9895bf34a5a5b3c1547329b93f4286a1f51f3e8be4cfd7021",
	},
	{
		.name = "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 8 len 5 pad 200 type 23",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 200, .len = 5, .wire_len = 243,
		.key = "5ed43a8707cdc57f2224b5dd7e6f056708e5965392002fb97a8198ad39a6ac91",
		.iv = "3a461f54d2c5fee7bea7d452",
		.cid = "fae99aebbaeb73d5",
		.data = NULL,
		.wire = "19fefd0001fffffffffffffae99aebbaeb73d500deee8d6dd260d5cc5d1e232f884ec17c7b9cde444e36"
		       "4b744a0a9c68fa73a37900189d92efd175e175f289fb7af40dbc7bfb84fc5751f1278d8200de50c3dc81"
		       "010b4dc611dd6dc204229be9ca043937d7a4c633d1cbb8adbefc93286daf970e3a583f8aa40b3e63d7ba"
		       "a0785601445c0c9d7be03ae7ead991f65100cb2c6e4b3561e2ca52c8299977a300c60f8d629f26fcd503"
		       "53d99aa482e5fb3c3fd75f3752703293f61dd7acc090d4b8fee3b7459097b9f1212c37f3016499fb2c1a"
		       "1f4e9a8092d2dae3e1db07d8e391fe56a198fa5ac62adb8071a8edbc9f319db962",
		.sha256 = "8ff246113423a97076acf419c641bd56881ba6db387a12067a0849466c1a56a1",
	},
	{
		.name = "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 8 len 2 pad 3 type 21",
		.suite = 0xccab, .type = 21, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 3, .len = 2, .wire_len = 43,
		.key = "80b292e367a66b0b11d8b8f7062ea0740b2e92f8f0ca13801f5b00615106790e",
		.iv = "6a258fee916e358071c0c0fb",
		.cid = "4c131f633436a837",
		.data = NULL,
		.wire = "19fefd000200000000004d4c131f633436a8370016c290453518c6e2810c2baf029259cec87b86cff412"
		       "6c",
		.sha256 = "70287ab1e04487deaad4e8b676f83b50423d844a74eb1f7fa37094980c04c16a",
	},
	{
		.name = "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 32 len 0 pad 0 type 23",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 0, .len = 0, .wire_len = 62,
		.key = "257e08431d98f0b6fcab5f72f2670a51fcf46688b63d8e64f461fc846977e864",
		.iv = "fdffc057ef7a8c2e862cb2e7",
		.cid = "e494b250dfa213a8a7066d85e15e8a7f11c3258c6a2a7bf83b6c4dd430efa5e3",
		.data = NULL,
		.wire = "19fefd0001000000000000e494b250dfa213a8a7066d85e15e8a7f11c3258c6a2a7bf83b6c4dd430efa5"
		       "e300111da6a5b482af9065f2e3f0bc0583879cfb",
		.sha256 = "e7bf8d1c5b8fae714a98fab1b0efd227a1dcb94336c6c3fc3f308ebcf5f8d4da",
	},
	{
		.name = "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 32 len 1 pad 0 type 23",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 1, .wire_len = 63,
		.key = "87c7d22884968ba1be5b64363fcfad8d54e40d39dbf532aba4e411d2941fc587",
		.iv = "b187005d051b83476fedfe3d",
		.cid = "5c295744a9969d33306650d97ef9e148683cbfc2cca91761f1b2901df1ed0148",
		.data = NULL,
		.wire = "19fefd00010000000000015c295744a9969d33306650d97ef9e148683cbfc2cca91761f1b2901df1ed01"
		       "480012baad6763bf49b7d549be7b363d2f5bb78be6",
		.sha256 = "e6aec411914e1c086e1f67b5173b73e087c217cc596f3234fead96e57c1d4245",
	},
	{
		.name = "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 32 len 16 pad 0 type 23",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 0, .len = 16, .wire_len = 78,
		.key = "67b65b67b8c05b46b75e78eb1a530f1ccd00580e5171b8e690b30f72e51963b5",
		.iv = "31591d890660ce438a80fb27",
		.cid = "1162f7ae686113822184605b87061d46732a0f59da23c701f27e61beeb28c498",
		.data = NULL,
		.wire = "19fefd00010000000100001162f7ae686113822184605b87061d46732a0f59da23c701f27e61beeb28c4"
		       "98002127ed1588e42490c16e42f56bfdb229256567c01397256483a7cad64cf7fb6fcb79",
		.sha256 = "c31cccbf68451724a52b0cd7f832fa04cd36d81fa9c6a506efed218238716ed5",
	},
	{
		.name = "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 32 len 64 pad 0 type 23",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 0, .len = 64, .wire_len = 126,
		.key = "3288d2ac111ac1599909f3c56024543bcbf95548693f5821f2d1227d1841edd6",
		.iv = "565f117cc88aa448f810e858",
		.cid = "f8fc4b6226d645460eb1de5b16350b1a0b8864fea79aec89850cb6602027eed1",
		.data = NULL,
		.wire = "19fefd00010123456789abf8fc4b6226d645460eb1de5b16350b1a0b8864fea79aec89850cb6602027ee"
		       "d1005130ead583fce2af7713a3920c022fbd7d5d372492726f8845d093429e7f62e2995d26682e642511"
		       "c7e9e31b0ebc056124cef57dae85bd5d81743024e91e6f18de94bfda1df832909227660ca448b64efe40",
		.sha256 = "38c9da94ca0444913efc8194d5303f193a154b9d2b7b332a0275101169276bda",
	},
	{
		.name = "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 32 len 16384 pad 0 type 23",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 0, .len = 16384, .wire_len = 16446,
		.key = "d4bbbf545fa572ded0a709e2f3232a4d8266159f9ae5d002df95808f045bb25a",
		.iv = "7004bb7840798c74f3a0629b",
		.cid = "f049f53e92a6f235e91a7f8d85fa0fdd8fc04cbc847d371f59fbb790621016ad",
		.data = NULL,
		.wire = NULL,
		.sha256 = "8988508bb9fceff62145d386eb4f481a891c7fac491788ca020e17e5188b8808",
	},
	{
		.name = "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 32 len 2 pad 0 type 21",
		.suite = 0xccab, .type = 21, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 0, .len = 2, .wire_len = 64,
		.key = "635134bfc0388c3677032b686e98628017e7988b89905e06eff22a6688e8dfcf",
		.iv = "ce53dae82c7a510e233c488c",
		.cid = "72285809f18f34cbf9d2d50202365d8d9970b98d1d5219540775a609dc14168f",
		.data = NULL,
		.wire = "19fefd000200000000004d72285809f18f34cbf9d2d50202365d8d9970b98d1d5219540775a609dc1416"
		       "8f001319998bccd08b3657c8c5b0d13d5fd65e04a8aa",
		.sha256 = "987cc6f5cd7e2283b3bc0e6018923291e34397de0814d7213b29778373e2620c",
	},
	{
		.name = "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 32 len 16 pad 1 type 23",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 1, .len = 16, .wire_len = 79,
		.key = "f39ff571c3d65c45f6862c9c39ec214988f85ef9f62c9ab270eef254bedc6a01",
		.iv = "6ffc79c80b6bee0fa2573b44",
		.cid = "8278bc57c52bbebc6983f07d127ee2a8402eaab5682dd1c3c6fbe8a3f4585f1d",
		.data = NULL,
		.wire = "19fefd00010000000000008278bc57c52bbebc6983f07d127ee2a8402eaab5682dd1c3c6fbe8a3f4585f"
		       "1d002209120c38b12e6d486bc0407b6973ea67f880e4d502873d2cb52c6f666f66606ca2a6",
		.sha256 = "585a186aa85d53f20bffd2c07c2d5457eada98992bdcc85fa6e6a17e11c2aa19",
	},
	{
		.name = "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 32 len 0 pad 15 type 23",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 15, .len = 0, .wire_len = 77,
		.key = "2e1fe78dba48d76a446bb7276c41ce2d9b0f800b1e539c68cfd0065c91b24884",
		.iv = "e6fcb21ef417f5c497b06e6a",
		.cid = "99830d8caa5d1dfd03dda8297087c20b06e9c538b7ebd623501cc7b9c61808e4",
		.data = NULL,
		.wire = "19fefd000100000000000199830d8caa5d1dfd03dda8297087c20b06e9c538b7ebd623501cc7b9c61808"
		       "e400208df47c670f48e82238863237e1c23e367407ccf6bc22bb5730ff331de68d8e69",
		.sha256 = "6ddef6591811515585e04869396e49b806ef45a6a9eb5d527ad06e6d6d32b893",
	},
	{
		.name = "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 32 len 5 pad 200 type 23",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 200, .len = 5, .wire_len = 267,
		.key = "bc0c45d0ce79336cd3cf9eaf899c5d27dc371a86b931daf075c66cab6b9f2e13",
		.iv = "109782e1f35eb3cc32543e91",
		.cid = "c8df0c31f0778c885fce05c108a026bf0f92cc237e564e04e61a36c80f3b9717",
		.data = NULL,
		.wire = "19fefd0001000000010000c8df0c31f0778c885fce05c108a026bf0f92cc237e564e04e61a36c80f3b97"
		       "1700def083279fb4462b075ca4a2959d6695f45174bc3212279d908cbdb80dc4d41383425df5cbc3e2a0"
		       "3dd06b34308d9f1b1994138c89383ca5ccc12357a89c3dc81785be68bc553387dd6a1bad668d8302a3e4"
		       "428d2814b53fd93dcab24819471c7bad59fb6a6c6dabd97d79d6b5cebc737b5d4f7e819559d186a5489a"
		       "8efe74d01fa0dc20d133ede74a6cde12a544206a88f3f9f233393a0ed9d8715eac8d76b0b1f76e9ec111"
		       "c7f3a81d368edd46f01d705de73e2c4eb641c519020a4141751a3595c88c9219aa146004c2e18e5c9338"
		       "c58c3a33e5fb7d2bce28e246e5448e",
		.sha256 = "6c54894d798b4f90c707c9e6fde444231d883a7f591ea79b2300086f9f65a8ae",
	},
	{
		.name = "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 32 len 2 pad 3 type 21",
		.suite = 0xccab, .type = 21, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 3, .len = 2, .wire_len = 67,
		.key = "7063820587a4b7b30d03cf91ae4b5b6a8a403eb9b6971949cf43bd1b204e644b",
		.iv = "cdd12a69ce2585311b784cb7",
		.cid = "b757f2d885f5e8c9cefae07636778afc7a10c394b3a19661fe30446b32d006e1",
		.data = NULL,
		.wire = "19fefd00010123456789abb757f2d885f5e8c9cefae07636778afc7a10c394b3a19661fe30446b32d006"
		       "e10016d160446c176346396a06227681d802abcfa2d6da6492",
		.sha256 = "26d43cfa206cf0b006ed021ef421345c3edb18eecba73b6752eeee2c9dabf58b",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM cid 0 len 0 pad 0 type 23",
		.suite = 0xc0a5, .type = 23, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 0, .len = 0, .wire_len = 37,
		.key = "220277de8da3d57e6ba147d3f46c6e8e80166fc78d7a5f4734deceb73ad2ab07",
		.iv = "7adab796",
		.cid = "",
		.data = NULL,
		.wire = "17fefd0001ffffffffffff00180001ffffffffffff276dbd4d86edf6a82e4065df23719722",
		.sha256 = "727fb15d3b59ee61ca5a90ecb1eba307f19eccfc2f91b68ead852f1fef90bf8e",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM cid 0 len 1 pad 0 type 23",
		.suite = 0xc0a5, .type = 23, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 0, .len = 1, .wire_len = 38,
		.key = "7e8c8b582ac4c40ac62797069188191f05040a00024f5edeb64cc77fd0016864",
		.iv = "304e465f",
		.cid = "",
		.data = NULL,
		.wire = "17fefd000200000000004d0019000200000000004d444d232c49e29f9657db142981b5480af7",
		.sha256 = "1327d34fab2a24a6fdb28c3419938cf30b46e41fb09929db4b5e1ca0f1380643",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM cid 0 len 16 pad 0 type 23",
		.suite = 0xc0a5, .type = 23, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 0, .len = 16, .wire_len = 53,
		.key = "b8bcefaf226a8ecac2de5d1ec26785b5b82d6c88912ae7e67908899930dde90c",
		.iv = "bb0df292",
		.cid = "",
		.data = NULL,
		.wire = "17fefd000100000000000000280001000000000000e194aa02a970c63569b9f23dbd1c9499844766bb9c"
		       "f4479314977a4450d7116d",
		.sha256 = "18a9f5d246720cb8b26899fb34e0dfcec5078422d68d18a107d16eaa1c8ad525",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM cid 0 len 64 pad 0 type 23",
		.suite = 0xc0a5, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 64, .wire_len = 101,
		.key = "f11b34c362190c87bebd576e684e59b03e005576edb182a8ffc843f10ab819d0",
		.iv = "1262bbcc",
		.cid = "",
		.data = NULL,
		.wire = "17fefd000100000000000100580001000000000001f1031a5ddbf890a8399d41920be1af5c1f886da2e3"
		       "b5ff376c7e53df1e9e9c7faa1db785c34740b59cbb294ce448e9d814cf071cbe1706e81714e976e64a40"
		       "612b13ec8092fb0c630ee07836b39a6820",
		.sha256 = "ad0a8136183364e448156a924aa49e51a90e195b6dc6889995c265e6b0eaa49b",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM cid 0 len 16384 pad 0 type 23",
		.suite = 0xc0a5, .type = 23, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 0, .len = 16384, .wire_len = 16421,
		.key = "1c2d1821583579349c2708a6ec0215da1bb112193133b08275c23115ee8b3fe6",
		.iv = "e40e955e",
		.cid = "",
		.data = NULL,
		.wire = NULL,
		.sha256 = "36ae1bcbe70f863fc2c471510de327eeaa419c31f0c7b35bb3f3f34e0228be61",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM cid 0 len 1000 pad 0 type 23",
		.suite = 0xc0a5, .type = 23, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 0, .len = 1000, .wire_len = 1037,
		.key = "102ac3e347d44df39e1394d6cebe4fc1d8300a4d021692c708540b5254876103",
		.iv = "637580a0",
		.cid = "",
		.data = NULL,
		.wire = "17fefd00010123456789ab040000010123456789ab8fde11e2dde0bb826ebf78a396047448d673740088"
		       "f1a8600708c0d4ba961c61b609ab9a9bb23a87e89bec7ca29b79b879d7801c20b914ef7a3f7b5785828e"
		       "50e39f64acb05a5fc25aa0d2f037ecc83ba5ceddb691abaaa026ccd9b19f3a3bccf9a255f362f79a5938"
		       "fce5e2201748c3c88a26b92f75971a78bded3e3be825bc03fe9477056efb458f07472f138f9d904db5ef"
		       "898d72783f3089f34c9d3675b02ce3dd06e67a38b75ed258ed00237363e054761708ecadcf636f7b8ddb"
		       "ea2e170f3514baa56823e50f1d757a5eed8ce8b48a88a2861bca392e575eaf6341940ec337dc936363d3"
		       "2e802875537c8a17743b2e039f09835dce1dd544a63fbe548e511e00d5a0ed4867023eea3c98fccfee82"
		       "8a65eb2bcba3fb9847c79609527632e2f03e904bb9731e451eac281bea1ee55169b286d942cf5a9a966e"
		       "8a626e9d9c09a2a94f0b6cf9fd6a9d7c9eca0f52dd20a7dc29cfd5f9fee1249b13f6a9773934dd87b4eb"
		       "243a4aea83af97ff7ce162cd46871556c747f342fa2efb500cf709eaae6a977cb2a6202603981f020624"
		       "73edb047e454ebdaaa7cfb1a793c8f8e8e126453a519664f052452601c0e2b08c33567188dd70d955c41"
		       "c7c6c2578db7dd5275b0890720b4e70dd105d6b821b4f3e1f3b05f7cbcf34d85bbc86d451a194567ad10"
		       "40e1ee2cdb8cf660b0522940ee23493b2476c89141107343f69ac6074d12b61bc56ce091a5f308490df5"
		       "df34d20382d1d9c658dc0086c0340462a340ab64d3ada1c7cf7ef8376f251d8c615163070e0d046e6006"
		       "f1e07b771fe9b1f3f94b4ab61c13c8577b1cedc3659acff9967e8d18462f600ed5261817cf87eeb17afb"
		       "e330d30adf5ef8377fc075f2b4a249817fd0c89191e2acc9174ea9c4781a49862306f4516eb979a3964a"
		       "96e97b61a970ce9ffb9e1ea349b2e2e28e9a9588b1f60ad185f5bc85c6d95b66670bf908ab05b490edbe"
		       "b62657e6249bedde4b82dc5444b036b36ce9d3ba18f29feabdee61306024f7f1e584200101ef61f85ef1"
		       "9b598c2599adebca634df0e3ad25015822fd81c78c4f51cde6e214f349f45923654a5a1db6912aca58d4"
		       "8447ef61ab68f282b619acf317bb0fef42ed668a89bb38d30576f3d6cd28b119246e75e900b2ee94c325"
		       "d8e4da1f8163d3f7ae61c20b920b07d9a2767e8da9d52242bc42e049460a096e82078eab9f3b4f209152"
		       "f8b74752d7ee4089e6b255a40c5318cb4f140c45a3efae46ebbaff40e41c0e3c7a42a3e34d207aaa9a5d"
		       "b5509c90cd3defbb8fdf88b22b4e9b2539942be7703b926543bf265419042803fedea41e434c5a64ca7e"
		       "27295d13958419b700fce4bb1c776360d5bd77f34c803a259f7a59faf4031aa7910916de7656131aae53"
		       "b9542f2bffdaa3bcc0fd12a7c6b4d4e17aff38c6a091ca29b5c4f66b13",
		.sha256 = "82bd2477a5aa4532a9270dc13224ba7972105883b56236efb2f21a9dfe2ec59e",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM cid 0 len 2 pad 0 type 21",
		.suite = 0xc0a5, .type = 21, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 0, .len = 2, .wire_len = 39,
		.key = "68777e77ceb6f044e3afcedafa1befbcefa66814cb62bd47c33d9241ea1a7a18",
		.iv = "27e40934",
		.cid = "",
		.data = NULL,
		.wire = "15fefd0001ffffffffffff001a0001ffffffffffff9cb3ae8ee8ae313c8584398791888b036baa",
		.sha256 = "5a11c391ed93ed4d30b40d112eb7fd6d618a3b5f95e4e8c34b2b6f7e006a3271",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM cid 1 len 0 pad 0 type 23",
		.suite = 0xc0a5, .type = 23, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 0, .len = 0, .wire_len = 39,
		.key = "310014781a865b69464ab887ac8484311bd64d0815acf1b2b689a9a0eb738d69",
		.iv = "a2318467",
		.cid = "48",
		.data = NULL,
		.wire = "19fefd000200000000004d480019000200000000004d92ae9641597d5c26e072d405eea4b4754b",
		.sha256 = "ec3ac417dacf5ad285d43813b5d86b6dfbe9b7ddc934293c753fc6d7330ab5e6",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM cid 1 len 1 pad 0 type 23",
		.suite = 0xc0a5, .type = 23, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 0, .len = 1, .wire_len = 40,
		.key = "7c4b432e1f721c444ad65ea9b4aff7e8b14b60357ccf3eb6ed60014fe70b82d9",
		.iv = "a9e55861",
		.cid = "04",
		.data = NULL,
		.wire = "19fefd000100000000000004001a0001000000000000dc3fa49a86420f7f66a67235a0d02943c3b1",
		.sha256 = "ace11cc7a71bce8a166a719129860c9f08884653c762bed34df65e61bc155f12",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM cid 1 len 16 pad 0 type 23",
		.suite = 0xc0a5, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 16, .wire_len = 55,
		.key = "2e5dfe724d6e1586797c9458107cf30e4db3e6204039a6b8afcfe9e8a1c2ed11",
		.iv = "f56768e2",
		.cid = "96",
		.data = NULL,
		.wire = "19fefd00010000000000019600290001000000000001f9b93a9ffb3daaf9d282989125183d532e408f52"
		       "615209a96f627194e983600f67",
		.sha256 = "4db8d08b5c073929ed91bb35fef398bc8526fdf100ec68cc71586eff91c7f1ad",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM cid 1 len 64 pad 0 type 23",
		.suite = 0xc0a5, .type = 23, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 0, .len = 64, .wire_len = 103,
		.key = "c01e471540f55208a8922d5297ee1ab1baa5c9efb914e98cd13911cac79eb5eb",
		.iv = "71756481",
		.cid = "82",
		.data = NULL,
		.wire = "19fefd000100000001000082005900010000000100006ffb467ed7d0b74ae0e2a81889c2c8f5a7ebdbd2"
		       "5f2a204d8df0e9960c15d0d0b77313914b16249152b065794ddebc4c158b45247b9180ecaf98448f8f19"
		       "80ea6b1bbef5de5fa22ae594db9c26fb528513",
		.sha256 = "1100cafb01553ea44d78535e6fe367c88f37b8e0981b7690791bc1f144fb2c0f",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM cid 1 len 16384 pad 0 type 23",
		.suite = 0xc0a5, .type = 23, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 0, .len = 16384, .wire_len = 16423,
		.key = "71f416367dc6dbe3582564b8db4de7ff90fc196f850fcc833d5b2e7d049b2168",
		.iv = "5fcd8526",
		.cid = "10",
		.data = NULL,
		.wire = NULL,
		.sha256 = "320864c188c5b4c4c2213916ead475c07c4b32cf11c98351d4a467946560fc44",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM cid 1 len 2 pad 0 type 21",
		.suite = 0xc0a5, .type = 21, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 0, .len = 2, .wire_len = 41,
		.key = "c42b0825f6e7ecb98deef057ab8c67f6c69278fcfe90eacb59f072e74cfbf66a",
		.iv = "5f3c3b0d",
		.cid = "08",
		.data = NULL,
		.wire = "19fefd0001ffffffffffff08001b0001ffffffffffff241ceac2aa5d2604130f4d01b45e5c6b55a77a",
		.sha256 = "64754f96442a3ec95c2fd9191b2e3cbcb8811522307c21d4724ae102574f8e94",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM cid 1 len 16 pad 1 type 23",
		.suite = 0xc0a5, .type = 23, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 1, .len = 16, .wire_len = 56,
		.key = "4caf1aa4f7df5bcb82944eb4317e88911102f7f0a3b457cebf4939b2b587e2d2",
		.iv = "85fa2a97",
		.cid = "94",
		.data = NULL,
		.wire = "19fefd000200000000004d94002a000200000000004d818c9c374e98f4f51a2509fc5d6bed4dc785cf93"
		       "887a13037dc0648590dea52e913d",
		.sha256 = "5b67aa40eb0487c884fcc937dd4b61c6499f0377990b6a3aa7aa1400e08bf238",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM cid 1 len 0 pad 15 type 23",
		.suite = 0xc0a5, .type = 23, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 15, .len = 0, .wire_len = 54,
		.key = "5aed92b63d9ae712be65042b257f125e57077bf58be5951b70022f21883dd461",
		.iv = "e082effa",
		.cid = "1e",
		.data = NULL,
		.wire = "19fefd00010000000000001e002800010000000000006839bcd633db250a704198f271064dba4d017396"
		       "3c1e57f18fd738aa47488892",
		.sha256 = "a85104e117891bb7703b51181dca01ea2633376e6882ebd71636802fd8e5a27f",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM cid 1 len 5 pad 200 type 23",
		.suite = 0xc0a5, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 200, .len = 5, .wire_len = 244,
		.key = "5d6a919d611605339d05048e0be728b1da0427326756355343c72ac8224a5066",
		.iv = "11376c74",
		.cid = "79",
		.data = NULL,
		.wire = "19fefd00010000000000017900e60001000000000001db17b3ec255d89f7b6e5652cb714683862171660"
		       "d46bb955156a50da8d06fa531cba5ec94850afdd26f7a05eb7c10249b27d250a265449a7216780ef720d"
		       "5458d661001819b92568cbdfb2ae4f69892c893a0a67fb90606844d520bd68a54d8c8938353adfb09544"
		       "211fca4529f626751b515198f182527a190e4182aee93d535d6b51da95b8ef7b51c189d48d33418d5fa1"
		       "ce22eb2e538955775913a66eb34a77cfc664060247ece574b14d2ce756fd05fbfd4ec52dd4a172af3dfe"
		       "776be87c075ac8cab9cc952a312c749e7b3315bd6188884f4d19382e967fa935380b",
		.sha256 = "039b8a1be4792b152ad75647b69b6dc29ac1e5b2654de1558f7e718eaf98228f",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM cid 1 len 2 pad 3 type 21",
		.suite = 0xc0a5, .type = 21, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 3, .len = 2, .wire_len = 44,
		.key = "b4357a8281f3acf5e3eb7c394582b6b1ec370f879f3a36afbf283a07fe78d4c6",
		.iv = "a5ceec6d",
		.cid = "48",
		.data = NULL,
		.wire = "19fefd000100000001000048001e000100000001000009b16d2ebf7dd4a552d65f8512d47489d619c19b"
		       "b207",
		.sha256 = "c311bef306493e696e36c56f3ded6a8b65a0bce9fa06f1aa7b7986e5439a0be8",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM cid 8 len 0 pad 0 type 23",
		.suite = 0xc0a5, .type = 23, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 0, .len = 0, .wire_len = 46,
		.key = "c94cda616c64e0c3949cf8f41c89189113e94b8792f0b41f0adb24fe7a69a4ae",
		.iv = "24cd6d72",
		.cid = "c34c3b807775b78a",
		.data = NULL,
		.wire = "19fefd00010123456789abc34c3b807775b78a001900010123456789abcc9e1916fa09ec89c6cb873b02"
		       "2df6690b",
		.sha256 = "a88b1bb67c5f09f70277212f5b0e45e2bec3c203ed0dbf9671d33ff3c9086b6b",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM cid 8 len 1 pad 0 type 23",
		.suite = 0xc0a5, .type = 23, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 0, .len = 1, .wire_len = 47,
		.key = "54fa6dbfbe9e6ff265ec09eb5a277225568f23afd88571ea6e598bee0401f631",
		.iv = "32c0263f",
		.cid = "4dee656e348abdfd",
		.data = NULL,
		.wire = "19fefd0001ffffffffffff4dee656e348abdfd001a0001ffffffffffff1acce9765ae41f4eab9b0c5bea"
		       "8d0dae43f7",
		.sha256 = "c33000b33c153db58f6056788984ed8ad3199abbf7de8f10bd3814130bd3f4a2",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM cid 8 len 16 pad 0 type 23",
		.suite = 0xc0a5, .type = 23, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 0, .len = 16, .wire_len = 62,
		.key = "d47a93785f25b546de81a82b128499d3e7013047b8963fa78c6081dee9fb4d2f",
		.iv = "f40329f4",
		.cid = "0e7633b9e8854134",
		.data = NULL,
		.wire = "19fefd000200000000004d0e7633b9e88541340029000200000000004d2967128bbe3980799e511c554b"
		       "cb6fe10442321953280cf6c7cd4748ce84b616a5",
		.sha256 = "2d309f18a482b31f4bf13b6aae1ee61c11e5e320e856bb060ad95feceaa55feb",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM cid 8 len 64 pad 0 type 23",
		.suite = 0xc0a5, .type = 23, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 0, .len = 64, .wire_len = 110,
		.key = "7f744d783a294b9a6820c1bd672d3433f0b3fceb2d4ff61ea53311c68c786297",
		.iv = "3fbea6c3",
		.cid = "93ac7a2dab67b941",
		.data = NULL,
		.wire = "19fefd000100000000000093ac7a2dab67b941005900010000000000002ca33cc0d36157b4e1e025f21e"
		       "8933f1f3dc8dc9c12a1a6e2be59be6859ed8307c76894659e4475ecffa5fe70f7ff9c745c9c602aca51a"
		       "e6abb6bee60d40900d3815a738f070fada3ba3393904ca3d719b",
		.sha256 = "2c2f2fcec8d0db4614a6d8fa07d6b3f808ac120173d4a7096582817eb7b66c19",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM cid 8 len 16384 pad 0 type 23",
		.suite = 0xc0a5, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 16384, .wire_len = 16430,
		.key = "8648f657079fa7d4294030c6b213acbcd3b23e875211640cba94089c98c7a487",
		.iv = "239777b5",
		.cid = "201944da3ac485db",
		.data = NULL,
		.wire = NULL,
		.sha256 = "09a21e85f9e2941e4b29eb46ec2cac0e4ac1884bee69fec6c7ac5105d5c88d83",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM cid 8 len 1000 pad 0 type 23",
		.suite = 0xc0a5, .type = 23, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 0, .len = 1000, .wire_len = 1046,
		.key = "fa5465e5c3e9fe23b737182cafc829baaf1c199b0cfec467ff1ced2f0040144d",
		.iv = "21431d91",
		.cid = "80461eb8cdfc01fc",
		.data = NULL,
		.wire = "19fefd000100000001000080461eb8cdfc01fc040100010000000100003a3619d0b033d478693740132a"
		       "3bbe0fce29d2b72bb0441d3394a3cb689ef4b7a110515d2512c1718803c77228cabdbe0b51e05fb1fb37"
		       "fca5cb185fc86643ceea3618e26a2b3c57fdfadf2639dab26cb212f1ff23d6121dcef95207e0a7a21dda"
		       "ba2297b2ef470d0251565688572828337b352d0b2c960d4cacfb2c11bccee6c40d2b3a837b2386fd8093"
		       "582c4e22f52bb9c56ed3d24f64bccb6be035515ae087e8aed6d5816377c4631a5307d9066bccec749a44"
		       "db92bcdbe9032c499c4f1da165b511b363939a4fe63130314766f393e31e8265e7552382b63d7e6e8e03"
		       "1746574798d0352b6ad3af81ee328fd149b39eee97c79c237f08477e7a64ab28ff5d9b96d9cbca5f3fbb"
		       "a2f61dec3afb88ca15d834148a4811e7ae43dbe85bca65ef030987f2dbc83add1c36c342566b793abfe6"
		       "0ab9b870f3f86029b7e2b62110a12ab38b5e046fbe4d003e4fbaa1502cf1822e9fce61199a3ea6f7451a"
		       "ef67e3b67568959f11bd2dbd4fd173cf5d9693922ff50b672f5c52c65c1997b17e530aaf80cdadf0de20"
		       "ea70c6fa8da81a1d480dfc2c703acc7cd97c6746e83b84b9b977dc9ee292656eb364584d88d0fc6e7de2"
		       "dd292e255c6af0c1357ad54e42c215c757ba5a018b97f9fc7453131cb48c1a103bed70287a2944c52b47"
		       "4c35aaaf930293eda1081a4a3c4b6aa417b97fd32f9cf97f83f45e10918ec48f8cc0d35992897c6683ff"
		       "4bcc0ba5cc3cac545a2a625eb2336c9d4e27f99c008eb82a60b9d2a2c22e8baa097ef21861f2ea4cf7eb"
		       "6d42d2bbcdced445b2af032443543047b6823fe92621b710f3179a526ab8ef01f63870639e16c8df7459"
		       "986295ecc339a61ba44e8ce71cb8524320f868c0b86990b7470b4199b663acc803318783373db87654f2"
		       "a0b1f60b330fab57bc59f2ace8b94634999cd95397cd11139070ec844ba9ee4352e23c27c1334db3ac18"
		       "0970182243e2a3e45c07c89049c4c539e5fa05bd31970003b194cfa0ade32f1cae8d4cc46e4ed2829e92"
		       "69fa27104a484572bf86c83939fe3d1ee34d6931e8da348ae82ee193861022e61aaa5bd9608579278c6d"
		       "99ebab33fdc77a8002b785762fb23ae706ab9b015495c28d52bd90d9ed8aea6cb3f8ace7075ad749cde8"
		       "cab210f49430a629000115038bf8477cae4ed2e426ae699cee056939a09dc7f02e52794be4a6329a37d0"
		       "ae6602f644c491a8c901dbe2e832776d9c6e9e3f5518eb81e688a86dbd0cf032009e3c40f50cf48b7543"
		       "409dc60db1842baf675f664cf66ec4eb93e10a54265d7abbe18c316a1651e4cba58b3c308abad81804ab"
		       "808c79b6ba8a454c10a80dbe7dbe602f64d8f41210735afcda9ba4a3d839762add4d71bd2b936c824789"
		       "283cb8b7cfb037ba66b156b12480265439ccb3701c380b73fb6d2c7ce3163faca9c4e22a1a44",
		.sha256 = "1f7a3e77aafda5b087ca427f3419ce87a4fd8a1c11aad7250470c378b617048a",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM cid 8 len 2 pad 0 type 21",
		.suite = 0xc0a5, .type = 21, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 0, .len = 2, .wire_len = 48,
		.key = "c92b73e8eb1c9f95bd01a75552be5510bf71b07277048da9dd9ece593cd4b1be",
		.iv = "eca6eeff",
		.cid = "c2ec0542d5314c2b",
		.data = NULL,
		.wire = "19fefd00010123456789abc2ec0542d5314c2b001b00010123456789abbe9deedaa564037249980948a9"
		       "9a9cd1d4a147",
		.sha256 = "23618cc726756d90d701eb8ca71de187381864b4a7e833d5264f2d7c5a23614b",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM cid 8 len 16 pad 1 type 23",
		.suite = 0xc0a5, .type = 23, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 1, .len = 16, .wire_len = 63,
		.key = "ab414e74fade812008fb89826d37d9514e4d5ad7532d32a3e9d4a444e1bd4fef",
		.iv = "3bbada8f",
		.cid = "e1de9ec13501a006",
		.data = NULL,
		.wire = "19fefd0001ffffffffffffe1de9ec13501a006002a0001ffffffffffff51b9c5598a4c874f242b89eb3e"
		       "114297da4500d2416aa4b4bde0305c695fe4bad6ed",
		.sha256 = "fc7c21dfc8f859adbf63ae5d1fea3d108903c06d22613f6c2f1d4dd77ab3ea1f",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM cid 8 len 0 pad 15 type 23",
		.suite = 0xc0a5, .type = 23, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 15, .len = 0, .wire_len = 61,
		.key = "d2c5372c91a08c2c1cee382f4455a588b4f9f8a5f2b70663a97eba9394f69695",
		.iv = "d3d18215",
		.cid = "a4d7c1baea360745",
		.data = NULL,
		.wire = "19fefd000200000000004da4d7c1baea3607450028000200000000004d1fe90623d301bc03de956c4645"
		       "1ae647f774f2c2f12bc83fc07ec6b5bac1d8c6",
		.sha256 = "5e61d3dfe04a7e8fff75423e3341daae67c92bb5d252ee199a5704727964c66e",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM cid 8 len 5 pad 200 type 23",
		.suite = 0xc0a5, .type = 23, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 200, .len = 5, .wire_len = 251,
		.key = "b2df3a21baa51cd8a396a1d36ab31d22670a4742c06fadfa28e27eba7f87d8db",
		.iv = "0cb540ba",
		.cid = "bd264f4481fb4ef9",
		.data = NULL,
		.wire = "19fefd0001000000000000bd264f4481fb4ef900e60001000000000000c1db0496cab101ea42d23a0edc"
		       "12563a69659145a7960442e7b3f07365adc43ac3ad377224839c24391bf11e9539a60fa6077c69fdf459"
		       "f9594ee003dd0c57dee81b96c19195c061b4d54cb442eabfb70b7c52d9b712b61a5eb12c73f0e82ec73d"
		       "7a4c79d6673fdaa19bf8bb191b8a036d1372889c3e5bcd751ddee8b9b0dc022b0563c6356d06463548b4"
		       "dad898451c4cc3cbbc834621d8b34b7c9c31a5cfc4376819e6b3c543a52d934cdcb08075c11934f06ba4"
		       "a763879301b21f67fe8320a43cd51bdf2c5ecdb4e16c999177d6946d16ccb0daedaac7ffdae31c37a2",
		.sha256 = "4ab85322283481eaaf6e751d0cd8e011eda6a35177f4be010bb0306a2043577c",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM cid 8 len 2 pad 3 type 21",
		.suite = 0xc0a5, .type = 21, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 3, .len = 2, .wire_len = 51,
		.key = "a05f8f3d8b5a83a21c7dd29c3eb9f82dc0a5eb4a19757a885ee0490596c00b90",
		.iv = "0caf2f07",
		.cid = "4fad6d478167cfb2",
		.data = NULL,
		.wire = "19fefd00010000000000014fad6d478167cfb2001e00010000000000013d7f53813edc6f42c75a599551"
		       "fe4967d8061b43aafd",
		.sha256 = "9f7d40ed577aed340f4dd307db9c1ea47715e1ae1e449de33c8bf2bacf98067c",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM cid 32 len 0 pad 0 type 23",
		.suite = 0xc0a5, .type = 23, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 0, .len = 0, .wire_len = 70,
		.key = "6791fab5a256d5bb7fa104fbe344960efcfe9f63eea23da14e3a56c030fa7e96",
		.iv = "579e454d",
		.cid = "79e90fb8bf93c7b53c0115dde2c28bbc06b7ecd838db6306ba328e49b3ee74af",
		.data = NULL,
		.wire = "19fefd000100000001000079e90fb8bf93c7b53c0115dde2c28bbc06b7ecd838db6306ba328e49b3ee74"
		       "af0019000100000001000055191e1c1ba93611f97ccc9530406500e3",
		.sha256 = "fbedcb619556d911f7eef9236f4963d75a3534bf1efd05711555aba9e0941d60",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM cid 32 len 1 pad 0 type 23",
		.suite = 0xc0a5, .type = 23, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 0, .len = 1, .wire_len = 71,
		.key = "c64954ac5780814adfec80ea711353e74744644a8b2fcad3c4b9f92539abf3cf",
		.iv = "7778a226",
		.cid = "3d12de7ad338b0e388ea394ff42f7353a768f6922f49b5c972b493763e5db8cb",
		.data = NULL,
		.wire = "19fefd00010123456789ab3d12de7ad338b0e388ea394ff42f7353a768f6922f49b5c972b493763e5db8"
		       "cb001a00010123456789ab8aa36117567539504faee376a7e4f954003e",
		.sha256 = "6c509bd3b0afae9a881e97e89903be134c42f427de07a2ed2839712143f749dc",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM cid 32 len 16 pad 0 type 23",
		.suite = 0xc0a5, .type = 23, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 0, .len = 16, .wire_len = 86,
		.key = "791be7d43f845ab1871abb30a2de9b546a5ab059274b23f9dd9e6acafdc90d95",
		.iv = "d074c7f4",
		.cid = "a19659cfacf7723bc3ed391427bd2477db82e6afbe35536b4a025dbd84c46461",
		.data = NULL,
		.wire = "19fefd0001ffffffffffffa19659cfacf7723bc3ed391427bd2477db82e6afbe35536b4a025dbd84c464"
		       "6100290001ffffffffffff20387cb48ed7b93cb01c50d7ef02d0a2b29533a04d178f2605dbce4ae922e8"
		       "3bb7",
		.sha256 = "589dbc5984457fa939dd56e6269620041e00b1803faf8208a02db3442c27e93b",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM cid 32 len 64 pad 0 type 23",
		.suite = 0xc0a5, .type = 23, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 0, .len = 64, .wire_len = 134,
		.key = "fa5e1916b5d51cb18429a26e63067b0ea2d55adc9c9efe51230df1e841d3a225",
		.iv = "d7e3326a",
		.cid = "2279c8c660a80a47641217c3cc9e2429244af48c2b087cd57fb56fe3a05a1a3c",
		.data = NULL,
		.wire = "19fefd000200000000004d2279c8c660a80a47641217c3cc9e2429244af48c2b087cd57fb56fe3a05a1a"
		       "3c0059000200000000004d75070f772fdf924ddd5e211dffa7a9f98b1dda3000fb31fa24d96de71730d8"
		       "b6fddd8a85aba87b04337994aa81a31648e6a37a051326d464fa80f86f99fa38aea2bf76456402d38b91"
		       "d332dd32aba8ed07",
		.sha256 = "f595b2952757f5558ed23e11237e60a1e9e56ce82ff144fc58dbb30ed0d5bbb1",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM cid 32 len 16384 pad 0 type 23",
		.suite = 0xc0a5, .type = 23, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 0, .len = 16384, .wire_len = 16454,
		.key = "863dd4fc92172c07ccc31d9acda36c78dbb802a750e0cb94229a838306391c2b",
		.iv = "b6252410",
		.cid = "ffd578180322a1b56fc6b5a78d2fcd88892d97a201760d561e627a41a09a9174",
		.data = NULL,
		.wire = NULL,
		.sha256 = "6704b3aede72e8ed5b02ed1ffb892878801b62740976645f0209b7e188e907ff",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM cid 32 len 2 pad 0 type 21",
		.suite = 0xc0a5, .type = 21, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 2, .wire_len = 72,
		.key = "4d7d00257e0831289f96f825736115a598d4f172ab9030fefc4cf2fc7b1209a0",
		.iv = "19360eb5",
		.cid = "e29c2238718a29f73cf07915f551905f08dae31145c9867a4e3f628832c4670e",
		.data = NULL,
		.wire = "19fefd0001000000000001e29c2238718a29f73cf07915f551905f08dae31145c9867a4e3f628832c467"
		       "0e001b000100000000000137d04b1d5a07666f5da8f235970d4e2acf3ad3",
		.sha256 = "3d490017563a0168a878a5e8a7ec3eb6bd75ec6b2bc0bc14fb65dd1461e7bf8e",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM cid 32 len 16 pad 1 type 23",
		.suite = 0xc0a5, .type = 23, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 1, .len = 16, .wire_len = 87,
		.key = "9aaae58f5f6512da65be326bb95308a365ef65db8514d0536f65d4150bf531fa",
		.iv = "5e5fdac5",
		.cid = "fca6e48588dba75e08a7d173ccf02de895d1e58572f03111b4832199a7cf665a",
		.data = NULL,
		.wire = "19fefd0001000000010000fca6e48588dba75e08a7d173ccf02de895d1e58572f03111b4832199a7cf66"
		       "5a002a0001000000010000abf8138db6780ec78e43430af4e714f91fba1b5d0087c82e8e48008f5ef40a"
		       "18df72",
		.sha256 = "dcd4a8d9e615c03fda8c72acb696270a36902683d76e823675cd0d58109f6c39",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM cid 32 len 0 pad 15 type 23",
		.suite = 0xc0a5, .type = 23, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 15, .len = 0, .wire_len = 85,
		.key = "9422657918086bd2faa3c862c0c541e22a5b795e2c713e74ff53eec81fd7d0e4",
		.iv = "ef50ffeb",
		.cid = "79d928c5c39c79fc997e1f514f1fe4b91a8488913e901688de12f96dc897118a",
		.data = NULL,
		.wire = "19fefd00010123456789ab79d928c5c39c79fc997e1f514f1fe4b91a8488913e901688de12f96dc89711"
		       "8a002800010123456789ab450d871171324a8055f45fc5a28d16648e5ada25781d98c99d78720a3da9b6"
		       "cf",
		.sha256 = "02ec0458569db01d00da450b2127d9ddd059a07b6d7d33e317ce41683f965d59",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM cid 32 len 5 pad 200 type 23",
		.suite = 0xc0a5, .type = 23, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 200, .len = 5, .wire_len = 275,
		.key = "7deee9f6eace79e1b7ed841ff7f71b6a648e198e80b82809221fdec0ef23a3ce",
		.iv = "1796e7a9",
		.cid = "11cb7b27fff8ebe99bd1d8de6d002191b48c63cb96f98cbfa0538e25d6fe285b",
		.data = NULL,
		.wire = "19fefd0001ffffffffffff11cb7b27fff8ebe99bd1d8de6d002191b48c63cb96f98cbfa0538e25d6fe28"
		       "5b00e60001fffffffffffffd8e6f813492f26a0c0002dad2d875e0eee681e56281e51a656acc046613cc"
		       "fc64de69eb7c0cc71480ac838ff29cb85c6e1b8f8ac5c280caeead5378c3d3ff98d8a76c2d8b6c23b129"
		       "c8366a31d4ade9565b996e477b6413f9066b445e4751dd684cd8970279136e0544418751e166c68c6f74"
		       "3ad3155146423fa3098a6cb56488767044e06872b32e8daa429870a2ab7931afa62c08c9588dc37ddeaf"
		       "6e078dabf996b09898ed9fdd7e6aed1e9b5c75305aa90e287a63a3069761baeeeccc21bd58677fe4bc3c"
		       "4460d637d671646a35345bee46757875e70289ba165d5c",
		.sha256 = "8fe74ea032414b7261ede5124c3450b89cce9f1cde116659f1aeaf6867a23872",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_CCM cid 32 len 2 pad 3 type 21",
		.suite = 0xc0a5, .type = 21, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 3, .len = 2, .wire_len = 75,
		.key = "60c57edabe9bf8cba171edee5c9346f7dc2be8aa35dd0dd7e50cb07f69bf4288",
		.iv = "18b94c78",
		.cid = "3a0ef02a4d511a4781ec35c906310c61cd3817f06f3624dcdd3c07bf0c4d55c9",
		.data = NULL,
		.wire = "19fefd000200000000004d3a0ef02a4d511a4781ec35c906310c61cd3817f06f3624dcdd3c07bf0c4d55"
		       "c9001e000200000000004dadc9dbf8977bc8c06feb6dbfa789cea0f4405d1478ab",
		.sha256 = "68b5cacc363308b3446c771f395261c6684a63d378534cd272d1da2b7e45e4f2",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_GCM_SHA384 cid 0 len 0 pad 0 type 23",
		.suite = 0x00a9, .type = 23, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 0, .len = 0, .wire_len = 37,
		.key = "bdb865d0d0088af5421af58baa68eda705f5f8207cfed5bb6911ddeb88392a5a",
		.iv = "b6c66d61",
		.cid = "",
		.data = NULL,
		.wire = "17fefd0001000000000000001800010000000000003f9ec13868b54db427785db7759fafe1",
		.sha256 = "09d59534fbd64d1e3efd58af4936b7ea8842c8116928a9bae60dc7beb673f2c9",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_GCM_SHA384 cid 0 len 1 pad 0 type 23",
		.suite = 0x00a9, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 1, .wire_len = 38,
		.key = "b8cf0653cde8b24796cb4607af94cbfabe763aad846e4e99afb3041a397a427a",
		.iv = "87accbf3",
		.cid = "",
		.data = NULL,
		.wire = "17fefd0001000000000001001900010000000000010222483b3a1e47b4635fd0efc856676482",
		.sha256 = "132f2833c823284299289c171e312f3b07146359f3666694e30343245153d1a6",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_GCM_SHA384 cid 0 len 16 pad 0 type 23",
		.suite = 0x00a9, .type = 23, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 0, .len = 16, .wire_len = 53,
		.key = "e10fb2d7d5e084dd09045c278d83f85768c29f565e2f29f5ca06b8a62073fcac",
		.iv = "64a2e9d9",
		.cid = "",
		.data = NULL,
		.wire = "17fefd0001000000010000002800010000000100002027b1586dd67bca47c2d1548f86aec6bf35523826"
		       "9a8989b451643c87740590",
		.sha256 = "a57fc5d7f222a95b36c9fd760effd6dc72639b62e5dc2fcf4f2abf92ad9652ba",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_GCM_SHA384 cid 0 len 64 pad 0 type 23",
		.suite = 0x00a9, .type = 23, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 0, .len = 64, .wire_len = 101,
		.key = "e5074a9ceb028becb6d6bbb06945384daf7147dfd32e7f0e6ac16fd4f05a08e3",
		.iv = "4954b9b5",
		.cid = "",
		.data = NULL,
		.wire = "17fefd00010123456789ab005800010123456789ab16e5cff6167a380e4cce0492dd3d52d5c72cc901c6"
		       "3d9685fe53006d0ea75c1ac344f50331103b286249977d5942ebec2a5d8d955fda948d28ce395b3d4b90"
		       "82f4237524d3a739f552dc6746198f6c71",
		.sha256 = "0b22855d3bbe31aaa3256fd0abee1689a9eae1396dea8c994fdb2db58ff6ef9d",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_GCM_SHA384 cid 0 len 16384 pad 0 type 23",
		.suite = 0x00a9, .type = 23, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 0, .len = 16384, .wire_len = 16421,
		.key = "5551701478145d3eace390b8d457ff97c968aa567f7059f0b363cf9115ad6f9b",
		.iv = "ab0f2c4c",
		.cid = "",
		.data = NULL,
		.wire = NULL,
		.sha256 = "e19c03f62b1f4c99cb3ddad7e017b703d89cf76f1e50ecfdbe68f7c7b99768d0",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_GCM_SHA384 cid 0 len 1000 pad 0 type 23",
		.suite = 0x00a9, .type = 23, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 0, .len = 1000, .wire_len = 1037,
		.key = "a3c1318db6661be7f2ff70dc89b01d7cf1b429becf2e057dc7640b4f40559f84",
		.iv = "4c570662",
		.cid = "",
		.data = NULL,
		.wire = "17fefd000200000000004d0400000200000000004d14de9f6ff83ba67ede88fbc8eaa6366b94078043e9"
		       "84338213cb97709bbfa69e654cb8c3c4121db3005d77bd074f1d51286b1e7476e412c63f6b2e6b3000bd"
		       "5a54824ff61f577b2961206fcafc3b93c9028d2ee76821b8725ab572e274b9e28f38e4bd9811721fff7d"
		       "fcc3ccfcbad7b29044a3ebcad26e57af1ce770041d373cd4481b6e62b211ef862592319f2dfd9dfa5079"
		       "c068d084fbc03c7d1c82f49bbf0cb1ce5a4f1770f2ecab6350e993cedebf96cbfa83c7474e05ef969d57"
		       "b3d22c21fdc6ec916de81afae50a2c8bc4617c4082250b057927f68381e50d6d1c1b532e402f86618f2d"
		       "605ecae16fb1a13d4698cd16cd0bb769a23ca4067b1e0eb06c088a26d8ec55c2a6149139423911fd671a"
		       "f647e3100986ea8ce9b827df48deebf528a2bb4016ad46415a10cf6a9624df7af2b89eb3b070bcff31aa"
		       "adfb3b7d40e52d477e92af235aa5130e928d398b92d9de37440bb85fd0d303f1d76ccb06f6e2d18dc5cc"
		       "367330fe603d5e86358415327f3b35a7e55115cd15b8f5513590fd98254adf2a77737c8ede5fb3a19bda"
		       "e33c8e68b9500be709ed0f4ccfb141d1242ca4da5c4df82ddf9f9078e2a6b00ce43ca2aa4dc768c10adc"
		       "a1b08b0439a82bfc5dd1cde604b5fdb3201c1f9e495995965f5f9c92ed647b4c7590ae75cd8d6725f4cb"
		       "fe4f9ecee38582eddaec4fa7d3a56716f8521711f6840c0d5069894cca5d808b47593082e3d6c62279d8"
		       "a3bfb3957cac0470716adaf49e3c726071117e1262c4ff15f944418345aed33161fe35651e14b0c14450"
		       "b5e4df44002d7733d83557d10397ed195b806779bac4bd885b5e3e90fd3f51c5d5b916f511cb6739acd3"
		       "0bce14d5e2c5ba8acd9ec19d4015439c721e39aef6caebeabdfae6bba4c6143ebcb456146cbb9902b92a"
		       "3d322c26159957833da48324db4f842733433c59d688a384fcdb00097ba19fdc611122fa5fd00a548b1d"
		       "cd6751725db6235521d09ddcc5aadfd498211317f97e8d071003f14bbde40792c5437f2a7d4ef06b7e7c"
		       "396b8f179eb3a2dd652c92e0b08fdac6ca8e1eddcfb88db4fd9137f79a17ee2e95fe56b9d6cef09a1567"
		       "3df2487dcc98491d5fe387d1fa5d0a51fadb05c33ab895daa46f82e1809ed21aaa892fc179f126155e02"
		       "214a151382df1fd30e4f107d570fa5a8f515b2786a963e3ad2c45b1e6ded861617b6bf7059e946a70127"
		       "443785f4f2f11a4d5177667bf18a35c2eef9a2748dae28f2316b420c2023aa0513fd56f62b9fe3e9df45"
		       "c007b30d08f3f57770131ac8b947b8850a9f8101f12712a2f6e245eaeca4cd3bb38b8a248ce6b8a78a68"
		       "d215261781ba032a86f9cbb155423016ce022799afbdae31c9d6b4734a9b00a20faca5c91071133de75a"
		       "53c37e98702ccc488005336ed2de459709910cbf66f0f7a74d62720af0",
		.sha256 = "6d428fa25bc335b4e00629f80e276698ec5881e96992bad4607d7db683472d1a",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_GCM_SHA384 cid 0 len 2 pad 0 type 21",
		.suite = 0x00a9, .type = 21, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 0, .len = 2, .wire_len = 39,
		.key = "ab9981046b304667cc69f1f95fbc70f78db4d09ccca5f291a9aeeb1eb108e022",
		.iv = "4bf678cf",
		.cid = "",
		.data = NULL,
		.wire = "15fefd0001000000000000001a00010000000000005847743490ea53aa14414726f1ddca5c8ec4",
		.sha256 = "5d410339355088987ff3cd1947e26f792be183a109e71d390c947fb7fb327ada",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_GCM_SHA384 cid 1 len 0 pad 0 type 23",
		.suite = 0x00a9, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 0, .wire_len = 39,
		.key = "0ac78237847fb7202d5242e8fccba8dd3ff2344fa30bd65c41eb8bc0b59d5275",
		.iv = "d90df216",
		.cid = "5a",
		.data = NULL,
		.wire = "19fefd00010000000000015a0019000100000000000138c0d483c30460db5a7ad7df1f6a7a3d33",
		.sha256 = "ed7d5b21dd4b3a4528202e4a583ffaeedc2e77a226647fc90be5196df1ae78e9",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_GCM_SHA384 cid 1 len 1 pad 0 type 23",
		.suite = 0x00a9, .type = 23, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 0, .len = 1, .wire_len = 40,
		.key = "2e0e02921ccce0676057fcddef11e703902639e5ee80e9ff9ad1ab1599ff9ef2",
		.iv = "15c3e8a4",
		.cid = "0f",
		.data = NULL,
		.wire = "19fefd00010000000100000f001a0001000000010000ad1126c5a81269e0df5672498a4d22692668",
		.sha256 = "b55abb4780f4d956af68d781f383c898b248be695f6ee64ae9a82ea27fdf51c9",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_GCM_SHA384 cid 1 len 16 pad 0 type 23",
		.suite = 0x00a9, .type = 23, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 0, .len = 16, .wire_len = 55,
		.key = "f64a8445e696c3a1d4eb244443fb7eb1ca594d9851737a08216636dc433f7a0c",
		.iv = "a997925c",
		.cid = "8f",
		.data = NULL,
		.wire = "19fefd00010123456789ab8f002900010123456789ab4ae31b7c48e82765d4e2dfc0e5228993cea75718"
		       "54dd80db75957cc2522528c2a4",
		.sha256 = "9620806efe497c23101a04db03b7340eaf3522c9ddbdce9c8ea0cae48165f0df",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_GCM_SHA384 cid 1 len 64 pad 0 type 23",
		.suite = 0x00a9, .type = 23, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 0, .len = 64, .wire_len = 103,
		.key = "3ac6f1219d235035fbf255ad12ed1eed01ef55afd886179d1b0f5c3994e39300",
		.iv = "dea1e977",
		.cid = "59",
		.data = NULL,
		.wire = "19fefd0001ffffffffffff5900590001ffffffffffff6164db18f41ac7e3ff7b9cfb52f18fd8c3d32be4"
		       "21d0a10bce3fde16a5e24a8af78cdc07f39180864d0d3ce4d308cc5db4829b9055959f7d1e3aea18a849"
		       "732983ab69fb5772900d13fd29210c6043fd7c",
		.sha256 = "860c5b73964754531255512b956db1ffe90af54d48c9a92384492660937dcd81",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_GCM_SHA384 cid 1 len 16384 pad 0 type 23",
		.suite = 0x00a9, .type = 23, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 0, .len = 16384, .wire_len = 16423,
		.key = "469156b0ac69503825f2af10a22f9be94aa873c14b0c6ce5b48f00b922bc873e",
		.iv = "9aaf5e3c",
		.cid = "c3",
		.data = NULL,
		.wire = NULL,
		.sha256 = "e909c1d55249385eb777e11a3e5a25332daf0ecbb6acd37e365e084c9b587705",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_GCM_SHA384 cid 1 len 2 pad 0 type 21",
		.suite = 0x00a9, .type = 21, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 0, .len = 2, .wire_len = 41,
		.key = "a70f368e20e2488e43fafc475582a2f0052b75036ae2f884dd0fd281e639b270",
		.iv = "e3335d75",
		.cid = "9e",
		.data = NULL,
		.wire = "19fefd00010000000000009e001b0001000000000000cccffe830fa9da357e86a2baeddb7a46e35d65",
		.sha256 = "da2ddae8bb3f3f1a6ae4f0b793488079c563a6dce8f3a0e6e107010f5516a102",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_GCM_SHA384 cid 1 len 16 pad 1 type 23",
		.suite = 0x00a9, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 1, .len = 16, .wire_len = 56,
		.key = "6c45e26a71e567507b074e4dc87bfb2501dcd3ea0bb5f6c3453a717372ef7675",
		.iv = "a7dcf1c3",
		.cid = "07",
		.data = NULL,
		.wire = "19fefd000100000000000107002a000100000000000102fbf2710d630efeaf34bc50f6dcda0deb56cc62"
		       "b3b466349bb5a0c59d9e7e9f3e06",
		.sha256 = "cf79e7c083ec998dfdb81895f1eda6f91fbc8ee245565f982de8a2c295e82ec4",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_GCM_SHA384 cid 1 len 0 pad 15 type 23",
		.suite = 0x00a9, .type = 23, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 15, .len = 0, .wire_len = 54,
		.key = "f1383ae5ed65ff71335b81278a2c1392d548bedc12f9cfd6cd6cc852b06dc334",
		.iv = "2f768c6d",
		.cid = "f7",
		.data = NULL,
		.wire = "19fefd0001000000010000f7002800010000000100006d6a8bfa53e2f14e00fed23f7fd62f3a3e56ea9c"
		       "6b0087e28892833fdbff4651",
		.sha256 = "aa668d9f03e5a0f9d827de1eda6deb8df58d3c7f5db2d4785de4c0c1359e2266",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_GCM_SHA384 cid 1 len 5 pad 200 type 23",
		.suite = 0x00a9, .type = 23, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 200, .len = 5, .wire_len = 244,
		.key = "b35083996c8b98cf6d2714331cbf8972061153dcf708a2911eebfcdb03c644c8",
		.iv = "14147b08",
		.cid = "2d",
		.data = NULL,
		.wire = "19fefd00010123456789ab2d00e600010123456789ab9d62e026da7f0d3ccfdbe16087cd8f0132fc32b9"
		       "778e5a64ecac9be87b9dc51a681652e4e0a6dce2d99fba2550c9875cb9ee38123bae3ba9fbb08142b2c3"
		       "14f777486918e514c4c2b805f34496328ab5295ab3e22ee46539b39174a2c5fba31e4298154e85a2e567"
		       "b9c6d0e04c4a4c5ca47221cb1a0b821b117ea625846db0e4c8e28ba31e475118c84ccea5436389200004"
		       "fefb5f962054aa3042e4c7138a6ecba6c32568572f78af497996b16ea2d08e1bd967b87b9eb7033b1538"
		       "69b9f2b9aae8671963200d44369949c9cd01a04835c3634ab6e8bf7b5d4c690e3c18",
		.sha256 = "3c2b600b149894a590e44c87ff31fb2d25351d55fadc0fba8d1a3d739487471a",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_GCM_SHA384 cid 1 len 2 pad 3 type 21",
		.suite = 0x00a9, .type = 21, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 3, .len = 2, .wire_len = 44,
		.key = "50f4146592309bb4457e604bf7d04650f605ee22d23fef4a7634f1d3c116aeac",
		.iv = "230b5b86",
		.cid = "03",
		.data = NULL,
		.wire = "19fefd0001ffffffffffff03001e0001ffffffffffff8b45b545d7de1d094e6563c4c00c59f51d08dd40"
		       "d881",
		.sha256 = "69221dd4479429fe5b0d5374e261ccfc968fed9fe0047d596313e43d1c5a3bd8",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_GCM_SHA384 cid 8 len 0 pad 0 type 23",
		.suite = 0x00a9, .type = 23, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 0, .len = 0, .wire_len = 46,
		.key = "a3b40f8e1eb6524c4105cbbe939b37e2da9f2cacb278b22a5ec223ec0d350c52",
		.iv = "72778c92",
		.cid = "e05a22b1646b173a",
		.data = NULL,
		.wire = "19fefd000200000000004de05a22b1646b173a0019000200000000004d121f6f575e9ecaec091a4dfa5d"
		       "00e5b6f9",
		.sha256 = "cbc65f62bb5d5a2dd7c8e7cb9450655ee8f0abf105938e095dda631d36fbdd94",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_GCM_SHA384 cid 8 len 1 pad 0 type 23",
		.suite = 0x00a9, .type = 23, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 0, .len = 1, .wire_len = 47,
		.key = "29ef996e7063b2904e8c39ac2796538bea620cd64830cbb2b5d2fe8b532d50be",
		.iv = "63d18286",
		.cid = "07a0cf62ee47fdf6",
		.data = NULL,
		.wire = "19fefd000100000000000007a0cf62ee47fdf6001a000100000000000082f3413b2ccdc13de9f5707612"
		       "7a55d07c5a",
		.sha256 = "74c7789314e36c7fad140b14ea57759884fc4bd9b053e375fb194d1c356b0d6f",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_GCM_SHA384 cid 8 len 16 pad 0 type 23",
		.suite = 0x00a9, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 16, .wire_len = 62,
		.key = "07254c0c0a06c926f688eceecd51282dee5e8f756ba5ba265573c8dfd31e2faa",
		.iv = "8c4d471c",
		.cid = "2a18c215a92eba50",
		.data = NULL,
		.wire = "19fefd00010000000000012a18c215a92eba5000290001000000000001c5b58bfcf7ff803c52112bc9d8"
		       "2cb3273068978f6144936bcc0f1b7679e6646665",
		.sha256 = "a35dcd3da949ee348d47eebedc49e7191e5d7df3ab392b049d0d126b584792d1",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_GCM_SHA384 cid 8 len 64 pad 0 type 23",
		.suite = 0x00a9, .type = 23, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 0, .len = 64, .wire_len = 110,
		.key = "0dbbd25723980d28fec65a0d36882496b0cce7c932d92a0fe01be02099e74ef6",
		.iv = "3fdb2d02",
		.cid = "2db3ba1d5f2132f1",
		.data = NULL,
		.wire = "19fefd00010000000100002db3ba1d5f2132f10059000100000001000006a2dfd04a9dc48cef40f7ee32"
		       "e4996671f0a136106ed056ab93faa3efceb7fc1e42483b4abf39a941342ac774c925e9d6c555864899b0"
		       "d6e3343f81099091ed48bd97b45d7eb4121f884923a3275db488",
		.sha256 = "26a219b8492b7af5e0b5d1442b082608ee4b57c467098be8aaaed402fac6947e",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_GCM_SHA384 cid 8 len 16384 pad 0 type 23",
		.suite = 0x00a9, .type = 23, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 0, .len = 16384, .wire_len = 16430,
		.key = "60b71cf3d6b4f796831513c1338240a7135a5da9b0a4720448aab2b86e41dee0",
		.iv = "3426287d",
		.cid = "86001f7ccb69701f",
		.data = NULL,
		.wire = NULL,
		.sha256 = "462511323087d7a30ecd75ce27118c6197fbade19b4c1add2a4345bf26ecba40",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_GCM_SHA384 cid 8 len 1000 pad 0 type 23",
		.suite = 0x00a9, .type = 23, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 0, .len = 1000, .wire_len = 1046,
		.key = "6c8c821617b1dacb9589e705773bd6d74a96e7b7910e27c3927a1eb8a94b158f",
		.iv = "202fc850",
		.cid = "ad5c40adc27c27c0",
		.data = NULL,
		.wire = "19fefd0001ffffffffffffad5c40adc27c27c004010001ffffffffffffd2771ca862cb742e38e883bb8a"
		       "eaa10fabd2dfafa17caf6e431310aa61acad1a19c2604cb518173f2ce30715110b98fcf7e5d680e9ae43"
		       "527f1e9ed09791dc28e4c747607e3b046ddcb792c0ec1cfd4b08050f572fd70bd4d9b687a5ed1fa0fbd9"
		       "8fa535c7a65a58fbab8f8a73e4247125b81d7de282158a4d8cf0ae08476f671d632e3a9fbcef2cef9d1e"
		       "280014e6c33c88d80b4e22901450b25fbf85a4b02a17be79b7fa87af0d9fa6623639a64da0de8fe88d83"
		       "c23f5b826c25637ade6eaae36736a0d1a0397537579d59ea5a8e4c87820e03d52fb96a1b716bf3369e63"
		       "9de1ac113eb19c45d8d4e4bfdb451083e2cecd78a6e396f316d4f19f60df9875970f03809aaf863dc823"
		       "0aec4c14680b07013dedaf3551d36c5e3dac67a203c4b13f75c372fc8166f116d152da2827a61d8aabe9"
		       "5d864cbdc4ff7790d405df864a9de83a89c14e16fbe6e00011e877c391867e41dba31a79ab43c0daa922"
		       "971492b708413ffe8078cbcd85ab2c5070e94b9dcfc26874d9ad0f44200ea4e368ff27deb7dbcea672d3"
		       "2dd476290476a09855620195707b6145a24221828fe363a398f6037afb100176911bec02ca008bfdfc31"
		       "bb3aa8b240230db1b5c709761407a64dcfad906e7688ae56fd9ceefa6c04d02860dbc1d0e1a8b7d96c91"
		       "af431539639748de9a49785848167de3ceec1e9b88a01925d279c8881256038ae190c9e42063c611928a"
		       "fe97cc7b0d6b097af8702988a5caecd69875313a8b4226db8231c56f167251feec202c34bc92191b7923"
		       "1da71a2cb46c0e142fd49d7507f2307395c11f8321e2c72fba73519b07f8729353b2b1aa2993e5f615d1"
		       "3900135160127c3e76430fb3dec0ec172c4c94fb1f2cbd0024becb8c875c684a20712b9c7bc89eb2bea2"
		       "c1b407fd555b0662c1d988b2a2eba62120d29223783a9c880da171ebf0e8bb0962215a180b8084081579"
		       "347592662b189990d769973752ba6c3de97ce547032390b58c7f3abe3b5ef680696bf376e827624b8fb1"
		       "e1b7ee3c236e044a9dc27236ff56335816428b98c89a868f20a8324ffeb103248cd05483cdb10bd9e359"
		       "e373f39db14339db384303084f3215c9d72375898dd3c2dac65c732d2d37125195c6622122825e653e21"
		       "00bba7d66ecbff1f0c9f16118e384e2fa6bf2e1ac5fd7a3a1944f1e617832222c9c5a58b0a1bc55605bd"
		       "1ac6f800ed6142afcdaaeb5d3b87132a026ec5cf25bbbe8ebf5368b52567221e43e9f660e736b3c91f05"
		       "dc9cc5e968b970b29f6d1805e48349a4c7052b4a6c7f0951271faf53bdde8c5825c9f084fb4a2d4fe565"
		       "654a370a499d369768ba07d436e67451e461b032b7c0df425c10003b9c4c3ef03f11310c7990f7468b97"
		       "7da986646050f6346cea4e9811eb381945181379cf38a655c7e7506a5891fcd35f06ba954324",
		.sha256 = "819894c0445cc8538fdb9f18713b2a3a92ee0c89e23434f02e68efc98eb7ad70",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_GCM_SHA384 cid 8 len 2 pad 0 type 21",
		.suite = 0x00a9, .type = 21, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 0, .len = 2, .wire_len = 48,
		.key = "f656d7ebcf90e20a7567b6763a72c5faa33173d0475f9ebf94e677002a69f460",
		.iv = "b114149e",
		.cid = "9018df2053489112",
		.data = NULL,
		.wire = "19fefd000200000000004d9018df2053489112001b000200000000004d9e1d1e03145091a07ea1d72e91"
		       "9304e9ad07bc",
		.sha256 = "2609e9bdce475908093e59174c0c3da1f9b51fa2e777efac455537652f36a7f7",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_GCM_SHA384 cid 8 len 16 pad 1 type 23",
		.suite = 0x00a9, .type = 23, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 1, .len = 16, .wire_len = 63,
		.key = "2709e962d44053c8ee345a980b790d2b66d1e72e8feadc485ae639ebc61a6e70",
		.iv = "2fe4a53a",
		.cid = "315538018540baf0",
		.data = NULL,
		.wire = "19fefd0001000000000000315538018540baf0002a000100000000000031b77c6df3046379d5fb6853d2"
		       "ecf5c34b65882460fc7175254de0d265c91d6c1796",
		.sha256 = "61f00231f9c8c7084ef0304d587c2b98ed60f00d9ba859ce6724a05fae7c2e37",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_GCM_SHA384 cid 8 len 0 pad 15 type 23",
		.suite = 0x00a9, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 15, .len = 0, .wire_len = 61,
		.key = "ef2db030633df02318936adb06c4eef28736d1ef235305060f1c91232297b8d3",
		.iv = "6fc2b59d",
		.cid = "6bc4042fc2ec6cd1",
		.data = NULL,
		.wire = "19fefd00010000000000016bc4042fc2ec6cd100280001000000000001ebe0b8bffc3e105ab9663796ee"
		       "8fe7a9c443a334cec763bc021856b5b4895d05",
		.sha256 = "c572012abf45d862fa753152a10a278ceeae33ce8572fd614bc3dc24a2d63a1b",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_GCM_SHA384 cid 8 len 5 pad 200 type 23",
		.suite = 0x00a9, .type = 23, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 200, .len = 5, .wire_len = 251,
		.key = "583e3ab5fad0fd4eeed3de476d306d9eca883f2de27ee020155f4efedb5ad5f0",
		.iv = "4f3cf856",
		.cid = "83406a2ee68f51f8",
		.data = NULL,
		.wire = "19fefd000100000001000083406a2ee68f51f800e6000100000001000013908bf756ac0e91beac67aa08"
		       "ffa32a3af689d7223e9b51661cdd66409ae4491bc39738eff80b29c7129870be8c45a65e5c2cc1bbc100"
		       "a81fa41572832e5ca257514eb56d5f42d5154a7e39cbdf05f3d98b253a6edd0bdaf4f5c2b9302784e705"
		       "a0823a42c2fcbe1067ddc30fbe985a09d9804278757f7b8f44bd636be8cc291b7174c31d7f15aff57a7b"
		       "7263c86cb0013c3ab43596ee1dad7f4228c82c5ea47ffe66ac70bc6caa5012d1de5b7d1902b89beebd8e"
		       "a5e92694059a4c32c196ba3a16af3980321ff9070b5b59104bed98d28f6fdd6f35d1721b416a5c669a",
		.sha256 = "02af7b4d914dd6a6188e831488334fbc9c4790cb1bd0980d896a2e0b56a928e9",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_GCM_SHA384 cid 8 len 2 pad 3 type 21",
		.suite = 0x00a9, .type = 21, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 3, .len = 2, .wire_len = 51,
		.key = "cf0ad9c1dfafced1fb47dfc1afc5a7d63b6632cfee7daca8bde2c9d0e858aa97",
		.iv = "a4cba0c0",
		.cid = "f94deac726ec9025",
		.data = NULL,
		.wire = "19fefd00010123456789abf94deac726ec9025001e00010123456789abbb7d112725440ac3151ead5e78"
		       "a4adadc20177d02a52",
		.sha256 = "d4c98481347c20829e9347530cd10ee7473e24973ea64fb03ec50fef689927c1",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_GCM_SHA384 cid 32 len 0 pad 0 type 23",
		.suite = 0x00a9, .type = 23, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 0, .len = 0, .wire_len = 70,
		.key = "9083ad19ee9fdf5e2db2a736f035ddc723c62f42b929ef2f7298c53efd8f135a",
		.iv = "397214ce",
		.cid = "24e9794ff363a4450b09d7b782a6fbe21c1dd46ae631f8b4f42f82e89187e668",
		.data = NULL,
		.wire = "19fefd0001ffffffffffff24e9794ff363a4450b09d7b782a6fbe21c1dd46ae631f8b4f42f82e89187e6"
		       "6800190001ffffffffffffa18a96d0dc3d42647ae73d2b0e89308851",
		.sha256 = "38f268a7398713910bb4a48abf90e66e317ef996a0a62bd15f95c99af41f60fb",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_GCM_SHA384 cid 32 len 1 pad 0 type 23",
		.suite = 0x00a9, .type = 23, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 0, .len = 1, .wire_len = 71,
		.key = "64cd531845d66bd2794062d4483e993bd790e9689ec6661868c4bf170dd880e4",
		.iv = "bc576b84",
		.cid = "cc3e3a87e4aaee6755411639ab796c08f69634f2074026920e981a11354c79d3",
		.data = NULL,
		.wire = "19fefd000200000000004dcc3e3a87e4aaee6755411639ab796c08f69634f2074026920e981a11354c79"
		       "d3001a000200000000004d10f64e62a411077035c0664a2c825f879005",
		.sha256 = "7f5975901be29ab66421252940d01e749f830e34086d94cf45094243ee1a0fd5",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_GCM_SHA384 cid 32 len 16 pad 0 type 23",
		.suite = 0x00a9, .type = 23, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 0, .len = 16, .wire_len = 86,
		.key = "3ade39a020cf2090359fdb7e1939ce61b6dea7f3f0ecf28140852db039cd54da",
		.iv = "ac01e966",
		.cid = "972ee2c7bc08b74921fc2844492d9b89964170d70f20e4bbe391bf046799f456",
		.data = NULL,
		.wire = "19fefd0001000000000000972ee2c7bc08b74921fc2844492d9b89964170d70f20e4bbe391bf046799f4"
		       "5600290001000000000000133dcffe39cd4b755364a16d3d630422b69bf570925d37e68bae3eeadb135b"
		       "4d54",
		.sha256 = "d11383e4442d9be06991ffd90a29149eb497a762dee99a7f7912e2c06ca17eca",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_GCM_SHA384 cid 32 len 64 pad 0 type 23",
		.suite = 0x00a9, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 64, .wire_len = 134,
		.key = "ecb7c6430594eb35f6b7f4dfd85a6e81734c07819aa6deec09b488fb7b667ce4",
		.iv = "c7d9a905",
		.cid = "eabb5dc7f4800f76ae75179f845783fdd539ec969462d7dea677c491a29647c8",
		.data = NULL,
		.wire = "19fefd0001000000000001eabb5dc7f4800f76ae75179f845783fdd539ec969462d7dea677c491a29647"
		       "c80059000100000000000110dda9dedf73069e7b7b717f5c9dbce2397e45022c8718a7285337d16db4f1"
		       "0ca635b2f9db29aa00c14035bfcd5510d031281709ba92587e45b026fb498d953e9d88ef1075faed42ed"
		       "6f3b0c723a5863c9",
		.sha256 = "53c82969888e26e0df20d9ebf6eeadf22b63657bdfaf5b56adcfc95a3f016fac",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_GCM_SHA384 cid 32 len 16384 pad 0 type 23",
		.suite = 0x00a9, .type = 23, .open_only = 0,
		.number = 0x1000000010000ULL,
		.padding = 0, .len = 16384, .wire_len = 16454,
		.key = "0059bbd65667d81089791964cb36df7d0dd4728e68fec82d9e527fad7046a852",
		.iv = "61b1c8e3",
		.cid = "a979d3f3d192fe6ec4b3811715f180c51455be884f332b5aaeb4d791d4acb531",
		.data = NULL,
		.wire = NULL,
		.sha256 = "470ed1066174b60a21d2e1d2a201b0e3d7a533b313e90974f698fe1bb2b2088a",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_GCM_SHA384 cid 32 len 2 pad 0 type 21",
		.suite = 0x00a9, .type = 21, .open_only = 0,
		.number = 0x10123456789abULL,
		.padding = 0, .len = 2, .wire_len = 72,
		.key = "166c5fd11d16943f7d3f5dc1b31f468cddd419aae3ad3cd6ee0f3fa3be4b9d05",
		.iv = "52779b56",
		.cid = "817ad556f7578aed666d6a94a709a7fa7150030ced0a5f7f17b41973d0676b46",
		.data = NULL,
		.wire = "19fefd00010123456789ab817ad556f7578aed666d6a94a709a7fa7150030ced0a5f7f17b41973d0676b"
		       "46001b00010123456789aba14a7a069c38d59304afe545f652356b43784a",
		.sha256 = "cb386ba956888f1b29eda1164f428083e0bfb8eb15d9769fb08fd6436be30b83",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_GCM_SHA384 cid 32 len 16 pad 1 type 23",
		.suite = 0x00a9, .type = 23, .open_only = 0,
		.number = 0x1ffffffffffffULL,
		.padding = 1, .len = 16, .wire_len = 87,
		.key = "967b6c044d21c24e3b8f17eb979f1657e0e787d45a22026e422a13adaad554a3",
		.iv = "508add35",
		.cid = "095af30e5c1e4891a8d824b7b47cbad426403e7c576740663265e8bb462f135c",
		.data = NULL,
		.wire = "19fefd0001ffffffffffff095af30e5c1e4891a8d824b7b47cbad426403e7c576740663265e8bb462f13"
		       "5c002a0001ffffffffffff1d0e7e3b3c7ec262020f2c621d4f374ee7bb48328c60534ae592f55f4a962d"
		       "0c74bf",
		.sha256 = "057b04129a610c04c927984c565ce2abc2532eec805abeb8f14f7fdec10a7deb",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_GCM_SHA384 cid 32 len 0 pad 15 type 23",
		.suite = 0x00a9, .type = 23, .open_only = 0,
		.number = 0x200000000004dULL,
		.padding = 15, .len = 0, .wire_len = 85,
		.key = "572d4533786204af8aa598f0f83582653c6caaa2cb2bb0660f2a7cd12d1ce0df",
		.iv = "2ae146d6",
		.cid = "50cf5ddcf67fe8cf4cd38905c256320389d1c00c69dceabfc8f084013cb6a547",
		.data = NULL,
		.wire = "19fefd000200000000004d50cf5ddcf67fe8cf4cd38905c256320389d1c00c69dceabfc8f084013cb6a5"
		       "470028000200000000004de777d6736e59cbe89802269971ace0ab83cb1e4b70451fe024a0b55e1cb7f7"
		       "8d",
		.sha256 = "1a167da2c6b1c2f51353ebc70eb4dc2470bdc443fd0011c91d0322c4e399e5af",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_GCM_SHA384 cid 32 len 5 pad 200 type 23",
		.suite = 0x00a9, .type = 23, .open_only = 0,
		.number = 0x1000000000000ULL,
		.padding = 200, .len = 5, .wire_len = 275,
		.key = "932b7d0a7b7607f556bb18568d3daf6de568c3d38878628ee0a71fddd097c90f",
		.iv = "93cf0b26",
		.cid = "d1bc55fe4cd722a9c797b3cf75beff9b8d8f511edc9157c8876ff0eefe7951b3",
		.data = NULL,
		.wire = "19fefd0001000000000000d1bc55fe4cd722a9c797b3cf75beff9b8d8f511edc9157c8876ff0eefe7951"
		       "b300e600010000000000005912a6656ab8289577b8facd30f503179a64956eac674edbf9212e8b1f3b4d"
		       "466cf049cf1a13892faa62e5d8b4d2b52700c5cc70d1f29f54ae17837b6d0bc12973a75f1f6776f9c849"
		       "63e257b8959ed4aa1555e0d0a34582b9a584423dd1655de1ab8703d69ef6aba25a1fc145400568d987ce"
		       "19fc988cfba4ebb09c5c2940d0b8acd604dfea4b78eb49e218340334d93e3d77f39016f876df83a77167"
		       "3af31afe7d12fa56aa392062f3b3bad0a6dea948d9b070adf72707c2054d9e70d100cbe8e106d4028405"
		       "12b4be6bd80984a8c52109249ac0f8edadad722d6fb790",
		.sha256 = "cde59cdb2d94a8581125f723e36bbc1354646daee57ba6b3af45f38a15839a0c",
	},
	{
		.name = "TLS_PSK_WITH_AES_256_GCM_SHA384 cid 32 len 2 pad 3 type 21",
		.suite = 0x00a9, .type = 21, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 3, .len = 2, .wire_len = 75,
		.key = "e0826e189dab304f2725bf19b3b99e1b452c6b43078aeb822ba54248cae100b2",
		.iv = "9b6d94d1",
		.cid = "9ce8769a4039dcc6333ffd9de1b54294bd96781326150e662fbdc85bf47e6a80",
		.data = NULL,
		.wire = "19fefd00010000000000019ce8769a4039dcc6333ffd9de1b54294bd96781326150e662fbdc85bf47e6a"
		       "80001e0001000000000001d33b6e0671545a09bdcaee8793623fcc8734a4ea57b0",
		.sha256 = "96dbc5bc35a69b5dcf61f32993b9efe129b71eb976e1fdb40a09651cace16462",
	},
	{
		.name = "gnutls TLS_PSK_WITH_AES_128_CCM_8 cid 0 len 1",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 1, .wire_len = 30,
		.key = "3fbfaa5d2cde4999e538d371a1576c77",
		.iv = "b5173a3e",
		.cid = "",
		.data = "78",
		.wire = "17fefd000100000000000100110001000000000001589deabf9f14d108c0",
		.sha256 = "de0c78f6380e43aaa8d6872a6f6c5961c08a7dc1bada3c0b32cc29c31749cc3e",
	},
	{
		.name = "gnutls TLS_PSK_WITH_AES_128_CCM_8 cid 0 len 16",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x1000000000002ULL,
		.padding = 0, .len = 16, .wire_len = 45,
		.key = "3fbfaa5d2cde4999e538d371a1576c77",
		.iv = "b5173a3e",
		.cid = "",
		.data = "7369787465656e206279746573203136",
		.wire = "17fefd000100000000000200200001000000000002c410c726a1696f694e45fc73f13be627126353a1a6"
		       "7cdde7",
		.sha256 = "d9c476b22d79277fc5ba3e6beea767a82a9ae6c01aabde4a5a8721987a2eae6d",
	},
	{
		.name = "gnutls TLS_PSK_WITH_AES_128_CCM_8 cid 0 len 200",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x1000000000003ULL,
		.padding = 0, .len = 200, .wire_len = 229,
		.key = "3fbfaa5d2cde4999e538d371a1576c77",
		.iv = "b5173a3e",
		.cid = "",
		.data = "6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c69"
		       "6e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e65"
		       "0a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c"
		       "696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e"
		       "650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a",
		.wire = "17fefd000100000000000300d80001000000000003fb869f343d0c33bbe607dcd0667455396b68f4c2b9"
		       "1680358773ec968030cbf318a1f6448d94338fb94915397afd616d72852203c04a8d9fbd44b353985c84"
		       "dc33c4408259d968af4d586d552e89205ffe550e8b0397866db17e8698ed007fb5f5603d1e84cf09e611"
		       "295738be182ce8d88279315e72d73fd41b0421b19970f7b62b7c387ca63074d69aaf3c7e94d8627f3c1f"
		       "77d06031b166f273f43ce7bc0a739e337f0a23f3e67ad0ee2a35e4e821549e0d34f04b966462d3c43e67"
		       "bd992b1eb271fe0a81a92a0efeb3a033972731",
		.sha256 = "fbe8a124f4278ac28118b9834d4105fcef12a77ee2a2fb4ab47469a2d4636921",
	},
	{
		.name = "openssl TLS_PSK_WITH_AES_128_CCM_8 cid 0 len 1",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 1, .wire_len = 30,
		.key = "11812c37e75c37cabf06f23553b47057",
		.iv = "72536c2d",
		.cid = "",
		.data = "78",
		.wire = "17fefd00010000000000010011000100000000000178429a60325862760b",
		.sha256 = "096d123a22260b6cda5a86c70f445b7c7dfcd1728adaa94da733d83f168c19c4",
	},
	{
		.name = "openssl TLS_PSK_WITH_AES_128_CCM_8 cid 0 len 16",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x1000000000002ULL,
		.padding = 0, .len = 16, .wire_len = 45,
		.key = "11812c37e75c37cabf06f23553b47057",
		.iv = "72536c2d",
		.cid = "",
		.data = "7369787465656e206279746573203136",
		.wire = "17fefd000100000000000200200001000000000002efb35d2deaa426b83e49ba513e891315b7a2dd840e"
		       "cbcaff",
		.sha256 = "b046ce5ca33828ab4b471f68c429d27e16b1e96b52d9e10ecda3aa8885dccdf4",
	},
	{
		.name = "openssl TLS_PSK_WITH_AES_128_CCM_8 cid 0 len 200",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x1000000000003ULL,
		.padding = 0, .len = 200, .wire_len = 229,
		.key = "11812c37e75c37cabf06f23553b47057",
		.iv = "72536c2d",
		.cid = "",
		.data = "6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c69"
		       "6e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e65"
		       "0a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c"
		       "696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e"
		       "650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a",
		.wire = "17fefd000100000000000300d80001000000000003656f90387f6c7e748d6f7d5845bdecb9e3aff63975"
		       "39fe1b616527aa4bcf5ae513343d718508349dc84a5d3b38f6e142690a9130ac8f7002f8dac8b2d8332e"
		       "14dd309bfbf859102f595a8ccb0c3c1b0ba718cf29dbdbfe1d1005a122b0954e470cec5e55b9c15a4286"
		       "d4d90043ac5e715eb7ff93faa5911d787e47db6ed937dec7fa14817b2f11936272096fafdf21acf3f585"
		       "95d12f24840f011f4d4b8d16928f05f9e5f6bca16e4f56d9dd29b4ea462db86cc4ac204e81356a41fd09"
		       "1f148a8cda5dac37caf1e2c39d4f691833f62e",
		.sha256 = "1386761a49eaa70f27ac6095213c910fbf405a35fcf16403ef78c9c9fdacb57b",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_AES_128_CCM_8 cid 1 len 1",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 1, .wire_len = 32,
		.key = "0bf901ebe4ef38afd2bfb0b9d0c1d60d",
		.iv = "e10ea9b3",
		.cid = "01",
		.data = "78",
		.wire = "19fefd00010000000000010100120001000000000001c01dbd86b0e1b23650ab",
		.sha256 = "50c09eb87444dacbda97f138622a0c1f8d7fb339ffed64f8fa9f6af89e695557",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_AES_128_CCM_8 cid 1 len 16",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x1000000000002ULL,
		.padding = 0, .len = 16, .wire_len = 47,
		.key = "0bf901ebe4ef38afd2bfb0b9d0c1d60d",
		.iv = "e10ea9b3",
		.cid = "01",
		.data = "7369787465656e206279746573203136",
		.wire = "19fefd000100000000000201002100010000000000023124dba79eb2de0ff6900a44945d983896745823"
		       "12296fa447",
		.sha256 = "84210909df1397e705be34b15e9c3c1ac9c5f0c114088c6765b875350266a433",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_AES_128_CCM_8 cid 1 len 200",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x1000000000003ULL,
		.padding = 0, .len = 200, .wire_len = 231,
		.key = "0bf901ebe4ef38afd2bfb0b9d0c1d60d",
		.iv = "e10ea9b3",
		.cid = "01",
		.data = "6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c69"
		       "6e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e65"
		       "0a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c"
		       "696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e"
		       "650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a",
		.wire = "19fefd00010000000000030100d90001000000000003dc61b462352993194e0750f1953556b31b458b64"
		       "f8dc7631bd6dd23ae7cb76593a79fbcc614ce1909b22be4d67450661ed06cc33d20563dbb49024301cd9"
		       "9c073f41aac721f80f6a97793f3f7e1919d1de31ec5e8cbff30c4ba657ea685cc3e2c3cfa16921ab6193"
		       "9eef28278f397ad6cab1d7ca99cc168b912826b832b8a17fe3050057ffb1d863827e954965b651a6b626"
		       "0d58786c068159dd7918a59ae16fbce5e7acdd372a984a8b3f7f8a98f89f3a7d2a4127d39b1bca535f5a"
		       "0bcef3adcf8377e37d68bdee2c4ea68b599514c7bc",
		.sha256 = "eb7fc4a2eb43a1e09f791d07e16cfcf8b4be98d6dd5081d01464f96e1a0110e1",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_AES_128_CCM_8 cid 8 len 1",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 1, .wire_len = 39,
		.key = "72768c4bbea0e6ba8ef23d13c5774762",
		.iv = "d1d01bf5",
		.cid = "0202020202020202",
		.data = "78",
		.wire = "19fefd00010000000000010202020202020202001200010000000000013f7903fd8e6729667940",
		.sha256 = "30882ff36a1908a8f021878a2e4ed7dbb0cb69ce1391f6bc5078d9b6badacb1f",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_AES_128_CCM_8 cid 8 len 16",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x1000000000002ULL,
		.padding = 0, .len = 16, .wire_len = 54,
		.key = "72768c4bbea0e6ba8ef23d13c5774762",
		.iv = "d1d01bf5",
		.cid = "0202020202020202",
		.data = "7369787465656e206279746573203136",
		.wire = "19fefd00010000000000020202020202020202002100010000000000021ffb8fb8539eec38484dcf4758"
		       "e9400ec231e021ecf038ed96",
		.sha256 = "7ec6202d179b65d5e6cdfd978c717aded2f29eef23f35b53802c65570f41c84a",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_AES_128_CCM_8 cid 8 len 200",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x1000000000003ULL,
		.padding = 0, .len = 200, .wire_len = 238,
		.key = "72768c4bbea0e6ba8ef23d13c5774762",
		.iv = "d1d01bf5",
		.cid = "0202020202020202",
		.data = "6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c69"
		       "6e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e65"
		       "0a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c"
		       "696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e"
		       "650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a",
		.wire = "19fefd0001000000000003020202020202020200d900010000000000031b12d9fc2eb28441fff9dfc614"
		       "aef8d9a6b75fb15f075df0395ba972cae765c0bd06318fd143bfbf2e0da338acac669727b489d5fe056d"
		       "08731f45e376dc93a69208bc6c7a0aebc370602d5c1dd9e4dc1ed43cd2fcbd4fcde2c1a832a9d774c282"
		       "a53a0ada8b844927c0c8df08b85d5a79752364ead4b0d61d917d176c49358d68cea4e1f2d04a062cf599"
		       "bd69febf6087e810385ee7cd7846b83f9e1c1bc83669781136336c3bfbe46b9295b87fe66d5d04e1aae5"
		       "0229080490e3dea12dbd088f0fabcc103704d88a59da0308c6e2ad26",
		.sha256 = "53864ad78150e2b278538d14c14f35f1fac28850ac3f625781be4af29728f080",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_AES_128_CCM_8 cid 32 len 1",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 1, .wire_len = 63,
		.key = "d041ccbb12449c46d81f7716d8acc9a1",
		.iv = "953db574",
		.cid = "0303030303030303030303030303030303030303030303030303030303030303",
		.data = "78",
		.wire = "19fefd000100000000000103030303030303030303030303030303030303030303030303030303030303"
		       "0300120001000000000001448befc7a6a4b3561086",
		.sha256 = "3fd1a898bc5630c02aa782ffdfef5411bb002f6f693bdfce0f47a5bf3d6f2efa",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_AES_128_CCM_8 cid 32 len 16",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x1000000000002ULL,
		.padding = 0, .len = 16, .wire_len = 78,
		.key = "d041ccbb12449c46d81f7716d8acc9a1",
		.iv = "953db574",
		.cid = "0303030303030303030303030303030303030303030303030303030303030303",
		.data = "7369787465656e206279746573203136",
		.wire = "19fefd000100000000000203030303030303030303030303030303030303030303030303030303030303"
		       "0300210001000000000002a4536aa1012b6efaf0a86c7810c9a4b211d86f1772f620692a",
		.sha256 = "09bbf221055ae38c4544161eb895ac3f80368f0f6ea437accda1a91c30037d25",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_AES_128_CCM_8 cid 32 len 200",
		.suite = 0xc0a8, .type = 23, .open_only = 0,
		.number = 0x1000000000003ULL,
		.padding = 0, .len = 200, .wire_len = 262,
		.key = "d041ccbb12449c46d81f7716d8acc9a1",
		.iv = "953db574",
		.cid = "0303030303030303030303030303030303030303030303030303030303030303",
		.data = "6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c69"
		       "6e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e65"
		       "0a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c"
		       "696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e"
		       "650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a",
		.wire = "19fefd000100000000000303030303030303030303030303030303030303030303030303030303030303"
		       "0300d900010000000000036eaccc92cc0d4e0bfc9691c92aa0558b5abdb41bd925f71904f8c133774e7d"
		       "74505093823e1c47369f5f72f7e2d82185e284f161eb7f2f55e67083deba4bf75e27b8b04f77cead3eb2"
		       "2f50e2f6e788b2b1595a3587595d4a39aefb1e7afdfb49c36498e1656fbd484c46332e9cdeb297889ae8"
		       "b2acc0a5a47f5c2ab762f3421f11402c0ed93948e9e0838a9f1f0f046c307d6b4c308778e7946c8f288e"
		       "72cbf0d8b6b46487177f71f6503bf2456ae7486f59ae3ecfb687ca565de6f2d1f2b5f715f9982e43c7f5"
		       "e45c439c69fb3e8f64e0",
		.sha256 = "7afea328d66fbb49b1c1e9ee862755af471f0bb69a2bac5964bf97736022d3af",
	},
	{
		.name = "gnutls TLS_PSK_WITH_AES_128_CCM cid 0 len 1",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 1, .wire_len = 38,
		.key = "b7a8f23ebc953e0dfa4cae405a59a4ab",
		.iv = "98b0c212",
		.cid = "",
		.data = "78",
		.wire = "17fefd000100000000000100190001000000000001412b3b63ded9978d57b523e8f8959007a8",
		.sha256 = "1495c35888517842112e5f801f815d34976fc09a210b69400370ded140397e7b",
	},
	{
		.name = "gnutls TLS_PSK_WITH_AES_128_CCM cid 0 len 16",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x1000000000002ULL,
		.padding = 0, .len = 16, .wire_len = 53,
		.key = "b7a8f23ebc953e0dfa4cae405a59a4ab",
		.iv = "98b0c212",
		.cid = "",
		.data = "7369787465656e206279746573203136",
		.wire = "17fefd000100000000000200280001000000000002e45858f9ddd5c0af92b725a288c9e228c8ce20efe6"
		       "15f1947fb5afe2295b2036",
		.sha256 = "06014ba31009cdb376fe4c095fed6a348304939652f5d936cef3c48d927ee2f9",
	},
	{
		.name = "gnutls TLS_PSK_WITH_AES_128_CCM cid 0 len 200",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x1000000000003ULL,
		.padding = 0, .len = 200, .wire_len = 237,
		.key = "b7a8f23ebc953e0dfa4cae405a59a4ab",
		.iv = "98b0c212",
		.cid = "",
		.data = "6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c69"
		       "6e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e65"
		       "0a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c"
		       "696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e"
		       "650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a",
		.wire = "17fefd000100000000000300e000010000000000039b08856f10add7ef068a0f66c5353603a475c95f42"
		       "5cbb29caa4c7c386d56f139dcc3dc7c941580a22c910cb1ecd4bd97159fc75fc7cfb279a1cfb5718aa03"
		       "9d0e1ed06ec231604a3e2aa3151cf8d4fc074401608109b5c1ab02ec63b4bbf8cbf259d4b0386b876fc0"
		       "6a9c68c625592fe6178369be907d547911c8752cf18c627acf6b7e6f1763ad4b0091d84213dd9e00d679"
		       "2777e4eaa890e1a96fb9349816c06cdb2f4fbe624e54e328dd8401aaa7973caec268c4a4058fcb05062a"
		       "9ec4c4bcf41c1fc8c40e3ac2a36335581c2b613086e0fd79ddd513",
		.sha256 = "3b9cd0f5f7671dffd9e669d45443da4f36830f058bc3365350400aa2e1d9942f",
	},
	{
		.name = "openssl TLS_PSK_WITH_AES_128_CCM cid 0 len 1",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 1, .wire_len = 38,
		.key = "2363374d785dc75426a800adb8389333",
		.iv = "0ca186e8",
		.cid = "",
		.data = "78",
		.wire = "17fefd000100000000000100190001000000000001350ef5995103179d4bb0368fa652e19330",
		.sha256 = "acbbcd8b512be794943d22fbc63a7ba6b0f3717f937053a38e67397d917843ff",
	},
	{
		.name = "openssl TLS_PSK_WITH_AES_128_CCM cid 0 len 16",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x1000000000002ULL,
		.padding = 0, .len = 16, .wire_len = 53,
		.key = "2363374d785dc75426a800adb8389333",
		.iv = "0ca186e8",
		.cid = "",
		.data = "7369787465656e206279746573203136",
		.wire = "17fefd0001000000000002002800010000000000028e4b973c59be120f1969eb8fe24f93ce69852aea77"
		       "60deea566e4e31b0ecdb89",
		.sha256 = "f128a93b29c7bc5ac87fa69bde0a273664110eb4b7f8468a829dbdf3206e45e6",
	},
	{
		.name = "openssl TLS_PSK_WITH_AES_128_CCM cid 0 len 200",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x1000000000003ULL,
		.padding = 0, .len = 200, .wire_len = 237,
		.key = "2363374d785dc75426a800adb8389333",
		.iv = "0ca186e8",
		.cid = "",
		.data = "6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c69"
		       "6e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e65"
		       "0a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c"
		       "696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e"
		       "650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a",
		.wire = "17fefd000100000000000300e00001000000000003be8ffa203176620fb335cc619ef3a6656c9be00e85"
		       "f90f80c2a44d89fcd238268155fc0bfec11f9e9d372e052635e1404aaa30252df2f54ee9cb30af27e671"
		       "849a6162f96d1e60ed1063b8ad954bc151cb4e4b3673b34dc7867d3ab0113a4222262ab68f2490b654c4"
		       "092c8f4532cce01cf4629ff93f56965a0827a4dae3d7f1c55bdad63b30ae8847f2600eaafac587f038ff"
		       "aaf3b6484dc380a92504d9342018fe376ef7abfc19b2ea889aba8dea107371ea525827d400a6227e3725"
		       "7d5caa141732e23b3c5eb4598c394b14dfc2a391d8e43cf4a4d441",
		.sha256 = "110098a721da5075bfab1f52267d75996917376018a6b5ba8b613276499eb520",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_AES_128_CCM cid 1 len 1",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 1, .wire_len = 40,
		.key = "f8067e8a8f3f9a62cd06db2982b9c2fb",
		.iv = "b8dd6de7",
		.cid = "01",
		.data = "78",
		.wire = "19fefd000100000000000101001a000100000000000132ad9c6bd34dd94f2b182cfead7d89bdc5a0",
		.sha256 = "d65f773e4156edd2890af63ec99bff0502cd26ebfd2ea437c8b5c981707942c8",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_AES_128_CCM cid 1 len 16",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x1000000000002ULL,
		.padding = 0, .len = 16, .wire_len = 55,
		.key = "f8067e8a8f3f9a62cd06db2982b9c2fb",
		.iv = "b8dd6de7",
		.cid = "01",
		.data = "7369787465656e206279746573203136",
		.wire = "19fefd000100000000000201002900010000000000024b14404af09baa0c0477cbde04d5c4536efc5e0b"
		       "be5ab15b30eca896872ecf1485",
		.sha256 = "c6ab96e11f9cca0f3e55aae5519b3339f8b3a615d6ced0177479a6651be57eee",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_AES_128_CCM cid 1 len 200",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x1000000000003ULL,
		.padding = 0, .len = 200, .wire_len = 239,
		.key = "f8067e8a8f3f9a62cd06db2982b9c2fb",
		.iv = "b8dd6de7",
		.cid = "01",
		.data = "6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c69"
		       "6e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e65"
		       "0a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c"
		       "696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e"
		       "650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a",
		.wire = "19fefd00010000000000030100e100010000000000037a5f56bcd310ea05b7512892838f2c3d5e9a0706"
		       "09e92587e8454c608fc1c189351ced6f2521a67f8083658946c420d2f4a950744849e2a57331ad252f22"
		       "de758edcc09b5a299327bc3814bfef343ee067539408503d08aaa0bbeafa860284834e2befc7a2885953"
		       "1031c70087c28e0d8df26a723dcee3f5c5bfa90c454ea8d14b94187f480bc4193e9c8e354bf56e9513c2"
		       "9eb40c62533a9e5ae86cc4dd03a6c701481edae1d1587e93c6341896fc6c3b76fa7903d005db6a1e3b76"
		       "764018010ea475df81ca9e978fa73918e3a3bd089b3aab547043b79a6a",
		.sha256 = "b134a664751c3feb463f81e46dafd023a3dc159f01ee31097142bc577a120bc3",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_AES_128_CCM cid 8 len 1",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 1, .wire_len = 47,
		.key = "b9040d8c4310bf6ea054f80e4ac28866",
		.iv = "acdb9137",
		.cid = "0202020202020202",
		.data = "78",
		.wire = "19fefd00010000000000010202020202020202001a0001000000000001eed0d3eb3855ae2c03531ba42f"
		       "7d1eea6793",
		.sha256 = "b91a0c6637c760ddef24e4efbcbc2447c5b8f047267d47558dbdd33fa6ec79db",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_AES_128_CCM cid 8 len 16",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x1000000000002ULL,
		.padding = 0, .len = 16, .wire_len = 62,
		.key = "b9040d8c4310bf6ea054f80e4ac28866",
		.iv = "acdb9137",
		.cid = "0202020202020202",
		.data = "7369787465656e206279746573203136",
		.wire = "19fefd0001000000000002020202020202020200290001000000000002f0bb4abd2dcaf02898ab4591a7"
		       "c372b19cbef4f35f98d63a615360bd2c1ed72d22",
		.sha256 = "89281caf603057f935c8ee3bd9fa0c39aca98e97cc2f17c346316ca4945c6460",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_AES_128_CCM cid 8 len 200",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x1000000000003ULL,
		.padding = 0, .len = 200, .wire_len = 246,
		.key = "b9040d8c4310bf6ea054f80e4ac28866",
		.iv = "acdb9137",
		.cid = "0202020202020202",
		.data = "6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c69"
		       "6e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e65"
		       "0a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c"
		       "696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e"
		       "650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a",
		.wire = "19fefd0001000000000003020202020202020200e10001000000000003e414e17fa92f403930b7dff7c6"
		       "8ca512cb2e1f909358352300409b95754efe714bd9b2be1e4ea0ef4d09bc90cc961894b19f3579643bc1"
		       "008a0760759ae215ac6579a037868ca11ab1cb83c7fb3b806c1034c783a8f50b1ad281e767af814589c9"
		       "c000ff95f57c095c292d939a17651a70648313485237c343ceadb2b1732b1076b7f19189e21f07c9939c"
		       "38b97f1725b6302439193c579a06d178ca3a9c76e1e51e098b143faf25d35fe96b6430c12eb24a95134e"
		       "84f8591e62773b1aed8d5f4d622c42b781b79744781457e07e1db95f66c8466aa1bb2c7d",
		.sha256 = "7b5a1a36d46a5793803e410cf91087e667cd068b1469e90b3242ad12191b3d72",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_AES_128_CCM cid 32 len 1",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 1, .wire_len = 71,
		.key = "3cfcc7fc4adcbca36a8f4602df3b4262",
		.iv = "4141684e",
		.cid = "0303030303030303030303030303030303030303030303030303030303030303",
		.data = "78",
		.wire = "19fefd000100000000000103030303030303030303030303030303030303030303030303030303030303"
		       "03001a00010000000000016b6f37186c10f9cd52a8b41c934a0b00342a",
		.sha256 = "1a9f43e0b7ec5ab44a1dbb79ac3f5e10dea699843bd1acdb814fe7cd8332ed20",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_AES_128_CCM cid 32 len 16",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x1000000000002ULL,
		.padding = 0, .len = 16, .wire_len = 86,
		.key = "3cfcc7fc4adcbca36a8f4602df3b4262",
		.iv = "4141684e",
		.cid = "0303030303030303030303030303030303030303030303030303030303030303",
		.data = "7369787465656e206279746573203136",
		.wire = "19fefd000100000000000203030303030303030303030303030303030303030303030303030303030303"
		       "0300290001000000000002cdc9340bb2225d38682ca7fde8c7acf9e55ade728898c30fe5d7f97790b4e0"
		       "0388",
		.sha256 = "bfb15eccfe94612c47d026a8f7e98e66af09b6e367c64ca99bf3a671a603d035",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_AES_128_CCM cid 32 len 200",
		.suite = 0xc0a4, .type = 23, .open_only = 0,
		.number = 0x1000000000003ULL,
		.padding = 0, .len = 200, .wire_len = 270,
		.key = "3cfcc7fc4adcbca36a8f4602df3b4262",
		.iv = "4141684e",
		.cid = "0303030303030303030303030303030303030303030303030303030303030303",
		.data = "6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c69"
		       "6e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e65"
		       "0a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c"
		       "696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e"
		       "650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a",
		.wire = "19fefd000100000000000303030303030303030303030303030303030303030303030303030303030303"
		       "0300e10001000000000003b6c72340fd44f72e8789b8be93aca3612934629d8ecd81c9c80d2a8e163e39"
		       "432f4b5a779801da1664c321ad083aa54f6a47f8ef67e0d9729394d5de4dd2a53b865cc6aaf0cade5361"
		       "ffb8ac68ce55ffb95dde4397a81694b58dbd6e8e704f507a54ad22f667246494a1e8110d4d2cff2c6066"
		       "89b384712266435db73a2cd1ae31c87e40ca906581059ff6820f48b2cf0989a4c68d2b66dd6d71ebb898"
		       "422248a900ec4ea7c67754f61bea4f780e6d44c25ba7c10e4a38c871877bb114acb7b775de5e44908222"
		       "53b27b4b89c4070e2fe40bed7fa6f1c18935",
		.sha256 = "8bbd0e1a646186d169a88b14f183497d54641b7779dc84b31ed60870ac74ed27",
	},
	{
		.name = "gnutls TLS_PSK_WITH_AES_128_GCM_SHA256 cid 0 len 1",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 1, .wire_len = 38,
		.key = "1c6f6d981d82308d6d4c6909b50c93e0",
		.iv = "46309087",
		.cid = "",
		.data = "78",
		.wire = "17fefd000100000000000100190001000000000001fb1a07fb0f06cfbf1f923063f584493ade",
		.sha256 = "41c06936083edb87a6dc626344c7abdcb0714d1ea108667d3060aad0342cdfc5",
	},
	{
		.name = "gnutls TLS_PSK_WITH_AES_128_GCM_SHA256 cid 0 len 16",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x1000000000002ULL,
		.padding = 0, .len = 16, .wire_len = 53,
		.key = "1c6f6d981d82308d6d4c6909b50c93e0",
		.iv = "46309087",
		.cid = "",
		.data = "7369787465656e206279746573203136",
		.wire = "17fefd00010000000000020028000100000000000270c4757c116feacb72a6312a8861e3ba0a68e912f3"
		       "282e36a49dbb66405b8f38",
		.sha256 = "8ab66093874c38098fdd77254f5f6550909b7744e30cb475c124a71239bd9048",
	},
	{
		.name = "gnutls TLS_PSK_WITH_AES_128_GCM_SHA256 cid 0 len 200",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x1000000000003ULL,
		.padding = 0, .len = 200, .wire_len = 237,
		.key = "1c6f6d981d82308d6d4c6909b50c93e0",
		.iv = "46309087",
		.cid = "",
		.data = "6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c69"
		       "6e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e65"
		       "0a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c"
		       "696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e"
		       "650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a",
		.wire = "17fefd000100000000000300e000010000000000036a3a948bb805b3a61397cadf7e46506d4175b24309"
		       "80887771c44dfdc4f08c4102948794407a255e56002a2228b364a694e29daffcbf17e285e39d9fe1f1c7"
		       "f99c7c71936cfd072377af73406198227ae699bbe1c020b58d15eac4b94c133aa4a5e0b258ef327a6ff0"
		       "e159acdf068b1c2fab62b3fb1ca526fc13e6a06c1e3871f789275c9ce0ac303282e9f912110e67a4203e"
		       "89f95b1f8a7a8db4b47800adadecdf8ad07f44f2dfa5616ace1b0689776e2aa66aaf36bb72d29b1517e9"
		       "6479315bd475136af411c627433339e2790b824240ed7a5fd094f4",
		.sha256 = "82f4370c7229f1eb389686bff444e6e121825ff30479cab296c8653768da2260",
	},
	{
		.name = "openssl TLS_PSK_WITH_AES_128_GCM_SHA256 cid 0 len 1",
		.suite = 0x00a8, .type = 23, .open_only = 1,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 1, .wire_len = 38,
		.key = "35979d3a57e9f350766db7bd5cb82250",
		.iv = "5c6f88df",
		.cid = "",
		.data = "78",
		.wire = "17fefd0001000000000001001916656be1dd9f1370ec96d36f2dc5d73e1ca5330c901d26f6df",
		.sha256 = "b1501f2ea31656cbff38dd95ad9ef09bf522fa81cc14343ce5dcf4740020861c",
	},
	{
		.name = "openssl TLS_PSK_WITH_AES_128_GCM_SHA256 cid 0 len 16",
		.suite = 0x00a8, .type = 23, .open_only = 1,
		.number = 0x1000000000002ULL,
		.padding = 0, .len = 16, .wire_len = 53,
		.key = "35979d3a57e9f350766db7bd5cb82250",
		.iv = "5c6f88df",
		.cid = "",
		.data = "7369787465656e206279746573203136",
		.wire = "17fefd0001000000000002002816656be1dd9f13713a86acfa844c1fa52bdb1194b14e143532b1a70845"
		       "15e7bc63d3203be3a1c284",
		.sha256 = "18cac8a67d8a182ec56dc119b94b960727df604420ec693816f97ec657094125",
	},
	{
		.name = "openssl TLS_PSK_WITH_AES_128_GCM_SHA256 cid 0 len 200",
		.suite = 0x00a8, .type = 23, .open_only = 1,
		.number = 0x1000000000003ULL,
		.padding = 0, .len = 200, .wire_len = 237,
		.key = "35979d3a57e9f350766db7bd5cb82250",
		.iv = "5c6f88df",
		.cid = "",
		.data = "6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c69"
		       "6e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e65"
		       "0a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c"
		       "696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e"
		       "650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a",
		.wire = "17fefd000100000000000300e016656be1dd9f13721927f931c515defc56b7e7e5cf7e7e9713961e629f"
		       "75818a2c3688d8446bc1b0d749d50a7b8a0e6cdbdcd2a1b9efeb1737e710da20c2ac4d7334c36413f20c"
		       "b497cdf06097d5e733a27aa0bc50253f53fdfdd100da5d9c592330bb2b31df7559f6b17ebe271b8688e9"
		       "d30315b2f2efc4602e8c5a5de9d11236b9e291d7f678e5328d2f0cd48d04bddd2dd1aa21be4ce28861e0"
		       "2ae8c9e01cd77c0504865783e869f22af6a9323716736da362179b23ec5786abd1377ee76d00aeb8472b"
		       "2b8b47a3fb7248579a28eb30808486eab6ed1f2a741116ef15f5d8",
		.sha256 = "52fd6fd3ec0511b7b2f10f37c30092cb7652982bb2b45f4a0127daadfe76b1b8",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_AES_128_GCM_SHA256 cid 1 len 1",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 1, .wire_len = 40,
		.key = "7c8f92c7275a89048f4ed31254abfac6",
		.iv = "e7880c53",
		.cid = "01",
		.data = "78",
		.wire = "19fefd000100000000000101001a00010000000000011fc53f922d477a885e2df75a8ec511576ece",
		.sha256 = "803d635a3607c938a5e176a86d1e167f9ee8f7626c794221e570ffdfddcc9cf2",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_AES_128_GCM_SHA256 cid 1 len 16",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x1000000000002ULL,
		.padding = 0, .len = 16, .wire_len = 55,
		.key = "7c8f92c7275a89048f4ed31254abfac6",
		.iv = "e7880c53",
		.cid = "01",
		.data = "7369787465656e206279746573203136",
		.wire = "19fefd0001000000000002010029000100000000000226eb072bbc50ced6ca0d81a950547eaaf3b33602"
		       "12f334fc2218fb11fca69cc869",
		.sha256 = "9f1f330a47b59fc718033eb20755afde9617739f63915b1438bd71f75a0dd1fa",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_AES_128_GCM_SHA256 cid 1 len 200",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x1000000000003ULL,
		.padding = 0, .len = 200, .wire_len = 239,
		.key = "7c8f92c7275a89048f4ed31254abfac6",
		.iv = "e7880c53",
		.cid = "01",
		.data = "6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c69"
		       "6e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e65"
		       "0a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c"
		       "696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e"
		       "650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a",
		.wire = "19fefd00010000000000030100e10001000000000003e817ed22f2070388a10a44fe9f83d9291bec9254"
		       "ea432ea92bea42227331bc0f30a5e278921b2e9f15e71193af8e74dfe8ad676664ee13d608611ebb37cd"
		       "e1010a20a05a9f78cbafce9e659583f682cd074aa615114eddd0d146a69090df07a9cecfd1adb935aacb"
		       "39f3186bae2b28217ddedf9bb38c56ff40064efba8b43c82b9b090e770b15ec1be7c428b343d73a2aacd"
		       "9b9f2ae61699c4e195956c08ba8bf7dd6983fb14e131a5e92c8325d78f5d17600a531af8f6d017f38da3"
		       "fe092aafb9d1f456986831575b44bd8f711306ccb403bf7fcc2932d5ce",
		.sha256 = "340c7052a8bbee338c40b6455c4aae0d24b502fe1e604e9435aef982bbd80f32",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_AES_128_GCM_SHA256 cid 8 len 1",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 1, .wire_len = 47,
		.key = "77b093cfa3baffd649c2abbe315aeb46",
		.iv = "1783f78b",
		.cid = "0202020202020202",
		.data = "78",
		.wire = "19fefd00010000000000010202020202020202001a0001000000000001a567c6e2ba7a37c40ebca6d5f8"
		       "2a1f1c59f7",
		.sha256 = "fd3f9bf538dbc16d1c7b323f53920a45fc947bf27b57ac65f7a2baf90326dada",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_AES_128_GCM_SHA256 cid 8 len 16",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x1000000000002ULL,
		.padding = 0, .len = 16, .wire_len = 62,
		.key = "77b093cfa3baffd649c2abbe315aeb46",
		.iv = "1783f78b",
		.cid = "0202020202020202",
		.data = "7369787465656e206279746573203136",
		.wire = "19fefd000100000000000202020202020202020029000100000000000294e44e65d32a482714016f794b"
		       "e9428419905822102c777ad3205b9fe02198628d",
		.sha256 = "5f0418734f818906c44a285f9c18604ba3add293c05521c1cbb5f206aa1212e5",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_AES_128_GCM_SHA256 cid 8 len 200",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x1000000000003ULL,
		.padding = 0, .len = 200, .wire_len = 246,
		.key = "77b093cfa3baffd649c2abbe315aeb46",
		.iv = "1783f78b",
		.cid = "0202020202020202",
		.data = "6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c69"
		       "6e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e65"
		       "0a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c"
		       "696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e"
		       "650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a",
		.wire = "19fefd0001000000000003020202020202020200e100010000000000037eed82bf28edd39c0ef46a2691"
		       "a2c9279f5064bfcba4762ed0125e4899a0038c4d7a912355714f89eb9861de3803a0e7cf468eeaaff150"
		       "4689aa9aca96636e1f54c13869854fe8ec6e07827dc136b9595815fe378edc1110f5318186be2887826b"
		       "9d59054416203b2b3a508500e0e5725c4d0202f9a021c62e59296be8e35a8497d4e909b47e2146de68c7"
		       "a126f995a68d1241a0254c8def2648ba66796cddab8a7aa298f0b6f7f33c6c6e5f5d5448c5a2f7b8bedd"
		       "af72fc6a9f4b9f4774d17b9efb445d3a35f9098a26be945ea3a0ca5d78c6345907b5f6e7",
		.sha256 = "5df73d35769cd5ecfa7ba1d630220f791f24f1b77fcdd6725bf3fa83959eeb57",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_AES_128_GCM_SHA256 cid 32 len 1",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 1, .wire_len = 71,
		.key = "24adbcc5e7e070c8286026b6f1669914",
		.iv = "bfcf52a0",
		.cid = "0303030303030303030303030303030303030303030303030303030303030303",
		.data = "78",
		.wire = "19fefd000100000000000103030303030303030303030303030303030303030303030303030303030303"
		       "03001a00010000000000011d61cc118de6bcae98545b5b86caec68c5a7",
		.sha256 = "3a68191fe35b73cb9fdd815e783cf357162f2bdbd05fa5d659a4c50a8eb7323c",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_AES_128_GCM_SHA256 cid 32 len 16",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x1000000000002ULL,
		.padding = 0, .len = 16, .wire_len = 86,
		.key = "24adbcc5e7e070c8286026b6f1669914",
		.iv = "bfcf52a0",
		.cid = "0303030303030303030303030303030303030303030303030303030303030303",
		.data = "7369787465656e206279746573203136",
		.wire = "19fefd000100000000000203030303030303030303030303030303030303030303030303030303030303"
		       "03002900010000000000027526f11b2c41cbc8495432979965252a4f10258b46dd390e558978d76e0bb1"
		       "12d7",
		.sha256 = "c6311cb0233cceb08daa3e9b0a86c678017bcaa1edd65b9ef8796c674a1b0de0",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_AES_128_GCM_SHA256 cid 32 len 200",
		.suite = 0x00a8, .type = 23, .open_only = 0,
		.number = 0x1000000000003ULL,
		.padding = 0, .len = 200, .wire_len = 270,
		.key = "24adbcc5e7e070c8286026b6f1669914",
		.iv = "bfcf52a0",
		.cid = "0303030303030303030303030303030303030303030303030303030303030303",
		.data = "6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c69"
		       "6e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e65"
		       "0a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c"
		       "696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e"
		       "650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a",
		.wire = "19fefd000100000000000303030303030303030303030303030303030303030303030303030303030303"
		       "0300e100010000000000037fc5d45bc3778ba3c6718434049551675655ffe4fc35ad2a830f0ec9a12e1c"
		       "9cba765ee00b081196221c626c8d2c1ff918fde2816afa9ee7dc96be0efdbeb579c51d62868f649f7c2a"
		       "23a1dde68aa2fc679f3c70ab8d6a60ef9bb3629074e5dea4d80b7df3eadab7d0df539a0ef1dacf015712"
		       "2f2e832b19b738f1f6c4f35fe021f8f2f1dc99dccfd46ad9feab910bc49aeb60298cbc578b431275d2a6"
		       "8e3f841d20e25eb11f21daf38751d8c81edf9443209809fedd0bbaa06a2cc7701216696e17f8798c1687"
		       "8f5ec8df7f46cbe199ee358fa5b930a027a4",
		.sha256 = "48c2040cf064f9c292316342a65d66311ce2fa0759cb45fd63278e43ac5ff2a0",
	},
	{
		.name = "gnutls TLS_PSK_WITH_AES_256_CCM_8 cid 0 len 1",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 1, .wire_len = 30,
		.key = "8337e0517f0ffa21cd6bb5f087548b5e24cd8bbfc89bc597f5848a07695aa570",
		.iv = "081be96f",
		.cid = "",
		.data = "78",
		.wire = "17fefd000100000000000100110001000000000001939da0a361abdf13b3",
		.sha256 = "ac736c99fb9d3216e76e775700135c80badad77870c763ce5fe9605b6ffa3e8d",
	},
	{
		.name = "gnutls TLS_PSK_WITH_AES_256_CCM_8 cid 0 len 16",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x1000000000002ULL,
		.padding = 0, .len = 16, .wire_len = 45,
		.key = "8337e0517f0ffa21cd6bb5f087548b5e24cd8bbfc89bc597f5848a07695aa570",
		.iv = "081be96f",
		.cid = "",
		.data = "7369787465656e206279746573203136",
		.wire = "17fefd00010000000000020020000100000000000289f3a667aa7c799750e80a5cc4ba55eedaf3fc6402"
		       "cb5eed",
		.sha256 = "39deb9452af4e83f6a1ed269c455bed995a76aab963f5cd9c2345ea9642c6135",
	},
	{
		.name = "gnutls TLS_PSK_WITH_AES_256_CCM_8 cid 0 len 200",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x1000000000003ULL,
		.padding = 0, .len = 200, .wire_len = 229,
		.key = "8337e0517f0ffa21cd6bb5f087548b5e24cd8bbfc89bc597f5848a07695aa570",
		.iv = "081be96f",
		.cid = "",
		.data = "6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c69"
		       "6e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e65"
		       "0a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c"
		       "696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e"
		       "650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a",
		.wire = "17fefd000100000000000300d80001000000000003a18cfe6cc4480ddda80ea73dc643d67d2149dabde1"
		       "145d475bf8425b8946baf04fc101e576d67b10c1656c797d377db08e7290cecc04ee03e5c1766cbb98d0"
		       "c5ce8ae770383d6e57efc1b73aeb4c3e01da135269a523b40610b57bc114bb294d6897ced4d225ec71ee"
		       "ef4d77dc3c20cf93c943d056a5688a811e280c02f70970968271dba1c6295fe52d22f9422515f1bf5347"
		       "cf4473f52eaf63cf730091fa494538d4c15a0f66e117fb0dfbe6d484cab9fb87501387b424f464a1a139"
		       "50f1c62b80aac805ccb3831cfb438187c14f5b",
		.sha256 = "bb1696730ad92c401a6f679c60de5b3dd92f495e03cc308dba0352daeada9ccb",
	},
	{
		.name = "openssl TLS_PSK_WITH_AES_256_CCM_8 cid 0 len 1",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 1, .wire_len = 30,
		.key = "72e7987ad01a52bf86d24bcf97dee53cb374aea6b32157c582a1f5c27edc8794",
		.iv = "4852bc6d",
		.cid = "",
		.data = "78",
		.wire = "17fefd0001000000000001001100010000000000010b55f79bc4c25bd58d",
		.sha256 = "80c0c15e0cda8f57a69413152d9c14aa1c5498f0b5ded6dc3bd2105fb7362bdc",
	},
	{
		.name = "openssl TLS_PSK_WITH_AES_256_CCM_8 cid 0 len 16",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x1000000000002ULL,
		.padding = 0, .len = 16, .wire_len = 45,
		.key = "72e7987ad01a52bf86d24bcf97dee53cb374aea6b32157c582a1f5c27edc8794",
		.iv = "4852bc6d",
		.cid = "",
		.data = "7369787465656e206279746573203136",
		.wire = "17fefd0001000000000002002000010000000000029124361f59fca1cc6b85f20f199e5185e3170ed283"
		       "08e670",
		.sha256 = "544b9a0f97748e85780c41b1b55207511f712f34cdf72875bf2001e52b8421f1",
	},
	{
		.name = "openssl TLS_PSK_WITH_AES_256_CCM_8 cid 0 len 200",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x1000000000003ULL,
		.padding = 0, .len = 200, .wire_len = 229,
		.key = "72e7987ad01a52bf86d24bcf97dee53cb374aea6b32157c582a1f5c27edc8794",
		.iv = "4852bc6d",
		.cid = "",
		.data = "6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c69"
		       "6e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e65"
		       "0a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c"
		       "696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e"
		       "650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a",
		.wire = "17fefd000100000000000300d8000100000000000301dd9ffcabbeb900271ca926377f13c5bab982f6c7"
		       "a566f723ba6a742f2967ef144f5ce0bcfa7aa2cdbb974cd0f1549052c65aba4986c6dbb1b86b39664bd1"
		       "dac9773df5231c2fd73e610aaaae520532810161e14104cf02373f601044faeaeb79e6a3d0a2bc037161"
		       "7d2a871d829d464ba9b0d2b872faa70da32232b23fdfd57abd77ac0b605f8454c975cd07e2016123385d"
		       "87f633c720a9714cdd2a2010f16b27e0869424714147ee9a5f19fb1cc299e43294a36e949c2be91a9f6d"
		       "6e7493ef679dde64d07b2e2ae094bd0d6ffb39",
		.sha256 = "580f024b0ba343d56818a285a04e41fef3d24beaaa822f816c65e734a26d220b",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_AES_256_CCM_8 cid 1 len 1",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 1, .wire_len = 32,
		.key = "055ec0992672ad9e240dfd3448e7d65c8a6c87a00c1771ba4f7de45e73d148f3",
		.iv = "ae59c409",
		.cid = "01",
		.data = "78",
		.wire = "19fefd000100000000000101001200010000000000019785e2974fe27bc9adff",
		.sha256 = "490aa16f1ba65c8431b8818a5eca1df414bdad659d9a067c7ddbea692479d773",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_AES_256_CCM_8 cid 1 len 16",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x1000000000002ULL,
		.padding = 0, .len = 16, .wire_len = 47,
		.key = "055ec0992672ad9e240dfd3448e7d65c8a6c87a00c1771ba4f7de45e73d148f3",
		.iv = "ae59c409",
		.cid = "01",
		.data = "7369787465656e206279746573203136",
		.wire = "19fefd00010000000000020100210001000000000002bc91ce5c9b15b7256fefea42475c7e89c162a4e4"
		       "68902805f7",
		.sha256 = "16725362579a970674a2ee3ba873b5410139ba38b189674473de77b1315f9610",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_AES_256_CCM_8 cid 1 len 200",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x1000000000003ULL,
		.padding = 0, .len = 200, .wire_len = 231,
		.key = "055ec0992672ad9e240dfd3448e7d65c8a6c87a00c1771ba4f7de45e73d148f3",
		.iv = "ae59c409",
		.cid = "01",
		.data = "6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c69"
		       "6e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e65"
		       "0a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c"
		       "696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e"
		       "650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a",
		.wire = "19fefd00010000000000030100d90001000000000003cfb1e8e46b317afe6d16685afbb341ee24dfbba1"
		       "ad23b85b1b1879886b7201c5551fc1a928612b7bd856ac80db0f34cd398410831cd6db7ffd136e55e1f1"
		       "ed23baa0d27cc86a767f153949272893db274ddfef7d47de7c90b0c306af4e2af1ae748b4e02a9f4c608"
		       "98acfc08ab9d3120659ddc8530ff725ddc701ee49d3d035f87b10aa050132923f659ed9a731baf09f814"
		       "4c682aae6f4838af19609ea25fd2b5dc331c7794d2680607790ca695557dfac4536984f2307ec2371263"
		       "d36231473e92ae336f02c0f7857c79a1aa1936a243",
		.sha256 = "2109ec49ab814f2f65bffcd06d8f197feeb6e34b47053d7b8d9253f054f07793",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_AES_256_CCM_8 cid 8 len 1",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 1, .wire_len = 39,
		.key = "1a99cc936fb87ee25aa2b4b37608b302c95909739e4d57b5d0b2e449b366b3f0",
		.iv = "e6929446",
		.cid = "0202020202020202",
		.data = "78",
		.wire = "19fefd0001000000000001020202020202020200120001000000000001dabc394055d2d8ead661",
		.sha256 = "0c2ba491a85341114e9713fc13e9e175264c5cec7a6a4f2724af48ca440e87c4",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_AES_256_CCM_8 cid 8 len 16",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x1000000000002ULL,
		.padding = 0, .len = 16, .wire_len = 54,
		.key = "1a99cc936fb87ee25aa2b4b37608b302c95909739e4d57b5d0b2e449b366b3f0",
		.iv = "e6929446",
		.cid = "0202020202020202",
		.data = "7369787465656e206279746573203136",
		.wire = "19fefd0001000000000002020202020202020200210001000000000002d0fde07964e087328acc3b9e39"
		       "af1024bfa0f755e4b222d172",
		.sha256 = "521875cada79ddea42724cf955ae952dc67c0538a75b30a9e02ac159d5db90e7",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_AES_256_CCM_8 cid 8 len 200",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x1000000000003ULL,
		.padding = 0, .len = 200, .wire_len = 238,
		.key = "1a99cc936fb87ee25aa2b4b37608b302c95909739e4d57b5d0b2e449b366b3f0",
		.iv = "e6929446",
		.cid = "0202020202020202",
		.data = "6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c69"
		       "6e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e65"
		       "0a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c"
		       "696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e"
		       "650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a",
		.wire = "19fefd0001000000000003020202020202020200d900010000000000033f19086656cee3bb52973a487e"
		       "39eb01412639280ad2791ad8e0a92bd06364974a6dc391a85cff467d318eac3280941fb0bf03545f2c18"
		       "aba7d122c14ae3b20832abba2113d8677fc97b458ec1015facd4435cbdb963c65e11ea51f88d14bf11d5"
		       "ab5f76ba4c6a891b06a0c93670f893ddafcc6e3c0cd1cb096b768642085bff46671ce811aa78532c9626"
		       "4ee7604d20a8694d58ca3d2300fa8537fb431d8fcdd9eb2545a0f68ab55fdc3eed65dafa80431806a0a7"
		       "dd08c394888ee868a0f05f4939919b5b0a031f5cdf3ed68f442aa863",
		.sha256 = "8d66376c651308da7d5e880133f56477d764815fa6c726316e41e6b61aa7481b",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_AES_256_CCM_8 cid 32 len 1",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 1, .wire_len = 63,
		.key = "b6d30955824bb8f9bf06a9fd2c1af886aecca33e8aea1d61f7834292cea0b3d5",
		.iv = "375ebed9",
		.cid = "0303030303030303030303030303030303030303030303030303030303030303",
		.data = "78",
		.wire = "19fefd000100000000000103030303030303030303030303030303030303030303030303030303030303"
		       "03001200010000000000011b488f8c102d66a2bc6b",
		.sha256 = "7ae472714f8a87afe61ee9874bfe6225be2488175c1726b18743e46462ea3d73",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_AES_256_CCM_8 cid 32 len 16",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x1000000000002ULL,
		.padding = 0, .len = 16, .wire_len = 78,
		.key = "b6d30955824bb8f9bf06a9fd2c1af886aecca33e8aea1d61f7834292cea0b3d5",
		.iv = "375ebed9",
		.cid = "0303030303030303030303030303030303030303030303030303030303030303",
		.data = "7369787465656e206279746573203136",
		.wire = "19fefd000100000000000203030303030303030303030303030303030303030303030303030303030303"
		       "0300210001000000000002565a6a2054acacd54d742641438940b8f0ace5462edeec286e",
		.sha256 = "22bdbc90308e8499b4760e01a452d5e9592d1ab4b6040453c878d72a98ace8a8",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_AES_256_CCM_8 cid 32 len 200",
		.suite = 0xc0a9, .type = 23, .open_only = 0,
		.number = 0x1000000000003ULL,
		.padding = 0, .len = 200, .wire_len = 262,
		.key = "b6d30955824bb8f9bf06a9fd2c1af886aecca33e8aea1d61f7834292cea0b3d5",
		.iv = "375ebed9",
		.cid = "0303030303030303030303030303030303030303030303030303030303030303",
		.data = "6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c69"
		       "6e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e65"
		       "0a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c"
		       "696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e"
		       "650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a",
		.wire = "19fefd000100000000000303030303030303030303030303030303030303030303030303030303030303"
		       "0300d90001000000000003b05f9e56d3b923e8cf3cb1a16612f0676d1612e16744a4f943000d4b7c5099"
		       "756cbe6468f3e5f21df221437a6e1980b4e689e81045a6fac3e8764e929d69c04cd2536bdc3141d24526"
		       "f7e69e450dcc31d75d7f9c7d485a01911b216dacf95fc3dabe412901776a8de04711b005588163e6db8d"
		       "77603552599b2a810b7ebf226cf5b677732978cf83a0a8e79360fcfff90cbeb1999c8f6899403da5311b"
		       "2d62ef1cf6875efd7b9de7d9ff4408217b327d4a04cd354790d1cff3e6d023977bcf9e442714e4fda10e"
		       "adde5330f0d489f6055f",
		.sha256 = "7ed267594cd379e60808a66b130afb805ca4dd7a75841132f7140b94f6bb0cdb",
	},
	{
		.name = "gnutls TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 0 len 1",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 1, .wire_len = 30,
		.key = "926d3898c8c1374e0b16a9fb97774cd3e918cbcef69f4dda7f8bc068c3458ea5",
		.iv = "f47d69916401f6b208835c22",
		.cid = "",
		.data = "78",
		.wire = "17fefd000100000000000100112f39a8f64cc6d4273b751a700409cc4245",
		.sha256 = "8a7b40450b6ba3a542f92bd91e2c01161505eda90fb1e66b4bd853bf74946019",
	},
	{
		.name = "gnutls TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 0 len 16",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x1000000000002ULL,
		.padding = 0, .len = 16, .wire_len = 45,
		.key = "926d3898c8c1374e0b16a9fb97774cd3e918cbcef69f4dda7f8bc068c3458ea5",
		.iv = "f47d69916401f6b208835c22",
		.cid = "",
		.data = "7369787465656e206279746573203136",
		.wire = "17fefd000100000000000200204126dd5db3480b77d2d4884334c83ba8ccccf79803069056c44458a37e"
		       "09ca52",
		.sha256 = "e6cf61694df15a1e51107c4841edada0c99db605373ce4d6eb8bc1ca1bfc1a91",
	},
	{
		.name = "gnutls TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 0 len 200",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x1000000000003ULL,
		.padding = 0, .len = 200, .wire_len = 229,
		.key = "926d3898c8c1374e0b16a9fb97774cd3e918cbcef69f4dda7f8bc068c3458ea5",
		.iv = "f47d69916401f6b208835c22",
		.cid = "",
		.data = "6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c69"
		       "6e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e65"
		       "0a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c"
		       "696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e"
		       "650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a",
		.wire = "17fefd000100000000000300d814fd30988fec9ff0eedeed676950132024c87ccebeb0324eb81799e404"
		       "53b81a2ab3593ff63b464a0d559284a6ac03e1acb0d2f3a2d641893254fc9722a0c5cf4e9202ba40b9ed"
		       "8fc1d41e1adc270e8d4092c97d5543d835230e23e5180c1fe25dbe5d44b29b158fa1d57ff4c82b64173c"
		       "eb371271005d174953bfab954eade9e65c0bdab8f5b4797a4e4c7ceb066b208536c307aff0c32b281d14"
		       "567a732d15ae5075e1f76fc5f4b783854acb8415c5e09aa4c8da67c2e25206a69ccadf829061757c003c"
		       "a04092fd1e36228d204493ab8df7da5a85536d",
		.sha256 = "e6bdbf3ec19a192ad6823559b3f378a18c967525d06f18f75938c58688c2ddbf",
	},
	{
		.name = "openssl TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 0 len 1",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 1, .wire_len = 30,
		.key = "6020e819f34d129d9922b0f9825f79d683b7e630f9ce2dd60feff36c90aaa457",
		.iv = "26c43db12336fb02d522bd8c",
		.cid = "",
		.data = "78",
		.wire = "17fefd00010000000000010011aa4d5bd9ff0ffc41fd0e89560451d03648",
		.sha256 = "865beb3b7fe66901ad5019ca14703fcd03575925b8e30453299aeabff75e45e6",
	},
	{
		.name = "openssl TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 0 len 16",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x1000000000002ULL,
		.padding = 0, .len = 16, .wire_len = 45,
		.key = "6020e819f34d129d9922b0f9825f79d683b7e630f9ce2dd60feff36c90aaa457",
		.iv = "26c43db12336fb02d522bd8c",
		.cid = "",
		.data = "7369787465656e206279746573203136",
		.wire = "17fefd00010000000000020020cd7636114fe2bd1aa0bd612915866c797cefd6f1d07a9e59f9b8d3756c"
		       "fbe262",
		.sha256 = "2472ec61ccde80749a4fdcb353992a7469b23edca75f8b3c852f628d9d886cea",
	},
	{
		.name = "openssl TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 0 len 200",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x1000000000003ULL,
		.padding = 0, .len = 200, .wire_len = 229,
		.key = "6020e819f34d129d9922b0f9825f79d683b7e630f9ce2dd60feff36c90aaa457",
		.iv = "26c43db12336fb02d522bd8c",
		.cid = "",
		.data = "6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c69"
		       "6e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e65"
		       "0a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c"
		       "696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e"
		       "650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a",
		.wire = "17fefd000100000000000300d8638d27438a521b982d90fec257ded3b8224d4ead7928e3097ada3d7138"
		       "cbff95448e33e42194e470f6c87d668ec4ea69018b091a02ec08783f13fe558ae01c8db0d6bd5ba37066"
		       "2c66ec71033353d55bcd50aa4a0c0bfe0c1c9489d498555664a9b1e1a84b158e6ac2190ff726ee61a0db"
		       "d8252833956e71e263356444efefce40b0ba898d20c4228e710cd644e8fcb122d5d952fb8c023a999f1b"
		       "49bc78965f18a227dea41fffb75d1753b115d3a2d8edb29f1f53f63a413c6a8ce7eb3d20625221651519"
		       "d22530f0b13f4dfc87307ebd5dddf7083e5091",
		.sha256 = "283e4d149ec06a43838bceb75554a7e847d2b055c694a473ca57f60c3f477799",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 1 len 1",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 1, .wire_len = 32,
		.key = "efecc67d35ab8c065b1d1b12a3a5675ea6893f28e78d3917ab563485ab772ebc",
		.iv = "5a64a55f0a596eabd195e1f7",
		.cid = "01",
		.data = "78",
		.wire = "19fefd00010000000000010100120b473c6b48d6771faa921a087189f941b93c",
		.sha256 = "3561bb72998a5622c1851f54f9a93094b43f756ebb8a10401773af54887e3ac0",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 1 len 16",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x1000000000002ULL,
		.padding = 0, .len = 16, .wire_len = 47,
		.key = "efecc67d35ab8c065b1d1b12a3a5675ea6893f28e78d3917ab563485ab772ebc",
		.iv = "5a64a55f0a596eabd195e1f7",
		.cid = "01",
		.data = "7369787465656e206279746573203136",
		.wire = "19fefd00010000000000020100211bb1af6b3d22b6b15f5323f3009af6c062f096ea6f6de436b416eebd"
		       "0caabf86e8",
		.sha256 = "3c0cfa64ba4541d547301c3610a8f77423a3962303d846e81c974bac27940d87",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 1 len 200",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x1000000000003ULL,
		.padding = 0, .len = 200, .wire_len = 231,
		.key = "efecc67d35ab8c065b1d1b12a3a5675ea6893f28e78d3917ab563485ab772ebc",
		.iv = "5a64a55f0a596eabd195e1f7",
		.cid = "01",
		.data = "6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c69"
		       "6e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e65"
		       "0a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c"
		       "696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e"
		       "650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a",
		.wire = "19fefd00010000000000030100d9a6c5dab9a4a6b6b92687500a17233c29893a5ba1356e0a58a4037b70"
		       "3a051177de7959aba2d0066f5d359d3e14109a1a34597a5b35da71457c1ea2d599925f72ad0721b6b06e"
		       "8ab5e0bfaba00c6616155df190e7b94b0aad48416d2360e4611f0115352cf369728bf60126bbac0c292e"
		       "2a03728911fec90c02e41cd527324ccbfe8b1a7e69a0f624f06a1da22fd83be62d418b0649fe2ea7685f"
		       "4625d2704c292a581070bea27ace4caf2e366a059a2744059ba5fb8fb75d78e5dfdc9f9f646115a74d0c"
		       "f2f184c683b937716bd473ac0b66d35d02169e9d0e",
		.sha256 = "3e10a84cb4771d11a8222b19ccdf680fc823f5154fdd885f306d19362718962f",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 8 len 1",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 1, .wire_len = 39,
		.key = "a725c2ba2bc35194e556dfa416c88143ff8d6075e538a59f024bdb4320558276",
		.iv = "cf0b0b2dff3e2f93a4cd279b",
		.cid = "0202020202020202",
		.data = "78",
		.wire = "19fefd000100000000000102020202020202020012b030274a07c753cc8d9b93f40e7b89632e1d",
		.sha256 = "3731ccc85c6f4ff45aa579f8c076268830eb530b08d70cf035b1da7a8a868498",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 8 len 16",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x1000000000002ULL,
		.padding = 0, .len = 16, .wire_len = 54,
		.key = "a725c2ba2bc35194e556dfa416c88143ff8d6075e538a59f024bdb4320558276",
		.iv = "cf0b0b2dff3e2f93a4cd279b",
		.cid = "0202020202020202",
		.data = "7369787465656e206279746573203136",
		.wire = "19fefd000100000000000202020202020202020021d35ed2a2b04dd60a2fa7b82153cfc0890738fcc1f3"
		       "cb2d3f41db2f0bd6ef07c5a4",
		.sha256 = "a0007ca56fbe15d64ca632d110ac94855f90f1521ae100b2cb5f339535bda6e7",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 8 len 200",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x1000000000003ULL,
		.padding = 0, .len = 200, .wire_len = 238,
		.key = "a725c2ba2bc35194e556dfa416c88143ff8d6075e538a59f024bdb4320558276",
		.iv = "cf0b0b2dff3e2f93a4cd279b",
		.cid = "0202020202020202",
		.data = "6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c69"
		       "6e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e65"
		       "0a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c"
		       "696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e"
		       "650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a",
		.wire = "19fefd0001000000000003020202020202020200d9063f22b4322d3847b63bd76d053bb98e913ccd7c75"
		       "c011feb8140f6c4830cd13b806c41a35011272a8aa327421be22612e7d4aaed15ac2067e52dc696768ba"
		       "0848cf34ab9eda76e7cf9d16c0f0c31113eec03f947c36a34a9ad56ae22e1097ce38e26b55a638f7ca50"
		       "e18c170a62cf030d16611e370a347250b7d02a6663b896999de2331470ec9fb9090e837a58cd4d05b091"
		       "717f654c7a763e666e6d633f92fb46dc23506a9b9877aee0603064da5483cd0d0bc537dc6665ea16d88b"
		       "71894a261dddd7491d4ff7a5c617df156746787242be55eb3d6d0a0e",
		.sha256 = "1712ff9d516c7246bd1383418fc6c72d37d3a09ac145699fe53dc72f71d76cc2",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 32 len 1",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 1, .wire_len = 63,
		.key = "a5d09a660527d009196384cb9b87b37297560e8f8d9f3f8924548873a71299b5",
		.iv = "d4c6c29c08aedae5ccf2e65c",
		.cid = "0303030303030303030303030303030303030303030303030303030303030303",
		.data = "78",
		.wire = "19fefd000100000000000103030303030303030303030303030303030303030303030303030303030303"
		       "030012745e62937113f77da53e283356889ba13ec1",
		.sha256 = "d4d94659393a6f2e898bf18a8f66a2999f0bc84786aae678a36645e1446a2c94",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 32 len 16",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x1000000000002ULL,
		.padding = 0, .len = 16, .wire_len = 78,
		.key = "a5d09a660527d009196384cb9b87b37297560e8f8d9f3f8924548873a71299b5",
		.iv = "d4c6c29c08aedae5ccf2e65c",
		.cid = "0303030303030303030303030303030303030303030303030303030303030303",
		.data = "7369787465656e206279746573203136",
		.wire = "19fefd000100000000000203030303030303030303030303030303030303030303030303030303030303"
		       "03002155b6fc813d502cb68d844993639f424711ffc9eaff0a2654d83a506c825799f992",
		.sha256 = "4f45e99166e1a353644cad4417a24348ba3c5956e496018bf85d0f66286a2137",
	},
	{
		.name = "mbedtls TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 32 len 200",
		.suite = 0xccab, .type = 23, .open_only = 0,
		.number = 0x1000000000003ULL,
		.padding = 0, .len = 200, .wire_len = 262,
		.key = "a5d09a660527d009196384cb9b87b37297560e8f8d9f3f8924548873a71299b5",
		.iv = "d4c6c29c08aedae5ccf2e65c",
		.cid = "0303030303030303030303030303030303030303030303030303030303030303",
		.data = "6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c69"
		       "6e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e65"
		       "0a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c"
		       "696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e"
		       "650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a",
		.wire = "19fefd000100000000000303030303030303030303030303030303030303030303030303030303030303"
		       "0300d94ac721fb1af3dc68ec6a43dc4a357258076ed225c75246b15e0402fad2fb5957f00454ecdda6ea"
		       "59f24ecefcc435d5b0a152069ae4bd05187e34a23d9c1116a199f034ea0901edb292afdf68cbda6e00ce"
		       "92af3cf4c5c0a5fde76157ff70e05c3f3f8f7ce8f1482894b04b8d3506d4aa782ad2a4d0c78ba16b2de6"
		       "0606147a62945b85ff636b199dbde67f4549eb7357e15ff8ddc6254a5075dbf1a784bd24e03a72a2799b"
		       "b190491f37f1833d65170f4300a764b6faae50e3a4fc9eb759d693f2c5350df35fed6d52f31b70d5b981"
		       "f944f9190f3bc9a22367",
		.sha256 = "6dd8bd76a7c1bb80e18763140be94b7807170a5dc9d3da8204acdf556d1cdf8b",
	},
	{
		.name = "gnutls TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 0 len 1",
		.suite = 0xccac, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 1, .wire_len = 30,
		.key = "549ab50e6ce17f944c0d789bcb4b86cb984cbffaa7585b063d63a8258037e7f6",
		.iv = "bc0a8cb7cc537d5d3d716cac",
		.cid = "",
		.data = "78",
		.wire = "17fefd00010000000000010011fa46505709175b4d51ee8cf6c87c126e09",
		.sha256 = "c3f9918ff04dd00e92e206307a1ec49e9dd6433e2251950519ad33952954cee6",
	},
	{
		.name = "gnutls TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 0 len 16",
		.suite = 0xccac, .type = 23, .open_only = 0,
		.number = 0x1000000000002ULL,
		.padding = 0, .len = 16, .wire_len = 45,
		.key = "549ab50e6ce17f944c0d789bcb4b86cb984cbffaa7585b063d63a8258037e7f6",
		.iv = "bc0a8cb7cc537d5d3d716cac",
		.cid = "",
		.data = "7369787465656e206279746573203136",
		.wire = "17fefd0001000000000002002043c27f581bf9ebb9f81ac930acaccce1385604f211fc551191eedade6a"
		       "ad9da2",
		.sha256 = "3f85151c5d8908f7ca8bab491f12458b1da03432fccc754cc34cc29b61ac1620",
	},
	{
		.name = "gnutls TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 0 len 200",
		.suite = 0xccac, .type = 23, .open_only = 0,
		.number = 0x1000000000003ULL,
		.padding = 0, .len = 200, .wire_len = 229,
		.key = "549ab50e6ce17f944c0d789bcb4b86cb984cbffaa7585b063d63a8258037e7f6",
		.iv = "bc0a8cb7cc537d5d3d716cac",
		.cid = "",
		.data = "6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c69"
		       "6e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e65"
		       "0a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c"
		       "696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e"
		       "650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a",
		.wire = "17fefd000100000000000300d897b54551a680dab8ab8d13335ba70b7d8857895ad8617769055a3d89d3"
		       "7251b6ad45625dfe8bdb417347931ad0ddffcd3648760e4973321c037a5a925b742a86805c10982c1120"
		       "5ed40ce2cb9289e27da7eb51bc729a1b778f2523aa0558564b770fce60faf1076ae848d78af45b84ad08"
		       "abfcfa268432cd4a0fc3af4adacacea9ea86dcf0bfab31c1922b891de7852307635376728c7100c59c1a"
		       "49afbb2133b0a873a5bd079efa271318759739f7d7de4a8d440d6613f1802ad94b9a449cb29fea12dce8"
		       "915dc2224d99810f86968c756b8a699742b215",
		.sha256 = "3c25f76df5b8be21819ebae2288863a937304e4d2110dcf22322adb7ebd95fe6",
	},
	{
		.name = "openssl TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 0 len 1",
		.suite = 0xccac, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 1, .wire_len = 30,
		.key = "46ff31112661633d60580d542b9b735343452acf07c92aebfad703c91970d9c5",
		.iv = "cc96b44aca705ae344a5f549",
		.cid = "",
		.data = "78",
		.wire = "17fefd0001000000000001001127c189911a30f3c4487bddf58f1dcafd13",
		.sha256 = "184226501eb972172beeb09bb110489d8bd76df9ae57dab2598c8b20ccac10b0",
	},
	{
		.name = "openssl TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 0 len 16",
		.suite = 0xccac, .type = 23, .open_only = 0,
		.number = 0x1000000000002ULL,
		.padding = 0, .len = 16, .wire_len = 45,
		.key = "46ff31112661633d60580d542b9b735343452acf07c92aebfad703c91970d9c5",
		.iv = "cc96b44aca705ae344a5f549",
		.cid = "",
		.data = "7369787465656e206279746573203136",
		.wire = "17fefd00010000000000020020d42ee3bf149a6dfd9d7aae836d6be7c2da9151364d94baa07dad4ab875"
		       "238b0c",
		.sha256 = "64acf05ffe884f92ebc4c5badb1af92717e28f137b232dce1fb7337e0e4f1a54",
	},
	{
		.name = "openssl TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 0 len 200",
		.suite = 0xccac, .type = 23, .open_only = 0,
		.number = 0x1000000000003ULL,
		.padding = 0, .len = 200, .wire_len = 229,
		.key = "46ff31112661633d60580d542b9b735343452acf07c92aebfad703c91970d9c5",
		.iv = "cc96b44aca705ae344a5f549",
		.cid = "",
		.data = "6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c69"
		       "6e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e65"
		       "0a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c"
		       "696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e"
		       "650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a",
		.wire = "17fefd000100000000000300d8c8657cd5cf0f216f61482739f9b63a87e4006e1e82ba226b113c1dadfe"
		       "3033f9eb3f40e773a1c61f80aea274894a752d2f548fb933147880984e4a1b72f74a6b7efb31e59a9390"
		       "724017506982ea376ee679496397a76379e8d65eabc6b4c13433d5e20e5cb14325e7ed01e91d51c2cfa5"
		       "11299dc569680e859a8886d27aeef8e368256ff5946aee9aff351da4ec0010b29a7b68c4f831e6b3ac78"
		       "5d8913e1859d4a3a24403bfb1a47eb24600895e8eb598ac1ec085ecbd9115c8849a6ad0dbe9222d23700"
		       "b23fe31c47f49bcd40b27f36ba7df1cfdbd5e9",
		.sha256 = "92b1abe60c9ee041cdbeaa8dd4020446f111ff203b3e1519a1ff14163e3dffaf",
	},
	{
		.name = "mbedtls TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 1 len 1",
		.suite = 0xccac, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 1, .wire_len = 32,
		.key = "7caaecaea9364d327c5e7881d1ca41f3c666acca6528705a4b6d0e16e7e510d7",
		.iv = "9b7dd474c980f107c6dca6e9",
		.cid = "01",
		.data = "78",
		.wire = "19fefd0001000000000001010012c6fbf943a4245dc751e507d6d4b47485f92e",
		.sha256 = "aab1d9e31250022efecca6a252b7683a5012894b698108995f3958ff8bef25b2",
	},
	{
		.name = "mbedtls TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 1 len 16",
		.suite = 0xccac, .type = 23, .open_only = 0,
		.number = 0x1000000000002ULL,
		.padding = 0, .len = 16, .wire_len = 47,
		.key = "7caaecaea9364d327c5e7881d1ca41f3c666acca6528705a4b6d0e16e7e510d7",
		.iv = "9b7dd474c980f107c6dca6e9",
		.cid = "01",
		.data = "7369787465656e206279746573203136",
		.wire = "19fefd000100000000000201002199404d047a5d3b0df71e948339ccc8b00be54c0e336b951331759c0e"
		       "d14632b344",
		.sha256 = "9c89af64d29c3062584711187f66423a51e075bbafbda9f634d4946121619561",
	},
	{
		.name = "mbedtls TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 1 len 200",
		.suite = 0xccac, .type = 23, .open_only = 0,
		.number = 0x1000000000003ULL,
		.padding = 0, .len = 200, .wire_len = 231,
		.key = "7caaecaea9364d327c5e7881d1ca41f3c666acca6528705a4b6d0e16e7e510d7",
		.iv = "9b7dd474c980f107c6dca6e9",
		.cid = "01",
		.data = "6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c69"
		       "6e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e65"
		       "0a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c"
		       "696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e"
		       "650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a",
		.wire = "19fefd00010000000000030100d9acf110a59ee28ba7b5453d671041c164edf99e1a5439c4856b438148"
		       "5e550cc39a2a82e4e83009362d9ae5c22c7aec2252d81ece0d63535a561c3f14a7d4761a6a3cf987554d"
		       "f7f3664ecfb9a6200a700e34489a0e11cf8a0a7f922cf790b96a8c07c6835d611ac11de0a7c8053d2b9d"
		       "fbf8628f5f49b130dde995b945a0d9047b3887bce6d117087bde9a64e1ecc2635709b2f57325121c2253"
		       "78814061c023cada784ffcab280e281fd33bfef1ac59842f2c5d60e1e24a7c932f508de693e53f0eac75"
		       "7ef96d3e7ee9e8077683848aaf31ea623916d8dbd4",
		.sha256 = "0f662dca2cd9bc115b7523241f92995ec512aad311949b07dca1bd8c0e2025a9",
	},
	{
		.name = "mbedtls TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 8 len 1",
		.suite = 0xccac, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 1, .wire_len = 39,
		.key = "3240cca113ad8f9fd2d02bd68ee1572acae7804749f13a5b8a1b51421f950e11",
		.iv = "b7af85b378beeb36a5784cc6",
		.cid = "0202020202020202",
		.data = "78",
		.wire = "19fefd0001000000000001020202020202020200127469683a6ab3e8011dc5cf21344f02b1eb1d",
		.sha256 = "74c7fe1556cbdba9d6a5912388d6bf665ff19b0ef60c98deaf98ef24270793b2",
	},
	{
		.name = "mbedtls TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 8 len 16",
		.suite = 0xccac, .type = 23, .open_only = 0,
		.number = 0x1000000000002ULL,
		.padding = 0, .len = 16, .wire_len = 54,
		.key = "3240cca113ad8f9fd2d02bd68ee1572acae7804749f13a5b8a1b51421f950e11",
		.iv = "b7af85b378beeb36a5784cc6",
		.cid = "0202020202020202",
		.data = "7369787465656e206279746573203136",
		.wire = "19fefd000100000000000202020202020202020021d30511ab922917bc179152675bffa8f373ae5116da"
		       "bb9f494dba492b719f2597c3",
		.sha256 = "aa8056cdf91e861345cabc6c094c0c20ef5d3fef17fc27bb0d9c40f7902717c6",
	},
	{
		.name = "mbedtls TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 8 len 200",
		.suite = 0xccac, .type = 23, .open_only = 0,
		.number = 0x1000000000003ULL,
		.padding = 0, .len = 200, .wire_len = 238,
		.key = "3240cca113ad8f9fd2d02bd68ee1572acae7804749f13a5b8a1b51421f950e11",
		.iv = "b7af85b378beeb36a5784cc6",
		.cid = "0202020202020202",
		.data = "6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c69"
		       "6e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e65"
		       "0a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c"
		       "696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e"
		       "650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a",
		.wire = "19fefd0001000000000003020202020202020200d9aa52b1487199ed6c73157867e9b60c03fde9ef8418"
		       "058c8ba5f5f77cae214c3efca2d8e783f45bcf82f6b86cad5b7c488d058d29a1ecc34772e4e812c50f1c"
		       "a65231e41cd3e548c6c2dbbe820806c1d4a036d7b6cec49d7b91a8a290cc6a07d3598db1b1ffe34f1d2c"
		       "e5e1cc003554398da06e3bc9032405f949196d59d9dcb04ccc1eaf0dc09b6322c5377528949b3ee856de"
		       "b29cdcdfa8f75ab0f33a40a92f383f4518deb1742cc590766522b601bc34136c90ba4d3aac66b8e94a5a"
		       "c94259484e1b6bbe8ab0e5890b4eaad1e5d05fa2aa68b4aed42fbcd5",
		.sha256 = "89b4e6d1c3d08ef4fbb542357c0cae0429f266cf9195fb9176d665d38c37475a",
	},
	{
		.name = "mbedtls TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 32 len 1",
		.suite = 0xccac, .type = 23, .open_only = 0,
		.number = 0x1000000000001ULL,
		.padding = 0, .len = 1, .wire_len = 63,
		.key = "8e92fa953310e0b94fafa46494fd1d72ba8b53ff07d041bd6db443472a3e310e",
		.iv = "eb79d8e17022dcc1c5ab69a3",
		.cid = "0303030303030303030303030303030303030303030303030303030303030303",
		.data = "78",
		.wire = "19fefd000100000000000103030303030303030303030303030303030303030303030303030303030303"
		       "030012452d239cf46d4bd35fb0dc67567204936a24",
		.sha256 = "cef9ce6b510c763daf90bd7c9fef1d2d830b8a75f2870ef92de9d21dc17e559f",
	},
	{
		.name = "mbedtls TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 32 len 16",
		.suite = 0xccac, .type = 23, .open_only = 0,
		.number = 0x1000000000002ULL,
		.padding = 0, .len = 16, .wire_len = 78,
		.key = "8e92fa953310e0b94fafa46494fd1d72ba8b53ff07d041bd6db443472a3e310e",
		.iv = "eb79d8e17022dcc1c5ab69a3",
		.cid = "0303030303030303030303030303030303030303030303030303030303030303",
		.data = "7369787465656e206279746573203136",
		.wire = "19fefd000100000000000203030303030303030303030303030303030303030303030303030303030303"
		       "030021742963b2d662dd41586581a6c15011d70b5e9c03961daf02f737377903757e22f8",
		.sha256 = "5c6e420886521593ce27cd45aa2a62166352c1af50e98f6d50a9303d52f1a5f3",
	},
	{
		.name = "mbedtls TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256 cid 32 len 200",
		.suite = 0xccac, .type = 23, .open_only = 0,
		.number = 0x1000000000003ULL,
		.padding = 0, .len = 200, .wire_len = 262,
		.key = "8e92fa953310e0b94fafa46494fd1d72ba8b53ff07d041bd6db443472a3e310e",
		.iv = "eb79d8e17022dcc1c5ab69a3",
		.cid = "0303030303030303030303030303030303030303030303030303030303030303",
		.data = "6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c69"
		       "6e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e65"
		       "0a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c"
		       "696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e"
		       "650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a6c696e650a",
		.wire = "19fefd000100000000000303030303030303030303030303030303030303030303030303030303030303"
		       "0300d9ba6233433becea80250123b67b867b4e66e4601b7d35b111785fec8af01904466bf90a10ac39db"
		       "23bfae51e480c9953adfa10bbac093afaba17bc419f8afe9a919177bbfce9019aeeb0d255389165263f8"
		       "2752daa41b890cd03aaa7f99d2227a51a4b61f74c314b9bd8b0cf821277e07a608a40aa6a9a8504adc37"
		       "a5aad6360c3e819f8e59cf02e0b9d4adac1202283807770f8b89d962ad2d72fcf470c66f07bb24de7234"
		       "9c1b83d213491eda4d531ec56c0a7347d30084343e1ac159635cd0fc3f03a983c67a0a90d25b33ed1433"
		       "575b734116bce923713f",
		.sha256 = "11843764a18ab2c54f6fad52edfd4c09d80874bd7b0d3501bed4f787e9ff7877",
	},
};

static const struct kdf_vector kdf_vectors[] = {
	{
		0xc0a8,
		"762292268a309080dab1b9940c926fb526e08d53534b1f63438150112899874b015d781edffce8695cd4"
		"a0bcddb5d6da",
		"edb0fa99dd119f66622c9bf515b6d124769214a787132712e209567570097337",
		"2a57369230cf5556fd3b14b6d3d1fcf22c9490079069455452a4e63fce7ad3fa",
		"17a8b96fc4ee973671f93960f6a2bcbd",
		"ef14e525a50feacede407fceb7d5c1d8",
		"9871323c",
		"a7de6816",
	},
	{
		0xc0a4,
		"2f49d500e465046e91f32eedd96d4e5a6209eb3bd1cfc0aeeb510f000f8371cec0eebc02f7a8ae3528b5"
		"3f8d284ee465",
		"482860d5aad5c644efb255f7ae9e2da6887ecc85f49c5283cb6af25e1a5b7505",
		"e909ba8c13a1bf4d192698b1bd6063d6a3e11280f77eed1920ed927f0c27c6b3",
		"eb6411c59ed4dcfb478e35ea479c6b64",
		"2db5c1063f1cc5138ba139775a50d11f",
		"778cef33",
		"ef16a8ae",
	},
	{
		0x00a8,
		"dfd035b92b614f972f9e39f23a06c563bd8bc4216cbbf5d4c459e6483bbf990072a62d186c006b0cd7e1"
		"ca924dde4669",
		"da799495a0b3b3d3dab0dbf28e09dccf429ef79ad347934fc31ccbb255b55476",
		"8a3021a461cf8caa79137edebe0bd1ebc0bba4fcc2a85ffce224b6ade109bdf4",
		"42ce22406c43679e28ed495539ce6204",
		"fad781d4ee52dcc7b3c61c5eeb9cfa7c",
		"950015f1",
		"ca7dc989",
	},
	{
		0xc0a9,
		"0a99e5abf23e3cfdcea4b3bcefe0c129dc5cf08a04402d38693c69974aaeb9abfb7c24b3cab09ae2e80c"
		"96224e4e5d9f",
		"deab3aa486af2d82e4a49876e0bcb4f36dcf9bcbc47db3a3de488efc4273d11d",
		"c2a4794eb9cb0513e8c3daa72eca55797ad690e24806278a06eb10787c0c9278",
		"9067c6a6457bc9c7091277460649c2ef3f5c1f3c1b305be713f8610cf5516737",
		"f601b92bd2069992c7a587b90fcacded3fb3c41146ce3086698f47e75d914077",
		"695f5b8e",
		"95da0a20",
	},
	{
		0xccab,
		"7426b1329d040c977260d3c48afc92d64de34c60d841565b78aeece0419ce8c7f3cafe419af2698e5764"
		"888d5d175d17",
		"db010a89ea425f314f3d97f784d8e2b0213f24fbaa7bb256a0842d0da347c0b4",
		"df8370bf4251e60d33bf0b909ad7294cbe2276c5acde4c64d56c229cd5568646",
		"387e8fb5d5427f9091119bbc4f8b3841e8c87f3fc6e7ed0bcb180af1187d6799",
		"5f9b026c2b8f0f83879b59744b40c216b11f9bcca73b50198f17fe821da99dc5",
		"ff69bc8d68894b8d556b4586",
		"f4c622becf28b2830829223a",
	},
	{
		0xc0a5,
		"d99920fa29a7352431068721dadc4c7ac3af8ca1224274d81b0462fd74864e8f15e917169cf815a7a783"
		"96dcda207e95",
		"898b18729f808847ab463ef64d7bd0a554f9fc614789900ad99af427dd5a14ba",
		"cfb3219f59167ec691bb9bd5fcada598ea3284368dcf31ae1b729a8c3dbe4db2",
		"3949e5940af8201f1f06b45d57b7a0490f56e7c42301c9634393e2ef5b78f8bb",
		"cab00be6834e732a904fbd2f38fcf1b5346de9c7819b9ce0f98cff6761fe6f42",
		"ba8ed0bc",
		"24be1663",
	},
	{
		0x00a9,
		"11897bea5632cc9d92967553d97b7f55c838dc2a6a9e9c12670f7bc65f23d470c5ae701f303d1404c4df"
		"732e82defe9f",
		"1bebdb1c9125614dae3604122455eaf19cf1b7321d77473fbe64b3e6ed444e58",
		"417f03de524bbb4b730067366932f72eef704bf05d6f11d73e26420fb27689c0",
		"c860a6f6b717cd69b47c7a8a63958e0313e628750dba4b528e83688e9fe48963",
		"0ffd176eb62f8e32e32a1a296e344d01cb61a37490bad230194a37f728996816",
		"86c76ed3",
		"985ed956",
	},
	{
		0xccac,
		"60a92c67b0faf622a3781a9409cc65eff2bd9e64ce0665e4d519a08bc4dc7ea9f1e707602663765f20a7"
		"9f4770947d06",
		"35b80d8ff66cf7dd057aaa399edc89b388e8efebe67dcc71c60537a660005e8a",
		"1e37818846d9f9ddbcbb3a65daad1cb456629968d7e16a5ccebcb0156d59f50a",
		"6b7340a2fc7263ad7a8bdcf36c3f789d6cc77413e9e3db07e937bd24d22730f2",
		"ccf4fa6381a44107d31f2e34d68928619ea2013ceb8c698f07e8006c388bfc8c",
		"6de9530591376041d4652769",
		"6a73846cf93008193164d90e",
	},
	{
		0xc0ae,
		"8b4e312a0bb40b2871b592b98754d3e8affbb5f0b5b73c2d0fe91b4a14924729144598a4ef56ba03f9ae"
		"a112e5e9c8a0",
		"ae8a85666076168725a322775c501de59722c332b48fe0e9a8314ad73251b841",
		"7b1c74f7314fd003eec2f2cfd1afa832858d87fb703bc9ad94a26ceb3ce4d4bb",
		"e84cedc0a2493919fb2d5f59e580305e",
		"d3cc78c7190f62d40722ad8de67f10be",
		"5ec28daf",
		"6bce5b2d",
	},
	{
		0xc02b,
		"1fdda3643db3f8ba2b60d03aadb341a54eb38050ec789412ebc787ddb2fd9fcb03db96726537c363d7f1"
		"b2b72f8872c3",
		"e89a4691d461320c9886e78165cf6cd4ac3b9c0f515659b4e9edf95f005b7da2",
		"207a6eba3c7efcc4e50f85ec3005961e3019ad456002622ce86c25a947d611e4",
		"02b633b55526eb93faa8911de657c333",
		"7989ebb096c402e5135645a71a6fbbe4",
		"a2164eda",
		"fe2adc61",
	},
	{
		0xc02f,
		"b701e534deea5ac9fb2d255cab55d5a8d227de08039da818da65de70a15d707685b6a0646edecc628313"
		"f95cab0ae4f8",
		"92e01c299d365b3393a8a3b2103880bb6bf7ab936a8491d65ca2f967bd7f8c7f",
		"adeb41462416613bf2b58dbbc5f1f98752ce8995b17d05c67d15f59ba769fd92",
		"d2890518fb59e479bcb94bd4563ad985",
		"3f5019b195366d67dd3dc407f702b61b",
		"1eddf045",
		"9eb9593d",
	},
};

static const struct master_vector master_vectors[] = {
	{
		"d5",
		NULL,
		"f7b704958968f0b97aef8990d0b071d9e07972f4755fd36f048af631cfd74a08",
		"846197bebe2537886ed62baa151597df3c710dea99863fac3247a5a4d2fadfd5",
		NULL,
		"d32ac870cd99b4a4ec53e3df2870c3b6169914aeabbdd5f12614a46ef0dc44b670cf924936b49a1c0f8b"
		"9d1d0b44837f",
	},
	{
		"bb",
		NULL,
		"3b3a279c2a9570a02a38b814c0d3932d2771ee12eec0cfcd9b1c8fd7173022f4",
		"eef73cb7da6e4929bc3a1f934682f058d7a2aa860372f042b06233652a78e995",
		"8006456dce607bef03603fd09aa55e09dfc6ee27e264d7028f484865a98a8bce",
		"b395c2c0a9b3f47b791c0e5c39ac682fd54946b94d7a15bc2d93320bd9a8a9bac854cf8c815ad40bca79"
		"41d33ec55fd5",
	},
	{
		"51",
		"9ff8a2f148a5c39194de586adf16535d76dab8f8345022294374f0437c9c0112",
		"2647d2b4d5e87478f91c418e52448c3d7c48f403b43c4dcdcd2cfe3cdb585fd7",
		"4c32026618a13e68a305e1d84885f6546f28dc8680b904c7e65c39c1090e77c6",
		NULL,
		"6462daecccd19bfee57a73d5aa55dc98cc1a0258ba6b9db882a99c0c5f31d6ce51edcafb6c7bc533e002"
		"63cca9284f9d",
	},
	{
		"0b",
		"9ff8a2f148a5c39194de586adf16535d76dab8f8345022294374f0437c9c0112",
		"03240d6df01a64c5aad8474c2e6242e1245544cae146c593aebabefe1325fbe7",
		"36bb2a6b49d97111d55ac15413ca7d70205bf4e94aad51692132107d9d037e2e",
		"5dabe6b148fd9838d79aaeda8d781f7602f561ded8ab89265f82e026abb95cbb",
		"68aad7e2250abaf8d28da98bd30df4807302bae3515f17e289855334babee9aac59c54cd0732dfda6d1c"
		"cebd436ffffd",
	},
	{
		"796ce8f1e8ba9a6f",
		NULL,
		"fcaa4cab9f733321701f75f7f0a47a599f0c2b0b6a76466aa1feca1e173e7066",
		"d8a0fb3b692aaf5eb8cd168774bff0f0e9b433a6a62d3b031146ad5b649501b5",
		NULL,
		"5f055407b3725df25669a72581bf9dad5df00a85244fc26caa418f7554bbb8651963e8523cffc3d87960"
		"08cddce04bae",
	},
	{
		"5ed7d82414d72e13",
		NULL,
		"6a056e7bdf9e08013296aefe4673f96769d2deccdce9837f34b6f444cd825446",
		"8455d0fed87779fccc403cc2ef7c4a2ccb8a19a347667576705216d04090bc4d",
		"c909cffc72e50f2b7e15f3673b535605c7ef50283e704d71953ee94fd6848d08",
		"8bda7b53852b4a8e9641894e0cecf299ad80d07c8d39fe68d4303167c9da801022b79a156c44d0a9faab"
		"3ce7ec6e6273",
	},
	{
		"2e11938bdb033dcc",
		"9ff8a2f148a5c39194de586adf16535d76dab8f8345022294374f0437c9c0112",
		"6efc6dc7109a6718752aef1d77408547a0aa831b13736ec565702d281c923be3",
		"e5ee16885e8ce5297d7b1641962e7fec888c197cde6ddf2d24bb8a84a17e0e53",
		NULL,
		"92af753db4597614014fccafd3a2fe220af4b218cace103c0b4f0e4dabe05912c0c32358f25160a5b941"
		"ecadc2d6ed75",
	},
	{
		"8672ec23145f6d28",
		"9ff8a2f148a5c39194de586adf16535d76dab8f8345022294374f0437c9c0112",
		"1be37d41f6f4345b1596d4976cad193eee9e651ca8d160b01ee39f5329091ada",
		"798860338431f86216a8331372d503f2df1d7b92fe6f22e5df74efc423defbc6",
		"997b03cd09d3ce8fb4b65f1047562838c05abd97837ff8b76f748a5638540d74",
		"19c8d75465278c5dfe1ac51a20b2deceed52ff01aeec88f5e64d0c753208289bac3a2a37ed8f7f853841"
		"889473ffe0f0",
	},
	{
		"1c7048f6bbd42cb6a2b4813a9971d566",
		NULL,
		"2ca881a9b3a8eb8a96c372fc58fee0a01e3e1eb23b0e56acc30abe2c7893bfad",
		"21826c85358a6400b90ad1738ea80d2bb6463a44c415a185f84eba4490d0b904",
		NULL,
		"16c1fcdad2ba7a8b19514f9c3900483f70a13bf89df7f580dc1cd4a35c48b9c452f9fe2e5876bc7c0cba"
		"42f6a9182060",
	},
	{
		"eb5c2e5ba87a2521e7b00fedc922264b",
		NULL,
		"4b737791724e0b16df1fe3ca00437053b6348650154acf6d2b2ab61e5f965985",
		"9c57629cb6a99bfb26b86fa58138d87ea0bfd51b8e8a655ea55a36ae022d9599",
		"ce7e44dd5d154c0929bbb5e9eed1c3d149324eb2bc5ce164f82fb65afb59e6d9",
		"0a086edd6dd07670d7bf88239c4f34cbe1020fff1baec488d98bbb05f1264ed5f4032e600c5e448eccc4"
		"4ef409ca1f49",
	},
	{
		"1160a753abc201e3ea70791d6198a05c",
		"9ff8a2f148a5c39194de586adf16535d76dab8f8345022294374f0437c9c0112",
		"8e7eba20e42e3c74a0b07aff65bf417227574653b372f608bf4b7a8385ba77f3",
		"4f26872a01a89933df6c599f1320d542d7aba39015a8f25c5a3241aca9a19302",
		NULL,
		"5dc0ed2863b90859c427305eb25ad5d83b89c3701a67460b6b8db146d3ef160eb1f9a948e24494d2278c"
		"3afff831c1ba",
	},
	{
		"1fe7abb1271741251938f21ca8242f57",
		"9ff8a2f148a5c39194de586adf16535d76dab8f8345022294374f0437c9c0112",
		"23abb250308023f35bd00f616d9d8ae49a833ac54c08da419e970c66349f47ca",
		"e1ebf3b9fb8e778aab01b70abef0f76371b0258ae65bf2dcc95a16c189fe8290",
		"f39baca68e6152d17f3e1b2b13efd3506df18f8149ad6909a041810e59e806a8",
		"d339b9686c4c924e8f83c146753c565c25d15a5b9f965d9ba6ca9fc4bfb5c1cbb3b30ca096332f936f0c"
		"aeb443d44329",
	},
	{
		"55738a03a36ae94a12081c5c337575ae294ba6b09d419787e574aa231c525bf9d902879fd7af9f3c4fdf"
		"0a39641b7f03438ee9a3007778838149e2a5acf14e3f",
		NULL,
		"becd2ef56bcf42bf2dcdc466936f61b27f06381094d07d28e275f2db60e8cdd6",
		"f28f47af24589d666fdf6f0ada19cf7373a999ccd7a9119d7006c47859158cf4",
		NULL,
		"ca7d033bbe8d9e50e4f865a7d45321d9d0a3ea64e3a3ed6b4b98491e993445c6576c6afb03ff6b1a3ecb"
		"a94b0d356d21",
	},
	{
		"5fd620ee883518a16877afcbeddbc8a99ece90f713d756b747f8fd1fa2be1dd7678d72eda4a921623d6a"
		"d94c81586486ede5aec7a399dcea95360f0c151e0d2d",
		NULL,
		"5c796a630bb6d03ba7f8c52ee8253d06cc7789fb4ed6570204774aff3e74aeed",
		"81ad12dd677538f7b72bfb9c3bf6dc815bfac2349059bd079ddc54c7c9663d82",
		"8b9261cd54c62a1275e2bf8d53b6a7893229447d8a81f6f53024c3f02571ce51",
		"edc4216aaa29a52615070f2611ce8a5de681da9105e01a21dd89d61f961ddce97d535d066e9d5e43884b"
		"878854039501",
	},
	{
		"536886ec7645a89b65c634842ab78f4575f757e247b031dced4b07b9b386efa3c7b8343cb51c435e0031"
		"bb648c80ca89f096c99cb5629794e739bab608eae954",
		"9ff8a2f148a5c39194de586adf16535d76dab8f8345022294374f0437c9c0112",
		"bf40a136767b75398e78e4f805e35ebbaf469da5431173866d3f64e5960903bc",
		"49efe64440cfbfcff178f942500f4a028d26b75e893472cf3ec917eb97b53152",
		NULL,
		"b7f3801d9fbae29b9537a38b2f8a71960a8e92daa7c684770ef3f41a665bc4d0bf244ab572471724c416"
		"9187d27f1f0c",
	},
	{
		"898d7ee6e941e7fe897b1f29a2633b90e6716ad78ded327d316ab4bbd9626526b6ffe8d2cc32873141a3"
		"23935225d71d75cc050590d18abb708fcd54ce75a1d7",
		"9ff8a2f148a5c39194de586adf16535d76dab8f8345022294374f0437c9c0112",
		"4b1a55612d23a4cdef395c8b3fd6ea305baadde3c22261d18f2988be2766ea38",
		"1854809dc419a519d868da03653b9f7b134e976739f68cd8d89ddfab1d0e1011",
		"5c3b7e62ecefdb7cc52f9a080981e70d8d0f13f62dd6a2245bf0d6c2928e727c",
		"f9c3e5d92a486fcaa374b1cc726b7e96d366a1ddcd1ce294d6ae7676c736d314e18ed23d5bc9e06c66f3"
		"828220859e4a",
	},
};

#endif
