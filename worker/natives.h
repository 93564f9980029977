/* SPDX-License-Identifier: MIT */
/* worker/natives.h - native functions for the prelude's web platform, most of them in worker/web/. The table in natives.cc
 * lists them. Each takes the arguments in its comment, in that order, and returns undefined for "no". */
#ifndef ISO_WORKER_NATIVES_H
#define ISO_WORKER_NATIVES_H
#include "worker/engine_v8.h"

namespace iso
{
using NativeInfo = v8::FunctionCallbackInfo<v8::Value>;

/* ---- web/text.cc */
struct Bytes {
    unsigned char *data = nullptr;
    size_t len = 0;
};
/* The bytes of a view or buffer; false for anything else. A detached one has none. */
bool bytes_of(v8::Local<v8::Value>, Bytes *);
/* A copy as a Uint8Array; empty, with an exception, when there is no room. */
v8::MaybeLocal<v8::Value> new_bytes(v8::Isolate *, const unsigned char *, size_t len);

/* ---- random.cc */
/* randomFill(Uint8Array) */
void random_fill(const NativeInfo &);
/* makingSnapshot(): true while a snapshot is made, so that data kept now is shared by all runs */
void making_snapshot(const NativeInfo &);

/* ---- web/text.cc */
/* utf8Encode(text): Uint8Array */
void utf8_encode(const NativeInfo &);
/* utf8EncodeInto(text, Uint8Array): [code units read, bytes written] */
void utf8_encode_into(const NativeInfo &);
/* decode(encoding, bytes, flags, state): text, undefined for malformed input; see the flags there */
void decode(const NativeInfo &);
/* encodingOf(label): [number, name] */
void encoding_of(const NativeInfo &);

/* ---- web_base64.cc */
/* atob(text): text; btoa(text): text */
void base64_decode(const NativeInfo &);
void base64_encode(const NativeInfo &);

/* ---- web/url.cc */
/* urlParse(input[, base]): [href, then start and length in it of each part] */
void url_parse(const NativeInfo &);
/* urlSet(href, part, value): the same for the changed URL */
void url_set(const NativeInfo &);
/* urlCanParse(input[, base]): boolean */
void url_can_parse(const NativeInfo &);
/* formParse(text): [name, value, ...]; formSerialize([name, value, ...]): text */
void form_parse(const NativeInfo &);
void form_serialize(const NativeInfo &);

/* ---- web/clone.cc */
/* structuredClone(value, transfer | undefined, kindOf, cloneOf, fail): see there */
void structured_clone(const NativeInfo &);

/* ---- crypto.cc: see worker/web/crypto.h. Each returns undefined when OpenSSL refuses. */
/* cryptoDigest(hash, bytes), cryptoHmac(hash, key, bytes): Uint8Array */
void crypto_digest(const NativeInfo &);
void crypto_hmac(const NativeInfo &);
/* cryptoCipher(name, encrypt?, key, iv, bytes, additional data, bytes of the tag): Uint8Array */
void crypto_cipher(const NativeInfo &);
/* cryptoPbkdf2(hash, password, salt, iterations, length), cryptoHkdf(hash, key, salt, info, length): Uint8Array */
void crypto_pbkdf2(const NativeInfo &);
void crypto_hkdf(const NativeInfo &);

/* ---- web/crypto_keys.cc */
/* cryptoKeyRead(DER, private?): [kind, curve or '', bits, DER] */
void crypto_key_read(const NativeInfo &);
void crypto_key_from(const NativeInfo &);
void crypto_key_parts(const NativeInfo &);
void crypto_key_make(const NativeInfo &);

/* ---- web/crypto_sign.cc */
void crypto_sign(const NativeInfo &);
void crypto_verify(const NativeInfo &);
void crypto_agree(const NativeInfo &);
void crypto_oaep(const NativeInfo &);

/* ---- web/compress.cc */
void compress_begin(const NativeInfo &);
void compress_step(const NativeInfo &);

/* ---- web/time.cc */
/* performanceNow(), timeOrigin(): milliseconds */
void performance_now(const NativeInfo &);
void time_origin(const NativeInfo &);

} // namespace iso
#endif
