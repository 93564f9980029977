/* SPDX-License-Identifier: MIT */
/* tools/mkhost.c - makes v8-host, the program that contains V8, from a Node.js executable; a step of the build, not
 * installed.
 *
 *     mkhost needs NODE         prints the symbols that the worker object has to define: a version script for ld
 *     mkhost wants NODE         prints the same names as an input file of ld, so that archives provide them
 *     mkhost copied NODE        prints those that are data which the executable copies, for --dynamic-list of ld
 *     mkhost describe NODE      prints its build id, and the places of code that most runs use, as a header
 *     mkhost make NODE OUT      writes the executable, with less work before main()
 *     mkhost bind NODE IN OUT   writes the worker object with the addresses of the executable's functions that it calls
 *
 * A worker is started for every run, and a fifth of its time was spent before its first line: to look up symbols (most
 * of them in libstdc++ or in the executable, for their own use), to map libraries that are empty since glibc 2.34 or
 * little used, and in initialisers of Node.js. So the worker object is linked with the needed parts of the compiler's
 * libraries. The copy of the executable made here does not load those libraries, has the addresses of its own symbols,
 * and starts only the parts of V8. Its code stays the same, byte by byte, and so does its build id. */
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tools/elf_image.h"
#include "worker/process/exports.h"
#include "worker/process/hugehost.h"

#define LIBC "libc.so.6"

enum home { ITS_OWN, IN_WORKER, IN_LIBC };

#if !__GLIBC_PREREQ(2, 34)
#error "iso4 needs glibc 2.34 or later, where libdl and libpthread are parts of libc"
#endif

/* Libraries that are not loaded any more, and the place of their symbols. libgcc_s stays, because its archive exports
 * no symbols. */
static const struct library {
    const char *name;
    enum home home;
} libraries[] = {
    {"libstdc++.so.6", IN_WORKER}, {"libatomic.so.1", IN_WORKER}, {"libdl.so.2", IN_LIBC},
    {"libpthread.so.0", IN_LIBC},  {"librt.so.1", IN_LIBC},
};

/* Initialisers of Node.js's own files, as clang names them. V8 and abseil have none (-Wglobal-constructors), and
 * those of templates and libraries go by other names. */
#define OF_NODE "_GLOBAL__sub_I_*.cc"

/* ---- versions of symbols, which name the library of a symbol */

static enum home home_of(const char *library)
{
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++)
        if (strcmp(library, libraries[i].name) == 0)
            return libraries[i].home;
    return ITS_OWN;
}

static Elf64_Verneed *first_need(const struct image *m)
{
    return table(m, DT_VERNEED, sizeof(Elf64_Verneed));
}

static Elf64_Verneed *next_need(const struct image *m, Elf64_Verneed *need)
{
    return need->vn_next
               ? at(m, (uint64_t)((unsigned char *)need - m->data) + need->vn_next, sizeof(Elf64_Verneed))
               : NULL;
}

static int has_version(const struct image *m, const Elf64_Verneed *need, unsigned version)
{
    uint64_t offset = (uint64_t)((const unsigned char *)need - m->data) + need->vn_aux;

    for (unsigned i = 0; i < need->vn_cnt; i++) {
        const Elf64_Vernaux *aux = at(m, offset, sizeof *aux);
        if ((aux->vna_other & 0x7fffu) == version)
            return 1;
        offset += aux->vna_next;
    }
    return 0;
}

static enum home home_of_version(const struct image *m, unsigned version)
{
    for (Elf64_Verneed *need = first_need(m); need; need = next_need(m, need))
        if (has_version(m, need, version & 0x7fffu))
            return home_of(text(m, need->vn_file));
    return ITS_OWN;
}

/* ---- the symbols that the worker object has to define */

struct listing {
    const char *before, *after;
    int only_copied;
    char seen[1 << 17];
};

static void list_symbol(struct image *m, Elf64_Rela *r, void *data)
{
    struct listing *l = data;
    size_t index = ELF64_R_SYM(r->r_info);
    int copied = ELF64_R_TYPE(r->r_info) == COPY;

    if (index >= sizeof l->seen || l->seen[index] || (l->only_copied && !copied) ||
        (symbol_of(m, r)->st_shndx != SHN_UNDEF && !copied) ||
        home_of_version(m, *version_of(m, r)) != IN_WORKER)
        return;
    l->seen[index] = 1;
    printf("%s%s%s", l->before, text(m, symbol_of(m, r)->st_name), l->after);
}

static void list(struct image *m, int only_copied, const char *before, const char *after)
{
    static struct listing l;

    l = (struct listing){.before = before, .after = after, .only_copied = only_copied};
    each_relocation(m, list_symbol, &l);
}

static void print_needs(struct image *m)
{
    printf("{\nglobal:\n");
#define X(name) printf("    %s;\n", #name);
    WORKER_EXPORTS(X)
#undef X
    list(m, 0, "    ", ";\n");
    printf("local:\n    *;\n};\n");
}

static void print_wants(struct image *m)
{
    printf("EXTERN(\n");
    list(m, 0, "    ", "\n");
    printf(")\n");
}

static void print_copied(struct image *m)
{
    printf("{\n");
    list(m, 1, "    ", ";\n");
    printf("};\n");
}

/* Functions and tables that nearly every run uses, by name; most tables have no name. A huge page is chosen when it
 * holds this many of one kind. The compilers are left out: only long runs use them. */
static const struct {
    const char *name, *but;
    unsigned least;
} often_used[] = {
    {"*2v88internal*", "*@(8compiler|4wasm|6maglev)*", 400},
    {"Builtins_*", "", 400},
    {"_ZL21ucase_props_trieIndex", "", 1},            /* ICU: what is a letter */
    {"_ZN7simdutf23utf8_length_from_latin1*", "", 1}, /* texts that go out */
    {"_ZN4absl5Mutex4lockEv", "", 1},
    {"_ZN2v84base5Mutex4LockEv", "", 1},
    {"_ZN2v88platform15PumpMessageLoop*", "", 1},
};

/* Huge pages of the executable that are considered. */
#define BLOCKS 512

static int is_read_only(const struct image *m, uint64_t block)
{
    const Elf64_Phdr *p = segments(m);

    for (int i = 0; i < m->head->e_phnum; i++)
        if (p[i].p_type == PT_LOAD && !(p[i].p_flags & PF_W) && block >= p[i].p_vaddr &&
            block + HUGE_PAGE <= p[i].p_vaddr + p[i].p_filesz)
            return 1;
    return 0;
}

static void count_names(const struct names *n, const char *pattern, const char *but, unsigned counts[BLOCKS])
{
    for (size_t i = 0; i < n->count; i++) {
        const Elf64_Sym *s = &n->symbols[i];
        unsigned kind = ELF64_ST_TYPE(s->st_info);
        const char *name = kind == STT_OBJECT || kind == STT_FUNC ? name_of(n, s) : NULL;

        if (name && s->st_value / HUGE_PAGE < BLOCKS && fnmatch(pattern, name, 0) == 0 &&
            fnmatch(but, name, FNM_EXTMATCH) != 0)
            counts[s->st_value / HUGE_PAGE]++;
    }
}

static void print_often_used(const struct image *m)
{
    struct names names = find_names(m);
    char chosen[BLOCKS] = {0};

    for (size_t i = 0; i < sizeof often_used / sizeof *often_used; i++) {
        unsigned counts[BLOCKS] = {0};
        count_names(&names, often_used[i].name, often_used[i].but, counts);
        for (uint64_t b = 0; b < BLOCKS; b++)
            chosen[b] |= counts[b] >= often_used[i].least && is_read_only(m, b * HUGE_PAGE);
    }
    printf("#define HOST_OFTEN_USED");
    for (uint64_t b = 0; b < BLOCKS && m->head->e_type == ET_EXEC; b++)
        if (chosen[b])
            printf(" %#llx,", (unsigned long long)(b * HUGE_PAGE));
    printf("\n");
}

static void describe(const struct image *m)
{
    char id[BUILD_ID_TEXT] = "unknown";

    (void)find_id(m, id);
    printf("#define HOST_BUILD_ID \"%s\"\n", id);
    print_often_used(m);
}

/* ---- the executable */

/* Sets the addresses of the executable's own symbols. They are known: an executable uses its own definitions before
 * those of libraries, and this one is loaded at the address in its file. */
static void settle(struct image *m, Elf64_Rela *r, void *data)
{
    const Elf64_Sym *s = symbol_of(m, r);
    unsigned type = ELF64_R_TYPE(r->r_info), kind = ELF64_ST_TYPE(s->st_info);
    uint64_t *place = loaded(m, r->r_offset, sizeof *place);
    size_t *settled = data;

    if ((type != WORD && type != DATA && type != CODE) || s->st_shndx == SHN_UNDEF || !place ||
        kind == STT_GNU_IFUNC || kind == STT_TLS)
        return;
    *place = s->st_value + (uint64_t)r->r_addend;
    r->r_info = ELF64_R_INFO(0, NOTHING);
    ++*settled;
}

static void set_free(struct image *m, Elf64_Rela *r, void *data)
{
    (void)data;
    if (home_of_version(m, *version_of(m, r)) == IN_WORKER)
        *version_of(m, r) = VER_NDX_GLOBAL;
}

/* Changes the versions that name libraries which are not loaded any more. Symbols that libc has are taken from libc,
 * whose functions differ by version; the worker object has one version of each. */
static void move_versions(struct image *m)
{
    Elf64_Verneed *last = NULL, *need, *next;
    Elf64_Dyn *start = find_tag(m, DT_VERNEED), *count = find_tag(m, DT_VERNEEDNUM);
    uint64_t libc = 0;

    for (size_t i = 0; i < m->entries; i++)
        if (m->dynamic[i].d_tag == DT_NEEDED && strcmp(text(m, m->dynamic[i].d_un.d_val), LIBC) == 0)
            libc = m->dynamic[i].d_un.d_val;
    if (!libc || !count)
        die("does not need %s", LIBC);
    each_relocation(m, set_free, NULL);
    for (need = first_need(m); need; need = next) {
        enum home home = home_of(text(m, need->vn_file));
        next = next_need(m, need);
        if (home == IN_LIBC)
            need->vn_file = (Elf64_Word)libc;
        if (home != IN_WORKER) {
            last = need;
            continue;
        }
        if (!last)
            start->d_un.d_ptr += need->vn_next;
        else
            last->vn_next = need->vn_next ? last->vn_next + need->vn_next : 0;
        count->d_un.d_val--;
    }
}

/* 1 for entries to drop. DT_INIT only calls OpenSSL's detection of the processor, which is slow under a hypervisor. */
static int is_dropped(const struct image *m, const Elf64_Dyn *d)
{
    return d->d_tag == DT_INIT || (d->d_tag == DT_NEEDED && home_of(text(m, d->d_un.d_val)) != ITS_OWN);
}

static void drop_entries(struct image *m)
{
    size_t kept = 0;

    for (size_t i = 0; i < m->entries; i++)
        if (!is_dropped(m, &m->dynamic[i]))
            m->dynamic[kept++] = m->dynamic[i];
    memset(m->dynamic + kept, 0, (m->entries - kept) * sizeof *m->dynamic);
    m->entries = kept;
}

static int is_of_node(const struct names *n, uint64_t function)
{
    for (size_t i = 0; i < n->count; i++) {
        const Elf64_Sym *s = &n->symbols[i];
        const char *name = name_of(n, s);
        if (s->st_value == function && ELF64_ST_TYPE(s->st_info) == STT_FUNC && name &&
            fnmatch(OF_NODE, name, 0) == 0)
            return 1;
    }
    return 0;
}

static size_t drop_initialisers(struct image *m)
{
    Elf64_Dyn *bytes = find_tag(m, DT_INIT_ARRAYSZ);
    size_t count = bytes ? bytes->d_un.d_val / sizeof(uint64_t) : 0, kept = 0;
    uint64_t *init = count ? table(m, DT_INIT_ARRAY, count * sizeof *init) : NULL;
    struct names names = find_names(m);

    for (size_t i = 0; i < count; i++)
        if (!is_of_node(&names, init[i]))
            init[kept++] = init[i];
    if (bytes)
        bytes->d_un.d_val = kept * sizeof *init;
    return count - kept;
}

/* Bytes for each write. Linux keeps bytes of one write in one piece of the page cache, if the file system supports that
 * (ext4: Linux 6.16), and maps large pieces faster: 17 % of a start. But pieces are mapped as a whole, and count as
 * resident memory: 7 MB more with this size, 25 MB with pieces of 2 MB. */
#define PIECE (128u << 10)

static void write_out(const struct image *m, const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
    size_t done = 0;

    if (fd < 0)
        die("%s: %s", path, strerror(errno));
    while (done < m->len) {
        ssize_t n = write(fd, m->data + done, m->len - done < PIECE ? m->len - done : PIECE);
        if (n < 0)
            die("%s: %s", path, strerror(errno));
        done += (size_t)n;
    }
    if (close(fd) < 0)
        die("%s: %s", path, strerror(errno));
}

/* The addresses of a position-independent executable are not known, so nothing that needs them is changed. */
static void make(struct image *m, const char *path)
{
    size_t settled = 0, dropped = 0;

    if (m->head->e_type == ET_EXEC) {
        each_relocation(m, settle, &settled);
        dropped = drop_initialisers(m);
    }
    move_versions(m);
    drop_entries(m);
    write_out(m, path);
    printf("mkhost: %zu symbols settled, %zu initialisers dropped\n", settled, dropped);
}

/* ---- the worker object, which works with this executable only: it checks the build id */

struct binding {
    const struct image *host;
    const Elf64_Sym *symbols;
    size_t count, bound;
};

static const Elf64_Sym *exported(const struct binding *b, const char *name)
{
    for (size_t i = 0; i < b->count; i++)
        if (b->symbols[i].st_shndx != SHN_UNDEF && strcmp(text(b->host, b->symbols[i].st_name), name) == 0)
            return &b->symbols[i];
    return NULL;
}

static void bind_one(struct image *m, Elf64_Rela *r, void *data)
{
    struct binding *b = data;
    const Elf64_Sym *wanted = symbol_of(m, r), *s;
    unsigned type = ELF64_R_TYPE(r->r_info);
    uint64_t *place = loaded(m, r->r_offset, sizeof *place);

    if ((type != WORD && type != DATA && type != CODE) || !place || wanted->st_shndx != SHN_UNDEF)
        return;
    s = exported(b, text(m, wanted->st_name));
    if (!s || ELF64_ST_TYPE(s->st_info) == STT_GNU_IFUNC || ELF64_ST_TYPE(s->st_info) == STT_TLS)
        return;
    *place = s->st_value + (uint64_t)r->r_addend;
    r->r_info = ELF64_R_INFO(0, NOTHING);
    b->bound++;
}

static void bind(struct image *host, const char *path, const char *out)
{
    const Elf64_Shdr *s = at(host, host->head->e_shoff, (uint64_t)host->head->e_shnum * sizeof *s);
    struct binding b = {.host = host};
    struct image worker = {0};
    char id[BUILD_ID_TEXT];

    /* Without an id nothing would keep the object from another executable, which may have other addresses. */
    for (int i = 0; i < host->head->e_shnum && host->head->e_type == ET_EXEC && find_id(host, id); i++)
        if (s[i].sh_type == SHT_DYNSYM) {
            b.symbols = at(host, s[i].sh_offset, s[i].sh_size);
            b.count = s[i].sh_size / sizeof *b.symbols;
        }
    open_image(&worker, path);
    each_relocation(&worker, bind_one, &b);
    write_out(&worker, out);
    printf("mkhost: %zu addresses of the executable in the worker object\n", b.bound);
}

int main(int argc, char **argv)
{
    struct image m = {0};

    if (argc < 3) {
        fprintf(stderr, "usage: mkhost needs|wants|copied|describe NODE, mkhost make NODE OUT, mkhost bind "
                        "NODE IN OUT\n");
        return 2;
    }
    open_image(&m, argv[2]);
    if (strcmp(argv[1], "needs") == 0)
        print_needs(&m);
    else if (strcmp(argv[1], "wants") == 0)
        print_wants(&m);
    else if (strcmp(argv[1], "copied") == 0)
        print_copied(&m);
    else if (strcmp(argv[1], "describe") == 0)
        describe(&m);
    else if (strcmp(argv[1], "make") == 0 && argc == 4)
        make(&m, argv[3]);
    else if (strcmp(argv[1], "bind") == 0 && argc == 5)
        bind(&m, argv[3], argv[4]);
    else
        return 2;
    return fflush(stdout) == 0 ? 0 : 1;
}
