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
 * @io_uring, @dlmopen:	the program imports the library or function
 */
struct elf_info {
	int bits;
	uint16_t machine;
	char interp[128];
	bool go, io_uring, dlmopen;
};

/* Reads the @len bytes of a file at @data.  0, or -ENOEXEC if it is no ELF file or a broken one.
 * Of a file whose word size is not ours only @bits and @machine are told. */
int elf_parse(struct elf_info *out, const void *data, size_t len);

/* Same for the file at @path; or another negative errno if it cannot be read. */
int elf_read(struct elf_info *out, const char *path);

#endif
