/* SPDX-License-Identifier: MIT */
#include "fetch/target.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/file.h"

/* Refuses characters that the worker's URL parser would have escaped: they show that the worker was taken over. */
static int check_characters(const char *text, size_t len, struct refusal *why)
{
    if (len > URL_MOST)
        return refusal_set(why, REASON_URL, "the URL is longer than %d bytes", URL_MOST);
    for (size_t i = 0; i < len; i++)
        if (text[i] < 0x21 || text[i] > 0x7e || text[i] == '\\')
            return refusal_set(why, REASON_URL,
                               "the URL has a blank, a backslash or a character beyond ASCII, not escaped");
    return 0;
}

/* Refuses escapes in a host: they are zones of IPv6 addresses, or hide letters. */
static int check_authority(const char *text, size_t len, struct refusal *why)
{
    for (size_t i = 0; i < len && !strchr("/?#", text[i]); i++)
        if (text[i] == '%')
            return refusal_set(why, REASON_URL, "the URL has an escape in its host");
    return 0;
}

/* Accepts "https://" and "http://" only: libcurl knows more schemes, and takes one to three slashes. */
static int check_scheme(struct target *t, const char *text, size_t len, struct refusal *why)
{
    size_t n = 0;

    while (n < len && (isalnum((unsigned char)text[n]) || strchr("+-.", text[n])))
        n++;
    if (n == 0 || n == len || text[n] != ':')
        return refusal_set(why, REASON_URL, "the URL has no scheme");
    t->https = n == 5 && strncasecmp(text, "https", 5) == 0;
    if (!t->https && (n != 4 || strncasecmp(text, "http", 4) != 0))
        return refusal_set(why, REASON_SCHEME, "the scheme %.*s is neither https nor http",
                           (int)(n < 40 ? n : 40), text);
    if (len - n < 4 || memcmp(text + n, "://", 3) != 0 || text[n + 3] == '/')
        return refusal_set(why, REASON_URL, "the URL has no host");
    return check_authority(text + n + 3, len - n - 3, why);
}

static int refuse_parse(CURLUcode rc, struct refusal *why)
{
    if (rc == CURLUE_USER_NOT_ALLOWED)
        return refusal_set(why, REASON_CREDENTIALS, "the URL has a user name or password in it");
    if (rc == CURLUE_UNSUPPORTED_SCHEME || rc == CURLUE_BAD_SCHEME)
        return refusal_set(why, REASON_SCHEME, "the scheme is neither https nor http");
    return refusal_set(why, REASON_URL, "the URL is malformed (%s)", curl_url_strerror(rc));
}

static int is_host_name(const char *host)
{
    size_t label = 0;

    if (strlen(host) > 253)
        return 0;
    for (const char *p = host; *p; p++) {
        label = *p == '.' ? 0 : label + 1;
        if (*p == '.' ? p == host || p[-1] == '.'
                      : label > 63 || !(isalnum((unsigned char)*p) || *p == '-' || *p == '_'))
            return 0;
    }
    return *host != 0;
}

/* Stores the host in one spelling, which is checked, shown and connected to. */
static int set_host(struct target *t, const char *host)
{
    char *copy;

    if (curl_url_set(t->url, CURLUPART_HOST, host, 0) || curl_url_get(t->url, CURLUPART_HOST, &copy, 0))
        return -1;
    curl_free(t->host);
    t->host = copy;
    return 0;
}

static int check_host(struct target *t, struct refusal *why)
{
    char text[ADDRESS_TEXT];
    size_t len = strlen(t->host);

    for (char *p = t->host; *p; p++)
        *p = (char)tolower((unsigned char)*p);
    if (len && t->host[len - 1] == '.')
        return refusal_set(why, REASON_URL, "the host ends in a dot");
    switch (address_read(t->host, len, &t->asking.address)) {
    case 1:
        if (t->asking.address.family == AF_INET6)
            return 0;
        address_text(&t->asking.address, text);
        return set_host(t, text) < 0 ? refusal_set(why, REASON_URL, "the URL is malformed") : 0;
    case 0:
        t->asking.address.family = 0;
        if (is_host_name(t->host))
            return set_host(t, t->host) < 0 ? refusal_set(why, REASON_URL, "the URL is malformed") : 0;
    }
    return refusal_set(why, REASON_URL, "the host is neither a name nor an address");
}

/* Takes the parts of the parsed URL; from here on only these are used. */
static int take_parts(struct target *t, struct refusal *why)
{
    char *scheme = NULL, *query = NULL;

    if (curl_url_get(t->url, CURLUPART_SCHEME, &scheme, 0) ||
        curl_url_get(t->url, CURLUPART_HOST, &t->host, 0) ||
        curl_url_get(t->url, CURLUPART_PORT, &t->port, CURLU_DEFAULT_PORT) ||
        curl_url_get(t->url, CURLUPART_PATH, &t->path, 0) ||
        curl_url_set(t->url, CURLUPART_FRAGMENT, NULL, 0)) {
        curl_free(scheme);
        return refusal_set(why, REASON_URL, "the URL is malformed");
    }
    t->https = strcmp(scheme, "https") == 0;
    t->has_query = curl_url_get(t->url, CURLUPART_QUERY, &query, 0) == CURLUE_OK;
    curl_free(query);
    curl_free(scheme);
    t->asking.https = t->https;
    t->asking.path = t->path;
    t->asking.port = (unsigned)strtoul(t->port, NULL, 10);
    if (t->asking.port == 0)
        return refusal_set(why, REASON_URL, "the URL has the port 0");
    if (check_host(t, why) < 0)
        return -1;
    t->asking.host = t->host;
    return 0;
}

int target_read(struct target *t, const char *text, size_t len, struct refusal *why)
{
    AUTO_BUF struct buf copy = {0};
    CURLUcode rc;

    *t = (struct target){0};
    if (check_characters(text, len, why) < 0 || check_scheme(t, text, len, why) < 0)
        return -1;
    buf_add(&copy, text, len);
    buf_byte(&copy, 0);
    t->url = curl_url();
    if (!t->url || copy.failed)
        return refusal_set(why, REASON_NETWORK, "out of memory");
    rc = curl_url_set(t->url, CURLUPART_URL, copy.data, CURLU_DISALLOW_USER);
    return rc ? refuse_parse(rc, why) : take_parts(t, why);
}

/* Escapes bytes that a Location header must not hold as they are, as browsers do. */
static void escape_location(struct buf *out, const char *location)
{
    for (const char *p = location; *p; p++) {
        unsigned char c = (unsigned char)*p;

        if (c == ' ' || c > 0x7e)
            buf_printf(out, "%%%02X", c);
        else
            buf_byte(out, *p);
    }
}

int target_follow(struct target *t, const struct target *base, const char *location, struct refusal *why)
{
    AUTO_BUF struct buf escaped = {0};
    char *whole = NULL;
    CURLU *resolved;
    CURLUcode rc;
    int done;

    *t = (struct target){0};
    escape_location(&escaped, location);
    buf_byte(&escaped, 0);
    if (escaped.failed)
        return refusal_set(why, REASON_NETWORK, "out of memory");
    if (check_characters(escaped.data, escaped.len - 1, why) < 0)
        return -1;
    resolved = curl_url_dup(base->url);
    rc = resolved ? curl_url_set(resolved, CURLUPART_URL, escaped.data, CURLU_NON_SUPPORT_SCHEME)
                  : CURLUE_OUT_OF_MEMORY;
    if (rc == CURLUE_OK)
        rc = curl_url_get(resolved, CURLUPART_URL, &whole, 0);
    done = rc ? refuse_parse(rc, why) : target_read(t, whole, strlen(whole), why);
    curl_free(whole);
    curl_url_cleanup(resolved);
    return done;
}

void target_free(struct target *t)
{
    curl_url_cleanup(t->url);
    curl_free(t->host);
    curl_free(t->path);
    curl_free(t->port);
    *t = (struct target){0};
}

int target_same_origin(const struct target *a, const struct target *b)
{
    return a->https == b->https && a->asking.port == b->asking.port && strcmp(a->host, b->host) == 0;
}

void target_print(const struct target *t, struct buf *out)
{
    char *whole = NULL;

    if (curl_url_get(t->url, CURLUPART_URL, &whole, 0) == CURLUE_OK)
        buf_str(out, whole);
    curl_free(whole);
}

void target_print_short(const struct target *t, struct buf *out)
{
    buf_printf(out, "http%s://%s", t->https ? "s" : "", t->host);
    if (t->asking.port != (t->https ? 443 : 80))
        buf_printf(out, ":%u", t->asking.port);
    buf_printf(out, "%.300s%s", t->path, t->has_query ? "?..." : "");
}
