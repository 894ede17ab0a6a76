/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_impl.h - what the files of `dtlsshim check` share
 */
#ifndef TOOLS_CHECK_IMPL_H
#define TOOLS_CHECK_IMPL_H

#include "tools/check.h"
#include "tools/elf.h"

#define PROXY_HINT "use dtlsproxy in front of it instead"

enum grade { OK, NOTE, FAIL };

struct check {
	FILE *out;
	bool quiet;
	int status; /* as check_program() returns it */
};

/* Prints one finding as a line. */
__attribute__((format(printf, 3, 4))) void check_say(struct check *c, enum grade g, const char *fmt,
						     ...);

/* Looks for system calls past libc in the program at @path, which is @e, and in the libraries it is
 * linked with.  To list those it runs the program's dynamic loader, which must be this machine's
 * own, but not the program. */
void check_code(struct check *c, const char *path, const struct elf_info *e);

/* Looks for systemd units and AppArmor profiles that forbid the program at @path something the shim
 * needs.  Only files in the usual places are found. */
void check_confinement(struct check *c, const char *path);

#endif
