/* SPDX-License-Identifier: MIT */
/* worker/web/web.h - native functions for the prelude's web platform; natives.cc lists them in its table. Each takes
 * the arguments in its comment, in that order, and returns undefined for "no". */
#ifndef ISO_WORKER_WEB_WEB_H
#define ISO_WORKER_WEB_WEB_H
#include "worker/engine_v8.h"

namespace iso
{
using NativeInfo = v8::FunctionCallbackInfo<v8::Value>;

/* ---- random.cc */
/* randomFill(Uint8Array) */
void random_fill(const NativeInfo &);
/* makingSnapshot(): true while a snapshot is made, so that data kept now is shared by all runs */
void making_snapshot(const NativeInfo &);

/* ---- web_text.cc */
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

/* ---- web_url.cc */
/* urlParse(input[, base]): [href, then start and length in it of each part] */
void url_parse(const NativeInfo &);
/* urlSet(href, part, value): the same for the changed URL */
void url_set(const NativeInfo &);
/* urlCanParse(input[, base]): boolean */
void url_can_parse(const NativeInfo &);
/* formParse(text): [name, value, ...]; formSerialize([name, value, ...]): text */
void form_parse(const NativeInfo &);
void form_serialize(const NativeInfo &);

/* ---- web_clone.cc */
/* structuredClone(value, transfer | undefined, kindOf, cloneOf, fail): see there */
void structured_clone(const NativeInfo &);

/* ---- web_time.cc */
/* performanceNow(), timeOrigin(): milliseconds */
void performance_now(const NativeInfo &);
void time_origin(const NativeInfo &);

} // namespace iso
#endif
