// SPDX-License-Identifier: MIT
// encoding.js - TextEncoder, TextDecoder, atob and btoa; the work is done in C++.

import {
    Int32Array,
    RangeError,
    TypedArrayPrototypeGetSymbolToStringTag,
    TypeError,
    Uint8Array,
} from '../primordials.js';
import { native } from '../natives.js';
import { DOMException } from './dom-exception.js';
import { asInterface, dictionary, isBufferSource, need } from './webidl.js';

export const utf8Encode = (text) => native.utf8Encode(text);

const UTF_8 = 0;
const FATAL = 1;
const IGNORE_BOM = 2;
const STREAM = 4;
const STATE_WORDS = 8;
const none = new Uint8Array(0);

// UTF-8 decode without BOM: a mark at the beginning stays in the text.
export const utf8DecodeAll = (bytes) => native.decode(UTF_8, bytes, IGNORE_BOM, new Int32Array(STATE_WORDS));

// UTF-8 decode of the Encoding standard: no mark, no failure.
export const utf8Decode = (bytes) => native.decode(UTF_8, bytes, 0, new Int32Array(STATE_WORDS));

export class TextEncoder {
    #own = true;

    constructor() {}

    get encoding() {
        return 'utf-8';
    }
    encode(input = '') {
        return native.utf8Encode(`${input}`);
    }
    encodeInto(source, destination) {
        need(arguments, 2, 'encodeInto');
        source = `${source}`;
        const done = isUint8Array(destination) ? native.utf8EncodeInto(source, destination) : undefined;
        if (done === undefined) throw new TypeError('encodeInto: the destination is not a Uint8Array');
        return { read: done[0], written: done[1] };
    }
}
asInterface(TextEncoder, 'TextEncoder', (encoder) => ({ encoding: encoder.encoding }));

const isUint8Array = (value) =>
    isBufferSource(value) && TypedArrayPrototypeGetSymbolToStringTag(value) === 'Uint8Array';

export class TextDecoder {
    #encoding;
    #name;
    #flags;
    #state = new Int32Array(STATE_WORDS);

    constructor(label = 'utf-8', options = undefined) {
        label = `${label}`;
        const found = native.encodingOf(label);
        const given = dictionary(options, 'the second argument of TextDecoder');
        const fatal = !!given.fatal;
        const ignoreBOM = !!given.ignoreBOM;
        if (found === undefined) throw new RangeError(`The "${label}" encoding is not supported`);
        this.#encoding = found[0];
        this.#name = found[1];
        this.#flags = (fatal ? FATAL : 0) | (ignoreBOM ? IGNORE_BOM : 0);
    }

    get encoding() {
        return this.#name;
    }
    get fatal() {
        return (this.#flags & FATAL) !== 0;
    }
    get ignoreBOM() {
        return (this.#flags & IGNORE_BOM) !== 0;
    }
    decode(input = none, options = undefined) {
        const flags = this.#flags;
        if (!isBufferSource(input))
            throw new TypeError('decode: the input is neither an ArrayBuffer nor a view of one');
        const stream = dictionary(options, 'the second argument of decode').stream ? STREAM : 0;
        const text = native.decode(this.#encoding, input, flags | stream, this.#state);
        if (text === undefined) throw new TypeError(`The encoded data was not valid for encoding ${this.#name}`);
        return text;
    }
}
asInterface(TextDecoder, 'TextDecoder', (decoder) => ({
    encoding: decoder.encoding,
    fatal: decoder.fatal,
    ignoreBOM: decoder.ignoreBOM,
}));

export const functions = {
    atob(data) {
        need(arguments, 1, 'atob');
        const text = native.atob(`${data}`);
        if (text !== undefined) return text;
        throw new DOMException('The string to be decoded is not correctly encoded.', 'InvalidCharacterError');
    },
    btoa(data) {
        need(arguments, 1, 'btoa');
        const text = native.btoa(`${data}`);
        if (text !== undefined) return text;
        throw new DOMException('The string contains characters outside of Latin1.', 'InvalidCharacterError');
    },
};
