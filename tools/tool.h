/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tool.h - the subcommands of dtlsshim
 *
 * Each gets its own name as argv[0] and returns the exit status: 0 good, 1 the answer is no,
 * 2 the command line is wrong.
 */
#ifndef TOOLS_TOOL_H
#define TOOLS_TOOL_H

int tool_run(int argc, char **argv);
int tool_check(int argc, char **argv);
int tool_nc(int argc, char **argv);

extern const char tool_run_usage[], tool_check_usage[], tool_nc_usage[];

#endif
