/* SPDX-License-Identifier: MIT */
/* worker/web/decoder.h - the decoders of https://encoding.spec.whatwg.org/, from bytes to UTF-16, without V8. */
#ifndef ISO_WORKER_WEB_DECODER_H
#define ISO_WORKER_WEB_DECODER_H
#include <stddef.h>
#include <stdint.h>

#include <string>

namespace iso
{

enum { FATAL = 1, IGNORE_BOM = 2, STREAM = 4 };
enum { STATE_WORDS = 8 };

/* The state of a decoder between two pieces of a stream; zeros in the beginning. It is stored in an Int32Array of the
 * prelude, which agent code never sees. */
struct State {
    int32_t started;   /* the place of a byte order mark has been read */
    int32_t a, b, c;   /* lead bytes; for UTF-8 the code point so far, bytes wanted, bytes seen */
    int32_t low, high; /* UTF-8: the range of the next byte; UTF-16: the lead surrogate; ISO-2022-JP: modes */
    int32_t flag;
    int32_t unused;
};
static_assert(sizeof(State) == STATE_WORDS * sizeof(int32_t));

/* Decodes the next piece of a stream. Without STREAM it is the last piece, and *state is reset. The encodings are
 * numbered in encodings.h. False: malformed input, with FATAL. */
bool decode_piece(int encoding, int flags, State *state, const unsigned char *data, size_t len,
                  std::u16string *out);

} // namespace iso
#endif
