/* SPDX-License-Identifier: Apache-2.0 */
/*
 * images.c - see images.h
 *
 * A disk may hang, and whoever writes to it then hangs too; so neither a thread that carries datagrams
 * nor one that holds an engine's lock writes images.  They copy what waits into memory, at most as many
 * images as an engine keeps, and this thread writes it.
 *
 * A peer that was told of its session has to find it again after a crash, so the image has to be with the
 * kernel before the last flight of the handshake leaves.  When images are taken from the engine, the end
 * of its queue of handshake datagrams is noted: what lies before it may leave when they are written, and
 * what is behind it waits for those that are taken next.  So a disk that hangs stops handshakes, and
 * nothing else: records of sessions, cookies and alerts do not wait.  No safety lies in this order, which
 * is that of the lines (store.h): a session without an image is one that does not come back.
 */
#include "host/images.h"

#include "host/sys.h"

static struct {
	pthread_mutex_t lock; /* after every endpoint's */
	pthread_cond_t wanted, written;
	struct host_endpoint *first; /* those with images, linked by ->next_writing */
	atomic_bool runs;
} images = {.lock = PTHREAD_MUTEX_INITIALIZER,
	    .wanted = PTHREAD_COND_INITIALIZER,
	    .written = PTHREAD_COND_INITIALIZER};

static void enqueue(struct host_endpoint *ep)
{
	struct host_endpoint **p = &images.first;

	ep->next_writing = NULL;
	pthread_mutex_lock(&images.lock);
	while (*p)
		p = &(*p)->next_writing;
	*p = ep;
	pthread_cond_signal(&images.wanted);
	pthread_mutex_unlock(&images.lock);
}

static struct host_endpoint *dequeue(void)
{
	struct host_endpoint *ep;

	pthread_mutex_lock(&images.lock);
	while (!(ep = images.first))
		pthread_cond_wait(&images.wanted, &images.lock);
	images.first = ep->next_writing;
	pthread_mutex_unlock(&images.lock);
	return ep;
}

void *host_images_work(void *evfd)
{
	uint64_t one = 1;

	atomic_store(&images.runs, true);
	for (;;) {
		struct host_endpoint *ep = dequeue();

		host_state_write_images(ep->state);
		pthread_mutex_lock(&images.lock);
		atomic_store(&ep->writing, false); /* the state may go now */
		pthread_cond_broadcast(&images.written);
		pthread_mutex_unlock(&images.lock);
		if (ep->job_out)
			ep->job_out(ep, false); /* and the endpoint */
		host_sys3(SYS_write, *(int *)evfd, &one, sizeof(one));
	}
	return NULL;
}

/* What was taken before is written. */
static void take(struct host_endpoint *ep)
{
	ep->may_leave = ep->mark;
	host_state_wrote_images(ep->state, ep->engine);
	if (!ds_engine_has_image(ep->engine))
		return;
	host_state_take_images(ep->state, ep->engine);
	ep->mark = ds_engine_queued(ep->engine);
	if (ep->job_out)
		ep->job_out(ep, true);
	atomic_store(&ep->writing, true);
	enqueue(ep);
}

void host_images_give(struct host_endpoint *ep)
{
	if (!ep->state)
		return;
	host_state_note(ep->state);
	if (!atomic_load(&images.runs)) {
		host_state_flush(ep->state, ep->engine);
		return;
	}
	if (!atomic_load(&ep->writing))
		take(ep);
	ds_engine_hold(ep->engine, atomic_load(&ep->writing) ? ep->may_leave : UINT64_MAX);
}

void host_images_settle(struct host_endpoint *ep)
{
	pthread_mutex_lock(&images.lock);
	while (atomic_load(&ep->writing))
		pthread_cond_wait(&images.written, &images.lock);
	pthread_mutex_unlock(&images.lock);
	host_state_flush(ep->state, ep->engine);
	ds_engine_hold(ep->engine, UINT64_MAX);
}

void host_images_forked(void)
{
	atomic_store(&images.runs, false);
	pthread_mutex_init(&images.lock, NULL);
	pthread_cond_init(&images.wanted, NULL);
	pthread_cond_init(&images.written, NULL);
	images.first = NULL;
}
