/* SPDX-License-Identifier: MIT */
/* Forgiving base64, for atob() and btoa(). */
#include "core/base64.h"
#include "worker/natives.h"

namespace iso
{

using namespace v8;

void base64_encode(const NativeInfo &info)
{
    Isolate *isolate = info.GetIsolate();
    Local<String> shown;
    struct buf out = {};

    if (info.Length() != 1 || !info[0]->IsString() || !info[0].As<String>()->ContainsOnlyOneByte())
        return;
    Local<String> string = info[0].As<String>();
    size_t len = (size_t)string->Length();
    std::vector<uint8_t> in(len);
    string->WriteOneByteV2(isolate, 0, (uint32_t)len, in.data());
    base64_write(&out, reinterpret_cast<const char *>(in.data()), len);
    if (!out.failed && out.len <= (size_t)String::kMaxLength &&
        String::NewFromOneByte(isolate, reinterpret_cast<const uint8_t *>(out.data), NewStringType::kNormal,
                               static_cast<int>(out.len))
            .ToLocal(&shown))
        info.GetReturnValue().Set(shown);
    buf_free(&out);
}

static int sextet(uint16_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Removes blanks, and up to two = at the end of whole groups of four; false if a character outside the alphabet is
 * left. */
static bool forgiving_base64(const std::vector<uint16_t> &in, std::string *out)
{
    std::vector<uint16_t> kept;
    uint32_t gathered = 0;
    int bits = 0;

    kept.reserve(in.size());
    for (uint16_t c : in)
        if (c != ' ' && c != '\t' && c != '\n' && c != '\f' && c != '\r')
            kept.push_back(c);
    for (int i = 0, whole = kept.size() % 4 == 0; whole && i < 2 && !kept.empty() && kept.back() == '='; i++)
        kept.pop_back();
    if (kept.size() % 4 == 1)
        return false;
    for (uint16_t c : kept) {
        int six = sextet(c);
        if (six < 0)
            return false;
        gathered = gathered << 6 | (uint32_t)six;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out->push_back((char)(gathered >> bits));
            gathered &= (1u << bits) - 1;
        }
    }
    return true;
}

void base64_decode(const NativeInfo &info)
{
    Isolate *isolate = info.GetIsolate();
    Local<String> shown;
    std::string out;

    if (info.Length() != 1 || !info[0]->IsString())
        return;
    Local<String> string = info[0].As<String>();
    std::vector<uint16_t> in((size_t)string->Length());
    string->WriteV2(isolate, 0, (uint32_t)in.size(), in.data());
    if (forgiving_base64(in, &out) &&
        String::NewFromOneByte(isolate, reinterpret_cast<const uint8_t *>(out.data()), NewStringType::kNormal,
                               static_cast<int>(out.size()))
            .ToLocal(&shown))
        info.GetReturnValue().Set(shown);
}

} // namespace iso
