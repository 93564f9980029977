// SPDX-License-Identifier: MIT
// url.js - URL and URLSearchParams of https://url.spec.whatwg.org/. C++ parses;
// a URL keeps its text and where in it each part begins and how long it is.

import {
    ArrayPrototypeSort,
    RangeError,
    StringPrototypeSlice,
    StringPrototypeStartsWith,
    TypeError,
} from '../primordials.js';
import { append, removeAt } from '../list.js';
import { native } from '../natives.js';
import { MAX_ENTRY } from '../text.js';
import { asInterface, asPairs, isObject, need, pairsOf, toUSV } from './webidl.js';

const PROTOCOL = 0;
const USERNAME = 1;
const PASSWORD = 2;
const HOST = 3;
const HOSTNAME = 4;
const PORT = 5;
const PATHNAME = 6;
const SEARCH = 7;
const HASH = 8;
const HREF = 9;

let follow; // (params, url): the parameters of a URL's query
let refill; // (params, search)
let setSearch; // (url, text)

export class URL {
    #parts; // [href, start, length, start, ...]
    #params = null;

    constructor(url, base = undefined) {
        need(arguments, 1, 'URL');
        url = `${url}`;
        const parts = base === undefined ? native.urlParse(url) : native.urlParse(url, `${base}`);
        if (parts === undefined) throw invalid(url, base);
        this.#parts = parts;
    }

    static canParse(url, base = undefined) {
        need(arguments, 1, 'URL.canParse');
        url = `${url}`;
        return base === undefined ? native.urlCanParse(url) : native.urlCanParse(url, `${base}`);
    }
    static parse(url, base = undefined) {
        need(arguments, 1, 'URL.parse');
        url = `${url}`;
        if (base !== undefined) base = `${base}`;
        const can = base === undefined ? native.urlCanParse(url) : native.urlCanParse(url, base);
        return can ? new URL(url, base) : null;
    }

    get href() {
        return this.#parts[0];
    }
    set href(value) {
        value = `${value}`;
        const parts = native.urlSet(this.#parts[0], HREF, value);
        if (parts === undefined) throw invalid(value);
        this.#parts = parts;
        if (this.#params !== null) refill(this.#params, this.#part(SEARCH));
    }
    get origin() {
        const protocol = this.#part(PROTOCOL);
        switch (protocol) {
            case 'http:':
            case 'https:':
            case 'ws:':
            case 'wss:':
            case 'ftp:':
                return `${protocol}//${this.#part(HOST)}`;
            case 'blob:': {
                const path = this.#part(PATHNAME);
                if (!native.urlCanParse(path)) return 'null';
                const inner = new URL(path);
                const kind = inner.#part(PROTOCOL);
                return kind === 'http:' || kind === 'https:' ? `${kind}//${inner.#part(HOST)}` : 'null';
            }
            default:
                return 'null';
        }
    }
    get protocol() {
        return this.#part(PROTOCOL);
    }
    set protocol(value) {
        this.#set(PROTOCOL, value);
    }
    get username() {
        return this.#part(USERNAME);
    }
    set username(value) {
        this.#set(USERNAME, value);
    }
    get password() {
        return this.#part(PASSWORD);
    }
    set password(value) {
        this.#set(PASSWORD, value);
    }
    get host() {
        return this.#part(HOST);
    }
    set host(value) {
        this.#set(HOST, value);
    }
    get hostname() {
        return this.#part(HOSTNAME);
    }
    set hostname(value) {
        this.#set(HOSTNAME, value);
    }
    get port() {
        return this.#part(PORT);
    }
    set port(value) {
        this.#set(PORT, value);
    }
    get pathname() {
        return this.#part(PATHNAME);
    }
    set pathname(value) {
        this.#set(PATHNAME, value);
    }
    get search() {
        return this.#part(SEARCH);
    }
    set search(value) {
        this.#set(SEARCH, value);
        if (this.#params !== null) refill(this.#params, this.#part(SEARCH));
    }
    get searchParams() {
        if (this.#params === null) this.#params = follow(this, this.#part(SEARCH));
        return this.#params;
    }
    get hash() {
        return this.#part(HASH);
    }
    set hash(value) {
        this.#set(HASH, value);
    }
    toString() {
        return this.#parts[0];
    }
    toJSON() {
        return this.#parts[0];
    }

    #part(which) {
        const parts = this.#parts;
        const start = parts[1 + 2 * which];
        return StringPrototypeSlice(parts[0], start, start + parts[2 + 2 * which]);
    }
    #set(which, value) {
        const parts = native.urlSet(this.#parts[0], which, `${value}`);
        if (parts !== undefined) this.#parts = parts;
    }
    static {
        setSearch = (url, text) => url.#set(SEARCH, text);
    }
}

function invalid(url, base) {
    const error = new TypeError('Invalid URL');
    error.code = 'ERR_INVALID_URL';
    error.input = url;
    if (base !== undefined) error.base = `${base}`;
    return error;
}

asInterface(URL, 'URL', (url) => ({
    href: url.href,
    origin: url.origin,
    protocol: url.protocol,
    username: url.username,
    password: url.password,
    host: url.host,
    hostname: url.hostname,
    port: url.port,
    pathname: url.pathname,
    search: url.search,
    searchParams: url.searchParams,
    hash: url.hash,
}));

// Throws for undefined, which C++ returns for texts of 100 million characters and more.
function notTooLong(answer) {
    if (answer === undefined) throw new RangeError('the parameters are longer than can be handled');
    return answer;
}

// [name, value] of each parameter. The parser takes one "?" off.
function parseForm(text) {
    const flat = notTooLong(native.formParse(`?${text}`));
    const list = [];
    for (let i = 0; i < flat.length; i += 2) append(list, [flat[i], flat[i + 1]]);
    return list;
}

const withoutMark = (text) => (StringPrototypeStartsWith(text, '?') ? StringPrototypeSlice(text, 1) : text);

let listOfParams;

export class URLSearchParams {
    #list = [];
    #url = null;

    constructor(init = '') {
        if (isObject(init)) this.#list = pairsOf(init, 'URLSearchParams', toUSV);
        else this.#list = parseForm(withoutMark(`${init}`));
    }

    get size() {
        return this.#list.length;
    }
    append(name, value) {
        need(arguments, 2, 'append');
        append(this.#list, [toUSV(name), toUSV(value)]);
        this.#update();
    }
    delete(name, value = undefined) {
        need(arguments, 1, 'delete');
        name = toUSV(name);
        if (value !== undefined) value = toUSV(value);
        const kept = [];
        for (let i = 0; i < this.#list.length; i++) {
            const pair = this.#list[i];
            if (pair[0] !== name || (value !== undefined && pair[1] !== value)) append(kept, pair);
        }
        this.#list = kept;
        this.#update();
    }
    get(name) {
        need(arguments, 1, 'get');
        name = toUSV(name);
        for (let i = 0; i < this.#list.length; i++) if (this.#list[i][0] === name) return this.#list[i][1];
        return null;
    }
    getAll(name) {
        need(arguments, 1, 'getAll');
        name = toUSV(name);
        const out = [];
        for (let i = 0; i < this.#list.length; i++) {
            if (this.#list[i][0] === name) append(out, this.#list[i][1]);
        }
        return out;
    }
    has(name, value = undefined) {
        need(arguments, 1, 'has');
        name = toUSV(name);
        if (value !== undefined) value = toUSV(value);
        for (let i = 0; i < this.#list.length; i++) {
            const pair = this.#list[i];
            if (pair[0] === name && (value === undefined || pair[1] === value)) return true;
        }
        return false;
    }
    set(name, value) {
        need(arguments, 2, 'set');
        name = toUSV(name);
        value = toUSV(value);
        let found = false;
        for (let i = 0; i < this.#list.length; i++) {
            if (this.#list[i][0] !== name) continue;
            if (found) removeAt(this.#list, i--);
            else this.#list[i][1] = value;
            found = true;
        }
        if (!found) append(this.#list, [name, value]);
        this.#update();
    }
    // By code units, and names that are equal stay in their order.
    sort() {
        ArrayPrototypeSort(this.#list, (a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
        this.#update();
    }
    toString() {
        const flat = [];
        for (let i = 0; i < this.#list.length; i++) {
            append(flat, this.#list[i][0]);
            append(flat, this.#list[i][1]);
        }
        return notTooLong(native.formSerialize(flat));
    }

    #update() {
        if (this.#url !== null) setSearch(this.#url, this.toString());
    }
    static {
        listOfParams = (params) => params.#list;
        refill = (params, search) => {
            params.#list = parseForm(withoutMark(search));
        };
        follow = (url, search) => {
            const params = new URLSearchParams();
            refill(params, search);
            params.#url = url;
            return params;
        };
    }
}
asPairs(URLSearchParams, 'URLSearchParams', (params) => listOfParams(params));

// URLSearchParams { 'a' => '1', 'b' => '2' }, as Node prints it.
asInterface(URLSearchParams, 'URLSearchParams', (params, text) => {
    const list = listOfParams(params);
    let out = '';
    for (let i = 0; i < list.length && out.length < MAX_ENTRY; i++) {
        out += `${i === 0 ? ' ' : ', '}${text(list[i][0])} => ${text(list[i][1])}`;
    }
    return out === '' ? 'URLSearchParams {}' : `URLSearchParams {${out} }`;
});
