/* SPDX-License-Identifier: MIT */
/* Random numbers: from the kernel in a run, reproducible while a snapshot is made, because the same sources must give
 * the same bytes. V8's own Math.random cannot be seeded again after a snapshot or a fork; the prelude replaces it by
 * one that takes its seed from here. */
#include "worker/natives.h"

namespace iso
{

using namespace v8;

static uint64_t sequence; /* while a snapshot is made, and in a run with a seed */

void seed_random(uint64_t seed)
{
    sequence = seed;
}

/* The next number of splitmix64: each seed gives another sequence, in which no number repeats. */
static uint64_t next()
{
    uint64_t z = sequence += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

void random_bytes(engine *e, unsigned char *bytes, size_t len)
{
    uint64_t word = 0;

    if (e->cfg.kind == ENGINE_RUN && !e->seeded) {
        (void)entropy(bytes, len);
        return;
    }
    for (size_t i = 0; i < len; i++) {
        if (i % 8 == 0)
            word = next();
        bytes[i] = (unsigned char)(word >> (i % 8 * 8));
    }
}

void random_fill(const NativeInfo &info)
{
    if (info.Length() != 1 || !info[0]->IsUint8Array())
        return;
    Local<Uint8Array> view = info[0].As<Uint8Array>();
    unsigned char *bytes = static_cast<unsigned char *>(view->Buffer()->Data());
    if (bytes)
        random_bytes(engine_of(info.GetIsolate()), bytes + view->ByteOffset(), view->ByteLength());
}

void making_snapshot(const NativeInfo &info)
{
    info.GetReturnValue().Set(engine_of(info.GetIsolate())->cfg.kind != ENGINE_RUN);
}

void reseed(engine *e, Local<Context> context)
{
    (void)call_internal(e, context, "reseed");
}

} // namespace iso
