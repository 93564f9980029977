// SPDX-License-Identifier: MIT
// body.js - the bodies of requests and responses. A body that was given as
// bytes or text becomes a stream only when the stream is used.

import {
    JSONParse,
    MathFloor,
    NumberPrototypeToString,
    ObjectDefineProperty,
    ObjectGetOwnPropertyDescriptor,
    ReflectOwnKeys,
    TypeError,
    Uint8Array,
} from '../primordials.js';
import { random } from './random.js';
import { needs } from './brand.js';
import { blobBytes, blobFrom, concat, copyOf, isBlob, typeFrom } from './blob.js';
import { utf8Decode, utf8Encode } from './encoding.js';
import { isFormData, readMultipart, readUrlencoded, writeMultipart } from './form-data.js';
import { headerList } from './headers.js';
import { mimeOf, mimeToString, parameter } from './mime.js';
import { isDisturbed, isLocked, isReadableStream, readAll, streamOfBytes, tee, teeForClone } from './streams.js';
import { URLSearchParams } from './url.js';
import { bufferOf, bytesOf, isBufferSource, isObject } from './webidl.js';

function newBoundary() {
    let digits = '';
    while (digits.length < 24) digits += NumberPrototypeToString(MathFloor(random() * 36), 36);
    return `----formdata-iso4-${digits}`;
}

// { bytes, stream, used, type }: bytes or stream; type is the value for Content-Type, or null.
export const bodyOfBytes = (bytes, type = null) => ({ __proto__: null, bytes, stream: null, used: false, type });
export const bodyOfStream = (stream) => ({ __proto__: null, bytes: null, stream, used: false, type: null });

const paramsToString = URLSearchParams.prototype.toString;
const isParams = (value) => {
    try {
        return paramsToString.call(value);
    } catch {
        return undefined;
    }
};

export function extractBody(init) {
    if (isObject(init)) {
        if (isReadableStream(init)) {
            if (isLocked(init) || isDisturbed(init)) throw new TypeError('the stream is locked or has been read from');
            return bodyOfStream(init);
        }
        if (isBlob(init)) return bodyOfBytes(blobBytes(init), init.type || null);
        if (isBufferSource(init)) return bodyOfBytes(copyOf(bytesOf(init)));
        if (isFormData(init)) {
            const boundary = newBoundary();
            return bodyOfBytes(writeMultipart(init, boundary), `multipart/form-data; boundary=${boundary}`);
        }
        const params = init instanceof URLSearchParams ? isParams(init) : undefined;
        if (params !== undefined) {
            return bodyOfBytes(utf8Encode(params), 'application/x-www-form-urlencoded;charset=UTF-8');
        }
    }
    return bodyOfBytes(utf8Encode(`${init}`), 'text/plain;charset=UTF-8');
}

export const isUsed = (body) => body !== null && (body.used || (body.stream !== null && isDisturbed(body.stream)));
export const isUnusable = (body) => isUsed(body) || (body !== null && body.stream !== null && isLocked(body.stream));

function streamOf(body) {
    if (body === null) return null;
    if (body.stream === null) {
        body.stream = streamOfBytes(copyOf(body.bytes));
        body.bytes = null;
        if (body.used) readAll(body.stream); // text() and the like have used it: the stream is disturbed
    }
    return body.stream;
}

// Two bodies with the same content.
export function cloneBody(body) {
    if (body === null) return null;
    if (body.stream === null) return bodyOfBytes(body.bytes, body.type);
    const two = teeForClone(body.stream);
    body.stream = two[0];
    const copy = bodyOfStream(two[1]);
    copy.type = body.type;
    return copy;
}

// Takes the body away from its owner, for another one.
export function moveBody(body) {
    if (body === null) return null;
    const moved = { __proto__: null, ...body };
    if (body.stream === null) {
        body.used = true;
    } else {
        const two = tee(body.stream);
        moved.stream = two[0];
        body.used = true;
    }
    return moved;
}

// Like consume(), but synchronous; undefined for a stream.
export function consumeNow(body) {
    if (body.stream !== null) return undefined;
    if (body.used) throw new TypeError('the body has already been read');
    body.used = true;
    return body.bytes;
}

// All bytes; they may be shared with the body, which is used up.
export async function consume(body) {
    if (body === null) return new Uint8Array(0);
    if (isUnusable(body)) throw new TypeError('the body has already been read, or its stream is locked');
    body.used = true;
    return body.stream === null ? body.bytes : concat(await readAll(body.stream));
}

// true when the headers hold a Content-Type, an empty one included.
export function hasContentType(headers) {
    const list = headerList(headers);
    for (let i = 0; i < list.length; i++) if (list[i][0] === 'content-type') return true;
    return false;
}

function toFormData(bytes, mime) {
    if (mime !== null && mime.essence === 'multipart/form-data') {
        const boundary = parameter(mime, 'boundary');
        if (boundary === undefined) throw new TypeError('formData: Content-Type has no boundary');
        return readMultipart(bytes, boundary);
    }
    if (mime !== null && mime.essence === 'application/x-www-form-urlencoded') return readUrlencoded(bytes);
    throw new TypeError('formData: Content-Type is neither multipart/form-data nor application/x-www-form-urlencoded');
}

// The members that Request and Response share. `partsOf(object)` returns
// [body, headers].
export function asBody(Class, partsOf) {
    const parts = (object, member) => {
        needs(Class, object, member);
        return partsOf(object);
    };
    const members = {
        get body() {
            return streamOf(parts(this, 'body')[0]);
        },
        get bodyUsed() {
            return isUsed(parts(this, 'bodyUsed')[0]);
        },
        async arrayBuffer() {
            return bufferOf(copyOf(await consume(parts(this, 'arrayBuffer')[0])));
        },
        async blob() {
            const mime = mimeOf(parts(this, 'blob')[1]);
            return blobFrom(await consume(partsOf(this)[0]), mime === null ? '' : typeFrom(mimeToString(mime)));
        },
        async bytes() {
            return copyOf(await consume(parts(this, 'bytes')[0]));
        },
        async formData() {
            const mime = mimeOf(parts(this, 'formData')[1]);
            return toFormData(await consume(partsOf(this)[0]), mime);
        },
        async json() {
            return JSONParse(utf8Decode(await consume(parts(this, 'json')[0])));
        },
        async text() {
            return utf8Decode(await consume(parts(this, 'text')[0]));
        },
    };
    for (const key of ReflectOwnKeys(members)) {
        ObjectDefineProperty(Class.prototype, key, ObjectGetOwnPropertyDescriptor(members, key));
    }
}
