/* SPDX-License-Identifier: Apache-2.0 */
/* Hooks: calls that would carry bytes past the engine.  On the facade they could do no harm, but an
 * error at once is better than a strange one later. */
#include "host/log.h"
#include "shim/socket/fdtab.h"
#include "shim/hooks/hook.h"
#include "shim/socket/sock.h"

/* True (with errno) if @fd is protected or ours. */
static bool refused(int fd, const char *what)
{
	static struct host_log_limit limit;

	if (shim_likely(shim_fd_entry(fd) < SHIM_FD_HIDDEN))
		return false;
	host_log_limited(&limit, HOST_LOG_WARN,
			 "event=call_refused %s is not available on a protected socket", what);
	errno = shim_fd_is_hidden(fd) ? EBADF : EINVAL;
	return true;
}

SHIM_EXPORT ssize_t sendfile(int out, int in, off_t *at, size_t n)
{
	if (refused(out, "sendfile()") || refused(in, "sendfile()"))
		return -1;
	return real_sendfile(out, in, at, n);
}

SHIM_EXPORT ssize_t sendfile64(int out, int in, off_t *at, size_t n)
{
	if (refused(out, "sendfile()") || refused(in, "sendfile()"))
		return -1;
	return real_sendfile64(out, in, at, n);
}

SHIM_EXPORT ssize_t splice(int in, off_t *in_at, int out, off_t *out_at, size_t n, unsigned flags)
{
	if (refused(out, "splice()") || refused(in, "splice()"))
		return -1;
	return real_splice(in, in_at, out, out_at, n, flags);
}

SHIM_EXPORT int aio_read(struct aiocb *cb)
{
	return refused(cb->aio_fildes, "aio_read()") ? -1 : real_aio_read(cb);
}

SHIM_EXPORT int aio_write(struct aiocb *cb)
{
	return refused(cb->aio_fildes, "aio_write()") ? -1 : real_aio_write(cb);
}

SHIM_EXPORT int aio_read64(struct aiocb64 *cb)
{
	return refused(cb->aio_fildes, "aio_read()") ? -1 : real_aio_read64(cb);
}

SHIM_EXPORT int aio_write64(struct aiocb64 *cb)
{
	return refused(cb->aio_fildes, "aio_write()") ? -1 : real_aio_write64(cb);
}

SHIM_EXPORT int lio_listio(int mode, struct aiocb *const list[], int n, struct sigevent *sig)
{
	for (int i = 0; i < n; i++)
		if (list[i] && refused(list[i]->aio_fildes, "lio_listio()"))
			return -1;
	return real_lio_listio(mode, list, n, sig);
}

SHIM_EXPORT int lio_listio64(int mode, struct aiocb64 *const list[], int n, struct sigevent *sig)
{
	for (int i = 0; i < n; i++)
		if (list[i] && refused(list[i]->aio_fildes, "lio_listio()"))
			return -1;
	return real_lio_listio64(mode, list, n, sig);
}
