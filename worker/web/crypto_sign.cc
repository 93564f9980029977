/* SPDX-License-Identifier: MIT */
/* Signatures, secrets that two keys agree on, and encryption with RSA. */
#include <limits.h>
#include <string.h>

#include <algorithm>

#include "worker/web/crypto.h"

namespace iso
{

using namespace v8;

/* The parameters of a signature: a hash, or '' when the algorithm has its own; for RSA the padding, '' or "pss", and
 * the length of its salt. */
struct signing {
    Key key;
    Bytes data;
    const EVP_MD *hash = nullptr;
    bool is_pss = false;
    int salt = 0;
};

/* (der, hash, padding, salt, data, ...) */
static bool signing_given(const NativeInfo &info, bool is_private, signing *s)
{
    char hash[32], padding[32];
    Bytes der;

    if (!bytes_given(info, 0, &der) || !name_given(info, 1, hash) || !name_given(info, 2, padding) ||
        !info[3]->IsInt32() || !bytes_given(info, 4, &s->data))
        return false;
    s->key = read_key(der, is_private);
    s->is_pss = strcmp(padding, "pss") == 0;
    s->salt = info[3].As<Int32>()->Value();
    s->hash = *hash ? EVP_get_digestbyname(hash) : nullptr;
    return s->key && s->salt >= 0 && (!*hash || s->hash);
}

static bool set_padding(EVP_PKEY_CTX *context, const signing &s)
{
    if (EVP_PKEY_get_base_id(s.key.get()) != EVP_PKEY_RSA)
        return true;
    if (!s.is_pss)
        return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1;
    return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_mgf1_md(context, s.hash) == 1 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(context, s.salt) == 1;
}

/* ---- ECDSA: the web has both numbers side by side, OpenSSL a DER structure */

#define MOST_EC_BYTES 66 /* of a number of P-521 */

static size_t width_of(const EVP_PKEY *key)
{
    return (static_cast<size_t>(EVP_PKEY_get_bits(key)) + 7) / 8;
}

using Signature = Owned<ECDSA_SIG, ECDSA_SIG_free>;

static void return_side_by_side(const NativeInfo &info, const unsigned char *der, size_t len, size_t width)
{
    Signature signature(d2i_ECDSA_SIG(nullptr, &der, static_cast<long>(len)));
    unsigned char both[2 * MOST_EC_BYTES];
    int n = static_cast<int>(width);

    if (signature && width <= MOST_EC_BYTES &&
        BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), both, n) == n &&
        BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), both + width, n) == n)
        return_bytes(info, both, 2 * width);
}

/* The length of the structure; 0: it cannot be one. */
static size_t as_der(const Bytes &both, size_t width, unsigned char **der)
{
    int n = static_cast<int>(width);

    if (both.len != 2 * width)
        return 0;
    Signature signature(ECDSA_SIG_new());
    Number r(BN_bin2bn(both.data, n, nullptr)), s(BN_bin2bn(both.data + width, n, nullptr));
    if (!signature || !r || !s || ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1)
        return 0;
    (void)r.release(); /* the signature owns both numbers now */
    (void)s.release();
    int len = i2d_ECDSA_SIG(signature.get(), der);
    return len > 0 ? static_cast<size_t>(len) : 0;
}

/* ---- signing */

/* cryptoSign(der, hash, padding, salt, data): Uint8Array */
void crypto_sign(const NativeInfo &info)
{
    Crypto begun;
    DigestContext context(EVP_MD_CTX_new());
    EVP_PKEY_CTX *of_key = nullptr;
    unsigned char out[2048 + 16];
    size_t len = sizeof out;
    signing s;

    if (!context || !signing_given(info, true, &s) ||
        EVP_DigestSignInit(context.get(), &of_key, s.hash, nullptr, s.key.get()) != 1 ||
        !set_padding(of_key, s) || EVP_DigestSign(context.get(), out, &len, s.data.data, s.data.len) != 1)
        return;
    if (EVP_PKEY_get_base_id(s.key.get()) == EVP_PKEY_EC)
        return_side_by_side(info, out, len, width_of(s.key.get()));
    else
        return_bytes(info, out, len);
}

/* cryptoVerify(der, hash, padding, salt, data, signature): boolean */
void crypto_verify(const NativeInfo &info)
{
    Crypto begun;
    DigestContext context(EVP_MD_CTX_new());
    EVP_PKEY_CTX *of_key = nullptr;
    unsigned char *der = nullptr;
    Bytes signature;
    signing s;

    if (!context || !signing_given(info, false, &s) || !bytes_given(info, 5, &signature) ||
        EVP_DigestVerifyInit(context.get(), &of_key, s.hash, nullptr, s.key.get()) != 1 ||
        !set_padding(of_key, s))
        return;
    if (EVP_PKEY_get_base_id(s.key.get()) == EVP_PKEY_EC) {
        signature.len = as_der(signature, width_of(s.key.get()), &der);
        signature.data = der;
    }
    bool fits = signature.data &&
                EVP_DigestVerify(context.get(), signature.data, signature.len, s.data.data, s.data.len) == 1;
    OPENSSL_free(der);
    info.GetReturnValue().Set(fits);
}

/* ---- agreeing on a secret */

/* cryptoAgree(private DER, public DER): Uint8Array */
void crypto_agree(const NativeInfo &info)
{
    Crypto begun;
    Bytes own, other;
    unsigned char secret[MOST_EC_BYTES];
    size_t len = sizeof secret;

    if (!bytes_given(info, 0, &own) || !bytes_given(info, 1, &other))
        return;
    Key mine = read_key(own, true), theirs = read_key(other, false);
    KeyContext context(mine ? EVP_PKEY_CTX_new_from_pkey(nullptr, mine.get(), nullptr) : nullptr);
    if (!context || !theirs || EVP_PKEY_derive_init(context.get()) != 1 ||
        EVP_PKEY_derive_set_peer(context.get(), theirs.get()) != 1 ||
        EVP_PKEY_derive(context.get(), secret, &len) != 1)
        return;
    return_bytes(info, secret, len);
    OPENSSL_cleanse(secret, sizeof secret);
}

/* ---- RSA-OAEP */

static bool set_oaep(EVP_PKEY_CTX *context, const EVP_MD *hash, const Bytes &label)
{
    if (!hash || EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) != 1 ||
        EVP_PKEY_CTX_set_rsa_oaep_md(context, hash) != 1 || EVP_PKEY_CTX_set_rsa_mgf1_md(context, hash) != 1)
        return false;
    if (label.len == 0)
        return true;
    void *copy = label.len <= INT_MAX ? OPENSSL_memdup(label.data, label.len) : nullptr;
    if (copy && EVP_PKEY_CTX_set0_rsa_oaep_label(context, copy, static_cast<int>(label.len)) == 1)
        return true; /* the context owns the copy now */
    OPENSSL_free(copy);
    return false;
}

/* cryptoOaep(der, encrypt?, hash, label, data): Uint8Array */
void crypto_oaep(const NativeInfo &info)
{
    Crypto begun;
    Bytes der, label, data;
    unsigned char out[2048 + 16];
    size_t len = sizeof out;
    char hash[32];

    if (!bytes_given(info, 0, &der) || !info[1]->IsBoolean() || !name_given(info, 2, hash) ||
        !bytes_given(info, 3, &label) || !bytes_given(info, 4, &data))
        return;
    bool encrypts = info[1]->IsTrue();
    Key key = read_key(der, !encrypts);
    KeyContext context(key ? EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr) : nullptr);
    if (!context ||
        (encrypts ? EVP_PKEY_encrypt_init(context.get()) : EVP_PKEY_decrypt_init(context.get())) != 1 ||
        !set_oaep(context.get(), EVP_get_digestbyname(hash), label))
        return;
    int done = encrypts ? EVP_PKEY_encrypt(context.get(), out, &len, data.data, data.len)
                        : EVP_PKEY_decrypt(context.get(), out, &len, data.data, data.len);
    if (done == 1)
        return_bytes(info, out, len);
    OPENSSL_cleanse(out, sizeof out);
}

} // namespace iso
