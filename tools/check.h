/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check.h - can libdtlsshim.so work in a program?
 *
 * ld.so runs a program even if it cannot preload the library, and then it would serve in
 * plaintext.  So the file is looked at before.
 */
#ifndef TOOLS_CHECK_H
#define TOOLS_CHECK_H

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>

/**
 * check_library() - find libdtlsshim.so
 * @path:	out: absolute path; $DTLSSHIM_LIB if set, else beside this program, else
 *		where `make install` put it, seen from there (SHIM_PLACE)
 *
 * Return: true if it is there and is a library for this machine; else a line is on @out
 */
bool check_library(char path[static PATH_MAX], FILE *out);

/**
 * check_program() - look at the program @name, searched in PATH as the shell does
 * @quiet:	only what is wrong or noteworthy about the file itself, without looking at its code
 *		and its service
 * @out:	gets one line a finding: "ok", "note" or "fail", and why
 *
 * Return: 0 if nothing speaks against the shim, 1 if something does; as a shell says it, 127 if there
 *	   is no such program and 126 if it cannot be executed
 */
int check_program(const char *name, bool quiet, FILE *out);

#endif
