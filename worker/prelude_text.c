/* SPDX-License-Identifier: MIT */
#include "worker/prelude_text.h"

/* The assembler reads the file; the path is relative to the compiler's working directory. */
__asm__(".pushsection .rodata\n"
        "prelude_start: .incbin \"" PRELUDE_FILE "\"\n"
        "prelude_end: .byte 0\n"
        ".popsection\n");

extern const char prelude_start[], prelude_end[];

const char *prelude_text(size_t *len)
{
    *len = (size_t)(prelude_end - prelude_start);
    return prelude_start;
}
