/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arena.c - memory for secrets
 *
 * A program under the shim may fork at any time, and two processes with the same keys would use a
 * nonce twice.  So every mapping is wiped in a forked child and left out of core dumps by the
 * kernel (MADV_WIPEONFORK, MADV_DONTDUMP).  If the kernel does not promise that, there is no
 * memory.  The program's malloc() cannot do this, and may be a hook itself.
 *
 * Small objects (up to 256 kB) come in size classes: steps of 8 bytes up to 512, then four classes
 * a doubling.  A class has a free list; when that is empty an object is cut from the chunk, a
 * mapping of some megabytes of which the kernel only backs what was touched.  Larger objects are
 * mappings of their own.  Objects carry no header, because the caller knows the size, and a session
 * is small.  Memory stays in its class: the next peak will need what the last one did.
 */
#include "host/arena.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "host/sys.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(DS_SANITIZE)
#define SANITIZED
#endif

#define PAGE ((size_t)4096) /* sizes of large objects and of the mark; alignment is the kernel's */
#define MARK 0x6473617265616e61ULL /* any number but 0 */

/* In front of an object of host_arena_calloc() */
struct header {
	_Alignas(16) size_t size;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
_Atomic(_Atomic uint64_t *) host_arena_mark;

static void *map(size_t size)
{
	long p = host_sys6(SYS_mmap, 0, size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p < 0 && p > -4096)
		return NULL;
	if (host_sys3(SYS_madvise, p, size, MADV_WIPEONFORK)) {
		host_sys3(SYS_munmap, p, size, 0);
		return NULL;
	}
	host_sys3(SYS_madvise, p, size, MADV_DONTDUMP);
	return (void *)p;
}

/* Under the lock. */
static bool have_mark(void)
{
	_Atomic uint64_t *m = atomic_load(&host_arena_mark);

	if (m)
		return true;
	m = map(PAGE);
	if (!m)
		return false;
	atomic_store(m, MARK);
	atomic_store(&host_arena_mark, m);
	return true;
}

#ifdef SANITIZED

void *host_arena_alloc(size_t size)
{
	bool ok;
	void *p;

	pthread_mutex_lock(&lock);
	ok = have_mark();
	pthread_mutex_unlock(&lock);
	if (!ok || posix_memalign(&p, size < 1024 ? 16 : 64, size ? size : 1))
		return NULL;
	return memset(p, 0, size);
}

void host_arena_free(void *p, size_t size)
{
	if (p)
		explicit_bzero(p, size);
	free(p);
}

void host_arena_reset(void)
{
	lock = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
	atomic_store(&host_arena_mark, NULL);
}

#else

#define CHUNK	  ((size_t)4 << 20)
#define SMALL_MAX ((size_t)256 << 10)
#define FINE_MAX  ((size_t)512)
#define N_FINE	  (FINE_MAX / 8)
#define N_CLASSES (N_FINE + 4 * 9) /* nine doublings from 512 to 256 k */

struct hole {
	struct hole *next;
};

static struct hole *holes[N_CLASSES];
static char *chunk, *chunk_end;

/* The class of @size, 1..SMALL_MAX, and how large its objects are. */
static size_t class_of(size_t size, size_t *rounded)
{
	unsigned log, shift;

	if (size <= FINE_MAX) {
		*rounded = (size + 7) & ~(size_t)7;
		return (size - 1) / 8;
	}
	log = 63U - (unsigned)__builtin_clzl(size - 1);
	shift = log - 2;
	*rounded = (((size - 1) >> shift) + 1) << shift;
	return N_FINE + 4 * (size_t)(log - 9) + (((size - 1) >> shift) & 3);
}

static void *cut(size_t size)
{
	uintptr_t at = (uintptr_t)chunk, align = size >= 1024 ? 64 : size % 16 ? 8 : 16;

	if (size >= 16 * PAGE) /* a slab touches no page more than it needs */
		align = PAGE;
	at = (at + align - 1) & ~(align - 1);
	if (!chunk || size > (uintptr_t)chunk_end - at || at > (uintptr_t)chunk_end) {
		chunk = map(CHUNK);
		if (!chunk)
			return NULL;
		chunk_end = chunk + CHUNK;
		at = (uintptr_t)chunk;
	}
	chunk = (char *)at + size;
	return (void *)at;
}

void *host_arena_alloc(size_t size)
{
	size_t rounded, class;
	struct hole *p = NULL;

	if (size > SMALL_MAX && size > SIZE_MAX - PAGE)
		return NULL;
	pthread_mutex_lock(&lock);
	if (!have_mark()) {
		pthread_mutex_unlock(&lock);
		return NULL;
	}
	if (size <= SMALL_MAX) {
		class = class_of(size ? size : 1, &rounded);
		p = holes[class];
		if (p) {
			holes[class] = p->next;
			p->next = NULL; /* the rest was wiped when it was freed */
		} else {
			p = cut(rounded);
		}
	}
	pthread_mutex_unlock(&lock);
	return size <= SMALL_MAX ? p : map((size + PAGE - 1) & ~(PAGE - 1));
}

void host_arena_free(void *p, size_t size)
{
	size_t rounded, class;
	struct hole *hole = p;

	if (!p)
		return;
	if (size > SMALL_MAX) { /* the kernel wipes pages before it gives them out again */
		host_sys3(SYS_munmap, p, (size + PAGE - 1) & ~(PAGE - 1), 0);
		return;
	}
	explicit_bzero(p, size ? size : 1);
	class = class_of(size ? size : 1, &rounded);
	pthread_mutex_lock(&lock);
	hole->next = holes[class];
	holes[class] = hole;
	pthread_mutex_unlock(&lock);
}

/* The parent's mappings stay, empty: a stale pointer then finds zeros, never another's object. */
void host_arena_reset(void)
{
	lock = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
	memset(holes, 0, sizeof(holes));
	chunk = chunk_end = NULL;
	atomic_store(&host_arena_mark, NULL);
}

#endif

void *host_arena_calloc(size_t n, size_t size)
{
	struct header *h;
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes) ||
	    __builtin_add_overflow(bytes, 2 * sizeof(*h) - 1, &bytes))
		return NULL;
	bytes &= ~(sizeof(*h) - 1); /* aligned as calloc() does */
	h = host_arena_alloc(bytes);
	if (!h)
		return NULL;
	h->size = bytes;
	return h + 1;
}

void host_arena_cfree(void *p)
{
	struct header *h = p;

	if (!p)
		return;
	h--;
	host_arena_free(h, h->size);
}
