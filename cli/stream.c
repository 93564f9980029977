/* SPDX-License-Identifier: MIT */
#include "cli/stream.h"

#include <string.h>

#include "cli/messages.h"
#include "core/file.h"
#include "core/terminal.h"
#include "host/calls/call_event.h"

int stream_has_events(const struct options *o)
{
    return o->value[OPTION_STREAM] && strcmp(o->value[OPTION_STREAM], "jsonl") == 0;
}

void stream_console(void *ctx, int stream, const char *literal, size_t len)
{
    AUTO_BUF struct buf entry = {0}, text = {0};

    (void)ctx;
    (void)stream;
    json_decode(&entry, (struct json){literal, len});
    terminal_lines(&text, entry.data, entry.len);
    buf_byte(&text, '\n');
    if (!text.failed)
        messages_write(text.data, text.len); /* failures are ignored: the reader may be gone */
}

static void begin_event(struct buf *event, struct json label, const char *what)
{
    buf_str(event, "{\"job\":");
    buf_add(event, label.at ? label.at : "null", label.at ? label.len : 4);
    buf_printf(event, ",\"event\":\"%s\"", what);
}

/* Some readers take U+2028 and its like for ends of lines: these stand as escapes, as do terminal controls. */
static void write_event(struct buf *event)
{
    AUTO_BUF struct buf line = {0};

    buf_byte(event, '}');
    if (!event->failed)
        terminal_source(&line, event->data, event->len);
    buf_byte(&line, '\n');
    if (!line.failed && !event->failed)
        messages_write(line.data, line.len);
}

void stream_console_event(struct json label, int stream, const char *literal, size_t len)
{
    AUTO_BUF struct buf event = {0};

    begin_event(&event, label, "console");
    buf_printf(&event, ",\"stream\":\"%s\",\"text\":", stream ? "stderr" : "stdout");
    buf_add(&event, literal, len);
    write_event(&event);
}

void stream_call_event(struct json label, const struct bridge_call_event *call)
{
    AUTO_BUF struct buf event = {0};

    begin_event(&event, label, "call");
    call_event_print(&event, call);
    write_event(&event);
}
