/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fdtab.h - which descriptor numbers are ours
 *
 * The table has an entry for each number, an enum shim_fd_kind or a protected socket.  Every hook
 * asks here first; for a number that is not ours that is one load.
 *
 * A number can change hands behind our back (stdio closing it, a raw system call).  An entry that
 * lies about its number is therefore found out: by socket() and its like, which hand out numbers,
 * and by shim_fd_stale() where a wrong answer would read or write somebody's file.
 *
 * Threads:  reading is lock-free; writing takes the table's lock.  An entry holds a reference.
 */
#ifndef SHIM_SOCKET_FDTAB_H
#define SHIM_SOCKET_FDTAB_H

#include <stdatomic.h>

#include "shim/base/shim.h"

struct shim_sock;

/* In this order: up to PLAIN a call passes through; from HIDDEN on a number is ours. */
enum shim_fd_kind {
	SHIM_FD_UNKNOWN, /* not looked at yet */
	SHIM_FD_FRESH, /* a UDP socket that is not bound, as far as is known; looked at at each use */
	SHIM_FD_UDP, /* a UDP socket of no interest; but another process that has it may retire it */
	SHIM_FD_PLAIN,	/* anything else of no interest */
	SHIM_FD_DEAD,	/* protected by another process and not to be had; calls say EBADF */
	SHIM_FD_HIDDEN, /* one of our own descriptors */
};
#define SHIM_HIDDEN ((struct shim_sock *)SHIM_FD_HIDDEN)

extern _Atomic(uintptr_t) *shim_fdtab;
extern unsigned shim_fdtab_size;
extern atomic_uint shim_n_fresh; /* numbers of fresh UDP sockets */

/* Maps the table and lists the numbers host/sys.h keeps.  0 or a negative errno. */
int shim_fdtab_init(void);

/* Notes that @fd is ours, though it came from outside. */
void shim_fd_hide(int fd);

static inline uintptr_t shim_fd_entry(int fd)
{
	if (shim_unlikely((unsigned)fd >= shim_fdtab_size))
		return SHIM_FD_PLAIN;
	return atomic_load_explicit(&shim_fdtab[fd], memory_order_acquire);
}

/* True for an entry with which every call passes through, without another look. */
static inline bool shim_fd_passes(uintptr_t e)
{
	return e == SHIM_FD_UDP || e == SHIM_FD_PLAIN;
}

static inline bool shim_fd_is_hidden(int fd)
{
	return shim_fd_entry(fd) == SHIM_FD_HIDDEN;
}

/* Looks at a number that came from elsewhere, and protects the socket if it needs that. */
void shim_fd_probe(int fd);

/* As shim_fd_probe(), for a number that the kernel just handed out for a descriptor of another
 * process. */
void shim_fd_arrived(int fd);

struct shim_sock *shim_fd_get_slow(int fd, bool probe);

/* The protected socket at @fd with a reference for the caller (shim_put()), SHIM_HIDDEN, or NULL:
 * pass through. */
static inline struct shim_sock *shim_fd_get(int fd)
{
	uintptr_t e = shim_fd_entry(fd);

	if (shim_likely(e <= SHIM_FD_PLAIN))
		return NULL;
	return shim_fd_get_slow(fd, false);
}

/* As shim_fd_get(), but a number that is unknown or fresh is looked at first, for it may be a copy
 * of a facade that was made where no hook saw it, or a socket that another process bound. */
static inline struct shim_sock *shim_fd_get_socket(int fd)
{
	uintptr_t e = shim_fd_entry(fd);

	if (shim_likely(shim_fd_passes(e)))
		return NULL;
	return shim_fd_get_slow(fd, true);
}

/* After a call passed through with @r > 0, or reported the end of a socket (no bytes, EPIPE, POLLHUP;
 * @r <= 0): true if the program's own socket was retired meanwhile, or somebody bound it to a protected
 * port, and the number is a facade now.  Bytes that the call received are no
 * message; it is made again. */
bool shim_fd_turned_slow(int fd);
static inline bool shim_fd_turned(int fd, long r)
{
	uintptr_t e = shim_fd_entry(fd);

	if (shim_likely(e == SHIM_FD_PLAIN || (r > 0 && e == SHIM_FD_UDP)))
		return false;
	return shim_fd_turned_slow(fd);
}

/* Looks at every fresh number. */
void shim_fd_look_at_fresh(void);

/* Calls @fn with every fresh number. */
void shim_fd_each_fresh(void (*fn)(int fd));

/* True if @fd is not @s's facade any more; the entry is then gone, the caller passes through. */
bool shim_fd_stale(int fd, struct shim_sock *s);

/* The number @fd now means @s too. */
void shim_fd_attach(int fd, struct shim_sock *s);

/* Forgets what @fd is.  Return: the protected socket it was, with the entry's reference for the
 * caller and its count of numbers reduced, or NULL. */
struct shim_sock *shim_fd_detach(int fd);

/* @fd was just handed out by the kernel: as a UDP socket, or as something of no interest. */
void shim_fd_new(int fd, bool udp);

/* The next number from @fd to @last that is hidden or protected; -1 if there is none. */
int shim_fd_next(int fd, int last);

/* In a forked child: this descriptor of the parent's is closed, its number free. */
void shim_fd_forget(int fd);

#endif
