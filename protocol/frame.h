/* SPDX-License-Identifier: MIT */
/* protocol/frame.h - the messages between parent and worker over their socket pair.
 *
 * A frame is an 8-byte head (u32 length of the payload, u32 type, little endian) and a payload. The payloads
 * of JOB and DONE are fields: u32 tag, u32 length, bytes, repeated. Both sides link this file, but only the
 * parent has a hostile partner: frame_next() and field_next() check every length before it is used, and never
 * allocate from a length that has not arrived. */
#ifndef ISO_PROTOCOL_FRAME_H
#define ISO_PROTOCOL_FRAME_H
#include <stddef.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/error.h"
#include "core/limits.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FRAME_HEAD 8

/* More than a worker says at the end of a run (protocol/bounds.h). */
#define ISO_DONE_CAP (8u << 20)

/* The lengths of the parts before the JSON of a call and of an answer, and before the texts of STRIP and
 * STRIPPED. */
#define FRAME_CALL_HEAD     8
#define FRAME_ANSWER_HEAD   5
#define FRAME_STRIP_HEAD    16
#define FRAME_STRIPPED_HEAD 12
#define FRAME_STRIP_MOST    4096

/* id, 1 when the worker sends it, most bytes of payload.
 * JOB      fields; the first frame that the parent sends
 * STARTED  two u64: CPU time used so far in ns, layers of the sandbox in force (sandbox/layers.h); agent code
 *          runs from here on: the parent starts the clocks
 * CONSOLE  one byte (0 stdout, 1 stderr), then one JSON string literal
 * DROPPED  one byte (stream), then u64: how many entries the stream's limit has dropped so far
 * CALL     u32 number of the call, u32 of the function, then the arguments as a JSON array
 * BLOCKED  u32 of the function, u64 bytes of arguments: a call that a limit has refused; it ends the run
 * CANCEL   u32 number of a call: its answer is not waited for any more, but one still comes
 * ANSWER   u32 number of the call, one byte (enum answer_kind), then JSON: the value, nothing for
 *          undefined, or an object with name and message
 * EXPORTS  a piece of the exports' JSON text
 * BLOB     a piece of the snapshot that precompile asked for
 * DONE     fields; the run's outcome, the last frame
 * MEMORY   empty; the memory budget is spent, the last frame
 * FATAL    text; V8 gave up, the last frame
 * WAIT     u64: microseconds until the next timer is due, WAIT_NO_TIMER when none is; the worker does nothing before
 *          it has its turn. Only if the job asks (JOB_TURNS)
 * TURN     u64: microseconds that the agent's clock, when it moves, has moved in all; one byte (1: an ANSWER follows,
 *          which is taken before the timers that are due)
 * PHASE    one byte (enum phase), then u64: when it began, in ns of CLOCK_MONOTONIC; only if the job asks
 * PROFILE  a record, see protocol/profile.h; only if the job asks
 * STRIP    u32 number of a source, u32 1 when only the code in its Markdown fence counts, u32 line and u32 column
 *          of what V8 refuses there (0: V8 was not asked), and V8's words, UTF-8: the worker waits for the
 *          source without its types
 * STRIPPED u32 enum strip_status, u32 line, u32 column, then a text, UTF-8: the source, or what is wrong with it
 * STORE    JSON: the changes of a run that succeeded to its store, {"set": {...}, "delete": [...]}; only if the job has
 *          a store */
#define ISO_FRAMES(X)                                \
    X(JOB, 0, 512u << 20)                            \
    X(STARTED, 1, 16)                                \
    X(CONSOLE, 1, ISO_FRAME_CAP)                     \
    X(DROPPED, 1, 9)                                 \
    X(CALL, 1, ISO_FRAME_CAP + 8)                    \
    X(BLOCKED, 1, 12)                                \
    X(CANCEL, 1, 4)                                  \
    X(ANSWER, 0, ISO_FRAME_CAP + 5)                  \
    X(EXPORTS, 1, 1u << 20)                          \
    X(BLOB, 1, 1u << 20)                             \
    X(DONE, 1, ISO_DONE_CAP)                         \
    X(MEMORY, 1, 0)                                  \
    X(FATAL, 1, 4096)                                \
    X(WAIT, 1, 8)                                    \
    X(TURN, 0, 9)                                    \
    X(PHASE, 1, 9)                                   \
    X(PROFILE, 1, 16384)                             \
    X(STRIP, 1, FRAME_STRIP_HEAD + FRAME_STRIP_MOST) \
    X(STRIPPED, 0, ISO_FRAME_CAP + 12)               \
    X(STORE, 1, 8u << 20)

/* The limits of a store, in UTF-16 units of JSON text: for one value, and for all keys and values together. */
#define STORE_MOST_VALUE (256u << 10)
#define STORE_MOST       (1u << 20)
#define STORE_MOST_KEYS  (16u << 10)

enum frame_type {
    FRAME_NONE = 0,
#define X(id, ...) FRAME_##id,
    ISO_FRAMES(X)
#undef X
        FRAME_TYPE_COUNT
};

/* The state in which the parent's signal met the run that it ended. */
enum interrupted { INTERRUPTED_NOT, INTERRUPTED_WAITING, INTERRUPTED_RUNNING };

/* The end of a call. */
enum answer_kind {
    ANSWER_FAILED,
    ANSWER_RETURNED,
    ANSWER_BROKEN /* the program that answers has failed, not the function */
};

/* Fields: id, form, meaning. field_next() checks the form of numbers and texts. The parent also checks that JSON of a
 * worker is of its kind; a worker trusts the JSON of a job. */
#define ISO_JOB_FIELDS(X)                                                                             \
    X(MODE, NUMBER, "enum job_mode")                                                                  \
    X(FLAGS, NUMBER, "enum job_flag, or-ed")                                                          \
    X(LIMITS, LIMITS, "by enum limit_id; 0 for the memory, which is an argument (protocol/worker.h)") \
    X(SNAPSHOT, TEXT, "the snapshot's name in messages")                                              \
    X(INSTALL, ARRAY, "the globals to make, see worker/prelude/globals.js")                           \
    X(REPLACE, ARRAY, "what to replace in the globals that the snapshot has")                         \
    X(SPECIFIER, BYTES, "what the next module is imported by; its other fields follow")               \
    X(MODULE_STUB, NUMBER, "it is a host module, made from this entry of INSTALL")                    \
    X(MODULE_NAME, TEXT, "it is a source, of this name in stack traces")                              \
    X(MODULE_LANGUAGE, NUMBER, "enum source_language of it")                                          \
    X(MODULE_TEXT, BYTES, "its text, the last of its fields")                                         \
    X(SEED, NUMBER, "of everything random")                                                           \
    X(NOW, NUMBER, "milliseconds since 1970, what the clock is set to")                               \
    X(ZONE, TEXT, "time zone")                                                                        \
    X(STORE, ARRAY, "the run has a store, with these keys, each followed by its value as JSON text")  \
    X(CALL, BYTES, "the export to call when the sources have run, for example default.fetch")         \
    X(ARGS, ARRAY, "with these arguments")                                                            \
    X(SOURCE_NAME, TEXT, "the next source's name in stack traces")                                    \
    X(SOURCE_FORM, NUMBER, "enum source_form of it")                                                  \
    X(SOURCE_LANGUAGE, NUMBER, "enum source_language of it")                                          \
    X(SOURCE_TEXT, BYTES, "its text, the last of its fields; prefix or agent first, then warm-up agents")

#define ISO_DONE_FIELDS(X)                                                                  \
    X(CODE, NUMBER, "enum iso_code, ISO_OK for a completed run")                            \
    X(INTERRUPTED, NUMBER, "enum interrupted")                                              \
    X(NAME, STRING, "of the error")                                                         \
    X(MESSAGE, STRING, "of the error")                                                      \
    X(STACK, STRING, "of the error")                                                        \
    X(FIELDS, OBJECT, "other properties of the error")                                      \
    X(SKIPPED, ARRAY, "exports that cannot be encoded, when the job lets them be left out") \
    X(NEAREST, STRING, "a declared name like the one that was not found")                   \
    X(FILE, STRING, "of the position, when no source is")                                   \
    X(BROKEN, NUMBER, "1 when the error is that of an ANSWER_BROKEN")                       \
    X(SOURCE, NUMBER, "the number of the source with the position, see FRAME_FIRST_IMPORT") \
    X(LINE, NUMBER, "from 1")                                                               \
    X(COLUMN, NUMBER, "from 1, in UTF-16 units")                                            \
    X(UNAWAITED, NUMBERS_3,                                                                 \
      "of a completed run: calls that had no answer when the code had run to its "          \
      "end; the function of the first; 1 when they were waited for")                        \
    X(WALL_NS, NUMBER, "wall time of agent code")                                           \
    X(CPU_NS, NUMBER, "CPU time of agent code")                                             \
    X(HEAP_BYTES, NUMBER, "at the end")                                                     \
    X(V8, BYTES, "what the saved heap was made with, see snapshots/snapshot.h")             \
    X(ENGINE, BYTES, "the same")

/* id, bytes of a field (0: any number). Numbers are u64, little endian. Texts are UTF-8, and end with a NUL that counts;
 * BYTES do not. The others are JSON text. */
#define ISO_FIELD_FORMS(X)                       \
    X(NUMBER, 8)                                 \
    X(NUMBERS_3, 24)                             \
    X(LIMITS, sizeof((struct limits *)0)->value) \
    X(TEXT, 0)                                   \
    X(BYTES, 0)                                  \
    X(STRING, 0)                                 \
    X(ARRAY, 0)                                  \
    X(OBJECT, 0)

enum field_form {
#define X(id, ...) FORM_OF_##id,
    ISO_FIELD_FORMS(X)
#undef X
};

enum field_tag {
    FIELD_NONE = 0,
#define X(id, ...) FIELD_##id,
    ISO_JOB_FIELDS(X) ISO_DONE_FIELDS(X)
#undef X
        FIELD_TAG_COUNT
};

/* JOB_ZYGOTE: restore the snapshot and be forked, see protocol/zygote.h; each child then gets a JOB_RUN. */
enum job_mode { JOB_RUN = 1, JOB_PRECOMPILE, JOB_BASE, JOB_ZYGOTE };
enum job_flag {
    JOB_ALLOW_EVAL = 1,
    JOB_SKIP_UNSERIALIZABLE = 2,
    JOB_TRACE = 4,
    JOB_PROFILE = 8,
    JOB_CHECK = 16,
    JOB_TURNS = 32,          /* the parent says what comes next, an answer or a timer */
    JOB_CLOCK_MOVES = 64,    /* with JOB_TURNS: FIELD_NOW is where the clock starts, and each turn moves it */
    JOB_EXPLAIN = 128,       /* JOB_PRECOMPILE: do not save the heap, but say why it cannot be saved */
    JOB_ZYGOTE_MODULES = 256 /* a child of a zygote has the modules of the zygote's job */
};

/* NOTHING: there is nothing to erase, or the source is no TypeScript: what V8 said stands. TEXT: the source in
 * JavaScript, of the same length. ERROR: what is wrong with the TypeScript, and where. */
enum strip_status { STRIP_NOTHING, STRIP_TEXT, STRIP_ERROR };

#define WAIT_NO_TIMER UINT64_MAX

uint32_t frame_u32(const char *p);
void frame_put_u32(unsigned char *p, uint32_t v);

/* Sources of imports are numbered from here on in positions, in the order of their declaration. */
#define FRAME_FIRST_IMPORT 65536

struct frame {
    enum frame_type type;
    const char *data; /* borrowed from the reader until its next call */
    size_t len;
};

/* Bytes received and not yet read. Start from {0}; buf_free(&r->in) at the end. */
struct frame_reader {
    struct buf in;
    size_t at; /* where the next frame starts in `in` */
};

/* A place for at least `want` more bytes at the end of r->in; call frame_received() after filling it. NULL without
 * memory. */
char *frame_room(struct frame_reader *r, size_t want, size_t *room);
void frame_received(struct frame_reader *r, size_t n);

/* Reads the next frame. 1 and *f: a whole frame. 0: more bytes are needed. -1, INTERNAL: a type that this side does
 * not accept, or a length over the type's cap. */
int frame_next(struct frame_reader *r, int from_worker, struct frame *f, struct iso_err *err);

/* Writes the head of a frame. The caller keeps len within the type's cap. */
void frame_head(unsigned char head[FRAME_HEAD], enum frame_type type, size_t len);

struct field {
    enum field_tag tag;
    const char *data;
    size_t len;
};

/* Walks the fields of a payload: 1 and *f, 0 at the end, -1 when one is cut short, has an unknown tag or has not the form
 * of its row. *at starts at 0. */
int field_next(const char *data, size_t len, size_t *at, struct field *f);

void field_put(struct buf *out, enum field_tag tag, const void *data, size_t len);
void field_put_number(struct buf *out, enum field_tag tag, uint64_t value);
/* The number of a field of this form, which came from field_next(). */
uint64_t field_number(const struct field *f);

enum field_form field_form(enum field_tag tag);

#ifdef __cplusplus
}
#endif
#endif
