/* SPDX-License-Identifier: MIT */
#include "core/digest.h"

#include <sodium.h> /* audited, small, linked statically: nothing to load at start */

void digest_hex(const struct digest_part *parts, char out[DIGEST_HEX])
{
    unsigned char sum[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state state;

    crypto_hash_sha256_init(&state);
    for (; parts->data; parts++)
        crypto_hash_sha256_update(&state, parts->data, parts->len);
    crypto_hash_sha256_final(&state, sum);
    sodium_bin2hex(out, DIGEST_HEX, sum, sizeof sum);
}
