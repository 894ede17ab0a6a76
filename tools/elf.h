/* SPDX-License-Identifier: Apache-2.0 */
/*
 * elf.h - what an ELF file says about whether a library can be preloaded into it
 *
 * The file may be anything: every offset in it is checked against its size.
 *
 * Memory:   no allocation; values are copied out.
 */
#ifndef TOOLS_ELF_H
#define TOOLS_ELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct elf_info - what was found
 * @bits, @machine:	32 or 64, and e_machine (EM_X86_64, ...)
 * @interp:		the dynamic loader the program asks for, "" = none: statically linked
 * @go:			made by the Go tool chain, which makes system calls without libc
 * @glibc:		started by glibc's own code: tells static programs of glibc from others
 * @io_uring, @dlmopen, @calls_syscall:	the program imports the library or function
 * @variant:		an imported name that looks like a variant of one the shim has a hook for, but
 *			is unknown to it: of a newer libc.  "" if there is none
 * @raw_socket, @raw_io_uring:	it makes such system calls itself; by elf_read_code() only
 */
struct elf_info {
	int bits;
	uint16_t machine;
	char interp[128], variant[64];
	bool go, glibc, io_uring, dlmopen, calls_syscall, raw_socket, raw_io_uring;
};

/* Reads the @len bytes of a file at @data.  0, or -ENOEXEC if it is no ELF file or a broken one.
 * Of a file whose word size is not ours only @bits and @machine are told. */
int elf_parse(struct elf_info *out, const void *data, size_t len);

/* As elf_parse(), for the file at @path; another negative errno if it cannot be read. */
int elf_read(struct elf_info *out, const char *path);

/* As elf_read(), and looks through the machine code, which takes some 10 ms for 10 MB. */
int elf_read_code(struct elf_info *out, const char *path);

/* Looks through the @len bytes of instructions at @code. */
void elf_scan_code(struct elf_info *out, const uint8_t *code, size_t len);

/* True if the shim is not prepared for imported function @name, although it is for one like it. */
bool elf_is_variant(const char *name);

#endif
