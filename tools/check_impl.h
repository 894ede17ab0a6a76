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

/* One finding, one line. */
__attribute__((format(printf, 3, 4))) void check_say(struct check *c, enum grade g, const char *fmt,
						     ...);

/* What the code of the program at @path, and of the libraries it is linked with, does past libc;
 * @e: the program.  Runs its dynamic loader, which must be our own, not the program. */
void check_code(struct check *c, const char *path, const struct elf_info *e);

/* What systemd's units and AppArmor's profiles for the program at @path forbid that the shim needs.
 * Only files in the usual places are found. */
void check_confinement(struct check *c, const char *path);

#endif
