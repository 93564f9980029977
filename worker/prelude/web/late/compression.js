// SPDX-License-Identifier: MIT
// compression.js - CompressionStream and DecompressionStream of https://compression.spec.whatwg.org/. zlib does the work.

import { TypeError, Uint8Array } from '../../primordials.js';
import { native } from '../../natives.js';
import { cannotBeCloned } from '../clone.js';
import { streams } from '../streams.js';
import { asInterface, bytesOf, isBufferSource, need } from '../webidl.js';

const formats = { __proto__: null, deflate: 0, 'deflate-raw': 1, gzip: 2 };
const none = new Uint8Array(0);

// The verdict of C++ on a piece.
const ENDED = 1;
const BROKEN = 2;

function step(state, bytes, finish, controller) {
    const out = native.compressStep(state, bytes, finish);
    if (out === undefined) throw new TypeError('the stream was begun while the snapshot was made: begin it in the run');
    for (let i = 1; i < out.length; i++) controller.enqueue(out[i]);
    return out[0];
}

function makePair(format, inflates, name) {
    const number = formats[`${format}`];
    if (number === undefined)
        throw new TypeError(`${name}: '${format}' is no format: use deflate, deflate-raw or gzip`);
    const state = native.compressBegin(number, inflates);
    return new (streams().TransformStream)({
        __proto__: null,
        transform(chunk, controller) {
            if (!isBufferSource(chunk)) throw new TypeError(`${name}: a chunk is no ArrayBuffer and no view of one`);
            const verdict = step(state, bytesOf(chunk), false, controller);
            if (verdict === BROKEN) throw new TypeError(`${name}: the data is not of the format ${format}`);
        },
        flush(controller) {
            if (step(state, none, true, controller) !== ENDED) {
                throw new TypeError(`${name}: the data ends before the end of the format ${format}`);
            }
        },
    });
}

const shown = (stream) => ({ readable: stream.readable, writable: stream.writable });

export class CompressionStream {
    #pair;

    constructor(format) {
        need(arguments, 1, 'CompressionStream');
        this.#pair = makePair(format, false, 'CompressionStream');
    }
    get readable() {
        return this.#pair.readable;
    }
    get writable() {
        return this.#pair.writable;
    }
}
asInterface(CompressionStream, 'CompressionStream', shown);

export class DecompressionStream {
    #pair;

    constructor(format) {
        need(arguments, 1, 'DecompressionStream');
        this.#pair = makePair(format, true, 'DecompressionStream');
    }
    get readable() {
        return this.#pair.readable;
    }
    get writable() {
        return this.#pair.writable;
    }
}
asInterface(DecompressionStream, 'DecompressionStream', shown);

cannotBeCloned(CompressionStream, DecompressionStream);
