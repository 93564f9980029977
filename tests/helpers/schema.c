/* SPDX-License-Identifier: MIT */
/* schema check - reads lines [schema, value, ...] and answers each with a JSON array: what schema_compile()
 * says, or null, and what schema_check() says of each value. schema keywords - prints the keywords of the table. schema dts - reads lines ["type" or "value" or
 * "parameters" or "name" or "comment", JSON] and answers each with what host/dts/dts.h makes of it, as a JSON
 * string. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/dts/dts.h"
#include "host/schema/keywords.h"
#include "host/schema/schema.h"

static void put_text(const char *text, size_t len)
{
    struct buf quoted = {0};

    json_quote(&quoted, text, len);
    fwrite(quoted.data, 1, quoted.len, stdout);
    buf_free(&quoted);
}

static void check_value(const struct schema *schema, struct json value)
{
    struct work work = {.left = schema_work_for(value.len)};
    struct buf why = {0};

    putchar(',');
    if (schema_check(schema, value, "value", &work, &why) != SCHEMA_FITS)
        put_text(why.data, why.len);
    else
        printf("null");
    buf_free(&why);
}

static void check(struct json line)
{
    struct json_walk w = json_walk(line);
    struct json text, value;
    struct schema *schema;
    struct iso_err err;

    json_next(&w, NULL, &text);
    if (schema_compile(text, "schema", &schema, &err) < 0) {
        putchar('[');
        put_text(err.msg, strlen(err.msg));
        puts("]");
        return;
    }
    printf("[null");
    while (json_next(&w, NULL, &value))
        check_value(schema, value);
    puts("]");
    schema_free(schema);
}

static void declare(struct json line)
{
    struct json_walk w = json_walk(line);
    struct json what, of;
    struct buf out = {0};

    json_next(&w, NULL, &what);
    json_next(&w, NULL, &of);
    if (json_is(what, "type"))
        dts_type(&out, of, 0);
    else if (json_is(what, "value"))
        dts_type_of_value(&out, of, 0);
    else if (json_is(what, "parameters"))
        dts_parameters(&out, of, 0);
    else if (json_is(what, "name"))
        dts_property_name(&out, of);
    else
        dts_comment(&out, of, 0);
    put_text(out.data ? out.data : "", out.len);
    putchar('\n');
    buf_free(&out);
}

int main(int argc, char **argv)
{
    int declaring = argc == 2 && strcmp(argv[1], "dts") == 0;
    char *line = NULL;
    size_t size = 0;
    ssize_t len;

    if (argc == 2 && strcmp(argv[1], "keywords") == 0) {
        for (int i = 0; i < KEYWORD_COUNT; i++)
            puts(keyword_rows[i].name);
        return 0;
    }
    if (argc != 2 || (!declaring && strcmp(argv[1], "check") != 0))
        return 2;
    while ((len = getline(&line, &size, stdin)) > 0) {
        if (json_check(line, (size_t)len, NULL, NULL) < 0)
            return 1;
        (declaring ? declare : check)(json_whole(line, (size_t)len));
    }
    free(line);
    return 0;
}
