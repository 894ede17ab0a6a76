/* SPDX-License-Identifier: Apache-2.0 */
/* Ensures that `dtlsshim check` tells programs that can be shimmed from those that cannot, and
 * survives any file. */
#include <elf.h>
#include <errno.h>
#include <link.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tools/elf.c"
#include "tools/elf_code.c"

/* A program with a loader and, where wanted, a note and imported symbols. */
struct sample {
	ElfW(Ehdr) eh;
	ElfW(Phdr) ph[4];
	char interp[32];
	struct {
		ElfW(Nhdr) nh;
		char name[4], desc[8];
	} note;
	ElfW(Dyn) dyn[4];
	uint32_t gnu_hash[4];
	ElfW(Sym) sym[3];
	char names[64];
};

static struct sample sample(void)
{
	struct sample s;

	memset(&s, 0, sizeof(s));
	memcpy(s.eh.e_ident, ELFMAG, SELFMAG);
	s.eh.e_ident[EI_CLASS] = sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32;
	s.eh.e_ident[EI_DATA] = ELFDATA2LSB;
	s.eh.e_machine = EM_X86_64;
	s.eh.e_phoff = offsetof(struct sample, ph);
	s.eh.e_phentsize = sizeof(s.ph[0]);
	s.eh.e_phnum = 4;
	s.ph[0] = (ElfW(Phdr)){.p_type = PT_LOAD, .p_vaddr = 0x1000, .p_filesz = sizeof(s)};
	s.ph[1] = (ElfW(Phdr)){.p_type = PT_INTERP,
			       .p_offset = offsetof(struct sample, interp),
			       .p_filesz = sizeof(s.interp)};
	s.ph[2] = (ElfW(Phdr)){.p_type = PT_NOTE,
			       .p_offset = offsetof(struct sample, note),
			       .p_filesz = sizeof(s.note)};
	s.ph[3] = (ElfW(Phdr)){.p_type = PT_DYNAMIC,
			       .p_offset = offsetof(struct sample, dyn),
			       .p_filesz = sizeof(s.dyn)};
	strcpy(s.interp, "/lib64/ld-linux-x86-64.so.2");
	s.note.nh = (ElfW(Nhdr)){.n_namesz = 4, .n_descsz = 8, .n_type = 4};
	strcpy(s.note.name, "GNU");
	s.dyn[0] = (ElfW(Dyn)){DT_SYMTAB, {0x1000 + offsetof(struct sample, sym)}};
	s.dyn[1] = (ElfW(Dyn)){DT_STRTAB, {0x1000 + offsetof(struct sample, names)}};
	s.dyn[2] = (ElfW(Dyn)){DT_GNU_HASH, {0x1000 + offsetof(struct sample, gnu_hash)}};
	s.gnu_hash[1] = 3;
	s.sym[1].st_name = 1;
	s.sym[2].st_name = 32;
	strcpy(s.names + 1, "recvfrom");
	strcpy(s.names + 32, "socket");
	return s;
}

static void test_dynamic_program_is_plain(void **state)
{
	struct sample s = sample();
	struct elf_info e;

	(void)state;
	assert_int_equal(elf_parse(&e, &s, sizeof(s)), 0);
	assert_int_equal(e.bits, sizeof(void *) * 8);
	assert_int_equal(e.machine, EM_X86_64);
	assert_string_equal(e.interp, "/lib64/ld-linux-x86-64.so.2");
	assert_false(e.go || e.io_uring || e.dlmopen);
}

static void test_program_without_loader_is_static(void **state)
{
	struct sample s = sample();
	struct elf_info e;

	(void)state;
	s.ph[1].p_type = PT_NULL;
	assert_int_equal(elf_parse(&e, &s, sizeof(s)), 0);
	assert_string_equal(e.interp, "");
}

static void test_go_note_is_seen(void **state)
{
	struct sample s = sample();
	struct elf_info e;

	(void)state;
	memcpy(s.note.name, "Go\0", 4);
	assert_int_equal(elf_parse(&e, &s, sizeof(s)), 0);
	assert_true(e.go);
}

static void test_imports_are_seen_definitions_not(void **state)
{
	struct sample s = sample();
	struct elf_info e;

	(void)state;
	strcpy(s.names + 1, "io_uring_queue_init");
	strcpy(s.names + 32, "dlmopen");
	assert_int_equal(elf_parse(&e, &s, sizeof(s)), 0);
	assert_true(e.io_uring && e.dlmopen);
	s.sym[1].st_shndx = s.sym[2].st_shndx = 1;
	assert_int_equal(elf_parse(&e, &s, sizeof(s)), 0);
	assert_false(e.io_uring || e.dlmopen);
}

static void test_other_word_size_and_no_elf(void **state)
{
	struct sample s = sample();
	struct elf_info e;

	(void)state;
	s.eh.e_ident[EI_CLASS] ^= ELFCLASS32 ^ ELFCLASS64;
	assert_int_equal(elf_parse(&e, &s, sizeof(s)), 0);
	assert_int_not_equal(e.bits, sizeof(void *) * 8);
	s.eh.e_ident[EI_DATA] = ELFDATA2MSB;
	assert_int_equal(elf_parse(&e, &s, sizeof(s)), -ENOEXEC);
	assert_int_equal(elf_parse(&e, "#!/bin/sh\n", 10), -ENOEXEC);
	assert_int_equal(elf_read(&e, "/"), -ENOEXEC);
	assert_int_equal(elf_read(&e, "/nonexistent"), -ENOENT);
}

/* Every prefix, and every byte set to extremes: under a sanitizer nothing is read outside. */
static void test_broken_files_do_no_harm(void **state)
{
	struct sample s = sample();
	struct elf_info e;

	(void)state;
	for (size_t len = 0; len < sizeof(s); len++) {
		void *copy = malloc(len + 1);

		memcpy(copy, &s, len);
		(void)elf_parse(&e, copy, len);
		free(copy);
	}
	for (size_t i = 0; i < sizeof(s); i++)
		for (int v = 0; v < 4; v++) {
			struct sample *copy = malloc(sizeof(s));

			memcpy(copy, &s, sizeof(s));
			((uint8_t *)copy)[i] = (uint8_t[]){0x00, 0x7f, 0x80, 0xff}[v];
			(void)elf_parse(&e, copy, sizeof(*copy));
			free(copy);
		}
}

/* Names of a newer libc, made of ones that are hooked. */
static void test_variants_of_hooked_names(void **state)
{
	(void)state;
	assert_true(elf_is_variant("__recvmmsg64"));
	assert_true(elf_is_variant("recvmmsg_time64"));
	assert_true(elf_is_variant("__sendmmsg_chk"));
	assert_false(elf_is_variant("recvfrom"));
	assert_false(elf_is_variant("__recvfrom_chk"));
	assert_false(elf_is_variant("fstat64"));
	assert_false(elf_is_variant("ares_send"));
	assert_false(elf_is_variant("reader"));
}

static void scan(struct elf_info *e, const char *code, size_t len)
{
	memset(e, 0, sizeof(*e));
	e->calls_syscall = true;
	elf_scan_code(e, (const uint8_t *)code, len);
}

static void test_system_calls_of_its_own(void **state)
{
	struct elf_info e;

	(void)state;
#if defined(__x86_64__)
	static const char send[] = "\x90\xb8\x2c\0\0\0\x31\xd2\x0f\x05\x90\x90\x90";
	static const char uring[] = "\xb8\xaa\x01\0\0\x0f\x05";
	static const char by_libc[] = "\x90\xbf\xa9\x01\0\0\x31\xc0\xe8\0\0\0\0\xc3\x90\x90"
				      "\x90\x90\x90\x90\x90\x90";
	static const char getpid[] = "\xb8\x27\0\0\0\x0f\x05";

	scan(&e, send, sizeof(send) - 1);
	assert_true(e.raw_socket && !e.raw_io_uring);
	scan(&e, uring, sizeof(uring) - 1);
	assert_true(e.raw_io_uring && !e.raw_socket);
	scan(&e, by_libc, sizeof(by_libc) - 1);
	assert_true(e.raw_io_uring);
	scan(&e, getpid, sizeof(getpid) - 1);
	assert_false(e.raw_socket || e.raw_io_uring);
	for (size_t n = 0; n < sizeof(send) - 1; n++) { /* cut anywhere */
		char *copy = malloc(n + 1);

		memcpy(copy, send, n);
		scan(&e, copy, n);
		free(copy);
	}
#elif defined(__aarch64__)
	static const uint32_t send[] = {0xd2800000 | SYS_sendto << 5 | 8, 0xd503201f, 0xd4000001};

	scan(&e, (const char *)send, sizeof(send));
	assert_true(e.raw_socket && !e.raw_io_uring);
#endif
	assert_int_equal(elf_read_code(&e, "/proc/self/exe"), 0);
	assert_false(e.go);
}

static void test_this_program_itself(void **state)
{
	struct elf_info e;

	(void)state;
	assert_int_equal(elf_read(&e, "/proc/self/exe"), 0);
	assert_int_equal(e.bits, sizeof(void *) * 8);
	assert_non_null(strstr(e.interp, "ld-"));
	assert_false(e.go);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dynamic_program_is_plain),
		cmocka_unit_test(test_program_without_loader_is_static),
		cmocka_unit_test(test_go_note_is_seen),
		cmocka_unit_test(test_imports_are_seen_definitions_not),
		cmocka_unit_test(test_other_word_size_and_no_elf),
		cmocka_unit_test(test_broken_files_do_no_harm),
		cmocka_unit_test(test_variants_of_hooked_names),
		cmocka_unit_test(test_system_calls_of_its_own),
		cmocka_unit_test(test_this_program_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
