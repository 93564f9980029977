// SPDX-License-Identifier: MIT
// crypto-formats.js - imports and exports keys as bytes and as JSON Web Keys (RFC 7517, 7518, 8037).

import { ReflectApply, StringPrototypeCharCodeAt, TypeError, Uint8Array } from '../../primordials.js';
import { append, copyList } from '../../list.js';
import { native } from '../../natives.js';
import { keyParts } from '../late.js';
import { isObject, listOf } from '../webidl.js';

const { algorithms, allow, cannot, curves, failed, has, makeKey, slotsOf } = keyParts();

const bad = (message) => failed(message, 'DataError');

// ---- base64url

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const valueOf = new Uint8Array(128);
for (let i = 0; i < 64; i++) valueOf[StringPrototypeCharCodeAt(alphabet, i)] = i + 1;

function toBase64(bytes) {
    let out = '';
    for (let i = 0; i < bytes.length; i += 3) {
        const word = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
        out += alphabet[word >> 18] + alphabet[(word >> 12) & 63];
        if (i + 1 < bytes.length) out += alphabet[(word >> 6) & 63];
        if (i + 2 < bytes.length) out += alphabet[word & 63];
    }
    return out;
}

function fromBase64(text, what) {
    if (typeof text !== 'string') throw bad(`the JSON Web Key has no '${what}'`);
    if (text.length % 4 === 1) throw bad(`'${what}' of the JSON Web Key is not base64url`);
    const bytes = new Uint8Array((text.length * 3) >> 2);
    let word = 0;
    let at = 0;
    for (let i = 0; i < text.length; i++) {
        const value = valueOf[StringPrototypeCharCodeAt(text, i)];
        if (!value) throw bad(`'${what}' of the JSON Web Key is not base64url`);
        word = (word << 6) | (value - 1);
        if (i % 4 !== 0) bytes[at++] = word >> (6 - 2 * (i % 4));
    }
    return bytes;
}

// ---- members of a JSON Web Key besides the key itself

const bits = { __proto__: null, 'SHA-1': '1', 'SHA-256': '256', 'SHA-384': '384', 'SHA-512': '512' };

// Its 'alg', undefined where there is none.
function jwkAlgorithm({ name, hash, length }) {
    switch (name) {
        case 'HMAC':
            return `HS${bits[hash]}`;
        case 'RSASSA-PKCS1-v1_5':
            return `RS${bits[hash]}`;
        case 'RSA-PSS':
            return `PS${bits[hash]}`;
        case 'RSA-OAEP':
            return hash === 'SHA-1' ? 'RSA-OAEP' : `RSA-OAEP-${bits[hash]}`;
        case 'AES-CBC':
            return `A${length}CBC`;
        case 'AES-CTR':
            return `A${length}CTR`;
        case 'AES-GCM':
            return `A${length}GCM`;
        case 'AES-KW':
            return `A${length}KW`;
        case 'Ed25519':
            return 'Ed25519';
        default:
            return undefined;
    }
}

const ecdsa = { __proto__: null, 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512' };

function isAlgorithm(alg, algorithm) {
    const { name, namedCurve } = algorithm;
    if (alg === undefined || name === 'ECDH' || name === 'X25519') return true;
    if (name === 'ECDSA') return alg === ecdsa[namedCurve];
    return alg === jwkAlgorithm(algorithm) || (name === 'Ed25519' && alg === 'EdDSA');
}

const useOf = (name) => (has(['ECDSA', 'Ed25519', 'HMAC', 'RSA-PSS', 'RSASSA-PKCS1-v1_5'], name) ? 'sig' : 'enc');

// Members about the use of the key must not contradict the arguments.
function checkJwk(jwk, kty, algorithm, extractable, usages) {
    if (jwk.kty !== kty) throw bad(`the JSON Web Key is not of kty '${kty}'`);
    if (usages.length > 0 && jwk.use !== undefined && jwk.use !== useOf(algorithm.name)) {
        throw bad(`the JSON Web Key is for '${jwk.use}'`);
    }
    if (jwk.key_ops !== undefined) {
        if (!isObject(jwk.key_ops)) throw new TypeError("'key_ops' of the JSON Web Key is no list");
        const operations = listOf(jwk.key_ops);
        for (let i = 0; i < operations.length; i++) {
            for (let j = 0; j < i; j++) if (operations[i] === operations[j]) throw bad("'key_ops' says a usage twice");
        }
        for (let i = 0; i < usages.length; i++) {
            if (!has(operations, usages[i])) throw bad(`the JSON Web Key is not for ${usages[i]}`);
        }
    }
    if (jwk.ext === false && extractable) throw bad('the JSON Web Key is not extractable');
    if (!isAlgorithm(jwk.alg, algorithm)) throw bad(`the JSON Web Key is for '${jwk.alg}'`);
}

// ---- secrets

const isLength = (length) => length === 128 || length === 192 || length === 256;

function withLength(algorithm, wanted, size) {
    const { kind } = algorithms[algorithm.name];
    if (kind === 'AES' && !isLength(size)) throw bad('a key for AES has 128, 192 or 256 bits');
    if (kind === 'HMAC' && size === 0) throw bad('a key for HMAC is not empty');
    if (kind === 'HMAC' && wanted !== undefined && (wanted > size || wanted <= size - 8)) {
        throw bad(`the key does not have ${wanted} bits`);
    }
    return kind === 'secret' ? algorithm : { __proto__: null, ...algorithm, length: wanted ?? size };
}

export function importSecret(format, data, algorithm, wanted, extractable, usages) {
    const { kind, usages: allowed } = algorithms[algorithm.name];
    allow(usages, allowed, algorithm.name);
    if (kind === 'secret' && extractable) throw failed(`a key for ${algorithm.name} is not extractable`, 'SyntaxError');
    if (format !== 'raw' && (format !== 'jwk' || kind === 'secret')) throw cannot(algorithm.name, `import '${format}'`);
    if (format === 'raw') {
        return makeKey('secret', extractable, withLength(algorithm, wanted, data.length * 8), usages, data);
    }
    if (data.kty !== 'oct') throw bad("the JSON Web Key is not of kty 'oct'");
    const bytes = fromBase64(data.k, 'k');
    const full = withLength(algorithm, wanted, bytes.length * 8);
    checkJwk(data, 'oct', full, extractable, usages);
    return makeKey('secret', extractable, full, usages, bytes);
}

// ---- pairs

const numbers = ['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi'];

// Makes a key of this algorithm from the result of OpenSSL.
function pairKey(read, isPrivate, algorithm, extractable, usages) {
    const { kind } = algorithms[algorithm.name];
    if (read === undefined || read[0] !== kind) throw bad(`the key is none for ${algorithm.name}`);
    if (kind === 'EC' && read[1] !== curves[algorithm.namedCurve]) {
        throw bad(`the key is not of the curve ${algorithm.namedCurve}`);
    }
    let full = algorithm;
    if (kind === 'RSA') {
        const publicExponent = native.cryptoKeyParts(read[3], isPrivate)[1];
        full = { __proto__: null, ...algorithm, modulusLength: read[2], publicExponent };
    }
    return makeKey(isPrivate ? 'private' : 'public', extractable, full, usages, read[3]);
}

function allowHalf(isPrivate, name, usages) {
    const { privateUsages, publicUsages } = algorithms[name];
    allow(usages, isPrivate ? privateUsages : publicUsages, name);
}

function rsaFrom(jwk, isPrivate) {
    const parts = ['RSA', '', isPrivate];
    if (jwk.oth !== undefined) throw failed('keys of more than two primes are not supported', 'NotSupportedError');
    for (let i = 0; i < (isPrivate ? numbers.length : 2); i++) append(parts, fromBase64(jwk[numbers[i]], numbers[i]));
    return ReflectApply(native.cryptoKeyFrom, undefined, parts);
}

function ecFrom(jwk, isPrivate, { namedCurve }) {
    if (jwk.crv !== namedCurve) throw bad(`the JSON Web Key is not of the curve ${namedCurve}`);
    const width = namedCurve === 'P-256' ? 32 : namedCurve === 'P-384' ? 48 : 66;
    const x = fromBase64(jwk.x, 'x');
    const y = fromBase64(jwk.y, 'y');
    if (x.length !== width || y.length !== width) throw bad(`a coordinate of ${namedCurve} has ${width} bytes`);
    const point = new Uint8Array(1 + 2 * width);
    point[0] = 4;
    for (let i = 0; i < width; i++) {
        point[1 + i] = x[i];
        point[1 + width + i] = y[i];
    }
    const curve = curves[namedCurve];
    if (!isPrivate) return native.cryptoKeyFrom('EC', curve, false, point);
    const d = fromBase64(jwk.d, 'd');
    if (d.length !== width) throw bad(`the private key of ${namedCurve} has ${width} bytes`);
    return native.cryptoKeyFrom('EC', curve, true, point, d);
}

const same = (a, b) => {
    if (a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
    return true;
};

function okpFrom(jwk, isPrivate, { name }) {
    if (jwk.crv !== name) throw bad(`the JSON Web Key is not of the curve ${name}`);
    const { kind } = algorithms[name];
    const x = fromBase64(jwk.x, 'x');
    if (!isPrivate) return native.cryptoKeyFrom(kind, '', false, x);
    const read = native.cryptoKeyFrom(kind, '', true, fromBase64(jwk.d, 'd'));
    if (read !== undefined && !same(native.cryptoKeyParts(read[3], true)[0], x)) {
        throw bad('the halves of the JSON Web Key do not belong together');
    }
    return read;
}

const families = { __proto__: null, RSA: 'RSA', EC: 'EC', ED25519: 'OKP', X25519: 'OKP' };
const fromJwk = { __proto__: null, RSA: rsaFrom, EC: ecFrom, OKP: okpFrom };

function importJwk(jwk, algorithm, extractable, usages) {
    const family = families[algorithms[algorithm.name].kind];
    const isPrivate = jwk.d !== undefined;
    allowHalf(isPrivate, algorithm.name, usages);
    checkJwk(jwk, family, algorithm, extractable, usages);
    return pairKey(fromJwk[family](jwk, isPrivate, algorithm), isPrivate, algorithm, extractable, usages);
}

export function importHalf(format, data, algorithm, extractable, usages) {
    const { name } = algorithm;
    const { kind } = algorithms[name];
    if (kind === 'EC' && curves[algorithm.namedCurve] === undefined) {
        throw failed(`there is no curve '${algorithm.namedCurve}'`, 'NotSupportedError');
    }
    if (format === 'jwk') return importJwk(data, algorithm, extractable, usages);
    if (format === 'raw' && kind === 'RSA') throw cannot(name, "import 'raw'");
    allowHalf(format === 'pkcs8', name, usages);
    const read =
        format === 'raw'
            ? native.cryptoKeyFrom(kind, curves[algorithm.namedCurve] ?? '', false, data)
            : native.cryptoKeyRead(data, format === 'pkcs8');
    return pairKey(read, format === 'pkcs8', algorithm, extractable, usages);
}

// ---- out

const rawWith = (kind) => kind === 'EC' || kind === 'ED25519' || kind === 'X25519';

export function exportBytes(format, key) {
    const { type, bytes, algorithm } = slotsOf(key);
    const { kind } = algorithms[algorithm.name];
    if (format === 'raw' && type === 'secret') return new Uint8Array(bytes);
    if (type === 'secret' || (format === 'raw' && !rawWith(kind))) throw cannot(algorithm.name, `export '${format}'`);
    if ((format === 'pkcs8') !== (type === 'private')) {
        throw failed(`a ${type} key cannot be exported as '${format}'`, 'InvalidAccessError');
    }
    return format === 'raw' ? native.cryptoKeyParts(bytes, false)[0] : new Uint8Array(bytes);
}

function partOf(bytes, start, length) {
    const part = new Uint8Array(length);
    for (let i = 0; i < length; i++) part[i] = bytes[start + i];
    return part;
}

// Members of the key itself.
function jwkParts(type, bytes, { name, namedCurve }) {
    if (type === 'secret') return { __proto__: null, kty: 'oct', k: toBase64(bytes) };
    const isPrivate = type === 'private';
    const family = families[algorithms[name].kind];
    const parts = native.cryptoKeyParts(bytes, isPrivate);
    const jwk = { __proto__: null, kty: family };
    if (family === 'RSA') {
        for (let i = 0; i < parts.length; i++) jwk[numbers[i]] = toBase64(parts[i]);
        return jwk;
    }
    jwk.crv = namedCurve ?? name;
    const width = (parts[0].length - 1) / 2;
    jwk.x = toBase64(family === 'EC' ? partOf(parts[0], 1, width) : parts[0]);
    if (family === 'EC') jwk.y = toBase64(partOf(parts[0], 1 + width, width));
    if (isPrivate) jwk.d = toBase64(parts[1]);
    return jwk;
}

export function exportJwk(key) {
    const { type, bytes, algorithm, usages, extractable } = slotsOf(key);
    if (algorithms[algorithm.name].kind === 'secret') throw cannot(algorithm.name, "export 'jwk'");
    const jwk = jwkParts(type, bytes, algorithm);
    const alg = jwkAlgorithm(algorithm);
    if (alg !== undefined) jwk.alg = alg;
    jwk.key_ops = copyList(usages);
    jwk.ext = extractable;
    return jwk;
}
