/* SPDX-License-Identifier: MIT */
/* Snapshot files: written, found again, and refused when anything about them is wrong. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "core/file.h"
#include "snapshots/snapshot.h"
#include "tests/tap.h"

/* The layout on disk, written a second time: a change of it needs a new SNAPSHOT_FORMAT. */
#define AT_FORMAT       8
#define AT_UNUSED       12
#define AT_BYTES        16
#define AT_MANIFEST_LEN 24
#define AT_BLOB_AT      32
#define AT_BLOB_LEN     40
#define AT_MACHINE      48
#define AT_V8           64
#define AT_ENGINE       128
#define AT_TEXTS_LEN    192
#define AT_FRONT_DIGEST 200
#define AT_ZEROS        216
#define AT_DIGEST       240

#define MANIFEST "{\"tool\":\"iso4 test\"}"
#define TEXTS    "\"a text\"{}"
#define BLOB     "pretend this is a V8 heap\0with a NUL"
#define BLOB_LEN (sizeof BLOB - 1)

static char scratch[] = "/tmp/t-snapshot.XXXXXX";

static int entries(int remove_them)
{
    DIR *d = opendir(".");
    struct dirent *e;
    int n = 0;

    while ((e = readdir(d)) != NULL) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        n++;
        if (remove_them)
            remove(e->d_name);
    }
    closedir(d);
    return n;
}

static void enter_scratch(void)
{
    if (!mkdtemp(scratch) || chmod(scratch, 0755) < 0 || chdir(scratch) < 0)
        abort();
}

static void leave_scratch(void)
{
    entries(1);
    if (chdir("/") < 0 || rmdir(scratch) < 0)
        abort();
}

static struct snapshot_identity here(void)
{
    struct snapshot_identity id = {.v8 = "14.1.2-node.3", .engine = "0123abcd+f00d"};

    strcpy(id.machine, snapshot_machine());
    return id;
}

static struct snapshot_view parts(const struct snapshot_identity *id, const char *manifest, size_t len)
{
    return (struct snapshot_view){.made_with = *id,
                                  .manifest = manifest,
                                  .manifest_len = len,
                                  .texts = TEXTS,
                                  .texts_len = strlen(TEXTS),
                                  .blob = BLOB,
                                  .blob_len = BLOB_LEN};
}

static int write_as(const char *path, const struct snapshot_identity *id, struct snapshot_written *w,
                    struct iso_err *err)
{
    struct snapshot_view s = parts(id, MANIFEST, strlen(MANIFEST));

    return snapshot_write(path, &s, NULL, NULL, w, err);
}

static int write_one(const char *path, struct iso_err *err)
{
    struct snapshot_identity id = here();
    struct snapshot_written w;

    return write_as(path, &id, &w, err);
}

/* The bytes of a small snapshot. */
static struct buf small(void)
{
    struct buf b = {0};
    struct iso_err err = {0};

    if (write_one("small.snap", &err) < 0 || file_read("small.snap", 1 << 20, &b, &err) < 0) {
        printf("Bail out! %s\n", err.msg);
        exit(1);
    }
    unlink("small.snap");
    return b;
}

static uint64_t get(const struct buf *b, size_t at, size_t bytes)
{
    uint64_t v = 0;

    while (bytes-- > 0)
        v = v << 8 | (unsigned char)b->data[at + bytes];
    return v;
}

static void set(struct buf *b, size_t at, uint64_t v)
{
    for (size_t i = 0; i < 8; i++, v >>= 8)
        b->data[at + i] = (char)v;
}

/* From an exact copy, so that ASan sees any byte too far. ISO_OK, or why it was refused. */
static enum iso_code parse(const char *data, size_t len, struct iso_err *err)
{
    char *copy = malloc(len ? len : 1);
    struct snapshot_view view;
    int rc;

    if (len)
        memcpy(copy, data, len);
    *err = (struct iso_err){0};
    rc = snapshot_parse("x.snap", copy, len, &view, err);
    free(copy);
    if ((rc == 0) != (err->code == ISO_OK))
        abort();
    return err->code;
}

static int wait_for(pid_t pid)
{
    int status = 0;

    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Runs a check where it can do no harm and cannot hang; 0: it held. */
static int apart(int (*check)(void))
{
    pid_t pid = fork();

    if (pid == 0) {
        alarm(10);
        _exit(check());
    }
    return wait_for(pid);
}

static void become_nobody(void)
{
    if (geteuid() == 0 && (setgroups(0, NULL) < 0 || setgid(65534) < 0 || setuid(65534) < 0))
        _exit(99);
}

/* ---- digests of content */

static void test_digest_is_sha256(void)
{
    char hex[DIGEST_HEX];

    digest_hex((struct digest_part[]){{NULL, 0}}, hex);
    is_text(hex, strlen(hex), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "of nothing");
    digest_hex((struct digest_part[]){{"abc", 3}, {NULL, 0}}, hex);
    is_text(hex, strlen(hex), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "of abc");
    digest_hex((struct digest_part[]){{"a", 1}, {"", 0}, {"bcd", 2}, {NULL, 0}}, hex);
    is_text(hex, strlen(hex), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "of abc in parts");
}

/* ---- round trip */

static void test_what_is_written_is_found(void)
{
    struct snapshot_identity id = here();
    struct snapshot_written w;
    struct snapshot_view view;
    struct snapshot_file f;
    struct buf whole = {0};
    struct iso_err err = {0};

    is_int(write_as("a.snap", &id, &w, &err), 0, "written");
    is_int(snapshot_open("a.snap", &f, &err), 0, "opened");
    is_int(file_read("a.snap", 1 << 20, &whole, &err), 0, "and read");
    is_int(snapshot_parse("a.snap", whole.data, whole.len, &view, &err), 0, "and parsed");
    is_text(f.view.manifest, f.view.manifest_len, MANIFEST, "the manifest");
    ok(view.blob_len == BLOB_LEN && memcmp(view.blob, BLOB, BLOB_LEN) == 0, "the blob");
    ok(memcmp(&f.view.made_with, &id, sizeof id) == 0, "what it was made with");
    is_int(snapshot_file_verify(&f, "a.snap", &err), 0, "the digest fits");
    is_int(snapshot_verify("a.snap", whole.data, whole.len, &err), 0, "in memory, too");
    is_int(snapshot_check_identity("a.snap", &f.view, &id, &err), 0, "and so does the identity");
    is_int((view.blob - whole.data) % SNAPSHOT_ALIGN, 0, "the blob is aligned");
    ok(view.blob + view.blob_len == whole.data + f.len, "and ends the file");
    is_int(err.code, ISO_OK, "no failure is reported");
    snapshot_close(&f);
    buf_free(&whole);
    is_int(entries(1), 1, "no temporary file is left");
}

static void test_written_tells_size_and_digest(void)
{
    struct snapshot_identity id = here();
    struct snapshot_written w = {0};
    struct iso_err err;
    struct buf b = {0};
    char hex[DIGEST_HEX];

    write_as("a.snap", &id, &w, &err);
    file_read("a.snap", 1 << 20, &b, &err);
    digest_hex((struct digest_part[]){{b.data, b.len}, {NULL, 0}}, hex);
    is_int((long long)w.bytes, (long long)b.len, "of the whole file");
    is_text(w.sha256, strlen(w.sha256), hex, "as sha256sum sees it");
    buf_free(&b);
    entries(1);
}

static void test_the_same_parts_make_the_same_bytes(void)
{
    struct buf a = small(), b = small();

    ok(a.len == b.len && memcmp(a.data, b.data, a.len) == 0, "at any time");
    buf_free(&a);
    buf_free(&b);
}

static void test_the_layout_is_that_of_format_2(void)
{
    struct buf b = small();
    size_t i, filled = 0;

    is_int(SNAPSHOT_FORMAT, 2, "if this fails, the offsets here are to be looked at again");
    ok(memcmp(b.data, "iso4snap", 8) == 0, "the magic");
    is_int((long long)get(&b, AT_FORMAT, 4), SNAPSHOT_FORMAT, "the format");
    is_int((long long)get(&b, AT_UNUSED, 4), 0, "four zeros");
    is_int((long long)get(&b, AT_BYTES, 8), (long long)b.len, "the length of the file");
    is_int((long long)get(&b, AT_MANIFEST_LEN, 8), sizeof MANIFEST - 1, "of the manifest");
    is_int((long long)get(&b, AT_BLOB_AT, 8), SNAPSHOT_ALIGN, "where the blob is");
    is_int((long long)get(&b, AT_BLOB_LEN, 8), BLOB_LEN, "and how long");
    is_text(b.data + AT_MACHINE, strlen(b.data + AT_MACHINE), snapshot_machine(), "the machine");
    is_text(b.data + AT_V8, strlen(b.data + AT_V8), here().v8, "V8's version");
    is_text(b.data + AT_ENGINE, strlen(b.data + AT_ENGINE), here().engine, "the engine");
    is_int((long long)get(&b, AT_TEXTS_LEN, 8), (long long)strlen(TEXTS), "the length of the texts");
    is_text(b.data + SNAPSHOT_HEAD, strlen(b.data + SNAPSHOT_HEAD), MANIFEST TEXTS,
            "manifest and texts behind the head");
    for (i = AT_ZEROS; i < AT_DIGEST; i++)
        filled += b.data[i] != 0;
    for (i = SNAPSHOT_HEAD + strlen(MANIFEST TEXTS); i < SNAPSHOT_ALIGN; i++)
        filled += b.data[i] != 0;
    is_int((long long)filled, 0, "zeros between the parts");
    buf_free(&b);
}

static void test_manifests_of_any_length_round_trip(void)
{
    static const size_t room = SNAPSHOT_ALIGN - SNAPSHOT_HEAD;
    const size_t lens[] = {
        0, 1, room - 1, room, room + 1, room + SNAPSHOT_ALIGN, room + SNAPSHOT_ALIGN + 1, 100000};
    static char manifest[100000];
    struct snapshot_identity id = here();
    struct snapshot_written w;
    struct snapshot_file f;
    struct iso_err err;

    memset(manifest, 'm', sizeof manifest);
    for (size_t i = 0; i < sizeof lens / sizeof *lens; i++) {
        struct snapshot_view s = parts(&id, manifest, lens[i]);
        int rc = snapshot_write("a.snap", &s, NULL, NULL, &w, &err);

        if (!ok(rc == 0 && snapshot_open("a.snap", &f, &err) == 0, "%zu bytes", lens[i]))
            continue;
        ok(f.view.manifest_len == lens[i] && memcmp(f.view.manifest, manifest, lens[i]) == 0 &&
               f.view.texts_len == strlen(TEXTS) && memcmp(f.view.texts, TEXTS, strlen(TEXTS)) == 0 &&
               f.view.blob_len == BLOB_LEN && snapshot_file_verify(&f, "a.snap", &err) == 0,
           "come back");
        snapshot_close(&f);
    }
    entries(1);
}

static void test_close_is_harmless_twice(void)
{
    struct snapshot_file f;
    struct iso_err err;
    int fd;

    write_one("a.snap", &err);
    snapshot_open("a.snap", &f, &err);
    fd = f.fd;
    snapshot_close(&f);
    ok(fcntl(fd, F_GETFD) < 0, "the descriptor is closed");
    snapshot_close(&f);
    ok(f.fd == -1 && !f.front, "and the struct is empty");
    entries(1);
}

/* ---- damage */

static void test_every_flipped_byte_is_noticed(void)
{
    struct buf b = small();
    struct snapshot_view view;
    struct iso_err err;
    size_t i, unnoticed = 0, wrong_code = 0;

    for (i = 0; i < b.len; i++)
        for (unsigned flip = 1; flip < 0x100; flip = flip == 0x80 ? 0xff : flip << 1) {
            int parsed;

            b.data[i] ^= (char)flip;
            err.code = ISO_OK;
            parsed = snapshot_parse("x.snap", b.data, b.len, &view, &err) == 0;
            if (parsed && snapshot_verify("x.snap", b.data, b.len, &err) == 0)
                unnoticed++;
            else if (i >= AT_FORMAT && i < AT_UNUSED ? err.code != ISO_SNAPSHOT_MISMATCH
                                                     : err.code != ISO_SNAPSHOT_INVALID)
                wrong_code++;
            b.data[i] ^= (char)flip;
            if (flip == 0xff)
                break;
        }
    is_int((long long)unnoticed, 0, "by parse or verify, whichever bit");
    is_int((long long)wrong_code, 0, "as SNAPSHOT_INVALID, or as another format");
    is_int(snapshot_verify("x.snap", b.data, b.len, &err), 0, "and the bytes as they were are good");
    buf_free(&b);
}

static void test_every_truncation_is_refused(void)
{
    struct buf b = small();
    struct iso_err err;
    size_t len, wrong = 0;

    for (len = 0; len < b.len; len++)
        wrong += parse(b.data, len, &err) != ISO_SNAPSHOT_INVALID;
    is_int((long long)wrong, 0, "by parse alone");
    is_int(parse(b.data, b.len, &err), ISO_OK, "and the whole is not");
    buf_free(&b);
}

static void test_trailing_bytes_are_refused(void)
{
    static const size_t lens[] = {1, 8, SNAPSHOT_ALIGN};
    static const char zeros[SNAPSHOT_ALIGN];

    for (size_t i = 0; i < 3; i++) {
        struct buf b = small();
        struct iso_err err;

        buf_add(&b, zeros, lens[i]);
        ok(parse(b.data, b.len, &err) == ISO_SNAPSHOT_INVALID, "%zu of them", lens[i]);
        buf_free(&b);
    }
}

static void test_parts_that_do_not_fit_are_refused(void)
{
    struct buf good = small();
    const uint64_t len = good.len;
    const struct {
        const char *name;
        size_t at;
        uint64_t value;
    } bad[] = {
        {"a file of no bytes", AT_BYTES, 0},
        {"a file of 2^64-1 bytes", AT_BYTES, UINT64_MAX},
        {"a manifest as long as the file", AT_MANIFEST_LEN, len},
        {"a manifest that reaches into the blob", AT_MANIFEST_LEN, SNAPSHOT_ALIGN - SNAPSHOT_HEAD + 1},
        {"a manifest of 2^64-1 bytes", AT_MANIFEST_LEN, UINT64_MAX},
        {"a manifest that wraps around", AT_MANIFEST_LEN, (uint64_t)-SNAPSHOT_HEAD},
        {"texts as long as the file", AT_TEXTS_LEN, len},
        {"texts that reach into the blob", AT_TEXTS_LEN,
         SNAPSHOT_ALIGN - SNAPSHOT_HEAD - strlen(MANIFEST) + 1},
        {"texts of 2^64-1 bytes", AT_TEXTS_LEN, UINT64_MAX},
        {"texts that wrap around", AT_TEXTS_LEN, (uint64_t)-SNAPSHOT_HEAD},
        {"a blob in the head", AT_BLOB_AT, 0},
        {"a blob at an odd place", AT_BLOB_AT, SNAPSHOT_ALIGN + 1},
        {"a blob behind the end", AT_BLOB_AT, 2 * SNAPSHOT_ALIGN},
        {"a blob far behind the end", AT_BLOB_AT, (uint64_t)-SNAPSHOT_ALIGN},
        {"an empty blob", AT_BLOB_LEN, 0},
        {"a blob that is too short", AT_BLOB_LEN, BLOB_LEN - 1},
        {"a blob that is too long", AT_BLOB_LEN, BLOB_LEN + 1},
        {"a blob that wraps around", AT_BLOB_LEN, BLOB_LEN - ((uint64_t)1 << 63)},
    };

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct buf b = {0};
        struct iso_err err;

        buf_add(&b, good.data, good.len);
        set(&b, bad[i].at, bad[i].value);
        ok(parse(b.data, b.len, &err) == ISO_SNAPSHOT_INVALID, "%s", bad[i].name);
        buf_free(&b);
    }
    buf_free(&good);
}

/* Offset and length of the blob agree with the length of the file, also by wrapping around. */
static void test_blobs_that_only_add_up_are_refused(void)
{
    struct buf good = small();
    const struct {
        const char *name;
        uint64_t at;
    } bad[] = {{"at an odd place", SNAPSHOT_ALIGN + 1},
               {"in the head", 0},
               {"at the end, and empty", good.len},
               {"behind the end", 2 * SNAPSHOT_ALIGN},
               {"far behind it", (uint64_t)-SNAPSHOT_ALIGN}};

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct buf b = {0};
        struct iso_err err;

        buf_add(&b, good.data, good.len);
        set(&b, AT_BLOB_AT, bad[i].at);
        set(&b, AT_BLOB_LEN, good.len - bad[i].at);
        ok(parse(b.data, b.len, &err) == ISO_SNAPSHOT_INVALID, "%s", bad[i].name);
        buf_free(&b);
    }
    buf_free(&good);
}

static void test_texts_without_an_end_are_refused(void)
{
    static const struct {
        size_t at, size;
    } texts[] = {{AT_MACHINE, 16}, {AT_V8, 64}, {AT_ENGINE, 64}};

    for (size_t i = 0; i < 3; i++) {
        struct buf b = small();
        struct iso_err err;

        memset(b.data + texts[i].at, 'x', texts[i].size);
        ok(parse(b.data, b.len, &err) == ISO_SNAPSHOT_INVALID, "at offset %zu", texts[i].at);
        b.data[texts[i].at + texts[i].size - 1] = 0;
        ok(parse(b.data, b.len, &err) == ISO_OK, "with one it is for others to judge");
        buf_free(&b);
    }
}

static void test_another_format_names_both(void)
{
    struct buf b = small();
    struct iso_err err;

    b.data[AT_FORMAT] = 77;
    is_int(parse(b.data, b.len, &err), ISO_SNAPSHOT_MISMATCH, "it is a mismatch");
    ok(strstr(err.msg, "x.snap") && strstr(err.msg, "77") && strstr(err.msg, "format 2:"), "%s", err.msg);
    buf_free(&b);
}

static void test_other_files_are_no_snapshots(void)
{
    static const char text[300] = "export default 1; // JavaScript, padded to the length of a head";
    struct iso_err err;

    is_int(parse(NULL, 0, &err), ISO_SNAPSHOT_INVALID, "an empty file");
    is_int(parse(text, sizeof text, &err), ISO_SNAPSHOT_INVALID, "a script");
    ok(strstr(err.msg, "x.snap") != NULL, "%s", err.msg);
}

static void test_more_than_the_most_is_refused(void)
{
    size_t len = (size_t)SNAPSHOT_MAX_BYTES + SNAPSHOT_ALIGN;
    char *map = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    struct buf b = small();
    struct snapshot_view view;
    struct iso_err err;

    set(&b, AT_BYTES, len);
    set(&b, AT_BLOB_LEN, len - SNAPSHOT_ALIGN);
    memcpy(map, b.data, SNAPSHOT_HEAD);
    ok(snapshot_parse("x.snap", map, len, &view, &err) == -1 && err.code == ISO_SNAPSHOT_INVALID,
       "over 1 GiB");
    len = SNAPSHOT_MAX_BYTES;
    set(&b, AT_BYTES, len);
    set(&b, AT_BLOB_LEN, len - SNAPSHOT_ALIGN);
    memcpy(map, b.data, SNAPSHOT_HEAD);
    is_int(snapshot_parse("x.snap", map, len, &view, &err), 0, "1 GiB is not");
    munmap(map, (size_t)SNAPSHOT_MAX_BYTES + SNAPSHOT_ALIGN);
    buf_free(&b);
}

/* ---- identity */

static void test_identity_mismatches_name_both_sides(void)
{
    struct snapshot_identity id = here();
    struct {
        const char *what, *theirs, *ours;
        struct snapshot_identity made_with;
    } cases[] = {{"the machine", "riscv64", id.machine, id},
                 {"V8", "13.9.1-node.0", id.v8, id},
                 {"the engine", "dead+beef", id.engine, id}};

    strcpy(cases[0].made_with.machine, "riscv64");
    strcpy(cases[1].made_with.v8, "13.9.1-node.0");
    strcpy(cases[2].made_with.engine, "dead+beef");
    for (size_t i = 0; i < 3; i++) {
        struct snapshot_view view = {.made_with = cases[i].made_with};
        struct iso_err err = {0};

        ok(snapshot_check_identity("x.snap", &view, &id, &err) == -1 && err.code == ISO_SNAPSHOT_MISMATCH,
           "%s differs", cases[i].what);
        ok(strstr(err.msg, "'x.snap'") && strstr(err.msg, cases[i].theirs) && strstr(err.msg, cases[i].ours),
           "%s", err.msg);
    }
}

static void test_a_part_of_an_identity_is_another(void)
{
    struct snapshot_identity id = here();
    struct snapshot_view view = {.made_with = id};
    struct iso_err err;

    is_int(snapshot_check_identity("x.snap", &view, &id, &err), 0, "the same is the same");
    view.made_with.v8[strlen(id.v8) - 1] = 0;
    is_int(snapshot_check_identity("x.snap", &view, &id, &err), -1, "a shorter version is not");
    view.made_with = id;
    strcat(view.made_with.engine, "0");
    is_int(snapshot_check_identity("x.snap", &view, &id, &err), -1, "nor is a longer engine");
}

/* ---- opening */

static void refuses_to_open(const char *path, enum iso_code code, const char *name)
{
    struct snapshot_file f;
    struct iso_err err = {0};
    int before = open("/dev/null", O_RDONLY), after;

    close(before);
    ok(snapshot_open(path, &f, &err) == -1 && err.code == code, "%s", name);
    ok(strstr(err.msg, path) != NULL, "%s", err.msg);
    after = open("/dev/null", O_RDONLY);
    close(after);
    is_int(after, before, "and no descriptor is left open");
}

static void test_what_cannot_be_opened_is_a_usage_error(void)
{
    refuses_to_open("missing.snap", ISO_USAGE, "a missing file");
    refuses_to_open(".", ISO_USAGE, "a directory");
    refuses_to_open("/dev/null", ISO_USAGE, "a device");
    mkfifo("pipe", 0600);
    refuses_to_open("pipe", ISO_USAGE, "a pipe without a writer, at once");
    entries(1);
}

static void sparse(const char *path, off_t len)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

    if (fd < 0 || ftruncate(fd, len) < 0)
        abort();
    close(fd);
}

static void test_what_is_no_snapshot_is_invalid(void)
{
    sparse("x.snap", 0);
    refuses_to_open("x.snap", ISO_USAGE, "an empty file");
    sparse("x.snap", SNAPSHOT_HEAD - 1);
    refuses_to_open("x.snap", ISO_USAGE, "less than a head");
    sparse("x.snap", 5000);
    refuses_to_open("x.snap", ISO_USAGE, "zeros");
    sparse("x.snap", (off_t)SNAPSHOT_MAX_BYTES + 1);
    refuses_to_open("x.snap", ISO_USAGE, "more than 1 GiB");
    entries(1);
}

static void test_another_machine_is_a_mismatch(void)
{
    struct snapshot_identity id = here();
    struct snapshot_written w;
    struct snapshot_file f;
    struct iso_err err;

    strcpy(id.machine, "riscv64");
    write_as("x.snap", &id, &w, &err);
    refuses_to_open("x.snap", ISO_SNAPSHOT_MISMATCH, "before anything else is read");
    snapshot_open("x.snap", &f, &err);
    ok(strstr(err.msg, "riscv64") && strstr(err.msg, snapshot_machine()), "and both are named");
    entries(1);
}

static void test_another_v8_is_for_the_worker_to_see(void)
{
    struct snapshot_identity id = here();
    struct snapshot_written w;
    struct snapshot_file f;
    struct iso_err err;

    strcpy(id.v8, "1.2.3");
    write_as("x.snap", &id, &w, &err);
    is_int(snapshot_open("x.snap", &f, &err), 0, "it opens");
    snapshot_close(&f);
    entries(1);
}

static void test_a_descriptor_is_taken_over(void)
{
    struct snapshot_file f;
    struct iso_err err = {0};
    int fd;

    write_one("x.snap", &err);
    fd = open("x.snap", O_RDONLY);
    is_int(snapshot_open_fd(fd, "some name", &f, &err), 0, "of a good file");
    is_int(f.fd, fd, "and kept");
    snapshot_close(&f);
    ok(fcntl(fd, F_GETFD) < 0, "until it is closed");
    sparse("x.snap", 5000);
    fd = open("x.snap", O_RDONLY);
    is_int(snapshot_open_fd(fd, "some name", &f, &err), -1, "of a bad file");
    ok(fcntl(fd, F_GETFD) < 0, "as well, and closed");
    ok(strstr(err.msg, "'some name'") != NULL, "%s", err.msg);
    entries(1);
}

/* ---- files that change while they are used */

static void write_at(const char *path, off_t at, const char *text)
{
    int fd = open(path, O_WRONLY);

    if (fd < 0 || pwrite(fd, text, strlen(text), at) != (ssize_t)strlen(text))
        abort();
    close(fd);
}

static void test_the_manifest_is_a_private_copy(void)
{
    struct snapshot_file f;
    struct iso_err err = {0};

    write_one("x.snap", &err);
    snapshot_open("x.snap", &f, &err);
    write_at("x.snap", SNAPSHOT_HEAD, "XXXX");
    is_text(f.view.manifest, f.view.manifest_len, MANIFEST, "what is written to the file does not reach it");
    is_int(snapshot_file_verify(&f, "x.snap", &err), 0, "it is what the digest is for");
    if (truncate("x.snap", 0) < 0)
        abort();
    is_text(f.view.manifest, f.view.manifest_len, MANIFEST, "nor does a file that is cut short take it away");
    ok(snapshot_file_verify(&f, "x.snap", &err) < 0 && err.code == ISO_SNAPSHOT_INVALID,
       "which is noticed: %s", err.msg);
    snapshot_close(&f);
    entries(1);
}

/* The parent acts on them before a worker has checked the whole file. */
static void test_damage_of_manifest_and_texts_is_noticed_at_once(void)
{
    const size_t places[] = {AT_FRONT_DIGEST, SNAPSHOT_HEAD, SNAPSHOT_HEAD + strlen(MANIFEST),
                             SNAPSHOT_HEAD + strlen(MANIFEST TEXTS) - 1};
    struct snapshot_file f;
    struct iso_err err = {0};

    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        write_one("x.snap", &err);
        write_at("x.snap", (off_t)places[i], "~");
        ok(snapshot_open("x.snap", &f, &err) < 0 && err.code == ISO_SNAPSHOT_INVALID, "byte %zu: %s",
           places[i], err.msg);
    }
    entries(1);
}

static void test_a_file_that_changed_is_told(void)
{
    struct timespec old[2] = {{1000000000, 0}, {1000000000, 0}};
    struct snapshot_file f;
    struct iso_err err = {0};

    write_one("x.snap", &err);
    utimensat(AT_FDCWD, "x.snap", old, 0);
    snapshot_open("x.snap", &f, &err);
    ok(!snapshot_file_changed(&f), "nothing has happened");
    chmod("x.snap", 0600);
    rename("x.snap", "y.snap");
    unlink("y.snap");
    ok(!snapshot_file_changed(&f), "another mode, and another name or none, are no change");
    snapshot_close(&f);
    write_one("x.snap", &err);
    utimensat(AT_FDCWD, "x.snap", old, 0);
    snapshot_open("x.snap", &f, &err);
    write_at("x.snap", 5000, "x");
    ok(snapshot_file_changed(&f), "a byte that was written is one");
    snapshot_close(&f);
    entries(1);
}

static void test_a_sealed_copy_cannot_change(void)
{
    struct snapshot_file f;
    struct iso_err err = {0};
    struct snapshot_file again;

    write_one("x.snap", &err);
    snapshot_open("x.snap", &f, &err);
    is_int(snapshot_file_seal(&f, "x.snap", &err), 0, "a copy");
    if (truncate("x.snap", 0) < 0)
        abort();
    is_int(snapshot_file_verify(&f, "x.snap", &err), 0, "it is whole when the file is gone");
    ok(!snapshot_file_changed(&f), "and has not changed");
    ok(pwrite(f.fd, "x", 1, 0) < 0, "no byte of it can be written");
    ok(ftruncate(f.fd, 1) < 0 && ftruncate(f.fd, 1 << 20) < 0, "nor its length");
    is_int(snapshot_open_fd(dup(f.fd), "copy", &again, &err), 0, "it opens as a snapshot");
    snapshot_close(&again);
    snapshot_close(&f);
    write_one("x.snap", &err);
    snapshot_open("x.snap", &f, &err);
    if (truncate("x.snap", 4000) < 0)
        abort();
    ok(snapshot_file_seal(&f, "x.snap", &err) < 0 && err.code == ISO_SNAPSHOT_INVALID,
       "a file that was cut short has none");
    snapshot_close(&f);
    entries(1);
}

/* ---- writing */

static void test_a_snapshot_is_replaced_whole(void)
{
    struct snapshot_identity id = here();
    struct snapshot_view s = parts(&id, "{}", 2);
    struct snapshot_file old, new;
    struct snapshot_written w;
    struct iso_err err;

    write_one("x.snap", &err);
    snapshot_open("x.snap", &old, &err);
    s.blob = "other heap";
    s.blob_len = 10;
    is_int(snapshot_write("x.snap", &s, NULL, NULL, &w, &err), 0, "with another");
    is_int(snapshot_open("x.snap", &new, &err), 0, "which can be opened");
    is_text(new.view.manifest, new.view.manifest_len, "{}", "and is the new one");
    is_int(snapshot_file_verify(&new, "x.snap", &err), 0, "whole");
    is_int(snapshot_file_verify(&old, "x.snap", &err), 0, "the old one stays whole where it is open");
    ok(!snapshot_file_changed(&old), "and has not changed");
    snapshot_close(&old);
    snapshot_close(&new);
    is_int(entries(1), 1, "no temporary file is left");
}

/* Checks of snapshot_write() before it replaces anything. */
struct asked {
    int answer, times, whole;
};

static int accept_it(void *ctx, int fd, struct iso_err *err)
{
    struct asked *a = ctx;
    struct snapshot_file f;

    a->times++;
    a->whole = snapshot_open_fd(dup(fd), "asked", &f, err) == 0 &&
               snapshot_file_verify(&f, "asked", err) == 0 && f.view.blob_len == BLOB_LEN;
    snapshot_close(&f);
    return a->answer ? iso_fail(err, ISO_ABORTED, "not this one") : 0;
}

static int write_if_accepted(const char *path, struct asked *a, struct iso_err *err)
{
    struct snapshot_identity id = here();
    struct snapshot_view s = parts(&id, MANIFEST, strlen(MANIFEST));
    struct snapshot_written w;

    return snapshot_write(path, &s, accept_it, a, &w, err);
}

static void test_a_snapshot_is_asked_about_before_it_is_kept(void)
{
    struct asked yes = {0}, no = {.answer = -1};
    struct snapshot_file f;
    struct iso_err err = {0};

    is_int(write_if_accepted("x.snap", &yes, &err), 0, "one that is accepted");
    ok(yes.times == 1 && yes.whole, "can be read whole when asked, once");
    is_int(snapshot_open("x.snap", &f, &err), 0, "and is kept");
    snapshot_close(&f);
    unlink("x.snap");
    ok(write_if_accepted("x.snap", &no, &err) == -1 && err.code == ISO_ABORTED &&
           strstr(err.msg, "not this one"),
       "one that is not fails with what was answered");
    is_int(entries(1), 0, "and leaves nothing");
}

static void test_a_snapshot_that_is_not_accepted_replaces_nothing(void)
{
    struct asked no = {.answer = -1};
    struct buf got = {0};
    struct iso_err err;
    int fd = open("x.snap", O_WRONLY | O_CREAT, 0644);

    fd_write_all(fd, "old", 3);
    close(fd);
    is_int(write_if_accepted("x.snap", &no, &err), -1, "it is refused");
    file_read("x.snap", 100, &got, &err);
    is_text(got.data, got.len, "old", "the old file is untouched");
    is_int(entries(1), 1, "and alone");
    buf_free(&got);
}

static void test_a_device_is_not_asked_about(void)
{
    struct asked no = {.answer = -1};
    struct iso_err err;

    ok(write_if_accepted("/dev/null", &no, &err) == 0 && no.times == 0, "it is written at once");
}

static int write_is_refused(const char *path, const char *says)
{
    struct iso_err err = {0};

    if (write_one(path, &err) == 0 || err.code != ISO_OUTPUT || !strstr(err.msg, says)) {
        printf("# %s\n", err.msg);
        fflush(stdout);
        return 1;
    }
    return 0;
}

static int write_locked(void)
{
    become_nobody();
    return write_is_refused("locked/x.snap", "denied");
}

/* Still what small() makes, and alone in its directory. */
static void is_untouched(const char *path, const char *name)
{
    struct buf want = small(), got = {0};
    struct iso_err err;

    ok(file_read(path, 1 << 20, &got, &err) == 0 && got.len == want.len &&
           memcmp(got.data, want.data, got.len) == 0,
       "%s", name);
    buf_free(&want);
    buf_free(&got);
}

static void test_without_permission_the_old_file_stays(void)
{
    struct iso_err err;

    mkdir("locked", 0755);
    write_one("locked/x.snap", &err);
    chmod("locked", 0555);
    is_int(apart(write_locked), 0, "it is an output error that says so");
    chmod("locked", 0755);
    is_untouched("locked/x.snap", "the old file is untouched");
    unlink("locked/x.snap");
    is_int(rmdir("locked"), 0, "and alone");
}

/* The file system fills up after the head, in the zeros, at the last byte. */
static rlim_t most;

static int write_too_much(void)
{
    struct rlimit limit = {most, most};

    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    return write_is_refused("x.snap", "'x.snap'") ? 1 : entries(0) != 1;
}

static void test_a_full_disk_leaves_the_old_file(void)
{
    static const rlim_t limits[] = {0, 1, SNAPSHOT_HEAD, SNAPSHOT_ALIGN, SNAPSHOT_ALIGN + BLOB_LEN - 1};
    struct iso_err err;

    write_one("x.snap", &err);
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        most = limits[i];
        is_int(apart(write_too_much), 0, "and nothing beside it");
        is_untouched("x.snap", "untouched");
    }
    entries(1);
}

static void test_places_that_cannot_be_written_are_output_errors(void)
{
    char longest[PATH_MAX + 100];

    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = 0;
    is_int(write_is_refused(longest, "cannot write"), 0, "a path that is too long");
    is_int(write_is_refused("missing/x.snap", "No such file"), 0, "a directory that is not there");
    is_int(write_is_refused("/dev/full", "No space"), 0, "a full device");
    mkdir("dir", 0755);
    is_int(write_is_refused("dir", "directory"), 0, "a directory");
    is_int(entries(1), 1, "nothing is left behind");
}

static void test_a_device_takes_a_snapshot(void)
{
    struct iso_err err;
    struct stat st;

    is_int(write_one("/dev/null", &err), 0, "/dev/null");
    ok(stat("/dev/null", &st) == 0 && S_ISCHR(st.st_mode), "and stays one");
}

static void test_a_heap_over_1_gib_is_not_written(void)
{
    struct snapshot_identity id = here();
    struct snapshot_view s = parts(&id, "{}", 2);
    struct snapshot_written w;
    struct iso_err err = {0};

    s.blob_len = SNAPSHOT_MAX_BYTES; /* the blob is not looked at: its length says enough */
    ok(snapshot_write("x.snap", &s, NULL, NULL, &w, &err) == -1 && err.code == ISO_OUTPUT, "%s", err.msg);
    is_int(entries(1), 0, "nothing is left behind");
}

int main(void)
{
    enter_scratch();
    test_digest_is_sha256();
    test_what_is_written_is_found();
    test_written_tells_size_and_digest();
    test_the_same_parts_make_the_same_bytes();
    test_the_layout_is_that_of_format_2();
    test_manifests_of_any_length_round_trip();
    test_close_is_harmless_twice();
    test_every_flipped_byte_is_noticed();
    test_every_truncation_is_refused();
    test_trailing_bytes_are_refused();
    test_parts_that_do_not_fit_are_refused();
    test_blobs_that_only_add_up_are_refused();
    test_texts_without_an_end_are_refused();
    test_another_format_names_both();
    test_other_files_are_no_snapshots();
    test_more_than_the_most_is_refused();
    test_identity_mismatches_name_both_sides();
    test_a_part_of_an_identity_is_another();
    test_what_cannot_be_opened_is_a_usage_error();
    test_what_is_no_snapshot_is_invalid();
    test_another_machine_is_a_mismatch();
    test_another_v8_is_for_the_worker_to_see();
    test_a_descriptor_is_taken_over();
    test_the_manifest_is_a_private_copy();
    test_damage_of_manifest_and_texts_is_noticed_at_once();
    test_a_file_that_changed_is_told();
    test_a_sealed_copy_cannot_change();
    test_a_snapshot_is_replaced_whole();
    test_a_snapshot_is_asked_about_before_it_is_kept();
    test_a_snapshot_that_is_not_accepted_replaces_nothing();
    test_a_device_is_not_asked_about();
    test_without_permission_the_old_file_stays();
    test_a_full_disk_leaves_the_old_file();
    test_places_that_cannot_be_written_are_output_errors();
    test_a_device_takes_a_snapshot();
    test_a_heap_over_1_gib_is_not_written();
    leave_scratch();
    return done_testing();
}
