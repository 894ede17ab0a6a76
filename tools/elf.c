/* SPDX-License-Identifier: Apache-2.0 */
/*
 * elf.c - see elf.h
 *
 * The file is mapped and read without a library: a few hundred lines suffice for what is asked, and a
 * tool that looks at programs which nobody trusts should have little code to attack.  Each
 * structure is reached through at(), which checks that all of it is in the file and aligned.
 *
 * Only what the dynamic loader itself uses is believed: program headers and the dynamic section.
 * Sections are looked at for one thing, the Go version, because strip(1) may take them away.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/elf.h"

#define NATIVE_BITS ((int)sizeof(ElfW(Addr)) * 8)

struct image {
	const uint8_t *data;
	size_t len;
	const ElfW(Ehdr) * eh;
	const ElfW(Phdr) * ph;
};

/* The @size bytes at @off, or NULL if they are not all in the file, or crooked for @align. */
static const void *at(const struct image *im, uint64_t off, uint64_t size, size_t align)
{
	if (off > im->len || size > im->len - off || off % align)
		return NULL;
	return im->data + off;
}

/* The terminated string at @off, "" if there is none. */
static const char *string_at(const struct image *im, uint64_t off)
{
	if (off >= im->len || !memchr(im->data + off, '\0', im->len - off))
		return "";
	return (const char *)im->data + off;
}

/* File offset of address @va, UINT64_MAX if nothing of the file is loaded there. */
static uint64_t offset_of(const struct image *im, uint64_t va)
{
	for (int i = 0; i < im->eh->e_phnum; i++) {
		const ElfW(Phdr) *ph = &im->ph[i];

		if (ph->p_type == PT_LOAD && va >= ph->p_vaddr && va - ph->p_vaddr < ph->p_filesz)
			return va - ph->p_vaddr + ph->p_offset;
	}
	return UINT64_MAX;
}

/* Values of a dynamic section that we look at. */
struct dynamic {
	uint64_t symtab, strtab, hash, gnu_hash;
};

/* Number of symbols to look at.  Undefined ones come first: DT_GNU_HASH tells where the others
 * begin, DT_HASH how many there are in all. */
static uint32_t symbol_count(const struct image *im, const struct dynamic *d)
{
	uint64_t off = offset_of(im, d->gnu_hash ? d->gnu_hash : d->hash);
	const uint32_t *h = at(im, off, 8, sizeof(*h));

	return h && (d->gnu_hash || d->hash) ? h[1] : 0;
}

static void read_symbols(struct elf_info *out, const struct image *im, const struct dynamic *d)
{
	uint64_t off = offset_of(im, d->symtab), names = offset_of(im, d->strtab);
	uint32_t n = symbol_count(im, d);

	if (off == UINT64_MAX || names == UINT64_MAX)
		return;
	for (uint32_t i = 0; i < n; i++) {
		const ElfW(Sym) *s = at(im, off + i * sizeof(*s), sizeof(*s), _Alignof(ElfW(Sym)));
		const char *name;

		if (!s)
			return;
		name = string_at(im, names + s->st_name);
		if (s->st_shndx != SHN_UNDEF)
			continue;
		out->io_uring |= !strncmp(name, "io_uring_", 9);
		out->dlmopen |= !strcmp(name, "dlmopen");
		out->calls_syscall |= !strcmp(name, "syscall");
		if (!out->variant[0] && elf_is_variant(name))
			strncpy(out->variant, name, sizeof(out->variant) - 1);
	}
}

static void read_dynamic(struct elf_info *out, const struct image *im, const ElfW(Phdr) * ph)
{
	size_t n = ph->p_filesz / sizeof(ElfW(Dyn));
	const ElfW(Dyn) *dyn = at(im, ph->p_offset, n * sizeof(*dyn), _Alignof(ElfW(Dyn)));
	struct dynamic d = {0};

	for (size_t i = 0; dyn && i < n && dyn[i].d_tag != DT_NULL; i++) {
		switch (dyn[i].d_tag) {
		case DT_SYMTAB: d.symtab = dyn[i].d_un.d_ptr; break;
		case DT_STRTAB: d.strtab = dyn[i].d_un.d_ptr; break;
		case DT_HASH: d.hash = dyn[i].d_un.d_ptr; break;
		case DT_GNU_HASH: d.gnu_hash = dyn[i].d_un.d_ptr; break;
		default: break;
		}
	}
	read_symbols(out, im, &d);
}

/* A name without what distinguishes its variants: __recvmmsg64, recvmmsg_time64, __recv_chk. */
static void stem(char out[static 64], const char *name)
{
	static const char *const endings[] = {"_chk", "_time64", "64", "2", "v2"};
	size_t len;

	snprintf(out, 64, "%s", name + strspn(name, "_"));
	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
		size_t n = strlen(endings[i]);

		len = strlen(out);
		if (len > n && !strcmp(out + len - n, endings[i]))
			out[len - n] = '\0';
	}
}

bool elf_is_variant(const char *name)
{
	/* Made by the Makefile from shim/hooks.txt and shim/passes.txt */
	static const char *const hooked[] = {
#include "hooked_names.h"
	};
	static const char *const passed[] = {
#include "passed_names.h"
	};
	char mine[64], other[64];
	bool alike = false;

	stem(mine, name);
	for (size_t i = 0; i < sizeof(passed) / sizeof(*passed); i++)
		if (!strcmp(name, passed[i]))
			return false;
	for (size_t i = 0; i < sizeof(hooked) / sizeof(*hooked); i++) {
		if (!strcmp(name, hooked[i]))
			return false;
		stem(other, hooked[i]);
		alike |= !strcmp(mine, other);
	}
	return alike;
}

/* The Go tool chain leaves a note named "Go" with the build's id. */
static void read_notes(struct elf_info *out, const struct image *im, const ElfW(Phdr) * ph)
{
	uint64_t off = ph->p_offset, end = off + ph->p_filesz;

	while (off < end && end - off >= sizeof(ElfW(Nhdr))) {
		const ElfW(Nhdr) *nh = at(im, off, sizeof(*nh), _Alignof(ElfW(Nhdr)));
		const char *name = nh ? at(im, off + sizeof(*nh), nh->n_namesz, 1) : NULL;

		if (!name)
			return;
		if (nh->n_namesz == 4 && !memcmp(name, "Go\0", 4))
			out->go = true;
		if (nh->n_namesz == 4 && !memcmp(name, "GNU", 4) && nh->n_type == NT_GNU_ABI_TAG)
			out->glibc = true;
		off += sizeof(*nh) + ((uint64_t)nh->n_namesz + 3) / 4 * 4 +
		       ((uint64_t)nh->n_descsz + 3) / 4 * 4;
	}
}

/* A stripped Go program may have lost its note, but not the section its version is in. */
static void read_sections(struct elf_info *out, const struct image *im)
{
	const ElfW(Shdr) *sh =
		at(im, im->eh->e_shoff, im->eh->e_shnum * sizeof(*sh), _Alignof(ElfW(Shdr)));

	if (!sh || im->eh->e_shstrndx >= im->eh->e_shnum)
		return;
	for (int i = 0; i < im->eh->e_shnum; i++)
		if (!strcmp(string_at(im, sh[im->eh->e_shstrndx].sh_offset + sh[i].sh_name),
			    ".go.buildinfo"))
			out->go = true;
}

static int read_segments(struct elf_info *out, struct image *im)
{
	im->eh = at(im, 0, sizeof(*im->eh), 1);
	if (!im->eh || im->eh->e_phentsize != sizeof(*im->ph))
		return -ENOEXEC;
	im->ph = at(im, im->eh->e_phoff, im->eh->e_phnum * sizeof(*im->ph), _Alignof(ElfW(Phdr)));
	if (!im->ph)
		return -ENOEXEC;
	for (int i = 0; i < im->eh->e_phnum; i++) {
		const ElfW(Phdr) *ph = &im->ph[i];

		if (ph->p_type == PT_INTERP)
			strncpy(out->interp, string_at(im, ph->p_offset), sizeof(out->interp) - 1);
		else if (ph->p_type == PT_DYNAMIC)
			read_dynamic(out, im, ph);
		else if (ph->p_type == PT_NOTE)
			read_notes(out, im, ph);
	}
	read_sections(out, im);
	return 0;
}

int elf_parse(struct elf_info *out, const void *data, size_t len)
{
	struct image im = {.data = data, .len = len};
	const uint8_t *ident = data;
	const uint16_t one = 1;
	const uint8_t order = *(const uint8_t *)&one ? ELFDATA2LSB : ELFDATA2MSB;

	memset(out, 0, sizeof(*out));
	/* e_machine lies at the same place for both word sizes. */
	if (len < sizeof(Elf32_Ehdr) || memcmp(ident, ELFMAG, SELFMAG) || ident[EI_DATA] != order ||
	    (ident[EI_CLASS] != ELFCLASS32 && ident[EI_CLASS] != ELFCLASS64))
		return -ENOEXEC;
	out->bits = ident[EI_CLASS] == ELFCLASS64 ? 64 : 32;
	memcpy(&out->machine, ident + offsetof(Elf32_Ehdr, e_machine), sizeof(out->machine));
	return out->bits == NATIVE_BITS ? read_segments(out, &im) : 0;
}

static void scan_segments(struct elf_info *out, const void *data, size_t len)
{
	const struct image im = {.data = data, .len = len, .eh = data};
	const ElfW(Phdr) *ph =
		at(&im, im.eh->e_phoff, im.eh->e_phnum * sizeof(*ph), _Alignof(ElfW(Phdr)));
	const void *code;

	for (int i = 0; ph && i < im.eh->e_phnum; i++) {
		code = at(&im, ph[i].p_offset, ph[i].p_filesz, 1);
		if (ph[i].p_type == PT_LOAD && ph[i].p_flags & PF_X && code)
			elf_scan_code(out, code, ph[i].p_filesz);
	}
}

static int read_file(struct elf_info *out, const char *path, bool code)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), err = 0;
	void *data = MAP_FAILED;
	struct stat st;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode) || !st.st_size)
		err = -ENOEXEC;
	else
		data = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (!err && data == MAP_FAILED)
		err = -errno;
	close(fd);
	if (err)
		return err;
	err = elf_parse(out, data, (size_t)st.st_size);
	if (!err && code && out->bits == NATIVE_BITS)
		scan_segments(out, data, (size_t)st.st_size);
	munmap(data, (size_t)st.st_size);
	return err;
}

int elf_read(struct elf_info *out, const char *path)
{
	return read_file(out, path, false);
}

int elf_read_code(struct elf_info *out, const char *path)
{
	return read_file(out, path, true);
}
