/* SPDX-License-Identifier: MIT */
/* serve/message.h - reads a line of a client strictly as a message of JSON-RPC 2.0.
 *
 * Nothing is copied: all texts point into the line, which may hold any bytes. */
#ifndef ISO_SERVE_MESSAGE_H
#define ISO_SERVE_MESSAGE_H
#include "core/json_walk.h"

/* Most bytes of an id. */
#define MESSAGE_LONGEST_ID 1024

enum message_kind { MESSAGE_REQUEST, MESSAGE_NOTIFICATION, MESSAGE_RESPONSE, MESSAGE_BROKEN };

struct message {
    enum message_kind kind;
    struct json id;            /* a string or a whole number; .at NULL: none, or an invalid one */
    struct json method;        /* a string */
    struct json params;        /* .at NULL: not given */
    struct json result, error; /* of a response, at least one of them */
    /* MESSAGE_BROKEN: */
    int not_json;       /* the line is not JSON, from this column on: */
    size_t column;      /* from 1, in bytes */
    const char *reason; /* otherwise: why it is not a message */
};

void message_read(struct message *m, const char *line, size_t len);

/* 1 when a value can be an id: a string, or a whole number without fraction and exponent of at most 15 digits, which
 * every reader of JSON keeps exactly. */
int message_is_id(struct json v);

/* The same id, for ids that message_is_id() accepts. */
int message_same_id(struct json a, struct json b);

#endif
