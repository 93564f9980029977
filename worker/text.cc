/* SPDX-License-Identifier: MIT */
/* Turns JavaScript strings into UTF-8 and JSON literals, directly from V8's buffers. */
#include "core/base64.h"
#include "core/json.h"
#include "core/utf8.h"
#include "worker/engine_v8.h"

namespace iso
{

using namespace v8;

Local<String> text(Isolate *isolate, const char *ascii)
{
    return String::NewFromUtf8(isolate, ascii, NewStringType::kInternalized)
        .ToLocalChecked(); /* fixed input only */
}

std::string utf8(Isolate *isolate, Local<String> s)
{
    std::string out(s->Utf8LengthV2(isolate), 0);

    s->WriteUtf8V2(isolate, out.data(), out.size(), String::WriteFlags::kReplaceInvalidUtf8);
    return out;
}

static bool plain(uint32_t unit)
{
    return unit >= 0x20 && unit < 0x80 && unit != '"' && unit != '\\';
}

/* Writes the units that fit into `most` bytes of UTF-8 and returns their number; never cuts a pair of surrogates. Writes
 * U+FFFD for a lone one, and sets *lone. */
template <typename Unit>
static uint32_t put_units(struct buf *out, const Unit *u, uint32_t len, size_t most, bool *lone)
{
    size_t spent = 0;
    uint32_t i = 0;

    while (i < len) {
        uint32_t run = i;

        if (sizeof(Unit) == 1)
            while (run < len && plain(u[run]) && spent + (run - i) < most)
                run++;
        if (run > i) {
            buf_add(out, u + i, run - i);
            spent += run - i;
            i = run;
            continue;
        }
        uint32_t c = u[i], units = 1;
        char bytes[4];

        if (sizeof(Unit) == 2 && c >= 0xd800 && c < 0xe000) {
            if (c < 0xdc00 && i + 1 < len && u[i + 1] >= 0xdc00 && u[i + 1] < 0xe000) {
                c = 0x10000 + ((c - 0xd800) << 10) + (u[i + 1] - 0xdc00u);
                units = 2;
            } else {
                c = 0xfffd;
                *lone = true;
            }
        }
        size_t cost = utf8_encode(bytes, c);
        if (spent + cost > most)
            break;
        if (c < 0x20 || c == '"' || c == '\\')
            json_escape(out, static_cast<unsigned char>(c));
        else
            buf_add(out, bytes, cost);
        spent += cost;
        i += units;
    }
    return i;
}

static uint32_t quote_some(Isolate *isolate, struct buf *out, Local<String> s, size_t most, bool *lone)
{
    String::ValueView view(isolate, s);

    return view.is_one_byte() ? put_units(out, view.data8(), view.length(), most, lone)
                              : put_units(out, view.data16(), view.length(), most, lone);
}

bool quote(Isolate *isolate, struct buf *out, Local<String> s)
{
    bool lone = false;

    buf_byte(out, '"');
    quote_some(isolate, out, s, SIZE_MAX, &lone);
    buf_byte(out, '"');
    return !lone;
}

void put_utf16(Isolate *isolate, struct buf *out, Local<String> s)
{
    String::ValueView view(isolate, s); /* has two bytes for each unit, because there is a surrogate */

    base64_write(out, reinterpret_cast<const char *>(view.data16()), view.length() * sizeof(uint16_t));
}

bool is_well_formed(Isolate *isolate, Local<String> s)
{
    if (s->IsOneByte())
        return true;
    String::ValueView view(isolate, s);
    const uint16_t *unit = view.is_one_byte() ? nullptr : view.data16(), *end = unit + view.length();

    for (; unit && unit < end; unit++) {
        if (*unit < 0xd800 || *unit >= 0xe000)
            continue;
        if (*unit >= 0xdc00 || unit + 1 == end || unit[1] < 0xdc00 || unit[1] >= 0xe000)
            return false;
        unit++;
    }
    return true;
}

void quote_clamped(Isolate *isolate, struct buf *out, Local<String> s, size_t most, bool cut_before)
{
    uint32_t shown;
    bool lone;

    buf_byte(out, '"');
    shown = quote_some(isolate, out, s, most, &lone);
    if (shown < (uint32_t)s->Length())
        buf_printf(out, "… [%s%u more characters]", cut_before ? "at least " : "",
                   (uint32_t)s->Length() - shown);
    buf_byte(out, '"');
}

std::string clamped(const std::string &s, size_t most)
{
    size_t end = most;

    if (s.size() <= most)
        return s;
    while (end > 0 && (s[end] & 0xc0) == 0x80)
        end--;
    return s.substr(0, end) + "…";
}

void quote_ascii(struct buf *out, const std::string &s)
{
    json_quote(out, s.data(), s.size());
}

} // namespace iso
