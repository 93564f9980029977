// SPDX-License-Identifier: MIT
// crypto-key.js - CryptoKey of https://w3c.github.io/webcrypto/, and the names of its algorithms.

import { ObjectKeys, StringPrototypeToUpperCase, TypeError, Uint8Array } from '../../primordials.js';
import { append, copyList } from '../../list.js';
import { canBeCloned } from '../clone.js';
import { DOMException } from '../dom-exception.js';
import { asInterface, bytesOf, enforceRange, isBufferSource, isObject, listOf } from '../webidl.js';

// ---- errors and bytes

export const failed = (message, name = 'OperationError') => new DOMException(message, name);

// A copy of the bytes of a buffer or view.
export function takeBytes(source, what) {
    if (!isBufferSource(source)) throw new TypeError(`${what} is no ArrayBuffer and no view of one`);
    return new Uint8Array(bytesOf(source));
}

// The result of OpenSSL; throws when there is none.
export function given(result, message) {
    if (result === undefined) throw failed(message);
    return result;
}

// ---- algorithms

const table = (rows) => ({ __proto__: null, ...rows });

// The names of OpenSSL.
export const hashes = table({ 'SHA-1': 'SHA1', 'SHA-256': 'SHA256', 'SHA-384': 'SHA384', 'SHA-512': 'SHA512' });
export const hashBits = table({ 'SHA-1': 512, 'SHA-256': 512, 'SHA-384': 1024, 'SHA-512': 1024 });
export const curves = table({ 'P-256': 'prime256v1', 'P-384': 'secp384r1', 'P-521': 'secp521r1' });

const aes = table({ kind: 'AES', usages: ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey'] });
const signing = { privateUsages: ['sign'], publicUsages: ['verify'] };
const agreeing = { privateUsages: ['deriveKey', 'deriveBits'], publicUsages: [] };
const rsa = { kind: 'RSA', ...signing };

// By the name in the web standard: the kind of key, and the allowed usages.
export const algorithms = table({
    'AES-CBC': aes,
    'AES-CTR': aes,
    'AES-GCM': aes,
    'AES-KW': table({ kind: 'AES', usages: ['wrapKey', 'unwrapKey'] }),
    ECDH: table({ kind: 'EC', ...agreeing }),
    ECDSA: table({ kind: 'EC', ...signing }),
    Ed25519: table({ kind: 'ED25519', ...signing }),
    HKDF: table({ kind: 'secret', usages: ['deriveKey', 'deriveBits'] }),
    HMAC: table({ kind: 'HMAC', usages: ['sign', 'verify'] }),
    PBKDF2: table({ kind: 'secret', usages: ['deriveKey', 'deriveBits'] }),
    'RSA-OAEP': table({
        kind: 'RSA',
        privateUsages: ['decrypt', 'unwrapKey'],
        publicUsages: ['encrypt', 'wrapKey'],
    }),
    'RSA-PSS': table(rsa),
    'RSASSA-PKCS1-v1_5': table(rsa),
    X25519: table({ kind: 'X25519', ...agreeing }),
});

const byUpperCase = { __proto__: null };
function addNames(names) {
    for (let i = 0; i < names.length; i++) byUpperCase[StringPrototypeToUpperCase(names[i])] = names[i];
}
addNames(ObjectKeys(algorithms));
addNames(ObjectKeys(hashes));

// { name, given }: an AlgorithmIdentifier, `given` being what has its other members.
export function identify(algorithm) {
    if (isObject(algorithm)) {
        const { name } = algorithm;
        if (name === undefined) throw new TypeError('the algorithm has no name');
        return { __proto__: null, name: nameFrom(name), given: algorithm };
    }
    return { __proto__: null, name: nameFrom(algorithm), given: { __proto__: null } };
}

function nameFrom(value) {
    const text = `${value}`;
    const name = byUpperCase[StringPrototypeToUpperCase(text)];
    if (name === undefined) throw failed(`there is no algorithm '${text}'`, 'NotSupportedError');
    return name;
}

export const cannot = (name, what) => failed(`${name} cannot ${what}`, 'NotSupportedError');

export function hashFrom(value) {
    if (value === undefined) throw new TypeError('the algorithm has no hash');
    const { name } = identify(value);
    if (hashes[name] === undefined) throw failed(`${name} is no hash`, 'NotSupportedError');
    return name;
}

export function integerFrom(value, most, what) {
    if (value === undefined) throw new TypeError(`the algorithm has no ${what}`);
    return enforceRange(value, most, what);
}

export function bytesFrom(value, what) {
    if (value === undefined) throw new TypeError(`the algorithm has no ${what}`);
    return takeBytes(value, what);
}

// ---- usages, in the order in which keys show them

const allUsages = ['encrypt', 'decrypt', 'sign', 'verify', 'deriveKey', 'deriveBits', 'wrapKey', 'unwrapKey'];

export function has(list, item) {
    for (let i = 0; i < list.length; i++) if (list[i] === item) return true;
    return false;
}

export function usagesFrom(value) {
    if (!isObject(value)) throw new TypeError('the usages of a key are no list');
    const list = listOf(value);
    for (let i = 0; i < list.length; i++) {
        list[i] = `${list[i]}`;
        if (!has(allUsages, list[i])) throw new TypeError(`'${list[i]}' is no usage of a key`);
    }
    const sorted = [];
    for (let i = 0; i < allUsages.length; i++) if (has(list, allUsages[i])) append(sorted, allUsages[i]);
    return sorted;
}

export function allow(usages, allowed, name) {
    for (let i = 0; i < usages.length; i++) {
        if (!has(allowed, usages[i])) throw failed(`a key for ${name} is not for ${usages[i]}`, 'SyntaxError');
    }
}

// The usages that are also in `allowed`.
export function only(usages, allowed) {
    const list = [];
    for (let i = 0; i < usages.length; i++) if (has(allowed, usages[i])) append(list, usages[i]);
    return list;
}

// ---- CryptoKey

const token = { __proto__: null };

// The object for agents that describes an algorithm: { name, length, hash: { name }, namedCurve, modulusLength, publicExponent }.
function shownAlgorithm({ name, length, hash, namedCurve, modulusLength, publicExponent }) {
    const shown = { name };
    if (length !== undefined) shown.length = length;
    if (modulusLength !== undefined) shown.modulusLength = modulusLength;
    if (publicExponent !== undefined) shown.publicExponent = new Uint8Array(publicExponent);
    if (hash !== undefined) shown.hash = { name: hash };
    if (namedCurve !== undefined) shown.namedCurve = namedCurve;
    return shown;
}

export let isKey;
export let slotsOf; // { type, extractable, algorithm, usages, bytes }: what the key is, whatever is done to what it shows

export class CryptoKey {
    #slots;
    #algorithm;
    #usages;

    constructor(given = undefined, slots = undefined) {
        if (given !== token) throw new TypeError('Illegal constructor: use crypto.subtle');
        this.#slots = slots;
        this.#algorithm = shownAlgorithm(slots.algorithm);
        this.#usages = copyList(slots.usages);
    }
    get type() {
        return this.#slots.type;
    }
    get extractable() {
        return this.#slots.extractable;
    }
    get algorithm() {
        return this.#algorithm;
    }
    get usages() {
        return this.#usages;
    }

    static {
        isKey = (value) => isObject(value) && #slots in value;
        slotsOf = (key) => key.#slots;
    }
}
asInterface(CryptoKey, 'CryptoKey', (key) => ({
    type: key.type,
    extractable: key.extractable,
    algorithm: key.algorithm,
    usages: key.usages,
}));

// `bytes`: a secret, or the DER of one half of a pair.
export function makeKey(type, extractable, algorithm, usages, bytes) {
    return new CryptoKey(token, { __proto__: null, type, extractable, algorithm, usages, bytes });
}

canBeCloned(
    (object) => isKey(object),
    (key) => new CryptoKey(token, slotsOf(key)),
);
