/* SPDX-License-Identifier: MIT */
#include "host/dts/signature.h"

#include <string.h>

#include "core/file.h"

/* Copies a type without its comments, with white space as one blank; strings in it stay as they are. */
static void put_squeezed(struct buf *out, const char *at, const char *end)
{
    int blank = 0;

    while (at < end) {
        if (*at == ' ' || *at == '\n') {
            blank = 1;
            at++;
        } else if (end - at > 3 && memcmp(at, "/**", 3) == 0) {
            const char *close = memmem(at + 2, (size_t)(end - at - 2), "*/", 2);

            blank = 1;
            at = close ? close + 2 : end;
        } else {
            const char *from = at++;

            while (*from == '"' && at < end && *at != '"')
                at += *at == '\\' ? 2 : 1;
            at += *from == '"';
            if (blank)
                buf_byte(out, ' ');
            blank = 0;
            buf_add(out, from, (size_t)((at < end ? at : end) - from));
        }
    }
}

void declare_signature(struct buf *out, const struct stub *s)
{
    AUTO_BUF struct buf type = {0};

    json_string_to_text(out, s->path, strlen(s->path));
    s->kind->type(s, ": ", 0, &type);
    out->failed |= type.failed;
    if (type.len)
        put_squeezed(out, type.data, type.data + type.len);
}
