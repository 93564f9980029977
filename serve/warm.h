/* SPDX-License-Identifier: MIT */
/* serve/warm.h - pools of forks that handles share: one for each snapshot file and set of limits that a zygote has.
 *
 * warm_take() finds or makes one; warm_release() when the handle is done with it. The last release ends its zygote. */
#ifndef ISO_SERVE_WARM_H
#define ISO_SERVE_WARM_H
#include <sys/stat.h>

#include "host/run/pool.h"
#include "serve/server.h"
#include "snapshots/snapshot.h"

struct warm {
    struct server *server;
    struct warm *next;
    unsigned users;
    char *name;       /* of the snapshot, for messages */
    int is_base;      /* the built-in snapshot */
    struct stat file; /* identifies the file */
    struct snapshot_file snapshot;
    struct limits limits;
    struct pool *pool;
};

/* `path` NULL: the base snapshot. USAGE: the file cannot be read; SNAPSHOT_INVALID, SNAPSHOT_MISMATCH. */
struct warm *warm_take(struct server *s, const char *path, const struct limits *limits, struct iso_err *err);
void warm_release(struct warm *w);

#endif
