/* SPDX-License-Identifier: MIT */
#include "serve/request.h"

#include "core/hash.h"
#include "serve/reply.h"

static struct request **bucket(struct peer *p, struct json id)
{
    struct buf text = {0};
    uint64_t hash = HASH_START;

    if (json_kind(id) == JSON_STRING) {
        json_decode(&text, id);
        hash = hash_more(hash, "s", 1);
        id = (struct json){text.len ? text.data : "", text.len};
    }
    hash = hash_more(hash, id.at, id.len);
    buf_free(&text);
    return &p->requests[hash % PEER_BUCKETS];
}

struct json request_id(const struct request *r)
{
    return (struct json){r->id.data, r->id.len};
}

struct request *request_find(struct peer *p, struct json id)
{
    struct request *r = *bucket(p, id);

    while (r && !message_same_id(request_id(r), id))
        r = r->next;
    return r;
}

int request_begin(struct request *r, struct peer *p, struct json id, void (*cancel)(struct request *request))
{
    struct request **at;

    if (request_find(p, id)) {
        /* Without the id: an error with it would look like the answer to the first request. */
        reply_invalid(p, (struct json){0}, "a request with this id is under way");
        return -1;
    }
    *r = (struct request){.peer = p, .cancel = cancel};
    buf_add(&r->id, id.at, id.len);
    if (r->id.failed) {
        reply_error(p, id, SERVE_FAILED, "out of memory", "{\"code\":\"ERR_INTERNAL\",\"retryable\":true}");
        return -1;
    }
    at = bucket(p, id);
    r->next = *at;
    *at = r;
    p->open_requests++;
    return 0;
}

void request_end(struct request *r)
{
    struct peer *p = r->peer;
    struct request **at = bucket(p, request_id(r));

    while (*at != r)
        at = &(*at)->next;
    *at = r->next;
    buf_free(&r->id);
    p->open_requests--;
}
