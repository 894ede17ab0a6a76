/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wipe.h - forget a secret
 */
#ifndef CORE_WIPE_H
#define CORE_WIPE_H

#include <stddef.h>
#include <string.h>

/* Zeroes memory in a way the compiler keeps although nothing reads it again. */
static inline void ds_wipe(void *p, size_t len)
{
	memset(p, 0, len);
	__asm__ volatile("" : : "r"(p) : "memory");
}

#endif
