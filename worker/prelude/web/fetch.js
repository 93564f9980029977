// SPDX-License-Identifier: MIT
// fetch.js - Request and Response, without fetch(). A fetch function
// (../fetch.js) reads requests with requestParts() and answers with
// makeResponse().

import {
    ArrayPrototypeIncludes,
    JSONStringify,
    NumberIsNaN,
    Number,
    RangeError,
    RegExpPrototypeExec,
    StringPrototypeToUpperCase,
    TypeError,
} from '../primordials.js';
import { following, isSignal } from './abort.js';
import {
    asBody,
    bodyOfBytes,
    bodyOfStream,
    cloneBody,
    consume,
    consumeNow,
    hasContentType,
    extractBody,
    isUnusable,
    moveBody,
} from './body.js';
import { utf8Encode } from './encoding.js';
import { copyHeaders, guard, headerList, Headers, headersFrom } from './headers.js';
import { URL } from './url.js';
import { asInterface, dictionary, isObject, need } from './webidl.js';

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const upperCased = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT'];

const safelisted = ['GET', 'HEAD', 'POST'];

function methodFrom(value) {
    const method = `${value}`;
    if (RegExpPrototypeExec(token, method) === null) throw new TypeError(`Request: '${method}' is not a method`);
    const upper = StringPrototypeToUpperCase(method);
    if (upper === 'CONNECT' || upper === 'TRACE' || upper === 'TRACK') {
        throw new TypeError(`Request: the method ${method} is not allowed`);
    }
    return ArrayPrototypeIncludes(upperCased, upper) ? upper : method;
}

// Members of RequestInit with a fixed set of values: [name, first is the default, ...].
const enums = [
    ['mode', 'cors', 'navigate', 'same-origin', 'no-cors'],
    ['credentials', 'same-origin', 'omit', 'include'],
    ['cache', 'default', 'no-store', 'reload', 'no-cache', 'force-cache', 'only-if-cached'],
    ['redirect', 'follow', 'error', 'manual'],
    ['priority', 'auto', 'high', 'low'],
    ['duplex', 'half'],
    [
        'referrerPolicy',
        '',
        'no-referrer',
        'no-referrer-when-downgrade',
        'same-origin',
        'origin',
        'strict-origin',
        'origin-when-cross-origin',
        'strict-origin-when-cross-origin',
        'unsafe-url',
    ],
];

function choose(row, init, settings) {
    const value = init[row[0]];
    if (value === undefined) return;
    const text = `${value}`;
    if (ArrayPrototypeIncludes(row, text, 1)) settings[row[0]] = text;
    else throw new TypeError(`Request: '${text}' is no value of ${row[0]}`);
}

function parseUrl(input) {
    let url;
    try {
        url = new URL(input);
    } catch {
        throw new TypeError(`Failed to parse URL from ${input}`);
    }
    if (url.username !== '' || url.password !== '') {
        throw new TypeError(`Request cannot be constructed from a URL that includes credentials: ${input}`);
    }
    return url.href;
}

let partsOfRequest;
let settingsOf;

export class Request {
    #url;
    #method = 'GET';
    #headers;
    #body = null;
    #signal;
    #settings = {
        __proto__: null,
        mode: 'cors',
        credentials: 'same-origin',
        cache: 'default',
        redirect: 'follow',
        referrerPolicy: '',
        referrer: 'about:client',
        integrity: '',
        keepalive: false,
    };

    constructor(input, options = undefined) {
        need(arguments, 1, 'Request');
        const from = isObject(input) && #url in input ? input : null;
        const init = dictionary(options, 'the second argument of Request');
        this.#url = from === null ? parseUrl(`${input}`) : from.#url;
        if (from !== null) {
            this.#method = from.#method;
            this.#settings = { __proto__: null, ...from.#settings };
        }
        if (init.window !== undefined && init.window !== null) throw new TypeError('Request: window is not null');
        for (let i = 0; i < enums.length; i++) choose(enums[i], init, this.#settings);
        if (init.mode === 'navigate') throw new TypeError("Request: the mode 'navigate' is not allowed");
        if (this.#settings.cache === 'only-if-cached' && this.#settings.mode !== 'same-origin') {
            throw new TypeError("Request: 'only-if-cached' needs the mode 'same-origin'");
        }
        if (init.referrer !== undefined) this.#settings.referrer = referrerFrom(`${init.referrer}`);
        if (init.integrity !== undefined) this.#settings.integrity = `${init.integrity}`;
        if (init.keepalive !== undefined) this.#settings.keepalive = !!init.keepalive;
        if (init.method !== undefined) this.#method = methodFrom(init.method);
        if (this.#settings.mode === 'no-cors' && !ArrayPrototypeIncludes(safelisted, this.#method)) {
            throw new TypeError(`Request: the mode 'no-cors' does not allow the method ${this.#method}`);
        }
        this.#follow(from, init.signal);
        if (init.headers !== undefined) this.#headers = new Headers(init.headers);
        else this.#headers = from === null ? new Headers() : copyHeaders(from.#headers);
        this.#takeBody(from, init);
    }

    #follow(from, signal) {
        if (signal !== undefined && signal !== null && !isSignal(signal)) {
            throw new TypeError('Request: the signal is not an AbortSignal');
        }
        if (signal === undefined && from !== null) signal = from.#signal;
        this.#signal = following(signal === undefined || signal === null ? [] : [signal]);
    }

    #takeBody(from, init) {
        const given = init.body !== undefined && init.body !== null;
        const inherited = from !== null && from.#body !== null;
        if ((given || (inherited && init.body === undefined)) && (this.#method === 'GET' || this.#method === 'HEAD')) {
            throw new TypeError('Request with GET/HEAD method cannot have body.');
        }
        if (given) {
            this.#body = extractBody(init.body);
            if (this.#body.stream !== null && init.duplex !== 'half') {
                throw new TypeError("Request: a body that is a stream needs duplex: 'half'");
            }
            if (this.#body.type !== null && !hasContentType(this.#headers)) {
                this.#headers.append('content-type', this.#body.type);
            }
        } else if (inherited) {
            if (isUnusable(from.#body)) throw new TypeError('Request: the body of that request has been used');
            this.#body = moveBody(from.#body);
        }
    }

    get method() {
        return this.#method;
    }
    get url() {
        return this.#url;
    }
    get headers() {
        return this.#headers;
    }
    get destination() {
        return '';
    }
    get referrer() {
        return this.#settings.referrer;
    }
    get referrerPolicy() {
        return this.#settings.referrerPolicy;
    }
    get mode() {
        return this.#settings.mode;
    }
    get credentials() {
        return this.#settings.credentials;
    }
    get cache() {
        return this.#settings.cache;
    }
    get redirect() {
        return this.#settings.redirect;
    }
    get integrity() {
        return this.#settings.integrity;
    }
    get keepalive() {
        return this.#settings.keepalive;
    }
    get isReloadNavigation() {
        return false;
    }
    get isHistoryNavigation() {
        return false;
    }
    get signal() {
        return this.#signal;
    }
    get duplex() {
        return 'half';
    }
    clone() {
        if (isUnusable(this.#body)) throw new TypeError('clone: the body has been used');
        const copy = new Request(this.#url);
        copy.#method = this.#method;
        copy.#settings = { __proto__: null, ...this.#settings };
        copy.#headers = copyHeaders(this.#headers);
        copy.#body = cloneBody(this.#body);
        copy.#signal = following([this.#signal]);
        return copy;
    }

    static {
        partsOfRequest = (request) => [request.#body, request.#headers];
        settingsOf = (request) => request.#settings;
    }
}

function referrerFrom(value) {
    if (value === '') return 'no-referrer';
    if (value === 'about:client') return value;
    try {
        return new URL(value).href;
    } catch {
        throw new TypeError(`Request: the referrer '${value}' is not a URL`);
    }
}

asBody(Request, (request) => partsOfRequest(request));
asInterface(Request, 'Request', (request) => ({
    method: request.method,
    url: request.url,
    headers: request.headers,
    destination: request.destination,
    referrer: request.referrer,
    referrerPolicy: request.referrerPolicy,
    mode: request.mode,
    credentials: request.credentials,
    cache: request.cache,
    redirect: request.redirect,
    integrity: request.integrity,
    keepalive: request.keepalive,
    isReloadNavigation: request.isReloadNavigation,
    isHistoryNavigation: request.isHistoryNavigation,
    signal: request.signal,
}));

// The parts of a Request that a fetch() needs. `body` is null, all bytes or, when
// they have to be read from a stream, a promise for them.
export function requestParts(request) {
    const body = partsOfRequest(request)[0];
    return {
        __proto__: null,
        method: request.method,
        url: request.url,
        headers: headerList(request.headers),
        redirect: settingsOf(request).redirect,
        signal: request.signal,
        body: body === null ? null : (consumeNow(body) ?? consume(body)),
    };
}

// ---- Response

const reasonPhrase = /^[\t\x20-\x7e\x80-\xff]*$/;
const redirects = [301, 302, 303, 307, 308];
const withoutBody = [101, 103, 204, 205, 304];

let fillResponse;
let partsOfResponse;

export class Response {
    #type = 'default';
    #url = '';
    #redirected = false;
    #status = 200;
    #statusText = '';
    #headers;
    #body = null;

    constructor(body = null, options = undefined) {
        const init = dictionary(options, 'the second argument of Response');
        const extracted = body === null || body === undefined ? null : extractBody(body);
        this.#start(init, extracted);
    }

    #start(init, body) {
        if (init.status !== undefined) {
            const status = Number(init.status);
            if (NumberIsNaN(status) || (status & 0xffff) < 200 || (status & 0xffff) > 599) {
                throw new RangeError(`Response: the status must be from 200 to 599, not ${init.status}`);
            }
            this.#status = status & 0xffff;
        }
        if (init.statusText !== undefined) {
            this.#statusText = `${init.statusText}`;
            if (RegExpPrototypeExec(reasonPhrase, this.#statusText) === null) {
                throw new TypeError('Response: statusText holds a character that is not allowed');
            }
        }
        this.#headers = new Headers(init.headers === undefined ? undefined : init.headers);
        if (body === null) return;
        if (ArrayPrototypeIncludes(withoutBody, this.#status)) {
            throw new TypeError(`Response with status ${this.#status} cannot have a body`);
        }
        this.#body = body;
        if (body.type !== null && !hasContentType(this.#headers)) this.#headers.append('content-type', body.type);
    }

    static error() {
        const response = new Response();
        response.#type = 'error';
        response.#status = 0;
        guard(response.#headers);
        return response;
    }
    static redirect(url, status = 302) {
        need(arguments, 1, 'Response.redirect');
        let href;
        try {
            href = new URL(`${url}`).href;
        } catch {
            throw new TypeError(`Failed to parse URL from ${url}`);
        }
        status = Number(status) & 0xffff;
        if (!ArrayPrototypeIncludes(redirects, status)) {
            throw new RangeError(`Response.redirect: ${status} is not a status of a redirection`);
        }
        const response = new Response();
        response.#status = status;
        response.#headers.append('location', href);
        guard(response.#headers);
        return response;
    }
    static json(data, options = undefined) {
        need(arguments, 1, 'Response.json');
        const text = JSONStringify(data);
        if (text === undefined) throw new TypeError('Response.json: the value has no JSON');
        const response = new Response();
        response.#start(
            dictionary(options, 'the second argument of Response.json'),
            bodyOfBytes(utf8Encode(text), 'application/json'),
        );
        return response;
    }

    get type() {
        return this.#type;
    }
    get url() {
        return this.#url;
    }
    get redirected() {
        return this.#redirected;
    }
    get status() {
        return this.#status;
    }
    get ok() {
        return this.#status >= 200 && this.#status <= 299;
    }
    get statusText() {
        return this.#statusText;
    }
    get headers() {
        return this.#headers;
    }
    clone() {
        if (isUnusable(this.#body)) throw new TypeError('clone: the body has been used');
        const copy = new Response();
        copy.#type = this.#type;
        copy.#url = this.#url;
        copy.#redirected = this.#redirected;
        copy.#status = this.#status;
        copy.#statusText = this.#statusText;
        copy.#headers = copyHeaders(this.#headers);
        if (this.#type !== 'default') guard(copy.#headers);
        copy.#body = cloneBody(this.#body);
        return copy;
    }

    static {
        partsOfResponse = (response) => [response.#body, response.#headers];
        fillResponse = (response, given) => {
            response.#type = 'basic';
            response.#url = given.url;
            response.#redirected = given.redirected;
            response.#status = given.status;
            response.#statusText = given.statusText ?? '';
            response.#headers = guard(headersFrom(given.headers));
            response.#body = given.body;
            return response;
        };
    }
}

asBody(Response, (response) => partsOfResponse(response));
asInterface(Response, 'Response', (response) => ({
    status: response.status,
    statusText: response.statusText,
    headers: response.headers,
    body: response.body,
    bodyUsed: response.bodyUsed,
    ok: response.ok,
    redirected: response.redirected,
    type: response.type,
    url: response.url,
}));

// The answer to a fetch. `headers` is a list of [name, value]; `body` is a
// Uint8Array, a ReadableStream or null. Its headers cannot be changed.
export function makeResponse({ status, statusText, url, redirected = false, headers, body = null }) {
    return fillResponse(new Response(), {
        __proto__: null,
        status,
        statusText,
        url,
        redirected,
        headers,
        body: body === null ? null : body.length === undefined ? bodyOfStream(body) : bodyOfBytes(body),
    });
}
