// SPDX-License-Identifier: MIT
// natives.js - the native functions of the prelude. connect() is called once,
// while the base snapshot is made; agent code never gets its argument.

import { ArrayIsArray } from './primordials.js';

export const native = { __proto__: null };

// Required: without one of them no base snapshot is made.
export const required = [
    'emit',
    'now',
    'maxTimers',
    'queueMicrotask',
    'reportUncaught',
    'proxyTarget',
    'promiseState',
    'previewEntries',
    'isRuntime',
    'kindOf',
    'className',
    'defineLazily',
    'makeStub',
    'cancelCall',
    'evaluate',
    'textOf',
    'randomFill',
    'makingSnapshot',
    'utf8Encode',
    'utf8EncodeInto',
    'decode',
    'encodingOf',
    'atob',
    'btoa',
    'urlParse',
    'urlSet',
    'urlCanParse',
    'formParse',
    'formSerialize',
    'structuredClone',
    'cryptoDigest',
    'cryptoHmac',
    'cryptoCipher',
    'cryptoPbkdf2',
    'cryptoHkdf',
    'cryptoKeyRead',
    'cryptoKeyFrom',
    'cryptoKeyParts',
    'cryptoKeyMake',
    'cryptoSign',
    'cryptoVerify',
    'cryptoAgree',
    'cryptoOaep',
    'compressBegin',
    'compressStep',
    'performanceNow',
    'timeOrigin',
];

// Optional: ownNonIndexKeys(object, onlyEnumerable) lists the keys of an array
// or typed array that are not indices, without making the others (V8:
// GetPropertyNames with IndexFilter::kSkipIndices). Without it such keys of
// arrays longer than MAX_LISTED_KEYS are not shown.
const optional = ['ownNonIndexKeys'];

export function connect(given) {
    for (const name of required) {
        if (typeof given[name] !== 'function') throw new TypeError(`native.${name} is missing`);
        native[name] = given[name];
    }
    for (const name of optional) native[name] = given[name];
}

// The three questions about values that plain ECMAScript cannot answer. All
// take any value, so that a caller needs no check of its own.

const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';

// [target, handler] of a Proxy, [null, null] of a revoked one, else undefined.
export function proxyDetails(value) {
    return isObject(value) ? native.proxyTarget(value) : undefined;
}

// The target of a Proxy, or of a Proxy of a Proxy; null: revoked.
export function unwrapProxy(value) {
    for (;;) {
        const details = proxyDetails(value);
        if (details === undefined) return value;
        value = details[0];
    }
}

// [0 pending | 1 fulfilled | 2 rejected, value] of a Promise, else undefined.
export function promiseState(value) {
    return isObject(value) ? native.promiseState(value) : undefined;
}

// [entries, isKeyValue] of a Map or Set iterator, else undefined.
export function previewEntries(value) {
    const preview = isObject(value) ? native.previewEntries(value) : undefined;
    return preview !== undefined && ArrayIsArray(preview) ? preview : undefined;
}
