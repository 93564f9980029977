// SPDX-License-Identifier: MIT
// streams.js - makes the streams of web-streams-polyfill globals, and adds the
// two streams that convert text.
//
// They are made at the first use of one of the globals, of a response's body as
// a stream, and so on: they are a third of the prelude, and would slow down the
// start of every run.

import {
    ObjectDefineProperty,
    ObjectGetPrototypeOf,
    ObjectSetPrototypeOf,
    PromisePrototypeThen,
    ReflectOwnKeys,
    StringPrototypeCharCodeAt,
    StringPrototypeSlice,
    SymbolAsyncIterator,
    SymbolToStringTag,
    TypeError,
    Uint8Array,
} from '../primordials.js';
import makeStreams from 'web-streams-polyfill';
import { append } from '../list.js';
import { brand, brandPrototype, nameBrand } from './brand.js';
import { cannotBeCloned, structuredClone } from './clone.js';
import { TextDecoder, TextEncoder } from './encoding.js';
import { hasHidden, hidden, isHidden } from './streams-bindings.js';
import { asInterface, isBufferSource, isObject, rename, showAs } from './webidl.js';

// The globals, by name: what streams() gives.
export const names = [
    'ByteLengthQueuingStrategy',
    'CountQueuingStrategy',
    'ReadableByteStreamController',
    'ReadableStream',
    'ReadableStreamBYOBReader',
    'ReadableStreamBYOBRequest',
    'ReadableStreamDefaultController',
    'ReadableStreamDefaultReader',
    'TextDecoderStream',
    'TextEncoderStream',
    'TransformStream',
    'TransformStreamDefaultController',
    'WritableStream',
    'WritableStreamDefaultController',
    'WritableStreamDefaultWriter',
];

const stateOf = (stream) => hidden(stream)._state;

const isOfBytes = (stream) => hasHidden(hidden(stream)._readableStreamController, '_pendingPullIntos');

function showAll({ ReadableStream, WritableStream, TransformStream, ByteLengthQueuingStrategy, CountQueuingStrategy }) {
    showAs(ReadableStream.prototype, 'ReadableStream', (stream) => ({
        locked: stream.locked,
        state: stateOf(stream),
        supportsBYOB: isOfBytes(stream),
    }));
    showAs(WritableStream.prototype, 'WritableStream', (stream) => ({
        locked: stream.locked,
        state: stateOf(stream),
    }));
    showAs(TransformStream.prototype, 'TransformStream', (stream) => ({
        readable: stream.readable,
        writable: stream.writable,
    }));
    const showMark = (it) => ({ highWaterMark: it.highWaterMark });
    showAs(ByteLengthQueuingStrategy.prototype, 'ByteLengthQueuingStrategy', showMark);
    showAs(CountQueuingStrategy.prototype, 'CountQueuingStrategy', showMark);
}

let all;

// The classes, by name.
export function streams() {
    if (all !== undefined) return all;
    const made = { __proto__: null, ...makeStreams() };
    const own = ReflectOwnKeys(made);
    for (let i = 0; i < own.length; i++) {
        const name = own[i];
        rename(made[name], name);
        brand(made[name], isHidden);
        nameBrand(made[name], name);
    }
    const iterators = ObjectGetPrototypeOf(new made.ReadableStream().values());
    brandPrototype(iterators, 'async iterator', isHidden);
    // WebIDL: they inherit from %AsyncIteratorPrototype%, which has Symbol.asyncIterator and Symbol.asyncDispose.
    delete iterators[SymbolAsyncIterator];
    ObjectDefineProperty(iterators, SymbolToStringTag, {
        __proto__: null,
        value: 'ReadableStream AsyncIterator',
        configurable: true,
    });
    ObjectSetPrototypeOf(iterators, ObjectGetPrototypeOf(ObjectGetPrototypeOf(async function* () {}.prototype)));
    delete made.WritableStreamDefaultController.prototype.abortReason; // of an older draft of the standard
    showAll(made);
    made.TextEncoderStream = makeTextEncoderStream(made.TransformStream);
    made.TextDecoderStream = makeTextDecoderStream(made.TransformStream);
    made.getReader = made.ReadableStream.prototype.getReader;
    made.read = made.ReadableStreamDefaultReader.prototype.read;
    made.cancel = made.ReadableStreamDefaultReader.prototype.cancel;
    for (let i = 0; i < names.length; i++) cannotBeCloned(made[names[i]]);
    all = made;
    return all;
}

// ---- for bodies

// False while no streams have been made.
export const isReadableStream = (value) =>
    all !== undefined && isObject(value) && value instanceof all.ReadableStream && stateOf(value) !== undefined;
export const isLocked = (stream) => hidden(stream)._reader !== undefined;
export const isDisturbed = (stream) => hidden(stream)._disturbed === true;

// One chunk, then the end. The bytes belong to the stream from now on.
export function streamOfBytes(bytes) {
    return new (streams().ReadableStream)({
        type: 'bytes',
        start(controller) {
            if (bytes.length > 0) controller.enqueue(bytes);
            controller.close();
        },
    });
}

export const tee = (stream) => {
    const { tee: split } = streams().ReadableStream.prototype;
    return split.call(stream);
};

// A stream of what `convert` makes of the chunks of another, which it reads when it is read itself.
function converted(stream, convert) {
    const { ReadableStream, getReader, read, cancel } = streams();
    const reader = getReader.call(stream);
    return new ReadableStream(
        {
            __proto__: null,
            async pull(controller) {
                const step = await read.call(reader);
                if (step.done) controller.close();
                else controller.enqueue(convert(step.value));
            },
            cancel: (reason) => cancel.call(reader, reason),
        },
        { __proto__: null, highWaterMark: 0 },
    );
}

// For the body of a clone: chunks of the second branch are copies, made when the chunk comes, as those of streams of
// bytes are in any case. A chunk that cannot be copied is an error of both.
export function teeForClone(stream) {
    if (isOfBytes(stream)) return tee(stream);
    const two = tee(converted(stream, (chunk) => ({ __proto__: null, chunk, copy: structuredClone(chunk) })));
    return [converted(two[0], (both) => both.chunk), converted(two[1], (both) => both.copy)];
}

// A promise for all bytes of a stream, as a list of pieces.
export async function readAll(stream) {
    const { getReader, read } = streams();
    const reader = getReader.call(stream);
    const pieces = [];
    for (;;) {
        const step = await read.call(reader);
        if (step.done) break;
        if (!isBufferSource(step.value) || !(step.value instanceof Uint8Array)) {
            const error = new TypeError('the stream of a body gave a chunk that is no Uint8Array');
            PromisePrototypeThen(reader.cancel(error), undefined, () => {});
            throw error;
        }
        append(pieces, step.value);
    }
    return pieces;
}

// ---- TextEncoderStream, TextDecoderStream

const shownPair = (stream) => ({ encoding: stream.encoding, readable: stream.readable, writable: stream.writable });

function makeTextEncoderStream(TransformStream) {
    class TextEncoderStream {
        #pair;

        constructor() {
            const encoder = new TextEncoder();
            let lead = ''; // a high surrogate whose low surrogate is in the next chunk
            this.#pair = new TransformStream({
                transform(chunk, controller) {
                    const text = lead + `${chunk}`;
                    const last = StringPrototypeCharCodeAt(text, text.length - 1);
                    const whole = last >= 0xd800 && last <= 0xdbff ? text.length - 1 : text.length;
                    lead = StringPrototypeSlice(text, whole);
                    if (whole > 0) controller.enqueue(encoder.encode(StringPrototypeSlice(text, 0, whole)));
                },
                flush(controller) {
                    if (lead !== '') controller.enqueue(encoder.encode(lead));
                },
            });
        }
        get encoding() {
            return 'utf-8';
        }
        get readable() {
            return this.#pair.readable;
        }
        get writable() {
            return this.#pair.writable;
        }
    }
    asInterface(TextEncoderStream, 'TextEncoderStream', shownPair);
    return TextEncoderStream;
}

function makeTextDecoderStream(TransformStream) {
    class TextDecoderStream {
        #pair;
        #decoder;

        constructor(label = 'utf-8', options = undefined) {
            const decoder = new TextDecoder(label, options);
            this.#decoder = decoder;
            this.#pair = new TransformStream({
                transform(chunk, controller) {
                    if (!isBufferSource(chunk))
                        throw new TypeError('TextDecoderStream: a chunk is no ArrayBuffer and no view of one');
                    const text = decoder.decode(chunk, { __proto__: null, stream: true });
                    if (text !== '') controller.enqueue(text);
                },
                flush(controller) {
                    const text = decoder.decode();
                    if (text !== '') controller.enqueue(text);
                },
            });
        }
        get encoding() {
            return this.#decoder.encoding;
        }
        get fatal() {
            return this.#decoder.fatal;
        }
        get ignoreBOM() {
            return this.#decoder.ignoreBOM;
        }
        get readable() {
            return this.#pair.readable;
        }
        get writable() {
            return this.#pair.writable;
        }
    }
    asInterface(TextDecoderStream, 'TextDecoderStream', shownPair);
    return TextDecoderStream;
}
