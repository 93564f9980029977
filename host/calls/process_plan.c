/* SPDX-License-Identifier: MIT */
#include "host/calls/process_plan.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file.h"

/* ---- making a plan */

static char *decoded(struct json literal)
{
    struct buf text = {0};

    json_decode(&text, literal);
    buf_byte(&text, 0);
    if (text.failed)
        buf_free(&text);
    return text.data;
}

static char *joined(const char *a, const char *between, const char *b)
{
    char *text;

    return asprintf(&text, "%s%s%s", a, between, b) < 0 ? NULL : text;
}

/* The path relative to the folder of the definition. Takes over `path`. */
static char *placed(const char *dir, char *path)
{
    char *whole;

    if (!path || *path == '/' || !*dir)
        return path;
    whole = joined(dir, "/", path);
    free(path);
    return whole;
}

int process_is_neighbour(const struct stub *s, const char *argument)
{
    struct stat st;
    char *path;
    int is;

    if (!*s->dir || s->options[STUB_OPTION_CWD].at || !*argument || strchr("/-", *argument))
        return 0;
    path = joined(s->dir, "/", argument);
    is = path && stat(path, &st) == 0 && S_ISREG(st.st_mode);
    free(path);
    return is;
}

/* Makes an absolute path of an argument that names a file in the folder of the definitions, so that it means the same
 * in every folder. If the definition has a cwd, arguments are relative to it and are not changed. */
static char *argument(const struct stub *s, struct json item)
{
    char *text = decoded(item);

    return text && process_is_neighbour(s, text) ? placed(s->dir, text) : text;
}

static int make_argv(struct process_plan *p, const struct stub *s)
{
    struct json item;
    size_t n = 0;

    p->argv = calloc(json_count(s->main) + 1, sizeof *p->argv);
    if (!p->argv)
        return -1;
    for (struct json_walk w = json_walk(s->main); json_next(&w, NULL, &item); n++)
        if (!(p->argv[n] = n ? argument(s, item) : decoded(item)))
            return -1;
    p->file = strdup(p->argv[0]);
    if (p->file && strchr(p->file, '/'))
        p->file = placed(s->dir, p->file);
    if (s->options[STUB_OPTION_CWD].at && !(p->cwd = placed(s->dir, decoded(s->options[STUB_OPTION_CWD]))))
        return -1;
    return p->file ? 0 : -1;
}

static int is_set(struct json env, const char *name)
{
    return json_member(env, name).at != NULL;
}

static int make_environment(struct process_plan *p, const struct stub *s)
{
    static const char *const kept[] = {"PATH", "HOME", "LANG", "TZ"};
    struct json env = s->options[STUB_OPTION_ENV], name, value;
    size_t n = 0;

    p->env = calloc(json_count(env) + sizeof kept / sizeof *kept + 1, sizeof *p->env);
    if (!p->env)
        return -1;
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        if (getenv(kept[i]) && !is_set(env, kept[i]) &&
            !(p->env[n++] = joined(kept[i], "=", getenv(kept[i]))))
            return -1;
    for (struct json_walk w = json_walk(env); json_next(&w, &name, &value);) {
        struct json from = json_member(value, "fromEnv");
        char *variable = decoded(name), *text = decoded(from.at ? from : value);
        const char *content = from.at && text ? getenv(text) : text;

        if (variable && content)
            p->env[n++] = joined(variable, "=", content);
        free(variable);
        free(text);
    }
    return 0;
}

static void free_list(char **list)
{
    for (size_t i = 0; list && list[i]; i++)
        free(list[i]);
    free(list);
}

void process_plan_free(struct process_plan *p)
{
    free_list(p->argv);
    free_list(p->env);
    free(p->file);
    free(p->cwd);
}

int process_plan_make(struct process_plan *p, const struct stub *s)
{
    *p = (struct process_plan){0};
    return make_argv(p, s) < 0 || make_environment(p, s) < 0 ? -1 : 0;
}

/* ---- checking a plan */

/* Reads the program that runs a script from the script's first line. Empty: the file is not a script. */
static void read_interpreter(const char *path, char name[PATH_MAX])
{
    AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    char line[PATH_MAX + 2];
    ssize_t n = fd < 0 ? 0 : read(fd, line, sizeof line - 1);
    const char *from = line + 2;

    *name = 0;
    if (n < 3 || memcmp(line, "#!", 2) != 0)
        return;
    line[n] = 0;
    from += strspn(from, " \t");
    snprintf(name, PATH_MAX, "%.*s", (int)strcspn(from, " \t\r\n"), from);
}

static int check_interpreter(const char *path, const char *shown, struct iso_err *err)
{
    char name[PATH_MAX];
    struct stat st;

    read_interpreter(path, name);
    errno = EACCES;
    if (*name != '/' || (stat(name, &st) == 0 && S_ISREG(st.st_mode) && access(name, X_OK) == 0))
        return 0;
    return iso_fail(err, ISO_USAGE, "names the program '%.150s', whose first line asks for '%.100s': %m",
                    shown, name);
}

/* 0: the file can be started. 1: there is no such file. */
static int check_file(const char *path, const char *shown, struct iso_err *err)
{
    struct stat st;

    if (stat(path, &st) < 0 && (errno == ENOENT || errno == ENOTDIR))
        return 1;
    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return iso_fail(err, ISO_USAGE, "names the program '%.200s', which is a folder", shown);
    if (access(path, X_OK) < 0)
        return iso_fail(err, ISO_USAGE, "names the program '%.200s', which cannot be executed: %m%s", shown,
                        errno == EACCES ? " (chmod +x)" : "");
    return check_interpreter(path, shown, err);
}

static const char *search_path(char *const *env)
{
    for (; *env; env++)
        if (strncmp(*env, "PATH=", 5) == 0)
            return *env + 5;
    return "/bin:/usr/bin"; /* the default of execvp(3) */
}

/* Looks for the program in PATH. Relative folders are skipped: they belong to the program's working directory. */
static int check_search(const struct process_plan *p, struct iso_err *err)
{
    const char *path = search_path(p->env), *at = path;
    char whole[PATH_MAX];

    for (size_t len; *at; at += len + (at[len] == ':')) {
        len = strcspn(at, ":");
        if (*at != '/')
            return 0;
        snprintf(whole, sizeof whole, "%.*s/%s", (int)len, at, p->file);
        if (access(whole, X_OK) == 0)
            return check_file(whole, p->file, err);
    }
    return iso_fail(err, ISO_USAGE, "names the program '%.150s', which is not in PATH (%.150s)", p->file,
                    path);
}

static int check_directory(const char *cwd, struct iso_err *err)
{
    struct stat st;

    if (stat(cwd, &st) < 0 || (S_ISDIR(st.st_mode) && access(cwd, X_OK) < 0))
        return iso_fail(err, ISO_USAGE, "has the cwd '%.200s', which cannot be entered: %m", cwd);
    return S_ISDIR(st.st_mode) ? 0
                               : iso_fail(err, ISO_USAGE, "has the cwd '%.200s', which is no folder", cwd);
}

int process_plan_check(const struct process_plan *p, struct iso_err *err)
{
    int rc;

    if (p->cwd && check_directory(p->cwd, err) < 0)
        return -1;
    if (!strchr(p->file, '/'))
        return check_search(p, err);
    rc = check_file(p->file, p->file, err);
    return rc > 0 ? iso_fail(err, ISO_USAGE, "names the program '%.200s', which is not there", p->file) : rc;
}
