/* SPDX-License-Identifier: MIT */
/* core/build_id.h - the GNU build id among the notes of an ELF program (elf(5), ld(1) --build-id). */
#ifndef ISO_CORE_BUILD_ID_H
#define ISO_CORE_BUILD_ID_H
#include <elf.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define BUILD_ID_TEXT 33 /* 16 bytes as hexadecimal digits; longer ids are cut */

/* `notes` is a PT_NOTE segment. 0, and *text stays as it is, when no build id is there. */
static inline int build_id_find(const char *notes, uint64_t len, char text[BUILD_ID_TEXT])
{
    uint64_t at = 0;

    while (len >= sizeof(Elf64_Nhdr) && at <= len - sizeof(Elf64_Nhdr)) {
        const Elf64_Nhdr *note = (const Elf64_Nhdr *)(const void *)(notes + at);
        uint64_t name = at + sizeof *note, id = name + (note->n_namesz + (uint64_t)3) / 4 * 4;

        at = id + (note->n_descsz + (uint64_t)3) / 4 * 4;
        if (at > len)
            return 0;
        if (note->n_type != NT_GNU_BUILD_ID || note->n_namesz != 4 || memcmp(notes + name, "GNU", 4) != 0)
            continue;
        for (unsigned i = 0; i < note->n_descsz && i < 16; i++)
            snprintf(text + 2 * i, 3, "%02x", (unsigned)(unsigned char)notes[id + i]);
        return 1;
    }
    return 0;
}

#endif
