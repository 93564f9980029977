/* SPDX-License-Identifier: MIT */
/* tools/elf_image.h - reads, changes and writes an ELF executable or shared object (elf(5)) in memory, for
 * tools/mkhost.c. An access outside of the file ends the program with a message. */
#ifndef ISO_TOOLS_ELF_IMAGE_H
#define ISO_TOOLS_ELF_IMAGE_H
#include <elf.h>
#include <stddef.h>
#include <stdint.h>

#include "core/build_id.h"

#if defined(__x86_64__)
enum {
    NOTHING = R_X86_64_NONE,
    WORD = R_X86_64_64,
    DATA = R_X86_64_GLOB_DAT,
    CODE = R_X86_64_JUMP_SLOT,
    COPY = R_X86_64_COPY
};
#elif defined(__aarch64__)
enum {
    NOTHING = R_AARCH64_NONE,
    WORD = R_AARCH64_ABS64,
    DATA = R_AARCH64_GLOB_DAT,
    CODE = R_AARCH64_JUMP_SLOT,
    COPY = R_AARCH64_COPY
};
#endif

struct image {
    unsigned char *data;
    size_t len;
    const Elf64_Ehdr *head;
    Elf64_Dyn *dynamic;
    size_t entries; /* of the dynamic section, without its end */
    Elf64_Sym *symbols;
    const char *strings;
    size_t strings_len;
    Elf64_Half *versions;
};

void open_image(struct image *m, const char *path);

/* Ends the program with a message about the file that was opened last. */
void die(const char *why, ...) __attribute__((noreturn, format(printf, 1, 2)));

void *at(const struct image *m, uint64_t offset, uint64_t len);
const Elf64_Phdr *segments(const struct image *m);

/* The bytes that are loaded at an address; NULL when the file does not hold them, as for .bss. */
void *loaded(const struct image *m, uint64_t address, uint64_t len);

/* An entry of the dynamic section, or its value. NULL, or 0: there is none. */
Elf64_Dyn *find_tag(const struct image *m, Elf64_Sxword tag);
uint64_t number(const struct image *m, Elf64_Sxword tag);

/* The table at the address in a tag. */
void *table(const struct image *m, Elf64_Sxword tag, uint64_t bytes);

/* The name of a dynamic symbol. */
const char *text(const struct image *m, uint64_t offset);

/* Calls act() for the relocations that are addresses of symbols, in both tables. */
void each_relocation(struct image *m, void (*act)(struct image *, Elf64_Rela *, void *), void *data);
Elf64_Sym *symbol_of(const struct image *m, const Elf64_Rela *r);
Elf64_Half *version_of(const struct image *m, const Elf64_Rela *r);

/* Copies the build id. 0: there is none. */
int find_id(const struct image *m, char id[BUILD_ID_TEXT]);

struct names {
    const Elf64_Sym *symbols;
    size_t count;
    const char *strings;
    size_t strings_len;
};

/* All symbols, also those that are not exported; none when they are stripped. */
struct names find_names(const struct image *m);

/* The name of a symbol; NULL: it is outside of the strings. */
const char *name_of(const struct names *n, const Elf64_Sym *s);

#endif
