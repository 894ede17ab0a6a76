/* SPDX-License-Identifier: Apache-2.0 */
/*
 * elf_code.c - system calls that a program makes without libc
 *
 * This is not a disassembler: it looks for the instruction that enters the kernel, and shortly
 * before it for the one that sets the call's number.  It finds such calls as compilers write them;
 * a program that hides them is not found out.
 */
#include <string.h>
#include <sys/syscall.h>

#include "tools/elf.h"

#define SYS_IO_URING_FIRST 425 /* the same on every architecture; up to 427 */

static void found(struct elf_info *out, uint32_t nr)
{
	switch (nr) {
	case SYS_sendto:
	case SYS_recvfrom:
	case SYS_sendmsg:
	case SYS_recvmsg:
	case SYS_sendmmsg:
	case SYS_recvmmsg:
	case SYS_bind: out->raw_socket = true; break;
	default: out->raw_io_uring |= nr >= SYS_IO_URING_FIRST && nr <= SYS_IO_URING_FIRST + 2;
	}
}

#if defined(__x86_64__)

#define BEFORE 24 /* bytes in which the number is set */

void elf_scan_code(struct elf_info *out, const uint8_t *code, size_t len)
{
	const uint8_t *p = code, *end = code + len;
	uint32_t nr;

	/* syscall */
	while (p < end && (p = memchr(p, 0x0f, (size_t)(end - p)))) {
		size_t back = (size_t)(p - code) < BEFORE ? (size_t)(p - code) : BEFORE;

		p++;
		if (p == end || *p != 0x05)
			continue;
		for (size_t i = 6; i <= back + 1; i++) {
			if (p[-(ptrdiff_t)i] != 0xb8) /* mov $nr, %eax */
				continue;
			memcpy(&nr, p - i + 1, sizeof(nr));
			found(out, nr);
			break;
		}
	}
	/* mov $nr, %edi, where syscall() of libc is called */
	for (p = code; len > 16 && p < end - 16 && (p = memchr(p, 0xbf, (size_t)(end - 16 - p)));
	     p++) {
		memcpy(&nr, p + 1, sizeof(nr));
		if (nr == SYS_IO_URING_FIRST && out->calls_syscall)
			out->raw_io_uring = true;
	}
}

#elif defined(__aarch64__)

#define BEFORE 8 /* instructions */

void elf_scan_code(struct elf_info *out, const uint8_t *code, size_t len)
{
	uint32_t word[BEFORE + 1] = {0};

	for (size_t at = 0; at + 4 <= len; at += 4) {
		memmove(word + 1, word, BEFORE * sizeof(*word));
		memcpy(word, code + at, sizeof(*word));
		if (word[0] != 0xd4000001) /* svc #0 */
			continue;
		for (size_t i = 1; i <= BEFORE; i++)
			if ((word[i] & 0x7fe0001f) == 0x52800008) { /* mov x8, #nr */
				found(out, word[i] >> 5 & 0xffff);
				break;
			}
	}
}

#else

void elf_scan_code(struct elf_info *out, const uint8_t *code, size_t len)
{
	(void)out, (void)code, (void)len;
}

#endif
