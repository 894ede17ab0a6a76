/* SPDX-License-Identifier: Apache-2.0 */
#include "host/watch.h"

#include <string.h>

#include "host/log.h"

#define LOOK  (2 * DS_SECOND)
#define QUIET (1 * DS_SECOND)

static void look(const struct host_watch *w, struct host_file_mark out[static HOST_WATCH_FILES])
{
	for (size_t i = 0; i < HOST_WATCH_FILES; i++)
		out[i] = host_file_mark(w->path[i]);
}

static bool is_same(const struct host_file_mark *a, const struct host_file_mark *b)
{
	return !memcmp(a, b, HOST_WATCH_FILES * sizeof(*a));
}

void host_watch_begin(struct host_watch *w, const struct host_options *o, ds_time now)
{
	*w = (struct host_watch){.path = {o->cert, o->key, o->ca, o->crl, o->deny},
				 .look_at = now + LOOK};
	look(w, w->known);
	memcpy(w->looked, w->known, sizeof(w->looked));
}

bool host_watch_changed(struct host_watch *w, ds_time now)
{
	struct host_file_mark is[HOST_WATCH_FILES];
	bool still;

	if (now < host_watch_deadline(w))
		return false;
	look(w, is);
	still = is_same(is, w->looked);
	memcpy(w->looked, is, sizeof(is));
	w->look_at = now + (still ? LOOK : QUIET);
	if (!still || is_same(is, w->known))
		return false;
	memcpy(w->known, is, sizeof(is));
	return true;
}

ds_time host_watch_deadline(const struct host_watch *w)
{
	for (size_t i = 0; i < HOST_WATCH_FILES; i++)
		if (w->path[i])
			return w->look_at;
	return DS_TIME_NEVER;
}

int host_watch_reload(struct ds_engine *e, const struct host_options *o, enum ds_role role)
{
	struct ds_config cfg;
	struct host_files files;
	char why[DS_WHY_MAX];
	int err = host_config_reread(&cfg, &files, o, role, why);

	if (!err) {
		err = ds_engine_reload(e, &cfg, why);
		host_files_free(&files);
	}
	explicit_bzero(&cfg, sizeof(cfg));
	if (err)
		host_log(HOST_LOG_ERROR, "event=reload_failed what=files: %s; old ones kept", why);
	return err ? -1 : 0;
}
