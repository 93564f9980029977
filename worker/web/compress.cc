/* SPDX-License-Identifier: MIT */
/* Compressing and decompressing, by the zlib that Node.js has in its executable and exports with its header.
 *
 * All that zlib keeps between two pieces of a stream lies in one buffer of the heap, which only the prelude holds: it
 * counts against the budget, and is collected with the stream. It is full of addresses, so it is good for the process
 * that made it, and for its forks, only: a stream that a snapshot brings is refused. */
#include <limits.h>
#include <string.h>
#include <zlib.h>

#include <algorithm>

#include "worker/natives.h"

namespace iso
{

using namespace v8;

/* More than zlib (1.3) asks for with its largest window: 268 KB and 43 KB. */
#define DEFLATE_ROOM (384u << 10)
#define INFLATE_ROOM (80u << 10)
/* Bytes of output in one piece. */
#define PIECE (64u << 10)

enum { DEFLATE, DEFLATE_RAW, GZIP, FORMATS };

/* The format is part of what zlib calls window bits. */
static const int window_bits[FORMATS] = {MAX_WBITS, -MAX_WBITS, MAX_WBITS + 16};

/* The head of the buffer. */
struct compressor {
    uint64_t process; /* the process that has made it */
    z_stream z;
    size_t used, room;
    bool inflates, ended;
};

/* A number that no other process has. */
static uint64_t this_process()
{
    static uint64_t number;

    while (number == 0)
        (void)entropy(reinterpret_cast<unsigned char *>(&number), sizeof number);
    return number;
}

/* zlib's allocator: takes memory from the buffer, which is freed as a whole only. */
static voidpf take_room(voidpf opaque, uInt items, uInt size)
{
    compressor *c = static_cast<compressor *>(opaque);
    size_t wanted = (static_cast<size_t>(items) * size + 63) & ~static_cast<size_t>(63);

    if (wanted > c->room - c->used)
        return Z_NULL;
    c->used += wanted;
    return reinterpret_cast<unsigned char *>(c) + c->used - wanted;
}

static void leave_room(voidpf, voidpf) {}

static bool begin(compressor *c, int format, bool inflates, size_t room)
{
    c->process = this_process();
    c->inflates = inflates;
    c->room = room;
    c->used = (sizeof *c + 63) & ~static_cast<size_t>(63);
    c->z.zalloc = take_room;
    c->z.zfree = leave_room;
    c->z.opaque = c;
    return (inflates ? inflateInit2(&c->z, window_bits[format])
                     : deflateInit2(&c->z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window_bits[format], 8,
                                    Z_DEFAULT_STRATEGY)) == Z_OK;
}

/* compressBegin(format, inflates?): the buffer, as a Uint8Array */
void compress_begin(const NativeInfo &info)
{
    Isolate *isolate = info.GetIsolate();
    Local<ArrayBuffer> buffer;

    if (!info[0]->IsUint32() || info[0].As<Uint32>()->Value() >= FORMATS || !info[1]->IsBoolean())
        return;
    bool inflates = info[1]->IsTrue();
    size_t room = inflates ? INFLATE_ROOM : DEFLATE_ROOM;
    if (!ArrayBuffer::MaybeNew(isolate, room, BackingStoreInitializationMode::kZeroInitialized)
             .ToLocal(&buffer)) {
        isolate->ThrowException(Exception::RangeError(text(isolate, "Array buffer allocation failed")));
        return;
    }
    if (begin(static_cast<compressor *>(buffer->Data()), static_cast<int>(info[0].As<Uint32>()->Value()),
              inflates, room))
        info.GetReturnValue().Set(Uint8Array::New(buffer, 0, room));
}

static compressor *compressor_given(Local<Value> value)
{
    Bytes state;

    if (!value->IsUint8Array() || !bytes_of(value, &state) || state.len < sizeof(compressor))
        return nullptr;
    compressor *c = reinterpret_cast<compressor *>(state.data);
    /* Addresses that another process has written are not valid here. */
    return c->process == this_process() && c->z.opaque == c && c->room == state.len ? c : nullptr;
}

enum verdict { GOES_ON, ENDED, BROKEN, THROWN };

/* Runs zlib on the input until there is no more output. */
static verdict pump(Isolate *isolate, compressor *c, bool finish, std::vector<Local<Value>> *out)
{
    static unsigned char room[PIECE];
    Local<Value> piece;
    int rc;

    do {
        c->z.next_out = room;
        c->z.avail_out = sizeof room;
        rc = c->inflates ? inflate(&c->z, Z_NO_FLUSH) : deflate(&c->z, finish ? Z_FINISH : Z_NO_FLUSH);
        if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR)
            return BROKEN;
        size_t len = sizeof room - c->z.avail_out;
        if (stopped(engine_of(isolate)) || (len > 0 && !new_bytes(isolate, room, len).ToLocal(&piece)))
            return THROWN;
        if (len > 0)
            out->push_back(piece);
    } while (rc == Z_OK && c->z.avail_out == 0);
    c->ended = rc == Z_STREAM_END;
    return c->ended ? ENDED : GOES_ON;
}

/* Takes a piece of the stream. Data after the end is an error, too. */
static verdict take_in(Isolate *isolate, compressor *c, Bytes data, bool finish,
                       std::vector<Local<Value>> *out)
{
    verdict v = c->ended ? ENDED : GOES_ON;

    do {
        size_t piece = std::min<size_t>(INT_MAX, data.len);
        if (c->ended)
            return piece > 0 ? BROKEN : v;
        c->z.next_in = data.data;
        c->z.avail_in = static_cast<uInt>(piece);
        data.data += piece;
        data.len -= piece;
        v = pump(isolate, c, finish && data.len == 0, out);
    } while (v <= ENDED && data.len > 0);
    return v == ENDED && c->z.avail_in > 0 ? BROKEN : v;
}

/* compressStep(buffer, bytes, finish?): [verdict, Uint8Array ...]; undefined: the buffer is of another process */
void compress_step(const NativeInfo &info)
{
    Isolate *isolate = info.GetIsolate();
    compressor *c = compressor_given(info[0]);
    std::vector<Local<Value>> out = {Local<Value>()};
    Bytes data;

    if (!c || !bytes_of(info[1], &data) || !info[2]->IsBoolean())
        return;
    verdict v = take_in(isolate, c, data, info[2]->IsTrue(), &out);
    if (v == THROWN)
        return;
    out[0] = Integer::New(isolate, v);
    info.GetReturnValue().Set(Array::New(isolate, out.data(), out.size()));
}

} // namespace iso
