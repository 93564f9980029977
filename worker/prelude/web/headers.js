// SPDX-License-Identifier: MIT
// headers.js - Headers of https://fetch.spec.whatwg.org/. It allows names that a
// browser forbids in requests: the host that answers a fetch decides about them.

import {
    ArrayPrototypeSort,
    RegExpPrototypeExec,
    StringPrototypeCharCodeAt,
    StringPrototypeSlice,
    StringPrototypeToLowerCase,
    TypeError,
} from '../primordials.js';
import { append, copyList } from '../list.js';
import { asInterface, asPairs, grouped, isObject, need, pairsOf } from './webidl.js';

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const notInValues = /[\0\r\n]/;

function toByteString(value, what) {
    const text = `${value}`;
    for (let i = 0; i < text.length; i++) {
        if (StringPrototypeCharCodeAt(text, i) > 255) {
            throw new TypeError(`${what}: a character that is no byte, at index ${i}`);
        }
    }
    return text;
}

const isBlank = (code) => code === 32 || code === 9 || code === 10 || code === 13;

// Without blanks around it.
export function normalize(text) {
    let from = 0;
    let to = text.length;
    while (from < to && isBlank(StringPrototypeCharCodeAt(text, from))) from++;
    while (to > from && isBlank(StringPrototypeCharCodeAt(text, to - 1))) to--;
    return StringPrototypeSlice(text, from, to);
}

function validName(value, what) {
    const name = toByteString(value, what);
    if (RegExpPrototypeExec(token, name) === null) throw new TypeError(`${what}: "${name}" is not a header name`);
    return StringPrototypeToLowerCase(name);
}

function validValue(value, what) {
    const text = normalize(toByteString(value, what));
    if (RegExpPrototypeExec(notInValues, text) !== null) {
        throw new TypeError(`${what}: a header value holds a line break or NUL`);
    }
    return text;
}

export let headerList; // (headers): its list of [name in lower case, value]
export let guard; // (headers): makes it immutable
let sortedPairs;

export class Headers {
    #list = [];
    #immutable = false;

    constructor(init = undefined) {
        if (init === undefined) return;
        if (!isObject(init)) throw new TypeError('Headers: the argument is neither a record nor a list of pairs');
        const pairs = pairsOf(init, 'Headers', (value) => toByteString(value, 'Headers'));
        for (let i = 0; i < pairs.length; i++) {
            const name = validName(pairs[i][0], 'Headers');
            append(this.#list, [name, validValue(pairs[i][1], 'Headers')]);
        }
    }

    append(name, value) {
        need(arguments, 2, 'append');
        name = validName(name, 'append');
        value = validValue(value, 'append');
        this.#change();
        append(this.#list, [name, value]);
    }
    delete(name) {
        need(arguments, 1, 'delete');
        name = validName(name, 'delete');
        this.#change();
        this.#remove(name, 0);
    }
    get(name) {
        need(arguments, 1, 'get');
        name = validName(name, 'get');
        let out = null;
        for (let i = 0; i < this.#list.length; i++) {
            if (this.#list[i][0] === name) out = out === null ? this.#list[i][1] : `${out}, ${this.#list[i][1]}`;
        }
        return out;
    }
    getSetCookie() {
        const out = [];
        for (let i = 0; i < this.#list.length; i++) {
            if (this.#list[i][0] === 'set-cookie') append(out, this.#list[i][1]);
        }
        return out;
    }
    has(name) {
        need(arguments, 1, 'has');
        name = validName(name, 'has');
        for (let i = 0; i < this.#list.length; i++) if (this.#list[i][0] === name) return true;
        return false;
    }
    set(name, value) {
        need(arguments, 2, 'set');
        name = validName(name, 'set');
        value = validValue(value, 'set');
        this.#change();
        for (let i = 0; i < this.#list.length; i++) {
            if (this.#list[i][0] !== name) continue;
            this.#list[i] = [name, value];
            this.#remove(name, i + 1);
            return;
        }
        append(this.#list, [name, value]);
    }

    #change() {
        if (this.#immutable) throw new TypeError('these headers cannot be changed');
    }
    #remove(name, start) {
        const kept = [];
        for (let i = 0; i < this.#list.length; i++) {
            if (i < start || this.#list[i][0] !== name) append(kept, this.#list[i]);
        }
        this.#list = kept;
    }
    static {
        headerList = (headers) => headers.#list;
        guard = (headers) => {
            headers.#immutable = true;
            return headers;
        };
        // Sorted by name, values of one name joined, but for Set-Cookie.
        sortedPairs = (headers) => {
            const list = copyList(headers.#list);
            ArrayPrototypeSort(list, (a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0)); // keeps equals in order
            const out = [];
            for (let i = 0; i < list.length; i++) {
                const name = list[i][0];
                const last = out.length === 0 ? undefined : out[out.length - 1];
                if (name !== 'set-cookie' && last !== undefined && last[0] === name) last[1] += `, ${list[i][1]}`;
                else append(out, [name, list[i][1]]);
            }
            return out;
        };
    }
}
asPairs(Headers, 'Headers', (headers) => sortedPairs(headers));
asInterface(Headers, 'Headers', (headers) => grouped(sortedPairs(headers)));

export function headersFrom(list) {
    const headers = new Headers();
    for (let i = 0; i < list.length; i++) {
        append(headerList(headers), [validName(list[i][0], 'Headers'), validValue(list[i][1], 'Headers')]);
    }
    return headers;
}

export const copyHeaders = (headers) => headersFrom(headerList(headers));
