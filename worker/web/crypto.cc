/* SPDX-License-Identifier: MIT */
/* Digests, HMAC, ciphers and derived keys. */
#include "worker/web/crypto.h"

#include <limits.h>
#include <string.h>

#include <algorithm>

namespace iso
{

using namespace v8;

/* ---- OpenSSL */

/* Replaces OpenSSL's generators, which use system calls that the sandbox forbids, and are not reproducible while a
 * snapshot is made. */
static int rand_bytes(unsigned char *out, int len)
{
    if (len > 0)
        random_bytes(engine_of(Isolate::GetCurrent()), out, static_cast<size_t>(len));
    return 1;
}

static int rand_status(void)
{
    return 1;
}

static const RAND_METHOD rand_method = {nullptr, rand_bytes, nullptr, nullptr, rand_bytes, rand_status};

Crypto::Crypto()
{
    static bool ready;

    if (ready)
        return;
    OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT, nullptr);
    RAND_set_rand_method(&rand_method);
    ready = true;
}

Crypto::~Crypto()
{
    ERR_clear_error();
}

/* ---- arguments and results */

bool bytes_given(const NativeInfo &info, int index, Bytes *out)
{
    static unsigned char none[1]; /* OpenSSL takes no null pointer for "no bytes" everywhere */

    if (!bytes_of(info[index], out))
        return false;
    if (!out->data)
        out->data = none;
    return true;
}

bool name_given(const NativeInfo &info, int index, char (&name)[32])
{
    Isolate *isolate = info.GetIsolate();

    if (!info[index]->IsString() || info[index].As<String>()->Length() >= 10 * 3)
        return false;
    info[index].As<String>()->WriteUtf8V2(isolate, name, sizeof name, String::WriteFlags::kNullTerminate);
    return true;
}

static MaybeLocal<Uint8Array> make_bytes(Isolate *isolate, size_t len)
{
    Local<ArrayBuffer> buffer;

    /* Not New(), which ends the process when the budget refuses the buffer. */
    if (ArrayBuffer::MaybeNew(isolate, len, BackingStoreInitializationMode::kZeroInitialized)
            .ToLocal(&buffer))
        return Uint8Array::New(buffer, 0, len);
    isolate->ThrowException(Exception::RangeError(text(isolate, "Array buffer allocation failed")));
    return {};
}

static unsigned char *data_of(Local<Uint8Array> bytes)
{
    return static_cast<unsigned char *>(bytes->Buffer()->Data());
}

MaybeLocal<Value> new_bytes(Isolate *isolate, const unsigned char *data, size_t len)
{
    Local<Uint8Array> bytes;

    if (!make_bytes(isolate, len).ToLocal(&bytes))
        return {};
    if (len)
        memcpy(data_of(bytes), data, len);
    return bytes;
}

void return_bytes(const NativeInfo &info, const unsigned char *data, size_t len)
{
    Local<Value> bytes;

    if (new_bytes(info.GetIsolate(), data, len).ToLocal(&bytes))
        info.GetReturnValue().Set(bytes);
}

/* The worker can stop between pieces of this size, so that it need not be killed. */
#define PIECE (1u << 20)

static bool is_stopped(const NativeInfo &info)
{
    return stopped(engine_of(info.GetIsolate()));
}

/* ---- digests */

void crypto_digest(const NativeInfo &info)
{
    Crypto begun;
    DigestContext context(EVP_MD_CTX_new());
    unsigned char out[EVP_MAX_MD_SIZE];
    unsigned len;
    char name[32];
    Bytes data;

    if (!context || !name_given(info, 0, name) || !bytes_given(info, 1, &data) ||
        EVP_DigestInit_ex(context.get(), EVP_get_digestbyname(name), nullptr) != 1)
        return;
    for (size_t at = 0; at < data.len && !is_stopped(info); at += PIECE)
        if (EVP_DigestUpdate(context.get(), data.data + at, std::min<size_t>(PIECE, data.len - at)) != 1)
            return;
    if (EVP_DigestFinal_ex(context.get(), out, &len) == 1)
        return_bytes(info, out, len);
}

void crypto_hmac(const NativeInfo &info)
{
    Crypto begun;
    Owned<HMAC_CTX, HMAC_CTX_free> context(HMAC_CTX_new());
    unsigned char out[EVP_MAX_MD_SIZE];
    unsigned len;
    char name[32];
    Bytes key, data;

    if (!context || !name_given(info, 0, name) || !bytes_given(info, 1, &key) ||
        !bytes_given(info, 2, &data) || key.len > INT_MAX ||
        HMAC_Init_ex(context.get(), key.data, static_cast<int>(key.len), EVP_get_digestbyname(name),
                     nullptr) != 1)
        return;
    for (size_t at = 0; at < data.len && !is_stopped(info); at += PIECE)
        if (HMAC_Update(context.get(), data.data + at, std::min<size_t>(PIECE, data.len - at)) != 1)
            return;
    if (HMAC_Final(context.get(), out, &len) == 1)
        return_bytes(info, out, len);
}

/* ---- ciphers */

using CipherContext = Owned<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;
using Cipher = Owned<EVP_CIPHER, EVP_CIPHER_free>;

struct ciphering {
    Bytes key, iv, data, extra;
    size_t tag = 0; /* bytes of the tag after the encrypted data */
    bool encrypts = false;
};

static bool ciphering_given(const NativeInfo &info, ciphering *c)
{
    if (!info[1]->IsBoolean() || !bytes_given(info, 2, &c->key) || !bytes_given(info, 3, &c->iv) ||
        !bytes_given(info, 4, &c->data) || !bytes_given(info, 5, &c->extra) || !info[6]->IsUint32())
        return false;
    c->encrypts = info[1]->IsTrue();
    c->tag = info[6].As<Uint32>()->Value();
    return c->tag <= 16 && (c->encrypts || c->data.len >= c->tag);
}

/* Key, iv and additional data; the tag that is expected. */
static bool start_cipher(EVP_CIPHER_CTX *context, const EVP_CIPHER *cipher, const ciphering &c)
{
    int ignored, encrypts = c.encrypts;

    EVP_CIPHER_CTX_set_flags(context, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    if (EVP_CipherInit_ex2(context, cipher, nullptr, nullptr, encrypts, nullptr) != 1 ||
        EVP_CIPHER_CTX_get_key_length(context) != static_cast<int>(c.key.len) || c.iv.len > INT_MAX ||
        c.extra.len > INT_MAX)
        return false;
    if (c.tag &&
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_IVLEN, static_cast<int>(c.iv.len), nullptr) != 1)
        return false;
    if (EVP_CIPHER_CTX_get_iv_length(context) != static_cast<int>(c.iv.len) ||
        EVP_CipherInit_ex2(context, nullptr, c.key.data, c.iv.len ? c.iv.data : nullptr, encrypts, nullptr) !=
            1)
        return false;
    if (c.tag && !c.encrypts &&
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, static_cast<int>(c.tag),
                            c.data.data + c.data.len - c.tag) != 1)
        return false;
    return !c.extra.len ||
           EVP_CipherUpdate(context, nullptr, &ignored, c.extra.data, static_cast<int>(c.extra.len)) == 1;
}

/* Writes to `out`, which has room for a block and a tag more than the data; false: the key, the tag or the padding is
 * wrong. A cipher that wraps keys gets all data at once. */
static bool run_cipher(const NativeInfo &info, EVP_CIPHER_CTX *context, const ciphering &c,
                       unsigned char *out, size_t *done)
{
    size_t len = c.encrypts ? c.data.len : c.data.len - c.tag;
    size_t piece = EVP_CIPHER_CTX_get_mode(context) == EVP_CIPH_WRAP_MODE ? INT_MAX : PIECE;
    int wrote = 0;

    *done = 0;
    for (size_t at = 0; at < len && !is_stopped(info); at += piece) {
        size_t part = std::min(piece, len - at);
        if (EVP_CipherUpdate(context, out + *done, &wrote, c.data.data + at, static_cast<int>(part)) != 1)
            return false;
        *done += static_cast<size_t>(wrote);
    }
    if (EVP_CipherFinal_ex(context, out + *done, &wrote) != 1)
        return false;
    *done += static_cast<size_t>(wrote);
    if (!c.tag || !c.encrypts)
        return true;
    if (EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, static_cast<int>(c.tag), out + *done) != 1)
        return false;
    *done += c.tag;
    return true;
}

void crypto_cipher(const NativeInfo &info)
{
    Crypto begun;
    CipherContext context(EVP_CIPHER_CTX_new());
    Local<Uint8Array> room;
    ciphering c;
    char name[32];
    size_t len;

    if (!context || !name_given(info, 0, name) || !ciphering_given(info, &c))
        return;
    Cipher cipher(EVP_CIPHER_fetch(nullptr, name, nullptr));
    if (!cipher || !start_cipher(context.get(), cipher.get(), c) ||
        !make_bytes(info.GetIsolate(), c.data.len + 32).ToLocal(&room) ||
        !run_cipher(info, context.get(), c, data_of(room), &len))
        return;
    return_bytes(info, data_of(room), len);
    OPENSSL_cleanse(data_of(room), len);
}

/* ---- keys from passwords and other keys */

#define MOST_DERIVED (16u << 20) /* bytes */

void crypto_pbkdf2(const NativeInfo &info)
{
    Crypto begun;
    Local<Uint8Array> out;
    Bytes password, salt;
    char name[32];

    if (!name_given(info, 0, name) || !bytes_given(info, 1, &password) || !bytes_given(info, 2, &salt) ||
        !info[3]->IsUint32() || !info[4]->IsUint32())
        return;
    uint32_t iterations = info[3].As<Uint32>()->Value(), len = info[4].As<Uint32>()->Value();
    const EVP_MD *hash = EVP_get_digestbyname(name);
    if (!hash || iterations == 0 || iterations > INT_MAX || len > MOST_DERIVED || password.len > INT_MAX ||
        salt.len > INT_MAX || !make_bytes(info.GetIsolate(), len).ToLocal(&out))
        return;
    if (len == 0 ||
        PKCS5_PBKDF2_HMAC(reinterpret_cast<const char *>(password.data), static_cast<int>(password.len),
                          salt.data, static_cast<int>(salt.len), static_cast<int>(iterations), hash,
                          static_cast<int>(len), data_of(out)) == 1)
        info.GetReturnValue().Set(out);
}

void crypto_hkdf(const NativeInfo &info)
{
    Crypto begun;
    Owned<EVP_KDF, EVP_KDF_free> kdf(EVP_KDF_fetch(nullptr, OSSL_KDF_NAME_HKDF, nullptr));
    Owned<EVP_KDF_CTX, EVP_KDF_CTX_free> context(kdf ? EVP_KDF_CTX_new(kdf.get()) : nullptr);
    Local<Uint8Array> out;
    Bytes key, salt, extra;
    char name[32];

    if (!context || !name_given(info, 0, name) || !bytes_given(info, 1, &key) ||
        !bytes_given(info, 2, &salt) || !bytes_given(info, 3, &extra) || !info[4]->IsUint32())
        return;
    uint32_t len = info[4].As<Uint32>()->Value();
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, name, 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, key.data, key.len),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, salt.data, salt.len),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, extra.data, extra.len),
        OSSL_PARAM_construct_end(),
    };
    if (len > MOST_DERIVED || !make_bytes(info.GetIsolate(), len).ToLocal(&out))
        return;
    if (len == 0 || EVP_KDF_derive(context.get(), data_of(out), len, params) == 1)
        info.GetReturnValue().Set(out);
}

} // namespace iso
