/* SPDX-License-Identifier: MIT */
/* URLs, with the parser in Node.js's executable (ada, through its C interface): it passes the tests of the web
 * platform, and does not enlarge the snapshot. */
#include <algorithm>

#include "worker/natives.h"

extern "C" {
/* The used part of ada's C interface, which the headers of Node.js lack. */
typedef void *ada_url;
typedef void *ada_params;
typedef void *ada_params_iter;
struct ada_string {
    const char *data;
    size_t length;
};
struct ada_pair {
    struct ada_string key, value;
};
ada_url ada_parse(const char *input, size_t length);
ada_url ada_parse_with_base(const char *input, size_t length, const char *base, size_t base_length);
bool ada_can_parse(const char *input, size_t length);
bool ada_can_parse_with_base(const char *input, size_t length, const char *base, size_t base_length);
bool ada_is_valid(ada_url);
void ada_free(ada_url);
struct ada_string ada_get_href(ada_url);
struct ada_string ada_get_username(ada_url);
struct ada_string ada_get_password(ada_url);
struct ada_string ada_get_host(ada_url);
struct ada_string ada_get_hostname(ada_url);
struct ada_string ada_get_port(ada_url);
struct ada_string ada_get_pathname(ada_url);
struct ada_string ada_get_search(ada_url);
struct ada_string ada_get_hash(ada_url);
struct ada_string ada_get_protocol(ada_url);
bool ada_set_href(ada_url, const char *, size_t);
bool ada_set_username(ada_url, const char *, size_t);
bool ada_set_password(ada_url, const char *, size_t);
bool ada_set_host(ada_url, const char *, size_t);
bool ada_set_hostname(ada_url, const char *, size_t);
bool ada_set_port(ada_url, const char *, size_t);
bool ada_set_pathname(ada_url, const char *, size_t);
void ada_set_search(ada_url, const char *, size_t);
void ada_set_hash(ada_url, const char *, size_t);
bool ada_set_protocol(ada_url, const char *, size_t);
ada_params ada_parse_search_params(const char *input, size_t length);
void ada_free_search_params(ada_params);
ada_params_iter ada_search_params_get_entries(ada_params);
void ada_free_search_params_entries_iter(ada_params_iter);
bool ada_search_params_entries_iter_has_next(ada_params_iter);
struct ada_pair ada_search_params_entries_iter_next(ada_params_iter);
}

namespace iso
{

using namespace v8;

/* Longer inputs are refused like malformed ones: the parser counts in 32 bits, and a part can grow sixfold. */
#define MOST_URL (256u << 20)

enum part { PROTOCOL, USERNAME, PASSWORD, HOST, HOSTNAME, PORT, PATHNAME, SEARCH, HASH, PARTS, HREF = PARTS };

class Url
{
  public:
    explicit Url(ada_url parsed) : url(parsed) {}
    ~Url()
    {
        ada_free(url);
    }
    Url(const Url &) = delete;
    bool valid() const
    {
        return ada_is_valid(url);
    }
    ada_url url;
};

static bool usv(Isolate *isolate, Local<Value> value, std::string *out)
{
    if (!value->IsString() || (size_t)value.As<String>()->Length() > MOST_URL / 3)
        return false;
    *out = utf8(isolate, value.As<String>());
    return true;
}

/* Returns [href, start, length, ...]: every part is a piece of the href, which is ASCII. */
static void return_url(const NativeInfo &info, ada_url url)
{
    static ada_string (*const get[])(ada_url) = {ada_get_protocol, ada_get_username, ada_get_password,
                                                 ada_get_host,     ada_get_hostname, ada_get_port,
                                                 ada_get_pathname, ada_get_search,   ada_get_hash};
    Isolate *isolate = info.GetIsolate();
    ada_string href = ada_get_href(url);
    Local<Value> all[1 + 2 * PARTS];
    Local<String> shown;

    if (!String::NewFromOneByte(isolate, reinterpret_cast<const uint8_t *>(href.data), NewStringType::kNormal,
                                static_cast<int>(href.length))
             .ToLocal(&shown))
        return;
    all[0] = shown;
    for (int i = 0; i < PARTS; i++) {
        ada_string one = get[i](url);
        bool inside =
            one.length > 0 && one.data >= href.data && one.data + one.length <= href.data + href.length;
        all[1 + 2 * i] = Integer::New(isolate, inside ? static_cast<int>(one.data - href.data) : 0);
        all[2 + 2 * i] = Integer::New(isolate, inside ? static_cast<int>(one.length) : 0);
    }
    info.GetReturnValue().Set(Array::New(isolate, all, 1 + 2 * PARTS));
}

void url_parse(const NativeInfo &info)
{
    std::string input, base;
    bool based = info.Length() == 2;

    if (info.Length() < 1 || !usv(info.GetIsolate(), info[0], &input) ||
        (based && !usv(info.GetIsolate(), info[1], &base)))
        return;
    Url parsed(based ? ada_parse_with_base(input.data(), input.size(), base.data(), base.size())
                     : ada_parse(input.data(), input.size()));
    if (parsed.valid())
        return_url(info, parsed.url);
}

void url_can_parse(const NativeInfo &info)
{
    std::string input, base;
    bool based = info.Length() == 2, can = false;

    if (info.Length() >= 1 && usv(info.GetIsolate(), info[0], &input) &&
        (!based || usv(info.GetIsolate(), info[1], &base)))
        can = based ? ada_can_parse_with_base(input.data(), input.size(), base.data(), base.size())
                    : ada_can_parse(input.data(), input.size());
    info.GetReturnValue().Set(can);
}

static bool set_part(ada_url url, int part, const std::string &value)
{
    static bool (*const set[])(ada_url, const char *,
                               size_t) = {ada_set_protocol, ada_set_username, ada_set_password, ada_set_host,
                                          ada_set_hostname, ada_set_port,     ada_set_pathname};

    if (part == HREF)
        return ada_set_href(url, value.data(), value.size());
    if (part == SEARCH)
        ada_set_search(url, value.data(), value.size());
    else if (part == HASH)
        ada_set_hash(url, value.data(), value.size());
    else
        (void)set[part](url, value.data(), value.size()); /* false: the URL stays as it is */
    return true;
}

void url_set(const NativeInfo &info)
{
    std::string href, value;

    if (info.Length() != 3 || !info[1]->IsInt32() || !usv(info.GetIsolate(), info[0], &href) ||
        !usv(info.GetIsolate(), info[2], &value))
        return;
    int part = info[1].As<Int32>()->Value();
    if (part < 0 || part > HREF)
        return;
    Url parsed(ada_parse(href.data(), href.size()));
    if (parsed.valid() && set_part(parsed.url, part, value))
        return_url(info, parsed.url);
}

/* ---- application/x-www-form-urlencoded */

void form_parse(const NativeInfo &info)
{
    Isolate *isolate = info.GetIsolate();
    Local<Context> context = isolate->GetCurrentContext();
    std::string input;
    uint32_t at = 0;

    if (info.Length() != 1 || !usv(isolate, info[0], &input))
        return;
    Local<Array> list = Array::New(isolate);
    ada_params params = ada_parse_search_params(input.data(), input.size());
    ada_params_iter entries = ada_search_params_get_entries(params);
    while (ada_search_params_entries_iter_has_next(entries)) {
        ada_pair pair = ada_search_params_entries_iter_next(entries);
        for (const ada_string &one : {pair.key, pair.value}) {
            Local<String> shown;
            if (!String::NewFromUtf8(isolate, one.data, NewStringType::kNormal, static_cast<int>(one.length))
                     .ToLocal(&shown) ||
                list->CreateDataProperty(context, at++, shown).IsNothing())
                goto out; /* terminated */
        }
    }
    info.GetReturnValue().Set(list);
out:
    ada_free_search_params_entries_iter(entries);
    ada_free_search_params(params);
}

static void form_encode(std::string *out, const std::string &in)
{
    static const char digits[] = "0123456789ABCDEF";

    for (unsigned char c : in)
        if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '*' ||
            c == '-' || c == '.' || c == '_')
            out->push_back((char)c);
        else if (c == ' ')
            out->push_back('+');
        else
            out->append({'%', digits[c >> 4], digits[c & 15]});
}

void form_serialize(const NativeInfo &info)
{
    Isolate *isolate = info.GetIsolate();
    Local<Context> context = isolate->GetCurrentContext();
    std::string all, one;
    Local<String> shown;

    if (info.Length() != 1 || !info[0]->IsArray())
        return;
    Local<Array> list = info[0].As<Array>();
    for (uint32_t i = 0; i < list->Length(); i++) {
        Local<Value> item;
        if (!list->Get(context, i).ToLocal(&item) || !usv(isolate, item, &one))
            return;
        if (i > 0)
            all += i % 2 ? '=' : '&';
        form_encode(&all, one);
    }
    if (String::NewFromOneByte(isolate, reinterpret_cast<const uint8_t *>(all.data()), NewStringType::kNormal,
                               static_cast<int>(std::min<size_t>(all.size(), INT32_MAX)))
            .ToLocal(&shown))
        info.GetReturnValue().Set(shown);
}

} // namespace iso
