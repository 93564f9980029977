// SPDX-License-Identifier: MIT
// subtle.js - SubtleCrypto of https://w3c.github.io/webcrypto/. OpenSSL does the work, in one piece and at once; the
// promises are there because the standard has them.

import {
    BigInt,
    JSONParse,
    JSONStringify,
    Number,
    ObjectPrototype,
    ObjectSetPrototypeOf,
    TypeError,
    Uint8Array,
} from '../../primordials.js';
import { native } from '../../natives.js';
import { cannotBeCloned } from '../clone.js';
import { utf8DecodeAll, utf8Encode } from '../encoding.js';
import { keyFormats, keyParts } from '../late.js';
import { noteRandom } from '../random.js';
import { asInterface, bufferOf, isBufferSource, isObject, need } from '../webidl.js';

const {
    algorithms,
    allow,
    bytesFrom,
    cannot,
    curves,
    failed,
    given: found,
    has,
    hashBits,
    hashFrom,
    hashes,
    identify,
    integerFrom,
    isKey,
    makeKey,
    only,
    slotsOf,
    takeBytes,
    usagesFrom,
} = keyParts();
const { exportBytes, exportJwk, importHalf, importSecret } = keyFormats();

const none = new Uint8Array(0);
const UINT32 = 2 ** 32 - 1;

function keyFrom(value, what) {
    if (!isKey(value)) throw new TypeError(`${what} is no CryptoKey`);
    return slotsOf(value);
}

// The key must be one for the algorithm and, if a usage is said, for that.
function checkKey(key, name, usage) {
    if (key.algorithm.name !== name)
        throw failed(`the key is for ${key.algorithm.name}, not ${name}`, 'InvalidAccessError');
    if (usage !== undefined && !has(key.usages, usage))
        throw failed(`the key is not for ${usage}`, 'InvalidAccessError');
}

function checkType(key, type) {
    if (key.type !== type) throw failed(`the key is ${key.type}, not ${type}`, 'InvalidAccessError');
}

// ---- signatures

const isHmac = (name) => name === 'HMAC';
const signs = { __proto__: null, HMAC: true, 'RSASSA-PKCS1-v1_5': true, 'RSA-PSS': true, ECDSA: true, Ed25519: true };

// { name, hash, padding, salt }
function signingFrom(algorithm, what) {
    const { name, given } = identify(algorithm);
    if (signs[name] !== true) throw cannot(name, what);
    const how = { __proto__: null, name, hash: undefined, padding: '', salt: 0 };
    if (name === 'ECDSA') how.hash = hashFrom(given.hash);
    if (name === 'RSA-PSS') {
        how.padding = 'pss';
        how.salt = integerFrom(given.saltLength, UINT32, 'saltLength');
    }
    return how;
}

const hashOf = (how, { algorithm }) => hashes[how.hash ?? algorithm.hash] ?? '';

function hmac({ algorithm, bytes }, data) {
    return found(native.cryptoHmac(hashes[algorithm.hash], bytes, data), 'HMAC failed');
}

// Takes the same time for each difference.
function isSame(a, b) {
    let difference = a.length ^ b.length;
    for (let i = 0; i < a.length; i++) difference |= a[i] ^ (b[i] ?? 0);
    return difference === 0;
}

function sign(how, key, data) {
    if (isHmac(how.name)) return hmac(key, data);
    checkType(key, 'private');
    noteRandom();
    const salt = how.salt > 65535 ? 65535 : how.salt;
    return found(native.cryptoSign(key.bytes, hashOf(how, key), how.padding, salt, data), 'the key cannot sign this');
}

function verify(how, key, signature, data) {
    if (isHmac(how.name)) return isSame(hmac(key, data), signature);
    checkType(key, 'public');
    const salt = how.salt > 65535 ? 65535 : how.salt;
    return native.cryptoVerify(key.bytes, hashOf(how, key), how.padding, salt, data, signature) === true;
}

// ---- ciphers

const tagBits = [32, 64, 96, 104, 112, 120, 128];

function cipherFrom(algorithm, what) {
    const { name, given } = identify(algorithm);
    const how = { __proto__: null, name };
    switch (name) {
        case 'AES-CBC':
            how.iv = bytesFrom(given.iv, 'iv');
            if (how.iv.length !== 16) throw failed('the iv of AES-CBC has 16 bytes');
            return how;
        case 'AES-CTR':
            how.iv = bytesFrom(given.counter, 'counter');
            how.length = integerFrom(given.length, 255, 'length');
            if (how.iv.length !== 16) throw failed('the counter of AES-CTR has 16 bytes');
            if (how.length === 0 || how.length > 128) throw failed('the length of AES-CTR is 1 to 128');
            return how;
        case 'AES-GCM':
            how.iv = bytesFrom(given.iv, 'iv');
            how.extra = given.additionalData === undefined ? none : takeBytes(given.additionalData, 'additionalData');
            how.tag = given.tagLength === undefined ? 128 : integerFrom(given.tagLength, 255, 'tagLength');
            if (!has(tagBits, how.tag)) throw failed(`AES-GCM has no tag of ${how.tag} bits`);
            if (how.iv.length === 0) throw failed('the iv of AES-GCM is empty');
            return how;
        case 'RSA-OAEP':
            how.label = given.label === undefined ? none : takeBytes(given.label, 'label');
            return how;
        default:
            throw cannot(name, what);
    }
}

const aes = (key, mode) => `AES-${key.bytes.length * 8}-${mode}`;

// The counter, a number of `length` bits at the end of the block, begins anew when it is spent: where OpenSSL, whose
// counter has 128 bits, would change what stands before it, there is a second call.
function counterMode(how, key, data) {
    const name = aes(key, 'CTR');
    const limit = 1n << BigInt(how.length);
    const blocks = BigInt((data.length + 15) >> 4);
    if (blocks > limit) throw failed('the data is too long for the counter');
    let block = 0n;
    for (let i = 0; i < 16; i++) block = (block << 8n) | BigInt(how.iv[i]);
    const left = limit - (block & (limit - 1n));
    if (blocks <= left) return native.cryptoCipher(name, true, key.bytes, how.iv, data, none, 0);
    const cut = Number(left) * 16;
    const first = new Uint8Array(cut);
    const rest = new Uint8Array(data.length - cut);
    for (let i = 0; i < cut; i++) first[i] = data[i];
    for (let i = cut; i < data.length; i++) rest[i - cut] = data[i];
    const restart = new Uint8Array(16);
    block &= ~(limit - 1n);
    for (let i = 15; i >= 0; i--, block >>= 8n) restart[i] = Number(block & 255n);
    const a = found(native.cryptoCipher(name, true, key.bytes, how.iv, first, none, 0), 'AES-CTR failed');
    const b = found(native.cryptoCipher(name, true, key.bytes, restart, rest, none, 0), 'AES-CTR failed');
    const both = new Uint8Array(data.length);
    for (let i = 0; i < cut; i++) both[i] = a[i];
    for (let i = 0; i < b.length; i++) both[cut + i] = b[i];
    return both;
}

function cipher(how, key, encrypts, data) {
    const message = encrypts ? 'the data cannot be encrypted' : 'the data cannot be decrypted with this key';
    switch (how.name) {
        case 'AES-CTR':
            return found(counterMode(how, key, data), message);
        case 'AES-CBC':
            return found(native.cryptoCipher(aes(key, 'CBC'), encrypts, key.bytes, how.iv, data, none, 0), message);
        case 'AES-GCM':
            return found(
                native.cryptoCipher(aes(key, 'GCM'), encrypts, key.bytes, how.iv, data, how.extra, how.tag / 8),
                message,
            );
        default:
            checkType(key, encrypts ? 'public' : 'private');
            noteRandom();
            return found(native.cryptoOaep(key.bytes, encrypts, hashOf(how, key), how.label, data), message);
    }
}

// AES-KW, which only wraps.
const wrapIv = new Uint8Array(8);
for (let i = 0; i < 8; i++) wrapIv[i] = 0xa6;

function keyWrap(key, encrypts, data) {
    if (data.length % 8 !== 0 || data.length < (encrypts ? 16 : 24)) {
        throw failed('AES-KW takes keys of a multiple of 8 bytes, at least 16');
    }
    return found(
        native.cryptoCipher(aes(key, 'WRAP'), encrypts, key.bytes, wrapIv, data, none, 0),
        'the key cannot be unwrapped',
    );
}

function wrappingFrom(algorithm, what) {
    const { name } = identify(algorithm);
    return name === 'AES-KW' ? { __proto__: null, name } : cipherFrom(algorithm, what);
}

const wrapWith = (how, key, encrypts, data) =>
    how.name === 'AES-KW' ? keyWrap(key, encrypts, data) : cipher(how, key, encrypts, data);

// ---- derived bits

function derivationFrom(algorithm, what) {
    const { name, given } = identify(algorithm);
    const how = { __proto__: null, name };
    switch (name) {
        case 'ECDH':
        case 'X25519':
            if (given.public === undefined) throw new TypeError('the algorithm has no public');
            how.public = keyFrom(given.public, 'public');
            return how;
        case 'HKDF':
            how.hash = hashFrom(given.hash);
            how.salt = bytesFrom(given.salt, 'salt');
            how.info = bytesFrom(given.info, 'info');
            return how;
        case 'PBKDF2':
            how.salt = bytesFrom(given.salt, 'salt');
            how.iterations = integerFrom(given.iterations, UINT32, 'iterations');
            how.hash = hashFrom(given.hash);
            return how;
        default:
            throw cannot(name, what);
    }
}

function agree(how, key, length) {
    const other = how.public;
    checkType(key, 'private');
    checkType(other, 'public');
    if (other.algorithm.name !== how.name || other.algorithm.namedCurve !== key.algorithm.namedCurve) {
        throw failed('the public key is not of the same kind', 'InvalidAccessError');
    }
    const secret = found(native.cryptoAgree(key.bytes, other.bytes), 'the keys agree on no secret');
    if (length === null) return secret;
    if (length > secret.length * 8) throw failed(`the secret has ${secret.length * 8} bits only`);
    const out = new Uint8Array((length + 7) >> 3);
    for (let i = 0; i < out.length; i++) out[i] = secret[i];
    if (length % 8 !== 0) out[out.length - 1] &= 0xff << (8 - (length % 8));
    return out;
}

function derive(how, key, length) {
    if (how.public !== undefined) return agree(how, key, length);
    if (length === null || length % 8 !== 0) throw failed('the length must be a multiple of 8 bits');
    const hash = hashes[how.hash];
    if (how.name === 'PBKDF2' && how.iterations === 0) throw failed('PBKDF2 needs at least one iteration');
    return found(
        how.name === 'HKDF'
            ? native.cryptoHkdf(hash, key.bytes, how.salt, how.info, length / 8)
            : native.cryptoPbkdf2(hash, key.bytes, how.salt, how.iterations, length / 8),
        'that many bits cannot be derived',
    );
}

// ---- new keys

const aesBits = [128, 192, 256];

function aesLength(given) {
    const length = integerFrom(given.length, 65535, 'length');
    if (!has(aesBits, length)) throw failed('a key for AES has 128, 192 or 256 bits');
    return length;
}

function hmacLength(hash, given) {
    if (given.length === undefined) return hashBits[hash];
    const length = integerFrom(given.length, UINT32, 'length');
    if (length === 0) throw failed('a key for HMAC is not empty');
    return length;
}

function generateSecret(algorithm, extractable, usages) {
    allow(usages, algorithms[algorithm.name].usages, algorithm.name);
    if (usages.length === 0) throw failed('the key would have no usages', 'SyntaxError');
    if (algorithm.length > 8 << 20) throw failed('the key is too long');
    const bytes = new Uint8Array((algorithm.length + 7) >> 3);
    noteRandom();
    native.randomFill(bytes);
    if (algorithm.length % 8 !== 0) bytes[bytes.length - 1] &= 0xff << (8 - (algorithm.length % 8));
    return makeKey('secret', extractable, algorithm, usages, bytes);
}

function generatePair(algorithm, extractable, usages) {
    const { kind, privateUsages, publicUsages } = algorithms[algorithm.name];
    for (let i = 0; i < usages.length; i++)
        if (!has(publicUsages, usages[i])) allow([usages[i]], privateUsages, algorithm.name);
    const mine = only(usages, privateUsages);
    if (mine.length === 0) throw failed('the private key would have no usages', 'SyntaxError');
    noteRandom();
    const { namedCurve, modulusLength, publicExponent } = algorithm;
    const made = found(
        native.cryptoKeyMake(kind, curves[namedCurve] ?? '', modulusLength ?? 0, publicExponent ?? none),
        'there are no such keys',
    );
    return {
        publicKey: makeKey('public', true, algorithm, only(usages, publicUsages), made[1]),
        privateKey: makeKey('private', extractable, algorithm, mine, made[0]),
    };
}

// An algorithm for a new key, with all that the key will know of it.
function generationFrom(given) {
    const { name, given: params } = identify(given);
    const algorithm = { __proto__: null, name };
    switch (algorithms[name]?.kind) {
        case 'AES':
            algorithm.length = aesLength(params);
            return algorithm;
        case 'HMAC':
            algorithm.hash = hashFrom(params.hash);
            algorithm.length = hmacLength(algorithm.hash, params);
            return algorithm;
        case 'RSA':
            algorithm.modulusLength = integerFrom(params.modulusLength, UINT32, 'modulusLength');
            algorithm.publicExponent = bytesFrom(params.publicExponent, 'publicExponent');
            algorithm.hash = hashFrom(params.hash);
            return algorithm;
        case 'EC':
            if (params.namedCurve === undefined) throw new TypeError('the algorithm has no namedCurve');
            algorithm.namedCurve = `${params.namedCurve}`;
            if (curves[algorithm.namedCurve] === undefined) {
                throw failed(`there is no curve '${algorithm.namedCurve}'`, 'NotSupportedError');
            }
            return algorithm;
        case 'ED25519':
        case 'X25519':
            return algorithm;
        default:
            throw cannot(name, 'make keys');
    }
}

// ---- keys that come in

const formats = ['raw', 'spki', 'pkcs8', 'jwk'];

function formatFrom(value) {
    const format = `${value}`;
    if (!has(formats, format)) throw new TypeError(`'${format}' is no format of keys`);
    return format;
}

// { algorithm, wanted }: the second is the wanted length of a key for HMAC.
function importFrom(given) {
    const { name, given: params } = identify(given);
    const algorithm = { __proto__: null, name };
    let wanted;
    if (algorithms[name] === undefined) throw cannot(name, 'have keys');
    const { kind } = algorithms[name];
    if (kind === 'RSA' || kind === 'HMAC') algorithm.hash = hashFrom(params.hash);
    if (kind === 'HMAC' && params.length !== undefined) wanted = integerFrom(params.length, UINT32, 'length');
    if (kind === 'EC') {
        if (params.namedCurve === undefined) throw new TypeError('the algorithm has no namedCurve');
        algorithm.namedCurve = `${params.namedCurve}`;
    }
    return { __proto__: null, algorithm, wanted };
}

function importData(format, data) {
    if (format !== 'jwk') return takeBytes(data, 'the key');
    if (!isObject(data) || isBufferSource(data)) throw new TypeError('the key is no JSON Web Key');
    return data;
}

function importKey(format, data, { algorithm, wanted }, extractable, usages) {
    const { kind } = algorithms[algorithm.name];
    const key =
        kind === 'AES' || kind === 'HMAC' || kind === 'secret'
            ? importSecret(format, data, algorithm, wanted, extractable, usages)
            : importHalf(format, data, algorithm, extractable, usages);
    if (usages.length === 0 && key.type !== 'public') throw failed('the key would have no usages', 'SyntaxError');
    return key;
}

// An object like those that agents make; inside it had no prototype.
const asPlain = (object) => ObjectSetPrototypeOf(object, ObjectPrototype);

function exported(format, key) {
    return format === 'jwk' ? exportJwk(key) : exportBytes(format, key);
}

function jwkFromBytes(bytes) {
    try {
        const jwk = JSONParse(utf8DecodeAll(bytes));
        if (isObject(jwk)) return jwk;
    } catch {}
    throw failed('what was unwrapped is no JSON Web Key', 'DataError');
}

// The bits of a key of this algorithm, null for as many as there are.
function lengthFor(given) {
    const { name, given: params } = identify(given);
    if (algorithms[name]?.kind === 'AES') return aesLength(params);
    if (name === 'HMAC') return hmacLength(hashFrom(params.hash), params);
    if (algorithms[name]?.kind === 'secret') return null;
    throw cannot(name, 'have a derived key');
}

// ---- SubtleCrypto

const token = { __proto__: null };

export class SubtleCrypto {
    #own = true;

    constructor(given = undefined) {
        if (given !== token) throw new TypeError('Illegal constructor: use crypto.subtle');
    }

    async encrypt(algorithm, key, data) {
        need(arguments, 3, 'encrypt');
        const slots = keyFrom(key, 'the second argument of encrypt');
        const bytes = takeBytes(data, 'the third argument of encrypt');
        const how = cipherFrom(algorithm, 'encrypt');
        checkKey(slots, how.name, 'encrypt');
        return bufferOf(cipher(how, slots, true, bytes));
    }
    async decrypt(algorithm, key, data) {
        need(arguments, 3, 'decrypt');
        const slots = keyFrom(key, 'the second argument of decrypt');
        const bytes = takeBytes(data, 'the third argument of decrypt');
        const how = cipherFrom(algorithm, 'decrypt');
        checkKey(slots, how.name, 'decrypt');
        return bufferOf(cipher(how, slots, false, bytes));
    }
    async sign(algorithm, key, data) {
        need(arguments, 3, 'sign');
        const slots = keyFrom(key, 'the second argument of sign');
        const bytes = takeBytes(data, 'the third argument of sign');
        const how = signingFrom(algorithm, 'sign');
        checkKey(slots, how.name, 'sign');
        return bufferOf(sign(how, slots, bytes));
    }
    async verify(algorithm, key, signature, data) {
        need(arguments, 4, 'verify');
        const slots = keyFrom(key, 'the second argument of verify');
        const signed = takeBytes(signature, 'the third argument of verify');
        const bytes = takeBytes(data, 'the fourth argument of verify');
        const how = signingFrom(algorithm, 'verify');
        checkKey(slots, how.name, 'verify');
        return verify(how, slots, signed, bytes);
    }
    async digest(algorithm, data) {
        need(arguments, 2, 'digest');
        const bytes = takeBytes(data, 'the second argument of digest');
        const { name } = identify(algorithm);
        if (hashes[name] === undefined) throw cannot(name, 'digest');
        return bufferOf(found(native.cryptoDigest(hashes[name], bytes), 'the digest failed'));
    }
    async generateKey(algorithm, extractable, keyUsages) {
        need(arguments, 3, 'generateKey');
        const usages = usagesFrom(keyUsages);
        const wanted = generationFrom(algorithm);
        const make = algorithms[wanted.name].usages === undefined ? generatePair : generateSecret;
        return make(wanted, !!extractable, usages);
    }
    async deriveKey(algorithm, baseKey, derivedKeyType, extractable, keyUsages) {
        need(arguments, 5, 'deriveKey');
        const slots = keyFrom(baseKey, 'the second argument of deriveKey');
        const usages = usagesFrom(keyUsages);
        const how = derivationFrom(algorithm, 'derive keys');
        const wanted = importFrom(derivedKeyType);
        const length = lengthFor(derivedKeyType);
        checkKey(slots, how.name, 'deriveKey');
        return importKey('raw', derive(how, slots, length), wanted, !!extractable, usages);
    }
    async deriveBits(algorithm, baseKey, length = null) {
        need(arguments, 2, 'deriveBits');
        const slots = keyFrom(baseKey, 'the second argument of deriveBits');
        const bits = length === null ? null : integerFrom(length, UINT32, 'length');
        const how = derivationFrom(algorithm, 'derive bits');
        checkKey(slots, how.name, 'deriveBits');
        return bufferOf(derive(how, slots, bits));
    }
    async importKey(format, keyData, algorithm, extractable, keyUsages) {
        need(arguments, 5, 'importKey');
        const kind = formatFrom(format);
        const data = importData(kind, keyData);
        const usages = usagesFrom(keyUsages);
        return importKey(kind, data, importFrom(algorithm), !!extractable, usages);
    }
    async exportKey(format, key) {
        need(arguments, 2, 'exportKey');
        const kind = formatFrom(format);
        const { extractable } = keyFrom(key, 'the second argument of exportKey');
        if (!extractable) throw failed('the key is not extractable', 'InvalidAccessError');
        const out = exported(kind, key);
        return kind === 'jwk' ? asPlain(out) : bufferOf(out);
    }
    async wrapKey(format, key, wrappingKey, wrapAlgorithm) {
        need(arguments, 4, 'wrapKey');
        const kind = formatFrom(format);
        const { extractable } = keyFrom(key, 'the second argument of wrapKey');
        const slots = keyFrom(wrappingKey, 'the third argument of wrapKey');
        const how = wrappingFrom(wrapAlgorithm, 'wrap keys');
        checkKey(slots, how.name, 'wrapKey');
        if (!extractable) throw failed('the key is not extractable', 'InvalidAccessError');
        const out = exported(kind, key);
        return bufferOf(wrapWith(how, slots, true, kind === 'jwk' ? utf8Encode(JSONStringify(out)) : out));
    }
    async unwrapKey(format, wrappedKey, unwrappingKey, unwrapAlgorithm, unwrappedKeyAlgorithm, extractable, keyUsages) {
        need(arguments, 7, 'unwrapKey');
        const kind = formatFrom(format);
        const bytes = takeBytes(wrappedKey, 'the second argument of unwrapKey');
        const slots = keyFrom(unwrappingKey, 'the third argument of unwrapKey');
        const usages = usagesFrom(keyUsages);
        const how = wrappingFrom(unwrapAlgorithm, 'unwrap keys');
        const wanted = importFrom(unwrappedKeyAlgorithm);
        checkKey(slots, how.name, 'unwrapKey');
        const data = wrapWith(how, slots, false, bytes);
        return importKey(kind, kind === 'jwk' ? jwkFromBytes(data) : data, wanted, !!extractable, usages);
    }
}
asInterface(SubtleCrypto, 'SubtleCrypto', () => ({}));
cannotBeCloned(SubtleCrypto);

export const subtle = new SubtleCrypto(token);
