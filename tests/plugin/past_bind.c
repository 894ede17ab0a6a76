/* SPDX-License-Identifier: Apache-2.0 */
/* A library whose bind() is libc's (PAST), or that of the library after it, found by a constructor:
 * to be preloaded before the shim. */
#include <dlfcn.h>
#include <sys/socket.h>

static int (*next)(int, const struct sockaddr *, socklen_t);

__attribute__((constructor)) static void find(void)
{
#ifdef PAST
	void *p = dlsym(dlopen("libc.so.6", RTLD_NOW), "bind");
#else
	void *p = dlsym(RTLD_NEXT, "bind");
#endif
	next = (int (*)(int, const struct sockaddr *, socklen_t))p;
}

int bind(int fd, const struct sockaddr *sa, socklen_t len)
{
	return next(fd, sa, len);
}
