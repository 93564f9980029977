/* SPDX-License-Identifier: MIT */
#include "protocol/frame.h"

#include <string.h>

static const struct {
    const char *name;
    int from_worker;
    size_t cap;
} types[FRAME_TYPE_COUNT] = {
#define X(id, worker, cap) [FRAME_##id] = {#id, worker, cap},
    ISO_FRAMES(X)
#undef X
};

void frame_put_u32(unsigned char *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (unsigned char)(v >> (8 * i));
}

uint32_t frame_u32(const char *p)
{
    uint32_t v = 0;

    for (int i = 0; i < 4; i++)
        v |= (uint32_t)(unsigned char)p[i] << (8 * i);
    return v;
}

void frame_head(unsigned char head[FRAME_HEAD], enum frame_type type, size_t len)
{
    frame_put_u32(head, (uint32_t)len);
    frame_put_u32(head + 4, (uint32_t)type);
}

char *frame_room(struct frame_reader *r, size_t want, size_t *room)
{
    if (r->at) { /* drops frames already read: the buffer never grows beyond its largest frame */
        buf_consume(&r->in, r->at);
        r->at = 0;
    }
    if (buf_reserve(&r->in, want) < 0)
        return NULL;
    *room = r->in.size - r->in.len;
    return r->in.data + r->in.len;
}

void frame_received(struct frame_reader *r, size_t n)
{
    r->in.len += n;
}

int frame_next(struct frame_reader *r, int from_worker, struct frame *f, struct iso_err *err)
{
    size_t have = r->in.len - r->at;
    uint32_t len, type;
    const char *p;

    if (have < FRAME_HEAD)
        return 0;
    p = r->in.data + r->at;
    len = frame_u32(p);
    type = frame_u32(p + 4);
    if (type == FRAME_NONE || type >= FRAME_TYPE_COUNT || types[type].from_worker != from_worker)
        return iso_fail(err, ISO_INTERNAL, "frame of unknown type %u", type);
    if (len > types[type].cap)
        return iso_fail(err, ISO_INTERNAL, "%s frame of %u bytes, at most %zu are allowed", types[type].name,
                        len, types[type].cap);
    if (have - FRAME_HEAD < len)
        return 0;
    *f = (struct frame){(enum frame_type)type, p + FRAME_HEAD, len};
    r->at += FRAME_HEAD + (size_t)len;
    return 1;
}

/* By enum field_tag. */
static const unsigned char forms[FIELD_TAG_COUNT] = {
#define X(id, form, ...) [FIELD_##id] = FORM_OF_##form,
    ISO_JOB_FIELDS(X) ISO_DONE_FIELDS(X)
#undef X
};

enum field_form field_form(enum field_tag tag)
{
    return (enum field_form)forms[tag];
}

static int has_its_form(enum field_tag tag, const char *data, size_t len)
{
    static const size_t lengths[] = {
#define X(id, bytes) [FORM_OF_##id] = bytes,
        ISO_FIELD_FORMS(X)
#undef X
    };
    enum field_form form = field_form(tag);

    if (form == FORM_OF_TEXT)
        return len && data[len - 1] == 0;
    return !lengths[form] || len == lengths[form];
}

int field_next(const char *data, size_t len, size_t *at, struct field *f)
{
    uint32_t tag, size;

    if (*at == len)
        return 0;
    if (len - *at < 8)
        return -1;
    tag = frame_u32(data + *at);
    size = frame_u32(data + *at + 4);
    if (tag == FIELD_NONE || tag >= FIELD_TAG_COUNT || size > len - *at - 8 ||
        !has_its_form((enum field_tag)tag, data + *at + 8, size))
        return -1;
    *f = (struct field){(enum field_tag)tag, data + *at + 8, size};
    *at += 8 + (size_t)size;
    return 1;
}

void field_put(struct buf *out, enum field_tag tag, const void *data, size_t len)
{
    unsigned char head[8];

    frame_put_u32(head, (uint32_t)tag);
    frame_put_u32(head + 4, (uint32_t)len);
    buf_add(out, head, sizeof head);
    buf_add(out, data, len);
}

void field_put_number(struct buf *out, enum field_tag tag, uint64_t value)
{
    unsigned char bytes[8];

    frame_put_u32(bytes, (uint32_t)value);
    frame_put_u32(bytes + 4, (uint32_t)(value >> 32));
    field_put(out, tag, bytes, sizeof bytes);
}

uint64_t field_number(const struct field *f)
{
    return frame_u32(f->data) | (uint64_t)frame_u32(f->data + 4) << 32;
}
