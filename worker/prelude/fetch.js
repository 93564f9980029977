// SPDX-License-Identifier: MIT
// fetch.js - the function that agents get for a `fetch` definition, with the
// interface of the web's fetch(). Request and answer are plain data between
// worker and host; all checks that protect the host are made there.
//
// A run may rebind a fetch, so that another function of the host answers:
// any object with a status is a response.

import {
    ArrayIsArray,
    ObjectKeys,
    ObjectSetPrototypeOf,
    Promise,
    PromisePrototypeThen,
    TypeError,
} from './primordials.js';
import { append } from './list.js';
import { native } from './natives.js';
import { whenAborted } from './web/abort.js';
import { copyOf } from './web/blob.js';
import { utf8Encode } from './web/encoding.js';
import { makeResponse, Request, requestParts } from './web/fetch.js';
import { bytesOf, isBufferSource, isObject, need } from './web/webidl.js';

// Without a prototype, so that no toJSON of the agent is called.
const bare = (value) => ObjectSetPrototypeOf(value, null);

function asPlain(parts, bytes) {
    const headers = bare([]);
    for (let i = 0; i < parts.headers.length; i++) {
        append(headers, bare([parts.headers[i][0], parts.headers[i][1]]));
    }
    const body = bytes === null ? null : bare(copyOf(bytes));
    const { method, url, redirect } = parts;
    return body === null
        ? { __proto__: null, url, method, headers, redirect }
        : { __proto__: null, url, method, headers, redirect, body };
}

function bodyOf(answer) {
    const { text, body } = answer;
    if (typeof text === 'string') return utf8Encode(text);
    if (typeof body === 'string') return utf8Encode(body);
    return isBufferSource(body) ? bytesOf(body) : null;
}

// Canned answers may have an object of headers.
function pairsOf(headers) {
    if (!isObject(headers) || ArrayIsArray(headers)) return headers === undefined ? [] : headers;
    const names = ObjectKeys(headers);
    const pairs = bare([]);
    for (let i = 0; i < names.length; i++) append(pairs, bare([names[i], `${headers[names[i]]}`]));
    return pairs;
}

function responseFrom(answer, url) {
    const { status, headers: given } = isObject(answer) ? answer : {};
    const headers = pairsOf(given);
    if ((status | 0) !== status || status < 0 || status > 999 || !ArrayIsArray(headers)) {
        throw new TypeError('fetch: what the host answered is no response: it needs a status, and headers as pairs');
    }
    return makeResponse({
        status,
        statusText: typeof answer.statusText === 'string' ? answer.statusText : '',
        url: typeof answer.url === 'string' ? answer.url : url,
        redirected: answer.redirected === true,
        headers,
        body: bodyOf(answer),
    });
}

// The call's promise, or a rejection when the signal aborts first.
function orAborted(call, signal) {
    return new Promise((resolve, reject) => {
        let over = false;
        const end = (how) => (value) => {
            over = true;
            how(value);
        };
        whenAborted(signal, () => {
            if (over) return;
            native.cancelCall(call);
            reject(signal.reason);
        });
        PromisePrototypeThen(call, end(resolve), end(reject));
    });
}

export function makeFetch(stub) {
    return async function fetch(input, init = undefined) {
        need(arguments, 1, 'fetch');
        const parts = requestParts(new Request(input, init));
        const { signal, url } = parts;
        if (!whenAborted(signal)) throw signal.reason;
        let { body } = parts;
        // Only a stream is awaited, so that errors of the host have the place of the agent's call.
        if (body !== null && !isBufferSource(body)) {
            body = await body;
            if (!whenAborted(signal)) throw signal.reason;
        }
        return responseFrom(await orAborted(stub(asPlain(parts, body)), signal), url);
    };
}
