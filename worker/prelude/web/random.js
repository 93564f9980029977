// SPDX-License-Identifier: MIT
// random.js - Math.random and crypto, from the kernel's random numbers.
//
// V8's Math.random cannot be seeded again: all runs from one snapshot, and all
// forked children, would get the same numbers. This one takes a seed at its
// first call after a snapshot was loaded or reseed() was called.

import {
    ArrayBufferIsView,
    MathImul,
    NumberPrototypeToString,
    TypedArrayPrototypeGetByteLength,
    TypedArrayPrototypeGetSymbolToStringTag,
    TypeError,
    Uint32Array,
    Uint8Array,
} from '../primordials.js';
import { native } from '../natives.js';
import { subtle } from './late.js';
import { DOMException, QuotaExceededError } from './dom-exception.js';
import { asInterface, bytesOf, isObject, need } from './webidl.js';

// xoshiro128**; the fifth word says whether the others hold a seed.
const state = new Uint32Array(5);

function seed() {
    const bytes = new Uint8Array(16);
    native.randomFill(bytes);
    for (let i = 0; i < 4; i++) {
        state[i] = bytes[4 * i] | (bytes[4 * i + 1] << 8) | (bytes[4 * i + 2] << 16) | (bytes[4 * i + 3] << 24);
    }
    state[3] |= 1; // not all of them zero
    state[4] = 1;
}

export function reseed() {
    state[4] = 0;
}

function next() {
    const s1 = state[1];
    const times5 = MathImul(s1, 5);
    const result = MathImul((times5 << 7) | (times5 >>> 25), 9);
    state[2] ^= state[0];
    state[3] ^= s1;
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= s1 << 9;
    state[3] = (state[3] << 11) | (state[3] >>> 21);
    return result >>> 0;
}

export const { random } = {
    random() {
        if (state[4] === 0) seed();
        return ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992;
    },
};

// ---- crypto

let warned = false;

// To be called before random numbers are made for agent code to keep.
export function noteRandom() {
    if (warned || !native.makingSnapshot()) return;
    warned = true;
    native.emit(
        1,
        'crypto was used while the snapshot was made: these random numbers are the same in every run from it, ' +
            'and no secret',
    );
}

function fill(bytes) {
    noteRandom();
    native.randomFill(bytes);
}

export function resetWarning() {
    warned = false;
}

const integers = {
    __proto__: null,
    Int8Array: true,
    Uint8Array: true,
    Uint8ClampedArray: true,
    Int16Array: true,
    Uint16Array: true,
    Int32Array: true,
    Uint32Array: true,
    BigInt64Array: true,
    BigUint64Array: true,
};
const hex = [];
for (let i = 0; i < 256; i++) hex[i] = (i < 16 ? '0' : '') + NumberPrototypeToString(i, 16);

const key = { __proto__: null };

export class Crypto {
    #own = true;

    constructor(token = undefined) {
        if (token !== key) throw new TypeError('Illegal constructor');
    }

    get subtle() {
        return subtle();
    }
    getRandomValues(array) {
        need(arguments, 1, 'getRandomValues');
        if (!isObject(array) || !ArrayBufferIsView(array)) {
            throw new TypeError('getRandomValues: the argument is not a typed array');
        }
        if (integers[TypedArrayPrototypeGetSymbolToStringTag(array)] !== true) {
            throw new DOMException('getRandomValues: the array does not hold integers', 'TypeMismatchError');
        }
        if (TypedArrayPrototypeGetByteLength(array) > 65536) {
            throw new QuotaExceededError('getRandomValues: more than 65536 bytes at once');
        }
        fill(bytesOf(array));
        return array;
    }

    randomUUID() {
        const b = new Uint8Array(16);
        fill(b);
        b[6] = (b[6] & 0x0f) | 0x40;
        b[8] = (b[8] & 0x3f) | 0x80;
        let out = '';
        for (let i = 0; i < 16; i++) {
            if (i === 4 || i === 6 || i === 8 || i === 10) out += '-';
            out += hex[b[i]];
        }
        return out;
    }
}
asInterface(Crypto, 'Crypto', () => ({}));

export const makeCrypto = () => new Crypto(key);
