/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arena.h - memory for secrets
 *
 * Keys, sessions and handshakes live here: pages that a forked child finds empty
 * (MADV_WIPEONFORK) and a core dump does not contain (MADV_DONTDUMP), independent of the
 * application's malloc.  Sanitizer builds use malloc so that errors are found.
 *
 * Threads:  any.
 */
#ifndef HOST_ARENA_H
#define HOST_ARENA_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zeroed memory, or NULL; aligned to 8 bytes, to 16 if @size is a multiple of that, to 64 from 1 kB
 * on. */
void *host_arena_alloc(size_t size);
/* Wipes and takes back @size bytes at @p, as asked for; NULL is allowed. */
void host_arena_free(void *p, size_t size);

/* calloc() and free() on the arena for a library that does not tell sizes; wiped when freed. */
void *host_arena_calloc(size_t n, size_t size);
void host_arena_cfree(void *p);

/* For host_arena_mine(): a page that reads 0 in a forked child; NULL before the first allocation. */
extern _Atomic(_Atomic uint64_t *) host_arena_mark;

/* False in a forked child until it calls host_arena_reset(): what the parent kept here is gone. */
static inline bool host_arena_mine(void)
{
	_Atomic uint64_t *m = atomic_load(&host_arena_mark);

	return !m || atomic_load_explicit(m, memory_order_relaxed);
}
/* Starts anew in a forked child.  Nothing allocated before may be used or freed any more. */
void host_arena_reset(void);

#endif
