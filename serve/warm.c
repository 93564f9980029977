/* SPDX-License-Identifier: MIT */
#include "serve/warm.h"

#include <stdlib.h>
#include <string.h>

static int same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* 1 when runs with these limits can share a zygote: forks have its memory limit, and at most its limit of CPU time. */
static int same_limits(const struct limits *a, const struct limits *b)
{
    return a->value[LIMIT_MEMORY] == b->value[LIMIT_MEMORY] && a->value[LIMIT_CPU] == b->value[LIMIT_CPU];
}

static struct warm *find_warm(struct server *s, const struct stat *file, const struct limits *limits)
{
    struct warm *w = s->warm;

    while (w && !(same_file(&w->file, file) && same_limits(&w->limits, limits)))
        w = w->next;
    return w;
}

static void on_note(void *ctx, const char *text)
{
    const struct server *s = ctx;

    s->cfg->say(text);
}

static int open_pool(struct warm *w, struct iso_err *err)
{
    const struct serve_config *cfg = w->server->cfg;
    struct pool_config pool = {.zygote = {.paths = cfg->paths,
                                          .snapshot_fd = w->snapshot.fd,
                                          .snapshot_name = w->name,
                                          .limits = w->limits,
                                          .jitless = cfg->jitless,
                                          .strict = cfg->strict},
                               .jobs = cfg->jobs,
                               .note = on_note,
                               .ctx = w->server};

    w->pool = pool_open(&w->server->loop, &pool);
    return w->pool ? 0 : iso_fail(err, ISO_INTERNAL, "out of memory");
}

static void free_warm(struct warm *w)
{
    pool_close(w->pool);
    snapshot_close(&w->snapshot);
    free(w->name);
    free(w);
}

static int fill(struct warm *w, const char *path, struct iso_err *err)
{
    const char *file = path ? path : w->server->cfg->paths->base;

    w->is_base = !path;
    w->name = strdup(path ? path : "base.snap");
    if (!w->name)
        return iso_fail(err, ISO_INTERNAL, "out of memory");
    if (snapshot_open(file, &w->snapshot, err) < 0) {
        w->snapshot.fd = -1;
        err->code = !path && err->code == ISO_USAGE ? ISO_INTERNAL : err->code;
        return -1;
    }
    if (fstat(w->snapshot.fd, &w->file) < 0)
        return iso_fail(err, ISO_INTERNAL, "cannot look at '%.200s': %m", file);
    return 0;
}

struct warm *warm_take(struct server *s, const char *path, const struct limits *limits, struct iso_err *err)
{
    struct warm *w = calloc(1, sizeof *w), *there;

    if (!w) {
        iso_fail(err, ISO_INTERNAL, "out of memory");
        return NULL;
    }
    w->server = s;
    w->limits = *limits;
    w->snapshot.fd = -1;
    if (fill(w, path, err) < 0) {
        free_warm(w);
        return NULL;
    }
    there = find_warm(s, &w->file, limits);
    if (there || (path && snapshot_file_seal(&w->snapshot, path, err) < 0) || open_pool(w, err) < 0) {
        free_warm(w);
        w = there;
    } else {
        w->next = s->warm;
        s->warm = w;
    }
    if (w)
        w->users++;
    return w;
}

void warm_release(struct warm *w)
{
    struct warm **at = &w->server->warm;

    if (--w->users > 0)
        return;
    while (*at != w)
        at = &(*at)->next;
    *at = w->next;
    free_warm(w);
}
