/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_confinement.c - see check_impl.h
 *
 * These files have no parser here: lines are looked at as they are, which finds what distributions
 * ship.  Drop-ins are not looked at.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/check_impl.h"

/* The settings of a unit that concern the shim. */
struct unit {
	bool starts;	      /* its ExecStart= is the program */
	bool families, unix;  /* RestrictAddressFamilies= is there; and lets AF_UNIX pass */
	bool calls, services; /* SystemCallFilter= is there; and begins with @system-service */
};

static bool is_value(const char *line, const char *name, const char **value)
{
	size_t len = strlen(name);

	if (strncmp(line, name, len))
		return false;
	*value = line + len;
	return true;
}

static void read_line(struct unit *u, const char *line, const char *path)
{
	const char *value;
	size_t len = strlen(path);

	if (is_value(line, "ExecStart=", &value)) {
		value += strspn(value, "-@:+!|");
		u->starts |= !strncmp(value, path, len) && strchr(" \n", value[len]);
	} else if (is_value(line, "RestrictAddressFamilies=", &value)) {
		u->families = true;
		/* ~ lists what is forbidden */
		u->unix |= (strstr(value, "AF_UNIX") != NULL) == (value[0] != '~');
	} else if (is_value(line, "SystemCallFilter=", &value) && value[0] != '~') {
		u->calls = true;
		u->services |= strstr(value, "@system-service") != NULL;
	}
}

static void read_unit(struct check *c, const char *file, const char *path)
{
	FILE *f = fopen(file, "re");
	struct unit u = {.starts = false};
	char line[1024];

	while (f && fgets(line, sizeof(line), f))
		read_line(&u, line, path);
	if (f)
		fclose(f);
	if (!u.starts)
		return;
	if (u.families && !u.unix)
		check_say(c, NOTE,
			  "%s: RestrictAddressFamilies= without AF_UNIX: the shim could protect no "
			  "socket there; add AF_UNIX in a drop-in",
			  file);
	if (u.calls && !u.services)
		check_say(c, NOTE,
			  "%s: SystemCallFilter= is narrower than @system-service, what the shim "
			  "needs; add that in a drop-in",
			  file);
}

static void read_units(struct check *c, const char *dir, const char *path)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	char file[PATH_MAX];
	size_t len;

	while (d && (e = readdir(d))) {
		len = strlen(e->d_name);
		if (len < 9 || strcmp(e->d_name + len - 8, ".service"))
			continue;
		if (snprintf(file, sizeof(file), "%s/%s", dir, e->d_name) < (int)sizeof(file))
			read_unit(c, file, path);
	}
	if (d)
		closedir(d);
}

/* /etc/apparmor.d/usr.sbin.unbound: Debian's name for the profile of /usr/sbin/unbound. */
static void find_profile(struct check *c, const char *path)
{
	char file[PATH_MAX + 32], *name;
	int n = snprintf(file, sizeof(file), "/etc/apparmor.d/");

	name = file + n;
	snprintf(name, sizeof(file) - (size_t)n, "%s", path + strspn(path, "/"));
	for (; *name; name++)
		if (*name == '/')
			*name = '.';
	if (!access(file, F_OK))
		check_say(c, NOTE,
			  "%s: this AppArmor profile must let the program read libdtlsshim.so and "
			  "the files of keys (in /etc/apparmor.d/local/); else it starts without "
			  "the shim, and only dtlsshim run notices",
			  file);
}

void check_confinement(struct check *c, const char *path)
{
	static const char *const dirs[] = {"/etc/systemd/system", "/run/systemd/system",
					   "/usr/local/lib/systemd/system",
					   "/usr/lib/systemd/system"};

	for (size_t i = 0; i < sizeof(dirs) / sizeof(*dirs); i++)
		read_units(c, dirs[i], path);
	find_profile(c, path);
	if (!access("/sys/fs/selinux/enforce", F_OK))
		check_say(c, NOTE,
			  "SELinux: if the policy moves %s to another domain without noatsecure, "
			  "preloading is ignored; only dtlsshim run notices",
			  path);
}
