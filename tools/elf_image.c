/* SPDX-License-Identifier: MIT */
#include "tools/elf_image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *file; /* the file that is being read */

void die(const char *why, ...)
{
    va_list more;

    fprintf(stderr, "mkhost: %s: ", file);
    va_start(more, why);
    vfprintf(stderr, why, more);
    va_end(more);
    fputc('\n', stderr);
    exit(1);
}

void *at(const struct image *m, uint64_t offset, uint64_t len)
{
    if (offset > m->len || len > m->len - offset)
        die("is cut short, or no executable");
    return m->data + offset;
}

const Elf64_Phdr *segments(const struct image *m)
{
    return at(m, m->head->e_phoff, (uint64_t)m->head->e_phnum * sizeof(Elf64_Phdr));
}

void *loaded(const struct image *m, uint64_t address, uint64_t len)
{
    const Elf64_Phdr *p = segments(m);

    for (int i = 0; i < m->head->e_phnum; i++)
        if (p[i].p_type == PT_LOAD && address >= p[i].p_vaddr && address - p[i].p_vaddr <= p[i].p_filesz &&
            len <= p[i].p_filesz - (address - p[i].p_vaddr))
            return at(m, p[i].p_offset + (address - p[i].p_vaddr), len);
    return NULL;
}

Elf64_Dyn *find_tag(const struct image *m, Elf64_Sxword tag)
{
    for (size_t i = 0; i < m->entries; i++)
        if (m->dynamic[i].d_tag == tag)
            return &m->dynamic[i];
    return NULL;
}

uint64_t number(const struct image *m, Elf64_Sxword tag)
{
    const Elf64_Dyn *d = find_tag(m, tag);

    return d ? d->d_un.d_val : 0;
}

void *table(const struct image *m, Elf64_Sxword tag, uint64_t bytes)
{
    void *found = loaded(m, number(m, tag), bytes);

    if (!found)
        die("lacks the table of dynamic tag %lld", (long long)tag);
    return found;
}

const char *text(const struct image *m, uint64_t offset)
{
    if (offset >= m->strings_len || !memchr(m->strings + offset, 0, m->strings_len - offset))
        die("has a name outside of its strings");
    return m->strings + offset;
}

void open_image(struct image *m, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;

    file = path;
    if (fd < 0 || fstat(fd, &st) < 0)
        die("%s", strerror(errno));
    m->len = (size_t)st.st_size;
    m->data = mmap(NULL, m->len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_POPULATE, fd, 0);
    if (m->data == MAP_FAILED)
        die("%s", strerror(errno));
    close(fd);
    m->head = at(m, 0, sizeof *m->head);
    if (memcmp(m->head->e_ident, ELFMAG, SELFMAG) != 0 || m->head->e_ident[EI_CLASS] != ELFCLASS64)
        die("is not a 64-bit ELF executable");
    for (int i = 0; i < m->head->e_phnum; i++)
        if (segments(m)[i].p_type == PT_DYNAMIC) {
            m->dynamic = at(m, segments(m)[i].p_offset, segments(m)[i].p_filesz);
            m->entries = segments(m)[i].p_filesz / sizeof *m->dynamic;
        }
    for (size_t i = 0; i < m->entries; i++)
        if (m->dynamic[i].d_tag == DT_NULL)
            m->entries = i;
    m->strings_len = number(m, DT_STRSZ);
    m->strings = table(m, DT_STRTAB, m->strings_len);
    m->symbols = table(m, DT_SYMTAB, sizeof *m->symbols);
    m->versions = table(m, DT_VERSYM, sizeof *m->versions);
}

void each_relocation(struct image *m, void (*act)(struct image *, Elf64_Rela *, void *), void *data)
{
    static const Elf64_Sxword tables[][2] = {{DT_RELA, DT_RELASZ}, {DT_JMPREL, DT_PLTRELSZ}};

    for (int t = 0; t < 2; t++) {
        uint64_t bytes = number(m, tables[t][1]);
        Elf64_Rela *r = bytes ? table(m, tables[t][0], bytes) : NULL;
        for (uint64_t i = 0; i < bytes / sizeof *r; i++)
            if (ELF64_R_SYM(r[i].r_info))
                act(m, &r[i], data);
    }
}

Elf64_Sym *symbol_of(const struct image *m, const Elf64_Rela *r)
{
    size_t index = ELF64_R_SYM(r->r_info);

    return at(m, (uint64_t)((unsigned char *)(m->symbols + index) - m->data), sizeof *m->symbols);
}

Elf64_Half *version_of(const struct image *m, const Elf64_Rela *r)
{
    size_t index = ELF64_R_SYM(r->r_info);

    return at(m, (uint64_t)((unsigned char *)(m->versions + index) - m->data), sizeof *m->versions);
}

/* ---- names */

int find_id(const struct image *m, char id[BUILD_ID_TEXT])
{
    const Elf64_Phdr *p = segments(m);

    for (int i = 0; i < m->head->e_phnum; i++)
        if (p[i].p_type == PT_NOTE && build_id_find(at(m, p[i].p_offset, p[i].p_filesz), p[i].p_filesz, id))
            return 1;
    return 0;
}

struct names find_names(const struct image *m)
{
    const Elf64_Shdr *s = at(m, m->head->e_shoff, (uint64_t)m->head->e_shnum * sizeof *s), *strings;

    for (int i = 0; i < m->head->e_shnum; i++) {
        if (s[i].sh_type != SHT_SYMTAB || s[i].sh_link >= m->head->e_shnum)
            continue;
        strings = &s[s[i].sh_link];
        return (struct names){at(m, s[i].sh_offset, s[i].sh_size), s[i].sh_size / sizeof(Elf64_Sym),
                              at(m, strings->sh_offset, strings->sh_size), strings->sh_size};
    }
    return (struct names){0};
}

const char *name_of(const struct names *n, const Elf64_Sym *s)
{
    const char *name = n->strings + s->st_name;

    return s->st_name < n->strings_len && memchr(name, 0, n->strings_len - s->st_name) ? name : NULL;
}
