/* SPDX-License-Identifier: MIT */
/* The native parts of TextEncoder and TextDecoder. */
#include <string.h>

#include "encodings.h" /* made by worker/prelude/encodings.mjs */
#include "worker/natives.h"
#include "worker/web/decoder.h"

namespace iso
{

using namespace v8;

/* ---- bytes */

bool bytes_of(Local<Value> value, Bytes *out)
{
    Local<ArrayBuffer> buffer;
    size_t offset = 0;

    if (value->IsArrayBufferView()) {
        Local<ArrayBufferView> view = value.As<ArrayBufferView>();
        buffer = view->Buffer();
        offset = view->ByteOffset();
        out->len = view->ByteLength();
    } else if (value->IsArrayBuffer()) {
        buffer = value.As<ArrayBuffer>();
        out->len = buffer->ByteLength();
    } else {
        return false;
    }
    out->data = static_cast<unsigned char *>(buffer->Data());
    if (!out->data)
        out->len = 0;
    else
        out->data += offset;
    return true;
}

/* ---- UTF-8 */

void utf8_encode(const NativeInfo &info)
{
    Isolate *isolate = info.GetIsolate();
    Local<ArrayBuffer> buffer;

    if (info.Length() != 1 || !info[0]->IsString())
        return;
    Local<String> string = info[0].As<String>();
    size_t len = string->Utf8LengthV2(isolate);
    /* Not New(), which ends the process when the budget refuses the buffer. */
    if (!ArrayBuffer::MaybeNew(isolate, len, BackingStoreInitializationMode::kUninitialized)
             .ToLocal(&buffer)) {
        isolate->ThrowException(Exception::RangeError(text(isolate, "Array buffer allocation failed")));
        return;
    }
    string->WriteUtf8V2(isolate, static_cast<char *>(buffer->Data()), len,
                        String::WriteFlags::kReplaceInvalidUtf8);
    info.GetReturnValue().Set(Uint8Array::New(buffer, 0, len));
}

void utf8_encode_into(const NativeInfo &info)
{
    Isolate *isolate = info.GetIsolate();
    size_t read = 0, written = 0;
    Bytes to;

    if (info.Length() != 2 || !info[0]->IsString() || !bytes_of(info[1], &to))
        return;
    if (to.len > 0)
        written = info[0].As<String>()->WriteUtf8V2(isolate, reinterpret_cast<char *>(to.data), to.len,
                                                    String::WriteFlags::kReplaceInvalidUtf8, &read);
    Local<Value> both[] = {Number::New(isolate, (double)read), Number::New(isolate, (double)written)};
    info.GetReturnValue().Set(Array::New(isolate, both, 2));
}

/* ---- decoders */

/* Decodes a whole text of UTF-8, which may be invalid. V8's decoder follows the standard and is several times as
 * fast. */
static MaybeLocal<String> whole_utf8(Isolate *isolate, const Bytes &in, int flags)
{
    static const unsigned char mark[] = {0xef, 0xbb, 0xbf};
    size_t skip = !(flags & IGNORE_BOM) && in.len >= sizeof mark && memcmp(in.data, mark, sizeof mark) == 0
                      ? sizeof mark
                      : 0;

    if (in.len == skip)
        return String::Empty(isolate);
    return String::NewFromUtf8(isolate, reinterpret_cast<const char *>(in.data) + skip,
                               NewStringType::kNormal, static_cast<int>(in.len - skip));
}

/* decode(encoding, view or buffer, flags, Int32Array) */
void decode(const NativeInfo &info)
{
    Isolate *isolate = info.GetIsolate();
    Local<String> shown;
    Bytes in, state;

    if (info.Length() != 4 || !info[0]->IsInt32() || !info[2]->IsInt32() || !bytes_of(info[1], &in) ||
        !bytes_of(info[3], &state) || state.len != sizeof(State))
        return;
    int kind = info[0].As<Int32>()->Value();
    if (kind < 0 || kind >= ENCODINGS)
        return;
    if (in.len > (size_t)String::kMaxLength) {
        isolate->ThrowException(
            Exception::RangeError(text(isolate, "the text is longer than a string can be")));
        return;
    }
    int flags = info[2].As<Int32>()->Value();
    static const State fresh = {};
    if (kind == ENCODING_UTF_8 && !(flags & (FATAL | STREAM)) &&
        memcmp(state.data, &fresh, sizeof fresh) == 0) {
        if (whole_utf8(isolate, in, flags).ToLocal(&shown))
            info.GetReturnValue().Set(shown);
        return;
    }
    std::u16string out;
    if (!decode_piece(kind, flags, reinterpret_cast<State *>(state.data), in.data, in.len, &out)) {
        memset(state.data, 0, state.len);
        return;
    }
    if (String::NewFromTwoByte(isolate, reinterpret_cast<const uint16_t *>(out.data()),
                               NewStringType::kNormal, static_cast<int>(out.size()))
            .ToLocal(&shown))
        info.GetReturnValue().Set(shown);
}

void encoding_of(const NativeInfo &info)
{
    Isolate *isolate = info.GetIsolate();
    std::string label;

    if (info.Length() != 1 || !info[0]->IsString() || info[0].As<String>()->Length() > 100)
        return;
    label = utf8(isolate, info[0].As<String>());
    size_t from = label.find_first_not_of("\t\n\f\r "), to = label.find_last_not_of("\t\n\f\r ");
    if (from == std::string::npos)
        return;
    label = label.substr(from, to - from + 1);
    for (char &c : label)
        if (c >= 'A' && c <= 'Z')
            c = (char)(c + 'a' - 'A');
    for (const auto &row : encoding_labels)
        if (label == row.label) {
            Local<Value> both[] = {Integer::New(isolate, row.encoding),
                                   text(isolate, encoding_names[row.encoding])};
            info.GetReturnValue().Set(Array::New(isolate, both, 2));
            return;
        }
}

} // namespace iso
