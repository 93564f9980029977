/* SPDX-License-Identifier: MIT */
#include "serve/methods.h"

#include <string.h>

#include "serve/handle.h"
#include "serve/reply.h"
#include "serve/run.h"
#include "serve/session.h"
#include "serve/tools.h"

static const struct {
    const char *name;
    void (*call)(struct peer *p, const struct message *m);
    int notification;
} methods[] = {
#define X(name, function, notification) {name, function, notification},
    SERVE_METHODS(X)
#undef X
};

static void methods_call(struct peer *p, const struct message *m)
{
    int is_notification = m->kind == MESSAGE_NOTIFICATION;

    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        if (methods[i].notification != is_notification || !json_is(m->method, methods[i].name))
            continue;
        if (p->initialized || methods[i].call == method_initialize || is_notification)
            methods[i].call(p, m);
        else
            reply_error(p, m->id, SERVE_NOT_INITIALIZED, "the first request is initialize", NULL);
        return;
    }
    if (is_notification)
        return;
    if (p->initialized)
        reply_error(p, m->id, SERVE_METHOD_NOT_FOUND, "there is no such method", NULL);
    else
        reply_error(p, m->id, SERVE_NOT_INITIALIZED, "the first request is initialize", NULL);
}

const struct serve_protocol serve_protocol = {
    .take = methods_call,
    .answered = tools_answered,
    .cancel_all = ops_cancel_all,
};
