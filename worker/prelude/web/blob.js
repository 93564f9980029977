// SPDX-License-Identifier: MIT
// blob.js - Blob and File of https://w3c.github.io/FileAPI/. The bytes lie in
// memory; a slice shares them.

import {
    DateNow,
    MathMax,
    MathMin,
    MathTrunc,
    Number,
    NumberIsNaN,
    StringPrototypeCharCodeAt,
    StringPrototypeIndexOf,
    StringPrototypeSlice,
    StringPrototypeToLowerCase,
    TypedArrayPrototypeGetBuffer,
    TypedArrayPrototypeGetByteOffset,
    TypedArrayPrototypeSet,
    TypeError,
    Uint8Array,
} from '../primordials.js';
import { append } from '../list.js';
import { utf8Decode, utf8Encode } from './encoding.js';
import { streamOfBytes } from './streams.js';
import {
    asInterface,
    bufferOf,
    bytesOf,
    clampedInteger,
    dictionary,
    isBufferSource,
    isObject,
    listOf,
    need,
    toUSV,
} from './webidl.js';

const empty = new Uint8Array(0);

export function concat(pieces) {
    let length = 0;
    for (let i = 0; i < pieces.length; i++) length += pieces[i].length;
    const out = new Uint8Array(length);
    let at = 0;
    for (let i = 0; i < pieces.length; i++) {
        TypedArrayPrototypeSet(out, pieces[i], at);
        at += pieces[i].length;
    }
    return out;
}

export const copyOf = (bytes) => concat([bytes]);

// Every line ending becomes \n.
function nativeEndings(text) {
    let out = '';
    let start = 0;
    for (let at; (at = StringPrototypeIndexOf(text, '\r', start)) !== -1; ) {
        out += `${StringPrototypeSlice(text, start, at)}\n`;
        start = at + (StringPrototypeCharCodeAt(text, at + 1) === 10 ? 2 : 1);
    }
    return out + StringPrototypeSlice(text, start);
}

export function typeFrom(value) {
    const type = value === undefined ? '' : `${value}`;
    for (let i = 0; i < type.length; i++) {
        const code = StringPrototypeCharCodeAt(type, i);
        if (code < 0x20 || code > 0x7e) return '';
    }
    return StringPrototypeToLowerCase(type);
}

// A list of buffer sources, Blobs and texts. WebIDL converts arguments from left
// to right, before any of their bytes is read.
function partsFrom(parts, what) {
    if (parts === undefined) return [];
    if (!isObject(parts)) throw new TypeError(`${what}: the parts are not a sequence`);
    const convert = (part) => (isBufferSource(part) || (isObject(part) && isBlob(part)) ? part : `${part}`);
    return listOf(parts, undefined, convert);
}

function gather(list, endings) {
    const pieces = [];
    for (let i = 0; i < list.length; i++) {
        const part = list[i];
        if (typeof part === 'string') append(pieces, utf8Encode(endings === 'native' ? nativeEndings(part) : part));
        else append(pieces, isBufferSource(part) ? copyOf(bytesOf(part)) : blobBytes(part));
    }
    return concat(pieces);
}

function endingsFrom(options) {
    const { endings } = options;
    if (endings === undefined) return 'transparent';
    const text = `${endings}`;
    if (text !== 'transparent' && text !== 'native') {
        throw new TypeError(`Blob: endings is "transparent" or "native", not "${text}"`);
    }
    return text;
}

export let isBlob;
export let blobBytes; // (blob): not a copy
let dress; // (blob, bytes, type)

export class Blob {
    #bytes = empty;
    #type = '';

    constructor(blobParts = undefined, options = undefined) {
        const list = partsFrom(blobParts, 'Blob');
        const given = dictionary(options, 'the second argument of Blob');
        const endings = endingsFrom(given);
        this.#type = typeFrom(given.type);
        this.#bytes = gather(list, endings);
    }

    get size() {
        return this.#bytes.length;
    }
    get type() {
        return this.#type;
    }
    slice(start = 0, end = undefined, contentType = undefined) {
        const size = this.#bytes.length;
        const place = (value) => {
            const whole = clampedInteger(value);
            return whole < 0 ? MathMax(size + whole, 0) : MathMin(whole, size);
        };
        const from = place(start);
        const to = MathMax(end === undefined ? size : place(end), from);
        return blobFrom(this.#bytes, typeFrom(contentType), from, to);
    }
    stream() {
        const bytes = this.#bytes;
        return streamOfBytes(copyOf(bytes));
    }
    async text() {
        return utf8Decode(this.#bytes);
    }
    async arrayBuffer() {
        return bufferOf(copyOf(this.#bytes));
    }
    async bytes() {
        return copyOf(this.#bytes);
    }

    static {
        isBlob = (value) => #bytes in value;
        blobBytes = (blob) => blob.#bytes;
        dress = (blob, bytes, type) => {
            blob.#bytes = bytes;
            blob.#type = type;
            return blob;
        };
    }
}
asInterface(Blob, 'Blob', (blob) => ({ size: blob.size, type: blob.type }));

export function blobFrom(bytes, type, from = 0, to = bytes.length) {
    return dress(new Blob(), subarray(bytes, from, to), type);
}

// The same memory, not copied.
export const subarray = (bytes, from, to) =>
    new Uint8Array(TypedArrayPrototypeGetBuffer(bytes), TypedArrayPrototypeGetByteOffset(bytes) + from, to - from);

let isFile;

export class File extends Blob {
    #name;
    #lastModified;

    constructor(fileBits, fileName, options = undefined) {
        need(arguments, 2, 'File');
        const list = partsFrom(fileBits, 'File');
        const name = toUSV(fileName);
        const given = dictionary(options, 'the third argument of File');
        const endings = endingsFrom(given);
        const type = typeFrom(given.type);
        const { lastModified } = given;
        const number = Number(lastModified);
        super();
        dress(this, gather(list, endings), type);
        this.#name = name;
        this.#lastModified = lastModified === undefined ? DateNow() : NumberIsNaN(number) ? 0 : MathTrunc(number);
    }
    get name() {
        return this.#name;
    }
    get lastModified() {
        return this.#lastModified;
    }
    static {
        isFile = (value) => #name in value;
    }
}
asInterface(File, 'File', (file) => ({
    size: file.size,
    type: file.type,
    name: file.name,
    lastModified: file.lastModified,
}));

export { isFile };

export const fileFrom = (bytes, name, type, lastModified = DateNow()) =>
    dress(new File([], name, { __proto__: null, lastModified }), bytes, type);

// For structuredClone: both blobs share the bytes, which never change.
export const cloneBlob = (blob) =>
    isFile(blob)
        ? fileFrom(blobBytes(blob), blob.name, blob.type, blob.lastModified)
        : blobFrom(blobBytes(blob), blob.type);
