/* SPDX-License-Identifier: Apache-2.0 */
/*
 * images.h - the thread that writes images of sessions to the state file
 *
 * Threads:  one a process, host_images_work().  The others under the endpoint's lock.
 * Fork:     a child has no such thread, until it starts its own.
 */
#ifndef HOST_IMAGES_H
#define HOST_IMAGES_H

#include "host/endpoint.h"

/* The thread: the caller starts it, with a pointer to a descriptor of an eventfd(2), which becomes readable
 * whenever an endpoint has something to do because images are written.  Never returns. */
void *host_images_work(void *evfd);

/* Has the images of @ep written that wait, and holds its handshakes' datagrams until those before them are.
 * Where the thread does not run it writes them itself.  While they are written the endpoint stays
 * (->job_out). */
void host_images_give(struct host_endpoint *ep);

/* Before the state of @ep is closed: waits for the thread, and writes what is left.  Nothing is held any
 * more. */
void host_images_settle(struct host_endpoint *ep);

/* In a forked child, whose endpoints are not ->writing. */
void host_images_forked(void);

#endif
