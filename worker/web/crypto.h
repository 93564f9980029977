/* SPDX-License-Identifier: MIT */
/* worker/web/crypto.h - what the native halves of SubtleCrypto share: OpenSSL, which Node.js has in its executable and
 * exports with its headers. It is initialised at the first use in a process, after the sandbox is closed: it reads no
 * configuration, and its random numbers are the worker's. Nothing of it is kept between two calls. */
#ifndef ISO_WORKER_WEB_CRYPTO_H
#define ISO_WORKER_WEB_CRYPTO_H
#define OPENSSL_SUPPRESS_DEPRECATED /* RAND_set_rand_method() has no successor that needs no provider */
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/param_build.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "worker/natives.h"

namespace iso
{

/* Frees what OpenSSL has made. */
template <auto release>
struct Freed {
    template <typename T>
    void operator()(T *it) const
    {
        release(it);
    }
};
template <typename T, auto release>
using Owned = std::unique_ptr<T, Freed<release>>;

using Key = Owned<EVP_PKEY, EVP_PKEY_free>;
using KeyContext = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using DigestContext = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;
using Number = Owned<BIGNUM, BN_clear_free>;

/* A call of OpenSSL's, begun: it is initialised, and what it notes of errors is forgotten at the end. */
class Crypto
{
  public:
    Crypto();
    ~Crypto();
};

/* The argument as bytes or as a short name; false for anything else. */
bool bytes_given(const NativeInfo &, int index, Bytes *);
bool name_given(const NativeInfo &, int index, char (&name)[32]);

/* Returns a copy as a Uint8Array. */
void return_bytes(const NativeInfo &, const unsigned char *, size_t len);

/* The key of a SubjectPublicKeyInfo or, when private, a PKCS #8 structure; empty: it is none. */
Key read_key(const Bytes &der, bool is_private);

} // namespace iso
#endif
