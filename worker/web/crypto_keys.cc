/* SPDX-License-Identifier: MIT */
/* Keys of two halves: made, read, taken apart and put together. JavaScript holds them as DER: a private key as PKCS
 * #8, a public one as SubjectPublicKeyInfo. */
#include <limits.h>
#include <string.h>

#include <algorithm>

#include "worker/web/crypto.h"

namespace iso
{

using namespace v8;

#define MOST_RSA_BITS 16384 /* OpenSSL checks no larger signatures */

/* ---- DER */

static Key read_pkcs8(const unsigned char *at, size_t len)
{
    const unsigned char *end = at + len;
    Owned<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free> whole(
        d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(len)));

    return Key(whole && at == end ? EVP_PKCS82PKEY(whole.get()) : nullptr);
}

Key read_key(const Bytes &der, bool is_private)
{
    const unsigned char *at = der.data;

    if (der.len > INT_MAX)
        return {};
    if (is_private)
        return read_pkcs8(at, der.len);
    Key key(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.len)));
    return at == der.data + der.len ? std::move(key) : Key();
}

static MaybeLocal<Value> write_key(Isolate *isolate, EVP_PKEY *key, bool is_private)
{
    Owned<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free> whole(is_private ? EVP_PKEY2PKCS8(key) : nullptr);
    unsigned char *der = nullptr;
    int len = is_private ? (whole ? i2d_PKCS8_PRIV_KEY_INFO(whole.get(), &der) : -1) : i2d_PUBKEY(key, &der);
    MaybeLocal<Value> bytes =
        len > 0 ? new_bytes(isolate, der, static_cast<size_t>(len)) : MaybeLocal<Value>();

    if (len > 0)
        OPENSSL_clear_free(der, static_cast<size_t>(len));
    return bytes;
}

/* ---- what a key is */

static const char *key_kind(const EVP_PKEY *key)
{
    switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
        return "RSA";
    case EVP_PKEY_EC:
        return "EC";
    case EVP_PKEY_ED25519:
        return "ED25519";
    case EVP_PKEY_X25519:
        return "X25519";
    default:
        return nullptr;
    }
}

/* True when both halves belong together, and a point is on its curve. RSA keys are not checked, because testing for
 * primes takes seconds. */
static bool is_sound(EVP_PKEY *key, bool is_private)
{
    if (EVP_PKEY_get_base_id(key) != EVP_PKEY_EC)
        return true;
    KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
    return context &&
           (is_private ? EVP_PKEY_check(context.get()) : EVP_PKEY_public_check(context.get())) == 1;
}

/* [kind, curve or '', bits, DER] */
static void return_key(const NativeInfo &info, EVP_PKEY *key, bool is_private)
{
    Isolate *isolate = info.GetIsolate();
    const char *kind = key ? key_kind(key) : nullptr;
    char curve[32] = "";
    size_t len;
    Local<Value> der;

    if (!kind || EVP_PKEY_get_bits(key) > MOST_RSA_BITS || !is_sound(key, is_private))
        return;
    if (EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
        EVP_PKEY_get_group_name(key, curve, sizeof curve, &len) != 1)
        return;
    if (!write_key(isolate, key, is_private).ToLocal(&der))
        return;
    Local<Value> parts[] = {text(isolate, kind), text(isolate, curve),
                            Integer::New(isolate, EVP_PKEY_get_bits(key)), der};
    info.GetReturnValue().Set(Array::New(isolate, parts, 4));
}

void crypto_key_read(const NativeInfo &info)
{
    Crypto begun;
    Bytes der;

    if (!bytes_given(info, 0, &der) || !info[1]->IsBoolean())
        return;
    return_key(info, read_key(der, info[1]->IsTrue()).get(), info[1]->IsTrue());
}

/* ---- keys from their parts */

/* OpenSSL's names for the numbers of an RSA key, in the order of JavaScript. */
static const char *const rsa_numbers[] = {
    OSSL_PKEY_PARAM_RSA_N,         OSSL_PKEY_PARAM_RSA_E,
    OSSL_PKEY_PARAM_RSA_D,         OSSL_PKEY_PARAM_RSA_FACTOR1,
    OSSL_PKEY_PARAM_RSA_FACTOR2,   OSSL_PKEY_PARAM_RSA_EXPONENT1,
    OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
};
#define RSA_NUMBERS        (sizeof rsa_numbers / sizeof *rsa_numbers)
#define RSA_PUBLIC_NUMBERS 2

static Key build_key(const char *kind, OSSL_PARAM_BLD *builder, bool is_private)
{
    Owned<OSSL_PARAM, OSSL_PARAM_free> params(OSSL_PARAM_BLD_to_param(builder));
    KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
    EVP_PKEY *key = nullptr;

    if (params && context && EVP_PKEY_fromdata_init(context.get()) == 1)
        (void)EVP_PKEY_fromdata(context.get(), &key, is_private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY,
                                params.get());
    return Key(key);
}

static Number number_given(const NativeInfo &info, int index)
{
    Bytes bytes;

    if (!bytes_given(info, index, &bytes) || bytes.len > MOST_RSA_BITS / 8 + 1)
        return {};
    return Number(BN_bin2bn(bytes.data, static_cast<int>(bytes.len), nullptr));
}

static Key rsa_given(const NativeInfo &info, int first, bool is_private)
{
    Owned<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free> builder(OSSL_PARAM_BLD_new());
    Number numbers[RSA_NUMBERS];

    for (size_t i = 0; i < (is_private ? RSA_NUMBERS : RSA_PUBLIC_NUMBERS); i++) {
        numbers[i] = number_given(info, first + static_cast<int>(i));
        if (!builder || !numbers[i] ||
            OSSL_PARAM_BLD_push_BN(builder.get(), rsa_numbers[i], numbers[i].get()) != 1)
            return {};
    }
    return builder ? build_key("RSA", builder.get(), is_private) : Key();
}

/* The public point, and the private number. */
static Key ec_given(const NativeInfo &info, const char *curve, int first, bool is_private)
{
    Owned<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free> builder(OSSL_PARAM_BLD_new());
    Number number;
    Bytes point;

    if (!builder || !bytes_given(info, first, &point) ||
        OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve, 0) != 1 ||
        OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data, point.len) != 1)
        return {};
    if (is_private) {
        number = number_given(info, first + 1);
        if (!number || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, number.get()) != 1)
            return {};
    }
    return build_key("EC", builder.get(), is_private);
}

/* Makes a key from raw bytes; the public half of a private key is computed. */
static Key raw_given(const NativeInfo &info, const char *kind, int first, bool is_private)
{
    Bytes bytes;

    if (!bytes_given(info, first, &bytes))
        return {};
    return Key(is_private ? EVP_PKEY_new_raw_private_key_ex(nullptr, kind, nullptr, bytes.data, bytes.len)
                          : EVP_PKEY_new_raw_public_key_ex(nullptr, kind, nullptr, bytes.data, bytes.len));
}

/* cryptoKeyFrom(kind, curve, private?, part ...): see crypto_key_read() for what it returns */
void crypto_key_from(const NativeInfo &info)
{
    Crypto begun;
    char kind[32], curve[32];
    Key key;

    if (!name_given(info, 0, kind) || !name_given(info, 1, curve) || !info[2]->IsBoolean())
        return;
    bool is_private = info[2]->IsTrue();
    if (strcmp(kind, "RSA") == 0)
        key = rsa_given(info, 3, is_private);
    else if (strcmp(kind, "EC") == 0)
        key = ec_given(info, curve, 3, is_private);
    else
        key = raw_given(info, kind, 3, is_private);
    return_key(info, key.get(), is_private);
}

/* ---- the parts of a key */

static MaybeLocal<Value> number_of(Isolate *isolate, EVP_PKEY *key, const char *name, size_t least)
{
    BIGNUM *found = nullptr;
    unsigned char bytes[MOST_RSA_BITS / 8 + 1];

    if (EVP_PKEY_get_bn_param(key, name, &found) != 1)
        return {};
    Number number(found);
    int len = std::max(BN_num_bytes(found), static_cast<int>(least));
    if (len > static_cast<int>(sizeof bytes) || BN_bn2binpad(found, bytes, len) != len)
        return {};
    MaybeLocal<Value> result = new_bytes(isolate, bytes, static_cast<size_t>(len));
    OPENSSL_cleanse(bytes, sizeof bytes);
    return result;
}

static bool rsa_parts(Isolate *isolate, EVP_PKEY *key, bool is_private, std::vector<Local<Value>> *out)
{
    Local<Value> part;

    for (size_t i = 0; i < (is_private ? RSA_NUMBERS : RSA_PUBLIC_NUMBERS); i++) {
        if (!number_of(isolate, key, rsa_numbers[i], 0).ToLocal(&part))
            return false;
        out->push_back(part);
    }
    return true;
}

static bool ec_parts(Isolate *isolate, EVP_PKEY *key, bool is_private, std::vector<Local<Value>> *out)
{
    size_t width = (static_cast<size_t>(EVP_PKEY_get_bits(key)) + 7) / 8;
    unsigned char point[160];
    Local<Value> part;
    size_t len;

    (void)EVP_PKEY_set_utf8_string_param(key, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, "uncompressed");
    if (EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point, &len) != 1 ||
        !new_bytes(isolate, point, len).ToLocal(&part))
        return false;
    out->push_back(part);
    if (!is_private)
        return true;
    if (!number_of(isolate, key, OSSL_PKEY_PARAM_PRIV_KEY, width).ToLocal(&part))
        return false;
    out->push_back(part);
    return true;
}

static bool raw_parts(Isolate *isolate, EVP_PKEY *key, bool is_private, std::vector<Local<Value>> *out)
{
    unsigned char bytes[64];
    size_t len = sizeof bytes;
    Local<Value> part;

    if (EVP_PKEY_get_raw_public_key(key, bytes, &len) != 1 || !new_bytes(isolate, bytes, len).ToLocal(&part))
        return false;
    out->push_back(part);
    if (!is_private)
        return true;
    len = sizeof bytes;
    if (EVP_PKEY_get_raw_private_key(key, bytes, &len) != 1 || !new_bytes(isolate, bytes, len).ToLocal(&part))
        return false;
    OPENSSL_cleanse(bytes, sizeof bytes);
    out->push_back(part);
    return true;
}

/* cryptoKeyParts(der, private?): as crypto_key_from() takes them; of all keys but RSA first the public part */
void crypto_key_parts(const NativeInfo &info)
{
    Crypto begun;
    Isolate *isolate = info.GetIsolate();
    std::vector<Local<Value>> parts;
    Bytes der;

    if (!bytes_given(info, 0, &der) || !info[1]->IsBoolean())
        return;
    bool is_private = info[1]->IsTrue();
    Key key = read_key(der, is_private);
    if (!key)
        return;
    int kind = EVP_PKEY_get_base_id(key.get());
    bool found = kind == EVP_PKEY_RSA  ? rsa_parts(isolate, key.get(), is_private, &parts)
                 : kind == EVP_PKEY_EC ? ec_parts(isolate, key.get(), is_private, &parts)
                                       : raw_parts(isolate, key.get(), is_private, &parts);
    if (found)
        info.GetReturnValue().Set(Array::New(isolate, parts.data(), parts.size()));
}

/* ---- new keys */

static bool prepare_rsa(const NativeInfo &info, EVP_PKEY_CTX *context)
{
    Number exponent = number_given(info, 3);

    return info[2]->IsUint32() && info[2].As<Uint32>()->Value() <= MOST_RSA_BITS && exponent &&
           EVP_PKEY_CTX_set_rsa_keygen_bits(context, static_cast<int>(info[2].As<Uint32>()->Value())) == 1 &&
           EVP_PKEY_CTX_set1_rsa_keygen_pubexp(context, exponent.get()) == 1;
}

/* cryptoKeyMake(kind, curve, bits, exponent): [private DER, public DER] */
void crypto_key_make(const NativeInfo &info)
{
    Crypto begun;
    Isolate *isolate = info.GetIsolate();
    char kind[32], curve[32];
    EVP_PKEY *made = nullptr;
    Local<Value> parts[2];

    if (!name_given(info, 0, kind) || !name_given(info, 1, curve))
        return;
    KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
    if (!context || EVP_PKEY_keygen_init(context.get()) != 1 ||
        (strcmp(kind, "EC") == 0 && EVP_PKEY_CTX_set_group_name(context.get(), curve) != 1) ||
        (strcmp(kind, "RSA") == 0 && !prepare_rsa(info, context.get())) ||
        EVP_PKEY_generate(context.get(), &made) != 1)
        return;
    Key key(made);
    if (write_key(isolate, made, true).ToLocal(&parts[0]) &&
        write_key(isolate, made, false).ToLocal(&parts[1]))
        info.GetReturnValue().Set(Array::New(isolate, parts, 2));
}

} // namespace iso
