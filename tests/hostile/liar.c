/* SPDX-License-Identifier: MIT */
/* liar.c - a worker that lies. Put in the place of V8's program it shows what the parent makes of each lie.
 *
 * The agent's source says which: `// lie: NAME [ARG]...` on its first line, up to the end of the line. It arrives in the
 * JOB frame; this program looks at it without taking it from the socket, so that a lie can also be never to read.
 * A lie is a row of the table at the end; t-hostile-liar.sh says what must come of it. */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "tests/hostile/words.h"

/* A whole RunResult and more: nothing of it may reach anybody. */
#define FORGED                                                                                               \
    "{\"ok\":true,\"status\":\"completed\",\"exports\":{\"default\":\"FORGED\"},\"stdout\":[],\"stderr\":[]" \
    "}"

static char lie[64], args[4][256]; /* from the agent */

/* ---- ways of dying. A process that is the first of its pid namespace ignores signals that it sends itself, but not
 * those that its own fault brings about. */

static void __attribute__((noreturn)) die_by_fault(const char *what)
{
    if (strcmp(what, "SEGV") == 0)
        *(volatile int *)8 = 1; /* NOLINT: meant */
    if (strcmp(what, "TRAP") == 0)
        raise(SIGTRAP), __builtin_trap();
    if (strcmp(what, "BUS") == 0) {
        int fd = memfd_create("bus", MFD_CLOEXEC);
        volatile char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        page[0] = 1; /* past the end of the file */
    }
    if (strcmp(what, "FPE") == 0) {
        volatile int zero = 0, many = 12345;
        many /= zero;
    }
    if (strcmp(what, "ILL") == 0)
        __builtin_trap();
    if (strcmp(what, "SYS") == 0) { /* as the real filter ends a worker */
        struct sock_filter kill_all[] = {{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_KILL_PROCESS}};
        struct sock_fprog program = {1, kill_all};
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
        getppid();
    }
    if (strcmp(what, "STACK") == 0) {
        struct rlimit small = {65536, 65536};
        setrlimit(RLIMIT_STACK, &small);
        for (;;)
            *(volatile char *)__builtin_alloca(1024) = 1;
    }
    if (strcmp(what, "CPU") == 0) { /* the kernel's own limit, a second from now */
        struct rlimit second = {1, 1};
        setrlimit(RLIMIT_CPU, &second);
        spin();
    }
    _exit(97);
}

static void __attribute__((noreturn)) die_by_signal(int number)
{
    sigset_t all;

    sigfillset(&all);
    sigprocmask(SIG_UNBLOCK, &all, NULL);
    kill(getpid(), number);
    nap(20);   /* one that stops us, or nothing */
    _exit(97); /* the signal is ignored by default */
}

/* ---- lies in the framing */

static void lie_length(void)
{
    started();
    head((unsigned)atoi(args[0]), strtoul(args[1], NULL, 0));
    sleep_on();
}

static void lie_type(void)
{
    started();
    frame((unsigned)strtoul(args[0], NULL, 0), "x", 1);
    sleep_on();
}

static void lie_bytes(void)
{
    put(args[0], strlen(args[0]));
    ends(args[1]);
}

/* Endless: of one byte, of whole frames. */
static void lie_endless_byte(void)
{
    static char bytes[65536];

    memset(bytes, atoi(args[0]), sizeof bytes);
    for (;;)
        put(bytes, sizeof bytes);
}

/* As fast as they can be sent: a flood of small writes would mostly keep ourselves busy. */
static void __attribute__((noreturn)) flood(unsigned type, const char *payload, size_t len)
{
    unsigned char bytes[FRAME_HEAD];
    struct buf many = {0};

    frame_head(bytes, (enum frame_type)type, len);
    while (many.len < 65536) {
        buf_add(&many, bytes, sizeof bytes);
        buf_add(&many, payload, len);
    }
    for (started();;)
        put(many.data, many.len);
}

static void lie_endless_console(void)
{
    args[0][sizeof args[0] - 1] = 0;
    memmove(args[0] + 1, args[0], strlen(args[0]) + 1);
    args[0][0] = 0; /* stdout */
    flood(FRAME_CONSOLE, args[0], 1 + strlen(args[0] + 1));
}

static void lie_endless_dropped(void)
{
    flood(FRAME_DROPPED, "\0\1\0\0\0\0\0\0\0", 9);
}

static void lie_endless_nothing(void)
{
    flood(FRAME_EXPORTS, "", 0);
}

static void lie_endless_started(void)
{
    for (;;)
        started();
}

static void lie_endless_job(void)
{
    started();
    for (;;)
        frame(FRAME_JOB, "", 0);
}

/* The whole story in one buffer, to be cut or dripped. */
static struct buf story(void)
{
    struct buf all = {0}, fields = result(ISO_OK);
    unsigned char bytes[FRAME_HEAD];
    uint64_t numbers[2] = {0, 0};

    frame_head(bytes, FRAME_STARTED, sizeof numbers);
    buf_add(&all, bytes, sizeof bytes);
    buf_add(&all, numbers, sizeof numbers);
    frame_head(bytes, FRAME_EXPORTS, 13);
    buf_add(&all, bytes, sizeof bytes);
    buf_str(&all, "{\"default\":1}");
    frame_head(bytes, FRAME_DONE, fields.len);
    buf_add(&all, bytes, sizeof bytes);
    buf_add(&all, fields.data, fields.len);
    buf_free(&fields);
    return all;
}

static void lie_truncated(void)
{
    struct buf all = story();
    long cut = atol(args[0]);

    put(all.data, cut < 0 ? all.len - (size_t)-cut : (size_t)cut);
    ends(args[1]);
}

static void lie_drip(void)
{
    struct buf all = story();

    for (size_t i = 0; i < all.len; i++) {
        put(all.data + i, 1);
        nap(atol(args[0]));
    }
    _exit(0);
}

static void lie_endless_drip(void)
{
    if (strcmp(args[0], "started") == 0)
        started();
    head(FRAME_CONSOLE, 32 * MIB);
    for (;;) {
        put(" ", 1);
        nap(20);
    }
}

/* ---- lies about the order. Each letter is a frame. */
static void lie_order(void)
{
    for (const char *c = args[0]; *c; c++)
        switch (*c) {
        case 'S':
            started();
            break;
        case 'C':
            console("\"x\"");
            break;
        case 'R':
            dropped(0, 1);
            break;
        case 'E':
            exports("{}");
            break;
        case 'B':
            frame(FRAME_BLOB, "blob", 4);
            break;
        case 'D':
            done_code(ISO_OK);
            break;
        case 'F':
            done_code(ISO_USER_CODE);
            break;
        case 'M':
            frame(FRAME_MEMORY, "", 0);
            break;
        case 'X':
            frame(FRAME_FATAL, "why", 3);
            break;
        case 'G':
            put("garbage", 7);
            break;
        case '.':
            _exit(0);
        case '!':
            die_by_fault("SEGV");
        default:
            _exit(96);
        }
    sleep_on();
}

static void lie_ends(void)
{
    if (strcmp(args[0], "never-started") != 0)
        started();
    if (strcmp(args[0], "done") == 0) {
        exports("{}");
        done_code(ISO_OK);
    }
    ends(args[1]);
}

static void lie_dies(void)
{
    started();
    console("\"last words\"");
    if (strcmp(args[0], "done") == 0) {
        exports("{}");
        done_code(ISO_OK);
    }
    if (args[1][0] >= '0' && args[1][0] <= '9')
        die_by_signal(atoi(args[1]));
    die_by_fault(args[1]);
}

static void lie_stops(void)
{
    if (strcmp(args[0], "never-started") != 0)
        started();
    if (strcmp(args[0], "done") == 0) {
        exports("{}");
        done_code(ISO_OK);
    }
    kill(getpid(), SIGSTOP);
    sleep_on();
}

/* ---- lies in JSON: what, and where */

enum wanted { STRING, OBJECT, ARRAY };

static void variant(struct buf *out, const char *what, enum wanted kind)
{
    static const char *const good[] = {"\"text\"", "{\"a\":1}", "[{\"a\":1}]"};
    static const char *const open[] = {"\"", "{\"a\":\"", "[\""}, *const close[] = {"\"", "\"}", "\"]"};
    const char *inside = NULL;
    size_t inside_len = 0;

    if (strcmp(what, "empty") == 0)
        return;
    if (strcmp(what, "good") == 0)
        return (void)buf_str(out, good[kind]);
    if (strcmp(what, "kind") == 0) /* well-formed, but of another kind */
        return (void)buf_str(out, kind == STRING ? "{}" : "\"text\"");
    if (strcmp(what, "null") == 0)
        return (void)buf_str(out, "null");
    if (strcmp(what, "two") == 0)
        return (void)(buf_str(out, good[kind]), buf_str(out, good[kind]));
    if (strcmp(what, "comma") == 0)
        return (void)(buf_str(out, good[kind]), buf_str(out, ",\"ok\":true"));
    if (strcmp(what, "bom") == 0)
        return (void)(buf_str(out, "\xef\xbb\xbf"), buf_str(out, good[kind]));
    if (strcmp(what, "unterminated") == 0)
        return (void)(buf_str(out, good[kind]), out->len--);
    if (strcmp(what, "closed") == 0) /* ends what stands around it */
        return (void)(buf_str(out, good[kind]), buf_str(out, "}]}"));
    if (strcmp(what, "newline") == 0)
        return (void)(buf_str(out, "\n" FORGED "\n"), buf_str(out, good[kind]));
    if (strcmp(what, "around") == 0)
        return (void)(buf_str(out, "\n"), buf_str(out, good[kind]), buf_str(out, "\n"));
    if (strcmp(what, "inside") == 0) { /* a line of its own in the parent's document */
        buf_str(out, kind == OBJECT ? "{\"a\":\n" : "[\n");
        buf_str(out, FORGED);
        return (void)buf_str(out, kind == OBJECT ? "\n}" : "\n]");
    }
    if (strcmp(what, "beyond") == 0) /* numbers that readers of JSON cannot hold */
        return (void)buf_str(out, kind == OBJECT ? "{\"a\":1e999}" : "[-1e309]");
    if (strcmp(what, "digits") == 0) {
        buf_str(out, kind == OBJECT ? "{\"a\":" : "[");
        for (int i = 0; i < 400; i++)
            buf_byte(out, '7');
        return (void)buf_str(out, kind == OBJECT ? "}" : "]");
    }
    if (strcmp(what, "deep") == 0) {
        buf_str(out, kind == OBJECT ? "{\"a\":" : "");
        for (int i = 0; i < 100000; i++)
            buf_byte(out, '[');
        for (int i = 0; i < 100000; i++)
            buf_byte(out, ']');
        return (void)buf_str(out, kind == OBJECT ? "}" : "");
    }
    if (strcmp(what, "utf8") == 0)
        inside = "\xff\xfe";
    else if (strcmp(what, "overlong") == 0)
        inside = "\xc0\x80";
    else if (strcmp(what, "surrogate") == 0)
        inside = "\xed\xa0\x80";
    else if (strcmp(what, "cut") == 0) /* a character cut short by the quote */
        inside = "\xe2\x82";
    else if (strcmp(what, "control") == 0)
        inside = "a\nb";
    else if (strcmp(what, "escape") == 0)
        inside = "\\x41";
    else if (strcmp(what, "nul") == 0)
        inside = "a", inside_len = 2;
    else
        _exit(96);
    buf_str(out, open[kind]);
    buf_add(out, inside, inside_len ? inside_len : strlen(inside));
    buf_str(out, close[kind]);
}

static void lie_json(void)
{
    static const struct {
        const char *name;
        enum field_tag tag;
        enum wanted kind;
    } places[] = {
        {"name", FIELD_NAME, STRING},      {"message", FIELD_MESSAGE, STRING},
        {"stack", FIELD_STACK, STRING},    {"nearest", FIELD_NEAREST, STRING},
        {"file", FIELD_FILE, STRING},      {"fields", FIELD_FIELDS, OBJECT},
        {"skipped", FIELD_SKIPPED, ARRAY},
    };
    struct buf json = {0}, fields = {0};

    started();
    if (strcmp(args[0], "console") == 0) {
        variant(&json, args[1], STRING);
        tagged(FRAME_CONSOLE, 1, json.data, json.len);
        exports("{}");
        done_code(ISO_OK);
        _exit(0);
    }
    if (strcmp(args[0], "exports") == 0) {
        variant(&json, args[1], OBJECT);
        frame(FRAME_EXPORTS, json.data, json.len);
        done_code(ISO_OK);
        _exit(0);
    }
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (strcmp(args[0], places[i].name) != 0)
            continue;
        variant(&json, args[1], places[i].kind);
        field_put_number(&fields, FIELD_CODE, strcmp(args[0], "skipped") == 0 ? ISO_OK : ISO_USER_CODE);
        if (places[i].tag != FIELD_NAME)
            field_put(&fields, FIELD_NAME, "\"Error\"", 7);
        if (places[i].tag != FIELD_MESSAGE)
            field_put(&fields, FIELD_MESSAGE, "\"a lie\"", 7);
        field_put(&fields, places[i].tag, json.data, json.len);
        exports("{}");
        done(&fields);
        _exit(0);
    }
    _exit(96);
}

/* White space is JSON, too, and costs the worker nothing to send: it must not cost the parent either. */
static void lie_padding(void)
{
    struct buf padded = {0};
    long times = atol(args[1]);

    started();
    for (unsigned i = 0; i < MIB - 16; i++)
        buf_byte(&padded, ' ');
    if (strcmp(args[0], "console") == 0) {
        buf_str(&padded, "\"\"");
        for (; times > 0; times--)
            tagged(FRAME_CONSOLE, 0, padded.data, padded.len);
    } else {
        exports("{");
        for (; times > 0; times--)
            frame(FRAME_EXPORTS, padded.data, padded.len);
        exports("}");
    }
    exports("{}");
    done_code(ISO_OK);
    _exit(0);
}

/* ---- lies in the result */

static void lie_code(void)
{
    started();
    exports("{}");
    done_code(strtoull(args[0], NULL, 0));
    _exit(0);
}

static void lie_fields(void)
{
    struct buf out = {0};
    uint64_t number = strtoull(args[1], NULL, 0);

    started();
    exports("{\"default\":1}");
    if (strcmp(args[0], "none") == 0) {
        ;
    } else if (strcmp(args[0], "bare") == 0) { /* a failure that says nothing about itself */
        field_put_number(&out, FIELD_CODE, ISO_USER_CODE);
    } else if (strcmp(args[0], "short-code") == 0) {
        field_put(&out, FIELD_CODE, "\0\0\0", 4);
    } else if (strcmp(args[0], "long-code") == 0) {
        field_put(&out, FIELD_CODE, "\0\0\0\0\0\0\0", 9);
    } else if (strcmp(args[0], "unknown-tag") == 0) {
        out = result(ISO_OK);
        field_put(&out, FIELD_TAG_COUNT, "x", 1);
    } else if (strcmp(args[0], "job-tag") == 0) {
        out = result(ISO_OK);
        field_put(&out, FIELD_SOURCE_TEXT, "x", 1);
    } else if (strcmp(args[0], "cut") == 0) {
        out = result(ISO_OK);
        field_put(&out, FIELD_NAME, "\"Error\"", 7);
        out.len -= 3;
    } else if (strcmp(args[0], "huge-field") == 0) {
        out = result(ISO_OK);
        buf_add(&out, "\7\0\0\0\xff\xff\xff\xff", 8);
    } else if (strcmp(args[0], "twice") == 0) {
        out = result(ISO_USER_CODE);
        field_put(&out, FIELD_MESSAGE, "\"another\"", 9);
    } else if (strcmp(args[0], "interrupted") == 0) {
        out = result(ISO_INTERNAL);
        field_put_number(&out, FIELD_INTERRUPTED, 1);
    } else if (strcmp(args[0], "interrupted-ok") == 0) {
        out = result(ISO_OK);
        field_put_number(&out, FIELD_INTERRUPTED, 1);
    } else if (strcmp(args[0], "times") == 0) {
        out = result(ISO_OK);
        field_put_number(&out, FIELD_WALL_NS, number);
        field_put_number(&out, FIELD_CPU_NS, number);
        field_put_number(&out, FIELD_HEAP_BYTES, number);
    } else if (strcmp(args[0], "place") == 0) {
        out = result(ISO_USER_CODE);
        field_put_number(&out, FIELD_SOURCE, strtoull(args[1], NULL, 0));
        field_put_number(&out, FIELD_LINE, strtoull(args[2], NULL, 0));
        field_put_number(&out, FIELD_COLUMN, strtoull(args[3], NULL, 0));
    } else {
        _exit(96);
    }
    done(&out);
    _exit(0);
}

static void lie_dropped(void)
{
    started();
    for (int i = 0; i < 4 && *args[i]; i++)
        dropped(0, strtoull(args[i], NULL, 0));
    exports("{}");
    done_code(ISO_OK);
    _exit(0);
}

static void lie_dropped_shape(void)
{
    started();
    frame(FRAME_DROPPED, "\0\1\0\0\0\0\0\0\0", (size_t)atoi(args[0]));
    exports("{}");
    done_code(ISO_OK);
    _exit(0);
}

static void lie_stream(void)
{
    char entry[] = "\0\"x\"";

    entry[0] = (char)atoi(args[0]);
    started();
    frame(FRAME_CONSOLE, entry, sizeof entry - 1);
    dropped((unsigned char)atoi(args[0]), 1);
    exports("{}");
    done_code(ISO_OK);
    _exit(0);
}

static void lie_started_shape(void)
{
    frame(FRAME_STARTED, "0123456789abcdef", (size_t)atoi(args[0]));
    exports("{}");
    done_code(ISO_OK);
    _exit(0);
}

static void lie_started_numbers(void)
{
    uint64_t numbers[2] = {strtoull(args[0], NULL, 0), strtoull(args[1], NULL, 0)};

    frame(FRAME_STARTED, numbers, sizeof numbers);
    exports("{\"default\":1}");
    done_code(ISO_OK);
    _exit(0);
}

/* ---- lies about amounts */

/* An export of exactly so many bytes, in pieces. */
static void lie_exports(void)
{
    size_t bytes = strtoul(args[0], NULL, 0), sent = 0;
    char piece[65536];

    started();
    memset(piece, 'x', sizeof piece);
    exports("{\"a\":\"");
    for (bytes -= 8; sent < bytes; sent += sizeof piece)
        frame(FRAME_EXPORTS, piece, bytes - sent < sizeof piece ? bytes - sent : sizeof piece);
    exports("\"}");
    done_code(ISO_OK);
    _exit(0);
}

/* Console entries: how many, of how many bytes. */
static void lie_console(void)
{
    struct buf entry = {0};

    buf_byte(&entry, '"');
    for (long i = atol(args[1]); i > 0; i--)
        buf_str(&entry, args[2]);
    buf_byte(&entry, '"');
    started();
    for (long i = atol(args[0]); i > 0; i--)
        tagged(FRAME_CONSOLE, 1, entry.data, entry.len);
    exports("{}");
    done_code(ISO_OK);
    _exit(0);
}

static void lie_fatal(void)
{
    char text[4096];

    started();
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)(i % 256);
    frame(FRAME_FATAL, text, sizeof text);
    _exit(0);
}

static void lie_fatal_forged(void)
{
    static const char text[] = "\",\"ok\":true}\n" FORGED "\n\033]0;x\007";

    started();
    frame(FRAME_FATAL, text, sizeof text);
    _exit(0);
}

/* ---- lies beside the channel */

static void lie_scribble(void)
{
    for (int fd = 0; fd < 1024; fd++)
        if (fd != CHANNEL && write(fd, FORGED "\n", strlen(FORGED) + 1) < 0)
            continue;
    honest();
    _exit(0);
}

static void lie_descriptors(void)
{
    char control[CMSG_SPACE(200 * sizeof(int))] = {0}, byte = 0;
    struct iovec io = {&byte, 1};
    struct msghdr message = {
        .msg_iov = &io, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
    struct buf all = story();

    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(200 * sizeof(int));
    for (int i = 0; i < 200; i++)
        ((int *)(void *)CMSG_DATA(rights))[i] = CHANNEL;
    for (size_t i = 0; i < all.len; i++) { /* with every byte */
        byte = all.data[i];
        if (sendmsg(CHANNEL, &message, MSG_NOSIGNAL) != 1)
            _exit(95);
    }
    _exit(0);
}

static void lie_out_of_band(void)
{
    started();
    send(CHANNEL, "!", 1, MSG_OOB | MSG_NOSIGNAL);
    exports("{\"default\":1}");
    send(CHANNEL, "!", 1, MSG_OOB | MSG_NOSIGNAL);
    done_code(ISO_OK);
    send(CHANNEL, "!", 1, MSG_OOB | MSG_NOSIGNAL);
    _exit(0);
}

/* A child that outlives us holds the channel open. */
static void lie_child(void)
{
    int begun[2];
    char byte;

    (void)!pipe(begun);
    started();
    exports("{\"default\":1}");
    if (strcmp(args[0], "done") == 0)
        done_code(ISO_OK);
    if (fork() == 0) {
        deafen();
        if (strcmp(args[1], "floods") == 0)
            for (int i = 0; i < 40000; i++) { /* ends at last: seconds of it are enough to tell */
                frame(FRAME_DROPPED, "\0\1\0\0\0\0\0\0\0", 9), nap(0);
                if (i == 0)
                    (void)!write(begun[1], "x", 1);
            }
        if (strcmp(args[1], "hangs-up") == 0)
            close(CHANNEL);
        for (int i = 0; i < 15; i++)
            nap(1000);
        _exit(0);
    }
    if (strcmp(args[1], "floods") == 0) /* otherwise it might end with us before it has said anything */
        (void)!read(begun[0], &byte, 1);
    nap(20);
    _exit(0);
}

static void lie_daemon(void)
{
    if (fork() == 0) {
        setsid();
        if (fork() == 0) {
            deafen();
            for (int i = 0; i < 15; i++)
                nap(1000);
        }
        _exit(0);
    }
    nap(20);
    truth();
}

static void lie_kill_group(void)
{
    if (getpid() != 1) /* never outside a pid namespace of our own */
        _exit(94);
    deafen();
    kill(0, SIGTERM);
    kill(0, SIGKILL);
    truth();
}

/* ---- lies about listening */

static void lie_deaf(void)
{
    if (strcmp(args[0], "started") == 0)
        started();
    if (strcmp(args[0], "done") == 0)
        truth();
    ends(args[1]);
}

/* ---- lies to precompile: the blob, and what made it */
static void lie_blob(void)
{
    struct buf out = result(ISO_OK);
    static char piece[1 << 20];
    long mib = atol(args[0]);

    started();
    if (mib == 0)
        frame(FRAME_BLOB, "not a heap", 10);
    for (; mib > 0; mib--)
        frame(FRAME_BLOB, piece, sizeof piece);
    if (strcmp(args[1], "none") != 0)
        field_put(&out, FIELD_V8, args[1], strlen(args[1]));
    if (strcmp(args[2], "none") != 0)
        field_put(&out, FIELD_ENGINE, args[2], strlen(args[2]));
    if (strcmp(args[3], "nul") == 0)
        field_put(&out, FIELD_ENGINE, "a\0b", 3);
    if (strcmp(args[3], "control") == 0)
        field_put(&out, FIELD_ENGINE, "a\033[31m", 6);
    if (strcmp(args[3], "exports") == 0)
        exports("{}");
    done(&out);
    _exit(strcmp(args[3], "crash") == 0);
}

/* ---- lies about calls of host functions */

static void call(unsigned function, const char *json, size_t len)
{
    static uint32_t number;
    unsigned char first[FRAME_CALL_HEAD];

    frame_put_u32(first, ++number);
    frame_put_u32(first + 4, function);
    head(FRAME_CALL, sizeof first + len);
    put(first, sizeof first);
    put(json, len);
}

static void cancel(uint32_t number)
{
    unsigned char bytes[4];

    frame_put_u32(bytes, number);
    frame(FRAME_CANCEL, bytes, sizeof bytes);
}

static void blocked(unsigned function)
{
    unsigned char bytes[12] = {0};

    frame_put_u32(bytes, function);
    frame(FRAME_BLOCKED, bytes, sizeof bytes);
}

static void flood_calls(unsigned function)
{
    unsigned char payload[FRAME_CALL_HEAD + 2] = {0};

    frame_put_u32(payload + 4, function);
    memcpy(payload + FRAME_CALL_HEAD, "[]", 2);
    flood(FRAME_CALL, (char *)payload, sizeof payload);
}

static void flood_cancels(unsigned number)
{
    unsigned char payload[4];

    frame_put_u32(payload, number);
    flood(FRAME_CANCEL, (char *)payload, sizeof payload);
}

static void flood_blocked(unsigned function)
{
    unsigned char payload[12] = {0};

    frame_put_u32(payload, function);
    flood(FRAME_BLOCKED, (char *)payload, sizeof payload);
}

/* Each letter is an act; the function and the arguments are the same for all of them. */
static void lie_calls(void)
{
    unsigned function = (unsigned)strtoul(args[1], NULL, 0);
    const char *json = *args[2] ? args[2] : "[]";

    for (const char *c = args[0]; *c; c++)
        switch (*c) {
        case 'S':
            started();
            break;
        case 'c':
            call(function, json, strlen(json));
            break;
        case 'm':
            for (int i = 0; i < 150; i++)
                call(function, json, strlen(json));
            break;
        case 'h': /* less than its head */
            frame(FRAME_CALL, "\1\0\0\0\1\0\0", 7);
            break;
        case 'b':
            blocked(function);
            break;
        case 'B':
            frame(FRAME_BLOCKED, "\1\0\0\0\0\0\0\0\0\0", 11);
            break;
        case 'k': /* of the first call */
            cancel(1);
            break;
        case 'u': /* of one that was never made */
            cancel(4000000000u);
            break;
        case 'H': /* less than its number */
            frame(FRAME_CANCEL, "\1\0\0", 3);
            break;
        case 'K':
            flood_cancels(1);
            break;
        case 'f':
            flood_calls(function);
            break;
        case 'F':
            flood_blocked(function);
            break;
        case 'z':
            deafen();
            nap(600);
            break;
        case 'E':
            exports("{}");
            break;
        case 'D':
            done_code(ISO_OK);
            break;
        case 'L':
            done_code(ISO_BRIDGE_CALL_LIMIT);
            break;
        case '.':
            _exit(0);
        default:
            _exit(96);
        }
    sleep_on();
}

static void ask_for(uint32_t source, uint32_t fenced, const char *message, size_t len)
{
    unsigned char bytes[FRAME_STRIP_HEAD + 64] = {0};

    frame_put_u32(bytes, source);
    frame_put_u32(bytes + 4, fenced);
    frame_put_u32(bytes + 8, 1);
    frame_put_u32(bytes + 12, 1);
    memcpy(bytes + FRAME_STRIP_HEAD, message, len);
    frame(FRAME_STRIP, bytes, FRAME_STRIP_HEAD + len);
}

/* Each letter is an act: a source without its types is asked for, in ways that make sense or none. */
static void lie_strip(void)
{
    started();
    for (const char *c = args[0]; *c; c++)
        switch (*c) {
        case 'a':
            ask_for(1, 0, "Unexpected token ':'", 20);
            break;
        case 'f': /* there is no fence */
            ask_for(1, 1, "", 0);
            break;
        case 'u':
            ask_for(1, 0, "\xff", 1);
            break;
        case '0':
            ask_for(0, 0, "", 0);
            break;
        case '2':
            ask_for(2, 0, "", 0);
            break;
        case 'i': /* of imports, of which there are none */
            ask_for(FRAME_FIRST_IMPORT, 0, "", 0);
            break;
        case 'm':
            ask_for(UINT32_MAX, 0, "", 0);
            break;
        case 'h': /* less than its head */
            frame(FRAME_STRIP, "\1\0\0\0\0\0\0\0\1\0\0\0\1\0\0", FRAME_STRIP_HEAD - 1);
            break;
        case 'E':
            exports("{}");
            break;
        case 'D':
            done_code(ISO_OK);
            break;
        case '.':
            _exit(0);
        default:
            _exit(96);
        }
    sleep_on();
}

/* Arguments that are no JSON array, in all the ways of lie_json(). */
static void lie_call_args(void)
{
    struct buf json = {0};

    variant(&json, args[1], ARRAY);
    started();
    call((unsigned)strtoul(args[0], NULL, 0), json.data, json.len);
    exports("{}");
    done_code(ISO_OK);
    _exit(0);
}

static const struct {
    const char *name;
    int reads; /* whether it takes the job from the socket first */
    void (*tell)(void);
} lies[] = {
    {"truth", 1, truth},
    {"length", 1, lie_length},
    {"type", 1, lie_type},
    {"bytes", 1, lie_bytes},
    {"endless-byte", 1, lie_endless_byte},
    {"endless-console", 1, lie_endless_console},
    {"endless-dropped", 1, lie_endless_dropped},
    {"endless-nothing", 1, lie_endless_nothing},
    {"endless-started", 1, lie_endless_started},
    {"endless-job", 1, lie_endless_job},
    {"truncated", 1, lie_truncated},
    {"drip", 1, lie_drip},
    {"endless-drip", 1, lie_endless_drip},
    {"order", 1, lie_order},
    {"ends", 1, lie_ends},
    {"dies", 1, lie_dies},
    {"stops", 1, lie_stops},
    {"json", 1, lie_json},
    {"padding", 1, lie_padding},
    {"code", 1, lie_code},
    {"fields", 1, lie_fields},
    {"dropped", 1, lie_dropped},
    {"dropped-shape", 1, lie_dropped_shape},
    {"stream", 1, lie_stream},
    {"started-shape", 1, lie_started_shape},
    {"started-numbers", 1, lie_started_numbers},
    {"exports", 1, lie_exports},
    {"console", 1, lie_console},
    {"fatal", 1, lie_fatal},
    {"fatal-forged", 1, lie_fatal_forged},
    {"calls", 1, lie_calls},
    {"strip", 1, lie_strip},
    {"call-args", 1, lie_call_args},
    {"scribble", 1, lie_scribble},
    {"descriptors", 1, lie_descriptors},
    {"out-of-band", 1, lie_out_of_band},
    {"child", 1, lie_child},
    {"daemon", 1, lie_daemon},
    {"kill-group", 1, lie_kill_group},
    {"deaf", 0, lie_deaf},
    {"blob", 1, lie_blob},
};

/* The name of the lie, from the agent's source: somewhere in the first bytes of the job. */
static int find_lie(void)
{
    char bytes[4096];
    ssize_t n = recv(CHANNEL, bytes, sizeof bytes - 1, MSG_PEEK);
    char *at;

    for (int tries = 0; n > 0 && tries < 1000; tries++) { /* the rest may be under way */
        bytes[n] = 0;
        at = memmem(bytes, (size_t)n, "// lie: ", 8);
        if (at && memchr(at, '\n', (size_t)(bytes + n - at)))
            return sscanf(at + 8, "%63[^ \n]%*1[ ]%255[^ \n]%*1[ ]%255[^ \n]%*1[ ]%255[^ \n]%*1[ ]%255[^ \n]",
                          lie, args[0], args[1], args[2], args[3]) > 0;
        nap(1);
        n = recv(CHANNEL, bytes, sizeof bytes - 1, MSG_PEEK);
    }
    return 0;
}

int main(void)
{
    if (!find_lie())
        return 94;
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++)
        if (strcmp(lies[i].name, lie) == 0) {
            if (lies[i].reads)
                read_job();
            lies[i].tell();
        }
    return 93; /* no such lie: the test that asked for it fails */
}
